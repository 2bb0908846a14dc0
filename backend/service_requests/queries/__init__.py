"""Reading requests. Everything here asks the one gate, `visible_to`."""

from backend.service_requests.queries.details import (
    Shown,
    complains_about,
    serial_and_area_name,
    shown,
    unit_in_use,
)
from backend.service_requests.queries.facts import (
    Current,
    current,
    current_for_system,
    has_event,
    version_of,
)
from backend.service_requests.queries.gate import hidden_from, may_see, may_view, visible_to
from backend.service_requests.queries.given import Given, all_given, given
from backend.service_requests.queries.happenings import Happening, happening, unchecked_text
from backend.service_requests.queries.held import Held, held_about, numbers_of, open_for
from backend.service_requests.queries.lists import (
    Page,
    Queue,
    View,
    Wanted,
    own,
    workbench,
    workbench_summary,
)
from backend.service_requests.queries.pressure import inspected_report, told_of_report
from backend.service_requests.queries.public import (
    followed,
    followers,
    is_published,
    one_published,
    published,
    similar,
)
from backend.service_requests.queries.together import Main, id_of_number, main, waiting_for

__all__ = [
    "Current",
    "Given",
    "Happening",
    "Held",
    "Main",
    "Page",
    "Queue",
    "Shown",
    "View",
    "Wanted",
    "all_given",
    "complains_about",
    "current",
    "current_for_system",
    "followed",
    "followers",
    "given",
    "happening",
    "has_event",
    "held_about",
    "hidden_from",
    "id_of_number",
    "inspected_report",
    "is_published",
    "main",
    "may_see",
    "may_view",
    "numbers_of",
    "one_published",
    "open_for",
    "own",
    "published",
    "serial_and_area_name",
    "shown",
    "similar",
    "told_of_report",
    "unchecked_text",
    "unit_in_use",
    "version_of",
    "visible_to",
    "waiting_for",
    "workbench",
    "workbench_summary",
]
