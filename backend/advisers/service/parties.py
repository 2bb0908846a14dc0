"""Conflict of interest: whom an adviser has acted for or against, known by keyed hashes only."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from backend.advisers import queries
from backend.advisers.rules.parties import OPPOSITE, MatterKind, Side, keys_of
from backend.kernel import audit
from backend.kernel.actor import Actor, Role
from backend.kernel.crypto import keyring
from backend.kernel.db import execute, transaction
from backend.kernel.errors import Forbidden
from backend.kernel.ids import new_id

_MOST_OFFERED = 3


def conflicts(adviser_id: UUID, clients: Sequence[str], opponents: Sequence[str]) -> bool:
    """Whether the adviser cannot act for these clients against these opponents.

    Because a client was an opponent in a matter of theirs, an opponent a client, or because an
    opponent bears the adviser's own name. What is remembered of the same people on the same sides
    is in no way.
    """
    name = queries.name_of(adviser_id)
    return name is not None and bool(_conflicted({adviser_id: name}, clients, opponents))


def free_of_conflict(
    area_code: str, clients: Sequence[str], opponents: Sequence[str], now: datetime
) -> list[UUID]:
    """At most three bookable advisers who can act: the area's own first, then who stands in there,
    then others of the township, then of the county."""
    candidates = dict(queries.candidates(area_code, now))
    conflicted = _conflicted(candidates, clients, opponents)
    return [id_ for id_ in candidates if id_ not in conflicted][:_MOST_OFFERED]


def remember_parties(
    adviser_id: UUID,
    matter_kind: str,
    matter_id: UUID,
    clients: Sequence[str],
    opponents: Sequence[str],
    now: datetime,
) -> None:
    """Keep who the parties of a matter are, in the caller's transaction if there is one.

    ``matter_kind`` is consultation, question or practice. Remembered again, nothing is added.
    """
    kind = MatterKind(matter_kind)
    rows = {(key_hash, side) for key_hash, side in _hashes(adviser_id, clients, opponents)}
    with transaction():
        execute(
            """
            INSERT INTO matter_parties
                (adviser_id, key_hash, side, matter_kind, matter_id, created_at)
            SELECT %s, key_hash, side, %s, %s, %s FROM unnest(%s::bytea[], %s::text[])
                AS p (key_hash, side)
            ON CONFLICT DO NOTHING
            """,
            (
                adviser_id,
                kind.value,
                matter_id,
                now,
                [key_hash for key_hash, _ in rows],
                [side.value for _, side in rows],
            ),
        )


def remember_practice(
    actor: Actor, clients: Sequence[str], opponents: Sequence[str], now: datetime
) -> None:
    """An adviser says whom they act for outside this service, and against whom. Raises Forbidden
    for who is no adviser."""
    adviser_id = queries.adviser_of(actor.id) if actor.has(Role.ADVISER) else None
    if adviser_id is None:
        raise Forbidden
    matter_id = new_id()
    with transaction():
        remember_parties(adviser_id, MatterKind.PRACTICE, matter_id, clients, opponents, now)
        audit.record(actor.id, "adviser.parties_remembered", "adviser", adviser_id)


def _conflicted(
    advisers: Mapping[UUID, str], clients: Sequence[str], opponents: Sequence[str]
) -> set[UUID]:
    against = set(chain.from_iterable(map(keys_of, opponents)))
    found = {id_ for id_, name in advisers.items() if against & keys_of(name)}
    looked_for = [
        (adviser_id, key_hash, OPPOSITE[side])
        for adviser_id in advisers.keys() - found
        for key_hash, side in _hashes(adviser_id, clients, opponents)
    ]
    return found | queries.hit(looked_for) if looked_for else found


def _hashes(
    adviser_id: UUID, clients: Sequence[str], opponents: Sequence[str]
) -> Iterator[tuple[bytes, Side]]:
    """The key of the hash is each adviser's own: nobody can tell who has turned to several."""
    for side, names in ((Side.CLIENT, clients), (Side.OPPONENT, opponents)):
        for key in chain.from_iterable(map(keys_of, names)):
            yield keyring.keyed_hash(key, f"advisers.party/{adviser_id}"), side
