"""What can be done with service requests. Every function owns its transaction."""

from backend.service_requests.place import Place
from backend.service_requests.service.closing import (
    Answer,
    came_back,
    confirm,
    contest,
    defer,
    direct,
    remind,
    reply,
    withdraw,
)
from backend.service_requests.service.complaints import About
from backend.service_requests.service.disputing import dispute, rule
from backend.service_requests.service.extending import decide_extension, request_extension
from backend.service_requests.service.following import follow, unfollow
from backend.service_requests.service.handling import accept, assign, not_accept, start
from backend.service_requests.service.keys import reencrypt
from backend.service_requests.service.lookup import forget_guesses, look_up
from backend.service_requests.service.materials import Item, Supply, ask, given_before, supply
from backend.service_requests.service.merging import merge
from backend.service_requests.service.moves import SUBJECT_KIND
from backend.service_requests.service.my_data import detach, export
from backend.service_requests.service.paper import print_receipt
from backend.service_requests.service.pressure import (
    REPORT_CLOSED,
    REPORT_KIND,
    REPORT_MADE,
    close_report,
    own_pressure_reports,
    report_pressure,
    reported_pressure,
    reporter_contact,
)
from backend.service_requests.service.rating import rate
from backend.service_requests.service.submitting import CHECK_TEXT, Draft, submit
from backend.service_requests.service.tasks import answer_task, cancel_task, open_task
from backend.service_requests.service.text_check import record_text_verdict
from backend.service_requests.service.viewing import contact, view

__all__ = [
    "CHECK_TEXT",
    "REPORT_CLOSED",
    "REPORT_KIND",
    "REPORT_MADE",
    "SUBJECT_KIND",
    "About",
    "Answer",
    "Draft",
    "Item",
    "Place",
    "Supply",
    "accept",
    "answer_task",
    "ask",
    "assign",
    "came_back",
    "cancel_task",
    "close_report",
    "confirm",
    "contact",
    "contest",
    "decide_extension",
    "defer",
    "detach",
    "direct",
    "dispute",
    "export",
    "follow",
    "forget_guesses",
    "given_before",
    "look_up",
    "merge",
    "not_accept",
    "open_task",
    "own_pressure_reports",
    "print_receipt",
    "rate",
    "record_text_verdict",
    "reencrypt",
    "remind",
    "reply",
    "report_pressure",
    "reported_pressure",
    "reporter_contact",
    "request_extension",
    "rule",
    "start",
    "submit",
    "supply",
    "unfollow",
    "view",
    "withdraw",
]
