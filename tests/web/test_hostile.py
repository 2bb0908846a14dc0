"""What no client of ours sends: refused with a 4xx, never a 500, never stored."""

import pytest

from backend.kernel.db import fetch_all
from tests.web.test_problems import problem


def post_raw(li, body: bytes, content_type: str = "application/json"):
    return li.post("/api/lamps", data=body, content_type=content_type)


def codes(response) -> dict[str, str]:
    body = problem(response, 422, "validation_failed")
    return {item["field"]: item["code"] for item in body["errors"]}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"1",
        b'{"name":null}',
        b'{"name":["x"]}',
        b'{"name":{"x":1}}',
        b'{"name":true}',
        b'{"name":"  \\t "}',
    ],
)
def test_wrong_shapes(li, body):
    assert codes(post_raw(li, body))
    assert not fetch_all("SELECT name FROM lamps")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"name":NaN}',
        b'{"name":Infinity}',
        b'{"name":"\xff\xfe"}',  # not UTF-8
        b'{"name":"\\ud800"}',  # half a surrogate pair
        b'{"name":"x\x00"}',  # NUL as it is
        b"[" * 100_000,
        b'{"name":"x"} trailing',
        b"\xef\xbb\xbf{}",  # byte order mark
    ],
)
def test_what_is_no_json(li, body):
    problem(post_raw(li, body), 400, "bad_json")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"name":"a\\u0000b"}', "/name"),
        (b'{"name":"a","answers":{"a\\u0000":1}}', "/answers"),
        (b'{"name":"a","\\u0000":1}', ""),
        (b'{"name":"a","tags":["x",{"deep":["\\u0000"]}]}', "/tags/1/deep/0"),
    ],
)
def test_nul_anywhere(li, body, field):
    assert codes(post_raw(li, body)) == {field: "invalid_text"}


def test_an_escaped_backslash_is_not_nul(li):
    assert post_raw(li, b'{"name":"\\\\u0000"}').status_code == 201


def test_every_field_refuses_with_its_own_code(li):
    answer = li.post(
        "/api/lamps",
        json={
            "name": "很长的名字很长的名字很长",
            "watts": 5.0,
            "lit": "yes",
            "seen_at": "2026-05-01T10:00:00",
            "made_on": "2026-02-30",
            "maker": "{018f0000-0000-7000-8000-000000000001}",
            "colour": "red",
            "place": {"words": "x" * 21, "latitude": 91, "more": 1},
            "tags": ["亮", "亮"],
            "answers": {"ok": "x", "a/b": 1, "list": []},
            "nonsense": 1,
        },
    )
    assert codes(answer) == {
        "/name": "too_long",
        "/watts": "not_an_integer",
        "/lit": "not_a_boolean",
        "/seen_at": "not_a_datetime",
        "/made_on": "not_a_date",
        "/maker": "not_an_id",
        "/colour": "not_a_choice",
        "/place/words": "too_long",
        "/place/latitude": "too_large",
        "/place/more": "unknown_field",
        "/tags": "repeated",
        "/answers/a~1b": "unknown_field",
        "/answers/list": "invalid",
        "/nonsense": "unknown_field",
    }


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("0", "too_small"),
        ("1001", "too_large"),
        ("9223372036854775808", "too_large"),
        ("-9223372036854775809", "not_an_integer"),
        ("1" + "0" * 400, "not_an_integer"),
        ("1e3", "not_an_integer"),
        ("true", "not_an_integer"),
        ('"5"', "not_an_integer"),
    ],
)
def test_integers(li, number, code):
    answer = post_raw(li, b'{"name":"x","watts":' + number.encode() + b"}")
    if answer.status_code == 400:  # orjson does not read numbers beyond a double
        problem(answer, 400, "bad_json")
    else:
        assert codes(answer) == {"/watts": code}


@pytest.mark.parametrize(
    "moment", ["2026-05-01", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "", 5, "😀"]
)
def test_moments(li, moment):
    answer = li.post("/api/lamps", json={"name": "x", "seen_at": moment})
    assert codes(answer) == {"/seen_at": "not_a_datetime"}


def test_too_many_items_are_not_even_looked_at(li):
    answer = li.post("/api/lamps", json={"name": "x", "tags": [{}] * 20_000})
    assert codes(answer) == {"/tags": "too_many"}


def test_text_is_cleaned_on_the_way_in(li):
    answer = li.post("/api/lamps", json={"name": " e\u0301\u202e\u0007灯 "})
    assert answer.get_json()["name"] == "é灯"


def test_deep_nesting_that_orjson_allows(li):
    deep = b"[" * 900 + b"]" * 900
    assert post_raw(li, b'{"name":' + deep + b"}").status_code == 422


def test_nul_and_bad_utf8_in_addresses(li):
    problem(li.get("/api/lamps/names/a%00b"), 404, "not_found")
    assert li.get("/api/lamps/names/%ED%A0%80").status_code == 200
    assert li.get("/api/lamps/names/%FF").status_code == 200
    problem(li.get("/api/lamps?lit=%00"), 422, "validation_failed")
    problem(li.get("/api/lamps?%00=1"), 422, "validation_failed")
    problem(li.get("/api/lamps?%ED%A0%80=1"), 422, "validation_failed")


def test_unknown_and_malformed_query_parameters(li):
    for query in ("limit=0", "limit=51", "limit=5.0", "limit=9" * 30, "limti=5", "lit=1"):
        problem(li.get(f"/api/lamps?{query}"), 422, "validation_failed")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "multipart/form-data; boundary=x", "", "application/json5"],
)
def test_other_media_types(li, content_type):
    problem(post_raw(li, b'{"name":"x"}', content_type), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"no boundary", "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"file=x", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
    ],
)
def test_bad_multipart(li, body, content_type):
    answer = li.post("/api/lamps/photos", data=body, content_type=content_type)
    assert answer.status_code in {400, 422}
    assert answer.get_json()["code"] in {"bad_request", "validation_failed"}


@pytest.mark.parametrize("kind", ["", '; filename="a.jpg"'], ids=["text", "file"])
def test_a_part_without_a_name(li, kind):
    named = 'Content-Disposition: form-data; name="file"; filename="a.jpg"'
    parts = [named, f"Content-Disposition: form-data{kind}"]
    body = "".join(f"--x\r\n{part}\r\n\r\npixels\r\n" for part in parts) + "--x--\r\n"
    answer = li.post("/api/lamps/photos", data=body, content_type="multipart/form-data; boundary=x")
    problem(answer, 400, "bad_request")


def test_upload_limits(li):
    from io import BytesIO

    fine = li.post("/api/lamps/photos", data={"file": (BytesIO(b"x" * 1_000_000), "灯.jpg")})
    assert fine.get_json()["bytes"] == 1_000_000
    huge = li.post("/api/lamps/photos", data={"file": (BytesIO(b"x" * 12_000_000), "a.jpg")})
    problem(huge, 413, "body_too_large")
    many = {f"f{i}": (BytesIO(b"x"), "a.jpg") for i in range(50)}
    problem(li.post("/api/lamps/photos", data=many), 413, "body_too_large")


def test_hosts_that_are_not_ours(settings, database):
    from tests.web.conftest import make_app

    app = make_app(settings.model_copy(update={"trusted_hosts": ("lin.example.cn",)}))
    client = app.test_client()
    problem(client.get("/healthz", headers={"Host": "evil.example"}), 400, "bad_request")
    assert client.get("/healthz", headers={"Host": "lin.example.cn"}).status_code == 200
