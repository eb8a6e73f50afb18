"""Sources, definitions, provenance and faults of the data, as pure functions.

Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from markupsafe import Markup

from dashboard.query.caching import cached
from dashboard.query.layers import layer
from dashboard.query.publication import Publication
from dashboard.ui.citations import BATCH, source_notes
from dashboard.ui.formats import day, in_words, missing, number, sentence
from dashboard.ui.tables import Heading, html_table, nothing
from geodata.contract.layers import LAYERS, WARD_KINDS
from geodata.definitions import DEFINITIONS
from geodata.itinerary.definitions import DEFINITIONS as ITINERARY_DEFINITIONS
from geodata.language import Language, message, translate
from geodata.quality import (
    LAYER_NAMES,
    QUALITY_NAMES,
    Statement,
    known_faults,
    rows_by_source,
    what_is_unknown,
)

SECTIONS = ("sources", "definitions", "build", "boundaries", "faults", "unknown")
"""What the page shows, one at a time."""

SECTION_NAMES = {
    "sources": message("Sources"),
    "definitions": message("Definitions"),
    "build": message("Build"),
    "boundaries": message("Boundaries"),
    "faults": message("Known faults"),
    "unknown": message("What is unknown"),
}

INSTRUMENTS = {
    "2020-02-01": ("nq-872-2020",),
    "2025-01-01": ("nq-1232-2024",),
    "2025-07-01": ("nq-1669-2025", "nq-202-2025", "qd-19-2025"),
}
"""The sources of the layer that are the legal instruments of each vintage."""


_TABLE = "hp-told"
"""Class of the tables of this page."""


@dataclass(frozen=True)
class Section:
    """One section of the page.

    Attributes
    ----------
    body
        What is shown, HTML.
    table, titles
        The same as a table, for the download, and the headings of its columns.
    count
        How many entries it has.
    """

    body: Markup
    table: pd.DataFrame
    titles: Mapping[str, str]
    count: int


def matches(words: str, *texts: object) -> bool:
    """Return whether all words of a search occur in texts, capitals and diacritics aside."""
    text = _plain(" ".join(str(part) for part in texts if isinstance(part, str)))
    return all(word in text for word in _plain(words).split())


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _chosen(frame: pd.DataFrame, words: str) -> pd.DataFrame:
    if not words.strip() or frame.empty:
        return frame.reset_index(drop=True)
    kept = [matches(words, *row) for row in frame.itertuples(index=False, name=None)]
    return frame[kept].reset_index(drop=True)


def _none(words: str, language: Language) -> Markup:
    return nothing(
        translate(
            "Nothing here holds “{words}”. Shorten the search, or look in another section.",
            language,
            words=words.strip(),
        )
    )


# Sources ---------------------------------------------------------------------------------------------------


def sources_section(layers: Mapping[str, pd.DataFrame], words: str, language: Language) -> Section:
    """Return every source: title, publisher, date, licence, locator, address, and what rests on it.

    Parameters
    ----------
    layers
        The layers by their name.
    words
        What is searched for; empty for all.
    language
        Language of the reader.
    """
    counts = rows_by_source(layers)
    told = {
        source: ", ".join(
            f"{LAYER_NAMES[row['layer']].render(language)} {number(row['rows'], language)}"
            for row in rows.to_dict("records")
        )
        for source, rows in counts.groupby("source_id", sort=False)
    }
    source = layers["source"]
    total = counts.groupby("source_id")["rows"].sum()
    frame = pd.DataFrame(
        {
            "source_id": source["source_id"],
            "kind": [_kind(row, language) for row in source.to_dict("records")],
            "title": source["title"],
            "publisher": source["publisher"],
            "published": [day(of, language) if pd.notna(of) else None for of in source["published"]],
            "licence": source["licence"],
            "locator": source["locator"],
            "url": source["url"],
            "rests": source["source_id"].map(told),
            "rows": source["source_id"].map(total),
        }
    )
    frame = frame.sort_values(["rows", "source_id"], ascending=[False, True], ignore_index=True)
    frame = _chosen(frame, words)
    titles = {
        "source_id": translate("Code", language),
        "kind": translate("Kind", language),
        "title": translate("Title", language),
        "publisher": translate("Publisher", language),
        "published": translate("Published on", language),
        "licence": translate("Licence", language),
        "locator": translate("Number or file", language),
        "url": translate("Address", language),
        "rests": translate("Rows that rest on it", language),
    }
    headings = ("title", "published", "licence", "rests")
    body = html_table(
        translate("Sources of all figures", language),
        [Heading(titles[name]) for name in headings],
        [_source_cells(row, language) for row in frame.to_dict("records")],
        _TABLE,
    )
    return Section(body if len(frame) else _none(words, language), frame, titles, len(frame))


def _kind(source: Mapping[Any, Any], language: Language) -> str:
    if not str(source["source_id"]).startswith(BATCH):
        return translate("published", language)
    if pd.notna(source["published"]):
        return translate("imported file", language)
    return translate("cited in an imported file", language)


def _source_cells(row: Mapping[Any, Any], language: Language) -> list[object]:
    link = Markup("")
    if isinstance(row["url"], str) and urlsplit(row["url"]).scheme in ("http", "https"):
        link = Markup(' <a href="{}" target="_blank" rel="noreferrer">{}</a>').format(
            row["url"], translate("Open (leaves this program)", language)
        )
    details = [row["publisher"], *([row["locator"]] if isinstance(row["locator"], str) else [])]
    mark = (
        Markup("")
        if not row["source_id"].startswith(BATCH)
        else Markup('<span class="hp-tag">{}</span> ').format(row["kind"])
    )
    return [
        Markup('{}<b>{}</b><span class="hp-under">{}{}</span><code class="hp-id">{}</code>').format(
            mark, row["title"], " · ".join(details), link, row["source_id"]
        ),
        _cell(row["published"], language),
        _cell(row["licence"], language),
        row["rests"]
        if isinstance(row["rests"], str)
        else translate("no row of the data names it directly", language),
    ]


def _cell(value: object, language: Language) -> object:
    if isinstance(value, str) and value:
        return value
    return Markup('<span class="hp-missing">{}</span>').format(missing(language))


# Definitions -----------------------------------------------------------------------------------------------


def definitions_section(words: str, language: Language) -> Section:
    """Return every definition: formula, unit and source, in the words of the functions that reckon them."""
    frame = _chosen(
        pd.DataFrame(
            [
                (
                    code,
                    definition.name.render(language),
                    definition.formula.render(language),
                    definition.unit.render(language),
                    definition.source.render(language),
                )
                for code, definition in {**DEFINITIONS, **ITINERARY_DEFINITIONS}.items()
            ],
            columns=["code", "name", "formula", "unit", "source"],
        ),
        words,
    )
    titles = {
        "name": translate("Figure", language),
        "formula": translate("Formula", language),
        "unit": translate("Unit", language),
        "source": translate("Source", language),
    }
    item = Markup(
        '<li id="definition-{}"><b>{}</b><dl class="hp-definition">'
        "<dt>{}</dt><dd>{}.</dd><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd></dl></li>"
    )
    body = Markup('<ul class="hp-statements">{}</ul>').format(
        Markup("").join(
            item.format(
                row["code"],
                row["name"],
                titles["formula"],
                row["formula"],
                titles["unit"],
                row["unit"],
                titles["source"],
                row["source"],
            )
            for row in frame.to_dict("records")
        )
    )
    return Section(body if len(frame) else _none(words, language), frame, titles, len(frame))


# Build -----------------------------------------------------------------------------------------------------


def build_section(build: pd.DataFrame, words: str, language: Language) -> Section:
    """Return when and from what the data were built, each input with its SHA-256.

    A hash is cut by its looks only: it is copied and read aloud whole.
    """
    frame = _chosen(build.sort_values("input", ignore_index=True), words)
    titles = {
        "input": translate("Input", language),
        "sha256": "SHA-256",
        "built_at": translate("Built at", language),
        "program_version": translate("Version of the program", language),
        "as_of": translate("Day of reference", language),
    }
    facts = Markup("")
    if len(build):
        row = build.iloc[0]
        built = pd.Timestamp(row["built_at"])
        facts = Markup('<p class="hp-build">{}</p>').format(
            translate(
                "Built on {day} at {time}, by version {version} of the program, for the day {as_of}, from "
                "{count} inputs.",
                language,
                day=day(built, language),
                time=f"{built:%H:%M %Z}".strip(),
                version=row["program_version"],
                as_of=day(row["as_of"], language),
                count=number(len(build), language),
            )
        )
    body = html_table(
        translate("Inputs of the build", language),
        [
            Heading(titles["input"]),
            Heading(
                "SHA-256",
                translate("Fingerprint of the file: whoever has the same one has the same file", language),
            ),
        ],
        [
            [
                row["input"],
                Markup('<code class="hp-sha" title="{}">{}</code>').format(row["sha256"], row["sha256"]),
            ]
            for row in frame.to_dict("records")
        ],
        _TABLE,
    )
    return Section(facts + (body if len(frame) else _none(words, language)), frame, titles, len(frame))


# Boundaries ------------------------------------------------------------------------------------------------


def boundaries_section(layers: Mapping[str, pd.DataFrame], words: str, language: Language) -> Section:
    """Return the boundaries of each vintage: units by kind, outlines with their source, instrument."""
    wards, source = layers["ward"], layers["source"]
    rows = []
    for vintage, units in wards.groupby("vintage", sort=True):
        kinds = units["ward_kind"].value_counts()
        qualities = units["boundary_quality"].value_counts()
        ids = list(units["boundary_source"].unique())
        instruments = source[source["source_id"].isin(INSTRUMENTS.get(str(vintage), ()))]
        years = sorted(units["population_year"].dropna().unique())
        rows.append(
            {
                "vintage": day(str(vintage), language),
                "units": ", ".join(
                    f"{number(kinds[kind], language)} {kind}" for kind in WARD_KINDS if kind in kinds
                ),
                "quality": ", ".join(
                    f"{QUALITY_NAMES[str(quality)].render(language)} {number(count, language)}"
                    for quality, count in qualities.items()
                ),
                "population": ", ".join(str(year) for year in years) or None,
                "source": "; ".join(source.loc[source["source_id"].isin(ids), "title"]),
                "licence": "; ".join(source.loc[source["source_id"].isin(ids), "licence"].dropna().unique())
                or None,
                "instrument": "; ".join(instruments["locator"].dropna()) or None,
                "source_ids": ids,
            }
        )
    frame = _chosen(pd.DataFrame(rows), words)
    titles = {
        "vintage": translate("Boundaries from", language),
        "units": translate("Units", language),
        "quality": translate("Outlines", language),
        "population": translate("Residents of the year", language),
        "instrument": translate("Instrument", language),
        "licence": translate("Licence", language),
        "source": translate("Source", language),
    }
    body = html_table(
        translate("Boundaries by the day from which they hold", language),
        [Heading(title) for title in titles.values()],
        [
            [
                *[_cell(row[name], language) for name in list(titles)[:-1]],
                source_notes(row["source_ids"], source, language),
            ]
            for row in frame.to_dict("records")
        ],
        _TABLE,
    )
    return Section(body if len(frame) else _none(words, language), frame, titles, len(frame))


# Faults and what is unknown --------------------------------------------------------------------------------


def statements_section(statements: Sequence[Statement], words: str, language: Language) -> Section:
    """Return statements as a list."""
    told = [(one.text.render(language), one.reason.render(language)) for one in statements]
    frame = _chosen(pd.DataFrame(told, columns=["text", "reason"]), words)
    item = Markup("<li><b>{}</b>{}</li>")
    body = Markup('<ul class="hp-statements">{}</ul>').format(
        Markup("").join(
            item.format(
                row["text"], Markup("<p>{}</p>").format(row["reason"]) if row["reason"] else Markup("")
            )
            for row in frame.to_dict("records")
        )
    )
    titles = {"text": translate("Statement", language), "reason": translate("Reason or meaning", language)}
    return Section(body if len(frame) else _none(words, language), frame, titles, len(frame))


def headline(layers: Mapping[str, pd.DataFrame], faults: int, unknown: int, language: Language) -> str:
    """Return the sentence that says what the page holds."""
    files = layers["source"]["source_id"].str.fullmatch(f"{BATCH}[^-]+-[^-]+-[^-]+")
    told = translate(
        "{sources} sources carry all figures; {faults} faults of the data are known and {unknown} questions "
        "open",
        language,
        sources=in_words(len(layers["source"]), language),
        faults=in_words(faults, language),
        unknown=in_words(unknown, language),
    )
    if files.any():
        told = translate(
            "{told}; files imported: {files}",
            language,
            told=told,
            files=in_words(int(files.sum()), language),
        )
    return sentence(told)


# What the page asks for, kept ------------------------------------------------------------------------------


@cached
def sections(published: Publication, words: str, language: Language) -> dict[str, Section]:
    """Return all sections, with what a search finds in each."""
    layers = _layers(published)
    return {
        "sources": sources_section(layers, words, language),
        "definitions": definitions_section(words, language),
        "build": build_section(layers["build"], words, language),
        "boundaries": boundaries_section(layers, words, language),
        "faults": statements_section(known_faults(layers), words, language),
        "unknown": statements_section(what_is_unknown(layers), words, language),
    }


@cached
def page_headline(published: Publication, language: Language) -> str:
    """Return the sentence that says what the page holds, whatever is searched for."""
    every = sections(published, "", language)
    return headline(_layers(published), every["faults"].count, every["unknown"].count, language)


def _layers(published: Publication) -> dict[str, Any]:
    return {name: layer(published, name) for name in LAYERS}
