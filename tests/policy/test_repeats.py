"""A phone on a weak network sends again what it is not sure of: nothing happens twice."""

from collections.abc import Mapping
from typing import Any

import pytest

from backend.kernel.db import fetch_all, fetch_one
from tests.attachments.pictures import encoded, halves
from tests.callers import Answer, Caller
from tests.policy.scene import Scene
from tests.policy.test_access import CALLS, ROWS, SLUGS
from tests.policy.test_openapi import routes

REPLAYED = "Idempotent-Replayed"


class Recorder(Caller):
    """Remembers the last thing it sent."""

    last: dict[str, Any]

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **body: Any
    ) -> Answer:
        self.last = {"method": method, "path": path, "headers": dict(headers or {}), **body}
        return super().send(method, path, headers, **body)

    def again(self, **changes: Any) -> Answer:
        return super().send(**{**self.last, **changes})


USES = [
    use
    for use, row in ROWS.items()
    if use.startswith("POST ") and "ok" in row.values() and row["nobody"] == "401"
]
"""What people do by POST, each by whoever of the matrix may."""


def whoever_may(scene: Scene, use: str) -> Recorder:
    caller = next(caller for caller, outcome in ROWS[use].items() if outcome == "ok")
    return Recorder(scene.nobody._send, scene[SLUGS[caller]].token)


def all_rows() -> dict[str, int]:
    """How much there is in each table."""
    names = [
        name for (name,) in fetch_all("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    counts = fetch_one("SELECT " + ", ".join(f'(SELECT count(*) FROM "{n}")' for n in names))
    assert counts is not None
    return dict(zip(names, counts, strict=True))


def another(last: dict[str, Any]) -> dict[str, Any]:
    """Something else under the same key."""
    if last.get("picture"):
        return {"picture": encoded(halves((80, 60)))}
    return {"json": {**(last["json"] or {}), "more": 1}}


@pytest.fixture
def once(scene: Scene) -> set[str]:
    """Routes whose every use is carried out once per key."""
    return {name for name, _, traits in routes(scene.app) if traits.idempotent}


def test_every_use_is_carried_out_once(scene: Scene, once: set[str]):
    tried = set()
    for use in USES:
        route = use.partition(" | ")[0]
        if route not in once:
            continue
        tried.add(route)
        person = whoever_may(scene, use)
        first = CALLS[use](scene, person)
        assert first.status < 300 and REPLAYED not in first.headers, use
        before = all_rows()

        again = person.again()
        assert (again.status, again.body) == (first.status, first.body), use
        assert again.headers[REPLAYED] == "true", use
        assert again.headers.get("Content-Type") == first.headers.get("Content-Type"), use

        other = person.again(**another(person.last))
        assert (other.status, other.json["code"]) == (422, "idempotency_key_reused"), use

        for headers in ({}, {"Idempotency-Key": "short"}, {"Idempotency-Key": "é" * 20}):
            keyless = person.again(headers=headers)
            assert (keyless.status, keyless.json["code"]) == (400, "idempotency_key_required"), use

        assert all_rows() == before, use
    assert tried == once


def test_a_key_is_a_persons_own(scene: Scene):
    body = {"ids": []}
    li, wang = scene["lixiuying"], scene["wangdafu"]
    li.post("/api/notices/read", body, key="the-same-key").expect(204)
    answer = wang.post("/api/notices/read", body, key="the-same-key")
    assert answer.status == 204 and REPLAYED not in answer.headers


def test_what_was_refused_may_be_corrected_under_the_same_key(scene: Scene):
    request = scene.request()
    path = f"/api/requests/{request['id']}/accept"
    refused = scene["chenwei"].post(path, {"version": 7}, key="an-intention")
    assert (refused.status, refused.json["version"]) == (409, 1)
    assert scene["chenwei"].post(path, {"version": 1}, key="an-intention").expect(200)


def test_an_answer_is_kept_sealed(scene: Scene):
    request = scene.request()
    scene["chenwei"].act(request, "accept")
    kept = fetch_all("SELECT body FROM idempotency_keys WHERE body IS NOT NULL")
    assert kept
    assert not [body for (body,) in kept if "路灯".encode() in body]
