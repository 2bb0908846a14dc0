"""The register of advisers: entered, changed, suspended, joined by the adviser."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import peewee

from backend.advisers import legal, queries
from backend.advisers.models import Adviser
from backend.advisers.rules.register import (
    RESOURCE_KIND,
    AdviserJoined,
    Entry,
    LicenceTaken,
    VillageTaken,
    common_area,
    keeps,
    oversees,
)
from backend.attachments import service as attachments
from backend.bookings import service as bookings
from backend.bookings.service import ServiceArea
from backend.kernel import audit
from backend.kernel.actor import Actor, Role
from backend.kernel.db import execute, fetch_one, transaction
from backend.kernel.errors import FieldError, Forbidden, NotFound, ValidationFailed
from backend.kernel.text import tsvector_text
from backend.people import queries as people_read
from backend.people import service as people
from backend.people.errors import InvitationNotForYou
from backend.people.service import NewInvitation

SUBJECT_KIND = "adviser"
"""What an adviser is to the audit log and to pictures."""


def create(
    actor: Actor | None, entry: Entry, now: datetime, *, photo_id: UUID | None = None
) -> UUID:
    """Enter an adviser into the register; the id of the adviser and of the bookable resource.

    ``actor`` is None for the operator at the command line. Raises Forbidden, ValidationFailed,
    LicenceTaken, VillageTaken, AttachmentNotAvailable.
    """
    with transaction():
        _check(actor, entry)
        adviser_id = enter(actor, entry, now)
        _set_photo(actor, adviser_id, None, photo_id, now)
    return adviser_id


def change(
    actor: Actor | None,
    adviser_id: UUID,
    entry: Entry,
    now: datetime,
    *,
    photo_id: UUID | None = None,
) -> None:
    """Bring an adviser to what the entry says; who has booked outside a shorter term is told.

    Raises NotFound, Forbidden, ValidationFailed, LicenceTaken, VillageTaken,
    AttachmentNotAvailable.
    """
    with transaction():
        kept = _kept(actor, adviser_id)
        _check(actor, entry, adviser_id)
        bring_to(actor, adviser_id, entry, now)
        _set_photo(actor, adviser_id, kept.photo_id, photo_id, now)


def enter(actor: Actor | None, entry: Entry, now: datetime) -> UUID:
    """Write a new entry that has been checked, in the caller's transaction; the adviser's id.

    Raises LicenceTaken, VillageTaken.
    """
    with _refusing():
        adviser_id = bookings.create_resource(
            RESOURCE_KIND,
            entry.name,
            now,
            areas=_service_areas(entry),
            term_from=entry.term_from,
            term_until=entry.term_until,
        )
        Adviser.insert(id=adviser_id, **_columns(entry)).execute()
    _record(actor, "created", adviser_id)
    return adviser_id


def bring_to(actor: Actor | None, adviser_id: UUID, entry: Entry, now: datetime) -> None:
    """Write what has changed of an entry and has been checked, in the caller's transaction.

    Raises LicenceTaken, VillageTaken.
    """
    with _refusing():
        Adviser.update(_columns(entry)).where(Adviser.id == adviser_id).execute()
        bookings.update_resource(
            adviser_id,
            now,
            name=entry.name,
            areas=_service_areas(entry),
            term_from=entry.term_from,
            term_until=entry.term_until,
        )
    _record(actor, "changed", adviser_id)


def suspend(actor: Actor, adviser_id: UUID, reason: str, now: datetime) -> None:
    """Let nobody book from now on; who has booked is told. Raises NotFound, Forbidden."""
    with transaction():
        _kept(actor, adviser_id)
        bookings.suspend(adviser_id, reason, now)
        _record(actor, "suspended", adviser_id)


def resume(actor: Actor, adviser_id: UUID, now: datetime) -> None:
    """Let people book again. Raises NotFound, Forbidden."""
    with transaction():
        _kept(actor, adviser_id)
        bookings.resume(adviser_id, now)
        _record(actor, "resumed", adviser_id)


def invite(actor: Actor, adviser_id: UUID, now: datetime) -> NewInvitation:
    """A code by which the adviser joins as this entry of the register; one made before is void.

    Raises NotFound, Forbidden, and AdviserJoined while somebody holds the role by this entry.
    """
    with transaction():
        kept = _kept(actor, adviser_id)
        if kept.person_id is not None:
            joined = people_read.actor_of(kept.person_id, now)
            if joined is not None and joined.has(Role.ADVISER):
                raise AdviserJoined
        if kept.invitation_id is not None:
            people.withdraw_invitation(kept.invitation_id, now)
        invitation = people.invite(actor, Role.ADVISER, now, area_code=common_area(kept.areas))
        execute("UPDATE advisers SET invitation_id = %s WHERE id = %s", (invitation.id, adviser_id))
    return invitation


def appoint(adviser_id: UUID, person_id: UUID, now: datetime) -> None:
    """Make the person this adviser, role and all: for set-up, where nobody is invited."""
    areas = queries.area_codes(adviser_id)
    with transaction():
        people.grant(person_id, Role.ADVISER, now, area_code=common_area(areas))
        _link(adviser_id, person_id)


def joined(person_id: UUID, invitation_id: UUID, now: datetime) -> None:
    """Somebody took up an invitation: if it is an adviser's, the person is that adviser.

    In the transaction that gives the role. Raises InvitationNotForYou for who is another adviser.
    """
    row = fetch_one("SELECT id FROM advisers WHERE invitation_id = %s FOR UPDATE", (invitation_id,))
    if row is None:
        return
    if queries.adviser_of(person_id) not in (None, row[0]):
        raise InvitationNotForYou
    _link(row[0], person_id)
    audit.record(person_id, "adviser.joined", SUBJECT_KIND, row[0])


def leave(person_id: UUID, now: datetime) -> None:
    """Forget which person an adviser is, in the transaction that closes the account."""
    adviser_id = queries.adviser_of(person_id)
    if adviser_id is not None:
        _link(adviser_id, None)


def runs(actor: Actor, resource_id: UUID) -> bool:
    """Whether the actor acts for an adviser's side: the adviser, or a justice office whose people
    the adviser serves."""
    if actor.has(Role.ADVISER) and queries.person_of(resource_id) == actor.id:
        return True
    return oversees(actor, queries.area_codes(resource_id))


def _link(adviser_id: UUID, person_id: UUID | None) -> None:
    execute("UPDATE advisers SET person_id = %s WHERE id = %s", (person_id, adviser_id))
    bookings.set_owner(adviser_id, person_id)


def _kept(actor: Actor | None, adviser_id: UUID) -> queries.Kept:
    """The adviser, held for the transaction. Raises NotFound, Forbidden."""
    kept = queries.kept(adviser_id)
    if kept is None:
        raise NotFound
    if actor is not None and not keeps(actor, kept.areas):
        raise Forbidden
    return kept


def _check(actor: Actor | None, entry: Entry, adviser_id: UUID | None = None) -> None:
    """Every language is the county's; every area is there, is the actor's, and its villages have no
    other adviser."""
    if actor is not None and not keeps(actor, ()):
        raise Forbidden
    villages, places = queries.places(entry.areas)
    known = legal.language_codes().values()
    wrong = [
        *(
            FieldError(f"/languages/{index}", "no_such_language")
            for index, code in enumerate(entry.languages)
            if code not in known
        ),
        *_wrong("villages", entry.villages, actor, villages),
        *_wrong("standby", entry.standby, actor, places),
    ]
    if wrong:
        raise ValidationFailed(fields=wrong)
    taken = queries.others_villages(entry.villages, [adviser_id] if adviser_id else [])
    if taken:
        raise VillageTaken(
            fields=[
                FieldError(f"/villages/{index}", VillageTaken.code)
                for index, code in enumerate(entry.villages)
                if code in taken
            ]
        )


def _wrong(
    field: str, codes: Sequence[str], actor: Actor | None, known: set[str]
) -> Iterator[FieldError]:
    for index, code in enumerate(codes):
        if code not in known:
            yield FieldError(f"/{field}/{index}", "no_such_village")
        elif actor is not None and not keeps(actor, [code]):
            yield FieldError(f"/{field}/{index}", "not_your_area")


def _set_photo(
    actor: Actor | None, adviser_id: UUID, before: UUID | None, after: UUID | None, now: datetime
) -> None:
    """``after`` is the photo there is, a picture the actor has uploaded, or None for no photo."""
    if after == before:
        return
    if after is not None and actor is not None:
        attachments.claim(actor.id, [after], SUBJECT_KIND, adviser_id, now, field="/photo_id")
    execute("UPDATE advisers SET photo_id = %s WHERE id = %s", (after, adviser_id))


def _service_areas(entry: Entry) -> list[ServiceArea]:
    return [
        *(ServiceArea(code, standby=False) for code in entry.villages),
        *(ServiceArea(code, standby=True) for code in entry.standby),
    ]


def _columns(entry: Entry) -> dict[str, Any]:
    terms = tsvector_text(entry.name, entry.firm, entry.licence_no)
    return {
        "name": entry.name,
        "firm": entry.firm,
        "licence_no": entry.licence_no,
        "phone": entry.phone,
        "languages": list(entry.languages),
        "intro": entry.intro,
        "search": peewee.SQL("array_to_tsvector(string_to_array(%s, ' '))", [terms]),
    }


_REFUSALS = {
    "advisers_licence_no": LicenceTaken,
    "booking_resource_areas_own": VillageTaken,
}


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what another transaction has taken meanwhile into LicenceTaken or VillageTaken.

    The statement has failed, and with it the transaction it was in: let the refusal through.
    """
    try:
        yield
    except peewee.IntegrityError as error:
        for constraint, refusal in _REFUSALS.items():
            if f'"{constraint}"' in str(error):
                raise refusal from error
        raise


def _record(actor: Actor | None, what: str, adviser_id: UUID) -> None:
    audit.record(None if actor is None else actor.id, f"adviser.{what}", SUBJECT_KIND, adviser_id)
