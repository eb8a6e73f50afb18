"""Finds where drawn lines meet, so that streets can be cut there: ends, ends on a line, and crossings."""

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geodata.itinerary.network import Floats, Integers

TOLERANCE_M = 1.0
"""An end that misses another end or a line by no more than this was meant to meet it."""

_SAME_SPOT_M = 0.01
"""Positions nearer than this are one."""


def noded(way: Integers, xy: Floats, level: Integers) -> tuple[Integers, Floats, Integers]:
    """Return the vertices of lines, those added where lines meet, and which of them are one place.

    Lines meet where their ends do, where an end of one lies on another, and where they cross on one level; a
    bridge does not meet what it crosses.

    Parameters
    ----------
    way
        Of each vertex, from 0 on; the vertices of a way stand together, in their order.
    xy
        Of each vertex, metres.
    level
        Of each way; 0 is the ground.

    Returns
    -------
    Way, position and place of each vertex.
    """
    first, last = _ends(way)
    ends = np.concatenate([first, last])
    joint = _near(xy[ends], TOLERANCE_M)
    _, one_of = np.unique(joint, return_index=True)
    xy = xy.copy()
    xy[ends] = xy[ends[one_of]][joint]
    lines = np.asarray(shapely.linestrings(xy, indices=way))
    tree = shapely.STRtree(lines)
    met_way, met_xy = _meetings(lines, tree, xy[ends[one_of]], joint.reshape(2, -1), level)
    crossed_way, crossed_xy = _crossings(lines, tree, xy[first], xy[last], level)
    added_way, added_xy = np.concatenate([met_way, crossed_way]), np.concatenate([met_xy, crossed_xy])
    added_along = shapely.line_locate_point(lines[added_way], shapely.points(added_xy))
    along = _along(way, xy)
    is_end = np.zeros(len(way) + len(added_way), dtype=bool)
    is_end[ends] = True
    is_end[len(way) : len(way) + len(met_way)] = True
    way, xy = np.concatenate([way, added_way]), np.concatenate([xy, added_xy])
    order = np.lexsort((np.concatenate([along, added_along]), way))
    way, xy, is_end = way[order], xy[order], is_end[order]
    place = _places(xy, is_end, level[way])
    is_kept = np.r_[True, (np.diff(way) != 0) | (np.diff(place) != 0)]
    return way[is_kept], xy[is_kept], place[is_kept]


def _ends(way: Integers) -> tuple[Integers, Integers]:
    is_first = np.r_[True, np.diff(way) != 0]
    return np.flatnonzero(is_first), np.flatnonzero(np.r_[is_first[1:], True])


def _near(xy: Floats, distance: float) -> Integers:
    """Return a number for each position, the same for those that are joined by steps of a distance."""
    spots, spot = np.unique(xy, axis=0, return_inverse=True)
    pairs = cKDTree(spots).query_pairs(distance, output_type="ndarray")
    steps = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(spots), len(spots)))
    _, number = connected_components(steps, directed=False)
    return np.asarray(number[spot.ravel()], dtype=np.int64)


def _along(way: Integers, xy: Floats) -> Floats:
    """Return how far along its way each vertex lies."""
    steps = np.r_[0, np.hypot(*np.diff(xy, axis=0).T)]
    total = np.cumsum(steps)
    first, _ = _ends(way)
    return np.asarray(total - total[first][np.searchsorted(way[first], way)])


def _meetings(
    lines: "np.ndarray[tuple[int], np.dtype[np.object_]]",
    tree: shapely.STRtree,
    joints: Floats,
    joint_of: Integers,
    level: Integers,
) -> tuple[Integers, Floats]:
    """Return the vertices to add to lines where ends of others lie on them.

    Parameters
    ----------
    lines, tree
        The lines and their index.
    joints
        The places of ends.
    joint_of
        Which of them the first and the last vertex of each line are.
    level
        Of each line.
    """
    points = np.asarray(shapely.points(joints))
    joint, line = tree.query(points, predicate="dwithin", distance=TOLERANCE_M)
    is_own = (joint_of[0][line] == joint) | (joint_of[1][line] == joint)
    joint, line = joint[~is_own], line[~is_own]
    ends_at = {
        (int(number), int(height)) for side in joint_of for number, height in zip(side, level, strict=True)
    }
    is_level = [
        (int(number), int(level[other])) in ends_at for number, other in zip(joint, line, strict=True)
    ]
    touches = shapely.distance(points[joint], lines[line]) <= _SAME_SPOT_M
    is_met = touches | np.array(is_level, dtype=bool)
    return line[is_met], joints[joint[is_met]]


def _crossings(
    lines: "np.ndarray[tuple[int], np.dtype[np.object_]]",
    tree: shapely.STRtree,
    first: Floats,
    last: Floats,
    level: Integers,
) -> tuple[Integers, Floats]:
    """Return the vertices to add to lines where they cross others of their level, away from their ends."""
    one, other = tree.query(lines, predicate="intersects")
    is_pair = (one < other) & (level[one] == level[other])
    one, other = one[is_pair], other[is_pair]
    xy, pair = shapely.get_coordinates(shapely.intersection(lines[one], lines[other]), return_index=True)
    one, other = one[pair], other[pair]
    to_ends = [np.hypot(*(xy - ends[line]).T) for line in (one, other) for ends in (first, last)]
    is_away = np.min(to_ends, axis=0, initial=np.inf) > TOLERANCE_M
    return np.concatenate([one[is_away], other[is_away]]), np.concatenate([xy[is_away], xy[is_away]])


def _places(xy: Floats, is_end: "np.ndarray[tuple[int], np.dtype[np.bool_]]", level: Integers) -> Integers:
    """Return the place of each vertex: those of one spot are one, unless ways only pass it on two levels."""
    spot = _near(xy, _SAME_SPOT_M)
    has_end = np.zeros(spot.max() + 1, dtype=bool)
    has_end[spot[is_end]] = True
    told_apart = np.column_stack([spot, np.where(has_end[spot], 0, level)])
    _, place = np.unique(told_apart, axis=0, return_inverse=True)
    return np.asarray(place.ravel())
