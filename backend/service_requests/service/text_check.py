"""WeChat's word on what a resident wrote. It never holds up the handling, only publication."""

from datetime import datetime
from uuid import UUID

from backend.kernel.db import execute, transaction
from backend.service_requests.rules import Kind, ShownTo, TextVerdict
from backend.service_requests.service.moves import append_event


def record_text_verdict(request_id: UUID, verdict: TextVerdict, now: datetime) -> None:
    """Keep the first verdict; staff are told of one that is not a pass. Safe to repeat."""
    with transaction():
        first = execute(
            "UPDATE service_requests SET text_verdict = %s WHERE id = %s AND text_verdict = 'none'",
            (verdict, request_id),
        )
        if first and verdict in (TextVerdict.REVIEW, TextVerdict.RISKY):
            append_event(
                request_id,
                Kind.TEXT_FLAGGED,
                now,
                data={"verdict": verdict},
                shown_to=ShownTo.STAFF,
            )
