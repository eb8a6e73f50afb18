"""The small map of which wards were inspected when, with its legend."""

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from dashboard.ui.formats import day, number
from dashboard.ui.map import MapClass, outside_class
from geodata.evidence import Evidence
from geodata.language import Language, translate
from geodata.programme.symbols import BORDER, STAGE_COLOURS
from geodata.wards.units import KEY

NAMED = 9
"""So many wards bear their name on the small map; of more none does."""


def map_classes(
    city: pd.DataFrame, wards: pd.DataFrame, rows: pd.DataFrame, known: Evidence, language: Language
) -> tuple[list[MapClass], list[int], list[str]]:
    """Return the classes of the map, and class and tooltip of each ward of the city.

    Parameters
    ----------
    city
        The wards of the vintage, in the order of the layer.
    wards
        Those of them that are looked at.
    rows
        See `listing.named_rows`.
    known
        What is known of the areas within the range of days.
    language
        Language of the reader.
    """
    within = known.inspections_within()
    counts = within[within["vintage"].isin(wards["vintage"])].groupby("ward_code").size()
    looked_at = city["ward_code"].isin(wards["ward_code"])
    numbers = [
        3 if not inside else 0 if whole else 1 if part else 2
        for inside, whole, part in zip(
            looked_at, city["is_inspected"], city["is_partly_inspected"], strict=True
        )
    ]

    def told(code: str, last: object, place: int) -> str:
        if place not in (0, 1):
            return ""
        if counts.get(code, 0) < 2:
            return day(last, language)
        times = number(counts[code], language)
        return translate("{count} times, last on {day}", language, count=times, day=day(last, language))

    colour = STAGE_COLOURS["inspected"]
    entries = [
        MapClass(
            translate("Inspected", language), number(numbers.count(0), language), colour, outlined=False
        ),
        MapClass(
            translate("Inspected in part", language),
            number(numbers.count(1), language),
            colour,
            "hatch",
            outlined=False,
        ),
        MapClass(
            translate("No inspection on record", language),
            number(numbers.count(2), language),
            BORDER,
            "dots",
            outlined=False,
        ),
        *([] if looked_at.all() else [outside_class(language)]),
    ]
    values = [
        told(code, last, place)
        for code, last, place in zip(city["ward_code"], city["last_inspection"], numbers, strict=True)
    ]
    return entries, numbers, values


def map_legend(classes: Sequence[MapClass], language: Language) -> Markup:
    """Return the legend of the small map; a class without wards is left out."""
    looks = ("whole", "part", "u")
    item = Markup('<li><i class="{}"></i>{} ({})</li>')
    return Markup('<ul class="hp-legend">{}</ul>').format(
        Markup("").join(
            item.format(look, entry.label, entry.count)
            for look, entry in zip(looks, classes, strict=False)
            if entry.count != "0"
        )
    )


def labelled(wards: pd.DataFrame) -> list[str]:
    """Return the wards that were inspected; none where they are more than the map has room to name."""
    named = wards.loc[wards["is_inspected"] | wards["is_partly_inspected"], "ward_code"]
    return list(named) if len(named) <= NAMED else []


def map_layer(wards: gpd.GeoDataFrame, known_wards: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the wards of the map with what is known of their inspections, for a GeoPackage."""
    columns = [
        "is_inspected",
        "is_partly_inspected",
        "inspected_area_pct",
        "last_inspection",
        "is_illustrative",
    ]
    joined: gpd.GeoDataFrame = wards.merge(
        known_wards[[*KEY, *columns]], on=KEY, how="inner", validate="one_to_one"
    )
    return joined
