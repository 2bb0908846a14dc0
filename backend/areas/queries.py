"""Areas and units as JSON text, and the few lookups other features need."""

from collections.abc import Collection, Sequence
from uuid import UUID

from backend.areas.rules import path
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.text import tsquery_text

_MOST_AREAS = 300
_MOST_FOUND = 50
_MOST_UNITS = 100
_NOTHING = '{"items":[]}'

_AREA = """'code', a.code, 'name', a.name, 'level', a.level, 'full_name', a.full_name,
    'parent_code', a.parent_code"""


def areas_below(parent: str | None) -> str:
    """The active areas directly below one, or the county itself, as ``{"items": […]}``."""
    condition = "a.parent_code IS NULL" if parent is None else "a.parent_code = %s"
    return _areas(condition, () if parent is None else (parent,), "a.code", _MOST_AREAS)


def areas_named(q: str, within: str | None = None) -> str:
    """Active areas whose full name has all of ``q``, by character pairs; best first, at most 50.

    Names that begin with ``q`` come first, then villages before their grids.
    """
    query = tsquery_text(q)
    if not query:
        return _NOTHING
    return _areas(
        "a.search @@ %s::tsquery AND a.code LIKE %s",
        (query, f"{within or ''}%"),
        "starts_with(a.name, %s) DESC, length(a.code), a.code",
        _MOST_FOUND,
        order_params=(q.strip(),),
    )


def _areas(
    condition: str,
    params: Sequence[str],
    order: str,
    limit: int,
    order_params: Sequence[str] = (),
) -> str:
    row = fetch_one(
        f"""
        SELECT json_build_object('items', coalesce(json_agg(found.area), '[]'))::text FROM (
            SELECT json_build_object({_AREA}, 'has_children', EXISTS (
                SELECT FROM areas c WHERE c.parent_code = a.code AND c.active)) AS area
            FROM areas a WHERE a.active AND {condition} ORDER BY {order} LIMIT {limit}
        ) found""",
        (*params, *order_params),
    )
    return str(row[0]) if row else _NOTHING


def area(code: str) -> str | None:
    """One area with its ``path`` from the county down to itself, active or not; None if unknown."""
    row = fetch_one(
        f"""
        SELECT json_build_object({_AREA}, 'path', (
            SELECT json_agg(json_build_object({_AREA}) ORDER BY length(a.code))
            FROM areas a WHERE a.code = ANY(%s)))::text
        FROM areas a WHERE a.code = %s""",
        (list(path(code)), code),
    )
    return str(row[0]) if row else None


def is_active_area(code: str) -> bool:
    """Whether something can be reported there."""
    return fetch_one("SELECT FROM areas WHERE code = %s AND active", (code,)) is not None


def units(language: str, q: str | None = None, area_code: str | None = None) -> str:
    """Active units as ``{"items": […]}``, at most 100.

    With ``area_code`` those that serve it: the area's own first, then those of the areas above it.
    With ``q`` those whose Chinese or English name has all of it.
    """
    conditions, params = ["u.active"], list[object]()
    if area_code is not None:
        conditions.append("u.area_code = ANY(%s)")
        params.append(list(path(area_code)))
    if q is not None:
        if not (query := tsquery_text(q)):
            return _NOTHING
        conditions.append("u.search @@ %s::tsquery")
        params.append(query)
    order = "length(u.area_code) DESC" if area_code else "length(u.area_code)"
    name = "u.name_en" if language == "en" else "u.name"
    row = fetch_one(
        f"""
        SELECT json_build_object('items', coalesce(json_agg(found.unit), '[]'))::text FROM (
            SELECT json_build_object('id', u.id, 'code', u.code, 'name', {name}, 'kind', u.kind,
                'area', json_build_object('code', a.code, 'name', a.name), 'phone', u.phone) AS unit
            FROM units u JOIN areas a ON a.code = u.area_code
            WHERE {" AND ".join(conditions)}
            ORDER BY {order}, u.area_code, u.position LIMIT {_MOST_UNITS}
        ) found""",
        params,
    )
    return str(row[0]) if row else _NOTHING


def unit_ids(codes: Sequence[str], independent_of: Collection[UUID] = ()) -> dict[str, UUID]:
    """Ids of the active units among these codes.

    Without those of ``independent_of``, and without those of a township or village to which one
    of them belongs. The county's own units depend on each other only by being the same.
    """
    if not codes:
        return {}
    return dict(
        fetch_all(
            """
            SELECT u.code, u.id FROM units u
            WHERE u.active AND u.code = ANY(%s) AND NOT EXISTS (
                SELECT FROM units d JOIN areas a ON a.code = d.area_code
                WHERE d.id = ANY(%s) AND (
                    d.id = u.id OR a.parent_code IS NOT NULL AND u.area_code ^@ a.code))
            """,
            (list(codes), list(independent_of)),
        )
    )
