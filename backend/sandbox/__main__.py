"""``python -m backend.sandbox --port 8601 --data var/sandbox``"""

import os
from contextlib import suppress
from pathlib import Path

import click

from backend.sandbox.server import Sandbox
from backend.sandbox.world import Account


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8601, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/sandbox"))
@click.option("--control-origin", help="The one other origin whose pages may call /_sandbox/.")
@click.option("--push-url", default="", help="Where events are told, /wechat/push of the product.")
def main(host: str, port: int, data: Path, control_origin: str | None, push_url: str) -> None:
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
        control_origin=control_origin,
    )
    # State kept from an earlier run keeps its people and messages, not its old address book.
    sandbox.world.set_push(**given, **({"push_url": push_url} if push_url else {}))
    click.echo(f"WeChat sandbox on {sandbox.url}, its state in {data}")
    with suppress(KeyboardInterrupt):
        sandbox.serve()
    sandbox.stop()


main()
