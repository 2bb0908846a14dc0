"""Taking a request in: who leads, by when, under which number; all at once or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import peewee

from backend.areas import county
from backend.areas import service as areas
from backend.areas.answers import validate_answers
from backend.areas.catalogue import Category
from backend.attachments import service as attachments
from backend.kernel import outbox
from backend.kernel.actor import Actor
from backend.kernel.clock import LOCAL
from backend.kernel.db import fetch_one, transaction
from backend.kernel.errors import FieldError, NotFound, ValidationFailed
from backend.kernel.ids import new_id
from backend.kernel.text import tsvector_text
from backend.service_requests import place, queries
from backend.service_requests.models import ServiceRequest
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


def submit(actor: Actor, draft: Draft, now: datetime) -> UUID:
    """Take the request in and promise everything that follows from it; its id.

    Where no unit is found for the category and area it waits for the dispatcher. Raises
    ValidationFailed (unknown category or area, answers), AttachmentNotAvailable,
    TooManyAttachments.
    """
    with transaction():
        category, area_name, answers = _checked(draft)
        request_id = new_id()
        here = county.current()
        profile = here.profiles[category.deadline_profile]
        lead_unit_id = areas.lead_unit(category.code, draft.area_code)
        number = _next_number(now)
        danger = here.catalogue.danger_words(draft.description, category)
        ServiceRequest.insert(
            id=request_id,
            number=number,
            requester_id=actor.id,
            category=category.code,
            area_code=draft.area_code,
            description=draft.description,
            answers=[{"code": code, "value": value} for code, value in answers.items()],
            place_encrypted=place.seal(draft.place, request_id),
            visibility=draft.visibility,
            state=State.SUBMITTED,
            version=1,
            lead_unit_id=lead_unit_id,
            deadline_profile=profile.code,
            deadline_source=profile.source["zh-CN"],
            **clock.started(profile, here.calendar, now),
            submitted_at=now,
            updated_at=now,
            flagged_danger=bool(danger),
            text_verdict=TextVerdict.NONE,
            search=_search_vector(draft, number, category, area_name),
        ).execute()
        attachments.claim(actor.id, draft.attachment_ids, SUBJECT_KIND, request_id, now)
        seq = append_event(
            request_id,
            Kind.SUBMITTED,
            now,
            actor_id=actor.id,
            capacity=Capacity.REQUESTER,
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
        announce(Kind.SUBMITTED, State.SUBMITTED, request_id, seq, actor.id)
        outbox.put(CHECK_TEXT, {"request_id": str(request_id)})
        return request_id


def _checked(draft: Draft) -> tuple[Category, str, dict[str, Any]]:
    """The category, the area's name and the answers as kept; every mistake is told at once."""
    errors = []
    area_name = queries.active_area_name(draft.area_code)
    if area_name is None:
        errors.append(FieldError("/area_code", "unknown_area"))
    try:
        category = county.current().catalogue.category(draft.category)
    except NotFound:
        raise ValidationFailed(
            fields=[*errors, FieldError("/category", "unknown_category")]
        ) from None
    wrong, answers = validate_answers(category, draft.answers)
    if wrong or area_name is None:
        raise ValidationFailed(fields=[*errors, *wrong])
    return category, area_name, answers


def _next_number(now: datetime) -> str:
    row = fetch_one("SELECT nextval('service_request_numbers')")
    return receipt_number(now.astimezone(LOCAL).date(), row[0] if row else 0)


def _search_vector(draft: Draft, number: str, category: Category, area_name: str) -> Any:
    """Terms by which it is found: never who asked, and never where exactly."""
    terms = tsvector_text(
        draft.description,
        number,
        grouped(number),
        area_name,
        *category.name.values(),
        *category.keywords,
    )
    return peewee.fn.array_to_tsvector(peewee.fn.string_to_array(terms, " "))
