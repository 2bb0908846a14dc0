"""HTTP of volunteering."""

from backend.volunteering.routes import activities, signups
from backend.volunteering.routes.base import blueprint

__all__ = ["activities", "blueprint", "signups"]
