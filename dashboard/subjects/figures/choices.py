"""What can be chosen for a map: a figure of the catalogue or of the programme, and how it is classed."""

from dataclasses import dataclass

from dashboard.query.caching import cached
from dashboard.query.layers import layer
from dashboard.query.publication import Publication
from geodata.language import Bilingual, Words, message
from geodata.programme.stations import STATION_DISTANCE_M

STAGE = "stage"
"""The measure that is no figure: role and stage in the programme."""

DAYS_SINCE = "days_since"
"""The measure of the last inspection on record, of a ward or of a part of it."""

NONE = "none"
"""What stands in a link for no second figure."""

PER = ("per_1000", "per_km2", "value")
"""What a figure is set against, by column of `geodata.indicators.comparison.comparable_values`."""


@dataclass(frozen=True)
class Measure:
    """A figure that a map can show.

    Attributes
    ----------
    code
        Its name in a link: an indicator of the catalogue, or a key of `COVERAGE`.
    name
        As the catalogue says.
    unit
        The Vietnamese one of the catalogue.
    direction, kind, adds_up
        As in the catalogue of indicators.
    """

    code: str
    name: Words
    unit: str
    direction: str
    kind: str
    adds_up: bool = False

    def per(self, asked: str) -> str:
        """Return what the figure is set against; of what does not add up it is the value itself."""
        return asked if self.adds_up else "value"

    def is_total(self, asked: str) -> bool:
        """Return whether the figure is a total, which circles show and no shades."""
        return (self.adds_up and asked == "value") or (self.kind == "count" and not self.adds_up)


_STATION_KM = round(STATION_DISTANCE_M / 1000)

COVERAGE = {
    one.code: one
    for one in (
        Measure(STAGE, message("Role and stage in the programme"), "", "context", "level"),
        # After the last one on record nothing is known: a large number is no worse one.
        Measure(DAYS_SINCE, message("Days since the last inspection on record"), "ngày", "context", "level"),
        Measure("inspections", message("Inspections within the range"), "lượt", "context", "count"),
        Measure("criteria", message("Criteria met of those assessed"), "%", "higher", "level"),
        Measure(
            "station_access",
            message("Area within {distance} km of a station", distance=_STATION_KM),
            "%",
            "higher",
            "level",
        ),
        Measure("inspected_area", message("Area inspected within the range"), "%", "higher", "share"),
    )
}
"""Figures of the programme and of its coverage."""


@dataclass(frozen=True)
class Choice:
    """What a reader of the map chooses.

    Attributes
    ----------
    measure, second
        Codes of one figure, and of the one it is set against or `NONE`.
    per
        One of `PER`.
    method, class_count, own
        See `dashboard.subjects.figures.classification.bounds`.
    is_played
        Whether the months of the range are played.
    is_alike
        Whether it is shown where neighbours are alike, see `dashboard.subjects.figures.alike.may_be_alike`.
    """

    measure: str
    second: str = NONE
    per: str = PER[0]
    method: str = "quantiles"
    class_count: int = 5
    own: tuple[float, ...] = ()
    is_played: bool = False
    is_alike: bool = False


@cached
def measures(published: Publication) -> dict[str, Measure]:
    """Return every figure that a map can show, by its code; the programme's own come first."""
    return COVERAGE | {
        row["indicator_code"]: Measure(
            row["indicator_code"],
            Bilingual(row["indicator_name"], row["indicator_name_en"]),
            row["unit"],
            row["direction"],
            row["kind"],
            bool(row["adds_up"]),
        )
        for row in layer(published, "indicator").to_dict("records")
    }
