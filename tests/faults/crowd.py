"""Residents who submit at once, on bad networks: whoever gets no answer asks again with the key."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.callers import Caller
from tests.running import Running

SLUGS = ("lixiuying", "wangdafu", "zhangmin", "resident-1", "resident-2", "resident-3")
"""Signed in, each on a phone of its own; whoever is not of the demo's cast is new."""

HANDLING = ("chenwei", "liufang")
"""Who is told of every request, as the lead unit has these two."""

AGAIN_SECONDS = 0.2
ANSWER_SECONDS = 30.0

LAMP: dict[str, Any] = {
    "category": "street_lamp",
    "area_code": "520526001001",
    "description": "村口的路灯不亮了",
    "answers": {"fault": "dark"},
    "place": {"text": "小卖部对面"},
    "visibility": "private",
    "attachment_ids": [],
}


@dataclass
class Intention:
    """One thing one resident wants to submit, and what came of it."""

    number: int
    slug: str
    key: str = field(default_factory=lambda: uuid4().hex)
    receipt: dict[str, Any] | None = None
    lost: int = 0
    """Attempts that ended without an answer."""

    refused: int = 0
    """Attempts that were answered "busy"."""


class Crowd:
    """Submits ``count`` requests from several threads at once.

    ``impatient`` is the part of attempts that is given up after a moment, while the server may
    still be at it. The attempts made so far are in ``attempts``, so that somebody can cause trouble
    after so many.
    """

    def __init__(
        self,
        running: Running,
        count: int,
        seed: int = 0,
        *,
        impatient: float = 0.0,
        retries: bool = True,
    ) -> None:
        self.intentions = [Intention(number, SLUGS[number % len(SLUGS)]) for number in range(count)]
        # Whatever these residents make says so.
        self.body = LAMP | {"description": f"{LAMP['description']} {uuid4().hex}"}
        self.attempts = 0
        self.finished = threading.Event()
        self._url = f"{running.url}/api/requests"
        self._impatient = impatient
        self._retries = retries
        self._seed = seed
        self._guard = threading.Lock()
        self.residents = {slug: running.caller(slug) for slug in SLUGS}

    def submit(self, seconds: float) -> None:
        """Until every intention has its receipt; fails when that takes longer than ``seconds``."""
        deadline = time.monotonic() + seconds
        shares = [
            [intention for intention in self.intentions if intention.slug == slug] for slug in SLUGS
        ]
        try:
            with ThreadPoolExecutor(len(shares)) as pool:
                list(pool.map(lambda share: self._phone(share, deadline), shares))
        finally:
            self.finished.set()

    def retry(self, seconds: float) -> None:
        """Ask for the receipts that did not come."""
        self._retries = True
        self.submit(seconds)

    def start(self, seconds: float) -> Callable[[], None]:
        """Submit in the background; call what is returned to wait, and to fail if it failed."""
        pool = ThreadPoolExecutor(1)
        running = pool.submit(self.submit, seconds)
        pool.shutdown(wait=False)
        return running.result

    @property
    def receipts(self) -> list[dict[str, Any]]:
        """Of the intentions that have one."""
        return [it.receipt for it in self.intentions if it.receipt is not None]

    def reached(self, attempts: int) -> bool:
        return self.attempts >= attempts or self.finished.is_set()

    def _phone(self, share: Sequence[Intention], deadline: float) -> None:
        for intention in share:
            chance = random.Random(f"{self._seed} {intention.number}")
            while intention.receipt is None:
                if time.monotonic() > deadline:
                    pytest.fail(f"no receipt in time: {intention}", pytrace=False)
                self._attempt(intention, self.residents[intention.slug], chance)
                if intention.receipt is None:
                    if not self._retries:
                        break
                    threading.Event().wait(AGAIN_SECONDS)

    def _attempt(self, intention: Intention, resident: Caller, chance: random.Random) -> None:
        with self._guard:
            self.attempts += 1
        hasty = chance.random() < self._impatient
        try:
            answer = requests.post(
                self._url,
                json=self.body,
                headers={
                    "Authorization": f"Bearer {resident.token}",
                    "Idempotency-Key": intention.key,
                },
                timeout=chance.uniform(0.005, 0.05) if hasty else ANSWER_SECONDS,
            )
        except requests.RequestException:
            intention.lost += 1
            return
        if answer.status_code == 201:
            intention.receipt = answer.json()
        else:
            assert (answer.status_code, answer.json()["code"]) == (503, "busy"), answer.text
            assert int(answer.headers["Retry-After"]) >= 1
            intention.refused += 1

    def ask_again(self) -> None:
        """Every key once more: the answer must be the one that was given, or would have been."""
        for intention in self.intentions:
            assert intention.receipt is not None
            resident = self.residents[intention.slug]
            again = resident.post("/api/requests", self.body, intention.key)
            assert again.headers["Idempotent-Replayed"] == "true"
            assert again.expect(201) == intention.receipt
