"""What follows from a change once it is committed: people are told."""

from backend.consultations.jobs import meetings, questions
from backend.consultations.jobs.meetings import tell
from backend.kernel.outbox import Handler
from backend.kernel.periodic import Periodic

HANDLERS: dict[str, Handler] = {**meetings.HANDLERS, **questions.HANDLERS}
PERIODIC: dict[str, Periodic] = {**questions.PERIODIC}

__all__ = ["HANDLERS", "PERIODIC", "tell"]
