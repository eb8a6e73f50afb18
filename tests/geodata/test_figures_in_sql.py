"""The metrics against plain SQL on a built GeoPackage, for random ranges, units and vintages.

The queries are written from the definitions alone and share no code with the metrics. Two files are asked:
the small city with facts drawn at random, overlapping periods and gaps among them, and the real city with
illustrative rows. Station access is missing here, since SQL without spatial functions knows no circles; it is
reckoned by hand in ``test_programme.py``. The statuses of both files are recorded in one vintage; that
the later record of several counts is tested in ``test_figures.py``.
"""

import math
import random
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from etl.build import Illustrative, build
from geodata.contract.layers import LAYERS, read_layer, write_layers
from geodata.events.coverage import event_cells, event_coverage
from geodata.indicators.comparison import comparable_values, compare_with_year_before, year_before
from geodata.indicators.index import IndicatorIndex, index_indicators
from geodata.indicators.indicators import UnitLevel, indicator_values
from geodata.programme.coverage import pilot_coverage
from geodata.programme.criteria import criteria_met
from geodata.programme.inspections import inspected_wards, inspection_coverage, inspections_on
from geodata.programme.status import status_on
from geodata.programme.summary import INPUTS as SUMMARY_INPUTS
from geodata.programme.targets import stage_progress
from geodata.settings import SOURCES
from geodata.wards.units import KEY, Unit
from tests.conftest import AS_OF
from tests.small_city import NEW, OLD

DRAWS = 20
FIRST_DAY = pd.Timestamp("2021-07-01")
ILLUSTRATED_UNTIL = pd.Timestamp("2025-12-31")

VIEWS = """
CREATE TEMP TABLE age AS
SELECT vintage, ROW_NUMBER() OVER (ORDER BY vintage) AS number FROM (SELECT DISTINCT vintage FROM ward);

CREATE TEMP TABLE flow AS
SELECT from_vintage, from_ward_code, to_vintage, to_ward_code, area_weight, population_weight, overlap_km2
FROM crosswalk
UNION ALL SELECT vintage, ward_code, vintage, ward_code, 1.0, 1.0, outline_area_km2 FROM ward;
CREATE INDEX temp.flow_from ON flow (from_vintage, from_ward_code);

CREATE TEMP TABLE people AS
SELECT from_vintage, from_ward_code, to_vintage, to_ward_code, population_weight AS weight
FROM flow WHERE population_weight > 0;
CREATE INDEX temp.people_from ON people (from_vintage, from_ward_code);

CREATE TEMP TABLE inflow AS
SELECT from_vintage, to_vintage, to_ward_code, COUNT(*) AS parts,
       COUNT(*) = 1 AND MIN(weight) > 0.999999999 AS is_same
FROM people GROUP BY 1, 2, 3;

CREATE TEMP TABLE same AS
SELECT one.from_vintage, one.from_ward_code, one.to_vintage, one.to_ward_code
FROM crosswalk one
JOIN crosswalk back ON back.from_vintage = one.to_vintage AND back.from_ward_code = one.to_ward_code
                   AND back.to_vintage = one.from_vintage AND back.to_ward_code = one.from_ward_code
JOIN ward a ON a.vintage = one.from_vintage AND a.ward_code = one.from_ward_code
JOIN ward b ON b.vintage = one.to_vintage AND b.ward_code = one.to_ward_code
WHERE one.area_weight > 0.999999999 AND back.area_weight > 0.999999999 AND a.ward_name = b.ward_name;

CREATE TEMP TABLE seen AS
SELECT vintage, ward_code, inspection_date, inspection_id, criteria_set, criteria_met, criteria_assessed
FROM inspection
UNION ALL
SELECT to_vintage, to_ward_code, inspection_date, inspection_id, criteria_set, criteria_met, criteria_assessed
FROM inspection JOIN same ON vintage = from_vintage AND ward_code = from_ward_code;
"""

UNIT = """
SELECT ward_code, ward_kind, outline_area_km2, population,
       CASE WHEN (SELECT COUNT(*) = COUNT(area_km2) FROM ward WHERE vintage = :vintage)
       THEN area_km2 ELSE outline_area_km2 END AS area_km2
FROM ward
WHERE vintage = :vintage AND (:district IS NULL OR district_code = :district)
  AND (:ward IS NULL OR ward_code = :ward)
"""

CELLS = """
unit AS ({unit}),
cell AS (
  SELECT f.to_ward_code AS ward, f.from_vintage AS origin, i.period_start AS first, i.period_end AS last,
         SUM(f.weight * i.value) AS amount, SUM(f.weight * i.numerator) AS numerator,
         SUM(f.weight * i.denominator) AS denominator, COUNT(*) AS parts,
         COUNT(i.numerator + i.denominator) AS whole_parts
  FROM indicator_value i JOIN people f ON f.from_vintage = i.vintage AND f.from_ward_code = i.ward_code
  WHERE f.to_vintage = :vintage AND f.to_ward_code IN (SELECT ward_code FROM unit)
    AND i.indicator_code = :code AND i.period_start >= :first AND i.period_end <= :last
  GROUP BY 1, 2, 3, 4),
known AS MATERIALIZED (
  SELECT cell.*, julianday(last) - julianday(first) + 1 AS days, n.is_same,
         abs(age.number - (SELECT number FROM age WHERE vintage = :vintage)) + age.number / 10.0 AS place
  FROM cell JOIN inflow n ON n.from_vintage = origin AND n.to_vintage = :vintage AND n.to_ward_code = ward
  JOIN age ON age.vintage = origin
  WHERE n.parts = {parts}),
counted AS (
  SELECT * FROM known k WHERE NOT EXISTS (
    SELECT 1 FROM known o WHERE o.ward = k.ward AND o.first <= k.last AND o.last >= k.first
      AND (o.days > k.days OR (o.days = k.days AND (o.place < k.place
           OR (o.place = k.place AND o.first < k.first))))))
"""

COUNT = f"""
WITH {CELLS.format(unit=UNIT, parts="cell.parts")},
ward_sum AS (SELECT ward, SUM(amount) AS amount, SUM(days) AS days FROM counted GROUP BY ward
             HAVING SUM(days) >= :least_days)
SELECT SUM(s.amount) AS value,
       1000 * SUM(s.amount) / NULLIF(SUM(s.days / 365.25 * u.population), 0) AS per_1000,
       SUM(s.amount) / SUM(s.days / 365.25 * u.area_km2) AS per_km2,
       SUM(u.ward_kind <> 'huyện') AS ward_count,
       SUM(u.ward_kind <> 'huyện' AND s.ward IS NOT NULL) AS reporting_count,
       SUM(CASE WHEN u.ward_kind <> 'huyện' OR :ward IS NOT NULL THEN s.days END) AS days
FROM unit u LEFT JOIN ward_sum s ON s.ward = u.ward_code
"""

MONTHS = f"""
WITH {CELLS.format(unit=UNIT, parts="cell.parts")}
SELECT ward, first, date(first, :years) AS anew, date(last, '+1 day', :years) AS anew_until, amount, days
FROM counted
"""

PAIRED = """
SELECT SUM(now.amount) AS value, SUM(before.amount) AS previous, COUNT(DISTINCT now.ward) AS wards,
       100 * ((SUM(now.amount) / SUM(now.days)) / (SUM(before.amount) / SUM(before.days)) - 1) AS change_pct
FROM months_now now JOIN months_before before USING (ward, anew, anew_until)
"""

SHARE = f"""
WITH {CELLS.format(unit=UNIT, parts="cell.whole_parts")}
SELECT 100 * SUM(numerator) / NULLIF(SUM(denominator), 0) AS value, SUM(numerator) AS numerator
FROM counted JOIN unit ON ward = ward_code
"""

RECORDED = f"""
WITH {CELLS.format(unit=UNIT, parts="cell.parts")}
SELECT CASE WHEN COUNT(*) = 1 AND MIN(is_same) THEN MIN(amount) END AS value
FROM counted JOIN unit ON ward = ward_code
"""

LATEST = f"""
WITH unit AS ({UNIT}),
newest AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY vintage, ward_code ORDER BY period_end DESC, period_start DESC)
         AS place
  FROM indicator_value WHERE indicator_code = :code AND period_end <= :last),
carried AS (
  SELECT f.to_ward_code AS ward, f.from_vintage AS origin, SUM(f.weight * i.value) AS amount,
         COUNT(*) AS parts, SUM(f.weight * i.numerator) AS numerator,
         SUM(f.weight * i.denominator) AS denominator,
         COUNT(i.numerator + i.denominator) AS whole_parts, MIN(i.period_end) AS day
  FROM newest i JOIN people f ON f.from_vintage = i.vintage AND f.from_ward_code = i.ward_code
  WHERE i.place = 1 AND f.to_vintage = :vintage GROUP BY 1, 2),
ranked AS (
  SELECT carried.*, n.is_same, ROW_NUMBER() OVER (
    PARTITION BY ward ORDER BY day DESC, abs(age.number - (SELECT number FROM age WHERE vintage = :vintage)),
    origin) AS place
  FROM carried JOIN inflow n ON n.from_vintage = origin AND n.to_vintage = :vintage AND n.to_ward_code = ward
    AND n.parts = carried.parts AND (:adds_up OR n.is_same OR carried.parts = carried.whole_parts)
  JOIN age ON age.vintage = origin)
SELECT SUM(amount) AS total, COUNT(*) AS reporting_count, MIN(day) AS latest_day,
       CASE WHEN COUNT(*) = 1 AND MIN(is_same) THEN MIN(amount) END AS recorded,
       100 * SUM(CASE WHEN parts = whole_parts THEN numerator END)
       / NULLIF(SUM(CASE WHEN parts = whole_parts THEN denominator END), 0) AS pooled
FROM ranked JOIN unit ON ward = ward_code WHERE place = 1
"""

INSPECTED = f"""
WITH unit AS ({UNIT}),
inside AS (SELECT DISTINCT vintage, ward_code FROM seen WHERE inspection_date BETWEEN :first AND :last),
reach AS (
  SELECT f.to_ward_code AS ward, COUNT(*) = COUNT(s.ward_code) AS whole, COUNT(s.ward_code) > 0 AS part,
         SUM(CASE WHEN s.ward_code IS NULL THEN 0 ELSE f.overlap_km2 END) / MAX(t.outline_area_km2) AS share
  FROM flow f JOIN ward t ON t.vintage = f.to_vintage AND t.ward_code = f.to_ward_code
  LEFT JOIN inside s ON s.vintage = f.from_vintage AND s.ward_code = f.from_ward_code
  WHERE f.to_vintage = :vintage GROUP BY f.to_ward_code, f.from_vintage),
best AS (
  SELECT ward, MAX(whole) AS whole, MAX(part) AS part,
         CASE WHEN MAX(whole) THEN 1.0 ELSE MIN(MAX(share), 1.0) END AS share
  FROM reach GROUP BY ward)
SELECT SUM(ward_kind <> 'huyện' AND whole) AS inspected_count,
       SUM(ward_kind <> 'huyện' AND part AND NOT whole) AS partly_inspected_count,
       SUM(share * outline_area_km2) / SUM(outline_area_km2) * 100 AS area_pct,
       (SELECT MAX(inspection_date) FROM seen
        JOIN flow f ON f.from_vintage = seen.vintage AND f.from_ward_code = seen.ward_code
        JOIN unit ON unit.ward_code = f.to_ward_code
        WHERE f.to_vintage = :vintage AND inspection_date <= :last) AS last_inspection
FROM unit JOIN best ON ward = ward_code
"""

CRITERIA = f"""
WITH unit AS ({UNIT}),
newest AS (
  SELECT *, ROW_NUMBER() OVER (
    PARTITION BY vintage, ward_code ORDER BY inspection_date DESC, inspection_id DESC) AS place
  FROM seen WHERE inspection_date <= :last)
SELECT COUNT(*) AS ward_count, COUNT(n.criteria_met + n.criteria_assessed) AS assessed_ward_count,
       100.0 * SUM(CASE WHEN n.criteria_assessed IS NOT NULL THEN n.criteria_met END)
       / NULLIF(SUM(CASE WHEN n.criteria_met IS NOT NULL THEN n.criteria_assessed END), 0) AS of_assessed_pct,
       100.0 * SUM(CASE WHEN n.criteria_assessed IS NOT NULL AND c.criteria_count IS NOT NULL
                   THEN n.criteria_met END)
       / NULLIF(SUM(CASE WHEN n.criteria_met + n.criteria_assessed IS NOT NULL THEN c.criteria_count END), 0)
       AS of_set_pct
FROM newest n JOIN unit USING (ward_code) LEFT JOIN criteria_set c USING (criteria_set)
WHERE n.vintage = :vintage AND n.place = 1
"""

PILOT = f"""
WITH unit AS ({UNIT}),
stage (name, step) AS (VALUES ('not_met', -1), ('registered', 0), ('building', 1), ('self_assessed', 2),
                              ('inspected', 3), ('proposed', 4), ('recognised', 5)),
newest AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY vintage, ward_code ORDER BY valid_from DESC, role = 'pilot' DESC)
         AS place
  FROM pilot_status WHERE valid_from <= :last),
held AS (
  SELECT n.vintage, n.ward_code, n.role, s.step FROM newest n LEFT JOIN stage s ON s.name = n.stage
  WHERE n.place = 1),
reach AS (
  SELECT f.to_ward_code AS ward, COUNT(*) AS parts, MAX(h.step) AS step, SUM(h.role = 'pilot') AS pilots,
         CASE WHEN COUNT(*) = SUM(h.role = 'pilot' AND h.step <> 0) THEN 1.0
         ELSE MIN(1.0, SUM(CASE WHEN h.role = 'pilot' AND h.step <> 0 THEN f.overlap_km2 ELSE 0 END)
                       / MAX(t.outline_area_km2)) END AS area,
         SUM(CASE WHEN h.role = 'pilot' AND h.step <> 0 THEN f.population_weight * w.population ELSE 0 END)
         / SUM(f.population_weight * w.population) AS residents
  FROM flow f JOIN ward w ON w.vintage = f.from_vintage AND w.ward_code = f.from_ward_code
  JOIN ward t ON t.vintage = f.to_vintage AND t.ward_code = f.to_ward_code
  LEFT JOIN held h ON h.vintage = f.from_vintage AND h.ward_code = f.from_ward_code
  WHERE f.to_vintage = :vintage AND f.from_vintage = (SELECT MIN(vintage) FROM pilot_status) GROUP BY 1),
furthest AS (
  SELECT f.to_ward_code AS ward, COUNT(*) AS holders FROM flow f
  JOIN held h ON h.vintage = f.from_vintage AND h.ward_code = f.from_ward_code
  JOIN reach r ON r.ward = f.to_ward_code AND r.step = h.step
  WHERE f.to_vintage = :vintage AND h.role = 'pilot' GROUP BY 1)
SELECT SUM(ward_kind <> 'huyện') AS ward_count,
       TOTAL(pilots > 0 AND step <> 0 AND holders = parts) AS pilot_ward_count,
       TOTAL(pilots > 0 AND step <> 0 AND holders < parts) AS partly_ward_count,
       100 * TOTAL(area * outline_area_km2) / SUM(outline_area_km2) AS area_pct,
       100 * TOTAL(residents * population) / SUM(population) AS population_pct,
       TOTAL(pilots > 0 AND step >= :step AND holders = parts) AS reached_count,
       TOTAL(pilots > 0 AND step >= :step AND holders < parts) AS reached_partly_count
FROM unit LEFT JOIN reach ON reach.ward = unit.ward_code LEFT JOIN furthest ON furthest.ward = unit.ward_code
"""

EVENT = """
SELECT COUNT(DISTINCT site) * 9 AS cells,
    CASE WHEN is_plan_complete THEN COUNT(DISTINCT site) * 9 ELSE SUM(state <> 'not_stated') END AS stated,
    SUM(state IN ('assigned', 'done')) AS assigned, SUM(state = 'done') AS done
FROM event_task JOIN event USING (event_id) WHERE event_id = :event
"""


@dataclass(frozen=True)
class Published:
    """A GeoPackage, read both ways."""

    connection: sqlite3.Connection
    layers: dict[str, Any]
    index: IndicatorIndex

    def ask(self, query: str, **values: Any) -> dict[str, Any]:
        """Return the one row of a query."""
        cursor = self.connection.execute(query, values)
        return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))


@dataclass(frozen=True)
class Asked:
    """What is asked: a range, and a unit of a vintage."""

    first: pd.Timestamp
    last: pd.Timestamp
    unit: Unit

    @property
    def values(self) -> dict[str, Any]:
        """The placeholders of a query."""
        return {
            "first": f"{self.first:%Y-%m-%d}",
            "last": f"{self.last:%Y-%m-%d}",
            "vintage": self.unit.vintage,
            "district": self.unit.district_code,
            "ward": self.unit.ward_code,
        }


def opened(path: Path) -> Published:
    names = {*SUMMARY_INPUTS, "indicator", "indicator_value", "event", "event_task"}
    layers = {name: read_layer(path, name) for name in sorted(names)}
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.executescript(VIEWS)
    index = index_indicators(*(layers[n] for n in ("indicator_value", "indicator", "ward", "crosswalk")))
    return Published(connection, layers, index)


def drawn_values(draw: random.Random, wards: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """Return values with gaps, overlapping periods and missing parts; a few of another vintage's time."""
    months = pd.period_range("2024-01", "2025-12", freq="M")
    spans = [(month.start_time, month.end_time.normalize()) for month in months]
    spans += [
        (q.start_time, q.end_time.normalize()) for q in pd.period_range("2024Q1", "2025Q4", freq="Q")[::3]
    ]
    spans += [(pd.Timestamp("2025-01-01"), pd.Timestamp("2025-12-31"))]
    rows = []
    for vintage, ward in wards[KEY].itertuples(index=False, name=None):
        for code in codes:
            for first, last in spans:
                in_force = wards.loc[wards["vintage"] <= f"{last:%Y-%m-%d}", "vintage"].max() == vintage
                if draw.random() < (0.9 if in_force else 0.03):
                    below = draw.randint(0, 40)
                    above = draw.randint(0, below)
                    has_parts = draw.random() < 0.8
                    rows.append(
                        {
                            "vintage": vintage,
                            "ward_code": ward,
                            "indicator_code": code,
                            "period_start": first,
                            "period_end": last,
                            "value": float(draw.randint(0, 30)),
                            "numerator": float(above) if has_parts else None,
                            "denominator": float(below) if has_parts else None,
                            "source": "article",
                            "is_illustrative": True,
                        }
                    )
    return pd.DataFrame(rows)


def drawn_inspections(draw: random.Random, wards: pd.DataFrame) -> pd.DataFrame:
    """Return inspections on random days, some without criteria or set."""
    rows = []
    for number in range(25):
        vintage, ward = draw.choice(wards[KEY].to_numpy().tolist())
        assessed = draw.choice([None, 0, 2, 3])
        rows.append(
            {
                "inspection_id": f"drawn-{number:02}",
                "round_id": None,
                "vintage": vintage,
                "ward_code": ward,
                "inspection_date": FIRST_DAY + pd.Timedelta(days=draw.randint(0, 1600)),
                "inspecting_body": "Công an thành phố",
                "kind": "định kỳ",
                "verdict": None,
                "criteria_set": draw.choice(["v1", None]),
                "criteria_met": None if assessed is None else draw.randint(0, assessed),
                "criteria_assessed": assessed,
                "classification": None,
                "source": "article",
                "is_illustrative": True,
            }
        )
    return pd.DataFrame(rows).convert_dtypes()


@pytest.fixture(scope="module")
def small(small_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    draw = random.Random(4)
    layers = {name: read_layer(small_gpkg, name) for name in LAYERS}
    wards = layers["ward"]
    codes = layers["indicator"]["indicator_code"].tolist()
    filled = layers | {
        "indicator_value": drawn_values(draw, wards, codes),
        "inspection": drawn_inspections(draw, wards),
    }
    path = tmp_path_factory.mktemp("sql") / "haiphong.gpkg"
    write_layers(path, filled)
    return opened(path)


@pytest.fixture(scope="module")
def whole(sketched_boundaries: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    path = tmp_path_factory.mktemp("sql") / "haiphong.gpkg"
    build([sketched_boundaries], SOURCES, path, AS_OF, illustrative=Illustrative(ILLUSTRATED_UNTIL))
    return opened(path)


def asked(draw: random.Random, wards: pd.DataFrame) -> Asked:
    """Return a range of a day to two years, and a city, district, former district or ward."""
    first = FIRST_DAY + pd.Timedelta(days=draw.randint(0, 1600))
    if draw.random() < 0.5:
        first = first.to_period("M").start_time
    last = first + pd.Timedelta(days=draw.randint(0, 730))
    if draw.random() < 0.5:
        last = last.to_period("M").end_time.normalize()
    vintage = draw.choice(sorted(wards["vintage"].unique()))
    of_vintage = wards[wards["vintage"] == vintage]
    unit = draw.choice(
        [
            Unit(vintage),
            Unit(vintage, district_code=draw.choice(sorted(of_vintage["district_code"].dropna().unique()))),
            Unit(vintage, ward_code=draw.choice(of_vintage["ward_code"].tolist())),
        ]
    )
    return Asked(first, last, unit)


def same(found: Any, expected: Any) -> bool:
    """Return whether two figures are the same, missing ones included."""
    if pd.isna(found) or expected is None or pd.isna(expected):
        return bool(pd.isna(found) and (expected is None or pd.isna(expected)))
    return math.isclose(float(found), float(expected), rel_tol=1e-9, abs_tol=1e-9)


def check_indicators(published: Published, question: Asked) -> None:
    unit = question.unit
    by: UnitLevel = "ward" if unit.ward_code else "district" if unit.district_code else "city"
    unit_code = unit.ward_code or unit.district_code or ""
    days = (question.last - question.first).days + 1
    is_one_ward = len(unit.rows(published.layers["ward"])) == 1
    for code, kind, adds_up, of in published.layers["indicator"][
        ["indicator_code", "kind", "adds_up", "unit"]
    ].itertuples(index=False, name=None):
        figures: Any = (
            indicator_values(published.index, code, question.first, question.last, unit.vintage, by)
            .set_index("unit_code")
            .loc[unit_code]
        )
        told = {"code": code, "least_days": 0, "adds_up": bool(adds_up), **question.values}
        if kind == "count":
            row = published.ask(COUNT, **told)
            reported_days = row.pop("days") or 0
            ward_days = (1 if by == "ward" else row["ward_count"]) * days
            row["days_pct"] = 100 * reported_days / ward_days if ward_days else None
            for name, expected in row.items():
                assert same(figures[name], expected), (name, told)
            check_year_before(published, question, code, by, unit_code)
            continue
        if kind == "share":
            pooled = published.ask(SHARE, **told)
            assert same(figures["numerator"], pooled["numerator"]), told
            recorded = published.ask(RECORDED, **told)["value"]
            expected = pooled["value"]
        else:
            row = published.ask(LATEST, **told)
            recorded = row["recorded"]
            expected = row["total"] if adds_up else row["pooled"] if of == "%" else None
            if adds_up:
                assert same(
                    pd.Timestamp(figures["latest_day"]).value, pd.Timestamp(row["latest_day"]).value
                ) or (pd.isna(figures["latest_day"]) and row["latest_day"] is None), told
        if not adds_up and is_one_ward and recorded is not None:
            expected = recorded
        assert same(figures["value"], expected), told


def check_year_before(published: Published, question: Asked, code: str, by: Any, unit_code: str) -> None:
    spans = (question.first, question.last), year_before(question.first, question.last)
    compared = (
        compare_with_year_before(published.index, code, *spans[0], question.unit.vintage, by)
        .set_index("unit_code")
        .loc[unit_code]
    )
    connection = published.connection
    for (first, last), name, years, column in zip(
        spans, ("now", "before"), ("+0 years", "+1 years"), ("value", "previous"), strict=True
    ):
        days = (last - first).days + 1
        told = {"code": code, "years": years, "least_days": 0 if by == "ward" else 0.75 * days}
        told |= question.values | {"first": f"{first:%Y-%m-%d}", "last": f"{last:%Y-%m-%d}"}
        assert same(compared[column], published.ask(COUNT, **told)["value"]), told
        connection.execute(f"DROP TABLE IF EXISTS temp.months_{name}")
        connection.execute(f"CREATE TEMP TABLE months_{name} AS {MONTHS}", told)
    paired = published.ask(PAIRED)
    assert same(compared["compared_value"], paired["value"]), told
    assert same(compared["compared_previous_value"], paired["previous"]), told
    is_large = min(paired["value"] or 0, paired["previous"] or 0) >= 10
    is_told = is_large and compared["is_reported"] and compared["previous_is_reported"]
    assert same(compared["change_pct"], paired["change_pct"] if is_told else None), told


def check_coverage(published: Published, question: Asked) -> None:
    layers, unit, last = published.layers, question.unit, question.last
    wards, crosswalk = layers["ward"], layers["crosswalk"]
    status = wards.merge(
        status_on(last, wards, layers["pilot_status"], crosswalk), on=KEY, validate="one_to_one"
    )
    steps = ("registered", "building", "self_assessed", "inspected", "proposed", "recognised")
    step = (last.day + last.month) % len(steps)
    pilot = published.ask(PILOT, step=step, **question.values)
    reached = stage_progress([last], steps[step], unit, wards, layers["pilot_status"], crosswalk).iloc[0]
    assert same(reached["reached_count"], pilot.pop("reached_count")), (step, question)
    assert same(reached["partly_count"], pilot.pop("reached_partly_count")), (step, question)
    coverage = pilot_coverage(unit.rows(status))
    for name, expected in pilot.items():
        assert same(getattr(coverage, name), expected), (name, question)

    seen = inspected_wards(question.first, last, wards, layers["inspection"], crosswalk)
    inspected = inspection_coverage(last, unit.rows(status.merge(seen, on=KEY, validate="one_to_one")))
    row = published.ask(INSPECTED, **question.values)
    day = row.pop("last_inspection")
    assert inspected.last_inspection == (None if day is None else pd.Timestamp(day)), question
    assert inspected.days_since_last == (None if day is None else (last - pd.Timestamp(day)).days)
    for name, expected in row.items():
        assert same(getattr(inspected, name), expected), (name, question)

    met = criteria_met(
        unit.rows(
            inspections_on(last, wards, layers["inspection"], crosswalk).merge(
                wards[[*KEY, "district_code"]], on=KEY, validate="one_to_one"
            )
        ),
        layers["criteria_set"],
    )
    for name, expected in published.ask(CRITERIA, **question.values).items():
        assert same(getattr(met, name), expected), (name, question)


@pytest.mark.parametrize("seed", range(DRAWS))
def test_metrics_of_the_small_city_are_what_sql_finds(small: Published, seed: int) -> None:
    question = asked(random.Random(seed), small.layers["ward"])
    check_indicators(small, question)
    check_coverage(small, question)


@pytest.mark.parametrize("seed", range(DRAWS // 2))
def test_metrics_of_the_whole_city_are_what_sql_finds(whole: Published, seed: int) -> None:
    question = asked(random.Random(seed), whole.layers["ward"])
    check_indicators(whole, question)
    check_coverage(whole, question)


UNEVEN = """
SELECT ward.ward_code FROM ward WHERE vintage = '2025-07-01' AND ward_code NOT IN (
  SELECT to_ward_code FROM crosswalk WHERE to_vintage = '2025-07-01')
"""


def test_where_half_the_city_began_to_report_late_like_is_compared_with_like(whole: Published) -> None:
    vintage = "2025-07-01"
    late = {code for (code,) in whole.connection.execute(UNEVEN)}
    assert len(late) > 50, "the area of the former Hải Dương has no predecessors"
    span = (pd.Timestamp("2024-07-01"), pd.Timestamp("2025-12-31"))
    wards = comparable_values(whole.index, "crime_cases", *span, vintage).set_index("unit_code")
    assert not wards.loc[sorted(late), "is_reported"].any()
    assert not wards.loc[sorted(late), "is_rankable"].any()
    of_late = wards.loc[sorted(late), "per_1000"].dropna().median()
    of_others = wards.loc[wards["is_reported"], "per_1000"].median()
    assert 0.5 < of_late / of_others < 2, "a short time of reports is no drop"

    halves = (span[1] - pd.DateOffset(months=6) + pd.offsets.MonthBegin(0), span[1])
    question = Asked(halves[0], halves[1], Unit(vintage))
    check_year_before(whole, question, "crime_cases", "city", "")
    city = compare_with_year_before(whole.index, "crime_cases", *halves, vintage, "city").iloc[0]
    naive = 100 * (city["value"] / city["previous"] - 1)
    paired = whole.ask(PAIRED)["change_pct"]
    assert city["change_pct"] == pytest.approx(paired)
    assert naive > 50 > abs(paired)


@pytest.mark.parametrize("city", ["small", "whole"])
def test_event_coverage_is_what_sql_finds(city: str, request: pytest.FixtureRequest) -> None:
    published: Published = request.getfixturevalue(city)
    tasks = published.layers["event_task"]
    for event in tasks["event_id"].unique():
        coverage = event_coverage(event_cells(tasks[tasks["event_id"] == event], published.layers["event"]))
        row = published.ask(EVENT, event=event)
        found = (coverage.cell_count, coverage.stated_count, coverage.assigned_count, coverage.done_count)
        assert found == tuple(row.values())


def test_the_random_questions_are_of_every_kind(small: Published) -> None:
    units = [asked(random.Random(seed), small.layers["ward"]).unit for seed in range(DRAWS)]
    assert {unit.vintage for unit in units} >= {OLD, NEW}
    assert any(unit.ward_code for unit in units)
    assert any(unit.district_code for unit in units)
    assert any(unit == Unit(unit.vintage) for unit in units)
