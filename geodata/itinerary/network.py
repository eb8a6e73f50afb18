"""A street network as compact arrays: stored without pickle, its streets one-way or not, each with its line.

Made by ``pilot-wards network`` (`etl.streets.network`) and read by `geodata.itinerary.travel`.
"""

import io
import json
import zipfile
import zlib
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geodata.contract.errors import SourceError
from geodata.disk import write_whole
from geodata.language import message
from geodata.settings import settings

FORMAT = 1
"""Raised when the arrays of a stored network mean something else."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class NetworkSource:
    """The file that a network was made from, so that a page can name it.

    Attributes
    ----------
    file
        Its name.
    sha256
        Its SHA-256.
    made_on
        The day on which the network was made, as ``2025-12-31``.
    attribution
        Whose data it is and under which licence; empty where that is not known.
    """

    file: str
    sha256: str
    made_on: str
    attribution: str


@dataclass(frozen=True, eq=False)
class Network:
    """Streets between junctions. Coordinates and lengths are metres in EPSG:9210.

    Attributes
    ----------
    x, y
        Of each node.
    from_node, to_node
        Of each edge, as positions among the nodes; its line runs in this direction.
    is_forward, is_backward
        Whether an edge may be driven along its line, and against it.
    length_m
        Of each edge.
    maxspeed_kmh
        The speed that the source gives for an edge; NaN where it gives none.
    highway
        The class of each edge, as a position in ``classes``.
    classes
        The classes of OpenStreetMap's key ``highway`` that occur.
    line_starts
        Where the line of each edge begins among the vertices, and the end of the last one.
    line_x, line_y
        The vertices of all lines.
    source
        What it was made from.
    """

    x: Floats
    y: Floats
    from_node: Integers
    to_node: Integers
    is_forward: Flags
    is_backward: Flags
    length_m: Floats
    maxspeed_kmh: Floats
    highway: Integers
    classes: tuple[str, ...]
    line_starts: Integers
    line_x: Floats
    line_y: Floats
    source: NetworkSource

    @cached_property
    def lines(self) -> npt.NDArray[np.object_]:
        """The line of each edge, in EPSG:9210."""
        edge = np.repeat(np.arange(len(self.from_node)), np.diff(self.line_starts))
        return np.asarray(shapely.linestrings(self.line_x, self.line_y, indices=edge), dtype=object)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The index of the edges' lines."""
        return shapely.STRtree(self.lines)

    @cached_property
    def part(self) -> Integers:
        """The part of each edge within which one can drive from anywhere to anywhere; -1 where in none.

        One-way streets that only lead into a part, or only out of it, are in none.
        """
        tails = np.concatenate([self.from_node[self.is_forward], self.to_node[self.is_backward]])
        heads = np.concatenate([self.to_node[self.is_forward], self.from_node[self.is_backward]])
        graph = csr_array((np.ones(len(tails)), (tails, heads)), shape=(len(self.x), len(self.x)))
        _, of_node = connected_components(graph, connection="strong")
        return np.where(of_node[self.from_node] == of_node[self.to_node], of_node[self.from_node], -1)

    def save(self, path: Path) -> None:
        """Write the network; what is there stays whole until the new one is."""
        path.parent.mkdir(parents=True, exist_ok=True)
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        about = {"format": FORMAT, "classes": self.classes, "source": asdict(self.source)}
        stored = io.BytesIO()
        np.savez_compressed(stored, about=np.array(json.dumps(about)), **arrays)
        write_whole(path, stored.getvalue())

    @classmethod
    def load(cls, path: Path) -> "Network":
        """Return a network that was saved.

        Raises
        ------
        SourceError
            The file is missing, damaged, or of another version of the program.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                about = json.loads(str(stored["about"]))
                arrays = {name: stored[name] for name in _ARRAYS}
            if about["format"] != FORMAT or not _is_whole(arrays, len(about["classes"])):
                raise ValueError
            return cls(classes=tuple(about["classes"]), source=NetworkSource(**about["source"]), **arrays)
        except FileNotFoundError as error:
            raise SourceError.of(
                path.name,
                "",
                message("is missing"),
                message("a network that “pilot-wards network FILE” made"),
            ) from error
        except _DAMAGE as error:
            raise SourceError.of(
                path.name,
                "",
                message("is damaged, or was made by another version of the program"),
                message("a network that “pilot-wards network FILE” made"),
            ) from error


_ARRAYS = {
    "x": "f",
    "y": "f",
    "from_node": "i",
    "to_node": "i",
    "is_forward": "b",
    "is_backward": "b",
    "length_m": "f",
    "maxspeed_kmh": "f",
    "highway": "i",
    "line_starts": "i",
    "line_x": "f",
    "line_y": "f",
}
"""The arrays of a network, with the kind of their values."""


_DAMAGE = (
    OSError,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a file that is damaged may raise."""


def _is_whole(arrays: dict[str, npt.NDArray[np.generic]], class_count: int) -> bool:
    """Return whether stored arrays fit each other, so that no later step runs out of them."""
    if any(
        array.dtype.kind != kind or array.ndim != 1
        for array, kind in zip(arrays.values(), _ARRAYS.values(), strict=True)
    ):
        return False
    nodes, edges, vertices = len(arrays["x"]), len(arrays["from_node"]), len(arrays["line_x"])
    of_edges = ("to_node", "is_forward", "is_backward", "length_m", "maxspeed_kmh", "highway")
    starts = arrays["line_starts"].astype(np.int64)
    return bool(
        edges
        and len(arrays["y"]) == nodes
        and len(arrays["line_y"]) == vertices
        and all(len(arrays[name]) == edges for name in of_edges)
        and all(_is_within(arrays[name], nodes) for name in ("from_node", "to_node"))
        and _is_within(arrays["highway"], class_count)
        and len(starts) == edges + 1
        and starts[0] == 0
        and starts[-1] == vertices
        and (np.diff(starts) >= 2).all()
        and np.isfinite(arrays["length_m"].astype(float)).all()
    )


def _is_within(positions: npt.NDArray[np.generic], count: int) -> bool:
    return bool(positions.astype(np.int64).min() >= 0 and positions.astype(np.int64).max() < count)


def stored_network() -> Network | None:
    """Return the street network of this installation; none where none was made.

    Raises
    ------
    SourceError
        It is damaged.
    """
    path = settings().network
    return Network.load(path) if path.exists() else None
