"""What the contract says of layers and columns, in Vietnamese: for the GeoPackage and its reference page."""

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import geodata.language
from geodata.contract.columns import Layer

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


def column_descriptions(layer: Layer) -> dict[str, str]:
    """Return what each column of a layer holds, in Vietnamese, by its name."""
    return {name: in_vietnamese(column.description) for name, column in layer.columns.items()}


def column_titles(layer: Layer) -> dict[str, str]:
    """Return what each column is called beside its name: its description without what follows a semicolon."""
    heads = {name: text.partition(";")[0] for name, text in column_descriptions(layer).items()}
    # Names of columns within a description keep their spelling.
    return {name: head if "_" in head else head[0].upper() + head[1:] for name, head in heads.items()}
