"""What people tell of themselves, and what others may see of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any
from uuid import UUID

from backend.integrations.wechat import WeChat, WeChatError, WeChatRefused
from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_all, fetch_one, transaction
from backend.kernel.errors import FieldError, Forbidden, NotFound, ValidationFailed
from backend.kernel.ids import new_id
from backend.kernel.json import merge
from backend.people import masking, queries, sealed
from backend.people.errors import PhoneCodeInvalid, WechatUnavailable
from backend.people.identity import parse_id_number, parse_phone
from backend.people.models import Person, unknown_places_refused
from backend.people.rules import may_read_contact
from backend.people.sealed import Datum, unseal


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a person, in clear."""

    name: str
    phone: str | None


def me(person_id: UUID, now: datetime) -> bytes:
    """``Me``, as JSON: everything of oneself, telephone and identity number masked."""
    found = queries.me(person_id, now)
    if found is None:
        raise NotFound
    id_number = unseal(person_id, Datum.ID_NUMBER, found.id_number)
    return merge(
        found.json,
        {
            "phone": masked_phone(person_id, found.phone),
            "id_number": id_number and masking.id_number(id_number),
            "address": unseal(person_id, Datum.ADDRESS, found.address),
        },
    )


def update_profile(actor: Actor, changes: Mapping[str, str | None], now: datetime) -> None:
    """Change what is given of name, language, home_area_code, address and id_number.

    None clears a value that may be empty. Raises AreaUnknown, ValidationFailed.
    """
    values: dict[str, Any] = {
        name: changes[name] for name in ("name", "language", "home_area_code") if name in changes
    }
    if "address" in changes:
        values |= sealed.columns(actor.id, Datum.ADDRESS, changes["address"])
    if "id_number" in changes:
        values |= sealed.columns(actor.id, Datum.ID_NUMBER, _id_number(changes["id_number"], now))
    if values:
        _update(actor, values, sorted(changes))


def _id_number(text: str | None, now: datetime) -> str | None:
    if text is None:
        return None
    try:
        return parse_id_number(text, today=now.astimezone(LOCAL).date())
    except ValueError:
        raise ValidationFailed(fields=[FieldError("/id_number", "id_number_invalid")]) from None


def set_phone(actor: Actor, number: str) -> None:
    """Take a number the person typed; nothing shows that it is theirs. Raises ValidationFailed."""
    _set_phone(actor, number, verified_at=None)


def set_phone_from_wechat(actor: Actor, wechat: WeChat, code: str, now: datetime) -> None:
    """Take the number WeChat vouches for. Raises PhoneCodeInvalid, WechatUnavailable."""
    try:
        number = wechat.phone_number(code)
    except WeChatRefused:
        raise PhoneCodeInvalid from None
    except WeChatError as trouble:
        raise WechatUnavailable from trouble
    _set_phone(actor, number, verified_at=now)


def _set_phone(actor: Actor, number: str, *, verified_at: datetime | None) -> None:
    values = sealed.columns(actor.id, Datum.PHONE, canonical_phone(number))
    _update(actor, {**values, "phone_verified_at": verified_at}, ["phone"])


def canonical_phone(text: str) -> str:
    """The number as it is stored. Raises ValidationFailed."""
    try:
        return parse_phone(text)
    except ValueError:
        raise ValidationFailed(fields=[FieldError("/phone", "phone_invalid")]) from None


def _update(actor: Actor, values: dict[str, Any], changed: list[str]) -> None:
    with transaction(), unknown_places_refused():
        Person.update(values).where(Person.id == actor.id).execute()
        audit.record(actor.id, "person.changed", "person", actor.id, {"fields": changed})


def contact_of(actor: Actor, person_id: UUID, *, subject_kind: str, subject_id: UUID) -> Contact:
    """A person's telephone in clear, for staff who handle the given subject; the read is recorded.

    Where there is no number, nothing was read and nothing is recorded.
    That the actor may see the subject is for the caller to know. Raises Forbidden for roles that
    handle nobody's requests (``rules.CONTACT_ROLES``), NotFound.
    """
    if not may_read_contact(actor):
        raise Forbidden
    with transaction():
        row = fetch_one("SELECT name, phone_encrypted FROM people WHERE id = %s", (person_id,))
        if row is None:
            raise NotFound
        name, blob = row
        if blob is not None:
            audit.record(
                actor.id,
                audit.PERSONAL_DATA_READ,
                "person",
                person_id,
                {"fields": ["phone"], "for_kind": subject_kind, "for_id": str(subject_id)},
            )
        return Contact(name, unseal(person_id, Datum.PHONE, blob))


def masked_phone(person_id: UUID, blob: bytes | None) -> str | None:
    """A person's telephone as it may be shown without record: enough to recognise it."""
    phone = unseal(person_id, Datum.PHONE, blob)
    return phone and masking.phone(phone)


def phone_ends_with(person_id: UUID, blob: bytes | None, digits: str) -> bool:
    """Whether the person's telephone has these last digits; how long it takes tells nothing."""
    phone = unseal(person_id, Datum.PHONE, blob) or ""
    return compare_digest(phone[-len(digits) :], digits)


def find_by_phone(number: str) -> list[UUID]:
    """Everyone who gave this number; a family may share one. Raises ValidationFailed."""
    rows = fetch_all(
        "SELECT id FROM people WHERE phone_hash = %s AND closed_at IS NULL ORDER BY id",
        (sealed.search_hash(Datum.PHONE, canonical_phone(number)),),
    )
    return [row[0] for row in rows]


def ensure_person(
    openid: str,
    name: str,
    now: datetime,
    *,
    home_area_code: str | None = None,
    language: str = "zh-CN",
    phone: str | None = None,
) -> UUID:
    """The person with this WeChat identity, created or brought to these values: for set-up."""
    with transaction(), unknown_places_refused():
        row = fetch_one(
            """
            INSERT INTO people (id, wechat_openid, name, home_area_code, language, created_at)
            VALUES (%s, %s, %s, %s, %s, %s)
            ON CONFLICT (wechat_openid) DO UPDATE SET name = EXCLUDED.name,
                home_area_code = EXCLUDED.home_area_code, language = EXCLUDED.language
            RETURNING id
            """,
            (new_id(), openid, name, home_area_code, language, now),
        )
        if row is None:
            raise NotFound
        person_id: UUID = row[0]
        if phone is not None:
            values = sealed.columns(person_id, Datum.PHONE, canonical_phone(phone))
            Person.update(values).where(Person.id == person_id).execute()
        return person_id
