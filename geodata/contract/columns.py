"""What a layer of the GeoPackage is, and the kinds of columns that layers have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandera.geopandas as pandera

GeometryType = Literal["MultiPolygon", "Point", "LineString"]

ILLUSTRATIVE = "generated to show the program, not a fact"
_ISO_DATE = r"^\d{4}-\d{2}-\d{2}$"
_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"


@dataclass(frozen=True)
class Layer:
    """One layer of the GeoPackage.

    Attributes
    ----------
    name
        Its table in the file.
    title
        What it holds, in English; in Vietnamese it stands in the file as the layer's description.
    key
        The columns that name one row. Rows are written in the order of the key.
    columns
        The columns by name, in the order in which they are written.
    geometry
        The type of its geometry in EPSG:4326, or ``None`` for a table without one.
    """

    name: str
    title: str
    key: tuple[str, ...]
    columns: Mapping[str, pandera.Column]
    geometry: GeometryType | None = None

    @property
    def schema(self) -> pandera.DataFrameSchema:
        """The pandera schema of a frame of this layer, the geometry column left out."""
        return pandera.DataFrameSchema(dict(self.columns), strict=True, coerce=True)


def text(description: str, *, nullable: bool = False, among: tuple[str, ...] | None = None) -> pandera.Column:
    """Return a column of text, of a few values where they are named."""
    check = pandera.Check.isin(among) if among else pandera.Check.str_length(min_value=1)
    return pandera.Column("str", check, nullable=nullable, description=description)


def vintage(description: str = "ISO date from which the units hold") -> pandera.Column:
    """Return a column of the ISO date of a vintage."""
    return pandera.Column("str", pandera.Check.str_matches(_ISO_DATE), description=description)


def clock(description: str) -> pandera.Column:
    """Return a column of a time of day, hh:mm."""
    return pandera.Column("str", pandera.Check.str_matches(_CLOCK), description=description)


def number(
    description: str, *, least: float = 0, most: float | None = None, nullable: bool = True
) -> pandera.Column:
    """Return a column of a number."""
    checks = [pandera.Check.ge(least)] + ([] if most is None else [pandera.Check.le(most)])
    return pandera.Column("float64", checks, nullable=nullable, description=description)


def count(description: str, *, nullable: bool = True) -> pandera.Column:
    """Return a column of a whole number from 0 on."""
    return pandera.Column("Int64", pandera.Check.ge(0), nullable=nullable, description=description)


def date(description: str, *, nullable: bool = False) -> pandera.Column:
    """Return a column of a day."""
    return pandera.Column("datetime64[ns]", nullable=nullable, description=description)


def flag(description: str) -> pandera.Column:
    """Return a column of yes or no."""
    return pandera.Column("bool", description=description)
