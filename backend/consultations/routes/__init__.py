"""HTTP of meetings and of written questions."""

from backend.consultations.routes import meetings, questions
from backend.consultations.routes.base import blueprint

__all__ = ["blueprint", "meetings", "questions"]
