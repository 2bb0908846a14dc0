"""Work of people that no request waits for."""

from datetime import timedelta

from backend.kernel.outbox import Handler
from backend.kernel.periodic import Periodic
from backend.people import service

HANDLERS: dict[str, Handler] = {}

PERIODIC: dict[str, Periodic] = {
    "people.forget_ended": Periodic(every=timedelta(days=1), run=service.forget_ended),
}
