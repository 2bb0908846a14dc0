"""What is served besides the API: its document, the site, health."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.web.conftest import make_app
from tests.web.test_problems import problem


@pytest.fixture
def document(stranger) -> dict:
    return stranger.get("/api/openapi.json").get_json()


def test_the_document_is_valid_openapi(document):
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def codes(operation: dict) -> dict[str, list[str]]:
    found = {}
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get("application/problem+json")
        if content:
            found[status] = content["schema"]["properties"]["code"]["enum"]
    return found


def test_an_operation_documents_every_refusal(document):
    assert codes(document["paths"]["/api/lamps"]["post"]) == {
        "400": ["bad_json", "bad_request", "idempotency_key_required"],
        "401": ["unauthenticated"],
        "403": ["forbidden"],
        "409": ["conflict"],
        "413": ["body_too_large"],
        "415": ["unsupported_media_type"],
        "422": ["idempotency_key_reused", "validation_failed"],
        "429": ["too_many_requests"],
        "500": ["internal"],
        "503": ["busy"],
    }
    assert codes(document["paths"]["/api/lamps"]["get"])["422"] == [
        "bad_cursor",
        "validation_failed",
    ]
    assert codes(document["paths"]["/api/lamps/{lamp_id}"]["get"])["404"] == ["not_found"]


def test_who_may_call_what(document):
    assert document["security"] == [{"bearer": []}]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["paths"]["/api/sessions"]["post"]["security"] == []
    assert "security" not in document["paths"]["/api/lamps"]["post"]


def test_operations_have_names_headers_and_conditions(document):
    post = document["paths"]["/api/lamps"]["post"]
    assert post["operationId"] == "lamps.add_lamp"
    assert post["summary"] == "Put up a lamp."
    assert {"Idempotency-Key"} == {item["name"] for item in post["parameters"]}
    assert "Idempotent-Replayed" in post["responses"]["201"]["headers"]
    show = document["paths"]["/api/lamps/{lamp_id}"]["get"]
    assert "304" in show["responses"]
    assert "ETag" in show["responses"]["200"]["headers"]
    assert not any("X-Pagination" in str(path) for path in document["paths"].values())


def test_the_page_needs_nothing_from_elsewhere(stranger):
    page = stranger.get("/api/docs")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    html = page.get_data(as_text=True)
    assert "http" not in html.replace("https://", "http").split("<body>")[1]
    for name in re.findall(r'(?:src|href)="([^"]+)"', html):
        assert stranger.get(f"/api/{name}").status_code == 200, name
    assert (
        "unsafe-inline"
        not in re.search(r"script-src[^;]*", page.headers["Content-Security-Policy"]).group()
    )
    problem(stranger.get("/api/docs/../secrets"), 404, "not_found")
    problem(stranger.get("/api/docs/swagger-ui.js.map"), 404, "not_found")


def test_problem_types_have_a_page(stranger):
    page = stranger.get("/problems/too_many_requests").get_data(as_text=True)
    assert "Too many requests" in page and "操作太频繁" in page and "{" not in page
    problem(stranger.get("/problems/<script>"), 404, "not_found")


def test_health(stranger, lamp_app):
    assert stranger.get("/healthz").get_json() == {"status": "ok"}
    assert stranger.get("/readyz").get_json() == {"status": "ok", "checks": {"database": "ok"}}


def test_not_ready(settings):
    from backend.web.api import create_flask
    from backend.web.health import init_health

    def lost() -> bool:
        raise ConnectionError("李秀英")

    app = create_flask(settings)
    init_health(app, {"database": lost, "migrations": lambda: False})
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"] == {"database": "failed", "migrations": "failed"}


@pytest.fixture
def built(tmp_path, settings, database):
    (tmp_path / "assets").mkdir()
    (tmp_path / "static").mkdir()
    (tmp_path / "index.html").write_text(
        "<!doctype html><html><head><script>var a = 1</script></head>"
        '<body><script type="module" src="./assets/index-BbZ0n3aT.js"></script></body></html>'
    )
    (tmp_path / "assets" / "index-BbZ0n3aT.js").write_text("1")
    (tmp_path / "static" / "logo.png").write_bytes(b"png")

    def client(**changes):
        changed = settings.model_copy(update={"site_dir": tmp_path, **changes})
        return make_app(changed).test_client()

    return client


def test_the_site(built):
    client = built()
    page = client.get("/")
    assert page.headers["Cache-Control"] == "no-cache"
    policy = page.headers["Content-Security-Policy"]
    assert "'sha256-" in policy and "frame-ancestors 'none'" in policy
    assert "demo-frame-origin" not in page.get_data(as_text=True)
    assert client.get("/", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
    script = client.get("/assets/index-BbZ0n3aT.js")
    assert "immutable" in script.headers["Cache-Control"]
    assert "max-age=31536000" in script.headers["Cache-Control"]
    logo = client.get("/static/logo.png")
    assert "immutable" not in logo.headers["Cache-Control"]
    problem(client.get("/assets/none.js"), 404, "not_found")
    problem(client.get("/static/../index.html"), 404, "not_found")
    problem(client.get("/static/%2e%2e/index.html"), 404, "not_found")


def test_the_demo_page_may_frame_the_site(built):
    client = built(demo_frame_origin="http://127.0.0.1:8601")
    page = client.get("/")
    assert '<meta name="demo-frame-origin" content="http://127.0.0.1:8601">' in page.text
    assert "frame-ancestors http://127.0.0.1:8601" in page.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in page.headers


def test_a_site_that_is_not_built_says_so(settings, database, tmp_path):
    app = make_app(settings.model_copy(update={"site_dir": tmp_path}))
    answer = app.test_client().get("/", headers={"Accept-Language": "en"})
    assert "has not been built" in answer.text
