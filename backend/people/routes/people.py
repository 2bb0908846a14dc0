"""Sessions, oneself, roles."""

from typing import Any
from uuid import UUID

from flask import current_app

from backend.integrations.wechat import WeChat
from backend.kernel.clock import now
from backend.kernel.db import connection
from backend.kernel.errors import Forbidden
from backend.kernel.json import dumps
from backend.people import errors, schemas, service
from backend.people.routes.base import blueprint
from backend.web.api import problems
from backend.web.auth import bearer_token, current_actor, without_database
from backend.web.errors import Busy
from backend.web.idempotency import idempotent
from backend.web.language import language
from backend.web.limits import sign_in_limited


def _wechat() -> WeChat:
    client: WeChat = current_app.extensions["wechat"]
    return client


def _session_days() -> int:
    days: int = current_app.extensions["settings"].session_days
    return days


@blueprint.route("/sessions", methods=["POST"])
@without_database  # none is held while WeChat is asked
@sign_in_limited
@blueprint.arguments(schemas.SignIn)
@blueprint.response(201, schemas.NewSession)
@problems(
    errors.WechatCodeInvalid,
    errors.WechatUserBlocked,
    errors.WechatUnavailable,
    Busy,
)
def sign_in(body: dict[str, Any]) -> bytes:
    """Sign in with the code of ``wx.login``; the first time creates the person."""
    moment = now()
    signed_in = service.sign_in(
        _wechat(), body["code"], language(), moment, session_days=_session_days()
    )
    with connection():
        person = service.me(signed_in.person_id, moment)
    return b'{"person":' + person + b"," + _token(signed_in)[1:]


@blueprint.route("/sessions/renew", methods=["POST"])
@blueprint.response(200, schemas.RenewedSession)
def renew() -> bytes:
    """A new token for the one in use; if the answer is lost, ask again with the old one."""
    return _token(service.renew(bearer_token(), now(), session_days=_session_days()))


def _token(signed_in: service.SignedIn) -> bytes:
    return dumps({"token": signed_in.token, "expires_at": signed_in.expires_at})


@blueprint.route("/sessions/current", methods=["DELETE"])
@blueprint.response(204)
def sign_out() -> None:
    """Sign out on this device."""
    service.sign_out(current_actor(), now())


@blueprint.route("/sessions", methods=["DELETE"])
@blueprint.response(204)
def sign_out_everywhere() -> None:
    """Sign out on every device."""
    service.sign_out_everywhere(current_actor(), now())


@blueprint.route("/me")
@blueprint.response(200, schemas.Me)
def me() -> bytes:
    """Oneself."""
    return service.me(current_actor().id, now())


@blueprint.route("/me", methods=["PUT"])
@blueprint.arguments(schemas.ProfileChanges)
@blueprint.response(200, schemas.Me)
@problems(errors.AreaUnknown)
def update_me(body: dict[str, Any]) -> bytes:
    """The fields that are given are replaced, omitted ones stay; null clears a value.

    A PUT, because a mini-program's requests know no PATCH.
    """
    actor, moment = current_actor(), now()
    service.update_profile(actor, body, moment)
    return service.me(actor.id, moment)


@blueprint.route("/me/phone", methods=["PUT"])
@blueprint.arguments(schemas.PhoneChange)
@blueprint.response(200, schemas.Me)
@problems(errors.PhoneCodeInvalid, errors.WechatUnavailable)
def set_phone(body: dict[str, Any]) -> bytes:
    """Give one's telephone: verified by WeChat, or typed."""
    actor, moment = current_actor(), now()
    if "code" in body:
        service.set_phone_from_wechat(actor, _wechat(), body["code"], moment)
    else:
        service.set_phone(actor, body["phone"])
    return service.me(actor.id, moment)


@blueprint.route("/invitations", methods=["POST"])
@idempotent
@blueprint.arguments(schemas.InvitationRequest)
@blueprint.response(201, schemas.NewInvitation)
@problems(
    Forbidden,
    errors.RoleScopeInvalid,
    errors.RoleTermInvalid,
    errors.UnitUnknown,
    errors.AreaUnknown,
)
def invite(body: dict[str, Any]) -> bytes:
    """Offer a role to whoever first brings the code."""
    invitation = service.invite(current_actor(), now=now(), **body)
    return dumps({"code": invitation.code, "expires_at": invitation.expires_at})


@blueprint.route("/me/roles", methods=["POST"])
@idempotent
@sign_in_limited
@blueprint.arguments(schemas.InvitationCode)
@blueprint.response(201, schemas.Me)
@problems(
    errors.InvitationUnknown,
    errors.InvitationUsed,
    errors.InvitationExpired,
    errors.InvitationNotForYou,
)
def accept_invitation(body: dict[str, Any]) -> bytes:
    """Take up an invitation; it works once."""
    actor, moment = current_actor(), now()
    service.accept_invitation(actor, body["invitation_code"], moment)
    return service.me(actor.id, moment)


@blueprint.route("/people/roles/<uuid:role_id>", methods=["DELETE"])
@blueprint.response(204)
@problems(Forbidden, errors.LastAdmin)
def revoke(role_id: UUID) -> None:
    """Take a role back, at once."""
    service.revoke(current_actor(), role_id, now())


@blueprint.route("/units/<uuid:unit_id>/members")
@blueprint.response(200, schemas.UnitMembers)
@problems(Forbidden)
def members(unit_id: UUID) -> bytes:
    """Who works in a unit: leads first, then by name."""
    return b'{"items":' + service.members(current_actor(), unit_id, now()).encode() + b"}"
