"""Which wards were not inspected for longer than a limit that the reader sets."""

from dataclasses import dataclass

import pandas as pd

from geodata.evidence import Evidence
from geodata.programme.inspections import days_since
from geodata.programme.status import is_pilot
from geodata.wards.units import KEY, is_commune

OVERDUE_DAYS = 365
"""After so many days without an inspection a ward shows as overdue, unless the reader chooses otherwise."""


@dataclass(frozen=True)
class Overdue:
    """Wards by the time since their last inspection.

    Attributes
    ----------
    late
        Wards whose last inspection is longer ago than the limit, and pilot wards, whole or in part, that
        have none on record; pilot wards first, those without inspection before the others, then by days.
        The columns of the wards with group (0 pilot, 1 pilot in part, 2 other), days and source.
    in_time_count
        Wards inspected within the limit.
    unknown_count
        Wards outside the pilot without an inspection on record.
    """

    late: pd.DataFrame
    in_time_count: int
    unknown_count: int


def overdue_wards(wards: pd.DataFrame, known: Evidence, limit: int) -> Overdue:
    """Return the wards that were not inspected for longer than a limit.

    Parameters
    ----------
    wards
        Wards of one vintage; see `Evidence.of_vintage`.
    known
        What is known of the areas within the range of days.
    limit
        Days.
    """
    communes = wards[is_commune(wards)]
    days = days_since(pd.Timestamp(known.period.until), communes["last_inspection"])
    group = pd.Series(2, index=communes.index).mask(is_pilot(communes), 1)
    group = group.mask(is_pilot(communes) & ~communes["is_partly"], 0)
    dated = communes.assign(days=days, group=group)
    is_late = (days > limit).fillna(False).astype("bool")
    never = days.isna()
    late = dated[is_late | (never & (group < 2))]
    late = late.sort_values(
        ["group", "days", "ward_code"], ascending=[True, False, True], na_position="first", ignore_index=True
    )
    return Overdue(
        late=_with_last_source(late, known),
        in_time_count=int((~is_late & ~never).sum()),
        unknown_count=int((never & (group == 2)).sum()),
    )


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
