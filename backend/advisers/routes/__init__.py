"""HTTP of advisers: the register, topics, conflicts of interest, the ledger."""

from backend.advisers.routes import ledger, legal, parties, register
from backend.advisers.routes.base import blueprint

__all__ = ["blueprint", "ledger", "legal", "parties", "register"]
