"""The city's clock: Vietnam's time, by which everything is dated."""

from datetime import date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))


def now() -> datetime:
    """Return this moment."""
    return datetime.now(VIETNAM)


def today() -> date:
    """Return this day."""
    return now().date()
