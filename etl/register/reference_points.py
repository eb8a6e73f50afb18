"""Points that stand for wards whose police station nobody has placed yet.

Where the stations are is not published. Until staff import a place, a point well inside the ward stands for
it, in every vintage, marked as such.
"""

import geopandas as gpd
import pandas as pd

from geodata.contract.layers import check
from geodata.programme.stations import REFERENCE_POINT
from geodata.wards.points import inner_points
from geodata.wards.units import KEY, are_among, is_commune


def with_reference_points(stations: pd.DataFrame, wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the layer ``station`` with a point for each ward that has none on record.

    A huyện without communes is no ward.

    Parameters
    ----------
    stations
        The layer ``station``: what is on record.
    wards
        The layer ``ward``, EPSG:4326.

    Returns
    -------
    The layer ``station``. Its points are those of `geodata.wards.points`, their source that of the outline.
    """
    without = wards[is_commune(wards) & ~are_among(wards[KEY], stations[KEY])]
    rows = gpd.GeoDataFrame(
        {
            "station_id": "reference-" + without["vintage"] + "-" + without["ward_code"],
            "vintage": without["vintage"],
            "ward_code": without["ward_code"],
            "station_name": "Công an " + without["ward_kind"] + " " + without["ward_name"],
            "location_precision": REFERENCE_POINT,
            "source": without["boundary_source"],
            "is_illustrative": False,
        },
        geometry=inner_points(without.geometry),
    )
    return check("station", pd.concat([stations, rows], ignore_index=True) if len(stations) else rows)
