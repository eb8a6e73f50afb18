"""The panel of one ward, and the headings of the table of all."""

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.figures.choices import STAGE, Measure
from dashboard.subjects.figures.words import figure_text, unit_text, ward_name
from dashboard.ui.citations import badge
from dashboard.ui.formats import day, number, percent, sentence
from geodata.language import Language, translate


def ward_panel(
    ward: pd.Series,
    measure: Measure,
    per: str,
    second: Measure | None,
    ranked: int,
    sources: Markup,
    language: Language,
) -> Markup:
    """Return what is known of the figure of one ward, as HTML.

    Parameters
    ----------
    ward
        Its row of `painting.Shown.figures`.
    measure, per, second
        The figure, and the one it is set against.
    ranked
        How many wards have one.
    sources
        Where it comes from.
    language
        Language of the reader.
    """
    lines = []
    if pd.notna(ward["rank"]):
        order = {
            "lower": translate("1 is the lowest", language),
            "higher": translate("1 is the highest", language),
            "context": translate("1 is the highest", language),
        }[measure.direction]
        lines.append(
            translate(
                "Rank {rank} of {count} ({order})",
                language,
                rank=number(ward["rank"], language),
                count=number(ranked, language),
                order=order,
            )
        )
    if pd.notna(ward["days_pct"]):
        lines.append(
            translate(
                "Reported {share} of the days", language, share=percent(float(ward["days_pct"]), language)
            )
        )
    if pd.notna(ward["latest_day"]):
        lines.append(translate("Figure of {day}", language, day=day(ward["latest_day"], language)))
    if ward["is_apportioned"]:
        lines.append(translate("Divided among wards by area: not a count of its own", language))
    if second is not None:
        lines.append(f"{second.title(language)}: {ward['second_text']}")
    district = ward["district_name"] if isinstance(ward["district_name"], str) else ""
    value = (
        ward["class_label"] if measure.code == STAGE else figure_text(ward["value"], measure, per, language)
    )
    return Markup(
        '<h2 class="hp-ward">{} <span>{}</span></h2><p class="pw-figure">{} {}</p>{}<div>{}</div>'
    ).format(
        sentence(ward_name(ward)),
        district,
        value,
        badge(language) if ward["is_illustrative"] else "",
        Markup("").join(Markup('<p class="pw-line">{}</p>').format(line) for line in lines),
        sources,
    )


def no_panel(language: Language) -> Markup:
    """Return what stands in place of the panel while no ward is chosen."""
    return Markup('<p class="hp-none">{}</p>').format(
        translate("Choose a ward on the map for its figure, rank and sources.", language)
    )


def table_titles(measure: Measure, per: str, second: Measure | None, language: Language) -> dict[str, str]:
    """Return the headings of the columns of the table that is handed over."""

    def titled(one: Measure, per: str) -> str:
        unit = unit_text(one, per, language)
        return f"{one.title(language)} ({unit})" if unit else one.title(language)

    titles = {
        "ward_code": translate("Code", language),
        "ward_kind": translate("Kind of unit", language),
        "ward_name": translate("Unit", language),
        "district_name": translate("District", language),
    }
    if measure.code != STAGE:
        titles |= {"value": titled(measure, per), "rank": translate("Rank", language)}
    titles["class_label"] = translate("Class", language)
    if second is not None:
        titles["second"] = titled(second, per if second.adds_up else "value")
    return titles | {
        "days_pct": translate("Share of days reported (%)", language),
        "latest_day": translate("Day of the figure", language),
        "is_apportioned": translate("Divided by area", language),
        "is_illustrative": translate("Illustrative", language),
    }
