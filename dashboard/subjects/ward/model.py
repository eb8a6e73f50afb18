"""What is true of one ward within a range of days: role, inspections, size, what it was and became."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.subjects.sources.citations import Citation, cite
from geodata.contract.layers import ROLES
from geodata.evidence import Evidence
from geodata.period import Period
from geodata.programme.criteria import criteria_of
from geodata.programme.inspections import days_since
from geodata.wards.descent import descent
from geodata.wards.names import ward_title
from geodata.wards.units import KEY

NAMED_PREDECESSORS = 3
"""So many predecessors are named; of the rest those in the programme are, and the others are counted."""

NAMED_INSPECTIONS = 4
"""So many inspections are told; the others are counted."""

MOST_LISTED = 50
"""So many rows of a table are sent."""


@dataclass(frozen=True)
class RecordedStatus:
    """A role that is recorded of a ward; of ``since`` only the year may be known."""

    role: str
    stage: str | None
    years: str | None
    since: datetime.date
    is_year: bool
    note: str | None
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class WardInspection:
    """An inspection of a ward; ``criteria`` are those met and those assessed, where both are known.

    ``round_verdict`` is what was said of the city's work in the round as a whole.
    """

    inspection_id: str
    day: datetime.date
    body: str
    kind: str | None
    verdict: str | None
    round_verdict: str | None
    criteria: tuple[int, int] | None
    criteria_set: str | None
    is_illustrative: bool
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class InspectedElsewhere:
    """The last inspections of the wards that a ward was made of or went to, latest first.

    ``units`` holds name, day and vintage of each.
    """

    units: tuple[tuple[str, datetime.date, str], ...]
    other_count: int
    is_illustrative: bool
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Crossing:
    """The units of another vintage that a ward went to or was made of.

    Attributes
    ----------
    vintage
        The other vintage.
    units
        Name of each, and the share in % of the earlier unit's area that went to the later one.
    other_count
        Units that are not named.
    link_sources
        What says that they succeed the ward, or it them.
    """

    vintage: str
    units: tuple[tuple[str, float], ...]
    other_count: int
    link_sources: tuple[str, ...]


@dataclass(frozen=True)
class Kin:
    """A unit of another vintage that shares area with a ward; see `geodata.wards.descent.descent`."""

    key: tuple[str, str]
    title: str
    name: str
    moved_area_pct: float
    moved_population_pct: float
    area_pct: float
    population_pct: float
    is_same: bool
    link: str
    link_source: str


@dataclass(frozen=True)
class Ward:
    """What is true of one ward.

    Attributes
    ----------
    key
        Vintage and code.
    period, is_all, verified_only
        See `geodata.evidence.Evidence`.
    title, name
        Kind and name, as a sentence begins and within one.
    district, is_former_district
        Its district, or the former one in whose area it lies.
    role, stage, years, is_partly
        What it is in the programme on the last day.
    shares
        By role what share of its area and residents came from wards that held it, in %.
    from_wards, role_citations
        The wards that it has the role of, and what says so.
    statuses
        What is recorded of it, the latest first.
    is_inspected, is_partly_inspected, inspected_area_pct, is_last_partly, is_illustrative
        See `geodata.programme.inspections.inspected_within`.
    days_since
        From its last inspection to the last day (`geodata.programme.inspections.days_since`); none without.
    area_km2, is_area_official, population, population_year, boundary_quality, outline
        Size, the area as published or else that of the outline; and its outline with its source.
    inspections, inspection_count, has_illustrative
        Those within the range, latest first, `MOST_LISTED` at most; how many there are, one illustrative.
    last_before
        The last inspection before the range where none lies within.
    elsewhere
        Inspections of the wards that it was made of or went to.
    successors
        Where it went, by vintage.
    origin
        What it was made of, in the last vintage before its own.
    """

    key: tuple[str, str]
    period: Period
    is_all: bool
    verified_only: bool
    title: str
    name: str
    district: str | None
    is_former_district: bool
    role: str | None
    stage: str | None
    years: str | None
    is_partly: bool
    shares: Mapping[str, tuple[float, float]]
    from_wards: str | None
    role_citations: tuple[Citation, ...]
    statuses: tuple[RecordedStatus, ...]
    is_inspected: bool
    is_partly_inspected: bool
    inspected_area_pct: float
    is_last_partly: bool
    days_since: int | None
    is_illustrative: bool
    area_km2: float
    is_area_official: bool
    population: float | None
    population_year: int | None
    boundary_quality: str
    outline: tuple[Citation, ...]
    inspections: tuple[WardInspection, ...]
    inspection_count: int
    has_illustrative: bool
    last_before: WardInspection | None
    elsewhere: InspectedElsewhere | None
    successors: tuple[Crossing, ...]
    origin: Crossing | None


def ward_of(evidence: Evidence, key: tuple[str, str]) -> Ward:
    """Return what is true of one ward, by vintage and code, from what is known within a range of days."""
    row = evidence.ward(key)
    inspections = evidence.rows("inspection", key)
    is_within = evidence.period.holds(inspections["inspection_date"])
    within = inspections[is_within]
    before = _inspections(inspections[:1] if within.empty else within[:0], evidence)
    successors, origin = _crossings(evidence, key)
    return Ward(
        key=key,
        period=evidence.period,
        is_all=evidence.is_all,
        verified_only=evidence.verified_only,
        title=ward_title(row),
        name=unit_name(row),
        district=text_of(row["district_name"]),
        is_former_district=_is_former(evidence.district, key[0], row["district_code"]),
        role=text_of(row["role"]),
        stage=text_of(row["stage"]),
        years=text_of(row["period"]),
        is_partly=bool(row["is_partly"]),
        shares={role: (row[f"{role}_area_pct"], row[f"{role}_population_pct"]) for role in ROLES},
        from_wards=text_of(row["from_wards"]),
        role_citations=cite([row["source"]], evidence.source),
        statuses=_statuses(evidence, key),
        is_inspected=bool(row["is_inspected"]),
        is_partly_inspected=bool(row["is_partly_inspected"]),
        inspected_area_pct=row["inspected_area_pct"],
        is_last_partly=bool(row["is_last_partly"]),
        days_since=None if pd.isna(row["last_inspection"]) else _days_since(row, evidence),
        is_illustrative=bool(row["is_illustrative"]),
        area_km2=row["area_km2"] if pd.notna(row["area_km2"]) else row["outline_area_km2"],
        is_area_official=pd.notna(row["area_km2"]),
        population=known_or_none(row["population"]),
        population_year=known_or_none(row["population_year"]),
        boundary_quality=row["boundary_quality"],
        outline=cite([row["boundary_source"]], evidence.source),
        inspections=_inspections(within[:MOST_LISTED], evidence),
        inspection_count=len(within),
        has_illustrative=bool(within["is_illustrative"].any()),
        last_before=before[0] if before else None,
        elsewhere=_elsewhere(evidence, row),
        successors=successors,
        origin=origin,
    )


def _days_since(row: pd.Series, evidence: Evidence) -> int:
    last = pd.Series([row["last_inspection"]])
    return int(days_since(pd.Timestamp(evidence.period.until), last).iloc[0])


def unit_name(row: Any) -> str:
    """Return kind and name of a ward, as they stand within a sentence."""
    return f"{row['ward_kind']} {row['ward_name']}"


def text_of(value: object) -> str | None:
    """Return a text, and nothing where it is missing."""
    return value if isinstance(value, str) else None


def known_or_none(value: Any) -> Any:
    """Return a value, and nothing where it is missing."""
    return None if pd.isna(value) else value


def _is_former(districts: pd.DataFrame, vintage: str, code: object) -> bool:
    same = (districts["vintage"] == vintage) & (districts["district_code"] == code)
    return bool(districts.loc[same, "is_former"].any())


def _statuses(evidence: Evidence, key: tuple[str, str]) -> tuple[RecordedStatus, ...]:
    rows = evidence.rows("pilot_status", key).sort_values("valid_from", ascending=False)
    return tuple(
        RecordedStatus(
            role=row["role"],
            stage=text_of(row["stage"]),
            years=text_of(row["period"]),
            since=row["valid_from"].date(),
            is_year=row["valid_from_precision"] != "day",
            note=text_of(row["note"]),
            citations=cite([row["source"]], evidence.source),
        )
        for row in rows.to_dict("records")
    )


def _inspections(rows: pd.DataFrame, evidence: Evidence) -> tuple[WardInspection, ...]:
    citations = {source: cite([source], evidence.source) for source in rows["source"].unique()}
    return tuple(
        WardInspection(
            inspection_id=row["inspection_id"],
            day=row["inspection_date"].date(),
            body=row["inspecting_body"],
            kind=text_of(row["kind"]),
            verdict=text_of(row["verdict"]),
            round_verdict=text_of(row["round_verdict"]),
            criteria=criteria_of(row["criteria_met"], row["criteria_assessed"]),
            criteria_set=text_of(row["criteria_set"]),
            is_illustrative=bool(row["is_illustrative"]),
            citations=citations[row["source"]],
        )
        for row in rows.to_dict("records")
    )


def _elsewhere(evidence: Evidence, ward: pd.Series) -> InspectedElsewhere | None:
    if not ward["is_partly_inspected"] and not ward["is_inspected"]:
        return None
    crosswalk = evidence.crosswalk
    reached = crosswalk[
        (crosswalk["to_vintage"] == ward["vintage"]) & (crosswalk["to_ward_code"] == ward["ward_code"])
    ]
    rows = evidence.inspections_within()
    is_own = (rows["vintage"] == ward["vintage"]) & (rows["ward_code"] == ward["ward_code"])
    others = rows[~rows["inspection_id"].isin(rows.loc[is_own, "inspection_id"])].merge(
        reached[["from_vintage", "from_ward_code"]],
        left_on=KEY,
        right_on=["from_vintage", "from_ward_code"],
        how="inner",
        validate="many_to_one",
    )
    if others.empty:
        return None
    last = others.drop_duplicates("inspection_id").drop_duplicates(KEY)
    last = last.sort_values(["inspection_date", *KEY], ascending=[False, True, True])
    named = last[:NAMED_INSPECTIONS]
    return InspectedElsewhere(
        units=tuple(
            (ward_title(evidence.ward((vintage, code))), day.date(), vintage)
            for vintage, code, day in zip(*(named[name] for name in (*KEY, "inspection_date")), strict=True)
        ),
        other_count=len(last) - len(named),
        is_illustrative=bool(named["is_illustrative"].any()),
        citations=cite(named["source"].unique(), evidence.source),
    )


def _crossings(evidence: Evidence, key: tuple[str, str]) -> tuple[tuple[Crossing, ...], Crossing | None]:
    """Return where a ward went, by vintage, and what it was made of."""
    vintage, code = key
    crosswalk = evidence.crosswalk
    onward = crosswalk[
        (crosswalk["from_vintage"] == vintage)
        & (crosswalk["from_ward_code"] == code)
        & (crosswalk["to_vintage"] > vintage)
    ]
    back = crosswalk[
        (crosswalk["to_vintage"] == vintage)
        & (crosswalk["to_ward_code"] == code)
        & (crosswalk["from_vintage"] < vintage)
    ]
    successors = tuple(_crossing(rows, "to", evidence) for _, rows in onward.groupby("to_vintage"))
    if back.empty:
        return successors, None
    # Of several earlier vintages the last one says what the ward was made of.
    last = back[back["from_vintage"] == back["from_vintage"].max()]
    return successors, _crossing(last, "from", evidence, named=NAMED_PREDECESSORS)


def _crossing(rows: pd.DataFrame, end: str, evidence: Evidence, named: int | None = None) -> Crossing:
    """Return the units of one vintage at one end of a crosswalk's rows, by falling share."""
    ordered = rows.sort_values(["area_weight", f"{end}_ward_code"], ascending=[False, True])
    units: list[tuple[str, float]] = []
    for row in ordered.to_dict("records"):
        unit = evidence.ward((row[f"{end}_vintage"], row[f"{end}_ward_code"]))
        if named is None or len(units) < named or isinstance(unit["role"], str):
            units.append((ward_title(unit), 100 * row["area_weight"]))
    return Crossing(
        vintage=rows[f"{end}_vintage"].iloc[0],
        units=tuple(units),
        other_count=len(ordered) - len(units),
        link_sources=tuple(ordered["link_source"]),
    )


KIN_COLUMNS = (
    "moved_area_pct",
    "moved_population_pct",
    "area_pct",
    "population_pct",
    "is_same",
    "link",
    "link_source",
)


def kin_of(evidence: Evidence, key: tuple[str, str]) -> dict[str, tuple[Kin, ...]]:
    """Return what a ward was made of and what became of it, by every other vintage."""
    found: dict[str, list[Kin]] = {
        other: [] for other in sorted(evidence.wards["vintage"].unique()) if other != key[0]
    }
    for row in descent(key, evidence).to_dict("records"):
        found[row["vintage"]].append(
            Kin(
                key=(row["vintage"], row["ward_code"]),
                title=ward_title(row),
                name=unit_name(row),
                **{name: row[name] for name in KIN_COLUMNS},
            )
        )
    return {vintage: tuple(units) for vintage, units in found.items()}
