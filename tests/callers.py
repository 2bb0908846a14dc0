"""One person at one device, over HTTP: into the app in this process, or to a running server."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import requests
from flask import Flask

from backend.kernel.json import loads

ANSWER_SECONDS = 60.0

Picture = bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, the same whichever way it was asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return loads(self.body) if self.body else None

    def expect(self, status: int) -> Any:
        """The JSON of an answer that must have this status."""
        assert self.status == status, f"{self.status}: {self.body.decode(errors='replace')[:2000]}"
        return self.json


Send = Callable[..., Answer]
"""``(method, path, headers, json=…, picture=…)``."""


def into(app: Flask) -> Send:
    """Ask the app of this process. May be used in several threads."""

    def send(
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        json: Any = None,
        picture: Picture | None = None,
    ) -> Answer:
        body: dict[str, Any] = {} if json is None else {"json": json}
        if picture is not None:
            body = {
                "data": {"file": (io.BytesIO(picture), "photo.jpg", "image/jpeg")},
                "content_type": "multipart/form-data",
            }
        found = app.test_client().open(path, method=method, headers=dict(headers), **body)
        return Answer(found.status_code, found.headers, found.get_data())

    return send


def over(url: str) -> Send:
    """Ask a server. Each request has a connection of its own, as from phones far apart."""

    def send(
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        json: Any = None,
        picture: Picture | None = None,
    ) -> Answer:
        files = None if picture is None else {"file": ("photo.jpg", picture, "image/jpeg")}
        found = requests.request(
            method,
            url + path,
            headers=dict(headers),
            json=json,
            files=files,
            timeout=ANSWER_SECONDS,
            allow_redirects=False,
        )
        return Answer(found.status_code, found.headers, found.content)

    return send


class Caller:
    """Signs every request with its token, and gives each intention a key of its own."""

    def __init__(self, send: Send, token: str | None = None) -> None:
        self._send = send
        self.token = token

    def sign_in(self, slug: str) -> "Caller":
        """The one of the cast, signed in on a new device."""
        answer = Caller(self._send).post("/api/sessions", {"code": f"demo-{slug}"})
        return Caller(self._send, answer.expect(201)["token"])

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, headers)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path)

    def put(self, path: str, body: Any) -> Answer:
        return self.send("PUT", path, json=body)

    def post(self, path: str, body: Any = None, key: str | None = None) -> Answer:
        return self.send("POST", path, {"Idempotency-Key": key or uuid4().hex}, json=body)

    def upload(self, picture: Picture, key: str | None = None) -> Answer:
        headers = {"Idempotency-Key": key or uuid4().hex}
        return self.send("POST", "/api/attachments", headers, picture=picture)

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **body: Any
    ) -> Answer:
        signed = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self._send(method, path, {**signed, **(headers or {})}, **body)

    def act(self, request: Mapping[str, Any], action: str, **body: Any) -> dict[str, Any]:
        """Take an action on a request as it is now; the request afterwards."""
        path = f"/api/requests/{request['id']}"
        version = self.get(path).expect(200)["version"]
        after: dict[str, Any] = self.post(f"{path}/{action}", {"version": version, **body}).expect(
            200
        )
        return after
