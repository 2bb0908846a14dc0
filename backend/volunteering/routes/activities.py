"""HTTP of activities: found by everybody, kept by their organisers."""

from typing import Any
from uuid import UUID

from backend.attachments.rules import AttachmentNotAvailable, TooManyAttachments
from backend.kernel.clock import now
from backend.kernel.errors import Forbidden, NotFound
from backend.volunteering import errors, terms
from backend.volunteering.routes.base import blueprint
from backend.volunteering.schemas import activities as schemas
from backend.volunteering.service import activities as service
from backend.volunteering.service import shifts, viewing
from backend.volunteering.service.shifts import Times
from backend.web.api import problems
from backend.web.auth import current_actor, public, without_database
from backend.web.idempotency import idempotent
from backend.web.language import language
from backend.web.pages import page, page_of

ONE = "/activities/<uuid:activity_id>"
SHIFT = "/shifts/<uuid:shift_id>"
_PLAN = (
    NotFound,
    Forbidden,
    errors.InsuranceNeeded,
    AttachmentNotAvailable,
    TooManyAttachments,
)
_CHANGE = (NotFound, Forbidden, errors.ActivityChanged)


@blueprint.route("/volunteering/terms", methods=["GET"])
@public
@without_database
@blueprint.response(200, schemas.VolunteeringTerms)
def volunteering_terms() -> bytes:
    """Kinds of activities, and skills, in the reader's language."""
    return terms.public_json(language())


@blueprint.route("/activities", methods=["GET"])
@blueprint.arguments(schemas.ActivitiesQuery, location="query")
@blueprint.response(200, page_of(schemas.ActivityItem))
def activities(query: dict[str, Any]) -> bytes:
    """Activities around a place with a shift to come, the next one first."""
    actor, moment = current_actor(), now()
    found = viewing.search(
        actor,
        moment,
        area_code=query.get("area"),
        near=query["near"],
        kind=query.get("kind"),
        from_on=query.get("from_on"),
        to_on=query.get("to_on"),
        after=query["cursor"],
        limit=query["limit"],
    )
    return page(viewing.items(found, actor.id, moment), found.next_key)


@blueprint.route(ONE, methods=["GET"])
@blueprint.response(200, schemas.Activity)
@problems(NotFound)
def activity(activity_id: UUID) -> bytes:
    """One activity with its shifts, and whether the caller can sign up for each."""
    return viewing.activity(current_actor(), activity_id, now())


@blueprint.route("/me/organisations", methods=["GET"])
@blueprint.response(200, schemas.VolunteerOrganisations)
@problems(Forbidden)
def own_organisations() -> str:
    """The organisations whose activities the caller runs."""
    return viewing.organisations(current_actor())


@blueprint.route("/organisations", methods=["POST"])
@blueprint.arguments(schemas.CreateOrganisation)
@blueprint.response(201, schemas.VolunteerOrganisations)
@problems(Forbidden, errors.OrganisationExists)
@idempotent
def create_organisation(body: dict[str, Any]) -> str:
    """Enter a station or a team of an area the caller organises in; all of the caller's."""
    actor = current_actor()
    service.create_organisation(actor, body["name"], body["area_code"], body["phone"], now())
    return viewing.organisations(actor)


@blueprint.route("/organisations/<uuid:organisation_id>", methods=["PUT"])
@blueprint.arguments(schemas.ChangeOrganisation)
@blueprint.response(200, schemas.VolunteerOrganisations)
@problems(NotFound, Forbidden, errors.OrganisationExists)
def change_organisation(body: dict[str, Any], organisation_id: UUID) -> str:
    """Its name and telephone; all of the caller's."""
    actor = current_actor()
    service.rename_organisation(actor, organisation_id, body["name"], body["phone"])
    return viewing.organisations(actor)


@blueprint.route("/organiser/activities", methods=["GET"])
@blueprint.arguments(schemas.DeskQuery, location="query")
@blueprint.response(200, page_of(schemas.OrganisedActivity))
@problems(Forbidden)
def organised_activities(query: dict[str, Any]) -> bytes:
    """What the caller organises, and what waits for them."""
    actor, moment = current_actor(), now()
    found = viewing.desk(actor, query["state"], query["cursor"], query["limit"], moment)
    return page(viewing.items(found, actor.id, moment), found.next_key)


@blueprint.route("/activities", methods=["POST"])
@blueprint.arguments(schemas.CreateActivity)
@blueprint.response(201, schemas.Activity)
@problems(*_PLAN, errors.ShiftsOverlap, errors.ShiftOver)
@idempotent
def create_activity(body: dict[str, Any]) -> bytes:
    """A draft, with its shifts; a repeating activity is one with many."""
    actor, moment = current_actor(), now()
    activity_id = service.create(actor, body["plan"], body["shifts"], moment)
    return viewing.activity(actor, activity_id, moment)


@blueprint.route(ONE, methods=["PUT"])
@blueprint.arguments(schemas.ChangeActivity)
@blueprint.response(200, schemas.Activity)
@problems(*_PLAN, errors.ActivityChanged, errors.ActivityOver)
def change_activity(body: dict[str, Any], activity_id: UUID) -> bytes:
    """Say it differently; whoever signed up keeps the place."""
    actor, moment = current_actor(), now()
    service.edit(actor, activity_id, body["version"], body["plan"], moment)
    return viewing.activity(actor, activity_id, moment)


@blueprint.route(f"{ONE}/publish", methods=["POST"])
@blueprint.arguments(schemas.ActivityVersion)
@blueprint.response(200, schemas.Activity)
@problems(*_CHANGE, errors.ActivityNotDraft, errors.ActivityWithoutShift)
@idempotent
def publish_activity(body: dict[str, Any], activity_id: UUID) -> bytes:
    """From now on everybody sees it and can sign up."""
    actor, moment = current_actor(), now()
    service.publish(actor, activity_id, body["version"], moment)
    return viewing.activity(actor, activity_id, moment)


@blueprint.route(f"{ONE}/cancel", methods=["POST"])
@blueprint.arguments(schemas.CancelWithReason)
@blueprint.response(200, schemas.Activity)
@problems(*_CHANGE, errors.ActivityOver)
@idempotent
def cancel_activity(body: dict[str, Any], activity_id: UUID) -> bytes:
    """It does not take place; whoever signed up is told."""
    actor, moment = current_actor(), now()
    service.cancel(actor, activity_id, body["version"], body["reason"], moment)
    return viewing.activity(actor, activity_id, moment)


@blueprint.route(f"{ONE}/shifts", methods=["POST"])
@blueprint.arguments(schemas.ShiftTimes)
@blueprint.response(201, schemas.Activity)
@problems(NotFound, Forbidden, errors.ActivityOver, errors.ShiftOver, errors.ShiftsOverlap)
@idempotent
def add_shift(body: Times, activity_id: UUID) -> bytes:
    """Another time at which it is done."""
    actor, moment = current_actor(), now()
    service.add_shift(actor, activity_id, body, moment)
    return viewing.activity(actor, activity_id, moment)


@blueprint.route(SHIFT, methods=["PUT"])
@blueprint.arguments(schemas.ChangeShift)
@blueprint.response(200, schemas.Activity)
@problems(*_CHANGE, errors.ShiftOver, errors.CapacityBelowTaken, errors.ShiftsOverlap)
def change_shift(body: dict[str, Any], shift_id: UUID) -> bytes:
    """Move it or change its places. With other times everybody is asked whether they still come;
    whose other shift clashes with them loses the place, and is told."""
    actor, moment = current_actor(), now()
    activity_id = shifts.change(actor, shift_id, body["version"], body["times"], moment)
    return viewing.activity(actor, activity_id, moment)


@blueprint.route(f"{SHIFT}/cancel", methods=["POST"])
@blueprint.arguments(schemas.CancelWithReason)
@blueprint.response(200, schemas.Activity)
@problems(*_CHANGE, errors.ShiftOver)
@idempotent
def cancel_shift(body: dict[str, Any], shift_id: UUID) -> bytes:
    """It does not take place; whoever signed up is told."""
    actor, moment = current_actor(), now()
    activity_id = shifts.cancel(actor, shift_id, body["version"], body["reason"], moment)
    return viewing.activity(actor, activity_id, moment)
