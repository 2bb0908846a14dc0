"""Lists by cursor, and answers that need not be sent again."""

import pytest

from tests.web.test_problems import problem


def walk(caller, limit: int) -> list[list[str]]:
    pages, query = [], {"limit": limit}
    while True:
        body = caller.get("/api/lamps", query_string=query).get_json()
        pages.append([item["name"] for item in body["items"]])
        if body["next_cursor"] is None:
            return pages
        query = {"limit": limit, "cursor": body["next_cursor"]}


def test_every_item_once(li):
    for name in "abcde":
        li.post("/api/lamps", json={"name": name})
    assert walk(li, 2) == [["a", "b"], ["c", "d"], ["e"]]
    assert walk(li, 50) == [["a", "b", "c", "d", "e"]]


def test_cursors_cannot_be_made_up(li):
    li.post("/api/lamps", json={"name": "a"})
    cursor = li.get("/api/lamps?limit=1").get_json()["next_cursor"]
    text, signature = cursor.split(".")
    flipped = ("A" if text[0] != "A" else "B") + text[1:]
    for wrong in (
        f"{flipped}.{signature}",
        f"{text}.{signature[:-2]}",
        text,
        "",
        ".",
        "游标",
        "x" * 5_000,
        f"{cursor}\x00",
        f"{text}=.{signature}",
    ):
        answer = li.get("/api/lamps", query_string={"cursor": wrong})
        problem(answer, 422, "bad_cursor")


def test_unchanged_answers_are_not_sent_again(li):
    path = "/api/lamps/018f0000-0000-7000-8000-000000000009"
    first = li.get(path)
    etag = first.headers["ETag"]
    assert etag.startswith('"')
    assert "private" in first.headers["Cache-Control"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = li.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == etag
    assert li.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("header", ['"', "é", "x" * 2_000])
def test_odd_conditions(li, header):
    path = "/api/lamps/018f0000-0000-7000-8000-000000000009"
    assert li.get(path, headers={"If-None-Match": header}).status_code == 200
