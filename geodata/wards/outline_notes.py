"""What is said wherever outlines are drawn or handed over: whose they are, and on what terms they may be."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from geodata.contract.layers import WATER_SOURCE
from geodata.language import Words, joined, message
from geodata.language.own_words import own_words
from geodata.quality import QUALITY_NAMES


@dataclass(frozen=True)
class OutlineNotes:
    """What is said of the outlines of a vintage.

    Attributes
    ----------
    names
        Whose they are, the rivers with them.
    licences
        Under which licences they come, those of the rivers with them.
    notice
        That they may not be passed on, or that no source says whether they may; ``None`` where they may.
    is_schematic
        One of them at least is schematic.
    """

    names: Words
    licences: Words
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
        told = [joined(", ", [self.names, *schematic]), message("Licence: {licence}", licence=self.licences)]
        return [*told, *([] if self.notice is None else [self.notice])]


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
    notice: Words | None = None
    for terms, told in _NOTICES.items():
        of_terms = own["publisher"][own["redistribution"].fillna("not_stated") == terms]
        if notice is None and len(of_terms):
            notice = told.of(names=_names(of_terms))
    return OutlineNotes(
        names=_names([*own["publisher"], *water["publisher"]]),
        licences=_names(pd.concat([own["licence"], water["licence"]]).fillna("")),
        notice=notice,
        is_schematic=bool(wards["boundary_quality"].eq("schematic").any()),
    )


_NOTICES = {
    "forbidden": message("The outlines of {names} may not be passed on"),
    "not_stated": message("The source of the outlines ({names}) does not say whether they may be passed on"),
}


def _names(names: Iterable[str]) -> Words:
    return joined("; ", [own_words(one) if one else message("not stated") for one in dict.fromkeys(names)])
