"""The ground of the programme whose boundaries are no more: wards of another vintage, drawn as they were.

A ward that a redrawing made in part of a pilot ward is none. So what was recorded of the ward that it was
made of is shown where it was recorded: as the outline of that ward, with its name and years.
"""

from dataclasses import dataclass

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
    recorded = evidence.pilot_status
    own = recorded.loc[recorded["vintage"] == vintage, FIRST]
    keys = recorded[[*FIRST]].drop_duplicates()
    keys = keys[~_keys(keys, FIRST).isin(_keys(own, FIRST)) & (keys[FIRST[0]] != vintage)]
    wards = evidence.wards
    rows = wards[_keys(wards, KEY).isin(_keys(keys, FIRST)) & wards["role"].notna() & ~wards["is_partly"]]
    rows = rows[_keys(rows, KEY).isin(_held_in_part(evidence, vintage))]
    classes, numbers = programme_classes(rows)
    former = tuple(
        FormerWard(
            vintage=row["vintage"],
            ward_code=row["ward_code"],
            name=row["ward_name"],
            years=row["period"] if isinstance(row["period"], str) else None,
            number=number,
        )
        for row, number in zip(rows.to_dict("records"), numbers, strict=True)
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


def _held_in_part(evidence: Evidence, vintage: str) -> pd.MultiIndex:
    """Return the wards of other vintages that went to wards which hold a role in part."""
    wards = evidence.wards
    partly = wards.loc[
        (wards["vintage"] == vintage) & wards["is_partly"] & wards["role"].notna(), "ward_code"
    ]
    links = evidence.crosswalk
    into = links[(links["to_vintage"] == vintage) & links["to_ward_code"].isin(partly)]
    return _keys(into, ["from_vintage", "from_ward_code"])


def _keys(frame: pd.DataFrame, columns: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[columns], names=KEY)
