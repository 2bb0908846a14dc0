"""Values that fit, judged by the sandbox's own reading of WeChat's rules."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.integrations.wechat import DoesNotFit, fit
from backend.integrations.wechat.values import TYPES
from backend.sandbox.rules import VALUE_TYPES, value_accepted

PLACEHOLDERS = {
    "number": "0",
    "letter": "NA",
    "phrase": "无",
    "amount": "¥0",
    "car_number": "无",
    "time": "00:00",
    "date": "1月1日",
}

TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789-+.,:/~年月日 ¥$元()路灯张𠮷·ABcd…\n\t\u3000\u200b", max_size=40),
    st.from_regex(r"\A[¥￥$]?\d{1,12}(\.\d{1,6})?元?\Z"),
    st.datetimes().map(lambda at: f"{at:%Y年%m月%d日 %H:%M}"),
    st.datetimes().map(lambda at: f"{at:%H:%M}～{at:%H:%M:%S}"),
    st.dates().map(str),
)


def test_every_type_is_known_on_both_sides() -> None:
    assert TYPES == VALUE_TYPES


@pytest.mark.parametrize("type_name", sorted(TYPES))
@given(value=TEXTS)
@example(value="")
@example(value="\u3000\n\x00\u200b")
@example(value="👨‍👩‍👧‍👦" * 9)
@example(value="a\ud800b")
@example(value="2026.2-30")
@example(value="٣٤:٥٦")
@example(value="²³¹")
@example(value="½" * 30)
@example(value="0\r¸0")
@example(value=": 1 :")
@example(value="\uf900" * 15)
@example(value="𠮷" * 15)
def test_fitted_value_is_accepted_and_stays(type_name: str, value: str) -> None:
    fitted = fit(type_name, value, PLACEHOLDERS.get(type_name, "-"))
    assert value_accepted(type_name, fitted), (type_name, fitted)
    assert fit(type_name, fitted) == fitted


@pytest.mark.parametrize(
    ("type_name", "value", "fitted"),
    [
        ("thing", "路灯" * 10, "路灯" * 10),
        ("thing", "路灯" * 10 + "坏", "路灯" * 9 + "路…"),
        ("thing", "第一行\n第二行", "第一行 第二行"),
        ("thing", "𠮷" * 11, "𠮷" * 9 + "…"),
        ("character_string", "威宁WN-2026(1)", "WN-2026(1)"),
        ("phrase", "已受理!", "已受理"),
        ("phrase", "等待居民补充材料", "等待居民补"),
        ("name", "李秀英 13812345678", "李秀英"),
        ("name", "Alexander Hamilton-Burr", "Alexander Hamilton-B"),
        ("phone_number", "0857 (622) 1234 5678 9", "0857622123456789"),
        ("amount", "￥1,234.50", "¥1234.50"),
        ("amount", "12元", "¥12元"),
        ("number", "3.14159265358979323846264338327950288", "3.141592653589793238462643383279"),
        ("time", "2026年11月23日 15:01", "2026年11月23日 15:01"),
        ("time", "15：01 ～ 16：00", "15:01~16:00"),
        ("date", "2026-11-23", "2026-11-23"),
        ("car_number", "贵F·12345", "贵F12345"),
    ],
)
def test_fitting(type_name: str, value: str, fitted: str) -> None:
    assert fit(type_name, value) == fitted


@pytest.mark.parametrize(
    ("type_name", "value"),
    [
        ("amount", "12345678901"),
        ("number", "1" * 33),
        ("phone_number", "123456789012345678"),
        ("time", "2026年11月23日"),
        ("date", "2026年2月30日"),
        ("time", "25:00"),
    ],
)
def test_what_would_change_its_meaning_is_replaced(type_name: str, value: str) -> None:
    placeholder = PLACEHOLDERS.get(type_name, "-")
    assert fit(type_name, value, placeholder) == placeholder


def test_empty_value_gets_the_dash_where_it_is_allowed() -> None:
    for type_name in TYPES - PLACEHOLDERS.keys():
        assert fit(type_name, " ") == "-"
    for type_name in PLACEHOLDERS:
        with pytest.raises(DoesNotFit):
            fit(type_name, " ")


def test_unknown_type() -> None:
    with pytest.raises(DoesNotFit):
        fit("enum", "x")
