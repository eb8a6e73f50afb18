"""The quickest ways on a street network between places that lie beside it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.itinerary.network import Flags, Floats, Integers, Network

REACH_M = 400.0
"""So far from a street a place may lie to be reached by the network."""

_SAME_SPOT_M = 0.01
"""Points nearer than this are one: who meets a street so near to its end may leave by any street there."""


@dataclass(frozen=True, eq=False)
class Accesses:
    """Where places meet the network: for each place the nearest point of each part within reach.

    Attributes
    ----------
    place
        As its position among the places.
    part
        Of the network; see `Network.part`.
    edge
        On which the point lies.
    along_m
        How far from the beginning of the edge's line.
    off_street_m
        How far from the place.
    """

    place: Integers
    part: Integers
    edge: Integers
    along_m: Floats
    off_street_m: Floats


def accesses(network: Network, xy: Floats) -> Accesses:
    """Return where places, in EPSG:9210, meet the network, except for parts that only one of them reaches."""
    points = np.asarray(shapely.points(xy))
    place, edge = network.tree.query(points, predicate="dwithin", distance=REACH_M)
    part = network.part[edge]
    place, edge, part = place[part >= 0], edge[part >= 0], part[part >= 0]
    off_street = np.asarray(shapely.distance(points[place], network.lines[edge]))
    order = np.lexsort((edge, off_street, part, place))
    place, edge, part, off_street = place[order], edge[order], part[order], off_street[order]
    is_nearest = np.r_[True, (np.diff(place) != 0) | (np.diff(part) != 0)][: len(place)]
    place, edge, part, off_street = (given[is_nearest] for given in (place, edge, part, off_street))
    _, inverse, counts = np.unique(part, return_inverse=True, return_counts=True)
    is_shared = counts[inverse] > 1
    place, edge, part, off_street = (given[is_shared] for given in (place, edge, part, off_street))
    along = shapely.line_locate_point(network.lines[edge], points[place])
    return Accesses(place, part, edge, np.clip(along, 0, network.length_m[edge]), off_street)


@dataclass(frozen=True, eq=False)
class _Arcs:
    """Stretches of streets in the direction in which they are driven; each joins two nodes.

    The nodes are those of the network, then one for each access.
    """

    tail: Integers
    head: Integers
    edge: Integers
    begin_m: Floats
    end_m: Floats
    minutes: Floats

    @property
    def metres(self) -> Floats:
        return np.abs(self.end_m - self.begin_m)


class Ways:
    """The quickest ways between places that share a part of a network.

    Parameters
    ----------
    network
        The streets.
    xy
        The places, in EPSG:9210.
    speed
        Of each edge, metres a minute.
    off_street_speed
        Between a place and the street, metres a minute.
    """

    def __init__(self, network: Network, xy: Floats, speed: Floats, off_street_speed: float) -> None:
        self.network = network
        self.xy = xy
        self.accesses = accesses(network, xy)
        self._arcs = _quickest(_arcs(network, self.accesses, speed), self._node_count)
        count = len(xy)
        self.duration_min: Floats = np.full((count, count), np.inf)
        """From the place of the row to that of the column; infinite where no part is shared."""
        self.distance_m: Floats = np.full((count, count), np.inf)
        """The length of that way, the pieces between place and street included."""
        self._access_of: Integers = np.full((count, count, 2), -1)
        self._fill(off_street_speed)

    @property
    def is_network(self) -> Flags:
        """Whether there is a way."""
        return np.isfinite(self.duration_min)

    @property
    def _node_count(self) -> int:
        return len(self.network.x) + len(self.accesses.place)

    @cached_property
    def _graph(self) -> csr_array:
        arcs, size = self._arcs, self._node_count
        starts = np.searchsorted(arcs.tail, np.arange(size + 1))
        return csr_array((arcs.minutes, arcs.head, starts), shape=(size, size))

    @cached_property
    def _keys(self) -> Integers:
        return self._arcs.tail * self._node_count + self._arcs.head

    def _fill(self, off_street_speed: float) -> None:
        """Take, of all ways between two places, the quickest by any part that they share."""
        at, first = self.accesses, len(self.network.x)
        metres = self._arcs.metres
        for access in range(len(at.place)):
            same_part = np.flatnonzero(at.part == at.part[access])
            reached, before = dijkstra(self._graph, indices=first + access, return_predecessors=True)
            off_street = at.off_street_m[access] + at.off_street_m[same_part]
            minutes = reached[first + same_part] + off_street / off_street_speed
            row, places = at.place[access], at.place[same_part]
            is_better = minutes < self.duration_min[row, places]
            same_part, places = same_part[is_better], places[is_better]
            driven = self._driven_m(before, first + access, first + same_part, metres)
            self.duration_min[row, places] = minutes[is_better]
            self.distance_m[row, places] = driven + off_street[is_better]
            self._access_of[row, places, 0] = access
            self._access_of[row, places, 1] = same_part

    def _driven_m(self, before: Integers, origin: int, targets: Integers, metres: Floats) -> Floats:
        """Return the lengths of the ways to several nodes, walked back all at once."""
        driven = np.zeros(len(targets))
        node = targets.astype(np.int64)
        open_ways = np.flatnonzero(node != origin)
        while len(open_ways):
            head = node[open_ways]
            tail = before[head].astype(np.int64)
            driven[open_ways] += metres[np.searchsorted(self._keys, tail * self._node_count + head)]
            node[open_ways] = tail
            open_ways = open_ways[tail != origin]
        return driven

    def line(self, i: int, j: int) -> Floats:
        """Return the vertices, in EPSG:9210, of the way from place ``i`` to place ``j`` along the streets."""
        start, end = self._access_of[i, j]
        first, arcs = len(self.network.x), self._arcs
        _, before = dijkstra(
            self._graph,
            indices=first + start,
            return_predecessors=True,
            limit=float(self.duration_min[i, j]) + 1e-6,
        )
        found: list[int] = []
        node = first + end
        while node != first + start:
            tail = int(before[node])
            found.append(int(np.searchsorted(self._keys, tail * self._node_count + node)))
            node = tail
        pieces = [self.xy[[i]]]
        pieces += [self._stretch(arcs.edge[a], arcs.begin_m[a], arcs.end_m[a]) for a in reversed(found)]
        pieces.append(self.xy[[j]])
        vertices = np.concatenate(pieces)
        moves = np.hypot(*np.diff(vertices, axis=0).T) > _SAME_SPOT_M
        return np.concatenate([vertices[:-1][moves], vertices[-1:]])

    def _stretch(self, edge: int, begin_m: float, end_m: float) -> Floats:
        """Return the vertices of an edge's line between two positions, in the direction of driving."""
        line = self.network.lines[edge]
        low, high = sorted((begin_m, end_m))
        vertices = shapely.get_coordinates(line)
        along = np.r_[0, np.cumsum(np.hypot(*np.diff(vertices, axis=0).T))]
        ends = shapely.get_coordinates(shapely.line_interpolate_point(line, [low, high]))
        stretch = np.concatenate([ends[:1], vertices[(along > low) & (along < high)], ends[1:]])
        return stretch if begin_m <= end_m else stretch[::-1]


def _arcs(network: Network, at: Accesses, speed: Floats) -> _Arcs:
    """Return every stretch that can be driven: whole edges, and those that begin or end at an access."""
    node = len(network.x) + np.arange(len(at.place))
    edges, length = np.arange(len(network.from_node)), network.length_m
    is_on, edge_length, zero = at.edge, length[at.edge], np.zeros(len(node))
    forward, backward = network.is_forward[is_on], network.is_backward[is_on]
    at_begin = at.along_m < _SAME_SPOT_M
    at_end = at.along_m > edge_length - _SAME_SPOT_M
    begins, ends = network.from_node[is_on], network.to_node[is_on]
    one, other = _pairs_on_edge(at)
    ahead, behind = network.is_forward[at.edge[one]], network.is_backward[at.edge[one]]
    # Of each: tail, head, edge, begin_m, end_m, and which of them may be driven.
    stretches = [
        (network.from_node, network.to_node, edges, np.zeros(len(edges)), length, network.is_forward),
        (network.to_node, network.from_node, edges, length, np.zeros(len(edges)), network.is_backward),
        (begins, node, is_on, zero, at.along_m, forward | at_begin),
        (node, ends, is_on, at.along_m, edge_length, forward | at_end),
        (ends, node, is_on, edge_length, at.along_m, backward | at_end),
        (node, begins, is_on, at.along_m, zero, backward | at_begin),
        (node[one], node[other], at.edge[one], at.along_m[one], at.along_m[other], ahead),
        (node[other], node[one], at.edge[one], at.along_m[other], at.along_m[one], behind),
    ]
    tail, head, edge, begin, end = (
        np.concatenate([stretch[column][stretch[5]] for stretch in stretches]) for column in range(5)
    )
    return _Arcs(tail, head, edge, begin, end, np.abs(end - begin) / speed[edge])


def _pairs_on_edge(at: Accesses) -> tuple[Integers, Integers]:
    """Return the pairs of accesses that lie on one edge, the first not farther along it than the second."""
    order = np.lexsort((at.along_m, at.edge))
    edge = at.edge[order]
    following = np.searchsorted(edge, edge, side="right") - np.arange(len(edge)) - 1
    one = np.repeat(np.arange(len(edge)), following)
    other = one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(following) - following, following)
    return order[one], order[other]


def _quickest(arcs: _Arcs, node_count: int) -> _Arcs:
    """Return the quickest of the arcs between each two nodes, ordered by tail and head."""
    order = np.lexsort((arcs.minutes, arcs.head, arcs.tail))
    keys = (arcs.tail * node_count + arcs.head)[order]
    kept = order[np.r_[True, np.diff(keys) != 0][: len(keys)]]
    return _Arcs(*(of_each[kept] for of_each in vars(arcs).values()))
