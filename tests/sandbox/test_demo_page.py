"""The demo's first page: what is served, and what its files may not hold."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

import backend.demo
from backend.sandbox import Sandbox
from backend.sandbox.demo_page import blueprint, demo_page

SERVICE = "http://127.0.0.1:8600"
CAST_FILE = Path(backend.demo.__file__).with_name("cast.yaml")
SITE = Path(blueprint.__file__).with_name("site")
FILES = sorted(path for path in SITE.rglob("*") if path.is_file())
LANGUAGES = ("zh-CN", "en")
TEMPLATE = {"template_id": "T", "title": "诉求答复", "fields": [{"key": "thing1", "label": "类别"}]}


@pytest.fixture
def page() -> Iterator[Sandbox]:
    with Sandbox(blueprints=[demo_page(CAST_FILE, SERVICE + "/")]) as sandbox:
        yield sandbox


def get(sandbox: Sandbox, address: str, **headers: str) -> requests.Response:
    return requests.get(sandbox.url + address, headers=headers, timeout=5, allow_redirects=False)


def keys(catalogue: dict[str, Any], before: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """Dotted keys, each with the places its sentence leaves open."""
    for name, value in catalogue.items():
        if isinstance(value, dict):
            yield from keys(value, f"{before}{name}.")
        else:
            assert value.strip(), f"{before}{name} says nothing"
            yield before + name, frozenset(re.findall(r"{(\w+)}", value))


def catalogue(language: str) -> dict[str, frozenset[str]]:
    return dict(keys(json.loads((SITE / "text" / f"{language}.json").read_text("utf-8"))))


def test_only_the_service_is_framed_and_only_own_files_run(page: Sandbox) -> None:
    answer = get(page, "/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["frame-src"] == SERVICE
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"


def test_every_file_the_page_names_is_served(page: Sandbox) -> None:
    named = set(re.findall(r'(?:src|href)="(/[^"]+)"', get(page, "/").text))
    for path in FILES:
        source = path.read_text("utf-8")
        named |= {f"/demo/{name}" for name in re.findall(r'from "\./([^"]+)"', source)}
        named |= {f"/demo/{name}" for name in re.findall(r'url\("([^"]+)"\)', source)}
    assert len(named) > 10
    for address in named:
        answer = get(page, address)
        assert answer.status_code == 200, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert get(page, "/demo/../blueprint.py").status_code == 404
    assert get(page, "/demo/%2e%2e/blueprint.py").status_code == 404


def test_the_host_the_service_lets_frame_it_is_used(page: Sandbox) -> None:
    port = page.url.rpartition(":")[2]
    answer = get(page, "/", Host=f"localhost:{port}")
    assert (answer.status_code, answer.headers["Location"]) == (302, page.url + "/")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_names_another_host(path: Path) -> None:
    source = path.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?:|[\"'`(]//\w", source)
    assert "innerHTML" not in source
    assert "<style" not in source
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)


def test_the_cast_is_grouped_by_what_people_do(page: Sandbox) -> None:
    cast = get(page, "/demo/cast").json()
    assert cast["service_origin"] == SERVICE
    groups = {person["slug"]: person["group"] for person in cast["people"]}
    listed = yaml.safe_load(CAST_FILE.read_text("utf-8"))["people"]
    assert list(groups) == [entry["slug"] for entry in listed]
    assert groups["lixiuying"] == "residents"
    assert groups["chenwei"] == groups["liufang"] == groups["sunhao"] == "units"
    assert groups["yangguang"] == groups["majing"] == "governance"
    assert groups["admin"] == "admin"
    for person in cast["people"]:
        assert set(person["about"]) == set(LANGUAGES)
        assert re.fullmatch(r"1\d{10}", person["phone"])
    texts = catalogue("en")
    assert {f"cast.groups.{group}" for group in groups.values()} <= set(texts)


def test_messages_of_each_phone_and_nothing_anew_while_nothing_changed(page: Sandbox) -> None:
    world = page.world
    world.register_template("T", "诉求答复", TEMPLATE["fields"], "one_time")
    openid = world.person("lixiuying")
    for _ in range(2):
        page.accept(openid, "T")
    before = get(page, "/demo/phones")
    assert before.json()["phones"]["lixiuying"] == {"messages": [], "credits": {"T": 2}}
    unchanged = get(page, "/demo/phones", **{"If-None-Match": before.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")

    world.send({"touser": openid, "template_id": "T", "data": {"thing1": {"value": "路灯不亮"}}})
    after = get(page, "/demo/phones", **{"If-None-Match": before.headers["ETag"]})
    phones = after.json()["phones"]
    (message,) = phones["lixiuying"]["messages"]
    assert (message["title"], message["fields"][0]["value"]) == ("诉求答复", "路灯不亮")
    assert phones["lixiuying"]["credits"] == {"T": 1}
    assert phones["chenwei"] == {"messages": [], "credits": {}}
    assert [template["title"] for template in after.json()["templates"]] == ["诉求答复"]


def test_a_reset_makes_the_page_forget(page: Sandbox) -> None:
    first = get(page, "/demo/cast").json()["run"]
    assert get(page, "/demo/cast").json()["run"] == first
    page.reset()
    assert get(page, "/demo/cast").json()["run"] != first


def test_both_languages_say_the_same_things() -> None:
    assert catalogue("zh-CN") == catalogue("en")


def test_every_sentence_the_page_says_is_in_the_catalogues() -> None:
    texts = catalogue("zh-CN")
    said = set(re.findall(r'data-(?:text|label)="([^"]+)"', (SITE / "index.html").read_text()))
    for path in SITE.glob("*.js"):
        said |= set(re.findall(r'\bt\("([a-z_.]+)"', path.read_text("utf-8")))
    assert len(said) > 30
    assert said <= set(texts)


def test_the_walk_is_done_by_people_of_the_cast() -> None:
    source = (SITE / "walk.js").read_text("utf-8")
    walk = re.findall(r'{ step: "(\w+)", who: "(\w+)" }', source)
    slugs = {entry["slug"] for entry in yaml.safe_load(CAST_FILE.read_text("utf-8"))["people"]}
    assert {who for _, who in walk} <= slugs
    told = {key.split(".")[2] for key in catalogue("en") if key.startswith("walk.steps.")}
    assert {step for step, _ in walk} == told


def test_scripts_and_styles_hold_no_chinese_sentence() -> None:
    for path in FILES:
        if path.suffix in (".js", ".css"):
            assert not re.search(r"[\u4e00-\u9fff]", path.read_text("utf-8")), path.name


def test_started_from_the_command_line_with_cast_and_release(tmp_path: Path) -> None:
    release = {
        "pages": [{"path": "pages/home/home"}],
        "subPackages": [{"root": "pages-workbench", "pages": [{"path": "detail/detail"}]}],
    }
    (tmp_path / "pages.json").write_text(json.dumps(release), "utf-8")
    command = [sys.executable, "-m", "backend.sandbox", "--port", "0", "--data", str(tmp_path)]
    command += ["--cast", str(CAST_FILE), "--pages", str(tmp_path / "pages.json")]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "--service-url" in refused.stderr
    command += ["--service-url", SERVICE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[3].rstrip(",")
            assert requests.get(url + "/", timeout=5).ok
            with Sandbox(data=tmp_path) as same_state:
                for known in ("pages/home/home?id=1", "pages-workbench/detail/detail"):
                    same_state.world.check_page(known)
        finally:
            process.terminate()
