"""SIGTERM under load, and two workers at once: what was begun is finished, and done once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults import promises
from tests.faults.crowd import Crowd
from tests.running import Process, Running, eventually

SUBMISSIONS = 60
MORE_THAN_CAN_BE_ANSWERED = 400
"""In the second that a server takes to stop."""


@contextmanager
def another_worker(running: Running) -> Iterator[Process]:
    worker = Process(
        "another-worker",
        ["-m", "backend", "worker"],
        running.environment,
        running.folder,
        lambda it: "worker_started" in it.written(),
    )
    worker.restart()
    try:
        yield worker
    finally:
        if worker.alive():
            assert worker.stop() == 0


def test_what_the_server_did_before_it_stopped_it_answered(running: Running) -> None:
    crowd = Crowd(running, MORE_THAN_CAN_BE_ANSWERED, retries=False)
    wait = crowd.start(60)
    eventually(lambda: crowd.reached(20), "some attempts")
    assert running.serve.stop() == 0
    wait()
    assert 0 < len(crowd.receipts) < len(crowd.intentions), "it was stopped in the middle"
    made = running.rows(
        "SELECT id::text FROM service_requests WHERE description = %s", crowd.body["description"]
    )
    assert sorted(row[0] for row in made) == sorted(receipt["id"] for receipt in crowd.receipts)
    assert sum(intention.refused for intention in crowd.intentions) == 0

    running.serve.restart()
    crowd.retry(60)
    promises.check_requests(running, crowd)
    promises.drained(running)
    promises.check_inboxes(running, crowd)


def test_a_stopped_worker_leaves_nothing_half_done(running: Running) -> None:
    promises.allow_messages(running, SUBMISSIONS)
    crowd = Crowd(running, SUBMISSIONS)
    wait = crowd.start(60)
    stops = 0
    while not crowd.finished.is_set():
        eventually(lambda: not running.work_done() or crowd.finished.is_set(), "work to do")
        assert running.worker.stop() == 0
        assert running.rows("SELECT kind FROM outbox WHERE lease_id IS NOT NULL") == []
        assert running.rows("SELECT id FROM wechat_sends WHERE state = 'sending'") == []
        stops += 1
        running.worker.restart()
    wait()
    assert stops
    promises.drained(running)
    assert promises.check_messages(running, crowd) == {"sent": 2 * SUBMISSIONS}
    promises.check_requests(running, crowd)
    promises.check_inboxes(running, crowd)


def test_of_two_workers_one_does_it(running: Running) -> None:
    promises.allow_messages(running, SUBMISSIONS)
    with another_worker(running) as other:
        crowd = Crowd(running, SUBMISSIONS)
        crowd.submit(60)
        promises.drained(running)
        # One going away is no matter to the other.
        assert other.stop() == 0
    assert promises.check_messages(running, crowd) == {"sent": 2 * SUBMISSIONS}
    promises.check_inboxes(running, crowd)
    again = running.rows(
        "SELECT kind, attempts FROM outbox WHERE attempts > 1 AND kind <> 'wechat.push_event'"
        " AND created_at > (SELECT min(submitted_at) FROM service_requests WHERE description = %s)",
        crowd.body["description"],
    )
    assert again == [], "each event was handled once"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_worker_ends_at_once(running: Running, number: int) -> None:
    promises.drained(running)
    running.worker.signal(number)
    assert running.worker.wait() == 0
    running.worker.restart()
