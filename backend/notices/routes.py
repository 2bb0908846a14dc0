"""The inbox, grants of WeChat messages, and the door WeChat pushes through."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, current_app, request

from backend.integrations.wechat import BadPush, check_signature, decrypt_push, events
from backend.kernel.clock import now
from backend.kernel.json import dumps
from backend.kernel.settings import Settings
from backend.notices import pushes, queries, service
from backend.notices.errors import PushNotGenuine, PushUnreadable
from backend.notices.schemas import (
    AskQuery,
    NoticeView,
    PushQuery,
    ReadNotices,
    ReportAnswers,
    TemplatesView,
    UnreadView,
)
from backend.notices.service import Answer
from backend.web.api import Blueprint, problems
from backend.web.auth import current_actor, public
from backend.web.etag import conditional, etagged
from backend.web.idempotency import HEADER, idempotent
from backend.web.limits import signed_calls
from backend.web.pages import PageQuery, page, page_of

blueprint = Blueprint(
    "notices", __name__, description="What people are told, and what WeChat may send them"
)


@blueprint.route("/api/notices", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, page_of(NoticeView))
def inbox(query: dict[str, Any]) -> bytes:
    """The caller's notices, newest first."""
    actor, limit = current_actor(), query["limit"]
    items = service.inbox(actor.id, actor.language, _place(query["cursor"]), limit + 1)
    shown = items[:limit]
    more = len(items) > limit
    return page(dumps(shown).decode(), (shown[-1]["at"], shown[-1]["id"]) if more else None)


def _place(cursor: tuple[Any, ...] | None) -> tuple[datetime, UUID] | None:
    return cursor and (datetime.fromisoformat(cursor[0]), UUID(cursor[1]))


@blueprint.route("/api/notices/unread", methods=["GET"])
@etagged
@blueprint.response(200, UnreadView)
def unread() -> Response:
    """How many notices the caller has not read."""
    return conditional(dumps({"count": queries.unread(current_actor().id)}))


@blueprint.route("/api/notices/read", methods=["POST"])
@idempotent
@blueprint.arguments(ReadNotices)
@blueprint.response(204)
def mark_read(body: dict[str, Any]) -> None:
    """Mark some notices as read, or all."""
    service.mark_read(current_actor().id, body.get("ids"), now())


@blueprint.route("/api/subscriptions", methods=["GET"])
@blueprint.arguments(AskQuery, location="query")
@blueprint.response(200, TemplatesView)
def to_ask(query: dict[str, Any]) -> bytes:
    """The templates worth asking the caller for now, for one `wx.requestSubscribeMessage`."""
    actor = current_actor()
    return dumps({"templates": service.to_ask(actor.id, query["moment"], actor.language)})


@blueprint.route("/api/subscriptions", methods=["POST"])
@idempotent
@blueprint.arguments(ReportAnswers)
@blueprint.response(201, TemplatesView)
def record_answers(body: dict[str, Any]) -> bytes:
    """Report what the person answered; the same templates with the credits there are now."""
    actor = current_actor()
    answers = [Answer(**result) for result in body["results"]]
    source = f"client:{actor.id}:{request.headers[HEADER]}"
    counted = service.record_answers(actor.id, answers, source, actor.language, now())
    return dumps({"templates": counted})


@blueprint.route("/wechat/push", methods=["GET"])
@public
@signed_calls
@blueprint.arguments(PushQuery, location="query")
@blueprint.response(200, {"type": "string"}, content_type="text/plain")
@problems(PushNotGenuine)
def check_address(query: dict[str, str]) -> Response:
    """WeChat checks that this address is ours: the same text back."""
    token = _settings().wechat_push_token.get_secret_value()
    if not check_signature(token, query["timestamp"], query["nonce"], query["signature"]):
        raise PushNotGenuine
    return Response(query["echostr"], mimetype="text/plain")


@blueprint.route("/wechat/push", methods=["POST"])
@public
@signed_calls
@blueprint.response(200, {"type": "string"}, content_type="text/plain")
@problems(PushNotGenuine, PushUnreadable)
def receive_push() -> Response:
    """WeChat tells of an event: kept, and answered at once."""
    try:
        message = decrypt_push(request.get_data(), request.args, _settings())
    except BadPush:
        raise PushNotGenuine from None
    try:
        told = events(message)
    except BadPush:
        raise PushUnreadable from None
    pushes.keep(told, now())
    return Response("success", mimetype="text/plain")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
