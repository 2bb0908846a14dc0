"""Looking a request up with the receipt in hand: its state for the right digits, else nothing."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from backend.kernel.actor import Actor, Scope
from backend.kernel.db import connection, execute, fetch_one
from backend.kernel.errors import ValidationFailed
from backend.people import queries
from backend.people import service as people
from backend.people.rules import How
from backend.service_requests import service
from backend.service_requests.errors import LookupNotFound, LookupTooOften
from backend.service_requests.numbers import receipt_number
from backend.service_requests.rules import Action, State
from backend.service_requests.service.lookup import ANOTHER_AFTER, GUESSES, Progress
from backend.web.limits import Limiter, Limits
from tests.service_requests.conftest import NOW, VILLAGE, Caller, Cast, act, lamp

DIGITS = "5678"
UNKNOWN = receipt_number(NOW.date(), 999_999)


@pytest.fixture
def number(submitted: UUID) -> str:
    return number_of(submitted)


def number_of(request_id: UUID) -> str:
    row = fetch_one("SELECT number FROM service_requests WHERE id = %s", (request_id,))
    assert row is not None
    return str(row[0])


def refused(number: str, digits: str = "0000", after: timedelta = timedelta()) -> str:
    """The code of a refusal."""
    with pytest.raises((LookupNotFound, LookupTooOften)) as refusal:
        service.look_up(number, digits, NOW + after)
    return refusal.value.code


def found(number: str, digits: str = DIGITS, after: timedelta = timedelta()) -> Progress:
    return service.look_up(number, digits, NOW + after)


def test_the_right_digits_show_how_it_stands(number: str) -> None:
    progress = found(number)
    assert progress.number.replace("-", "") == number
    assert (progress.state, progress.submitted_at, progress.overdue) == ("submitted", NOW, False)
    assert progress.due_at is not None


def test_the_number_may_be_grouped_as_on_the_receipt(number: str) -> None:
    assert found(f"{number[:6]}-{number[6:12]}-{number[12:]}").state is State.SUBMITTED


def test_a_late_request_says_so(number: str) -> None:
    assert found(number, after=timedelta(days=9)).overdue


def test_where_no_clock_runs_there_is_no_deadline(cast: Cast, submitted: UUID, number: str) -> None:
    act(cast["lixiuying"], submitted, Action.WITHDRAW)
    progress = found(number, after=timedelta(days=9))
    assert (progress.state, progress.due_at, progress.overdue) == (State.WITHDRAWN, None, False)


def test_unknown_number_wrong_digits_and_no_phone_are_refused_alike(
    cast: Cast, number: str
) -> None:
    assert refused(UNKNOWN) == "lookup_not_found"
    assert refused(number) == "lookup_not_found"
    execute("UPDATE people SET phone_encrypted = NULL, phone_hash = NULL")
    assert refused(number, DIGITS) == "lookup_not_found"


@pytest.mark.parametrize("text", ["", "12", "2611230000428", "十三位数字", "261123-000042-7x"])
def test_what_cannot_be_a_number_is_said(text: str, database: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        service.look_up(text, DIGITS, NOW)
    (error,) = refusal.value.fields
    assert (error.field, error.code) == ("/number", "receipt_number_invalid")


def test_after_some_wrong_guesses_even_the_right_one_waits_but_not_for_long(number: str) -> None:
    for _ in range(GUESSES):
        assert refused(number) == "lookup_not_found"
    assert refused(number, DIGITS) == "lookup_too_often"
    assert refused(number, DIGITS, ANOTHER_AFTER - timedelta(seconds=1)) == "lookup_too_often"
    assert found(number, after=ANOTHER_AFTER).state is State.SUBMITTED


def test_unknown_numbers_are_limited_the_same(database: str) -> None:
    for _ in range(GUESSES):
        assert refused(UNKNOWN) == "lookup_not_found"
    assert refused(UNKNOWN) == "lookup_too_often"


def test_it_says_how_long_to_wait(number: str) -> None:
    for _ in range(GUESSES):
        refused(number)
    with pytest.raises(LookupTooOften) as refusal:
        found(number)
    assert refusal.value.params == {"minutes": 12}
    assert refusal.value.headers == {"Retry-After": "720"}


def test_right_guesses_never_run_out(number: str) -> None:
    for _ in range(4 * GUESSES):
        assert found(number).state is State.SUBMITTED


def test_guesses_at_one_number_leave_the_others_alone(number: str) -> None:
    for _ in range(GUESSES + 1):
        refused(UNKNOWN)
    assert found(number).state is State.SUBMITTED


def test_many_guesses_at_once_all_count(number: str) -> None:
    codes: list[str] = []

    def guess() -> None:
        with connection():
            codes.append(refused(number))

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes.count("lookup_not_found") == GUESSES
    assert codes.count("lookup_too_often") == 12 - GUESSES


def test_what_no_longer_counts_is_forgotten(number: str) -> None:
    refused(number)
    service.forget_guesses(NOW)
    assert fetch_one("SELECT count(*) FROM lookup_guesses") == (1,)
    service.forget_guesses(NOW + ANOTHER_AFTER)
    assert fetch_one("SELECT count(*) FROM lookup_guesses") == (0,)


def test_over_http_without_signing_in(
    caller: Callable[[str], Caller], number: str, submitted: UUID
) -> None:
    client = caller("nobody").client
    answer = client.post("/api/lookup", json={"number": number, "phone_last4": DIGITS})
    assert answer.status_code == 200
    assert set(answer.get_json()) == {
        *("number", "state", "submitted_at", "updated_at"),
        *("due_at", "due_provisional", "overdue"),
    }
    wrong = client.post("/api/lookup", json={"number": number, "phone_last4": "0000"})
    assert (wrong.status_code, wrong.get_json()["code"]) == (404, "lookup_not_found")
    malformed = client.post("/api/lookup", json={"number": "1", "phone_last4": "12a4"})
    assert malformed.status_code == 422


def test_an_address_may_not_go_through_many_numbers(client: FlaskClient) -> None:
    client.application.extensions["limiter"] = Limiter("memory://", Limits(lookup=3))
    try:
        answers = [
            client.post(
                "/api/lookup",
                json={"number": receipt_number(NOW.date(), serial), "phone_last4": DIGITS},
            )
            for serial in range(5)
        ]
    finally:
        del client.application.extensions["limiter"]
    assert [answer.status_code for answer in answers][:3] == [404, 404, 404]
    assert answers[-1].status_code == 429


@pytest.mark.usefixtures("app")
def test_who_acts_for_a_person_without_a_phone_opens_it_with_theirs(cast: Cast) -> None:
    worker = cast["sunhao"]
    consent = people.Consent("王桂芳", None, VILLAGE, How.SPOKEN, "请小孙帮我问路灯", ())
    terms = people.Terms(frozenset(Scope), 30)
    mandate_id = people.record(worker, consent, terms, NOW)
    worker = actor_of(worker)
    request_id = service.submit(worker, lamp(mandate_id=mandate_id), NOW)
    number = number_of(request_id)
    assert found(number).state is State.SUBMITTED
    people.revoke_mandate(worker, mandate_id, NOW)
    assert refused(number, DIGITS) == "lookup_not_found"


def test_who_has_a_phone_opens_it_with_theirs_alone(cast: Cast) -> None:
    people.set_phone(cast["wangdafu"], "13900001111")
    offered = people.offer(cast["lixiuying"], people.Terms(frozenset(Scope), 30), NOW)
    mandate_id = people.claim(cast["wangdafu"], offered.code, NOW)
    request_id = service.submit(actor_of(cast["wangdafu"]), lamp(mandate_id=mandate_id), NOW)
    number = number_of(request_id)
    assert refused(number, "1111") == "lookup_not_found"
    assert found(number).state is State.SUBMITTED


def actor_of(actor: Actor) -> Actor:
    """The same person, with what they hold by now."""
    again = queries.actor_of(actor.id, NOW)
    assert again is not None
    return again
