"""The wards that were ever chosen for the pilot, each counted once, and how many of them were inspected."""

from dataclasses import dataclass

import pandas as pd

from geodata.evidence import Evidence
from geodata.programme.status import is_pilot
from geodata.wards.units import KEY

FIRST = ["first_vintage", "first_ward_code"]
"""The key that a ward had in the first vintage in which it was the same: one for all of its vintages."""


@dataclass(frozen=True)
class ChosenWards:
    """The wards that were ever chosen for the pilot up to a day, as they were when they were chosen.

    Nobody has counted them at one moment: they are those of several years, whose standing since may be
    unknown.

    Attributes
    ----------
    by_years
        The years for which wards were chosen, earliest first, and how many; ``None`` where the record names
        none.
    visit_site_count
        Wards that were only ever visit sites.
    inspected_count
        Chosen wards that were inspected at least once within the range.
    ministry_count
        Those of them that the Ministry inspected.
    on_site_count
        Those that it inspected on site.
    """

    by_years: tuple[tuple[str | None, int], ...]
    visit_site_count: int = 0
    inspected_count: int = 0
    ministry_count: int = 0
    on_site_count: int = 0

    @property
    def count(self) -> int:
        """Return how many wards they are."""
        return sum(count for _, count in self.by_years)


def chosen_wards(known: Evidence) -> ChosenWards:
    """Return the wards that were ever chosen for the pilot up to the last day of a range.

    A ward that was chosen for several years counts for the last of them.
    """
    recorded = known.pilot_status
    pilots = recorded[is_pilot(recorded)].sort_values("valid_from", kind="stable")
    chosen = pilots.drop_duplicates(FIRST, keep="last")
    years = chosen["period"].astype("object").where(chosen["period"].notna(), None)
    counts = years.value_counts(dropna=False)
    known_years = sorted(one for one in counts.index if isinstance(one, str))
    unknown = int(years.isna().sum())
    visited = recorded.loc[recorded["role"].eq("visit_site"), FIRST].drop_duplicates()
    inspected = known.inspections_within().merge(chosen[FIRST], on=FIRST, how="inner", validate="many_to_one")
    ministry = inspected[inspected["inspecting_body"].str.startswith("Bộ Công an")]
    return ChosenWards(
        by_years=(*((one, int(counts[one])) for one in known_years), *([(None, unknown)] if unknown else [])),
        visit_site_count=len(visited) - len(visited.merge(chosen[FIRST], on=FIRST, validate="one_to_one")),
        inspected_count=_ward_count(inspected),
        ministry_count=_ward_count(ministry),
        on_site_count=_ward_count(ministry[ministry["kind"].eq("thực địa")]),
    )


def _ward_count(rows: pd.DataFrame) -> int:
    return len(rows.drop_duplicates(FIRST))


def with_first_key(facts: pd.DataFrame, same: pd.DataFrame) -> pd.DataFrame:
    """Return facts on wards with `FIRST`, by which a ward is counted once whatever vintage records it.

    Parameters
    ----------
    facts
        Rows keyed by vintage and ward_code among other columns.
    same
        See `geodata.wards.crosswalk.same_wards`.
    """
    earlier = same[same["to_vintage"] < same["from_vintage"]].sort_values("to_vintage")
    first = earlier.drop_duplicates(["from_vintage", "from_ward_code"])
    found = facts[KEY].merge(
        first,
        left_on=KEY,
        right_on=["from_vintage", "from_ward_code"],
        how="left",
        validate="many_to_one",
    )
    return facts.assign(
        **{
            name: found[of].where(found[of].notna(), found[own]).to_numpy()
            for name, of, own in zip(FIRST, ["to_vintage", "to_ward_code"], KEY, strict=True)
        }
    )
