"""Questions as their two sides read them. Whoever reads for an office leaves a trace."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.advisers import legal
from backend.attachments import queries as attachments
from backend.consultations import ports
from backend.consultations.queries import questions
from backend.consultations.queries.questions import Key, Listed, Shown, Which
from backend.consultations.rules.limitation import days_left
from backend.consultations.rules.questions import ASKING, Role, State, possible, role, summary
from backend.consultations.sealed import unseal, unseal_names
from backend.consultations.service.matters import Matter
from backend.consultations.service.questions import QUESTION
from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.db import transaction
from backend.kernel.errors import NotFound
from backend.kernel.json import blob
from backend.people import queries as people

Page = tuple[list[dict[str, Any]], Key | None]
"""The items, and the sort key behind the last one if there are more."""


def question(actor: Actor, question_id: UUID, now: datetime) -> dict[str, Any]:
    """`Question`. Read by anybody but who asked, it is recorded. Raises NotFound."""
    with transaction():
        shown, as_what = _seen(actor, question_id)
        if as_what not in ASKING:
            details = {
                "fields": ["question"],
                "for_kind": QUESTION,
                "for_id": str(question_id),
            }
            audit.record_readings(actor.id, [shown.facts.person_id], details)
    facts = shown.facts
    pictures = attachments.views(attachments.for_subject(QUESTION, question_id), actor.id, now)
    mine = as_what in ASKING
    return {
        "id": question_id,
        "state": facts.state,
        "area": {"code": facts.area_code, "full_name": shown.area_name},
        "adviser": shown.adviser,
        "handed_on": facts.justice_at is not None,
        "topic": shown.topic,
        "text": _text(shown),
        "opposing": _opposing(shown),
        "since_on": shown.since_on,
        "asked_at": shown.asked_at,
        "due_at": shown.due_at,
        "overdue": facts.state is State.OPEN and shown.due_at < now,
        "answered_at": facts.answered_at,
        "attachments": _among(pictures, shown.attachment_ids),
        "posts": [
            {
                "seq": post["seq"],
                "at": post["at"],
                "by": {"name": post["name"], "role": post["role"]},
                "text": _words(post),
                "attachments": _among(pictures, post["attachment_ids"]),
            }
            for post in shown.posts
        ],
        "limitation": _limitation(shown, actor.language, now),
        "keep_private": shown.keep_private,
        "person_name": shown.person_name or None,
        "on_behalf": shown.agent_name and {"agent_name": shown.agent_name},
        "mine": mine,
        "rating": shown.rating if as_what in _SEE_RATING else None,
        "actions": possible(actor, facts, now),
        "case_id": ports.case_of(actor, QUESTION, question_id),
    }


_SEE_RATING = frozenset({Role.RESIDENT, Role.JUSTICE_OFFICER})
"""Never who was rated."""


def own(actor: Actor, after: Key | None, limit: int, now: datetime) -> Page:
    """A page of `OwnQuestion`: the actor's and those of whom they act for, the last first."""
    found = questions.own(actor, after, limit + 1, now)
    items = [
        _item(row) | {"for_name": row.person_name if row.person_id != actor.id else None}
        for row in found[:limit]
    ]
    return items, found[limit - 1].key if len(found) > limit else None


def queue(actor: Actor, which: Which, after: Key | None, limit: int, now: datetime) -> Page:
    """A page of `QuestionToAnswer`, the most pressing first; the look at it is recorded."""
    with transaction():
        found = questions.queue(actor, which, after, limit + 1, now)
        shown = found[:limit]
        people_read = list(dict.fromkeys(row.person_id for row in shown))
        audit.record_readings(actor.id, people_read, {"fields": ["question"]})
    items = [
        _item(row)
        | {
            "person_name": row.person_name,
            "days_left": row.limitation_on and days_left(row.limitation_on, now),
        }
        for row in shown
    ]
    return items, shown[-1].key if len(found) > limit else None


def may_view(person_id: UUID, question_id: UUID, now: datetime) -> bool:
    """Whether somebody may see the question, and so its pictures, with the roles they hold now."""
    actor, facts = people.actor_of(person_id, now), questions.facts(question_id)
    return actor is not None and facts is not None and role(actor, facts) is not None


def matter(actor: Actor, question_id: UUID) -> Matter:
    """The question as whoever answered it last knows it. Raises NotFound for everybody else."""
    shown, as_what = _seen(actor, question_id)
    facts = shown.facts
    if as_what in ASKING or facts.answered_by != actor.id:
        raise NotFound
    asked = [post for post in shown.posts if post["role"] in ASKING]
    answered = [post for post in shown.posts if post["role"] not in ASKING]
    named = (shown.person_name, shown.agent_name, *_opposing(shown))
    return Matter(
        facts="\n\n".join([_text(shown) or "", *_all_words(asked)]),
        opinion="\n\n".join(_all_words(answered)),
        names=tuple(name for name in named if name),
        area_code=facts.area_code,
        topic=shown.topic,
        person_id=facts.person_id,
        author_id=actor.id,
        adviser_id=facts.adviser_of(actor.id),
        keep_private=shown.keep_private,
        closed=facts.state is not State.OPEN,
    )


def _seen(actor: Actor, question_id: UUID) -> tuple[Shown, Role]:
    shown = questions.shown(question_id)
    as_what = None if shown is None else role(actor, shown.facts)
    if shown is None or as_what is None:
        raise NotFound
    return shown, as_what


def _item(row: Listed) -> dict[str, Any]:
    text = row.text_encrypted and unseal(row.text_encrypted, "questions", row.id, "text")
    return row.plain | {"summary": summary(text) if text else None}


def _text(shown: Shown) -> str | None:
    sealed = shown.text_encrypted
    return None if sealed is None else unseal(sealed, "questions", shown.facts.id, "text")


def _opposing(shown: Shown) -> list[str]:
    return unseal_names(shown.opposing_encrypted, "questions", shown.facts.id, "opposing")


def _words(post: dict[str, Any]) -> str | None:
    sealed = blob(post["sealed"])
    return None if sealed is None else unseal(sealed, "question_posts", UUID(post["id"]), "text")


def _all_words(posts: Sequence[dict[str, Any]]) -> list[str]:
    return [words for words in map(_words, posts) if words]


def _among(pictures: Sequence[dict[str, Any]], ids: Sequence[str]) -> list[dict[str, Any]]:
    return [picture for picture in pictures if str(picture["id"]) in ids]


def _limitation(shown: Shown, language: str, now: datetime) -> dict[str, Any] | None:
    if shown.limitation_on is None:
        return None
    topic = legal.topic(shown.topic)
    rule = topic and topic.limitation
    return {
        "until_on": shown.limitation_on,
        "days_left": days_left(shown.limitation_on, now),
        "article": rule.article[language] if rule else None,
    }
