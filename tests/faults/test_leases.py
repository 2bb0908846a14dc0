"""A lease that runs out while its handler still works: two workers do the same event at once."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from backend.app import handlers, periodic_work
from backend.kernel import clock, outbox
from backend.kernel.db import connection, fetch_all, transaction
from backend.kernel.outbox import Event
from backend.kernel.periodic import Periodic
from backend.worker import Worker
from tests.faults.clockwork import Clockwork
from tests.running import eventually

SEND = "/cgi-bin/message/subscribe/send"


def at_once(*calls: Callable[[], None]) -> list[Exception]:
    """Run the calls in threads that begin together; what they raised."""
    together, raised = threading.Barrier(len(calls)), []

    def run(call: Callable[[], None]) -> None:
        with connection():
            together.wait()
            try:
                call()
            except Exception as error:
                raised.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_every_kind_of_event_may_be_handled_by_two_at_once(clockwork: Clockwork) -> None:
    """From a submission to WeChat's last word, each event by two workers, the first one late."""
    clockwork.sandbox.world.store.put("words", {"路灯": {"suggest": "review", "label": 10001}})
    request = clockwork.submit()
    known, seen = handlers(), set()
    while due := outbox.claim(clock.now(), limit=100):
        clockwork.let_pass(outbox.LEASE)
        again = {event.id: event for event in outbox.claim(clock.now(), limit=100)}
        for late in due:
            event = again[late.id]
            assert event.lease_id != late.lease_id
            seen.add(event.kind)

            def handle(given: Event) -> None:
                known[given.kind](given, clock.now())

            assert at_once(lambda: handle(late), lambda: handle(event)) == []  # noqa: B023
            assert not outbox.complete(late, clock.now()), "its lease is not its own any more"
            assert outbox.complete(event, clock.now())
        clockwork.sandbox.wait_for_pushes()

    assert seen == {
        "service_request.submitted",
        "service_request.check_text",
        "attachment.check",
        "notice.wechat_send",
        "wechat.push_event",
    }
    assert clockwork.told() == ["request_submitted", "request_arrived"]
    assert clockwork.send() == "sent"
    assert len(clockwork.sandbox.world.messages()) == 1
    assert len(clockwork.sandbox.world.calls(SEND)) == 1
    assert clockwork.verdicts() == ("review", "pass")
    view = clockwork.handler.get(f"/api/requests/{request['id']}").expect(200)
    assert [event["kind"] for event in view["timeline"]] == ["submitted", "text_flagged"]
    used = fetch_all("SELECT source FROM subscription_grants WHERE reason = 'sent'")
    assert len(used) == 1
    assert clockwork.left() == []


def test_a_late_failure_does_not_undo_what_another_worker_has_done(clockwork: Clockwork) -> None:
    clockwork.submit()
    due = outbox.claim(clock.now(), limit=100)
    clockwork.let_pass(outbox.LEASE)
    clockwork.work(timedelta(seconds=1))
    told = clockwork.told()
    for late in due:
        outbox.fail(late, outbox.Permanent("it was late"), clock.now())
    assert clockwork.left() == []
    assert clockwork.told() == told == ["request_submitted", "request_arrived"]


@pytest.mark.usefixtures("database")
def test_an_event_that_kills_its_workers_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        outbox.put("test.deadly", {})
    now = clock.now()
    for _ in range(outbox.MAX_ATTEMPTS):
        (event,) = outbox.claim(now)
        now += outbox.LEASE
    assert event.attempts == outbox.MAX_ATTEMPTS
    monkeypatch.setattr(clock, "now", lambda: now)
    handled: list[Event] = []
    worker = Worker({"test.deadly": lambda event, now: handled.append(event)}, {}, threads=1)
    assert worker.do_next_event()
    assert handled == []
    ((_, kind, _, _, _),) = outbox.dead_letters()
    assert kind == "test.deadly"


@pytest.mark.usefixtures("database")
def test_of_two_workers_one_does_each_piece_of_periodic_work() -> None:
    done: list[str] = []
    work = {
        name: Periodic(every=timedelta(days=1), run=lambda now, name=name: done.append(name))
        for name in periodic_work()
    }
    workers = [Worker({}, work, threads=1) for _ in range(2)]
    running = [threading.Thread(target=worker.run) for worker in workers]
    for thread in running:
        thread.start()
    eventually(lambda: len(done) >= len(work), "all of it to be done")
    for worker in workers:
        worker.stop()
    for thread in running:
        thread.join()
    assert sorted(done) == sorted(work)
