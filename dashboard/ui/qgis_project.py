"""A project for QGIS beside a GeoPackage: all figures on all boundaries as the ward map shows them.

Run: python -m dashboard.ui.qgis_project FILE.qgz [--since DATE] [--until DATE] [--facts all] [--language en]
"""

import argparse
import datetime
import errno
import io
import os
import re
import sys
import tempfile
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from dashboard.query.layers import extent, layer, vintages
from dashboard.query.publication import Publication, publication
from dashboard.query.query import Query
from dashboard.subjects.figures.values import city_frame
from dashboard.ui.html import html
from dashboard.ui.passed_on import kept_back, passed_on, passed_on_words
from dashboard.ui.qgis_maps import QgisLayer, Say, VintageMaps, renderer, vintage_maps
from geodata.contract.crs import METRIC_CRS, STORAGE_CRS
from geodata.contract.disk_faults import disk_fault
from geodata.contract.errors import GeodataError
from geodata.contract.layers import LAYERS, write_layers
from geodata.language import DEFAULT_LANGUAGE, Language, Words, capitalised, message, render
from geodata.language.dates import day
from geodata.period import Period
from geodata.programme.symbols import INK, SECONDARY
from geodata.qgis_style import Rule
from geodata.quality import LAYER_NAMES

BAD_INPUT = 2

PAPERS = {"A4": (297, 210), "A3": (420, 297)}
"""Width and height of a page in mm."""

_NAMES = LAYER_NAMES | {
    "indicator": message("indicators"),
    "itinerary_leg": message("ways between stops"),
    "source": message("sources"),
}
_GROUPS = {
    message("Places"): "station landmark water",
    message("Routes"): "itinerary_stop itinerary_leg itinerary_case itinerary_case_stop",
    message(
        "Facts"
    ): "pilot_status inspection_round inspection criterion_result recommendation event event_task "
    "target fact",
    message("Figures"): "indicator indicator_value criteria_set criterion",
    message("Sources"): "source",
}
"""The groups of published layers, by their titles. Those with outlines of wards are the maps themselves."""
_GEOMETRIES = {"Point": "Point", "LineString": "Line", None: "No geometry"}
_LOOKS: dict[str, tuple[str, Any]] = {
    "station": (INK, "marker"),
    "landmark": (SECONDARY, "marker"),
    "water": ("#B7CAD6", "line"),
    "itinerary_stop": ("#B9482F", "marker"),
    "itinerary_leg": (SECONDARY, "line"),
}
NORTH = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 12 14" width="12" height="14">'
    '<path d="M6 5 9.5 13.5 6 11.6 2.5 13.5Z" fill="#14213D" stroke="#fff" stroke-width=".4"/>'
    '<text x="6" y="4" font-size="4.5" font-weight="bold" text-anchor="middle" font-family="Arial" '
    'fill="#14213D">{letter}</text></svg>'
)
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class QgisProject:
    """A project of the city within a range of days, in a language."""

    published: Publication
    period: Period
    verified_only: bool
    language: Language

    def hindrance(self) -> Words | None:
        """Return why there is no project: no outlines may be passed on; nothing where some may."""
        known = vintages(self.published)[::-1]
        if any(passed_on(self.published, one) is not None for one in known):
            return None
        return passed_on_words(self.published, known)

    def zipped(self, name: str) -> bytes:
        """Return a zip with the project and its GeoPackage, both called so."""
        made = io.BytesIO()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.qgz"
            self.write(path)
            with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
                for one in (path, path.with_suffix(".gpkg")):
                    packed.write(one, one.name)
        return made.getvalue()

    def write(self, path: Path) -> None:
        """Write the project, and beside it under the same name the GeoPackage that it opens."""
        targets = (path, path.with_suffix(".gpkg"))
        # Before either is written: neither may stand beside an older other.
        if folders := [str(one) for one in targets if one.is_dir()]:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), *folders[:1])
        maps = [made for one in self._queries() if (made := vintage_maps(one, self._said)) is not None]
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".building-") as folder:
            data, project = Path(folder) / f"{path.stem}.gpkg", Path(folder) / path.name
            tables = self._write_data(data, maps)
            with zipfile.ZipFile(project, "w", zipfile.ZIP_DEFLATED) as packed:
                packed.writestr(f"{path.stem}.qgs", self._document(data.name, maps, tables))
            for one in (data, project):
                one.replace(path.parent / one.name)

    def _queries(self) -> Iterator[Query]:
        for vintage in reversed(vintages(self.published)):
            yield Query(self.published, self.period, vintage, verified_only=self.verified_only)

    def _said(self, words: Words | str) -> str:
        return _NOT_XML.sub("", render(words, self.language))

    def _write_data(self, path: Path, maps: list[VintageMaps]) -> list[str]:
        """Write the GeoPackage: the maps, what the layouts say, and the published layers that are left."""
        import pyogrio

        layers = {name: self._published(name) for name in LAYERS if name != "ward_summary"}
        write_layers(path, layers, is_published=False)
        for one in maps:
            for name, frame in one.tables.items():
                pyogrio.write_dataframe(frame.set_crs(STORAGE_CRS), path, layer=name, append=True)
        themes = [theme for one in maps for theme in one.themes]
        if themes:
            told = pd.DataFrame(themes).drop(columns=["styles", "has_rivers"])
            pyogrio.write_dataframe(told, path, layer="theme", append=True)
        return [name for name, frame in layers.items() if len(frame)]

    def _published(self, name: str) -> pd.DataFrame:
        """Return a published layer without what may not leave, and without figures not asked for."""
        frame: pd.DataFrame = layer(self.published, name)
        frame = frame.astype(dict.fromkeys(frame.select_dtypes("category"), "str"))
        if self.verified_only and "is_illustrative" in frame:
            frame = frame[~frame["is_illustrative"]]
        if name not in ("ward", "district"):
            return frame
        kept = {one: passed_on(self.published, one) for one in vintages(self.published)}
        if name == "ward":
            return pd.concat([rows for rows in kept.values() if rows is not None])
        own = [one for one in kept if not kept_back(self.published, one)]
        return frame[frame["vintage"].isin(own)]

    def _document(self, data: str, maps: list[VintageMaps], tables: list[str]) -> str:
        groups = [(one.title, one.layers) for one in maps]
        for title, names in _GROUPS.items():
            layers = [_published_layer(name, self._said) for name in names.split() if name in tables]
            groups.append((self._said(title), layers))
        themes = [theme for one in maps for theme in one.themes]
        frames = {one.vintage: self._frame(one.vintage) for one in maps}
        days = {"since": day(self.period.since), "until": day(self.period.until)}
        text = html(
            "qgis_project.xml",
            self.language,
            data=data,
            groups=groups,
            maps=maps,
            themes=themes,
            relations=list(_relations(maps, tables)),
            frames=frames,
            papers=PAPERS,
            title=message("Hải Phòng: pilot wards, {since} to {until}", **days),
            listed=[layer.name for _, layers in groups for layer in layers],
            north=b64encode(NORTH.format(letter=self._said(message("N"))).encode()).decode(),
            about=passed_on_words(self.published, vintages(self.published)) or "",
        )
        return _NOT_XML.sub("", text)

    def _frame(self, vintage: str) -> list[float]:
        """Return the bounds of the city in the metric system, with a margin."""
        west, south, east, north = city_frame(self.published, vintage, ())
        box = gpd.GeoSeries([shapely.box(west, south, east, north)], crs=STORAGE_CRS).to_crs(METRIC_CRS)
        return [round(float(side)) for side in box.buffer(1000).total_bounds]


def _published_layer(name: str, say: Say) -> QgisLayer:
    published = LAYERS[name]
    title = say(capitalised(_NAMES[name]))
    styles = {}
    if name in _LOOKS:
        colour, geometry = _LOOKS[name]
        styles = {title: renderer([Rule(title, "ELSE", colour, geometry=geometry)])}
    return QgisLayer(name, title, _GEOMETRIES[published.geometry], styles, about=published.title)


def _relations(maps: list[VintageMaps], tables: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Return parent, child and the columns that both have: a ward and its rows, a row and its parts."""
    shown = [name for names in _GROUPS.values() for name in names.split() if name in tables]
    for child in shown:
        columns = LAYERS[child].columns
        if {"vintage", "ward_code"} <= set(columns):
            for one in maps:
                yield one.layers[-1].name, child, ["vintage", "ward_code"]
        for parent in shown:
            key = LAYERS[parent].key
            if parent != child and len(key) == 1 and key[0] in columns:
                yield parent, child, list(key)


def main() -> None:
    """Write a project of what is published."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--since", type=datetime.date.fromisoformat)
    parser.add_argument("--until", type=datetime.date.fromisoformat)
    parser.add_argument("--facts", choices=("verified", "all"), default="verified")
    parser.add_argument("--language", choices=("vi", "en"), default=DEFAULT_LANGUAGE)
    asked = parser.parse_args()
    try:
        published = publication()
        days = extent(published)
        period = Period(asked.since or days.since, asked.until or days.until)
        project = QgisProject(published, period, asked.facts == "verified", asked.language)
        hindrance = project.hindrance()
        if hindrance is not None:
            sys.exit(render(hindrance, asked.language))
        project.write(asked.file)
    except (GeodataError, OSError) as error:
        faults = error.faults if isinstance(error, GeodataError) else [disk_fault(error, asked.file)]
        print(*(fault.render(asked.language) for fault in faults), sep="\n", file=sys.stderr)
        raise SystemExit(BAD_INPUT) from error


if __name__ == "__main__":
    main()
