"""Services that took place, for the ledger."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from backend.advisers import service
from backend.advisers.service import Service
from backend.kernel.clock import LOCAL, now
from backend.kernel.ids import new_id


def served(
    adviser_id: UUID, person_id: UUID, village: str, days_ago: int = 0, **changes: Any
) -> None:
    """Forty minutes about a debt, at nine some days ago, written down the same day."""
    morning = now().astimezone(LOCAL).replace(hour=9, minute=0, second=0, microsecond=0)
    started_at = morning - timedelta(days=days_ago)
    happened = Service(
        adviser_id=adviser_id,
        kind="consultation",
        subject_id=new_id(),
        area_code=village,
        person_id=person_id,
        mode="phone",
        topic="loan",
        started_at=started_at,
        minutes=40,
        summary="邻居借钱不还",
        opinion="先催款",
    )
    service.record_service(replace(happened, **changes), started_at + timedelta(hours=1))
