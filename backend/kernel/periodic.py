"""Work by the clock. Several workers may run: each due run is taken by exactly one of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import peewee

from backend.kernel.db import Model, execute, fetch_one
from backend.kernel.fields import UtcDateTimeField


class PeriodicRun(Model):
    name = peewee.TextField(primary_key=True)
    next_run_at = UtcDateTimeField()

    class Meta:
        table_name = "periodic_runs"


@dataclass(frozen=True, slots=True)
class Periodic:
    """``run(now)`` is called every so often, and must do all that is due, however late it comes."""

    every: timedelta
    run: Callable[[datetime], None]


def register(names: Iterable[str], now: datetime) -> None:
    """Make new work due at once; what is known keeps its time."""
    for name in names:
        execute(
            "INSERT INTO periodic_runs (name, next_run_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (name, now),
        )


def take_due(work: dict[str, Periodic], now: datetime) -> str | None:
    """The name of one piece of work that is due, its next run already set; None if none is.

    A worker that dies in the middle leaves the rest to the next run, which does all that is due.
    """
    row = fetch_one(
        "SELECT name FROM periodic_runs WHERE next_run_at <= %s AND name = ANY(%s)"
        " ORDER BY next_run_at LIMIT 1",
        (now, list(work)),
    )
    if row is None:
        return None
    name: str = row[0]
    taken = execute(
        "UPDATE periodic_runs SET next_run_at = %s WHERE name = %s AND next_run_at <= %s",
        (now + work[name].every, name, now),
    )
    return name if taken else None
