"""Whatever is scanned, confirmed, corrected and taken back: hours never overlap, never leave the
shift, and the sum that counts is that of the ledger."""

from contextlib import suppress
from datetime import timedelta
from itertools import count, pairwise
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.kernel.actor import Actor
from backend.kernel.db import fetch_all
from backend.kernel.errors import DomainError
from backend.volunteering.service import hours, presence, viewing
from tests.volunteering.scene import END, START, organiser, qr, shift_of, signed_up, volunteer

SHIFTS = 3
LENGTH = END - START
_NUMBERS = count()

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["in", "out", "kept in", "kept out", "confirm", "correct", "take back"]),
        st.integers(0, SHIFTS - 1),
        st.integers(-45, 225),
        st.integers(-45, 225),
    ),
    min_size=4,
    max_size=30,
)
"""What is done, at which shift, and minutes from its start: two of them, in any order."""


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_hours_are_what_they_can_be(app: Flask, steps: list[Any]):
    ma = organiser()
    li = volunteer(f"志愿者{next(_NUMBERS)}")
    starts = [START + n * LENGTH for n in range(SHIFTS)]
    shift_ids = [shift_of(ma, start=start) for start in starts]
    signup_ids = [signed_up(li, shift_id) for shift_id in shift_ids]
    for what, which, first, second in steps:
        at, then = (starts[which] + timedelta(minutes=n, seconds=7) for n in (first, second))
        with suppress(DomainError):
            act(what, ma, li, shift_ids[which], signup_ids[which], at, then)
        check(li)


def act(what: str, ma: Actor, li: Actor, shift_id: Any, signup_id: Any, at: Any, then: Any) -> None:
    last = START + (SHIFTS + 1) * LENGTH
    if what in ("in", "out", "kept in", "kept out"):
        scan = presence.check_in if what.endswith("in") else presence.check_out
        kept = what.startswith("kept")
        scan(li, signup_id, qr(ma, shift_id, at), kept, max(at, then) if kept else at)
    elif what == "confirm":
        presence.confirm(ma, signup_id, at, then, last)
    else:
        rows = fetch_all("SELECT id FROM service_hours WHERE signup_id = %s ORDER BY id",
                         (signup_id,))  # fmt: skip
        for (hours_id,) in rows[-1:]:
            if what == "correct":
                hours.correct(ma, hours_id, (at, then), "更正", last)
            else:
                hours.take_back(li, hours_id, "不要了", last)


def check(li: Actor) -> None:
    rows = fetch_all(
        """
        SELECT h.starts_at, h.ends_at, h.minutes, u.starts_at, u.ends_at
        FROM service_hours h JOIN signups u ON u.id = h.signup_id
        WHERE h.person_id = %s AND h.current AND h.starts_at IS NOT NULL ORDER BY h.starts_at
        """,
        (li.id,),
    )
    for first, last, minutes, shift_starts, shift_ends in rows:
        assert shift_starts <= first < last <= shift_ends
        assert minutes == (last - first) // timedelta(minutes=1) > 0
    assert all(before[1] <= after[0] for before, after in pairwise(rows))
    assert viewing.totals(li)["total"] == sum(row[2] for row in rows)
