"""The product as it is installed: real processes, each of which can be killed and started again.

A ``conftest.py`` takes the fixture by ``from tests.running import admin_url, running`` and naming
both in ``__all__``. One :class:`Running` lives as long as a test module, and must end cleanly.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psycopg
import pytest
import requests

from backend.demo.people import CAST_FILE
from backend.demo.supervisor import PAGES_FILE, WECHAT
from backend.kernel import embedded
from backend.kernel.settings import ROOT, new_keys
from tests.callers import Caller, over

START_SECONDS = 60.0
STOP_SECONDS = 40.0
POLL_SECONDS = 0.05

Found = TypeVar("Found")

_numbers = count(1)


def eventually(look: Callable[[], Found], what: str, seconds: float = 30.0) -> Found:
    """What ``look`` finds once it finds something; fails if that takes longer than ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds:.0f} s for {what}", pytrace=False)
        time.sleep(POLL_SECONDS)


class Process:
    """One process of the product. What it writes is kept in ``log``, across restarts."""

    def __init__(
        self,
        name: str,
        arguments: list[str],
        environment: Mapping[str, str],
        folder: Path,
        is_ready: Callable[["Process"], bool],
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._command = [sys.executable, *arguments]
        self._environment = environment
        self._is_ready = is_ready
        self._process: subprocess.Popen[bytes] | None = None
        self._written_before = 0

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it; :meth:`wait_until_ready` waits."""
        assert not self.alive(), f"{self.name} runs already"
        self._written_before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=dict(self._environment),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        def ready() -> bool:
            assert self.alive(), f"{self.name} ended by itself:\n{self.written()[-3000:]}"
            return self._is_ready(self)

        eventually(ready, f"{self.name} to be ready", START_SECONDS)

    def written(self) -> str:
        """What it has written since it was started last."""
        with self.log.open("rb") as log:
            log.seek(self._written_before)
            return log.read().decode(errors="replace")

    def signal(self, number: int = signal.SIGTERM) -> None:
        """Tell it something, and do not wait."""
        os.kill(self.pid, number)

    def wait(self) -> int:
        """Its exit status, once it has ended."""
        assert self._process is not None
        return self._process.wait(STOP_SECONDS)

    def stop(self) -> int:
        """SIGTERM, and its exit status."""
        self.signal()
        return self.wait()

    def kill(self) -> None:
        """SIGKILL to it and all its children, as when the machine dies."""
        os.killpg(self.pid, signal.SIGKILL)
        self.wait()

    def restart(self) -> None:
        """Start it again after it has ended, and wait until it is ready."""
        self.start()
        self.wait_until_ready()


class Running:
    """``serve``, ``worker`` and ``sandbox`` with its demo page, on a database of their own."""

    def __init__(self, admin_url: str, folder: Path, **settings: str) -> None:
        """``admin_url`` is of a server where databases can be made; ``settings`` are environment
        variables without ``LINSHITONG_``, in small letters."""
        self.folder = folder
        self._admin_url = admin_url
        self._database = f"linshitong_run_{os.getpid()}_{next(_numbers)}"
        self.database_url = beside(admin_url, self._database)
        port, wechat_port = _free_ports(2)
        self.url = f"http://127.0.0.1:{port}"
        self.wechat_url = f"http://127.0.0.1:{wechat_port}"
        ours = {
            **new_keys(),
            **WECHAT,
            "port": str(port),
            "public_url": self.url,
            "var_dir": str(folder / "var"),
            "wechat_api_base_url": self.wechat_url,
            "demo_frame_origin": self.wechat_url,
            # Tests ask more often than people do.
            "rate_limits_enabled": "false",
            **settings,
        }
        self.environment = {
            **{name: value for name, value in os.environ.items() if "LINSHITONG" not in name},
            **{f"LINSHITONG_{name.upper()}": value for name, value in ours.items()},
            "DATABASE_URL": self.database_url,
            "PYTHONUNBUFFERED": "1",
        }
        self.sandbox = self._process(
            "sandbox",
            [
                "-m", "backend.sandbox", "--port", str(wechat_port),
                "--data", str(folder / "sandbox"), "--service-url", self.url,
                "--cast", str(CAST_FILE), "--pages", str(PAGES_FILE),
            ],
            lambda _: _answers(f"{self.wechat_url}/_sandbox/health"),
        )  # fmt: skip
        self.serve = self._process(
            "serve", ["-m", "backend", "serve"], lambda _: _answers(f"{self.url}/readyz")
        )
        self.worker = self._process(
            "worker", ["-m", "backend", "worker"], lambda it: "worker_started" in it.written()
        )

    @property
    def processes(self) -> tuple[Process, ...]:
        return self.serve, self.worker, self.sandbox

    def _process(
        self, name: str, arguments: list[str], is_ready: Callable[[Process], bool]
    ) -> Process:
        return Process(name, arguments, self.environment, self.folder, is_ready)

    def start(self) -> None:
        """Make the database and its people, then start all; returns once they are ready."""
        embedded.create_database(self._admin_url, self._database)
        self.sandbox.restart()
        self.command("-m", "tests.settle", self.wechat_url)
        self.serve.start()
        self.worker.start()
        self.serve.wait_until_ready()
        self.worker.wait_until_ready()

    def command(self, *arguments: str) -> str:
        """Run a Python command in the product's environment; what it wrote."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            timeout=START_SECONDS,
        )
        written = (done.stdout + done.stderr).decode(errors="replace")
        assert done.returncode == 0, written
        return written

    def stop(self) -> dict[str, int]:
        """End every process that runs, and drop the database; exit statuses by name."""
        asked = [process for process in self.processes if process.alive()]
        for process in asked:
            process.signal()
        statuses = {}
        for process in asked:
            try:
                statuses[process.name] = process.wait()
            except subprocess.TimeoutExpired:
                process.kill()
                statuses[process.name] = -signal.SIGKILL
        with psycopg.connect(self._admin_url, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{self._database}" WITH (FORCE)')
        return statuses

    # --- asking it ----------------------------------------------------------------------------

    def caller(self, slug: str | None = None) -> Caller:
        """One of the cast, signed in; without a name, somebody who is not."""
        nobody = Caller(over(self.url))
        return nobody.sign_in(slug) if slug else nobody

    def wechat(self, method: str, path: str, body: Any = None) -> Any:
        """Ask pretended WeChat's control addresses."""
        answer = requests.request(
            method, f"{self.wechat_url}/_sandbox/{path}", json=body, timeout=30
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What its database holds."""
        with psycopg.connect(self.database_url, autocommit=True) as database:
            return database.execute(sql, parameters or None).fetchall()

    def work_done(self) -> bool:
        """Whether the worker has nothing left to do."""
        return self.rows(
            "SELECT count(*) FROM outbox WHERE done_at IS NULL AND dead_at IS NULL"
        ) == [(0,)]


@contextmanager
def run(admin_url: str, folder: Path, **settings: str) -> Iterator[Running]:
    """The product from start to end; every process still running at the end must end cleanly."""
    product = Running(admin_url, folder, **settings)
    try:
        product.start()
        yield product
    finally:
        statuses = product.stop()
    assert set(statuses.values()) <= {0}, statuses


@pytest.fixture(scope="module")
def running(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The product, running for the tests of one module."""
    with run(admin_url, tmp_path_factory.mktemp("running")) as product:
        yield product


@pytest.fixture(scope="session")
def admin_url(database_url: str) -> str:
    """Where databases can be made: the server of this test run."""
    return beside(database_url, "postgres")


def beside(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def _free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False
