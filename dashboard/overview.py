"""What the overview says, as pure functions: sentences, key figures, events and the facts of one ward.

Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import pandas as pd
from markupsafe import Markup

from dashboard.formats import alphabet_key, day, in_words, missing, number, percent, sentence
from dashboard.maps import MapClass, programme_classes, status_label
from geodata.crosswalk import follow_same_wards, links_between, same_wards
from geodata.language import Language, message, translate
from geodata.layers import ROLES
from geodata.metrics import KEY, PILOT_STAGES, Coverage, pilot_coverage

LAYERS = ("ward_summary", "ward", "district", "crosswalk", "pilot_status", "inspection", "event", "source")
"""The layers that the overview reads."""

QUALITY_NAMES = {
    "official": message("official outlines"),
    "public": message("public outlines"),
    "schematic": message("schematic outlines"),
    "derived": message("derived outlines"),
}

NAMED_PREDECESSORS = 3
"""So many predecessors are named; of the rest those in the programme are, and the others are counted."""


@dataclass(frozen=True)
class Overview:
    """What the overview says of the city in one vintage, in one language.

    Attributes
    ----------
    headline
        The sentence that says how the programme stands.
    classes, class_numbers
        Classes of the map, and the class of each ward in the order of the layer.
    programme_codes
        Wards in the programme.
    ward_titles
        Name and code of each ward by its code, in the order of the Vietnamese alphabet.
    subline, cards, events, notes
        HTML.
    """

    headline: str
    classes: list[MapClass]
    class_numbers: list[int]
    programme_codes: list[str]
    ward_titles: dict[str, str]
    subline: Markup
    cards: Markup
    events: Markup
    notes: Markup


def describe_city(layers: Mapping[str, pd.DataFrame], vintage: str, language: Language) -> Overview:
    """Return what the overview says of the city.

    Parameters
    ----------
    layers
        See `LAYERS`; all vintages.
    vintage
        Vintage shown.
    language
        Language of the reader.
    """
    # What is known of a ward is known of it in every vintage in which it is the same ward.
    inspection = follow_same_wards(layers["inspection"], same_wards(layers["crosswalk"], layers["ward"]))
    summary, wards = (_of_vintage(layers[name], vintage) for name in ("ward_summary", "ward"))
    coverage = pilot_coverage(summary)
    former = former_pilot_wards(layers["ward_summary"], layers["crosswalk"], vintage)
    counted = layers["ward_summary"].merge(former, on=KEY) if len(former) else summary
    known_to = last_fact_day(
        layers["event"]["event_date"], inspection["inspection_date"], layers["pilot_status"]["valid_from"]
    )
    shown = figures(
        coverage, inspected(inspection, counted).ward_count, wards["population_year"].dropna(), language
    )
    classes, class_numbers = programme_classes(summary, language)
    by_name = wards.iloc[sorted(range(len(wards)), key=lambda i: alphabet_key(wards["ward_name"].iloc[i]))]
    return Overview(
        headline=headline(coverage, inspected(inspection, summary), len(former), language),
        classes=classes,
        class_numbers=class_numbers,
        programme_codes=list(summary.loc[summary["role"].notna(), "ward_code"]),
        ward_titles={
            ward["ward_code"]: f"{ward_title(ward)} ({ward['ward_code']})" for _, ward in by_name.iterrows()
        },
        subline=subline(known_to, vintage, coverage.ward_count, language),
        cards=figure_cards(shown),
        events=event_list(layers["event"], layers["source"], language),
        notes=data_notes(wards, layers["source"], bool(inspection["is_illustrative"].any()), language),
    )


def describe_ward(layers: Mapping[str, pd.DataFrame], key: tuple[str, str], language: Language) -> Markup:
    """Return what is known of one ward, as HTML; parameters as those of `ward_facts`."""
    return ward_heading(key, layers, language) + fact_list(ward_facts(key, layers, language))


@dataclass(frozen=True)
class Inspected:
    """The inspections of pilot wards in one vintage.

    Attributes
    ----------
    ward_count
        Pilot wards that were inspected at least once.
    by_ministry
        All of it by the Ministry.
    on_site
        All of it on site.
    """

    ward_count: int
    by_ministry: bool
    on_site: bool


def pilot_wards(summary: pd.DataFrame) -> pd.DataFrame:
    """Return vintage and ward_code of the wards that are pilot wards wholly."""
    pilot = summary["role"].eq("pilot") & summary["stage"].isin(PILOT_STAGES) & ~summary["is_partly"]
    return summary.loc[pilot, KEY]


def inspected(inspection: pd.DataFrame, summary: pd.DataFrame) -> Inspected:
    """Return the inspections of the pilot wards in a ``ward_summary``."""
    rows = inspection.merge(pilot_wards(summary), on=KEY, how="inner", validate="many_to_one")
    return Inspected(
        ward_count=len(rows.drop_duplicates(KEY)),
        by_ministry=bool(rows["inspecting_body"].str.startswith("Bộ Công an").all()),
        on_site=bool(rows["kind"].eq("thực địa").all()),
    )


def former_pilot_wards(summary: pd.DataFrame, crosswalk: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Return vintage and ward_code of the former pilot wards that went to wards of a vintage.

    They are those of one other vintage, the nearest that has pilot wards: a ward that went through several
    vintages unchanged is still one.
    """
    others = pilot_wards(summary[summary["vintage"] != vintage])
    order = sorted(summary["vintage"].unique())
    if others.empty or vintage not in order:
        return others
    nearest = min(
        others["vintage"].unique(), key=lambda other: abs(order.index(other) - order.index(vintage))
    )
    came = links_between(crosswalk, nearest, vintage)["from_ward_code"]
    former: pd.DataFrame = others[(others["vintage"] == nearest) & others["ward_code"].isin(came)]
    return former


def headline(coverage: Coverage, seen: Inspected, former_count: int, language: Language) -> str:
    """Return the one sentence that says how the programme stands, with its figures in words.

    Parameters
    ----------
    coverage
        Coverage of the vintage shown.
    seen
        Inspections of its pilot wards.
    former_count
        Pilot wards of other vintages whose area went to wards of this one.
    language
        Language of the reader.
    """
    pilots, partly = coverage.pilot_ward_count, coverage.partly_ward_count
    if not pilots and partly:
        return sentence(_partly_clause(partly, former_count, language))
    if not pilots:
        return translate("No pilot ward yet", language)
    clauses = [_pilot_clause(pilots, language), _inspected_clause(seen, pilots, language)]
    if partly:
        clauses.append(_partly_clause(partly, former_count, language))
    return sentence(", ".join(clauses))


def _pilot_clause(count: int, language: Language) -> str:
    if count == 1:
        return translate("one pilot ward", language)
    return translate("{count} pilot wards", language, count=in_words(count, language))


def _inspected_clause(seen: Inspected, pilots: int, language: Language) -> str:
    if not seen.ward_count:
        return translate("none inspected yet", language)
    count = in_words(seen.ward_count, language)
    if seen.ward_count == pilots > 1:
        count = translate("all {count}", language, count=count)
    if seen.by_ministry and seen.on_site:
        return translate("{count} inspected on site by the Ministry", language, count=count)
    if seen.by_ministry:
        return translate("{count} inspected by the Ministry", language, count=count)
    return translate("{count} inspected", language, count=count)


def _partly_clause(count: int, former_count: int, language: Language) -> str:
    words = {"count": in_words(count, language), "former": in_words(former_count, language)}
    if count == 1:
        if former_count == 1:
            return translate("one ward holds a part of one former pilot ward", language)
        return translate("one ward holds parts of {former} former pilot wards", language, **words)
    if former_count == 1:
        return translate("{count} wards hold parts of one former pilot ward", language, **words)
    return translate("{count} wards hold parts of {former} former pilot wards", language, **words)


def subline(as_of: pd.Timestamp, vintage: str, ward_count: int, language: Language) -> Markup:
    """Return the line under the headline: day of the data, boundaries and number of units."""
    return Markup('<p class="hp-sub">{}</p>').format(
        translate(
            "Known up to {day}; boundaries of {vintage} with {count} commune-level units",
            language,
            day=day(as_of, language),
            vintage=day(vintage, language),
            count=number(ward_count, language),
        )
    )


def last_fact_day(*columns: pd.Series) -> pd.Timestamp:
    """Return the day of the latest dated fact; NaT if there is none."""
    latest: pd.Timestamp = pd.concat(columns).max()
    return latest


def figures(
    coverage: Coverage, seen_count: int, population_years: Iterable[int], language: Language
) -> list[tuple[str, str]]:
    """Return the key figures, each with its caption.

    Coverage stands as three shares, of wards, of area and of residents, never as one alone.

    Parameters
    ----------
    coverage
        Coverage of the vintage shown.
    seen_count
        Pilot wards inspected; former ones where this vintage holds them partly.
    population_years
        Years of the population figures.
    language
        Language of the reader.
    """
    only_partly = not coverage.pilot_ward_count and coverage.partly_ward_count > 0
    pilots = coverage.partly_ward_count if only_partly else coverage.pilot_ward_count
    years = ", ".join(str(year) for year in sorted(set(population_years)))
    total = number(coverage.ward_count, language)
    return [
        (
            f"{number(pilots, language)} / {total}",
            translate("wards partly in the pilot", language)
            if only_partly
            else translate("pilot wards", language),
        ),
        (
            number(coverage.visit_site_count, language),
            translate("wards with visit sites", language)
            if only_partly
            else translate("visit sites", language),
        ),
        (
            number(seen_count, language),
            translate("former pilot wards inspected", language)
            if only_partly
            else translate("pilot wards inspected", language),
        ),
        (percent(coverage.wards_pct, language), translate("of units are wholly in the pilot", language)),
        (percent(coverage.area_pct, language), translate("of area in the pilot", language)),
        (
            percent(coverage.population_pct, language),
            translate("of residents ({years}) in the pilot", language, years=years or missing(language)),
        ),
    ]


def figure_cards(shown: list[tuple[str, str]]) -> Markup:
    """Return the key figures as cards."""
    card = Markup('<div class="hp-card"><b>{}</b><span>{}</span></div>')
    # That a figure is not known takes words, which do not fit in the size of figures.
    words = Markup('<div class="hp-card"><b class="hp-words">{}</b><span>{}</span></div>')
    return Markup('<div class="hp-cards">{}</div>').format(
        Markup("").join((card if figure[:1].isdigit() else words).format(figure, of) for figure, of in shown)
    )


def source_note(source_id: object, sources: pd.DataFrame, language: Language) -> Markup:
    """Return a source as a link that opens its title, publisher, date and locator in place."""
    row = sources[sources["source_id"] == source_id]
    if row.empty:
        return Markup('<span class="hp-source">{}</span>').format(translate("source not known", language))
    source = row.iloc[0]
    short = (
        translate("Source {name}", language, name=source["source_id"])
        if len(source["source_id"]) == 1
        else translate("Source: {name}", language, name=source["publisher"])
    )
    parts = [
        source["title"],
        source["publisher"],
        day(source["published"], language) if pd.notna(source["published"]) else None,
        source["locator"],
        source["licence"],
    ]
    text = ". ".join(str(part) for part in parts if isinstance(part, str) and part)
    return Markup('<details class="hp-source"><summary>{}</summary><span>{}{}</span></details>').format(
        short, text, _link(source["url"], language)
    )


def _link(url: object, language: Language) -> Markup:
    if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https"):
        return Markup("")
    return Markup(' <a href="{}" target="_blank" rel="noreferrer">{}</a>').format(
        url, translate("Open (leaves this program)", language)
    )


def event_list(events: pd.DataFrame, sources: pd.DataFrame, language: Language) -> Markup:
    """Return the events, latest first, each with its day, place and source."""
    name = "event_name" if language == "vi" else "event_name_en"
    item = Markup('<li class="hp-{}"><time datetime="{}">{}</time><p>{}</p>{}</li>')
    return Markup('<ol class="hp-events">{}</ol>').format(
        Markup("").join(
            item.format(
                event["scope"],
                f"{event['event_date']:%Y-%m-%d}",
                " · ".join(
                    [day(event["event_date"], language)]
                    + ([event["place"]] if isinstance(event["place"], str) else [])
                ),
                event[name],
                source_note(event["source"], sources, language),
            )
            for _, event in events.sort_values(["event_date", "event_id"], ascending=False).iterrows()
        )
    )


def ward_title(ward: pd.Series) -> str:
    """Return kind and name of a ward."""
    return sentence(f"{ward['ward_kind']} {ward['ward_name']}")


def ward_heading(key: tuple[str, str], layers: Mapping[str, pd.DataFrame], language: Language) -> Markup:
    """Return a ward's name and its district, marked as former where the vintage has none."""
    ward = _rows(layers["ward"], *key).iloc[0]
    district = ""
    if isinstance(ward["district_name"], str):
        district = ward["district_name"][:1].lower() + ward["district_name"][1:]
        districts = layers["district"]
        same = (districts["vintage"] == key[0]) & (districts["district_code"] == ward["district_code"])
        if districts.loc[same, "is_former"].any():
            district = translate("in the area of former {district}", language, district=district)
        district = f"({district})"
    return Markup('<p class="hp-ward">{} <span>{}</span></p>').format(ward_title(ward), district)


def ward_facts(
    key: tuple[str, str], layers: Mapping[str, pd.DataFrame], language: Language
) -> list[tuple[str, Markup, Markup]]:
    """Return what is known of one ward: label, text and source of each fact.

    Parameters
    ----------
    key
        Vintage and code of the ward.
    layers
        See `LAYERS`; all vintages.
    language
        Language of the reader.
    """
    ward = _rows(layers["ward"], *key).iloc[0]
    summary = _rows(layers["ward_summary"], *key).iloc[0]
    sources = layers["source"]
    same = same_wards(layers["crosswalk"], layers["ward"])
    statuses = _rows(follow_same_wards(layers["pilot_status"], same), *key)
    facts = _status_facts(statuses, sources, language)
    if summary["is_partly"]:
        facts.append(_share_fact(summary, sources, language))
    elif statuses.empty and isinstance(summary["role"], str):
        facts.append(_whole_fact(summary, sources, language))
    facts += _inspection_facts(_rows(follow_same_wards(layers["inspection"], same), *key), sources, language)
    if not facts:
        nothing = _text(translate("No information yet", language))
        facts = [(translate("Programme", language), nothing, Markup(""))]
    outline = source_note(ward["boundary_source"], sources, language)
    facts.append((translate("Area, population", language), _text(_size(ward, language)), outline))
    facts += _crosswalk_facts(key, layers, language)
    quality = QUALITY_NAMES[ward["boundary_quality"]].render(language)
    facts.append((translate("Outline", language), _text(sentence(quality)), outline))
    return facts


def _size(ward: pd.Series, language: Language) -> str:
    area = missing(language) if pd.isna(ward["area_km2"]) else f"{number(ward['area_km2'], language, 2)} km²"
    if pd.isna(ward["population"]):
        return f"{area} · {missing(language)}"
    people = translate("{count} residents", language, count=number(ward["population"], language))
    year = "" if pd.isna(ward["population_year"]) else f" ({ward['population_year']})"
    return f"{area} · {people}{year}"


def _text(text: object) -> Markup:
    return Markup("{}").format(text)


def _of_vintage(frame: pd.DataFrame, vintage: str) -> pd.DataFrame:
    return frame[frame["vintage"] == vintage].reset_index(drop=True)


def _rows(frame: pd.DataFrame, vintage: str, code: str) -> pd.DataFrame:
    return frame[(frame["vintage"] == vintage) & (frame["ward_code"] == code)]


def _known(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _status_facts(
    statuses: pd.DataFrame, sources: pd.DataFrame, language: Language
) -> list[tuple[str, Markup, Markup]]:
    facts = []
    for _, row in statuses.sort_values("valid_from", ascending=False).iterrows():
        since = (
            translate("from {day}", language, day=day(row["valid_from"], language))
            if row["valid_from_precision"] == "day"
            else translate("from the year {year}", language, year=row["valid_from"].year)
        )
        label = status_label(row["role"], _known(row["stage"]), _known(row["period"]), language)
        note = Markup("<small>{}</small>").format(row["note"]) if _known(row["note"]) else Markup("")
        facts.append(
            (
                translate("Role and stage", language),
                Markup("{}, {}{}").format(label, since, note),
                source_note(row["source"], sources, language),
            )
        )
    return facts


def _whole_fact(summary: pd.Series, sources: pd.DataFrame, language: Language) -> tuple[str, Markup, Markup]:
    """Return the role and stage of a ward that was joined of wards which all held them."""
    label = status_label(summary["role"], _known(summary["stage"]), _known(summary["period"]), language)
    origin = translate("Joined of: {wards}", language, wards=summary["from_wards"])
    return (
        translate("Role and stage", language),
        Markup("{}<br>{}").format(label, origin),
        source_note(summary["source"], sources, language),
    )


def _share_fact(summary: pd.Series, sources: pd.DataFrame, language: Language) -> tuple[str, Markup, Markup]:
    lines = []
    for role in ROLES:
        area, people = summary[f"{role}_area_pct"], summary[f"{role}_population_pct"]
        if area == 0:
            continue
        shares = {"area": percent(area, language), "population": percent(people, language)}
        if role == "pilot":
            line = translate(
                "{area} of area and {population} of residents from pilot wards", language, **shares
            )
        else:
            line = translate(
                "{area} of area and {population} of residents from visit sites", language, **shares
            )
        lines.append(line)
    return (
        translate("Partly in the programme", language),
        Markup("<br>").join([*lines, translate("From: {wards}", language, wards=summary["from_wards"])]),
        source_note(summary["source"], sources, language),
    )


def _inspection_facts(
    inspections: pd.DataFrame, sources: pd.DataFrame, language: Language
) -> list[tuple[str, Markup, Markup]]:
    facts = []
    for _, row in inspections.sort_values("inspection_date", ascending=False).iterrows():
        verdict = row["verdict"] if _known(row["verdict"]) else translate("no verdict published", language)
        lines = [
            f"{day(row['inspection_date'], language)}, {row['inspecting_body']}",
            translate("Verdict: {verdict}", language, verdict=verdict),
        ]
        if pd.notna(row["criteria_met"]) and pd.notna(row["criteria_assessed"]):
            met = {"met": int(row["criteria_met"]), "assessed": int(row["criteria_assessed"])}
            lines.append(translate("{met} of {assessed} assessed criteria met", language, **met))
        if row["is_illustrative"]:
            lines.append(translate("Illustrative, not a fact", language))
        facts.append(
            (
                translate("Inspection", language),
                Markup("<br>").join(lines),
                source_note(row["source"], sources, language),
            )
        )
    return facts


def _crosswalk_facts(
    key: tuple[str, str], layers: Mapping[str, pd.DataFrame], language: Language
) -> list[tuple[str, Markup, Markup]]:
    vintage, ward_code = key
    crosswalk, wards = layers["crosswalk"], layers["ward_summary"]
    facts = []
    onward = crosswalk[
        (crosswalk["from_vintage"] == vintage)
        & (crosswalk["from_ward_code"] == ward_code)
        & (crosswalk["to_vintage"] > vintage)
    ]
    for to_vintage, rows in _by_vintage(onward, "to_vintage"):
        parts = [
            f"{ward_title(_rows(wards, to_vintage, code).iloc[0])} ({percent(100 * weight, language)})"
            for code, weight in _by_weight(rows, "to_ward_code")
        ]
        title = translate("From {day}", language, day=day(to_vintage, language))
        facts.append((title, _text(", ".join(parts)), _method(rows, language)))
    back = crosswalk[
        (crosswalk["to_vintage"] == vintage)
        & (crosswalk["to_ward_code"] == ward_code)
        & (crosswalk["from_vintage"] < vintage)
    ]
    # Of several earlier vintages the last one says what the ward was made of.
    for from_vintage, rows in _by_vintage(back, "from_vintage")[-1:]:
        parts, others = [], 0
        for code, weight in _by_weight(rows, "from_ward_code"):
            old = _rows(wards, from_vintage, code).iloc[0]
            if isinstance(old["role"], str) or len(parts) < NAMED_PREDECESSORS:
                share = percent(100 * weight, language)
                parts.append(translate("{share} of {name}", language, share=share, name=ward_title(old)))
            else:
                others += 1
        if others:
            parts.append(translate("and {count} more", language, count=others))
        title = translate("Made of the units of {day}", language, day=day(from_vintage, language))
        facts.append((title, _text(", ".join(parts)), _method(rows, language)))
    return facts


def _by_vintage(rows: pd.DataFrame, column: str) -> list[tuple[str, pd.DataFrame]]:
    return [(vintage, rows[rows[column] == vintage]) for vintage in sorted(rows[column].unique())]


def _by_weight(rows: pd.DataFrame, column: str) -> list[tuple[str, float]]:
    ordered = rows.sort_values(["weight", column], ascending=[False, True])
    return list(zip(ordered[column], ordered["weight"], strict=True))


def _method(rows: pd.DataFrame, language: Language) -> Markup:
    official = rows["method"].eq("official")
    if official.all():
        text = translate("by the official mapping", language)
    elif official.any():
        text = translate("by the official mapping and overlap of areas", language)
    else:
        text = translate("by overlap of areas", language)
    return Markup('<span class="hp-source">{}</span>').format(text)


def fact_list(facts: list[tuple[str, Markup, Markup]]) -> Markup:
    """Return facts as a list of terms, each with its source."""
    item = Markup("<div><dt>{}</dt><dd>{} {}</dd></div>")
    items = Markup("").join(item.format(*fact) for fact in facts)
    return Markup('<dl class="hp-facts">{}</dl>').format(items)


def data_notes(
    wards: pd.DataFrame, sources: pd.DataFrame, is_illustrative: bool, language: Language
) -> Markup:
    """Return the line that says what the map rests on: its outlines and whether all facts are verified."""
    qualities = [QUALITY_NAMES[quality].render(language) for quality in wards["boundary_quality"].unique()]
    verified = (
        translate("some figures are illustrative", language)
        if is_illustrative
        else translate("verified facts only", language)
    )
    notes = Markup(" ").join(
        source_note(source, sources, language) for source in wards["boundary_source"].unique()
    )
    return Markup('<div class="hp-notes"><span>{}</span> {}</div>').format(
        sentence(" · ".join([*qualities, verified])), notes
    )
