"""What every test may ask for: the database, the county, the product, pretend WeChat, people."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as property_settings

from backend.app import assemble, create_app
from backend.areas import county
from backend.areas import service as areas
from backend.kernel import embedded
from backend.kernel.crypto import keyring
from backend.kernel.db import configure, connection, db, execute, fetch_all, transaction
from backend.kernel.migrate import migrate
from backend.kernel.settings import Settings, load_settings
from backend.sandbox import Sandbox

property_settings.register_profile(
    "any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
property_settings.load_profile("any_machine")
"""How long an example takes says something of the machine, not of the product."""

REFERENCE_TABLES = frozenset({"schema_migration", "areas", "units"})
"""Filled once for the whole run; tests that change them put them back."""


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database of this test run's own, gone afterwards.

    It lives in an embedded server, or in the server TEST_DATABASE_URL names (as a superuser).
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
    if not db.deferred:
        db.close_all()
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    """Pretended WeChat on a free port."""
    with Sandbox() as running:
        yield running


@pytest.fixture
def sandbox(sandbox_server: Sandbox) -> Sandbox:
    """Pretended WeChat, knowing nobody."""
    sandbox_server.reset()
    return sandbox_server


@pytest.fixture(scope="session")
def settings(sandbox_server: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the product under test; files go to a folder of this run's own."""
    account = sandbox_server.world.account
    return load_settings(
        database_url=None,
        var_dir=tmp_path_factory.mktemp("var"),
        rate_limits_enabled=False,
        wechat_app_id=account.app_id,
        wechat_app_secret=account.app_secret,
        wechat_push_token=account.push_token,
        wechat_encoding_aes_key=account.encoding_aes_key,
        wechat_api_base_url=sandbox_server.url,
    )


@pytest.fixture(scope="session")
def migrated(database_url: str, settings: Settings) -> str:
    """The database with every migration applied, and the county that ships."""
    configure(database_url, settings)
    keyring.load(**settings.keys())
    migrate()
    here = county.use(settings.config_dir)
    with connection():
        for path in county.area_files(settings.config_dir):
            areas.import_areas(path)
        areas.sync_units(here.units)
    return database_url


@pytest.fixture
def database(migrated: str) -> Iterator[str]:
    """An empty database (but for the county's areas and units), and a connection to it."""
    with connection():
        _empty()
        yield migrated


def _empty() -> None:
    """Delete all rows, whatever refers to them or only grows; quicker than TRUNCATE by far."""
    tables = [
        name
        for (name,) in fetch_all("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        if name not in REFERENCE_TABLES
    ]
    looks = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables]
    filled = [name for (name,) in fetch_all(" UNION ALL ".join(looks))]
    with transaction():
        execute("SET LOCAL session_replication_role = replica")
        for name in filled:
            execute(f'DELETE FROM "{name}"')


@pytest.fixture(scope="session")
def app_of_session(migrated: str, settings: Settings) -> Flask:
    app = create_app(settings)
    app.testing = True
    return app


@pytest.fixture
def app(app_of_session: Flask, database: str, sandbox: Sandbox) -> Flask:
    """The whole product, over an empty database and pretended WeChat."""
    assemble(app_of_session.extensions["settings"])
    return app_of_session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """HTTP into the whole product."""
    return app.test_client()
