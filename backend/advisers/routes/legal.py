"""HTTP of the topics people ask lawyers about."""

from flask import Response

from backend.advisers import legal
from backend.advisers.routes.base import blueprint
from backend.advisers.schemas import register as schemas
from backend.web.auth import without_database
from backend.web.etag import conditional, etagged
from backend.web.language import language

_FRESH_SECONDS = 300


@blueprint.route("/legal/topics")
@without_database
@etagged
@blueprint.response(200, schemas.LegalTopics)
def legal_topics() -> Response:
    """The topics, each with until when one can go to law, in the caller's language."""
    return conditional(legal.public_json(language()), max_age=_FRESH_SECONDS)
