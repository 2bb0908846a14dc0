"""Who gets in where: the rows of appointments, advisers, their ledger, questions and cases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from backend.kernel import clock
from tests.callers import Answer, Caller
from tests.policy import law
from tests.policy.scene import VILLAGE, Scene

CALLERS = {
    "owner": "lixiuying",
    "agent": "zhangmin",
    "stranger": law.NEIGHBOUR,
    "adviser": law.ADVISER,
    "far": law.FAR_ADVISER,
    "justice": law.OFFICER,
    "grid": "sunhao",
    "admin": "admin",
    "nobody": "nobody",
}
"""Everything is the owner's. The adviser is her village's, the far one another township's; the
justice officer is of her township. The agent acts for her under a consent in force, and
began none of it."""

MATRIX = """
                                                              owner agent stranger  adviser far  justice grid admin nobody
GET /api/resources/<uuid:resource_id>/slots                   ok    ok    ok        ok      ok   ok      ok   ok    401
POST /api/resources/<uuid:resource_id>/holds                  ok    ok    ok        ok      ok   ok      ok   ok    401
GET /api/bookings/<uuid:booking_id>                           ok    404   404       ok      404  ok      404  ok    401
POST /api/bookings/<uuid:booking_id>/release                  ok    404   404       ok      404  ok      404  ok    401
POST /api/bookings/<uuid:booking_id>/move                     ok    404   404       ok      404  ok      404  ok    401
POST /api/bookings/<uuid:booking_id>/cancel                   ok    404   404       ok      404  ok      404  ok    401
POST /api/bookings/<uuid:booking_id>/check-in                 ok    404   404       ok      404  ok      404  ok    401
POST /api/bookings/<uuid:booking_id>/no-show                  ok    404   404       ok      404  ok      404  ok    401
GET /api/bookings/<uuid:booking_id>/alternatives              ok    404   404       ok      404  ok      404  ok    401
GET /api/bookings/<uuid:booking_id>/calendar                  ok    404   404       ok      404  ok      404  ok    401
GET /api/calendars/bookings/<uuid:booking_id>.ics             ok    ok    ok        ok      ok   ok      ok   ok    ok
POST /api/resources/<uuid:resource_id>/calendar               403   403   403       ok      403  ok      403  ok    401
GET /api/calendars/feeds/<string(maxlength=64):token>.ics     ok    ok    ok        ok      ok   ok      ok   ok    ok
POST /api/resources/<uuid:resource_id>/waits                  ok    ok    ok        ok      ok   ok      ok   ok    401
GET /api/me/waits                                             ok    ok    ok        ok      ok   ok      ok   ok    401
POST /api/waits/<uuid:wait_id>/leave                          ok    404   404       404     404  404     404  404   401
GET /api/resources/<uuid:resource_id>/check-in-code           403   403   403       ok      403  ok      403  ok    401
GET /api/resources/<uuid:resource_id>/plan                    403   403   403       ok      403  ok      403  ok    401
PUT /api/resources/<uuid:resource_id>/plan                    403   403   403       ok      403  ok      403  ok    401
POST /api/resources/<uuid:resource_id>/exceptions             403   403   403       ok      403  ok      403  ok    401
POST /api/resources/<uuid:resource_id>/exceptions/<uuid:exception_id>/remove
                                                              403   403   403       ok      403  ok      403  ok    401
GET /api/advisers/serving                                     ok    ok    ok        ok      ok   ok      ok   ok    401
GET /api/advisers                                             ok    ok    ok        ok      ok   ok      ok   ok    401
GET /api/advisers/<uuid:adviser_id>                           ok    ok    ok        ok      ok   ok      ok   ok    401
GET /api/me/adviser                                           404   404   404       ok      ok   404     404  404   401
POST /api/advisers                                            403   403   403       403     403  ok      403  ok    401
PUT /api/advisers/<uuid:adviser_id>                           403   403   403       403     403  ok      403  ok    401
POST /api/advisers/<uuid:adviser_id>/suspend                  403   403   403       403     403  ok      403  ok    401
POST /api/advisers/<uuid:adviser_id>/resume                   403   403   403       403     403  ok      403  ok    401
POST /api/advisers/<uuid:adviser_id>/invitation               403   403   403       403     403  ok      403  ok    401
POST /api/advisers/<uuid:adviser_id>/bookings                 403   403   403       ok      403  ok      ok   403   401
POST /api/advisers/import                                     403   403   403       403     403  ok      403  ok    401
POST /api/adviser/parties                                     403   403   403       ok      ok   403     403  403   401
GET /api/legal/topics                                         ok    ok    ok        ok      ok   ok      ok   ok    ok
GET /api/ledger                                               403   403   403       ok      ok   ok      403  ok    401
GET /api/ledger.xlsx                                          403   403   403       ok      ok   ok      403  ok    401
POST /api/ledger                                              403   403   403       ok      ok   403     403  403   401
POST /api/ledger/<uuid:entry_id>/void                         403   403   403       ok      404  ok      403  ok    401
POST /api/consultations                                       ok    404   404       404     404  404     404  404   401
GET /api/me/consultations                                     ok    ok    ok        ok      ok   ok      ok   ok    401
GET /api/consultations/<uuid:consultation_id>                 ok    404   404       ok      404  ok      404  404   401
POST /api/consultations/<uuid:consultation_id>/look-into      403   404   404       403     404  ok      404  404   401
POST /api/consultations/<uuid:consultation_id>/serve          403   404   404       ok      404  403     404  404   401
PUT /api/consultations/<uuid:consultation_id>/rating          ok    404   404       403     404  403     404  404   401
GET /api/adviser/agenda                                       403   403   403       ok      ok   403     403  403   401
POST /api/questions                                           ok    ok    ok        ok      ok   ok      ok   ok    401
GET /api/me/questions                                         ok    ok    ok        ok      ok   ok      ok   ok    401
GET /api/questions/<uuid:question_id>                         ok    404   404       ok      404  404     404  404   401
POST /api/questions/<uuid:question_id>/posts                  ok    404   404       ok      404  404     404  404   401
POST /api/questions/<uuid:question_id>/close                  ok    404   404       403     404  404     404  404   401
PUT /api/questions/<uuid:question_id>/rating                  ok    404   404       403     404  404     404  404   401
GET /api/adviser/questions                                    ok    ok    ok        ok      ok   ok      ok   ok    401
POST /api/cases                                               404   404   404       ok      404  404     404  404   401
GET /api/cases                                                ok    ok    ok        ok      ok   ok      ok   ok    401
GET /api/cases/<uuid:case_id> | a draft                       404   404   404       ok      404  404     404  404   401
GET /api/cases/<uuid:case_id> | to be approved                404   404   404       ok      404  ok      404  ok    401
PUT /api/cases/<uuid:case_id>                                 404   404   404       ok      404  404     404  404   401
POST /api/cases/<uuid:case_id>/submit                         404   404   404       ok      404  404     404  404   401
POST /api/cases/<uuid:case_id>/approve                        404   404   404       403     404  ok      404  ok    401
POST /api/cases/<uuid:case_id>/return                         404   404   404       403     404  ok      404  ok    401
POST /api/cases/<uuid:case_id>/withdraw                       404   404   404       ok      404  ok      404  ok    401
GET /api/public/cases                                         ok    ok    ok        ok      ok   ok      ok   ok    ok
GET /api/public/cases/<uuid:case_id>                          ok    ok    ok        ok      ok   ok      ok   ok    ok
"""  # noqa: E501

Call = Callable[[Scene, Caller], Answer]
Path = str | Callable[[Scene], str]
Body = dict[str, Any] | Callable[[Scene], dict[str, Any]] | None


def _made(scene: Scene, what: Any) -> Any:
    return what(scene) if callable(what) else what


def get(path: Path) -> Call:
    def call(scene: Scene, caller: Caller) -> Answer:
        scene.acting("zhangmin")
        law.adviser(scene)
        return caller.get(_made(scene, path))

    return call


def post(path: Path, body: Body = None) -> Call:
    def call(scene: Scene, caller: Caller) -> Answer:
        scene.acting("zhangmin")
        law.adviser(scene)
        where = _made(scene, path)
        return caller.post(where, _made(scene, body))

    return call


def put(path: Path, body: Body) -> Call:
    def call(scene: Scene, caller: Caller) -> Answer:
        scene.acting("zhangmin")
        law.adviser(scene)
        where = _made(scene, path)
        return caller.put(where, _made(scene, body))

    return call


def at_resource(rest: str) -> Callable[[Scene], str]:
    return lambda scene: f"/api/resources/{law.adviser(scene)}/{rest}"


def of_booking(action: str, **body: Any) -> Call:
    """A change of a meeting to come."""

    def call(scene: Scene, caller: Caller) -> Answer:
        scene.acting("zhangmin")
        path, sent = law.change(scene, caller, action, **body)
        if action == "move":
            sent |= law.wanted(scene)
        return caller.post(path, sent)

    return call


def free_caller(scene: Scene, caller: Caller, path: str, body: Any) -> Answer:
    """Whoever asks has nothing booked yet."""
    for slug, known in list(scene.signed_in.items()):
        if known.token == caller.token:
            law.free_again(slug, scene)
    return caller.post(path, body)


def holding(scene: Scene, caller: Caller) -> Answer:
    law.adviser(scene)
    return free_caller(scene, caller, at_resource("holds")(scene), law.wanted(scene))


def waiting(scene: Scene, caller: Caller) -> Answer:
    law.adviser(scene)
    return free_caller(scene, caller, at_resource("waits")(scene), law.full_day(scene))


def asking(scene: Scene, caller: Caller) -> Answer:
    law.adviser(scene)
    return free_caller(scene, caller, "/api/questions", law.QUESTION)


def booking_for(scene: Scene) -> dict[str, Any]:
    return {
        **law.wanted(scene), "name": "赵有田", "phone": None, "area_code": f"{VILLAGE}001",
        **{k: v for k, v in law.TALK.items() if k != "attachment_ids"},
    }  # fmt: skip


def of_case(made: Callable[[Scene], dict[str, Any]], action: str, **body: Any) -> Call:
    def call(scene: Scene, caller: Caller) -> Answer:
        found = made(scene)
        path = f"/api/cases/{found['id']}/{action}"
        return caller.post(path, {"version": found["version"], **body})

    return call


def saving(scene: Scene, caller: Caller) -> Answer:
    made = law.draft(scene)
    return caller.put(f"/api/cases/{made['id']}", {**law.CASE, "version": made["version"]})


def changing(scene: Scene, caller: Caller) -> Answer:
    return caller.put(f"/api/advisers/{new_adviser(scene)}", law.register_entry())


def resuming(scene: Scene, caller: Caller) -> Answer:
    return caller.post(f"/api/advisers/{law.adviser(scene)}/resume", {})


def suspending(scene: Scene, caller: Caller) -> Answer:
    path = f"/api/advisers/{law.adviser(scene)}"
    answer = caller.post(f"{path}/suspend", {"reason": "换证"})
    scene[law.OFFICER].post(f"{path}/resume", {}).expect(200)
    return answer


def new_adviser(scene: Scene) -> str:
    """Somebody in the register whom nobody has invited yet."""
    body = law.register_entry()
    made: str = scene["admin"].post("/api/advisers", body).expect(201)["id"]
    return made


def planning(scene: Scene, caller: Caller) -> Answer:
    now = law.plan(scene)
    body = {"version": now["version"], "rules": now["rules"], "accepted": []}
    return caller.put(at_resource("plan")(scene), body)


def entering(scene: Scene, caller: Caller) -> Answer:
    """In a village the caller serves."""
    law.adviser(scene)
    far = caller.token is not None and caller.token == scene[law.FAR_ADVISER].token
    village = law.FAR_VILLAGE if far else VILLAGE
    served_on = law.today().isoformat()
    return caller.post("/api/ledger", {**law.ENTRY, "village": village, "served_on": served_on})


def closing_time(scene: Scene) -> dict[str, Any]:
    start = clock.now() + timedelta(days=200)
    end = start + timedelta(hours=1)
    return {
        "kind": "closed", "starts_at": start.isoformat(), "ends_at": end.isoformat(),
        "reason": "开庭", "accepted": [],
    }  # fmt: skip


def calendar_file(scene: Scene, caller: Caller) -> Answer:
    path = f"/api/bookings/{law.meeting(scene)['booking']['id']}/calendar"
    url: str = scene["lixiuying"].get(path).expect(200)["url"]
    return caller.get("/api/" + url.partition("/api/")[2])


def feed_file(scene: Scene, caller: Caller) -> Answer:
    url = scene[law.ADVISER].post(at_resource("calendar")(scene)).expect(200)["url"]
    return caller.get("/api/" + url.partition("/api/")[2])


def importing(scene: Scene) -> dict[str, Any]:
    told = law.register_entry()
    columns = ("licence_no", "name", "firm", "term_from", "villages", "standby")
    values = (told["licence_no"], "新人", told["firm"], "2026-01-01", "", law.NEXT_VILLAGE)
    return {"csv": f"{','.join(columns)}\n{','.join(values)}\n"}


R = "/api/resources/<uuid:resource_id>"
B = "/api/bookings/<uuid:booking_id>"
A = "/api/advisers/<uuid:adviser_id>"
C = "/api/consultations/<uuid:consultation_id>"
Q = "/api/questions/<uuid:question_id>"
K = "/api/cases/<uuid:case_id>"
MINUTES = {"opinion": "先写催款函，留好证据。", "minutes": 20}


def one(made: Callable[[Scene], Any], path: str) -> Callable[[Scene], str]:
    """A path with the id of what was made for it."""

    def where(scene: Scene) -> str:
        found = made(scene)
        return path.format(found if isinstance(found, str) else found["id"])

    return where


def booked(scene: Scene) -> str:
    found: str = law.meeting(scene)["booking"]["id"]
    return found


def under_way(scene: Scene) -> str:
    found: str = law.begun(scene)["booking"]["id"]
    return found


CALLS: dict[str, Call] = {
    f"GET {R}/slots": get(lambda s: at_resource(f"slots?from={law.today()}")(s)),
    f"POST {R}/holds": holding,
    f"GET {B}": get(one(booked, "/api/bookings/{}")),
    f"POST {B}/release": post(one(law.held, "/api/bookings/{}/release"), {}),
    f"POST {B}/move": of_booking("move"),
    f"POST {B}/cancel": of_booking("cancel", reason="家里有事"),
    f"POST {B}/check-in": post(
        one(under_way, "/api/bookings/{}/check-in"), lambda s: {"code": law.code(s)}
    ),
    f"POST {B}/no-show": post(one(under_way, "/api/bookings/{}/no-show"), {}),
    f"GET {B}/alternatives": get(one(booked, "/api/bookings/{}/alternatives")),
    f"GET {B}/calendar": get(one(booked, "/api/bookings/{}/calendar")),
    "GET /api/calendars/bookings/<uuid:booking_id>.ics": calendar_file,
    f"POST {R}/calendar": post(at_resource("calendar")),
    "GET /api/calendars/feeds/<string(maxlength=64):token>.ics": feed_file,
    f"POST {R}/waits": waiting,
    "GET /api/me/waits": get("/api/me/waits"),
    "POST /api/waits/<uuid:wait_id>/leave": post(one(law.waiting, "/api/waits/{}/leave"), {}),
    f"GET {R}/check-in-code": get(at_resource("check-in-code")),
    f"GET {R}/plan": get(at_resource("plan")),
    f"PUT {R}/plan": planning,
    f"POST {R}/exceptions": post(at_resource("exceptions"), closing_time),
    f"POST {R}/exceptions/<uuid:exception_id>/remove": post(
        lambda s: at_resource(f"exceptions/{law.exception(s)}/remove")(s), {"accepted": []}
    ),
    "GET /api/advisers/serving": get(f"/api/advisers/serving?area={VILLAGE}"),
    "GET /api/advisers": get("/api/advisers"),
    f"GET {A}": get(one(law.adviser, "/api/advisers/{}")),
    "GET /api/me/adviser": get("/api/me/adviser"),
    "POST /api/advisers": post("/api/advisers", lambda s: law.register_entry()),
    f"PUT {A}": changing,
    f"POST {A}/suspend": suspending,
    f"POST {A}/resume": resuming,
    f"POST {A}/invitation": post(one(new_adviser, "/api/advisers/{}/invitation"), {}),
    f"POST {A}/bookings": post(one(law.adviser, "/api/advisers/{}/bookings"), booking_for),
    "POST /api/advisers/import": post("/api/advisers/import", importing),
    "POST /api/adviser/parties": post(
        "/api/adviser/parties", {"clients": ["甲公司"], "opponents": ["乙公司"]}
    ),
    "GET /api/legal/topics": get("/api/legal/topics"),
    "GET /api/ledger": get("/api/ledger"),
    "GET /api/ledger.xlsx": get("/api/ledger.xlsx"),
    "POST /api/ledger": entering,
    "POST /api/ledger/<uuid:entry_id>/void": post(
        one(law.entered, "/api/ledger/{}/void"), {"reason": "记错了"}
    ),
    "POST /api/consultations": post(
        "/api/consultations", lambda s: {**law.TALK, "booking_id": law.held(s)}
    ),
    "GET /api/me/consultations": get("/api/me/consultations?when=coming"),
    f"GET {C}": get(one(law.meeting, "/api/consultations/{}")),
    f"POST {C}/look-into": post(
        one(law.meeting, "/api/consultations/{}/look-into"), {"reason": "complaint"}
    ),
    f"POST {C}/serve": post(one(law.begun, "/api/consultations/{}/serve"), MINUTES),
    f"PUT {C}/rating": put(one(law.served, "/api/consultations/{}/rating"), {"score": 5}),
    "GET /api/adviser/agenda": get("/api/adviser/agenda"),
    "POST /api/questions": asking,
    "GET /api/me/questions": get("/api/me/questions"),
    f"GET {Q}": get(one(law.asked, "/api/questions/{}")),
    f"POST {Q}/posts": post(
        one(law.asked, "/api/questions/{}/posts"), {"text": "补充一句", "attachment_ids": []}
    ),
    f"POST {Q}/close": post(one(law.answered, "/api/questions/{}/close"), {}),
    f"PUT {Q}/rating": put(one(law.answered, "/api/questions/{}/rating"), {"score": 4}),
    "GET /api/adviser/questions": get("/api/adviser/questions"),
    "POST /api/cases": post(
        "/api/cases",
        lambda s: {"source_kind": "consultation", "source_id": law.served(s)["id"]},
    ),
    "GET /api/cases": get("/api/cases"),
    f"GET {K} | a draft": get(one(law.draft, "/api/cases/{}")),
    f"GET {K} | to be approved": get(one(law.submitted, "/api/cases/{}")),
    f"PUT {K}": saving,
    f"POST {K}/submit": of_case(law.draft, "submit", checked=True),
    f"POST {K}/approve": of_case(law.submitted, "approve"),
    f"POST {K}/return": of_case(law.submitted, "return", reason="地名还在"),
    f"POST {K}/withdraw": of_case(law.published, "withdraw", reason="有误"),
    "GET /api/public/cases": get("/api/public/cases"),
    "GET /api/public/cases/<uuid:case_id>": get(one(law.published, "/api/public/cases/{}")),
}
"""How each use is made, with values that nothing but the caller could be refused for."""
