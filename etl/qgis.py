"""The style in which QGIS opens ``ward_summary``: stages in blue, visit sites in amber, all else neutral.

It travels in the GeoPackage, in the table ``layer_styles`` that QGIS itself writes and reads there.
"""

import xml.etree.ElementTree as ET
from collections.abc import Mapping

import pandas as pd

from geodata.language import DEFAULT_LANGUAGE
from geodata.programme.symbols import (
    BORDER,
    HOLDER_COLOUR,
    LAND,
    STAGE_COLOURS,
    STAGE_NAMES,
    VISIT_SITE_COLOUR,
)

DOT = "#A9A69B"

MAP_TIP = """<b>[% "ward_kind" || ' ' || "ward_name" %]</b><br>
[% CASE WHEN "area_km2" IS NULL THEN format_number("outline_area_km2", 2) || ' km² (đo theo ranh giới)'
ELSE format_number("area_km2", 2) || ' km² (diện tích công bố)' END %]
[% CASE WHEN "is_partly" THEN '<br>Theo chồng ghép ranh giới: '
|| coalesce(format_number("pilot_area_pct", 1), '–') || ' % diện tích nằm trong phường thí điểm cũ, '
|| coalesce(format_number("visit_site_area_pct", 1), '–') || ' % trong điểm tham quan cũ' ELSE '' END %]"""
"""What QGIS shows of a ward on pointing: whose area it is, and what its shares are by."""


def ward_summary_styles(now: pd.Timestamp) -> pd.DataFrame:
    """Return the row of ``layer_styles`` that makes QGIS open ``ward_summary`` in its style.

    The columns are those that QGIS writes. It looks a style up by an empty schema, the table and its geometry
    column; GDAL names that one ``geom``.
    """
    row = {
        "f_table_catalog": "",
        "f_table_schema": "",
        "f_table_name": "ward_summary",
        "f_geometry_column": "geom",
        "styleName": "ward_summary",
        "styleQML": ward_summary_qml(),
        "styleSLD": "",
        "useAsDefault": True,
        "description": "Giai đoạn thí điểm theo phường",
        "owner": "",
        "ui": "",
        "update_time": now,
    }
    return pd.DataFrame([row])


def ward_summary_qml() -> str:
    """Return the style as QML of QGIS 3: a rule for each stage, for visit sites and for former ground."""
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology|MapTips")
    ET.SubElement(root, "mapTip").text = MAP_TIP
    renderer = ET.SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0", forceraster="0")
    rules = ET.SubElement(renderer, "rules", key="root")
    symbols = ET.SubElement(renderer, "symbols")
    kinds = [
        (
            STAGE_NAMES[stage].render(DEFAULT_LANGUAGE).capitalize(),
            f"\"role\" = 'pilot' AND \"stage\" = '{stage}'",
            colour,
        )
        for stage, colour in STAGE_COLOURS.items()
    ]
    kinds.append(("Điểm tham quan", "\"role\" = 'visit_site'", VISIT_SITE_COLOUR))
    kinds.append(("Gồm một phần địa bàn cũ của chương trình", '"is_partly"', HOLDER_COLOUR))
    for label, condition, colour in kinds:
        _add_rule(rules, label, condition, _add_symbol(symbols))
        _fill(symbols[-1], colour)
    _add_rule(rules, "Chưa có thông tin", "ELSE", _add_symbol(symbols))
    _fill(symbols[-1], LAND)
    _dots(symbols[-1], DOT)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def _add_rule(rules: ET.Element, label: str, condition: str, symbol: str) -> None:
    ET.SubElement(rules, "rule", key=f"rule-{symbol}", label=label, filter=condition, symbol=symbol)


def _add_symbol(symbols: ET.Element) -> str:
    """Add an empty fill symbol and return its name, the number by which its rule calls it."""
    name = str(len(symbols))
    ET.SubElement(symbols, "symbol", type="fill", name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    return name


def _add_layer(symbol: ET.Element, kind: str, options: Mapping[str, str]) -> ET.Element:
    layer = ET.SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    values = ET.SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(values, "Option", name=name, type="QString", value=value)
    return layer


def _fill(symbol: ET.Element, colour: str) -> None:
    outline = {
        "outline_color": _rgba(BORDER),
        "outline_style": "solid",
        "outline_width": "0.2",
        "outline_width_unit": "MM",
    }
    _add_layer(symbol, "SimpleFill", {"color": _rgba(colour), "style": "solid", **outline})


def _dots(symbol: ET.Element, colour: str) -> None:
    spacing = {
        "distance_x": "2",
        "distance_x_unit": "MM",
        "distance_y": "2",
        "distance_y_unit": "MM",
        "displacement_x": "1",
        "displacement_x_unit": "MM",
    }
    pattern = _add_layer(symbol, "PointPatternFill", spacing)
    marker = ET.SubElement(pattern, "symbol", type="marker", name=f"@{symbol.get('name')}@1", alpha="1")
    look = {"name": "circle", "size": "0.4", "size_unit": "MM", "outline_style": "no"}
    _add_layer(marker, "SimpleMarker", {"color": _rgba(colour), **look})


def _rgba(colour: str) -> str:
    """Return ``#RRGGBB`` as QGIS writes colours: red, green, blue and opacity, 0 to 255."""
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"
