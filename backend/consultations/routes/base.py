"""The blueprint of this feature."""

from backend.web.api import Blueprint

blueprint = Blueprint(
    "consultations", __name__, url_prefix="/api", description="Meetings with advisers, questions"
)
