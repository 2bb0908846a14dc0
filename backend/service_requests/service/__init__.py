"""What can be done with service requests. Every function owns its transaction."""

from backend.service_requests.place import Place
from backend.service_requests.service.handling import (
    accept,
    ask,
    assign,
    confirm,
    contest,
    not_accept,
    reply,
    start,
    supply,
    withdraw,
)
from backend.service_requests.service.keys import reencrypt
from backend.service_requests.service.moves import SUBJECT_KIND
from backend.service_requests.service.rating import rate
from backend.service_requests.service.submitting import CHECK_TEXT, Draft, submit
from backend.service_requests.service.text_check import record_text_verdict
from backend.service_requests.service.viewing import contact, view

__all__ = [
    "CHECK_TEXT",
    "SUBJECT_KIND",
    "Draft",
    "Place",
    "accept",
    "ask",
    "assign",
    "confirm",
    "contact",
    "contest",
    "not_accept",
    "rate",
    "record_text_verdict",
    "reencrypt",
    "reply",
    "start",
    "submit",
    "supply",
    "view",
    "withdraw",
]
