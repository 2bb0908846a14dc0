"""The refusals of this feature: one class each; their sentences are in messages/*/service_requests."""

from backend.kernel.errors import Conflict, DomainError, Forbidden


class RequestChanged(Conflict):
    """The caller acted on an older version than the one stored; params: `version`, the stored one."""

    code = "request_changed"


class ActionNotPossible(Conflict):
    """The request is in a state from which nobody can take this action."""

    code = "action_not_possible"


class ActionNotYours(Forbidden):
    """The caller may see the request, but this action belongs to somebody else."""

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


class AlreadyThere(DomainError):
    """The request already lies with that unit or handler."""

    code = "already_there"
