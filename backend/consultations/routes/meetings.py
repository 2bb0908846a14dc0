"""HTTP of meetings: booking one, one's own, an adviser's days, what came of it.

When it is moved, called off, checked in to or missed is said on the booking itself.
"""

from typing import Any
from uuid import UUID

from backend.attachments.rules import AttachmentNotAvailable, TooManyAttachments
from backend.bookings import errors as bookings
from backend.consultations import service
from backend.consultations.errors import meetings as errors
from backend.consultations.queries import meetings as queries
from backend.consultations.routes.base import blueprint
from backend.consultations.schemas import meetings as schemas
from backend.kernel.clock import now
from backend.kernel.errors import Forbidden, NotFound
from backend.web.api import problems
from backend.web.auth import current_actor
from backend.web.idempotency import idempotent
from backend.web.pages import page, page_of

ONE = "/consultations/<uuid:consultation_id>"

_TAKEN = (
    bookings.AlreadyBookedThen,
    bookings.ResourceNotBookable,
    bookings.SlotNotOffered,
    bookings.SlotPast,
    bookings.SlotTaken,
    bookings.TooManyBookings,
)


@blueprint.route("/consultations", methods=["POST"])
@blueprint.arguments(schemas.Book)
@blueprint.response(201, schemas.Consultation)
@problems(
    NotFound,
    Forbidden,
    AttachmentNotAvailable,
    TooManyAttachments,
    bookings.HoldExpired,
    bookings.BookingChanged,
    bookings.ResourceNotBookable,
    errors.AdviserCannotTakeIt,
    errors.ConsultationExists,
    errors.NameNeeded,
)
@idempotent
def book(body: dict[str, Any]) -> bytes:
    """Say what a held time is for; with that it is booked.

    Where the adviser cannot take the matter, the time is given up and `others` says who can.
    """
    actor, moment = current_actor(), now()
    booking_id = body.pop("booking_id")
    booked = service.book(actor, booking_id, service.About(**body), moment)
    return service.view(actor, booked, moment)


@blueprint.route("/advisers/<uuid:adviser_id>/bookings", methods=["POST"])
@blueprint.arguments(schemas.BookForOther)
@blueprint.response(201, schemas.Consultation)
@problems(NotFound, errors.AdviserCannotTakeIt, errors.BookingForOthersNotYours, *_TAKEN)
@idempotent
def book_for_other(body: dict[str, Any], adviser_id: UUID) -> bytes:
    """Book for somebody without a telephone: by the adviser, a grid worker, the justice office."""
    actor, moment = current_actor(), now()
    other = service.Other(**{name: body.pop(name) for name in ("name", "phone", "area_code")})
    starts_at, mode = body.pop("starts_at"), body.pop("mode")
    booked = service.book_for_other(
        actor, adviser_id, other, starts_at, mode, service.About(**body), moment
    )
    return service.view(actor, booked, moment)


@blueprint.route("/me/consultations", methods=["GET"])
@blueprint.arguments(schemas.OwnMeetingsQuery, location="query")
@blueprint.response(200, page_of(schemas.OwnMeeting))
def own(query: dict[str, Any]) -> bytes:
    """The caller's meetings, and those of people they act for."""
    found = queries.own(current_actor(), query["when"], query["cursor"], query["limit"], now())
    return page(found.items, found.next_key)


@blueprint.route(ONE, methods=["GET"])
@blueprint.response(200, schemas.Consultation)
@problems(NotFound)
def consultation(consultation_id: UUID) -> bytes:
    """One meeting, with what the caller may know of it and can do with it now."""
    return service.view(current_actor(), consultation_id, now())


@blueprint.route(f"{ONE}/look-into", methods=["POST"])
@blueprint.arguments(schemas.LookInto)
@blueprint.response(200, schemas.Consultation)
@problems(NotFound, errors.NoOffice)
def look_into(body: dict[str, Any], consultation_id: UUID) -> bytes:
    """All that was confided, for the justice office over the area; the person sees that it was
    read.

    No Idempotency-Key: a second look is a second entry, and no copy of the answer is kept.
    """
    return service.look_into(current_actor(), consultation_id, body["reason"], now())


@blueprint.route(f"{ONE}/serve", methods=["POST"])
@blueprint.arguments(schemas.Serve)
@blueprint.response(200, schemas.Consultation)
@problems(
    NotFound,
    Forbidden,
    errors.AdviserOnly,
    errors.NotBegun,
    bookings.BookingChanged,
    bookings.BookingOver,
    bookings.CheckInNotNow,
)
@idempotent
def serve(body: dict[str, Any], consultation_id: UUID) -> bytes:
    """The adviser says what came of it; the ledger has its entry by that."""
    actor, moment = current_actor(), now()
    service.serve(actor, consultation_id, body["opinion"], body["minutes"], moment)
    return service.view(actor, consultation_id, moment)


@blueprint.route(f"{ONE}/rating", methods=["PUT"])
@blueprint.arguments(schemas.RateMeeting)
@blueprint.response(200, schemas.Consultation)
@problems(NotFound, errors.PersonOnly, errors.ConsultationRatingClosed)
def rate(body: dict[str, Any], consultation_id: UUID) -> bytes:
    """The person says how it was, for 30 days after it; the adviser never sees it."""
    actor, moment = current_actor(), now()
    service.rate(actor, consultation_id, body["score"], body["comment"] or None, moment)
    return service.view(actor, consultation_id, moment)


@blueprint.route("/adviser/agenda", methods=["GET"])
@blueprint.arguments(schemas.AgendaQuery, location="query")
@blueprint.response(200, schemas.Agenda)
@problems(errors.AdviserOnly)
def agenda(query: dict[str, Any]) -> str:
    """The calling adviser's days: what presses first."""
    return service.agenda(current_actor(), query["from_on"], query["days"], now())
