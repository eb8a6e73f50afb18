"""The profile of one ward, as pure functions: what stands on its page and on the sheet that is printed of it.

Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from dashboard.query.caching import cached
from dashboard.query.layers import all_wards, evidence, layer, of_vintage
from dashboard.query.publication import Publication
from dashboard.subjects.programme.classes import MapClass
from dashboard.subjects.ward import trends as ward_trends
from dashboard.subjects.ward.facts import (
    Fact,
    criteria_text,
    district_of,
    fact_list,
    nothing_known,
    predecessor_facts,
    programme_facts,
    size_facts,
)
from dashboard.ui.abbreviations import explained
from dashboard.ui.chart_style import BLUE
from dashboard.ui.citations import BATCH, badge, source_note
from dashboard.ui.formats import alphabet_key, day, in_words, missing, number, percent, sentence
from geodata.evidence import Evidence, within_areas
from geodata.indicators.index import IndicatorIndex, ward_index
from geodata.language import Language, message, translate
from geodata.period import Period
from geodata.programme.symbols import BORDER, LAND, STAGE_NAMES
from geodata.wards.descent import descent
from geodata.wards.frames import frame_bounds
from geodata.wards.names import ward_title
from geodata.wards.neighbours import TOUCH_M, neighbours

LISTED_INSPECTIONS = 5
LISTED_LINKS = 5
"""So many rows stand in a table, also on paper; the others open below it."""

MOST_OPENED = 50

Link = tuple[tuple[str, str], ...]
"""Parameters of a link to this page as it is, as pairs."""

PRECISIONS = {
    "surveyed": message("surveyed position"),
    "address": message("position of its address"),
    "ward_reference_point": message("position not known: a reference point inside the ward stands for it"),
}
_STATES = {
    "done": message("{count} done"),
    "in_progress": message("{count} in progress"),
    "open": message("{count} open"),
    "": message("{count} of unknown state"),
}


@dataclass(frozen=True)
class Profile:
    """What the page of a ward shows, in one language.

    Attributes
    ----------
    headline
        The sentence that says what the ward is and what became of it.
    subline, facts, inspections, descent, neighbours, sources
        HTML.
    neighbour_codes
        The wards that touch it.
    line_count
        Units named in ``descent``, which make it long.
    tables
        What is exported, by name: facts and inspections.
    """

    headline: str
    subline: Markup
    facts: Markup
    inspections: Markup
    descent: Markup
    neighbours: Markup
    neighbour_codes: tuple[str, ...]
    line_count: int
    sources: Markup
    tables: Mapping[str, tuple[pd.DataFrame, Mapping[str, str]]]


@dataclass(frozen=True)
class Records:
    """The layers that only a profile needs.

    Attributes
    ----------
    outlines
        The layer ``ward`` of the ward's vintage, with geometry.
    station, recommendation, criteria_set
        The layers of these names.
    indicator_sources
        Sources of the indicator values that reach the ward.
    """

    outlines: gpd.GeoDataFrame
    station: pd.DataFrame
    recommendation: pd.DataFrame
    criteria_set: pd.DataFrame
    indicator_sources: tuple[str, ...]


def describe(
    key: tuple[str, str],
    known: Evidence,
    records: Records,
    link: Link,
    language: Language,
    *,
    trends_are_illustrative: bool,
) -> Profile:
    """Return the profile of one ward.

    Parameters
    ----------
    key
        Vintage and code of the ward.
    known
        What is known within the range of days.
    records
        What a profile needs beside it.
    link
        Parameters of the page's own link.
    language
        Language of the reader.
    trends_are_illustrative
        A value of its charts was generated.
    """
    rows = known.inspections_within()
    rows = rows[(rows["vintage"] == key[0]) & (rows["ward_code"] == key[1])]
    advice = records.recommendation[records.recommendation["inspection_id"].isin(rows["inspection_id"])]
    if known.verified_only:
        advice = advice[~advice["is_illustrative"]]
    stations = records.station[
        (records.station["vintage"] == key[0]) & (records.station["ward_code"] == key[1])
    ]
    if known.verified_only:
        stations = stations[~stations["is_illustrative"]]
    facts = profile_facts(key, known, stations, language)
    district = Markup("{}").format(district_of(key, known, language))
    codes = neighbours(key, records.outlines)
    lines = descent(key, known)
    return Profile(
        headline=headline(key, known, lines, language),
        subline=subline(key, known, language, is_illustrative=trends_are_illustrative),
        facts=fact_list(facts),
        inspections=inspection_table(rows, advice, known, records.criteria_set, language),
        descent=descent_block(key, lines, known, link, language),
        neighbours=neighbour_list(key, codes, known, link, language),
        neighbour_codes=codes,
        line_count=len(lines),
        sources=source_block(
            [
                *known.rows("pilot_status", key)["source"],
                known.ward(key)["source"],
                known.ward(key)["boundary_source"],
                *rows["source"],
                *advice["source"],
                *stations["source"],
                *records.indicator_sources,
            ],
            known.source,
            language,
        ),
        tables={
            "facts": facts_table(
                [(translate("District level", language), district, Markup("")), *facts], language
            ),
            "inspections": inspections_table(rows, advice, language),
        },
    )


def headline(key: tuple[str, str], known: Evidence, lines: pd.DataFrame, language: Language) -> str:
    """Return the sentence that says what a ward is in the programme, how it was inspected, what became of it.

    One that rests on illustrative inspections begins with that word, since it may be quoted without its page.

    Parameters
    ----------
    key
        Vintage and code of the ward.
    known
        What is known within the range of days.
    lines
        See `descent`.
    language
        Language of the reader.
    """
    rows = known.inspections_within()
    rows = rows[(rows["vintage"] == key[0]) & (rows["ward_code"] == key[1])]
    clauses = [_role_clause(key, known, language, is_inspected=len(rows) > 0)]
    clauses += _inspected_clauses(known.ward(key), rows, known, language)
    clauses += _later_clauses(key[0], lines, language)
    told = "; ".join(clauses)
    carried = rows.empty and bool(known.ward(key)["is_illustrative"])
    if rows["is_illustrative"].any() or carried:
        return translate("Illustrative: {told}", language, told=told)
    return sentence(told)


def _role_clause(key: tuple[str, str], known: Evidence, language: Language, *, is_inspected: bool) -> str:
    ward = known.ward(key)
    name = ward_title(ward)
    inner = f"{ward['ward_kind']} {ward['ward_name']}"
    if not isinstance(ward["role"], str):
        return translate("of {ward} nothing is known in the programme yet", language, ward=inner)
    # What a ward was joined of may all hold a role; it is still theirs, not its own.
    if ward["is_partly"] or known.rows("pilot_status", key).empty:
        role = "pilot" if ward["role"] == "pilot" else "visit_site"
        share = percent(ward[f"{role}_area_pct"], language)
        if role == "pilot":
            return translate(
                "{share} of the area of {ward} came from pilot wards", language, share=share, ward=inner
            )
        return translate(
            "{share} of the area of {ward} came from visit sites", language, share=share, ward=inner
        )
    period = ward["period"] if isinstance(ward["period"], str) else ""
    if ward["role"] == "visit_site":
        if not period:
            return translate("{ward} is a visit site", language, ward=name)
        return translate("{ward} is a visit site of {period}", language, ward=name, period=period)
    told = (
        translate("{ward} takes part in the pilot of {period}", language, ward=name, period=period)
        if period
        else translate("{ward} takes part in the pilot", language, ward=name)
    )
    stage = ward["stage"]
    # The stage “inspected” goes without saying where the inspections are told.
    if not isinstance(stage, str) or stage == "building" or (stage == "inspected" and is_inspected):
        return told
    return f"{told}, {STAGE_NAMES[stage].render(language)}"


def _inspected_clauses(ward: pd.Series, rows: pd.DataFrame, known: Evidence, language: Language) -> list[str]:
    if rows.empty:
        if ward["is_inspected"] or ward["is_partly_inspected"]:
            area = percent(ward["inspected_area_pct"], language)
            return [translate("{area} of its area inspected in this period", language, area=area)]
        if known.is_all:
            return [translate("no inspection on record", language)]
        return [translate("no inspection on record in this period", language)]
    last = day(rows["inspection_date"].max(), language)
    if len(rows) == 1:
        return [translate("inspected on {day}", language, day=last)]
    count = in_words(len(rows), language)
    if known.is_all:
        return [translate("inspected {count} times, last on {day}", language, count=count, day=last)]
    return [
        translate("inspected {count} times in this period, last on {day}", language, count=count, day=last)
    ]


def _later_clauses(own: str, lines: pd.DataFrame, language: Language) -> list[str]:
    later = lines[(lines["vintage"] > own) & ~lines["is_same"].astype("bool")]
    if later.empty:
        return []
    vintage = later["vintage"].max()
    names = [
        f"{row['ward_kind']} {row['ward_name']}"
        for row in later[later["vintage"] == vintage].to_dict("records")
    ]
    joined = names[0]
    if len(names) > 1:
        joined = translate("{first} and {last}", language, first=", ".join(names[:-1]), last=names[-1])
    return [translate("since {day} in {wards}", language, day=day(vintage, language), wards=joined)]


def subline(key: tuple[str, str], known: Evidence, language: Language, *, is_illustrative: bool) -> Markup:
    """Return the line under the headline: code, district, day of reference and boundaries."""
    parts = [translate("Code {code}", language, code=key[1])]
    district = district_of(key, known, language)
    if district:
        parts.append(district)
    parts.append(
        translate(
            "as of {day}, by the boundaries of {vintage}",
            language,
            day=day(known.period.until, language),
            vintage=day(key[0], language),
        )
    )
    mark = badge(language) if is_illustrative or not known.verified_only else Markup("")
    return Markup('<p class="hp-sub">{} {}</p>').format(mark, " · ".join(parts))


def profile_facts(
    key: tuple[str, str], known: Evidence, stations: pd.DataFrame, language: Language
) -> list[Fact]:
    """Return role and stage, size, outline and station of a ward: label, text and source of each fact."""
    programme = programme_facts(key, known, language) or [nothing_known(language)]
    (label, size, source), (_, outline, _) = size_facts(key, known, language)
    place = label, Markup("{}<small>{}</small>").format(size, outline), source
    stands = _station_facts(stations, known.source, language)
    return [*programme, *predecessor_facts(known, key, language), place, *stands]


def _station_facts(stations: pd.DataFrame, sources: pd.DataFrame, language: Language) -> list[Fact]:
    label = translate("Station", language)
    if stations.empty:
        return [(label, Markup("{}").format(missing(language)), Markup(""))]
    return [
        (
            label,
            Markup("{}<small>{}</small>{}").format(
                row["station_name"],
                sentence(PRECISIONS[row["location_precision"]].render(language)),
                badge(language) if row["is_illustrative"] else "",
            ),
            source_note(row["source"], sources, language),
        )
        for row in stations.sort_values("station_id").to_dict("records")
    ]


def profile_link(link: Link, key: tuple[str, str]) -> str:
    """Return the address of a ward's profile, relative to this page; areas stay in their own vintage."""
    kept = dict(link)
    kept.pop("ward", None)
    if kept.pop("vintage", None) != key[0]:
        kept.pop("area", None)
    return "?" + urlencode({**kept, "vintage": key[0], "ward": key[1]})


def _ward_link(link: Link, key: tuple[str, str], title: str) -> Markup:
    return Markup('<a href="{}" target="_self">{}</a>').format(profile_link(link, key), title)


def descent_block(
    key: tuple[str, str], lines: pd.DataFrame, known: Evidence, link: Link, language: Language
) -> Markup:
    """Return the predecessors and successors of a ward (`descent`) as tables, one a vintage, with links."""
    others = [other for other in sorted(known.wards["vintage"].unique()) if other != key[0]]
    parts = []
    for other in others:
        told = {"day": day(other, language)}
        heading = (
            translate("Before: units of {day}", language, **told)
            if other < key[0]
            else translate("After: units from {day}", language, **told)
        )
        mine = lines[lines["vintage"] == other]
        parts.append(Markup('<h3 class="hp-vintage">{}</h3>{}').format(heading, _links(mine, link, language)))
    return Markup('<section class="hp-descent"><h2 class="hp-group">{}</h2>{}</section>').format(
        translate("Predecessors and successors", language), Markup("").join(parts)
    )


def _links(rows: pd.DataFrame, link: Link, language: Language) -> Markup:
    if rows.empty:
        return Markup('<p class="hp-none">{}</p>').format(
            translate("No unit of that day is known to lie here.", language)
        )
    records = rows.to_dict("records")
    named = [
        (_ward_link(link, (row["vintage"], row["ward_code"]), ward_title(row)), row)
        for row in records[:MOST_OPENED]
    ]
    if records[0]["is_same"]:
        return Markup("<p>{} · {}</p>").format(named[0][0], translate("unchanged", language))
    head = Markup(
        '<tr><th>{}</th><th><abbr title="{}">{}</abbr></th><th><abbr title="{}">{}</abbr></th>'
        '<th><abbr title="{}">{}</abbr></th></tr>'
    ).format(
        translate("Unit", language),
        translate("Share of the earlier unit that went to the later one", language),
        translate("moved", language),
        translate("Share of the later unit's area that came from the earlier one", language),
        translate("of area", language),
        translate(
            "Share of the later unit's residents that came from the earlier one, residents being spread "
            "evenly over its area",
            language,
        ),
        translate("of residents", language),
    )
    line = Markup("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>")
    body = [
        line.format(
            title,
            *(percent(float(row[column]), language) for column in ("weight", "area_pct", "population_pct")),
        )
        for title, row in named
    ]
    how = (
        translate("by the official mapping", language)
        if rows["method"].eq("official").all()
        else translate("by the official mapping and overlap of areas", language)
        if rows["method"].eq("official").any()
        else translate("by overlap of areas", language)
    )
    table = _table(
        "", head, body, LISTED_LINKS, translate("and {count} more", language, count=len(body) - LISTED_LINKS)
    )
    return table + Markup('<p class="hp-notes">{}</p>').format(how)


def _table(name: str, head: Markup, body: Sequence[Markup], listed: int, more: str) -> Markup:
    """Return a table with so many rows; the others open below it under the title ``more``."""
    table = Markup('<table class="hp-ward-table {}"><thead>{}</thead><tbody>{}</tbody></table>')
    shown = table.format(name, head, Markup("").join(body[:listed]))
    if len(body) <= listed:
        return shown
    rest = table.format(name, head, Markup("").join(body[listed:]))
    return shown + Markup('<details class="hp-more-rows"><summary>{}</summary>{}</details>').format(
        more, rest
    )


def neighbour_list(
    key: tuple[str, str], codes: Sequence[str], known: Evidence, link: Link, language: Language
) -> Markup:
    """Return the wards that touch a ward, as links."""
    heading = Markup('<h2 class="hp-group">{}</h2>').format(translate("Neighbours", language))
    if not codes:
        return heading + Markup('<p class="hp-none">{}</p>').format(
            translate("No other unit touches it.", language)
        )
    return heading + Markup('<p class="hp-links">{}</p>').format(
        Markup(" · ").join(
            _ward_link(link, (key[0], code), ward_title(known.ward((key[0], code)))) for code in codes
        )
    )


def locator_classes(
    key: tuple[str, str], codes: Sequence[str], outlines: pd.DataFrame, language: Language
) -> tuple[list[MapClass], list[int]]:
    """Return the classes of the small map (the ward, those that touch it, the others), and each ward's."""
    place = dict.fromkeys(codes, 1) | {key[1]: 0}
    numbers = [place.get(code, 2) for code in outlines["ward_code"]]
    labels = (
        (translate("This ward", language), BLUE),
        (translate("Touches it", language), BORDER),
        (translate("Another ward", language), LAND),
    )
    classes = [
        MapClass(label, number(numbers.count(at), language), colour, outlined=at == 0)
        for at, (label, colour) in enumerate(labels)
    ]
    return classes, numbers


def inspection_table(
    rows: pd.DataFrame,
    advice: pd.DataFrame,
    known: Evidence,
    criteria_set: pd.DataFrame,
    language: Language,
) -> Markup:
    """Return the inspections of a ward within the range, latest first, with criteria and recommendations.

    Parameters
    ----------
    rows
        These inspections.
    advice
        Their recommendations.
    known
        What is known within the range.
    criteria_set
        The layer of this name.
    language
        Language of the reader.
    """
    mark = badge(language) if rows["is_illustrative"].any() else ""
    heading = Markup('<h2 class="hp-group">{} {}</h2>').format(
        translate("Inspections ({count})", language, count=number(len(rows), language)), mark
    )
    if rows.empty:
        span = {"since": day(known.period.since, language), "until": day(known.period.until, language)}
        told = (
            translate(
                "No inspection of this ward is on record from {since} to {until}. Choose other days, or show "
                "illustrative figures too where there are any.",
                language,
                **span,
            )
            if known.verified_only
            else translate(
                "No inspection of this ward is on record from {since} to {until}. Choose other days.",
                language,
                **span,
            )
        )
        return heading + Markup('<p class="hp-none">{}</p>').format(told)
    sizes = criteria_set.set_index("criteria_set")["criteria_count"].to_dict()
    lines = [
        _inspection_row(row, advice[advice["inspection_id"] == row["inspection_id"]], sizes, known, language)
        for row in rows[:MOST_OPENED].to_dict("records")
    ]
    titles = (
        translate("Day", language),
        translate("Who inspected", language),
        translate("Verdict", language),
        translate("Criteria", language),
        translate("Recommendations", language),
    )
    head = Markup("<tr>{}</tr>").format(
        Markup("").join(Markup("<th>{}</th>").format(title) for title in titles)
    )
    more = translate(
        "and {count} earlier ones in this period; the download holds all",
        language,
        count=number(len(rows) - LISTED_INSPECTIONS, language),
    )
    return heading + _table("hp-inspections", head, lines, LISTED_INSPECTIONS, more)


def _inspection_row(
    row: Mapping[Hashable, Any],
    advice: pd.DataFrame,
    sizes: Mapping[Hashable, int],
    known: Evidence,
    language: Language,
) -> Markup:
    kind = Markup(" · <small>{}</small>").format(row["kind"]) if isinstance(row["kind"], str) else ""
    verdict = row["verdict"] if isinstance(row["verdict"], str) else translate("not published", language)
    return Markup(
        '<tr class="{}"><td><time datetime="{:%Y-%m-%d}">{}</time></td><td>{}{}</td><td>{} {}</td><td>{}</td>'
        "<td>{}</td></tr>"
    ).format(
        "hp-illustrative" if row["is_illustrative"] else "",
        row["inspection_date"],
        day(row["inspection_date"], language),
        explained(row["inspecting_body"], language),
        kind,
        verdict,
        source_note(row["source"], known.source, language),
        _criteria(row, sizes, language),
        _advice_cell(advice, known.period, language),
    )


def _criteria(row: Mapping[Hashable, Any], sizes: Mapping[Hashable, int], language: Language) -> Markup:
    told = criteria_text(row, language)
    if not told:
        return Markup("{}").format(translate("not published", language))
    size = sizes.get(str(row["criteria_set"]))
    of_set = "" if size is None else translate("of a set of {count}", language, count=size)
    return Markup('<abbr title="{}">{}/{}</abbr> <small>{}</small>').format(
        told[0], row["criteria_met"], row["criteria_assessed"], of_set
    )


def _advice_cell(advice: pd.DataFrame, period: Period, language: Language) -> Markup:
    if advice.empty:
        return Markup("{}").format(translate("none on record", language))
    states = advice["state"].fillna("")
    counts = [
        translate(told.sentence, language, count=count)
        for state, told in _STATES.items()
        if (count := int(states.eq(state).sum()))
    ]
    overdue = int((advice["due_date"].lt(pd.Timestamp(period.until)) & states.ne("done")).sum())
    if overdue:
        counts.append(translate("{count} overdue", language, count=overdue))
    item = Markup("<li>{} <small>{}</small></li>")
    items = Markup("").join(
        item.format(
            one["text"],
            " · ".join(
                str(part)
                for part in (
                    one["owner_unit"],
                    translate("due {day}", language, day=day(one["due_date"], language))
                    if pd.notna(one["due_date"])
                    else None,
                )
                if isinstance(part, str)
            ),
        )
        for one in advice.sort_values(["due_date", "recommendation_id"]).to_dict("records")
    )
    return Markup('<details class="hp-advice"><summary>{}</summary><ul>{}</ul></details>').format(
        ", ".join(counts), items
    )


def source_block(sources: Iterable[object], known_sources: pd.DataFrame, language: Language) -> Markup:
    """Return the sources of a profile, each once, written out: on paper nothing opens."""
    wanted = list(dict.fromkeys(str(one) for one in sources if isinstance(one, str)))
    rows = known_sources[known_sources["source_id"].isin(wanted)].set_index("source_id")
    items = []
    for name in wanted:
        if name not in rows.index:
            continue
        row = rows.loc[name]
        published = day(row["published"], language) if pd.notna(row["published"]) else None
        parts = [row["title"], row["publisher"], published, row["locator"]]
        label = "" if len(name) > 1 or name.startswith(BATCH) else f"{name}. "
        items.append(
            Markup("<li>{}{}</li>").format(
                label, ". ".join(str(p) for p in parts if isinstance(p, str) and p)
            )
        )
    if not items:
        return Markup("")
    return Markup('<section class="hp-sources"><h2 class="hp-group">{}</h2><ul>{}</ul></section>').format(
        translate("Sources of this page", language), Markup("").join(items)
    )


def _plain(html: Markup, *breaks: str) -> str:
    """Return HTML of ours as text, in which semicolons stand for breaks."""
    text = str(html)
    for tag in breaks:
        text = text.replace(tag, f"; {tag}")
    return Markup(text).striptags()


def facts_table(facts: Sequence[Fact], language: Language) -> tuple[pd.DataFrame, Mapping[str, str]]:
    """Return facts as a table of plain text, and its headings."""
    rows = [
        {
            "label": label,
            "text": _plain(text, "<br>", "<small>"),
            "source": _plain(source, "<span>"),
        }
        for label, text, source in facts
    ]
    titles = {
        "label": translate("Fact", language),
        "text": translate("What is known", language),
        "source": translate("Source", language),
    }
    return pd.DataFrame(rows, columns=list(titles)), titles


def inspections_table(
    rows: pd.DataFrame, advice: pd.DataFrame, language: Language
) -> tuple[pd.DataFrame, Mapping[str, str]]:
    """Return inspections as a table, with the texts of their recommendations, and its headings."""
    texts = advice.groupby("inspection_id")["text"].agg("; ".join)
    titles = {
        "inspection_date": translate("Day", language),
        "inspecting_body": translate("Who inspected", language),
        "kind": translate("Kind of inspection", language),
        "verdict": translate("Verdict", language),
        "criteria_met": translate("Criteria met", language),
        "criteria_assessed": translate("Criteria assessed", language),
        "recommendations": translate("Recommendations", language),
        "source": translate("Source", language),
        "is_illustrative": translate("Illustrative", language),
    }
    return rows.assign(recommendations=rows["inspection_id"].map(texts)), titles


def programme_links(wards: pd.DataFrame, areas: Sequence[str], link: Link, language: Language) -> Markup:
    """Return the wards in the programme as links, for a page on which no ward is chosen.

    Parameters
    ----------
    wards
        See `Evidence.of_vintage`.
    areas
        Codes of districts and wards; none for the whole city.
    link
        Parameters of the page's own link.
    language
        Language of the reader.
    """
    held = within_areas(wards[wards["role"].notna()], areas)
    if held.empty:
        return Markup('<p class="hp-none">{}</p>').format(
            translate("No ward of the programme lies in these areas and boundaries.", language)
        )
    rows = sorted(held.to_dict("records"), key=lambda ward: alphabet_key(ward["ward_name"]))
    item = Markup("<li>{} <span>{}</span></li>")
    items = (
        item.format(
            _ward_link(link, (row["vintage"], row["ward_code"]), ward_title(row)), row["district_name"] or ""
        )
        for row in rows
    )
    return Markup('<h2 class="hp-group">{}</h2><ul class="hp-wards">{}</ul>').format(
        translate("Wards of the programme", language), Markup("").join(items)
    )


@cached
def ward_profile(
    published: Publication,
    period: Period,
    key: tuple[str, str],
    link: Link,
    language: Language,
    *,
    verified_only: bool,
) -> Profile:
    """Return the profile of a ward, by vintage and code."""
    trends = trends_of(published, period, key, language, verified_only=verified_only)
    sources: tuple[str, ...] = ()
    if trends.shown:
        values = _index(published, key, verified_only=verified_only)[1]
        sources = tuple(sorted(values["source"].unique()))
    return describe(
        key,
        evidence(published, period, verified_only=verified_only),
        Records(
            outlines=of_vintage(published, "ward", key[0]),
            station=layer(published, "station"),
            recommendation=layer(published, "recommendation"),
            criteria_set=layer(published, "criteria_set"),
            indicator_sources=sources,
        ),
        link,
        language,
        trends_are_illustrative=trends.is_illustrative,
    )


@cached
def trends_of(
    published: Publication,
    period: Period,
    key: tuple[str, str],
    language: Language,
    *,
    verified_only: bool,
) -> ward_trends.Trends:
    """Return the indicators of a ward over the steps of a range."""
    index, _ = _index(published, key, verified_only=verified_only)
    return ward_trends.ward_trends(index, key, period, language)


@cached
def _index(
    published: Publication, key: tuple[str, str], *, verified_only: bool
) -> tuple[IndicatorIndex, pd.DataFrame]:
    values = layer(published, "indicator_value")
    if verified_only:
        values = values[~values["is_illustrative"]]
    return ward_index(
        values, layer(published, "indicator"), all_wards(published), layer(published, "crosswalk"), key
    )


@cached
def locator_frame(
    published: Publication, vintage: str, codes: tuple[str, ...]
) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of some wards."""
    wards = of_vintage(published, "ward", vintage)
    return frame_bounds(wards, wards["ward_code"].isin(codes), gap_m=10 * TOUCH_M)
