"""Reading requests. Everything here asks the one gate, `visible_to`."""

from backend.service_requests.queries.details import (
    Current,
    Shown,
    current,
    serial_and_area_name,
    shown,
    unit_in_use,
    version_of,
)
from backend.service_requests.queries.gate import may_see, may_view, visible_to
from backend.service_requests.queries.happenings import Happening, happening, unchecked_text
from backend.service_requests.queries.lists import (
    Page,
    Queue,
    View,
    Wanted,
    own,
    workbench,
    workbench_summary,
)

__all__ = [
    "Current",
    "Happening",
    "Page",
    "Queue",
    "Shown",
    "View",
    "Wanted",
    "current",
    "happening",
    "may_see",
    "may_view",
    "own",
    "serial_and_area_name",
    "shown",
    "unchecked_text",
    "unit_in_use",
    "version_of",
    "visible_to",
    "workbench",
    "workbench_summary",
]
