"""Who acts as what: the organiser of an area, the volunteer, and who signs up for them."""

from uuid import UUID

from backend.kernel.actor import Actor, Role, Scope
from backend.kernel.errors import Forbidden, NotFound
from backend.volunteering.errors import OwnPresence
from backend.volunteering.queries import facts
from backend.volunteering.queries.facts import ActivityFacts, ShiftFacts, SignupFacts
from backend.volunteering.rules.states import Stage


def runs(actor: Actor, area_code: str) -> bool:
    """Whether the actor organises in the area, or in one above it."""
    return any(area_code.startswith(code) for code in actor.area_codes(Role.ORGANISER))


def require_runs(actor: Actor, area_code: str) -> None:
    """Raises Forbidden."""
    if not runs(actor, area_code):
        raise Forbidden


def run_activity(actor: Actor, activity_id: UUID) -> ActivityFacts:
    """An activity of the actor's, held. Raises NotFound; Forbidden where they only see it."""
    found = facts.activity(activity_id, held=True)
    if found is None or (found.stage is Stage.DRAFT and not runs(actor, found.runs_in)):
        raise NotFound
    require_runs(actor, found.runs_in)
    return found


def run_shift(actor: Actor, shift_id: UUID, *, held: bool = True) -> ShiftFacts:
    """A shift of the actor's, held. Raises NotFound; Forbidden where they only see it."""
    found = facts.shift(shift_id, held=held)
    if found is None or (found.wanted.stage is Stage.DRAFT and not runs(actor, found.runs_in)):
        raise NotFound
    require_runs(actor, found.runs_in)
    return found


def run_signup(actor: Actor, signup_id: UUID) -> tuple[SignupFacts, ShiftFacts]:
    """A sign-up for a shift of the actor's, both held.

    Raises NotFound; Forbidden to whoever signed up; OwnPresence where it is the actor's own.
    """
    found, shift = _held(signup_id)
    if not runs(actor, found.runs_in):
        raise Forbidden if acts_in(actor, found) else NotFound
    if found.person_id == actor.id:
        raise OwnPresence
    return found, shift


def own_signup(actor: Actor, signup_id: UUID) -> tuple[SignupFacts, ShiftFacts]:
    """A sign-up of the actor's, or under a consent that holds, held with its shift.

    Raises NotFound; Forbidden to who runs the shift.
    """
    found, shift = _held(signup_id)
    if not acts_in(actor, found):
        raise Forbidden if runs(actor, found.runs_in) else NotFound
    return found, shift


def acts_in(actor: Actor, signup: SignupFacts) -> bool:
    """Whether it is the actor's, or they made it under a consent that still holds."""
    return actor.acts_in(signup.person_id, signup.mandate_id, Scope.ACT)


def _held(signup_id: UUID) -> tuple[SignupFacts, ShiftFacts]:
    shift_id = facts.shift_of(signup_id)
    shift = None if shift_id is None else facts.shift(shift_id, held=True)
    found = facts.signup(signup_id, held=True)
    if found is None or shift is None:
        raise NotFound
    return found, shift
