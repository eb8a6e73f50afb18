"""Which outlines are joined by land: what lies on another one is an island, to a car without a bridge."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geodata.contract.crs import METRIC_CRS, to_metric
from geodata.wards.neighbours import TOUCH_M


@dataclass(frozen=True, eq=False)
class Lands:
    """Pieces of land in EPSG:9210; ``land`` numbers what each of them is joined to."""

    tree: shapely.STRtree
    land: npt.NDArray[np.int64]

    def at(self, points: gpd.GeoSeries) -> list[int | None]:
        """Return the land of each point; ``None`` off all outlines."""
        found: list[int | None] = [None] * len(points)
        xy = to_metric(points).to_numpy()
        for point, piece in self.tree.query(xy, predicate="dwithin", distance=TOUCH_M).T:
            found[point] = int(self.land[piece])
        return found


def lands_of(outlines: gpd.GeoSeries) -> Lands:
    """Return the lands of outlines: pieces that touch, by `geodata.wards.neighbours.TOUCH_M`, are one.

    Boundaries between wards run along the middle of rivers, so that only the sea parts lands. With several
    vintages together what any of them joins is joined.
    """
    pieces = outlines.to_crs(METRIC_CRS).explode().to_numpy()
    tree = shapely.STRtree(pieces)
    one, other = tree.query(pieces, predicate="dwithin", distance=TOUCH_M)
    touches = coo_array((np.ones(len(one)), (one, other)), shape=(len(pieces), len(pieces)))
    _, land = connected_components(touches, directed=False)
    return Lands(tree, np.asarray(land, dtype=np.int64))
