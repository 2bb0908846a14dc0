"""HTTP of bookings: times, appointments, waiting lists, plans, calendars.

What an appointment is for belongs to other features: they turn a held time into a booked one.
"""

from typing import Any
from uuid import UUID

from flask import Response, current_app

from backend.bookings import errors, queries, schemas, service
from backend.integrations.ical import MIME_TYPE
from backend.kernel.clock import LOCAL, now
from backend.kernel.errors import Forbidden, MandateNotInForce, NotFound
from backend.kernel.json import dumps
from backend.web.api import Blueprint, problems
from backend.web.auth import current_actor, public
from backend.web.etag import conditional, etagged
from backend.web.idempotency import idempotent
from backend.web.language import language
from backend.web.limits import sign_in_limited, signed_calls

blueprint = Blueprint(
    "bookings",
    __name__,
    url_prefix="/api",
    description="Times that can be booked, appointments, waiting lists",
)

RESOURCE = "/resources/<uuid:resource_id>"
BOOKING = "/bookings/<uuid:booking_id>"

_SLOT = (
    errors.ResourceNotBookable,
    errors.SlotNotOffered,
    errors.SlotPast,
    errors.SlotTaken,
    errors.AlreadyBookedThen,
)
_CHANGE = (
    NotFound,
    Forbidden,
    errors.BookingChanged,
    errors.BookingOver,
    errors.CancelTooLate,
)
_PLAN = (NotFound, errors.NotProvider, errors.PlanConflicts, errors.PlanOverlaps)


@blueprint.route(f"{RESOURCE}/slots", methods=["GET"])
@blueprint.arguments(schemas.SlotsQuery, location="query")
@blueprint.response(200, schemas.Slots)
@problems(NotFound)
@etagged
def slots(query: dict[str, Any], resource_id: UUID) -> Any:
    """The times of some days that a resident can take now."""
    found = service.calendar_of(resource_id, query["first"], query["days"], query["mode"], now())
    return conditional(dumps(found))


@blueprint.route(f"{RESOURCE}/holds", methods=["POST"])
@blueprint.arguments(schemas.Hold)
@blueprint.response(201, schemas.OwnBookingView)
@problems(NotFound, MandateNotInForce, *_SLOT, errors.TooManyBookings)
@idempotent
def hold(body: dict[str, Any], resource_id: UUID) -> bytes:
    """Keep a time for ten minutes while the form is filled in; an earlier one is given up."""
    actor, moment = current_actor(), now()
    booking_id = service.hold(
        actor,
        resource_id,
        body["starts_at"],
        body["mode"],
        moment,
        mandate_id=body["mandate_id"],
    )
    return service.view(actor, booking_id)


@blueprint.route(BOOKING, methods=["GET"])
@blueprint.response(200, schemas.OwnBookingView)
@problems(NotFound)
def booking(booking_id: UUID) -> bytes:
    """One appointment, for either side."""
    return service.view(current_actor(), booking_id)


@blueprint.route(f"{BOOKING}/release", methods=["POST"])
@blueprint.response(204)
@problems(NotFound, Forbidden, errors.BookingChanged)
@idempotent
def release(booking_id: UUID) -> None:
    """Give up a held or offered time."""
    service.release(current_actor(), booking_id, now())


@blueprint.route(f"{BOOKING}/move", methods=["POST"])
@blueprint.arguments(schemas.Move)
@blueprint.response(200, schemas.OwnBookingView)
@problems(*_CHANGE, *_SLOT)
@idempotent
def move(body: dict[str, Any], booking_id: UUID) -> bytes:
    """Put it at another time; the old one is free at once."""
    actor = current_actor()
    service.move(
        actor,
        booking_id,
        body["sequence"],
        body["starts_at"],
        body["mode"],
        body["reason"] or None,
        now(),
    )
    return service.view(actor, booking_id)


@blueprint.route(f"{BOOKING}/cancel", methods=["POST"])
@blueprint.arguments(schemas.Cancel)
@blueprint.response(200, schemas.OwnBookingView)
@problems(*_CHANGE)
@idempotent
def cancel(body: dict[str, Any], booking_id: UUID) -> bytes:
    """Call it off; the other side is told why."""
    actor = current_actor()
    service.cancel(actor, booking_id, body["sequence"], body["reason"], now())
    return service.view(actor, booking_id)


@blueprint.route(f"{BOOKING}/check-in", methods=["POST"])
@sign_in_limited
@blueprint.arguments(schemas.CheckIn)
@blueprint.response(200, schemas.OwnBookingView)
@problems(
    NotFound,
    Forbidden,
    errors.BookingChanged,
    errors.BookingOver,
    errors.CheckInNotNow,
    errors.CheckInCodeWrong,
)
@idempotent
def check_in(body: dict[str, Any], booking_id: UUID) -> bytes:
    """Say that one is there, by the code on the provider's screen."""
    actor = current_actor()
    service.check_in(actor, booking_id, body["code"], now())
    return service.view(actor, booking_id)


@blueprint.route(f"{BOOKING}/no-show", methods=["POST"])
@blueprint.response(200, schemas.OwnBookingView)
@problems(NotFound, Forbidden, errors.BookingChanged, errors.BookingOver, errors.NoShowNotNow)
@idempotent
def no_show(booking_id: UUID) -> bytes:
    """Say that the other side did not come."""
    actor = current_actor()
    service.no_show(actor, booking_id, now())
    return service.view(actor, booking_id)


@blueprint.route(f"{BOOKING}/alternatives", methods=["GET"])
@blueprint.response(200, schemas.SlotList)
@problems(NotFound, Forbidden)
def alternatives(booking_id: UUID) -> bytes:
    """The next times it could be moved to."""
    found = service.alternatives(current_actor(), booking_id, now())
    return dumps({"slots": [queries.slot_view(slot, slot.capacity) for slot in found]})


@blueprint.route(f"{RESOURCE}/waits", methods=["POST"])
@blueprint.arguments(schemas.JoinWait)
@blueprint.response(201, schemas.WaitView)
@problems(
    NotFound,
    MandateNotInForce,
    errors.ResourceNotBookable,
    errors.WaitNotNeeded,
    errors.AlreadyWaiting,
)
@idempotent
def join(body: dict[str, Any], resource_id: UUID) -> bytes:
    """Wait for a time in some days when all are taken; who waits longest is offered it first."""
    actor = current_actor()
    wait_id = service.join(actor, resource_id, now=now(), **body)
    return service.wait_view(actor, wait_id).encode()


@blueprint.route("/me/waits", methods=["GET"])
@blueprint.response(200, schemas.WaitList)
def waits() -> bytes:
    """Where the caller, and those they act for, are waiting."""
    return b'{"items":' + service.waits(current_actor()).encode() + b"}"


@blueprint.route("/waits/<uuid:wait_id>/leave", methods=["POST"])
@blueprint.response(204)
@problems(NotFound, Forbidden)
@idempotent
def leave(wait_id: UUID) -> None:
    """Wait no more; an offer goes to the next."""
    service.leave(current_actor(), wait_id, now())


@blueprint.route(f"{RESOURCE}/check-in-code", methods=["GET"])
@blueprint.response(200, schemas.Code)
@problems(NotFound, errors.NotProvider)
def check_in_code(resource_id: UUID) -> bytes:
    """Today's code for the provider's screen."""
    moment = now()
    code = service.check_in_code(current_actor(), resource_id, moment)
    return dumps({"code": code, "day": moment.astimezone(LOCAL).date()})


@blueprint.route(f"{RESOURCE}/plan", methods=["GET"])
@blueprint.response(200, schemas.PlanView)
@problems(NotFound, errors.NotProvider)
def plan(resource_id: UUID) -> bytes:
    """The weekly plan with its exceptions."""
    return service.plan(current_actor(), resource_id, now()).encode()


@blueprint.route(f"{RESOURCE}/plan", methods=["PUT"])
@blueprint.arguments(schemas.ChangePlan)
@blueprint.response(200, schemas.PlanView)
@problems(*_PLAN, errors.PlanChanged)
def change_plan(body: dict[str, Any], resource_id: UUID) -> bytes:
    """Replace the weekly plan. What it displaces must be accepted; those people are told."""
    actor, moment = current_actor(), now()
    rules = [schemas.rule_of(rule) for rule in body["rules"]]
    service.change_plan(actor, resource_id, body["version"], rules, body["accepted"], moment)
    return service.plan(actor, resource_id, moment).encode()


@blueprint.route(f"{RESOURCE}/exceptions", methods=["POST"])
@blueprint.arguments(schemas.AddException)
@blueprint.response(201, schemas.PlanView)
@problems(*_PLAN)
@idempotent
def add_exception(body: dict[str, Any], resource_id: UUID) -> bytes:
    """Close a time, or open one beyond the plan."""
    actor, moment = current_actor(), now()
    wanted = schemas.exception_of(body)
    service.add_exception(actor, resource_id, wanted, body["accepted"], moment)
    return service.plan(actor, resource_id, moment).encode()


@blueprint.route(f"{RESOURCE}/exceptions/<uuid:exception_id>/remove", methods=["POST"])
@blueprint.arguments(schemas.RemoveException)
@blueprint.response(200, schemas.PlanView)
@problems(NotFound, errors.NotProvider, errors.PlanConflicts)
@idempotent
def remove_exception(body: dict[str, Any], resource_id: UUID, exception_id: UUID) -> bytes:
    """Take an exception back."""
    actor, moment = current_actor(), now()
    service.remove_exception(actor, resource_id, exception_id, body["accepted"], moment)
    return service.plan(actor, resource_id, moment).encode()


@blueprint.route(f"{BOOKING}/calendar", methods=["GET"])
@blueprint.response(200, schemas.Link)
@problems(NotFound)
def booking_calendar(booking_id: UUID) -> bytes:
    """The address of the appointment as a calendar file, for an hour."""
    path = service.booking_link(current_actor(), booking_id, now())
    return dumps({"url": current_app.config["PUBLIC_URL"] + path})


@blueprint.route("/calendars/bookings/<uuid:booking_id>.ics", methods=["GET"])
@public
@signed_calls
@blueprint.arguments(schemas.FileQuery, location="query")
@blueprint.response(200, {"type": "string"}, content_type="text/calendar")
@problems(NotFound, errors.CalendarLinkInvalid)
def booking_file(query: dict[str, Any], booking_id: UUID) -> Response:
    """The appointment as iCalendar, to whoever has the link."""
    name = f'attachment; filename="{booking_id}.ics"'
    text = service.booking_file(booking_id, now=now(), **query)
    return Response(text, content_type=MIME_TYPE, headers={"Content-Disposition": name})


@blueprint.route(f"{RESOURCE}/calendar", methods=["POST"])
@blueprint.response(200, schemas.Link)
@problems(NotFound, errors.NotProvider)
def new_feed(resource_id: UUID) -> bytes:
    """A new secret address to subscribe to all appointments; the one before stops working.

    No Idempotency-Key: no copy of the secret is kept, and asking again makes another.
    """
    path = service.new_feed(current_actor(), resource_id, now())
    return dumps({"url": current_app.config["PUBLIC_URL"] + path})


@blueprint.route("/calendars/feeds/<string(maxlength=64):token>.ics", methods=["GET"])
@public
@signed_calls
@blueprint.response(200, {"type": "string"}, content_type="text/calendar")
@problems(NotFound)
def feed(token: str) -> Response:
    """All appointments from a month ago on, to whoever knows the address."""
    return Response(service.feed_file(token, language(), now()), content_type=MIME_TYPE)
