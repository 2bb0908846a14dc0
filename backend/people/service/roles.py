"""Roles: granted for a term, offered by invitation, taken back at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel import audit
from backend.kernel.actor import Actor, Role
from backend.kernel.crypto import keyring
from backend.kernel.db import execute, fetch_all, fetch_one, transaction
from backend.kernel.errors import Forbidden, NotFound
from backend.kernel.ids import new_id
from backend.people import queries
from backend.people.errors import InvitationExpired, InvitationUnknown, InvitationUsed, LastAdmin
from backend.people.models import Invitation, unknown_places_refused
from backend.people.ports import plugged
from backend.people.rules import (
    INVITATION_LIFETIME,
    canonical_code,
    check_scope,
    check_term,
    may_appoint,
    may_see_members,
    new_code,
)


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """A code that nobody can read again, and until when it can be used."""

    id: UUID
    code: str
    expires_at: datetime


def invite(
    actor: Actor | None,
    role: Role,
    now: datetime,
    *,
    unit_id: UUID | None = None,
    area_code: str | None = None,
    valid_until: datetime | None = None,
) -> NewInvitation:
    """Offer a role, until ``valid_until`` (None: no end), to whoever first brings the code.

    ``actor`` is None for the operator at the command line, who appoints the first administrator.
    Raises Forbidden, RoleScopeInvalid, RoleTermInvalid, UnitUnknown, AreaUnknown.
    """
    check_scope(role, unit_id, area_code)
    check_term(valid_until, now)
    if actor is not None and not may_appoint(actor.grants, role, unit_id, area_code):
        raise Forbidden
    code, expires_at = new_code(), now + INVITATION_LIFETIME
    invitation_id = new_id()
    actor_id = actor.id if actor is not None else None
    with transaction(), unknown_places_refused():
        Invitation.insert(
            id=invitation_id,
            code_digest=_code_digest(code),
            role=role,
            unit_id=unit_id,
            area_code=area_code,
            role_valid_until=valid_until,
            created_by=actor_id,
            created_at=now,
            expires_at=expires_at,
        ).execute()
        audit.record(
            actor_id,
            "invitation.created",
            "invitation",
            invitation_id,
            _scope(role, unit_id, area_code),
        )
    return NewInvitation(invitation_id, code, expires_at)


def accept_invitation(actor: Actor, code: str, now: datetime) -> None:
    """Take up an invitation; it works once, whoever is first.

    It is worth what its author may still give: if they have lost the right to appoint, it counts
    as expired. Raises InvitationUnknown, InvitationUsed, InvitationExpired,
    InvitationNotForYou.
    """
    digest = _code_digest(canonical_code(code))
    with transaction():
        taken = fetch_one(
            """
            UPDATE invitations SET used_by = %s, used_at = %s
            WHERE code_digest = %s AND used_at IS NULL AND expires_at > %s
            RETURNING id, role, unit_id, area_code, role_valid_until, created_by
            """,
            (actor.id, now, digest, now),
        )
        if taken is None:
            raise _why_not(digest)
        invitation_id, role, unit_id, area_code, role_valid_until, created_by = taken
        if role_valid_until is not None and role_valid_until <= now:
            raise InvitationExpired
        if created_by is not None:
            author = queries.actor_of(created_by, now)
            if author is None or not may_appoint(author.grants, Role(role), unit_id, area_code):
                raise InvitationExpired
        audit.record(actor.id, "invitation.accepted", "invitation", invitation_id)
        grant(
            actor.id,
            Role(role),
            now,
            unit_id=unit_id,
            area_code=area_code,
            valid_until=role_valid_until,
            granted_by=created_by,
        )
        for joined in plugged().joined:
            joined(actor.id, invitation_id, now)


def withdraw_invitation(invitation_id: UUID, now: datetime) -> None:
    """Let a code that nobody has used work no longer."""
    execute(
        "UPDATE invitations SET expires_at = %s"
        " WHERE id = %s AND used_at IS NULL AND expires_at > %s",
        (now, invitation_id, now),
    )


def _why_not(digest: bytes) -> InvitationUnknown | InvitationUsed | InvitationExpired:
    row = fetch_one("SELECT used_at FROM invitations WHERE code_digest = %s", (digest,))
    if row is None:
        return InvitationUnknown()
    return InvitationExpired() if row[0] is None else InvitationUsed()


def grant(
    person_id: UUID,
    role: Role,
    now: datetime,
    *,
    unit_id: UUID | None = None,
    area_code: str | None = None,
    valid_until: datetime | None = None,
    granted_by: UUID | None = None,
) -> UUID:
    """Give a role from now until ``valid_until`` (None: no end); the id of the grant.

    A person holds a role once per unit or area: granting again lengthens the term, never shortens
    it. ``granted_by`` is None for set-up from the command line. Raises RoleScopeInvalid,
    RoleTermInvalid, UnitUnknown, AreaUnknown.
    """
    check_scope(role, unit_id, area_code)
    check_term(valid_until, now)
    with transaction(), unknown_places_refused():
        changed = fetch_one(
            """
            INSERT INTO role_grants
                (id, person_id, role, unit_id, area_code, valid_from, valid_until, granted_by)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT (person_id, role, coalesce(unit_id::text, area_code))
                WHERE revoked_at IS NULL
            DO UPDATE SET
                valid_from = CASE WHEN role_grants.valid_until <= EXCLUDED.valid_from
                    THEN EXCLUDED.valid_from ELSE role_grants.valid_from END,
                valid_until = EXCLUDED.valid_until,
                granted_by = EXCLUDED.granted_by
            WHERE role_grants.valid_until IS NOT NULL
                AND (EXCLUDED.valid_until IS NULL
                    OR EXCLUDED.valid_until > role_grants.valid_until)
            RETURNING id
            """,
            (new_id(), person_id, role.value, unit_id, area_code, now, valid_until, granted_by),
        )
        if changed is not None:
            audit.record(
                granted_by, "role.granted", "person", person_id, _scope(role, unit_id, area_code)
            )
            return UUID(str(changed[0]))
        held = fetch_one(
            "SELECT id FROM role_grants WHERE person_id = %s AND role = %s AND revoked_at IS NULL"
            " AND coalesce(unit_id::text, area_code) = %s",
            (person_id, role.value, area_code if unit_id is None else str(unit_id)),
        )
        if held is None:
            raise NotFound
        return UUID(str(held[0]))


def revoke(actor: Actor, grant_id: UUID, now: datetime) -> None:
    """Take a role back; the person's very next request is without it. Revoked twice is revoked.

    Raises NotFound, Forbidden, LastAdmin.
    """
    with transaction():
        row = fetch_one(
            "SELECT person_id, role, unit_id, area_code FROM role_grants WHERE id = %s",
            (grant_id,),
        )
        if row is None:
            raise NotFound
        person_id, role, unit_id, area_code = row
        if not may_appoint(actor.grants, Role(role), unit_id, area_code):
            raise Forbidden
        if role == Role.ADMIN:
            _keep_an_admin([grant_id], now)
        revoked = execute(
            "UPDATE role_grants SET revoked_at = %s, revoked_by = %s"
            " WHERE id = %s AND revoked_at IS NULL",
            (now, actor.id, grant_id),
        )
        if revoked:
            audit.record(
                actor.id, "role.revoked", "person", person_id, _scope(role, unit_id, area_code)
            )


def end_roles(actor: Actor, now: datetime) -> None:
    """Give back every role of one's own, in the caller's transaction. Raises LastAdmin."""
    held = fetch_all(
        "SELECT id, role, unit_id, area_code FROM role_grants"
        " WHERE person_id = %s AND revoked_at IS NULL ORDER BY id",
        (actor.id,),
    )
    admin = [grant_id for grant_id, role, _, _ in held if role == Role.ADMIN]
    if admin:
        _keep_an_admin(admin, now)
    for grant_id, role, unit_id, area_code in held:
        execute(
            "UPDATE role_grants SET revoked_at = %s, revoked_by = %s"
            " WHERE id = %s AND revoked_at IS NULL",
            (now, actor.id, grant_id),
        )
        audit.record(actor.id, "role.revoked", "person", actor.id, _scope(role, unit_id, area_code))


def _keep_an_admin(leaving: Collection[UUID], now: datetime) -> None:
    # Locked in one order, so that two admins who revoke each other at once cannot both succeed.
    admins = fetch_all(
        """
        SELECT g.id FROM role_grants g JOIN people p ON p.id = g.person_id
        WHERE g.role = 'admin' AND g.revoked_at IS NULL AND p.closed_at IS NULL
            AND (g.valid_until IS NULL OR g.valid_until > %s)
        ORDER BY g.id FOR UPDATE OF g
        """,
        (now,),
    )
    if admins and {grant_id for (grant_id,) in admins} <= set(leaving):
        raise LastAdmin


def members(actor: Actor, unit_id: UUID, now: datetime) -> str:
    """The people of a unit as a JSON array (``queries.unit_members``). Raises Forbidden."""
    if not may_see_members(actor, unit_id):
        raise Forbidden
    return queries.unit_members(unit_id, now)


def _code_digest(code: str) -> bytes:
    return keyring.keyed_hash(code, "people.invitation")


def _scope(role: str, unit_id: UUID | None, area_code: str | None) -> dict[str, str | None]:
    return {
        "role": role,
        "unit_id": None if unit_id is None else str(unit_id),
        "area_code": area_code,
    }
