"""Who gets in where: one row per route (or per use of it), one column per kind of caller.

A route without a row fails. Whoever adds a row says what everybody else is answered, too.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask

from backend.kernel import clock
from backend.kernel.actor import Role
from backend.kernel.db import fetch_one
from backend.kernel.ids import new_id
from backend.people import service as people
from tests.callers import Answer, Caller
from tests.policy import access_helping, access_law
from tests.policy.scene import (
    BODIES,
    LAMP,
    OTHER_UNIT,
    PRESSURE,
    VILLAGE,
    Scene,
    Step,
    by,
    filled,
    unit,
)
from tests.policy.test_openapi import routes

CALLERS = {
    "owner": "lixiuying",
    "agent": "zhangmin",
    "neighbour": "wangdafu",
    "handler": "chenwei",
    "outsider": "zhaolei",
    "helper": "dengjun",
    "lead": "liufang",
    "dispatcher": "yangguang",
    "supervisor": "majing",
    "grid": "sunhao",
    "admin": "admin",
    "inspector": "zhouping",
    "nobody": "nobody",
}
"""Who stands for each column. The agent acts for the owner under a consent in force, by which these
requests were made. The outsider handles requests in a unit that has no part in them, the helper in
one that is asked for a part of some. 409: theirs, but not now."""

MATRIX = """
                                              owner agent neighbour handler outsider helper lead dispatcher supervisor grid admin inspector nobody
GET /                                           ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok
GET /<any(assets, static):folder>/<path:name>   404 404   404       404     404      404    404  404        404        404  404   404       404
GET /healthz                                    ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok
GET /readyz                                     ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok
GET /problems/<code>                            ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok
GET /api/openapi.json                           ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok
GET /api/docs                                   ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok
GET /api/docs/<name>                            ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok
GET /wechat/push                                403 403   403       403     403      403    403  403        403        403  403   403       403
POST /wechat/push                               403 403   403       403     403      403    403  403        403        403  403   403       403

POST /api/sessions                              ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok
POST /api/sessions/renew                        ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
DELETE /api/sessions/current                    ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
DELETE /api/sessions                            ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401

GET /api/me                                     ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
PUT /api/me                                     ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
PUT /api/me/phone                               ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
POST /api/me/roles                              ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
GET /api/me/access-log                          ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
GET /api/me/data                                ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
POST /api/me/close                              ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
GET /api/me/mandates                            ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
POST /api/me/mandates                           ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
POST /api/mandates/claim                        ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
POST /api/mandates/requests                     ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
POST /api/mandates/recorded                     403 403   403       403     403      403    403  403        403        ok   403   403       401
GET /api/mandates/<uuid:mandate_id>             ok  404   ok        404     404      404    404  404        404        404  404   404       401
POST /api/mandates/<uuid:mandate_id>/confirm    ok  404   404       404     404      404    404  404        404        404  404   404       401
DELETE /api/mandates/<uuid:mandate_id>          ok  404   ok        404     404      404    404  404        404        404  404   404       401
POST /api/invitations | handler                 403 403   403       403     403      403    ok   403        403        403  ok    403       401
POST /api/invitations | handler elsewhere       403 403   403       403     403      403    403  403        403        403  ok    403       401
POST /api/invitations | admin                   403 403   403       403     403      403    403  403        403        403  ok    403       401
DELETE /api/people/roles/<uuid:role_id>         403 403   403       403     403      403    ok   403        403        403  ok    403       401
GET /api/units/<uuid:unit_id>/members           403 403   403       ok      403      403    ok   ok         ok         403  ok    403       401

GET /api/areas                                  ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok
GET /api/areas/<code>                           ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok
GET /api/units                                  ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
GET /api/catalogue                              ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok

POST /api/attachments                           ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
DELETE /api/attachments/<uuid:attachment_id>    ok  404   404       404     404      404    404  404        404        404  404   404       401
GET /api/attachments/<uuid:attachment_id>/<any(original, thumbnail):variant> | own link
                                                ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok
GET /api/attachments/<uuid:attachment_id>/<any(original, thumbnail):variant> | forged link
                                                403 403   403       403     403      403    403  403        403        403  403   403       403

POST /api/requests                              ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
GET /api/requests                               ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
GET /api/workbench/requests                     403 403   403       ok      ok       ok     ok   ok         ok         ok   ok    ok        401
GET /api/workbench/summary                      403 403   403       ok      ok       ok     ok   ok         ok         ok   ok    ok        401
GET /api/requests/<uuid:request_id>             ok  ok    404       ok      404      404    ok   ok         ok         404  404   404       401
GET /api/requests/<uuid:request_id> | with a part of another unit's
                                                ok  ok    404       ok      404      ok     ok   ok         ok         404  404   404       401
POST /api/requests/<uuid:request_id>/contact    403 403   404       ok      404      404    ok   ok         403        404  404   404       401
POST /api/requests/<uuid:request_id>/accept     403 403   404       ok      404      404    ok   403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/not-accept 403 403   404       ok      404      404    ok   ok         403        404  404   404       401
POST /api/requests/<uuid:request_id>/assign | to a unit
                                                403 403   404       403     404      404    403  ok         403        404  404   404       401
POST /api/requests/<uuid:request_id>/assign | to a person
                                                403 403   404       403     404      404    ok   403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/start      403 403   404       ok      404      404    ok   403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/dispute    403 403   404       ok      404      404    ok   403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/rule       403 403   404       403     404      404    403  ok         403        404  404   404       401
POST /api/requests/<uuid:request_id>/ask        403 403   404       ok      404      404    ok   403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/request-extension
                                                403 403   404       ok      404      404    ok   403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/decide-extension
                                                403 403   404       403     404      404    ok   403        ok         404  404   404       401
POST /api/requests/<uuid:request_id>/tasks      403 403   404       ok      404      404    ok   403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/tasks/<uuid:task_id>/answer
                                                403 403   404       403     404      ok     403  403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/tasks/<uuid:task_id>/cancel
                                                403 403   404       ok      404      403    ok   403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/reply      403 403   404       ok      404      404    ok   403        409        404  404   404       401
POST /api/requests/<uuid:request_id>/reply | taken up by a supervisor
                                                403 403   404       409     404      404    409  403        ok         404  404   404       401
POST /api/requests/<uuid:request_id>/defer      403 403   404       ok      404      404    ok   403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/merge      403 403   404       ok      404      404    ok   403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/direct     403 403   404       403     404      404    403  403        ok         404  404   404       401
POST /api/requests/<uuid:request_id>/supply     ok  ok    404       403     404      404    403  403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/remind     ok  ok    404       403     404      404    403  403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/confirm    ok  ok    404       403     404      404    403  403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/contest    ok  ok    404       403     404      404    403  403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/came-back  ok  ok    404       403     404      404    403  403        403        404  404   404       401
POST /api/requests/<uuid:request_id>/withdraw   ok  ok    404       403     404      404    403  403        403        404  404   404       401
PUT /api/requests/<uuid:request_id>/rating      ok  403   404       403     404      404    403  403        403        404  404   404       401
GET /api/requests/<uuid:request_id>/receipt.pdf ok  ok    404       ok      404      404    ok   ok         ok         404  404   404       401
POST /api/lookup                                ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok
POST /api/requests/<uuid:request_id>/pressure   ok  ok    404       403     404      404    403  403        403        404  404   404       401
GET /api/requests/<uuid:request_id>/pressure    ok  ok    404       403     404      404    403  403        403        404  404   404       401
GET /api/inspection/reports                     403 403   403       403     403      403    403  403        403        403  403   ok        401
POST /api/inspection/reports/<uuid:report_id>/contact
                                                403 403   403       403     403      403    403  403        403        403  403   ok        401
POST /api/inspection/reports/<uuid:report_id>/close
                                                403 403   403       403     403      403    403  403        403        403  403   ok        401

GET /api/requests/similar                       ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
POST /api/requests/<uuid:request_id>/follow     ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
DELETE /api/requests/<uuid:request_id>/follow   ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
GET /api/follows                                ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
GET /api/me/materials                           ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
GET /api/public/requests                        ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok
GET /api/public/requests/<uuid:request_id>      ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        ok

GET /api/notices                                ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
GET /api/notices/unread                         ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
POST /api/notices/read                          ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
GET /api/subscriptions                          ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
POST /api/subscriptions                         ok  ok    ok        ok      ok       ok     ok   ok         ok         ok   ok    ok        401
"""  # noqa: E501

Call = Callable[[Scene, Caller], Answer]


def getting(path: str) -> Call:
    return lambda scene, caller: caller.get(path)


def posting(path: str, body: Any) -> Call:
    return lambda scene, caller: caller.post(path, body)


def signing_out(path: str) -> Call:
    def call(scene: Scene, caller: Caller) -> Answer:
        return caller.delete(path)

    return call


def submitted(scene: Scene, state: str = "submitted") -> dict[str, Any]:
    """A request in this state that the agent made for the owner."""
    return scene.request(state, maker=CALLERS["agent"])


def acting(action: str, state: str, *before: Step, **changes: Any) -> Call:
    """An action on a new request in a state from which it is possible."""

    def call(scene: Scene, caller: Caller) -> Answer:
        request = submitted(scene, state)
        for step in before:
            step(scene, request)
        path = f"/api/requests/{request['id']}"
        version = scene["lixiuying"].get(path).expect(200)["version"]
        body = filled(BODIES[action] | changes, scene, caller, request)
        return caller.post(f"{path}/{action}", {"version": version, **body})

    return call


def of_task(action: str, body: dict[str, Any]) -> Call:
    """What becomes of a part another unit is to do."""

    def call(scene: Scene, caller: Caller) -> Answer:
        request, task_id = scene.helped(maker=CALLERS["agent"])
        return caller.post(f"/api/requests/{request['id']}/tasks/{task_id}/{action}", body)

    return call


def looking(request: Callable[[Scene], dict[str, Any]], path: str = "") -> Call:
    return lambda scene, caller: caller.get(f"/api/requests/{request(scene)['id']}{path}")


def inviting(role: str, unit: str | None) -> Call:
    def call(scene: Scene, caller: Caller) -> Answer:
        place = {"unit_id": str(scene.unit(unit))} if unit else {"area_code": VILLAGE}
        return caller.post("/api/invitations", {"role": role, **place})

    return call


def shown(change: Callable[[str], str]) -> Call:
    """A picture of the owner's by her own link, as it is or changed."""

    def call(scene: Scene, caller: Caller) -> Answer:
        request = scene.request(attachment_ids=[scene.picture()])
        return caller.get(change(request["attachments"][0]["url"]))

    return call


def revoking(scene: Scene, caller: Caller) -> Answer:
    person_id = people.ensure_person(f"openid-{new_id()}", "新来的", clock.now())
    grant = people.grant(person_id, Role.HANDLER, clock.now(), unit_id=scene.unit())
    return caller.delete(f"/api/people/roles/{grant}")


def closing(scene: Scene, caller: Caller) -> Answer:
    another = people.ensure_person(f"openid-{new_id()}", "接班的", clock.now())
    people.grant(another, Role.ADMIN, clock.now(), area_code="520526")
    return caller.post("/api/me/close", {"confirm": True})


TERMS = {"scopes": ["submit", "act"], "valid_days": 30}
CONSENT = {
    "name": "赵有田",
    "area_code": f"{VILLAGE}001",
    "how": "spoken",
    "statement": "请小孙替我办",
    "attachment_ids": [],
}
MANDATE = "/api/mandates/<uuid:mandate_id>"
REPORT = "/api/inspection/reports/<uuid:report_id>"
REQUEST = "/api/requests/<uuid:request_id>"
PICTURE = "/api/attachments/<uuid:attachment_id>"
SHOWN = f"GET {PICTURE}/<any(original, thumbnail):variant>"
PUSH = "/wechat/push?signature=forged&timestamp=1&nonce=2&echostr=3"
LINK_TO_UNIT = "520526001:law_enforcement"

CALLS: dict[str, Call] = {
    "GET /": getting("/"),
    "GET /<any(assets, static):folder>/<path:name>": getting("/assets/nothing.js"),
    "GET /healthz": getting("/healthz"),
    "GET /readyz": getting("/readyz"),
    "GET /problems/<code>": getting("/problems/not_found"),
    "GET /api/openapi.json": getting("/api/openapi.json"),
    "GET /api/docs": getting("/api/docs"),
    "GET /api/docs/<name>": getting("/api/docs/start.js"),
    "GET /wechat/push": getting(PUSH),
    "POST /wechat/push": posting(PUSH, {}),
    "POST /api/sessions": posting("/api/sessions", {"code": "demo-lixiuying"}),
    "POST /api/sessions/renew": posting("/api/sessions/renew", None),
    "DELETE /api/sessions/current": signing_out("/api/sessions/current"),
    "DELETE /api/sessions": signing_out("/api/sessions"),
    "GET /api/me": getting("/api/me"),
    "PUT /api/me": lambda scene, caller: caller.put("/api/me", {"language": "en"}),
    "PUT /api/me/phone": lambda scene, caller: caller.put(
        "/api/me/phone", {"phone": "13812345678"}
    ),
    "POST /api/me/roles": lambda scene, caller: caller.post(
        "/api/me/roles", {"invitation_code": scene.invitation()}
    ),
    "GET /api/me/access-log": getting("/api/me/access-log"),
    "GET /api/me/data": getting("/api/me/data"),
    "POST /api/me/close": closing,
    "GET /api/me/mandates": getting("/api/me/mandates"),
    "POST /api/me/mandates": posting("/api/me/mandates", TERMS),
    "POST /api/mandates/claim": lambda scene, caller: caller.post(
        "/api/mandates/claim", {"code": scene.code()}
    ),
    "POST /api/mandates/requests": posting(
        "/api/mandates/requests", {"name": "无此人", "phone": "13812345678", **TERMS}
    ),
    "POST /api/mandates/recorded": posting("/api/mandates/recorded", {**CONSENT, **TERMS}),
    f"GET {MANDATE}": lambda scene, caller: caller.get(f"/api/mandates/{scene.mandate()}"),
    f"POST {MANDATE}/confirm": lambda scene, caller: caller.post(
        f"/api/mandates/{scene.question()}/confirm", {}
    ),
    f"DELETE {MANDATE}": lambda scene, caller: caller.delete(f"/api/mandates/{scene.mandate()}"),
    "POST /api/invitations | handler": inviting("handler", LINK_TO_UNIT),
    "POST /api/invitations | handler elsewhere": inviting("handler", OTHER_UNIT),
    "POST /api/invitations | admin": inviting("admin", None),
    "DELETE /api/people/roles/<uuid:role_id>": revoking,
    "GET /api/units/<uuid:unit_id>/members": lambda scene, caller: caller.get(
        f"/api/units/{scene.unit()}/members"
    ),
    "GET /api/areas": getting("/api/areas"),
    "GET /api/areas/<code>": getting(f"/api/areas/{VILLAGE}"),
    "GET /api/units": getting("/api/units"),
    "GET /api/catalogue": getting("/api/catalogue"),
    "POST /api/attachments": lambda scene, caller: caller.upload(scene.photo),
    f"DELETE {PICTURE}": lambda scene, caller: caller.delete(f"/api/attachments/{scene.picture()}"),
    f"{SHOWN} | own link": shown(lambda url: url),
    f"{SHOWN} | forged link": shown(lambda url: url[:-4] + "AAAA"),
    "POST /api/requests": posting("/api/requests", LAMP),
    "GET /api/requests": getting("/api/requests"),
    "GET /api/workbench/requests": getting("/api/workbench/requests"),
    "GET /api/workbench/summary": getting("/api/workbench/summary"),
    f"GET {REQUEST}": looking(submitted),
    f"GET {REQUEST} | with a part of another unit's": looking(
        lambda scene: scene.helped(maker=CALLERS["agent"])[0]
    ),
    f"POST {REQUEST}/contact": lambda scene, caller: caller.post(
        f"/api/requests/{submitted(scene, 'accepted')['id']}/contact"
    ),
    f"POST {REQUEST}/accept": acting("accept", "submitted"),
    f"POST {REQUEST}/not-accept": acting("not-accept", "submitted"),
    f"POST {REQUEST}/assign | to a unit": acting(
        "assign", "accepted", unit_id=unit(OTHER_UNIT), handler_id=None
    ),
    f"POST {REQUEST}/assign | to a person": acting("assign", "accepted"),
    f"POST {REQUEST}/dispute": acting("dispute", "submitted"),
    f"POST {REQUEST}/rule": acting("rule", "disputed"),
    f"POST {REQUEST}/start": acting("start", "accepted"),
    f"POST {REQUEST}/ask": acting("ask", "accepted"),
    f"POST {REQUEST}/request-extension": acting("request-extension", "in_progress"),
    f"POST {REQUEST}/decide-extension": acting(
        "decide-extension", "in_progress", by("chenwei", "request-extension")
    ),
    f"POST {REQUEST}/tasks": acting("tasks", "in_progress"),
    f"POST {REQUEST}/tasks/<uuid:task_id>/answer": of_task("answer", {"text": "线路正常"}),
    f"POST {REQUEST}/tasks/<uuid:task_id>/cancel": of_task("cancel", {"reason": "不用了"}),
    f"POST {REQUEST}/reply": acting("reply", "in_progress"),
    f"POST {REQUEST}/reply | taken up by a supervisor": acting("reply", "supervised"),
    f"POST {REQUEST}/defer": acting("defer", "in_progress"),
    f"POST {REQUEST}/merge": acting("merge", "in_progress"),
    f"POST {REQUEST}/direct": acting("direct", "supervised"),
    f"POST {REQUEST}/supply": acting("supply", "awaiting_resident"),
    f"POST {REQUEST}/remind": acting("remind", "accepted"),
    f"POST {REQUEST}/confirm": acting("confirm", "replied"),
    f"POST {REQUEST}/contest": acting("contest", "replied"),
    f"POST {REQUEST}/came-back": acting("came-back", "closed_unconfirmed"),
    f"POST {REQUEST}/withdraw": acting("withdraw", "accepted"),
    f"PUT {REQUEST}/rating": lambda scene, caller: caller.put(
        f"/api/requests/{submitted(scene, 'confirmed')['id']}/rating", {"score": 4}
    ),
    "GET /api/requests/similar": getting(
        f"/api/requests/similar?category=street_lamp&area_code={VILLAGE}&text=路灯不亮"
    ),
    f"POST {REQUEST}/follow": lambda scene, caller: caller.post(
        f"/api/requests/{scene.published()['id']}/follow"
    ),
    f"DELETE {REQUEST}/follow": lambda scene, caller: caller.delete(
        f"/api/requests/{scene.published()['id']}/follow"
    ),
    "GET /api/me/materials": getting("/api/me/materials"),
    "GET /api/follows": getting("/api/follows"),
    "GET /api/public/requests": getting(f"/api/public/requests?area={VILLAGE}"),
    "GET /api/public/requests/<uuid:request_id>": lambda scene, caller: caller.get(
        f"/api/public/requests/{scene.published()['id']}"
    ),
    f"GET {REQUEST}/receipt.pdf": looking(submitted, "/receipt.pdf"),
    "POST /api/lookup": lambda scene, caller: caller.post(
        "/api/lookup", {"number": scene.request()["number"], "phone_last4": scene.phone[-4:]}
    ),
    f"POST {REQUEST}/pressure": lambda scene, caller: caller.post(
        f"/api/requests/{submitted(scene)['id']}/pressure", PRESSURE
    ),
    f"GET {REQUEST}/pressure": looking(submitted, "/pressure"),
    "GET /api/inspection/reports": getting("/api/inspection/reports"),
    f"POST {REPORT}/contact": lambda scene, caller: caller.post(
        f"/api/inspection/reports/{scene.report()}/contact"
    ),
    f"POST {REPORT}/close": lambda scene, caller: caller.post(
        f"/api/inspection/reports/{scene.report()}/close", {"finding": "已经核实"}
    ),
    "GET /api/notices": getting("/api/notices"),
    "GET /api/notices/unread": getting("/api/notices/unread"),
    "POST /api/notices/read": posting("/api/notices/read", {}),
    "GET /api/subscriptions": getting("/api/subscriptions?moment=submitted"),
    "POST /api/subscriptions": posting(
        "/api/subscriptions", {"results": [{"template_id": "unknown", "outcome": "accept"}]}
    ),
}
"""How each use is made, with values that nothing but the caller could be refused for."""


CALLS |= access_law.CALLS | access_helping.CALLS
SLUGS = CALLERS | access_law.CALLERS | access_helping.CALLERS


def rows(matrix: str) -> dict[str, dict[str, str]]:
    """Use to expected outcome by caller, as the matrix has it."""
    lines = [line for line in matrix.splitlines() if line.strip()]
    callers = lines.pop(0).split()
    found, use = {}, ""
    for line in lines:
        words = line.split()
        outcomes = words[-len(callers) :]
        if set(outcomes) <= {"ok", "401", "403", "404", "409"} and len(outcomes) == len(callers):
            use = " ".join(words[: -len(callers)]) or use
            found[use] = dict(zip(callers, outcomes, strict=True))
        else:
            use = " ".join(words)
    return found


ROWS = rows(MATRIX) | rows(access_law.MATRIX) | rows(access_helping.MATRIX)


def outcome(answer: Answer) -> str:
    return "ok" if answer.status < 400 else str(answer.status)


def test_every_route_has_its_row(app: Flask):
    assert {use.partition(" | ")[0] for use in ROWS} == {name for name, _, _ in routes(app)}
    assert set(ROWS) == set(CALLS)
    known = (set(CALLERS), set(access_law.CALLERS), set(access_helping.CALLERS))
    assert all(set(row) in known for row in ROWS.values())


LAST = ("POST /api/me/roles", "POST /api/me/close")
"""After these everybody is staff, and then nobody is left."""


def test_everybody_is_answered_as_the_matrix_says(scene: Scene):
    built = (scene.app.extensions["settings"].site_dir / "index.html").exists()
    found: dict[str, dict[str, str]] = {}
    for use in sorted(ROWS, key=lambda use: LAST.index(use) if use in LAST else -1):
        found[use] = {}
        for caller in ROWS[use]:
            slug = SLUGS[caller]
            found[use][caller] = outcome(CALLS[use](scene, scene[slug]))
            if use in ("DELETE /api/sessions", "DELETE /api/sessions/current"):
                scene.forget(slug)
    if not built:
        assert set(found.pop("GET /").values()) == {"503"}
    wrong = {use: row for use, row in found.items() if row != ROWS[use]}
    assert wrong == {use: ROWS[use] for use in wrong}


def test_a_token_that_has_ended_is_no_token(scene: Scene):
    ended = scene.nobody.sign_in("admin")
    ended.delete("/api/sessions/current").expect(204)
    for use, row in ROWS.items():
        if row["nobody"] == "401":
            answer = CALLS[use](scene, ended)
            assert (answer.status, answer.json["code"]) == (401, "unauthenticated"), use


def test_a_role_that_is_taken_back_opens_nothing_any_more(scene: Scene):
    request = scene.request()
    chen = scene["chenwei"]
    chen.get(f"/api/requests/{request['id']}").expect(200)
    scene["admin"].delete(f"/api/people/roles/{scene.role('chenwei')}").expect(204)
    chen.get(f"/api/requests/{request['id']}").expect(404)
    chen.get("/api/workbench/requests").expect(403)
    assert fetch_one("SELECT version FROM service_requests") == (1,)
