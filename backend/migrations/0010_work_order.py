"""The workbench shows what waits for the office before what waits for the resident."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(
        """
        DROP INDEX service_requests_urgency;
        CREATE INDEX service_requests_urgency ON service_requests (
            (state IN ('awaiting_resident', 'replied')), (NOT flagged_danger), due_at, id
        ) WHERE state NOT IN ('not_accepted', 'confirmed', 'withdrawn');
        """
    )
