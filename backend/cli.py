"""Commands of an installation: ``python -m backend --help``."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from backend import demo
from backend.advisers import legal
from backend.advisers import service as adviser_service
from backend.advisers.rules.register import ImportInvalid
from backend.app import connect, create_app, create_worker
from backend.areas import county
from backend.areas import queries as areas_read
from backend.areas import service as area_service
from backend.cases import service as cases_service
from backend.consultations import service as consultation_service
from backend.kernel import clock, embedded, outbox
from backend.kernel.actor import Role
from backend.kernel.config_files import ConfigError, InvalidConfig
from backend.kernel.db import connection
from backend.kernel.errors import DomainError
from backend.kernel.messages import error_text
from backend.kernel.migrate import migrate as apply_migrations
from backend.kernel.settings import Settings, SettingsError, load_settings, new_keys
from backend.notices import templates
from backend.people import service as people
from backend.service_requests import service as requests
from backend.volunteering import terms as volunteering_terms
from backend.volunteering.service import my_data as volunteer_data
from backend.web import logs

console = Console()

_ROTATION_BATCH = 500


def _progress(unit: str) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(unit),
        console=console,
    )  # fmt: skip


@click.group()
def cli() -> None:
    """邻事通: one county's service, its database and its work."""


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        problems = "".join(f"\n  {problem}" for problem in error.problems)
        raise click.ClickException(f"settings are wrong:{problems}") from None


def _open_database() -> Settings:
    settings = _settings()
    connect(settings)
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
    logs.configure()
    create_worker(_open_database()).run()


@cli.command()
def migrate() -> None:
    """Bring the database up to date. Safe to run from several places at once."""
    _open_database()
    for name in apply_migrations():
        console.print(f"applied {name}")
    console.print("the database is up to date")


@cli.command()
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--area", "area_code", help="Code of the area, for a role over an area.")
@click.option("--unit", "unit_code", help="Code of the unit in units.yaml, for a role in a unit.")
def invite(role: str, area_code: str | None, unit_code: str | None) -> None:
    """Print a code that gives a role to whoever enters it first, as for the first administrator.

    The person signs in to the mini-program and enters it under "Me".
    """
    _open_database()
    with connection():
        unit_id = areas_read.unit_ids([unit_code]).get(unit_code) if unit_code else None
        if unit_code and unit_id is None:
            raise click.ClickException(f"there is no unit {unit_code}")
        try:
            invitation = people.invite(
                None, Role(role), clock.now(), unit_id=unit_id, area_code=area_code
            )
        except DomainError as error:
            sentence = error_text(error.code, "en", **error.params)
            raise click.ClickException(sentence) from None
    until = invitation.expires_at.astimezone(clock.LOCAL).strftime("%Y-%m-%d %H:%M")
    console.print(f"{invitation.code}  works once, until {until}")


@cli.group()
def keys() -> None:
    """Keys that protect personal data."""


@keys.command("new")
def keys_new() -> None:
    """Print fresh keys as settings."""
    for name, value in new_keys().items():
        click.echo(f"LINSHITONG_{name.upper()}={value}")


@keys.command("rotate")
def keys_rotate() -> None:
    """Encrypt personal data again with the first key of LINSHITONG_ENCRYPTION_KEYS.

    Put the new key first, restart the service and the workers, run this, then drop the old key.
    Can be stopped and run again at any time.
    """
    _open_database()
    with connection(), _progress("rows") as progress:
        task = progress.add_task("encrypting", total=None)
        for reencrypt in (
            people.reencrypt,
            requests.reencrypt,
            adviser_service.reencrypt,
            consultation_service.reencrypt,
            cases_service.reencrypt,
            volunteer_data.reencrypt,
        ):
            while done := reencrypt(_ROTATION_BATCH):
                progress.advance(task, done)
    console.print("everything is encrypted with the current key")


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


@areas.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--switch-off-missing",
    is_flag=True,
    help="Switch off areas the file does not list, on the levels it lists.",
)
def areas_import(path: Path, switch_off_missing: bool) -> None:
    """Bring a CSV of areas into the database, then the units of units.yaml.

    Safe to run again. With any bad line nothing is changed, and every bad line is named.
    """
    settings = _open_database()
    try:
        units = county.load(settings.config_dir).units
        with connection(), _progress("rows") as progress:
            counts = area_service.import_areas(
                path, _counting(progress, "areas"), switch_off_missing=switch_off_missing
            )
            unit_counts = area_service.sync_units(units, _counting(progress, "units"))
    except InvalidConfig as error:
        raise _mistakes(error.errors) from None
    for name, result in (("areas", counts), ("units", unit_counts)):
        console.print(
            f"{name}: {result.total} listed, {result.added} new, {result.changed} changed,"
            f" {result.switched_off} switched off"
        )


def _counting(progress: Progress, name: str) -> Callable[[int, int], None]:
    task = progress.add_task(name, total=None)
    return lambda done, total: progress.update(task, completed=done, total=total)


def _mistakes(errors: Sequence[ConfigError]) -> click.ClickException:
    listed = "".join(f"\n{error}" for error in errors)
    return click.ClickException(f"{len(errors)} mistake(s):{listed}")


@cli.group()
def cases() -> None:
    """Cases that everybody may read (以案释法)."""


@cases.command("import")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False
)
def cases_import(folder: Path | None) -> None:
    """Publish the sample cases of a folder, usually the county's own.

    Safe to run again. With any mistake nothing is changed, and every mistake is named.
    """
    settings = _open_database()
    try:
        county.use(settings.config_dir)
        legal.configure(settings.config_dir)
        with connection():
            result = cases_service.import_samples(
                folder or settings.config_dir / cases_service.SAMPLES, clock.now()
            )
    except InvalidConfig as error:
        raise _mistakes(error.errors) from None
    except area_service.NoAreas as error:
        raise click.ClickException(str(error)) from None
    console.print(f"cases: {result.total} listed, {result.changed} new or changed")


@cli.group()
def advisers() -> None:
    """The register of legal advisers."""


@advisers.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def advisers_import(path: Path) -> None:
    """Bring a CSV of advisers into the register; known licence numbers are changed.

    Columns: licence_no, name, firm, term_from (2026-01-31), villages (names or codes, divided by
    spaces or commas), and maybe phone, languages, intro, term_until, standby. Safe to run again.
    With any bad line nothing is changed, and every bad line is named.
    """
    settings = _open_database()
    try:
        county.use(settings.config_dir)
        legal.configure(settings.config_dir)
        file = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException(f"{path}: not UTF-8; save it as “CSV UTF-8”") from None
    except InvalidConfig as error:
        raise _mistakes(error.errors) from None
    with connection():
        try:
            counts = adviser_service.import_csv(None, file, clock.now(), language="en")
        except ImportInvalid as refusal:
            lines = refusal.extra["lines"]
            listed = "".join(f"\n{path}:{bad['line']}: {bad['message']}" for bad in lines)
            raise click.ClickException(f"{len(lines)} mistake(s):{listed}") from None
    console.print(f"advisers: {counts.total} listed, {counts.added} new, {counts.changed} changed")


@cli.group()
def config() -> None:
    """The files a county edits."""


@config.command("check")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False
)
def config_check(folder: Path | None) -> None:
    """Name every mistake in the county's files, by file and line."""
    folder = folder or _settings().config_dir
    errors = [
        *county.check_config(folder),
        *templates.check(folder),
        *legal.check(folder),
        *volunteering_terms.check(folder),
        *cases_service.check_samples(folder),
    ]
    if errors:
        raise _mistakes(errors)
    console.print(f"{folder}: no mistakes")


@cli.command("openapi")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def openapi(path: Path) -> None:
    """Write the API's description to a file; clients' types are made from it."""
    app = create_app(_settings())
    document = app.extensions["api"].document()
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


@cli.command("demo")
def run_demo() -> None:
    """Start everything with the demo county; Ctrl-C stops everything."""
    progress = _progress("requests")
    task = progress.add_task("telling the past", total=None, visible=False)
    started = demo.Demo(
        demo.demo_settings(),
        console.print,
        lambda done, total: progress.update(task, completed=done, total=total, visible=True),
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        with progress:
            started.start()
        console.print(demo.WELCOME.format(demo=started.wechat_url, api=started.settings.public_url))
        ended = started.wait()
        console.print(
            f"[red]The {ended} process ended by itself; see {started.log_of(ended)}[/red]"
        )
        sys.exit(1)
    except demo.CannotStart as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        console.print("\nstopping")
    finally:
        started.stop()


@cli.command("demo-reset")
def demo_reset() -> None:
    """Throw away everything the demo keeps."""
    try:
        demo.reset(demo.demo_settings())
    except demo.CannotStart as error:
        raise click.ClickException(str(error)) from None
    console.print("the next `make demo` starts over")
