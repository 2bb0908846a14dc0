"""WeChat's rules, one by one, as its pages state them."""

import pytest

from backend.sandbox.rules import (
    DEFAULT_WORDS,
    Refusal,
    check_values,
    judge,
    page_path,
    scene_accepted,
    value_accepted,
    value_type,
)

ACCEPTED = {
    "thing": ["路灯不亮", "字" * 20, "a, b!", "𠮷" * 10],
    "number": ["0", "-1.5", "1" * 32],
    "letter": ["abcXYZ"],
    "symbol": ["-", "!?！￥…"],
    "character_string": ["WN-2026/1", "x" * 32],
    "time": ["15:01", "15:01:09", "2026年11月23日 15:01", "15:01~16:30"],
    "date": ["2026年11月23日", "2026-11-23", "11月23日", "2026年11月", "2026年11月23日 15:01"],
    "amount": ["¥100", "$1.50", "¥1234567890", "¥12元"],
    "phone_number": ["+86-0766-66888866", "138****5678"],
    "car_number": ["粤A8Z888挂", "贵F12345"],
    "name": ["李秀英", "Alexander Hamilton", "阿依·古丽"],
    "phrase": ["配送中", "待居民补充"],
}
REFUSED = {
    "thing": ["", " ", "字" * 21, "a\nb", "a\x00", "𠮷" * 11, "\u200b"],
    "number": ["1,5", "十", "1" * 33, "٣"],
    "letter": ["a1", "字"],
    "symbol": ["a", "!!!!!!", "字"],
    "character_string": ["路灯", "x" * 33, "（"],
    "time": ["25:00", "15:60", "2026年11月23日", "1点", "1:1", "15:01~16:00~17:00"],
    "date": ["2026年13月1日", "2026年2月30日", "15:01", "明天", "2026-11.23"],
    "amount": ["100", "¥12345678901", "¥1,000", "¥12345678.901"],
    "phone_number": ["电话1", "1" * 18],
    "car_number": ["贵F1234567", "贵-12345"],
    "name": ["张3", "李" * 11, "x" * 21, "李abcdefghij"],
    "phrase": ["ok", "配送中!", "一二三四五六"],
}


@pytest.mark.parametrize(
    ("type_name", "value"), [(name, value) for name in ACCEPTED for value in ACCEPTED[name]]
)
def test_accepted(type_name: str, value: str) -> None:
    assert value_accepted(type_name, value)


@pytest.mark.parametrize(
    ("type_name", "value"), [(name, value) for name in REFUSED for value in REFUSED[name]]
)
def test_refused(type_name: str, value: str) -> None:
    assert not value_accepted(type_name, value)


def test_type_of_a_key() -> None:
    assert value_type("thing1") == "thing"
    assert value_type("character_string12") == "character_string"
    assert value_type("thing") is None
    assert value_type("secret1") is None


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"thing1": {"value": "a"}}, "number2"),
        ({"thing1": {"value": "a"}, "number2": {"value": 5}, "thing3": {"value": "a"}}, "thing3"),
        ({"thing1": {"value": "字" * 21}, "number2": {"value": 5}}, "thing1"),
        ({"thing1": "a", "number2": {"value": 5}}, "thing1"),
        ({"thing1": {"value": "a"}, "number2": {"value": True}}, "number2"),
        ([], "data"),
    ],
)
def test_refused_values_name_the_field(data: object, field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        check_values(["thing1", "number2"], data)
    assert refusal.value.errcode == 47003
    assert field in refusal.value.errmsg


def test_numbers_may_be_numbers() -> None:
    data = {"thing1": {"value": "a"}, "number2": {"value": 5}}
    assert check_values(["thing1", "number2"], data) == {"thing1": "a", "number2": "5"}


def test_worst_word_decides() -> None:
    assert judge("路灯", DEFAULT_WORDS) == ("pass", 100)
    assert judge("加微信返利，裸聊", DEFAULT_WORDS) == ("risky", 20002)


def test_pages_and_scenes() -> None:
    assert page_path("/pages/a/b?id=1") == "pages/a/b"
    assert scene_accepted("i=1&k=!#$'()*+,/:;?@-._~")
    for scene in ("", "x" * 33, "中", "100%", None):
        assert not scene_accepted(scene)
