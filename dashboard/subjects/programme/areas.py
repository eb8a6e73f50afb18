"""The ground that was ever chosen for the pilot: each ward as it was then, and its share of the city."""

from dataclasses import dataclass

import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.query import Query
from dashboard.subjects.programme.classes import MapClass
from dashboard.subjects.programme.former import FormerGround, FormerWard, former_ground
from dashboard.subjects.programme.model import LatestFact, latest_fact
from geodata.language import message
from geodata.language.alphabet import alphabet_key
from geodata.language.numbers import number
from geodata.programme.coverage import Coverage, pilot_coverage
from geodata.programme.pilot_wards import FIRST
from geodata.programme.status import is_pilot
from geodata.programme.symbols import LAND, STAGE_COLOURS
from geodata.wards.units import KEY


@dataclass(frozen=True)
class PilotArea:
    """The ground of a ward that was chosen for the pilot, by its outline; ``number`` is its class."""

    name: str
    years: str | None
    area_km2: float
    number: int


@dataclass(frozen=True)
class PilotAreas:
    """The ground that was ever chosen for the pilot.

    Attributes
    ----------
    areas
        Of each ward, the largest first.
    classes
        By the years for which they were chosen, the latest first, and last of all other ground.
    numbers
        Class of each ward of the vintage shown.
    labels
        Codes of the wards shown that are such ground.
    former
        Those that are no wards of the vintage shown, drawn as they were.
    coverage
        Pilot coverage of the vintage shown: the city's own units, area and residents.
    city_km2, population
        What its shares are of.
    latest
        The latest facts.
    sources
        Of what is recorded.
    """

    areas: tuple[PilotArea, ...]
    classes: tuple[MapClass, ...]
    numbers: list[int]
    labels: list[str]
    former: FormerGround
    coverage: Coverage
    city_km2: float
    population: float
    latest: LatestFact
    sources: tuple[str, ...]


@cached
def pilot_areas(query: Query) -> PilotAreas:
    """Return the ground that was ever chosen for the pilot in the areas that are looked at."""
    every = query.evidence().of_vintage(query.vintage)
    known = query.evidence().of_areas(query.vintage, query.areas)
    wards = known.of_vintage(query.vintage)
    recorded = known.pilot_status
    chosen = recorded[is_pilot(recorded)].sort_values("valid_from", kind="stable")
    chosen = chosen.drop_duplicates(FIRST, keep="last")
    years = sorted({one for one in chosen["period"] if isinstance(one, str)}, reverse=True)
    order: list[str | None] = [*years, *([None] if chosen["period"].isna().any() else [])]
    drawn = chosen[[*FIRST, "period"]].merge(
        known.wards[[*KEY, "ward_name", "outline_area_km2"]],
        left_on=FIRST,
        right_on=KEY,
        how="inner",
        validate="one_to_one",
    )
    areas = [
        PilotArea(
            row["ward_name"], _text(row["period"]), row["outline_area_km2"], order.index(_text(row["period"]))
        )
        for row in drawn.to_dict("records")
    ]
    own = wards[is_pilot(wards) & ~wards["is_partly"]]
    number_of = {
        code: order.index(_text(period)) for code, period in zip(own["ward_code"], own["period"], strict=True)
    }
    return PilotAreas(
        areas=tuple(sorted(areas, key=lambda one: (-one.area_km2, alphabet_key(one.name)))),
        classes=tuple(_classes(order, areas)),
        numbers=[number_of.get(code, len(order)) for code in every["ward_code"]],
        labels=list(number_of),
        former=_pilots_only(former_ground(known, query.vintage), order),
        coverage=pilot_coverage(wards),
        city_km2=float(wards["outline_area_km2"].sum()),
        population=float(wards["population"].astype("float64").sum(skipna=False)),
        latest=latest_fact(known),
        sources=tuple(chosen["source"].unique()),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _classes(order: list[str | None], areas: list[PilotArea]) -> list[MapClass]:
    colours = [STAGE_COLOURS[name] for name in ("inspected", "building", "registered")]
    counts = [number(sum(one.number == at for one in areas)) for at in range(len(order))]
    return [
        *(
            MapClass(
                message("Chosen for {years}", years=years) if years else message("Chosen, year unknown"),
                count,
                colours[min(at, len(colours) - 1)],
            )
            for at, (years, count) in enumerate(zip(order, counts, strict=True))
        ),
        MapClass(message("Other ground"), "", LAND, outlined=False),
    ]


def _pilots_only(ground: FormerGround, order: list[str | None]) -> FormerGround:
    """Return the former ground of pilot wards alone, by the classes of their years."""
    is_chosen = is_pilot(ground.rows).tolist()
    return FormerGround(
        classes=(),
        wards=tuple(
            FormerWard(one.vintage, one.ward_code, one.name, one.years, order.index(one.years))
            for one, chosen in zip(ground.wards, is_chosen, strict=True)
            if chosen
        ),
        rows=pd.DataFrame(ground.rows[is_chosen]),
    )
