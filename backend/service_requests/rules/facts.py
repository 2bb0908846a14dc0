"""What the rules need to know: of one request, and of who looks at it and when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.service_requests.rules.states import Capacity, ExtensionState, State, Visibility


@dataclass(frozen=True, slots=True)
class Extension:
    """The one request for more time."""

    state: ExtensionState
    asked_by: UUID


@dataclass(frozen=True, slots=True)
class Facts:
    """One request, as far as decisions depend on it."""

    state: State
    requester_id: UUID
    area_code: str
    lead_unit_id: UUID | None
    handler_id: UUID | None
    visibility: Visibility
    asked: bool = False
    """Whether the one list of missing things has been sent."""
    missing: int = 0
    """Items of that list that are neither supplied nor said to be unavailable."""
    mandate_id: UUID | None = None
    """The consent it was submitted under, by somebody acting for the requester."""
    co_unit_ids: frozenset[UUID] = frozenset()
    """Units with a sub-task that was not taken back."""
    open_tasks: int = 0
    objection_until: datetime | None = None
    """Until when the unit can say that it is not responsible."""
    ruled: bool = False
    """Whether the dispatcher has ruled on such an objection, which is final."""
    extendable: bool = False
    """Whether the deadline's profile knows an extension."""
    extension: Extension | None = None
    contests: int = 0
    """How often the resident said that it is not solved."""
    concluded: bool = False
    """Whether a supervisor has given the reply, after which there is no third opinion."""
    deferrals: int = 0
    reminded_at: datetime | None = None
    replied_at: datetime | None = None
    """When it was first replied to; None while it never was."""
    came_back_until: datetime | None = None
    """Until when a closed request can be reopened."""
    rated_at: datetime | None = None
    """When it was first rated."""
    merged: bool = False
    """Whether it is handled together with another."""
    main: bool = False
    """Whether others are handled together with it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Who looks at a request, in which capacities, and when."""

    actor_id: UUID
    held: frozenset[Capacity]
    now: datetime
