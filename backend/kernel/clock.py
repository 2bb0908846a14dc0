"""The wall clock. Only routes, jobs and commands read it; everything else is handed ``now``."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
"""The one legal time of the country; dates and deadlines are reckoned in it."""


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC)
