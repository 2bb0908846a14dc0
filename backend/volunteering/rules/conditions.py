"""Who may come: age, guardian, skills, and whether it can be signed up for now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from backend.volunteering.errors import (
    GuardianNeeded,
    RegistrationClosed,
    RegistrationNotOpen,
    ShiftOver,
    SkillsMissing,
    TooYoung,
)
from backend.volunteering.rules.states import Stage

GROWN_UP = 18
"""Younger than this, a guardian must consent (志愿服务条例 第七条; 民法典 第十七条)."""

YOUNGEST = 8
"""Younger children act through their guardians only (民法典 第二十条)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an activity asks for, and what decides whether its shift can be signed up for."""

    stage: Stage
    min_age: int | None
    skills: Collection[str]
    opens_at: datetime | None
    closes_at: datetime | None
    starts_at: datetime
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """What somebody brings."""

    born_on: date
    has_guardian: bool
    skills: Collection[str]


def age(born_on: date, on: date) -> int:
    """Full years; who is born on 29 February has a birthday on 1 March of other years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def require_open(wanted: Wanted, now: datetime) -> None:
    """Raises ShiftOver, RegistrationNotOpen, RegistrationClosed."""
    if wanted.stage is not Stage.PUBLISHED or wanted.cancelled or now >= wanted.starts_at:
        raise ShiftOver
    if wanted.opens_at is not None and now < wanted.opens_at:
        raise RegistrationNotOpen
    if wanted.closes_at is not None and now >= wanted.closes_at:
        raise RegistrationClosed


def require_fit(wanted: Wanted, offered: Offered, on: date) -> None:
    """Whether they may come on the day of the shift. Raises TooYoung, GuardianNeeded,
    SkillsMissing."""
    years = age(offered.born_on, on)
    if years < max(wanted.min_age or 0, YOUNGEST):
        raise TooYoung(age=max(wanted.min_age or 0, YOUNGEST))
    if years < GROWN_UP and not offered.has_guardian:
        raise GuardianNeeded
    if not set(wanted.skills) <= set(offered.skills):
        raise SkillsMissing
