"""What an actor is to a request, and what each capacity may see of it."""

from backend.kernel.actor import UNIT_ROLES, Actor, Role, Scope
from backend.service_requests.rules.facts import Facts
from backend.service_requests.rules.states import CLOSED, Capacity, Kind, TextVerdict, Visibility

REQUESTER = frozenset({Capacity.REQUESTER})
ASKING = frozenset({Capacity.REQUESTER, Capacity.AGENT})
"""Who can act for the side that asked."""
ASKING_SIDE = ASKING | {Capacity.READER}
"""Who is shown what that side is shown."""
DISPATCHER = frozenset({Capacity.DISPATCHER})
SUPERVISOR = frozenset({Capacity.SUPERVISOR})
LEADER = frozenset({Capacity.LEADER})
CO_HANDLER = frozenset({Capacity.CO_HANDLER})
LEAD_UNIT = frozenset({Capacity.HANDLER, Capacity.LEADER})

LEAD_CAPACITIES = {Role.HANDLER: Capacity.HANDLER, Role.UNIT_LEAD: Capacity.LEADER}
AREA_CAPACITIES = {Role.DISPATCHER: Capacity.DISPATCHER, Role.SUPERVISOR: Capacity.SUPERVISOR}


def capacities(actor: Actor, facts: Facts) -> frozenset[Capacity]:
    """What the actor is to this request; empty for a stranger, who must not learn it exists.

    Nobody is official in their own cause, nor in one they speak for: the requester is the requester
    and nothing else, and so is who acts for them. A supervisor comes from outside the lead unit.
    An area contains those whose codes begin with its own (statistical division codes do).

    That a complaint exists for nobody it is about is decided before (`queries.visible_to`).
    """
    if actor.id == facts.requester_id:
        return REQUESTER
    for mandate in actor.mandates:
        if mandate.id == facts.mandate_id:
            may_act = Scope.ACT in mandate.scopes
            return frozenset({Capacity.AGENT if may_act else Capacity.READER})
    held = {
        capacity
        for role, capacity in LEAD_CAPACITIES.items()
        if facts.lead_unit_id in actor.unit_ids(role)
    }
    if facts.co_unit_ids & actor.unit_ids(*UNIT_ROLES):
        held.add(Capacity.CO_HANDLER)
    held |= {
        capacity
        for role, capacity in AREA_CAPACITIES.items()
        if any(facts.area_code.startswith(code) for code in actor.area_codes(role))
    }
    if held & LEAD_UNIT:
        held.discard(Capacity.SUPERVISOR)
    return frozenset(held)


def sees_requester(held: frozenset[Capacity], facts: Facts) -> bool:
    """Whether these capacities may learn who asked.

    Anonymous means to all but the dispatcher; a unit that only helps needs no name at all.
    """
    if held & (ASKING_SIDE | DISPATCHER):
        return True
    return facts.visibility is not Visibility.ANONYMOUS and not held <= CO_HANDLER


def may_call(held: frozenset[Capacity], facts: Facts) -> bool:
    """Whether these staff may have the requester's phone: who can act, while it is open.

    The view shows them the number masked; each look at it in clear is asked for and recorded.
    """
    return (
        bool(held & (LEAD_UNIT | DISPATCHER))
        and facts.state not in CLOSED
        and sees_requester(held, facts)
    )


def sees_inner_work(held: frozenset[Capacity]) -> bool:
    """Whether the words between units are theirs to read: the resident gets one combined reply."""
    return not held & ASKING_SIDE


def sees_materials(held: frozenset[Capacity]) -> bool:
    """Who may read what the resident supplied: who did, and the unit that asked for it."""
    return bool(held & (ASKING_SIDE | LEAD_UNIT))


def spared_pictures(held: frozenset[Capacity]) -> frozenset[Kind]:
    """With which events come pictures that are not for these capacities."""
    if held & ASKING_SIDE:
        return frozenset({Kind.TASK_ANSWERED})
    return frozenset() if sees_materials(held) else frozenset({Kind.SUPPLIED})


def sees_rating(held: frozenset[Capacity]) -> bool:
    """Nobody of a unit that works on it: who cannot see a rating cannot press for another."""
    return bool(held & (ASKING_SIDE | DISPATCHER | SUPERVISOR)) and not held & (
        LEAD_UNIT | CO_HANDLER
    )


def publishable(visibility: Visibility, verdict: TextVerdict) -> bool:
    """Whether the text may be shown beyond those who handle it."""
    return visibility is Visibility.PUBLIC and verdict is TextVerdict.PASS
