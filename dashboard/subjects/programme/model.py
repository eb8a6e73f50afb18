"""How the programme stands in the city or a part of it, within a range of days."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from dashboard.query.caching import cached
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
    """How the programme stands.

    Attributes
    ----------
    period, vintage, is_all, verified_only, is_illustrative
        What is looked at; see `geodata.evidence.Evidence`.
    coverage, inspection
        Pilot and inspection coverage of the wards that are looked at.
    chosen
        The wards that were ever chosen for the pilot.
    population_years
        Years of the population figures.
    classes, class_numbers
        Classes of the map, and the class of each ward of the vintage.
    former
        Wards of other vintages that are drawn over it as they were.
    programme_codes
        Wards that are in the programme wholly.
    holder_count
        Units that hold former ground of the programme in part.
    uncounted
        Names of what is no commune-level unit, and counts in no number of them.
    latest, last_inspection
        The latest facts, and the day of the latest inspection up to the last day.
    inspection_count
        How many inspections lie within the range.
    qualities, outline_sources
        Qualities and source_ids of the outlines of the whole vintage, of wards drawn over it, and of rivers.
    evidence, wards
        What all this rests on, and the wards that are looked at.
    """

    period: Period
    vintage: str
    is_all: bool
    verified_only: bool
    is_illustrative: bool
    coverage: Coverage
    inspection: InspectionCoverage
    chosen: ChosenWards
    population_years: tuple[int, ...]
    classes: list[MapClass]
    class_numbers: list[int]
    former: FormerGround
    programme_codes: list[str]
    holder_count: int
    uncounted: tuple[str, ...]
    latest: LatestFact
    last_inspection: datetime.date | None
    inspection_count: int
    qualities: list[str]
    outline_sources: tuple[str, ...]
    evidence: Evidence = field(repr=False, compare=False)
    wards: pd.DataFrame = field(repr=False, compare=False)

    # A map asks for none of these, and they take longer than all the rest.
    @cached_property
    def ticks(self) -> list[Tick]:
        """Return signs on labelled wards."""
        own = self.wards[self.wards["role"].notna() & ~self.wards["is_partly"]]
        return inspection_ticks(own, self.former.rows)

    @cached_property
    def inspections(self) -> list[InspectionEntry]:
        """Return the latest inspections within the range, each once, as it was recorded."""
        listed = self.evidence.inspections_within().drop_duplicates("inspection_id")
        return _inspections(listed[:LISTED_INSPECTIONS], self.evidence)

    @cached_property
    def events(self) -> list[EventEntry]:
        """Return the events within the range, latest first."""
        return _events(self.evidence)

    @cached_property
    def outlines(self) -> tuple[Citation, ...]:
        """Return the sources of the outlines."""
        return cite(self.outline_sources, self.evidence.source)


@cached
def programme(query: Query) -> Programme:
    """Return how the programme stands."""
    return programme_of(query.evidence(), query.vintage, query.areas)


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
    wards = evidence.of_vintage(vintage)
    former = former_ground(evidence, vintage)
    in_programme = wards["role"].notna()
    own = wards[in_programme & ~wards["is_partly"]]
    others = wards.loc[~is_commune(wards), ["ward_kind", "ward_name"]]
    within = evidence.inspections_within()
    # Each counts once, under the vintage in which it was recorded.
    listed = within.drop_duplicates("inspection_id")
    classes, class_numbers = programme_classes(wards)
    if areas:
        number_of = dict(zip(wards["ward_code"], class_numbers, strict=True))
        class_numbers = [number_of.get(code, len(classes)) for code in every["ward_code"]]
        classes.append(outside_class())
    return Programme(
        period=evidence.period,
        vintage=vintage,
        is_all=evidence.is_all,
        verified_only=evidence.verified_only,
        is_illustrative=evidence.is_illustrative(),
        coverage=pilot_coverage(wards),
        inspection=inspection_coverage(pd.Timestamp(evidence.period.until), wards),
        chosen=chosen_wards(evidence),
        population_years=tuple(sorted(set(wards["population_year"].dropna()))),
        classes=classes,
        class_numbers=class_numbers,
        former=former,
        programme_codes=list(own["ward_code"]),
        holder_count=int((in_programme & wards["is_partly"] & is_commune(wards)).sum()),
        uncounted=tuple(ward_title(row) for row in others.to_dict("records")),
        latest=latest_fact(evidence),
        last_inspection=_latest(evidence.inspection["inspection_date"]),
        inspection_count=len(listed),
        qualities=_each(every["boundary_quality"], former.rows["boundary_quality"]),
        outline_sources=(
            *_each(every["boundary_source"], former.rows["boundary_source"]),
            *water_sources(evidence.source),
        ),
        evidence=evidence,
        wards=wards,
    )


def _each(*columns: pd.Series) -> list[str]:
    return list(dict.fromkeys(value for column in columns for value in column.unique()))


def latest_fact(evidence: Evidence) -> LatestFact:
    """Return the latest facts of the programme in the city: what the nation decided is none of its wards.

    Events are those within the range, the others those up to its last day.
    """
    inspection, status, event = evidence.inspection, evidence.pilot_status, evidence.event
    # The latest come first.
    dates = inspection["inspection_date"]
    generated = inspection["is_illustrative"].to_numpy("bool")
    verified, made = (np.flatnonzero(one)[:1] for one in (~generated, generated))
    is_exact = status["valid_from_precision"].ne("year")
    exact = _latest(
        event.loc[event["scope"].eq("city"), "event_date"],
        dates.iloc[verified],
        status.loc[is_exact, "valid_from"],
    )
    by_year = _latest(status.loc[~is_exact, "valid_from"])
    days = [FactDay(one, has_day) for one, has_day in ((exact, True), (by_year, False)) if one is not None]
    return LatestFact(max(days, default=None), _latest(dates.iloc[made]))


def _latest(*columns: pd.Series) -> datetime.date | None:
    found = [day for column in columns if len(column) and pd.notna(day := column.max())]
    latest: pd.Timestamp | None = max(found, default=None)
    return None if latest is None else latest.date()


def _inspections(listed: pd.DataFrame, evidence: Evidence) -> list[InspectionEntry]:
    names = evidence.wards[[*KEY, "ward_kind", "ward_name"]]
    rows = listed.merge(names, on=KEY, how="left", validate="many_to_one").to_dict("records")
    citations = {source: cite([source], evidence.source) for source in listed["source"].unique()}
    return [
        InspectionEntry(
            day=row["inspection_date"].date(),
            ward=ward_title(row),
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
