"""What people take away of their requests, and what is left when they go."""

from os import urandom
from uuid import UUID

from flask import Flask

from backend.kernel.crypto import keyring
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.json import loads
from backend.people import service as people
from backend.service_requests import service
from backend.service_requests.rules import Action, PressureKind
from backend.service_requests.service import materials, my_data
from tests.service_requests.conftest import NOW, Cast, act, lamp, missing, state, version

PLACE, GIVEN, REPORT = "村口小卖部对面", "身份证复印件在村委会", "陈伟叫我改评价"


def lived(cast: Cast) -> UUID:
    """A request with a place, an item supplied, and a report of pressure."""
    request_id = service.submit(cast["lixiuying"], lamp(place=service.Place(text=PLACE)), NOW)
    act(cast["chenwei"], request_id, Action.ACCEPT, Action.ASK)
    given = service.Supply(missing(request_id), GIVEN)
    service.supply(cast["lixiuying"], request_id, version(request_id), given, NOW)
    service.report_pressure(cast["lixiuying"], request_id, PressureKind.OTHER, REPORT, NOW)
    return request_id


def test_everything_given_is_taken_away_in_clear(cast: Cast) -> None:
    lived(cast)
    service.submit(cast["wangdafu"], lamp(), NOW)
    (taken,) = my_data.export(cast["lixiuying"].id, NOW)
    assert taken["description"] == lamp().description
    assert taken["place"].text == PLACE
    assert [item["text"] for item in taken["materials"]] == [GIVEN]
    assert [report["text"] for report in taken["pressure_reports"]] == [REPORT]
    assert [event["kind"] for event in taken["timeline"]][:2] == ["submitted", "accepted"]


def test_the_download_has_the_requests(app: Flask, cast: Cast) -> None:
    lived(cast)
    document = loads(people.export(cast["lixiuying"], NOW))
    (taken,) = document["sections"]["requests"]
    assert taken["place"]["text"] == PLACE


def test_who_read_the_number_is_named_with_the_request(app: Flask, cast: Cast) -> None:
    request_id = lived(cast)
    service.contact(cast["chenwei"], request_id)
    (access,), _ = people.access_log(cast["lixiuying"], None, 20)
    number = fetch_one("SELECT number FROM service_requests WHERE id = %s", (request_id,))
    assert access["number"].replace("-", "") == number[0]
    assert access["by_name"] == "chenwei"


def test_who_leaves_withdraws_what_is_open_and_keeps_what_offices_did(
    app: Flask, cast: Cast
) -> None:
    request_id = lived(cast)
    people.close_account(cast["lixiuying"], NOW)
    assert state(request_id) == "withdrawn"
    kept = fetch_one(
        "SELECT description, place_encrypted FROM service_requests WHERE id = %s", (request_id,)
    )
    assert kept == (lamp().description, None)
    assert fetch_all("SELECT 1 FROM materials WHERE text_encrypted IS NOT NULL") == []
    seen = service.view(cast["chenwei"], request_id, NOW).decode()
    assert "lixiuying" not in seen


def test_who_leaves_withdraws_what_was_merged_with_what_they_withdraw(
    app: Flask, cast: Cast
) -> None:
    both = [service.submit(cast["lixiuying"], lamp(), NOW) for _ in range(2)]
    for request_id in both:
        act(cast["chenwei"], request_id, Action.ACCEPT)
    number = fetch_one("SELECT number FROM service_requests WHERE id = %s", (both[0],))
    service.merge(cast["chenwei"], both[1], version(both[1]), number[0], None, NOW)
    people.close_account(cast["lixiuying"], NOW)
    assert [state(request_id) for request_id in both] == ["withdrawn", "withdrawn"]


def test_what_was_replied_to_stays_and_closes_by_itself(app: Flask, cast: Cast) -> None:
    request_id = service.submit(cast["lixiuying"], lamp(), NOW)
    act(cast["chenwei"], request_id, Action.ACCEPT, Action.REPLY)
    people.close_account(cast["lixiuying"], NOW)
    assert state(request_id) == "replied"


def test_every_sealed_column_is_sealed_again_under_a_new_key(cast: Cast, settings) -> None:
    request_id = lived(cast)
    keys = settings.keys()
    before = _sealed()
    encryption = {"fresh": urandom(32), **keys["encryption"]}
    keyring.load(**{**keys, "encryption": encryption})
    try:
        while service.reencrypt(1):
            pass
        after = _sealed()
        assert len(after) == len(before) and not set(after) & set(before)
        row = fetch_one(
            "SELECT id, text_encrypted FROM materials WHERE request_id = %s AND"
            " text_encrypted IS NOT NULL",
            (request_id,),
        )
        assert materials.unseal(row[1], row[0]) == GIVEN
    finally:
        keyring.load(**keys)


def _sealed() -> list[bytes]:
    return [
        bytes(blob)
        for (blob,) in fetch_all(
            "SELECT place_encrypted FROM service_requests UNION ALL"
            " SELECT text_encrypted FROM materials WHERE text_encrypted IS NOT NULL UNION ALL"
            " SELECT text_encrypted FROM pressure_reports"
        )
    ]
