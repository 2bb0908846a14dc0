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
    """The resident is told once, and completely, what is missing (一次性告知).

    That a second list was tried stays written down, for the supervisor.
    """

    code = "already_asked"
    keeps = True


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


class ObjectionTooLate(Conflict):
    """The time in which a unit can say that it is not responsible is over."""

    code = "objection_too_late"


class RulingFinal(Conflict):
    """The dispatcher has ruled who is responsible; nobody returns it after that."""

    code = "ruling_final"


class TasksOpen(Conflict):
    """Other units still owe their part of the one combined reply."""

    code = "tasks_open"


class AlreadyDeferred(Conflict):
    """A request is put off once; after that it is handled."""

    code = "already_deferred"


class OthersMergedHere(Conflict):
    """Others are handled together with this request, so it is merged into none."""

    code = "others_merged_here"


class RemindedToday(Conflict):
    """The resident reminds at most once a day, by the calendar in the county."""

    code = "reminded_today"


class NotExtendable(Conflict):
    """The deadline's profile knows no extension."""

    code = "not_extendable"


class ExtensionAlreadyRequested(Conflict):
    """More time is asked for at most once."""

    code = "extension_already_requested"


class ExtensionDecidedByOther(Conflict):
    """Whoever asked for more time does not grant it."""

    code = "extension_decided_by_other"


class ReviewConcluded(Conflict):
    """A supervisor's reply is the last of this procedure."""

    code = "review_concluded"


class CameBackTooLate(Conflict):
    """The time after closing in which the same request can be reopened is over."""

    code = "came_back_too_late"


class RatingClosed(Conflict):
    """A rating can be changed for 30 days."""

    code = "rating_closed"


class UnknownMaterial(DomainError):
    """There is no such item on the list of this request."""

    code = "unknown_material"


class MaterialSettled(Conflict):
    """This item has been supplied already."""

    code = "material_settled"


class MaterialEmpty(DomainError):
    """An item is a text, a picture, something given before, or a reason why there is none."""

    code = "material_empty"


class MaterialNotReusable(DomainError):
    """What is to be used again was not given by the requester, or is of another kind."""

    code = "material_not_reusable"


class UnknownTask(DomainError):
    code = "unknown_task"


class TaskNotOpen(Conflict):
    """The sub-task was answered or taken back already."""

    code = "task_not_open"


class TaskNotYours(Forbidden):
    """The sub-task is another unit's."""

    code = "task_not_yours"


class TaskForLeadUnit(DomainError):
    """The lead unit does its own part itself."""

    code = "task_for_lead_unit"


class TaskAlreadyOpen(Conflict):
    """That unit owes a part already; the next can be asked for when it has done this one."""

    code = "task_already_open"


class DateOutOfRange(DomainError):
    """A date lies before tomorrow, or too far ahead."""

    code = "date_out_of_range"


class EvidenceMissing(DomainError):
    """An outcome is claimed without what shows it: `fields` says what is wanted."""

    code = "evidence_missing"


class UnitComplainedAbout(DomainError):
    """A complaint never reaches the unit or the person it is about."""

    code = "unit_complained_about"


class AgentComplainedAbout(Forbidden):
    """Whom a complaint is about cannot submit it for somebody else: they would see it."""

    code = "agent_complained_about"


class NotMergeable(DomainError):
    """The other request is not there, is this one, is merged itself, closed, or a complaint."""

    code = "not_mergeable"


class LookupNotFound(DomainError):
    """No such number, other digits, or no telephone: which of them is not told."""

    code = "lookup_not_found"
    status = 404


class LookupTooOften(DomainError):
    """Too many wrong guesses at one number; `minutes` until the next."""

    code = "lookup_too_often"
    status = 429


class InspectorOnly(Forbidden):
    """Reports of pressure are for inspectors who handle, dispatch and supervise nothing."""

    code = "inspector_only"


class ReportClosed(Conflict):
    """Somebody has said already what was found."""

    code = "report_closed"


class TooManyReports(Conflict):
    """One person has reported `most` times today."""

    code = "too_many_reports"
