"""Taking a request in: who leads, by when, under which number; all at once or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from backend.areas import county
from backend.areas import service as areas
from backend.areas.answers import validate_answers
from backend.areas.catalogue import Category
from backend.attachments import service as attachments
from backend.kernel import outbox
from backend.kernel.actor import Actor, Scope
from backend.kernel.clock import LOCAL
from backend.kernel.db import execute, transaction
from backend.kernel.errors import FieldError, NotFound, ValidationFailed
from backend.kernel.ids import new_id
from backend.kernel.json import dumps
from backend.kernel.text import tsvector_text
from backend.service_requests import place, queries
from backend.service_requests.numbers import grouped, receipt_number
from backend.service_requests.place import Place
from backend.service_requests.rules import (
    Capacity,
    Kind,
    ShownTo,
    State,
    TextVerdict,
    Visibility,
)
from backend.service_requests.service import clock
from backend.service_requests.service.complaints import About, complaint_of
from backend.service_requests.service.moves import SUBJECT_KIND, announce, append_event

CHECK_TEXT = f"{SUBJECT_KIND}.check_text"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a resident fills in. They never choose a unit: category and area decide."""

    category: str
    area_code: str
    description: str
    answers: Mapping[str, Any]
    place: Place | None
    visibility: Visibility
    attachment_ids: Sequence[UUID]
    mandate_id: UUID | None = None
    """The consent under which it is made for somebody else."""
    about: About = field(default_factory=About)


def submit(actor: Actor, draft: Draft, now: datetime) -> UUID:
    """Take the request in and promise everything that follows from it; its id.

    Where no unit is found for the category and area it waits for the dispatcher. Raises
    ValidationFailed (unknown category or area, answers, a public complaint),
    AttachmentNotAvailable, TooManyAttachments, MandateNotInForce, AgentComplainedAbout.
    """
    requester_id = actor.person_acted_for(draft.mandate_id, Scope.SUBMIT)
    with transaction():
        serial, area_name = queries.serial_and_area_name(draft.area_code)
        category, answers = _checked(draft, area_name)
        request_id = new_id()
        here = county.current()
        profile = here.profiles[category.deadline_profile]
        complaint = complaint_of(category, draft.area_code, draft.about, draft.visibility, now)
        if complaint is None:
            lead_unit_id = areas.lead_unit(category.code, draft.area_code)
        else:
            if draft.mandate_id is not None:
                complaint.keep_from(actor)
            lead_unit_id = complaint.lead_unit(category, draft.area_code)
        number = receipt_number(now.astimezone(LOCAL).date(), serial)
        danger = here.catalogue.danger_words(draft.description, category)
        _insert(
            id=request_id,
            number=number,
            mandate_id=draft.mandate_id,
            agent_id=actor.id if draft.mandate_id else None,
            requester_id=requester_id,
            category=category.code,
            area_code=draft.area_code,
            description=draft.description,
            answers=Jsonb([{"code": c, "value": v} for c, v in answers.items()], dumps=dumps),
            place_encrypted=place.seal(draft.place, request_id),
            visibility=draft.visibility,
            complaint=complaint is not None,
            state=State.SUBMITTED,
            version=1,
            lead_unit_id=lead_unit_id,
            deadline_profile=profile.code,
            deadline_source=profile.source["zh-CN"],
            **clock.started(profile, here.calendar, now),
            **clock.received(now),
            submitted_at=now,
            updated_at=now,
            flagged_danger=bool(danger),
            text_verdict=TextVerdict.NONE,
            search=_search_terms(draft, number, category, area_name),
        )
        if complaint is not None:
            complaint.record(request_id)
        attachments.claim(actor.id, draft.attachment_ids, SUBJECT_KIND, request_id, now)
        seq = append_event(
            request_id,
            Kind.SUBMITTED,
            now,
            actor_id=actor.id,
            capacity=Capacity.AGENT if draft.mandate_id else Capacity.REQUESTER,
            unit_id=lead_unit_id,
            attachment_ids=draft.attachment_ids,
        )
        if danger:
            append_event(
                request_id,
                Kind.DANGER_FLAGGED,
                now,
                data={"words": danger},
                shown_to=ShownTo.STAFF,
            )
        spoken_for = requester_id if draft.mandate_id else None
        announce(Kind.SUBMITTED, State.SUBMITTED, request_id, seq, actor.id, spoken_for)
        outbox.put(CHECK_TEXT, {"request_id": str(request_id)})
        return request_id


def _checked(draft: Draft, area_name: str | None) -> tuple[Category, dict[str, Any]]:
    """The category and the answers as kept; every mistake is told at once."""
    errors = [] if area_name else [FieldError("/area_code", "unknown_area")]
    try:
        category = county.current().catalogue.category(draft.category)
    except NotFound:
        raise ValidationFailed(
            fields=[*errors, FieldError("/category", "unknown_category")]
        ) from None
    wrong, answers = validate_answers(category, draft.answers)
    if errors or wrong:
        raise ValidationFailed(fields=[*errors, *wrong])
    return category, answers


def _search_terms(draft: Draft, number: str, category: Category, area_name: str | None) -> str:
    """Terms by which it is found: never who asked, and never where exactly."""
    return tsvector_text(
        draft.description,
        number,
        grouped(number),
        area_name or "",
        *category.name.values(),
        *category.keywords,
    )


def _insert(**columns: Any) -> None:
    """Written as SQL: peewee takes longer to phrase so wide a row than PostgreSQL to keep it."""
    terms = "array_to_tsvector(string_to_array(%s, ' '))"
    values = ", ".join(terms if name == "search" else "%s" for name in columns)
    execute(
        f"INSERT INTO service_requests ({', '.join(columns)}) VALUES ({values})",
        tuple(columns.values()),
    )
