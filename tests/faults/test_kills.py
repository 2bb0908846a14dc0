"""`kill -9` of any process at any moment, while residents submit.

``FAULT_SEED=n`` repeats a round that failed, ``FAULT_ROUNDS=n`` makes more of them (from that seed
on), ``FAULT_SUBMISSIONS=n`` changes their size.
"""

import os
import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.faults import promises
from tests.faults.crowd import Crowd
from tests.running import Running, eventually

SEED = int(os.environ.get("FAULT_SEED", random.SystemRandom().randrange(10**9)))
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
SUBMISSIONS = int(os.environ.get("FAULT_SUBMISSIONS", "200"))

WEB_PROCESS_KILLS = 2
SERVER_KILLS = 1
WORKER_KILLS = 2

EVENTS_EACH = 4
"""Outbox events of one submission: it is told and checked, and two messages are sent; how they
ended comes on top."""


def hesitate(chance: random.Random) -> None:
    """So that it strikes at any point of a request or of an event."""
    threading.Event().wait(chance.uniform(0, 0.05))


class Saboteur:
    """Kills processes of the product at random moments, and remembers which."""

    def __init__(self, running: Running, crowd: Crowd, seed: int) -> None:
        self._running = running
        self._crowd = crowd
        self._seed = seed
        self.killed: list[str] = []

    def attack_server(self) -> None:
        """Kill the process that answers, or the one above it, after so and so many attempts."""
        chance = random.Random(f"{self._seed} server")
        deeds = [self._kill_web_process] * WEB_PROCESS_KILLS + [self._kill_server] * SERVER_KILLS
        chance.shuffle(deeds)
        moments = chance.sample(range(5, len(self._crowd.intentions)), len(deeds))
        for deed, moment in zip(deeds, sorted(moments), strict=True):
            eventually(lambda at=moment: self._crowd.reached(at), f"{moment} attempts", 120)
            hesitate(chance)
            deed()

    def attack_worker(self) -> None:
        """Kill the worker after so and so many events were handled."""
        chance = random.Random(f"{self._seed} worker")
        done_before = self._events_done()
        events = len(self._crowd.intentions) * EVENTS_EACH
        for moment in sorted(chance.sample(range(5, events), WORKER_KILLS)):
            eventually(
                lambda at=moment: (
                    self._events_done() - done_before >= at
                    or (self._crowd.finished.is_set() and self._running.work_done())
                ),
                f"{moment} events",
                120,
            )
            hesitate(chance)
            self._running.worker.kill()
            self.killed.append("worker")
            promises.forget_the_dead(self._running)
            self._running.worker.restart()

    def _kill_web_process(self) -> None:
        def children() -> list[psutil.Process]:
            return psutil.Process(self._running.serve.pid).children()

        eventually(children, "a web process")[0].kill()
        self.killed.append("web process")

    def _kill_server(self) -> None:
        self._running.serve.signal(signal.SIGKILL)
        self._running.serve.wait()
        self.killed.append("server")
        self._running.serve.restart()

    def _events_done(self) -> int:
        ((count,),) = self._running.rows("SELECT count(*) FROM outbox WHERE done_at IS NOT NULL")
        return int(count)


@pytest.mark.faults
@pytest.mark.parametrize("number", range(ROUNDS))
def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(
    running: Running, number: int
) -> None:
    seed = SEED + number
    print(f"FAULT_SEED={seed}")  # noqa: T201 - to repeat it
    promises.allow_messages(running, SUBMISSIONS)
    crowd = Crowd(running, SUBMISSIONS, seed, impatient=0.1)
    saboteur = Saboteur(running, crowd, seed)
    with ThreadPoolExecutor(3) as pool:
        deeds = [
            pool.submit(crowd.submit, 120),
            pool.submit(saboteur.attack_server),
            pool.submit(saboteur.attack_worker),
        ]
    for deed in deeds:
        deed.result()
    promises.drained(running)

    promises.check_requests(running, crowd)
    crowd.ask_again()
    promises.check_requests(running, crowd)
    promises.check_inboxes(running, crowd)
    messages = promises.check_messages(running, crowd)

    figures = {
        "killed": len(saboteur.killed),
        "attempts": crowd.attempts,
        "lost": sum(intention.lost for intention in crowd.intentions),
        "refused": sum(intention.refused for intention in crowd.intentions),
        **messages,
    }
    print(figures)  # noqa: T201
