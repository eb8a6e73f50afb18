"""A map as one HTML file, which any browser opens without this program and without a network.

It is a surface of the same `MapView` as the live map. folium lays wards, rivers and former wards on a map of
Leaflet and makes the switches of its layers; names, circles, ways, legend and player, for which folium has no
layers, come from the modules of the live map. All of it stands in the file, which asks no host for anything.
"""

import base64
import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import streamlit as st
from markupsafe import Markup

from dashboard.query.publication import publication
from dashboard.query.query import Query
from dashboard.subjects.filters import active_filters, in_one_line
from dashboard.subjects.sources.citations import credit
from dashboard.ui.component import said
from dashboard.ui.downloads import file_name
from dashboard.ui.frontend_state import FormerState, FormerVintage, PaletteEntry
from dashboard.ui.geometry import Outlines, travelling
from dashboard.ui.handing_over import download_button
from dashboard.ui.html import html
from dashboard.ui.map import MapView
from dashboard.ui.markdown import plain
from dashboard.ui.passed_on import may_travel
from dashboard.ui.static_files import FONT_WEIGHTS, frontend_sources, published_file, written
from geodata.contract.errors import Fault, GeodataError
from geodata.language import Language, Words, joined, message, render, translate

HTML = "text/html"

MODULES = (
    *("component", "geometry", "label_placement", "ways", "circles", "labels", "frame", "tooltip", "shapes"),
    *("legend", "orientation", "player", "one_file"),
)
"""The modules of the frontend that a file holds, each behind those that it imports."""

WEIGHTS = dict(zip(FONT_WEIGHTS, (400, 500, 600, 700), strict=True))
CHARACTERS = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x250), 0x300, 0x301, 0x303, 0x309, 0x323)))
CHARACTERS += "".join(map(chr, range(0x1EA0, 0x1EFA))) + "–—‘’“”…•≈≤≥→←↑↓−×²₫"
"""What the font of a file can write: Latin letters, those of Vietnamese, and signs."""

LAYERS = {
    "wards": message("Wards"),
    "rivers": message("Rivers"),
    "former": message("Former wards"),
    "circles": message("Circles"),
    "ways": message("Way and stops"),
    "names": message("Names"),
}
"""What the switches of a file are called."""

WITHHELD = message("the outlines may not be passed on, and there are no others of these boundaries")

_IMPORT = re.compile(r'^import (?:\* as L|(\{[^}]*\})) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|function|const) (\w+))", re.MULTILINE)


@dataclass(frozen=True)
class MapSheet:
    """A map as it leaves its page.

    Attributes
    ----------
    view
        What it shows; its ``picture`` says what stands around it and how its file is called.
    language
        Language of the reader.
    """

    view: MapView
    language: Language


def sheet_of(
    view: MapView, query: Query, language: Language, source_ids: Iterable[object], vintage: str | None = None
) -> MapSheet:
    """Return a map of a page with what stands around it: its sentence, what is asked, and its sources.

    Parameters
    ----------
    view
        The map.
    query
        What is asked.
    language
        Language of the reader.
    source_ids
        The sources of what it shows.
    vintage
        Of its boundaries, where it is not the one asked for.
    """
    ids = [*dict.fromkeys(source_ids)]
    picture = {
        "title": view.about,
        "subtitle": in_one_line(active_filters(query, vintage)),
        "credit": credit(ids, query.layer("source")) if ids else "",
        "name": file_name(view.about, query, language, vintage),
    }
    return MapSheet(replace(view, picture=picture), language)


def draw_map_file(sheet: MapSheet) -> None:
    """Draw the button that hands over a map as one file; where no outlines may be, why there is none."""
    label = translate("Map (one HTML file)", sheet.language)
    if not may_travel(publication(), _vintage(sheet.view.geometry.address)):
        st.caption(plain(f"{label}: {render(WITHHELD, sheet.language)}"))
        return
    name = str((sheet.view.picture or {})["name"]).removesuffix(".png")
    download_button(label, lambda: one_file(sheet), f"{name}.html", HTML, "download_one_file")


def one_file(sheet: MapSheet) -> bytes:
    """Return a map as one HTML file.

    Raises
    ------
    GeodataError
        No outlines of its boundaries may be passed on.
    """
    view, notes = _travelled(sheet.view)
    around = view.picture or {}
    state = said({**view.as_sent(), "picture": None, "geometry": ""}, sheet.language)
    script, map_id = _script(view, state, said(LAYERS, sheet.language))
    leaflet = frontend_sources()["leaflet.js"].with_name("leaflet.js").read_text(encoding="utf-8")
    leaflet = leaflet.replace("//# sourceMappingURL=leaflet.js.map", "")
    return html(
        "one_file_map",
        sheet.language,
        hashes=Markup(" ".join(map(_hash, (leaflet, script)))),
        title=around["title"],
        subtitle=around["subtitle"],
        notes=notes,
        style=Markup(_style()),
        state=Markup(json.dumps(state, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")),
        leaflet=Markup(leaflet),
        script=Markup(script),
        map_id=map_id,
        **{name: state[name] for name in ("texts", "badge", "schematic")},
    ).encode()


def _vintage(address: str) -> str:
    found = re.search(r"wards-(\d{4}-\d\d-\d\d)-", address)
    assert found is not None
    return found[1]


def _document(address: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(gzip.decompress(published_file(address)))
    return document


def _travelled(view: MapView) -> tuple[MapView, list[Words | str]]:
    """Return a map with outlines that may be passed on alone, and what stands below it."""
    published = publication()
    own = travelling(published, _vintage(view.geometry.address))
    if own is None:
        fault = message("a map whose outlines may be passed on")
        raise GeodataError([Fault("map", _vintage(view.geometry.address), WITHHELD, fault)])
    former, of_former, is_whole = _former_travelled(view.former)
    shown = [own, *of_former]
    codes = {ward["code"] for ward in _document(own.address)["wards"]}
    ticks = [tick for tick in view.ticks if is_whole or codes.intersection(tick.codes)]
    outlines = [note for one in shown for note in (one.notes.credit, one.notes.notice) if note]
    cited = [one for one in ((view.picture or {})["credit"], *dict.fromkeys(outlines)) if one]
    told: list[Words | str] = [joined(" · ", cited)]
    if any(one.is_replaced for one in shown):
        told.append(
            message("Its outlines may not be passed on: this file has schematic ones in their place.")
        )
    if not is_whole:
        told.append(message("Former wards are left out: their outlines may not be passed on."))
    travelled = replace(view, geometry=own, former=former, ticks=ticks, is_compact=False, ahead=None)
    return travelled, told


def _former_travelled(former: FormerState | None) -> tuple[FormerState | None, list[Outlines], bool]:
    """Return the former wards whose outlines may be passed on, these, and whether that is all of them."""
    vintages: list[FormerVintage] = []
    shown = []
    every = [] if former is None else former["vintages"]
    for one in every:
        found = travelling(publication(), _vintage(one["geometry"]))
        if found is not None:
            vintages.append({**one, "geometry": found.address})
            shown.append(found)
    kept: FormerState | None = {**former, "vintages": vintages} if former and vintages else None
    return kept, shown, len(vintages) == len(every)


def _script(view: MapView, state: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str]:
    """Return what draws a map, and the id of its element.

    Parameters
    ----------
    view
        With outlines that may be passed on.
    state
        As the live map has it, in the reader's language.
    names
        What the switches of layers are called.
    """
    # Imported here: nothing else that the server does needs it.
    import folium
    from folium.map import CustomPane

    city = folium.Map(
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        max_bounds_viscosity=1,
        max_zoom=17,
        scroll_wheel_zoom=False,
        zoom_delta=0.5,
        zoom_snap=0.05,
    )
    options: dict[str, Any] = city.options
    options["renderer"] = folium.JsCode("L.svg({ padding: 0.3 })")
    CustomPane("pw-former", 415).add_to(city)
    document, palette = _document(view.geometry.address), state["palette"]
    looks = [_look("pw-ward", palette[number], f"pw-w{number}") for number in state["classes"]]
    rivers = [
        ({"metres": one["width"]}, _degrees(one["line"], document["scale"])) for one in document["water"]
    ]
    layers: dict[str, Any] = {
        "wards": _shapes([_feature(ward, document) for ward in document["wards"]], looks, names["wards"]),
        "rivers": _shapes(
            [
                {"properties": told, "geometry": {"type": "LineString", "coordinates": line}}
                for told, line in rivers
            ],
            [{"className": "pw-river"}] * len(rivers),
            names["rivers"],
        ),
    }
    if former := state.get("former"):
        outlines, looks = _former(former)
        layers["former"] = _shapes(outlines, looks, names["former"], pane="pw-former")
    for one in ("circles", "ways"):
        if state.get(one):
            layers[one] = folium.FeatureGroup(names[one])
    layers["names"] = folium.FeatureGroup(names["names"])
    for layer in layers.values():
        layer.add_to(city)
    folium.LayerControl(collapsed=False).add_to(city)
    figure: Any = city.get_root()
    figure.render()
    made = ", ".join(f"{name}: {layer.get_name()}" for name, layer in layers.items())
    told = 'JSON.parse(document.getElementById("pw-state").textContent)'
    call = f"m_one_file.complete({city.get_name()}, {{ {made} }}, {told});"
    return "\n".join([modules(), figure.script.render(), call]), city.get_name()


def _shapes(features: list[dict[str, Any]], looks: list[dict[str, Any]], name: str, **options: Any) -> Any:
    """Return a layer of shapes, each with its look."""
    import folium

    listed = [{"type": "Feature", "id": str(at), **one} for at, one in enumerate(features)]
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": listed},
        lambda feature: looks[int(feature["id"])],
        name=name,
        smooth_factor=0,
        interactive=False,
        **options,
    )


def _former(former: FormerState) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the shapes of wards of other boundaries, and their looks."""
    features, looks = [], []
    for vintage in former["vintages"]:
        document = _document(vintage["geometry"])
        by_code = {ward["code"]: ward for ward in document["wards"]}
        for one in vintage["wards"]:
            features.append(_feature(by_code[one["code"]], document))
            entry = former["palette"][one["number"]]
            looks.append({**_look("pw-former", entry, f"pw-f{one['number']}"), "weight": 1.6})
    return features, looks


def _look(kind: str, entry: PaletteEntry, pattern: str) -> dict[str, Any]:
    fill = f"url(#{pattern})" if entry["pattern"] else entry["colour"]
    return {"className": kind, "fillColor": fill, "fillOpacity": 1, "weight": 1}


def _feature(ward: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a ward of a geometry file as GeoJSON."""
    scale = document["scale"]
    polygons = [[_degrees(ring, scale, is_ring=True) for ring in rings] for rings in ward["polygons"]]
    told = {name: ward[name] for name in ("code", "name", "kind", "district")}
    return {
        "properties": {**told, "at": [one / scale for one in reversed(ward["at"])]},
        "geometry": {"type": "MultiPolygon", "coordinates": polygons},
    }


def _degrees(steps: list[int], scale: int, *, is_ring: bool = False) -> list[list[float]]:
    """Return longitudes and latitudes of a line, or of a ring, which ends where it begins."""
    points = np.cumsum(np.reshape(steps, (-1, 2)), axis=0) / scale
    line: list[list[float]] = points.round(5).tolist()
    return [*line, line[0]] if is_ring else line


@cache
def modules() -> str:
    """Return the modules of the frontend as one script: an object each, ``m_`` and its name."""
    return "\n".join(map(_module, MODULES))


def _module(name: str) -> str:
    body = _IMPORT.sub(
        lambda found: f"const {found[1]} = m_{found[2]};" if found[1] else "", str(written(f"{name}.js"))
    )
    exported = ", ".join(_EXPORT.findall(body))
    return f"const m_{name} = (() => {{\n{_EXPORT.sub('', body)}\nreturn {{ {exported} }};\n}})();"


@cache
def _style() -> str:
    """Return all styles of a file, its font among them."""
    face = '@font-face{{font-family:"Be Vietnam Pro";font-weight:{};src:url(data:font/woff;base64,{})}}'
    faces = "".join(face.format(weight, _font(name)) for name, weight in WEIGHTS.items())
    # Its images are those of controls and markers that there are none of.
    leaflet = re.sub(r"url\([^)]*\)", "none", str(written("leaflet.css")))
    return f"{faces}\n{leaflet}\n{written('map.css', 'one_file.css')}"


def _font(weight: str) -> str:
    """Return the font in a weight, with the letters that maps are written in, in base64."""
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options(flavor="woff", layout_features=["kern", "mark", "mkmk", "ccmp", "tnum"])
    made = io.BytesIO()
    with load_font(str(frontend_sources()[f"BeVietnamPro-{weight}.ttf"]), options) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text=CHARACTERS)
        subsetter.subset(font)
        save_font(font, made, options)
    return base64.b64encode(made.getvalue()).decode()


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
