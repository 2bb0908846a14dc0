"""The main loop over HTTP alone: a broken street lamp, from the photo to the rating."""

from typing import Any

from tests.attachments.pictures import SECRET, encoded, halves, talkative
from tests.callers import Caller
from tests.running import Running, eventually

VILLAGE = "520526001001"
UNIT = "520526001:law_enforcement"
PHONE = "13887654321"
WHERE = "村口小卖部对面第三根电杆"


def allow_messages(running: Running, person: Caller, slug: str, moment: str) -> list[str]:
    """The popup of WeChat at a moment, answered with yes; the templates it asked for."""
    asked = person.get(f"/api/subscriptions?moment={moment}").expect(200)["templates"]
    results = [{"template_id": each["template_id"], "outcome": "accept"} for each in asked]
    assert results
    running.wechat("POST", "subscriptions", {"name": slug, "results": results})
    counted = person.post("/api/subscriptions", {"results": results}).expect(201)["templates"]
    running.wechat("GET", "pushes?wait=1")
    eventually(running.work_done, "WeChat's push to be taken in")
    # WeChat's push and the client's report tell of the same yes.
    assert [each["credits"] for each in counted] == [1] * len(results)
    return [each["template_id"] for each in asked]


def checked(view: dict[str, Any], state: str, *, at_least: int) -> dict[str, Any]:
    """A request as somebody is shown it, which always answers the four questions."""
    assert view["state"] == state
    assert len(view["timeline"]) >= at_least
    assert [event["seq"] for event in view["timeline"]] == sorted(
        event["seq"] for event in view["timeline"]
    )
    for question in ("who", "next", "by_when", "if_not"):
        assert view["receipt"][question].strip(), question
    return view


def told(running: Running, person: Caller, kind: str) -> dict[str, Any]:
    """The notice of this kind, once it is in the person's inbox."""

    def look() -> dict[str, Any] | None:
        items = person.get("/api/notices").expect(200)["items"]
        return next((item for item in items if item["kind"] == kind), None)

    return eventually(look, f"a notice {kind}")


def message(running: Running, slug: str, number: str, template_id: str) -> dict[str, Any]:
    """The WeChat message from this template about the request, once it is on the phone."""

    def look() -> dict[str, Any] | None:
        items = running.wechat("GET", f"messages?name={slug}")["items"]
        return next(
            (item for item in items if item["template_id"] == template_id and number in str(item)),
            None,
        )

    return eventually(look, f"a WeChat message of {template_id}")


def test_a_street_lamp_from_photo_to_rating(running: Running):
    li = running.caller("lixiuying")
    chen = running.caller("chenwei")
    stranger = running.caller("wangdafu")
    other_unit = running.caller("zhaolei")
    li.put("/api/me/phone", {"phone": PHONE}).expect(200)

    # What can be reported, and where.
    catalogue = li.get("/api/catalogue").expect(200)
    assert "street_lamp" in [category["code"] for category in catalogue["categories"]]
    found = li.get("/api/areas?q=大洼塘").expect(200)["items"]
    assert VILLAGE in [area["code"] for area in found]

    # Two photos, one taken with a camera that writes the place into it.
    photos = [talkative("JPEG"), encoded(halves((640, 480)))]
    taken = [li.upload(photo).expect(201) for photo in photos]

    submitted = checked(
        li.post(
            "/api/requests",
            {
                "category": "street_lamp",
                "area_code": VILLAGE,
                "description": "村口到小学这段路两盏路灯一个多星期不亮了，孩子摸黑走。",
                "answers": {"fault": "dark", "lamp_count": 2},
                "place": {"text": WHERE, "latitude": 26.87, "longitude": 104.27},
                "visibility": "private",
                "attachment_ids": [photo["id"] for photo in taken],
            },
        ).expect(201),
        "submitted",
        at_least=1,
    )
    path, number = f"/api/requests/{submitted['id']}", submitted["number"]
    units = li.get("/api/units?q=综合").expect(200)["items"]
    chosen = next(unit for unit in units if unit["id"] == submitted["lead_unit"]["id"])
    assert chosen["code"] == UNIT
    nobody = running.caller()
    for picture in submitted["attachments"]:
        # A link is followed by an <image>, which cannot sign in.
        for link in (picture["url"], picture["thumbnail_url"]):
            shown = nobody.get(link)
            assert (shown.status, shown.body[:2]) == (200, b"\xff\xd8")
            assert SECRET not in shown.body

    progress, question, reply = allow_messages(running, li, "lixiuying", "submitted")
    _, changed = allow_messages(running, chen, "chenwei", "workbench")
    assert told(running, li, "request_submitted")["subject"]["id"] == submitted["id"]
    assert told(running, chen, "request_arrived")["subject"]["id"] == submitted["id"]

    # 陈伟 finds it in his unit's queue, with the number to call.
    queue = chen.get("/api/workbench/requests?queue=unit").expect(200)["items"]
    assert [item["id"] for item in queue] == [submitted["id"]]
    requester = chen.get(path).expect(200)["requester"]
    assert (requester["phone"], requester["contact_available"]) == ("138****4321", True)
    given = chen.post(f"{path}/contact").expect(200)
    assert given == {"name": "李秀英", "phone": PHONE}
    accepted = checked(chen.act(submitted, "accept"), "accepted", at_least=2)
    assert accepted["handler"]["name"] == "陈伟"
    checked(li.get(path).expect(200), "accepted", at_least=2)
    assert told(running, li, "request_accepted")["title"]
    assert message(running, "lixiuying", number, progress)["page"]

    missing = [{"label": "灯杆编号", "kind": "text"}, {"label": "灯杆的照片", "kind": "photo"}]
    asked = checked(chen.act(submitted, "ask", items=missing), "awaiting_resident", at_least=3)
    number_wanted, photo_wanted = (item["id"] for item in asked["materials"])
    told(running, li, "request_question")
    assert message(running, "lixiuying", number, question)["page"]
    assert li.get("/api/requests").expect(200)["items"][0]["awaits_me"] is True
    assert li.get(path).expect(200)["actions"] == ["supply", "withdraw"]

    photo = li.upload(encoded(halves((320, 240)))).expect(201)
    given = li.act(submitted, "supply", material_id=number_wanted, text="27 号和 28 号")
    checked(given, "awaiting_resident", at_least=4)
    given = li.act(submitted, "supply", material_id=photo_wanted, attachment_ids=[photo["id"]])
    checked(given, "in_progress", at_least=5)
    told(running, chen, "request_supplied")
    assert message(running, "chenwei", number, changed)["page"]

    evidence = chen.upload(encoded(halves((800, 600)))).expect(201)
    checked(
        chen.act(
            submitted,
            "reply",
            outcome="fixed",
            text="两盏灯的灯头已更换，今晚亮灯。",
            attachment_ids=[evidence["id"]],
        ),
        "replied",
        at_least=5,
    )
    told(running, li, "request_replied")
    assert message(running, "lixiuying", number, reply)["page"]

    confirmed = checked(li.act(submitted, "confirm"), "confirmed", at_least=6)
    assert confirmed["actions"] == ["came-back", "rate"]
    told(running, chen, "request_confirmed_staff")
    rated = li.put(f"{path}/rating", {"score": 5, "comment": "很快"}).expect(200)
    assert rated["rating"]["score"] == 5

    # Both see the same story; whoever did the work does not see the rating.
    for person in (li, chen):
        view = checked(person.get(path).expect(200), "confirmed", at_least=6)
        assert [event["kind"] for event in view["timeline"]] == [
            "submitted", "accepted", "asked", "supplied", "supplied", "replied", "confirmed",
        ]  # fmt: skip
        assert [picture["kind"] for picture in view["attachments"]] == [
            "submitted", "submitted", "supplied", "replied",
        ]  # fmt: skip
        assert [nobody.get(picture["url"]).status for picture in view["attachments"]] == [200] * 4
    assert chen.get(path).expect(200)["rating"] is None

    # Others do not learn that it exists; whoever is not signed in learns nothing at all.
    for outsider in (stranger, other_unit):
        outsider.get(path).expect(404)
        assert outsider.post(f"{path}/accept", {"version": 1}).status == 404
        assert outsider.get("/api/requests").expect(200)["items"] == []
    assert other_unit.get("/api/workbench/requests").expect(200)["items"] == []
    nobody.get(path).expect(401)

    # The unread count follows the inbox.
    inbox = li.get("/api/notices").expect(200)["items"]
    assert li.get("/api/notices/unread").expect(200)["count"] == len(inbox)
    li.post("/api/notices/read", {}).expect(204)
    assert li.get("/api/notices/unread").expect(200)["count"] == 0

    eventually(running.work_done, "the worker to finish")
    assert running.rows("SELECT kind, last_error FROM outbox WHERE dead_at IS NOT NULL") == []
    written = running.serve.written() + running.worker.written()
    for secret in (PHONE, WHERE, "李秀英", li.token or "", chen.token or "", "两盏路灯"):
        assert secret not in written
