"""Makes the street network of the city from a file of streets, and says what became of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from etl.boundaries.files import fingerprint, parts_of
from etl.streets.delivered import has_two
from etl.streets.noding import noded
from etl.streets.opened import opened_streets
from etl.streets.tags import LEFT_OUT, understood
from geodata.contract.errors import SourceError
from geodata.itinerary.network import Floats, Integers, Network, NetworkSource
from geodata.itinerary.travel import read_assumptions
from geodata.language import Message, message, number

OPENSTREETMAP = "© OpenStreetMap contributors, ODbL 1.0"
"""What its licence asks to be said wherever its data is shown."""


@dataclass(frozen=True)
class MadeNetwork:
    """A street network, and what it was made of.

    Attributes
    ----------
    network
        The network.
    way_count
        Ways of the file, those left out included.
    used_count
        Ways of which it was made.
    left_out
        How many were left out, by reason.
    notes
        What else is to be told of the file.
    """

    network: Network
    way_count: int
    used_count: int
    left_out: tuple[tuple[Message, int], ...]
    notes: tuple[Message, ...]

    @property
    def km(self) -> float:
        """Length of all edges."""
        return float(self.network.length_m.sum()) / 1000

    @property
    def part_count(self) -> int:
        """How many parts there are within which one can drive from anywhere to anywhere."""
        return len(np.unique(self.network.part[self.network.part >= 0]))

    @property
    def largest_share(self) -> float:
        """Share of the length that lies in the largest part."""
        part, length = self.network.part, self.network.length_m
        return float(np.bincount(part[part >= 0], length[part >= 0]).max(initial=0) / length.sum())

    @property
    def one_way_share(self) -> float:
        """Share of the length that may be driven one way only."""
        return self._share(self.network.is_forward != self.network.is_backward)

    @property
    def given_speed_share(self) -> float:
        """Share of the length whose speed the file gives."""
        return self._share(~np.isnan(self.network.maxspeed_kmh))

    def _share(self, is_counted: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> float:
        length = self.network.length_m
        return float(length[is_counted].sum() / length.sum())


def make_network(path: Path, made_on: date, layer: str | None = None, attribution: str = "") -> MadeNetwork:
    """Return the street network that a file holds.

    Parameters
    ----------
    path
        An extract of OpenStreetMap, a GraphML of OSMnx, or a file with a layer of lines.
    made_on
        The day.
    layer
        The layer of lines, where there are several.
    attribution
        Whose data it is; by default OpenStreetMap's where the file comes from there.

    Raises
    ------
    GeodataError
        The file can't be used; with every fault that was found.
    """
    streets = opened_streets(path, layer)
    speeds = read_assumptions().street_speeds
    is_extract = streets.is_openstreetmap and streets.place is not None
    about = understood(streets.tags, speeds, is_openstreetmap=is_extract)
    is_short = (about["left_out"] == "") & ~has_two(streets.way, len(about))
    about["left_out"] = about["left_out"].mask(is_short, "short")
    is_used = (about["left_out"] == "").to_numpy()
    if not is_used.any():
        raise SourceError.of(
            path.name,
            "",
            message("none of its {count} streets is open to cars", count=number(len(about))),
            message("a class such as: {values}", values=", ".join(speeds)),
        )
    used = about[is_used].reset_index(drop=True)
    is_vertex = is_used[streets.way]
    way = (np.cumsum(is_used) - 1)[streets.way[is_vertex]]
    xy = streets.xy[is_vertex]
    if streets.place is None:
        way, xy, place = noded(way, xy, used["level"].to_numpy())
    else:
        place = streets.place[is_vertex]
    source = NetworkSource(
        path.name,
        fingerprint(parts_of(path)),
        made_on.isoformat(),
        attribution or (OPENSTREETMAP if streets.is_openstreetmap else ""),
    )
    network = cut(used, way, xy, place, source)
    if not len(network.from_node):
        raise SourceError.of(
            path.name, "", message("holds no street of any length"), message("lines, one a street")
        )
    counts = Counter({key: count for key, count in streets.left_out.items() if count})
    counts.update(key for key in about["left_out"] if key)
    odd = int(used["is_odd"].sum())
    notes = streets.notes
    if odd:
        sentence = message(
            "{count} ways with a speed or direction not understood: as if not given.", count=number(odd)
        )
        notes = (*notes, sentence)
    return MadeNetwork(
        network,
        len(about) + sum(streets.left_out.values()),
        len(used),
        tuple((LEFT_OUT[key], counts[key]) for key in LEFT_OUT if counts[key]),
        notes,
    )


def cut(about: pd.DataFrame, way: Integers, xy: Floats, place: Integers, source: NetworkSource) -> Network:
    """Return the network of ways, cut where they meet.

    Parameters
    ----------
    about
        What is known of each way; see `etl.streets.tags.understood`.
    way, xy, place
        Of each vertex; see `etl.streets.delivered.Streets`.
    source
        What they come from.
    """
    is_first = np.r_[True, np.diff(way) != 0]
    is_last = np.r_[is_first[1:], True]
    is_joint = is_first | is_last | (np.bincount(place)[place] > 1)
    joints = np.flatnonzero(is_joint)
    begin, end = joints[:-1], joints[1:]
    is_edge = way[begin] == way[end]
    begin, end = begin[is_edge], end[is_edge]
    is_long = _length(xy, begin, end) > 0
    begin, end = begin[is_long], end[is_long]
    _, first_seen, node = np.unique(
        np.concatenate([place[begin], place[end]]), return_index=True, return_inverse=True
    )
    at_node = xy[np.concatenate([begin, end])[first_seen]]
    vertex, line_starts = _vertices(begin, end)
    of_edge = about.iloc[way[begin]]
    classes, highway = np.unique(of_edge["highway"].to_numpy(dtype=str), return_inverse=True)
    return Network(
        x=at_node[:, 0],
        y=at_node[:, 1],
        from_node=node[: len(begin)],
        to_node=node[len(begin) :],
        is_forward=of_edge["is_forward"].to_numpy(dtype=bool),
        is_backward=of_edge["is_backward"].to_numpy(dtype=bool),
        length_m=_length(xy, begin, end),
        maxspeed_kmh=of_edge["maxspeed_kmh"].to_numpy(dtype=float),
        highway=highway,
        classes=tuple(classes.tolist()),
        line_starts=line_starts,
        line_x=xy[vertex, 0],
        line_y=xy[vertex, 1],
        source=source,
    )


def _vertices(begin: Integers, end: Integers) -> tuple[Integers, Integers]:
    """Return the vertices of edges from one vertex to another, and where each edge begins among them."""
    counts = end - begin + 1
    starts = np.r_[0, np.cumsum(counts)]
    return np.repeat(begin - starts[:-1], counts) + np.arange(starts[-1]), starts


def _length(xy: Floats, begin: Integers, end: Integers) -> Floats:
    along = np.r_[0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    return np.asarray(along[end] - along[begin])
