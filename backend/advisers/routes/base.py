"""The blueprint of this feature."""

from backend.web.api import Blueprint

blueprint = Blueprint(
    "advisers", __name__, url_prefix="/api", description="Legal advisers and their ledger"
)
