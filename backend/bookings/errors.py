"""The refusals of this feature, one class each; the sentences are in the message catalogue."""

from backend.kernel.errors import Conflict, DomainError, Forbidden


class SlotTaken(Conflict):
    """Somebody else was first."""

    code = "slot_taken"


class SlotNotOffered(DomainError):
    """There is no such time in the plan, or not in this way, or not for this long ahead."""

    code = "slot_not_offered"


class SlotPast(DomainError):
    """It has begun already, or begins too soon for a resident to book it."""

    code = "slot_past"


class ResourceNotBookable(Conflict):
    """Suspended, or its term has not begun or has ended."""

    code = "resource_not_bookable"


class HoldExpired(Conflict):
    """The time was kept long enough; nobody's form was in."""

    code = "hold_expired"


class TooManyBookings(Conflict):
    """So many of one person with one resource at most, to come."""

    code = "too_many_bookings"


class AlreadyBookedThen(Conflict):
    """The person has another appointment at that time."""

    code = "already_booked_then"


class BookingChanged(Conflict):
    """The caller acted on an older booking than the stored one."""

    code = "booking_changed"


class BookingOver(Conflict):
    """It is cancelled or past, so nothing of it can be changed."""

    code = "booking_over"


class CancelTooLate(Conflict):
    """So near to the start only a call helps."""

    code = "cancel_too_late"


class CheckInCodeWrong(DomainError):
    code = "check_in_code_wrong"


class CheckInNotNow(Conflict):
    """One checks in from half an hour before the start until the end."""

    code = "check_in_not_now"


class NoShowNotNow(Conflict):
    """Said from a quarter of an hour after the start until a week after the end."""

    code = "no_show_not_now"


class NotProvider(Forbidden):
    """Only for whoever runs the resource."""

    code = "not_provider"


class PlanOverlaps(DomainError):
    """Two hours of the plan offer the same time."""

    code = "plan_overlaps"


class PlanConflicts(Conflict):
    """Bookings stand that the changed plan would not offer; they are the extra `conflicts`."""

    code = "plan_conflicts"


class PlanChanged(Conflict):
    """The caller changed an older plan than the stored one."""

    code = "plan_changed"


class WaitNotNeeded(Conflict):
    """There is a free time in those days."""

    code = "wait_not_needed"


class AlreadyWaiting(Conflict):
    code = "already_waiting"


class CalendarLinkInvalid(Forbidden):
    """The link to a calendar file is not ours, or has run out."""

    code = "calendar_link_invalid"
