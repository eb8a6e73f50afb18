"""Notes that stand beside figures, as HTML: the source of a fact, and the badge of what is illustrative.

Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from markupsafe import Markup

from dashboard.ui.formats import day
from geodata.contract.layers import WATER_SOURCE
from geodata.language import Language, translate

BATCH = "batch-"
"""How the source_id of an imported file begins, and those of the texts that its rows name as sources."""

Source = Mapping[Any, Any]
"""A row of the layer ``source``."""


def badge(language: Language) -> Markup:
    """Return the badge of what is illustrative."""
    return Markup('<span class="hp-badge">{}</span>').format(badge_text(language))


def badge_text(language: Language) -> str:
    """Return what stands on the badge of what is illustrative."""
    return translate("ILLUSTRATIVE FIGURES", language)


def source_note(source_id: object, sources: pd.DataFrame, language: Language) -> Markup:
    """Return a source as a link that opens its title, publisher, date and locator in place."""
    return source_notes([source_id], sources, language)


def source_notes(source_ids: Iterable[object], sources: pd.DataFrame, language: Language) -> Markup:
    """Return several sources as such links; those of one name share a link that opens all of them."""
    named: dict[str, list[Markup]] = {}
    unknown = Markup("")
    for row in _rows(source_ids, sources):
        if row is None:
            unknown = Markup('<span class="hp-source">{}</span>').format(
                translate("source not known", language)
            )
            continue
        told = Markup("<span>{}{}</span>").format(_told(row, language), _link(row["url"], language))
        texts = named.setdefault(_short(row, language), [])
        if told not in texts:
            texts.append(told)
    note = Markup('<details class="hp-source"><summary>{}</summary>{}</details>')
    notes = [note.format(short, Markup("").join(texts)) for short, texts in named.items()]
    return Markup(" ").join([*notes, unknown] if unknown else notes)


def water_sources(sources: pd.DataFrame) -> list[str]:
    """Return the source of the rivers on maps, if there are any, from the layer ``source``."""
    return sources["source_id"][sources["source_id"] == WATER_SOURCE].tolist()


def credit(source_ids: Iterable[object], sources: pd.DataFrame, language: Language) -> str:
    """Return who answers for several sources, each once, as plain text."""
    return translate("Source: {name}", language, name="; ".join(publishers(source_ids, sources, language)))


def publishers(source_ids: Iterable[object], sources: pd.DataFrame, language: Language) -> list[str]:
    """Return who answers for sources, each once, in short: publishers, and names of imported files."""
    return list(
        dict.fromkeys(
            translate("source not known", language)
            if row is None
            else str(row["title"] if _is_batch(row) else row["publisher"])
            for row in _rows(source_ids, sources)
        )
    )


def _rows(source_ids: Iterable[object], sources: pd.DataFrame) -> list[Source | None]:
    """Return the row of each source, in their order; none for one that is not known."""
    ids = list(source_ids)
    # Looked up at once: a frame takes a millisecond for each question.
    found = sources[sources["source_id"].isin(ids)].to_dict("records")
    by_id = {row["source_id"]: row for row in found}
    return [by_id.get(source_id) for source_id in ids]


def _is_batch(source: Source) -> bool:
    return str(source["source_id"]).startswith(BATCH)


def _short(source: Source, language: Language) -> str:
    if _is_batch(source):
        return translate("Source: {name}", language, name=source["title"])
    if len(source["source_id"]) == 1:
        return translate("Source {name}", language, name=source["source_id"])
    return translate("Source: {name}", language, name=source["publisher"])


def _told(source: Source, language: Language) -> str:
    published: str | None = day(source["published"], language) if pd.notna(source["published"]) else None
    if _is_batch(source) and published:
        imported = translate("Imported by {name} on {day}", language, name=source["publisher"], day=published)
        parts = [imported, source["locator"]]
    elif _is_batch(source):
        # What a row of the file cites: nobody said who published it.
        parts = [source["title"], translate("Cited in {file}", language, file=source["locator"])]
    else:
        parts = [source["title"], source["publisher"], published, source["locator"], source["licence"]]
    return ". ".join(str(part) for part in parts if isinstance(part, str) and part)


def _link(url: object, language: Language) -> Markup:
    if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https"):
        return Markup("")
    return Markup(' <a href="{}" target="_blank" rel="noreferrer">{}</a>').format(
        url, translate("Open (leaves this program)", language)
    )
