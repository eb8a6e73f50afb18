"""Sentences that stay true for any count and range, figures with their captions, and text that stays text."""

import datetime
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.query import layers as data
from dashboard.query.publication import publication
from dashboard.query.units import ward_titles
from dashboard.screens.overview.screen import parts, ward_facts
from dashboard.subjects.cards import CardGroup
from dashboard.subjects.programme import words
from dashboard.subjects.programme.classes import MapClass
from dashboard.subjects.programme.model import LatestFact, Programme, programme_of
from dashboard.subjects.sources.citations import cite, credit
from dashboard.subjects.ward import words as ward_words
from dashboard.subjects.ward.model import NAMED_INSPECTIONS, ward_of
from dashboard.ui.html import html
from geodata.evidence import Evidence
from geodata.language import Language, joined, message, render
from geodata.period import FactDay, Period
from geodata.programme.coverage import Coverage
from geodata.programme.inspections import InspectionCoverage
from geodata.programme.pilot_wards import FIRST, ChosenWards, chosen_wards, with_first_key
from tests.given import given
from tests.inspected_city import BATCH
from tests.small_city import MID, NEW, OLD
from tests.wording import SAID

ALL = Period(datetime.date(2021, 3, 17), datetime.date(2025, 12, 31))
LATEST = LatestFact(FactDay(datetime.date(2023, 11, 23)))


def sentence(chosen: ChosenWards, language: Language, **of_range: bool) -> str:
    return words.sentence(chosen, LATEST, ALL, **of_range).render(language)


def described(evidence: Evidence, key: tuple[str, str], language: Language) -> str:
    return ward_facts(ward_of(evidence, key), language)


@dataclass(frozen=True)
class Drawn:
    """The overview as its page draws it."""

    model: Programme
    language: Language
    html: dict[str, str]

    def __getattr__(self, name: str) -> Any:
        return self.html[name] if name in self.html else getattr(self.model, name)

    @property
    def headline(self) -> str:
        return words.headline(self.model).render(self.language)

    @property
    def classes(self) -> list[MapClass]:
        shown = self.model.classes
        return [
            replace(one, label=render(one.label, self.language), count=render(one.count, self.language))
            for one in shown
        ]

    @property
    def badge(self) -> str:
        return words.ILLUSTRATIVE.render(self.language) if self.model.is_illustrative else ""


def describe_city(
    evidence: Evidence, vintage: str, language: Language, areas: dict[str, str] | None = None
) -> Drawn:
    model = programme_of(evidence, vintage, list(areas or {}))
    names = joined(", ", areas.values()) if areas else None
    return Drawn(model, language, dict(parts(model, names, language)))


SCRIPT = "<img src=x onerror=alert(1)>"


def coverage(pilots: int, partly: int = 0) -> Coverage:
    return Coverage(217, pilots, partly, 100 * pilots / 217, 1.4, 4.8)


def chosen(
    years: dict[str | None, int], seen: int, *, by_ministry: int | None = None, on_site: int | None = None
) -> ChosenWards:
    ministry = seen if by_ministry is None else by_ministry
    return ChosenWards(tuple(years.items()), 3, seen, ministry, ministry if on_site is None else on_site)


SIX: dict[str | None, int] = {"2021–2022": 1, "2023": 5}


@pytest.mark.parametrize(
    ("shown", "vi", "en"),
    [
        (
            chosen(SIX, 5),
            SAID["overview: six pilot wards"],
            "As of 23/11/2023, six wards have been chosen for the pilot (one for 2021–2022, five for 2023), "
            "five inspected on site by the Ministry; no information since",
        ),
        (
            chosen({"2023": 12}, 11, on_site=10),
            "Đến ngày 23/11/2023, 12 phường từng được chọn thí điểm (năm 2023), "
            "11 phường đã được Bộ kiểm tra; sau đó chưa có thông tin",
            "As of 23/11/2023, 12 wards have been chosen for the pilot (for 2023), "
            "11 inspected by the Ministry; no information since",
        ),
        (
            chosen(SIX, 6, by_ministry=5),
            "Đến ngày 23/11/2023, sáu phường từng được chọn thí điểm (một phường năm 2021–2022, năm phường "
            "năm 2023), cả sáu phường đã được kiểm tra (năm phường do Bộ); sau đó chưa có thông tin",
            "As of 23/11/2023, six wards have been chosen for the pilot (one for 2021–2022, five for 2023), "
            "all six inspected, five of them by the Ministry; no information since",
        ),
        (
            chosen({"2023": 1, None: 1}, 1, by_ministry=0),
            "Đến ngày 23/11/2023, hai phường từng được chọn thí điểm (một phường năm 2023, một phường chưa "
            "rõ năm), một phường đã được kiểm tra; sau đó chưa có thông tin",
            "As of 23/11/2023, two wards have been chosen for the pilot (one for 2023, one of an unknown "
            "year), one inspected; no information since",
        ),
        (
            chosen({None: 1}, 0),
            "Đến ngày 23/11/2023, một phường từng được chọn thí điểm, chưa ghi nhận lần kiểm tra nào; "
            "sau đó chưa có thông tin",
            "As of 23/11/2023, one ward has been chosen for the pilot, no inspection on record; "
            "no information since",
        ),
        (
            chosen({}, 0),
            "Đến ngày 31/12/2025 chưa ghi nhận phường nào được chọn thí điểm",
            "No ward on record as chosen for the pilot up to 31/12/2025",
        ),
    ],
)
def test_the_headline_says_for_which_years_the_wards_were_chosen_and_that_no_more_is_known(
    shown: ChosenWards, vi: str, en: str
) -> None:
    of_all = {"is_all": True, "is_illustrative": False}
    assert sentence(shown, "vi", **of_all) == vi
    assert sentence(shown, "en", **of_all) == en


@pytest.mark.parametrize(
    ("shown", "vi", "en"),
    [
        (
            chosen(SIX, 5),
            "năm phường được Bộ kiểm tra thực địa trong kỳ",
            "five inspected on site by the Ministry in this period",
        ),
        (
            chosen(SIX, 5, on_site=1),
            "năm phường được Bộ kiểm tra trong kỳ",
            "five inspected by the Ministry in this period",
        ),
        (
            chosen(SIX, 6, by_ministry=1),
            "cả sáu phường được kiểm tra trong kỳ (một phường do Bộ)",
            "all six inspected in this period, one of them by the Ministry",
        ),
        (chosen(SIX, 1, by_ministry=0), "một phường được kiểm tra trong kỳ", "one inspected in this period"),
        (
            chosen(SIX, 0),
            "chưa ghi nhận lần kiểm tra nào trong kỳ",
            "no inspection on record in this period",
        ),
    ],
)
def test_the_headline_of_a_range_speaks_of_that_range_alone(shown: ChosenWards, vi: str, en: str) -> None:
    of_range = {"is_all": False, "is_illustrative": False}
    assert f", {vi};" in sentence(shown, "vi", **of_range)
    assert f", {en};" in sentence(shown, "en", **of_range)


def test_the_headline_says_nothing_of_a_time_after_the_range() -> None:
    until = Period(ALL.since, LATEST.verified.day if LATEST.verified else ALL.until)
    told = words.sentence(chosen(SIX, 5), LATEST, until, is_all=True, is_illustrative=False)
    assert told.render("vi").endswith("đã được Bộ kiểm tra thực địa")


def test_a_fact_that_is_known_to_the_year_is_told_as_the_year() -> None:
    latest = LatestFact(FactDay(datetime.date(2023, 1, 1), is_exact=False))
    told = words.sentence(chosen(SIX, 0), latest, ALL, is_all=True, is_illustrative=False)
    assert told.render("vi").startswith("Đến năm 2023, sáu phường")
    line = words.as_of(ALL.until, OLD, 217, latest).render("vi")
    assert line == "Thông tin mới nhất năm 2023 · địa giới từ 01/02/2020, 217 đơn vị cấp xã"


def test_the_day_of_the_latest_verified_fact_and_of_the_latest_illustrative_figure_stand_apart() -> None:
    latest = replace(LATEST, illustrative=datetime.date(2025, 10, 28))
    assert words.latest_words(ALL.until, latest).render("vi") == (
        "thông tin đã xác thực mới nhất ngày 23/11/2023, số liệu minh họa mới nhất ngày 28/10/2025"
    )
    assert words.latest_words(ALL.until, LatestFact(None)).render("vi") == (
        "chưa ghi nhận thông tin nào đến ngày 31/12/2025"
    )


def test_a_headline_with_illustrative_figures_says_so_itself_and_names_no_inspector() -> None:
    told = {"is_all": True, "is_illustrative": True}
    mixed = chosen(SIX, 6, by_ministry=5)
    assert sentence(mixed, "vi", **told) == (
        "Minh họa: sáu phường từng được chọn thí điểm (một phường năm 2021–2022, năm phường năm 2023), "
        "cả sáu phường đã được kiểm tra"
    )
    assert sentence(mixed, "en", **told) == (
        "Illustrative: six wards have been chosen for the pilot (one for 2021–2022, five for 2023), "
        "all six inspected"
    )


def written(group: CardGroup) -> list[tuple[str, str]]:
    return [
        (render(card.value, "vi").replace("\N{NO-BREAK SPACE}", " "), card.caption.render("vi"))
        for card in group.cards
    ]


def test_coverage_stands_as_three_shares_with_the_year_of_the_population() -> None:
    figures = written(words.pilot_cards(chosen(SIX, 5), coverage(6), [2019]))
    assert figures == [
        ("6 / 217", "phường: 1 năm 2021–2022, 5 năm 2023"),
        ("1,4 %", "diện tích"),
        ("4,8 %", "dân số 2019"),
    ]


def test_wards_that_a_vintage_holds_in_part_are_no_share_of_its_units() -> None:
    first = words.pilot_cards(chosen(SIX, 5), coverage(0, 5), [2025]).cards[0]
    assert (render(first.value, "vi"), first.caption.render("vi")) == (
        "6",
        "phường: 1 năm 2021–2022, 5 năm 2023",
    )


def test_an_unknown_share_is_said_to_be_unknown() -> None:
    unknown = Coverage(10, 1, 0, 10.0, 5.0, float("nan"))
    last = words.pilot_cards(chosen({"2023": 1}, 0), unknown, []).cards[-1]
    assert (render(last.value, "vi"), last.caption.render("vi")) == (
        "chưa có thông tin",
        "dân số chưa có thông tin",
    )


def inspection_coverage(pilots: int, partly_pilots: int = 0, partly: int = 0) -> InspectionCoverage:
    return InspectionCoverage(
        ward_count=217,
        inspected_count=7,
        partly_inspected_count=partly,
        pilot_ward_count=pilots,
        pilot_inspected_count=min(pilots, 5),
        partly_pilot_inspected_count=partly_pilots,
        wards_pct=3.2,
        pilot_wards_pct=83.3,
        area_pct=2.0,
        last_inspection=None,
        days_since_last=None,
    )


def inspection_cards(
    small: Evidence, inspection: InspectionCoverage, seen: int, *, is_all: bool, **told: Any
) -> CardGroup:
    shown = programme_of(replace(small, is_all=is_all), OLD)
    return words.inspection_cards(
        given(shown, inspection=inspection, chosen=chosen(SIX, seen), inspection_count=12, **told)
    )


def test_inspected_wards_stand_beside_all_wards_and_the_number_of_inspections(small: Evidence) -> None:
    told = {"is_all": True, "is_illustrative": False}
    group = inspection_cards(small, inspection_coverage(6), 5, **told)
    assert group.heading.render("vi") == "Đã kiểm tra"
    assert written(group) == [
        ("5 / 6", "phường từng được chọn"),
        ("7 / 217", "đơn vị"),
        ("12", "lượt kiểm tra"),
    ]


def test_beside_illustrative_inspections_stands_how_many_wards_are_so_by_verified_facts(
    small: Evidence,
) -> None:
    mixed = replace(chosen(SIX, 6), verified_count=5)
    told = words.inspected_clause(mixed, is_all=True)
    assert told.render("vi").endswith("(năm theo số liệu đã xác thực)")
    assert told.render("en").endswith("(five by verified facts)")
    caption = words.with_verified(message("wards ever chosen"), mixed)
    assert caption.render("vi") == "phường từng được chọn; 5 theo số liệu đã xác thực"
    alike = replace(mixed, verified_count=6)
    assert words.inspected_clause(alike, is_all=True) == words.inspected_clause(chosen(SIX, 6), is_all=True)
    assert chosen_wards(small).verified_count <= chosen_wards(small).inspected_count


def test_units_that_were_inspected_in_part_are_counted_apart(small: Evidence) -> None:
    told = {"is_all": False, "is_illustrative": True}
    group = inspection_cards(small, inspection_coverage(0, 4, 2), 2, **told)
    assert group.heading.render("vi") == "Được kiểm tra trong kỳ"
    assert written(group)[:2] == [("2 / 6", "phường từng được chọn"), ("7 / 217", "đơn vị; 2 một phần")]
    assert "SỐ LIỆU MINH HỌA" in html("cards", "vi", groups=[group])
    in_part = inspection_cards(small, replace(inspection_coverage(0, 4, 2), inspected_count=0), 0, **told)
    assert written(in_part)[:2] == [
        ("chưa ghi nhận", "phường từng được chọn"),
        ("2 / 217", "đơn vị, đều chỉ một phần"),
    ]
    none = inspection_cards(small, replace(inspection_coverage(0), inspected_count=0), 0, **told)
    assert written(none)[1] == ("chưa ghi nhận", "đơn vị")


def test_a_ward_that_is_recorded_in_two_vintages_is_counted_once_with_its_last_years(small: Evidence) -> None:
    row = small.pilot_status.iloc[:1].assign(period="2024", valid_from=pd.Timestamp("2024-01-01"))
    again = with_first_key(
        pd.concat(
            [
                small.pilot_status.drop(columns=FIRST),
                row.drop(columns=FIRST).assign(vintage=MID, ward_code="00002"),
            ],
            ignore_index=True,
        ),
        pd.DataFrame(
            [(MID, "00002", OLD, "00002"), (OLD, "00002", MID, "00002")],
            columns=["from_vintage", "from_ward_code", "to_vintage", "to_ward_code"],
        ),
    )
    assert chosen_wards(replace(small, pilot_status=again)).by_years == (("2024", 1),)


def known(gpkg: Path, monkeypatch: pytest.MonkeyPatch, *ends: str, verified_only: bool = True) -> Evidence:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(gpkg))
    period = Period(*(datetime.date.fromisoformat(end) for end in ends)) if ends else ALL
    return data.evidence(publication(), period, verified_only=verified_only)


@pytest.fixture
def small(small_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> Evidence:
    return known(small_gpkg, monkeypatch)


def test_the_small_city_in_its_first_vintage(small: Evidence) -> None:
    shown = describe_city(small, OLD, "vi")
    assert shown.headline == SAID["overview: one pilot ward, inspected"]
    assert shown.programme_codes == ["00002", "00003"]
    assert "Thông tin mới nhất ngày 23/11/2023" in shown.subline and "31/12/2025" not in shown.subline
    titles = ward_titles(publication(), OLD)
    assert next(iter(titles.values())) == "Phường An Đông (00001)"
    assert [tick.codes for tick in shown.ticks] == [("00002",)]


def test_the_small_city_in_its_last_vintage(small: Evidence) -> None:
    shown = describe_city(small, NEW, "en")
    assert shown.headline == SAID["overview: one pilot ward, inspected (en)"]
    assert [(entry.label, entry.count) for entry in shown.classes] == [
        ("Visit site 2022", "1"),
        ("Holds former ground of the programme in part", "2"),
        ("No information yet", "1"),
    ]
    assert "<b>1 / 1</b><span>wards ever chosen</span>" in shown.cards
    assert shown.programme_codes == ["00002"]


def test_what_was_recorded_on_older_wards_is_drawn_as_they_were(small: Evidence) -> None:
    shown = programme_of(small, NEW)
    assert [(ward.vintage, ward.ward_code, ward.label) for ward in shown.former.wards] == [
        (OLD, "00002", "Hòa Bình 2021–2023"),
        (OLD, "00003", "Thủy Tây 2022"),
    ]
    classes = [
        (render(one.label, "vi"), render(one.count, "vi"), one.pattern) for one in shown.former.classes
    ]
    assert classes == [
        ("Địa bàn thí điểm 2021–2023, đã kiểm tra", "1", "hatch"),
        ("Địa bàn điểm tham quan 2022", "1", "hatch"),
    ]
    assert [(tick.codes, tick.is_partly) for tick in shown.ticks] == [((f"{OLD}/00002",), False)]
    assert "theo địa giới từ 01/02/2020" in words.rests_on(shown).render("vi")


def test_in_the_boundaries_of_the_record_no_outline_is_drawn_twice(small: Evidence) -> None:
    assert programme_of(small, OLD).former.wards == ()


def test_only_the_former_ground_of_the_areas_is_drawn(small: Evidence) -> None:
    assert programme_of(small, NEW, ["00002"]).former.wards == ()
    drawn = programme_of(small, NEW, ["00003"]).former
    assert [ward.sign for ward in drawn.wards] == [f"{OLD}/00003"]


def test_before_the_first_role_nothing_is_drawn(
    inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = known(inspected_gpkg, monkeypatch, "2020-06-01", "2020-12-31")
    assert programme_of(before, NEW).former.wards == ()


def texts(shown: Drawn) -> str:
    return "".join([shown.subline, shown.cards, shown.inspections, shown.events, shown.notes])


def test_a_range_filters_headline_map_figures_and_lists_together(
    inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_all = describe_city(known(inspected_gpkg, monkeypatch), OLD, "vi")
    assert of_all.headline == SAID["overview: one pilot ward, inspected until 2024"]
    assert [(entry.label, entry.count) for entry in of_all.classes] == [
        ("Thí điểm 2021–2023, đã kiểm tra", "1"),
        ("Điểm tham quan 2022", "1"),
        ("Chưa ghi nhận trong chương trình, đã kiểm tra", "1"),
        ("Chưa có thông tin", "1"),
    ]
    assert "<b>2 / 4</b>" in of_all.cards and "<b>3</b>" in of_all.cards
    assert "Danh sách kiểm tra (3)" in of_all.inspections
    assert "Hội nghị sơ kết" in of_all.events

    year = known(inspected_gpkg, monkeypatch, "2022-01-01", "2022-12-31")
    of_2022 = describe_city(year, OLD, "vi")
    assert of_2022.headline == SAID["overview: one pilot ward, none inspected in the range"]
    assert of_2022.classes[0].label == "Thí điểm 2021–2023"
    assert "<b>1 / 4</b>" in of_2022.cards and "chưa ghi nhận</b><span>phường từng được chọn" in of_2022.cards
    assert "An Đông" in of_2022.inspections and "Hòa Bình" not in of_2022.inspections
    assert of_2022.ticks == []

    of_2024 = describe_city(known(inspected_gpkg, monkeypatch, "2024-01-01", "2024-12-31"), OLD, "vi")
    assert of_2024.headline == SAID["overview: one pilot ward, inspected in the range"]
    assert SAID["overview: no event in 2024"] in of_2024.events
    assert [tick.codes for tick in of_2024.ticks] == [("00002",)]


def test_a_range_without_anything_explains_itself(
    inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = known(inspected_gpkg, monkeypatch, "2023-12-01", "2023-12-31")
    shown = describe_city(empty, OLD, "vi")
    assert "từ 01/12/2023 đến 31/12/2023; lần gần nhất trước đó ngày 23/11/2023" in shown.inspections
    assert "Chưa ghi nhận sự kiện nào" in shown.events
    facts = described(empty, (OLD, "00002"), "vi")
    assert "Không có trong kỳ; lần gần nhất trước đó ngày 23/11/2023" in facts


def test_before_the_first_stage_there_is_no_pilot_ward(
    inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = known(inspected_gpkg, monkeypatch, "2020-06-01", "2020-12-31")
    shown = describe_city(before, OLD, "en")
    assert shown.headline == "No ward on record as chosen for the pilot up to 31/12/2020"
    assert [entry.label for entry in shown.classes] == ["No information yet"]
    assert "No inspection is on record from 01/06/2020 to 31/12/2020." in shown.inspections


def test_illustrative_figures_are_left_out_or_marked_wherever_they_stand(
    inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified = describe_city(known(inspected_gpkg, monkeypatch), OLD, "vi")
    assert verified.badge == ""
    assert "MINH HỌA" not in texts(verified)
    every = known(inspected_gpkg, monkeypatch, verified_only=False)
    shown = describe_city(every, OLD, "vi")
    assert shown.headline == (
        "Minh họa: một phường từng được chọn thí điểm (năm 2021–2023), một phường đã được kiểm tra"
    )
    assert shown.badge == "SỐ LIỆU MINH HỌA"
    for part in (shown.subline, shown.cards):
        assert "SỐ LIỆU MINH HỌA" in part
    assert shown.inspections.count("SỐ LIỆU MINH HỌA") == 2
    assert "có lượt kiểm tra là số liệu minh họa" in shown.notes.lower()
    assert "SỐ LIỆU MINH HỌA" in described(every, (OLD, "00004"), "vi")
    assert "SỐ LIỆU MINH HỌA" not in described(every, (OLD, "00002"), "vi")


def test_a_range_without_illustrative_figures_bears_no_badge_on_its_figures(
    inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    year = known(inspected_gpkg, monkeypatch, "2024-01-01", "2024-12-31", verified_only=False)
    shown = describe_city(year, OLD, "vi")
    assert shown.badge == "" and "MINH HỌA" not in shown.cards + shown.inspections
    assert "SỐ LIỆU MINH HỌA" in shown.subline
    assert not shown.headline.startswith("Minh họa")


def test_an_imported_inspection_shows_its_file_who_imported_it_and_when(
    inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = known(inspected_gpkg, monkeypatch)
    facts = described(every, (OLD, "00001"), "vi")
    assert "10/06/2022, Công an quận Đông" in facts
    assert "đạt 1/2 tiêu chí đã đánh giá" in facts
    assert "<summary>Nguồn: kiem-tra.xlsx</summary>" in facts
    assert "Do Lan nhập ngày 01/01/2026" in facts
    cited = noted([f"{BATCH}-1"], every.source)
    assert "<summary>Nguồn: Biên bản số 7</summary>" in cited
    assert "Được dẫn trong kiem-tra.xlsx" in cited


def test_a_ward_made_of_inspected_wards_says_which(
    inspected_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = known(inspected_gpkg, monkeypatch)
    assert every.ward((NEW, "00001"))["is_inspected"]
    facts = described(every, (NEW, "00001"), "vi")
    of_old = " · địa giới từ 01/02/2020"
    assert f"Phường Hòa Bình, 20/05/2024{of_old}<br>Phường An Đông, 10/06/2022{of_old}" in facts


def test_many_inspections_of_a_ward_are_counted(small: Evidence) -> None:
    row = small.inspection[small.inspection["ward_code"] == "00002"].iloc[0]
    days = pd.date_range("2023-01-01", periods=7)[::-1]
    many = pd.DataFrame([row.to_dict() | {"inspection_id": str(at), "inspection_date": at} for at in days])
    facts = described(replace(small, inspection=many), (OLD, "00002"), "en")
    assert facts.count("Verdict:") == NAMED_INSPECTIONS
    assert "and 3 earlier ones in this period" in facts
    shown = describe_city(replace(small, inspection=many), OLD, "en").inspections
    assert "List of inspections (7)" in shown


def test_a_ward_is_known_by_its_vintage_because_codes_were_reused(small: Evidence) -> None:
    old = described(small, (OLD, "00003"), "vi")
    new = described(small, (NEW, "00003"), "vi")
    assert "Xã Thủy Tây" in old and "Xã Núi Đèo" in new
    assert "Xã Tây (75\N{NO-BREAK SPACE}%), Xã Núi Đèo (25\N{NO-BREAK SPACE}%)" in old
    assert "đơn vị kế thừa theo văn bản sắp xếp; tỷ lệ theo chồng ghép ranh giới" in old
    assert "25\N{NO-BREAK SPACE}% Xã Thủy Tây" in new


def test_each_fact_of_a_ward_ends_in_its_source(small: Evidence) -> None:
    for fact in ward_words.facts(ward_of(small, (OLD, "00002"))):
        assert "hp-source" in html("citations", "vi", cited=fact.citations), fact.label


def test_a_ward_outside_the_programme_says_that_nothing_is_known(small: Evidence) -> None:
    assert "Chưa có thông tin" in described(small, (OLD, "00001"), "vi")


def test_text_of_the_data_stays_text(small: Evidence) -> None:
    frames: dict[str, Any] = {
        "event": small.event.assign(event_name=SCRIPT, event_name_en=SCRIPT, place=SCRIPT),
        "source": small.source.assign(title=SCRIPT, publisher=SCRIPT, url="javascript:alert(1)"),
        "wards": small.wards.assign(ward_name=SCRIPT, district_name=SCRIPT, from_wards=SCRIPT),
        "pilot_status": small.pilot_status.assign(note=SCRIPT, period=SCRIPT),
        "inspection": small.inspection.assign(verdict=SCRIPT, inspecting_body=SCRIPT),
    }
    hostile = replace(small, **frames)
    written = texts(describe_city(hostile, OLD, "vi"))
    for key in ((OLD, "00002"), (NEW, "00001")):
        written += described(hostile, key, "vi")
    assert "<img" not in written and "javascript:" not in written
    assert "&lt;img src=x onerror=alert(1)&gt;" in written


def noted(source_ids: list[Any], known_sources: pd.DataFrame) -> str:
    return html("citations", "vi", cited=cite(source_ids, known_sources))


def sources(*rows: dict[str, object]) -> pd.DataFrame:
    columns = ["source_id", "title", "publisher", "published", "licence", "locator", "url"]
    return pd.DataFrame(list(rows), columns=columns)


def test_a_source_with_an_address_links_to_it() -> None:
    known_sources = sources(
        {
            "source_id": "A",
            "title": "Bài",
            "publisher": "Báo",
            "published": pd.Timestamp("2022-09-08"),
            "locator": "số 1",
            "url": "https://example.org/?a=1&b=2",
        }
    )
    note = noted(["A"], known_sources)
    assert "<summary>Nguồn A</summary>" in note
    assert "Bài. Báo. 08/09/2022. số 1" in note
    assert 'href="https://example.org/?a=1&amp;b=2"' in note
    assert "chưa rõ nguồn" in noted([pd.NA], known_sources)


def test_sources_of_one_publisher_share_a_link_that_tells_all_of_them() -> None:
    known_sources = sources(
        {"source_id": "one", "title": "Ranh giới 2020", "publisher": "GADM"},
        {"source_id": "two", "title": "Ranh giới cắt lại", "publisher": "GADM"},
        {"source_id": "other", "title": "Bản đồ", "publisher": "Cơ quan"},
    )
    notes = noted(["one", "two", "other"], known_sources)
    assert notes.count("<summary>") == 2 and notes.count("GADM</summary>") == 1
    for title in ("Ranh giới 2020", "Ranh giới cắt lại", "Bản đồ"):
        assert title in notes
    assert credit(["one", "two", "other"], known_sources).render("vi") == "Nguồn: GADM; Cơ quan"


def test_areas_narrow_the_sentence_the_figures_and_the_map(small: Evidence) -> None:
    whole = describe_city(small, OLD, "vi")
    shown = describe_city(small, OLD, "vi", {"00001": "Phường An <Đông>", "00003": "Xã Thủy Tây"})
    assert "một phường từng được chọn thí điểm" in whole.headline
    assert shown.headline == "Đến ngày 31/12/2025 chưa ghi nhận phường nào được chọn thí điểm"
    assert "<b>Phường An &lt;Đông&gt;, Xã Thủy Tây</b> · " in shown.subline
    assert shown.programme_codes == ["00003"]
    assert [(entry.label, entry.count) for entry in shown.classes] == [
        ("Điểm tham quan 2022", "1"),
        ("Chưa có thông tin", "1"),
        ("Ngoài khu vực đã chọn", ""),
    ]
    assert shown.class_numbers == [1, 2, 0, 2, 2]
    # Silence of the record is no zero.
    assert shown.cards.count("chưa ghi nhận") == 6


def test_an_area_keeps_what_is_known_of_the_wards_that_went_into_it(small: Evidence) -> None:
    east = small.of_areas(NEW, ["00001"])
    assert set(east.wards[east.wards["vintage"] == NEW]["ward_code"]) == {"00001"}
    assert set(east.wards[east.wards["vintage"] == OLD]["ward_code"]) == {"00001", "00002"}
    headline = describe_city(small, NEW, "vi", {"00001": "Đông"}).headline
    assert headline == SAID["overview: one pilot ward, inspected"]
    assert describe_city(small, NEW, "vi", {"00003": "Núi Đèo"}).headline == (
        "Đến ngày 31/12/2025 chưa ghi nhận phường nào được chọn thí điểm"
    )
