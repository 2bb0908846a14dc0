"""What people can be refused here, and why."""

from backend.kernel.errors import DomainError


class WechatCodeInvalid(DomainError):
    """The sign-in code is wrong, used or older than five minutes; the client asks for another."""

    code = "wechat_code_invalid"
    status = 401


class WechatUserBlocked(DomainError):
    """WeChat itself holds this user to be a risk and lets nobody sign them in."""

    code = "wechat_user_blocked"
    status = 403


class WechatUnavailable(DomainError):
    """WeChat is busy, out of reach or answers nonsense. Carries Retry-After."""

    code = "wechat_unavailable"
    status = 503

    def __init__(self, retry_after_seconds: int = 5) -> None:
        super().__init__(headers={"Retry-After": str(retry_after_seconds)})


class PhoneCodeInvalid(DomainError):
    """The code of the phone button; not a 401, because the person stays signed in."""

    code = "phone_code_invalid"


class AreaUnknown(DomainError):
    code = "area_unknown"


class UnitUnknown(DomainError):
    code = "unit_unknown"


class RoleScopeInvalid(DomainError):
    """A role of a unit without a unit, a role of an area without an area, or both at once."""

    code = "role_scope_invalid"


class RoleTermInvalid(DomainError):
    """The term would be over before it begins."""

    code = "role_term_invalid"


class LastAdmin(DomainError):
    """Nobody would be left who can appoint anyone."""

    code = "last_admin"
    status = 409


class InvitationUnknown(DomainError):
    code = "invitation_unknown"
    status = 404


class InvitationUsed(DomainError):
    code = "invitation_used"
    status = 409


class InvitationExpired(DomainError):
    """Too late, or whoever invited may no longer appoint to this role."""

    code = "invitation_expired"
    status = 410


class InvitationNotForYou(DomainError):
    """It was made for somebody else than whoever brings it."""

    code = "invitation_not_for_you"
    status = 409


class MandateCodeUnknown(DomainError):
    code = "mandate_code_unknown"
    status = 404


class MandateCodeUsed(DomainError):
    code = "mandate_code_used"
    status = 409


class MandateCodeExpired(DomainError):
    """It was made more than ten minutes ago."""

    code = "mandate_code_expired"
    status = 410


class MandateForOneself(DomainError):
    """Nobody acts for themselves in somebody's name."""

    code = "mandate_for_oneself"


class EvidenceNotAvailable(DomainError):
    """A picture is not there, not the caller's, or in use; ``fields`` say which."""

    code = "evidence_not_available"


class MandateNotOpen(DomainError):
    """What was asked for has been answered, or nobody answered in time."""

    code = "mandate_not_open"
    status = 409
