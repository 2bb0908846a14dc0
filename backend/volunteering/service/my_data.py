"""What is held of a person as a volunteer, and what becomes of it when the account is closed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.kernel.crypto import keyring
from backend.kernel.db import execute, fetch_all, transaction
from backend.kernel.errors import NotFound
from backend.volunteering import sealed
from backend.volunteering.rules.states import LIVE, State
from backend.volunteering.service import places, volunteers


def export(person_id: UUID, now: datetime) -> dict[str, Any]:
    """Everything of the person's, in clear."""
    try:
        said = volunteers.view(person_id, now)
    except NotFound:
        said = None
    return {
        "volunteer": said,
        "signups": _rows(
            """
            SELECT json_build_object('activity', a.title, 'starts_at', u.starts_at,
                'ends_at', u.ends_at, 'state', u.state, 'signed_up_at', u.queued_at,
                'reason', u.reason, 'in_at', u.in_at, 'out_at', u.out_at)
            FROM signups u JOIN shifts s ON s.id = u.shift_id
            JOIN activities a ON a.id = s.activity_id
            WHERE u.person_id = %s ORDER BY u.starts_at DESC, u.id
            """,
            person_id,
        ),
        "hours": _rows(
            """
            SELECT json_build_object('activity', a.title, 'starts_at', h.starts_at,
                'ends_at', h.ends_at, 'minutes', h.minutes, 'class', h.class,
                'recorded_at', h.recorded_at, 'reason', h.reason, 'current', h.current)
            FROM service_hours h JOIN activities a ON a.id = h.activity_id
            WHERE h.person_id = %s ORDER BY h.recorded_at DESC, h.id
            """,
            person_id,
        ),
    }


def _rows(sql: str, person_id: UUID) -> list[dict[str, Any]]:
    return [row for (row,) in fetch_all(sql, (person_id,))]


def detach(person_id: UUID, now: datetime) -> None:
    """Give up what is to come, to whoever waits, and forget birth date, guardian and skills.

    That somebody was there stays, of a person who has no name any more.
    """
    live = [state.value for state in LIVE]
    for signup_id, shift_id in fetch_all(
        "SELECT u.id, u.shift_id FROM signups u JOIN shifts s ON s.id = u.shift_id"
        " WHERE u.person_id = %s AND u.state = ANY(%s) AND u.starts_at > %s"
        " ORDER BY u.shift_id FOR NO KEY UPDATE OF s",
        (person_id, live, now),
    ):
        places.end(signup_id, State.CANCELLED, now)
        places.fill(shift_id, now)
    execute("DELETE FROM volunteers WHERE person_id = %s", (person_id,))


def reencrypt(batch: int) -> int:
    """Seal up to ``batch`` volunteers again whose birth date or guardian was sealed with a key no
    longer current. Returns how many were done; call again until it is 0.
    """
    with transaction():
        rows = fetch_all(
            """
            SELECT person_id, born_on_encrypted, guardian_encrypted FROM volunteers
            WHERE substr(born_on_encrypted, 3, get_byte(born_on_encrypted, 1)) <> %s
            LIMIT %s FOR NO KEY UPDATE
            """,
            (keyring.current_key_id.encode(), batch),
        )
        for person_id, birth, guardian in rows:
            execute(
                "UPDATE volunteers SET born_on_encrypted = %s, guardian_encrypted = %s"
                " WHERE person_id = %s",
                (
                    sealed.seal_birth(person_id, sealed.birth(person_id, birth)),
                    sealed.seal_guardian(person_id, sealed.guardian(person_id, guardian)),
                    person_id,
                ),
            )
    return len(rows)
