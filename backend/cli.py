"""Commands of an installation: ``python -m backend --help``."""

import os
import signal
import subprocess
import sys
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from backend.kernel import clock, embedded, outbox
from backend.kernel.crypto import keyring
from backend.kernel.db import configure, connection
from backend.kernel.migrate import migrate as apply_migrations
from backend.kernel.settings import Settings, SettingsError, load_settings, new_keys

console = Console()


@click.group()
def cli() -> None:
    """邻事通: one county's service, its database and its work."""


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        problems = "".join(f"
  {problem}" for problem in error.problems)
        raise click.ClickException(f"settings are wrong:{problems}") from None


def _open_database() -> Settings:
    settings = _settings()
    configure(embedded.database_url(settings), settings)
    keyring.load(**settings.keys())
    return settings


@cli.command()
def serve() -> None:
    """Answer HTTP until SIGTERM; requests under way are finished first."""
    settings = _open_database()
    command = [
        sys.executable, "-m", "gunicorn", "-c", "python:backend.gunicorn_conf", "backend.wsgi:app",
    ]  # fmt: skip
    if settings.database_url is not None:
        os.execv(sys.executable, command)  # noqa: S606 - nothing of ours is left to do
    # The embedded database stops with this process, so this process waits for the server to end.
    environment = os.environ | {
        "DATABASE_URL": embedded.database_url(settings),
        "LINSHITONG_VAR_DIR": str(settings.var_dir),
        **_key_variables(settings),
    }
    server = subprocess.Popen(command, env=environment)  # noqa: S603
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: server.send_signal(number))
    sys.exit(server.wait())


def _key_variables(settings: Settings) -> dict[str, str]:
    return {
        f"LINSHITONG_{name.upper()}": getattr(settings, name).get_secret_value()
        for name in ("encryption_keys", "hash_key", "signing_key")
    }


@cli.command()
def worker() -> None:
    """Do what was promised (messages, checks, deadlines) until SIGTERM."""
    from backend.app import create_worker

    create_worker(_open_database()).run()


@cli.command()
def migrate() -> None:
    """Bring the database up to date. Safe to run from several places at once."""
    _open_database()
    for name in apply_migrations():
        console.print(f"applied {name}")
    console.print("the database is up to date")


@cli.group()
def keys() -> None:
    """Keys that protect personal data."""


@keys.command("new")
def keys_new() -> None:
    """Print fresh keys as settings."""
    for name, value in new_keys().items():
        click.echo(f"LINSHITONG_{name.upper()}={value}")


@cli.group("outbox")
def outbox_group() -> None:
    """Promised work that could not be done."""


@outbox_group.command("dead")
def outbox_dead() -> None:
    """List what was given up, newest first."""
    _open_database()
    table = Table("id", "kind", "given up", "attempts", "last error")
    with connection():
        for event_id, kind, dead_at, attempts, error in outbox.dead_letters():
            local = dead_at.astimezone(clock.LOCAL).strftime("%Y-%m-%d %H:%M")
            table.add_row(str(event_id), kind, local, str(attempts), error)
    console.print(table)


@outbox_group.command("retry")
@click.argument("event_id", type=click.UUID, required=False)
@click.option("--all", "everything", is_flag=True, help="Retry every dead letter.")
def outbox_retry(event_id: UUID | None, everything: bool) -> None:
    """Try dead letters again: one by its id, or all."""
    if (event_id is None) != everything:
        raise click.UsageError("name one id, or --all")
    _open_database()
    with connection():
        console.print(f"{outbox.revive(event_id)} will be tried again")


@cli.group()
def areas() -> None:
    """Townships, villages and grids."""
