"""Advisers as people see them: who serves a place, whom a search finds, one of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.advisers import legal, queries
from backend.advisers.queries import Found
from backend.attachments import queries as attachments
from backend.bookings import queries as bookings
from backend.kernel.actor import Actor, Role
from backend.kernel.errors import NotFound
from backend.kernel.json import merge
from backend.people.errors import AreaUnknown


def adviser(actor: Actor, adviser_id: UUID, now: datetime) -> bytes:
    """``AdviserDetail``. Raises NotFound."""
    found = queries.adviser(adviser_id, now)
    if found is None:
        raise NotFound
    return _whole(actor, [found], now)[0]


def own(actor: Actor, now: datetime) -> bytes:
    """``AdviserDetail`` of the adviser who the actor is. Raises NotFound for everybody else."""
    adviser_id = queries.adviser_of(actor.id) if actor.has(Role.ADVISER) else None
    if adviser_id is None:
        raise NotFound
    return adviser(actor, adviser_id, now)


def serving(actor: Actor, area_code: str, language: str, now: datetime) -> bytes:
    """``Serving``: the area's own adviser, who serves there meanwhile, and the justice office.

    Raises AreaUnknown.
    """
    place = queries.place(area_code, language)
    if place is None:
        raise AreaUnknown
    near = queries.serving(area_code, now)
    own = next((s for s in near if not s.standby), None)
    needed = own is None or not own.active
    meanwhile = [s for s in near if needed and s.active and s is not own]
    shown = [s.adviser for s in ([own] if own else []) + meanwhile]
    texts = _whole(actor, shown, now)
    mine = texts.pop(0) if own else b"null"
    members = b',"adviser":' + mine + b',"meanwhile":[' + b",".join(texts) + b"]}"
    return place.strip().encode()[:-1] + members


def search(
    actor: Actor,
    now: datetime,
    *,
    words: str | None,
    area_code: str | None,
    language: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> tuple[str, tuple[Any, ...] | None]:
    """JSON text of an array of ``Adviser``, by name, and the key behind the last if there are
    more: three queries, however many advisers there are."""
    found = queries.found(
        now, words=words, area_code=area_code, language=language, after=after, limit=limit + 1
    )
    page = found[:limit]
    next_key = (page[-1].name, page[-1].id) if len(found) > limit else None
    return f"[{b','.join(_whole(actor, page, now)).decode()}]", next_key


def _whole(actor: Actor, advisers: Sequence[Found], now: datetime) -> list[bytes]:
    """With what PostgreSQL does not know: languages by name, the next free slot, and a link to the
    photo."""
    free = bookings.next_free([adviser.id for adviser in advisers], now) if advisers else {}
    return [
        merge(
            adviser.text,
            {
                "languages": [
                    {"code": code, "name": legal.language_name(code, actor.language)}
                    for code in adviser.languages
                ],
                "next_free": {"starts_at": slot.starts_at, "modes": list(slot.modes)}
                if (slot := free.get(adviser.id))
                else None,
                "photo_url": adviser.photo_id
                and attachments.thumbnail(adviser.photo_id, actor.id, now),
            },
        )
        for adviser in advisers
    ]
