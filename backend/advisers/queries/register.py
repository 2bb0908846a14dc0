"""Advisers as JSON text, and the few look-ups other features need.

What an adviser's answer lacks here, it gets in ``service``: the names of languages, which are the
county's, the next free slot, which only the booking engine knows, and the link to the photo, which
is made for one person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.advisers.rules.register import RESOURCE_KIND, VILLAGES_IN_LISTS, Entry
from backend.areas.rules import path
from backend.kernel.actor import Role
from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.text import tsquery_text
from backend.people import queries as people

Key = tuple[Any, ...]
"""Name and id of the last adviser of a page."""


@dataclass(frozen=True, slots=True)
class Found:
    """One adviser: ``Adviser`` as JSON text, less languages, ``next_free`` and ``photo_url``."""

    id: UUID
    name: str
    photo_id: UUID | None
    languages: Sequence[str]
    text: str


@dataclass(frozen=True, slots=True)
class Serving:
    """An adviser who serves an area: as its own, or standing in."""

    adviser: Found
    standby: bool
    active: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What has to be known to change an adviser."""

    person_id: UUID | None
    photo_id: UUID | None
    invitation_id: UUID | None
    areas: tuple[str, ...]


_STANDING = """CASE
    WHEN res.suspended_at IS NOT NULL THEN 'suspended'
    WHEN res.term_until < day.today THEN 'expired'
    WHEN res.term_from > day.today THEN 'upcoming' ELSE 'active' END"""

_BOOKABLE = "(res.suspended_at IS NULL AND coalesce(res.term_until >= day.today, true))"

_FROM = f"""
    FROM (SELECT %s::date AS today) day, advisers d
    JOIN booking_resources res ON res.id = d.id AND res.kind = '{RESOURCE_KIND}'
"""


def _areas(standby: bool, most: int | None) -> str:
    """SQL: the adviser's areas by code, of one sort."""
    return f"""(SELECT coalesce(json_agg(json_build_object('code', v.code, 'name', v.name)
            ORDER BY v.code), '[]')
        FROM (SELECT a.code, a.name FROM booking_resource_areas s
            JOIN areas a ON a.code = s.area_code
            WHERE s.resource_id = d.id AND {"s.standby" if standby else "NOT s.standby"}
            ORDER BY a.code {"" if most is None else f"LIMIT {most}"}) v)"""


def _adviser(most_villages: int | None = VILLAGES_IN_LISTS) -> str:
    return f"""
    'id', d.id, 'name', d.name, 'firm', d.firm, 'licence_no', d.licence_no, 'phone', d.phone,
    'intro', d.intro, 'term_from', res.term_from, 'term_until', res.term_until,
    'state', {_STANDING}, 'bookable', {_BOOKABLE},
    'last_served_on', d.last_served_on, 'villages', {_areas(False, most_villages)},
    'villages_count', (SELECT count(*) FROM booking_resource_areas s
        WHERE s.resource_id = d.id AND NOT s.standby)
    """


def adviser(adviser_id: UUID, now: datetime) -> Found | None:
    """One with all villages, the areas on standby, and whether anybody took up the invitation."""
    row = fetch_one(
        f"SELECT d.id, d.name, d.photo_id, d.languages, json_build_object({_adviser(None)},"
        f" 'standby', {_areas(True, None)}, 'joined', d.person_id IS NOT NULL,"
        f" 'photo_id', d.photo_id)::text"
        f" {_FROM} WHERE d.id = %s",
        (_today(now), adviser_id),
    )
    return None if row is None else Found(*row)


def found(
    now: datetime,
    *,
    words: str | None = None,
    area_code: str | None = None,
    language: str | None = None,
    after: Key | None = None,
    limit: int,
) -> list[Found]:
    """Advisers by name. ``words`` are of name, firm or licence; with an area, whoever serves it
    or any place in it."""
    conditions, params = ["true"], list[Any]()
    if words is not None:
        query = tsquery_text(words)
        if not query:
            return []
        conditions.append("d.search @@ %s::tsquery")
        params.append(query)
    if area_code is not None:
        conditions.append(
            "d.id IN (SELECT s.resource_id FROM booking_resource_areas s"
            " WHERE s.area_code ^@ %s OR s.area_code = ANY(%s))"
        )
        params += (area_code, list(path(area_code)))
    if language is not None:
        conditions.append("d.languages @> ARRAY[%s]")
        params.append(language)
    if after is not None:
        conditions.append("(d.name, d.id) > (%s, %s::uuid)")
        params += after
    rows = fetch_all(
        f"SELECT d.id, d.name, d.photo_id, d.languages, json_build_object({_adviser()})::text"
        f" {_FROM} WHERE {' AND '.join(conditions)} ORDER BY d.name, d.id LIMIT %s",
        (_today(now), *params, limit),
    )
    return [Found(*row) for row in rows]


def serving(area_code: str, now: datetime) -> list[Serving]:
    """Who serves an area, as its own or standing in: the own one first, then the nearest."""
    rows = fetch_all(
        f"""
        SELECT d.id, d.name, d.photo_id, d.languages, json_build_object({_adviser()})::text,
            s.standby, {_STANDING} = 'active'
        {_FROM} JOIN booking_resource_areas s ON s.resource_id = d.id AND s.area_code = ANY(%s)
        ORDER BY s.standby, length(s.area_code) DESC, d.name, d.id
        """,
        (_today(now), list(path(area_code))),
    )
    seen = dict[UUID, Serving]()
    for *columns, standby, active in rows:
        seen.setdefault(columns[0], Serving(Found(*columns), standby, active))
    return list(seen.values())


def place(area_code: str, language: str) -> str | None:
    """The area and its justice office as members of a JSON object; None for no such area.

    That of a place in a township is the township's own (司法所), else the county's bureau.
    """
    offices = [f"{code}:justice" for code in path(area_code) if len(code) == 9] or ["justice"]
    name = "u.name_en" if language == "en" else "u.name"
    row = fetch_one(
        f"""
        SELECT json_build_object('area',
            json_build_object('code', a.code, 'full_name', a.full_name),
            'justice_office', (SELECT json_build_object('name', {name}, 'phone', u.phone)
                FROM units u WHERE u.active AND u.code = ANY(%s) LIMIT 1))::text
        FROM areas a WHERE a.code = %s AND a.active
        """,
        (offices, area_code),
    )
    return None if row is None else str(row[0])


def candidates(area_code: str, now: datetime) -> list[tuple[UUID, str]]:
    """Id and name of everybody who can be booked, from the area outwards: its own adviser, who
    stands in there, those of the township, those of the county."""
    return fetch_all(
        f"""
        SELECT d.id, d.name
        {_FROM} CROSS JOIN LATERAL (
            SELECT min(CASE WHEN s.area_code = ANY(%s) THEN s.standby::int
                WHEN s.area_code ^@ %s THEN 2 ELSE 3 END) AS distance
            FROM booking_resource_areas s
            WHERE s.resource_id = d.id AND (s.area_code ^@ %s OR s.area_code = ANY(%s))) near
        WHERE {_BOOKABLE} AND near.distance IS NOT NULL
        ORDER BY near.distance, d.last_served_on NULLS FIRST, d.id
        """,
        (
            _today(now),
            list(path(area_code)),
            area_code[:9],
            area_code[:6],
            list(path(area_code)),
        ),
    )


def standbys(area_code: str, now: datetime) -> list[UUID]:
    """Active advisers who stand in for the area's own, the nearest first."""
    return [s.adviser.id for s in serving(area_code, now) if s.standby and s.active]


def adviser_of(person_id: UUID) -> UUID | None:
    """The adviser that this person is."""
    row = fetch_one("SELECT id FROM advisers WHERE person_id = %s", (person_id,))
    return row[0] if row else None


def name_of(adviser_id: UUID) -> str | None:
    """The adviser's name; None for no such adviser."""
    row = fetch_one("SELECT name FROM advisers WHERE id = %s", (adviser_id,))
    return row[0] if row else None


def person_of(adviser_id: UUID) -> UUID | None:
    """The person who is this adviser, once they took up their invitation."""
    row = fetch_one("SELECT person_id FROM advisers WHERE id = %s", (adviser_id,))
    return row[0] if row else None


def justice_over(area_code: str, now: datetime) -> list[UUID]:
    """The justice officers of an area; those of an area above it count."""
    return people.members_with_role(Role.JUSTICE, now, area_code=area_code)


def area_codes(adviser_id: UUID) -> list[str]:
    """Every area an adviser serves, own or standing in."""
    rows = fetch_all(
        "SELECT area_code FROM booking_resource_areas WHERE resource_id = %s ORDER BY area_code",
        (adviser_id,),
    )
    return [code for (code,) in rows]


def kept(adviser_id: UUID) -> Kept | None:
    """What has to be known to change an adviser, held for the transaction."""
    row = fetch_one(
        "SELECT person_id, photo_id, invitation_id FROM advisers WHERE id = %s FOR NO KEY UPDATE",
        (adviser_id,),
    )
    if row is None:
        return None
    person_id, photo_id, invitation_id = row
    return Kept(person_id, photo_id, invitation_id, tuple(area_codes(adviser_id)))


def entries(licence_nos: Sequence[str]) -> dict[str, tuple[UUID, Entry]]:
    """What the register says of those it has, by licence; held for the transaction."""
    rows = fetch_all(
        """
        SELECT d.id, d.name, d.firm, d.licence_no, d.phone, d.languages, d.intro, res.term_from,
            res.term_until,
            (SELECT array_agg(s.area_code ORDER BY s.area_code) FROM booking_resource_areas s
                WHERE s.resource_id = d.id AND NOT s.standby),
            (SELECT array_agg(s.area_code ORDER BY s.area_code) FROM booking_resource_areas s
                WHERE s.resource_id = d.id AND s.standby)
        FROM advisers d JOIN booking_resources res ON res.id = d.id
        WHERE d.licence_no = ANY(%s) ORDER BY d.id FOR NO KEY UPDATE OF d
        """,
        (list(licence_nos),),
    )
    return {row[3]: (row[0], _entry(*row[1:])) for row in rows}


def _entry(
    name: str,
    firm: str,
    licence_no: str,
    phone: str | None,
    languages: list[str],
    intro: str | None,
    term_from: date,
    term_until: date | None,
    villages: list[str] | None,
    standby: list[str] | None,
) -> Entry:
    return Entry(
        name,
        firm,
        licence_no,
        phone,
        tuple(languages),
        intro,
        term_from,
        term_until,
        tuple(villages or ()),
        tuple(standby or ()),
    )


def named_places() -> list[tuple[str, str, str]]:
    """Code, name and full name of every active area above a grid."""
    return fetch_all("SELECT code, name, full_name FROM areas WHERE active AND level <> 'grid'")


def places(area_codes: Sequence[str]) -> tuple[set[str], set[str]]:
    """Which of the codes are active villages, and which any active areas above a grid."""
    rows = fetch_all(
        "SELECT code, level = 'village' FROM areas"
        " WHERE active AND level <> 'grid' AND code = ANY(%s)",
        (list(area_codes),),
    )
    return {code for code, is_village in rows if is_village}, {code for code, _ in rows}


def others_villages(area_codes: Sequence[str], adviser_ids: Sequence[UUID]) -> set[str]:
    """Those of the villages that have an adviser of their own who is none of these."""
    rows = fetch_all(
        "SELECT area_code FROM booking_resource_areas WHERE kind = %s AND NOT standby"
        " AND area_code = ANY(%s) AND NOT resource_id = ANY(%s)",
        (RESOURCE_KIND, list(area_codes), list(adviser_ids)),
    )
    return {code for (code,) in rows}


def _today(now: datetime) -> date:
    return now.astimezone(LOCAL).date()
