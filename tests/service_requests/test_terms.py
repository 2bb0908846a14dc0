"""What staff are told of the terms on which they can object or ask for more time."""

from datetime import timedelta
from uuid import UUID

from backend.service_requests import service
from backend.service_requests.rules import Action
from tests.service_requests.conftest import NOW, Cast, version, view


def test_an_objection_says_until_when_it_is_possible(cast: Cast, submitted: UUID):
    seen = view(cast["chenwei"], submitted)
    assert Action.DISPUTE in seen["actions"] and seen["objection_until"] > NOW.isoformat()
    assert view(cast["lixiuying"], submitted)["objection_until"] is None

    much_later = NOW + timedelta(days=30)
    assert view(cast["chenwei"], submitted, much_later)["objection_until"] is None


def test_more_time_says_how_much_to_who_can_ask_and_who_can_grant(cast: Cast, submitted: UUID):
    chenwei, liufang = cast["chenwei"], cast["liufang"]
    assert view(chenwei, submitted)["extendable_by"] is None

    service.accept(chenwei, submitted, version(submitted), NOW)
    more = {"n": 24, "unit": "hours"}
    assert view(chenwei, submitted)["extendable_by"] == more
    assert view(cast["lixiuying"], submitted)["extendable_by"] is None

    service.request_extension(chenwei, submitted, version(submitted), "等配件", NOW)
    assert view(chenwei, submitted)["extendable_by"] is None
    assert view(liufang, submitted)["extendable_by"] == more
