"""The commands an operator types, as processes, on a database of their own."""

import base64
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from backend.cases.service import check_samples
from backend.kernel.crypto import Keyring
from backend.kernel.settings import ROOT, new_keys

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def database(database_url: str) -> Iterator[str]:
    """An empty database beside that of the other tests."""
    name = f"linshitong_cli_{uuid4().hex[:8]}"
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield re.sub(r"/linshitong_test_\d+", f"/{name}", database_url)
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def environment(database: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if "LINSHITONG" not in name},
        "DATABASE_URL": database,
        "LINSHITONG_VAR_DIR": str(tmp_path_factory.mktemp("var")),
        **{f"LINSHITONG_{name.upper()}": value for name, value in new_keys().items()},
        "COLUMNS": "200",
    }


@pytest.fixture(scope="module")
def run(environment: dict[str, str]) -> Run:
    def command(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "backend", *arguments],
            cwd=ROOT,
            env=environment | changed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return command


@pytest.fixture(scope="module")
def migrated(run: Run, database: str) -> str:
    first, second = run("migrate"), run("migrate")
    assert first.returncode == 0, first.stderr
    assert "applied 0001_kernel" in first.stdout
    assert second.stdout.strip() == "the database is up to date"
    return database


def test_every_wrong_setting_is_named_at_once(run: Run) -> None:
    done = run("migrate", LINSHITONG_PORT="many", LINSHITONG_HASH_KEY="short")
    assert done.returncode == 1
    assert "LINSHITONG_PORT" in done.stderr and "Traceback" not in done.stderr


def test_fresh_keys_can_be_used(run: Run, migrated: str) -> None:
    printed = run("keys", "new").stdout
    keys = dict(line.split("=", 1) for line in printed.split())
    assert run("outbox", "dead", **keys).returncode == 0


def test_the_countys_files_are_without_mistakes(run: Run) -> None:
    done = run("config", "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no mistakes" in done.stdout


def test_mistakes_in_the_countys_files_have_file_and_line(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    shutil.copytree(ROOT / "config", folder)
    routing = folder / "routing.yaml"
    text = routing.read_text("utf-8").replace("unit: water_company", "unit: nobody", 1)
    routing.write_text(text, "utf-8")
    notifications = folder / "notifications.yaml"
    text = notifications.read_text("utf-8").replace("kind: one_time", "kind: daily", 1)
    notifications.write_text(text, "utf-8")
    done = run("config", "check", str(folder))
    assert done.returncode == 1
    assert re.search(r"routing\.yaml:\d+: .*nobody", done.stderr)
    assert re.search(r"notifications\.yaml:\d+: ", done.stderr)


def test_cases_are_among_the_countys_files(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    shutil.copytree(ROOT / "config", folder)
    case = folder / "cases" / "blocked_path.yaml"
    case.write_text(case.read_text("utf-8").replace("topic: boundary", "topic: gone", 1), "utf-8")
    done = run("config", "check", str(folder))
    assert done.returncode == 1
    assert "1 mistake" in done.stderr
    assert re.search(r"blocked_path\.yaml:1: there is no topic 'gone'", done.stderr)
    (folder / "legal.yaml").unlink()
    assert check_samples(folder) == [], "it is not the cases that are wrong"


@pytest.fixture(scope="module")
def imports(run: Run, migrated: str) -> tuple[str, str]:
    """What importing the county's areas twice printed."""
    path = str(ROOT / "config" / "areas" / "weining-520526.csv")
    first, second = run("areas", "import", path), run("areas", "import", path)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    return first.stdout, second.stdout


def test_areas_are_imported_once_however_often(imports: tuple[str, str], migrated: str) -> None:
    assert "areas: 665 listed, 665 new, 0 changed" in imports[0]
    assert "areas: 665 listed, 0 new, 0 changed" in imports[1]
    with psycopg.connect(migrated) as connection:
        assert connection.execute("SELECT count(*) FROM areas").fetchone() == (665,)


def test_bad_lines_are_all_named_and_nothing_is_imported(
    run: Run, migrated: str, tmp_path: Path
) -> None:
    path = tmp_path / "areas.csv"
    path.write_text(
        "code,name,level,parent_code\n"
        "990001,某县,county,\n"
        "99000100x,某镇,township,990001\n"
        "990001002,,township,990001\n",
        "utf-8",
    )
    done = run("areas", "import", str(path))
    assert done.returncode == 1
    assert "areas.csv:3:" in done.stderr and "areas.csv:4:" in done.stderr
    with psycopg.connect(migrated) as connection:
        found = connection.execute("SELECT 1 FROM areas WHERE code LIKE '9900%'").fetchone()
    assert found is None


@pytest.mark.usefixtures("imports")
def test_advisers_are_imported_or_every_bad_line_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "advisers.csv"
    good = "licence_no,name,firm,term_from,villages\n15205201310000001,何敏,草海律师所,2026-01-01,"
    path.write_text(good + "大洼塘社区\n", encoding="utf-8-sig")
    assert "1 listed, 1 new, 0 changed" in run("advisers", "import", str(path)).stdout
    path.write_text(good + "桃花源村\n", encoding="utf-8")
    done = run("advisers", "import", str(path))
    assert done.returncode == 1 and "advisers.csv:2: There is no village" in done.stderr
    path.write_bytes(good.encode("gb18030"))
    assert "not UTF-8" in run("advisers", "import", str(path)).stderr


@pytest.mark.usefixtures("imports")
def test_cases_are_published_once_and_change_with_their_files(
    run: Run, migrated: str, tmp_path: Path
) -> None:
    folder = tmp_path / "cases"
    shutil.copytree(ROOT / "config" / "cases", folder)
    count = len(list(folder.glob("*.yaml")))

    def published() -> list[tuple[object, ...]]:
        with psycopg.connect(migrated) as connection:
            return connection.execute(
                "SELECT sample, version, state, texts, updated_at FROM cases ORDER BY sample"
            ).fetchall()

    first = run("cases", "import")
    assert f"cases: {count} listed, {count} new or changed" in first.stdout, first.stderr
    before = published()
    assert len(before) == count and {row[2] for row in before} == {"published"}
    assert f"cases: {count} listed, 0 new or changed" in run("cases", "import").stdout
    assert published() == before

    good, bad = folder / "building_site_wages.yaml", folder / "blocked_path.yaml"
    good.write_text(good.read_text("utf-8").replace("topic: wages", "topic: loan", 1), "utf-8")
    whole = bad.read_text("utf-8")
    bad.write_text(whole.replace("[neighbour_dispute]", "[nothing]", 1), "utf-8")
    refused = run("cases", "import", str(folder))
    assert refused.returncode == 1
    assert "blocked_path.yaml:2: there is no category 'nothing'" in refused.stderr
    assert published() == before, "not even the good ones"

    bad.write_text(whole, "utf-8")
    assert f"{count} listed, 1 new or changed" in run("cases", "import", str(folder)).stdout


@pytest.mark.usefixtures("imports")
def test_the_first_administrator_is_invited_from_here(run: Run) -> None:
    done = run("invite", "admin", "--area", "520526")
    assert re.match(r"[A-Z0-9]{4}-[A-Z0-9]{4}  works once, until 20", done.stdout), done.stderr
    assert "there is no unit nowhere" in run("invite", "handler", "--unit", "nowhere").stderr
    assert run("invite", "handler").returncode == 1, "a handler needs a unit"


def test_dead_letters_are_listed_and_tried_again(run: Run, migrated: str) -> None:
    event_id = uuid4()
    with psycopg.connect(migrated, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO outbox (id, kind, payload, attempts, dead_at, last_error)"
            " VALUES (%s, 'test.kind', '{}', 12, now(), 'WeChatRefused: 47003')",
            (event_id,),
        )
        listed = run("outbox", "dead").stdout
        assert str(event_id) in listed and "47003" in listed
        assert run("outbox", "retry").returncode == 2, "one id, or --all"
        assert "1 will be tried again" in run("outbox", "retry", str(event_id)).stdout
        assert "0 will be tried again" in run("outbox", "retry", "--all").stdout
        row = connection.execute(
            "SELECT attempts, dead_at FROM outbox WHERE id = %s", (event_id,)
        ).fetchone()
    assert row == (0, None)


def test_rotation_moves_every_value_to_the_new_key(
    run: Run, migrated: str, environment: dict[str, str]
) -> None:
    old = environment["LINSHITONG_ENCRYPTION_KEYS"]
    new = f"k2:{base64.b64encode(os.urandom(32)).decode()}"
    keyring, person_id = Keyring(), uuid4()
    keyring.load(
        encryption={"k1": base64.b64decode(old.partition(":")[2])}, hashing=b"", signing=b""
    )
    sealed = keyring.encrypt("13812345678", f"people/{person_id}/phone")
    with psycopg.connect(migrated, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO people (id, name, language, created_at, phone_encrypted, phone_hash)"
            " VALUES (%s, '李秀英', 'zh-CN', now(), %s, 'x')",
            (person_id, sealed),
        )
        done = run("keys", "rotate", LINSHITONG_ENCRYPTION_KEYS=f"{new},{old}")
        assert done.returncode == 0, done.stderr
        row = connection.execute(
            "SELECT phone_encrypted FROM people WHERE id = %s", (person_id,)
        ).fetchone()
    assert row is not None and Keyring.key_id(row[0]) == "k2"
