"""What everybody reads: over HTTP, without a sign-in, in either language."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from backend.advisers import legal
from backend.areas import county
from backend.cases import queries, schemas, service
from backend.cases.rules import HARD, Known, findings, parties
from backend.cases.sample_files import read_samples
from backend.kernel.config_files import InvalidConfig
from backend.kernel.db import execute, fetch_one
from backend.kernel.ids import new_id
from backend.kernel.messages import LANGUAGES
from backend.kernel.settings import ROOT
from tests.cases.conftest import CONTENT, NOW, QUESTION, Answered, Cast

SAMPLES = ROOT / "config" / "cases"


@pytest.fixture
def samples(cast: Cast) -> Iterator[None]:
    service.import_samples(SAMPLES, NOW)
    yield


def listed(client: FlaskClient, query: str = "", language: str = "zh-CN") -> list[dict[str, Any]]:
    answer = client.get(f"/api/public/cases?{query}", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: list[dict[str, Any]] = answer.get_json()["items"]
    return found


def test_the_county_ships_twelve_cases_that_name_nobody():
    county.use(ROOT / "config")
    legal.configure(ROOT / "config")
    categories = county.current().catalogue.categories
    shipped = read_samples(SAMPLES, lambda code: legal.topic(code) is not None, categories)
    assert len(shipped) == 12
    for sample in shipped:
        for language in LANGUAGES:
            texts = sample.texts[language]
            found = findings(texts.fields(), Known(parties(())))
            assert [each for each in found if each.kind in HARD] == [], sample.code
            assert texts.missing() == []


def test_everybody_reads_them_in_their_language(samples: None, client: FlaskClient):
    chinese, english = listed(client, "limit=50"), listed(client, "limit=50", "en")
    assert len(chinese) == len(english) == 12
    for one, other in zip(chinese, english, strict=True):
        assert schemas.CaseItem().validate(one) == {}
        assert one["id"] == other["id"] and one["title"] != other["title"]
        assert one["published_on"] == "2026-11-23"
    for item in english:
        answer = client.get(f"/api/public/cases/{item['id']}", headers={"Accept-Language": "en"})
        whole = answer.get_json()
        assert schemas.PublicCase().validate(whole) == {}
        assert whole["title"] == item["title"] and whole["adviser_name"] is None


def test_they_are_found_by_words_topic_and_category(samples: None, client: FlaskClient):
    wages = listed(client, "category=unpaid_wages")
    assert {item["topic"] for item in wages} >= {"wages"}
    assert [item["topic"] for item in listed(client, "topic=wages")] == ["wages"]
    assert "inheritance" in [item["topic"] for item in listed(client, "q=嫁出去的女儿")]
    assert "inheritance" in [item["topic"] for item in listed(client, "q=inherit")]
    assert listed(client, "q=量子力学") == listed(client, "q=。。") == []
    assert listed(client, "category=nothing_of_the_kind") == []


def test_pages_follow_each_other(samples: None, client: FlaskClient):
    first = client.get("/api/public/cases?limit=7").get_json()
    rest = client.get(f"/api/public/cases?limit=7&cursor={first['next_cursor']}").get_json()
    ids = [item["id"] for item in (*first["items"], *rest["items"])]
    assert len(ids) == len(set(ids)) == 12 and rest["next_cursor"] is None


def test_what_has_not_changed_is_not_sent_again(samples: None, client: FlaskClient):
    for path in ("/api/public/cases", f"/api/public/cases/{listed(client)[0]['id']}"):
        first = client.get(path)
        assert "max-age=60" in first.headers["Cache-Control"]
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b"")


def test_only_what_was_approved_is_public(
    client: FlaskClient, cast: Cast, published: UUID, answered: Answered
):
    draft = service.create(cast["adviser"], QUESTION, answered(), NOW)
    assert [item["id"] for item in listed(client)] == [str(published)]
    for hidden in (draft, new_id()):
        assert client.get(f"/api/public/cases/{hidden}").status_code == 404
    (item,) = listed(client, language="en")
    assert item["title"] == CONTENT.title, "what is not there in English is shown in Chinese"
    whole = client.get(f"/api/public/cases/{published}").get_json()
    assert whole["adviser_name"] == "罗明"
    assert whole["articles"] == [
        {"law": "劳动合同法", "article": "第三十条", "text": CONTENT.articles[0].text}
    ]
    assert listed(client, "q=欠条")[0]["id"] == str(published)


def test_importing_again_changes_only_what_changed(cast: Cast, tmp_path: Path):
    for path in SAMPLES.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text())
    first = service.import_samples(tmp_path, NOW)
    assert (first.total, first.changed) == (12, 12)
    assert service.import_samples(tmp_path, NOW).changed == 0
    code = sorted(SAMPLES.glob("*.yaml"))[0].stem
    row = fetch_one("SELECT id, version FROM cases WHERE sample = %s", (code,))
    assert row is not None
    service.withdraw(cast["admin"], row[0], 1, "法律改了", NOW)
    execute("UPDATE cases SET categories = '{}' WHERE sample <> %s", (code,))
    assert service.import_samples(tmp_path, NOW).changed == 11
    assert queries.one_published(row[0], "zh-CN") is None, "what was withdrawn stays so"


def test_a_mistake_is_named_by_its_line_and_nothing_is_used(cast: Cast, tmp_path: Path):
    good = sorted(SAMPLES.glob("*.yaml"))[0]
    (tmp_path / good.name).write_text(good.read_text())
    (tmp_path / "wrong.yaml").write_text("topic: astrology\ncategories: [nothing]\ntitle: hello\n")
    with pytest.raises(InvalidConfig) as refused:
        service.import_samples(tmp_path, NOW)
    said = "\n".join(map(str, refused.value.errors))
    for part in ("wrong.yaml:1: there is no topic", "'nothing'", "'title' must be", "'story'"):
        assert part in said
    assert fetch_one("SELECT count(*) FROM cases") == (0,)
