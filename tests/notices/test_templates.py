"""The county's file of WeChat templates: what it may say, and where a mistake stands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.config_files import InvalidConfig
from backend.kernel.settings import ROOT
from backend.notices import templates
from backend.notices.rules import Audience, TemplateKind, audience

SHIPPED = ROOT / "config"

GOOD = """\
templates:
  progress:
    template_id: AAAAAAAAAAAAAAAAAAAAAAAA
    kind: one_time
    title: {zh-CN: 进度, en: Progress}
    page: pages/request/detail?id={subject_id}
    notices: [request_accepted, request_started]
    fields:
      - {key: thing1, label: 事项, type: thing, value: "{category} {unit_name}"}
      - {key: time2, label: 时间, type: time, value: "{happened_at}"}
  policy:
    template_id: BBBBBBBBBBBBBBBBBBBBBBBB
    kind: long_term
    title: {zh-CN: 政策, en: Policy}
    page: pages/index/index
    notices: []
    fields:
      - {key: thing1, label: 事项, type: thing, value: "{title}"}
moments:
  submitted: [progress]
"""


def write(folder: Path, text: str) -> Path:
    (folder / templates.FILE_NAME).write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_file_can_be_used() -> None:
    assert templates.check(SHIPPED) == []
    shipped = templates.read(SHIPPED)
    for moment in shipped.moments:
        assert 1 <= len(shipped.asked_at(moment)) <= 3
    asked = {key for keys in shipped.moments.values() for key in keys}
    assert asked == set(shipped.by_key), "a template nobody is asked for is never sent"


PAGES: dict[tuple[str, Audience], set[str]] = {
    ("request", Audience.REQUESTER): {"pages/request/request?id={subject_id}"},
    ("request", Audience.STAFF): {"pages-workbench/detail/detail?id={subject_id}"},
    ("booking", Audience.REQUESTER): {
        "pages-legal/booking/booking?id={subject_id}",
        "pages-legal/bookings/bookings",
    },
    ("booking", Audience.STAFF): {"pages-adviser/meeting/meeting?id={subject_id}"},
    ("consultation", Audience.REQUESTER): {"pages-legal/booking/booking?id={subject_id}"},
    ("signup", Audience.REQUESTER): {"pages-volunteer/shift/shift?id={subject_id}"},
    ("question", Audience.REQUESTER): {"pages-legal/question/question?id={subject_id}"},
    ("question", Audience.STAFF): {"pages-adviser/question/question?id={subject_id}"},
}
"""By what a notice begins with, and as what it tells somebody."""


def test_a_message_opens_the_page_of_whom_it_tells() -> None:
    for template in templates.read(SHIPPED).by_key.values():
        for notice in template.notices:
            assert template.page in PAGES[notice.partition("_")[0], audience(notice)], notice


def test_a_good_file_is_read_as_it_says(tmp_path: Path) -> None:
    read = templates.read(write(tmp_path, GOOD))
    progress = read.by_key["progress"]
    assert progress.kind is TemplateKind.ONE_TIME
    assert [field.key for field in progress.fields] == ["thing1", "time2"]
    assert read.for_notice("request_started") is progress
    assert read.for_notice("request_confirmed") is None
    assert read.for_id("BBBBBBBBBBBBBBBBBBBBBBBB") is read.by_key["policy"]
    assert read.for_id("nobody's") is None
    assert read.asked_at("submitted") == [progress]
    assert read.asked_at("unheard_of") == []


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ("kind: one_time", "kind: sometimes", 4, "kind is one of: one_time, long_term"),
        ("template_id: AAAAAAAAAAAAAAAAAAAAAAAA", "template_id: 12", 3, "template_id is 20 to 64"),
        ("BBBBBBBBBBBBBBBBBBBBBBBB", "AAAAAAAAAAAAAAAAAAAAAAAA", 12, "that of progress already"),
        ("en: Progress", "fr: Progrès", 5, "'en' is missing"),
        (
            "title: {zh-CN: 进度, en: Progress}",
            "title: 进度",
            5,
            "must be a mapping with en, zh-CN",
        ),
        ("pages/index/index", "https://example.org/", 15, "page is a path"),
        ("?id={subject_id}", "?id={number}", 6, "'{number}' is not there"),
        ("[request_accepted,", "[request_lost,", 7, "there is no notice 'request_lost'"),
        ("notices: []", "notices: [request_started]", 16, "goes with progress already"),
        ("notices: []", "notices: none", 16, "notices must be a list"),
        (
            'key: thing1, label: 事项, type: thing, value: "{category}',
            'key: t1, label: 事项, type: thing, value: "{category}',
            9,
            "like thing1",
        ),
        (
            "key: time2, label: 时间, type: time",
            "key: clock2, label: 时间, type: clock",
            10,
            "type is one of",
        ),
        (
            "key: time2, label: 时间, type: time",
            "key: thing1, label: 事项, type: thing",
            10,
            "thing1 stands here twice",
        ),
        ("{unit_name}", "{area_name}", 9, "'{area_name}' is not there"),
        ("{unit_name}", "{body}", 9, "'{body}' is not there"),
        ("{unit_name}", "{unit_name!r:>9}", 9, "'{unit_name}' is not there"),
        ("{unit_name}", "{unit_name", 9, "a brace has no partner"),
        ("submitted: [progress]", "submitted: [lost]", 20, "there is no template 'lost'"),
        ("submitted: [progress]", "submitted: [progress, progress]", 20, "stands here twice"),
        ("submitted: [progress]", "submitted: [progress, policy]", 20, "together"),
        ("submitted: [progress]", "submitted: progress", 20, "a moment is a list"),
        ("  submitted:", "  Submitted!:", 20, "small letters"),
        ("    kind: long_term\n", "", 12, "'kind' is missing"),
        ("    kind: long_term", "    kind: long_term\n    color: red", 14, "'color' is not known"),
        ("moments:", "moment:", 1, "'moments' is missing"),
        ("  policy:\n", "  policy: [\n", 13, "not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, before: str, after: str, line: int, message: str
) -> None:
    assert before in GOOD
    errors = templates.check(write(tmp_path, GOOD.replace(before, after, 1)))
    assert any(e.line == line and message in e.message for e in errors), [str(e) for e in errors]


def test_more_templates_than_wechat_asks_for_are_refused(tmp_path: Path) -> None:
    block = GOOD[GOOD.index("  policy:") : GOOD.index("moments:")]
    copies = "".join(
        block.replace("policy", f"policy{n}").replace("BBBB", f"CCC{n}", 1) for n in range(4)
    )
    text = GOOD.replace("moments:", copies + "moments:") + (
        "  visited: [policy0, policy1, policy2, policy3]\n"
    )
    (error,) = templates.check(write(tmp_path, text))
    assert "at most 3" in error.message


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("one_time", "sometimes").replace("time2", "clock2")
    with pytest.raises(InvalidConfig) as caught:
        templates.read(write(tmp_path, text))
    assert [error.line for error in caught.value.errors] == [4, 10]


def test_a_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    (error,) = templates.check(tmp_path)
    assert "cannot be read" in error.message


_SCALARS = st.sampled_from(
    ["", "x", "one_time", "{", "{a}", "[]", "{}", "1", "~", "request_started"]
)


@given(line=st.integers(0, 19), scalar=_SCALARS)
def test_no_content_of_the_file_breaks_the_check(
    tmp_path_factory: pytest.TempPathFactory, line: int, scalar: str
) -> None:
    lines = GOOD.splitlines()
    head, colon, _ = lines[line].partition(":")
    lines[line] = f"{head}{colon} {scalar}"
    folder = tmp_path_factory.mktemp("config")
    for error in templates.check(write(folder, "\n".join(lines))):
        assert 1 <= error.line <= len(lines) and error.message
