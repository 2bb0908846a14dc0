"""Pictures over HTTP, as a client meets them."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from backend.attachments import images, queries, rules, service
from backend.attachments.ports import Ports, register_viewer
from backend.attachments.routes import blueprint
from backend.integrations.storage import DiskStorage
from backend.kernel import messages
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db, fetch_all
from backend.kernel.errors import DomainError
from backend.kernel.ids import new_id
from backend.kernel.settings import Settings
from backend.web.api import create_flask, make_api
from backend.web.auth import init_auth
from tests.attachments.pictures import SECRET, encoded, halves, talkative


class Person:
    """One signed-in person and their phone."""

    def __init__(self, client: FlaskClient, person_id: UUID) -> None:
        self.id = person_id
        self._client = client
        self._headers = {"Authorization": f"Bearer {person_id}"}

    def upload(
        self, data: bytes, declared: str = "image/jpeg", key: str | None = None, name: str = "a.jpg"
    ) -> TestResponse:
        return self._client.post(
            "/api/attachments",
            data={"file": (io.BytesIO(data), name, declared)},
            headers={**self._headers, "Idempotency-Key": key or f"key-{new_id()}"},
        )

    def delete(self, attachment_id: str) -> TestResponse:
        return self._client.delete(f"/api/attachments/{attachment_id}", headers=self._headers)


@pytest.fixture
def api(settings: Settings, plugged: Ports) -> Flask:
    app = create_flask(settings)
    people: dict[str, Actor] = app.extensions.setdefault("people", {})
    init_auth(app, lambda token, moment: people.get(token))
    make_api(app, "1").register_blueprint(blueprint)
    return app


@pytest.fixture
def sign_in(api: Flask, new_person: Callable[[], UUID]) -> Callable[..., Person]:
    def make(language: str = "zh-CN") -> Person:
        person_id = new_person()
        api.extensions["people"][str(person_id)] = replace(
            Actor(id=person_id, name="李秀英"), language=language
        )
        return Person(api.test_client(), person_id)

    return make


@pytest.fixture
def li(sign_in: Callable[..., Person]) -> Person:
    return sign_in()


@pytest.fixture
def anyone(api: Flask) -> FlaskClient:
    return api.test_client()


def problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    document: dict[str, Any] = answer.json
    assert document["code"] == code
    assert document["detail"]
    return document


def stored() -> int:
    return len(fetch_all("SELECT 1 FROM attachments"))


def test_an_upload_can_be_seen_through_its_links(li: Person, anyone: FlaskClient) -> None:
    answer = li.upload(talkative("JPEG"), name="../../李秀英家.jpg")
    assert answer.status_code == 201
    view = answer.json
    assert set(view) == {"id", "width", "height", "size", "url", "thumbnail_url", "expires_at"}
    assert (view["width"], view["height"]) == (64, 48)
    for link in (view["url"], view["thumbnail_url"]):
        seen = anyone.get(link)
        assert seen.status_code == 200
        assert seen.content_type == "image/jpeg"
        assert seen.headers["Content-Disposition"] == f'inline; filename="{view["id"]}.jpg"'
        assert seen.headers["X-Content-Type-Options"] == "nosniff"
        assert seen.headers["Cache-Control"].startswith("private, max-age=")
        assert 600 < int(seen.headers["Cache-Control"].partition("=")[2]) <= 900
        assert SECRET not in seen.data
        assert Image.open(io.BytesIO(seen.data)).format == "JPEG"
        again = anyone.get(link, headers={"If-None-Match": seen.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert len(anyone.get(view["url"]).data) == view["size"]


@pytest.mark.parametrize(
    ("kind", "declared"),
    [("PNG", "image/png"), ("WEBP", "image/webp"), ("HEIF", "image/heic"), ("JPEG", "")],
)
def test_every_format_is_taken(li: Person, kind: str, declared: str) -> None:
    assert li.upload(talkative(kind), declared).status_code == 201


def test_an_interrupted_upload_repeated_does_not_double(li: Person, photo: bytes) -> None:
    first = li.upload(photo, key="the-same-upload")
    again = li.upload(photo, key="the-same-upload")
    assert first.status_code == again.status_code == 201
    assert first.json == again.json
    assert stored() == 1
    problem(li.upload(talkative("JPEG"), key="the-same-upload"), 422, "idempotency_key_reused")


def test_a_refused_upload_may_be_tried_again_with_its_key(li: Person, photo: bytes) -> None:
    problem(li.upload(photo[:500], key="one-and-the-same"), 422, "image_damaged")
    problem(li.upload(photo[:500], key="one-and-the-same"), 422, "image_damaged")
    assert li.upload(photo, key="one-and-the-same").status_code == 201


def moving() -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    return encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(
    ("data", "declared", "status", "code"),
    [
        (b"", "image/jpeg", 415, "image_unsupported"),
        (b"<html>", "image/jpeg", 415, "image_unsupported"),
        (encoded(halves()), "image/png", 422, "image_mislabelled"),
        (encoded(halves())[:300], "image/jpeg", 422, "image_damaged"),
        (moving(), "image/png", 422, "image_animated"),
    ],
    ids=["empty", "page", "mislabelled", "truncated", "moving"],
)
def test_refusals(li: Person, data: bytes, declared: str, status: int, code: str) -> None:
    document = problem(li.upload(data, declared), status, code)
    assert "{" not in document["detail"]
    assert stored() == 0


def test_too_large(li: Person, photo: bytes) -> None:
    document = problem(
        li.upload(photo + bytes(rules.MAX_BYTES - len(photo) + 1)), 413, "image_too_large"
    )
    assert "10 MB" in document["detail"]


def test_refusals_speak_the_callers_language(sign_in: Callable[..., Person]) -> None:
    assert problem(sign_in("en").upload(b"x"), 415, "image_unsupported")["detail"].startswith(
        "Only"
    )


def test_every_refusal_has_a_sentence_in_both_languages() -> None:
    refusals = [
        item for item in vars(rules).values() if isinstance(item, type) and item is not DomainError
    ]
    codes = {item.code for item in refusals if issubclass(item, DomainError)}
    assert len(codes) > 10
    for language in messages.LANGUAGES:
        assert codes <= messages.error_codes(language)


def test_a_form_without_the_file(li: Person) -> None:
    answer = li._client.post(
        "/api/attachments",
        data={"picture": (io.BytesIO(b"x"), "a.jpg")},
        headers={**li._headers, "Idempotency-Key": "some-key-1"},
    )
    document = problem(answer, 422, "validation_failed")
    assert {error["field"]: error["code"] for error in document["errors"]} == {
        "/file": "required",
        "/picture": "unknown_field",
    }


def test_a_form_with_more_than_the_file(li: Person, photo: bytes, storage: DiskStorage) -> None:
    answer = li._client.post(
        "/api/attachments",
        data={"file": (io.BytesIO(photo), "a.jpg", "image/jpeg"), "note": "在我家门口"},
        headers={**li._headers, "Idempotency-Key": "some-key-2"},
    )
    (error,) = problem(answer, 422, "validation_failed")["errors"]
    assert (error["field"], error["code"]) == ("/note", "unknown_field")
    assert stored() == 0
    assert list(storage.keys_before(now() + timedelta(days=1))) == [], "refused before it is stored"


def test_no_connection_is_held_while_a_picture_is_made_and_stored(
    li: Person, photo: bytes, plugged: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People on slow telephones send pictures; what they wait for must not keep others waiting."""
    held: list[bool] = []

    def watched(work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any) -> Any:
            held.append(not db.is_closed())
            return work(*args)

        return run

    monkeypatch.setattr(images, "process", watched(images.process))
    monkeypatch.setattr(plugged.storage, "put", watched(plugged.storage.put))
    # In a thread of its own: this one's connection is the test's.
    with ThreadPoolExecutor(1) as server:
        answer = server.submit(li.upload, photo, key="slow-phone").result()
        again = server.submit(li.upload, photo, key="slow-phone").result()
    assert answer.status_code == 201
    assert again.data == answer.data
    assert held == [False] * 3, "decoded, and two files stored; once"


def test_hoarding(li: Person, photo: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_UNCLAIMED", 2)
    for _ in range(2):
        assert li.upload(photo).status_code == 201
    answer = li.upload(photo)
    problem(answer, 429, "too_many_unclaimed_attachments")
    assert int(answer.headers["Retry-After"]) > 80_000


def test_a_full_queue_asks_to_come_back(li: Person, photo: bytes) -> None:
    taken = 0
    while service._QUEUE.acquire(blocking=False):
        taken += 1
    try:
        answer = li.upload(photo, key="comes-back-later")
        problem(answer, 503, "uploads_busy")
        assert answer.headers["Retry-After"] == "2"
    finally:
        for _ in range(taken):
            service._QUEUE.release()
    assert li.upload(photo, key="comes-back-later").status_code == 201


def test_deleting(li: Person, sign_in: Callable[..., Person], photo: bytes) -> None:
    first, second = li.upload(photo).json["id"], li.upload(photo).json["id"]
    service.claim(li.id, [UUID(second)], "service_request", new_id(), now())
    problem(sign_in().delete(first), 404, "not_found")
    assert li.delete(first).status_code == 204
    problem(li.delete(first), 404, "not_found")
    problem(li.delete(second), 409, "attachment_in_use")
    problem(li.delete(str(new_id())), 404, "not_found")
    assert li.delete("nonsense").status_code == 404


def test_uploading_and_deleting_need_a_sign_in(anyone: FlaskClient, photo: bytes) -> None:
    answer = anyone.post("/api/attachments", data={"file": (io.BytesIO(photo), "a.jpg")})
    problem(answer, 401, "unauthenticated")
    problem(anyone.delete(f"/api/attachments/{new_id()}"), 401, "unauthenticated")
    assert stored() == 0


def test_links_that_do_not_work(li: Person, anyone: FlaskClient, photo: bytes) -> None:
    view = li.upload(photo).json
    path, query = view["url"].split("?")
    problem(anyone.get(path), 422, "validation_failed")
    problem(anyone.get(f"{path}?{query[:-1]}_"), 403, "attachment_link_invalid")
    problem(anyone.get(f"{path}?{query}&x=1"), 422, "validation_failed")
    problem(anyone.get(f"{path.replace('original', 'raw')}?{query}"), 404, "not_found")
    with time_machine.travel(now() + timedelta(minutes=15), tick=False):
        problem(anyone.get(view["url"]), 410, "attachment_link_expired")


def test_a_link_stops_when_its_person_may_see_no_more(
    li: Person, sign_in: Callable[..., Person], anyone: FlaskClient, photo: bytes
) -> None:
    handler, subject = sign_in(), new_id()
    picture = UUID(li.upload(photo).json["id"])
    service.claim(li.id, [picture], "service_request", subject, now())
    allowed = {li.id, handler.id}
    register_viewer("service_request", lambda person, seen: person in allowed and seen == subject)
    (view,) = queries.views(queries.for_subject("service_request", subject), handler.id, now())
    assert anyone.get(view["url"]).status_code == 200
    allowed.remove(handler.id)
    problem(anyone.get(view["url"]), 404, "not_found")
