"""The outlines that may leave the program in a file: their own, or schematic ones where those may not.

What terms forbid to pass on stays here; the schematic outlines that the program ships are of its own making.
"""

from pathlib import Path

import geopandas as gpd

from dashboard.query.caching import cached
from dashboard.query.layers import layer, of_vintage
from dashboard.query.publication import Publication
from geodata.language import Words, joined, message
from geodata.language.dates import day
from geodata.settings import SHIPPED_BOUNDARIES

SCHEMATIC = "schematic"
"""The source of the outlines that the program ships, and their quality."""


@cached
def kept_back(published: Publication, vintage: str) -> str:
    """Return whose outlines of a vintage may not be passed on; empty where all may."""
    sources = layer(published, "source")
    own = sources["source_id"].isin(of_vintage(published, "ward", vintage)["boundary_source"])
    return "; ".join(sources["publisher"][own & sources["redistribution"].eq("forbidden")].unique())


def may_travel(published: Publication, vintage: str) -> bool:
    """Return whether a file that is passed on can show a vintage; unlike `passed_on` it reads no outlines."""
    return not kept_back(published, vintage) or _shipped(vintage).is_file()


def _shipped(vintage: str) -> Path:
    return SHIPPED_BOUNDARIES / f"wards_{vintage}.gpkg"


@cached
def passed_on(published: Publication, vintage: str) -> gpd.GeoDataFrame | None:
    """Return the rows of ``ward`` of a vintage with outlines that may be passed on; nothing without any."""
    wards: gpd.GeoDataFrame = of_vintage(published, "ward", vintage)
    if not kept_back(published, vintage):
        return wards
    path = _shipped(vintage)
    if not path.is_file():
        return None
    # Imported here: it brings GDAL, which nothing else needs that the server does.
    import pyogrio

    shapes = pyogrio.read_dataframe(path).set_index("ward_code").geometry.reindex(wards["ward_code"])
    if shapes.isna().any():
        return None
    replaced: gpd.GeoDataFrame = wards.assign(boundary_source=SCHEMATIC, boundary_quality=SCHEMATIC)
    return replaced.set_geometry(shapes.array)


def passed_on_words(published: Publication, vintages: list[str]) -> Words | None:
    """Return which outlines were replaced or left out, and whose; nothing where none were."""
    told = []
    for vintage in vintages:
        names = kept_back(published, vintage)
        if names:
            said = _LEFT_OUT if passed_on(published, vintage) is None else _REPLACED
            told.append(said.of(vintage=day(vintage), names=names))
    return joined(". ", told) if told else None


_REPLACED = message(
    "Boundaries of {vintage}: schematic outlines stand for those of {names}, which may not be passed on"
)
_LEFT_OUT = message(
    "Boundaries of {vintage} are left out: the outlines of {names} may not be passed on, and there are no "
    "schematic ones"
)
