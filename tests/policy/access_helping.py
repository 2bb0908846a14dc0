"""Who gets in where: the rows of activities, sign-ups, presence and hours."""

from collections.abc import Callable
from typing import Any

from tests.callers import Answer, Caller
from tests.policy import helping
from tests.policy.scene import VILLAGE, Scene

CALLERS = {
    "owner": "lixiuying",
    "agent": "zhangmin",
    "stranger": "a-neighbour",
    "organiser": helping.ORGANISER,
    "distant": helping.FAR_ORGANISER,
    "grid": "sunhao",
    "admin": "admin",
    "nobody": "nobody",
}
"""Every sign-up and all hours are the owner's; the organiser is her village's, the distant one
another township's. The agent acts for her under a consent in force, and began none of it."""

MATRIX = """
                                                        owner agent stranger organiser distant grid admin nobody
GET /api/volunteering/terms                             ok    ok    ok       ok        ok   ok   ok    ok
GET /api/activities                                     ok    ok    ok       ok        ok   ok   ok    401
GET /api/activities/<uuid:activity_id> | a draft        404   404   404      ok        404  404  404   401
GET /api/activities/<uuid:activity_id> | published      ok    ok    ok       ok        ok   ok   ok    401
GET /api/me/organisations                               403   403   403      ok        ok   403  403   401
POST /api/organisations                                 403   403   403      ok        403  403  403   401
PUT /api/organisations/<uuid:organisation_id>           403   403   403      ok        403  403  403   401
GET /api/organiser/activities                           403   403   403      ok        ok   403  403   401
POST /api/activities                                    403   403   403      ok        403  403  403   401
PUT /api/activities/<uuid:activity_id>                  403   403   403      ok        403  403  403   401
POST /api/activities/<uuid:activity_id>/publish         404   404   404      ok        404  404  404   401
POST /api/activities/<uuid:activity_id>/cancel          403   403   403      ok        403  403  403   401
POST /api/activities/<uuid:activity_id>/shifts          403   403   403      ok        403  403  403   401
PUT /api/shifts/<uuid:shift_id>                         403   403   403      ok        403  403  403   401
POST /api/shifts/<uuid:shift_id>/cancel                 403   403   403      ok        403  403  403   401
GET /api/me/volunteer                                   ok    ok    ok       ok        ok   ok   ok    401
PUT /api/me/volunteer                                   ok    ok    ok       ok        ok   ok   ok    401
POST /api/shifts/<uuid:shift_id>/signups                ok    ok    ok       ok        ok   ok   ok    401
GET /api/me/signups                                     ok    ok    ok       ok        ok   ok   ok    401
GET /api/signups/<uuid:signup_id>                       ok    404   404      ok        404  404  404   401
POST /api/signups/<uuid:signup_id>/cancel               ok    404   404      403       404  404  404   401
POST /api/signups/<uuid:signup_id>/accept               ok    404   404      403       404  404  404   401
POST /api/signups/<uuid:signup_id>/keep                 ok    404   404      403       404  404  404   401
POST /api/signups/<uuid:signup_id>/check-in             ok    404   404      403       404  404  404   401
POST /api/signups/<uuid:signup_id>/check-out            ok    404   404      403       404  404  404   401
GET /api/shifts/<uuid:shift_id>/code                    403   403   403      ok        403  403  403   401
GET /api/shifts/<uuid:shift_id>/roster                  403   403   403      ok        403  403  403   401
POST /api/shifts/<uuid:shift_id>/people                 403   403   403      ok        403  403  403   401
POST /api/signups/<uuid:signup_id>/approve              403   404   404      ok        404  404  404   401
POST /api/signups/<uuid:signup_id>/decline              403   404   404      ok        404  404  404   401
POST /api/signups/<uuid:signup_id>/confirm-hours        403   404   404      ok        404  404  404   401
GET /api/me/hours                                       ok    ok    ok       ok        ok   ok   ok    401
GET /api/me/hours/totals                                ok    ok    ok       ok        ok   ok   ok    401
POST /api/hours/<uuid:hours_id>/correct                 403   404   404      ok        404  404  404   401
POST /api/hours/<uuid:hours_id>/take-back               ok    404   404      403       404  404  404   401
"""  # noqa: E501

Call = Callable[[Scene, Caller], Answer]


def get(path: str | Callable[[Scene], str]) -> Call:
    def call(scene: Scene, caller: Caller) -> Answer:
        scene.acting("zhangmin")
        helping.station(scene)
        return caller.get(path if isinstance(path, str) else path(scene))

    return call


def of(
    made: Callable[[Scene], Any],
    path: str,
    body: Callable[[Scene, Any], Any] | None = None,
    method: str = "POST",
) -> Call:
    """Something with what was made for it, by its id."""

    def call(scene: Scene, caller: Caller) -> Answer:
        scene.acting("zhangmin")
        helping.station(scene)
        found = made(scene)
        where = path.format(found if isinstance(found, str) else found["id"])
        sent = None if body is None else body(scene, found)
        return caller.put(where, sent) if method == "PUT" else caller.post(where, sent)

    return call


def version(scene: Scene, found: Any) -> dict[str, Any]:
    return {"version": found["version"]}


def called_off(scene: Scene, found: Any) -> dict[str, Any]:
    return {"version": found["version"], "reason": "下大雨"}


def scanned(scene: Scene, signup_id: Any) -> dict[str, Any]:
    return {"code": helping.code(scene, signup_id), "kept": False}


def named(scene: Scene, found: Any) -> dict[str, Any]:
    """A name no organisation has yet."""
    scene.kept["names"] = scene.kept.get("names", 0) + 1
    return {"name": f"第{scene.kept['names']}志愿队", "phone": None}


def an_organisation(scene: Scene) -> str:
    made = helping.organisation(scene, named(scene, None)["name"])
    found: str = made["items"][-1]["id"]
    return found


def shift_under_way(scene: Scene) -> str:
    signup_id = helping.under_way(scene)
    mine = scene["lixiuying"].get(f"/api/signups/{signup_id}").expect(200)
    found: str = mine["shift"]["id"]
    return found


A = "/api/activities/<uuid:activity_id>"
S = "/api/shifts/<uuid:shift_id>"
U = "/api/signups/<uuid:signup_id>"
H = "/api/hours/<uuid:hours_id>"
REASON = {"reason": helping.REASON}

CALLS: dict[str, Call] = {
    "GET /api/volunteering/terms": get("/api/volunteering/terms"),
    "GET /api/activities": get("/api/activities"),
    f"GET {A} | a draft": get(lambda s: f"/api/activities/{helping.draft(s)['id']}"),
    f"GET {A} | published": get(lambda s: f"/api/activities/{helping.published(s)['id']}"),
    "GET /api/me/organisations": get("/api/me/organisations"),
    "POST /api/organisations": of(
        helping.station, "/api/organisations", lambda s, _: {**named(s, _), "area_code": VILLAGE}
    ),
    "PUT /api/organisations/<uuid:organisation_id>": of(
        an_organisation, "/api/organisations/{}", named, "PUT"
    ),
    "GET /api/organiser/activities": get("/api/organiser/activities"),
    "POST /api/activities": of(
        helping.station,
        "/api/activities",
        lambda s, _: {**helping.wanted(s), "shifts": [helping.new_times(s)]},
    ),
    f"PUT {A}": of(
        helping.published,
        "/api/activities/{}",
        lambda s, found: {**helping.wanted(s), "version": found["version"]},
        "PUT",
    ),
    f"POST {A}/publish": of(helping.draft, "/api/activities/{}/publish", version),
    f"POST {A}/cancel": of(helping.published, "/api/activities/{}/cancel", called_off),
    f"POST {A}/shifts": of(
        helping.published, "/api/activities/{}/shifts", lambda s, _: helping.new_times(s)
    ),
    f"PUT {S}": of(
        helping.shift,
        "/api/shifts/{}",
        lambda s, found: {**helping.new_times(s), "version": found["version"]},
        "PUT",
    ),
    f"POST {S}/cancel": of(helping.shift, "/api/shifts/{}/cancel", called_off),
    "GET /api/me/volunteer": get("/api/me/volunteer"),
    "PUT /api/me/volunteer": of(
        helping.station, "/api/me/volunteer", lambda s, _: helping.PROFILE, "PUT"
    ),
    f"POST {S}/signups": of(helping.shift, "/api/shifts/{}/signups", lambda s, _: {}),
    "GET /api/me/signups": get("/api/me/signups?when=coming"),
    f"GET {U}": get(lambda s: f"/api/signups/{helping.signup(s)}"),
    f"POST {U}/cancel": of(helping.signup, "/api/signups/{}/cancel"),
    f"POST {U}/accept": of(helping.offered, "/api/signups/{}/accept"),
    f"POST {U}/keep": of(helping.signup, "/api/signups/{}/keep"),
    f"POST {U}/check-in": of(helping.under_way, "/api/signups/{}/check-in", scanned),
    f"POST {U}/check-out": of(helping.come, "/api/signups/{}/check-out", scanned),
    f"GET {S}/code": get(lambda s: f"/api/shifts/{shift_under_way(s)}/code"),
    f"GET {S}/roster": get(lambda s: f"/api/shifts/{helping.shift(s)['id']}/roster"),
    f"POST {S}/people": of(
        helping.shift,
        "/api/shifts/{}/people",
        lambda s, _: {"name": "吴老太", "phone": None, "area_code": VILLAGE},
    ),
    f"POST {U}/approve": of(helping.applied, "/api/signups/{}/approve"),
    f"POST {U}/decline": of(helping.signup, "/api/signups/{}/decline", lambda s, _: REASON),
    f"POST {U}/confirm-hours": of(helping.over, "/api/signups/{}/confirm-hours", helping.there),
    "GET /api/me/hours": get("/api/me/hours"),
    "GET /api/me/hours/totals": get("/api/me/hours/totals"),
    f"POST {H}/correct": of(
        helping.counted,
        "/api/hours/{}/correct",
        lambda s, _: {"in_at": None, "out_at": None, **REASON},
    ),
    f"POST {H}/take-back": of(helping.counted, "/api/hours/{}/take-back", lambda s, _: REASON),
}
"""How each use is made, with values that nothing but the caller could be refused for."""
