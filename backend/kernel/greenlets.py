"""Waiting and computing in a gevent worker: the greenlet stands aside, the process goes on."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import psycopg
from gevent import get_hub, monkey
from psycopg.abc import RV, PQGen
from psycopg.waiting import Ready, Wait

_READY = {Wait.R: Ready.R, Wait.W: Ready.W, Wait.RW: Ready.RW}

_P = ParamSpec("_P")
_T = TypeVar("_T")


def active() -> bool:
    """Whether this process runs greenlets."""
    return bool(monkey.is_module_patched("select"))


def in_background(work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Do long work, with a real thread under gevent, where all requests share the one we are in."""
    if not active():
        return work(*args, **kwargs)
    result: _T = get_hub().threadpool.apply(work, args, kwargs)
    return result


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
