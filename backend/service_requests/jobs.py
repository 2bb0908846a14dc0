"""What follows from a change once it is committed: people are told, and texts are checked."""

from collections.abc import Iterable
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
from backend.service_requests.rules import (
    TOLD_FOLLOWERS,
    Kind,
    State,
    TextVerdict,
    may_inspect,
)
from backend.service_requests.service import sweeps
from backend.service_requests.tellings import TELLINGS, Group, Telling, telling

FORUM_SCENE = 3
"""WeChat's scenes: 1 profile, 2 comment, 3 forum, 4 social log. A request is nearest to 3."""

CHECKABLE = timedelta(hours=2)
"""WeChat checks texts only of people who used the mini-program this recently."""


def tell(event: Event, now: datetime) -> None:
    """Put notices of one timeline event in the inboxes it concerns. Repeating changes nothing."""
    request_id, seq = UUID(event.payload["request_id"]), int(event.payload["seq"])
    happening = queries.happening(request_id, seq)
    if happening is None:
        raise outbox.Permanent("no such timeline event")
    kind = Kind(event.kind.removeprefix(f"{service.SUBJECT_KIND}."))
    what = telling(kind, State(event.payload["state"]), happening.share)
    told = [(person_id, what.requester) for person_id in _asking(happening)]
    if kind is Kind.SUBMITTED and happening.danger:
        told += [(person_id, "request_danger") for person_id in _dispatchers(happening, now)]
    staff = _staff(what, happening, request_id, now)
    told += [(person_id, _to_staff(what, happening)) for person_id in staff]
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


def _asking(happening: Happening) -> list[UUID]:
    """The requester, and who submitted it for them: they may be the only one with a phone."""
    agent_id = happening.agent_id
    return [happening.requester_id] if agent_id is None else [happening.requester_id, agent_id]


def _to_staff(what: Telling, happening: Happening) -> str | None:
    if what.staff == "request_arrived":
        if happening.assigned_to is not None:
            return "request_assigned_to_you"
        if happening.unit_id is None:
            return "request_undispatched"
    return what.staff


def _staff(what: Telling, happening: Happening, request_id: UUID, now: datetime) -> list[UUID]:
    """The people of the groups it concerns.

    Never whoever did it themselves, and never somebody of the side that asked in another role.
    """
    spared = {*_asking(happening), happening.actor_id}
    people_of = (_group(group, happening, request_id, now) for group in what.groups)
    concerned = dict.fromkeys(person_id for some in people_of for person_id in some)
    return [person_id for person_id in concerned if person_id not in spared]


def _group(group: Group, happening: Happening, request_id: UUID, now: datetime) -> Iterable[UUID]:
    match group:
        case Group.HOLDER:
            return _holder(happening, request_id, now)
        case Group.LEADERS:
            return people.members_with_role(Role.UNIT_LEAD, now, unit_id=happening.unit_id)
        case Group.HELPERS:
            return _members(happening.named_unit_id, now)
        case Group.DISPATCHERS:
            return _dispatchers(happening, now)
        case Group.SUPERVISORS:
            return people.members_with_role(Role.SUPERVISOR, now, area_code=happening.area_code)


def _holder(happening: Happening, request_id: UUID, now: datetime) -> Iterable[UUID]:
    """A handler who has left, or lost the role, does not keep it from the unit."""
    if happening.assigned_to is not None:
        return [happening.assigned_to]
    handler_id = happening.handler_id
    if handler_id is not None and queries.may_view(handler_id, request_id, now):
        return [handler_id]
    if happening.unit_id is None:
        return _dispatchers(happening, now)
    return _members(happening.unit_id, now)


def _members(unit_id: UUID | None, now: datetime) -> Iterable[UUID]:
    members = (people.members_with_role(role, now, unit_id=unit_id) for role in UNIT_ROLES)
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


def tell_inspectors(event: Event, now: datetime) -> None:
    """A report of pressure waits: whoever can take it up learns so, and nobody else."""
    report_id = UUID(event.payload["report_id"])
    report = queries.told_of_report(report_id)
    if report is None:
        raise outbox.Permanent("no such report")
    for person_id in people.members_with_role(Role.INSPECTOR, now, area_code=report.area_code):
        inspector = people.actor_of(person_id, now)
        if (
            inspector is not None
            and may_inspect(inspector)
            and queries.inspected_report(inspector, report_id) is not None
        ):
            notices.notify(
                person_id,
                "pressure_reported",
                {"area_name": report.area_name},
                service.REPORT_KIND,
                report_id,
                f"{service.REPORT_KIND}/{report_id}/made",
                now,
                discreet=True,
            )


def tell_reporter(event: Event, now: datetime) -> None:
    """The report was closed: what was found is beside the request, not in the notice."""
    report_id = UUID(event.payload["report_id"])
    report = queries.told_of_report(report_id)
    if report is None:
        raise outbox.Permanent("no such report")
    if queries.may_view(report.reporter_id, report.request_id, now):
        notices.notify(
            report.reporter_id,
            "pressure_report_closed",
            {"number": report.number},
            service.SUBJECT_KIND,
            report.request_id,
            f"{service.REPORT_KIND}/{report_id}/closed",
            now,
            discreet=True,
        )


HANDLERS: dict[str, Handler] = {
    service.CHECK_TEXT: check_text,
    service.REPORT_MADE: tell_inspectors,
    service.REPORT_CLOSED: tell_reporter,
    **{f"{service.SUBJECT_KIND}.{kind}": tell for kind in TELLINGS},
}

PERIODIC: dict[str, Periodic] = {
    "service_requests.escalate": Periodic(timedelta(minutes=2), sweeps.escalate),
    "service_requests.close_unconfirmed": Periodic(timedelta(minutes=10), sweeps.close_unconfirmed),
    "service_requests.reopen": Periodic(timedelta(minutes=5), sweeps.reopen),
    "service_requests.follow_up": Periodic(timedelta(minutes=10), sweeps.follow_up),
    "service_requests.tell_late_tasks": Periodic(timedelta(minutes=5), sweeps.tell_late_tasks),
    "service_requests.recount": Periodic(timedelta(minutes=10), sweeps.recount),
    "service_requests.forget_guesses": Periodic(timedelta(hours=1), service.forget_guesses),
}
