"""What of a public request is for everybody: never who asked, where, or how to reach them."""

from collections.abc import Iterable

from backend.kernel import personal_data
from backend.service_requests.rules.states import Kind

MASK = "×××"

PUBLIC_KINDS = frozenset(
    {
        Kind.SUBMITTED,
        Kind.ACCEPTED,
        Kind.NOT_ACCEPTED,
        Kind.ASSIGNED,
        Kind.RULED,
        Kind.STARTED,
        Kind.ASKED,
        Kind.SUPPLIED,
        Kind.EXTENSION_GRANTED,
        Kind.REPLIED,
        Kind.DEFERRED,
        Kind.MERGED,
        Kind.CONFIRMED,
        Kind.CONTESTED,
        Kind.CLOSED_UNCONFIRMED,
        Kind.REOPENED,
        Kind.RELEASED,
        Kind.CAME_BACK,
    }
)
"""What everybody may know has happened, without a word of what was written."""

BY_RESIDENT = frozenset(
    {Kind.SUBMITTED, Kind.SUPPLIED, Kind.CONFIRMED, Kind.CONTESTED, Kind.CAME_BACK}
)
"""Those of them that no unit did."""

TOLD_FOLLOWERS = frozenset(
    {
        Kind.REPLIED,
        Kind.DEFERRED,
        Kind.CONFIRMED,
        Kind.CLOSED_UNCONFIRMED,
        Kind.NOT_ACCEPTED,
    }
)
"""Of what those are told who follow a public request."""


def without_personal_data(text: str, names: Iterable[str | None]) -> str:
    """The text without these people's names, and without what leads to anybody.

    Rather too much than too little: a date or a meter reading may go too.
    """
    for name in names:
        if name and len(name) > 1:
            text = text.replace(name, MASK)
    return personal_data.masked(text, MASK)
