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
from dashboard.subjects.ward.facts import QUALITY_NAMES
from dashboard.ui.citations import BATCH, source_notes
from dashboard.ui.formats import day, in_words, missing, number, percent, sentence
from dashboard.ui.tables import Heading, html_table, nothing
from geodata.contract.layers import LAYERS, WARD_KINDS
from geodata.definitions import DEFINITIONS
from geodata.itinerary.definitions import DEFINITIONS as ITINERARY_DEFINITIONS
from geodata.language import Language, Message, message, translate
from geodata.wards.crosswalk import same_wards

SECTIONS = ("sources", "definitions", "build", "boundaries", "faults", "unknown")
"""What the page shows, one at a time."""

SECTION_NAMES = {
    "sources": message("Sources"),
    "definitions": message("Definitions"),
    "build": message("Build"),
    "boundaries": message("Boundaries"),
    "faults": message("Evidence faults"),
    "unknown": message("What is unknown"),
}

INSTRUMENTS = {
    "2020-02-01": ("nq-872-2020",),
    "2025-01-01": ("nq-1232-2024",),
    "2025-07-01": ("nq-1669-2025", "nq-202-2025", "qd-19-2025"),
}
"""The sources of the layer that are the legal instruments of each vintage."""

LAYER_NAMES = {
    "ward": message("wards"),
    "pilot_status": message("roles and stages"),
    "inspection": message("inspections"),
    "criterion_result": message("results of criteria"),
    "recommendation": message("recommendations"),
    "indicator_value": message("values of indicators"),
    "station": message("stations"),
    "event": message("events"),
    "event_task": message("tasks of events"),
    "landmark": message("landmarks"),
    "water": message("parts of rivers"),
    "itinerary_case": message("real visits"),
    "itinerary_case_stop": message("wards of real visits"),
    "itinerary_stop": message("stops of itineraries"),
    "target": message("targets"),
    "fact": message("other facts"),
    "criteria_set": message("sets of criteria"),
    "criterion": message("criteria"),
}
"""The layers whose rows name a source, in the order in which they are told."""


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


def rows_by_source(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return how many rows of each layer rest on each source.

    Keys: source_id, layer; ``rows``.
    """
    counts = []
    for name in LAYER_NAMES:
        frame = layers[name]
        column = "boundary_source" if name == "ward" else "source"
        for source, count in frame[column].dropna().value_counts().items():
            counts.append((source, name, int(count)))
    return pd.DataFrame(counts, columns=["source_id", "layer", "rows"])


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


@dataclass(frozen=True)
class Statement:
    """A fault of the data or something that is unknown.

    Attributes
    ----------
    text
        What it is, with its figures.
    reason
        Why, or what it means for a reader.
    """

    text: str
    reason: str


def known_faults(layers: Mapping[str, Any], language: Language) -> list[Statement]:
    """Return what the layers themselves tell of their faults; what is not the case is left out.

    Parameters
    ----------
    layers
        The layers by their name; ward_summary among them.
    language
        Language of the reader.
    """
    found: list[Statement] = []

    def add(count: int, text: Message, reason: Message, **values: object) -> None:
        if count:
            shown = translate(text.sentence, language, count=number(count, language), **values)
            found.append(Statement(shown, reason.render(language)))

    wards = layers["ward"]
    for vintage, units in wards.groupby("vintage", sort=True):
        on = {"vintage": day(str(vintage), language)}
        add(
            int(units["boundary_quality"].eq("derived").sum()),
            message("Boundaries of {vintage}: {count} outlines are derived from other boundaries."),
            message(
                "They are put together from those of another vintage, or cut by them; lengths and shapes "
                "along a cut are approximate."
            ),
            **on,
        )
        add(
            int(units["boundary_quality"].eq("schematic").sum()),
            message("Boundaries of {vintage}: {count} outlines are schematic."),
            message("They are right in place and size, not in shape; don't measure on them."),
            **on,
        )
        add(
            int(units["population"].isna().sum()),
            message("Boundaries of {vintage}: residents of {count} units are not known."),
            message("Shares of residents that need them are missing."),
            **on,
        )
    summary = layers["ward_summary"]
    for vintage, units in summary[summary["is_partly"]].groupby("vintage", sort=True):
        add(
            len(units),
            message("Boundaries of {vintage}: {count} wards are in the programme in part only."),
            message("A redrawing joined wards of the programme with others; they count apart as “partly”."),
            vintage=day(str(vintage), language),
        )
    crosswalk = layers["crosswalk"]
    add(
        int(crosswalk["method"].eq("area").sum()),
        message("{count} links between boundaries follow from overlap of areas."),
        message(
            "The official lists leave several candidates there; figures carried along these links are "
            "estimates."
        ),
    )
    status = layers["pilot_status"]
    year_only = status[status["valid_from_precision"].eq("year")]
    add(
        len(year_only),
        message("{count} stages are dated to the year only."),
        message("A day of that year stands for the day, which is not published."),
    )
    inspection = layers["inspection"]
    add(
        int((inspection["criteria_met"].isna() | inspection["criteria_assessed"].isna()).sum()),
        message("{count} inspections have no number of criteria met and assessed."),
        message("Their verdicts are published in words only, or only single results are on record."),
    )
    latest = wards["vintage"].max() if len(wards) else ""
    same = same_wards(crosswalk, wards)
    same = same[same["to_vintage"] == latest]
    remaining = pd.MultiIndex.from_frame(same[["from_vintage", "from_ward_code"]])
    older = inspection[inspection["vintage"] != latest]
    is_gone = ~pd.MultiIndex.from_frame(older[["vintage", "ward_code"]]).isin(remaining)
    add(
        int(is_gone.sum()),
        message("{count} inspections are of wards that the latest boundaries don't have as they were."),
        message("They stay with the ward that was inspected and don't pass to what was made of it."),
    )
    task = layers["event_task"]
    add(
        int(task["unit"].isna().sum()),
        message("{count} tasks of events name no unit that is to do them."),
        message("The source does not say who; whether they are assigned is told by their state alone."),
    )
    add(
        int(task["ward_code"].isna().sum()),
        message("{count} tasks of events are at a site whose ward is not published."),
        message("They stand in tables and on no map."),
    )
    target = layers["target"]
    without = target[target["value"].isna()]
    add(
        len(without),
        message("{count} targets have no published value: {names}."),
        message("Such a target has no line on a chart and no gap."),
        names="; ".join(without["target_name" if language == "vi" else "target_name_en"]),
    )
    criterion = layers["criterion"]
    add(
        int((~criterion["is_name_official"].astype("bool")).sum()),
        message("{count} criteria bear default names."),
        message("The official names are not published; numbers stand for them."),
    )
    values, catalogue = layers["indicator_value"], layers["indicator"]
    shares = catalogue.loc[catalogue["unit"].eq("%"), "indicator_code"]
    of_shares = values[values["indicator_code"].isin(shares)]
    bare = of_shares[of_shares["numerator"].isna() | of_shares["denominator"].isna()]
    name = catalogue.set_index("indicator_code")[
        "indicator_name" if language == "vi" else "indicator_name_en"
    ]
    add(
        len(bare),
        message("{count} percentages come without numerator and denominator: {names}."),
        message("They stand for one ward in one period; for anything larger they are missing."),
        names="; ".join(name.loc[sorted(bare["indicator_code"].unique())]),
    )
    station = layers["station"]
    add(
        int(station["location_precision"].eq("ward_reference_point").sum()),
        message("{count} stations stand on a reference point of their ward."),
        message("Where the station is has not been entered; distances from it are rough."),
    )
    for layer_name in LAYER_NAMES:
        frame = layers[layer_name]
        if "is_illustrative" in frame:
            count = int(frame["is_illustrative"].sum())
            add(
                count,
                message("{count} of {all} rows of “{layer}” are illustrative ({share})."),
                message("A program made them to show the screens; “Verified facts only” leaves them out."),
                all=number(len(frame), language),
                layer=LAYER_NAMES[layer_name].render(language),
                share=percent(100 * count / max(len(frame), 1), language),
            )
    source = layers["source"]
    add(
        int(source["licence"].isna().sum()),
        message("{count} of {all} sources state no licence or terms."),
        message("Ask the publisher before passing their texts on; facts themselves are cited."),
        all=number(len(source), language),
    )
    add(
        int(source["published"].isna().sum()),
        message("{count} of {all} sources have no day of publication on record."),
        message("The cell stays empty; a day is not guessed."),
        all=number(len(source), language),
    )
    return found


def what_is_unknown(layers: Mapping[str, Any], language: Language) -> list[Statement]:
    """Return what is not published about the programme and so stays empty; what has become known is left out.

    Parameters
    ----------
    layers
        The layers by their name.
    language
        Language of the reader.
    """
    status, inspection, wards = layers["pilot_status"], layers["inspection"], layers["ward"]
    verified = inspection[~inspection["is_illustrative"]]
    name = wards.drop_duplicates(["vintage", "ward_code"]).set_index(["vintage", "ward_code"])["ward_name"]

    def names(rows: pd.DataFrame) -> str:
        keys = rows[["vintage", "ward_code"]].drop_duplicates().itertuples(index=False, name=None)
        return ", ".join(str(name.get(key, key[1])) for key in keys)

    criterion, target = layers["criterion"], layers["target"]
    visits = status[status["role"].eq("visit_site") & status["stage"].isna()]
    words = verified[verified["criteria_met"].isna()]
    last = max(status["valid_from"].max(), verified["inspection_date"].max(), key=_day_or_least)
    recommendation = layers["recommendation"]
    texts = recommendation[~recommendation["is_illustrative"]]
    candidates: list[tuple[bool, str, str]] = [
        (
            bool((~criterion["is_name_official"].astype("bool")).any()),
            translate("The names of the criteria, their weights, points and pass marks.", language),
            translate(
                "Not published. A result is met, not met or not assessed; no grade in points is made up.",
                language,
            ),
        ),
        (
            bool(target.loc[target["scope"].eq("city"), "value"].isna().all()),
            translate("A target of Hải Phòng.", language),
            translate("Not published; a national target is none of the city's.", language),
        ),
        (
            len(visits) > 0,
            translate("The formal status of {wards} as visit sites.", language, wards=names(visits)),
            translate(
                "The source tells that delegates visited them, not whether they were pilot wards.", language
            ),
        ),
        (
            len(words) > 0,
            translate(
                "The number of criteria that each of these wards met: {wards}.", language, wards=names(words)
            ),
            translate("The verdict on them is published in words only.", language),
        ),
        (
            "inspection-proposals" in set(layers["fact"]["fact_id"]) and texts.empty,
            translate("The text of the proposals of the city and the inspected wards.", language),
            translate("The source says that the delegation noted them, and not what they say.", language),
        ),
        (
            len(status) > 0,
            translate(
                "What became of the wards of the programme after {day}.", language, day=day(last, language)
            ),
            translate(
                "That is the last day of a verified stage or inspection; nothing later is on record.",
                language,
            ),
        ),
        (
            bool(status["valid_from_precision"].eq("year").any()),
            translate(
                "On which day these wards began: {wards}.",
                language,
                wards=names(status[status["valid_from_precision"].eq("year")]),
            ),
            translate("Only the year is published.", language),
        ),
        (
            len(status) > 0 and not status["stage"].eq("recognised").any(),
            translate("Whether a ward of the city was recognised.", language),
            translate(
                "Recognition takes a decision of the Minister; none on record names a ward of the city.",
                language,
            ),
        ),
        (
            bool(layers["station"]["location_precision"].eq("ward_reference_point").any()),
            translate("Where the ward police stations stand.", language),
            translate(
                "Not published; a point inside the ward stands for each until one is imported.",
                language,
            ),
        ),
    ]
    return [Statement(text, reason) for is_unknown, text, reason in candidates if is_unknown]


def _day_or_least(value: Any) -> pd.Timestamp:
    return pd.Timestamp.min if pd.isna(value) else pd.Timestamp(value)


def statements_section(statements: Sequence[Statement], words: str, language: Language) -> Section:
    """Return statements as a list."""
    frame = _chosen(
        pd.DataFrame([(one.text, one.reason) for one in statements], columns=["text", "reason"]), words
    )
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
        "faults": statements_section(known_faults(layers, language), words, language),
        "unknown": statements_section(what_is_unknown(layers, language), words, language),
    }


@cached
def page_headline(published: Publication, language: Language) -> str:
    """Return the sentence that says what the page holds, whatever is searched for."""
    every = sections(published, "", language)
    return headline(_layers(published), every["faults"].count, every["unknown"].count, language)


def _layers(published: Publication) -> dict[str, Any]:
    return {name: layer(published, name) for name in LAYERS}
