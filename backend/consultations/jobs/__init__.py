"""What follows from a change once it is committed: people are told."""

from backend.kernel.outbox import Handler
from backend.kernel.periodic import Periodic

HANDLERS: dict[str, Handler] = {}
PERIODIC: dict[str, Periodic] = {}
