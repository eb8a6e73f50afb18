"""From the tables of a spreadsheet to tidy rows of the contract, one function a kind of table."""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date

import geopandas as gpd
import pandas as pd

from etl.spreadsheets.cell_rules import EMPTY, Wrong, count_cell, grade_cell, percentage_cell
from etl.spreadsheets.cells import Cell, read_number, read_text, show_date
from etl.spreadsheets.reading import Context, Reading
from etl.spreadsheets.sheets import INDICATOR
from etl.spreadsheets.station_cells import positions
from etl.spreadsheets.ward_cells import find_wards
from geodata.contract.crs import STORAGE_CRS
from geodata.contract.layers import LAYERS, WARD_KINDS
from geodata.language import message, number
from geodata.wards.names import bare, fold, split_kind, vintage_on

PROGRAMME_START = date(2021, 3, 17)
"""The day on which the pilot was made known; nothing of the programme happened before."""

INDICATORS_START = date(2020, 1, 1)
"""First day of indicators: the year before the programme's first, to compare with."""


class Inspections:
    """The inspections that results and recommendations may name: those recorded, and those of the file."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.known = [context.recorded("inspection")]
        self.has_unread = context.has_unread

    def add(self, frame: pd.DataFrame, *, has_unread: bool) -> None:
        """Take in the inspections of a table of the file, some of which could perhaps not be read."""
        self.known.append(frame)
        self.has_unread = self.has_unread or has_unread

    def find(self, reading: Reading, days: pd.Series, wards: pd.DataFrame, sets: pd.Series) -> pd.Series:
        """Return the inspection_id of each row; a row that names none, or several, is a fault.

        Of a row that may name an inspection which could not be read itself nothing is said.
        """
        columns = ["vintage", "ward_code", "inspection_date", "kind", "criteria_set", "inspection_id"]
        known: dict[tuple[object, ...], list[tuple[object, ...]]] = {}
        for frame in self.known:
            for vintage, code, day, *rest in frame[columns].itertuples(index=False, name=None):
                known.setdefault((vintage, code, day), []).append(tuple(rest))
        kinds = reading.words("kind") if "kind" in reading.table.columns else pd.Series([None] * len(reading))
        ids: list[object] = []
        rows = zip(wards["vintage"], wards["ward_code"], days, kinds, sets, strict=True)
        for row, (vintage, code, day, kind, criteria_set) in enumerate(rows):
            ids.append(None)
            if pd.isna(code) or pd.isna(day):
                continue
            held = known.get((vintage, code, day), [])
            if not pd.isna(kind):
                held = [inspection for inspection in held if inspection[0] == kind]
            if len(held) > 1 and not pd.isna(criteria_set):
                held = [inspection for inspection in held if inspection[1] == criteria_set]
            if len(held) == 1:
                ids[row] = held[0][2]
                self._check_set(reading, row, held[0][1], criteria_set)
            elif held:
                expected = message("a column “Hình thức” that says which one")
                reading.fault(
                    row, "date", Wrong(message("the ward had several inspections that day"), expected)
                )
            elif not self.has_unread:
                expected = message("the inspection in a sheet “Kiểm tra” of this file, or imported before")
                reading.fault(row, "date", Wrong(message("the ward had no inspection that day"), expected))
        return pd.Series(ids, dtype="str")

    @staticmethod
    def _check_set(reading: Reading, row: int, inspected: object, said: object) -> None:
        if pd.isna(said) or inspected == said:  # type: ignore[call-overload]
            return
        if pd.isna(inspected):  # type: ignore[call-overload]
            expected = message("the set of criteria in the row of the inspection")
            reading.fault(
                row, "criteria_set", Wrong(message("the inspection names no set of criteria"), expected)
            )
        else:
            problem = message("is not the set of criteria of the inspection")
            reading.fault(row, "criteria_set", Wrong(problem, message("{names}", names=inspected)))


MOST_ROUNDING = 0.51
"""Points by which a percentage may be off its numerator and denominator: it may be rounded to a whole one."""

Rows = dict[str, pd.DataFrame]


def _frame(layer: str, **columns: object) -> pd.DataFrame:
    """Return rows of a layer; columns that are not given are missing."""
    frame = pd.DataFrame(columns).assign(**{"is_illustrative": False})
    return frame.reindex(columns=list(LAYERS[layer].columns))


def _each(texts: pd.Series, make: Callable[[str], str]) -> pd.Series:
    """Return what is made of each text; a missing one stays so."""
    return pd.Series([None if pd.isna(text) else make(text) for text in texts], dtype="str")


def _slug(text: str) -> str:
    return "-".join(bare(word) for word in text.split())


def _digest(text: str) -> str:
    """Return a short key of a text that is the same for all spellings that differ in nothing that matters."""
    return hashlib.sha256(fold(text).encode()).hexdigest()[:8]


def criteria_sets(reading: Reading) -> pd.Series:
    """Return the column of criteria sets: a set by its key, name or instrument."""
    sets = reading.context.criteria_sets
    words = {
        str(key): tuple(str(name) for name in (key, *names) if not pd.isna(name))
        for key, *names in sets[["criteria_set", "criteria_set_name", "instrument"]].itertuples(index=False)
    }
    return reading.words("criteria_set", words)


def _inspections(reading: Reading, inspections: Inspections) -> Rows:
    context = reading.context
    days = reading.dates("date", PROGRAMME_START, context.today)
    wards = reading.wards(days)
    kinds = reading.words("kind")
    sets = criteria_sets(reading)
    met, assessed = (
        reading.numbers("criteria_met", count_cell),
        reading.numbers("criteria_assessed", count_cell),
    )
    sizes = context.criteria_sets.set_index("criteria_set")["criteria_count"].astype("float64")
    size = sets.map(sizes).astype("float64")
    more = message("more criteria than the set has")
    reading.refuse(
        assessed > size,
        "criteria_assessed",
        lambda row: Wrong(more, message("at most {most}", most=int(size[row]))),
    )
    reading.refuse(
        met > assessed,
        "criteria_met",
        lambda row: Wrong(
            message("more criteria met than assessed"), message("at most {most}", most=int(assessed[row]))
        ),
    )
    reading.refuse(
        assessed.isna() & (met > size),
        "criteria_met",
        lambda row: Wrong(more, message("at most {most}", most=int(size[row]))),
    )
    suffix = _each(kinds, lambda kind: f"-{_slug(kind)}").fillna("")
    frame = _frame(
        "inspection",
        inspection_id=days.dt.strftime("%Y-%m-%d")
        + "-"
        + wards["vintage"]
        + "-"
        + wards["ward_code"]
        + suffix,
        vintage=wards["vintage"],
        ward_code=wards["ward_code"],
        inspection_date=days,
        inspecting_body=reading.texts("inspecting_body"),
        kind=kinds,
        verdict=reading.texts("verdict"),
        criteria_set=sets,
        criteria_met=met.astype("Int64"),
        criteria_assessed=assessed.astype("Int64"),
        classification=pd.Series(reading.read("classification", grade_cell), dtype="str"),
        source=reading.sources(),
    )
    key = ["vintage", "ward_code", "inspection_date", "kind"]
    reading.refuse_repeated(frame[key], context.recorded("inspection"), "date")
    has_unread = bool(frame["inspection_id"].isna().any())
    inspections.add(frame[frame["inspection_id"].notna()], has_unread=has_unread)
    return {"inspection": frame}


def _criterion(cell: Cell) -> object:
    found = re.fullmatch(r"(?:tieuchi|tc|criterion)?(?:so)?0*(\d{1,3})", bare(read_text(cell)))
    if found is None:
        return Wrong(message("is no number of a criterion"), message("a whole number"))
    return f"{int(found[1]):02}"


def _criterion_results(reading: Reading, inspections: Inspections) -> Rows:
    context = reading.context
    days = reading.dates("date", PROGRAMME_START, context.today)
    wards = reading.wards(days)
    sets = criteria_sets(reading)
    codes = pd.Series(reading.read("criterion", _criterion), dtype="str")
    listed = set(context.criteria[["criteria_set", "criterion_code"]].itertuples(index=False, name=None))
    pairs = list(zip(sets, codes, strict=True))
    lacks = pd.Series(
        [not (pd.isna(s) or pd.isna(c)) and (s, c) not in listed for s, c in pairs], dtype="bool"
    )
    counts = context.criteria_sets.set_index("criteria_set")["criteria_count"]
    reading.refuse(
        lacks,
        "criterion",
        lambda row: Wrong(
            message("is no criterion of the set {name}", name=sets[row]),
            message("a number from 1 to {most}", most=int(counts[sets[row]])),
        ),
    )
    frame = _frame(
        "criterion_result",
        inspection_id=inspections.find(reading, days, wards, sets),
        criterion_code=codes,
        result=reading.words("result"),
        source=reading.sources(),
    )
    key = ["inspection_id", "criterion_code"]
    if not inspections.has_unread:
        reading.refuse_repeated(frame[key], context.recorded("criterion_result"), "criterion")
    return {"criterion_result": frame}


def _recommendations(reading: Reading, inspections: Inspections) -> Rows:
    context = reading.context
    days = reading.dates("date", PROGRAMME_START, context.today)
    wards = reading.wards(days)
    no_sets = pd.Series([None] * len(reading), dtype="str")
    inspected = inspections.find(reading, days, wards, no_sets)
    texts = reading.texts("text")
    due = reading.dates("due", PROGRAMME_START, None)
    reading.refuse(
        due < days,
        "due",
        lambda row: Wrong(
            message("lies before the inspection"), message("from {day}", day=show_date(days[row]))
        ),
    )
    frame = _frame(
        "recommendation",
        recommendation_id=inspected + "-" + _each(texts, _digest),
        inspection_id=inspected,
        text=texts,
        category=reading.texts("category"),
        owner_unit=reading.texts("owner_unit"),
        due_date=due,
        state=reading.words("state"),
        source=reading.sources(),
    )
    if not inspections.has_unread:
        reading.refuse_repeated(frame[["recommendation_id"]], context.recorded("recommendation"), "text")
    return {"recommendation": frame}


def _periods(reading: Reading) -> tuple[pd.Series, pd.Series]:
    """Return first and last day of each row's period."""
    today = reading.context.today
    first_list = date.fromisoformat(min(reading.context.by_vintage))
    starts = reading.dates("start", INDICATORS_START, today)
    ends = reading.dates("end", max(INDICATORS_START, first_list), today)
    reading.refuse(
        starts > ends,
        "end",
        lambda row: Wrong(
            message("the period ends before it begins"), message("from {day}", day=show_date(starts[row]))
        ),
    )
    return starts, ends


def _indicator_frame(
    wards: pd.DataFrame,
    codes: pd.Series | str,
    periods: tuple[pd.Series, pd.Series],
    values: pd.Series,
    sources: pd.Series,
) -> pd.DataFrame:
    return _frame(
        "indicator_value",
        vintage=wards["vintage"],
        ward_code=wards["ward_code"],
        indicator_code=codes,
        period_start=periods[0],
        period_end=periods[1],
        value=values,
        source=sources,
    ).astype({"numerator": "float64", "denominator": "float64"})


_INDICATOR_KEY = list(LAYERS["indicator_value"].key)


def _indicators(reading: Reading, _: Inspections) -> Rows:
    periods = _periods(reading)
    wards = reading.wards(periods[1])
    catalogue = reading.context.indicators
    words = {
        str(code): (str(name), str(english))
        for code, name, english in catalogue[
            ["indicator_code", "indicator_name", "indicator_name_en"]
        ].itertuples(index=False, name=None)
    }
    codes = reading.words("indicator", words)
    values = _indicator_values(reading, "value", codes)
    frame = _indicator_frame(wards, codes, periods, values, reading.sources())
    frame = frame.assign(**_parts(reading, codes, values))
    reading.refuse_repeated(frame[_INDICATOR_KEY], reading.context.recorded("indicator_value"), "indicator")
    return {"indicator_value": frame}


def _parts(reading: Reading, codes: pd.Series, values: pd.Series) -> dict[str, pd.Series]:
    """Return numerator and denominator of each row; a percentage has both or neither, and they make it up."""
    counted, total = (reading.numbers(key, count_cell) for key in ("numerator", "denominator"))
    shares = reading.context.indicators.set_index("indicator_code")["kind"].eq("share")
    is_share = codes.isin(shares.index[shares])
    for key, part in (("numerator", counted), ("denominator", total)):
        other = message("only percentages that are shares have it")
        reading.refuse(~is_share & codes.notna() & part.notna(), key, Wrong(other, message("an empty cell")))
    reading.refuse(counted.isna() & total.notna(), "numerator", EMPTY)
    reading.refuse(counted.notna() & total.isna(), "denominator", EMPTY)
    reading.refuse(
        counted > total,
        "numerator",
        lambda row: Wrong(
            message("is more than the denominator"), message("at most {most}", most=int(total[row]))
        ),
    )
    share = 100 * counted / total.where(total > 0)
    reading.refuse(
        (values - share).abs() > MOST_ROUNDING,
        "value",
        lambda row: Wrong(
            message("is not numerator by denominator"),
            message("perhaps {value} %", value=number(float(share[row]), 2)),
        ),
    )
    return {"numerator": counted, "denominator": total}


def _wide_indicators(reading: Reading, _: Inspections) -> Rows:
    periods = _periods(reading)
    wards = reading.wards(periods[1])
    sources = reading.sources()
    recorded = reading.context.recorded("indicator_value")
    frames = [_indicator_frame(wards, "", periods, pd.Series(dtype="float64"), sources).iloc[:0]]
    for key in (key for key in reading.table.columns if key.startswith(INDICATOR)):
        code = key.removeprefix(INDICATOR)
        values = _indicator_values(reading, key, pd.Series([code] * len(reading), dtype="str"))
        frame = _indicator_frame(wards, code, periods, values, sources)
        is_told = values.notna()
        known = recorded[recorded["indicator_code"] == code]
        reading.refuse_repeated(frame.loc[is_told, _INDICATOR_KEY], known, key)
        frames.append(frame[is_told])
    return {"indicator_value": pd.concat(frames, ignore_index=True)}


def _indicator_values(reading: Reading, key: str, codes: pd.Series) -> pd.Series:
    """Return the values of a column, each in the unit of its row's indicator.

    A cell of a workbook that is shown as a percentage holds a hundredth of what is shown.
    """
    if key not in reading.table.columns:
        return pd.Series([None] * len(reading), dtype="float64")
    catalogue = reading.context.indicators
    shares = set(catalogue.loc[catalogue["unit"] == "%", "indicator_code"])
    is_share = [code in shares for code in codes]
    column, cells = reading.table.columns[key], list(reading.table.cells[key])
    small = [
        row
        for row, cell in enumerate(cells)
        if is_share[row] and cell.__class__ in (float, int) and 0 < cell <= 2
    ]
    suffix = reading.book.path.suffix.lower()
    if small and suffix == ".xlsx":
        shown = reading.book.percentages
        for row in small:
            if (reading.table.sheet, reading.table.numbers[row], column) in shown:
                cells[row] = round(float(cells[row]) * 100, 10)  # type: ignore[arg-type]
    known: dict[tuple[object, type, Cell], object] = {}
    values: list[object] = []
    is_required = not key.startswith(INDICATOR)
    for row, (cell, share) in enumerate(zip(cells, is_share, strict=True)):
        at = (share, cell.__class__, cell)
        if at not in known:
            is_empty = cell is None or not read_text(cell)
            read = percentage_cell if share else count_cell
            known[at] = (EMPTY if is_required else None) if is_empty else read(cell)
        value = known[at]
        if isinstance(value, Wrong):
            # Of a row whose indicator is not known nothing can be said of the value.
            if not pd.isna(codes[row]):
                reading.fault(row, key, value)
            value = None
        values.append(value)
    if suffix == ".ods":
        for row in small:
            if cells[row] < 1 and values[row] is not None:  # type: ignore[operator]
                reading.fault(row, key, _maybe_fraction(float(cells[row])))  # type: ignore[arg-type]
    return pd.Series(values, dtype="float64")


def _maybe_fraction(value: float) -> Wrong:
    """Return what is wrong with a number of an ods that may be shown as a percentage: it does not say so."""
    return Wrong(
        message("may be {small} % or {large} %", small=number(value, 6), large=number(value * 100, 4)),
        message("the percentage written as text, such as 97,5"),
    )


def _stations(reading: Reading, _: Inspections) -> Rows:
    context = reading.context
    today = pd.Series([pd.Timestamp(context.today)] * len(reading), dtype="datetime64[ns]")
    wards = reading.wards(today)
    names = reading.texts("name")
    frame = _frame(
        "station",
        station_id=wards["vintage"] + "-" + wards["ward_code"] + "-" + _each(names, _digest),
        vintage=wards["vintage"],
        ward_code=wards["ward_code"],
        station_name=names,
        # A position whose precision is not said is not taken for a surveyed one.
        location_precision=reading.words("precision").fillna("address"),
        source=reading.sources(),
    )
    points = positions(reading, wards)
    reading.refuse_repeated(frame[["station_id"]], context.recorded("station"), "name")
    return {"station": gpd.GeoDataFrame(frame, geometry=points, crs=STORAGE_CRS)}


def _event_tasks(reading: Reading, _: Inspections) -> Rows:
    context = reading.context
    days = reading.dates("date", PROGRAMME_START, None)
    names = reading.texts("event")
    known = context.recorded("event")
    recorded = {
        (fold(name), day): event_id
        for event_id, name, day in known[["event_id", "event_name", "event_date"]].itertuples(index=False)
    }
    ids = pd.Series(
        [
            None
            if pd.isna(name) or pd.isna(day)
            else recorded.get((fold(name), day), f"{day:%Y-%m-%d}-{_digest(name)}")
            for name, day in zip(names, days, strict=True)
        ],
        dtype="str",
    )
    sites = reading.texts("site")
    wards = sites_in_wards(sites, days, context.by_vintage)
    sources = reading.sources()
    tasks = _frame(
        "event_task",
        event_id=ids,
        site=sites,
        vintage=wards["vintage"],
        ward_code=wards["ward_code"],
        phase=reading.words("phase"),
        field=reading.words("field"),
        unit=reading.texts("unit"),
        # A row names the unit that secures the site; so much of it is done.
        state=reading.words("state").fillna("assigned"),
        source=sources,
    )
    events = _frame(
        "event",
        event_id=ids,
        event_date=days,
        scope="city",
        event_name=names,
        event_name_en=names,
        source=sources,
    )
    reading.refuse_repeated(
        tasks[["event_id", "site", "phase", "field"]], context.recorded("event_task"), "site"
    )
    new = ids.notna() & ~ids.isin(known["event_id"])
    return {"event": events[new].drop_duplicates("event_id"), "event_task": tasks}


def sites_in_wards(sites: pd.Series, days: pd.Series, by_vintage: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return vintage and ward_code of the sites that name a ward with its kind; the others have none."""
    iso = days.dt.strftime("%Y-%m-%d")
    rows: list[tuple[str | None, str | None]] = []
    for site, day in zip(sites, iso, strict=True):
        is_ward = not pd.isna(site) and split_kind(site)[0] in WARD_KINDS
        vintage = vintage_on(day, by_vintage) if is_ward and not pd.isna(day) else None
        found = (
            find_wards(
                pd.DataFrame([(site, "", vintage)], columns=["ward", "district", "vintage"]), by_vintage
            )
            if vintage
            else {}
        )
        code = next((code for code in found.values() if isinstance(code, str)), None)
        rows.append((vintage if code else None, code))
    return pd.DataFrame(rows, columns=["vintage", "ward_code"], dtype="str")


def _pilot_status(reading: Reading, _: Inspections) -> Rows:
    days = reading.dates("from", PROGRAMME_START, reading.context.today)
    wards = reading.wards(days)
    frame = _frame(
        "pilot_status",
        vintage=wards["vintage"],
        ward_code=wards["ward_code"],
        valid_from=days,
        valid_from_precision="day",
        role=reading.words("role"),
        stage=reading.words("stage"),
        decision_number=reading.texts("decision_number"),
        source=reading.sources(),
    )
    key = ["vintage", "ward_code", "valid_from", "role"]
    reading.refuse_repeated(frame[key], reading.context.recorded("pilot_status"), "from")
    return {"pilot_status": frame}


def _target_value(cell: Cell) -> object:
    value = read_number(cell)
    if value is None or value < 0:
        return Wrong(message("is no number"), message("a number from 0, such as 97,5 or 100 %"))
    return (value, "%" if isinstance(cell, str) and "%" in cell else None)


def _targets(reading: Reading, _: Inspections) -> Rows:
    names = reading.texts("name")
    due = reading.dates("due", PROGRAMME_START, None)
    values = reading.read("value", _target_value)
    pairs = [value if isinstance(value, tuple) else (None, None) for value in values]
    frame = _frame(
        "target",
        target_id=due.dt.strftime("%Y-%m-%d") + "-" + _each(names, _digest),
        scope="city",
        target_name=names,
        target_name_en=names,
        value=pd.Series([value for value, _ in pairs], dtype="float64"),
        unit=pd.Series([unit for _, unit in pairs], dtype="str"),
        due_date=due,
        source=reading.sources(),
    )
    reading.refuse_repeated(frame[["target_id"]], reading.context.recorded("target"), "name")
    return {"target": frame}


TIDY: dict[str, Callable[[Reading, Inspections], Rows]] = {
    "inspection": _inspections,
    "criterion_result": _criterion_results,
    "indicator_value": _indicators,
    "indicator_wide": _wide_indicators,
    "recommendation": _recommendations,
    "station": _stations,
    "event_task": _event_tasks,
    "pilot_status": _pilot_status,
    "target": _targets,
}
"""What reads each kind of table."""
