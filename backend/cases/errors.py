"""The refusals of this feature, one class each; the sentences are in the message catalogue."""

from backend.kernel.errors import Conflict, DomainError, Forbidden


class CaseChanged(Conflict):
    """The caller acted on an older version than the stored one, which is the extra `version`."""

    code = "case_changed"


class CaseActionNotPossible(Conflict):
    """The action is the caller's to take, but not in the case's present state."""

    code = "case_action_not_possible"


class CaseActionNotYours(Forbidden):
    """The caller may see the case, but this action is never theirs to take."""

    code = "case_action_not_yours"


class KeepPrivateAsked(DomainError):
    """The resident asked for the matter to stay out of any published case."""

    code = "keep_private_asked"


class MatterStillOpen(Conflict):
    """Nothing was answered yet, so there is nothing to tell."""

    code = "matter_still_open"


class CaseExists(Conflict):
    """The matter has a case already, which is the extra `case_id`."""

    code = "case_exists"


class CaseIncomplete(DomainError):
    """Readers need all of it: what is missing is in the fields."""

    code = "case_incomplete"


class PersonalDataLeft(DomainError):
    """A name, number or address is left that leads to somebody; each is in the extra `findings`."""

    code = "personal_data_left"


class CheckNeeded(DomainError):
    """Something still looks like personal data (the extra `findings`), and nobody has said yet
    that they looked at it."""

    code = "check_needed"
