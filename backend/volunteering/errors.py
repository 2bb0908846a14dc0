"""The refusals of this feature, one class each; the sentences are in the message catalogue."""

from backend.kernel.errors import Conflict, DomainError, Forbidden


class ActivityChanged(Conflict):
    """Somebody else changed the activity or the shift meanwhile."""

    code = "activity_changed"


class ActivityNotDraft(Conflict):
    """It is published or cancelled already."""

    code = "activity_not_draft"


class ActivityOver(Conflict):
    """It is over, or was cancelled."""

    code = "activity_over"


class ActivityWithoutShift(DomainError):
    """There is no shift to come, so nobody could sign up."""

    code = "activity_without_shift"


class InsuranceNeeded(DomainError):
    """Activities of this kind insure their volunteers."""

    code = "insurance_needed"


class OrganisationExists(Conflict):
    """There is one of this name in the area."""

    code = "organisation_exists"


class CapacityBelowTaken(Conflict):
    """More people have a place than there would be places."""

    code = "capacity_below_taken"


class ShiftsOverlap(Conflict):
    """Two shifts of one activity at one time and place are one shift with more places."""

    code = "shifts_overlap"


class ShiftOver(Conflict):
    """It has begun, is over, or does not take place."""

    code = "shift_over"


class RegistrationNotOpen(Conflict):
    code = "registration_not_open"


class RegistrationClosed(Conflict):
    code = "registration_closed"


class SignedUpAlready(Conflict):
    code = "signed_up_already"


class OverlappingSignup(Conflict):
    """They have another shift at that time, or wait for one."""

    code = "overlapping_signup"


class VolunteerProfileNeeded(Conflict):
    """Birth date and skills were never given."""

    code = "volunteer_profile_needed"


class VolunteerNameNeeded(Conflict):
    """Organisers call people by name, and certificates need one."""

    code = "volunteer_name_needed"


class TooYoung(DomainError):
    code = "too_young"


class GuardianNeeded(DomainError):
    """Under 18, a guardian has to consent."""

    code = "guardian_needed"


class SkillsMissing(DomainError):
    code = "skills_missing"


class ShiftFull(Conflict):
    """For organisers, who fill places by hand; volunteers wait in line."""

    code = "shift_full"


class SignupChanged(Conflict):
    """It is not in a state any more in which this can be done."""

    code = "signup_changed"


class SignupCancelTooLate(Conflict):
    """Shortly before the start one calls the organiser instead."""

    code = "signup_cancel_too_late"


class PlaceOfferExpired(Conflict):
    code = "place_offer_expired"


class ShiftCodeWrong(DomainError):
    """It is no code of ours, or was never valid."""

    code = "shift_code_wrong"


class ShiftCodeOld(Conflict):
    """It was on the screen more than a minute ago: a passed-on picture, or a slow hand."""

    code = "shift_code_old"


class ShiftCodeOfAnother(Conflict):
    """It belongs to another shift."""

    code = "shift_code_of_another"


class PresenceNotNow(Conflict):
    """Too long before or after the shift."""

    code = "presence_not_now"


class NotCheckedIn(Conflict):
    """Who goes must have come."""

    code = "not_checked_in"


class OwnPresence(Forbidden):
    """Who runs a shift cannot vouch for themselves; another organiser can."""

    code = "own_presence"


class HoursOutsideShift(DomainError):
    """Nobody gives time outside the shift."""

    code = "hours_outside_shift"


class HoursOverlap(Conflict):
    """The time is counted elsewhere already."""

    code = "hours_overlap"


class ConfirmTooLate(Conflict):
    """Three days after the shift nobody remembers well enough."""

    code = "confirm_too_late"


class ConfirmTooEarly(Conflict):
    """The shift is not over yet."""

    code = "confirm_too_early"


class PresenceKnown(Conflict):
    """The hours are there already; they are corrected, not confirmed."""

    code = "presence_known"
