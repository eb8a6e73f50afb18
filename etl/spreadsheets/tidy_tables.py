"""From the tables of a spreadsheet to tidy rows of the contract, one function a kind of table."""

import re
from collections.abc import Callable
from datetime import date

import geopandas as gpd
import pandas as pd

from etl.spreadsheets.cell_rules import Wrong, count_cell, grade_cell
from etl.spreadsheets.cells import Cell, read_number, read_text, show_date
from etl.spreadsheets.reading import Context, Reading
from etl.spreadsheets.station_cells import positions
from etl.spreadsheets.tidy_indicators import indicators, wide_indicators
from etl.spreadsheets.tidy_rows import Inspections, Rows, criteria_sets, digest, each, layer_rows, slug
from etl.spreadsheets.ward_cells import FoundWard
from geodata.contract.crs import STORAGE_CRS
from geodata.contract.events import WHOLE_EVENT
from geodata.contract.layers import WARD_KINDS
from geodata.language import message
from geodata.wards.names import bare, fold, split_kind, vintage_on

PROGRAMME_START = date(2021, 3, 17)
"""The day on which the pilot was made known; nothing of the programme happened before."""


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
    suffix = each(kinds, lambda kind: f"-{slug(kind)}").fillna("")
    frame = layer_rows(
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
    frame = layer_rows(
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
    frame = layer_rows(
        "recommendation",
        recommendation_id=inspected + "-" + each(texts, digest),
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


def _stations(reading: Reading, _: Inspections) -> Rows:
    context = reading.context
    today = pd.Series([pd.Timestamp(context.today)] * len(reading), dtype="datetime64[ns]")
    wards = reading.wards(today)
    names = reading.texts("name")
    frame = layer_rows(
        "station",
        station_id=wards["vintage"] + "-" + wards["ward_code"] + "-" + each(names, digest),
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
            else recorded.get((fold(name), day), f"{day:%Y-%m-%d}-{digest(name)}")
            for name, day in zip(names, days, strict=True)
        ],
        dtype="str",
    )
    sites = reading.texts("site").map(
        lambda site: WHOLE_EVENT if fold(site) in _WHOLE_EVENT else site, na_action="ignore"
    )
    units = reading.texts("unit")
    wards = sites_in_wards(sites, days, context)
    sources = reading.sources()
    tasks = layer_rows(
        "event_task",
        event_id=ids,
        site=sites,
        vintage=wards["vintage"],
        ward_code=wards["ward_code"],
        phase=reading.words("phase"),
        field=reading.words("field"),
        unit=units,
        # A row that names a unit assigns the task to it; one that names none states nothing of it.
        state=reading.words("state").fillna(units.isna().map({True: "not_stated", False: "assigned"})),
        source=sources,
    )
    events = layer_rows(
        "event",
        event_id=ids,
        event_date=days,
        scope="city",
        event_name=names,
        event_name_en=names,
        is_plan_complete=_plans_complete(reading, ids, known),
        source=sources,
    )
    reading.refuse_repeated(
        tasks[["event_id", "site", "phase", "field"]], context.recorded("event_task"), "site"
    )
    new = ids.notna() & ~ids.isin(known["event_id"])
    return {"event": events[new].drop_duplicates("event_id"), "event_task": tasks}


_WHOLE_EVENT = {fold(text) for text in (WHOLE_EVENT, "Cả sự kiện", "Sự kiện", "Whole event")}


def _plans_complete(reading: Reading, ids: pd.Series, known: pd.DataFrame) -> pd.Series:
    """Return of each row whether the author of its plan marked it as complete: in a row, and in none not."""
    said = reading.words("complete")
    is_marked = said.eq("yes").groupby(ids).transform("any").fillna(False).astype("bool")
    reading.refuse(
        is_marked & said.eq("no"),
        "complete",
        Wrong(
            message("another row says that the plan is complete"), message("the same in all rows of a plan")
        ),
    )
    recorded = known.set_index("event_id")["is_plan_complete"].astype("bool")
    reading.refuse(
        is_marked & ids.isin(recorded.index[~recorded]),
        "complete",
        Wrong(
            message("the event is on record with a plan that is not marked as complete"),
            message("the plan under an event of its own, or no mark"),
        ),
    )
    return is_marked


def sites_in_wards(sites: pd.Series, days: pd.Series, context: Context) -> pd.DataFrame:
    """Return vintage and ward_code of the sites that name a ward with its kind; the others have none."""
    iso = days.dt.strftime("%Y-%m-%d")
    rows: list[tuple[str | None, str | None]] = []
    for site, day in zip(sites, iso, strict=True):
        is_ward = not pd.isna(site) and split_kind(site)[0] in WARD_KINDS
        vintage = vintage_on(day, context.by_vintage) if is_ward and not pd.isna(day) else None
        found = (
            context.find_wards(pd.DataFrame([(site, "", vintage)], columns=["ward", "district", "vintage"]))
            if vintage
            else {}
        )
        one = found.get((site, "", vintage or ""))
        code = one.ward_code if isinstance(one, FoundWard) else None
        rows.append((vintage if code else None, code))
    return pd.DataFrame(rows, columns=["vintage", "ward_code"], dtype="str")


def _pilot_status(reading: Reading, _: Inspections) -> Rows:
    days = reading.dates("from", PROGRAMME_START, reading.context.today)
    wards = reading.wards(days)
    frame = layer_rows(
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
    shown = reading.table.grid.percent_cells
    values = reading.read("value", _target_value)
    column = reading.table.columns.get("value", 0)
    for row, (number, value) in enumerate(zip(reading.table.numbers, values, strict=True)):
        if (number, column) in shown and isinstance(value, tuple) and value[1] is None:
            # Shown as a percentage, a cell holds a hundredth of it.
            values[row] = (round(100 * value[0], 10), "%")
    pairs = [value if isinstance(value, tuple) else (None, None) for value in values]
    frame = layer_rows(
        "target",
        target_id=due.dt.strftime("%Y-%m-%d") + "-" + each(names, digest),
        scope="city",
        target_name=names,
        target_name_en=names,
        value=pd.Series([value for value, _ in pairs], dtype="float64"),
        unit=pd.Series([unit for _, unit in pairs], dtype="str"),
        due_date=due,
        due_date_precision="day",
        source=reading.sources(),
    )
    reading.refuse_repeated(frame[["target_id"]], reading.context.recorded("target"), "name")
    return {"target": frame}


TIDY: dict[str, Callable[[Reading, Inspections], Rows]] = {
    "inspection": _inspections,
    "criterion_result": _criterion_results,
    "indicator_value": indicators,
    "indicator_wide": wide_indicators,
    "recommendation": _recommendations,
    "station": _stations,
    "event_task": _event_tasks,
    "pilot_status": _pilot_status,
    "target": _targets,
}
"""What reads each kind of table."""
