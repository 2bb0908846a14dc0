"""The addresses of api.weixin.qq.com that the product calls, with WeChat's manners."""

import io
import json
import secrets
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import quote

import segno
from flask import Blueprint, Response, current_app, request

from backend.sandbox import rules
from backend.sandbox.push import Pusher
from backend.sandbox.rules import Refusal
from backend.sandbox.world import World

api = Blueprint("wechat", __name__)

Answer = dict[str, Any] | Response
_OK = {"errcode": 0, "errmsg": "ok"}


def world() -> World:
    found: World = current_app.extensions["sandbox_world"]
    return found


def pusher() -> Pusher:
    found: Pusher = current_app.extensions["sandbox_pusher"]
    return found


def trace_id() -> str:
    return "-".join(secrets.token_hex(4) for _ in range(3))


def refusal_body(error: Refusal) -> bytes:
    """The error message ends in a request id, as WeChat's do: only the code can be relied on."""
    body = {"errcode": error.errcode, "errmsg": f"{error.errmsg} rid: {trace_id()}"}
    return json.dumps(body, ensure_ascii=False).encode()


@api.errorhandler(Refusal)
def refused(error: Refusal) -> Response:
    return Response(refusal_body(error), mimetype="application/json")


def _json_body() -> Mapping[str, Any]:
    raw = request.get_data()
    if not raw:
        raise Refusal(44002)
    try:
        body = json.loads(raw.decode("utf-8"))
    except ValueError:
        raise Refusal(47001) from None
    if not isinstance(body, dict):
        raise Refusal(47001)
    return body


def _check_credentials(appid: Any, secret: Any) -> None:
    if not appid:
        raise Refusal(41002)
    if not secret:
        raise Refusal(41004)
    account = world().account
    if appid != account.app_id:
        raise Refusal(40013)
    if secret != account.app_secret:
        raise Refusal(40125)


def _post_with_token(path: str) -> Callable[..., Callable[[], Answer]]:
    """A call that is a POST of JSON with an access token in the query."""

    def decorate(view: Callable[[Mapping[str, Any]], Answer]) -> Callable[[], Answer]:
        @api.route(path, methods=["GET", "POST"])
        @wraps(view)
        def checked() -> Answer:
            if request.method != "POST":
                raise Refusal(43002)
            world().check_token(request.args.get("access_token"))
            return view(_json_body())

        return checked

    return decorate


@api.route("/sns/jscode2session", methods=["GET", "POST"])
def jscode2session() -> Answer:
    if request.method != "GET":
        raise Refusal(43001)
    args = request.args
    _check_credentials(args.get("appid"), args.get("secret"))
    if args.get("grant_type") != "authorization_code":
        raise Refusal(40002)
    if not args.get("js_code"):
        raise Refusal(41008)
    return world().sign_in(args["js_code"])


@api.route("/cgi-bin/stable_token", methods=["GET", "POST"])
def stable_token() -> Answer:
    if request.method != "POST":
        raise Refusal(43002)
    body = _json_body()
    _check_credentials(body.get("appid"), body.get("secret"))
    if body.get("grant_type") != "client_credential":
        raise Refusal(40002)
    return world().stable_token(force=body.get("force_refresh") is True)


@_post_with_token("/wxa/business/getuserphonenumber")
def phone_number(body: Mapping[str, Any]) -> Answer:
    number = world().phone_number(str(body.get("code") or ""))
    watermark = {"timestamp": int(world().store.now()), "appid": world().account.app_id}
    info = {
        "phoneNumber": number,
        "purePhoneNumber": number,
        "countryCode": "86",
        "watermark": watermark,
    }
    return _OK | {"phone_info": info}


@_post_with_token("/wxa/msg_sec_check")
def check_text(body: Mapping[str, Any]) -> Answer:
    _check_version_and_scene(body)
    content = body.get("content")
    if not isinstance(content, str) or not content:
        raise Refusal(44004)
    if rules.units(content) > rules.TEXT_LIMIT:
        raise Refusal(45002)
    suggest, label = world().judge_text(body.get("openid"), content)
    result = {"suggest": suggest, "label": label}
    detail = [{"strategy": "content_model", "errcode": 0, "prob": 90} | result]
    return _OK | {"result": result, "detail": detail, "trace_id": trace_id()}


@_post_with_token("/wxa/media_check_async")
def check_media(body: Mapping[str, Any]) -> Answer:
    _check_version_and_scene(body)
    url = body.get("media_url")
    if body.get("media_type") not in (1, 2):
        raise Refusal(40097, "media_type")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise Refusal(40066)
    openid = world().known_openid(body.get("openid"))
    trace = trace_id()
    pusher().check_media(openid, url, trace)
    return _OK | {"trace_id": trace}


def _check_version_and_scene(body: Mapping[str, Any]) -> None:
    if body.get("version") != 2:
        raise Refusal(40097, "version")
    if body.get("scene") not in (1, 2, 3, 4):
        raise Refusal(40129)


@_post_with_token("/cgi-bin/message/subscribe/send")
def send_message(body: Mapping[str, Any]) -> Answer:
    message_id = world().send(body)
    pusher().message_sent(body["touser"], body["template_id"], message_id)
    return _OK | {"msgid": message_id}


@_post_with_token("/wxa/getwxacodeunlimit")
def qr_code(body: Mapping[str, Any]) -> Answer:
    scene, page, width = body.get("scene"), body.get("page"), body.get("width", 430)
    if not rules.scene_accepted(scene):
        raise Refusal(40169)
    if page is not None and (not isinstance(page, str) or page.startswith("/") or "?" in page):
        raise Refusal(41030)
    if page is not None and body.get("check_path", True):
        world().check_page(page)
    if not isinstance(width, int) or not 280 <= width <= 1280:
        raise Refusal(40097, "width")
    code = segno.make(f"{page or ''}?scene={quote(str(scene), safe='')}", error="m", micro=False)
    image = io.BytesIO()
    code.save(image, kind="png", scale=max(1, width // code.symbol_size()[0]))
    return Response(image.getvalue(), mimetype="image/png")
