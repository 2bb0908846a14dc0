"""A request as one person is shown it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from backend.attachments import queries as attachments
from backend.kernel.actor import Actor
from backend.kernel.db import transaction
from backend.kernel.errors import NotFound
from backend.kernel.json import merge
from backend.kernel.messages import text
from backend.people import service as people
from backend.people.service import Contact
from backend.service_requests import place, queries, rules
from backend.service_requests.errors import ContactNotAvailable
from backend.service_requests.queries import Shown
from backend.service_requests.receipt import receipt
from backend.service_requests.rules import REQUESTER, Capacity
from backend.service_requests.service.moves import SUBJECT_KIND


def view(actor: Actor, request_id: UUID, now: datetime) -> bytes:
    """`RequestView` as JSON. Raises NotFound where there is nothing for this actor to see.

    Nothing is written: telephone numbers are masked here, see `contact`.
    """
    shown = queries.shown(actor, request_id)
    if shown is None:
        raise NotFound
    facts, held = shown.facts, rules.capacities(actor, shown.facts)
    sentences = {
        name: text(line.key, actor.language, **line.params)
        for name, line in receipt(facts, held, shown.holding, now)
    }
    rating = shown.rating if rules.sees_rating(held) else None
    return merge(
        shown.json,
        {
            "place": place.unseal(shown.place_encrypted, request_id),
            "requester": _requester(shown, held),
            "receipt": sentences,
            "actions": rules.possible_actions(held, facts),
            "assignable": rules.assignable(held, facts),
            "attachments": _attachments(actor, request_id, shown.attached_by, now),
            "timeline": orjson.Fragment(shown.timeline),
            "rating": rating and orjson.Fragment(rating),
        },
    )


def contact(actor: Actor, request_id: UUID) -> Contact:
    """The requester's telephone in clear, for who may call them; the look is recorded.

    Raises NotFound, ContactNotAvailable.
    """
    with transaction():
        current = queries.current(actor, request_id)
        if current is None:
            raise NotFound
        if not rules.may_call(rules.capacities(actor, current.facts), current.facts):
            raise ContactNotAvailable
        return people.contact_of(
            actor, current.facts.requester_id, subject_kind=SUBJECT_KIND, subject_id=request_id
        )


def _requester(shown: Shown, held: frozenset[Capacity]) -> dict[str, Any] | None:
    """Who asked, as far as these capacities may learn it."""
    if not rules.sees_requester(held, shown.facts):
        return None
    may_call = rules.may_call(held, shown.facts)
    phone = None
    if may_call or held & REQUESTER:
        phone = people.masked_phone(shown.facts.requester_id, shown.requester_phone_encrypted)
    return {
        "name": shown.requester_name,
        "phone": phone,
        "contact_available": may_call and phone is not None,
    }


def _attachments(
    actor: Actor, request_id: UUID, attached_by: dict[str, str], now: datetime
) -> list[dict[str, Any]]:
    """The pictures, each with the kind of event it came with."""
    if not attached_by:
        return []
    pictures = attachments.for_subject(SUBJECT_KIND, request_id)
    return [
        {**picture, "kind": attached_by[str(picture["id"])]}
        for picture in attachments.views(pictures, actor.id, now)
    ]
