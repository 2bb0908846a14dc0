"""Public requests: for everybody to read, and to follow instead of asking again."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from backend.kernel.actor import Role
from backend.kernel.db import execute, fetch_all
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from backend.kernel.json import loads
from backend.people import service as people
from backend.service_requests import queries, service
from backend.service_requests.rules import (
    MASK,
    Outcome,
    TextVerdict,
    Visibility,
    without_personal_data,
)
from backend.service_requests.schemas import public as schemas
from backend.service_requests.service import About, Answer
from tests.service_requests.conftest import (
    COUNTY,
    LAMPS,
    NOW,
    VILLAGE,
    Cast,
    enrol,
    lamp,
    unit_id,
    version,
)
from tests.service_requests.telling import tell_all

GRID = f"{VILLAGE}001"
DARK = "村口到小学的路灯不亮"
EXPLAINED = Answer(Outcome.EXPLAINED, "李秀英您好，已经换好", basis="路灯管养办法")


def publish(actor: Any, text: str = DARK, now: Any = NOW, **changes: Any) -> UUID:
    """A public request whose text has passed the content check."""
    request_id = service.submit(
        actor, lamp(**{"description": text, "visibility": Visibility.PUBLIC, **changes}), now
    )
    service.record_text_verdict(request_id, TextVerdict.PASS, now)
    return request_id


def ids(page: queries.Page) -> list[str]:
    return [item["id"] for item in loads(page.items)]


def listed(area: str = VILLAGE) -> list[str]:
    return ids(queries.published(area, "zh-CN", None, 50))


def similar(actor: Any, text: str = DARK, area: str = VILLAGE, now: Any = NOW, **kw: Any) -> Any:
    found = loads(queries.similar(actor, kw.get("category", "street_lamp"), area, text, now))
    return [item["id"] for item in found]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("打我电话13812345678", f"打我电话{MASK}"),
        ("电话 138-1234-5678 或 0857 6222333。", f"电话 {MASK} 或 {MASK}。"),
        ("电话１３８１２３４５６７８", f"电话{MASK}"),
        ("一三八一二三四五六七八找我", f"{MASK}找我"),
        ("身份证52242519800101123X", f"身份证{MASK}"),
        ("车牌贵F·D12345挡路，贵FAB123也是", f"车牌{MASK}挡路，{MASK}也是"),
        ("写信到 li.xy+1@example.com.cn 谢谢", f"写信到 {MASK} 谢谢"),
        ("加微信号：lixy_1980，QQ 1234567", f"加{MASK}，{MASK}"),
        ("李秀英家门口，找李秀英", f"{MASK}家门口，找{MASK}"),
        ("三盏灯，27 和 28 号，2026年11月坏的", "三盏灯，27 和 28 号，2026年11月坏的"),
    ],
)
def test_what_leads_to_somebody_is_left_out(text: str, left: str):
    assert without_personal_data(text, ["李秀英", None, ""]) == left


def test_everybody_reads_what_is_public_and_passed_the_check(cast: Cast):
    shown = publish(cast["lixiuying"])
    unchecked = service.submit(cast["lixiuying"], lamp(visibility=Visibility.PUBLIC), NOW)
    private = service.submit(cast["lixiuying"], lamp(), NOW)
    risky = service.submit(cast["lixiuying"], lamp(visibility=Visibility.PUBLIC), NOW)
    service.record_text_verdict(risky, TextVerdict.RISKY, NOW)
    complaint = service.submit(
        cast["lixiuying"], lamp(about=About([unit_id(LAMPS)], ["陈伟"])), NOW
    )
    execute("UPDATE service_requests SET text_verdict = 'pass' WHERE id = %s", (complaint,))
    withdrawn = publish(cast["wangdafu"])
    service.withdraw(cast["wangdafu"], withdrawn, version(withdrawn), None, NOW)

    assert listed() == listed(VILLAGE[:9]) == listed("520526") == [str(shown)]
    assert listed("520526002") == []
    assert queries.one_published(shown, "zh-CN") is not None
    for hidden in (unchecked, private, risky, complaint, withdrawn, new_id()):
        assert queries.one_published(hidden, "zh-CN") is None
        with pytest.raises(NotFound):
            service.follow(cast["wangdafu"], hidden, NOW)
    assert similar(cast["wangdafu"]) == [str(shown)]


def test_a_public_page_holds_nothing_of_anybody(app: Any, client: FlaskClient, cast: Cast):
    text = "我是lixiuying，13812345678，村口的路灯不亮"
    request_id = publish(cast["lixiuying"], text, area_code=GRID)
    service.accept(cast["chenwei"], request_id, version(request_id), NOW)
    service.reply(cast["chenwei"], request_id, version(request_id), EXPLAINED, NOW)

    answer = client.get(f"/api/public/requests/{request_id}")
    found = answer.get_json()
    assert schemas.PublicRequest().validate(found) == {}
    assert found["text"] == f"我是{MASK}，{MASK}，村口的路灯不亮"
    assert found["area_name"] == "大洼塘社区"
    assert (found["state"], found["outcome"]) == ("replied", "explained")
    assert [(event["kind"], bool(event["unit_name"])) for event in found["timeline"]] == [
        ("submitted", False),
        ("accepted", True),
        ("replied", True),
    ]
    number = service_number(request_id)
    for secret in ("lixiuying", "chenwei", "1381234", "小卖部", "26.87", "换好", number):
        assert secret not in answer.text, secret
    listing = client.get(f"/api/public/requests?area={VILLAGE}")
    assert listing.get_json()["items"][0]["summary"] == found["text"]


def service_number(request_id: UUID) -> str:
    ((number,),) = fetch_all("SELECT number FROM service_requests WHERE id = %s", (request_id,))
    return number


def test_a_summary_is_cut_after_it_is_cleaned(cast: Cast):
    publish(cast["lixiuying"], "灯" * 55 + "13812345678")
    (item,) = loads(queries.published(VILLAGE, "zh-CN", None, 50).items)
    assert item["summary"] == "灯" * 55 + MASK


def test_clients_are_told_how_long_it_keeps_and_whether_it_changed(client: FlaskClient, cast: Cast):
    request_id = publish(cast["lixiuying"])
    for path in (f"/api/public/requests?area={VILLAGE}", f"/api/public/requests/{request_id}"):
        first = client.get(path)
        assert "max-age=60" in first.headers["Cache-Control"]
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    service.follow(cast["wangdafu"], request_id, NOW)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.get_json()["followers"] == 1
    english = client.get(path, headers={"Accept-Language": "en"}).get_json()
    assert english["unit_name"] != again.get_json()["unit_name"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/public/requests", 422),
        ("/api/public/requests?area=x", 422),
        ("/api/public/requests?area=520526&cursor=x", 422),
        ("/api/public/requests?area=520526&limit=51", 422),
        (f"/api/public/requests/{UUID(int=0)}", 404),
        ("/api/public/requests/x", 404),
        ("/api/requests/similar?category=street_lamp&area_code=520526&text=x", 401),
        ("/api/follows", 401),
    ],
)
def test_what_is_asked_wrongly_is_explained(client: FlaskClient, path: str, status: int):
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.get_json()["code"]


def test_pages_of_a_village_follow_each_other(client: FlaskClient, cast: Cast):
    made = [publish(cast["lixiuying"], now=NOW + timedelta(minutes=n)) for n in range(5)]
    path, found = f"/api/public/requests?area={VILLAGE}&limit=2", list[str]()
    while path:
        page = client.get(path).get_json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        path = f"/api/public/requests?area={VILLAGE}&limit=2&cursor={cursor}" if cursor else ""
    assert found == [str(request_id) for request_id in reversed(made)]


def test_the_nearest_in_words_comes_first_of_at_most_three(cast: Cast):
    other = publish(cast["lixiuying"], "桥头的路灯撞歪了")
    nearest = publish(cast["lixiuying"], "小学门口路灯不亮，孩子摸黑")
    for text in ("路灯一闪一闪", "路灯白天也亮"):
        publish(cast["lixiuying"], text)
    found = similar(cast["wangdafu"], "小学门口的路灯不亮了")
    assert found[0] == str(nearest) and len(found) == 3
    assert similar(cast["wangdafu"], "桥头路灯歪了")[0] == str(other)


def test_only_what_is_near_recent_open_and_of_the_category_is_similar(cast: Cast):
    here = publish(cast["lixiuying"], area_code=GRID)
    publish(cast["lixiuying"], area_code="520526001002")
    publish(cast["lixiuying"], now=NOW - timedelta(days=61))
    closed = publish(cast["lixiuying"])
    service.not_accept(cast["chenwei"], closed, version(closed), "不归这里", "找供电局", NOW)

    assert similar(cast["wangdafu"]) == [str(here)]
    assert similar(cast["wangdafu"], area=f"{VILLAGE}002") == [str(here)]
    assert len(similar(cast["wangdafu"], area=VILLAGE[:9])) == 2
    assert similar(cast["wangdafu"], category="road_damage") == []
    assert similar(cast["wangdafu"], "！？") == []
    assert similar(cast["wangdafu"], "洋芋") == []

    service.accept(cast["chenwei"], here, version(here), NOW)
    service.reply(cast["chenwei"], here, version(here), EXPLAINED, NOW)
    assert similar(cast["wangdafu"]) == [str(here)], "just replied still counts"


def test_following_is_once_and_as_long_as_one_likes(cast: Cast, caller: Any):
    request_id = publish(cast["lixiuying"])
    follow = f"/requests/{request_id}/follow"
    wang = caller("wangdafu")
    assert wang.post(follow, None).status_code == 204
    assert wang.post(follow, None).status_code == 204
    (item,) = wang.get("/follows").get_json()["items"]
    assert (item["id"], item["followers"], item["following"]) == (str(request_id), 1, True)
    found = wang.get(f"/requests/similar?category=street_lamp&area_code={VILLAGE}&text=路灯")
    assert schemas.SimilarRequests().validate(found.get_json()) == {}
    assert found.get_json()["items"][0]["following"] is True
    assert caller("sunhao").get("/follows").get_json()["items"] == []

    for _ in range(2):
        assert wang.delete(follow).status_code == 204
    assert wang.get("/follows").get_json()["items"] == []
    assert wang.post(f"/requests/{uuid4()}/follow", None).status_code == 404
    acts = fetch_all("SELECT action FROM audit_log WHERE actor_id = %s", (cast["wangdafu"].id,))
    assert acts == [("service_request.followed",), ("service_request.unfollowed",)]


def test_follows_are_paged_by_when_they_began(cast: Cast):
    made = [publish(cast["lixiuying"], now=NOW + timedelta(minutes=n)) for n in range(3)]
    for moment, request_id in enumerate(reversed(made)):
        service.follow(cast["wangdafu"], request_id, NOW + timedelta(hours=moment))
    first = queries.followed(cast["wangdafu"], None, 2)
    rest = queries.followed(cast["wangdafu"], first.next_key, 2)
    assert ids(first) + ids(rest) == [str(request_id) for request_id in made]
    assert rest.next_key is None


def told(actor: Any) -> list[str]:
    rows = fetch_all(
        "SELECT kind FROM notices WHERE recipient_id = %s ORDER BY created_at, kind", (actor.id,)
    )
    return [kind for (kind,) in rows]


@pytest.mark.usefixtures("notice_templates")
def test_followers_are_told_what_became_of_it_and_no_more(cast: Cast):
    request_id = publish(cast["lixiuying"])
    gone = enrol("gone", None)
    for follower in (cast["wangdafu"], cast["lixiuying"], gone):
        service.follow(follower, request_id, NOW)
    people.close_account(gone, NOW)
    tell_all()
    assert told(cast["wangdafu"]) == []

    service.accept(cast["chenwei"], request_id, version(request_id), NOW)
    service.reply(cast["chenwei"], request_id, version(request_id), EXPLAINED, NOW)
    tell_all()
    assert told(cast["wangdafu"]) == ["public_request_progress"]
    assert told(gone) == []
    assert "public_request_progress" not in told(cast["lixiuying"])
    ((params,),) = fetch_all("SELECT params FROM notices WHERE kind = 'public_request_progress'")
    assert set(params) == {"category"}

    service.confirm(cast["lixiuying"], request_id, version(request_id), NOW)
    tell_all()
    assert told(cast["wangdafu"]) == ["public_request_progress"] * 2


@pytest.mark.usefixtures("notice_templates")
def test_nobody_is_told_of_what_is_not_public_any_more(cast: Cast):
    request_id = publish(cast["lixiuying"])
    service.follow(cast["wangdafu"], request_id, NOW)
    execute("UPDATE service_requests SET text_verdict = 'risky' WHERE id = %s", (request_id,))
    service.not_accept(cast["chenwei"], request_id, version(request_id), "不归", "找别处", NOW)
    tell_all()
    assert told(cast["wangdafu"]) == []


@pytest.mark.usefixtures("notice_templates")
def test_danger_is_told_to_dispatchers_at_once(cast: Cast):
    service.submit(cast["lixiuying"], lamp(description="路灯杆起火，有人触电"), NOW)
    tell_all()
    assert told(cast["yangguang"]) == ["request_danger"]
    assert told(cast["chenwei"]) == ["request_arrived"]
    assert told(cast["majing"]) == []


@pytest.mark.usefixtures("notice_templates")
def test_danger_tells_no_dispatcher_it_is_about(cast: Cast):
    second = enrol("second", (Role.DISPATCHER, COUNTY))
    service.submit(
        cast["lixiuying"],
        lamp(description="有人触电", about=About((), ["yangguang"])),
        NOW,
    )
    tell_all()
    assert told(cast["yangguang"]) == []
    assert told(second) == ["request_danger"]
