"""Waiting for PostgreSQL in a gevent worker: the greenlet stands aside, the process goes on."""

from typing import Any

import psycopg
from gevent import get_hub, monkey
from psycopg.abc import RV, PQGen
from psycopg.waiting import Ready, Wait

_READY = {Wait.R: Ready.R, Wait.W: Ready.W, Wait.RW: Ready.RW}


def active() -> bool:
    """Whether this process runs greenlets."""
    return bool(monkey.is_module_patched("select"))


class Connection(psycopg.Connection[Any]):
    """Waits in gevent's event loop directly.

    By itself psycopg uses gevent's imitation of ``poll``, which costs as much as half a query.
    """

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            wanted = next(gen)
            hub = get_hub()
            while True:
                watcher = hub.loop.io(self.pgconn.socket, int(wanted))
                try:
                    hub.wait(watcher)
                finally:
                    watcher.close()
                wanted = gen.send(_READY[wanted])
        except StopIteration as done:
            answer: RV = done.value
            return answer
