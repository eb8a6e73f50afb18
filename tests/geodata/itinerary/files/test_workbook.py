"""The workbook: dates are dates, numbers are numbers, text is never a formula."""

import datetime
import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from geodata.itinerary.files.wording import plain
from geodata.itinerary.files.workbook import xlsx
from geodata.itinerary.request import DEPARTURE, Premise
from geodata.language import message
from tests.planned_day import HOSTILE, NAMES, day_of, left_out, lunch_after, said, team_of
from tests.wording import SAID


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_stops_legs_assumptions_and_notes() -> None:
    team = replace(team_of(NAMES), lunch=lunch_after(5))
    left = left_out("Bạch Long Vĩ", "không có đường đến")
    read = sheets(xlsx(replace(day_of(team), unassigned=left)))
    assert list(read) == ["Điểm dừng", "Chặng", "Giả định", "Ghi chú"]

    [heading, start, first, *_, end] = read["Điểm dừng"]
    assert len(read["Điểm dừng"]) == 1 + 7
    stop = dict(zip(heading, first, strict=True))
    assert stop["Địa điểm"] == "Hùng Vương"
    assert stop["Mã phường, xã"] == "11299"
    assert stop["Địa giới từ"] == "01/02/2020"
    assert stop["Số người"] is None
    assert stop["Đến"] == datetime.datetime(2023, 11, 23, 7, 43)
    assert stop["Bắt đầu làm việc"] == datetime.datetime(2023, 11, 23, 7, 48)
    assert stop["Kết thúc làm việc"] == datetime.datetime(2023, 11, 23, 8, 18)
    assert stop["Rời đi"] == datetime.datetime(2023, 11, 23, 8, 18)
    assert stop["Chờ (phút)"] == 5
    assert stop["Vĩ độ"] == 20.8605
    assert stop["Giờ ước tính"] == "có"
    assert (start[2], start[8], end[2], end[11]) == ("xuất phát", None, "kết thúc", None)

    [heading, *legs] = read["Chặng"]
    assert len(legs) == 6
    assert legs[-1] == (
        "Tổ 1",
        "Ngọc Xuyên",
        "Ủy ban nhân dân thành phố",
        4.3,
        13,
        SAID["routes: straight lines"],
    )
    assert read["Giả định"][1:] == [
        ("hệ số đường vòng", 1.3, None, None, "có"),
        ("tốc độ ngoài giờ cao điểm", 28, "km/h", "giả định", "có"),
    ]
    notes = read["Ghi chú"]
    assert notes[1] == ("Ngày", datetime.datetime(2023, 11, 23))
    assert (
        "Tổng cộng, Tổ 1",
        "25,8 km; đi 1 giờ 15 phút, làm việc 2 giờ 30 phút, chờ 5 phút, tất cả 3 giờ 50 phút",
    ) in notes
    assert ("Nghỉ trưa, Tổ 1", "11:30–12:30 (ước tính), sau: 5. Ngọc Xuyên") in notes
    assert ("Không đến", "Bạch Long Vĩ: không có đường đến") in notes
    assert ("Thứ tự các điểm", "ngắn nhất trong các thứ tự (đã chứng minh)") in notes
    assert ("Ghi chú", "Thứ tự do chương trình tính, không phải thứ tự thực tế.") in notes


def test_an_assumed_departure_is_no_exact_one() -> None:
    real = replace(day_of(team_of(NAMES)), assumptions=(Premise(DEPARTURE, "07:30"),))
    assert [row[-1] for row in sheets(xlsx(real))["Điểm dừng"][1:3]] == ["giả định", "có"]


def test_rows_of_several_teams_name_theirs() -> None:
    read = sheets(xlsx(day_of(team_of(NAMES[:2]), team_of(NAMES[2:], 2)), "en"))
    assert [row[0] for row in read["Stops"]] == ["Team", *["Team 1"] * 4, *["Team 2"] * 5]


def test_times_are_shown_as_in_vietnam() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(day_of(team_of(NAMES)))))
    assert book["Điểm dừng"]["I3"].number_format == "dd/mm/yyyy hh:mm"
    assert book["Ghi chú"]["B2"].number_format == "dd/mm/yyyy"


@pytest.mark.parametrize("name", [*HOSTILE, "https://example.org", "{=1+1}"])
def test_text_is_never_a_formula_or_a_link(name: str) -> None:
    day = replace(
        day_of(team_of([name])),
        title=said(name),
        notes=(said(name),),
        unassigned=left_out(name, name, name),
        assumptions=(Premise(message(name), name, name, name),),
    )
    book = openpyxl.load_workbook(io.BytesIO(xlsx(day)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [cell for cell in cells if cell.hyperlink] == []
    assert book["Điểm dừng"]["D3"].value == plain(name)
    assert book["Ghi chú"]["B1"].value == plain(name)


def test_the_same_itinerary_is_the_same_file() -> None:
    assert xlsx(day_of(team_of(NAMES))) == xlsx(day_of(team_of(NAMES)))
