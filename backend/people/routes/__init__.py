"""HTTP routes of people."""

from backend.people.routes import mandates, my_data, people
from backend.people.routes.base import blueprint

__all__ = ["blueprint", "mandates", "my_data", "people"]
