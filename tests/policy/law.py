"""Advisers of the scene's village, and what becomes of meetings, questions and cases with them."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from backend.bookings import service as bookings
from backend.bookings.rules import Cut, Mode, PlanRule
from backend.consultations.service import question_sweeps
from backend.kernel import clock
from backend.kernel.clock import LOCAL
from backend.kernel.db import execute
from backend.kernel.ids import new_id
from tests.advisers.register import registered
from tests.callers import Caller
from tests.policy.scene import VILLAGE, Scene

NEXT_VILLAGE, FAR_VILLAGE = "520526001002", "520526002001"
NEIGHBOUR = "a-neighbour"
ADVISER, FAR_ADVISER, OFFICER = "yangxuemei", "far-adviser", "wujianguo"
TALK: dict[str, Any] = {
    "topic": "loan",
    "opposing": ["王大富"],
    "facts": "借条写了三年，一直不还。",
    "attachment_ids": [],
}
QUESTION: dict[str, Any] = {
    "area_code": VILLAGE,
    "topic": "loan",
    "text": "借条上没有写利息，还能要利息吗？",
    "opposing": [],
    "attachment_ids": [],
}
ENTRY: dict[str, Any] = {
    "kind": "lecture",
    "village": VILLAGE,
    "minutes": 60,
    "title": "婚姻家庭讲座",
    "summary": "讲了彩礼和离婚财产",
    "attendees": 40,
}
CASE: dict[str, Any] = {
    "title": "借条没有写利息，还能要吗",
    "topic": "loan",
    "categories": ["debt_contract"],
    "story": "甲借给乙一笔钱，借条上没有写利息。",
    "question": "没有写利息，能要利息吗？",
    "answer": "没有约定利息的，视为没有利息；逾期以后可以要逾期利息。",
    "steps": ["收好借条和转账记录"],
    "articles": [
        {"law": "中华人民共和国民法典", "article": "第六百八十条", "text": "禁止高利放贷。"}
    ],
}
_STEP = timedelta(minutes=10)
SECRET_WORDS = "家里老人住院"


def adviser(scene: Scene) -> str:
    """The village's own adviser, open all day and night; the other has another township."""
    if "adviser" not in scene.kept:
        far = UUID(scene[FAR_ADVISER].put("/api/me", {"name": "远方"}).expect(200)["id"])
        registered("远方", far, clock.now(), FAR_VILLAGE)
        person = scene.people[ADVISER].id
        adviser_id = registered("杨雪梅", person, clock.now(), VILLAGE)
        cut = Cut(10, (Mode.IN_PERSON, Mode.PHONE), place="村委会")
        today = clock.now().astimezone(LOCAL).date()
        rules = [PlanRule(day, 0, 1440, cut, today, on_holidays=True) for day in range(1, 8)]
        bookings.set_plan_rules(adviser_id, rules, clock.now())
        scene[NEIGHBOUR].put("/api/me", {"name": "邻居"}).expect(200)
        scene.kept["adviser"] = str(adviser_id)
    found: str = scene.kept["adviser"]
    return found


def new_time(scene: Scene) -> str:
    """A time of the adviser's that nobody has had yet, some days ahead."""
    adviser(scene)
    first = (clock.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    moment: datetime = scene.kept.get("time", first) + _STEP
    scene.kept["time"] = moment
    return moment.isoformat()


def free_again(slug_or_id: str, scene: Scene) -> None:
    """They have nothing booked to come: nobody books a fourth time."""
    person = UUID(scene[slug_or_id].get("/api/me").expect(200)["id"])
    execute(
        "UPDATE bookings SET state = 'cancelled', ended_at = now(), held_until = NULL"
        " WHERE person_id = %s AND state IN ('held', 'booked', 'checked_in')",
        (person,),
    )
    execute(
        "UPDATE booking_waits SET state = 'left', ended_at = now()"
        " WHERE person_id = %s AND state IN ('waiting', 'offered')",
        (person,),
    )
    execute(
        "UPDATE questions SET state = 'closed', closed_at = now()"
        " WHERE person_id = %s AND state <> 'closed'",
        (person,),
    )


def wanted(scene: Scene, **more: Any) -> dict[str, Any]:
    return {"starts_at": new_time(scene), "mode": "phone", **more}


def held(scene: Scene, slug: str = "lixiuying") -> str:
    """A time that somebody, 李秀英 if it is nobody else, holds with the adviser."""
    free_again(slug, scene)
    path = f"/api/resources/{adviser(scene)}/holds"
    found: str = scene[slug].post(path, wanted(scene)).expect(201)["id"]
    return found


def meeting(scene: Scene, **changes: Any) -> dict[str, Any]:
    """A consultation of 李秀英's that is to come."""
    body = {**TALK, "booking_id": held(scene), **changes}
    found: dict[str, Any] = scene["lixiuying"].post("/api/consultations", body).expect(201)
    return found


def begun(scene: Scene, minutes: int = 20) -> dict[str, Any]:
    """One that began some minutes ago."""
    found = meeting(scene)
    execute("UPDATE bookings SET state = 'expired', ended_at = now(), held_until = NULL"
            " WHERE starts_at < now() AND state <> 'expired'")  # fmt: skip
    start = clock.now() - timedelta(minutes=minutes)
    end = start + timedelta(minutes=25)
    execute(
        "UPDATE bookings SET starts_at = %s, ends_at = %s, occupied_until = %s WHERE id = %s",
        (start, end, end, found["booking"]["id"]),
    )
    return found


def served(scene: Scene, **changes: Any) -> dict[str, Any]:
    """One that took place."""
    path = f"/api/consultations/{begun(scene)['id']}"
    body = {"opinion": "先写催款函，留好证据。", "minutes": 20}
    found: dict[str, Any] = scene[ADVISER].post(f"{path}/serve", body).expect(200)
    return found


def asked(scene: Scene) -> str:
    """A written question of 李秀英's."""
    adviser(scene)
    free_again("lixiuying", scene)
    found: str = scene["lixiuying"].post("/api/questions", QUESTION).expect(201)["id"]
    return found


def answered(scene: Scene) -> str:
    """One the adviser has answered."""
    question = asked(scene)
    body = {"text": "没有约定的，视为没有利息。", "attachment_ids": []}
    scene[ADVISER].post(f"/api/questions/{question}/posts", body).expect(201)
    return question


def draft(scene: Scene) -> dict[str, Any]:
    """A case the adviser makes of a meeting."""
    body = {"source_kind": "consultation", "source_id": served(scene)["id"]}
    made = scene[ADVISER].post("/api/cases", body).expect(201)
    found: dict[str, Any] = (
        scene[ADVISER].put(f"/api/cases/{made['id']}", {**CASE, "version": made["version"]})
    ).expect(200)
    return found


def submitted(scene: Scene) -> dict[str, Any]:
    made = draft(scene)
    body = {"version": made["version"], "checked": True}
    found: dict[str, Any] = scene[ADVISER].post(f"/api/cases/{made['id']}/submit", body).expect(200)
    return found


def published(scene: Scene) -> dict[str, Any]:
    made = submitted(scene)
    path = f"/api/cases/{made['id']}/approve"
    found: dict[str, Any] = scene[OFFICER].post(path, {"version": made["version"]}).expect(200)
    return found


def entered(scene: Scene) -> str:
    """A lecture in the ledger."""
    adviser(scene)
    body = {**ENTRY, "served_on": today().isoformat()}
    found: str = scene[ADVISER].post("/api/ledger", body).expect(201)["id"]
    return found


def today() -> date:
    return clock.now().astimezone(LOCAL).date()


def register_entry() -> dict[str, Any]:
    """Somebody new for the register, who stands in."""
    return {
        "name": "新顾问",
        "firm": "乌撒律师事务所",
        "licence_no": f"CS-{new_id().hex}"[:40],
        "phone": "0857-0000301",
        "languages": ["mandarin"],
        "intro": None,
        "term_from": "2026-01-01",
        "term_until": None,
        "villages": [],
        "standby": [NEXT_VILLAGE],
        "photo_id": None,
    }


def full_day(scene: Scene) -> dict[str, Any]:
    """Days on which nothing of the adviser's is free: they are closed."""
    day = today() + timedelta(days=20)
    if "closed" not in scene.kept:
        start = datetime.combine(day, datetime.min.time(), LOCAL)
        body = {
            "kind": "closed", "starts_at": start.isoformat(), "accepted": [],
            "ends_at": (start + timedelta(days=1)).isoformat(), "reason": "开庭",
        }  # fmt: skip
        path = f"/api/resources/{adviser(scene)}/exceptions"
        scene.kept["closed"] = scene[ADVISER].post(path, body).expect(201)["exceptions"][-1]["id"]
    return {"from_on": day.isoformat(), "to_on": day.isoformat()}


def waiting(scene: Scene) -> str:
    """李秀英 waits for a time of the adviser's."""
    free_again("lixiuying", scene)
    path = f"/api/resources/{adviser(scene)}/waits"
    found: str = scene["lixiuying"].post(path, full_day(scene)).expect(201)["id"]
    return found


def plan(scene: Scene) -> dict[str, Any]:
    path = f"/api/resources/{adviser(scene)}/plan"
    found: dict[str, Any] = scene[ADVISER].get(path).expect(200)
    return found


def exception(scene: Scene) -> str:
    """Some extra time, that can be taken back without harm to anybody."""
    day = today() + timedelta(days=300)
    start = datetime.combine(day, datetime.min.time(), LOCAL)
    body = {
        "kind": "closed", "starts_at": start.isoformat(), "accepted": [], "reason": None,
        "ends_at": (start + timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    path = f"/api/resources/{adviser(scene)}/exceptions"
    found: str = scene[ADVISER].post(path, body).expect(201)["exceptions"][-1]["id"]
    return found


def code(scene: Scene) -> str:
    """What the adviser's screen shows."""
    path = f"/api/resources/{adviser(scene)}/check-in-code"
    found: str = scene[ADVISER].get(path).expect(200)["code"]
    return found


def change(scene: Scene, caller: Caller, action: str, **body: Any) -> tuple[str, dict[str, Any]]:
    """Path and body of a change of a meeting to come."""
    booking = meeting(scene)["booking"]
    return f"/api/bookings/{booking['id']}/{action}", {"sequence": booking["sequence"], **body}


def live(scene: Scene) -> None:
    """Everything that becomes of appointments, questions and cases, told to everybody."""
    lawyer, li = scene[ADVISER], scene["lixiuying"]
    resource = f"/api/resources/{adviser(scene)}"
    for action, more in (("move", wanted(scene)), ("cancel", {"reason": SECRET_WORDS})):
        path, body = change(scene, li, action, **more)
        li.post(path, body).expect(200)
    lawyer.post(f"/api/bookings/{begun(scene)['booking']['id']}/no-show").expect(200)
    displaced = meeting(scene)["booking"]
    closed = {
        "kind": "closed", "starts_at": displaced["starts_at"], "ends_at": displaced["ends_at"],
        "reason": SECRET_WORDS, "accepted": [displaced["id"]],
    }  # fmt: skip
    lawyer.post(f"{resource}/exceptions", closed).expect(201)
    waiting(scene)
    lawyer.post(f"{resource}/exceptions/{scene.kept.pop('closed')}/remove", {"accepted": []})
    execute("UPDATE bookings SET held_until = now() - interval '1 minute' WHERE state = 'held'")
    bookings.sweep(clock.now())
    made = served(scene)
    li.put(f"/api/consultations/{made['id']}/rating", {"score": 5}).expect(200)
    question = answered(scene)
    body = {"text": "还想问一句", "attachment_ids": []}
    li.post(f"/api/questions/{question}/posts", body).expect(201)
    question_sweeps.hand_on(clock.now() + timedelta(hours=25))
    returned = submitted(scene)
    path = f"/api/cases/{returned['id']}"
    back = {"version": returned["version"], "reason": "地名还在"}
    scene[OFFICER].post(f"{path}/return", back).expect(200)
    found = published(scene)
    path = f"/api/cases/{found['id']}"
    away = {"version": found["version"], "reason": "有误"}
    scene[OFFICER].post(f"{path}/withdraw", away).expect(200)
    meeting(scene)
    # What is promised for later is looked at now: it is dropped, or said.
    execute("UPDATE outbox SET available_at = now() WHERE kind = 'booking.reminder'")
