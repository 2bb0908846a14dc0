"""What the application plugs in: this feature knows neither people nor what pictures belong to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from backend.integrations.storage import Storage

MayView = Callable[[UUID, UUID], bool]
"""Person and subject in; whether that person may see the subject now."""


@dataclass(slots=True)
class Ports:
    storage: Storage
    openid_of: Callable[[UUID], str | None]
    check_media: Callable[[str, str, int], str]
    public_url: str
    viewers: dict[str, MayView] = field(default_factory=dict)


_plugged: Ports | None = None


def plug_in(
    *,
    storage: Storage,
    openid_of: Callable[[UUID], str | None],
    check_media: Callable[[str, str, int], str],
    public_url: str,
) -> None:
    """Called once at start, before any use.

    ``openid_of`` gives a person's WeChat openid; ``check_media(openid, url, scene)`` asks WeChat to
    look at a picture and gives the trace id of the question.
    """
    global _plugged
    _plugged = Ports(storage, openid_of, check_media, public_url)


def plugged() -> Ports:
    """What was plugged in."""
    if _plugged is None:
        raise RuntimeError("attachments: plug_in() was not called")
    return _plugged


def register_viewer(subject_kind: str, may_view: MayView) -> None:
    """Say who may see the pictures of one kind of subject. Nobody may, where nothing is said."""
    plugged().viewers[subject_kind] = may_view
