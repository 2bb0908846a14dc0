"""What every test may ask for: the database, the county, the product, pretend WeChat, people."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from backend.kernel import embedded
from backend.kernel.crypto import keyring
from backend.kernel.db import configure, connection, db, execute, fetch_all
from backend.kernel.migrate import migrate
from backend.kernel.settings import Settings, load_settings

REFERENCE_TABLES = frozenset({"schema_migration", "areas", "units"})
"""Filled once for the whole run; tests that change them put them back."""


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database of this test run's own, gone afterwards.

    It lives in an embedded server, or in the server TEST_DATABASE_URL names (as its owner).
    """
    given = os.environ.get("TEST_DATABASE_URL")
    name = f"linshitong_test_{os.getpid()}"
    if given:
        embedded.create_database(given, name)
        yield given.rsplit("/", 1)[0] + f"/{name}"
        with psycopg.connect(given, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        return
    folder = Path(tempfile.mkdtemp(prefix="linshitong-test-"))
    folder.chmod(0o755)
    server = embedded.start(folder / "postgresql")
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        # What a crash of the machine would lose does not matter to a test run.
        admin.execute("ALTER SYSTEM SET fsync = off")
        admin.execute("ALTER SYSTEM SET full_page_writes = off")
        admin.execute("ALTER SYSTEM SET synchronous_commit = off")
        admin.execute("SELECT pg_reload_conf()")
    embedded.create_database(server.get_uri(), name)
    yield server.get_uri(name)
    db.close_all()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the product under test; files go to a folder of this run's own."""
    return load_settings(
        database_url=None,
        var_dir=tmp_path_factory.mktemp("var"),
        rate_limits_enabled=False,
    )


@pytest.fixture(scope="session")
def migrated(database_url: str, settings: Settings) -> str:
    """The database with every migration applied."""
    configure(database_url, settings)
    keyring.load(**settings.keys())
    migrate()
    return database_url


@pytest.fixture
def database(migrated: str) -> Iterator[str]:
    """An empty database (but for the county's areas and units), and a connection to it."""
    with connection():
        _empty()
        yield migrated


def _empty() -> None:
    names = [
        row[0]
        for row in fetch_all("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        if row[0] not in REFERENCE_TABLES
    ]
    if names:
        execute("TRUNCATE " + ", ".join(f'"{name}"' for name in sorted(names)))
