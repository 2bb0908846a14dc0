"""Use cases of advisers; each function owns its transaction."""

from backend.advisers.service.ledger import Service, record_service
from backend.advisers.service.ledger_by_hand import ByHand, enter, void
from backend.advisers.service.ledger_data import detach, reencrypt
from backend.advisers.service.ledger_reading import entries as ledger
from backend.advisers.service.ledger_reading import entry as ledger_entry
from backend.advisers.service.ledger_reading import exported as exported_ledger
from backend.advisers.service.ledger_reading import held_about as ledger_about

__all__ = [
    "ByHand",
    "Service",
    "detach",
    "enter",
    "exported_ledger",
    "ledger",
    "ledger_about",
    "ledger_entry",
    "record_service",
    "reencrypt",
    "void",
]
