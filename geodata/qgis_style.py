"""How the classes of a map look in QGIS 3: a renderer of rules, in the XML that QGIS itself writes.

The published GeoPackage carries one, the projects for QGIS one for each figure.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from geodata.programme.symbols import BORDER, INK, LAND

CIRCLE_COLOURS = {"color": "47,111,179,140", "outline_color": "29,86,149,255", "outline_width": "0.2"}
"""Of a circle that shows a total: half clear, so that borders are seen through it."""


@dataclass(frozen=True)
class Rule:
    """A class of a map, and the features that are in it.

    Attributes
    ----------
    label
        Its entry in the legend.
    condition
        An expression of QGIS, or ``ELSE`` for all features that no other rule takes.
    colour
        ``#RRGGBB``.
    pattern
        ``hatch`` or ``dots`` in the colour, on land or on nothing where the rule ``is_clear``; ``outline``
        for a strong outline alone, above all fills.
    is_clear
        What lies below shows between the lines of a pattern.
    diameter
        An expression of QGIS for the diameter in mm of a circle in the middle of the polygon; empty for none.
    geometry
        ``fill`` for polygons, ``marker`` for points, ``line`` for lines.
    """

    label: str
    condition: str
    colour: str
    pattern: Literal["", "hatch", "dots", "outline"] = ""
    is_clear: bool = False
    diameter: str = ""
    geometry: Literal["fill", "marker", "line"] = "fill"


def rule_renderer(rules: Iterable[Rule]) -> ET.Element:
    """Return the renderer of rules, each with a symbol of its own."""
    renderer = ET.Element("renderer-v2", type="RuleRenderer", symbollevels="1", forceraster="0")
    listed = ET.SubElement(renderer, "rules", key="root")
    symbols = ET.SubElement(renderer, "symbols")
    for number, rule in enumerate(rules):
        name = str(number)
        ET.SubElement(
            listed, "rule", key=f"rule-{name}", label=rule.label, filter=rule.condition, symbol=name
        )
        _draw(_symbol(symbols, rule.geometry, name), rule)
    return renderer


def _draw(symbol: ET.Element, rule: Rule) -> None:
    colour = _rgba(rule.colour)
    if rule.geometry == "marker":
        _layer(symbol, "SimpleMarker", {"name": "circle", "color": colour, "outline_color": _rgba(LAND)})
    elif rule.geometry == "line":
        _layer(symbol, "SimpleLine", {"line_color": colour, "line_width": "0.5", "line_width_unit": "MM"})
    elif rule.pattern == "outline":
        _fill(symbol, "", colour, 0.7, 1)
    elif rule.is_clear:
        _fill(symbol, "", _rgba(INK), 0.3, 1)
    else:
        _fill(symbol, _rgba(LAND) if rule.pattern else colour, _rgba(BORDER), 0.2)
    if rule.pattern == "hatch":
        _hatch(symbol, colour)
    elif rule.pattern == "dots":
        _dots(symbol, colour)
    if rule.diameter:
        _circle(symbol, rule.diameter)


def _symbol(parent: ET.Element, kind: str, name: str) -> ET.Element:
    return ET.SubElement(parent, "symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")


def _layer(symbol: ET.Element, kind: str, options: Mapping[str, str], level: int = 0) -> ET.Element:
    layer = ET.SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": str(level)})
    values = ET.SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(values, "Option", name=name, type="QString", value=value)
    return layer


def _fill(symbol: ET.Element, colour: str, outline: str, width_mm: float, level: int = 0) -> None:
    options = {
        "color": colour or "0,0,0,0",
        "style": "solid" if colour else "no",
        "outline_color": outline,
        "outline_style": "solid",
        "outline_width": str(width_mm),
        "outline_width_unit": "MM",
    }
    _layer(symbol, "SimpleFill", options, level)


def _hatch(symbol: ET.Element, colour: str) -> None:
    spacing = {"angle": "45", "distance": "1.8", "distance_unit": "MM"}
    pattern = _layer(symbol, "LinePatternFill", spacing)
    line = _symbol(pattern, "line", f"@{symbol.get('name')}@1")
    _layer(line, "SimpleLine", {"line_color": colour, "line_width": "1", "line_width_unit": "MM"})


def _dots(symbol: ET.Element, colour: str) -> None:
    spacing = {
        "distance_x": "2",
        "distance_x_unit": "MM",
        "distance_y": "2",
        "distance_y_unit": "MM",
        "displacement_x": "1",
        "displacement_x_unit": "MM",
    }
    pattern = _layer(symbol, "PointPatternFill", spacing)
    marker = _symbol(pattern, "marker", f"@{symbol.get('name')}@1")
    look = {"name": "circle", "size": "0.4", "size_unit": "MM", "outline_style": "no"}
    _layer(marker, "SimpleMarker", {"color": colour, **look})


def _circle(symbol: ET.Element, diameter: str) -> None:
    middle = _layer(symbol, "CentroidFill", {"point_on_surface": "1", "point_on_all_parts": "0"}, 1)
    marker = _symbol(middle, "marker", f"@{symbol.get('name')}@1")
    circle = _layer(marker, "SimpleMarker", {"name": "circle", "size_unit": "MM", **CIRCLE_COLOURS})
    defined = ET.SubElement(ET.SubElement(circle, "data_defined_properties"), "Option", type="Map")
    ET.SubElement(defined, "Option", name="name", type="QString", value="")
    properties = ET.SubElement(defined, "Option", name="properties", type="Map")
    ET.SubElement(defined, "Option", name="type", type="QString", value="collection")
    size = ET.SubElement(properties, "Option", name="size", type="Map")
    ET.SubElement(size, "Option", name="active", type="bool", value="true")
    ET.SubElement(size, "Option", name="expression", type="QString", value=diameter)
    ET.SubElement(size, "Option", name="type", type="int", value="3")


def _rgba(colour: str) -> str:
    """Return ``#RRGGBB`` as QGIS writes colours: red, green, blue and opacity, 0 to 255."""
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"
