"""Volunteering in the scene's village: a station, its activities, and who comes to them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.kernel import clock
from backend.kernel.actor import Role
from backend.kernel.db import execute, fetch_one
from backend.people import service as people
from backend.volunteering.service import places
from tests.policy.scene import VILLAGE, Scene, work

ORGANISER, FAR_ORGANISER = "an-organiser", "a-far-organiser"
FAR_VILLAGE = "520526002001"
GUARDIAN = {"name": "监护人赵大山", "phone": "13887600099"}
PROFILE: dict[str, Any] = {"born_on": "1990-05-01", "skills": ["driving"], "guardian": None}
YOUNG: dict[str, Any] = {"born_on": "2012-03-04", "skills": [], "guardian": GUARDIAN}
ACTIVITY: dict[str, Any] = {
    "kind": "environment",
    "title": "清扫村道",
    "description": "一起把村道扫干净",
    "area_code": VILLAGE,
    "place": "村委会门口",
    "contact": {"name": "站长", "phone": "0857-6223000"},
    "attachment_ids": [],
}
REASON = "家里有事来不了"
VOLUNTEERS = ("lixiuying", "zhangmin", "a-neighbour", "sunhao", "admin", ORGANISER, FAR_ORGANISER)


def station(scene: Scene) -> str:
    """Of the village, with its organiser; everybody has said what a volunteer says."""
    if "station" not in scene.kept:
        for slug, area in ((ORGANISER, VILLAGE), (FAR_ORGANISER, FAR_VILLAGE)):
            person_id = UUID(scene[slug].put("/api/me", {"name": slug}).expect(200)["id"])
            people.grant(person_id, Role.ORGANISER, clock.now(), area_code=area)
        scene["a-neighbour"].put("/api/me", {"name": "邻居"}).expect(200)
        for slug in VOLUNTEERS:
            scene[slug].put("/api/me/volunteer", PROFILE).expect(200)
        made = organisation(scene, "大洼塘社区文明实践站")
        scene.kept["station"] = made["items"][-1]["id"]
    found: str = scene.kept["station"]
    return found


def organisation(scene: Scene, name: str) -> Any:
    body = {"name": name, "area_code": VILLAGE, "phone": None}
    return scene[ORGANISER].post("/api/organisations", body).expect(201)


def new_times(scene: Scene, capacity: int = 5) -> dict[str, Any]:
    """A quarter of an hour, some days ahead, at which nothing else is."""
    first = (clock.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    start: datetime = scene.kept.get("shift time", first) + timedelta(minutes=20)
    scene.kept["shift time"] = start
    end = start + timedelta(minutes=15)
    return {"starts_at": start.isoformat(), "ends_at": end.isoformat(), "capacity": capacity,
            "note": None, "beat": []}  # fmt: skip


def wanted(scene: Scene, **changes: Any) -> dict[str, Any]:
    return {**ACTIVITY, "organisation_id": station(scene), **changes}


def draft(scene: Scene, capacity: int = 5, **changes: Any) -> dict[str, Any]:
    body = {**wanted(scene, **changes), "shifts": [new_times(scene, capacity)]}
    found: dict[str, Any] = scene[ORGANISER].post("/api/activities", body).expect(201)
    return found


def published(scene: Scene, capacity: int = 5, **changes: Any) -> dict[str, Any]:
    made = draft(scene, capacity, **changes)
    path = f"/api/activities/{made['id']}/publish"
    found: dict[str, Any] = scene[ORGANISER].post(path, {"version": made["version"]}).expect(200)
    return found


def shift(scene: Scene, capacity: int = 5, **changes: Any) -> dict[str, Any]:
    """The one shift of a published activity."""
    found: dict[str, Any] = published(scene, capacity, **changes)["shifts"][0]
    return found


def joined(scene: Scene, shift_id: str, slug: str = "lixiuying") -> str:
    path = f"/api/shifts/{shift_id}/signups"
    found: str = scene[slug].post(path, {}).expect(201)["id"]
    return found


def signup(scene: Scene) -> str:
    """李秀英 comes."""
    return joined(scene, shift(scene)["id"])


def applied(scene: Scene) -> str:
    """李秀英 would like to come."""
    return joined(scene, shift(scene, needs_approval=True)["id"])


def offered(scene: Scene) -> str:
    """A place is kept for 李秀英 for a while."""
    signup_id = signup(scene)
    execute(
        "UPDATE signups SET state = 'offered', offer_until = now() + interval '1 hour'"
        " WHERE id = %s",
        (signup_id,),
    )
    return signup_id


def moved(scene: Scene, signup_id: str, start: datetime, length: timedelta) -> str:
    """The shift of a sign-up is at another time."""
    execute(
        "UPDATE shifts SET starts_at = %s, ends_at = %s WHERE id ="
        " (SELECT shift_id FROM signups WHERE id = %s)",
        (start, start + length, signup_id),
    )
    return signup_id


def under_way(scene: Scene) -> str:
    """李秀英 is expected now, and nowhere else."""
    execute(
        "UPDATE signups SET state = 'cancelled', ended_at = now(), in_at = NULL, out_at = NULL"
        " WHERE state = 'confirmed' AND starts_at <= now() AND ends_at > now()"
    )
    return moved(scene, signup(scene), clock.now() - timedelta(minutes=5), timedelta(minutes=10))


def come(scene: Scene) -> str:
    """She has just come."""
    signup_id = under_way(scene)
    execute("UPDATE signups SET in_at = now() - interval '20 seconds' WHERE id = %s", (signup_id,))
    return signup_id


def code(scene: Scene, signup_id: str) -> str:
    """What the organiser's screen shows."""
    row = fetch_one("SELECT shift_id FROM signups WHERE id = %s", (signup_id,))
    assert row is not None
    found: str = scene[ORGANISER].get(f"/api/shifts/{row[0]}/code").expect(200)["qr"]
    return found


def over(scene: Scene) -> str:
    """A shift of hers is over, and nobody said yet whether she was there."""
    last = scene.kept.get("over", clock.now() - timedelta(hours=1))
    scene.kept["over"] = start = last - timedelta(minutes=6)
    return moved(scene, signup(scene), start, timedelta(minutes=5))


def there(scene: Scene, signup_id: str) -> dict[str, str]:
    """From the beginning to the end of the shift."""
    row = fetch_one("SELECT starts_at, ends_at FROM signups WHERE id = %s", (signup_id,))
    assert row is not None
    return {"in_at": row[0].isoformat(), "out_at": row[1].isoformat()}


def counted(scene: Scene) -> str:
    """Hours of hers that the organiser has confirmed."""
    signup_id = over(scene)
    path = f"/api/signups/{signup_id}/confirm-hours"
    scene[ORGANISER].post(path, there(scene, signup_id)).expect(200)
    row = fetch_one("SELECT id FROM service_hours WHERE signup_id = %s", (signup_id,))
    assert row is not None
    return str(row[0])


def live(scene: Scene) -> None:
    """Everything that becomes of sign-ups, told to everybody."""
    boss, li = scene[ORGANISER], scene["lixiuying"]
    station(scene)
    scene["zhangmin"].put("/api/me/volunteer", YOUNG).expect(200)
    young = joined(scene, shift(scene)["id"], "zhangmin")
    boss.post(f"/api/signups/{young}/approve").expect(200)
    boss.post(f"/api/signups/{young}/decline", {"reason": REASON}).expect(200)
    waited_for = shift(scene, capacity=1)
    first, second = joined(scene, waited_for["id"]), joined(scene, waited_for["id"], "sunhao")
    start = clock.now() + timedelta(hours=5)
    moved(scene, first, start, timedelta(minutes=5))
    li.post(f"/api/signups/{first}/cancel").expect(200)
    execute("UPDATE outbox SET available_at = now() WHERE kind = 'signup.offered'")
    work(scene.app)
    execute("UPDATE signups SET offer_until = now() WHERE id = %s", (second,))
    places.sweep(clock.now())
    changed = shift(scene)
    joined(scene, changed["id"])
    body = {**new_times(scene), "version": changed["version"]}
    boss.put(f"/api/shifts/{changed['id']}", body).expect(200)
    body = {"version": changed["version"] + 1, "reason": "下大雨"}
    boss.post(f"/api/shifts/{changed['id']}/cancel", body).expect(200)
    path = f"/api/hours/{counted(scene)}/correct"
    boss.post(path, {"in_at": None, "out_at": None, "reason": REASON}).expect(200)
    over(scene)
    signup(scene)
    execute("UPDATE outbox SET available_at = now() WHERE kind = 'signup.reminder'")
