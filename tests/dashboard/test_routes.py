"""What the page of routes is made of: the link's stops, the way on the map, timeline, list and words."""

import datetime
import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.screens.routes import stop_rows, timeline
from dashboard.screens.routes.screen import faults_text
from dashboard.subjects.sources.citations import cite
from dashboard.subjects.visits import form, stop_list, words
from dashboard.subjects.visits import map as overlay
from dashboard.subjects.visits.queue import Queue
from dashboard.subjects.visits.search import Search
from dashboard.ui.component import said
from dashboard.ui.html import html
from geodata.contract.errors import Fault
from geodata.itinerary.document import Document, Gain, LunchBreak
from geodata.language import Language, message, render
from tests.planned_day import CODES, HOSTILE, NAMES, day_of, left_out, team_of, with_stop
from tests.wording import SAID

DAY = day_of(team_of(NAMES))
TWO = day_of(team_of(NAMES[:2]), team_of(NAMES[2:], 2))
SHORT = dict(zip(CODES, ("HV", "DHK", "KD", "CB", "NX"), strict=True))
KINDS = dict.fromkeys(CODES, "phường")


def with_lunch() -> Document:
    """Return the day with lunch of an hour after the second visit: all that follows is an hour later."""
    team = team_of(NAMES[:3])
    hour = datetime.timedelta(hours=1)
    left = team.stops[2].departure
    assert left is not None
    day = day_of(replace(team, lunch=LunchBreak(2, left, left + hour)))
    day = with_stop(day, 2, departure=left + hour)
    for at, stop in enumerate(team.stops[3:], start=3):
        moments = {"arrival": stop.arrival, "begins": stop.begins, "departure": stop.departure}
        day = with_stop(day, at, **{name: moment + hour for name, moment in moments.items() if moment})
    return day


def ways_of(day: Document, language: Language = "vi") -> dict[str, Any]:
    return dict(said(overlay.ways_of(day, SHORT), language))


def rows_of(day: Document, names: dict[str, str], keys: dict[str, str]) -> list[dict[str, Any]]:
    return list(said({"rows": stop_rows.stop_rows(day, names, keys)}, "vi")["rows"])


def stated(day: Document, best: Document | None) -> str:
    return html("visits_statements", "vi", lines=words.statements(day, best), broken=day.violations)


def noted(day: Document, sources: pd.DataFrame) -> str:
    premises = [(one, cite([one.source], sources) if one.source else None) for one in day.assumptions]
    return html("visits_notes", "vi", notes=day.notes, premises=premises, words=words)


# The stops in a link.


def test_stops_are_written_as_they_are_read() -> None:
    text = "11299,11404:45,11405:30:0900-1000:may:90,ubnd::-1130,11455:::may,11422::0800-"
    stops = stop_list.read_stops(text)
    assert stop_list.write_stops(stops) == text
    assert stops[2] == stop_list.Wanted(
        "11405", 30, datetime.time(9), datetime.time(10), is_must=False, load=90
    )
    assert stops[3].latest == datetime.time(11, 30) and stops[3].earliest is None
    assert stop_list.read_stops("") == []


@pytest.mark.parametrize(
    "text",
    ["1<b>", "1:x", "1:-5", "1:481", "1:::must", "1::9-10", "1::0900-2500", "1::::-1", "1:::::", "a b"],
)
def test_what_is_no_list_of_stops_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        stop_list.is_stops(text)


def test_a_list_grows_shrinks_and_changes_its_order() -> None:
    assert stop_list.with_place("1:20,2", "3") == "1:20,2,3"
    assert stop_list.with_place("1:20,2", "1") == "1:20,2"
    assert stop_list.without_place("1:20,2", "1") == "2"
    assert stop_list.in_order("1:20,2,3", ["3", "1"]) == "3,1:20,2"
    full = ",".join(str(number) for number in range(stop_list.MOST_STOPS))
    assert stop_list.with_place(full, "x") == full
    with pytest.raises(ValueError, match="x"):
        stop_list.read_stops(f"{full},x")


def test_another_vintage_keeps_only_wards_of_the_same_code_and_name() -> None:
    before = {"11359": "Đằng Giang", "11299": "Hùng Vương"}
    after = {"11359": "Gia Viên", "11299": "Hùng Vương"}
    assert form.keeps_wards(before, after, "11359,11299:20,ubnd") == "11299:20,ubnd"


# The map.


def test_legs_are_solid_by_street_and_dashed_by_straight_line_and_the_legend_says_so() -> None:
    ways = ways_of(DAY, "vi")
    assert [leg["dashed"] for leg in ways["legs"]] == [False] * 5 + [True]
    lines = [entry for entry in ways["legend"] if "kind" not in entry]
    assert [(entry["label"], entry["dashed"]) for entry in lines] == [
        ("đi theo mạng đường", False),
        (SAID["routes: straight lines"], True),
    ]
    points = np.cumsum(np.array(ways["legs"][0]["points"]).reshape(-1, 2), axis=0) / ways["scale"]
    assert points[0] == pytest.approx([106.6837, 20.8577], abs=1e-5)
    assert points[-1] == pytest.approx([106.6270, 20.8605], abs=1e-5)


def test_stops_bear_their_numbers_and_one_sign_stands_for_start_and_end() -> None:
    stops = ways_of(DAY, "vi")["stops"]
    assert [(stop["kind"], stop["text"]) for stop in stops] == [
        ("both", ""),
        *(("visit", str(number)) for number in range(1, 6)),
    ]
    assert stops[0]["label"] == "Xuất phát 07:30, kết thúc 11:20"
    assert stops[1]["label"] == "HV 07:43"
    away = ways_of(day_of(team_of(NAMES, returns=False)), "vi")["stops"]
    assert [stop["kind"] for stop in away][:2] == ["start", "visit"]


def test_teams_differ_by_colour_and_by_form() -> None:
    ways = ways_of(TWO, "en")
    signs = [(entry["label"], entry["colour"], entry["form"]) for entry in ways["legend"] if "kind" in entry]
    assert [label for label, _, _ in signs] == ["Team 1", "Team 2"]
    assert len({colour for _, colour, _ in signs}) == len({form for _, _, form in signs}) == 2
    assert len({(overlay.colour_of(team), overlay.form_of(team)) for team in range(1, 13)}) == 12
    assert sum(stop["kind"] == "both" for stop in ways["stops"]) == 1


def test_white_figures_are_legible_on_every_colour_of_a_team() -> None:
    def light(colour: str) -> float:
        parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    assert min(1.05 / (light(colour) + 0.05) for colour in overlay.TEAM_COLOURS) >= 4.5


def test_a_way_of_thirty_stops_is_small() -> None:
    team = team_of([*NAMES, *NAMES])
    day = day_of(team, team, team)
    assert len(json.dumps(ways_of(day, "vi"), ensure_ascii=False)) < 9_000


def test_wards_are_visited_left_out_clickable_or_outside() -> None:
    wards = pd.DataFrame({"ward_code": ["1", "2", "3", "4"]})
    inside = pd.Series([True, True, True, False])
    classes, numbers = overlay.ward_classes(wards, ["1"], ["2"], inside)
    assert [render(entry.label, "vi") for entry in classes] == [
        "có trong lộ trình",
        "đã chọn, chưa xếp được",
        "phường, xã khác",
        "Ngoài khu vực đã chọn",
    ]
    assert numbers == [0, 1, 2, 3]
    assert classes[1].pattern == "hatch"
    few, numbers = overlay.ward_classes(wards, [], [], pd.Series([True] * 4))
    assert len(few) == 1 and numbers == [0] * 4


def test_the_map_is_framed_on_stops_and_legs() -> None:
    west, south, east, north = overlay.focus_of(ways_of(DAY, "vi"), (0, 0, 1, 1))
    assert (west, south) == pytest.approx((106.6270, 20.7180), abs=1e-4)
    assert (east, north) == pytest.approx((106.7690, 20.8605), abs=1e-4)
    assert overlay.focus_of(None, (0, 0, 1, 1)) == (0, 0, 1, 1)


# The timeline.


def test_the_day_is_told_without_gaps_and_waiting_is_what_lies_between() -> None:
    spells = timeline.spells(DAY.teams[0], SHORT)
    assert [spell["kind"] for spell in spells][:5] == ["drive", "wait", "visit", "drive", "visit"]
    assert all(before["ends"] == after["begins"] for before, after in itertools.pairwise(spells))
    waited = next(spell for spell in spells if spell["kind"] == "wait")
    assert waited["ends"] - waited["begins"] == datetime.timedelta(minutes=5)
    assert (waited["number"], waited["name"]) == (1, "HV")


def test_lunch_lies_between_the_visits() -> None:
    spells = timeline.spells(with_lunch().teams[0], SHORT)
    kinds = [spell["kind"] for spell in spells]
    assert kinds == ["drive", "wait", "visit", "drive", "visit", "lunch", "drive", "visit", "drive"]
    lunch = spells[kinds.index("lunch")]
    assert lunch["ends"] - lunch["begins"] == datetime.timedelta(hours=1)


def test_what_a_team_does_is_told_by_pattern_and_words_too() -> None:
    figure = timeline.timeline(with_lunch(), SHORT, "vi")
    looks = {trace.name: trace.marker.pattern.shape for trace in figure.data}
    assert looks == {"đi đường": "", "chờ": ".", "thăm": "", "nghỉ trưa": "x"}
    visits = figure.data[2]
    assert list(visits.text) == ["1", "2", "3"]
    assert visits.hovertext[0] == "thăm: HV, 07:48–08:18 (30 phút)"
    # Drives are told from visits by the height of their bars.
    assert figure.data[0].width < visits.width


def test_each_team_has_a_row_and_names_are_text() -> None:
    figure = timeline.timeline(TWO, SHORT, "vi")
    assert set(figure.data[-1].y) == {"Tổ 1", "Tổ 2"}
    hostile = timeline.timeline(day_of(team_of(HOSTILE[:1])), {CODES[0]: HOSTILE[0]}, "vi")
    assert "<img" not in str(hostile.to_plotly_json())


# The list of stops.


def test_rows_hold_times_ways_and_keys() -> None:
    rows = rows_of(DAY, SHORT, {})
    assert [row["kind"] for row in rows] == ["start", *["visit"] * 5, "end"]
    assert [row["key"] for row in rows] == ["", *CODES, ""]
    first = rows[1]
    assert (first["sign"], first["name"], first["times"]) == ("1", "HV", "07:43–08:18")
    assert first["waits"] == "thăm từ 07:48, sau khi chờ 5 phút"
    # Babel rounds half to even.
    assert first["leg"] in ("4,2 km · 12 phút", "4,3 km · 13 phút")
    assert rows[-1]["method"] == "straight_line" and first["method"] == "network"
    assert "điểm tham chiếu" in first["hint"]


def test_teams_and_lunch_have_rows_of_their_own() -> None:
    rows = rows_of(TWO, SHORT, {})
    assert [row["name"] for row in rows if row["kind"] == "team"] == [
        "Tổ 1: 12,9 km, 1 giờ 43 phút",
        "Tổ 2: 17,2 km, 2 giờ 25 phút",
    ]
    kinds = [row["kind"] for row in rows_of(with_lunch(), SHORT, {})]
    assert kinds == ["start", "visit", "visit", "lunch", "visit", "end"]


def test_lunch_on_arrival_stands_with_the_stop() -> None:
    day = with_lunch()
    lunch = day.teams[0].lunch
    assert lunch is not None
    day = with_stop(day, 3, arrival=lunch.begins, begins=lunch.ends)
    rows = rows_of(day, SHORT, {})
    assert "lunch" not in [row["kind"] for row in rows]
    assert rows[3]["waits"] == "nghỉ trưa tại đó 09:00–10:00, thăm từ 10:00"


def test_what_is_asked_for_is_listed_where_no_route_can_be_made() -> None:
    rows = stop_rows.asked_rows(stop_list.read_stops("11299,nowhere:20"), {"11299": "Phường Hùng Vương"})
    assert [(row["key"], row["sign"], row["name"]) for row in rows] == [
        ("11299", "1", "Phường Hùng Vương"),
        ("nowhere", "2", "nowhere"),
    ]


def test_a_landmark_is_moved_by_what_it_was_asked_for_as() -> None:
    day = with_stop(day_of(team_of(["Nhà hát"])), 1, ward_code=None)
    assert rows_of(day, SHORT, {"Nhà hát": "theatre"})[1]["key"] == "theatre"


# The words.


def test_the_sentence_says_how_many_how_long_how_far_and_when() -> None:
    assert words.headline(DAY, KINDS).render("vi") == (
        "5 phường trong 3 giờ 50 phút, 25,8 km; xuất phát 07:30, về 11:20"
    )
    assert (
        words.headline(DAY, KINDS).render("en")
        == "5 wards in 3 h 50 min, 25.8 km; departure 07:30, back 11:20"
    )
    away = day_of(team_of(NAMES, returns=False))
    assert words.headline(away, KINDS).render("vi").endswith("xuất phát 07:30, điểm cuối xong lúc 11:08")
    assert words.headline(TWO, KINDS).render("vi") == (
        "5 phường chia cho 2 tổ trong 2 giờ 25 phút, tổng cộng 30,1 km; từ 07:30 đến 09:55"
    )
    assert words.headline(DAY, KINDS | {CODES[0]: "xã"}).render("vi").startswith("5 phường, xã trong")
    left = replace(DAY, unassigned=left_out("Cát Bi", "<b>", "11422"))
    assert words.headline(left, KINDS).render("vi").endswith("; 1 điểm đã chọn chưa xếp được")
    row = rows_of(left, SHORT, {})[0]
    assert (row["kind"], row["key"], row["name"], row["waits"]) == ("left", "11422", "CB", "<b>")


def test_a_way_that_ends_elsewhere_is_not_back() -> None:
    day = with_stop(DAY, -1, lat=20.9, name="Nhà khách")
    assert words.headline(day, KINDS).render("vi").endswith("xuất phát 07:30, đến nơi kết thúc 11:20")


def test_gain_proof_and_cost_of_a_locked_order_are_told() -> None:
    gained = replace(DAY, gain=Gain(travel_min=5.2, distance_m=12_300))
    told = stated(gained, None)
    assert "So với thứ tự đã nêu: ngắn hơn 12,3 km, đi đường ít hơn 5 phút" in told
    assert SAID["routes: proven best"] in told
    assert "chưa chứng minh" in stated(replace(DAY, proven_optimal=False), None)
    team = team_of(NAMES)
    worse = day_of(replace(team, totals=replace(team.totals, distance_m=30_000, travel_min=95)))
    told = stated(worse, DAY)
    assert "Thứ tự đã khóa: dài hơn 4,2 km, đi đường nhiều hơn 20 phút" in told
    assert "tốt nhất tìm được" in stated(DAY, DAY)
    broken = replace(DAY, violations=left_out("Cát Bi", "muộn <i>", "11422"))
    assert "Cát Bi: muộn &lt;i&gt;" in stated(broken, DAY)


def test_notes_and_assumptions_stand_with_their_source_or_as_assumed() -> None:
    sources = pd.DataFrame(
        columns=["source_id", "title", "publisher", "published", "locator", "licence", "url"]
    )
    told = noted(DAY, sources)
    assert SAID["routes: reckoned, no history"] in told
    assert "hệ số đường vòng: <b>1,3</b> (giả định)" in told


def test_all_faults_are_one_message_that_shows_them_as_they_are() -> None:
    faults = [
        Fault("stop", name, message("occurs {count} times", count=2), message("once")) for name in HOSTILE
    ]
    text = faults_text(faults, "vi")
    assert "\\<img src\\=x" in text or "\\<img src=x" in text
    assert text.startswith("Chưa lập được lộ trình vì:")
    assert "stop" not in text and text.count("Điểm dừng “") == len(HOSTILE)


# The longer search.


def test_a_search_tells_how_far_it_is_ends_when_told_and_keeps_what_it_found() -> None:
    begun = Event()

    def find(tell: object, should_stop: object) -> str:
        tell(0)  # type: ignore[operator]
        begun.set()
        while not should_stop():  # type: ignore[operator]
            pass
        return "the best so far"

    search = Search(find, 30)
    begun.wait()
    assert search.is_running and 0 <= search.share < 1
    search.stop()
    assert search.result() == "the best so far"
    assert not search.is_running


def test_a_search_that_waits_tells_its_place_and_leaves_the_line_when_told() -> None:
    line, told = Queue(), Event()

    def find(tell: Callable[[int], None], _: object) -> str:
        def heard(place: int) -> None:
            tell(place)
            told.set()

        with line.turn("bình", heard):
            return "never"

    with line.turn("an", lambda _: None):
        search = Search(find, 30)
        told.wait()
        assert search.is_running and search.place == 1 and search.elapsed < 30
        search.stop()
        assert search.result() is None


def test_a_fault_of_a_search_is_raised_where_its_result_is_asked_for() -> None:
    def find(_: object, __: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Search(find, 1).result()


def test_a_day_before_all_boundaries_is_not_said_to_have_those_shown() -> None:
    told = words.empty_subline("12/09/2022", "2025-07-01", is_schematic=False).render("vi")
    assert "có hiệu lực khi đó" not in told and "đang hiển thị địa giới từ 01/07/2025" in told
    told = words.empty_subline("12/09/2025", "2025-07-01", is_schematic=False).render("vi")
    assert "có hiệu lực khi đó" in told and "sơ đồ" not in told


def test_schematic_boundaries_are_called_so_in_the_line_of_a_route() -> None:
    for typed in ("12/09/2022", "12/09/2025"):
        told = words.empty_subline(typed, "2025-07-01", is_schematic=True)
        assert "01/07/2025, ranh giới sơ đồ" in told.render("vi")
        assert "01/07/2025, schematic outlines" in told.render("en")
