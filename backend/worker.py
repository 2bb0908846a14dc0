"""The process that does what was promised: outbox events, and work by the clock.

Any number of workers may run. SIGTERM and SIGINT let running work finish and take no new.
"""

import signal
import threading
from collections.abc import Callable, Mapping

import structlog

from backend.kernel import clock, outbox, periodic
from backend.kernel.db import connection
from backend.kernel.errors import where
from backend.kernel.outbox import Handler
from backend.kernel.periodic import Periodic

log = structlog.get_logger(__name__)

_POLL_SECONDS = 0.25
_CLOCK_SECONDS = 1.0
_DATABASE_AWAY_SECONDS = 2.0


class Worker:
    """Runs handlers in ``threads`` threads, and the clock's work in one more."""

    def __init__(
        self, handlers: Mapping[str, Handler], work: dict[str, Periodic], threads: int
    ) -> None:
        self._handlers = handlers
        self._work = work
        self._threads = threads
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until :meth:`stop` or, in the main thread, a signal; finish, and return."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self.stop())
        with connection():
            periodic.register(self._work, clock.now())
        loops = [(self.do_next_event, _POLL_SECONDS)] * self._threads
        loops.append((self.do_next_due, _CLOCK_SECONDS))
        threads = [threading.Thread(target=self._repeat, args=loop) for loop in loops]
        log.info("worker_started", threads=self._threads)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        log.info("worker_stopped")

    def stop(self) -> None:
        """Take no new work; what runs is finished."""
        self._stopping.set()

    def do_next_event(self) -> bool:
        """Claim and handle one event; False if none was due."""
        events = outbox.claim(clock.now())
        for event in events:
            handler = self._handlers.get(event.kind)
            try:
                if handler is None:
                    raise outbox.Permanent(f"nothing handles {event.kind}")
                if event.attempts > outbox.MAX_ATTEMPTS:
                    raise outbox.Permanent("every worker that began it died")
                handler(event, clock.now())
            except Exception as error:
                log.warning(
                    "event_failed",
                    kind=event.kind,
                    event_id=str(event.id),
                    attempts=event.attempts,
                    error=type(error).__name__,
                    frames=list(where(error)),
                )
                outbox.fail(event, error, clock.now())
            else:
                outbox.complete(event, clock.now())
        return bool(events)

    def do_next_due(self) -> bool:
        """Do one piece of periodic work; False if none was due."""
        name = periodic.take_due(self._work, clock.now())
        if name is None:
            return False
        try:
            self._work[name].run(clock.now())
        except Exception as error:
            log.error(
                "periodic_failed",
                work=name,
                error=type(error).__name__,
                frames=list(where(error)),
            )
        return True

    def _repeat(self, step: Callable[[], bool], idle_seconds: float) -> None:
        while not self._stopping.is_set():
            try:
                with connection():
                    busy = step()
            except Exception as error:
                # The database is away, or a result could not be written: the lease covers it.
                log.error("worker_waits", error=type(error).__name__, frames=list(where(error)))
                self._stopping.wait(_DATABASE_AWAY_SECONDS)
                continue
            if not busy:
                self._stopping.wait(idle_seconds)
