"""What one sees of oneself, who holds which role, and who people are to WeChat."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from backend.kernel.actor import Role
from backend.kernel.db import fetch_all, fetch_one
from backend.people.queries.actors import live_grant

_LIVE = live_grant("g", "%s")


class Sealed(NamedTuple):
    """A read model, and the encrypted values that still have to be opened for it."""

    json: str
    phone: bytes | None
    id_number: bytes | None
    address: bytes | None


def me(person_id: UUID, now: datetime) -> Sealed | None:
    """``Me`` as JSON text, less what is encrypted."""
    row = fetch_one(
        f"""
        SELECT json_build_object(
            'id', p.id, 'name', p.name, 'language', p.language,
            'home_area', (
                SELECT json_build_object('code', a.code, 'name', a.name, 'level', a.level,
                    'full_name', a.full_name, 'parent_code', a.parent_code)
                FROM areas a WHERE a.code = p.home_area_code),
            'roles', coalesce((
                SELECT json_agg(json_build_object(
                    'id', g.id, 'role', g.role,
                    'unit', CASE WHEN u.id IS NOT NULL
                        THEN json_build_object('id', u.id, 'name',
                            CASE p.language WHEN 'en' THEN u.name_en ELSE u.name END) END,
                    'area', CASE WHEN a.code IS NOT NULL
                        THEN json_build_object('code', a.code, 'name', a.name) END,
                    'valid_until', g.valid_until) ORDER BY g.id)
                FROM role_grants g
                LEFT JOIN units u ON u.id = g.unit_id
                LEFT JOIN areas a ON a.code = g.area_code
                WHERE g.person_id = p.id AND {_LIVE}), '[]')
            )::text, p.phone_encrypted, p.id_number_encrypted, p.address_encrypted
        FROM people p WHERE p.id = %s
        """,
        (now, now, person_id),
    )
    return None if row is None else Sealed(*row)


def unit_members(unit_id: UUID, now: datetime) -> str:
    """``[{id, name, role, role_id, valid_until}]`` as JSON text, leads first, then by name."""
    row = fetch_one(
        f"""
        SELECT coalesce(json_agg(json_build_object(
            'id', p.id, 'name', p.name, 'role', g.role, 'role_id', g.id,
            'valid_until', g.valid_until) ORDER BY g.role DESC, p.name, p.id), '[]')::text
        FROM role_grants g JOIN people p ON p.id = g.person_id
        WHERE g.unit_id = %s AND {_LIVE} AND p.closed_at IS NULL
        """,
        (unit_id, now, now),
    )
    return str(row[0]) if row else "[]"


def members_with_role(
    role: Role,
    now: datetime,
    *,
    unit_id: UUID | None = None,
    area_code: str | None = None,
) -> list[UUID]:
    """Who holds the role now: in the unit, or over the area (a grant for an area above it counts).

    Give one of the two; no unit and no area has nobody. For notices, and for deciding whether
    somebody may be assigned.
    """
    place: UUID | str
    if unit_id is not None:
        condition, place = "g.unit_id = %s", unit_id
    elif area_code is not None:
        condition, place = f"g.area_code IN ({_AREA_AND_ABOVE})", area_code
    else:
        return []
    rows = fetch_all(
        f"""
        SELECT DISTINCT g.person_id FROM role_grants g JOIN people p ON p.id = g.person_id
        WHERE g.role = %s AND {_LIVE} AND p.closed_at IS NULL AND {condition}
        ORDER BY g.person_id
        """,
        (role.value, now, now, place),
    )
    return [row[0] for row in rows]


_AREA_AND_ABOVE = """
    WITH RECURSIVE above AS (
        SELECT code, parent_code FROM areas WHERE code = %s
        UNION ALL
        SELECT a.code, a.parent_code FROM areas a JOIN above ON a.code = above.parent_code)
    SELECT code FROM above
"""


class StaffMember(NamedTuple):
    """Somebody who holds a role, and the units in which they do."""

    id: UUID
    name: str
    units: list[UUID]


def staff(now: datetime) -> list[StaffMember]:
    """Everybody who holds any role now."""
    rows = fetch_all(
        f"""
        SELECT p.id, p.name, array_remove(array_agg(DISTINCT g.unit_id), NULL)
        FROM role_grants g JOIN people p ON p.id = g.person_id
        WHERE {_LIVE} AND p.closed_at IS NULL
        GROUP BY p.id ORDER BY p.id
        """,
        (now, now),
    )
    return [StaffMember(*row) for row in rows]


def openid_of(person_id: UUID) -> str | None:
    """The person's openid; None outside WeChat, and for a closed account."""
    row = fetch_one(
        "SELECT wechat_openid FROM people WHERE id = %s AND closed_at IS NULL", (person_id,)
    )
    return row[0] if row else None


def grant_over(person_id: UUID, role: Role, area_code: str, now: datetime) -> UUID | None:
    """The grant by which the person holds the role over the area now, the one that lasts longest.

    A grant for an area above it counts.
    """
    row = fetch_one(
        f"""
        SELECT g.id FROM role_grants g
        WHERE g.person_id = %s AND g.role = %s AND {_LIVE} AND g.area_code IN ({_AREA_AND_ABOVE})
        ORDER BY g.valid_until DESC NULLS FIRST, g.id LIMIT 1
        """,
        (person_id, role.value, now, now, area_code),
    )
    return row[0] if row else None
