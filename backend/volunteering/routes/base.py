"""The blueprint of this feature."""

from backend.web.api import Blueprint

blueprint = Blueprint(
    "volunteering", __name__, url_prefix="/api", description="Activities, sign-ups, hours"
)
