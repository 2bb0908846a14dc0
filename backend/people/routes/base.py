"""Where the routes of people are mounted."""

from backend.web.api import Blueprint

blueprint = Blueprint("people", __name__, url_prefix="/api")
