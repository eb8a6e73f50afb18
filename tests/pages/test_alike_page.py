"""Where neighbours are alike, as the ward map shows it: on a made country whose groups are known."""

import datetime
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path
from threading import Event

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.query.layers import of_vintage
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.screens.ward_map import screen, widgets
from dashboard.shell.ahead import answered
from dashboard.shell.link import asked_of
from dashboard.subjects.figures import alike, legend_words, panel_words
from dashboard.subjects.figures.choices import Choice
from dashboard.subjects.figures.model import WardClasses, classify
from geodata.contract.layers import LAYERS, read_layer, write_layers
from geodata.indicators import clusters
from geodata.language import render
from geodata.period import Period
from geodata.settings import ROOT
from geodata.wards.neighbours import touching
from tests.benchmarks.country import write_country
from tests.pages.opened import headline, html, opened
from tests.small_city import OLD

SIDE = 8
YEAR = Period(datetime.date(2023, 1, 1), datetime.date(2023, 12, 31))
LINK = {"from": "2023-01-01", "to": "2023-12-31", "facts": "all", "figure": "crime_cases", "alike": "yes"}
HIGH, LOW = [[SIDE * column + row for column in at for row in at] for at in (range(4), range(5, 8))]
SILENT, FEW = 9, 40
"""A unit of the high block that reported half of the year, and one with nine events."""


@pytest.fixture(scope="module")
def gpkg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a square country with 10 offences a thousand residents, 30 in one corner, 2 in another."""
    folder = tmp_path_factory.mktemp("alike")
    country = write_country(folder, SIDE, SIDE)
    layers = {name: read_layer(country, name) for name in LAYERS}
    wards = layers["ward"]
    rates = 10 + np.random.default_rng(5).normal(0, 0.5, len(wards))
    rates[HIGH], rates[LOW] = 30, 2
    counts = np.round(np.maximum(rates * wards["population"].to_numpy("float64") / 1000, 10))
    counts[FEW] = 9
    values = pd.DataFrame(
        {
            "vintage": OLD,
            "ward_code": wards["ward_code"],
            "indicator_code": "crime_cases",
            "period": "2023",
            "period_start": pd.Timestamp("2023-01-01"),
            "period_end": pd.Timestamp("2023-12-31"),
            "value": counts,
            "numerator": np.nan,
            "denominator": np.nan,
            "source": "article",
            "is_illustrative": True,
        }
    )
    values.loc[SILENT, "period_end"] = pd.Timestamp("2023-06-30")
    values.loc[SILENT, "period"] = "2023-H1"
    layers["indicator_value"] = values[list(LAYERS["indicator_value"].columns)]
    path = folder / "made.gpkg"
    write_layers(path, layers)
    return path


@pytest.fixture
def app(gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(gpkg))
    return AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=60)


@pytest.fixture
def query(gpkg: Path) -> Query:
    return Query(Publication(gpkg, 1, 1), YEAR, OLD, verified_only=False)


def shown_of(query: Query, choice: Choice | None = None) -> WardClasses:
    return classify(query, choice or Choice("crime_cases", is_alike=True))


def test_the_classes_are_those_of_the_rates_that_the_rules_let_through(query: Query) -> None:
    shown = shown_of(query)
    pairs = touching(of_vintage(query.published, "ward", OLD))
    let_through = np.delete(np.arange(SIDE**2), [SILENT, FEW])
    figures = np.full(SIDE**2, np.nan)
    figures[let_through] = shown.rows["value"].to_numpy("float64")[let_through]
    expected = clusters.alike(figures, pairs)
    left_out = len(shown.palette)
    assert shown.numbers.tolist() == np.where(expected < 0, left_out, expected).tolist()
    assert set(np.flatnonzero(shown.numbers == left_out)) == {SILENT, FEW}
    assert set(np.flatnonzero(shown.numbers == clusters.HIGH_HIGH)) <= set(HIGH)
    assert shown.counts[clusters.HIGH_HIGH] > 5
    assert shown.counts == (*np.bincount(shown.numbers, minlength=7).tolist(), 0)


def test_the_page_says_it_in_both_languages_and_its_link_is_restored(app: AppTest, query: Query) -> None:
    count = shown_of(query).counts[clusters.HIGH_HIGH]
    opened(app, "ward_map", **LINK)
    assert headline(app).startswith(
        f"Minh họa: Vụ phạm pháp hình sự: {count} đơn vị cao nằm giữa các đơn vị cao"
    )
    assert headline(app).endswith("hơn mức ngẫu nhiên giải thích")
    assert dict(app.query_params) == LINK
    app.session_state["map_options"] = True
    app.run()
    assert app.toggle(key="page_alike").value
    assert "page_method" not in {box.key for box in app.selectbox}
    opened(app, "ward_map", **LINK, lang="en")
    assert f": units high among high ({count}), low among low (" in headline(app)
    app.session_state["map_options"] = True
    app.run()
    app.toggle(key="page_alike").set_value(False).run()
    assert "alike" not in app.query_params and "among" not in headline(app)


def test_legend_tooltip_table_and_panel_bear_the_class(query: Query) -> None:
    choice = Choice("crime_cases", is_alike=True)
    view = screen.drawn(query, choice, "vi").view
    classes = {render(one.label, "vi"): render(one.count, "vi") for one in view.classes}
    shown = shown_of(query)
    assert classes["Cao giữa các đơn vị cao"] == str(shown.counts[clusters.HIGH_HIGH])
    assert len(view.values) == SIDE**2 and all(view.values) and view.badge
    labels = [render(one.label, "vi") for one in legend_words.map_classes(shown)]
    table = panel_words.with_limits(shown.table(labels))
    assert (table["class_label"] == "Cao giữa các đơn vị cao").sum() == shown.counts[clusters.HIGH_HIGH]
    member = int(np.flatnonzero(shown.numbers == clusters.HIGH_HIGH)[0])
    assert "Cao giữa các đơn vị cao" in str(
        screen.panel(query, choice, shown.rows["ward_code"].iloc[member], "vi")
    )


@pytest.mark.parametrize(
    "other",
    [
        {"per": "value"},
        {"second": "satisfaction_pct"},
        {"play": "yes"},
        {"figure": "days_since"},
        {"figure": "stage"},
    ],
)
def test_what_is_no_single_rate_does_not_offer_it(query: Query, other: dict[str, str]) -> None:
    choice = widgets.chosen_figures(query.published, asked_of({**LINK, **other}))
    assert not choice.is_alike
    assert not shown_of(query, choice).is_alike


@pytest.fixture
def busy() -> Iterator[Event]:
    """Keep the thread that works out classes busy until the event is set."""
    event = Event()
    alike._WORKER.submit(event.wait)
    yield event
    event.set()


def test_of_many_wards_the_page_shows_plain_classes_until_they_are_there(
    app: AppTest, query: Query, busy: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "AT_ONCE", SIDE)
    opened(app, "ward_map", **LINK, per="per_km2")
    assert "Đang tính" in app.caption[0].value and "giữa các đơn vị" not in headline(app)
    assert app.query_params["alike"] == "yes"
    link = {**LINK, "per": "per_km2", "vintage": OLD}
    assert answered(screen.view, link) is None
    busy.set()
    wait([alike._WORKER.submit(int)])
    answer = answered(screen.view, link)
    assert answer is not None and answer["palette"][0]["label"] == "Cao giữa các đơn vị cao"
    per_km2 = Choice("crime_cases", per="per_km2", is_alike=True)
    assert answer["classes"] == shown_of(query, per_km2).numbers.tolist()
    app.run()
    assert not app.caption and "Nơi các đơn vị giáp nhau" not in html(app)
    assert "giữa các đơn vị" in headline(app)
