"""``python -m backend.sandbox --port 8601 --data var/sandbox``"""

import json
import os
import signal
from contextlib import suppress
from pathlib import Path

import click

from backend.sandbox.demo_page import demo_page
from backend.sandbox.server import Sandbox
from backend.sandbox.world import Account

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8601, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/sandbox"))
@click.option(
    "--service-url",
    help="The product: told of events at /wechat/push; its pages may call /_sandbox/.",
)
@click.option("--cast", type=_FILE, help="People of the demo page at /; needs --service-url.")
@click.option("--pages", type=_FILE, help="The mini-program's pages.json: what messages may open.")
def main(
    host: str,
    port: int,
    data: Path,
    service_url: str | None,
    cast: Path | None,
    pages: Path | None,
) -> None:
    """A stand-in for api.weixin.qq.com.

    The account is that of the product's own settings where they are in the environment
    (LINSHITONG_WECHAT_APP_ID, …_APP_SECRET, …_PUSH_TOKEN, …_ENCODING_AES_KEY).
    """
    if cast and not service_url:
        raise click.UsageError("--cast needs --service-url: whose pages the phones show.")
    names = {
        "app_id": "LINSHITONG_WECHAT_APP_ID",
        "app_secret": "LINSHITONG_WECHAT_APP_SECRET",
        "push_token": "LINSHITONG_WECHAT_PUSH_TOKEN",
        "encoding_aes_key": "LINSHITONG_WECHAT_ENCODING_AES_KEY",
    }
    given = {field: os.environ[name] for field, name in names.items() if os.environ.get(name)}
    release = _pages_of(pages) if pages else []
    sandbox = Sandbox(
        account=Account(**given),
        data=data,
        host=host,
        port=port,
        pages=release,
        control_origin=service_url,
        blueprints=[demo_page(cast, service_url)] if cast and service_url else (),
    )
    # State of an earlier run keeps its people and messages, but not the account and the release
    # it was run with.
    address = {"push_url": f"{service_url.rstrip('/')}/wechat/push"} if service_url else {}
    sandbox.world.set_push(**given, **address)
    if release:
        sandbox.world.set_pages(release)
    click.echo(f"WeChat sandbox on {sandbox.url}, its state in {data}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        sandbox.serve()
    sandbox.stop()


def _pages_of(path: Path) -> list[str]:
    """The pages a uni-app ``pages.json`` names, those of its subpackages with their folder."""
    content = json.loads(path.read_text(encoding="utf-8"))
    pages = [page["path"] for page in content["pages"]]
    for package in content.get("subPackages", ()):
        pages += [f"{package['root'].rstrip('/')}/{page['path']}" for page in package["pages"]]
    return pages


main()
