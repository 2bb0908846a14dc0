"""The load generator, a process of its own: ``python -m bench.load`` with its orders on stdin.

A few keep-alive connections to 127.0.0.1, each sending the next request when the last is answered,
for a bounded time. It prints how many were answered, the bytes of a body and the latencies.
"""

import itertools
import json
import socket
import sys
import threading
import time
from dataclasses import asdict, dataclass
from uuid import uuid4

MOST_CONNECTIONS = 64
MOST_SECONDS = 60.0
_TIMEOUT_SECONDS = 30
KEY = b"{key}"


@dataclass(frozen=True, slots=True)
class Answered:
    requests: int
    seconds: float
    body_bytes: int
    median_ms: float
    p95_ms: float


class _Client:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), _TIMEOUT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.unread = b""

    def ask(self, request: bytes) -> bytes:
        """The body of the answer. Raises RuntimeError unless it is a 200 or 201."""
        self.socket.sendall(request.replace(KEY, uuid4().hex.encode()))
        head = self._until(b"\r\n\r\n")
        status = head.split(b" ", 2)[1]
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        while len(self.unread) < length:
            self._receive()
        body, self.unread = self.unread[:length], self.unread[length:]
        if status not in (b"200", b"201"):
            raise RuntimeError(f"{status.decode()} {body[:300].decode()}")
        return body

    def _until(self, mark: bytes) -> bytes:
        while mark not in self.unread:
            self._receive()
        head, _, self.unread = self.unread.partition(mark)
        return head

    def _receive(self) -> None:
        received = self.socket.recv(65536)
        if not received:
            raise RuntimeError("the server closed the connection")
        self.unread += received


def ask_once(port: int, request: str) -> bytes:
    """One request on a connection of its own; the body."""
    client = _Client(port)
    with client.socket:
        return client.ask(request.encode())


def run(port: int, requests: list[str], connections: int, seconds: float) -> Answered:
    """Send the requests in turn over several connections until the time is over."""
    raw = [request.encode() for request in requests]
    following = itertools.count()
    ends_at = time.monotonic() + min(seconds, MOST_SECONDS)
    latencies: list[float] = []
    sizes: list[int] = []
    failures: list[Exception] = []

    def loop() -> None:
        try:
            client = _Client(port)
            with client.socket:
                while (began := time.monotonic()) < ends_at and not failures:
                    sizes.append(len(client.ask(raw[next(following) % len(raw)])))
                    latencies.append(time.monotonic() - began)
        except (OSError, RuntimeError) as failure:
            failures.append(failure)

    threads = [threading.Thread(target=loop) for _ in range(min(connections, MOST_CONNECTIONS))]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    latencies.sort()
    return Answered(
        requests=len(latencies),
        seconds=time.monotonic() - began,
        body_bytes=round(sum(sizes) / len(sizes)),
        median_ms=latencies[len(latencies) // 2] * 1000,
        p95_ms=latencies[int(len(latencies) * 0.95)] * 1000,
    )


if __name__ == "__main__":
    json.dump(asdict(run(**json.load(sys.stdin))), sys.stdout)
