"""HTTP to WeChat: wechatpy's client, bounded in time, its failures turned into ours.

wechatpy's own token fetch and retry are not used: the fetch has no time limit and the retry no end.
Failures are raised outside the ``except`` blocks on purpose. The exceptions of requests quote the
address with the AppSecret in it, and one raised inside would keep them as its context.
"""

import logging
import re
from typing import Any, Final

import requests
import urllib3
from wechatpy.client.base import BaseWeChatClient
from wechatpy.exceptions import WeChatClientException

from backend.integrations.wechat.errors import (
    WeChatBusy,
    WeChatError,
    WeChatRefused,
    WeChatUnknown,
    WeChatUnreachable,
)
from backend.kernel.settings import Settings

_BUSY: Final = frozenset({-1, 45011})
_NOT_TAKEN: Final = 503
_SECRETS: Final = re.compile(r"\b(secret|access_token|js_code)=[^&\s\"']+")
_REQUEST_ID: Final = re.compile(r"rid: ([0-9a-f-]{1,40})")
_FIELD: Final = re.compile(r"data\.([a-z_]{1,24}\d{0,3})\.value")


class _NoSecrets(logging.Filter):
    """urllib3 writes whole addresses into its debug log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _SECRETS.sub(r"\1=***", record.getMessage())
        record.args = ()
        return True


for _name in ("urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_NoSecrets())


class Transport:
    """One kept-alive HTTP session; may be used by several threads.

    ``query`` and ``body`` may hold secrets: they go to WeChat and nowhere else.
    """

    def __init__(self, settings: Settings) -> None:
        seconds = settings.wechat_timeout_seconds
        self._client = BaseWeChatClient(
            settings.wechat_app_id, timeout=(seconds, seconds), auto_retry=False
        )
        self._base_url = settings.wechat_api_base_url

    def get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        """The JSON object answered. Raises WeChatError."""
        return _object(self._call("get", path, query))

    def post(
        self, path: str, query: dict[str, str], body: dict[str, Any], *, once: bool = False
    ) -> dict[str, Any]:
        """The JSON object answered. Raises WeChatError.

        ``once``: it must not happen twice. An answer that does not say whether it happened is then
        WeChatUnknown; otherwise it is WeChatBusy.
        """
        return _object(self._call("post", path, query, body, once=once), once=once)

    def post_for_image(self, path: str, query: dict[str, str], body: dict[str, Any]) -> bytes:
        """The PNG or JPEG answered. Raises WeChatError."""
        answer = self._call("post", path, query, body)
        content: bytes = answer.content if isinstance(answer, requests.Response) else b""
        if not content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
            raise WeChatBusy("no image was answered")
        return content

    def _call(
        self,
        method: str,
        path: str,
        query: dict[str, str],
        body: dict[str, Any] | None = None,
        *,
        once: bool = False,
    ) -> Any:
        failure: WeChatError
        try:
            return getattr(self._client, method)(
                self._base_url + path,
                # As a list: wechatpy would add a token of its own to a dictionary.
                params=list(query.items()),
                allow_redirects=False,
                **({} if body is None else {"data": body}),
            )
        except WeChatClientException as error:
            failure = _refusal(error, once)
        except requests.RequestException as error:
            failure = _lost(error)
        except (ValueError, TypeError, AttributeError, RecursionError):
            failure = _unreadable(once)
        raise failure


def _object(answer: Any, *, once: bool = False) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise _unreadable(once)
    return answer


def _unreadable(once: bool) -> WeChatError:
    return WeChatUnknown("unreadable answer") if once else WeChatBusy("unreadable answer")


def _refusal(error: WeChatClientException, once: bool) -> WeChatError:
    if error.errcode is None:
        status = error.response.status_code
        if once and status >= 500 and status != _NOT_TAKEN:
            return WeChatUnknown(f"HTTP status {status}")
        return WeChatBusy(f"HTTP status {status}")
    if error.errcode in _BUSY:
        return WeChatBusy(f"errcode {error.errcode}")
    message = str(error.errmsg)
    request_id, field = _REQUEST_ID.search(message), _FIELD.search(message)
    return WeChatRefused(
        error.errcode,
        request_id=request_id[1] if request_id else "",
        field=field[1] if field else "",
    )


def _lost(error: requests.RequestException) -> WeChatError:
    """Whether the request can have left: only a connection that was never made is certain."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError) or isinstance(
        reason, urllib3.exceptions.NewConnectionError
    ):
        return WeChatUnreachable("no connection")
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE" in str(reason):
        return WeChatUnreachable("its certificate is not valid")
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
        return WeChatUnreachable("the configured address is not one")
    return WeChatUnknown("no answer")
