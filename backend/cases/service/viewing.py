"""Cases in the making, as their author and those who approve them see them."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from backend.cases import queries
from backend.cases.queries import CaseRow, Page
from backend.cases.rules import Side, State, actions, side
from backend.cases.service import checking
from backend.cases.service.events import SUBJECT_KIND
from backend.cases.service.sealed import unseal_original, unseal_reason
from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.db import transaction
from backend.kernel.errors import NotFound
from backend.kernel.json import dumps


def view(actor: Actor, case_id: UUID) -> bytes:
    """`Draft` as JSON, beside what the matter said while that is kept; its reading is recorded.

    Raises NotFound.
    """
    with transaction():
        row = queries.one(actor, case_id)
        if row is None:
            raise NotFound
        if row.original_encrypted is not None:
            _record_reading(actor, row)
    told = row.texts.plain()
    return dumps(
        {
            **{name: told[name] for name in told if name != "summary"},
            "id": row.id,
            "version": row.version,
            "state": row.standing.state,
            "topic": row.topic,
            "categories": row.categories,
            "adviser_name": row.adviser_name,
            "updated_at": row.updated_at,
            "published_at": row.published_at,
            "mine": side(actor, row.standing) is Side.AUTHOR,
            "reason": row.reason_encrypted and unseal_reason(row.reason_encrypted, row.id),
            "actions": actions(actor, row.standing),
            **_beside(row),
        }
    )


def drafts(actor: Actor, state: State | None, after: tuple[Any, ...] | None, limit: int) -> Page:
    """The actor's own cases and those they approve (`DraftItem`), the last changed first."""
    return queries.drafts(actor, state, after, limit)


def _beside(row: CaseRow) -> dict[str, Any]:
    if row.original_encrypted is None:
        return {"original": None, "replaced": [], "findings": []}
    original = unseal_original(row.original_encrypted, row.id)
    found = checking.look(row.texts, checking.known(original.names, row.standing.area_code))
    return {
        "original": {"facts": original.facts, "opinion": original.opinion},
        "replaced": [
            {"from": each.was, "to": each.now, "kind": each.kind} for each in original.replaced
        ],
        "findings": [asdict(each) for each in found],
    }


def _record_reading(actor: Actor, row: CaseRow) -> None:
    """In the log of whose matter it was; of somebody without an account, in the case's own."""
    details = {"fields": ["matter"], "for_kind": SUBJECT_KIND, "for_id": str(row.id)}
    subject = ("person", row.person_id) if row.person_id else (SUBJECT_KIND, row.id)
    audit.record(actor.id, audit.PERSONAL_DATA_READ, *subject, details)
