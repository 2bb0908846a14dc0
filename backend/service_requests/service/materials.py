"""The one list of what is missing (一次性告知), and the resident's answers to it, item by item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.kernel.actor import Actor
from backend.kernel.crypto import keyring
from backend.kernel.db import transaction
from backend.kernel.ids import new_id
from backend.service_requests import queries, rules
from backend.service_requests.errors import (
    AlreadyAsked,
    MaterialEmpty,
    MaterialSettled,
    UnknownMaterial,
)
from backend.service_requests.models import Material
from backend.service_requests.rules import (
    Action,
    Capacity,
    Kind,
    MaterialKind,
    MaterialState,
    ShownTo,
    State,
)
from backend.service_requests.service import clock
from backend.service_requests.service.handling import kept_or_taken_by
from backend.service_requests.service.moves import announce, append_event, begin, lock


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the resident is asked for."""

    label: str
    kind: MaterialKind
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Supply:
    """What the resident gives for one item, or says why they cannot give it."""

    material_id: UUID
    text: str | None = None
    attachment_ids: Sequence[UUID] = ()
    unavailable: bool = False


def ask(
    actor: Actor,
    request_id: UUID,
    version: int,
    items: Sequence[Item],
    text: str | None,
    now: datetime,
) -> None:
    """Send the one list of what is missing; the clock stands until it is settled.

    A second list is refused with AlreadyAsked, and that somebody tried is written down for the
    supervisor, which stays although the call fails.
    """
    try:
        with transaction():
            move = begin(actor, request_id, version, Action.ASK, now)
            move.make(now, changes={**kept_or_taken_by(actor, move), "asked_at": now}, text=text)
            for position, item in enumerate(items, 1):
                Material.insert(
                    id=new_id(),
                    request_id=request_id,
                    position=position,
                    label=item.label,
                    kind=item.kind,
                    note=item.note,
                    state=MaterialState.MISSING,
                ).execute()
    except AlreadyAsked:
        _flag_second_list(actor, request_id, now)
        raise


def _flag_second_list(actor: Actor, request_id: UUID, now: datetime) -> None:
    """Tell the supervisor, once per request, that a second list was tried."""
    with transaction():
        lock(request_id)
        current = queries.current(actor, request_id)
        if current is None or queries.has_event(request_id, Kind.SECOND_LIST):
            return
        held = rules.capacities(actor, current.facts)
        seq = append_event(
            request_id,
            Kind.SECOND_LIST,
            now,
            actor_id=actor.id,
            capacity=Capacity.HANDLER if Capacity.HANDLER in held else Capacity.LEADER,
            unit_id=current.facts.lead_unit_id,
            shown_to=ShownTo.STAFF,
        )
        announce(Kind.SECOND_LIST, current.facts.state, request_id, seq, actor.id)


def supply(actor: Actor, request_id: UUID, version: int, given: Supply, now: datetime) -> None:
    """The resident settles one item; with the last one the work goes on, and the deadline has moved
    by as long as it waited for them.

    Raises UnknownMaterial, MaterialSettled, MaterialEmpty beside what every action raises.
    """
    with transaction():
        move = begin(actor, request_id, version, Action.SUPPLY, now)
        item = Material.get_or_none(
            Material.id == given.material_id, Material.request_id == request_id
        )
        if item is None:
            raise UnknownMaterial
        if item.state is not MaterialState.MISSING:
            raise MaterialSettled
        last = move.rule.to is State.IN_PROGRESS
        changes = clock.resumed(move.current, now) if last else {}
        state = MaterialState.UNAVAILABLE if given.unavailable else MaterialState.SUPPLIED
        move.make(
            now,
            changes=changes,
            data={"label": item.label, "material": state},
            attachment_ids=given.attachment_ids,
        )
        Material.update(state=state, supplied_at=now, **_content(item, given)).where(
            Material.id == item.id
        ).execute()


def _content(item: Material, given: Supply) -> dict[str, Any]:
    wanted = given.text if item.kind is MaterialKind.TEXT else given.attachment_ids
    if not (given.text if given.unavailable else wanted):
        raise MaterialEmpty
    return {
        "text_encrypted": seal(given.text, item.id),
        "attachment_ids": [str(picture) for picture in given.attachment_ids],
    }


def seal(text: str | None, material_id: UUID) -> bytes | None:
    """What a resident gives may be an identity number or a bank account: it is kept encrypted."""
    return None if text is None else keyring.encrypt(text, f"materials/{material_id}/text")


def unseal(blob: bytes | None, material_id: UUID) -> str | None:
    """The text in clear. Raises ``kernel.crypto.Undecipherable``."""
    return None if blob is None else keyring.decrypt(blob, f"materials/{material_id}/text")
