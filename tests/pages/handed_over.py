"""The files that a page hands over, made as a press of their buttons makes them, and what holds of them.

Residents, years and kinds are read from the layer ``ward``; nothing here asks the code that made the files.
"""

import ast
import csv
import datetime
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet
import pyogrio
import pytest
from streamlit.runtime.media_file_manager import MediaFileManager

from geodata.language import translate
from geodata.settings import ROOT

SCREENS = ROOT / "dashboard" / "screens"

NO_COMMUNES = "huyện"
"""The kind of a row of the layer ``ward`` that is no commune-level unit."""

Site = tuple[str, int]
"""File and line of a call."""


def title(sentence: str) -> str:
    return translate(sentence, "vi")


CODE, KIND, BOUNDARIES = title("Code"), title("Kind of unit"), title("Boundaries from")
RESIDENTS, YEAR = title("Residents"), title("Year of the number of residents")
WARD_COUNT, PHUONG_COUNT = title("Wards"), title("Phường in all")
RANK, RANK_COUNT = title("Rank"), title("Units ranked")
LOW, HIGH = title("95% interval, from"), title("95% interval, to")
EXPOSURE, OUT_OF = title("1,000 residents × reported years"), title("Out of")
REPORTED = (title("Share of days reported, %"), title("Share of days reported (%)"))
SINCE, UNTIL, ILLUSTRATIVE = title("First day"), title("Last day"), title("Illustrative")


@dataclass
class Shelf:
    """The files of the page that ran last, by name, and from where in the screens any were offered."""

    files: dict[str, Callable[[], bytes]]
    sites: set[Site]


def keep_files(patch: pytest.MonkeyPatch) -> Shelf:
    """Return what keeps the files that Streamlit would make when a button is pressed."""
    found, kept = Shelf({}, set()), MediaFileManager.add_deferred

    def add(
        self: MediaFileManager,
        make: Callable[[], bytes],
        mime: str,
        place: str,
        file_name: str,
        *,
        element_id: str,
    ) -> str:
        found.files[file_name] = make
        found.sites.update(_sites(sys._getframe()))
        return kept(self, make, mime, place, file_name, element_id=element_id)

    patch.setattr(MediaFileManager, "add_deferred", add)
    return found


def _sites(frame: FrameType | None) -> Iterator[Site]:
    while frame is not None:
        if frame.f_code.co_filename.startswith(str(SCREENS)):
            yield frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back


def never_offered(sites: set[Site]) -> list[str]:
    """Return the calls in the screens that offer files and are not among those that were come by."""
    missed = []
    for path in SCREENS.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            called = getattr(call.func, "attr", getattr(call.func, "id", ""))
            lines = range(call.lineno, (call.end_lineno or call.lineno) + 1)
            if called in ("draw_downloads", "download_button") and not any(
                (str(path), at) in sites for at in lines
            ):
                missed.append(f"{path.relative_to(ROOT)}:{call.lineno}")
    return missed


@dataclass(frozen=True)
class Ground:
    """The wards of one vintage as the GeoPackage has them."""

    vintage: str
    wards: pd.DataFrame

    @property
    def communes(self) -> pd.DataFrame:
        return self.wards[self.wards["ward_kind"] != NO_COMMUNES]

    def of(self, code: str) -> pd.DataFrame:
        """Return the wards of a ward, a district or, without a code, of the city."""
        wards = self.wards
        own = wards[(wards["ward_code"] == code) | (not code)]
        return own if len(own) else wards[wards["district_code"] == code]


@dataclass(frozen=True)
class Sheet:
    """A table that was handed over."""

    rows: pd.DataFrame
    about: dict[str, str]


def sheet_of(data: bytes) -> Sheet:
    """Return a workbook's table and what its second sheet says."""
    table, about = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    titles, *rows = table.iter_rows(values_only=True)
    told = {str(name): str(value) for name, value in about.iter_rows(values_only=True)}
    frame = pd.DataFrame(rows, columns=list(titles))
    # The whole city has no code.
    return Sheet(frame.assign(**{CODE: frame[CODE].fillna("")}) if CODE in frame else frame, told)


def check_table(name: str, data: bytes, as_text: bytes, vintage: str, grounds: dict[str, Ground]) -> Sheet:
    """Return a table after it was set against the wards; ``as_text`` is the same as CSV."""
    sheet, ground = sheet_of(data), grounds[vintage]
    rows = sheet.rows
    head, table = as_text.decode("utf-8-sig").split("\r\n\r\n", 1)
    titles, *lines = csv.reader(io.StringIO(table), delimiter=";")
    assert titles == [*rows.columns], name
    assert len(lines) == len(rows), name
    assert sheet.about[BOUNDARIES] in head
    assert sheet.about[BOUNDARIES] == f"{datetime.date.fromisoformat(vintage):%d/%m/%Y}", name
    if BOUNDARIES in rows and CODE in rows:
        known = {(of.vintage, code) for of in grounds.values() for code in of.wards["ward_code"]}
        named = rows[rows[CODE] != ""]
        assert set(zip(named[BOUNDARIES], named[CODE], strict=True)) <= known, name
    elif KIND in rows:
        assert sorted(rows[CODE]) == sorted(ground.wards["ward_code"]), name
        assert (rows[KIND] != NO_COMMUNES).sum() == len(ground.communes), name
        assert rows.loc[rows[KIND] == NO_COMMUNES, RANK].isna().all() if RANK in rows else True, name
    if PHUONG_COUNT in rows:
        # Each row is of its own day.
        assert set(rows[PHUONG_COUNT]) <= {
            of.wards["ward_kind"].eq("phường").sum() for of in grounds.values()
        }
    _check_units(name, rows, ground)
    _check_ranks(name, rows)
    _check_rates(name, rows, ground)
    return sheet


def _check_units(name: str, rows: pd.DataFrame, ground: Ground) -> None:
    for row in rows.to_dict("records") if YEAR in rows else ():
        own = ground.of(row[CODE])
        assert row[YEAR] == own["population_year"].max(), (name, row)
        if RESIDENTS in row:
            assert row[RESIDENTS] == own["population"].sum(), (name, row)
            assert row[WARD_COUNT] == (own["ward_kind"] != NO_COMMUNES).sum(), (name, row)


def _check_ranks(name: str, rows: pd.DataFrame) -> None:
    if RANK not in rows:
        return
    ranked = rows[rows[RANK].notna()]
    of_all = ranked[RANK_COUNT] if RANK_COUNT in rows else len(ranked)
    assert ((ranked[RANK] >= 1) & (ranked[RANK] <= of_all)).all(), name
    for reported in REPORTED:
        assert not (ranked[reported] < 75).any() if reported in rows else True, (
            name,
            ranked.to_dict("records"),
        )


def _check_rates(name: str, rows: pd.DataFrame, ground: Ground) -> None:
    """Check that a figure is what stands beside it as its parts, within its interval, over reported days."""
    made_of = [one for one in (EXPOSURE, OUT_OF) if one in rows]
    if not made_of:
        return
    known = rows.dropna(subset=[LOW])
    before = [column for column in rows if column != RANK]
    figure = known[before[before.index(LOW) - 1]].astype("float64")
    events, of = (known[before[before.index(made_of[0]) - back]].astype("float64") for back in (1, 0))
    outside = ~figure.between(known[LOW], known[HIGH])
    assert not outside.any(), (name, known[outside].to_dict("records"))
    scale = 100 if made_of[0] == OUT_OF else 1
    # What was carried across a redrawing stands there as a whole number.
    assert (abs(figure * of / scale - events) <= 0.5).all(), name
    if made_of[0] == OUT_OF:
        return
    share = rows[next(one for one in REPORTED if one in rows)].astype("float64")
    for at in known.index:
        own = ground.of(rows.loc[at, CODE])
        reported = own["population"].sum() / 1000 * share[at] / 100 * _days(name, rows.loc[at]) / 365.25
        if len(own) == 1:
            assert np.isclose(of[at], reported), (name, rows.loc[at, CODE])
        else:
            whole = own["population"].sum() / 1000 * _days(name, rows.loc[at]) / 365.25
            assert 0 < of[at] <= whole * (1 + 1e-9), (name, rows.loc[at, CODE])


def _days(name: str, row: pd.Series) -> int:
    if SINCE in row:
        return int((row[UNTIL] - row[SINCE]).days) + 1
    first, last = (pd.Timestamp(found) for found in re.findall(r"\d{8}", name)[-3:-1])
    return (last - first).days + 1


def check_map(name: str, data: bytes, folder: Path, sheet: Sheet, ground: Ground) -> None:
    """Check that a map holds the wards of its table, with the residents that they have."""
    path = folder / f"map.{name.rpartition('.')[2]}"
    path.write_bytes(data)
    if path.suffix == ".parquet":
        drawn = gpd.read_parquet(path)
        about = json.loads(pyarrow.parquet.read_metadata(path).metadata[b"about"])
    else:
        drawn = gpd.read_file(path, layer="map")
        said = pyogrio.read_info(path, layer="map")["layer_metadata"]["DESCRIPTION"]
        about = [line.split(": ", 1) for line in said.split("\n")[1:]]
    if path.suffix == ".gpkg":
        assert [[*row] for row in gpd.read_file(path, layer="about")[["name", "value"]].to_numpy()][
            1:
        ] == about
    assert title("Outlines") in dict(about), name
    assert dict(about)[BOUNDARIES] == sheet.about[BOUNDARIES], name
    assert set(drawn["vintage"]) == {ground.vintage}, name
    if KIND in sheet.rows:
        expected = set(ground.wards["ward_code"])
    else:
        expected = {ward for code in sheet.rows[CODE] if code for ward in ground.of(code)["ward_code"]}
    assert set(drawn["ward_code"]) == expected, name
    own = ground.wards.set_index("ward_code").loc[drawn["ward_code"]]
    for column in {"population", "population_year", "ward_kind", "outline_area_km2"} & {*drawn}:
        assert (drawn[column].to_numpy() == own[column].to_numpy()).all(), (name, column)
