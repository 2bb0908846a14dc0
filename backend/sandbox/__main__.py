"""``python -m backend.sandbox --port 8601 --data var/sandbox``"""

import os
import signal
from contextlib import suppress
from pathlib import Path

import click

from backend.sandbox.server import Sandbox
from backend.sandbox.world import Account


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8601, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/sandbox"))
@click.option(
    "--service-url",
    help="The product: told of events at /wechat/push; its pages may call /_sandbox/.",
)
def main(host: str, port: int, data: Path, service_url: str | None) -> None:
    """A stand-in for api.weixin.qq.com.

    The account is that of the product's own settings where they are in the environment
    (LINSHITONG_WECHAT_APP_ID, …_APP_SECRET, …_PUSH_TOKEN, …_ENCODING_AES_KEY).
    """
    names = {
        "app_id": "LINSHITONG_WECHAT_APP_ID",
        "app_secret": "LINSHITONG_WECHAT_APP_SECRET",
        "push_token": "LINSHITONG_WECHAT_PUSH_TOKEN",
        "encoding_aes_key": "LINSHITONG_WECHAT_ENCODING_AES_KEY",
    }
    given = {field: os.environ[name] for field, name in names.items() if os.environ.get(name)}
    sandbox = Sandbox(
        account=Account(**given),
        data=data,
        host=host,
        port=port,
        control_origin=service_url,
    )
    # State of an earlier run keeps its people and messages, but not the account it was run with.
    address = {"push_url": f"{service_url.rstrip('/')}/wechat/push"} if service_url else {}
    sandbox.world.set_push(**given, **address)
    click.echo(f"WeChat sandbox on {sandbox.url}, its state in {data}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        sandbox.serve()
    sandbox.stop()


main()
