"""gunicorn processes under measurement: started, watched through /proc, stopped."""

import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE_SECONDS = 60


@dataclass(slots=True)
class Server:
    """One gunicorn with one worker."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    ready_after: float
    """Seconds from the start of the process to its first answer."""

    def pids(self) -> list[int]:
        """The master and its worker."""
        return [self.process.pid, *_children(self.process.pid)]

    def cpu_seconds(self) -> float:
        """User and system time of the whole process tree since it started."""
        return sum(_cpu_seconds(pid) for pid in self.pids())

    def worker_memory(self) -> tuple[int, int]:
        """Resident and proportional set size of the worker, in bytes."""
        [worker] = _children(self.process.pid)
        rss = _kilobytes(Path(f"/proc/{worker}/status"), "VmRSS")
        return rss, _kilobytes(Path(f"/proc/{worker}/smaps_rollup"), "Pss")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def start(
    name: str, application: str, environment: dict[str, str], log: Path, *options: str
) -> Server:
    """Start and wait for the first answer. Worker class and limits are the product's own.

    What it writes on stderr, the product's line for each request above all, goes to ``log``.
    """
    port = _free_port()
    command = [
        sys.executable, "-m", "gunicorn", "-c", "python:backend.gunicorn_conf",
        "--workers", "1", "--bind", f"127.0.0.1:{port}", *options, application,
    ]  # fmt: skip
    began = time.monotonic()
    with log.open("ab") as errors:
        process = subprocess.Popen(command, env=environment, stderr=errors)
    while not _answers(port):
        if process.poll() is not None or time.monotonic() - began > _PATIENCE_SECONDS:
            process.kill()
            raise RuntimeError(f"{name} did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.02)
    return Server(name, port, process, time.monotonic() - began)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Authorization": "Bearer nobody-at-all"})
        return connection.getresponse().status in (200, 401)
    except OSError:
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _kilobytes(path: Path, name: str) -> int:
    for line in path.read_text().splitlines():
        label, _, value = line.partition(":")
        if label == name:
            return int(value.split()[0]) * 1024
    raise KeyError(name)
