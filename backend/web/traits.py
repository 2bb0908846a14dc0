"""What decorators say about a view, kept in one place for the request pipeline and the docs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from backend.kernel.errors import DomainError

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Traits:
    """Nothing said: sign-in needed, database used, small body, run as often as it is called."""

    public: bool = False
    database: bool = True
    uploads: bool = False
    idempotent: bool = False
    prepare: Callable[[], Any] | None = None
    conditional: bool = False
    limit: str | None = None
    pages: bool = False
    parses: frozenset[str] = frozenset()
    problems: tuple[type[DomainError], ...] = ()


PLAIN = Traits()


def traits_of(view: Any) -> Traits:
    """The traits of a view, or the default ones."""
    found: Traits = getattr(view, "traits", PLAIN)
    return found


def mark(view: View, **changes: Any) -> View:
    """Set traits. A view that already has a route must not change, so that fails loudly."""
    if getattr(view, "routed", False):
        raise TypeError(f"{view.__name__}: put this decorator below the route")
    view.traits = replace(traits_of(view), **changes)  # type: ignore[attr-defined]
    return view
