"""What can be chosen for the map: a figure of the catalogue or of the coverage, and how it is classed."""

from dataclasses import dataclass

import pandas as pd

from geodata.language import Language, Message, message
from geodata.programme.stations import STATION_DISTANCE_M

STAGE = "stage"
"""The measure that is no figure: role and stage in the programme."""

NONE = "none"
"""What stands in a link for no second figure."""

PER = {
    "value": message("Total"),
    "per_1000": message("Per 1,000 residents"),
    "per_km2": message("Per km²"),
}
"""What a figure is set against, by the column of `geodata.indicators.indicators.indicator_values`."""


@dataclass(frozen=True)
class Measure:
    """A figure that a map can show.

    Attributes
    ----------
    code
        Its name in a link: an indicator of the catalogue, or a key of `COVERAGE`.
    name, unit
        Vietnamese and English text.
    direction, kind, adds_up
        As in the catalogue of indicators.
    """

    code: str
    name: tuple[str, str]
    unit: str
    direction: str
    kind: str
    adds_up: bool = False

    def title(self, language: Language) -> str:
        """Return its name."""
        return self.name[language == "en"]


_COVERAGE: dict[str, tuple[Message, str, str, str]] = {
    STAGE: (message("Role and stage in the programme"), "", "context", "level"),
    "days_since": (message("Days since the last inspection"), "ngày", "lower", "level"),
    "inspections": (message("Inspections within the range"), "lượt", "context", "count"),
    "criteria": (message("Criteria met of those assessed"), "%", "higher", "level"),
    "station_access": (
        message("Area within {distance} km of a station", distance=round(STATION_DISTANCE_M / 1000)),
        "%",
        "higher",
        "level",
    ),
    "inspected_area": (message("Area inspected within the range"), "%", "higher", "share"),
}

COVERAGE = {
    code: Measure(code, (name.render("vi"), name.render("en")), unit, direction, kind)
    for code, (name, unit, direction, kind) in _COVERAGE.items()
}
"""Figures of the programme and of its coverage."""


@dataclass(frozen=True)
class Choice:
    """What the page itself lets its reader choose.

    Attributes
    ----------
    measure, second
        Codes of one figure, and of the one it is set against or `NONE`.
    per
        A key of `PER`.
    method, class_count, own
        See `dashboard.subjects.figures.classification.bounds`.
    is_played
        Whether the months of the range are played.
    """

    measure: str
    second: str = NONE
    per: str = "value"
    method: str = "quantiles"
    class_count: int = 5
    own: tuple[float, ...] = ()
    is_played: bool = False


def measures_of(catalogue: pd.DataFrame) -> dict[str, Measure]:
    """Return every figure that a map can show, by its code; the programme's own come first.

    Parameters
    ----------
    catalogue
        The layer ``indicator``.
    """
    return COVERAGE | {
        row["indicator_code"]: Measure(
            row["indicator_code"],
            (row["indicator_name"], row["indicator_name_en"]),
            row["unit"],
            row["direction"],
            row["kind"],
            bool(row["adds_up"]),
        )
        for row in catalogue.to_dict("records")
    }
