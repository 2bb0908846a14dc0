"""Two people at the same moment: one of them gets there, the other is told so."""

import threading
from uuid import UUID

import pytest

from backend.kernel.db import fetch_all, transaction
from backend.kernel.errors import NotFound
from backend.service_requests import errors, service
from backend.service_requests.rules import A
from backend.service_requests.service.moves import begin
from tests.at_once import at_once
from tests.service_requests.conftest import DO, NOW, Cast, act, lamp, state, version

RACES = [
    ((), ("chenwei", A.ACCEPT), ("liufang", A.ACCEPT)),
    ((), ("chenwei", A.ACCEPT), ("lixiuying", A.WITHDRAW)),
    ((), ("chenwei", A.ACCEPT), ("yangguang", A.ASSIGN)),
    ((A.ACCEPT,), ("chenwei", A.REPLY), ("lixiuying", A.WITHDRAW)),
    ((A.ACCEPT,), ("chenwei", A.ASK), ("liufang", A.REPLY)),
    ((A.ACCEPT, A.REPLY), ("lixiuying", A.CONFIRM), ("lixiuying", A.CONTEST)),
]


@pytest.mark.parametrize(("before", "one", "other"), RACES)
@pytest.mark.parametrize("round_", range(3))
def test_one_clear_result_and_one_refusal(
    cast: Cast, submitted: UUID, before: tuple[A, ...], one, other, round_: int
):
    act(cast["chenwei"], submitted, *before)
    seen = version(submitted)
    came_to = at_once(
        *(
            lambda who=who, action=action: DO[action](cast[who], submitted, seen, NOW)
            for who, action in (one, other)
        )
    )
    assert came_to.count(None) == 1
    (refusal,) = (error for error in came_to if error is not None)
    # Who loses a request to another unit cannot see it any more, which is the clearest refusal.
    lost_to_another_unit = other[1] is A.ASSIGN and came_to[0] is not None
    assert isinstance(refusal, errors.RequestChanged) or (
        lost_to_another_unit and isinstance(refusal, NotFound)
    )
    assert version(submitted) == seen + 1
    events = fetch_all("SELECT seq FROM timeline_events WHERE request_id = %s", (submitted,))
    assert len(events) == seen + 1


def test_the_update_itself_refuses_what_changed_after_reading(cast: Cast, submitted: UUID):
    """Held between reading and writing, the second still finds out: the UPDATE is conditional."""
    read, written = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction():
            move = begin(cast["chenwei"], submitted, 1, A.ACCEPT, NOW)
            read.set()
            assert written.wait(10)
            move.make(NOW)

    def quick() -> None:
        assert read.wait(10)
        service.withdraw(cast["lixiuying"], submitted, 1, None, NOW)
        written.set()

    slow_came_to, quick_came_to = at_once(slow, quick)
    assert quick_came_to is None
    assert isinstance(slow_came_to, errors.RequestChanged)
    assert slow_came_to.extra == {"version": 2}
    assert state(submitted) == "withdrawn"
    kinds = fetch_all("SELECT kind FROM timeline_events ORDER BY seq")
    assert kinds == [("submitted",), ("withdrawn",)]


def test_requests_at_once_have_numbers_of_their_own(cast: Cast):
    came_to = at_once(
        *(lambda: service.submit(cast["lixiuying"], lamp(), NOW) and None for _ in range(8))
    )
    assert came_to == [None] * 8
    assert len({n for (n,) in fetch_all("SELECT number FROM service_requests")}) == 8
