"""The maps of a vintage as QGIS has them: a table with a column a figure, and a style for each figure.

Values, classes, colours and labels are those of the ward map (`dashboard.subjects.figures`).
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from dashboard.query.layers import layer, vintages
from dashboard.query.query import Query
from dashboard.subjects.figures import legend_words, words
from dashboard.subjects.figures.choices import PER, STAGE, Choice, measures
from dashboard.subjects.figures.model import WardClasses, classify
from dashboard.subjects.filters import active_filters, in_one_line
from dashboard.subjects.programme.classes import MapClass
from dashboard.subjects.sources.citations import credit
from dashboard.ui.map import SCHEMATIC
from dashboard.ui.passed_on import drawn_as, passed_on, passed_on_words
from geodata.contract.crs import STORAGE_CRS
from geodata.language import Words, joined, message
from geodata.language.dates import day
from geodata.programme.symbols import INK
from geodata.qgis_style import Rule, rule_renderer
from geodata.wards.outline_notes import outline_notes
from geodata.wards.units import KEY

CIRCLE_MM = 18
"""Diameter of the largest circle, as on the page."""

WARD_LABEL = """CASE WHEN "is_pilot" OR "is_in_programme" OR @map_scale < 60000 THEN "ward_name" END"""
WARD_TIP = """<b>[% "ward_kind" || ' ' || "ward_name" %]</b>"""

Say = Callable[[Words | str], str]
"""Renders `Words` in the language of the reader."""


@dataclass(frozen=True)
class QgisLayer:
    """A layer of a project.

    Attributes
    ----------
    name
        Its table in the GeoPackage, and its id in the project.
    title
        What it is called.
    geometry
        As QGIS calls it: Polygon, Line, Point, or ``No geometry``.
    styles
        Renderers by the name of their style; the first one is shown at first.
    aliases
        What columns are called.
    about
        What it holds and from where.
    label, tip
        Expressions of QGIS: what stands beside each feature, and what it tells on pointing; or nothing.
    """

    name: str
    title: str
    geometry: str
    styles: dict[str, Markup] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    about: str = ""
    label: str = ""
    tip: str = ""


@dataclass(frozen=True)
class VintageMaps:
    """The maps of a vintage.

    Attributes
    ----------
    vintage, title
        The vintage, and its name.
    layers
        The former ground that is drawn over the wards, where there is any, and the wards.
    tables
        Their rows by the name of the table.
    themes
        A row of the table ``theme`` for each figure, with the style of each layer under ``styles``.
    """

    vintage: str
    title: str
    layers: list[QgisLayer]
    tables: dict[str, gpd.GeoDataFrame]
    themes: list[dict[str, Any]]


def renderer(rules: Sequence[Rule]) -> Markup:
    """Return a renderer as it is written into a project."""
    return Markup(ET.tostring(rule_renderer(rules), encoding="unicode"))


def vintage_maps(query: Query, say: Say) -> VintageMaps | None:
    """Return the maps of a query's vintage; nothing where its outlines may not be passed on."""
    outlines = passed_on(query.published, query.vintage)
    if outlines is None:
        return None
    name = query.vintage.replace("-", "_")
    title = say(message("Boundaries of {day}", day=day(query.vintage)))
    wards: dict[str, Any] = {
        of: outlines[of] for of in ("vintage", "ward_code", "ward_kind", "ward_name", "district_name")
    }
    main = QgisLayer(
        f"map_{name}",
        title,
        "Polygon",
        about=_outline_words(query, outlines, say),
        label=WARD_LABEL,
        tip=WARD_TIP,
    )
    over = QgisLayer(f"former_{name}", say(message("Former ground")), "Polygon", label='"label"')
    former: list[gpd.GeoDataFrame] = []
    themes: list[dict[str, Any]] = []
    every = measures(query.published).items()
    for code, per in [(code, per) for code, one in every for per in (PER if one.adds_up else PER[:1])]:
        shown = classify(query, Choice(code, per=per))
        figure = say(words.shown_figure(shown))
        column = code if shown.pers[0] == "value" else f"{code}_{shown.pers[0]}"
        marked = "is_in_programme" if code == STAGE else "is_pilot"
        wards[marked] = outlines["ward_code"].isin(shown.pilots)
        wards[f"{column}_class"] = shown.numbers
        main.aliases[f"{column}_class"] = say(message("{figure}: class", figure=figure))
        if shown.amounts:
            wards[column] = shown.amounts[0]
            main.aliases[column] = say(words.shown_figure(shown))
        main.styles[figure] = renderer(_rules(shown, column, marked, say))
        ground, drawn, left_out = legend_words.former_of(shown), [outlines], []
        styles = {main.name: figure, over.name: "–"}
        if ground is not None and ground.wards:
            shapes = _former_shapes(query, code, ground.wards)
            left_out = [one.label for one in ground.wards if one.label not in set(shapes["label"])]
            former.append(shapes)
            drawn.append(shapes)
            styles[over.name] = figure
            over.styles[figure] = renderer(_class_rules(ground.classes, code, say, is_former=True))
        told = _theme(shown, pd.concat(drawn), left_out, say)
        themes.append(told | {"figure": column, "styles": styles})
    tables = {main.name: gpd.GeoDataFrame(wards, geometry=outlines.geometry)}
    if former:
        tables[over.name] = pd.concat(former, ignore_index=True)
        over.styles["–"] = renderer([])
    return VintageMaps(query.vintage, title, [over, main] if former else [main], tables, themes)


def _rules(shown: WardClasses, column: str, marked: str, say: Say) -> list[Rule]:
    rules = _class_rules(legend_words.map_classes(shown), column, say)
    circles = legend_words.circles(shown)
    if circles and circles["most"]:
        size = f"{CIRCLE_MM} * sqrt(coalesce({quoted(column)}, 0) / {circles['most']})"
        rules = [Rule(**vars(rules[0]) | {"diameter": size}), *rules[1:]]
    if not shown.pilots:
        return rules
    outlined = message("Wards in the programme") if marked == "is_in_programme" else message("Pilot wards")
    return [*rules, Rule(say(outlined), quoted(marked), INK, "outline")]


def _class_rules(classes: Sequence[MapClass], code: str, say: Say, *, is_former: bool = False) -> list[Rule]:
    """Return a rule for each class; its label is that of the legend with the count behind it."""
    figure = f'"figure" = \'{code}\' AND "class"' if is_former else quoted(f"{code}_class")
    return [
        Rule(
            say(joined("", [one.label, " (", one.count, ")"]) if one.count else one.label),
            f"{figure} = {number}",
            one.colour,
            one.pattern,
            is_former,
        )
        for number, one in enumerate(classes)
    ]


def quoted(column: str) -> str:
    """Return a column as expressions of QGIS name it."""
    return '"' + column.replace('"', '""') + '"'


def _former_shapes(query: Query, code: str, wards: Sequence[Any]) -> gpd.GeoDataFrame:
    """Return former wards with outlines that may be passed on: their own, or of the same ward later."""
    found = pd.DataFrame(
        [(one.vintage, one.ward_code, one.label, code, one.number) for one in wards],
        columns=[*KEY, "label", "figure", "class"],
    )
    known = [passed_on(query.published, one) for one in vintages(query.published)]
    columns = [*KEY, "boundary_source", "boundary_quality", "geometry"]
    shapes = pd.concat([one[columns] for one in known if one is not None]).add_prefix("to_")
    drawn = drawn_as(query.published, found).merge(shapes).drop(columns=["to_vintage", "to_ward_code"])
    drawn.columns = drawn.columns.str.removeprefix("from_").str.removeprefix("to_")
    return gpd.GeoDataFrame(found.merge(drawn, on=KEY), geometry="geometry", crs=STORAGE_CRS)


def _outline_words(query: Query, outlines: gpd.GeoDataFrame, say: Say) -> str:
    told = [*outline_notes(outlines, layer(query.published, "source")).lines]
    replaced = passed_on_words(query.published, [query.vintage])
    return say(joined(". ", [*told, *([] if replaced is None else [replaced])]))


def _theme(shown: WardClasses, outlines: pd.DataFrame, left_out: Sequence[str], say: Say) -> dict[str, Any]:
    """Return what the layouts say of a figure; ``left_out`` is the former ground without an outline."""
    query, key = shown.query, legend_words.legend(shown)
    sizes = (legend_words.circles(shown) or {}).get("sizes", [])
    about = list(key["about"])
    if sizes:
        about.append(
            message("Circles from large to small: {sizes}", sizes=joined("; ", [s["label"] for s in sizes]))
        )
    notes = outline_notes(outlines, layer(query.published, "source"))
    marks = [message("ILLUSTRATIVE FIGURES")] if shown.is_illustrative else []
    marks += [SCHEMATIC] if notes.is_schematic else []
    sources = [credit(shown.sources(), layer(query.published, "source")), notes.credit, notes.notice]
    sources.append(passed_on_words(query.published, [query.vintage]))
    if left_out:
        names = joined(", ", left_out)
        sources.append(message("Not drawn, for their outlines may not be passed on: {names}", names=names))
    theme = joined(" · ", [words.shown_figure(shown), day(query.vintage), *marks])
    return {
        "has_rivers": not any(shown.bounds),
        "theme": say(theme),
        "vintage": query.vintage,
        "headline": say(words.headline(shown)),
        "subtitle": say(in_one_line(active_filters(query))),
        "legend": say(joined(" – ", [one for one in (key["title"], key["unit"]) if one])),
        "about": say(joined("\n", about)),
        "mark": say(joined(" · ", marks)),
        "sources": say(joined(". ", [one for one in sources if one is not None])),
    }
