"""Work by the clock: once per due time, whoever is there to do it."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from backend.kernel import periodic
from backend.kernel.db import connection
from backend.kernel.periodic import Periodic

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HOURLY = {"sweep": Periodic(timedelta(hours=1), lambda now: None)}
pytestmark = pytest.mark.usefixtures("database")


def test_new_work_is_due_at_once_and_then_at_its_time() -> None:
    periodic.register(HOURLY, NOW)
    assert periodic.take_due(HOURLY, NOW) == "sweep"
    assert periodic.take_due(HOURLY, NOW + timedelta(minutes=59)) is None
    assert periodic.take_due(HOURLY, NOW + timedelta(hours=1)) == "sweep"


def test_a_clock_that_was_down_runs_once_not_for_every_hour_it_missed() -> None:
    periodic.register(HOURLY, NOW)
    later = NOW + timedelta(days=3)
    assert periodic.take_due(HOURLY, later) == "sweep"
    assert periodic.take_due(HOURLY, later) is None


def test_registering_again_changes_nothing() -> None:
    periodic.register(HOURLY, NOW)
    periodic.take_due(HOURLY, NOW)
    periodic.register(HOURLY, NOW)
    assert periodic.take_due(HOURLY, NOW) is None


def test_of_many_workers_one_takes_it() -> None:
    periodic.register(HOURLY, NOW)
    taken: list[str | None] = []

    def work() -> None:
        with connection():
            taken.append(periodic.take_due(HOURLY, NOW))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken, key=str) == [None] * 7 + ["sweep"]
