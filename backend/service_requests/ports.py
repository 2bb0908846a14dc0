"""What the application plugs in: the word of WeChat on a text."""

from collections.abc import Callable

CheckText = Callable[[str, str, int], str]
"""Openid, text and scene in; ``pass``, ``review`` or ``risky`` out. Raises WeChatError."""

_check_text: CheckText | None = None


def plug_in(*, check_text: CheckText) -> None:
    """Called once at start, before any job runs."""
    global _check_text
    _check_text = check_text


def check_text(openid: str, text: str, scene: int) -> str:
    """Ask what was plugged in."""
    if _check_text is None:
        raise RuntimeError("service_requests: plug_in() was not called")
    return _check_text(openid, text, scene)
