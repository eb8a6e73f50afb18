"""What is asked, in words: what stands in every file that is handed over and below every chart."""

from dashboard.query.query import Query
from dashboard.query.units import area_names
from geodata.language import Words, joined, message
from geodata.language.dates import day

Filters = list[tuple[Words, Words | str]]
"""Name and value of each filter."""


def active_filters(query: Query, vintage: str | None = None) -> Filters:
    """Return what is asked, in words; ``vintage`` is that of the rows where it is not the one asked for."""
    names = area_names(query.published, query.vintage)
    return [
        (
            message("Range of days"),
            message("from {since} to {until}", since=day(query.period.since), until=day(query.period.until)),
        ),
        (message("Boundaries from"), day(vintage or query.vintage)),
        (
            message("Area"),
            joined(", ", [names[code] for code in query.areas]) if query.areas else message("Whole city"),
        ),
        (
            message("Facts"),
            message("verified facts only")
            if query.verified_only
            else message("some figures are illustrative"),
        ),
        (message("Data version of"), day(query.layer("build")["as_of"].max())),
    ]


def in_one_line(filters: Filters) -> Words:
    """Return filters as one line."""
    return joined(" · ", [joined(": ", pair) for pair in filters])
