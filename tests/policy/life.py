"""A request's whole life, and everything else that can happen to it, with telling values."""

from typing import Any

from backend.notices import templates
from tests.policy.scene import LAMP, VILLAGE, Scene, work

PHONE = "13887654321"
ID_NUMBER = "522401199003071211"
ADDRESS = "大洼塘社区三组十七号"
WORDS = "村口第三根电杆的灯灭了，找我就打一三八八七六五四三二一"
ANSWER = "灯杆编号藏在贴纸背面"
OUTCOME_WORDS = "灯头换成新的防水型号"
COMMENT = "比上次快多了"
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
        "report of pressure": PRESSURE_WORDS,
        "finding": FINDING,
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
        "statement": ADDRESS,
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
    chen.act(request, "ask", text=ANSWER)
    li.act(request, "supply", text=ANSWER, attachment_ids=[scene.picture()])
    work(scene.app)
    picture = scene.picture("chenwei")
    chen.act(request, "reply", outcome="fixed", text=OUTCOME_WORDS, attachment_ids=[picture])
    li.act(request, "contest", reason=WORDS)
    chen.act(request, "reply", outcome="explained", text=OUTCOME_WORDS)
    li.act(request, "confirm")
    li.put(f"{path}/rating", {"score": 2, "comment": COMMENT}).expect(200)
    look_from_outside(scene, request)
    scene.request("not_accepted", **body)
    scene.request("withdrawn", **body)
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
