"""The outbox: at least once, leased, backed off, and set aside when nothing helps."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from backend.kernel import outbox
from backend.kernel.db import connection, execute, transaction

NOW = datetime(2099, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("database")


def put(kind: str = "test.happened") -> None:
    with transaction():
        outbox.put(kind, {"text": "路灯"})


def test_an_event_of_a_rolled_back_transaction_never_was() -> None:
    with pytest.raises(RuntimeError), transaction():
        outbox.put("test.happened", {})
        raise RuntimeError
    assert outbox.claim(NOW) == []


def test_a_completed_event_is_not_claimed_again() -> None:
    put()
    (event,) = outbox.claim(NOW)
    assert event.payload == {"text": "路灯"}
    assert outbox.complete(event, NOW)
    assert outbox.claim(NOW + outbox.LEASE * 2) == []
    assert outbox.backlog() == 0


def test_a_leased_event_is_free_again_when_the_lease_has_run_out() -> None:
    put()
    (first,) = outbox.claim(NOW)
    assert outbox.claim(NOW + outbox.LEASE / 2) == []
    (second,) = outbox.claim(NOW + outbox.LEASE)
    assert (second.id, second.attempts) == (first.id, 2)
    assert not outbox.complete(first, NOW), "the first worker's lease is lost"
    assert outbox.complete(second, NOW)


def test_a_failed_event_waits_longer_each_time_and_ends_as_a_dead_letter() -> None:
    put()
    now, waits = NOW, []
    for attempt in range(1, outbox.MAX_ATTEMPTS + 1):
        (event,) = outbox.claim(now)
        assert event.attempts == attempt
        outbox.fail(event, RuntimeError("unreachable"), now)
        later = now + timedelta(hours=3)
        waits.append(outbox.backoff(attempt))
        now = later
    assert waits[0] < timedelta(seconds=7) and waits[-1] > timedelta(hours=1)
    assert outbox.claim(now) == []
    ((event_id, kind, _at, attempts, error),) = outbox.dead_letters()
    assert (kind, attempts) == ("test.happened", outbox.MAX_ATTEMPTS)
    assert error == "RuntimeError", "what it says may quote somebody"
    assert outbox.revive(event_id) == 1
    assert outbox.claim(NOW)[0].attempts == 1


def test_a_permanent_failure_is_set_aside_at_once() -> None:
    put()
    (event,) = outbox.claim(NOW)
    outbox.fail(event, outbox.Permanent("no such person"), NOW)
    ((_, _, _, _, error),) = outbox.dead_letters()
    assert error == "Permanent: no such person"


def test_a_handler_may_name_the_moment_of_the_next_attempt() -> None:
    put()
    (event,) = outbox.claim(NOW)
    outbox.fail(event, outbox.RetryLater(NOW + timedelta(hours=1), "not yet"), NOW)
    assert outbox.claim(NOW + timedelta(minutes=59)) == []
    assert len(outbox.claim(NOW + timedelta(hours=1))) == 1


def test_no_more_is_claimed_than_asked_for_whatever_plan_is_made() -> None:
    for _ in range(30):
        put()
    for path in ("hashjoin", "mergejoin", "hashagg", "indexscan", "bitmapscan", "material", "sort"):
        execute(f"SET enable_{path} = off")
    try:
        assert len(outbox.claim(NOW, 3)) == 3
    finally:
        execute("RESET ALL")


def test_many_workers_never_hold_the_same_event() -> None:
    for _ in range(60):
        put()
    claimed: list[str] = []

    def work() -> None:
        with connection():
            while events := outbox.claim(NOW):
                claimed.append(str(events[0].id))
                outbox.complete(events[0], NOW)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(claimed) == 60 == len(set(claimed))


def test_what_was_done_long_ago_is_forgotten() -> None:
    put()
    outbox.complete(outbox.claim(NOW)[0], NOW)
    put()
    outbox.purge(NOW + timedelta(days=31))
    assert outbox.backlog() == 1
