"""Credits: each yes counts once, however and in whatever order it is reported."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import peewee
import psycopg
import pytest

from backend.kernel.db import connection, execute, fetch_one, transaction
from backend.notices import ledger
from backend.notices.rules import SAME_GRANT_WITHIN, Reason, TemplateKind
from backend.notices.templates import Template
from tests.notices.conftest import NOW

SOON = timedelta(seconds=3)
CLIENT, PUSH = Reason.CLIENT_REPORT, Reason.PUSH_EVENT


@pytest.fixture
def long_term(reply: Template) -> Template:
    return replace(reply, key="policy", kind=TemplateKind.LONG_TERM)


def test_nobody_has_credits_to_begin_with(person_id: UUID, reply: Template) -> None:
    assert ledger.credits_left(person_id, reply) == 0


@pytest.mark.parametrize(("first", "second"), [(CLIENT, PUSH), (PUSH, CLIENT)])
def test_one_yes_reported_by_both_sides_is_one_credit(
    person_id: UUID, reply: Template, first: Reason, second: Reason
) -> None:
    ledger.grant(person_id, reply, first, "a", NOW)
    assert ledger.credits_left(person_id, reply) == 1
    ledger.grant(person_id, reply, second, "b", NOW + SOON)
    assert ledger.credits_left(person_id, reply) == 1


@pytest.mark.parametrize("reason", [CLIENT, PUSH])
def test_the_same_report_again_is_no_new_credit(
    person_id: UUID, reply: Template, reason: Reason
) -> None:
    for _ in range(3):
        ledger.grant(person_id, reply, reason, "a", NOW)
    assert ledger.credits_left(person_id, reply) == 1


@pytest.mark.parametrize(
    "reports",
    [
        [(CLIENT, "c1"), (PUSH, "p1"), (CLIENT, "c2"), (PUSH, "p2")],
        [(CLIENT, "c1"), (CLIENT, "c2"), (PUSH, "p1"), (PUSH, "p2")],
        [(PUSH, "p1"), (PUSH, "p2"), (CLIENT, "c1"), (CLIENT, "c2")],
        [(PUSH, "p1"), (PUSH, "p1"), (CLIENT, "c1"), (CLIENT, "c2"), (PUSH, "p2")],
        [(CLIENT, "c1"), (PUSH, "p1"), (PUSH, "p1"), (CLIENT, "c2"), (CLIENT, "c1")],
    ],
)
def test_two_yeses_in_a_row_are_two_credits(
    person_id: UUID, reply: Template, reports: list[tuple[Reason, str]]
) -> None:
    for index, (reason, source) in enumerate(reports):
        ledger.grant(person_id, reply, reason, source, NOW + index * SOON)
    assert ledger.credits_left(person_id, reply) == 2


def test_reports_far_apart_are_two_yeses(person_id: UUID, reply: Template) -> None:
    ledger.grant(person_id, reply, CLIENT, "a", NOW)
    ledger.grant(person_id, reply, PUSH, "b", NOW + SAME_GRANT_WITHIN + SOON)
    assert ledger.credits_left(person_id, reply) == 2


def test_the_nearest_report_is_the_same_yes(person_id: UUID, reply: Template) -> None:
    ledger.grant(person_id, reply, CLIENT, "early", NOW)
    ledger.grant(person_id, reply, CLIENT, "late", NOW + 2 * SOON)
    ledger.grant(person_id, reply, PUSH, "p", NOW + 2 * SOON)
    row = fetch_one(
        "SELECT explained.source FROM subscription_grants explained"
        " JOIN subscription_grants report ON report.confirms_id = explained.id"
    )
    assert row == ("late",)


def test_credits_belong_to_one_person_and_one_template(
    person_id: UUID, new_person: Callable[..., UUID], reply: Template
) -> None:
    other = new_person("o-other")
    ledger.grant(person_id, reply, CLIENT, "a", NOW)
    ledger.grant(other, reply, PUSH, "b", NOW)
    assert ledger.credits_left(person_id, reply) == 1
    assert ledger.credits_left(other, reply) == 1
    assert ledger.credits_left(person_id, replace(reply, key="work_arrived")) == 0


def test_a_message_uses_one_credit_once(
    person_id: UUID, reply: Template, grant: Callable[..., None]
) -> None:
    grant(person_id, reply, times=2)
    send_id = uuid4()
    for _ in range(2):
        ledger.use(person_id, reply, send_id, NOW)
    assert ledger.credits_left(person_id, reply) == 1


def test_what_is_taken_back_is_gone(
    person_id: UUID, reply: Template, grant: Callable[..., None]
) -> None:
    grant(person_id, reply, times=3)
    for _ in range(2):
        ledger.void(person_id, reply, Reason.SWITCHED_OFF, "off", NOW + SOON)
    assert ledger.credits_left(person_id, reply) == 0
    grant(person_id, reply, at=NOW + 2 * SOON)
    assert ledger.credits_left(person_id, reply) == 1


def test_a_late_word_of_switching_off_spares_what_was_granted_since(
    person_id: UUID, reply: Template, grant: Callable[..., None]
) -> None:
    grant(person_id, reply, times=2, at=NOW)
    grant(person_id, reply, at=NOW + 2 * SOON)
    ledger.void(person_id, reply, Reason.SWITCHED_OFF, "off", NOW + SOON)
    assert ledger.credits_left(person_id, reply) == 1


@pytest.mark.parametrize("reported_before", [True, False])
def test_a_late_report_of_what_was_taken_back_counts_nothing(
    person_id: UUID, reply: Template, reported_before: bool
) -> None:
    if reported_before:
        ledger.grant(person_id, reply, CLIENT, "c", NOW)
    ledger.void(person_id, reply, Reason.VOID_43101, "refused", NOW + SOON)
    ledger.grant(person_id, reply, PUSH, "p", NOW)
    assert ledger.credits_left(person_id, reply) == 0


def test_a_long_term_grant_is_there_or_not(person_id: UUID, long_term: Template) -> None:
    for source in "abc":
        ledger.grant(person_id, long_term, PUSH, source, NOW)
    assert ledger.credits_left(person_id, long_term) == 1
    ledger.use(person_id, long_term, uuid4(), NOW)
    assert ledger.credits_left(person_id, long_term) == 1, "messages use nothing up"
    ledger.void(person_id, long_term, Reason.SWITCHED_OFF, "off", NOW + SOON)
    assert ledger.credits_left(person_id, long_term) == 0
    ledger.grant(person_id, long_term, CLIENT, "d", NOW + 2 * SOON)
    assert ledger.credits_left(person_id, long_term) == 1


def test_both_reports_at_the_same_moment_are_one_credit(person_id: UUID, reply: Template) -> None:
    together = threading.Barrier(8)

    def report(reason: Reason, source: str) -> None:
        with connection():
            together.wait()
            ledger.grant(person_id, reply, reason, source, NOW)

    reports = [(CLIENT, "c")] * 4 + [(PUSH, "p")] * 4
    threads = [threading.Thread(target=report, args=each) for each in reports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.credits_left(person_id, reply) == 1


def test_credits_are_locked_until_a_transaction_ends_and_not_without_one(
    person_id: UUID, reply: Template
) -> None:
    with pytest.raises(RuntimeError):
        ledger.lock(person_id, reply)
    with transaction():
        ledger.lock(person_id, reply)


@pytest.mark.parametrize(
    "change", ["UPDATE subscription_grants SET change = 9", "DELETE FROM subscription_grants"]
)
def test_the_ledger_only_grows(
    person_id: UUID, reply: Template, grant: Callable[..., None], change: str
) -> None:
    grant(person_id, reply)
    with pytest.raises((peewee.PeeweeException, psycopg.Error), match="only grows"), transaction():
        execute(change)
    assert ledger.credits_left(person_id, reply) == 1
