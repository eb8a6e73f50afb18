"""The outlines that may leave the program in a file: their own, or schematic ones where those may not.

What terms forbid to pass on stays here; the schematic outlines that the program ships are of its own making.
"""

import sqlite3
from contextlib import closing

import geopandas as gpd
import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import all_wards, layer, of_vintage, vintages
from dashboard.query.publication import Publication
from geodata.language import Words, joined, message
from geodata.language.dates import day
from geodata.settings import SHIPPED_BOUNDARIES
from geodata.wards.crosswalk import same_wards
from geodata.wards.units import KEY

SCHEMATIC = "schematic"
"""The source of the outlines that the program ships, and their quality."""


@cached
def kept_back(published: Publication, vintage: str) -> str:
    """Return whose outlines of a vintage may not be passed on; empty where all may."""
    sources = layer(published, "source")
    own = sources["source_id"].isin(of_vintage(published, "ward", vintage)["boundary_source"])
    return "; ".join(sources["publisher"][own & sources["redistribution"].eq("forbidden")].unique())


@cached
def may_travel(published: Publication, vintage: str) -> bool:
    """Return whether a file that is passed on can show a vintage; unlike `passed_on` it reads no outlines."""
    path = SHIPPED_BOUNDARIES / f"wards_{vintage}.gpkg"
    if not kept_back(published, vintage) or not path.is_file():
        return not kept_back(published, vintage)
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as file:
        drawn = {code for (code,) in file.execute("SELECT ward_code FROM ward")}
    return drawn.issuperset(of_vintage(published, "ward", vintage)["ward_code"])


@cached
def passed_on(published: Publication, vintage: str) -> gpd.GeoDataFrame | None:
    """Return the rows of ``ward`` of a vintage with outlines that may be passed on; nothing without any."""
    wards: gpd.GeoDataFrame = of_vintage(published, "ward", vintage)
    if not kept_back(published, vintage):
        return wards
    if not may_travel(published, vintage):
        return None
    # Imported here: it brings GDAL, which nothing else needs that the server does.
    import pyogrio

    shapes = pyogrio.read_dataframe(SHIPPED_BOUNDARIES / f"wards_{vintage}.gpkg").set_index("ward_code")
    replaced: gpd.GeoDataFrame = wards.assign(boundary_source=SCHEMATIC, boundary_quality=SCHEMATIC)
    return replaced.set_geometry(shapes.geometry.reindex(wards["ward_code"]).array)


def drawn_as(published: Publication, wards: pd.DataFrame) -> pd.DataFrame:
    """Return as which wards others are drawn in what is passed on: as themselves, or the same ward later.

    Parameters
    ----------
    published
        What is published now.
    wards
        Their keys: vintage and ward_code.

    Returns
    -------
    from_vintage, from_ward_code, to_vintage, to_ward_code: a row each, none of one that can't be drawn.
    """
    own = wards[KEY].add_prefix("from_").assign(to_vintage=wards["vintage"], to_ward_code=wards["ward_code"])
    found = pd.concat([own, same_wards(layer(published, "crosswalk"), all_wards(published))])
    kept = [one for one in vintages(published) if may_travel(published, one)]
    found = own[["from_vintage", "from_ward_code"]].merge(found[found["to_vintage"].isin(kept)])
    return found.drop_duplicates(["from_vintage", "from_ward_code"])


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
