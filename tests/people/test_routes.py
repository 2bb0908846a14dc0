"""The people routes as a client meets them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.kernel.actor import Role
from backend.kernel.clock import now
from backend.people import service
from backend.sandbox import Sandbox
from tests.people.conftest import COUNTY, VILLAGE


class Caller:
    """One person at one device."""

    def __init__(self, client: FlaskClient, slug: str) -> None:
        self.client = client
        answer = client.post("/api/sessions", json={"code": f"demo-{slug}"})
        assert answer.status_code == 201, answer.text
        self.session: dict[str, Any] = answer.json
        self.token = self.session["token"]
        self.id = UUID(self.session["person"]["id"])

    def __call__(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"}
        if method == "POST":
            headers["Idempotency-Key"] = kwargs.pop("key", uuid4().hex)
        return self.client.open(path, method=method, headers=headers, **kwargs)


SignIn = Callable[[str], Caller]


@pytest.fixture
def caller(database: str, client: FlaskClient, sandbox: Sandbox) -> SignIn:
    """Signs somebody in over HTTP."""
    return lambda slug: Caller(client, slug)


def test_signing_in_answers_a_token_and_the_person(caller: SignIn) -> None:
    lixiuying = caller("lixiuying")
    assert set(lixiuying.session) == {"token", "expires_at", "person"}
    me = lixiuying("GET", "/api/me")
    assert me.status_code == 200
    assert me.json == lixiuying.session["person"]
    assert me.json["language"] == "zh-CN"


def test_a_bad_code_is_a_401_in_the_callers_language(
    database: str, client: FlaskClient, sandbox: Sandbox
) -> None:
    answer = client.post("/api/sessions", json={"code": "wrong"}, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json["code"]) == (401, "wechat_code_invalid")
    assert "WeChat" in answer.json["detail"]


def test_wechat_in_trouble_is_a_503_with_a_time(
    database: str, client: FlaskClient, sandbox: Sandbox
) -> None:
    sandbox.fault("/sns/jscode2session", "errcode", times=None, errcode=-1)
    answer = client.post("/api/sessions", json={"code": "demo-lixiuying"})
    assert (answer.status_code, answer.json["code"]) == (503, "wechat_unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_first_sign_in_keeps_the_language_of_the_phone(
    database: str, client: FlaskClient, sandbox: Sandbox
) -> None:
    answer = client.post(
        "/api/sessions", json={"code": "demo-x"}, headers={"Accept-Language": "en-GB"}
    )
    assert answer.json["person"]["language"] == "en"


def test_renewing_and_signing_out(caller: SignIn) -> None:
    here, there = caller("lixiuying"), caller("lixiuying")
    renewed = here("POST", "/api/sessions/renew")
    assert renewed.status_code == 200
    assert set(renewed.json) == {"token", "expires_at"}
    assert here("GET", "/api/me").status_code == 200
    here.token = renewed.json["token"]
    assert here("GET", "/api/me").status_code == 200
    assert here("DELETE", "/api/sessions/current").status_code == 204
    assert here("GET", "/api/me").json["code"] == "unauthenticated"
    third = caller("lixiuying")
    assert there("DELETE", "/api/sessions").status_code == 204
    assert there("GET", "/api/me").status_code == 401
    assert third("GET", "/api/me").status_code == 401


def test_telling_about_oneself(caller: SignIn) -> None:
    lixiuying = caller("lixiuying")
    answer = lixiuying(
        "PUT",
        "/api/me",
        json={"name": " 李秀英 ", "home_area_code": VILLAGE, "id_number": "11010519491231002x"},
    )
    assert answer.status_code == 200
    assert answer.json["name"] == "李秀英"
    assert answer.json["home_area"]["code"] == VILLAGE
    assert answer.json["id_number"] == "1****************X"
    changed = lixiuying("PUT", "/api/me", json={"language": "en", "id_number": None}).json
    assert changed == answer.json | {"language": "en", "id_number": None}
    typed = lixiuying("PUT", "/api/me/phone", json={"phone": "138 1234 5678"})
    assert typed.json["phone"] == "138****5678"
    verified = lixiuying("PUT", "/api/me/phone", json={"code": "phone-13900001111"})
    assert verified.json["phone"] == "139****1111"


@pytest.mark.parametrize(
    ("method", "path", "body", "code", "field"),
    [
        ("PUT", "/api/me", {"id_number": "1234"}, "id_number_invalid", "/id_number"),
        ("PUT", "/api/me", {"name": ""}, "required", "/name"),
        ("PUT", "/api/me", {"language": "fr"}, "not_a_choice", "/language"),
        ("PUT", "/api/me", {"phone": "1"}, "unknown_field", "/phone"),
        ("PUT", "/api/me/phone", {}, "phone_or_code", "/phone"),
        ("PUT", "/api/me/phone", {"phone": "1", "code": "2"}, "phone_or_code", "/phone"),
        ("PUT", "/api/me/phone", {"phone": "110"}, "phone_invalid", "/phone"),
        ("POST", "/api/invitations", {"role": "mayor"}, "not_a_choice", "/role"),
    ],
)
def test_what_is_wrong_is_pointed_at(
    caller: SignIn, method: str, path: str, body: dict[str, str], code: str, field: str
) -> None:
    answer = caller("lixiuying")(method, path, json=body)
    assert answer.status_code == 422
    assert [(item["code"], item["field"]) for item in answer.json["errors"]] == [(code, field)]


def test_an_unknown_home_is_refused_by_name(caller: SignIn) -> None:
    answer = caller("lixiuying")("PUT", "/api/me", json={"home_area_code": "999999"})
    assert (answer.status_code, answer.json["code"]) == (422, "area_unknown")


def test_an_invitation_from_code_to_role_to_nothing(caller: SignIn, units: list[UUID]) -> None:
    admin, lead, handler = caller("admin"), caller("liufang"), caller("chenwei")
    service.grant(admin.id, Role.ADMIN, now(), area_code=COUNTY)

    invited = admin(
        "POST", "/api/invitations", json={"role": "unit_lead", "unit_id": str(units[0])}
    )
    assert invited.status_code == 201
    accept = {"invitation_code": invited.json["code"]}
    accepted = lead("POST", "/api/me/roles", json=accept)
    assert accepted.status_code == 201
    assert [role["role"] for role in accepted.json["roles"]] == ["unit_lead"]

    ends_at = (now() + timedelta(days=365)).isoformat()
    invited = lead(
        "POST",
        "/api/invitations",
        json={"role": "handler", "unit_id": str(units[0]), "valid_until": ends_at},
    )
    key = uuid4().hex
    accept = {"invitation_code": invited.json["code"]}
    first = handler("POST", "/api/me/roles", json=accept, key=key)
    again = handler("POST", "/api/me/roles", json=accept, key=key)
    assert first.status_code == again.status_code == 201
    assert first.json == again.json
    used = caller("zhaolei")("POST", "/api/me/roles", json=accept)
    assert (used.status_code, used.json["code"]) == (409, "invitation_used")

    members = handler("GET", f"/api/units/{units[0]}/members")
    assert [(m["id"], m["role"]) for m in members.json["items"]] == [
        (str(lead.id), "unit_lead"),
        (str(handler.id), "handler"),
    ]
    role = first.json["roles"][0]
    assert role["unit"]["id"] == str(units[0]) and role["area"] is None and role["valid_until"]
    assert handler("DELETE", f"/api/people/roles/{role['id']}").status_code == 403
    assert lead("DELETE", f"/api/people/roles/{role['id']}").status_code == 204
    assert handler("GET", f"/api/units/{units[0]}/members").status_code == 403
    assert handler("GET", "/api/me").json["roles"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"role": "handler"}, "role_scope_invalid"),
        ({"role": "handler", "area_code": COUNTY}, "role_scope_invalid"),
        ({"role": "dispatcher", "unit_id": str(uuid4())}, "role_scope_invalid"),
        ({"role": "handler", "unit_id": str(uuid4())}, "unit_unknown"),
        ({"role": "dispatcher", "area_code": "999999"}, "area_unknown"),
        (
            {"role": "admin", "area_code": COUNTY, "valid_until": "2020-01-01T00:00:00Z"},
            "role_term_invalid",
        ),
    ],
)
def test_an_impossible_invitation_is_refused(
    caller: SignIn, body: dict[str, str], code: str
) -> None:
    admin = caller("admin")
    service.grant(admin.id, Role.ADMIN, now(), area_code=COUNTY)
    answer = admin("POST", "/api/invitations", json=body)
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_nobody_gets_anything_without_signing_in(database: str, client: FlaskClient) -> None:
    for method, path in (
        ("GET", "/api/me"),
        ("PUT", "/api/me"),
        ("PUT", "/api/me/phone"),
        ("POST", "/api/sessions/renew"),
        ("DELETE", "/api/sessions"),
        ("DELETE", "/api/sessions/current"),
        ("POST", "/api/invitations"),
        ("POST", "/api/me/roles"),
        ("DELETE", f"/api/people/roles/{uuid4()}"),
        ("GET", f"/api/units/{uuid4()}/members"),
    ):
        assert client.open(path, method=method, json={}).status_code == 401, path
