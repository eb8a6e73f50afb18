"""What is true of the inspections within a range of days: where they were, when, and what they found."""

import datetime
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import extent
from dashboard.query.query import Query
from dashboard.query.units import area_names, programme_frame
from dashboard.subjects.programme.former import FormerWard
from geodata.evidence import Evidence
from geodata.language.alphabet import alphabet_key
from geodata.period import Period
from geodata.programme.criteria import CriteriaMet, criteria_met
from geodata.programme.inspections import InspectionCoverage, inspection_coverage
from geodata.programme.overdue import LastInspections, Limit, last_inspections
from geodata.wards.frames import frame_bounds
from geodata.wards.names import bare
from geodata.wards.units import KEY, class_counts, is_commune

WHOLE, PART, NONE, OUTSIDE = range(4)
"""Classes of the map: wards inspected, inspected in part, not inspected, and outside the chosen areas."""

NAMED = 9
"""So many wards bear their name on the small map; of more none does."""


@dataclass(frozen=True)
class InspectionFindings:
    """What is true of the inspections within a range of days, in some areas of one vintage.

    What a page asks for is reckoned then, and once.

    Attributes
    ----------
    query
        What is asked.
    evidence
        What is known of the areas.
    city
        All wards of the vintage.
    wards
        The wards of the areas with the day of their last inspection; see `geodata.evidence.Evidence`.
    """

    query: Query
    evidence: Evidence
    city: pd.DataFrame
    wards: pd.DataFrame

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Return the inspections within the range, each once, under the ward that was inspected.

        See `named_rows`.
        """
        return _with_former(self.query, named_rows(self.evidence))

    @property
    def months(self) -> pd.DataFrame:
        """Return the inspections of all days by month; see `by_month`."""
        return _months(self.query.within(extent(self.query.published)))

    @cached_property
    def ward_count(self) -> int:
        """Return how many wards were inspected; see `count_wards`."""
        return count_wards(self.rows, self.wards)

    @cached_property
    def coverage(self) -> InspectionCoverage:
        """Return the inspection coverage."""
        return inspection_coverage(pd.Timestamp(self.query.period.until), self.wards)

    @property
    def is_illustrative(self) -> bool:
        """Return whether an inspection of the range is illustrative."""
        return self.evidence.is_illustrative()

    @property
    def last_before(self) -> datetime.date | None:
        """Return the day of the last inspection up to the last day, however long ago."""
        last = self.evidence.inspection["inspection_date"].max()
        day: datetime.date | None = None if pd.isna(last) else last.date()
        return day

    @cached_property
    def class_numbers(self) -> list[int]:
        """Return the class of each ward in the order of the layer: `WHOLE`, `PART`, `NONE` or `OUTSIDE`."""
        return _class_numbers(self.city, self.wards)

    @property
    def class_counts(self) -> list[int]:
        """Return how many commune-level units of the areas are of the first three."""
        return class_counts(self.class_numbers, self.city, OUTSIDE)

    @cached_property
    def times(self) -> list[tuple[int, datetime.date] | None]:
        """Return how often each ward inspected was within the range, and when last; none for the others."""
        return _times(self.city, self.class_numbers, self.evidence.inspections_within())

    @property
    def labels(self) -> list[str]:
        """Return the codes of the wards inspected, which bear a label, unless they are more than `NAMED`."""
        seen = self.wards.loc[self.wards["is_inspected"], "ward_code"]
        return list(seen) if len(seen) + len(self.former) <= NAMED else []

    @cached_property
    def former(self) -> tuple[FormerWard, ...]:
        """Return the wards of other boundaries that were inspected and of which those shown hold a part."""
        return _former_wards(self.evidence, self.wards)

    @property
    def days(self) -> Period | None:
        """Return the days from the first to the last inspection within the range; none without any."""
        dates = self.rows["inspection_date"]
        return None if dates.empty else Period(dates.min().date(), dates.max().date())


@cached
def inspection_findings(query: Query) -> InspectionFindings:
    """Return what is true of the inspections that are asked for."""
    evidence = query.evidence().of_areas(query.vintage, query.areas)
    return InspectionFindings(query, evidence, query.city_wards(), query.wards())


def _rows(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    return zip(*(frame[name].tolist() for name in columns), strict=True)


def _former_wards(evidence: Evidence, wards: pd.DataFrame) -> tuple[FormerWard, ...]:
    """Return the wards that were inspected in other boundaries and of which wards that are shown hold a part.

    They bear name and year unless they are more than `NAMED`.
    """
    part = set(_rows(wards[wards["is_partly_inspected"].to_numpy("bool")], KEY))
    if not part:
        return ()
    links = _rows(evidence.crosswalk, ["to_vintage", "to_ward_code", "from_vintage", "from_ward_code"])
    held = {(vintage, code) for *went, vintage, code in links if tuple(went) in part}
    # Each under the boundaries in which it was recorded, which come first; its last inspection does too.
    seen, last = set[str](), dict[Any, pd.Timestamp]()
    for code, day, *key in _rows(evidence.inspections_within(), ["inspection_id", "inspection_date", *KEY]):
        if code not in seen and tuple(key) in held:
            last.setdefault(tuple(key), day)
        seen.add(code)
    names = {tuple(key): name for *key, name in _rows(evidence.wards, [*KEY, "ward_name"])}
    is_named = len(last) <= NAMED
    return tuple(
        FormerWard(key[0], key[1], names[key] if is_named else "", f"{day:%Y}" if is_named else None, 0)
        for key, day in last.items()
    )


@cached
def standing(query: Query, limit: Limit | None) -> LastInspections:
    """Return when each ward was last inspected, and which are overdue by a limit.

    The district of its rows is called former where it is one on the boundaries shown.
    """
    evidence = query.evidence().of_areas(query.vintage, query.areas)
    found = last_inspections(evidence.of_vintage(query.vintage), evidence, limit)
    return replace(found, rows=_with_former(query, found.rows))


def _with_former(query: Query, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of wards with a district_name that calls a district former where it is one by then."""
    names = {vintage: area_names(query.published, vintage) for vintage in rows["vintage"].unique()}
    told = [
        names[vintage].get(code) for vintage, code in zip(rows["vintage"], rows["district_code"], strict=True)
    ]
    return rows.assign(district_name=pd.Series(told, index=rows.index, dtype="object"))


def named_rows(evidence: Evidence) -> pd.DataFrame:
    """Return the inspections within the range, each once, latest first.

    Returns
    -------
    The columns of the layer, under the vintage in which it was recorded, with ward_kind, ward_name,
    district_code and district_name of the ward, and ``searched``: what a search looks in, by
    `geodata.wards.names.bare`.
    """
    rows = evidence.inspections_within().drop_duplicates("inspection_id")
    named = rows.merge(
        evidence.wards[[*KEY, "ward_kind", "ward_name", "district_code", "district_name"]],
        on=KEY,
        how="left",
        validate="many_to_one",
    )
    titles = named["ward_kind"] + " " + named["ward_name"]
    parts = ["ward_name", "district_name", "inspecting_body", "kind", "verdict", "round_verdict"]
    texts = zip(titles, *(named[part] for part in parts), strict=True)
    searched = [" ".join(bare(text) for text in row if isinstance(text, str)) for row in texts]
    # Of no rows the type would be a number's.
    return named.assign(searched=pd.Series(searched, index=named.index, dtype="str"))


def met_of_set(shown: InspectionFindings, criteria_set: str) -> CriteriaMet:
    """Return the criteria met at the last inspection by a set of each ward within the range."""
    rows = latest_of_each(shown.rows[shown.rows["criteria_set"] == criteria_set])
    return criteria_met(rows.assign(inspection_count=1), shown.query.layer("criteria_set"))


def rounds_of(rows: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return the rounds of which anything was said as a whole, each once, in the order of their inspections.

    Parameters
    ----------
    rows
        See `named_rows`.
    """
    said: list[dict[Hashable, Any]] = (
        rows[rows["round_verdict"].notna()].drop_duplicates("round_id").to_dict("records")
    )
    return said


def latest_of_each(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the latest inspection of each ward; rows are latest first."""
    return rows.drop_duplicates(KEY)


def count_wards(rows: pd.DataFrame, wards: pd.DataFrame) -> int:
    """Return how many wards were inspected: those of the register, or of a vintage where they are of several.

    Parameters
    ----------
    rows
        See `named_rows`.
    wards
        Wards of the vintage shown: of those inspected a part of whose area was counts too.
    """
    if len(rows["vintage"].drop_duplicates()) <= 1:
        return len(latest_of_each(rows))
    seen = wards["is_inspected"] | wards["is_partly_inspected"]
    return int((seen & is_commune(wards)).sum()) or len(latest_of_each(rows))


@cached
def _months(query: Query) -> pd.DataFrame:
    evidence = query.evidence().of_areas(query.vintage, query.areas)
    return by_month(evidence.inspection.drop_duplicates("inspection_id"), query.period)


def by_month(inspection: pd.DataFrame, extent: Period) -> pd.DataFrame:
    """Return the number of inspections of each month of an extent, months without any too.

    Parameters
    ----------
    inspection
        Inspections, each once, with inspection_date and is_illustrative.
    extent
        First and last day.

    Returns
    -------
    One row a month: month (its first day), verified, illustrative.
    """
    months = pd.period_range(extent.since, extent.until, freq="M")
    of_month = inspection["inspection_date"].dt.to_period("M")
    counts = {
        name: of_month[inspection["is_illustrative"].eq(is_illustrative)].value_counts().reindex(months)
        for name, is_illustrative in (("verified", False), ("illustrative", True))
    }
    return pd.DataFrame(
        {"month": months.to_timestamp(), **{n: c.fillna(0).astype(int).to_numpy() for n, c in counts.items()}}
    )


def _class_numbers(city: pd.DataFrame, wards: pd.DataFrame) -> list[int]:
    numbers = pd.Series(NONE, index=city.index).mask(city["is_partly_inspected"], PART)
    numbers = numbers.mask(city["is_inspected"], WHOLE)
    return numbers.where(city["ward_code"].isin(wards["ward_code"]), OUTSIDE).tolist()


def _times(
    city: pd.DataFrame, class_numbers: list[int], within: pd.DataFrame
) -> list[tuple[int, datetime.date] | None]:
    counts = within[within["vintage"].isin(city["vintage"])].groupby("ward_code").size()
    return [
        (int(counts.get(code, 0)), last.date()) if number in (WHOLE, PART) else None
        for code, last, number in zip(city["ward_code"], city["last_inspection"], class_numbers, strict=True)
    ]


def matching(rows: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return the rows that hold some words, with or without diacritics, in ward, body or verdict."""
    hits: pd.DataFrame = rows[rows["searched"].str.contains(bare(text), regex=False)]
    return hits


def ordered(rows: pd.DataFrame, order: str) -> pd.DataFrame:
    """Return inspections by ``date``, ``ward`` or ``criteria``; of equal ones the latest first."""
    if order == "ward":
        return rows.sort_values("ward_name", key=lambda names: names.map(alphabet_key), kind="stable")
    if order == "criteria":
        share = rows["criteria_met"].astype("float64") / rows["criteria_assessed"].astype("float64")
        return rows.loc[share.sort_values(kind="stable", na_position="last").index]
    return rows


@cached
def inspected_frame(query: Query) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the chosen areas, or of the largest group of wards ever inspected.

    Asked of all days, so that the map stays where it is while the days move.
    """
    wards = query.evidence().of_vintage(query.vintage)
    inspected = wards["is_inspected"] | wards["is_partly_inspected"]
    if query.areas or not inspected.any():
        return programme_frame(query.published, query.vintage, query.areas)
    return frame_bounds(query.of_vintage("ward"), inspected)


def map_layer(outlines: gpd.GeoDataFrame, wards: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the wards of the map with what is known of their inspections, for a GeoPackage."""
    columns = [
        "is_inspected",
        "is_partly_inspected",
        "inspected_area_pct",
        "last_inspection",
        "is_illustrative",
    ]
    joined: gpd.GeoDataFrame = outlines.merge(
        wards[[*KEY, *columns]], on=KEY, how="inner", validate="one_to_one"
    )
    return joined
