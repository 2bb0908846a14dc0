"""Only the requester, only after a reply, and changeable for 30 days."""

from datetime import timedelta
from uuid import UUID

import pytest

from backend.service_requests import errors, service
from backend.service_requests.rules import A
from tests.service_requests.conftest import NOW, Cast, act, view

DAY = timedelta(days=1)


@pytest.fixture
def replied(cast: Cast, submitted: UUID) -> UUID:
    act(cast["chenwei"], submitted, A.ACCEPT, A.REPLY)
    return submitted


def test_it_can_be_changed_for_30_days_after_it_was_first_given(cast: Cast, replied: UUID):
    li = cast["lixiuying"]
    service.rate(li, replied, 2, "慢", NOW)
    service.rate(li, replied, 4, "后来好了", NOW + 29 * DAY)
    rating = view(li, replied, NOW + 30 * DAY)["rating"]
    assert (rating["score"], rating["comment"]) == (4, "后来好了")
    assert rating["changeable_until"] == "2026-12-23T08:00:00+00:00"
    assert "rate" in view(li, replied, NOW + 30 * DAY)["actions"]
    late = NOW + 30 * DAY + timedelta(seconds=1)
    assert "rate" not in view(li, replied, late)["actions"]
    with pytest.raises(errors.RatingClosed):
        service.rate(li, replied, 5, None, late)


def test_what_was_said_can_be_taken_back_wherever_the_request_is_then(cast: Cast, replied: UUID):
    li = cast["lixiuying"]
    service.rate(li, replied, 5, None, NOW)
    act(li, replied, A.CONTEST)
    service.rate(li, replied, 1, "又灭了", NOW)
    assert view(li, replied)["rating"]["score"] == 1


def test_without_a_reply_standing_nothing_is_rated_first(cast: Cast, replied: UUID):
    act(cast["lixiuying"], replied, A.CONTEST)
    with pytest.raises(errors.ActionNotPossible):
        service.rate(cast["lixiuying"], replied, 1, None, NOW)


def test_who_works_on_it_learns_nothing_of_it(cast: Cast, replied: UUID):
    before = view(cast["chenwei"], replied)
    service.rate(cast["lixiuying"], replied, 1, "太慢", NOW)
    assert view(cast["chenwei"], replied) == before
    for who, score in [("liufang", None), ("yangguang", 1), ("majing", 1)]:
        rating = view(cast[who], replied)["rating"]
        assert (rating and rating["score"]) == score


def test_a_refusal_has_its_code(caller, cast: Cast, submitted: UUID):
    answer = caller("lixiuying").put(f"/requests/{submitted}/rating", {"score": 5})
    assert (answer.status_code, answer.json["code"]) == (409, "action_not_possible")
