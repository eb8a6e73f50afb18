"""What the data rest on: their sources, the files of the build, the outlines, faults, and what is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import layer
from dashboard.query.publication import Publication
from dashboard.subjects.sources.citations import BATCH, Citation, cite
from dashboard.subjects.sources.facts import PublishedFact, facts_of
from geodata.contract.layers import LAYERS, WARD_KINDS
from geodata.contract.standing import is_proven
from geodata.quality import Statement, known_faults, rows_by_source, what_is_unknown

INSTRUMENTS = {
    "2020-02-01": ("nq-872-2020",),
    "2025-01-01": ("nq-1232-2024",),
    "2025-07-01": ("nq-1669-2025", "nq-202-2025", "qd-19-2025"),
}
"""The sources of the layer that are the legal instruments of each vintage."""

Counts = tuple[tuple[str, int], ...]
"""How many there are of each kind."""


@dataclass(frozen=True)
class SourceUse:
    """A source and what rests on it.

    Attributes
    ----------
    kind
        ``published``, ``imported`` (a file), or ``cited`` in an imported file.
    row
        The row of the layer ``source``; what it doesn't tell is none.
    rows
        How many rows of each layer rest on it.
    """

    kind: str
    row: Mapping[Any, Any]
    rows: Counts


@dataclass(frozen=True)
class Outlines:
    """The boundaries of one vintage.

    Attributes
    ----------
    vintage
        ISO date from which they hold.
    kinds, qualities
        How many units there are of each kind, and outlines of each quality.
    population_years
        Of which years the residents are counted.
    sources, licences, instruments
        Titles and licences of the sources of the outlines, and numbers of the legal instruments.
    citations
        The sources of the outlines.
    """

    vintage: str
    kinds: Counts
    qualities: Counts
    population_years: tuple[int, ...]
    sources: tuple[str, ...]
    licences: tuple[str, ...]
    instruments: tuple[str, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Provenance:
    """What all figures rest on, and what else is published.

    Attributes
    ----------
    sources, outlines
        The sources, and the boundaries of each vintage.
    build
        The rows of this layer.
    facts
        All published facts.
    faults, unknown
        What is wrong with the data, and what is not published.
    file_count
        How many files were imported.
    is_proven
        A checksum beside the published file says that it is as it was published.
    """

    sources: list[SourceUse]
    build: list[dict[Any, Any]]
    outlines: list[Outlines]
    facts: list[PublishedFact]
    faults: list[Statement]
    unknown: list[Statement]
    file_count: int
    is_proven: bool = True


@cached
def provenance(published: Publication) -> Provenance:
    """Return what all figures of a published file rest on."""
    found = provenance_of({name: layer(published, name) for name in LAYERS})
    return replace(found, is_proven=is_proven(published.path))


def provenance_of(layers: Mapping[str, Any]) -> Provenance:
    """Return what all figures of some layers rest on; the layers by their name."""
    files = layers["source"]["source_id"].str.fullmatch(f"{BATCH}[^-]+-[^-]+-[^-]+")
    return Provenance(
        sources=_sources(layers),
        build=layers["build"].sort_values("input").to_dict("records"),
        outlines=_outlines(layers["ward"], layers["source"]),
        facts=facts_of(layers["fact"], layers["source"]),
        faults=known_faults(layers),
        unknown=what_is_unknown(layers),
        file_count=int(files.sum()),
    )


def _sources(layers: Mapping[str, pd.DataFrame]) -> list[SourceUse]:
    """Return the sources, those on which most rows rest first."""
    counts: dict[str, Counts] = {
        str(source): tuple(zip(rows["layer"], rows["rows"], strict=True))
        for source, rows in rows_by_source(layers).groupby("source_id", sort=False)
    }
    source = layers["source"].astype("object")
    rows = source.where(source.notna(), None).to_dict("records")
    used = [SourceUse(_kind(row), row, counts.get(row["source_id"], ())) for row in rows]
    return sorted(used, key=lambda one: (-sum(count for _, count in one.rows), one.row["source_id"]))


def _kind(source: Mapping[Any, Any]) -> str:
    if not str(source["source_id"]).startswith(BATCH):
        return "published"
    return "cited" if source["published"] is None else "imported"


def _outlines(wards: pd.DataFrame, source: pd.DataFrame) -> list[Outlines]:
    found = []
    for vintage, units in wards.groupby("vintage", sort=True):
        kinds, qualities = units["ward_kind"].value_counts(), units["boundary_quality"].value_counts()
        ids = units["boundary_source"].unique()
        own = source[source["source_id"].isin(ids)]
        instruments = source[source["source_id"].isin(INSTRUMENTS.get(str(vintage), ()))]
        found.append(
            Outlines(
                vintage=str(vintage),
                kinds=tuple((kind, int(kinds[kind])) for kind in WARD_KINDS if kind in kinds),
                qualities=tuple((str(quality), int(count)) for quality, count in qualities.items()),
                population_years=tuple(sorted(units["population_year"].dropna().unique())),
                sources=tuple(own["title"]),
                licences=tuple(own["licence"].dropna().unique()),
                instruments=tuple(instruments["locator"].dropna()),
                citations=cite(ids, source),
            )
        )
    return found
