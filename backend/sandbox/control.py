"""``/_sandbox/``: the other side of the pretended WeChat, for the demo page and for tests."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, request

from backend.sandbox.api import pusher, refusal_body, world
from backend.sandbox.rules import Refusal
from backend.sandbox.wire import KINDS, Wire

control = Blueprint("control", __name__, url_prefix="/_sandbox")

Body = dict[str, Any]


@control.errorhandler(Refusal)
def refused(error: Refusal) -> Response:
    return Response(refusal_body(error), 400, mimetype="application/json")


@control.errorhandler(KeyError)
@control.errorhandler(TypeError)
@control.errorhandler(ValueError)
def malformed(error: Exception) -> tuple[Body, int]:
    return {"error": f"{type(error).__name__}: {error}"}, 400


@control.after_request
def allow_origin(response: Response) -> Response:
    """Pages of one other origin, given at the start, may call; no others."""
    allowed = current_app.config["SANDBOX_CONTROL_ORIGIN"]
    response.headers["Vary"] = "Origin"
    if allowed and request.headers.get("Origin") == allowed:
        response.headers["Access-Control-Allow-Origin"] = allowed
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
    return response


def _with_body(view: Callable[[Body], Any]) -> Callable[[], Any]:
    """JSON only: a form of another site cannot send it without asking first."""

    @wraps(view)
    def parsed() -> Any:
        if not request.is_json:
            return {"error": "send JSON"}, 415
        body = json.loads(request.get_data())
        if not isinstance(body, dict):
            raise TypeError("send an object")
        answer = view(body)
        return ("", 204) if answer is None else answer

    return parsed


@control.get("/health")
def health() -> Body:
    return {"status": "ok"}


@control.post("/reset")
@_with_body
def reset(_: Body) -> None:
    pusher().wait()
    wire: Wire = current_app.extensions["sandbox_wire"]
    wire.release()
    world().reset()


@control.post("/clock")
@_with_body
def advance(body: Body) -> None:
    """``{"advance_seconds": 301}``"""
    world().advance(float(body["advance_seconds"]))


@control.post("/people")
@_with_body
def add_person(body: Body) -> Body:
    """``{"name"}`` or ``{"openid", "name"?, "unionid"?, "blocked"?}``; the openid."""
    openid = body.get("openid") or world().person(body["name"])
    world().add_person(openid, body.get("name"), body.get("unionid"))
    world().block(openid, bool(body.get("blocked", False)))
    return {"openid": openid}


@control.post("/codes")
@_with_body
def issue_code(body: Body) -> Body:
    """``{"openid"}`` or ``{"name"}``; a code as ``wx.login`` gives."""
    return {"code": world().issue_code(body.get("openid") or world().person(body["name"]))}


@control.post("/phone-codes")
@_with_body
def issue_phone_code(body: Body) -> Body:
    """``{"phone"}``; a code as the button ``getPhoneNumber`` gives."""
    return {"code": world().issue_phone_code(str(body["phone"]))}


@control.post("/subscriptions")
@_with_body
def answer_popup(body: Body) -> Body:
    """``{"openid" | "name", "results": [{"template_id", "outcome": "accept"|"reject"}]}``

    Grants the credits and pushes ``subscribe_msg_popup_event``; the credits there are now.
    """
    openid = body.get("openid") or world().person(body["name"])
    world().answer_popup(openid, body["results"])
    pusher().popup_answered(openid, body["results"])
    return {"openid": openid, "credits": world().credits(openid)}


@control.delete("/subscriptions")
@_with_body
def switch_off(body: Body) -> None:
    """``{"openid", "template_ids"}``: turned off in WeChat's settings."""
    world().switch_off(body["openid"], body["template_ids"])
    pusher().switched_off(body["openid"], body["template_ids"])


@control.get("/credits")
def credits() -> Body:
    return {"credits": world().credits(request.args["openid"])}


@control.get("/messages")
def messages() -> Body:
    """``?openid=`` or ``?name=`` (neither: everybody's), newest first."""
    name = request.args.get("name")
    openid = request.args.get("openid") or (world().person(name) if name else None)
    return {"items": world().messages(openid)}


@control.get("/templates")
def templates() -> Body:
    return {"items": world().templates()}


@control.put("/templates")
@_with_body
def register_templates(body: Body) -> None:
    """``{"items": [{"template_id", "title", "kind", "fields": [{"key", "label"}]}]}``"""
    for item in body["items"]:
        world().register_template(
            item["template_id"], item["title"], item["fields"], item.get("kind", "one_time")
        )


@control.put("/pages")
@_with_body
def set_pages(body: Body) -> None:
    """``{"pages": ["pages/home/index", …]}``: what the release contains."""
    world().set_pages(body["pages"])


@control.put("/push")
@_with_body
def set_push(body: Body) -> None:
    """``{"url"?, "token"?, "encoding_aes_key"?, "delay_seconds"?}``; no AES key: plain text."""
    names = {"url": "push_url", "token": "push_token", "encoding_aes_key": "encoding_aes_key"}
    world().set_push(**{names[key]: str(body[key]) for key in names if key in body})
    if "delay_seconds" in body:
        world().store.put("push_delay", float(body["delay_seconds"]))


@control.get("/pushes")
def pushes() -> Body:
    """What was pushed and how it was answered, newest first. ``?wait=1``: once all is delivered."""
    if request.args.get("wait"):
        pusher().wait()
    rows = world().store.rows("SELECT * FROM pushes ORDER BY id DESC")
    return {"items": [row | {"message": json.loads(row["message"])} for row in rows]}


@control.put("/verdicts")
@_with_body
def set_verdicts(body: Body) -> None:
    """``{"words": {"word": {"suggest", "label"}}, "media": [{"part", "suggest", "label"}]}``

    ``part`` is a part of the image's address.
    """
    for key, name in (("words", "words"), ("media", "media_verdicts")):
        if key in body:
            world().store.put(name, body[key])


@control.post("/faults")
@_with_body
def add_fault(body: Body) -> None:
    """``{"path": "/wxa/msg_sec_check"|"*", "kind", "times": 1|null, …}``; see ``wire``."""
    options = {key: body[key] for key in body if key not in ("path", "kind", "times")}
    if body["kind"] not in KINDS or (body["kind"] == "errcode" and "errcode" not in options):
        raise ValueError(f"kind is one of {', '.join(KINDS)}; errcode needs an errcode")
    world().add_fault(body["path"], body["kind"], body.get("times", 1), options)


@control.delete("/faults")
def clear_faults() -> tuple[str, int]:
    wire: Wire = current_app.extensions["sandbox_wire"]
    wire.release()
    world().clear_faults()
    return "", 204


@control.post("/tokens/revoke")
@_with_body
def revoke_tokens(_: Body) -> None:
    world().revoke_tokens()


@control.get("/calls")
def calls() -> Body:
    """``?path=``: the calls made, oldest first, and how many."""
    found = world().calls(request.args.get("path"))
    return {"count": len(found), "items": found}
