"""``make bench``: CPU per request of the hot routes, beside a bare server doing the same work."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import click
from rich.console import Console

from backend.kernel import clock, embedded
from backend.kernel.settings import Settings, load_settings, new_keys
from bench import advisers, load, measure, report, servers, statements, world
from bench.servers import Server

PRODUCT, BARE, GTHREAD = "product", "bare", "product, gthread"
ROUTES = ["list", "detail", "submit", "slots", "advisers"]
console = Console(width=120)


@click.command()
@click.option("--seconds", default=3.0, show_default=True, help="Length of each window of load.")
@click.option("--rounds", default=7, show_default=True, help="Windows per server and route.")
@click.option("--gthread", is_flag=True, help="Also the product under gunicorn's gthread worker.")
@click.option("--only", type=click.Choice(ROUTES), help="One route.")
@click.option("--markdown", type=click.Path(dir_okay=False, path_type=Path), help="Write tables.")
def bench(
    seconds: float, rounds: int, gthread: bool, only: str | None, markdown: Path | None
) -> None:
    """Product and bare server in turn, one worker each, on the same machine and database.

    The database is DATABASE_URL, which should be empty and is left filled, or one of its own.
    """
    with ExitStack() as open_things:
        settings, log = open_things.enter_context(_database())
        built = world.build(settings)
        routes = {
            name: requests for name, requests in _requests(built).items() if only in (None, name)
        }
        running = _start(settings, gthread)
        for server in running:
            open_things.callback(server.stop)
        product, bare = running[:2]
        _same_answers(product, bare, routes)
        counts = {}
        if log is not None:
            with statements.logged(_database_url(settings)):
                for name, requests in routes.items():
                    counts[name] = {
                        server.name: len(statements.count(log, server.port, requests[0]))
                        for server in (product, bare)
                    }
        comparisons = []
        for name, requests in routes.items():
            with console.status(f"{name}: {rounds} × {seconds:g} s on each of {len(running)}"):
                comparisons.append(measure.compare(name, running, requests, rounds, seconds))
        tables = [report.costs(comparisons, counts), report.processes(running)]
    for table in tables:
        console.print(report.for_terminal(table))
    if markdown is not None:
        markdown.write_text("\n\n".join(report.as_markdown(table) for table in tables) + "\n")


@contextmanager
def _database() -> Iterator[tuple[Settings, Path | None]]:
    """Settings with a database, and the database server's log if it is ours to read."""
    folder = Path(tempfile.mkdtemp(prefix="linshitong-bench-"))
    folder.chmod(0o755)
    shared = {"var_dir": folder / "var", "rate_limits_enabled": True, **new_keys()}
    try:
        if given := os.environ.get("DATABASE_URL"):
            yield load_settings(database_url=given, **shared), None
            return
        server = embedded.start(folder / "postgresql")
        embedded.create_database(server.get_uri(), embedded.DATABASE)
        try:
            url = server.get_uri(embedded.DATABASE)
            yield load_settings(database_url=url, **shared), folder / "postgresql" / "log"
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _database_url(settings: Settings) -> str:
    assert settings.database_url is not None
    return settings.database_url.get_secret_value()


def _start(settings: Settings, gthread: bool) -> list[Server]:
    log = settings.var_dir.with_name("servers.log")
    environment = os.environ | {
        "DATABASE_URL": _database_url(settings),
        "LINSHITONG_VAR_DIR": str(settings.var_dir),
        **{
            f"LINSHITONG_{name.upper()}": getattr(settings, name).get_secret_value()
            for name in ("encryption_keys", "hash_key", "signing_key")
        },
    }
    running = [
        servers.start(PRODUCT, "backend.wsgi:app", environment, log),
        servers.start(BARE, "bench.bare:app", environment, log),
    ]
    if gthread:
        options = ("--worker-class", "gthread", "--threads", "4")
        running.append(servers.start(GTHREAD, "backend.wsgi:app", environment, log, *options))
    return running


def _requests(built: world.World) -> dict[str, list[str]]:
    """The requests of each route, one per resident, as they go over the wire."""
    body = json.dumps(
        {
            "category": "street_lamp",
            "area_code": world.VILLAGE,
            "description": world.DESCRIPTION,
            "answers": world.ANSWERS,
            "place": world.PLACE,
            "visibility": "private",
            "attachment_ids": [],
        }
    )
    residents = built.residents
    tomorrow = clock.now().astimezone(clock.LOCAL).date() + timedelta(days=1)
    slots = f"/api/resources/{built.adviser_id}/slots?from={tomorrow}&days={advisers.DAYS}"
    search = f"/api/advisers?q={quote(advisers.SOUGHT)}"
    return {
        "list": [_http("GET", "/api/requests", each.token) for each in residents],
        "detail": [
            _http("GET", f"/api/requests/{each.request_id}", each.token) for each in residents
        ],
        "submit": [_http("POST", "/api/requests", each.token, body) for each in residents],
        "slots": [_http("GET", slots, each.token) for each in residents],
        "advisers": [_http("GET", search, each.token) for each in residents],
    }


def _http(method: str, path: str, token: str, body: str = "") -> str:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        "Accept: application/json",
    ]
    if body:
        lines += [
            f"Idempotency-Key: {load.KEY.decode()}",
            "Content-Type: application/json",
            f"Content-Length: {len(body.encode())}",
        ]
    return "\r\n".join([*lines, "", body])


def _same_answers(product: Server, bare: Server, routes: dict[str, list[str]]) -> None:
    """A comparison of different work would be worth nothing: reads agree to the byte."""
    for name, requests in routes.items():
        answers = [load.ask_once(server.port, requests[0]) for server in (product, bare)]
        same = (
            sorted(json.loads(answers[0])) == sorted(json.loads(answers[1]))
            if name == "submit"
            else answers[0] == answers[1]
        )
        if not same:
            raise click.ClickException(
                f"{name}: the answers differ\n" + "\n".join(a.decode()[:600] for a in answers)
            )


if __name__ == "__main__":
    bench()
