"""HTTP of volunteers: signing up, being there, the roster, hours."""

from typing import Any
from uuid import UUID

from backend.kernel.clock import now
from backend.kernel.errors import Forbidden, MandateNotInForce, NotFound
from backend.kernel.json import dumps
from backend.people.errors import AreaUnknown
from backend.volunteering import errors
from backend.volunteering.routes.base import blueprint
from backend.volunteering.schemas import signups as schemas
from backend.volunteering.service import hours, presence, signing_up, viewing, volunteers
from backend.volunteering.service.volunteers import Profile
from backend.web.api import problems
from backend.web.auth import current_actor
from backend.web.idempotency import idempotent
from backend.web.limits import sign_in_limited
from backend.web.pages import PageQuery, page, page_of

SHIFT = "/shifts/<uuid:shift_id>"
ONE = "/signups/<uuid:signup_id>"
HOURS = "/hours/<uuid:hours_id>"
_SCAN = (
    NotFound,
    Forbidden,
    errors.OwnPresence,
    errors.SignupChanged,
    errors.PresenceNotNow,
    errors.ShiftCodeWrong,
    errors.ShiftCodeOld,
    errors.ShiftCodeOfAnother,
)
_ORGANISER = (NotFound, Forbidden, errors.OwnPresence, errors.SignupChanged)


@blueprint.route("/me/volunteer", methods=["GET"])
@blueprint.arguments(schemas.VolunteerQuery, location="query")
@blueprint.response(200, schemas.Volunteer)
@problems(NotFound, MandateNotInForce)
def own_volunteer(query: dict[str, Any]) -> bytes:
    """What the caller, or whom they act for, said as a volunteer; 404 before."""
    return dumps(volunteers.own(current_actor(), query["mandate_id"], now()))


@blueprint.route("/me/volunteer", methods=["PUT"])
@blueprint.arguments(schemas.SayVolunteer)
@blueprint.response(200, schemas.Volunteer)
@problems(MandateNotInForce, errors.GuardianNeeded)
def say_volunteer(body: dict[str, Any]) -> bytes:
    """Birth date, skills, and under 18 the guardian who consents."""
    return dumps(volunteers.join(current_actor(), Profile(**body), now()))


@blueprint.route(f"{SHIFT}/signups", methods=["POST"])
@blueprint.arguments(schemas.SignUp)
@blueprint.response(201, schemas.Signup)
@problems(
    NotFound,
    MandateNotInForce,
    errors.ShiftOver,
    errors.RegistrationNotOpen,
    errors.RegistrationClosed,
    errors.VolunteerNameNeeded,
    errors.VolunteerProfileNeeded,
    errors.TooYoung,
    errors.GuardianNeeded,
    errors.SkillsMissing,
    errors.SignedUpAlready,
    errors.OverlappingSignup,
    errors.ShiftFull,
)
@idempotent
def sign_up(body: dict[str, Any], shift_id: UUID) -> bytes:
    """Take a place; where none is free, wait in line; where the organiser says yes first, apply."""
    actor, moment = current_actor(), now()
    signup_id = signing_up.sign_up(actor, shift_id, body["mandate_id"], moment)
    return viewing.signup(actor, signup_id, moment)


@blueprint.route("/me/signups", methods=["GET"])
@blueprint.arguments(schemas.OwnSignupsQuery, location="query")
@blueprint.response(200, page_of(schemas.Signup))
def own_signups(query: dict[str, Any]) -> bytes:
    """The caller's sign-ups and those they made for others, to come or past."""
    return page(
        *viewing.own_signups(current_actor(), query["when"], query["cursor"], query["limit"], now())
    )


@blueprint.route(ONE, methods=["GET"])
@blueprint.response(200, schemas.Signup)
@problems(NotFound)
def signup(signup_id: UUID) -> bytes:
    """One sign-up, and what can be done with it now."""
    return viewing.signup(current_actor(), signup_id, now())


@blueprint.route(f"{ONE}/cancel", methods=["POST"])
@blueprint.response(200, schemas.Signup)
@problems(NotFound, Forbidden, errors.SignupChanged, errors.SignupCancelTooLate)
@idempotent
def cancel_signup(signup_id: UUID) -> bytes:
    """They do not come; the place goes to who waits."""
    actor, moment = current_actor(), now()
    signing_up.cancel(actor, signup_id, moment)
    return viewing.signup(actor, signup_id, moment)


@blueprint.route(f"{ONE}/accept", methods=["POST"])
@blueprint.response(200, schemas.Signup)
@problems(NotFound, Forbidden, errors.SignupChanged, errors.PlaceOfferExpired)
@idempotent
def accept_place(signup_id: UUID) -> bytes:
    """Take the place that is offered."""
    actor, moment = current_actor(), now()
    signing_up.accept(actor, signup_id, moment)
    return viewing.signup(actor, signup_id, moment)


@blueprint.route(f"{ONE}/keep", methods=["POST"])
@blueprint.response(200, schemas.Signup)
@problems(NotFound, Forbidden, errors.SignupChanged)
@idempotent
def keep_signup(signup_id: UUID) -> bytes:
    """They come although the shift was changed."""
    actor, moment = current_actor(), now()
    signing_up.keep(actor, signup_id, moment)
    return viewing.signup(actor, signup_id, moment)


@blueprint.route(f"{ONE}/check-in", methods=["POST"])
@sign_in_limited
@blueprint.arguments(schemas.ScannedCode)
@blueprint.response(200, schemas.Signup)
@problems(*_SCAN)
@idempotent
def check_in_volunteer(body: dict[str, Any], signup_id: UUID) -> bytes:
    """The volunteer is there, by the code on the organiser's screen."""
    actor, moment = current_actor(), now()
    presence.check_in(actor, signup_id, body["code"], body["kept"], moment)
    return viewing.signup(actor, signup_id, moment)


@blueprint.route(f"{ONE}/check-out", methods=["POST"])
@sign_in_limited
@blueprint.arguments(schemas.ScannedCode)
@blueprint.response(200, schemas.Signup)
@problems(*_SCAN, errors.NotCheckedIn, errors.HoursOverlap)
@idempotent
def check_out_volunteer(body: dict[str, Any], signup_id: UUID) -> bytes:
    """The volunteer goes; the time in the shift counts at once."""
    actor, moment = current_actor(), now()
    presence.check_out(actor, signup_id, body["code"], body["kept"], moment)
    return viewing.signup(actor, signup_id, moment)


@blueprint.route(f"{SHIFT}/code", methods=["GET"])
@blueprint.response(200, schemas.ShiftCode)
@problems(NotFound, Forbidden, errors.ShiftOver, errors.PresenceNotNow)
def shift_code(shift_id: UUID) -> bytes:
    """What the organiser's screen shows for half a minute."""
    return dumps(presence.code(current_actor(), shift_id, now()))


@blueprint.route(f"{SHIFT}/roster", methods=["GET"])
@blueprint.response(200, schemas.Roster)
@problems(NotFound, Forbidden)
def roster(shift_id: UUID) -> bytes:
    """Who signed up and who was there. Reading it is recorded."""
    return viewing.roster(current_actor(), shift_id, now())


@blueprint.route(f"{SHIFT}/people", methods=["POST"])
@blueprint.arguments(schemas.AddPerson)
@blueprint.response(201, schemas.Roster)
@problems(
    NotFound,
    Forbidden,
    AreaUnknown,
    errors.ShiftOver,
    errors.ShiftFull,
    errors.SignedUpAlready,
    errors.OverlappingSignup,
)
@idempotent
def add_person(body: dict[str, Any], shift_id: UUID) -> bytes:
    """Give a place to somebody without a phone."""
    actor, moment = current_actor(), now()
    signing_up.add(actor, shift_id, body["name"], body["phone"], body["area_code"], moment)
    return viewing.roster(actor, shift_id, moment)


@blueprint.route(f"{ONE}/approve", methods=["POST"])
@blueprint.response(200, schemas.Roster)
@problems(*_ORGANISER, errors.ShiftFull)
@idempotent
def approve_signup(signup_id: UUID) -> bytes:
    """Say yes to an application; of somebody under 18, having spoken with the guardian."""
    actor, moment = current_actor(), now()
    return viewing.roster(actor, signing_up.approve(actor, signup_id, moment), moment)


@blueprint.route(f"{ONE}/decline", methods=["POST"])
@blueprint.arguments(schemas.DeclineSignup)
@blueprint.response(200, schemas.Roster)
@problems(*_ORGANISER)
@idempotent
def decline_signup(body: dict[str, Any], signup_id: UUID) -> bytes:
    """Say no, or take a place back; they are told and read the reason."""
    actor, moment = current_actor(), now()
    shift_id = signing_up.decline(actor, signup_id, body["reason"], moment)
    return viewing.roster(actor, shift_id, moment)


@blueprint.route(f"{ONE}/confirm-hours", methods=["POST"])
@blueprint.arguments(schemas.ConfirmHours)
@blueprint.response(200, schemas.Roster)
@problems(
    *_ORGANISER,
    errors.PresenceKnown,
    errors.ConfirmTooEarly,
    errors.ConfirmTooLate,
    errors.HoursOutsideShift,
    errors.HoursOverlap,
)
@idempotent
def confirm_hours(body: dict[str, Any], signup_id: UUID) -> bytes:
    """Say from when to when somebody was there, within three days after the shift."""
    actor, moment = current_actor(), now()
    shift_id = presence.confirm(actor, signup_id, body["in_at"], body["out_at"], moment)
    return viewing.roster(actor, shift_id, moment)


@blueprint.route("/me/hours", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, page_of(schemas.Hours))
def own_hours(query: dict[str, Any]) -> bytes:
    """The caller's ledger, the last entry first; corrections stand beside what they correct."""
    return page(*viewing.own_hours(current_actor(), query["cursor"], query["limit"]))


@blueprint.route("/me/hours/totals", methods=["GET"])
@blueprint.response(200, schemas.HoursTotals)
def own_totals() -> bytes:
    """Minutes that count, by how they are known."""
    return dumps(viewing.totals(current_actor()))


@blueprint.route(f"{HOURS}/correct", methods=["POST"])
@blueprint.arguments(schemas.CorrectHours)
@blueprint.response(200, schemas.Roster)
@problems(
    NotFound,
    Forbidden,
    errors.OwnPresence,
    errors.ActivityChanged,
    errors.HoursOutsideShift,
    errors.HoursOverlap,
)
@idempotent
def correct_hours(body: dict[str, Any], hours_id: UUID) -> bytes:
    """Put other times in the place of some, or none; what was there stays readable."""
    actor, moment = current_actor(), now()
    span = (body["in_at"], body["out_at"])
    shift_id = hours.correct(actor, hours_id, span, body["reason"], moment)
    return viewing.roster(actor, shift_id, moment)


@blueprint.route(f"{HOURS}/take-back", methods=["POST"])
@blueprint.arguments(schemas.TakeBackHours)
@blueprint.response(200, schemas.HoursTotals)
@problems(NotFound, Forbidden, errors.ActivityChanged)
@idempotent
def take_back_hours(body: dict[str, Any], hours_id: UUID) -> bytes:
    """The volunteer does not want to have been counted."""
    actor = current_actor()
    hours.take_back(actor, hours_id, body["reason"], now())
    return dumps(viewing.totals(actor))
