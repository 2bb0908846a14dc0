"""One's own data: who read it, all of it to take away, and its end."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.db import execute, fetch_one, transaction
from backend.kernel.json import dumps
from backend.kernel.messages import text
from backend.people import ports, queries, sealed
from backend.people.queries import Access, Matter
from backend.people.sealed import Datum
from backend.people.service.mandates import revoke_all
from backend.people.service.roles import end_roles


def access_log(
    actor: Actor, after: tuple[str, str] | None, limit: int
) -> tuple[list[dict[str, Any]], tuple[datetime, UUID] | None]:
    """Who read the actor's personal data, newest first, and the place behind the last one given.

    Without a place there is no more.
    """
    found = queries.accesses(actor.id, actor.language, after=after, limit=limit + 1)
    shown = found[:limit]
    place = (shown[-1].at, shown[-1].id) if len(found) > limit else None
    return _shown(shown, actor.language), place


def _shown(accesses: Sequence[Access], language: str) -> list[dict[str, Any]]:
    matters: dict[str, set[UUID]] = defaultdict(set)
    for access in accesses:
        if access.matter is not None:
            matters[access.matter.kind].add(access.matter.id)
    plugged = ports.plugged().numbers
    numbers = {
        Matter(kind, subject_id): number
        for kind in matters.keys() & plugged.keys()
        for subject_id, number in plugged[kind](matters[kind]).items()
    }
    return [
        {
            "at": access.at,
            "by_name": access.by_name or text("people.without_name", language),
            "unit_name": access.unit_name,
            "fields": access.fields,
            "number": None if access.matter is None else numbers.get(access.matter),
        }
        for access in accesses
    ]


def export(actor: Actor, now: datetime) -> bytes:
    """Everything held about the actor, in clear, as one JSON document; the taking is recorded."""
    with transaction():
        audit.record(actor.id, "person.exported", "person", actor.id)
        sections = {name: section(actor, now) for name, section in _OWN.items()}
        sections |= {
            name: section(actor.id, now) for name, section in ports.plugged().exports.items()
        }
    return dumps({"made_at": now, "sections": sections})


def _profile(actor: Actor, now: datetime) -> dict[str, Any]:
    found = queries.profile(actor.id)
    for datum in Datum:
        found[datum.value] = sealed.unseal(actor.id, datum, found.pop(f"{datum}_encrypted"))
    return found


def _mandates(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    held = queries.mandates_held(actor.id)
    for mandate in held:
        blob = mandate.pop("statement_encrypted")
        mandate["statement"] = blob and sealed.unseal_statement(mandate["id"], blob)
    return held


_OWN: dict[str, Callable[[Actor, datetime], Any]] = {
    "profile": _profile,
    "sessions": lambda actor, now: queries.sessions_held(actor.id),
    "roles": lambda actor, now: queries.roles_held(actor.id, now),
    "mandates": _mandates,
    "changes": lambda actor, now: queries.changes(actor.id),
    "accesses": lambda actor, now: _shown(
        queries.accesses(actor.id, actor.language), actor.language
    ),
}


def close_account(actor: Actor, now: datetime) -> None:
    """End the account: nobody can tell any more whose it was.

    Sessions, roles and mandates end at once. What other features must keep stays, without the
    person. Who signs in with the same WeChat afterwards is somebody new. Raises LastAdmin.
    """
    with transaction():
        fetch_one("SELECT FROM people WHERE id = %s FOR UPDATE", (actor.id,))
        revoke_all(actor, now)
        end_roles(actor, now)
        execute("DELETE FROM sessions WHERE person_id = %s", (actor.id,))
        for detach in ports.plugged().detachers:
            detach(actor.id, now)
        execute(
            """
            UPDATE people SET name = '', wechat_openid = NULL, wechat_unionid = NULL,
                phone_encrypted = NULL, phone_hash = NULL, phone_verified_at = NULL,
                id_number_encrypted = NULL, id_number_hash = NULL, address_encrypted = NULL,
                home_area_code = NULL, closed_at = %s
            WHERE id = %s AND closed_at IS NULL
            """,
            (now, actor.id),
        )
        audit.record(actor.id, "person.closed", "person", actor.id)
