"""Read models of people: actors, oneself, roles, mandates, one's own data."""

from backend.people.queries.actors import actor_by_token, actor_of
from backend.people.queries.mandates import (
    LiveMandate,
    Parties,
    Recorded,
    is_party,
    live_mandate,
    mandate,
    mandates_of,
    parties,
)
from backend.people.queries.my_data import (
    Access,
    Matter,
    accesses,
    changes,
    mandates_held,
    profile,
    roles_held,
    sessions_held,
)
from backend.people.queries.people import (
    Sealed,
    StaffMember,
    grant_over,
    me,
    members_with_role,
    openid_of,
    staff,
    unit_members,
)

__all__ = [
    "Access",
    "LiveMandate",
    "Matter",
    "Parties",
    "Recorded",
    "Sealed",
    "StaffMember",
    "accesses",
    "actor_by_token",
    "actor_of",
    "changes",
    "grant_over",
    "is_party",
    "live_mandate",
    "mandate",
    "mandates_held",
    "mandates_of",
    "me",
    "members_with_role",
    "openid_of",
    "parties",
    "profile",
    "roles_held",
    "sessions_held",
    "staff",
    "unit_members",
]
