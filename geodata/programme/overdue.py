"""When each ward was last inspected, and which have waited longer than a limit that the reader sets.

No source sets such a limit: without one that a reader brings, with what it rests on, no ward is overdue.
"""

from dataclasses import dataclass

import pandas as pd

from geodata.evidence import Evidence
from geodata.programme.inspections import days_since
from geodata.programme.status import is_pilot
from geodata.wards.crosswalk import same_wards
from geodata.wards.units import KEY, are_among, is_commune


@dataclass(frozen=True)
class Limit:
    """After how many days without an inspection a ward is overdue.

    Attributes
    ----------
    days
        Days.
    basis
        What the limit rests on, in the words of who sets it: a plan, a decision.
    """

    days: int
    basis: str


def limit_of(days: int | None, basis: str) -> Limit | None:
    """Return a limit; none where days or basis are missing."""
    return Limit(days, basis.strip()) if days and basis.strip() else None


@dataclass(frozen=True)
class LastInspections:
    """Wards by the time since their last inspection.

    Attributes
    ----------
    rows
        Wards with an inspection on record, and those of the pilot, whole or in part, without one; those of
        the pilot first, then the longest without an inspection. The columns of the wards with group (0
        pilot, 1 holding a part of one, 2 other), exists (it is a unit on the last day of the range), days
        since the last inspection, is_late and inspection_source.
    in_time_count
        Wards that exist on that day, inspected within the limit; 0 without a limit.
    unknown_count
        Wards that exist on that day without an inspection on record.
    """

    rows: pd.DataFrame
    in_time_count: int
    unknown_count: int

    @property
    def late(self) -> pd.DataFrame:
        """Return the wards that exist on the day and were last inspected longer ago than the limit."""
        return self.rows[self.rows["is_late"]]


def last_inspections(wards: pd.DataFrame, known: Evidence, limit: Limit | None) -> LastInspections:
    """Return when wards were last inspected, and which are overdue by a limit.

    A ward of which no inspection is on record is not overdue: nobody says that there was none. Nor is a ward
    that a redrawing ended before the day, or that began after it.

    Parameters
    ----------
    wards
        Wards of one vintage; see `Evidence.of_vintage`.
    known
        What is known of the areas within the range of days.
    limit
        None where the reader sets none.
    """
    communes = wards[is_commune(wards)]
    days = days_since(pd.Timestamp(known.period.until), communes["last_inspection"])
    group = pd.Series(2, index=communes.index).mask(is_pilot(communes), 1)
    group = group.mask(is_pilot(communes) & ~communes["is_partly"], 0)
    exists = exists_on_last_day(communes, known)
    is_late = (exists & (days > limit.days)).fillna(False).astype("bool") if limit else False
    dated = communes.assign(days=days, group=group, exists=exists, is_late=is_late)
    listed = dated[days.notna() | (group < 2)].sort_values(
        ["group", "days", "ward_code"], ascending=[True, False, True], ignore_index=True
    )
    return LastInspections(
        rows=_with_last_source(listed, known),
        in_time_count=int((exists & days.notna() & ~dated["is_late"]).sum()) if limit else 0,
        unknown_count=int((exists & days.isna()).sum()),
    )


def exists_on_last_day(wards: pd.DataFrame, known: Evidence) -> pd.Series:
    """Return which wards of one vintage are units on the last day of the range, by name and ground.

    Parameters
    ----------
    wards
        Wards of one vintage.
    known
        Its wards are those of all vintages.
    """
    vintages = sorted(known.wards["vintage"].unique())
    begun = [vintage for vintage in vintages if vintage <= known.period.until.isoformat()]
    in_force = begun[-1] if begun else vintages[0]
    if wards.empty or wards["vintage"].iloc[0] == in_force:
        return pd.Series(True, index=wards.index)
    same = same_wards(known.crosswalk, known.wards)
    same = same[same["to_vintage"] == in_force]
    kept = are_among(wards[KEY], same[["from_vintage", "from_ward_code"]])
    return pd.Series(kept, index=wards.index)


def _with_last_source(wards: pd.DataFrame, known: Evidence) -> pd.DataFrame:
    """Return wards with the source of their last inspection, which may be one of a ward in them."""
    ends = [f"{end}_{column}" for end in ("from", "to") for column in KEY]
    same = pd.DataFrame({end: wards[end.split("_", 1)[1]] for end in ends})
    came = known.crosswalk.loc[known.crosswalk["to_vintage"].isin(wards["vintage"].unique()), ends]
    inspected = known.inspection.drop_duplicates("inspection_id")
    last = pd.concat([same, came], ignore_index=True).merge(
        inspected[[*KEY, "inspection_date", "source"]],
        left_on=ends[:2],
        right_on=KEY,
        how="inner",
        validate="many_to_many",
        suffixes=("", "_inspected"),
    )
    first = last.drop_duplicates(["to_ward_code", "inspection_date"])
    return wards.merge(
        first[["to_ward_code", "inspection_date", "source"]].rename(columns={"source": "inspection_source"}),
        left_on=["ward_code", "last_inspection"],
        right_on=["to_ward_code", "inspection_date"],
        how="left",
        validate="many_to_one",
    )
