"""What the contract says of layers and columns, in Vietnamese: for the GeoPackage and its reference page."""

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import geodata.language

_FILE = Path(geodata.language.__file__).with_name("locale") / "layers.po"


@cache
def _catalogue() -> Catalog:
    with _FILE.open("rb") as file:
        return read_po(file, locale="vi")


def in_vietnamese(english: str) -> str:
    """Return the title of a layer or the description of a column in Vietnamese.

    Raises
    ------
    KeyError
        It has not been translated.
    """
    entry = _catalogue().get(english)
    if entry is None or not entry.string:
        raise KeyError(f"{_FILE.name} lacks: {english}")
    return str(entry.string)
