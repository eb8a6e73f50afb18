"""What is said wherever outlines are drawn or handed over: whose they are, and on what terms they may be."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from geodata.contract.layers import WATER_SOURCE
from geodata.language import Words, joined, message
from geodata.quality import QUALITY_NAMES


@dataclass(frozen=True)
class OutlineNotes:
    """What is said of the outlines of a vintage.

    Attributes
    ----------
    names
        Whose they are, the rivers with them.
    notice
        That they may not be passed on, or that no source says whether they may; ``None`` where they may.
    is_schematic
        One of them at least is schematic.
    """

    names: str
    notice: Words | None
    is_schematic: bool

    @property
    def credit(self) -> Words:
        """Whose they are, in a line by itself."""
        return message("Outlines: {names}", names=self.names)

    @property
    def lines(self) -> list[Words]:
        """All of it below the heading “Outlines”, a line each."""
        schematic = [QUALITY_NAMES["schematic"]] if self.is_schematic else []
        return [joined(", ", [self.names, *schematic]), *([] if self.notice is None else [self.notice])]


def outline_notes(wards: pd.DataFrame, sources: pd.DataFrame) -> OutlineNotes:
    """Return what is said of outlines.

    Parameters
    ----------
    wards
        Rows of the layer ``ward`` of one vintage.
    sources
        The layer ``source``.
    """
    own = sources[sources["source_id"].isin(wards["boundary_source"])]
    water = sources[sources["source_id"] == WATER_SOURCE]
    names = {
        terms: _names(own["publisher"][own["redistribution"].fillna("not_stated") == terms])
        for terms in ("forbidden", "not_stated")
    }
    notice: Words | None = None
    if names["forbidden"]:
        notice = message("The outlines of {names} may not be passed on", names=names["forbidden"])
    elif names["not_stated"]:
        notice = message(
            "The source of the outlines ({names}) does not say whether they may be passed on",
            names=names["not_stated"],
        )
    return OutlineNotes(
        names=_names([*own["publisher"], *water["publisher"]]),
        notice=notice,
        is_schematic=bool(wards["boundary_quality"].eq("schematic").any()),
    )


def _names(publishers: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(publishers))
