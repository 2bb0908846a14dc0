"""Reports of pressure (有人要我改评价/撤诉): who makes them and who takes them up.

They go past everybody who handles requests or answers for how they are handled: no handler or
leader, and neither who dispatches nor who supervises, whatever else they hold.
"""

from backend.kernel.actor import Actor, Role
from backend.service_requests.rules.standing import ASKING
from backend.service_requests.rules.states import Capacity

HANDLING = frozenset({Role.HANDLER, Role.UNIT_LEAD, Role.DISPATCHER, Role.SUPERVISOR})

MOST_REPORTS_A_DAY = 10
"""By one person, on one day of the county's calendar: a queue that is flooded is not read."""


def may_report(held: frozenset[Capacity]) -> bool:
    """Who asked, or who can act for them; at any time, whatever became of the request."""
    return bool(held & ASKING)


def may_inspect(actor: Actor) -> bool:
    """Whether they are independent of all handling; of which requests, their areas say."""
    return actor.has(Role.INSPECTOR) and not any(actor.has(role) for role in HANDLING)
