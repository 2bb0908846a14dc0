"""What follows from a change once it is committed: the two sides are told."""

from datetime import datetime, timedelta
from uuid import UUID

from backend.advisers import queries as advisers
from backend.cases import queries, service
from backend.kernel import outbox
from backend.kernel.outbox import Event, Handler
from backend.kernel.periodic import Periodic
from backend.notices import service as notices


def tell_approvers(event: Event, now: datetime) -> None:
    """A case waits for the justice officers over its area; never its author."""
    told = _told(event)
    for person_id in advisers.justice_over(told.area_code, now):
        if person_id != told.author_id:
            _notify(person_id, "case_submitted", event, told, now)


def tell_author(event: Event, now: datetime) -> None:
    """What became of it, unless it was the author's own doing."""
    told = _told(event)
    if told.author_id is not None and str(told.author_id) != event.payload.get("by"):
        _notify(told.author_id, event.kind.replace(".", "_"), event, told, now)


def _told(event: Event) -> queries.Told:
    told = queries.told(UUID(event.payload["case_id"]))
    if told is None:
        raise outbox.Permanent("no such case")
    return told


def _notify(person_id: UUID, kind: str, event: Event, told: queries.Told, now: datetime) -> None:
    case_id, version = event.payload["case_id"], event.payload["version"]
    notices.notify(
        person_id,
        kind,
        {"area_name": told.area_name},
        service.SUBJECT_KIND,
        UUID(case_id),
        f"{service.SUBJECT_KIND}/{case_id}/{version}",
        now,
        discreet=False,
    )


HANDLERS: dict[str, Handler] = {
    service.SUBMITTED: tell_approvers,
    service.PUBLISHED: tell_author,
    service.RETURNED: tell_author,
    service.WITHDRAWN: tell_author,
}

PERIODIC: dict[str, Periodic] = {
    "cases.forget_originals": Periodic(timedelta(days=1), service.forget_originals),
}
