"""The figures as tables, for a terminal and for the documentation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

from bench.measure import Comparison, Spread
from bench.servers import Server


@dataclass(frozen=True, slots=True)
class Rows:
    head: tuple[str, ...]
    body: list[tuple[str, ...]]


def costs(comparisons: Sequence[Comparison], statements: Mapping[str, Mapping[str, int]]) -> Rows:
    """One row per route and server; the ratio is of CPU, to the second server."""
    head = (
        "route", "server", "CPU ratio", "CPU ms/request", "requests/s", "statements", "bytes",
    )  # fmt: skip
    body = []
    for comparison in comparisons:
        names = list(comparison.windows)
        for name in names:
            body.append(
                (
                    comparison.route,
                    name,
                    _spread(comparison.ratio(name, names[1])),
                    _spread(comparison.cpu_ms(name), 3),
                    f"{comparison.rate(name).middle:.0f}",
                    str(statements.get(comparison.route, {}).get(name, "–")),
                    str(comparison.body_bytes(name)),
                )
            )
    return Rows(head, body)


def processes(running: Sequence[Server]) -> Rows:
    """Of each server: memory of its worker after the load, and seconds to the first answer."""
    body = []
    for server in running:
        rss, pss = server.worker_memory()
        body.append(
            (server.name, f"{rss / 2**20:.0f}", f"{pss / 2**20:.0f}", f"{server.ready_after:.1f}")
        )
    return Rows(("server", "worker RSS MiB", "worker PSS MiB", "ready after s"), body)


def _spread(spread: Spread, digits: int = 2) -> str:
    """Median, and the quartiles in brackets."""
    return f"{spread.middle:.{digits}f} ({spread.low:.{digits}f}–{spread.high:.{digits}f})"


def for_terminal(rows: Rows) -> Table:
    table = Table(*rows.head)
    for row in rows.body:
        table.add_row(*row)
    return table


def as_markdown(rows: Rows) -> str:
    lines = [rows.head, tuple("---" for _ in rows.head), *rows.body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
