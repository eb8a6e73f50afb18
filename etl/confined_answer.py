"""How an answer crosses from a process that opened a file from outside, which may have been taken over.

Tables are Arrow's, checked; other values may be of plain types and of our own dataclasses only.
"""

import io
import os
import pickle
from dataclasses import is_dataclass
from enum import Enum
from importlib import import_module
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING, Any

from geodata.contract.errors import GeodataError

if TYPE_CHECKING:
    import pyarrow as pa

_PLAIN = {
    *(("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")),
    *(("builtins", name) for name in ("int", "float", "set", "frozenset")),
    *(("decimal", "Decimal"), ("pathlib", "PosixPath")),
    *(("pmtiles.tile", name) for name in ("Compression", "TileType")),
}
"""Types of others that may stand in an answer beside Arrow's tables."""


def read_answer(result: int) -> "tuple[str, Any, list[pa.Table]]":
    """Return the kind of an answer, its plain part and its tables, from an open file.

    Raises
    ------
    pickle.UnpicklingError
        It holds what may not stand in an answer.
    """
    import pyarrow as pa

    source = pa.BufferReader(pa.py_buffer(mmap(result, 0, access=ACCESS_READ)))
    length = int.from_bytes(source.read(8), "little")
    kind, value, count = _Plain(io.BytesIO(source.read(length))).load()
    tables = []
    for _ in range(count):
        with pa.ipc.open_stream(source) as stream:
            tables.append(stream.read_all())
        tables[-1].validate(full=True)
    return kind, value, tables


class _Simple(pickle.Pickler):
    """Writes numbers of numpy as Python's own, and members of enumerations by their values."""

    def reducer_override(self, value: Any) -> Any:
        """Return how a value is made again."""
        if isinstance(value, Enum):
            # Python 3.11.2 would look it up by a function that may not be loaded.
            return (type(value), (value.value,))
        if hasattr(value, "dtype") and hasattr(value, "item"):
            plain = value.item()
            return (type(plain), (plain,))
        return NotImplemented


class _Plain(pickle.Unpickler):
    """Loads values that can do nothing by being loaded."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class that may stand in an answer."""
        found = None
        if (module, name) in _PLAIN or module.startswith(("geodata.", "etl.")):
            found = getattr(import_module(module), name, None)
        is_ours = isinstance(found, type) and (is_dataclass(found) or issubclass(found, GeodataError | Enum))
        if not is_ours and (module, name) not in _PLAIN:
            raise pickle.UnpicklingError(f"{module}.{name} may not stand in an answer")
        return found


def write_answer(result: int, kind: str, value: Any, tables: "list[pa.Table]") -> None:
    """Write an answer: the length of its plain part, that part, and a stream of Arrow for each table."""
    os.ftruncate(result, 0)
    os.lseek(result, 0, os.SEEK_SET)
    plain = io.BytesIO()
    _Simple(plain).dump((kind, value, len(tables)))
    with open(result, "wb", closefd=False) as file:
        file.write(len(plain.getvalue()).to_bytes(8, "little"))
        file.write(plain.getvalue())
        if tables:
            import pyarrow as pa

            for table in tables:
                with pa.ipc.new_stream(file, table.schema) as stream:
                    stream.write_table(table)
