"""The receipt on paper, as somebody has it printed."""

from datetime import datetime
from uuid import UUID

from backend.areas import county
from backend.kernel import audit, greenlets
from backend.kernel.actor import Actor
from backend.kernel.db import transaction
from backend.kernel.errors import NotFound
from backend.kernel.json import loads
from backend.kernel.messages import text
from backend.service_requests import queries, rules
from backend.service_requests.paper import Slip, sheet
from backend.service_requests.queries import Shown
from backend.service_requests.receipt import receipt
from backend.service_requests.rules import REQUESTER, Capacity
from backend.service_requests.service.moves import SUBJECT_KIND

_LOOKUP_PAGE = "/#/pages/lookup/lookup?number="


def print_receipt(actor: Actor, request_id: UUID, public_url: str, now: datetime) -> bytes:
    """One page of PDF in the actor's language, with the answers the requester is given.

    Printed by anybody but the requester it is a reading of their personal data, and recorded.
    Raises NotFound.
    """
    with transaction():
        shown = queries.shown(actor, request_id, now)
        if shown is None:
            raise NotFound
        held = rules.capacities(actor, shown.facts)
        if not held & REQUESTER:
            audit.record(
                actor.id,
                audit.PERSONAL_DATA_READ,
                "person",
                shown.facts.requester_id,
                {"fields": ["receipt"], "for_kind": SUBJECT_KIND, "for_id": str(request_id)},
            )
    slip = _slip(shown, held, actor.language, public_url, now)
    return greenlets.in_background(sheet, slip, actor.language, now)


def _slip(
    shown: Shown, held: frozenset[Capacity], language: str, public_url: str, now: datetime
) -> Slip:
    view = loads(shown.json)
    category = county.current().catalogue.categories.get(view["category"])
    named = rules.sees_requester(held, shown.facts)
    answers = receipt(shown.facts, REQUESTER, shown.holding, now)
    return Slip(
        number=view["number"],
        category=category.name[language] if category else view["category"],
        area=view["area"]["full_name"],
        submitted_at=datetime.fromisoformat(view["submitted_at"]),
        requester=shown.requester_name if named else None,
        agent=shown.agent_name if named else None,
        unit=shown.holding.unit,
        unit_phone=shown.holding.unit_phone,
        asked=view["description"],
        answers={name: text(line.key, language, **line.params) for name, line in answers},
        lookup_url=f"{public_url}{_LOOKUP_PAGE}{view['number']}",
    )
