"""Windows of load on servers in turn, and what each cost."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from bench.load import Answered
from bench.servers import Server

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch of load on one server."""

    cpu_ms: float
    """Of the server's process tree, per request."""
    answered: Answered

    @property
    def rate(self) -> float:
        return self.answered.requests / self.answered.seconds


@dataclass(frozen=True, slots=True)
class Spread:
    """A median with the quartiles around it."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        if len(values) < 2:
            return cls(values[0], values[0], values[0])
        low, _, high = quantiles(values, n=4, method="inclusive")
        return cls(low, median(values), high)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The windows of several servers on the same requests, one of each server per round."""

    route: str
    windows: dict[str, list[Window]]

    def cpu_ms(self, name: str) -> Spread:
        return Spread.of([window.cpu_ms for window in self.windows[name]])

    def rate(self, name: str) -> Spread:
        return Spread.of([window.rate for window in self.windows[name]])

    def body_bytes(self, name: str) -> int:
        return self.windows[name][-1].answered.body_bytes

    def ratio(self, name: str, baseline: str) -> Spread:
        """CPU per request against the window right before or after: what the machine does to one
        it does to both."""
        pairs = zip(self.windows[name], self.windows[baseline], strict=True)
        return Spread.of([a.cpu_ms / b.cpu_ms for a, b in pairs])


def compare(
    route: str, servers: Sequence[Server], requests: list[str], rounds: int, seconds: float
) -> Comparison:
    """Load each server in turn, ``rounds`` times; a first short round warms up and is dropped."""
    windows: dict[str, list[Window]] = {server.name: [] for server in servers}
    for server in servers:
        _window(server, requests, min(seconds, 1.0))
    for turn in range(rounds):
        # Who goes first alternates, so that a slow drift of the machine favours nobody.
        for server in servers if turn % 2 == 0 else reversed(servers):
            windows[server.name].append(_window(server, requests, seconds))
    return Comparison(route, windows)


def _window(server: Server, requests: list[str], seconds: float) -> Window:
    orders = {
        "port": server.port,
        "requests": requests,
        "connections": CONNECTIONS,
        "seconds": seconds,
    }
    before = server.cpu_seconds()
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(orders).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    spent = server.cpu_seconds() - before
    answered = Answered(**json.loads(done.stdout))
    return Window(spent / answered.requests * 1000, answered)
