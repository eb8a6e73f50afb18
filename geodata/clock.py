"""The city's clock: Vietnam's time, by which everything is dated."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """Return this moment."""
    return datetime.now(VIETNAM)


def today() -> date:
    """Return this day."""
    return now().date()
