"""What WeChat's push, or whoever pretends to be it, can be refused."""

from backend.kernel.errors import DomainError


class PushNotGenuine(DomainError):
    """Not signed with our token, or not sealed with our key for our mini-program."""

    code = "push_not_genuine"
    status = 403


class PushUnreadable(DomainError):
    """Genuine, and yet not a message as WeChat documents them."""

    code = "push_unreadable"
    status = 400
