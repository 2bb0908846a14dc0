"""How a request stands, for whoever has its receipt and knows the telephone's last digits."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.kernel.db import execute, fetch_one, transaction
from backend.kernel.errors import FieldError, ValidationFailed
from backend.people import service as people
from backend.service_requests.errors import LookupNotFound, LookupTooOften
from backend.service_requests.numbers import is_receipt_number, ungrouped
from backend.service_requests.queries.lookup import Found, by_number
from backend.service_requests.rules import WITH_UNIT, State

GUESSES = 5
"""Wrong guesses that can be made at a number in a row."""
ANOTHER_AFTER = timedelta(minutes=12)
"""How long until one more is allowed: five an hour, and nobody is kept from theirs for longer.
Trying all ten thousand endings of one number takes 83 days."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A request's state, and nothing that was said in it."""

    number: str
    state: State
    submitted_at: datetime
    updated_at: datetime
    due_at: datetime | None
    """None while nobody's clock runs."""
    due_provisional: bool
    overdue: bool


def look_up(number: str, phone_last4: str, now: datetime) -> Progress:
    """How the request with this number stands, grouped or not.

    One refusal, LookupNotFound, says that there is none, that the digits are others, or that no
    telephone is known. Raises ValidationFailed for what cannot be a number, and LookupTooOften
    when too much was guessed at it.
    """
    if not is_receipt_number(number):
        raise ValidationFailed(fields=[FieldError("/number", "receipt_number_invalid")])
    number = ungrouped(number)
    with transaction():
        # Spent before it is compared and given back after, so that many guesses at once count.
        wait = _spend(number, now)
        found = None if wait else by_number(number, now)
        opened = found is not None and people.phone_ends_with(
            found.person_id, found.phone_encrypted, phone_last4
        )
        if opened:
            _give_back(number)
    if wait:
        raise LookupTooOften(
            minutes=math.ceil(wait / timedelta(minutes=1)),
            headers={"Retry-After": str(math.ceil(wait.total_seconds()))},
        )
    if found is None or not opened:
        raise LookupNotFound
    return _progress(found, now)


def _progress(found: Found, now: datetime) -> Progress:
    running = found.state in WITH_UNIT
    return Progress(
        number=found.number,
        state=found.state,
        submitted_at=found.submitted_at,
        updated_at=found.updated_at,
        due_at=found.due_at if running else None,
        due_provisional=running and found.due_provisional,
        overdue=running and now > found.due_at,
    )


def _spend(number: str, now: datetime) -> timedelta | None:
    """Take one guess at the number; how long to wait where none is left.

    One moment per number says it all: until when its guesses are spent, one after the other.
    """
    taken = execute(
        """
        INSERT INTO lookup_guesses AS g (number, spent_until) VALUES (%s, %s)
        ON CONFLICT (number) DO UPDATE
            SET spent_until = greatest(g.spent_until, %s) + %s
            WHERE g.spent_until <= %s
        """,
        (number, now + ANOTHER_AFTER, now, ANOTHER_AFTER, now + (GUESSES - 1) * ANOTHER_AFTER),
    )
    if taken:
        return None
    row = fetch_one("SELECT spent_until FROM lookup_guesses WHERE number = %s", (number,))
    spent_until: datetime = row[0] if row else now
    return max(spent_until - now - (GUESSES - 1) * ANOTHER_AFTER, timedelta(seconds=1))


def _give_back(number: str) -> None:
    execute(
        "UPDATE lookup_guesses SET spent_until = spent_until - %s WHERE number = %s",
        (ANOTHER_AFTER, number),
    )


def forget_guesses(now: datetime) -> None:
    """Drop what no longer counts."""
    execute("DELETE FROM lookup_guesses WHERE spent_until <= %s", (now,))
