"""What the product asks of WeChat."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from backend.integrations.wechat.errors import (
    WeChatBusy,
    WeChatRefused,
    WeChatUnknown,
    WeChatUnreachable,
)
from backend.integrations.wechat.tokens import TokenStore
from backend.integrations.wechat.transport import Transport
from backend.kernel.settings import Settings

_Answer = TypeVar("_Answer")

_STALE_TOKEN: Final = frozenset({40001, 40014, 42001})
_PART: Final = 1250
"""WeChat takes 2500 UTF-16 units of text; a character is one or two."""

_OVERLAP: Final = 50
"""Parts of a long text share this much, so that no word is cut out of sight."""

_IMAGE: Final = 2
_LANGUAGES: Final = {"zh-CN": "zh_CN", "en": "en_US"}
_VERSIONS: Final = {"developer": "develop", "trial": "trial", "formal": "release"}


@dataclass(frozen=True, slots=True)
class LoginIdentity:
    """Who signed in. ``unionid`` only where the mini-program is bound to an open platform."""

    openid: str
    unionid: str | None


class Suggest(StrEnum):
    PASS = "pass"  # noqa: S105
    REVIEW = "review"
    RISKY = "risky"


@dataclass(frozen=True, slots=True)
class Verdict:
    """WeChat's view of a text; ``label`` is its number for the kind of content (100: normal)."""

    suggest: Suggest
    label: int
    trace_id: str


@dataclass(frozen=True, slots=True)
class SendResult:
    """A delivered message; WeChat's id of it comes again in ``subscribe_msg_sent_event``."""

    message_id: str | None


class WeChat:
    """The mini-program's server API. Calls are bounded in time and fail with a WeChatError.

    A call whose access token is refused is made once more with a new token, and not again.
    """

    def __init__(self, settings: Settings, token_store: TokenStore) -> None:
        self._settings = settings
        self._tokens = token_store
        self._transport = Transport(settings)

    def exchange_code(self, js_code: str) -> LoginIdentity:
        """The person behind a code of ``wx.login``; it works once, for five minutes.

        Needs no access token, so signing in works while the token endpoint does not. The
        session_key ends here.
        """
        answer = self._transport.get(
            "/sns/jscode2session",
            self._credentials() | {"js_code": js_code, "grant_type": "authorization_code"},
        )
        return LoginIdentity(
            openid=_text(answer, "openid"),
            unionid=_text(answer, "unionid") if answer.get("unionid") else None,
        )

    def phone_number(self, code: str) -> str:
        """The number behind a code of the button ``getPhoneNumber``: 11 digits, or +country…"""
        answer = self._post("/wxa/business/getuserphonenumber", {"code": code})
        info = answer.get("phone_info")
        if not isinstance(info, dict):
            raise WeChatBusy("unreadable answer")
        number, country = _text(info, "purePhoneNumber"), str(info.get("countryCode", "86"))
        return number if country == "86" else f"+{country}{number}"

    def check_text(self, openid: str, text: str, scene: int) -> Verdict:
        """The verdict on a text; of a long one, on its worst part.

        ``scene``: 1 profile, 2 comment, 3 forum, 4 social log. The person must have used the
        mini-program within two hours, else WeChatRefused(61010).
        """
        starts = range(0, max(1, len(text) - _OVERLAP), _PART - _OVERLAP)
        verdicts = [self._check_part(openid, text[at : at + _PART], scene) for at in starts]
        return max(verdicts, key=lambda verdict: list(Suggest).index(verdict.suggest))

    def _check_part(self, openid: str, text: str, scene: int) -> Verdict:
        answer = self._post(
            "/wxa/msg_sec_check",
            {"version": 2, "openid": openid, "scene": scene, "content": text},
        )
        result = answer.get("result")
        if not isinstance(result, dict) or result.get("suggest") not in list(Suggest):
            raise WeChatBusy("no verdict was answered")
        return Verdict(
            suggest=Suggest(result["suggest"]),
            label=_integer(result, "label"),
            trace_id=_text(answer, "trace_id"),
        )

    def check_media(self, openid: str, url: str, scene: int) -> str:
        """Ask for a verdict on the image at a public address; the trace_id it will come under.

        It comes as a push within 30 minutes. No verdict is not a pass.
        """
        body = {
            "version": 2,
            "openid": openid,
            "scene": scene,
            "media_type": _IMAGE,
            "media_url": url,
        }
        return _text(self._post("/wxa/media_check_async", body), "trace_id")

    def send_subscription(
        self,
        openid: str,
        template_id: str,
        page: str | None,
        values: dict[str, str],
        language: str,
    ) -> SendResult:
        """Send a subscription message. It uses up one of the person's grants.

        ``values`` by field key (``thing1``), each made with :func:`fit`. WeChatRefused and
        WeChatBusy: not delivered. WeChatUnreachable: not delivered. WeChatUnknown: perhaps.
        """
        body = {
            "touser": openid,
            "template_id": template_id,
            "data": {key: {"value": value} for key, value in values.items()},
            "miniprogram_state": self._settings.wechat_miniprogram_state,
            "lang": _LANGUAGES.get(language, "zh_CN"),
        } | ({"page": page} if page else {})
        answer = self._post("/cgi-bin/message/subscribe/send", body, once=True)
        if answer.get("errcode") != 0:
            raise WeChatUnknown("unreadable answer")
        message_id = answer.get("msgid")
        return SendResult(message_id=None if message_id is None else str(message_id))

    def qr_code(self, scene: str, page: str) -> bytes:
        """An image that opens the page with ``scene`` (at most 32 of WeChat's characters)."""
        version = _VERSIONS[self._settings.wechat_miniprogram_state]
        body = {
            "scene": scene,
            "page": page,
            "env_version": version,
            "check_path": version == "release",
        }
        return self._with_token(
            lambda query: self._transport.post_for_image("/wxa/getwxacodeunlimit", query, body)
        )

    def _post(self, path: str, body: dict[str, Any], *, once: bool = False) -> dict[str, Any]:
        return self._with_token(lambda query: self._transport.post(path, query, body, once=once))

    def _with_token(self, call: Callable[[dict[str, str]], _Answer]) -> _Answer:
        token = self._tokens.get(self._fetch_token)
        try:
            return call({"access_token": token})
        except WeChatRefused as error:
            if error.errcode not in _STALE_TOKEN:
                raise
        return call({"access_token": self._tokens.get(self._fetch_token, refused=token)})

    def _fetch_token(self, force: bool) -> tuple[str, int]:
        body = self._credentials() | {"grant_type": "client_credential", "force_refresh": force}
        try:
            answer = self._transport.post("/cgi-bin/stable_token", {}, body)
        except WeChatUnknown:
            answer = {}
        if not answer:
            # Whatever became of this request, the call it was for was not made.
            raise WeChatUnreachable("no access token could be fetched")
        return _text(answer, "access_token"), _integer(answer, "expires_in")

    def _credentials(self) -> dict[str, Any]:
        return {
            "appid": self._settings.wechat_app_id,
            "secret": self._settings.wechat_app_secret.get_secret_value(),
        }


def _text(answer: dict[str, Any], key: str) -> str:
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise WeChatBusy(f"the answer has no {key}")
    return value


def _integer(answer: dict[str, Any], key: str) -> int:
    value = answer.get(key)
    if not isinstance(value, int):
        raise WeChatBusy(f"the answer has no {key}")
    return value
