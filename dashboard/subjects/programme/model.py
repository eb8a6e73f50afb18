"""How the programme stands in the city or a part of it, within a range of days."""

import datetime
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import last_change
from dashboard.query.query import Query
from dashboard.subjects.programme.classes import (
    MapClass,
    Tick,
    inspection_ticks,
    outside_class,
    programme_classes,
)
from dashboard.subjects.programme.former import FormerGround, former_ground
from dashboard.subjects.sources.citations import Citation, cite, water_sources
from geodata.evidence import Evidence
from geodata.period import FactDay, Period
from geodata.programme.coverage import Coverage, pilot_coverage
from geodata.programme.criteria import criteria_of
from geodata.programme.inspections import InspectionCoverage, inspection_coverage
from geodata.programme.pilot_wards import ChosenWards, chosen_wards
from geodata.wards.names import ward_title
from geodata.wards.units import KEY, is_commune

LISTED_INSPECTIONS = 15
"""So many inspections stand in the list, the latest; the others are counted."""


@dataclass(frozen=True)
class InspectionEntry:
    """An inspection of the list; ``criteria`` are those met and those assessed, where both are known."""

    day: datetime.date
    ward: str
    body: str
    criteria: tuple[int, int] | None
    is_illustrative: bool
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class EventEntry:
    """An event of the list; ``names`` are Vietnamese and English."""

    day: datetime.date
    names: tuple[str, str]
    place: str | None
    scope: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class LatestFact:
    """The latest facts of a range: the verified one, and the latest day of what is illustrative."""

    verified: FactDay | None
    illustrative: datetime.date | None = None


@dataclass(frozen=True)
class Programme:
    """How the programme stands; what a page asks for is reckoned then, and once.

    Attributes
    ----------
    evidence
        What all this rests on: what is known within the range of days, in the areas that are looked at.
    vintage
        Vintage shown.
    wards
        The wards that are looked at.
    every
        All wards of the vintage.
    standing
        `former` of the day on which a role or stage changed last, where it is known.
    """

    evidence: Evidence = field(repr=False, compare=False)
    vintage: str
    wards: pd.DataFrame = field(repr=False, compare=False)
    every: pd.DataFrame = field(repr=False, compare=False)
    standing: FormerGround | None = field(default=None, repr=False, compare=False)

    @property
    def period(self) -> Period:
        """Return the range of days."""
        return self.evidence.period

    @property
    def is_all(self) -> bool:
        """Return whether the range is all that there is."""
        return self.evidence.is_all

    @property
    def verified_only(self) -> bool:
        """Return whether what is illustrative is left out."""
        return self.evidence.verified_only

    @cached_property
    def is_illustrative(self) -> bool:
        """Return whether a figure of the range rests on what is illustrative."""
        return self.evidence.is_illustrative()

    @cached_property
    def unit_count(self) -> int:
        """Return how many commune-level units are looked at."""
        return int(is_commune(self.wards).sum())

    @cached_property
    def coverage(self) -> Coverage:
        """Return the pilot coverage of the wards that are looked at."""
        return pilot_coverage(self.wards)

    @cached_property
    def inspection(self) -> InspectionCoverage:
        """Return the inspection coverage of the wards that are looked at."""
        return inspection_coverage(pd.Timestamp(self.period.until), self.wards)

    @cached_property
    def chosen(self) -> ChosenWards:
        """Return the wards that were ever chosen for the pilot."""
        return chosen_wards(self.evidence)

    @property
    def population_years(self) -> tuple[int, ...]:
        """Return the years of the population figures."""
        return tuple(sorted(set(self.wards["population_year"].dropna())))

    @property
    def classes(self) -> list[MapClass]:
        """Return the classes of the map."""
        return self._classed[0]

    @property
    def class_numbers(self) -> list[int]:
        """Return the class of each ward of the vintage."""
        return self._classed[1]

    @cached_property
    def _classed(self) -> tuple[list[MapClass], list[int]]:
        classes, numbers = programme_classes(self.wards)
        if len(self.wards) == len(self.every):
            return classes, numbers
        number_of = dict(zip(self.wards["ward_code"], numbers, strict=True))
        numbers = [number_of.get(code, len(classes)) for code in self.every["ward_code"]]
        return [*classes, outside_class()], numbers

    @cached_property
    def former(self) -> FormerGround:
        """Return the wards of other vintages that are drawn over the map as they were."""
        if self.standing is None:
            return former_ground(self.evidence, self.vintage)
        # Which wards they are changes with roles and stages alone, whether they were inspected with the days.
        known = self.standing.rows
        rows = self.evidence.wards.loc[known.index].assign(ward_code=known["ward_code"])
        return replace(self.standing, rows=rows)

    @cached_property
    def programme_codes(self) -> list[str]:
        """Return the wards that are in the programme wholly."""
        return list(self._own["ward_code"])

    @property
    def holder_count(self) -> int:
        """Return how many units hold former ground of the programme in part."""
        wards = self.wards
        is_held = wards["role"].notna().to_numpy("bool") & wards["is_partly"].to_numpy("bool")
        return int((is_held & is_commune(wards).to_numpy("bool")).sum())

    @cached_property
    def _own(self) -> pd.DataFrame:
        is_own = self.wards["role"].notna().to_numpy("bool") & ~self.wards["is_partly"].to_numpy("bool")
        return self.wards.iloc[np.flatnonzero(is_own)]

    @property
    def uncounted(self) -> tuple[str, ...]:
        """Return the names of what is no commune-level unit, and counts in no number of them."""
        others = self.wards.loc[~is_commune(self.wards), ["ward_kind", "ward_name"]]
        return tuple(ward_title(row) for row in others.to_dict("records"))

    @cached_property
    def latest(self) -> LatestFact:
        """Return the latest facts."""
        return latest_fact(self.evidence)

    @property
    def last_inspection(self) -> datetime.date | None:
        """Return the day of the latest inspection up to the last day."""
        return _latest(self.evidence.inspection["inspection_date"].max())

    @cached_property
    def _listed(self) -> pd.DataFrame:
        # Each counts once, under the vintage in which it was recorded.
        return self.evidence.inspections_within().drop_duplicates("inspection_id")

    @cached_property
    def inspection_count(self) -> int:
        """Return how many inspections lie within the range."""
        return len(self._listed)

    @cached_property
    def inspections(self) -> list[InspectionEntry]:
        """Return the latest inspections within the range, each once, as it was recorded."""
        return _inspections(self._listed[:LISTED_INSPECTIONS], self.evidence)

    @cached_property
    def ticks(self) -> list[Tick]:
        """Return signs on labelled wards."""
        return inspection_ticks(self._own, self.former.rows)

    @cached_property
    def events(self) -> list[EventEntry]:
        """Return the events within the range, latest first."""
        return _events(self.evidence)

    @property
    def qualities(self) -> list[str]:
        """Return the qualities of the outlines of the whole vintage and of wards drawn over it."""
        return self._each("boundary_quality")

    @property
    def outline_sources(self) -> tuple[str, ...]:
        """Return the source_ids of these outlines, and of rivers."""
        return (*self._each("boundary_source"), *water_sources(self.evidence.source))

    @cached_property
    def outlines(self) -> tuple[Citation, ...]:
        """Return the sources of the outlines."""
        return cite(self.outline_sources, self.evidence.source)

    def _each(self, column: str) -> list[str]:
        frames = (self.every, self.former.rows)
        return list(dict.fromkeys(value for frame in frames for value in frame[column].unique()))


@cached
def programme(query: Query) -> Programme:
    """Return how the programme stands."""
    change = last_change(query.published, query.period.until)
    of_areas = query.evidence().of_areas(query.vintage, query.areas)
    standing = None if change is None else _standing(query.within(Period(change, change)))
    return Programme(of_areas, query.vintage, query.wards(), query.city_wards(), standing)


@cached
def _standing(query: Query) -> FormerGround:
    evidence = query.evidence().of_areas(query.vintage, query.areas)
    return former_ground(evidence, query.vintage)


def programme_of(evidence: Evidence, vintage: str, areas: Sequence[str] = ()) -> Programme:
    """Return how the programme stands.

    Parameters
    ----------
    evidence
        What is known within the range of days.
    vintage
        Vintage shown.
    areas
        Codes of the districts and wards that are looked at; none for the whole city.
    """
    every = evidence.of_vintage(vintage)
    evidence = evidence.of_areas(vintage, areas)
    return Programme(evidence, vintage, evidence.of_vintage(vintage) if areas else every, every)


def latest_fact(evidence: Evidence) -> LatestFact:
    """Return the latest facts of the programme in the city: what the nation decided is none of its wards.

    Events are those within the range, the others those up to its last day.
    """
    inspection, status, event = evidence.inspection, evidence.pilot_status, evidence.event
    # The latest come first.
    dates = inspection["inspection_date"]
    generated = inspection["is_illustrative"].to_numpy("bool")
    verified, made = (dates.iloc[np.flatnonzero(one)[:1]].tolist() for one in (~generated, generated))
    of_city, of_year, by_day = (list[pd.Timestamp]() for _ in range(3))
    for scope, at in zip(event["scope"], event["event_date"], strict=True):
        if scope == "city":
            of_city.append(at)
    for precision, at in zip(status["valid_from_precision"], status["valid_from"], strict=True):
        (of_year if precision == "year" else by_day).append(at)
    exact, by_year = _latest(*of_city, *verified, *by_day), _latest(*of_year)
    days = [FactDay(one, has_day) for one, has_day in ((exact, True), (by_year, False)) if one is not None]
    return LatestFact(max(days, default=None), _latest(*made))


def _latest(*days: pd.Timestamp) -> datetime.date | None:
    latest = max((day for day in days if pd.notna(day)), default=None)
    return None if latest is None else latest.date()


def _inspections(listed: pd.DataFrame, evidence: Evidence) -> list[InspectionEntry]:
    listed_wards = set(zip(*(listed[name] for name in KEY), strict=True))
    named: dict[Any, dict[Hashable, Any]] = {
        (vintage, code): {"ward_kind": kind, "ward_name": name}
        for vintage, code, kind, name in zip(
            *(evidence.wards[of].tolist() for of in (*KEY, "ward_kind", "ward_name")), strict=True
        )
        if (vintage, code) in listed_wards
    }
    rows = listed.to_dict("records")
    citations = {source: cite([source], evidence.source) for source in listed["source"].unique()}
    return [
        InspectionEntry(
            day=row["inspection_date"].date(),
            ward=ward_title(named[row["vintage"], row["ward_code"]]),
            body=row["inspecting_body"],
            criteria=criteria_of(row["criteria_met"], row["criteria_assessed"]),
            is_illustrative=bool(row["is_illustrative"]),
            citations=citations[row["source"]],
        )
        for row in rows
    ]


def _events(evidence: Evidence) -> list[EventEntry]:
    rows = evidence.event.sort_values(["event_date", "event_id"], ascending=False).to_dict("records")
    return [
        EventEntry(
            day=row["event_date"].date(),
            names=(row["event_name"], row["event_name_en"]),
            place=row["place"] if isinstance(row["place"], str) else None,
            scope=row["scope"],
            citations=cite([row["source"]], evidence.source),
        )
        for row in rows
    ]
