"""What follows from a change once it is committed: people are told, and texts are checked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from backend.areas import county
from backend.integrations.wechat import WeChatRefused
from backend.integrations.wechat.errors import NOT_SEEN_LATELY
from backend.kernel import outbox
from backend.kernel.actor import UNIT_ROLES, Role
from backend.kernel.outbox import Event, Handler
from backend.kernel.periodic import Periodic
from backend.notices import service as notices
from backend.people import queries as people
from backend.service_requests import ports, queries, service
from backend.service_requests.queries import Happening
from backend.service_requests.rules import TOLD_FOLLOWERS, Kind, State, TextVerdict
from backend.service_requests.service import sweeps

FORUM_SCENE = 3
"""WeChat's scenes: 1 profile, 2 comment, 3 forum, 4 social log. A request is nearest to 3."""

CHECKABLE = timedelta(hours=2)
"""WeChat checks texts only of people who used the mini-program this recently."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Which notice an event is to the requester and which to staff; None: none."""

    requester: str | None = None
    staff: str | None = None


TELLINGS: dict[Kind, Telling] = {
    Kind.SUBMITTED: Telling("request_submitted", "request_arrived"),
    Kind.ACCEPTED: Telling("request_accepted"),
    Kind.NOT_ACCEPTED: Telling("request_not_accepted"),
    Kind.ASSIGNED: Telling("request_assigned", "request_arrived"),
    Kind.STARTED: Telling("request_started"),
    Kind.ASKED: Telling("request_question"),
    Kind.SUPPLIED: Telling(staff="request_supplied"),
    Kind.REPLIED: Telling("request_replied"),
    Kind.CONFIRMED: Telling("request_confirmed", "request_confirmed_staff"),
    Kind.CONTESTED: Telling(staff="request_contested"),
    Kind.WITHDRAWN: Telling("request_withdrawn", "request_withdrawn_staff"),
    Kind.ESCALATED: Telling("request_overdue", "request_overdue_staff"),
    Kind.TASK_OVERDUE: Telling(staff="request_task_overdue"),
    Kind.CLOSED_UNCONFIRMED: Telling(
        "request_closed_unconfirmed", "request_closed_unconfirmed_staff"
    ),
    Kind.REOPENED: Telling("request_reopened", "request_reopened_staff"),
    Kind.FOLLOWED_UP: Telling("request_follow_up"),
}

ESCALATIONS: dict[int, Telling] = {
    50: Telling(staff="request_half_time"),
    80: Telling(staff="request_due_soon"),
    100: TELLINGS[Kind.ESCALATED],
}
"""What is told at each share of the time, in percent; more people are told the later it is."""


def tell(event: Event, now: datetime) -> None:
    """Put notices of one timeline event in the inboxes it concerns. Repeating changes nothing."""
    request_id, seq = UUID(event.payload["request_id"]), int(event.payload["seq"])
    happening = queries.happening(request_id, seq)
    if happening is None:
        raise outbox.Permanent("no such timeline event")
    kind = Kind(event.kind.removeprefix(f"{service.SUBJECT_KIND}."))
    telling = TELLINGS[kind] if happening.share is None else ESCALATIONS[happening.share]
    told = [(happening.requester_id, _to_requester(telling, event))]
    if kind is Kind.SUBMITTED and happening.danger:
        told += [(person_id, "request_danger") for person_id in _dispatchers(happening, now)]
    staff = _staff(happening, request_id, now)
    told += [(person_id, _to_staff(telling, happening)) for person_id in staff]
    params = _params(happening)
    for person_id, notice in told:
        if notice is not None and queries.may_view(person_id, request_id, now):
            notices.notify(
                person_id,
                notice,
                params,
                service.SUBJECT_KIND,
                request_id,
                f"{service.SUBJECT_KIND}/{request_id}/{seq}",
                now,
                discreet=not happening.public,
            )
    if kind in TOLD_FOLLOWERS:
        _tell_followers(happening, request_id, seq, now)


def _tell_followers(happening: Happening, request_id: UUID, seq: int, now: datetime) -> None:
    """Who follows a public request sees its public page, and needs no right to see more."""
    for person_id in queries.followers(request_id):
        if person_id != happening.requester_id and people.actor_of(person_id, now) is not None:
            notices.notify(
                person_id,
                "public_request_progress",
                _params(happening),
                service.SUBJECT_KIND,
                request_id,
                f"{service.SUBJECT_KIND}/{request_id}/{seq}/followers",
                now,
                discreet=False,
            )


def _to_requester(telling: Telling, event: Event) -> str | None:
    begun = telling is TELLINGS[Kind.STARTED]
    begun_again = begun and event.payload["state"] == State.REWORK
    return "request_rework" if begun_again else telling.requester


def _to_staff(telling: Telling, happening: Happening) -> str | None:
    if telling.staff == "request_arrived":
        if happening.assigned_to is not None:
            return "request_assigned_to_you"
        if happening.unit_id is None:
            return "request_undispatched"
    return telling.staff


def _staff(happening: Happening, request_id: UUID, now: datetime) -> list[UUID]:
    """Whom it concerns: the handler; else the lead unit; else those who dispatch the area.

    A handler who has left, or lost the role, does not keep it from the unit.

    Never whoever did it themselves, and never the requester in another role.
    """
    spared = {happening.requester_id, happening.actor_id}
    concerned = [*_concerned(happening, request_id, now), *_above(happening, now)]
    return [person_id for person_id in dict.fromkeys(concerned) if person_id not in spared]


def _above(happening: Happening, now: datetime) -> list[UUID]:
    """Whom an escalation reaches beyond who handles it: the unit's leaders, then supervisors."""
    share, told = happening.share or 0, []
    if share >= 80:
        told += people.members_with_role(Role.UNIT_LEAD, now, unit_id=happening.unit_id)
    if share >= 100:
        told += people.members_with_role(Role.SUPERVISOR, now, area_code=happening.area_code)
    return told


def _concerned(happening: Happening, request_id: UUID, now: datetime) -> Iterable[UUID]:
    if happening.assigned_to is not None:
        return [happening.assigned_to]
    handler_id = happening.handler_id
    if handler_id is not None and queries.may_view(handler_id, request_id, now):
        return [handler_id]
    if happening.unit_id is None:
        return _dispatchers(happening, now)
    members = (
        people.members_with_role(role, now, unit_id=happening.unit_id) for role in UNIT_ROLES
    )
    return dict.fromkeys(person_id for some in members for person_id in some)


def _dispatchers(happening: Happening, now: datetime) -> list[UUID]:
    """Those of the area, but not whoever did it themselves."""
    members = people.members_with_role(Role.DISPATCHER, now, area_code=happening.area_code)
    spared = {happening.requester_id, happening.actor_id}
    return [person_id for person_id in members if person_id not in spared]


def _params(happening: Happening) -> dict[str, object]:
    category = county.current().catalogue.categories.get(happening.category)
    return {
        "number": happening.number,
        # A county may drop a category that requests were made in; its code is better than nothing.
        "category": category.name if category else happening.category,
        "area_name": happening.area_name,
        "unit_name": happening.unit_name,
    }


def check_text(event: Event, now: datetime) -> None:
    """Ask WeChat about what the resident wrote, until it answers or their visit is too long ago.

    Without a verdict the text simply stays unpublished. What fails for a while is tried again by
    the outbox.
    """
    request_id = UUID(event.payload["request_id"])
    found = queries.unchecked_text(request_id)
    if found is None or found.openid is None or now > found.submitted_at + CHECKABLE:
        return
    try:
        verdict = ports.check_text(found.openid, found.text, FORUM_SCENE)
    except WeChatRefused as refusal:
        if refusal.errcode == NOT_SEEN_LATELY:
            return
        if refusal.may_pass:
            raise
        raise outbox.Permanent(f"WeChat refused the check: {refusal.errcode}") from refusal
    service.record_text_verdict(request_id, TextVerdict(verdict), now)


HANDLERS: dict[str, Handler] = {
    service.CHECK_TEXT: check_text,
    **{f"{service.SUBJECT_KIND}.{kind}": tell for kind in TELLINGS},
}

PERIODIC: dict[str, Periodic] = {
    "service_requests.escalate": Periodic(timedelta(minutes=2), sweeps.escalate),
    "service_requests.close_unconfirmed": Periodic(timedelta(minutes=10), sweeps.close_unconfirmed),
    "service_requests.reopen": Periodic(timedelta(minutes=5), sweeps.reopen),
    "service_requests.follow_up": Periodic(timedelta(minutes=10), sweeps.follow_up),
    "service_requests.tell_late_tasks": Periodic(timedelta(minutes=5), sweeps.tell_late_tasks),
    "service_requests.recount": Periodic(timedelta(minutes=10), sweeps.recount),
}
