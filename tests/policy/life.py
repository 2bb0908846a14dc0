"""A request's whole life, and everything else that can happen to it, with telling values."""

from typing import Any

from backend.notices import templates
from backend.service_requests.service import sweeps
from tests.policy import helping, law
from tests.policy.scene import (
    LAMP,
    OTHER_UNIT,
    VILLAGE,
    WAYS,
    Scene,
    by,
    later,
    new_picture,
    unit,
    work,
)

PHONE = "13887654321"
ID_NUMBER = "522401199003071211"
ADDRESS = "大洼塘社区三组十七号"
WORDS = "村口第三根电杆的灯灭了，找我就打一三八八七六五四三二一"
ANSWER = "灯杆编号藏在贴纸背面"
OUTCOME_WORDS = "灯头换成新的防水型号"
COMMENT = "比上次快多了"
MATERIAL = "户主身份证在县里补办"
PART = "请查变压器三相电压"
PART_ANSWER = "变压器接线端子烧坏"
QUARREL = "灯杆产权属于供电所"
COMPLAINED_OF = "贺金贵"
STATEMENT = "我眼睛花请小孙替我报"
PRESSURE_WORDS = "经办人堵在门口要我改成满意"
FINDING = "已对经办人批评教育"


def secrets(scene: Scene) -> dict[str, str]:
    """What no log line, outbox error or audit entry may hold, by what it is."""
    return {
        "phone": PHONE,
        "id number": ID_NUMBER,
        "address": ADDRESS,
        "description": WORDS,
        "answer": ANSWER,
        "reply": OUTCOME_WORDS,
        "comment": COMMENT,
        "material": MATERIAL,
        "what another unit was asked": PART,
        "what another unit answered": PART_ANSWER,
        "objection": QUARREL,
        "whom a complaint is about": COMPLAINED_OF,
        "consent in words": STATEMENT,
        "report of pressure": PRESSURE_WORDS,
        "finding": FINDING,
        "what an adviser was told": law.TALK["facts"],
        "written question": law.QUESTION["text"],
        "why a meeting was changed": law.SECRET_WORDS,
        "why somebody did not come": helping.REASON,
        "guardian": helping.GUARDIAN["name"],
        "guardian's telephone": helping.GUARDIAN["phone"],
        "name": "李秀英",
        **{f"token of {slug}": caller.token or "" for slug, caller in scene.signed_in.items()},
        **{f"openid of {slug}": scene.sandbox.world.person(slug) for slug in scene.people},
    }


def allow_messages(scene: Scene, slug: str) -> None:
    """Yes to everything, said in WeChat's popup and reported by the client."""
    ids = [template.template_id for template in templates.in_force().by_key.values()]
    scene.sandbox.accept(scene.sandbox.world.person(slug), *ids)
    for start in range(0, len(ids), 3):
        results = [{"template_id": id, "outcome": "accept"} for id in ids[start : start + 3]]
        scene[slug].post("/api/subscriptions", {"results": results}).expect(201)


def allow_acting(scene: Scene) -> None:
    """Consents given, asked for, recorded and taken back; then a look at one's own data."""
    li = scene["lixiuying"]
    li.delete(f"/api/mandates/{scene.mandate()}").expect(204)
    li.post(f"/api/mandates/{scene.question(PHONE)}/confirm", {}).expect(200)
    recorded = {
        "name": "赵有田",
        "phone": PHONE,
        "area_code": f"{VILLAGE}001",
        "scopes": ["submit"],
        "valid_days": 30,
        "how": "spoken",
        "statement": STATEMENT,
    }
    scene["sunhao"].post("/api/mandates/recorded", recorded).expect(201)
    li.get("/api/me/data").expect(200)


def look_from_outside(scene: Scene, request: dict[str, Any]) -> None:
    """The receipt is printed and looked up; pressure is reported and looked into."""
    li, inspector = scene["lixiuying"], scene["zhouping"]
    path = f"/api/requests/{request['id']}"
    assert scene["chenwei"].get(f"{path}/receipt.pdf").status == 200
    for digits, status in ((PHONE[-4:], 200), ("0000", 404)):
        body = {"number": request["number"], "phone_last4": digits}
        scene.nobody.post("/api/lookup", body).expect(status)
    words = {"kind": "change_rating", "text": PRESSURE_WORDS}
    report = li.post(f"{path}/pressure", words).expect(201)
    inspector.post(f"/api/inspection/reports/{report['id']}/contact").expect(200)
    closing = f"/api/inspection/reports/{report['id']}/close"
    inspector.post(closing, {"finding": FINDING}).expect(200)


def quarrel(scene: Scene, body: dict[str, Any]) -> None:
    """Two units disagree, more time is asked for and refused, a supervisor takes it up."""
    request = scene.request("disputed", **body)
    for step in (
        by("yangguang", "rule", reason=QUARREL),
        by("chenwei", "request-extension", reason=QUARREL),
        by("liufang", "decide-extension", granted=False, note=QUARREL),
        by("lixiuying", "remind", text=WORDS),
    ):
        step(scene, request)
    supervised = scene.request("supervised", **body)
    by("majing", "direct", text=OUTCOME_WORDS)(scene, supervised)


def get_help(scene: Scene, body: dict[str, Any]) -> None:
    """Other units do their parts, or need not, or are late; more time is granted."""
    request = scene.request("in_progress", **body)
    path = f"/api/requests/{request['id']}/tasks"
    asking = by("chenwei", "tasks", text=PART)
    asking(scene, request)
    by("chenwei", "tasks", text=PART, unit_id=unit(OTHER_UNIT))(scene, request)
    first, second = scene["chenwei"].get(f"/api/requests/{request['id']}").expect(200)["tasks"]
    answer = {"text": PART_ANSWER, "attachment_ids": [scene.picture("dengjun")]}
    scene["dengjun"].post(f"{path}/{first['id']}/answer", answer).expect(200)
    scene["chenwei"].post(f"{path}/{second['id']}/cancel", {"reason": PART}).expect(200)
    asking(scene, request)
    by("chenwei", "request-extension", reason=QUARREL)(scene, request)
    by("liufang", "decide-extension", note=QUARREL)(scene, request)
    later(3, sweeps.tell_late_tasks)(scene, request)


def go_together(scene: Scene, body: dict[str, Any]) -> None:
    """Two requests are one matter, until the first of them is withdrawn."""
    main = scene.request("in_progress", **body)
    merged = scene.request("in_progress", **body)
    by("chenwei", "merge", into=main["number"], text=OUTCOME_WORDS)(scene, merged)
    by("lixiuying", "withdraw")(scene, main)


def act_for_another(scene: Scene, body: dict[str, Any]) -> None:
    """A neighbour asks, supplies and withdraws for her."""
    request = scene.request("awaiting_resident", maker="zhangmin", **body)
    by("zhangmin", "supply", text=MATERIAL)(scene, request)
    by("zhangmin", "withdraw", reason=WORDS)(scene, request)


def complain(scene: Scene, body: dict[str, Any]) -> None:
    """She complains about somebody, and about a unit."""
    about = {"unit_ids": [str(scene.unit())], "person_names": [COMPLAINED_OF]}
    made = scene["lixiuying"].post("/api/requests", {**LAMP, **body, "about": about}).expect(201)
    scene["chenwei"].get(f"/api/requests/{made['id']}").expect(404)


def be_followed(scene: Scene, body: dict[str, Any]) -> None:
    """Neighbours read a public request, and follow it to its end."""
    request = scene.request(visibility="public", **body)
    work(scene.app)
    path = f"/api/requests/{request['id']}/follow"
    for slug in ("wangdafu", "zhangmin"):
        scene[slug].post(path).expect(204)
    scene["zhangmin"].delete(path).expect(204)
    for step in WAYS["confirmed"]:
        step(scene, request)
    similar = f"category=street_lamp&area_code={VILLAGE}&text={WORDS}"
    scene["wangdafu"].get(f"/api/requests/similar?{similar}").expect(200)
    scene["wangdafu"].get("/api/follows").expect(200)


def let_time_pass(scene: Scene, body: dict[str, Any]) -> None:
    """What was put off, left without an answer, or answered and left at that."""
    scene.request("deferred", **body)
    closed = scene.request("closed_unconfirmed", **body)
    later(1, sweeps.escalate)(scene, closed)
    later(31, sweeps.reopen, sweeps.follow_up)(scene, closed)
    by("lixiuying", "came-back", text=WORDS)(scene, closed)


def live(scene: Scene) -> dict[str, Any]:
    """Everything that happens to requests, and all the work that follows; the last request."""
    li, chen = scene["lixiuying"], scene["chenwei"]
    li.put("/api/me/phone", {"phone": PHONE}).expect(200)
    li.put("/api/me", {"id_number": ID_NUMBER, "address": ADDRESS}).expect(200)
    allow_messages(scene, "lixiuying")
    allow_messages(scene, "chenwei")
    body = {"description": WORDS, "place": {"text": ADDRESS, "latitude": 26.8, "longitude": 104.2}}

    allow_acting(scene)
    li.delete(f"/api/attachments/{scene.picture()}").expect(204)
    request = scene.request(**body, attachment_ids=[scene.picture()])
    path = f"/api/requests/{request['id']}"
    work(scene.app)
    chen.act(request, "accept")
    chen.post(f"{path}/contact").expect(200)
    for slug in ("liufang", "chenwei"):
        person_id = str(scene.people[slug].id)
        scene["liufang"].act(request, "assign", handler_id=person_id, note=OUTCOME_WORDS)
    work(scene.app)
    chen.act(request, "start")
    by("chenwei", "ask", text=ANSWER)(scene, request)
    by("lixiuying", "supply", text=MATERIAL)(scene, request)
    second = {"items": [{"label": "房产证", "kind": "photo"}]}
    version = chen.get(path).expect(200)["version"]
    refused = chen.post(f"{path}/ask", {"version": version, **second}).expect(409)
    assert refused["code"] == "already_asked"
    work(scene.app)
    by("chenwei", "reply", text=OUTCOME_WORDS)(scene, request)
    by("lixiuying", "contest", reason=WORDS, attachment_ids=new_picture)(scene, request)
    explained = {"outcome": "explained", "basis": ANSWER, "attachment_ids": []}
    by("chenwei", "reply", text=OUTCOME_WORDS, **explained)(scene, request)
    li.act(request, "confirm")
    li.put(f"{path}/rating", {"score": 2, "comment": COMMENT}).expect(200)
    look_from_outside(scene, request)
    scene.request("not_accepted", **body)
    scene.request("withdrawn", **body)
    quarrel(scene, body)
    get_help(scene, body)
    go_together(scene, body)
    act_for_another(scene, body)
    complain(scene, body)
    be_followed(scene, body)
    let_time_pass(scene, body)
    law.live(scene)
    helping.live(scene)
    work(scene.app)
    scene.sandbox.wait_for_pushes()
    work(scene.app)
    seen: dict[str, Any] = li.get(path).expect(200)
    return seen


def go_wrong(scene: Scene, request: dict[str, Any]) -> None:
    """The same values where they do not belong, and WeChat in every kind of trouble."""
    li, chen, nobody = scene["lixiuying"], scene["chenwei"], scene.nobody
    path = f"/api/requests/{request['id']}"
    for words in (PHONE, ID_NUMBER, WORDS):
        li.get(f"/api/requests?q={words}").expect(200)
        chen.get(f"/api/workbench/requests?q={words}").expect(200)
        nobody.get(f"/api/areas?q={words}").expect(200)
        nobody.get(f"/api/{words}").expect(404)
        li.get(f"/api/requests/{words}").expect(404)
        li.put("/api/me/phone", {"phone": f"{words}9"}).expect(422)
        li.put("/api/me", {"id_number": words * 2}).expect(422)
        li.post("/api/requests", {**LAMP, "category": words}).expect(422)
        li.post("/api/requests", {**LAMP, words: words}).expect(422)
        nobody.post("/api/sessions", {"code": words}).expect(401)
        li.post("/api/me/roles", {"invitation_code": words[:40]})
    li.post(f"{path}/confirm", {"version": 1}).expect(409)
    li.send("POST", "/api/requests", {"Idempotency-Key": WORDS[:4].encode().hex()}).expect(422)
    nobody.get(f"/api/me?token={li.token}").expect(401)
    nobody.get(f"/{li.token}").expect(404)
    for kind in ("reset", "garbage", "status", "errcode"):
        options = {"errcode": 40003} if kind == "errcode" else {}
        for wechat_path in (
            "/cgi-bin/message/subscribe/send", "/wxa/msg_sec_check", "/wxa/media_check_async",
        ):  # fmt: skip
            scene.sandbox.fault(wechat_path, kind, **options)
        allow_messages(scene, "lixiuying")
        another = scene.request(description=WORDS, attachment_ids=[scene.picture()])
        chen.act(another, "accept")
        work(scene.app)
        scene.sandbox.fault("/sns/jscode2session", kind, **options)
        nobody.post("/api/sessions", {"code": "demo-lixiuying"}).expect(503)
    scene.sandbox.wait_for_pushes()
    work(scene.app)
