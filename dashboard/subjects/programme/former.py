"""The ground of the programme whose boundaries are no more: wards of another vintage, drawn as they were.

A ward that a redrawing made in part of a pilot ward is none. So what was recorded of the ward that it was
made of is shown where it was recorded: as the outline of that ward, with its name and years.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.subjects.programme.classes import MapClass, programme_classes
from geodata.evidence import Evidence
from geodata.language import Words, message, uncapitalised
from geodata.programme.pilot_wards import FIRST
from geodata.wards.units import KEY


@dataclass(frozen=True)
class FormerWard:
    """A ward of another vintage than the one shown; ``number`` is its class in `FormerGround.classes`."""

    vintage: str
    ward_code: str
    name: str
    years: str | None
    number: int

    @property
    def sign(self) -> str:
        """Return what stands for it on the map: its code alone may be that of another ward."""
        return f"{self.vintage}/{self.ward_code}"

    @property
    def label(self) -> str:
        """Return what stands beside it on the map."""
        return f"{self.name} {self.years}" if self.years else self.name


@dataclass(frozen=True)
class FormerGround:
    """The wards of other vintages that hold a role which the wards shown hold only in part.

    Attributes
    ----------
    classes
        Their classes by role, years and stage, as of `programme_classes`.
    wards
        The wards.
    rows
        Their rows in `Evidence.wards`, with what stands for them on the map as ward_code.
    """

    classes: tuple[MapClass, ...]
    wards: tuple[FormerWard, ...]
    rows: pd.DataFrame

    @property
    def vintages(self) -> tuple[str, ...]:
        """Return the vintages of the wards, each once."""
        return tuple(sorted({ward.vintage for ward in self.wards}))


def former_ground(evidence: Evidence, vintage: str) -> FormerGround:
    """Return the former ground of the programme in a vintage, on the last day of the range.

    Parameters
    ----------
    evidence
        What is known within the range, of all areas or of some (`Evidence.of_areas`).
    vintage
        Vintage shown.
    """
    recorded, wards = evidence.pilot_status, evidence.wards
    first = list(zip(*(recorded[name] for name in FIRST), strict=True))
    own = {key for key, one in zip(first, recorded["vintage"], strict=True) if one == vintage}
    holds = (wards["role"].notna() & ~wards["is_partly"] & (wards["vintage"] != vintage)).to_numpy("bool")
    at = np.flatnonzero(holds)
    # Those that are the same ward in the vintage shown are drawn as its own.
    keys = set(first) - own
    codes = zip(*(wards[name].to_numpy()[at] for name in KEY), strict=True)
    at = at[[key in keys for key in codes]]
    if len(at):
        held = _held_in_part(evidence, vintage)
        codes = zip(*(wards[name].to_numpy()[at] for name in KEY), strict=True)
        at = at[[key in held for key in codes]]
    rows = wards.iloc[at]
    if rows.empty:
        return FormerGround((), (), rows)
    classes, numbers = programme_classes(rows)
    former = tuple(
        FormerWard(of_vintage, code, name, years if isinstance(years, str) else None, number)
        for of_vintage, code, name, years, number in zip(
            *(rows[name] for name in (*KEY, "ward_name", "period")), numbers, strict=True
        )
    )
    return FormerGround(
        # The last class is that of wards without information, of which there are none.
        classes=tuple(
            MapClass(_label(entry.label), entry.count, entry.colour, pattern="hatch")
            for entry in classes[:-1]
        ),
        wards=former,
        rows=rows.assign(ward_code=[ward.sign for ward in former]),
    )


def _label(status: Words | str) -> Words:
    return message("Ground of {status}", status=uncapitalised(status))


def _held_in_part(evidence: Evidence, vintage: str) -> set[tuple[str, str]]:
    """Return the wards of other vintages that went to wards which hold a role in part."""
    wards, links = evidence.wards, evidence.crosswalk
    partly = wards.loc[
        wards["is_partly"] & wards["role"].notna() & (wards["vintage"] == vintage), "ward_code"
    ]
    into = links.loc[
        (links["to_vintage"] == vintage) & links["to_ward_code"].isin(partly),
        ["from_vintage", "from_ward_code"],
    ]
    return set(into.itertuples(index=False, name=None))
