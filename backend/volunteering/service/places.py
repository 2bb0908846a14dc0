"""Who has a place, and who moves up when one becomes free. The caller holds the shift."""

from datetime import datetime
from uuid import UUID

from backend.kernel.db import execute, fetch_all, fetch_one, transaction
from backend.volunteering.queries import facts
from backend.volunteering.rules.states import State
from backend.volunteering.rules.times import LAST_CALL, line_moves, offer_until
from backend.volunteering.service.announcing import What, announce, promise_reminders

_AT_A_TIME = 200


def fill(shift_id: UUID, now: datetime) -> None:
    """Give what is free to who waits, the longest first, until there is no more of either.

    Long before the start the place is theirs; shortly before it is offered for a while.
    """
    shift = facts.shift(shift_id)
    if shift is None or shift.wanted.cancelled or shift.free <= 0:
        return
    if not line_moves(shift.starts_at, now):
        return
    until = offer_until(shift.starts_at, now)
    state = State.CONFIRMED if until is None else State.OFFERED
    moved = fetch_all(
        """
        UPDATE signups SET state = %s, offer_until = %s WHERE id IN (
            SELECT id FROM signups WHERE shift_id = %s AND state = 'waiting'
            ORDER BY queued_at, id LIMIT %s)
        RETURNING id
        """,
        (state.value, until, shift_id, shift.free),
    )
    for (signup_id,) in moved:
        announce(What.CONFIRMED if until is None else What.OFFERED, signup_id)
        if until is None:
            promise_reminders(signup_id, shift.starts_at, now)


def end(signup_id: UUID, state: State, now: datetime, reason: str | None = None) -> None:
    """A sign-up comes to nothing."""
    execute(
        "UPDATE signups SET state = %s, ended_at = %s, reason = %s, offer_until = NULL,"
        " asked_at = NULL WHERE id = %s",
        (state.value, now, reason, signup_id),
    )


def sweep(now: datetime) -> None:
    """Let offers nobody took go to the next, and tell who waits in vain. Safe to repeat, and to
    run twice at once."""
    for (shift_id,) in fetch_all(
        """
        SELECT shift_id FROM signups WHERE state = 'offered' AND offer_until <= %s
        UNION
        SELECT shift_id FROM signups WHERE state IN ('applied', 'waiting') AND starts_at <= %s
        LIMIT %s
        """,
        (now, now + LAST_CALL, _AT_A_TIME),
    ):
        _sweep_one(shift_id, now)


def _sweep_one(shift_id: UUID, now: datetime) -> None:
    with transaction():
        fetch_one("SELECT FROM shifts WHERE id = %s FOR NO KEY UPDATE", (shift_id,))
        for (signup_id,) in fetch_all(
            """
            SELECT id FROM signups WHERE shift_id = %s AND (
                state = 'offered' AND offer_until <= %s
                OR state IN ('applied', 'waiting') AND starts_at <= %s)
            """,
            (shift_id, now, now + LAST_CALL),
        ):
            end(signup_id, State.LAPSED, now)
            announce(What.LAPSED, signup_id)
        fill(shift_id, now)
