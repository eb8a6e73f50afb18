"""The wards that were ever chosen for the pilot, each counted once, and how many of them were inspected."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geodata.evidence import Evidence
from geodata.programme.status import PILOT_STAGES
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
    verified_count
        Chosen wards with an inspection that is not illustrative.
    """

    by_years: tuple[tuple[str | None, int], ...]
    visit_site_count: int = 0
    inspected_count: int = 0
    ministry_count: int = 0
    on_site_count: int = 0
    verified_count: int = 0

    @property
    def count(self) -> int:
        """Return how many wards they are."""
        return sum(count for _, count in self.by_years)


def chosen_wards(known: Evidence) -> ChosenWards:
    """Return the wards that were ever chosen for the pilot up to the last day of a range.

    A ward that was chosen for several years counts for the last of them.
    """
    # Frames so small are quicker walked than filtered, sorted and joined.
    recorded = known.pilot_status
    columns = ("valid_from", *FIRST, "role", "stage", "period")
    rows = sorted(zip(*(recorded[name] for name in columns), strict=True), key=lambda row: row[0])
    chosen: dict[tuple[str, str], str | None] = {}
    visited = set()
    for _, vintage, code, role, stage, years in rows:
        if role == "pilot" and stage in PILOT_STAGES:
            chosen[vintage, code] = years if isinstance(years, str) else None
        elif role == "visit_site":
            visited.add((vintage, code))
    counts = Counter(chosen.values())
    within = known.inspections_within()
    inspected, verified, by_ministry, on_site = (set[Any]() for _ in range(4))
    told = (*FIRST, "is_illustrative", "inspecting_body", "kind")
    for *key, is_illustrative, body, kind in zip(*(within[name] for name in told), strict=True):
        if tuple(key) in chosen:
            inspected.add(tuple(key))
            if not is_illustrative:
                verified.add(tuple(key))
            if body.startswith("Bộ Công an"):
                by_ministry.add(tuple(key))
                if kind == "thực địa":
                    on_site.add(tuple(key))
    return ChosenWards(
        by_years=tuple(sorted(counts.items(), key=lambda one: (one[0] is None, one[0] or ""))),
        visit_site_count=len(visited - chosen.keys()),
        inspected_count=len(inspected),
        ministry_count=len(by_ministry),
        on_site_count=len(on_site),
        verified_count=len(verified),
    )


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
