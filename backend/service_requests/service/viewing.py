"""A request as one person is shown it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from backend.areas import county
from backend.attachments import queries as attachments
from backend.kernel.actor import Actor
from backend.kernel.db import transaction
from backend.kernel.errors import NotFound
from backend.kernel.json import blob, merge
from backend.kernel.messages import text
from backend.people import service as people
from backend.people.service import Contact
from backend.service_requests import names, place, queries, rules
from backend.service_requests.errors import ContactNotAvailable
from backend.service_requests.queries import Shown
from backend.service_requests.receipt import receipt
from backend.service_requests.rules import (
    ASKING_SIDE,
    REQUESTER,
    Action,
    Capacity,
    Kind,
    Standing,
)
from backend.service_requests.service import materials
from backend.service_requests.service.moves import SUBJECT_KIND


def view(actor: Actor, request_id: UUID, now: datetime) -> bytes:
    """`RequestView` as JSON. Raises NotFound where there is nothing for this actor to see.

    Nothing is written: telephone numbers are masked here, see `contact`.
    """
    shown = queries.shown(actor, request_id, now)
    if shown is None:
        raise NotFound
    facts, held = shown.facts, rules.capacities(actor, shown.facts)
    by = Standing(actor.id, held, now)
    sentences = {
        name: text(line.key, actor.language, **line.params)
        for name, line in receipt(facts, held, shown.holding, now)
    }
    actions = rules.possible_actions(by, facts)
    rating = shown.rating if rules.sees_rating(held) else None
    return merge(
        shown.json,
        {
            "place": place.unseal(shown.place_encrypted, request_id),
            "requester": _requester(shown, held),
            "on_behalf": _on_behalf(shown, held),
            "about": _about(shown.about),
            "receipt": sentences,
            "actions": actions,
            "assignable": rules.assignable(by, facts),
            "objection_until": facts.objection_until if Action.DISPUTE in actions else None,
            "extendable_by": _extendable_by(shown, actions),
            "materials": _materials(shown.materials, held),
            "tasks": _tasks(shown.tasks, held),
            "attachments": _attachments(actor, request_id, shown, held, now),
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


def _extendable_by(shown: Shown, actions: Collection[Action]) -> dict[str, Any] | None:
    """By how much the deadline would move, for who can ask for that or decide on it."""
    if not {Action.REQUEST_EXTENSION, Action.DECIDE_EXTENSION} & set(actions):
        return None
    profile = county.current().profiles.get(shown.deadline_profile)
    if profile is None or profile.extension is None:
        return None
    unit = "hours" if profile.hours is not None else "days"
    if profile.working_days is not None:
        unit = "working_days"
    return {"n": profile.extension, "unit": unit}


def _requester(shown: Shown, held: frozenset[Capacity]) -> dict[str, Any] | None:
    """Who asked, as far as these capacities may learn it."""
    if not rules.sees_requester(held, shown.facts):
        return None
    may_call = rules.may_call(held, shown.facts)
    phone = None
    if may_call or held & ASKING_SIDE:
        phone = people.masked_phone(shown.facts.requester_id, shown.requester_phone_encrypted)
    return {
        "name": shown.requester_name,
        "phone": phone,
        "contact_available": may_call and phone is not None,
    }


def _on_behalf(shown: Shown, held: frozenset[Capacity]) -> dict[str, Any] | None:
    """Who acts for the requester, for those who may know the requester."""
    if shown.agent_name is None or not rules.sees_requester(held, shown.facts):
        return None
    return {"agent_name": shown.agent_name, "mine": bool(held & ASKING_SIDE - REQUESTER)}


def _about(targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Whom a complaint is about, once each and in the words of who made it.

    Who may read this is settled: they see the complaint at all.
    """
    said = dict.fromkeys((target["unit_name"], _person_name(target)) for target in targets)
    return [{"unit_name": unit, "person_name": person} for unit, person in said]


def _person_name(target: dict[str, Any]) -> str | None:
    sealed = blob(target["sealed"])
    return None if sealed is None else names.unseal(sealed, UUID(target["id"]))


def _materials(items: list[dict[str, Any]], held: frozenset[Capacity]) -> list[dict[str, Any]]:
    """The one list; what was given is for who gave it and for the unit that asked."""
    readable = rules.sees_materials(held)
    return [
        {
            **{name: value for name, value in item.items() if name != "sealed"},
            "text": materials.unseal(blob(item["sealed"]), UUID(item["id"])) if readable else None,
            "attachment_ids": item["attachment_ids"] if readable else [],
        }
        for item in items
    ]


def _tasks(text: str, held: frozenset[Capacity]) -> Any:
    """The sub-tasks; who asked is told which unit helps, not what units write to each other."""
    if rules.sees_inner_work(held):
        return orjson.Fragment(text)
    return [
        {**task, "text": None, "answer": None, "attachment_ids": []} for task in orjson.loads(text)
    ]


def _attachments(
    actor: Actor, request_id: UUID, shown: Shown, held: frozenset[Capacity], now: datetime
) -> list[dict[str, Any]]:
    """The pictures, each with the kind of event it came with: those this reader may see."""
    spared = rules.spared_pictures(held)
    wanted = {
        picture: kind for picture, kind in shown.attached_by.items() if Kind(kind) not in spared
    }
    if not wanted:
        return []
    pictures = [
        picture
        for picture in attachments.for_subject(SUBJECT_KIND, request_id)
        if str(picture.id) in wanted
    ]
    return [
        {**picture, "kind": wanted[str(picture["id"])]}
        for picture in attachments.views(pictures, actor.id, now)
    ]
