"""The one list of what is missing (一次性告知), and the resident's answers to it, item by item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.attachments import queries as pictures
from backend.attachments import service as attachments
from backend.kernel import audit
from backend.kernel.actor import Actor
from backend.kernel.crypto import keyring
from backend.kernel.db import transaction
from backend.kernel.ids import new_id
from backend.service_requests import queries, rules
from backend.service_requests.errors import (
    AlreadyAsked,
    MaterialEmpty,
    MaterialNotReusable,
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
from backend.service_requests.service.moves import (
    SUBJECT_KIND,
    announce,
    append_event,
    begin,
    lock,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the resident is asked for."""

    label: str
    kind: MaterialKind
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Supply:
    """What the resident gives for one item, or gives again, or says why they cannot give it.

    With ``reuse_of``, an item of an earlier request, it is what they gave for that and nothing else
    of this counts.
    """

    material_id: UUID
    text: str | None = None
    attachment_ids: Sequence[UUID] = ()
    unavailable: bool = False
    reuse_of: UUID | None = None


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

    Raises UnknownMaterial, MaterialSettled, MaterialEmpty, MaterialNotReusable beside what every
    action raises.
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
        data: dict[str, Any] = {"label": item.label}
        if given.reuse_of is not None:
            given = _again(actor, item, given.reuse_of, now)
            data["reused"] = True
        state = MaterialState.UNAVAILABLE if given.unavailable else MaterialState.SUPPLIED
        move.make(
            now,
            changes=changes,
            data={**data, "material": state},
            attachment_ids=given.attachment_ids,
        )
        Material.update(state=state, supplied_at=now, **_content(item, given)).where(
            Material.id == item.id
        ).execute()
        if given.reuse_of is not None:
            details = {"material_id": str(item.id), "reuse_of": str(given.reuse_of)}
            audit.record(actor.id, "material.reused", SUBJECT_KIND, request_id, details)


def _again(actor: Actor, item: Material, source_id: UUID, now: datetime) -> Supply:
    """What the requester gave before: the text to be sealed anew, and copies of the pictures.

    Only what the actor gave themselves, for another request of their own. Raises
    MaterialNotReusable.
    """
    source = queries.given(actor.id, source_id, item.kind)
    if source is None:
        raise MaterialNotReusable
    return Supply(
        item.id,
        unseal(source.text_encrypted, source_id),
        attachments.copy(actor.id, source.attachment_ids, now),
        reuse_of=source_id,
    )


def given_before(actor: Actor, kind: MaterialKind | None, now: datetime) -> list[dict[str, Any]]:
    """What the actor gave for requests of their own, the last first, for choosing from."""
    return [
        {
            **{name: value for name, value in each.items() if name != "picture"},
            "thumbnail_url": each["picture"]
            and pictures.thumbnail(UUID(each["picture"]), actor.id, now),
        }
        for each in queries.all_given(actor.id, kind)
    ]


def _content(item: Material, given: Supply) -> dict[str, Any]:
    wanted = given.text if item.kind is MaterialKind.TEXT else given.attachment_ids
    if not (given.text if given.unavailable else wanted):
        raise MaterialEmpty
    return {
        "text_encrypted": seal(given.text, item.id),
        "attachment_ids": [str(picture) for picture in given.attachment_ids],
        "reused_from_id": given.reuse_of,
    }


def seal(text: str | None, material_id: UUID) -> bytes | None:
    """What a resident gives may be an identity number or a bank account: it is kept encrypted."""
    return None if text is None else keyring.encrypt(text, f"materials/{material_id}/text")


def unseal(blob: bytes | None, material_id: UUID) -> str | None:
    """The text in clear. Raises ``kernel.crypto.Undecipherable``."""
    return None if blob is None else keyring.decrypt(blob, f"materials/{material_id}/text")
