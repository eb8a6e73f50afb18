"""Progress by hand on the small city: counts by stage, bullets, headquarters, timeline, and what changed."""

import datetime
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.query import layers as data
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.screens.progress import charts, stage_charts
from dashboard.subjects.progress import model, stages
from dashboard.subjects.progress.happenings import happenings
from dashboard.subjects.progress.runs import known_runs, unknown_since
from dashboard.subjects.progress.view import ProgressView
from dashboard.subjects.progress.wards import programme_wards
from dashboard.subjects.progress.words import describe, due_words
from dashboard.ui.html import html
from geodata.language import Language, render
from geodata.period import Period
from geodata.programme.confirmation import confirmed_until
from geodata.programme.targets import stage_progress
from geodata.wards.units import Unit
from tests.inspected_city import BATCH
from tests.small_city import MID, NEW, OLD
from tests.wording import SAID

SCRIPT = "<img src=x onerror=alert(1)>"
ALL = Period(datetime.date(2021, 3, 17), datetime.date(2025, 12, 31))


@pytest.fixture(scope="module")
def published(inspected_gpkg: Path) -> Publication:
    state = inspected_gpkg.stat()
    return Publication(inspected_gpkg, state.st_mtime_ns, state.st_size)


@dataclass(frozen=True)
class Shown:
    """A view as its reader sees it."""

    headline: str
    nothing: str
    notes: str
    changes: str
    table: pd.DataFrame
    rows: pd.DataFrame
    is_illustrative: bool


def told(view: ProgressView, language: Language = "vi") -> Shown:
    words = describe(view)
    return Shown(
        headline=words.headline.render(language),
        nothing=words.nothing.render(language) if words.nothing else "",
        notes=html("progress_notes", language, notes=words.notes),
        changes=html("progress_changes", language, entries=words.entries)
        if isinstance(view, model.Changes)
        else "",
        table=pd.DataFrame(words.entries).map(lambda value: render(value, language)),
        rows=view.rows,
        is_illustrative=view.is_illustrative,
    )


def shown(
    published: Publication,
    name: str,
    *,
    until: str = "2025-12-31",
    vintage: str = OLD,
    areas: tuple[str, ...] = (),
    verified: bool = True,
    every_ward: bool = False,
    language: Language = "vi",
) -> Shown:
    period = Period(ALL.since, datetime.date.fromisoformat(until))
    query = Query(published, period, vintage, areas, verified)
    return told(model.progress(query, name, every_ward=every_ward), language)


@pytest.mark.parametrize("vintage", [OLD, MID, NEW])
@pytest.mark.parametrize("stage", ["building", "inspected"])
def test_what_is_known_is_the_metric_by_the_boundaries_in_force(
    published: Publication, vintage: str, stage: str
) -> None:
    counts, _ = stages.counts_over_time(Query(published, ALL, vintage))
    rows = counts[counts["stage"] == stage]
    layers = [data.layer(published, name) for name in ("ward", "pilot_status", "crosswalk")]
    for row in rows.to_dict("records"):
        in_force = max(one for one in (OLD, MID, NEW) if one <= row["day"].date().isoformat())
        reckoned = stage_progress([row["day"]], stage, Unit(in_force), *layers).iloc[0]
        held = reckoned["reached_count"] + reckoned["partly_count"]
        is_known = row["day"] <= pd.Timestamp("2023-11-23")
        assert row["ward_count"] == reckoned["ward_count"]
        assert row["reached_count"] == (reckoned["reached_count"] if is_known else 0)
        assert row["unknown_count"] == (0 if is_known else held)


def test_after_its_last_record_nothing_is_known_of_a_ward(published: Publication) -> None:
    counts, of_wards = stages.counts_over_time(Query(published, ALL, OLD))
    inspected = counts[counts["stage"] == "inspected"]
    assert [f"{day:%Y-%m-%d}" for day in inspected["day"]] == [
        "2021-03-17",
        "2023-11-23",
        "2023-11-24",
        "2025-12-31",
    ]
    assert inspected["reached_count"].tolist() == [0, 1, 0, 0]
    assert inspected["unknown_count"].tolist() == [0, 0, 1, 1]
    # The target of ward police is about phường alone, of which there are two by either boundaries.
    assert of_wards["ward_count"].unique().tolist() == [2]
    building = of_wards[of_wards["stage"] == "building"]
    assert building["reached_pct"].tolist() == [50.0, 50.0, 0.0, 0.0]


def test_silence_is_no_zero(published: Publication) -> None:
    table = shown(published, "stages").table.set_index(["stage", "day"])
    early, known, late = (
        ("inspected", pd.Timestamp(day)) for day in ("2021-03-17", "2023-11-23", "2025-12-31")
    )
    assert [table["reached"][at] for at in (early, known, late)] == [
        "chưa ghi nhận",
        "1",
        "Chưa có thông tin",
    ]
    assert [table["phuong_pct"][at] for at in (early, known, late)] == [
        "chưa ghi nhận",
        "50\u00a0%",
        "Chưa có thông tin",
    ]


def test_of_what_is_known_to_the_year_the_year_is_told(published: Publication) -> None:
    recorded = data.layer(published, "pilot_status").assign(valid_from_precision="year")
    until = confirmed_until(recorded[recorded["stage"].notna()], data.layer(published, "crosswalk"))
    # The record names the years 2021 to 2023.
    assert until[OLD, "00002"] == pd.Timestamp("2023-12-31")
    assert set(until[NEW]) == {pd.Timestamp("2023-12-31")}
    assert (OLD, "00001") not in until.index
    told = stages.targets(data.layer(published, "target"), data.layer(published, "source"))
    national = next(one for one in told if one.scope == "national")
    assert render(due_words(national), "vi") == "năm 2030"
    assert render(due_words(replace(national, due_precision="day")), "vi") == "31/12/2030"


def test_the_sentence_names_stages_and_the_national_target(published: Publication) -> None:
    known = (
        "Một phường từng được chọn thí điểm (năm 2021–2023), một phường đã qua kiểm tra; sau ngày 23/11/2023 "
        "chưa có thông tin về giai đoạn; chỉ tiêu toàn quốc là 100\u00a0% đến năm 2030"
    )
    assert [shown(published, "stages", vintage=vintage).headline for vintage in (OLD, NEW)] == [known] * 2
    assert shown(published, "stages", until="2022-12-31", language="en").headline == (
        "One ward has been chosen for the pilot (for 2021–2023); nothing known of stages after 17/03/2021 up "
        "to the end of the period; "
        "the national target is 100% by the year 2030"
    )


def test_beside_illustrative_figures_stages_say_that_they_are_verified(published: Publication) -> None:
    known = shown(published, "stages").headline
    mixed = shown(published, "stages", verified=False).headline
    assert mixed == f"Chỉ theo số liệu đã xác thực, {known[0].lower()}{known[1:]}"


def test_no_gap_is_claimed_and_the_citys_own_target_stays_unknown(published: Publication) -> None:
    view = shown(published, "stages")
    assert "gap_count" not in view.table
    assert "Mục tiêu của thành phố: chưa được công bố" in view.notes
    assert "không phải của riêng thành phố" in view.notes


def test_areas_narrow_every_view(published: Publication) -> None:
    west = ("902",)
    assert shown(published, "stages", areas=west).headline.startswith(
        "Chưa ghi nhận giai đoạn của phường nào"
    )
    assert shown(published, "timeline", areas=west).table["ward_code"].dropna().unique().tolist() == ["00003"]
    assert shown(published, "changes", areas=west).table["kind"].tolist() == ["visit"]
    island = shown(published, "criteria", areas=("903",))
    assert island.rows.empty
    assert "không có phường nào thuộc chương trình" in island.nothing
    assert island.headline == "Không có phường nào của chương trình để hiển thị"


def test_the_straight_line_runs_from_the_first_day_to_the_target_and_says_what_it_is(
    published: Publication,
) -> None:
    _, of_wards = stages.counts_over_time(Query(published, ALL, OLD))
    targets = stages.targets(data.layer(published, "target"), data.layer(published, "source"))
    figure = stage_charts.target_lines(of_wards, targets, ALL.since, "vi")
    lines = [trace for trace in figure.data if trace.name == SAID["progress: the line to the target"]]
    assert list(lines[0].y) == [0, 100]
    assert [f"{pd.Timestamp(day):%Y-%m-%d}" for day in lines[0].x] == ["2021-03-17", "2030-12-31"]
    notes = [note.text for note in figure.layout.annotations]
    assert "100\u00a0% · 2030 (toàn quốc)" in notes
    assert "Chưa có thông tin" in notes


def test_a_stage_that_nobody_has_confirmed_since_fades(published: Publication) -> None:
    counts = shown(published, "stages").rows
    figure = stage_charts.stage_steps(counts, "vi")
    steps = [trace for trace in figure.data if trace.line.shape == "hv"]
    assert [trace.name for trace in steps] == ["“được chọn thí điểm” trở lên", "“đã kiểm tra” trở lên"]
    assert len({trace.line.dash for trace in steps}) == 2
    assert {f"{pd.Timestamp(trace.x[-1]):%Y-%m-%d}" for trace in steps} == {"2023-11-24"}
    fading = [trace.opacity for trace in figure.data if trace.opacity is not None]
    assert fading[: len(fading) // 2] == sorted(fading[: len(fading) // 2], reverse=True)
    assert min(fading) < 0.1
    unknown = next(trace for trace in figure.data if trace.name == "Chưa có thông tin")
    assert unknown.fillpattern.shape == "."
    assert unknown_since(counts) == pd.Timestamp("2023-11-24")


@given(values=st.lists(st.integers(0, 3), min_size=2, max_size=12))
def test_a_line_is_drawn_where_something_is_known_and_nowhere_else(values: list[int]) -> None:
    days = pd.date_range("2021-01-01", periods=len(values), freq="MS")
    rows = pd.DataFrame({"day": days, "count": values, "is_year_only": False})
    runs = known_runs(rows, "count")
    drawn = {day: value for run in runs for day, value in zip(run.days[:-1], run.values, strict=False)}
    assert drawn == {day: value for day, value in zip(days, values, strict=True) if value}
    for run in runs:
        reaches_the_end = run.days[-1] == days[-1]
        assert (run.fades_until is None) == reaches_the_end
        assert run.values[-1] == run.values[-2]


def test_not_assessed_is_never_not_met(published: Publication) -> None:
    view = shown(published, "criteria", until="2023-12-31")
    row = view.rows.iloc[0]
    # Two of three met, all three assessed, of a set of three.
    assert (row["criteria_met"], row["not_met"], row["not_assessed"], row["criteria_count"]) == (2, 1, 0, 3)
    assert view.headline == (
        "Ở lần kiểm tra gần nhất, một phường đạt 2/3 tiêu chí được đánh giá (66,7\u00a0%)"
    )
    unknown_set = shown(published, "criteria", every_ward=True, until="2022-12-31").rows.iloc[0]
    assert (unknown_set["criteria_met"], unknown_set["not_met"]) == (1, 1)
    assert pd.isna(unknown_set["not_assessed"])


def test_a_latest_inspection_without_counts_is_told_and_not_drawn(published: Publication) -> None:
    view = shown(published, "criteria")
    assert view.rows.empty
    assert view.headline == "Một phường đã được kiểm tra, số tiêu chí đạt chưa được công bố"
    assert "không được công bố" in view.nothing
    assert "Trong kỳ chưa ghi nhận lượt kiểm tra: Thủy Tây." in view.notes
    assert view.table["criteria_met"].isna().all()


def test_a_ward_that_was_inspected_counts_as_it_was_on_later_boundaries(published: Publication) -> None:
    then, now = (shown(published, "criteria", vintage=vintage) for vintage in (OLD, NEW))
    assert now.headline == then.headline == "Một phường đã được kiểm tra, số tiêu chí đạt chưa được công bố"
    assert set(now.table["ward"]) > set(then.table["ward"])
    assert now.table["inspection_date"].notna().sum() == 1
    assert "Phường cũ được nêu nguyên trạng, theo địa giới từ 01/02/2020." in now.notes
    assert "nguyên trạng" not in then.notes


def test_bullets_hold_met_not_met_and_not_assessed_told_apart_by_pattern(
    published: Publication,
) -> None:
    rows = shown(published, "criteria", until="2023-12-31").rows.assign(not_assessed=4, ward_name=SCRIPT)
    figure = charts.criteria_bullets(rows.assign(label=SCRIPT), "vi")
    assert [(trace.name, *trace.x) for trace in figure.data] == [
        ("đạt", 2.0),
        ("chưa đạt", 1.0),
        ("chưa đánh giá", 4.0),
    ]
    assert [trace.marker.pattern.shape for trace in figure.data] == [None, "/", "."]
    assert "<img" not in figure.to_json()
    assert "2</b>/3" in figure.layout.annotations[0].text


def test_illustrative_results_are_marked_in_the_sentence(published: Publication) -> None:
    view = shown(published, "criteria", verified=False, every_ward=True, until="2023-12-31")
    assert view.is_illustrative
    assert view.headline.startswith("Minh họa: ")
    assert not shown(published, "criteria", every_ward=True, until="2023-12-31").is_illustrative


def hq_values(*rows: tuple[str, float | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["unit_code", "value", "latest_day"]).assign(
        is_illustrative=False,
        value=lambda frame: frame["value"].astype("float64"),
        latest_day=lambda frame: pd.to_datetime(frame["latest_day"]),
    )


def test_headquarters_show_value_and_day_and_never_a_zero_for_none(published: Publication) -> None:
    known = data.evidence(published, ALL, verified_only=True)
    wards = programme_wards(known.of_vintage(OLD))
    rows = model.headquarters_rows(wards, hq_values(("00002", 55.5, "2024-12-31"), ("00003", None, None)))
    view = told(model.headquarters(known, rows, ["article"]))
    assert view.headline == (
        "Trụ sở của một trên hai đơn vị có địa bàn của chương trình đã có báo cáo: hoàn thành 55,5\u00a0%"
    )
    assert "Chưa có báo cáo: Thủy Tây." in view.notes
    figure = charts.headquarters_dots(view.rows, "vi")
    assert [note.text for note in figure.layout.annotations] == [
        "<b>55,5\u00a0%</b>",
        "chưa có báo cáo",
    ]
    assert list(figure.data[1].y) == ["Hòa Bình · 31/12/2024", "Thủy Tây"]
    none = shown(published, "headquarters")
    assert none.rows.empty
    assert "chưa ghi nhận tiến độ trụ sở của 2 đơn vị" in none.nothing


def test_the_timeline_has_a_row_a_ward_and_a_shape_a_kind(published: Publication) -> None:
    view = shown(published, "timeline")
    marks = view.rows[view.rows["kind"] != "event"]
    assert list(zip(marks["ward_code"], marks["kind"], strict=True)) == [
        ("00002", "stage"),
        ("00003", "visit"),
        ("00002", "ministry"),
        ("00002", "stage"),
        ("00002", "inspection"),
    ]
    figure = charts.ward_timeline(view.rows, ["Hòa Bình", "Thủy Tây"], ALL, "vi")
    assert len({trace.marker.symbol for trace in figure.data}) == len(figure.data) == 5
    assert list(figure.layout.yaxis.ticktext) == ["Toàn chương trình", "Hòa Bình", "Thủy Tây"]


def test_a_stage_known_to_the_year_has_a_mark_of_its_own(published: Publication) -> None:
    known = data.evidence(published, ALL, verified_only=True)
    vague = replace(known, pilot_status=known.pilot_status.assign(valid_from_precision="year"))
    wards = programme_wards(known.of_vintage(OLD))
    shown_vague = model.timeline(vague, wards)
    view, marks = told(shown_vague), shown_vague.rows
    assert "nguồn chỉ nêu năm" in view.notes
    assert view.table.loc[view.table["kind"] == "stage", "when"].tolist() == ["2021"]
    figure = charts.ward_timeline(marks, ["Hòa Bình", "Thủy Tây"], ALL, "vi")
    assert "square-x" in {trace.marker.symbol for trace in figure.data}
    assert "Đại biểu tham quan (theo kế hoạch), chỉ biết năm" in {trace.name for trace in figure.data}


def test_a_step_known_to_the_year_is_marked_where_it_begins(published: Publication) -> None:
    counts = shown(published, "stages").rows
    marked, plain = (
        {
            symbol
            for trace in stage_charts.stage_steps(rows, "vi").data
            for symbol in trace.marker.symbol or ()
        }
        for rows in (counts.assign(is_year_only=True), counts.assign(is_year_only=False))
    )
    assert (marked, plain) == ({"square-x", "circle"}, {"circle"})


def test_the_timeline_tells_wards_of_the_programme_as_they_were(published: Publication) -> None:
    then, now = (shown(published, "timeline", vintage=vintage) for vintage in (OLD, NEW))
    assert set(now.table["label"]) >= {"Hòa Bình", "Thủy Tây"}
    assert "một phần" not in now.headline + now.notes + "".join(now.table["label"])
    of_pilot = [view.table[view.table["label"] == "Hòa Bình"] for view in (then, now)]
    assert of_pilot[0]["fact"].tolist() == of_pilot[1]["fact"].tolist()
    assert "Phường cũ được nêu nguyên trạng, theo địa giới từ 01/02/2020." in now.notes
    view = model.progress(Query(published, ALL, NEW), "timeline")
    assert isinstance(view, model.Timeline)
    figure = charts.ward_timeline(view.rows, view.wards, ALL, "vi")
    assert list(figure.layout.yaxis.ticktext) == ["Toàn chương trình", *view.wards]


def test_an_inspection_and_the_stage_that_came_with_it_are_listed_once(published: Publication) -> None:
    for name in ("changes", "timeline"):
        table = shown(published, name).table
        of_day = table[(table["day"] == pd.Timestamp("2023-11-23")) & table["ward_code"].eq("00002")]
        assert of_day["kind"].tolist() == ["ministry"]
        assert of_day["what"].iloc[0].endswith("Thí điểm 2021–2023, đã kiểm tra")
    every = shown(published, "changes")
    assert every.headline == "Trong kỳ có 2 lần chuyển giai đoạn, 3 lượt kiểm tra"


def test_headquarters_of_units_that_were_not_chosen_are_told_apart(published: Publication) -> None:
    notes = shown(published, "headquarters", vintage=NEW).notes
    assert "bản thân không được chọn: Đông, Núi Đèo." in notes
    assert "bản thân không được chọn" not in shown(published, "headquarters").notes


def test_changes_count_each_fact_once_whatever_the_boundaries(published: Publication) -> None:
    for vintage in (OLD, MID, NEW):
        view = shown(published, "changes", vintage=vintage)
        assert view.table["kind"].value_counts().to_dict() == {
            "inspection": 2,
            "stage": 1,
            "ministry": 1,
            "visit": 1,
        }
    assert view.headline == "Trong kỳ có 2 lần chuyển giai đoạn, 3 lượt kiểm tra"
    labels = view.table["label"].dropna()
    assert set(labels) == {f"{ward} · địa giới từ 01/02/2020" for ward in ("An Đông", "Hòa Bình", "Thủy Tây")}
    cards = describe(model.progress(Query(published, ALL, OLD), "changes")).cards[0].cards
    # No imported file is no figure.
    assert [card.caption.render("en") for card in cards][:2] == ["stages begun", "inspections"]
    assert "files imported" not in [card.caption.render("en") for card in cards]
    every = shown(published, "changes", verified=False)
    assert every.headline.startswith("Minh họa: trong kỳ có 2 lần chuyển giai đoạn, 5 lượt kiểm tra")
    assert "SỐ LIỆU MINH HỌA" in every.changes


def test_a_file_counts_on_the_day_of_its_import_and_its_name_stays_text(
    published: Publication,
) -> None:
    known = data.evidence(published, ALL, verified_only=True)
    source = known.source.assign(
        published=known.source["published"].mask(
            known.source["source_id"] == BATCH, pd.Timestamp("2025-06-01")
        ),
        title=known.source["title"].mask(known.source["source_id"] == BATCH, SCRIPT),
    )
    marks = happenings(known, known.wards[:0].assign(label=""))
    recommendation = data.layer(published, "recommendation")
    view = told(model.changes(replace(known, source=source), marks, recommendation))
    assert view.table["kind"].tolist() == ["import"]
    assert "&lt;img" in view.changes
    assert "<img" not in view.changes + view.notes


def test_an_empty_range_says_what_to_change(published: Publication) -> None:
    period = Period(datetime.date(2024, 6, 1), datetime.date(2024, 6, 30))
    for name, advice in (("changes", "khoảng thời gian dài hơn"), ("timeline", "khoảng thời gian dài hơn")):
        view = told(model.progress(Query(published, period, OLD), name))
        assert advice in view.nothing
        assert view.table.empty


def test_recommendations_are_counted_by_their_state_of_now() -> None:
    rows = pd.DataFrame(
        {"inspection_id": ["a", "a", "a", "b"], "state": ["done", "open", None, "done"]},
    )
    assert model.recommendation_counts(rows, ["a"]) == {
        "all": 3,
        "done": 1,
        "in_progress": 0,
        "open": 1,
        "unknown": 1,
    }


def test_many_changes_are_told_by_the_last_one_of_each_month() -> None:
    days = pd.Series(pd.date_range("2024-01-01", periods=100))
    days_told = stages.progress_days(days, Period(datetime.date(2024, 1, 1), datetime.date(2024, 4, 15)))
    assert [f"{day:%d/%m}" for day in days_told] == ["01/01", "31/01", "29/02", "31/03", "09/04", "15/04"]
