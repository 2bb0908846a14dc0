"""A small real app on the real database, with two people who can sign in."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask, Response, current_app, request
from flask.testing import FlaskClient

from backend.kernel.actor import Actor
from backend.kernel.db import db, execute, fetch_one
from backend.kernel.errors import Conflict, DomainError, FieldError, Forbidden, ValidationFailed
from backend.kernel.ids import new_id
from backend.kernel.settings import Settings
from backend.web import schemas
from backend.web.api import Blueprint, create_flask, make_api, problems
from backend.web.auth import current_actor, init_auth, public
from backend.web.docs import init_docs
from backend.web.errors import problem
from backend.web.etag import conditional, etagged
from backend.web.health import init_health
from backend.web.idempotency import idempotent
from backend.web.limits import Limits, init_limits, sign_in_limited, signed_calls
from backend.web.pages import PageQuery, page, page_of
from backend.web.site import init_site

LI = Actor(id=UUID("018f0000-0000-7000-8000-000000000001"), name="李秀英")
WANG = Actor(id=UUID("018f0000-0000-7000-8000-000000000002"), name="王大富", language="en")
TOKENS = {"st_li-xiuying": LI, "st_wang-dafu": WANG}


class Place(schemas.Schema):
    words = schemas.Text(max=20, required=True, line=True)
    latitude = schemas.Number(min=-90, max=90)


class Lamp(schemas.Schema):
    name = schemas.Text(max=10, required=True)
    watts = schemas.StrictInteger(min=1, max=1000)
    lit = schemas.Flag()
    seen_at = schemas.AwareDateTime()
    made_on = schemas.Date()
    maker = schemas.UuidStr()
    colour = schemas.Choice(["white", "yellow"])
    place = schemas.Nested(Place)
    tags = schemas.List(schemas.Text(max=5), max=3, unique=True)
    answers = schemas.ScalarMap(max_items=3, max_length=10)


class LampView(schemas.Schema):
    id = schemas.UuidStr(required=True)
    name = schemas.Text(max=10, required=True)


class LampQuery(PageQuery):
    lit = schemas.QueryFlag()


class Upload(schemas.Schema):
    file = schemas.UploadedFile(required=True)


class Secret(schemas.Schema):
    word = schemas.Text(max=10)


class LampBroken(DomainError):
    code = "conflict"
    status = 409


def develop(files: dict) -> dict:
    """What takes long with a photo."""
    current_app.extensions.setdefault("developed", []).append(not db.is_closed())
    pixels = files["file"].read()
    if pixels == b"black":
        raise ValidationFailed(fields=[FieldError("/file", "invalid")])
    return {"bytes": len(pixels)}


def lamps_blueprint() -> Blueprint:
    lamps = Blueprint("lamps", __name__, url_prefix="/api/lamps")

    @lamps.route("", methods=["POST"])
    @lamps.arguments(Lamp)
    @lamps.response(201, LampView)
    @problems(Forbidden, Conflict)
    @idempotent
    def add_lamp(lamp: dict) -> dict:
        """Put up a lamp."""
        if lamp["name"] == "broken":
            raise LampBroken
        lamp_id = new_id()
        execute(
            "INSERT INTO lamps (id, owner_id, name) VALUES (%s, %s, %s)",
            (lamp_id, current_actor().id, lamp["name"]),
        )
        if lamp["name"] == "refused":
            return problem(Conflict())
        if lamp["name"] == "slow":
            fetch_one("SELECT pg_sleep(0.3)")
        return {"id": lamp_id, "name": lamp["name"]}

    @lamps.route("")
    @lamps.arguments(LampQuery, location="query")
    @lamps.response(200, page_of(LampView))
    def list_lamps(query: dict) -> bytes:
        after = query["cursor"][0] if query["cursor"] else ""
        row = fetch_one(
            "SELECT coalesce(json_agg(json_build_object('id', id, 'name', name) ORDER BY name),"
            " '[]')::text, max(name), count(*) FROM (SELECT * FROM lamps WHERE name > %s"
            " ORDER BY name LIMIT %s) AS shown",
            (after, query["limit"]),
        )
        assert row is not None
        return page(row[0], (row[1],) if row[2] == query["limit"] else None)

    @lamps.route("/<uuid:lamp_id>")
    @lamps.response(200, LampView)
    @etagged
    def show_lamp(lamp_id: UUID) -> Response:
        return conditional(f'{{"id":"{lamp_id}","name":"灯"}}')

    @lamps.route("/<uuid:lamp_id>", methods=["DELETE"])
    @lamps.response(204)
    def remove_lamp(lamp_id: UUID) -> None:
        execute("DELETE FROM lamps WHERE id = %s", (lamp_id,))

    @lamps.route("/names/<name>")
    @lamps.response(200, LampView)
    def find_lamp(name: str) -> Response:
        return conditional(f'{{"id":"{LI.id}","name":"灯"}}')

    @lamps.route("/photos", methods=["POST"])
    @lamps.arguments(Upload, location="files", prepare=develop)
    @lamps.response(201)
    @idempotent
    def add_photo(files: dict, prepared: dict) -> dict:
        return {"id": str(new_id()), "connected": not db.is_closed(), **prepared}

    @lamps.route("/keys", methods=["POST"])
    @lamps.response(204)
    @idempotent
    @sign_in_limited
    def try_key() -> None:
        """Open a lamp post."""

    @lamps.route("/picture")
    @public
    @signed_calls
    @lamps.response(204)
    def picture() -> None:
        """Look at a lamp through a signed link."""

    @lamps.route("/count")
    @public
    @lamps.response(204)
    def count() -> None:
        """How many lamps there are."""

    @lamps.route("/sql")
    @lamps.response(200)
    def ask_database() -> bytes:
        row = fetch_one(f"SELECT ({request.args['q']})::text")
        assert row is not None
        return b'"done"'

    @lamps.route("/fail")
    @lamps.response(200)
    def fail() -> None:
        raise RuntimeError("李秀英 13812345678")

    @lamps.route("/rule")
    @lamps.response(200)
    def break_rule() -> None:
        raise ValidationFailed(fields=[FieldError("/answers/lamp_no", "too_long", max=5)])

    return lamps


def session_blueprint() -> Blueprint:
    sessions = Blueprint("sessions", __name__, url_prefix="/api/sessions")

    @sessions.route("", methods=["POST"])
    @public
    @sign_in_limited
    @sessions.arguments(Secret)
    @sessions.response(201)
    def sign_in(secret: dict) -> dict:
        return {"word": secret.get("word")}

    return sessions


def make_app(settings: Settings, limits: Limits | None = None) -> Flask:
    app = create_flask(settings)
    init_auth(app, lambda token, now: TOKENS.get(token))
    init_limits(app, settings, limits)
    api = make_api(app, "1.0")
    api.register_blueprint(lamps_blueprint())
    api.register_blueprint(session_blueprint())
    init_docs(app, api)
    init_health(app, {"database": lambda: fetch_one("SELECT 1") is not None})
    init_site(app, settings)
    return app


@pytest.fixture
def lamp_app(database: str, settings: Settings) -> Iterator[Flask]:
    execute("CREATE TABLE lamps (id uuid PRIMARY KEY, owner_id uuid NOT NULL, name text NOT NULL)")
    yield make_app(settings)
    execute("DROP TABLE lamps")


class Caller:
    """One person's device: signs every request and gives each intention its key."""

    def __init__(self, client: FlaskClient, token: str | None) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **kwargs):
        return self._send("GET", path, **kwargs)

    def delete(self, path: str, **kwargs):
        return self._send("DELETE", path, **kwargs)

    def post(self, path: str, key: str | None = None, **kwargs):
        extra = {"Idempotency-Key": key or f"key-{new_id()}"}
        return self._send("POST", path, extra, **kwargs)

    def _send(self, method: str, path: str, extra: dict | None = None, **kwargs):
        headers = {**self.headers, **(extra or {}), **kwargs.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **kwargs)


@pytest.fixture
def li(lamp_app: Flask) -> Caller:
    return Caller(lamp_app.test_client(), "st_li-xiuying")


@pytest.fixture
def wang(lamp_app: Flask) -> Caller:
    return Caller(lamp_app.test_client(), "st_wang-dafu")


@pytest.fixture
def stranger(lamp_app: Flask) -> Caller:
    return Caller(lamp_app.test_client(), None)
