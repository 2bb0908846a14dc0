"""What leads to somebody is taken out, and what is left is found."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.areas.rules import Level
from backend.cases.rules import (
    HARD,
    Known,
    Place,
    anonymise,
    findings,
    parties,
    short_own_names,
    spellings,
)
from backend.cases.rules.anonymising import Kind

PLACES = [
    Place(Level.COUNTY, "威宁彝族回族苗族自治县", own=True),
    Place(Level.TOWNSHIP, "海边街道", own=True),
    Place(Level.VILLAGE, "大洼塘社区居民委员会", own=True),
    Place(Level.TOWNSHIP, "新发布依族乡"),
    Place(Level.VILLAGE, "中心村村民委员会"),
]


def known(*names: str) -> Known:
    return Known(parties(names), spellings(PLACES), tuple(short_own_names(PLACES)))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("我是李秀英", "我是甲某"),
        ("李 秀 英和李·秀英", "甲某和甲某"),
        ("秀英不服，李某不服，李大妈也不服", "甲某不服，甲某不服，甲某也不服"),
        ("王家的牛，老王说不赔，王大爷也说不赔", "乙某家的牛，乙某说不赔，乙某也说不赔"),
        ("閻小虎看见了，阎小虎作证", "丙某看见了，丙某作证"),
        ("大家都说，全家都知道", "大家都说，全家都知道"),
        ("贵州顺达建筑有限公司欠钱，顺达建筑公司不认", "某单位欠钱，某单位不认"),
        ("在毕节宏盛商贸有限公司买的", "在某公司买的"),
        ("找了保险公司，去过村委会", "找了保险公司，去过村委会"),
        ("大洼塘社区居民委员会，大洼塘", "某村，某村"),
        ("中心村的中心小学", "某村的中心小学"),
        ("新发布依族乡，新发乡，威宁县", "某乡，某乡，某县"),
        ("2026年3月5日借的，4月12号还", "2026年3月借的，4月还"),
        ("2026-03-05 和 2026.3.8", "2026年3月 和 2026年3月"),
        ("二〇二六年三月五日", "二〇二六年三月"),
        ("住三组，环城路12号", "住某组，环城路某号"),
        ("3号楼2单元402室", "某号"),
        ("电话13812345678，卡号6222 0212 3456 7890 123", "电话×××，卡号×××"),
        ("身份证52242519800101123X，车牌贵F·D12345", "身份证×××，车牌×××"),
        ("欠我12000000元，亩产1200斤", "欠我12000000元，亩产1200斤"),
    ],
)
def test_what_leads_to_somebody_is_taken_out(text: str, left: str):
    names = ("李秀英", "王大富", "闫小虎", "贵州顺达建筑有限公司", "村委会")
    after, replaced = anonymise(text, known(*names))
    assert after == left
    assert (text == left) == (replaced == [])
    for each in replaced:
        assert each.was not in after or each.was in each.now


def test_names_in_one_field_are_each_somebody():
    after, _ = anonymise("张三丰和李四光打了我", known("张三丰、李四光"))
    assert after == "甲某和乙某打了我"


def test_what_is_no_name_any_more_stays():
    text = "张某和甲某吵架，对方不认账"
    assert anonymise(text, known("张某", "甲某", "对方", "")) == (text, [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("李秀英", Kind.NAME),
        ("李·秀英", Kind.NAME),
        ("13812345678", Kind.PHONE),
        ("52242519800101123X", Kind.ID),
        ("6222021234567890123", Kind.BANK),
        ("贵FD1234", Kind.PLATE),
        ("a.b@example.com", Kind.EMAIL),
        ("微信zhang_san3", Kind.ACCOUNT),
        ("秀英", Kind.PERSON),
        ("张支书", Kind.PERSON),
        ("中心村", Kind.PLACE),
        ("3月5日", Kind.DATE),
        ("三组", Kind.HOUSE),
        ("宏盛商贸公司", Kind.COMPANY),
        ("9999999", Kind.NUMBER),
    ],
)
def test_what_is_left_is_found(text: str, kind: Kind):
    (found,) = findings({"/story": f"我说，{text}。"}, known("李秀英"))
    assert (found.field, found.text, found.kind) == ("/story", text, kind)


def test_an_everyday_word_is_shown_and_not_replaced():
    places = [Place(Level.VILLAGE, "水塘村村民委员会", own=True)]
    what = Known(parties(()), spellings(places), tuple(short_own_names(places)))
    assert anonymise("牛掉进水塘，在水塘村", what)[0] == "牛掉进水塘，在某村"
    (found,) = findings({"/story": "牛掉进水塘"}, what)
    assert (found.text, found.kind) == ("水塘", Kind.PLACE)


HAN = "李王张刘陈欧阳甲乙闫阎大小秀英建国富贵明月家老和村"
NAMES = st.one_of(
    st.text(HAN, min_size=2, max_size=4),
    st.sampled_from(["欧阳娜娜", "Li Xiuying", "wang", "顺达建筑公司", "王大富、李四光"]),
)
HAN_NAME = re.compile("[\u3400-\u9fff]+")
NUMBERS = st.one_of(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True),
    st.from_regex(r"62[0-9]{17}", fullmatch=True),
    st.sampled_from(["贵F12345", "li.x@example.com"]),
)
BETWEEN = st.text(f"{HAN}，。 某的在了说3月5日1号·", max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_nothing_that_is_known_survives(data: st.DataObject):
    names = data.draw(st.lists(NAMES, min_size=1, max_size=4))
    numbers = data.draw(st.lists(NUMBERS, max_size=3))
    pieces: list[str] = []
    for piece in data.draw(st.permutations([*names, *names, *numbers])):
        apart = data.draw(st.sampled_from(["", " ", "·"])) if HAN_NAME.fullmatch(piece) else ""
        spaced = apart.join(piece)
        pieces += [data.draw(BETWEEN), spaced, "；"]
    text = "".join(pieces)
    what = known(*names)
    after, _ = anonymise(text, what)
    left = [found for found in findings({"/story": after}, what) if found.kind in HARD]
    assert left == [], (text, after)
    plain = re.sub(r"[\s·]", "", after)
    for name in names:
        for one in name.split("、"):
            generic = not list(parties([one]).full_names(one))
            assert generic or one.replace(" ", "") not in plain, (text, after, one)
    for number in numbers:
        assert number not in after
