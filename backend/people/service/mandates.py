"""Mandates (代办): consent to be acted for, given, recorded and taken back.

A person gives a code to somebody, or confirms what somebody asked for; for a person without an
account a grid worker records what they said or signed. Either side ends it at once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.kernel import audit, outbox
from backend.kernel.actor import Actor, Role, Scope
from backend.kernel.crypto import keyring
from backend.kernel.db import execute, fetch_all, fetch_one, transaction
from backend.kernel.errors import Forbidden, NotFound
from backend.kernel.ids import new_id
from backend.kernel.json import merge
from backend.people import ports, queries, sealed
from backend.people.errors import (
    AreaUnknown,
    MandateCodeExpired,
    MandateCodeUnknown,
    MandateCodeUsed,
    MandateForOneself,
    MandateNotOpen,
)
from backend.people.models import Mandate, Person, unknown_places_refused
from backend.people.rules import (
    ASK_LIFETIME,
    CODE_LIFETIME,
    How,
    Method,
    canonical_code,
    new_code,
)
from backend.people.sealed import Datum
from backend.people.service.profile import canonical_phone

SUBJECT_KIND = "mandate"

ASKED, GRANTED, REVOKED = "mandate.asked", "mandate.granted", "mandate.revoked"
"""Events, each with the mandate's id and who did it: the other side is to be told."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is allowed, and for how many days from the moment it is granted."""

    scopes: Collection[Scope]
    valid_days: int


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code that nobody can read again, and until when it can be used."""

    code: str
    expires_at: datetime


def offer(actor: Actor, terms: Terms, now: datetime) -> NewCode:
    """Make the code by which whoever first brings it may act for the actor.

    It takes the place of an earlier one that nobody has used.
    """
    mandate_id, code = new_id(), new_code()
    with transaction():
        execute("DELETE FROM mandates WHERE principal_id = %s AND agent_id IS NULL", (actor.id,))
        Mandate.insert(
            id=mandate_id,
            principal=actor.id,
            method=Method.CODE,
            code_digest=_code_digest(code),
            open_until=now + CODE_LIFETIME,
            **_columns(terms, now),
        ).execute()
        _record(actor, "mandate.offered", mandate_id, terms)
    return NewCode(code, now + CODE_LIFETIME)


def claim(actor: Actor, code: str, now: datetime) -> UUID:
    """Take up a code; it works once, whoever is first. The id of the mandate.

    Raises MandateCodeUnknown, MandateCodeUsed, MandateCodeExpired, MandateForOneself.
    """
    digest = _code_digest(canonical_code(code))
    with transaction():
        taken = fetch_one(
            """
            UPDATE mandates SET agent_id = %s, granted_at = %s,
                valid_until = %s + valid_days * interval '1 day'
            WHERE code_digest = %s AND principal_id <> %s AND agent_id IS NULL AND open_until > %s
            RETURNING id
            """,
            (actor.id, now, now, digest, actor.id, now),
        )
        if taken is None:
            raise _why_not(actor, digest)
        mandate_id: UUID = taken[0]
        _record(actor, GRANTED, mandate_id)
        outbox.put(GRANTED, _told_by(actor, mandate_id))
    return mandate_id


def _why_not(
    actor: Actor, digest: bytes
) -> MandateCodeUnknown | MandateCodeUsed | MandateForOneself | MandateCodeExpired:
    row = fetch_one("SELECT principal_id, agent_id FROM mandates WHERE code_digest = %s", (digest,))
    if row is None:
        return MandateCodeUnknown()
    principal_id, agent_id = row
    if agent_id is not None:
        return MandateCodeUsed()
    return MandateForOneself() if principal_id == actor.id else MandateCodeExpired()


def ask(actor: Actor, name: str, phone: str, terms: Terms, now: datetime) -> None:
    """Ask the person of this name and telephone to let the actor act for them.

    Whether there is one is never told, neither here nor later, unless they confirm. The same
    person is not asked again by the same actor within ``rules.ASK_LIFETIME``.
    Raises ValidationFailed for what is no telephone number.
    """
    number = canonical_phone(phone)
    with transaction():
        asked = fetch_one(
            """
            SELECT p.id FROM people p
            WHERE p.phone_hash = %s AND p.name = %s AND p.id <> %s
                AND p.closed_at IS NULL AND p.wechat_openid IS NOT NULL
            ORDER BY p.phone_verified_at IS NULL, p.id LIMIT 1
            """,
            (sealed.search_hash(Datum.PHONE, number), name, actor.id),
        )
        # One after the other, so that two questions at once are one.
        fetch_one("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", (str(actor.id),))
        mandate_id = None if asked is None else _asked(actor, asked[0], terms, now)
        _record(actor, ASKED, mandate_id, terms)


def _asked(actor: Actor, principal_id: UUID, terms: Terms, now: datetime) -> UUID | None:
    before = fetch_one(
        "SELECT FROM mandates WHERE principal_id = %s AND agent_id = %s AND method = %s"
        " AND created_at > %s",
        (principal_id, actor.id, Method.CONFIRMATION.value, now - ASK_LIFETIME),
    )
    if before is not None:
        return None
    mandate_id = new_id()
    Mandate.insert(
        id=mandate_id,
        principal=principal_id,
        agent=actor.id,
        method=Method.CONFIRMATION,
        open_until=now + ASK_LIFETIME,
        **_columns(terms, now),
    ).execute()
    outbox.put(ASKED, _told_by(actor, mandate_id))
    return mandate_id


def confirm(actor: Actor, mandate_id: UUID, now: datetime) -> None:
    """Grant what one was asked for. Raises NotFound, MandateNotOpen."""
    with transaction():
        granted = execute(
            """
            UPDATE mandates SET granted_at = %s, valid_until = %s + valid_days * interval '1 day'
            WHERE id = %s AND principal_id = %s AND method = %s
                AND granted_at IS NULL AND revoked_at IS NULL AND open_until > %s
            """,
            (now, now, mandate_id, actor.id, Method.CONFIRMATION.value, now),
        )
        if not granted:
            asked = fetch_one(
                "SELECT FROM mandates WHERE id = %s AND principal_id = %s AND method = %s",
                (mandate_id, actor.id, Method.CONFIRMATION.value),
            )
            raise NotFound if asked is None else MandateNotOpen
        _record(actor, GRANTED, mandate_id)
        outbox.put(GRANTED, _told_by(actor, mandate_id))


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person without an account said or signed before a grid worker."""

    name: str
    phone: str | None
    area_code: str
    how: How
    statement: str
    attachment_ids: Sequence[UUID]


def record(actor: Actor, consent: Consent, terms: Terms, now: datetime) -> UUID:
    """Write down a consent given in the actor's presence; the id of the mandate, in force at once.

    Only for people without an account, who could not confirm it themselves, and only by a grid
    worker of their area. Raises Forbidden, AreaUnknown, ValidationFailed, EvidenceNotAvailable.
    """
    if not actor.has(Role.GRID_WORKER):
        raise Forbidden
    phone = None if consent.phone is None else canonical_phone(consent.phone)
    role_grant_id = queries.grant_over(actor.id, Role.GRID_WORKER, consent.area_code, now)
    if role_grant_id is None:
        known = fetch_one("SELECT FROM areas WHERE code = %s", (consent.area_code,))
        raise AreaUnknown if known is None else Forbidden
    mandate_id = new_id()
    with transaction(), unknown_places_refused():
        Mandate.insert(
            id=mandate_id,
            principal=_without_account(actor, consent.name, phone, consent.area_code, now),
            agent=actor.id,
            method=Method.RECORDED,
            granted_at=now,
            valid_until=now + timedelta(days=terms.valid_days),
            role_grant=role_grant_id,
            how=consent.how,
            statement_encrypted=sealed.seal_statement(mandate_id, consent.statement),
            **_columns(terms, now),
        ).execute()
        claim_pictures = ports.plugged().claim_pictures
        claim_pictures(actor.id, consent.attachment_ids, SUBJECT_KIND, mandate_id, now)
        audit.record(
            actor.id,
            GRANTED,
            SUBJECT_KIND,
            mandate_id,
            {"scopes": sorted(terms.scopes), "how": consent.how, "area_code": consent.area_code},
        )
    return mandate_id


def person_without_account(
    actor: Actor, name: str, phone: str | None, area_code: str, now: datetime
) -> UUID:
    """Somebody without an account for whom staff do something, known from before or new.

    That the actor may do it is for the caller to know. Raises ValidationFailed, AreaUnknown.
    """
    number = None if phone is None else canonical_phone(phone)
    with transaction(), unknown_places_refused():
        return _without_account(actor, name, number, area_code, now)


def _without_account(
    actor: Actor, name: str, phone: str | None, area_code: str, now: datetime
) -> UUID:
    """The person, known from before or new.

    Known by name, place and telephone; without a telephone only to whoever acted for them already,
    because a village has many of one name.
    """
    fetch_one("SELECT pg_advisory_xact_lock(hashtextextended(%s, 8))", (area_code,))
    found = fetch_one(
        """
        SELECT p.id FROM people p
        WHERE p.wechat_openid IS NULL AND p.closed_at IS NULL
            AND p.name = %s AND p.home_area_code = %s AND p.phone_hash IS NOT DISTINCT FROM %s
            AND (p.phone_hash IS NOT NULL OR EXISTS (
                SELECT FROM mandates m WHERE m.principal_id = p.id AND m.agent_id = %s))
        ORDER BY p.id LIMIT 1
        """,
        (
            name,
            area_code,
            None if phone is None else sealed.search_hash(Datum.PHONE, phone),
            actor.id,
        ),
    )
    if found is not None:
        known_id: UUID = found[0]
        return known_id
    person_id = new_id()
    Person.insert(
        id=person_id,
        name=name,
        home_area_code=area_code,
        created_at=now,
        **sealed.columns(person_id, Datum.PHONE, phone),
    ).execute()
    return person_id


def revoke_mandate(actor: Actor, mandate_id: UUID, now: datetime) -> None:
    """End a mandate, or decline one that was asked for: the agent's next request is without it.

    Ended twice is ended. Raises NotFound for whoever is not one of its two sides.
    """
    with transaction():
        row = fetch_one(
            """
            SELECT granted_at IS NOT NULL FROM mandates WHERE id = %s AND (
                (principal_id = %s AND agent_id IS NOT NULL)
                OR (agent_id = %s AND granted_at IS NOT NULL))
            FOR UPDATE
            """,
            (mandate_id, actor.id, actor.id),
        )
        if row is None:
            raise NotFound
        _revoke(actor, mandate_id, now)


def revoke_all(actor: Actor, now: datetime) -> None:
    """End every mandate of the actor, on either side, in the caller's transaction."""
    execute("DELETE FROM mandates WHERE principal_id = %s AND agent_id IS NULL", (actor.id,))
    mandates = fetch_all(
        "SELECT id FROM mandates WHERE %s IN (principal_id, agent_id) AND revoked_at IS NULL"
        " AND coalesce(valid_until, open_until) > %s ORDER BY id FOR UPDATE",
        (actor.id, now),
    )
    for (mandate_id,) in mandates:
        _revoke(actor, mandate_id, now)


def _revoke(actor: Actor, mandate_id: UUID, now: datetime) -> None:
    row = fetch_one(
        "UPDATE mandates SET revoked_at = %s, revoked_by = %s WHERE id = %s AND revoked_at IS NULL"
        " RETURNING granted_at IS NOT NULL AND valid_until > %s",
        (now, actor.id, mandate_id, now),
    )
    if row is None:
        return
    _record(actor, REVOKED, mandate_id)
    if row[0]:
        outbox.put(REVOKED, _told_by(actor, mandate_id))


def mandates_of(actor: Actor, now: datetime) -> str:
    """``{given: [Mandate], received: [Mandate]}`` as JSON text."""
    return queries.mandates_of(actor.id, now)


def mandate(actor: Actor, mandate_id: UUID, now: datetime) -> bytes:
    """One mandate of the actor's as JSON. Raises NotFound."""
    return _found(actor, mandate_id, now).json.encode()


def mandate_with_evidence(actor: Actor, mandate_id: UUID, now: datetime) -> bytes:
    """The same with what was said or signed, and pictures of it. Raises NotFound."""
    found = _found(actor, mandate_id, now)
    pictures: list[dict[str, Any]] = ports.plugged().pictures_of(
        SUBJECT_KIND, mandate_id, actor.id, now
    )
    blob = found.statement
    return merge(
        found.json,
        {
            "how": found.how,
            "statement": None if blob is None else sealed.unseal_statement(mandate_id, blob),
            "attachments": pictures,
        },
    )


def _found(actor: Actor, mandate_id: UUID, now: datetime) -> queries.Recorded:
    found = queries.mandate(actor.id, mandate_id, now)
    if found is None:
        raise NotFound
    return found


def _columns(terms: Terms, now: datetime) -> dict[str, Any]:
    return {
        "scopes": sorted(terms.scopes),
        "valid_days": terms.valid_days,
        "created_at": now,
    }


def _told_by(actor: Actor, mandate_id: UUID) -> dict[str, str]:
    return {"mandate_id": str(mandate_id), "by": str(actor.id)}


def _record(actor: Actor, action: str, mandate_id: UUID | None, terms: Terms | None = None) -> None:
    details = {} if terms is None else {"scopes": sorted(terms.scopes), "days": terms.valid_days}
    audit.record(actor.id, action, SUBJECT_KIND, mandate_id, details)


def _code_digest(code: str) -> bytes:
    return keyring.keyed_hash(code, "people.mandate")
