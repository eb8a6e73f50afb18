"""Coverage by district: which districts have wards in the pilot, and what share of theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from dashboard.screens.wall.scene import Bar, Frame, Scene, Theme, View, source_line
from dashboard.subjects.comparison.measures import measure_of, only_partly, rates_of
from dashboard.subjects.comparison.unit_figures import unit_figures
from dashboard.subjects.comparison.units import CITY, DISTRICT
from dashboard.subjects.programme.classes import MapClass
from geodata.contract.crs import METRIC_CRS
from geodata.language import Words, capitalised, joined, message, uncapitalised
from geodata.language.numbers import in_words, number, percent
from geodata.programme.symbols import LAND
from geodata.wards.frames import frame_bounds

COVERAGE = "pilot_coverage"

NAMED = 4
"""So many districts have a bar, those with the highest share."""

BREAKS = (10, 20)
"""Shares in per cent at which the next colour begins; fixed, so that a colour means the same every day."""

COLOURS: dict[Theme, tuple[str, str, str]] = {
    "light": ("#B4D2EC", "#5F97CE", "#1D5695"),
    "dark": ("#3A6186", "#4FA3F0", "#B9DCFF"),
}

_Row = Mapping[Any, Any]


def scene(view: View) -> Scene | None:
    """Return the scene; none where no district has a ward in the pilot."""
    query, evidence = view.query, view.query.evidence()
    wards = evidence.of_vintage(query.vintage)
    # Where wards are in the pilot in part only, the share of area leads.
    column = rates_of(COVERAGE, pd.DataFrame(), is_only_partly=only_partly(wards))[0]
    figures = unit_figures(query.of_city(), measure_of(COVERAGE, column, pd.DataFrame()), ())
    districts = figures[
        (figures["level"] == DISTRICT) & figures["unit_code"].isin(query.wards()["district_code"].dropna())
    ]
    held = districts[districts["shown"] > 0].sort_values(["shown", "unit_code"], ascending=[False, True])
    if held.empty:
        return None
    rows, names = held.to_dict("records"), _district_names(view)
    told = headline(rows, len(districts), names, column, is_former=_has_former(view))
    share = wards["district_code"].map(dict(zip(districts["unit_code"], districts["shown"], strict=True)))
    numbers = [3 if pd.isna(one) or one == 0 else _place_of(one) for one in share]
    statuses = evidence.pilot_status
    middles = _middle_wards(query.of_vintage("ward"))
    label_of = {
        middles[row["unit_code"]]: capitalised(names[row["unit_code"]])
        for row in rows
        if row["unit_code"] in middles
    }
    return Scene(
        "coverage",
        told,
        {
            "is_of_wards": column == "wards_pct",
            "bars": _bars(rows, names, column, view.theme),
            "rest": max(len(rows) - NAMED, 0),
            "city": figures[figures["unit_code"] == CITY].iloc[0].to_dict(),
            "source": source_line(
                statuses.loc[statuses["role"].eq("pilot"), "source"].unique(), evidence.source
            ),
        },
        replace(
            view.map(told, _classes(view.theme), numbers),
            labels=list(label_of),
            names=label_of,
            outlined=list(wards.loc[wards["role"].eq("pilot"), "ward_code"]),
            focus=_frame(view, figures),
        ),
    )


def _frame(view: View, figures: pd.DataFrame) -> Frame:
    if view.query.areas:
        return view.focus
    outlines = view.query.of_vintage("ward")
    held = figures.loc[figures["shown"] > 0, "unit_code"]
    return frame_bounds(outlines, outlines["district_code"].isin(held))


def _middle_wards(wards: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the ward nearest to the middle of each district, by the district's code."""
    metric = wards[wards["district_code"].notna()].to_crs(METRIC_CRS)
    middles = metric.dissolve("district_code").representative_point()
    far = metric.distance(
        gpd.GeoSeries(metric["district_code"].map(middles), index=metric.index, crs=METRIC_CRS)
    )
    nearest = far.groupby(metric["district_code"]).idxmin()
    return dict(zip(nearest.index, metric.loc[nearest, "ward_code"], strict=True))


def _district_names(view: View) -> dict[str, Words]:
    """Return the names of the districts by code, as within a sentence."""
    rows = view.query.of_vintage("district")
    return {
        code: uncapitalised(name)
        for code, name in zip(rows["district_code"], rows["district_name"], strict=True)
    }


def _has_former(view: View) -> bool:
    """Return whether the vintage has no districts, and former ones stand for them."""
    return bool(view.query.of_vintage("district")["is_former"].any())


def _place_of(share: float) -> int:
    """Return the class of a share in per cent."""
    return int(np.searchsorted(BREAKS, share, side="right"))


def _classes(theme: Theme) -> list[MapClass]:
    low, high = (percent(end) for end in BREAKS)
    labels = [
        message("below {end}", end=low),
        message("from {start} to {end}", start=low, end=high),
        message("{start} or more", start=high),
    ]
    return [
        *(MapClass(label, "", colour) for label, colour in zip(labels, COLOURS[theme], strict=True)),
        MapClass(message("No pilot ward"), "", LAND, outlined=False),
    ]


def _bars(rows: Sequence[_Row], names: Mapping[str, Words], column: str, theme: Theme) -> list[Bar]:
    longest = rows[0]["shown"]
    return [
        Bar(
            capitalised(names[row["unit_code"]]),
            _figure(row, column, " / "),
            100 * row["shown"] / longest,
            COLOURS[theme][_place_of(row["shown"])],
        )
        for row in rows[:NAMED]
    ]


def _figure(row: _Row, column: str, of: str) -> Words:
    """Return the figure of a district: wards in the pilot of all of its wards, or the share of its area."""
    if column != "wards_pct":
        return percent(row["shown"])
    return joined(of, [number(row["reached_count"]), number(row["ward_count"])])


def headline(
    rows: Sequence[_Row], count: int, names: Mapping[str, Words], column: str, *, is_former: bool
) -> Words:
    """Return how many districts have wards in the pilot, and which has the highest share.

    Parameters
    ----------
    rows
        The districts with a share, the highest first.
    count
        All districts.
    names
        Of the districts by code, as within a sentence.
    column
        The share that leads: ``wards_pct``, or ``area_pct`` where wards are in the pilot in part only.
    is_former
        The vintage has no districts; these are the former ones.
    """
    best = [names[row["unit_code"]] for row in rows if np.isclose(row["shown"], rows[0]["shown"])]
    *first, last = best
    values = {
        "count": in_words(len(rows)),
        "all": in_words(count),
        "names": message("{names} and {last}", names=joined(", ", first), last=last) if first else last,
        "share": _figure(rows[0], column, "/"),
    }
    if count == 1:
        return capitalised(
            message("{names} has {share} of its wards in the pilot", **values)
            if column == "wards_pct"
            else message("{names} has {share} of its area in the pilot", **values)
        )
    if is_former:
        told = message(
            "parts of pilot wards in {count} of {all} former districts, most of all {names}: {share}",
            **values,
        )
    else:
        told = message("pilot wards in {count} of {all} districts, most of all {names}: {share}", **values)
    return capitalised(told)
