"""What leads to somebody is known by its shape, and by which shape."""

import pytest

from backend.kernel.personal_data import Trace, masked, traces


@pytest.mark.parametrize(
    ("text", "trace"),
    [
        ("13812345678", Trace.PHONE),
        ("138-1234-5678", Trace.PHONE),
        ("+86 13812345678", Trace.PHONE),
        ("一三八一二三四五六七八", Trace.PHONE),
        ("１３８１２３４５６７８", Trace.PHONE),
        ("0857-6222333", Trace.PHONE),
        ("6222333", Trace.PHONE),
        ("52242519800101123x", Trace.ID_NUMBER),
        ("522425800101123", Trace.ID_NUMBER),
        ("6222 0212 3456 7890 123", Trace.BANK_CARD),
        ("贵F·D12345", Trace.PLATE),
        ("li.xy+1@example.com.cn", Trace.EMAIL),
        ("微信号：lixy_1980", Trace.ACCOUNT),
        ("WeChat: lixiuying", Trace.ACCOUNT),
        ("wechat id lixy_1980", Trace.ACCOUNT),
        ("1200000", Trace.NUMBER),
    ],
)
def test_each_shape_is_known(text: str, trace: Trace):
    (found,) = traces(f"找我：{text}，谢谢")
    assert found.trace is trace
    assert masked(f"找我：{text}，谢谢", "×").endswith("×，谢谢")


def test_short_numbers_and_words_are_left_alone():
    text = "三盏灯，27 和 28 号，2026年11月坏的，欠 5000 元，a WeChat transfer"
    assert list(traces(text)) == []
    assert masked(text, "×") == text
