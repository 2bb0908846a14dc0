"""HTTP routes of areas, units and the catalogue. All of them only read."""

from typing import Any

from flask import Response

from backend.areas import county, queries, schemas
from backend.kernel.errors import NotFound
from backend.web.api import Blueprint, problems
from backend.web.auth import public, without_database
from backend.web.etag import conditional, etagged
from backend.web.language import language

blueprint = Blueprint("areas", __name__, url_prefix="/api")

_FRESH_SECONDS = 300


@blueprint.route("/areas")
@public
@etagged
@blueprint.arguments(schemas.AreaQuery, location="query")
@blueprint.response(200, schemas.Areas)
def areas(query: dict[str, Any]) -> Response:
    """The areas below one, or those a search finds (there too); with neither, the county."""
    if "q" in query:
        found = queries.areas_named(query["q"], within=query.get("parent"))
    else:
        found = queries.areas_below(query.get("parent"))
    return conditional(found, max_age=_FRESH_SECONDS)


@blueprint.route("/areas/<code>")
@public
@etagged
@blueprint.response(200, schemas.AreaWithPath)
@problems(NotFound)
def area(code: str) -> Response:
    """One area, and where it lies."""
    found = queries.area(code) if code.isascii() and code.isdigit() else None
    if found is None:
        raise NotFound
    return conditional(found, max_age=_FRESH_SECONDS)


@blueprint.route("/units")
@blueprint.arguments(schemas.UnitQuery, location="query")
@blueprint.response(200, schemas.Units)
def units(query: dict[str, Any]) -> str:
    """Units to hand a request to, at most 100: narrow them by name or by area."""
    return queries.units(language(), query.get("q"), query.get("area"))


@blueprint.route("/catalogue")
@without_database
@etagged
@blueprint.response(200, schemas.Catalogue)
def catalogue() -> Response:
    """What can be reported or asked for, in the caller's language."""
    body = county.current().catalogue.public_json(language())
    return conditional(body, max_age=_FRESH_SECONDS)
