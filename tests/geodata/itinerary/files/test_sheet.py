"""The sheet to print: its words, its list and its map; how it looks on paper is a browser's test."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import geopandas as gpd
import pytest
import shapely

from geodata.itinerary.document import Gain
from geodata.itinerary.files.sheet import sheet_html
from geodata.itinerary.files.wording import plain
from geodata.itinerary.request import Premise
from geodata.language import message
from tests.planned_day import HOSTILE, NAMES, START, day_of, left_out, lunch_after, said, team_of

VOID = {"meta", "col", "img", "br", "hr", "link", "input"}


class Sheet(HTMLParser):
    """What a browser sees: elements with their attributes, and the text in each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.text += data
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data

    def having(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.elements if name in (attrs.get("class") or "").split()]


def wards() -> gpd.GeoDataFrame:
    lat, lon = START
    near, far = shapely.box(lon - 0.1, lat - 0.1, lon, lat + 0.1), shapely.box(100, 10, 101, 11)
    return gpd.GeoDataFrame({"ward_code": ["11299", "99999"]}, geometry=[near, far], crs="EPSG:4326")


def test_the_list_holds_times_ways_and_room_for_contacts() -> None:
    sheet = Sheet(sheet_html(day_of(replace(team_of(NAMES), lunch=lunch_after(1)))))
    assert "5 điểm thăm, 25,8 km, từ 07:30 đến 11:20 (ước tính)" in sheet.text
    assert "Thứ năm, 23/11/2023 · địa giới phường ngày 01/02/2020" in sheet.text
    head, times, start, first, lunch, *_, last, end, totals = sheet.rows
    assert head == ["STT", "Điểm dừng", "Liên hệ", "Giờ (ước tính)", "Đến điểm tiếp theo (ước tính)"]
    assert times == ["đến", "làm việc từ", "rời đi"]
    assert start == ["XP", "Xuất phát: Ủy ban nhân dân thành phố", "", "", "07:30", "4,3 km · 13 phút"]
    assert first[:2] == ["1", "Hùng Vương 11299"]
    assert set(first[2]) == {"…"}
    assert first[3:] == ["07:43", "07:48", "08:18", "4,3 km · 13 phút"]
    assert lunch == ["", "Nghỉ trưa 11:30–12:30 (ước tính)"]
    assert last[-1] == "4,3 km · 13 phút\N{NO-BREAK SPACE}*"
    assert "đường thẳng: đường đi và thời gian là ước tính (*)" in sheet.text
    assert end == ["KT", "Kết thúc: Ủy ban nhân dân thành phố", "11:20", "", "", ""]
    assert totals == [
        "",
        "Tổng cộng (ước tính): 25,8 km; đi 1 giờ 15 phút, làm việc 2 giờ 30 phút, chờ 5 phút,"
        " tất cả 3 giờ 50 phút",
    ]


def test_the_small_print_tells_what_is_assumed_known_left_out_and_not_kept() -> None:
    day = day_of(team_of(NAMES))
    delegates = Premise(message("số đại biểu"), 360, source="A", is_assumption=False)
    day = replace(
        day,
        proven_optimal=False,
        gain=Gain(travel_min=12.2, distance_m=2000),
        unassigned=left_out("Bạch Long Vĩ", "không có đường đến"),
        violations=left_out(None, "về muộn"),
        assumptions=(*day.assumptions, delegates),
    )
    text = Sheet(sheet_html(day)).text
    assert "Không đến: Bạch Long Vĩ: không có đường đến" in text
    assert "Không đáp ứng: về muộn" in text
    assert "Chờ: 5 phút tại 1. Hùng Vương" in text
    assert "Giả định: hệ số đường vòng 1,3; tốc độ ngoài giờ cao điểm 28 km/h (nguồn: giả định)" in text
    assert "Số liệu có nguồn: số đại biểu 360 (nguồn: A)" in text
    assert "Thứ tự các điểm: tốt nhất tìm được, chưa chứng minh là tốt nhất" in text
    assert "So với thứ tự đã cho: thời gian đi ít hơn 12 phút" in text
    assert "Ghi chú: Thứ tự do chương trình tính, không phải thứ tự thực tế." in text


def test_the_sheet_says_whose_outlines_it_draws() -> None:
    sheet = Sheet(sheet_html(day_of(team_of(NAMES)), "vi", wards(), [said("X"), said("Y")]))
    assert "Ranh giới: X. Y" in sheet.text


def test_an_order_made_by_hand_is_never_called_the_best() -> None:
    day = replace(day_of(team_of(NAMES)), is_order_given=True, proven_optimal=False)
    text = Sheet(sheet_html(day)).text
    assert "Thứ tự các điểm: do người dùng sắp xếp" in text
    assert "tốt nhất" not in text


def test_the_map_shows_stops_ways_and_the_wards_in_its_frame() -> None:
    sheet = Sheet(sheet_html(day_of(team_of(NAMES)), wards=wards()))
    # Start and end are one place and one mark.
    assert len(sheet.having("disc")) == 5 + 1
    assert [attrs["class"] for attrs in sheet.having("ward")] == ["ward visited"]
    # One of each in the legend.
    assert len(sheet.having("leg")) == 6 + 2
    assert len(sheet.having("estimate")) == 1 + 1
    assert len(sheet.having("north")) == 1
    assert "XP, KT" in sheet.text


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    """The first way runs due west and is measured apart from our code: 5,90 km on the ellipsoid."""
    html = sheet_html(day_of(team_of(NAMES[:1])))
    bar = re.search(r'class="scale" d="M4 [\d.]+V[\d.]+H([\d.]+)V.*?>([\d,]+) km<', html)
    leg = re.search(r'class="leg" d="M([\d.]+) [\d.]+L([\d.]+) ', html)
    assert bar
    assert leg
    mm_per_km = (float(bar[1]) - 4) / float(bar[2].replace(",", "."))
    assert (float(leg[1]) - float(leg[2])) / mm_per_km == pytest.approx(5.90, abs=0.02)


def test_discs_at_one_place_do_not_cover_each_other() -> None:
    team = team_of(NAMES)
    lat, lon = START
    team = replace(
        team,
        stops=tuple(replace(stop, lat=lat, lon=lon) for stop in team.stops),
        legs=tuple(replace(leg, way=((lon, lat), (lon, lat))) for leg in team.legs),
    )
    discs = Sheet(sheet_html(day_of(team))).having("disc")
    shapes = []
    for disc in discs:
        x, y, width, height = (float(disc[side] or 0) for side in ("x", "y", "width", "height"))
        middle = y + height / 2
        line = shapely.LineString([(x + height / 2, middle), (x + width - height / 2, middle)])
        shapes.append(line.buffer(height / 2))
    assert len(shapes) == 6
    assert min(a.distance(b) for place, a in enumerate(shapes) for b in shapes[:place]) > 0.2


def test_each_team_has_a_page() -> None:
    sheet = Sheet(sheet_html(day_of(team_of(NAMES[:3]), team_of(NAMES[3:], 2, returns=False)), "en"))
    assert len(sheet.having("page")) == 2
    assert "Team 2 · Thursday, 23/11/2023" in sheet.text
    assert "2 visits, 8.6 km, from 07:30 to 09:00 (estimated)" in sheet.text


def test_a_day_without_a_visit_is_a_sheet_all_the_same() -> None:
    sheet = Sheet(sheet_html(day_of(team_of([], returns=False))))
    assert len(sheet.having("disc")) == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text(name: str) -> None:
    team = team_of([name])
    start, visit, end = team.stops
    day = replace(
        day_of(replace(team, stops=(start, replace(visit, ward_code=name), end))),
        title=said(name),
        notes=(said(name),),
        unassigned=left_out(name, name, name),
        violations=left_out(name, name, name),
        assumptions=(Premise(message(name), name, name, name),),
    )
    sheet = Sheet(sheet_html(day))
    assert sheet.text.count(plain(name)) >= 10
    assert {tag for tag, _ in sheet.elements}.isdisjoint({"img", "script", "link", "iframe"})
    assert not any(name.startswith("on") for _, attrs in sheet.elements for name in attrs)


def test_it_needs_no_other_file() -> None:
    html = sheet_html(day_of(team_of(NAMES)))
    assert re.findall(r"url\(.{0,15}", html) == ['url("data:font/woff'] * 2
    assert re.findall(r"https?:", html) == []
    assert len(html) < 120_000
