"""A case's life, and who may do what in it."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from backend.kernel.actor import Actor, Role

APPROVERS = (Role.JUSTICE, Role.ADMIN)
"""Who answers for what is published, over the area of the matter."""


class State(StrEnum):
    """``draft`` is its author's alone; ``published`` everybody's; ``withdrawn`` nobody's."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What can be done with a case; the routes are named so."""

    SAVE = "save"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"


class Side(StrEnum):
    """As what somebody acts."""

    AUTHOR = "author"
    APPROVER = "approver"


_UNFINISHED = (State.DRAFT, State.RETURNED)
TRANSITIONS: dict[tuple[State, Action], tuple[State, frozenset[Side]]] = {
    **{(state, Action.SAVE): (state, frozenset({Side.AUTHOR})) for state in _UNFINISHED},
    **{
        (state, Action.SUBMIT): (State.SUBMITTED, frozenset({Side.AUTHOR})) for state in _UNFINISHED
    },
    (State.SUBMITTED, Action.APPROVE): (State.PUBLISHED, frozenset({Side.APPROVER})),
    (State.SUBMITTED, Action.RETURN): (State.RETURNED, frozenset({Side.APPROVER})),
    **{
        (state, Action.WITHDRAW): (State.WITHDRAWN, frozenset({Side.AUTHOR}))
        for state in (*_UNFINISHED, State.SUBMITTED)
    },
    (State.PUBLISHED, Action.WITHDRAW): (State.WITHDRAWN, frozenset(Side)),
}
"""Everything that can happen: where it leads, and whose it is to do."""

SEEN_BY_APPROVERS = frozenset({State.SUBMITTED, State.RETURNED, State.PUBLISHED, State.WITHDRAWN})
"""What has been in their hands, or was published."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides what may be done with a case."""

    state: State
    author_id: UUID | None
    area_code: str


def side(actor: Actor, case: Standing) -> Side | None:
    """As what the actor may know of the case; None: not at all.

    Nobody approves what they wrote themselves, whatever else they hold.
    """
    if actor.id == case.author_id:
        return Side.AUTHOR
    over = any(case.area_code.startswith(code) for code in actor.area_codes(*APPROVERS))
    return Side.APPROVER if over and case.state in SEEN_BY_APPROVERS else None


def actions(actor: Actor, case: Standing) -> list[Action]:
    """What the actor can do now."""
    mine = side(actor, case)
    return [
        action
        for (state, action), (_, whose) in TRANSITIONS.items()
        if state is case.state and mine in whose
    ]
