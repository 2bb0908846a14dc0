"""Pure rules of telling people: the kinds, what a credit is, and when a send is tried again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

NUMBER, CATEGORY, UNIT, AREA = "number", "category", "unit_name", "area_name"
ACTIVITY = "activity"
"""What volunteers do, by its title: organisers publish it for everybody."""
WHEN, STARTS, UNTIL, NEXT_TIMES = "when", "starts", "until", "next_times"
"""Of appointments: when it is (or was) in words, and as WeChat's `time` has it; until when a time
is kept; what is free next. With whom, and about what, is said by the appointment alone."""

TO_RESIDENT: dict[str, frozenset[str]] = {
    "request_submitted": frozenset({NUMBER, CATEGORY}),
    "request_accepted": frozenset({NUMBER, CATEGORY, UNIT}),
    "request_not_accepted": frozenset({NUMBER, CATEGORY}),
    "request_assigned": frozenset({NUMBER, CATEGORY, UNIT}),
    "request_started": frozenset({NUMBER, CATEGORY, UNIT}),
    "request_question": frozenset({NUMBER, CATEGORY}),
    "request_replied": frozenset({NUMBER, CATEGORY, UNIT}),
    "request_confirmed": frozenset({NUMBER, CATEGORY}),
    "request_rework": frozenset({NUMBER, CATEGORY, UNIT}),
    "request_withdrawn": frozenset({NUMBER, CATEGORY}),
    "request_overdue": frozenset({NUMBER, CATEGORY}),
    "request_closed_unconfirmed": frozenset({NUMBER, CATEGORY}),
    "request_reopened": frozenset({NUMBER, CATEGORY}),
    "request_follow_up": frozenset({NUMBER, CATEGORY}),
    "request_extended": frozenset({NUMBER, CATEGORY}),
    "request_deferred": frozenset({NUMBER, CATEGORY}),
    "request_merged": frozenset({NUMBER, CATEGORY}),
    "pressure_report_closed": frozenset({NUMBER}),
    "question_received": frozenset({CATEGORY}),
    "question_answered": frozenset({CATEGORY}),
    "question_late": frozenset({CATEGORY}),
}
TO_WHO_BOOKED: dict[str, frozenset[str]] = {
    "booking_made": frozenset({WHEN, STARTS}),
    "booking_moved": frozenset({WHEN, STARTS}),
    "booking_cancelled": frozenset({WHEN, STARTS}),
    "booking_displaced": frozenset({WHEN, STARTS, NEXT_TIMES}),
    "booking_reminder": frozenset({WHEN, STARTS}),
    "booking_no_show": frozenset({WHEN, STARTS}),
    "booking_offered": frozenset({WHEN, STARTS, UNTIL}),
    "booking_offer_lapsed": frozenset({WHEN, STARTS}),
    "consultation_served": frozenset({WHEN, STARTS}),
}
TO_VOLUNTEERS: dict[str, frozenset[str]] = {
    "signup_confirmed": frozenset({ACTIVITY, WHEN, STARTS}),
    "signup_declined": frozenset({ACTIVITY, WHEN, STARTS}),
    "signup_offered": frozenset({ACTIVITY, WHEN, STARTS, UNTIL}),
    "signup_lapsed": frozenset({ACTIVITY, WHEN, STARTS}),
    "signup_called_off": frozenset({ACTIVITY, WHEN, STARTS}),
    "signup_changed": frozenset({ACTIVITY, WHEN, STARTS}),
    "signup_reminder": frozenset({ACTIVITY, WHEN, STARTS}),
    "hours_recorded": frozenset({ACTIVITY, WHEN, STARTS}),
    "hours_corrected": frozenset({ACTIVITY, WHEN, STARTS}),
}
TO_FOLLOWERS: dict[str, frozenset[str]] = {
    "public_request_progress": frozenset({CATEGORY}),
}
"""Whoever follows a public request is told nothing that its public page does not say."""

TO_STAFF: dict[str, frozenset[str]] = {
    "request_arrived": frozenset({NUMBER, CATEGORY, AREA}),
    "request_assigned_to_you": frozenset({NUMBER, CATEGORY, AREA}),
    "request_supplied": frozenset({NUMBER, CATEGORY, AREA}),
    "request_contested": frozenset({NUMBER, CATEGORY, AREA}),
    "request_confirmed_staff": frozenset({NUMBER, CATEGORY, AREA}),
    "request_withdrawn_staff": frozenset({NUMBER, CATEGORY, AREA}),
    "request_danger": frozenset({NUMBER, CATEGORY, AREA}),
    "pressure_reported": frozenset({AREA}),
    "request_undispatched": frozenset({NUMBER, CATEGORY, AREA}),
    "request_half_time": frozenset({NUMBER, CATEGORY, AREA}),
    "request_due_soon": frozenset({NUMBER, CATEGORY, AREA}),
    "request_overdue_staff": frozenset({NUMBER, CATEGORY, AREA}),
    "request_task_overdue": frozenset({NUMBER, CATEGORY, AREA}),
    "request_closed_unconfirmed_staff": frozenset({NUMBER, CATEGORY, AREA}),
    "request_reopened_staff": frozenset({NUMBER, CATEGORY, AREA}),
    "request_disputed": frozenset({NUMBER, CATEGORY, AREA}),
    "request_ruled": frozenset({NUMBER, CATEGORY, AREA}),
    "request_second_list": frozenset({NUMBER, CATEGORY, AREA}),
    "request_extension_asked": frozenset({NUMBER, CATEGORY, AREA}),
    "request_extension_granted": frozenset({NUMBER, CATEGORY, AREA}),
    "request_extension_refused": frozenset({NUMBER, CATEGORY, AREA}),
    "request_task": frozenset({NUMBER, CATEGORY, AREA}),
    "request_task_answered": frozenset({NUMBER, CATEGORY, AREA}),
    "request_released": frozenset({NUMBER, CATEGORY, AREA}),
    "request_reminded": frozenset({NUMBER, CATEGORY, AREA}),
    "request_to_supervise": frozenset({NUMBER, CATEGORY, AREA}),
    "request_directed": frozenset({NUMBER, CATEGORY, AREA}),
    "request_came_back": frozenset({NUMBER, CATEGORY, AREA}),
    "question_asked": frozenset({CATEGORY, AREA}),
    "question_asked_again": frozenset({CATEGORY, AREA}),
    "question_handed": frozenset({CATEGORY, AREA}),
    "booking_made_provider": frozenset({WHEN, STARTS}),
    "booking_moved_provider": frozenset({WHEN, STARTS}),
    "booking_cancelled_provider": frozenset({WHEN, STARTS}),
    "booking_reminder_provider": frozenset({WHEN, STARTS}),
    "booking_no_show_provider": frozenset({WHEN, STARTS}),
    "signup_to_approve": frozenset({ACTIVITY, WHEN, STARTS}),
    "hours_to_confirm": frozenset({ACTIVITY, WHEN, STARTS}),
    "case_submitted": frozenset({AREA}),
    "case_published": frozenset({AREA}),
    "case_returned": frozenset({AREA}),
    "case_withdrawn": frozenset({AREA}),
}
OF_MANDATES: dict[str, frozenset[str]] = {
    "mandate_asked": frozenset(),
    "mandate_granted": frozenset(),
    "mandate_revoked": frozenset(),
}
"""Who acts for whom is said by the mandate itself: names have no place in a notice."""

KINDS = TO_RESIDENT | TO_WHO_BOOKED | TO_VOLUNTEERS | TO_FOLLOWERS | TO_STAFF | OF_MANDATES
"""Every kind of notice with the parameters its sentences need.

A parameter is a string, or ``{"zh-CN": "路灯", "en": "Street lamp"}`` where the words depend on the
reader. What people wrote (a reply, a reason) is never a parameter: the notice leads to it.
"""


class Audience(StrEnum):
    """As what somebody is told, and so which page shows them the subject."""

    REQUESTER = "requester"
    STAFF = "staff"
    FOLLOWER = "follower"


def audience(kind: str) -> Audience:
    """As what a notice of this kind tells its recipient."""
    if kind in TO_STAFF:
        return Audience.STAFF
    return Audience.FOLLOWER if kind in TO_FOLLOWERS else Audience.REQUESTER


def kept_params(kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters the kind needs, and no other: a notice stores nothing it does not say.

    Raises ValueError for an unknown kind or a missing parameter; both are mistakes of the caller.
    """
    if kind not in KINDS:
        raise ValueError(f"there is no notice of kind {kind!r}")
    missing = sorted(name for name in KINDS[kind] if not params.get(name))
    if missing:
        raise ValueError(f"{kind} needs {', '.join(missing)}")
    return {name: params[name] for name in sorted(KINDS[kind])}


def in_language(params: Mapping[str, Any], language: str) -> dict[str, str]:
    """The parameters in the reader's words; Chinese where a language is not there."""
    return {
        name: str((value.get(language) or value["zh-CN"]) if isinstance(value, dict) else value)
        for name, value in params.items()
    }


class Reason(StrEnum):
    """Why the ledger of credits has an entry."""

    CLIENT_REPORT = "client_report"
    PUSH_EVENT = "push_event"
    SENT = "sent"
    VOID_43101 = "void_43101"
    SWITCHED_OFF = "switched_off"


class SendState(StrEnum):
    """What became of a WeChat message.

    ``refused``: WeChat says there is no credit. ``failed``: it was surely not delivered and will
    not be. ``unknown``: it may have been delivered, so it is never sent again.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"


class TemplateKind(StrEnum):
    """A grant of a one-time template is one send; a long-term one lasts until it is withdrawn."""

    ONE_TIME = "one_time"
    LONG_TERM = "long_term"


SAME_GRANT_WITHIN = timedelta(minutes=10)
"""A grant is reported twice: by the mini-program, and by WeChat's push. Two reports from different
sources, by one person, for one template, this close together, are one grant. Each report explains
at most one other, so two real grants in a row still count as two."""

NO_CREDIT = 43101
"""WeChat's code for "the person refused, or has no grant left"."""

NEVER_ACCEPTED = frozenset({40003, 40037, 41030, 47003})
"""WeChat's codes for a message it will not take however often: a wrong openid, template, page or
value. Any other refusal (a token fault, a daily limit) may pass, and nothing was delivered."""

ENOUGH_CREDITS = 3
"""With this many left for a one-time template, nobody is asked for another."""

TEMPLATES_PER_ASK = 3
"""WeChat shows at most this many in one question."""

SENDING_LEASE = timedelta(minutes=5)
"""A send that has not ended by then died with its worker: nobody knows whether it was delivered.
Far above the client's time-outs, so a slow worker still writes down the true result."""

_DELAYS = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 30, 60, 120, 240))


def retry_at(attempts: int, now: datetime) -> datetime | None:
    """When to try again after a failure that surely delivered nothing; None when it is too late."""
    return now + _DELAYS[attempts - 1] if attempts <= len(_DELAYS) else None


def said_yes(outcome: str) -> bool:
    """Whether an answer to WeChat's question is a yes; it has several spellings of it."""
    return outcome.startswith("accept")


@dataclass(frozen=True, slots=True)
class Offer:
    """A template that could be asked for, and how many sends are left of it."""

    key: str
    kind: TemplateKind
    credits: int


def worth_asking(offers: Iterable[Offer]) -> list[Offer]:
    """Those a person should be asked for now, fewest credits first, never more than WeChat shows.

    A question answered often enough is a nuisance: what is plentiful is left out.
    """
    scarce = [
        offer
        for offer in offers
        if offer.credits < (1 if offer.kind is TemplateKind.LONG_TERM else ENOUGH_CREDITS)
    ]
    return sorted(scarce, key=lambda offer: offer.credits)[:TEMPLATES_PER_ASK]
