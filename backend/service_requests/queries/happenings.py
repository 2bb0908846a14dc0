"""What the jobs need to know: an event with its circumstances, and text still to be checked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel.db import fetch_one
from backend.service_requests.queries.columns import GROUPED_NUMBER


@dataclass(frozen=True, slots=True)
class Happening:
    """One timeline event, with the request as it is now."""

    number: str
    category: str
    area_code: str
    area_name: str
    public: bool
    danger: bool
    """Words of danger to life were found in it."""
    requester_id: UUID
    agent_id: UUID | None
    """Who submitted it for the requester."""
    handler_id: UUID | None
    actor_id: UUID | None
    unit_id: UUID | None
    unit_name: dict[str, str] | None
    """In each language; of the unit that led when it happened."""
    assigned_to: UUID | None
    """The handler an assignment named, if it was to a handler."""
    named_unit_id: UUID | None
    """The unit a sub-task is for."""
    share: int | None
    """How much of the time an escalation says is used up, in percent."""


def happening(request_id: UUID, seq: int) -> Happening | None:
    """The event of that number in the request's timeline."""
    row = fetch_one(
        f"""
        SELECT {GROUPED_NUMBER}, r.category, r.area_code, a.full_name, r.visibility = 'public',
            r.flagged_danger, r.requester_id, r.agent_id, r.handler_id, t.actor_id, t.unit_id,
            CASE WHEN u.id IS NOT NULL THEN
                jsonb_build_object('zh-CN', u.name, 'en', u.name_en) END,
            (t.data ->> 'handler_id')::uuid, (t.data ->> 'unit_id')::uuid,
            (t.data ->> 'share')::int
        FROM timeline_events t
        JOIN service_requests r ON r.id = t.request_id
        JOIN areas a ON a.code = r.area_code
        LEFT JOIN units u ON u.id = t.unit_id
        WHERE t.request_id = %s AND t.seq = %s
        """,
        (request_id, seq),
    )
    return None if row is None else Happening(*row)


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Text without a verdict, whose it is in WeChat, and since when."""

    text: str
    openid: str | None
    submitted_at: datetime


def unchecked_text(request_id: UUID) -> Unchecked | None:
    """What the resident wrote, unless there is a verdict on it already."""
    row = fetch_one(
        """
        SELECT concat_ws(E'\\n', r.description,
                (SELECT string_agg(item ->> 'value', E'\\n')
                 FROM jsonb_array_elements(r.answers) item)),
            p.wechat_openid, r.submitted_at
        FROM service_requests r JOIN people p ON p.id = r.requester_id
        WHERE r.id = %s AND r.text_verdict = 'none'
        """,
        (request_id,),
    )
    return None if row is None else Unchecked(*row)
