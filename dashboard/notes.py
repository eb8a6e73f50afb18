"""Notes that stand beside figures, as HTML: the source of a fact, and the badge of what is illustrative.

Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

import pandas as pd
from markupsafe import Markup

from dashboard.formats import day
from geodata.language import Language, translate
from geodata.layers import WATER_SOURCE

BATCH = "batch-"
"""How the source_id of an imported file begins, and those of the texts that its rows name as sources."""


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
    for source_id in source_ids:
        row = sources[sources["source_id"] == source_id]
        if row.empty:
            unknown = Markup('<span class="hp-source">{}</span>').format(
                translate("source not known", language)
            )
            continue
        told = Markup("<span>{}{}</span>").format(
            _told(row.iloc[0], language), _link(row["url"].iloc[0], language)
        )
        texts = named.setdefault(_short(row.iloc[0], language), [])
        if told not in texts:
            texts.append(told)
    note = Markup('<details class="hp-source"><summary>{}</summary>{}</details>')
    notes = [note.format(short, Markup("").join(texts)) for short, texts in named.items()]
    return Markup(" ").join([*notes, unknown] if unknown else notes)


def water_sources(sources: pd.DataFrame) -> list[str]:
    """Return the source of the rivers on maps, if there are any, from the layer ``source``."""
    return sources["source_id"][sources["source_id"] == WATER_SOURCE].tolist()


def publisher(source_id: object, sources: pd.DataFrame, language: Language) -> str:
    """Return who answers for a source, in short: its publisher, or the name of an imported file."""
    rows = sources[sources["source_id"] == source_id].to_dict("records")
    if not rows:
        return translate("source not known", language)
    return str(rows[0]["title"] if str(source_id).startswith(BATCH) else rows[0]["publisher"])


def credit(source_ids: Iterable[object], sources: pd.DataFrame, language: Language) -> str:
    """Return who answers for several sources, each once, as plain text."""
    names = dict.fromkeys(publisher(source_id, sources, language) for source_id in source_ids)
    return translate("Source: {name}", language, name="; ".join(names))


def _is_batch(source: pd.Series) -> bool:
    return str(source["source_id"]).startswith(BATCH)


def _short(source: pd.Series, language: Language) -> str:
    if _is_batch(source):
        return translate("Source: {name}", language, name=source["title"])
    if len(source["source_id"]) == 1:
        return translate("Source {name}", language, name=source["source_id"])
    return translate("Source: {name}", language, name=source["publisher"])


def _told(source: pd.Series, language: Language) -> str:
    published = day(source["published"], language) if pd.notna(source["published"]) else None
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
