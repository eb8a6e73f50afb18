"""What the page of events says, worked out by hand on the small city's conference."""

import datetime
import math
from pathlib import Path

import pandas as pd
import pytest

from dashboard.query.publication import Publication, publication
from dashboard.query.query import Query
from dashboard.screens.events.exports import event_export, plan_export
from dashboard.subjects.events import words
from dashboard.subjects.events.model import (
    RecordedEvent,
    SiteMap,
    map_layer,
    recorded_events,
    security_plan,
    shares,
    site_counts,
    site_map,
    site_plans,
)
from dashboard.subjects.sources.citations import cite
from dashboard.ui.html import html as filled
from dashboard.ui.tables import listed
from geodata.contract.events import FIELDS, PHASES, WHOLE_EVENT
from geodata.events.plan import SecurityPlan, default_event, map_vintage, plan_of
from geodata.language import Language, render
from geodata.period import Period
from tests.judged_city import FORMULA, MARKUP
from tests.small_city import MID, NEW, OLD
from tests.wording import SAID

ALL = Period(datetime.date(2021, 3, 17), datetime.date(2025, 12, 31))
LATER = Period(datetime.date(2023, 1, 1), datetime.date(2025, 12, 31))
EVENT = "review-2022"
COLUMNS = ["event_id", "site", "vintage", "ward_code", "phase", "field", "unit", "state", "note", "source"]


@pytest.fixture
def published(judged_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> Publication:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(judged_gpkg))
    return publication()


def query(published: Publication, period: Period = ALL, *areas: str, vintage: str = OLD) -> Query:
    return Query(published, period, vintage, areas)


def plan(published: Publication, *areas: str, vintage: str = OLD, event: str = EVENT) -> SecurityPlan:
    return security_plan(query(published, ALL, *areas, vintage=vintage), event)


def the_event(published: Publication, event: str = EVENT, period: Period = ALL) -> RecordedEvent:
    return next(one for one in recorded_events(query(published, period)) if one.event_id == event)


def headline(event: RecordedEvent, plan: SecurityPlan, language: Language = "vi") -> str:
    return str(render(words.headline(event, plan), language))


def subline(published: Publication, event: RecordedEvent, period: Period = ALL) -> str:
    cited = cite([event.source], query(published).layer("source"))
    return filled("events_subline", "vi", event=event, period=period, cited=cited, words=words)


def gap_list(plan: SecurityPlan, language: Language = "vi") -> str:
    return filled("events_gaps", language, plan=plan, sites=site_plans(plan), words=words)


def plan_table(plan: SecurityPlan, language: Language = "vi") -> str:
    sites = site_plans(plan)
    return filled("events_plan", language, sites=sites, counts=site_counts(plan), words=words)


def task_table(published: Publication, plan: SecurityPlan) -> str:
    table = listed(plan.cells, query(published).layer("source"))
    return filled("events_tasks", "vi", table=table, words=words)


def events_list(published: Publication, events: list[RecordedEvent]) -> str:
    sources = query(published).layer("source")
    shown = [(event, cite([event.source], sources)) for event in events if not event.has_plan]
    return filled("events_others", "vi", shown=shown, count=len(shown), words=words)


def map_notes(plan: SecurityPlan, drawn: SiteMap, chosen: str) -> str:
    lines = words.map_notes(plan, drawn, chosen)
    return filled("events_map_notes", "vi", classes=words.map_classes(drawn), lines=lines)


def full_plan(state: str) -> SecurityPlan:
    return made_plan([("Điểm", OLD, "00003", "Đội", state)], is_complete=True)


def made_plan(
    sites: list[tuple[str, str | None, str | None, str | None, str]], *, is_complete: bool
) -> SecurityPlan:
    """Return a plan of sites with vintage and code, the unit and the state of each of their cells."""
    cells = [
        (EVENT, site, vintage, code, phase, field, unit, state, None, "article")
        for site, vintage, code, unit, state in sites
        for phase in PHASES
        for field in FIELDS
    ]
    return plan_of(pd.DataFrame(cells, columns=COLUMNS), marked(is_complete=is_complete), EVENT, None)


def marked(*, is_complete: bool) -> pd.DataFrame:
    """Return the event, its plan marked as complete or not."""
    return pd.DataFrame({"event_id": [EVENT], "is_plan_complete": [is_complete]})


def test_the_plan_has_a_cell_for_each_site_phase_and_field_with_most_gaps_first(
    published: Publication,
) -> None:
    found = plan(published)
    assert len(found.cells) == 18
    assert found.sites[["site", "gaps", "cells"]].to_numpy().tolist() == [
        [f"Hội trường {MARKUP}", 8, 9],
        ["Thủy Tây", 7, 9],
    ]
    # A planned task is a gap: nobody has it yet.
    of_ward = found.cells[found.cells["site"] == "Thủy Tây"]
    assert of_ward.groupby("state").size().to_dict() == {"": 6, "assigned": 1, "done": 1, "planned": 1}
    assert set(of_ward.loc[~of_ward["is_gap"], "state"]) == {"assigned", "done"}


def test_the_headline_says_how_much_is_assigned_and_done_and_where_gaps_are(
    published: Publication,
) -> None:
    found, row = plan(published), the_event(published)
    assert headline(row, found) == SAID["events: the plan of 12/09/2022"]
    assert headline(row, found, "en") == (
        "Event of 12/09/2022: 3 of 18 tasks assigned, 1 recorded as done, gaps at two sites"
    )
    one = plan(published, "902")
    assert headline(row, one).endswith("còn trống ở một điểm")
    assert headline(row, full_plan("assigned"), "en") == "Event of 12/09/2022: 9 of 9 tasks assigned"
    assert headline(row, full_plan("done"), "en").endswith("assigned, all recorded as done")
    assert render(words.NO_EVENT, "en") == "No event on record yet"
    without = plan(published, event="milestone-2024")
    assert "chưa ghi nhận phương án" in headline(the_event(published, "milestone-2024"), without)


def silent_plan() -> SecurityPlan:
    """Return a plan as one article tells it: a task for the event as a whole, sites named, no more."""
    return made_plan(
        [
            (WHOLE_EVENT, None, None, "Công an hai huyện", "assigned"),
            ("Thủy Tây", OLD, "00003", None, "not_stated"),
            ("Hội trường", None, None, None, "not_stated"),
        ],
        is_complete=False,
    )


def test_what_the_source_does_not_state_is_no_gap_and_no_zero(published: Publication) -> None:
    found, row = silent_plan(), the_event(published)
    assert headline(row, found) == (
        "Sự kiện 12/09/2022: Công an hai huyện được giao chung việc bảo vệ toàn sự kiện; "
        "nguồn không nêu phân công tại hai điểm"
    )
    assert (found.coverage.cell_count, found.coverage.stated_count, found.coverage.gap_count) == (27, 9, 0)
    assert found.coverage.assigned_pct == 100 and math.isnan(found.coverage.done_pct)
    gaps, matrix = gap_list(found), plan_table(found)
    assert "Chưa phân công" not in gaps and "Nguồn không nêu phân công tại: Hội trường, Thủy Tây." in gaps
    assert matrix.count("<b>–</b>không nêu<") == 18 and matrix.count("<b>●</b>đã giao<") == 9
    assert "<th scope=row>Toàn sự kiện" in matrix and "0/2" not in matrix and "trống" not in matrix
    told = filled("events_shares", "vi", shares=shares(found), words=words)
    assert "100" not in told.replace("width: 100", "")
    whole = told.replace("\N{NO-BREAK SPACE}", " ").replace("\n", "").split("<tr>")[2]
    assert whole.endswith("<td>9 phần việc nguồn nêu, đều đã giao<td>18/27<td>chưa ghi nhận")


def test_the_map_and_the_files_tell_what_is_not_stated(published: Publication) -> None:
    found, wards = silent_plan(), query(published).of_vintage("ward")
    drawn = site_map(found, wards)
    assert drawn.class_numbers[2] == 3 and drawn.placeless == ["Hội trường"]
    assert render(words.map_classes(drawn)[3].label, "vi") == "Điểm có phần việc nguồn không nêu"
    assert render(words.tooltips(drawn)[2], "vi") == "Thủy Tây: nguồn không nêu phân công"
    layer = map_layer(found, wards)
    assert layer[["stated", "assigned"]].to_numpy().tolist() == [[0, 0]]
    assert layer[["gaps", "done"]].isna().all(axis=None)
    rows, _ = plan_export(found)
    told = [tuple(render(one, "vi") for one in row) for row in rows[["site", "state_name"]].to_numpy()]
    assert told[0] == ("Toàn sự kiện", "Đã phân công") and told[-1] == ("Hội trường", "Nguồn không nêu")


def test_the_same_cells_are_gaps_once_the_author_marks_the_plan_as_complete(published: Publication) -> None:
    found = made_plan([("Thủy Tây", OLD, "00003", None, "not_stated")], is_complete=True)
    assert found.coverage.gap_count == found.coverage.stated_count == 9
    assert headline(the_event(published), found).endswith("đã phân công 0/9 phần việc, còn trống ở một điểm")
    partly = made_plan([("Thủy Tây", OLD, "00003", "Đội", "planned")], is_complete=False)
    assert headline(the_event(published), partly).endswith("đã phân công 0/9 phần việc nguồn có nêu")
    assert partly.open_site_count == 0


def test_the_event_with_a_plan_is_shown_first_and_others_are_offered(published: Publication) -> None:
    of = query(published, LATER)
    event, task = of.layer("event"), of.layer("event_task")
    assert default_event(event, task) == EVENT
    assert default_event(event, task[:0]) == "milestone-2024"
    titles = {one.event_id: render(words.title(one), "en") for one in recorded_events(of)}
    assert list(titles) == [EVENT, "milestone-2024"]
    assert titles[EVENT] == "12/09/2022 · Review conference (with a plan, outside the range of days)"
    assert titles["milestone-2024"] == "05/01/2024 · A plan is issued (without a plan)"


def test_gaps_are_named_by_site_phase_and_field(published: Publication) -> None:
    html = gap_list(plan(published))
    assert SAID["events: unassigned"] in html
    assert "<b>Thủy Tây</b>: trước: TTATGT, PCCC; trong: TTATGT, PCCC; sau: ANTT, TTATGT, PCCC" in html
    assert html.index("Hội trường") < html.index("Thủy Tây")
    assert "Mọi phần việc của phương án đều đã phân công." in gap_list(full_plan("assigned"))
    assert "cả 9 phần việc" in gap_list(full_plan("planned"))


def test_the_matrix_has_sign_word_and_unit_in_every_cell(published: Publication) -> None:
    html = plan_table(plan(published))
    assert html.count("<td class=") >= 18
    for look, sign, word, count in (
        ("d", "✓", "xong", 1),
        ("a", "●", "đã giao", 2),
        ("p", "○", "dự kiến", 1),
        ("g", "✕", "trống", 14),
    ):
        assert html.count(f"<b>{sign}</b>{word}<") == count, word
        assert f'<td class="{look}' in html
    assert 'title="Đã hoàn thành · Công an huyện Tây"' in html
    assert 'title="Chưa phân công: chưa ghi nhận phần việc · chưa rõ đơn vị"' in html
    assert 'title="TTATGT: trật tự, an toàn giao thông"' in html
    assert '<td class="b">1/9' in html and '<td class="b">2/9' in html and "<td class=b>3/18" in html


def test_shares_of_the_plan_by_field_and_by_phase(published: Publication) -> None:
    html = filled("events_shares", "en", shares=shares(plan(published)), words=words)
    rows = html.split("<tr><th scope=row>")[1:]
    assert len(rows) == 7
    # ANTT: 2 of 6, one done; before: the hall's fire task and Thủy Tây's security.
    assert "16.7% (3/18)" in rows[0] and "5.6% (1/18)" in rows[0]
    assert "33.3% (2/6)" in rows[1] and "16.7% (1/6)" in rows[1]
    # Nobody reported on traffic: nothing is said of what is done there.
    assert "0% (0/6)" in rows[2] and rows[2].endswith("<td>not on record") and rows[2].count("%") == 2
    assert "33.3% (2/6)" in rows[4] and "Before" in rows[4]
    assert "width: 16.7%" in rows[0]


def test_the_map_shows_sites_in_their_own_vintage_with_gaps_hatched(published: Publication) -> None:
    found = plan(published)
    assert map_vintage(found, NEW) == OLD
    wards = query(published).of_vintage("ward")
    drawn = site_map(found, wards)
    classes = words.map_classes(drawn)
    assert drawn.class_numbers == [4, 4, 1, 4, 4]
    assert [(render(entry.count, "vi"), entry.pattern, entry.outlined) for entry in classes] == [
        ("0", "", True),
        ("1", "hatch", True),
        ("0", "hatch", True),
        ("0", "dots", True),
        ("3", "", False),
    ]
    assert render(words.tooltips(drawn)[2], "vi") == SAID["events: a site"]
    notes = map_notes(found, drawn, NEW)
    assert SAID["events: map of 2020"] in notes and "01/07/2025" in notes
    assert "Không có trên bản đồ, địa chỉ chưa biết: Hội trường &lt;img" in notes
    assert "01/02/2020" not in map_notes(found, drawn, OLD)
    assert site_map(full_plan("assigned"), wards).class_numbers[2] == 0
    assert site_map(full_plan("planned"), wards).class_numbers[2] == 2
    layer = map_layer(found, wards)
    counts = ["ward_code", "cells", "stated", "assigned", "gaps", "done"]
    assert layer[counts].to_numpy().tolist() == [["00003", 9, 9, 2, 7, 1]]


def test_an_area_leaves_out_sites_elsewhere_and_those_without_address(published: Publication) -> None:
    west = plan(published, "902")
    assert west.sites["site"].tolist() == ["Thủy Tây"]
    assert (west.elsewhere_count, west.placeless_count) == (0, 1)
    # Tây and Núi Đèo of 2025-07-01 were parts of Thủy Tây.
    assert plan(published, "00003", vintage=NEW).sites["site"].tolist() == ["Thủy Tây"]
    assert len(plan(published, "902", vintage=MID).sites) == 1
    east = plan(published, "901")
    assert east.cells.empty and (east.elsewhere_count, east.placeless_count) == (1, 1)
    assert "không có điểm nào" in headline(the_event(published), east)
    assert "Hãy chọn khu vực khác hoặc toàn thành phố." in render(words.no_plan(east), "vi")
    assert "nhập phương án" in render(words.no_plan(plan(published, event="milestone-2024")), "vi")


def test_each_task_ends_in_its_source_and_each_event_too(published: Publication) -> None:
    found = plan(published)
    tasks = task_table(published, found)
    assert tasks.count("<summary>") == 4  # Of 18 cells four are in the plan's sources.
    assert tasks.count("<tr><th scope=row>") == 18
    others = events_list(published, recorded_events(query(published, LATER)))
    assert others.count("<li") == 1 and "05/01/2024" in others and "<summary>" in others
    assert "Mọi sự kiện đã ghi nhận đều có phương án." in events_list(published, [the_event(published)])
    line = subline(published, the_event(published, period=LATER), LATER)
    assert "ngoài khoảng ngày đang chọn, từ 01/01/2023 đến 31/12/2025" in line
    assert "Địa điểm: Hội trường" in line and "<summary>" in line
    inside = subline(published, the_event(published))
    assert "ngoài khoảng" not in inside


def test_many_sites_are_cut_and_counted() -> None:
    cells = [
        (EVENT, f"Điểm {at:02}", None, None, "before", "ANTT", None, "planned", None, "article")
        for at in range(17)
    ]
    found = plan_of(pd.DataFrame(cells, columns=COLUMNS), marked(is_complete=True), EVENT, None)
    html = plan_table(found, "en")
    assert html.count("<tr><th scope=row>") == 16
    assert "and 2 more sites; the downloads hold all of them" in html
    assert "and 13 more sites" in gap_list(found, "en")


def test_text_of_the_data_stays_text(published: Publication) -> None:
    found = plan(published)
    html = (
        plan_table(found)
        + gap_list(found)
        + task_table(published, found)
        + events_list(published, recorded_events(query(published)))
        + subline(published, the_event(published, "milestone-2024"))
    )
    assert "<img" not in html and "&lt;img src=x onerror=alert(1)&gt;" in html
    told, titles = plan_export(found)
    assert FORMULA in set(told["unit"]) and next(iter(titles)) == "site"
    assert render(event_export(query(published).layer("event"))[1]["event_name"], "vi") == "Sự kiện"
