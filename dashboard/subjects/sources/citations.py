"""The sources of a fact as a reader is told them: short, and in full with a link."""

import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from geodata.contract.layers import WATER_SOURCE
from geodata.language import Words, joined, message
from geodata.language.dates import day
from geodata.language.own_words import own_words

BATCH = "batch-"
"""How the source_id of an imported file begins, and those of the texts that its rows name as sources."""

UNKNOWN = message("source not known")

_Source = Mapping[Any, Any]
"""A row of the layer ``source``."""


@dataclass(frozen=True)
class Citation:
    """Sources that go by one name.

    Attributes
    ----------
    short
        The name.
    texts
        Title, publisher, date and locator of each, and its address where it has one; none where nothing is
        known of it.
    """

    short: Words
    texts: tuple[tuple[Words, str], ...] = ()


def cite(source_ids: Iterable[object], sources: pd.DataFrame) -> tuple[Citation, ...]:
    """Return several sources, those of one name as one; one that is not known comes last.

    Parameters
    ----------
    source_ids
        Their ids.
    sources
        The layer ``source``.
    """
    rows = _rows(source_ids, sources)
    named: dict[str, Citation] = {}
    for row in rows:
        if row is None:
            continue
        name, short = _short(row)
        before = named.get(name, Citation(short)).texts
        text = (_in_full(row), web_address(row["url"]))
        named[name] = Citation(short, before if text in before else (*before, text))
    return (*named.values(), *([Citation(UNKNOWN)] if None in rows else []))


def credit(source_ids: Iterable[object], sources: pd.DataFrame) -> Words:
    """Return who answers for several sources, each once."""
    return message("Source: {name}", name=joined("; ", publishers(source_ids, sources)))


def publishers(source_ids: Iterable[object], sources: pd.DataFrame) -> list[Words | str]:
    """Return who answers for sources, each once, in short: publishers, and names of imported files."""
    named = [
        None if row is None else str(row["title"] if _is_batch(row) else row["publisher"])
        for row in _rows(source_ids, sources)
    ]
    return [UNKNOWN if name is None else own_words(name) for name in dict.fromkeys(named)]


def water_sources(sources: pd.DataFrame) -> list[str]:
    """Return the source of the rivers on maps, if there are any, from the layer ``source``."""
    return [WATER_SOURCE] if WATER_SOURCE in _by_id(sources) else []


def _rows(source_ids: Iterable[object], sources: pd.DataFrame) -> list[_Source | None]:
    """Return the row of each source, in their order; none for one that is not known."""
    by_id = _by_id(sources)
    return [by_id.get(source_id) for source_id in source_ids]


def _by_id(sources: pd.DataFrame) -> dict[Any, _Source]:
    """Return the rows by their ids; made once of a frame, which takes a millisecond for each question."""
    by_id = _known.get(id(sources))
    if by_id is None:
        by_id = _known[id(sources)] = {row["source_id"]: row for row in sources.to_dict("records")}
        # A frame has no hash; another one may have its id once it is gone.
        weakref.finalize(sources, _known.pop, id(sources), None)
    return by_id


_known: dict[int, dict[Any, _Source]] = {}


def _is_batch(source: _Source) -> bool:
    return str(source["source_id"]).startswith(BATCH)


def _short(source: _Source) -> tuple[str, Words]:
    """Return by what sources are grouped, and how the group is called."""
    if len(source["source_id"]) == 1:
        return source["source_id"], message("Source {name}", name=source["source_id"])
    name = str(source["title"] if _is_batch(source) else source["publisher"])
    return f": {name}", message("Source: {name}", name=own_words(name))


def _in_full(source: _Source) -> Words:
    published: Words | str | None = day(source["published"]) if pd.notna(source["published"]) else None
    parts: list[object]
    if _is_batch(source) and published:
        imported = message("Imported by {name} on {day}", name=source["publisher"], day=published)
        parts = [imported, source["locator"]]
    elif _is_batch(source):
        # What a row of the file cites: nobody said who published it.
        parts = [source["title"], message("Cited in {file}", file=source["locator"])]
    else:
        parts = [source["title"], source["publisher"], published, source["locator"], source["licence"]]
    return joined(". ", [part for part in parts if isinstance(part, (str, Words)) and part])


def web_address(url: object) -> str:
    """Return an address of the web; empty for anything else, which must not become a link."""
    return url if isinstance(url, str) and urlsplit(url).scheme in ("http", "https") else ""
