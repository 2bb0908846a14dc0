"""What people entrust to the product is in its tables, encrypted, and nowhere else."""

import io
from collections.abc import Iterator

import pytest

from backend.kernel.db import fetch_all
from backend.kernel.json import dumps, loads
from backend.kernel.settings import ROOT
from backend.web import logs
from tests.policy import helping, law
from tests.policy.life import (
    ADDRESS,
    COMPLAINED_OF,
    ID_NUMBER,
    MATERIAL,
    PHONE,
    PRESSURE_WORDS,
    STATEMENT,
    go_wrong,
    live,
    secrets,
)
from tests.policy.scene import VILLAGE, Scene

SEALED = {
    PHONE, ID_NUMBER, ADDRESS, MATERIAL, COMPLAINED_OF, STATEMENT, PRESSURE_WORDS,
    law.TALK["facts"], law.QUESTION["text"], *helping.GUARDIAN.values(),
}  # fmt: skip
"""What no column of any table holds in clear."""

LOCALES = ROOT / "miniprogram/src/locales/more"
"""Where the mini-program says in words what was read."""


@pytest.fixture
def log() -> Iterator[io.BytesIO]:
    """Everything that is logged, as the product's processes log it."""
    lines = io.BytesIO()
    logs.configure(lines)
    yield lines
    logs.configure()


def holding(text: str, scene: Scene) -> list[str]:
    return [what for what, secret in secrets(scene).items() if secret in text]


@pytest.mark.usefixtures("pushed_to")
def test_nothing_personal_leaves_by_a_side_door(scene: Scene, log: io.BytesIO):
    request = live(scene)
    go_wrong(scene, request)

    lines = log.getvalue().decode().splitlines()
    events = [loads(line) for line in lines]
    assert {event["event"] for event in events} >= {"request", "event_failed"}
    assert len(lines) > 100
    for line in lines:
        assert holding(line, scene) == [], line

    errors = [error for (error,) in fetch_all("SELECT last_error FROM outbox") if error]
    assert errors
    for error in errors:
        assert holding(error, scene) == [], error

    entries = fetch_all("SELECT action, details FROM audit_log")
    assert {"personal_data.read", "service_request.replied"} <= {action for action, _ in entries}
    for action, details in entries:
        assert holding(dumps(details).decode(), scene) == [], action


@pytest.mark.usefixtures("pushed_to")
def test_what_was_read_is_told_in_words(scene: Scene):
    live(scene)
    scene[law.OFFICER].get("/api/ledger").expect(200)
    read = fetch_all(
        "SELECT DISTINCT jsonb_array_elements_text(details->'fields') FROM audit_log"
        " WHERE action = 'personal_data.read'"
    )
    assert {"phone", "question", "facts", "ledger"} <= {field for (field,) in read}
    for catalogue in LOCALES.glob("*.json"):
        known = loads(catalogue.read_bytes())["data"]["field"]
        assert {field for (field,) in read} <= set(known), catalogue.name


@pytest.mark.usefixtures("pushed_to")
def test_promised_work_names_people_and_matters_and_says_nothing_of_them(scene: Scene):
    live(scene)
    for kind, payload in fetch_all("SELECT kind, payload FROM outbox"):
        if kind == "wechat.push_event":
            # WeChat names people by nothing else, until the event is taken in.
            payload.pop("openid")
        assert holding(dumps(payload).decode(), scene) == [], kind


@pytest.mark.usefixtures("pushed_to")
def test_what_is_sealed_is_in_clear_in_no_table(scene: Scene):
    live(scene)
    tables = [
        name for (name,) in fetch_all("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    for table in tables:
        for (row,) in fetch_all(f'SELECT to_jsonb(t)::text FROM "{table}" t'):
            for secret in SEALED:
                assert secret not in row, table
                assert secret.encode().hex() not in row, table


@pytest.mark.usefixtures("pushed_to")
def test_passers_by_learn_of_nobody(scene: Scene):
    live(scene)
    listed = scene.nobody.get(f"/api/public/requests?area={VILLAGE}").expect(200)["items"]
    assert listed
    assert holding(dumps(listed).decode(), scene) == []
    for item in listed:
        shown = scene.nobody.get(f"/api/public/requests/{item['id']}").expect(200)
        assert holding(dumps(shown).decode(), scene) == []


@pytest.mark.usefixtures("pushed_to")
def test_no_token_is_stored(scene: Scene):
    live(scene)
    tokens = [caller.token for caller in scene.signed_in.values() if caller.token]
    assert tokens
    for (row,) in fetch_all("SELECT to_jsonb(t)::text FROM sessions t"):
        for token in tokens:
            assert token not in row and token.encode().hex() not in row
