"""What the application plugs in."""

from collections.abc import Callable, Collection
from uuid import UUID

from backend.integrations.wechat import WeChat

HiddenFrom = Callable[[UUID], Collection[UUID]]
"""Subjects that a person must not be reminded of, though they were once told of them."""

_wechat: WeChat | None = None
_hiding: HiddenFrom | None = None


def plug_in(wechat: WeChat) -> None:
    """Called once at start, before any message is sent."""
    global _wechat
    _wechat = wechat


def wechat() -> WeChat:
    """What was plugged in."""
    if _wechat is None:
        raise RuntimeError("notices: plug_in() was not called")
    return _wechat


def register_hiding(hiding: HiddenFrom) -> None:
    """Have the inbox keep back notices of what its owner may not know of any more."""
    global _hiding
    _hiding = hiding


def hidden_from(person_id: UUID) -> list[UUID]:
    """Subjects whose notices this person is not shown."""
    return [] if _hiding is None else list(_hiding(person_id))
