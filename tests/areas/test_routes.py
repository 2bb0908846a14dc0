"""Areas, units and the catalogue over HTTP."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.areas import county, routes
from backend.kernel.actor import Actor
from backend.kernel.ids import new_id
from backend.kernel.settings import Settings
from backend.web.api import create_flask, make_api
from backend.web.auth import init_auth
from tests.areas.conftest import CONFIG

SIGNED_IN = {"Authorization": "Bearer test-token-of-somebody"}


def somebody(token: str, now: datetime) -> Actor:
    return Actor(new_id(), "杨光")


@pytest.fixture(scope="module")
def areas_app(settings: Settings) -> Flask:
    """A web application of this feature alone."""
    county.use(CONFIG)
    app = create_flask(settings)
    init_auth(app, somebody)
    make_api(app, "test").register_blueprint(routes.blueprint)
    return app


@pytest.fixture
def browser(areas_app: Flask, whole_county: None) -> FlaskClient:
    return areas_app.test_client()


def test_anyone_finds_their_village(browser: FlaskClient) -> None:
    (top,) = browser.get("/api/areas").get_json()["items"]
    assert top["name"] == "威宁彝族回族苗族自治县"
    below = browser.get("/api/areas", query_string={"parent": "520526001"}).get_json()["items"]
    assert [area["name"] for area in below][:2] == ["大洼塘社区", "海边社区"]
    found = browser.get("/api/areas", query_string={"q": "大洼塘"}).get_json()["items"]
    assert found[0]["full_name"] == "海边街道 大洼塘社区"
    one = browser.get(f"/api/areas/{found[0]['code']}").get_json()
    assert [area["level"] for area in one["path"]] == ["county", "township", "village"]


@pytest.mark.parametrize("code", ["520526999", "x", "１２３４５６", "5" * 500, "%00", "a%2Fb"])
def test_an_area_that_is_none_is_not_found(browser: FlaskClient, code: str) -> None:
    answer = browser.get(f"/api/areas/{code}")
    assert answer.status_code == 404
    assert answer.get_json()["code"] == "not_found"


@pytest.mark.parametrize("query", [{"parent": "x"}, {"q": ""}, {"q": "字" * 41}, {"level": "grid"}])
def test_a_wrong_query_is_explained(browser: FlaskClient, query: dict[str, str]) -> None:
    answer = browser.get("/api/areas", query_string=query)
    assert answer.status_code == 422
    (problem,) = answer.get_json()["errors"]
    assert problem["field"] == f"/{next(iter(query))}"
    assert problem["message"]


def test_units_need_a_sign_in(browser: FlaskClient) -> None:
    assert browser.get("/api/units").status_code == 401
    query = {"q": "综合行政执法", "area": "520526001001"}
    found = browser.get("/api/units", query_string=query, headers=SIGNED_IN).get_json()["items"]
    assert [unit["code"] for unit in found] == ["520526001:law_enforcement", "urban_management"]
    assert set(found[0]) == {"id", "code", "name", "kind", "area", "phone"}


def test_the_catalogue_comes_in_the_callers_language_and_only_once(browser: FlaskClient) -> None:
    chinese = browser.get("/api/catalogue")
    english = browser.get("/api/catalogue", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert chinese.get_json()["groups"][0]["name"] == "道路和路灯"
    assert english.get_json()["groups"][0]["name"] == "Roads and lighting"
    assert chinese.get_json()["version"] == english.get_json()["version"]
    again = browser.get("/api/catalogue", headers={"If-None-Match": chinese.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_answers_are_as_documented(browser: FlaskClient, language: str) -> None:
    headers = {**SIGNED_IN, "Accept-Language": language}
    for path, schema in (
        ("/api/areas?q=社区", routes.schemas.Areas),
        ("/api/areas/520526001001001", routes.schemas.AreaWithPath),
        ("/api/units", routes.schemas.Units),
        ("/api/catalogue", routes.schemas.Catalogue),
    ):
        answer = browser.get(path, headers=headers)
        assert answer.status_code == 200
        assert schema().validate(answer.get_json()) == {}, path
