"""The refusals of this feature, one class each; the sentences are in the message catalogue."""

from backend.kernel.errors import Conflict, DomainError, Forbidden


class RequestChanged(Conflict):
    """The caller acted on an older version than the stored one, which is the extra `version`."""

    code = "request_changed"


class ActionNotPossible(Conflict):
    """The action is the caller's to take, but not from the request's present state."""

    code = "action_not_possible"


class ActionNotYours(Forbidden):
    """The caller may see the request, but this action is never theirs to take."""

    code = "action_not_yours"


class AlreadyAsked(Conflict):
    """The resident is told once, and completely, what is missing (一次性告知)."""

    code = "already_asked"


class AssignToUnitOrHandler(DomainError):
    """An assignment names a unit or a handler, and exactly one of them."""

    code = "assign_unit_or_handler"


class UnknownUnit(DomainError):
    code = "unknown_unit"


class NotInUnit(DomainError):
    """A leader assigns within their own unit only."""

    code = "not_in_unit"


class HandlerIsRequester(DomainError):
    """Nobody is official in their own cause."""

    code = "handler_is_requester"


class AlreadyThere(DomainError):
    """The request already lies with that unit or handler."""

    code = "already_there"


class StaffOnly(Forbidden):
    """The workbench is for people who hold a role."""

    code = "staff_only"


class ContactNotAvailable(Forbidden):
    """The caller may see the request, but has no need to call who made it."""

    code = "contact_not_available"
