"""What is known of one ward, as pure functions: label, text and source of each fact.

Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.ui.citations import badge, source_note, source_notes
from dashboard.ui.formats import day, missing, number, percent, sentence
from dashboard.ui.map import status_label
from geodata.contract.layers import ROLES
from geodata.evidence import Evidence
from geodata.language import Language, translate
from geodata.quality import QUALITY_NAMES
from geodata.wards.names import ward_title
from geodata.wards.units import KEY

Fact = tuple[str, Markup, Markup]
"""Label, text and source of a fact."""

NAMED_PREDECESSORS = 3
"""So many predecessors are named; of the rest those in the programme are, and the others are counted."""

NAMED_INSPECTIONS = 4
"""So many inspections are told; the others are counted."""


def describe_ward(known: Evidence, key: tuple[str, str], language: Language) -> Markup:
    """Return what is known of one ward, as HTML; parameters as those of `ward_facts`."""
    return ward_heading(key, known, language) + fact_list(ward_facts(key, known, language))


def ward_heading(key: tuple[str, str], known: Evidence, language: Language) -> Markup:
    """Return a ward's name and its district, marked as former where the vintage has none."""
    ward = known.ward(key)
    district = district_of(key, known, language)
    district = f"({district})" if district else ""
    return Markup('<p class="hp-ward">{} <span>{}</span></p>').format(ward_title(ward), district)


def district_of(key: tuple[str, str], known: Evidence, language: Language) -> str:
    """Return the district of a ward, or the former one in whose area it lies; empty without either."""
    ward = known.ward(key)
    if not isinstance(ward["district_name"], str):
        return ""
    district = ward["district_name"][:1].lower() + ward["district_name"][1:]
    districts = known.district
    same = (districts["vintage"] == key[0]) & (districts["district_code"] == ward["district_code"])
    if districts.loc[same, "is_former"].any():
        return translate("in the area of former {district}", language, district=district)
    return district


def ward_facts(key: tuple[str, str], known: Evidence, language: Language) -> list[Fact]:
    """Return what is known of one ward: label, text and source of each fact.

    Parameters
    ----------
    key
        Vintage and code of the ward.
    known
        What is known within the range of days.
    language
        Language of the reader.
    """
    facts = programme_facts(key, known, language)
    facts += _inspection_facts(known, key, language)
    facts += predecessor_facts(known, key, language)
    if not facts:
        facts = [nothing_known(language)]
    size, outline = size_facts(key, known, language)
    return [*facts, size, *_crosswalk_facts(key, known, language), outline]


def programme_facts(key: tuple[str, str], known: Evidence, language: Language) -> list[Fact]:
    """Return role and stage of one ward, or what it has of them; parameters as those of `ward_facts`."""
    ward = known.ward(key)
    statuses = known.rows("pilot_status", key)
    facts = _status_facts(statuses, known.source, language)
    if ward["is_partly"]:
        facts.append(_share_fact(ward, known.source, language))
    elif statuses.empty and isinstance(ward["role"], str):
        facts.append(_whole_fact(ward, known.source, language))
    return facts


def nothing_known(language: Language) -> Fact:
    """Return what stands where nothing is known of a ward in the programme."""
    return translate("Programme", language), _text(translate("No information yet", language)), Markup("")


def size_facts(key: tuple[str, str], known: Evidence, language: Language) -> list[Fact]:
    """Return area with residents, and the outline, of one ward; parameters as those of `ward_facts`."""
    ward = known.ward(key)
    source = source_note(ward["boundary_source"], known.source, language)
    quality = QUALITY_NAMES[ward["boundary_quality"]].render(language)
    return [
        (translate("Area, population", language), _text(_size(ward, language)), source),
        (translate("Outline", language), _text(sentence(quality)), source),
    ]


def _size(ward: pd.Series, language: Language) -> str:
    area = missing(language) if pd.isna(ward["area_km2"]) else f"{number(ward['area_km2'], language, 2)} km²"
    if pd.isna(ward["population"]):
        return f"{area} · {missing(language)}"
    people = translate("{count} residents", language, count=number(ward["population"], language))
    year = "" if pd.isna(ward["population_year"]) else f" ({ward['population_year']})"
    return f"{area} · {people}{year}"


def _text(text: object) -> Markup:
    return Markup("{}").format(text)


def _text_of(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _status_facts(statuses: pd.DataFrame, sources: pd.DataFrame, language: Language) -> list[Fact]:
    facts = []
    for _, row in statuses.sort_values("valid_from", ascending=False).iterrows():
        since = (
            translate("from {day}", language, day=day(row["valid_from"], language))
            if row["valid_from_precision"] == "day"
            else translate("from the year {year}", language, year=row["valid_from"].year)
        )
        label = status_label(row["role"], _text_of(row["stage"]), _text_of(row["period"]), language)
        note = Markup("<small>{}</small>").format(row["note"]) if _text_of(row["note"]) else Markup("")
        facts.append(
            (
                translate("Role and stage", language),
                Markup("{}, {}{}").format(label, since, note),
                source_note(row["source"], sources, language),
            )
        )
    return facts


def _whole_fact(summary: pd.Series, sources: pd.DataFrame, language: Language) -> Fact:
    """Return the role and stage of a ward that was joined of wards which all held them."""
    label = status_label(summary["role"], _text_of(summary["stage"]), _text_of(summary["period"]), language)
    origin = translate("Joined of: {wards}", language, wards=summary["from_wards"])
    return (
        translate("Role and stage", language),
        Markup("{}<br>{}").format(label, origin),
        source_note(summary["source"], sources, language),
    )


def _share_fact(summary: pd.Series, sources: pd.DataFrame, language: Language) -> Fact:
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


def _inspection_facts(known: Evidence, key: tuple[str, str], language: Language) -> list[Fact]:
    """Return the inspections of a ward within the range, latest first; without any, the last one before."""
    rows = known.rows("inspection", key)
    within = rows[known.period.holds(rows["inspection_date"])]
    if len(rows) and within.empty:
        before = translate(
            "None in this period; the last one before it was on {day}",
            language,
            day=day(rows["inspection_date"].iloc[0], language),
        )
        mark = _mark(bool(rows["is_illustrative"].iloc[0]), language)
        source = source_note(rows["source"].iloc[0], known.source, language)
        return [(translate("Inspection", language), Markup("{}{}").format(before, mark), source)]
    facts = [
        _inspection_fact(row, known.source, language) for _, row in within[:NAMED_INSPECTIONS].iterrows()
    ]
    if len(within) > NAMED_INSPECTIONS:
        label, text, source = facts[-1]
        more = translate(
            "and {count} earlier ones in this period", language, count=len(within) - NAMED_INSPECTIONS
        )
        facts[-1] = label, text, Markup("{}<br>{}").format(source, more)
    return facts


def _inspection_fact(row: pd.Series, sources: pd.DataFrame, language: Language) -> Fact:
    lines = [f"{day(row['inspection_date'], language)}, {row['inspecting_body']}"]
    verdict = row["verdict"] if _text_of(row["verdict"]) else translate("no verdict published", language)
    lines.append(translate("Verdict: {verdict}", language, verdict=verdict))
    lines += criteria_text(row, language)
    text = Markup("{}{}").format(Markup("<br>").join(lines), _mark(bool(row["is_illustrative"]), language))
    return translate("Inspection", language), text, source_note(row["source"], sources, language)


def criteria_text(inspection: pd.Series | Mapping[Hashable, Any], language: Language) -> list[str]:
    """Return in words how many criteria an inspection found met, nothing where that is not known."""
    if pd.isna(inspection["criteria_met"]) or pd.isna(inspection["criteria_assessed"]):
        return []
    counts = {"met": int(inspection["criteria_met"]), "assessed": int(inspection["criteria_assessed"])}
    return [translate("{met} of {assessed} assessed criteria met", language, **counts)]


def _mark(is_illustrative: bool, language: Language) -> Markup:
    return Markup("<br>{}").format(badge(language)) if is_illustrative else Markup("")


def predecessor_facts(known: Evidence, key: tuple[str, str], language: Language) -> list[Fact]:
    """Return what inspections of others say of a ward: of the wards that it was made of or went to."""
    ward = known.ward(key)
    if not ward["is_partly_inspected"] and not ward["is_inspected"]:
        return []
    crosswalk = known.crosswalk
    reached = crosswalk[(crosswalk["to_vintage"] == key[0]) & (crosswalk["to_ward_code"] == key[1])]
    rows = known.inspections_within()
    own = rows.loc[(rows["vintage"] == key[0]) & (rows["ward_code"] == key[1]), "inspection_id"]
    others = rows[~rows["inspection_id"].isin(own)].merge(
        reached[["from_vintage", "from_ward_code"]],
        left_on=KEY,
        right_on=["from_vintage", "from_ward_code"],
        how="inner",
        validate="many_to_one",
    )
    if others.empty:
        return []
    last = others.drop_duplicates("inspection_id").drop_duplicates(KEY)
    last = last.sort_values(["inspection_date", *KEY], ascending=[False, True, True])
    named = last[:NAMED_INSPECTIONS]
    lines = []
    for _, row in named.iterrows():
        name = ward_title(known.ward((row["vintage"], row["ward_code"])))
        lines.append(f"{name}, {day(row['inspection_date'], language)}")
    if len(last) > len(named):
        lines.append(translate("and {count} more", language, count=len(last) - len(named)))
    if ward["is_partly_inspected"] and pd.notna(ward["inspected_area_pct"]):
        share = percent(ward["inspected_area_pct"], language)
        lines.append(translate("{area} of its area inspected in this period", language, area=share))
    text = Markup("{}{}").format(
        Markup("<br>").join(lines), _mark(bool(named["is_illustrative"].any()), language)
    )
    sources = source_notes(named["source"].unique(), known.source, language)
    return [(translate("Inspected in other boundaries", language), text, sources)]


def _crosswalk_facts(key: tuple[str, str], known: Evidence, language: Language) -> list[Fact]:
    vintage, ward_code = key
    crosswalk = known.crosswalk
    facts = []
    onward = crosswalk[
        (crosswalk["from_vintage"] == vintage)
        & (crosswalk["from_ward_code"] == ward_code)
        & (crosswalk["to_vintage"] > vintage)
    ]
    for to_vintage, rows in _by_vintage(onward, "to_vintage"):
        parts = [
            f"{ward_title(known.ward((to_vintage, code)))} ({percent(100 * weight, language)})"
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
            old = known.ward((from_vintage, code))
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


def fact_list(facts: list[Fact]) -> Markup:
    """Return facts as a list of terms, each with its source."""
    item = Markup("<div><dt>{}</dt><dd>{} {}</dd></div>")
    items = Markup("").join(item.format(*fact) for fact in facts)
    return Markup('<dl class="hp-facts">{}</dl>').format(items)
