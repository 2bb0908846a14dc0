"""What the application plugs in."""

from backend.integrations.wechat import WeChat

_wechat: WeChat | None = None


def plug_in(wechat: WeChat) -> None:
    """Called once at start, before any message is sent."""
    global _wechat
    _wechat = wechat


def wechat() -> WeChat:
    """What was plugged in."""
    if _wechat is None:
        raise RuntimeError("notices: plug_in() was not called")
    return _wechat
