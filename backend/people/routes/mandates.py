"""Mandates (代办)."""

from typing import Any
from uuid import UUID

from backend.kernel.clock import now
from backend.kernel.errors import Forbidden
from backend.kernel.json import dumps
from backend.people import errors, schemas, service
from backend.people.routes.base import blueprint
from backend.web.api import problems
from backend.web.auth import current_actor
from backend.web.idempotency import idempotent
from backend.web.limits import sign_in_limited


@blueprint.route("/me/mandates")
@blueprint.response(200, schemas.Mandates)
def mandates() -> str:
    """Who may act for the caller, and for whom the caller may act, newest first."""
    return service.mandates_of(current_actor(), now())


@blueprint.route("/me/mandates", methods=["POST"])
@idempotent
@blueprint.arguments(schemas.MandateTerms)
@blueprint.response(201, schemas.NewMandateCode)
def offer_mandate(body: dict[str, Any]) -> bytes:
    """Make a code for whoever is to act for the caller. It works once, within ten minutes."""
    made = service.offer(current_actor(), service.Terms(**body), now())
    return dumps({"code": made.code, "expires_at": made.expires_at})


@blueprint.route("/mandates/claim", methods=["POST"])
@idempotent
@sign_in_limited
@blueprint.arguments(schemas.MandateCode)
@blueprint.response(201, schemas.MandateView)
@problems(
    errors.MandateCodeUnknown,
    errors.MandateCodeUsed,
    errors.MandateCodeExpired,
    errors.MandateForOneself,
)
def claim_mandate(body: dict[str, Any]) -> bytes:
    """Take up a code: from now on the caller may act for whoever made it."""
    actor, moment = current_actor(), now()
    return service.mandate(actor, service.claim(actor, body["code"], moment), moment)


@blueprint.route("/mandates/requests", methods=["POST"])
@idempotent
@sign_in_limited
@blueprint.arguments(schemas.MandateRequest)
@blueprint.response(202, schemas.Nothing)
def ask_for_mandate(body: dict[str, Any]) -> bytes:
    """Ask somebody to let the caller act for them.

    Who has this name and telephone is told and can confirm. The answer is the same whether or not
    there is such a person.
    """
    name, phone = body.pop("name"), body.pop("phone")
    service.ask(current_actor(), name, phone, service.Terms(**body), now())
    return b"{}"


@blueprint.route("/mandates/recorded", methods=["POST"])
@idempotent
@blueprint.arguments(schemas.RecordedConsent)
@blueprint.response(201, schemas.MandateView)
@problems(Forbidden, errors.AreaUnknown, errors.EvidenceNotAvailable)
def record_mandate(body: dict[str, Any]) -> bytes:
    """A grid worker writes down the consent of somebody without an account, in their own area."""
    actor, moment = current_actor(), now()
    terms = service.Terms(body.pop("scopes"), body.pop("valid_days"))
    mandate_id = service.record(actor, service.Consent(**body), terms, moment)
    return service.mandate(actor, mandate_id, moment)


@blueprint.route("/mandates/<uuid:mandate_id>")
@blueprint.response(200, schemas.MandateEvidence)
def mandate(mandate_id: UUID) -> bytes:
    """One of the caller's mandates, with what was said or signed."""
    return service.mandate_with_evidence(current_actor(), mandate_id, now())


@blueprint.route("/mandates/<uuid:mandate_id>/confirm", methods=["POST"])
@idempotent
@blueprint.response(200, schemas.MandateView)
@problems(errors.MandateNotOpen)
def confirm_mandate(mandate_id: UUID) -> bytes:
    """Let whoever asked act for the caller."""
    actor, moment = current_actor(), now()
    service.confirm(actor, mandate_id, moment)
    return service.mandate(actor, mandate_id, moment)


@blueprint.route("/mandates/<uuid:mandate_id>", methods=["DELETE"])
@blueprint.response(204)
def revoke_mandate(mandate_id: UUID) -> None:
    """End a mandate at once, by either side; or decline one that was asked for."""
    service.revoke_mandate(current_actor(), mandate_id, now())
