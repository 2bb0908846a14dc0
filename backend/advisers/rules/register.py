"""The register of advisers (法律顾问名册): who is in it, and who keeps it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Final

from backend.kernel.actor import Actor, Role
from backend.kernel.errors import DomainError

RESOURCE_KIND: Final = "adviser"
"""What advisers are to the booking engine."""

KEEPERS: Final = (Role.JUSTICE, Role.ADMIN)
"""Who keeps the register of their area."""

LICENCE: Final = "[0-9A-Za-z-]{6,40}"
"""A lawyer's licence (律师执业证) has 17 digits; other legal workers' have letters, too."""

OFFICE_PHONE: Final = "[0-9][0-9 -]{4,28}[0-9]"
"""Whatever an office has on its door: short numbers, and extensions behind a dash."""

MOST_LANGUAGES: Final = 8
MOST_VILLAGES: Final = 100
VILLAGES_IN_LISTS: Final = 6


class Length(IntEnum):
    """The most characters of each text."""

    NAME = 40
    FIRM = 60
    LANGUAGE = 20
    INTRO = 500


class Standing(StrEnum):
    """How an adviser stands today. Only who is active or upcoming can be booked."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    UPCOMING = "upcoming"


BOOKABLE: Final = frozenset({Standing.ACTIVE, Standing.UPCOMING})


@dataclass(frozen=True, slots=True)
class Entry:
    """What the register says of an adviser. ``villages`` are their own; in the areas of
    ``standby``, villages or larger ones, they stand in. ``term_until`` is the last day, if any."""

    name: str
    firm: str
    licence_no: str
    phone: str | None
    languages: tuple[str, ...]
    intro: str | None
    term_from: date
    term_until: date | None
    villages: tuple[str, ...]
    standby: tuple[str, ...]

    @property
    def areas(self) -> tuple[str, ...]:
        return (*self.villages, *self.standby)


def keeps(actor: Actor, area_codes: Iterable[str]) -> bool:
    """Whether an adviser of these areas is the actor's to keep: every one is in the actor's own."""
    own = tuple(actor.area_codes(*KEEPERS))
    return bool(own) and all(code.startswith(own) for code in area_codes)


def oversees(actor: Actor, area_codes: Iterable[str]) -> bool:
    """Whether the actor's justice office serves people of one of these areas."""
    own = tuple(actor.area_codes(*KEEPERS))
    return any(code.startswith(own) for code in area_codes)


def common_area(area_codes: Iterable[str]) -> str:
    """The smallest area, from the county down to a village, that contains all of them."""
    codes = list(area_codes)
    shared = codes[0]
    for code in codes[1:]:
        while not code.startswith(shared):
            shared = shared[:-3]
    return shared


class LicenceTaken(DomainError):
    """Another adviser in the register has the number of this licence."""

    code = "licence_taken"
    status = 409


class VillageTaken(DomainError):
    """A village has one adviser of its own; ``fields`` say which villages have another."""

    code = "village_taken"
    status = 409


class AdviserJoined(DomainError):
    """Somebody took up the invitation already."""

    code = "adviser_joined"
    status = 409


class ImportInvalid(DomainError):
    """Nothing was changed; every bad line is in ``lines``."""

    code = "import_invalid"


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import did."""

    total: int
    added: int
    changed: int
