"""Pure rules: how long things last, who may appoint whom, who may see what of others."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from backend.kernel.actor import UNIT_ROLES, Actor, Grant, Role
from backend.people.errors import RoleScopeInvalid, RoleTermInvalid

SESSION_MAXIMUM = timedelta(days=180)
"""However often it is renewed, a session ends this long after sign-in."""

RENEWAL_OVERLAP = timedelta(minutes=10)
"""How long a renewed token still opens the session.

The answer that carries the new token can be lost on a weak network, and other requests may be
under way with the old one. Ten minutes cover the client's own retries and no more.
"""

INVITATION_LIFETIME = timedelta(days=7)

KEPT_AFTER_END = timedelta(days=30)
"""Sessions and unused codes are forgotten, and mandates listed, this long after they ended."""

CODE_LIFETIME = timedelta(minutes=10)
"""How long the code of a mandate can be used: given face to face, or over the telephone."""

ASK_LIFETIME = timedelta(days=7)
"""How long a mandate that was asked for can be confirmed, and cannot be asked for again."""


class Method(StrEnum):
    """How somebody's consent to be acted for was given."""

    CODE = "code"
    CONFIRMATION = "confirmation"
    RECORDED = "recorded"


class How(StrEnum):
    """How a grid worker was given the consent they record."""

    SPOKEN = "spoken"
    SIGNED = "signed"


CONTACT_ROLES = frozenset(
    {
        Role.GRID_WORKER,
        Role.HANDLER,
        Role.UNIT_LEAD,
        Role.DISPATCHER,
        Role.INSPECTOR,
        Role.ADVISER,
        Role.JUSTICE,
        Role.ORGANISER,
    }
)
"""Who handles people's requests, what they report of pressure, or what they ask a lawyer, or waits
for them at a shift, and so may need to reach them."""

_STAFF_DIRECTORY_ROLES = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.ADMIN})

_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O 1 I L, which are mistaken for each other on paper and over the telephone."""

_CODE_LENGTH = 8


def session_expiry(signed_in_at: datetime, now: datetime, session_days: int) -> datetime:
    """When a session that is opened or renewed now ends."""
    return min(now + timedelta(days=session_days), signed_in_at + SESSION_MAXIMUM)


def check_scope(role: Role, unit_id: UUID | None, area_code: str | None) -> None:
    """Roles of UNIT_ROLES are held in a unit, all others over an area. Raises RoleScopeInvalid."""
    in_unit, in_area = unit_id is not None, area_code is not None
    if (in_unit, in_area) != ((True, False) if role in UNIT_ROLES else (False, True)):
        raise RoleScopeInvalid


def check_term(valid_until: datetime | None, now: datetime) -> None:
    """Raises RoleTermInvalid when the term is over already."""
    if valid_until is not None and valid_until <= now:
        raise RoleTermInvalid


def may_appoint(
    grants: tuple[Grant, ...], role: Role, unit_id: UUID | None, area_code: str | None
) -> bool:
    """Whether these grants let their holder give, or take back, the role.

    An admin appoints anyone; the lead of a unit appoints that unit's handlers; a justice officer
    the legal advisers of the area; an organiser those of the areas below.
    """
    return any(
        grant.role == Role.ADMIN
        or (grant.role == Role.UNIT_LEAD and role == Role.HANDLER and grant.unit_id == unit_id)
        or (
            grant.role == Role.JUSTICE
            and role == Role.ADVISER
            and (area_code or "").startswith(grant.area_code or "-")
        )
        or (
            grant.role == role == Role.ORGANISER
            and area_code != grant.area_code
            and (area_code or "").startswith(grant.area_code or "-")
        )
        for grant in grants
    )


def may_see_members(actor: Actor, unit_id: UUID) -> bool:
    """Who works in a unit is for its own people and for those who dispatch and oversee."""
    return any(
        grant.role in _STAFF_DIRECTORY_ROLES
        or (grant.role in UNIT_ROLES and grant.unit_id == unit_id)
        for grant in actor.grants
    )


def may_read_contact(actor: Actor) -> bool:
    """Whether the role needs people's telephone numbers at all.

    Whether *this* person's is needed depends on the matter at hand; the caller has decided that.
    """
    return any(grant.role in CONTACT_ROLES for grant in actor.grants)


def new_code() -> str:
    """``XXXX-XXXX``, about 40 bits: enough against guessing online, which is rate-limited."""
    code = "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_LENGTH))
    return f"{code[:4]}-{code[4:]}"


def canonical_code(text: str) -> str:
    """The code as it was made, however it was typed: in lower case, with spaces, without a dash."""
    code = "".join(character for character in text.upper() if character.isalnum())
    return f"{code[:4]}-{code[4:]}"
