"""The style in which QGIS opens ``ward_summary``: stages in blue, visit sites in amber, all else neutral.

It travels in the GeoPackage, in the table ``layer_styles`` that QGIS itself writes and reads there.
"""

import xml.etree.ElementTree as ET

import pandas as pd

from geodata.language import DEFAULT_LANGUAGE
from geodata.programme.symbols import HOLDER_COLOUR, STAGE_COLOURS, STAGE_NAMES, VISIT_SITE_COLOUR
from geodata.qgis_style import Rule, rule_renderer

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
    rules = [
        Rule(
            STAGE_NAMES[stage].render(DEFAULT_LANGUAGE).capitalize(),
            f"\"role\" = 'pilot' AND \"stage\" = '{stage}'",
            colour,
        )
        for stage, colour in STAGE_COLOURS.items()
    ]
    rules.append(Rule("Điểm tham quan", "\"role\" = 'visit_site'", VISIT_SITE_COLOUR))
    rules.append(Rule("Gồm một phần địa bàn cũ của chương trình", '"is_partly"', HOLDER_COLOUR))
    rules.append(Rule("Chưa có thông tin", "ELSE", DOT, "dots"))
    root.append(rule_renderer(rules))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")
