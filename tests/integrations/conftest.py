"""The product's WeChat client, pointed at the sandbox."""

from collections.abc import Callable

import pytest

from backend.integrations.wechat import DatabaseTokens, WeChat
from backend.kernel.settings import Settings
from backend.sandbox import Sandbox

TEMPLATE = "progress-template"
PAGE = "pages/request/detail"
VALUES = {
    "character_string1": "WN20261123001",
    "thing2": "路灯不亮",
    "phrase3": "办理中",
    "time4": "2026年11月23日 15:01",
}


@pytest.fixture
def wechat_settings(settings: Settings, sandbox: Sandbox) -> Settings:
    """Impatient, so that tests of time limits are short."""
    account = sandbox.world.account
    return settings.model_copy(
        update={
            "wechat_app_id": account.app_id,
            "wechat_app_secret": type(settings.wechat_app_secret)(account.app_secret),
            "wechat_push_token": type(settings.wechat_app_secret)(account.push_token),
            "wechat_encoding_aes_key": type(settings.wechat_app_secret)(account.encoding_aes_key),
            "wechat_api_base_url": sandbox.url,
            "wechat_timeout_seconds": 0.4,
        }
    )


@pytest.fixture
def new_wechat(wechat_settings: Settings, database: str) -> Callable[[], WeChat]:
    """Makes clients that know nothing of each other, as two processes do."""

    def make() -> WeChat:
        return WeChat(wechat_settings, DatabaseTokens(wechat_settings.wechat_app_id))

    return make


@pytest.fixture
def wechat(new_wechat: Callable[[], WeChat]) -> WeChat:
    return new_wechat()


@pytest.fixture
def openid(sandbox: Sandbox) -> str:
    """Li Xiuying, who was in the mini-program just now, can be sent one message."""
    world = sandbox.world
    openid = world.sign_in("demo-lixiuying")["openid"]
    fields = [{"key": key, "label": key} for key in VALUES]
    world.register_template(TEMPLATE, "诉求办理进度", fields, "one_time")
    world.set_pages([PAGE])
    sandbox.accept(openid, TEMPLATE)
    return str(openid)
