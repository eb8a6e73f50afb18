"""Coverage by district: which districts have wards in the pilot, and what share of theirs."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dashboard.screens.wall.parts import Bar, bars, column, heading, note, small_numbers, source_line
from dashboard.screens.wall.scene import Frame, Scene, Theme, View, wall_map
from dashboard.subjects.comparison.units import CITY, DISTRICT
from dashboard.subjects.programme.classes import MapClass
from dashboard.ui.formats import in_words, number, percent, sentence
from geodata.language import Language, translate
from geodata.programme.symbols import LAND

NAMED = 4
"""So many districts have a bar, those with the highest share."""

BREAKS = (10, 20)
"""Shares in per cent at which the next colour begins; fixed, so that a colour means the same every day."""

COLOURS: dict[Theme, tuple[str, str, str]] = {
    "light": ("#B4D2EC", "#5F97CE", "#1D5695"),
    "dark": ("#3A6186", "#4FA3F0", "#B9DCFF"),
}


def scene(
    view: View,
    figures: pd.DataFrame,
    column_shown: str,
    middles: Mapping[str, str],
    frame: Frame,
) -> Scene | None:
    """Return the scene; none where no district has a ward in the pilot.

    Parameters
    ----------
    view
        What every scene is made from.
    figures
        `dashboard.subjects.comparison.unit_figures.unit_figures` of the pilot, of the city and its districts.
    column_shown
        The share that leads: ``wards_pct``, or ``area_pct`` where wards are in the pilot in part only.
    middles
        Codes of the wards in the middle of each district, by the district's.
    frame
        West, south, east, north in degrees of the districts with wards in the pilot.
    """
    language, known = view.language, view.known
    wards = known.of_vintage(view.vintage)
    inside = set(known.of_vintage(view.vintage, list(view.areas))["district_code"].dropna())
    districts = figures[(figures["level"] == DISTRICT) & figures["unit_code"].isin(inside)]
    held = districts[districts["shown"] > 0].sort_values(["shown", "unit_code"], ascending=[False, True])
    if held.empty:
        return None
    names = district_names(known.district, view.vintage)
    is_former = bool(known.district.loc[known.district["vintage"] == view.vintage, "is_former"].any())
    told = headline(held, len(districts), names, column_shown, language, is_former=is_former)
    share = wards["district_code"].map(dict(zip(districts["unit_code"], districts["shown"], strict=True)))
    colours = COLOURS[view.theme]
    numbers = [3 if pd.isna(one) or one == 0 else place_of(one) for one in share]
    classes = [
        *(MapClass(label, "", colour) for label, colour in zip(labels(language), colours, strict=True)),
        MapClass(translate("No pilot ward", language), "", LAND, outlined=False),
    ]
    pilots = list(wards.loc[wards["role"].eq("pilot"), "ward_code"])
    longest = float(held["shown"].max())
    shown = [
        Bar(
            sentence(names[row["unit_code"]]),
            figure_text(row, column_shown, language),
            row["shown"] / longest,
            colours[place_of(row["shown"])],
        )
        for row in held[:NAMED].to_dict("records")
    ]
    rest = len(held) - len(shown)
    city = figures[figures["unit_code"] == CITY].iloc[0]
    statuses = known.pilot_status
    body = column(
        heading(
            translate("Share of wards in the pilot, by district", language)
            if column_shown == "wards_pct"
            else translate("Share of area in the pilot, by district", language)
        ),
        bars(shown),
        *([note(translate("and {count} more", language, count=number(rest, language)))] if rest else []),
        heading(translate("Whole city", language)),
        small_numbers(
            [
                (percent(city["wards_pct"], language), translate("of wards", language)),
                (percent(city["area_pct"], language), translate("of area", language)),
                (percent(city["population_pct"], language), translate("of residents", language)),
            ]
        ),
        source_line(statuses.loc[statuses["role"].eq("pilot"), "source"].unique(), known.source, language),
    )
    label_of = {
        middles[row["unit_code"]]: sentence(names[row["unit_code"]])
        for row in held.to_dict("records")
        if row["unit_code"] in middles
    }
    state = wall_map(
        view, classes, numbers, told, labels=list(label_of), names=label_of, outlined=pilots, focus=frame
    )
    return Scene("coverage", told, body, state)


def district_names(district: pd.DataFrame, vintage: str) -> dict[str, str]:
    """Return the names of the districts of a vintage by code, as within a sentence."""
    rows = district[district["vintage"] == vintage]
    return {
        code: f"{name[:1].lower()}{name[1:]}"
        for code, name in zip(rows["district_code"], rows["district_name"], strict=True)
    }


def place_of(share: float) -> int:
    """Return the class of a share in per cent."""
    return int(np.searchsorted(BREAKS, share, side="right"))


def labels(language: Language) -> list[str]:
    """Return what the classes hold."""
    low, high = (percent(end, language) for end in BREAKS)
    return [
        translate("below {end}", language, end=low),
        translate("from {start} to {end}", language, start=low, end=high),
        translate("{start} or more", language, start=high),
    ]


def figure_text(row: "pd.Series | dict[object, object]", column_shown: str, language: Language) -> str:
    """Return the figure of a district: wards in the pilot of all of its wards, or the share of its area."""
    if column_shown != "wards_pct":
        return percent(float(row["shown"]), language)  # type: ignore[arg-type]
    return f"{number(row['reached_count'], language)} / {number(row['ward_count'], language)}"


def headline(
    held: pd.DataFrame,
    count: int,
    names: dict[str, str],
    column_shown: str,
    language: Language,
    *,
    is_former: bool,
) -> str:
    """Return how many districts have wards in the pilot, and which has the highest share.

    Parameters
    ----------
    held
        The districts with a share, the highest first.
    count
        All districts.
    names, column_shown
        See `scene`.
    language
        Language of the reader.
    is_former
        The vintage has no districts; these are the former ones.
    """
    first = held[np.isclose(held["shown"].astype("float64"), float(held["shown"].max()))]
    best = [names[code] for code in first["unit_code"]]
    joined = best[0]
    if len(best) > 1:
        joined = translate("{names} and {last}", language, names=", ".join(best[:-1]), last=best[-1])
    values = {
        "count": in_words(len(held), language),
        "all": in_words(count, language),
        "names": joined,
        "share": figure_text(first.iloc[0], column_shown, language).replace(" / ", "/"),
    }
    if count == 1:
        return sentence(
            translate("{names} has {share} of its wards in the pilot", language, **values)
            if column_shown == "wards_pct"
            else translate("{names} has {share} of its area in the pilot", language, **values)
        )
    if is_former:
        told = translate(
            "parts of pilot wards in {count} of {all} former districts, most of all {names}: {share}",
            language,
            **values,
        )
    else:
        told = translate(
            "pilot wards in {count} of {all} districts, most of all {names}: {share}", language, **values
        )
    return sentence(told)
