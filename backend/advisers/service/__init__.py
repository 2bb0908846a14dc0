"""Use cases of advisers; each function owns its transaction."""

from backend.advisers.service.importing import import_csv
from backend.advisers.service.ledger import Service, record_service
from backend.advisers.service.ledger_by_hand import ByHand, enter, void
from backend.advisers.service.ledger_data import detach, reencrypt
from backend.advisers.service.ledger_reading import entries as ledger
from backend.advisers.service.ledger_reading import entry as ledger_entry
from backend.advisers.service.ledger_reading import exported as exported_ledger
from backend.advisers.service.ledger_reading import held_about as ledger_about
from backend.advisers.service.parties import (
    conflicts,
    free_of_conflict,
    remember_parties,
    remember_practice,
)
from backend.advisers.service.reading import adviser, own, search, serving
from backend.advisers.service.register import (
    SUBJECT_KIND,
    appoint,
    change,
    create,
    invite,
    joined,
    leave,
    resume,
    runs,
    suspend,
)

__all__ = [
    "SUBJECT_KIND",
    "ByHand",
    "Service",
    "adviser",
    "appoint",
    "change",
    "conflicts",
    "create",
    "detach",
    "enter",
    "exported_ledger",
    "free_of_conflict",
    "import_csv",
    "invite",
    "joined",
    "leave",
    "ledger",
    "ledger_about",
    "ledger_entry",
    "own",
    "record_service",
    "reencrypt",
    "remember_parties",
    "remember_practice",
    "resume",
    "runs",
    "search",
    "serving",
    "suspend",
    "void",
]
