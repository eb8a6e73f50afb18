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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast

import numpy as np
import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard.query.publication import publication
from dashboard.query.query import Query
from dashboard.subjects.filters import active_filters, in_one_line
from dashboard.subjects.sources.citations import credit
from dashboard.ui.component import said
from dashboard.ui.downloads import download, file_name
from dashboard.ui.frontend_state import FormerOutline, FormerState, PaletteEntry
from dashboard.ui.geometry import Outlines, travelling
from dashboard.ui.html import html
from dashboard.ui.map import MapView
from dashboard.ui.passed_on import drawn_as, may_travel
from dashboard.ui.static_files import FONT_WEIGHTS, frontend_sources, published_file, written
from geodata.contract.errors import Fault, GeodataError
from geodata.language import DEFAULT_LANGUAGE, Language, Words, joined, message, render, translate
from geodata.language.dates import day
from geodata.wards.units import KEY

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

_DATA = re.compile(r"_add\((\{.*\})\);$", re.MULTILINE)
"""Shapes as folium writes them into a script."""
_IMPORT = re.compile(r'^import (?:\* as L|(\{[^}]*\})) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|function|const) (\w+))", re.MULTILINE)


@dataclass(frozen=True)
class MapSheet:
    """A map, or small maps beside each other, as they leave their page.

    Attributes
    ----------
    view
        What it shows; its ``picture`` says what stands around it and how its file is called.
    language
        Language of the reader.
    notes
        What the page says below it.
    beside
        More maps of the same boundaries: each of them, and the first, stands below what it shows.
    """

    view: MapView
    language: Language
    notes: Sequence[Words | str] = ()
    beside: Sequence[MapView] = ()


def sheet_of(
    view: MapView,
    query: Query,
    language: Language,
    source_ids: Iterable[object],
    vintage: str | None = None,
    *,
    title: Words | str = "",
    **rest: Any,
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
    title
        The sentence, where it is not what the map is about.
    rest
        See `MapSheet`.
    """
    ids = [*dict.fromkeys(source_ids)]
    picture = {
        "title": title or view.about,
        "subtitle": in_one_line(active_filters(query, vintage)),
        "credit": credit(ids, query.layer("source")) if ids else "",
        "name": file_name(title or view.about, query, language, vintage),
    }
    return MapSheet(replace(view, picture=picture), language, **rest)


def draw_map_file(sheet: MapSheet) -> None:
    """Draw the button that hands over a map as one file; where no outlines may be, why there is none."""
    label = translate("Map (one HTML file)", sheet.language)
    if not may_travel(publication(), _vintage(sheet.view.geometry.address)):
        st.caption(f"{label}: {render(WITHHELD, sheet.language)}")
        return
    name = str((sheet.view.picture or {})["name"]).removesuffix(".png")
    download(label, lambda: one_file(sheet), f"{name}.html", HTML, "download_one_file")


def one_file(sheet: MapSheet) -> bytes:
    """Return a map as one HTML file.

    Raises
    ------
    GeodataError
        No outlines of its boundaries may be passed on.
    """
    language, around = sheet.language, sheet.view.picture or {}
    travelled = [_travelled(view) for view in (sheet.view, *sheet.beside)]
    maps: list[dict[str, Any]] = []
    scripts = [modules()]
    for view, _, _ in travelled:
        state = said({**view.as_sent(), "picture": None, "geometry": "", "layers": LAYERS}, language)
        map_id, script = _script(view, state, has_switches=not sheet.beside)
        scripts.append(script)
        legend = [state["palette"], state.get("former", {}).get("palette"), state["ticks"]]
        sent = json.dumps(state, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        maps.append({**state, "id": map_id, "about": view.about, "legend": legend, "sent": Markup(sent)})
    script = "\n".join(scripts)
    # However many maps draw them, they are written once.
    shapes = [*dict.fromkeys(_DATA.findall(script))]
    for number, one in enumerate(shapes):
        script = script.replace(one, f"pw_shapes[{number}]")
    script = f"const pw_shapes = [{','.join(shapes)}];\n{script}"
    leaflet = frontend_sources()["leaflet.js"].with_name("leaflet.js").read_text(encoding="utf-8")
    leaflet = leaflet.replace("//# sourceMappingURL=leaflet.js.map", "")
    return html(
        "one_file_map",
        language,
        hashes=Markup(" ".join(map(_hash, (leaflet, script)))),
        title=around["title"],
        subtitle=around["subtitle"],
        notes=[*sheet.notes, *_notes(around["credit"], travelled)],
        style=Markup(_style()),
        leaflet=Markup(leaflet),
        script=Markup(script),
        maps=maps,
    ).encode()


def _vintage(address: str) -> str:
    found = re.search(r"wards-(\d{4}-\d\d-\d\d)-", address)
    assert found is not None
    return found[1]


def _document(address: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(gzip.decompress(published_file(address)))
    return document


_Travelled = tuple[MapView, list[Outlines], list[str]]
"""A map with outlines that may be passed on alone, these, and the former wards for which there are none."""


def _travelled(view: MapView) -> _Travelled:
    published = publication()
    own = travelling(published, _vintage(view.geometry.address))
    if own is None:
        fault = message("a map whose outlines may be passed on")
        held_from = render(day(_vintage(view.geometry.address)), DEFAULT_LANGUAGE)
        raise GeodataError([Fault(held_from, "", WITHHELD, fault)])
    every = [] if view.former is None else [one for of in view.former["vintages"] for one in of["wards"]]
    keys = pd.DataFrame([one["sign"].split("/") for one in every], columns=KEY)
    drawn = {f"{row[0]}/{row[1]}": row[2:] for row in drawn_as(published, keys).itertuples(index=False)}
    by_vintage: dict[str, list[FormerOutline]] = {}
    for one in every:
        if one["sign"] in drawn:
            vintage, code = drawn[one["sign"]]
            by_vintage.setdefault(vintage, []).append({**one, "code": code})
    shown = {one: found for one in by_vintage if (found := travelling(published, one)) is not None}
    vintages = [{"geometry": one.address, "wards": by_vintage[vintage]} for vintage, one in shown.items()]
    gone = {one["sign"]: str(one["label"] or one["code"]) for one in every if one["sign"] not in drawn}
    ticks = [one for one in view.ticks if not gone or not {*gone}.issuperset(one.codes)]
    used = [own, *shown.values()]
    notes = replace(own.notes, is_schematic=any(one.notes.is_schematic for one in used))
    travelled = replace(
        view,
        geometry=replace(own, notes=notes),
        former=cast(FormerState, {**(view.former or {}), "vintages": vintages}) if vintages else None,
        ticks=ticks,
        is_compact=False,
        ahead=None,
    )
    return travelled, used, [*gone.values()]


def _notes(source: Words | str, travelled: Sequence[_Travelled]) -> list[Words | str]:
    """Return what stands below maps: who answers for them, and what of their outlines stayed behind."""
    shown = [one for _, used, _ in travelled for one in used]
    outlines = [note for one in shown for note in (one.notes.credit, one.notes.notice) if note]
    told: list[Words | str] = [joined(" · ", [one for one in (source, *dict.fromkeys(outlines)) if one])]
    if any(one.is_replaced for one in shown):
        told.append(message("Schematic outlines stand for those that may not be passed on."))
    if names := dict.fromkeys(name for _, _, left_out in travelled for name in left_out):
        not_drawn = message("Not drawn, for their outlines may not be passed on: {names}")
        told.append(not_drawn.of(names=joined(", ", names)))
    return told


def _script(view: MapView, state: Mapping[str, Any], *, has_switches: bool) -> tuple[str, str]:
    """Return the id of a map's element, and what draws it.

    Parameters
    ----------
    view
        With outlines that may be passed on.
    state
        As the live map has it, in the reader's language; ``layers`` are what their switches are called.
    has_switches
        Whether its layers can be switched on and off.
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
    map_id, names = city.get_name(), state["layers"]
    document, palette = _document(view.geometry.address), state["palette"]
    looks = [_look("pw-ward", palette[at], f"{map_id}-w{at}") for at in state["classes"]]
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
        outlines, looks = _former(former, map_id)
        layers["former"] = _shapes(outlines, looks, names["former"], pane="pw-former")
    for one in ("circles", "ways"):
        if state.get(one):
            layers[one] = folium.FeatureGroup(names[one])
    layers["names"] = folium.FeatureGroup(names["names"])
    for layer in layers.values():
        layer.add_to(city)
    if has_switches:
        folium.LayerControl(collapsed=False).add_to(city)
    figure: Any = city.get_root()
    figure.render()
    made = ", ".join(f"{name}: {layer.get_name()}" for name, layer in layers.items())
    told = f'JSON.parse(document.getElementById("{map_id}-state").textContent)'
    call = f"m_one_file.complete({map_id}, {{ {made} }}, {told});"
    return map_id, f"{figure.script.render()}\n{call}"


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


def _former(former: FormerState, map_id: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the shapes of wards of other boundaries, and their looks."""
    features, looks = [], []
    for vintage in former["vintages"]:
        document = _document(vintage["geometry"])
        by_code = {ward["code"]: ward for ward in document["wards"]}
        for one in vintage["wards"]:
            features.append(_feature(by_code[one["code"]], document))
            entry = former["palette"][one["number"]]
            looks.append({**_look("pw-former", entry, f"{map_id}-f{one['number']}"), "weight": 1.6})
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
