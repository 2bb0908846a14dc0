"""Conflicts of interest: names in every spelling, sides, and that nothing of a name is stored."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.advisers import service
from backend.advisers.rules.parties import keys_of
from backend.kernel.actor import Actor
from backend.kernel.db import fetch_all, fetch_one
from backend.kernel.errors import Forbidden
from backend.kernel.ids import new_id
from tests.advisers.conftest import NOW
from tests.advisers.register import (
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    registered,
)

SAME = [
    ("王大富", "王 大 富"),
    ("王大富", "王·大富"),
    ("王大富", "　王大富（村东头）"),
    ("王大富", "我邻居王大富"),
    ("王大富", "包工头王大富"),
    ("王大富", "王大富老板"),
    ("王大富", "王大富等人"),
    ("王大富", "李四、王大富"),
    ("王大富", "王大富和李四"),
    ("闫小梅", "阎小梅"),
    ("肖兰", "蕭兰"),
    ("付明", "傅明 先生"),
    ("代军", "戴军"),
    ("邱勇", "丘勇"),
    ("張國強", "张國強"),
    ("Li Xiuying", "ＬＩ　ＸＩＵＹＩＮＧ"),
    ("Li Xiuying", "lǐ xiù-yīng"),
    ("宏达建筑公司", "贵州宏达建筑有限责任公司"),
    ("宏达建筑公司", "威宁彝族回族苗族自治县宏达建筑有限公司"),
    ("宏达建筑公司", "宏达建筑（集团）有限公司威宁分公司"),
    ("贵州省威宁县草海种植专业合作社", "草海种植合作社"),
]

DIFFERENT = [
    ("王大富", "王大贵"),
    ("王大富", "李大富"),
    ("王老板", "李老板"),
    ("王和平", "李和平"),
    ("宏达建筑公司", "宏远建筑公司"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_party_is_found_however_it_is_written(one: str, other: str) -> None:
    assert keys_of(one) & keys_of(other), (keys_of(one), keys_of(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_others_are_not(one: str, other: str) -> None:
    assert not keys_of(one) & keys_of(other), (keys_of(one), keys_of(other))


@given(st.text(max_size=60))
def test_any_text_has_keys_or_none_and_finds_itself_again(text: str) -> None:
    keys = keys_of(text)
    assert all(len(key) >= 2 and key.isalnum() for key in keys)
    assert keys_of(f" {text} ") == keys


def test_whom_an_adviser_acts_against_they_cannot_advise(adviser_id: UUID) -> None:
    service.remember_parties(adviser_id, "consultation", new_id(), ["李秀英"], ["王大富"], NOW)
    assert service.conflicts(adviser_id, ["王 大富"], ["李四"])
    assert service.conflicts(adviser_id, ["李四"], ["李秀英女士"])
    assert not service.conflicts(adviser_id, ["李秀英"], ["王大富"]), "the same matter goes on"
    assert not service.conflicts(adviser_id, ["李四"], ["王大富"]), "the same opponent again"
    assert not service.conflicts(adviser_id, ["李四"], [])


def test_nobody_is_advised_against_their_adviser(adviser_id: UUID) -> None:
    assert service.conflicts(adviser_id, ["李秀英"], ["何敏律师"])


def test_what_one_adviser_knows_is_in_no_others_way(adviser_id: UUID, standby_id: UUID) -> None:
    for each in (adviser_id, standby_id):
        service.remember_parties(each, "question", new_id(), ["李秀英"], ["王大富"], NOW)
    hashes = fetch_all("SELECT adviser_id, key_hash FROM matter_parties")
    assert len({key_hash for _, key_hash in hashes}) == 4, "nobody sees that they are the same"
    assert not service.conflicts(new_id(), ["王大富"], ["李秀英"])


def test_names_are_stored_nowhere(adviser_id: UUID) -> None:
    service.remember_parties(adviser_id, "consultation", new_id(), ["李秀英"], ["王大富"], NOW)
    (kept,) = fetch_one("SELECT string_agg(m::text, ' ') FROM matter_parties m")
    assert "李秀英" not in kept and "王大富" not in kept


def test_remembered_again_nothing_is_added(adviser_id: UUID) -> None:
    matter = new_id()
    for _ in range(2):
        service.remember_parties(adviser_id, "question", matter, ["李秀英"], [], NOW)
    assert fetch_one("SELECT count(*) FROM matter_parties") == (1,)


def test_the_own_adviser_comes_first_and_who_has_a_conflict_not_at_all(
    adviser_id: UUID, standby_id: UUID
) -> None:
    township = registered("赵琴", None, NOW, f"{TOWNSHIP}003")
    registered("周海", None, NOW, f"{OTHER_TOWNSHIP}001")
    free = service.free_of_conflict(f"{VILLAGE}001", ["李秀英"], ["王大富"], NOW)
    assert free == [adviser_id, standby_id, township], "at most three, from the village outwards"
    service.remember_parties(adviser_id, "consultation", new_id(), ["王大富"], [], NOW)
    assert service.free_of_conflict(VILLAGE, ["李秀英"], ["王大富"], NOW)[0] == standby_id


def test_who_cannot_be_booked_is_not_offered(
    adviser_id: UUID, standby_id: UUID, justice_officer: Actor
) -> None:
    service.suspend(justice_officer, adviser_id, "年度考核", NOW)
    assert service.free_of_conflict(VILLAGE, ["李秀英"], [], NOW) == [standby_id]


def test_the_other_village_has_its_own_first(adviser_id: UUID, standby_id: UUID) -> None:
    assert service.free_of_conflict(OTHER_VILLAGE, [], [], NOW) == [standby_id, adviser_id]


def test_an_advisers_own_practice_counts(adviser: Actor, adviser_id: UUID) -> None:
    service.remember_practice(adviser, ["宏达建筑公司"], ["赵六"], NOW)
    assert service.conflicts(adviser_id, ["李秀英"], ["贵州宏达建筑有限公司"])
    assert service.conflicts(adviser_id, ["赵六"], [])
    details = fetch_all("SELECT details::text FROM audit_log WHERE action LIKE 'adviser.parties%%'")
    assert details == [("{}",)]


def test_only_advisers_have_a_practice(resident: Actor, justice_officer: Actor) -> None:
    for actor in (resident, justice_officer):
        with pytest.raises(Forbidden):
            service.remember_practice(actor, ["李四"], [], NOW)
