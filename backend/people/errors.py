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


class AccountClosed(DomainError):
    code = "account_closed"
    status = 403


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
