"""What a volunteer says of themselves, so that they can be asked for what suits them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.kernel import audit
from backend.kernel.actor import Actor, Scope
from backend.kernel.clock import LOCAL
from backend.kernel.db import execute, transaction
from backend.kernel.errors import FieldError, NotFound, ValidationFailed
from backend.volunteering import sealed, terms
from backend.volunteering.errors import GuardianNeeded, VolunteerProfileNeeded
from backend.volunteering.queries import facts
from backend.volunteering.rules.conditions import GROWN_UP, YOUNGEST, Offered, age

_OLDEST = 120


@dataclass(frozen=True, slots=True)
class Profile:
    """``guardian`` has a name and a telephone, and says that they consent."""

    born_on: date
    skills: Sequence[str]
    guardian: dict[str, str] | None
    mandate_id: UUID | None = None


def join(actor: Actor, profile: Profile, now: datetime) -> dict[str, Any]:
    """Say or change it; `Volunteer`.

    Raises ValidationFailed (day of birth, unknown skill), GuardianNeeded, MandateNotInForce.
    """
    person_id = actor.person_acted_for(profile.mandate_id, Scope.SUBMIT)
    years = age(profile.born_on, now.astimezone(LOCAL).date())
    wrong = []
    if not YOUNGEST <= years <= _OLDEST:
        wrong.append(FieldError("/born_on", "born_on_implausible"))
    wrong += [
        FieldError(f"/skills/{place}", "unknown_skill")
        for place, skill in enumerate(profile.skills)
        if not terms.is_skill(skill)
    ]
    if wrong:
        raise ValidationFailed(fields=wrong)
    if years < GROWN_UP and profile.guardian is None:
        raise GuardianNeeded
    guardian = profile.guardian if years < GROWN_UP else None
    with transaction():
        execute(
            """
            INSERT INTO volunteers (person_id, born_on_encrypted, guardian_encrypted, skills,
                joined_at)
            VALUES (%s, %s, %s, %s, %s)
            ON CONFLICT (person_id) DO UPDATE SET born_on_encrypted = excluded.born_on_encrypted,
                guardian_encrypted = excluded.guardian_encrypted, skills = excluded.skills
            """,
            (
                person_id,
                sealed.seal_birth(person_id, profile.born_on),
                sealed.seal_guardian(person_id, guardian),
                list(profile.skills),
                now,
            ),
        )
        audit.record(actor.id, "volunteer.said", "person", person_id)
    return view(person_id, now)


def own(actor: Actor, mandate_id: UUID | None, now: datetime) -> dict[str, Any]:
    """`Volunteer`. Raises NotFound until it was said, MandateNotInForce."""
    return view(actor.person_acted_for(mandate_id, Scope.SUBMIT), now)


def view(person_id: UUID, now: datetime) -> dict[str, Any]:
    """`Volunteer` of a person. Raises NotFound."""
    row = facts.profile(person_id)
    if row is None:
        raise NotFound
    birth, guardian, skills, joined_at = row
    born_on = sealed.birth(person_id, birth)
    return {
        "born_on": born_on,
        "skills": skills,
        "guardian": sealed.guardian(person_id, guardian),
        "minor": age(born_on, now.astimezone(LOCAL).date()) < GROWN_UP,
        "joined_at": joined_at,
    }


def offered_by(person_id: UUID) -> Offered:
    """What they bring to a shift. Raises VolunteerProfileNeeded."""
    row = facts.profile(person_id)
    if row is None:
        raise VolunteerProfileNeeded
    birth, guardian, skills, _ = row
    return Offered(sealed.birth(person_id, birth), guardian is not None, frozenset(skills))
