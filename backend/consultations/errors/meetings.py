"""What can be refused about meetings."""

from backend.kernel.errors import Conflict, DomainError, Forbidden


class AdviserCannotTakeIt(DomainError):
    """Somebody else has to be asked; why is never said. The extra `others` are who can.

    What was held is given up, which stays although the call fails.
    """

    code = "adviser_cannot_take_it"
    keeps = True


class NameNeeded(DomainError):
    """The adviser has to know whom they meet, and whether they can."""

    code = "name_needed"


class ConsultationExists(Conflict):
    """What the booking is about has been said already."""

    code = "consultation_exists"


class AdviserOnly(Forbidden):
    """Only whom the person met says what came of it."""

    code = "adviser_only"


class NotBegun(Conflict):
    """It has not begun, or it is said already what became of it."""

    code = "consultation_not_on"


class ConsultationRatingClosed(Conflict):
    """Not served yet, or too long ago."""

    code = "consultation_rating_closed"


class PersonOnly(Forbidden):
    """Only whose matter it is rates it."""

    code = "person_only"


class NoOffice(Forbidden):
    """Only the justice office over the area looks into matters that are not its own."""

    code = "justice_office_only"


class BookingForOthersNotYours(Forbidden):
    """Neither the adviser, nor a grid worker or justice officer of that area."""

    code = "booking_for_others_not_yours"
