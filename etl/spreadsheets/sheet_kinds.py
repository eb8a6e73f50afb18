"""The kinds of tables that staff fill in: their headings, the words of their lists, and the layers they feed.

The Vietnamese headings are a contract with those who fill the templates in; templates, import and reports
all take them from here.
"""

from dataclasses import dataclass, field, replace

from etl.spreadsheets.sheet_words import (
    COMPLETE_WORDS,
    FIELD_WORDS,
    KIND_WORDS,
    PHASE_WORDS,
    PRECISION_WORDS,
    RECOMMENDATION_WORDS,
    RESULT_WORDS,
    ROLE_WORDS,
    STAGE_WORDS,
    TASK_WORDS,
    Words,
)


@dataclass(frozen=True)
class Column:
    """One column of a kind of table.

    Attributes
    ----------
    key
        Its name in the code.
    heading
        Its heading in the templates, Vietnamese, without the star.
    english
        The heading below that one.
    is_required
        Its heading and each of its cells must be there.
    aliases
        Other headings that mean it.
    words
        The values that it may hold; none where it holds anything.
    is_offered
        The templates have it.
    """

    key: str
    heading: str
    english: str
    is_required: bool = False
    aliases: tuple[str, ...] = ()
    words: Words = field(default_factory=dict)
    is_offered: bool = True


@dataclass(frozen=True)
class Kind:
    """One kind of table.

    Attributes
    ----------
    name
        Its name in the code.
    title
        The name of its sheet in the templates, Vietnamese.
    english
        The same in English.
    file
        File name of its template.
    columns
        Its columns in the order of the templates.
    either
        Columns of which one group must be there in full.
    has_indicator_columns
        Every further column is an indicator.
    """

    name: str
    title: str
    english: str
    file: str
    columns: tuple[Column, ...]
    either: tuple[tuple[str, ...], ...] = ()
    has_indicator_columns: bool = False

    def column(self, key: str) -> Column:
        """Return the column of a key."""
        return next(column for column in self.columns if column.key == key)


_INSPECTED_ON = Column(
    "date", "Ngày kiểm tra", "Inspection date", True, ("ngày", "date", "thời gian kiểm tra")
)
_WARD = Column(
    "ward",
    "Phường/xã",
    "Ward",
    True,
    (
        *(
            "phường",
            "xã",
            "phường, xã",
            "phường xã",
            "phường, xã, đặc khu",
            "công an phường",
            "công an phường/xã",
        ),
        *("công an phường, xã", "đơn vị hành chính", "mã phường", "mã phường/xã", "tên phường", "ward code"),
    ),
)
_DISTRICT = Column(
    "district", "Quận/huyện", "District", False, ("quận", "huyện", "quận, huyện", "quận huyện")
)
_SOURCE = Column("source", "Nguồn", "Source", False, ("nguồn số liệu", "nguồn tài liệu"))
_SET = Column("criteria_set", "Bộ tiêu chí", "Criteria set", False, ("bộ tiêu chí số",))
_INSPECTION_KIND = Column(
    "kind", "Hình thức", "Kind", False, ("hình thức kiểm tra", "loại kiểm tra"), words=KIND_WORDS
)
CLASSIFICATION = Column(
    "classification", "Độ mật", "Classification", False, ("mức độ mật", "độ mật tài liệu")
)


_START = Column("start", "Từ ngày", "From", True, ("ngày bắt đầu", "period start", "start"))
_END = Column("end", "Đến ngày", "To", True, ("ngày kết thúc", "period end", "end"))


def _not_offered(column: Column) -> Column:
    return replace(column, is_required=False, is_offered=False)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "inspection",
            "Kiểm tra",
            "Inspections",
            "kiem-tra.xlsx",
            (
                _INSPECTED_ON,
                _WARD,
                _DISTRICT,
                Column(
                    "inspecting_body",
                    "Đơn vị kiểm tra",
                    "Inspecting body",
                    True,
                    ("cơ quan kiểm tra", "đoàn kiểm tra"),
                ),
                _INSPECTION_KIND,
                _SET,
                Column("criteria_met", "Số tiêu chí đạt", "Criteria met", False, ("tiêu chí đạt",)),
                Column(
                    "criteria_assessed",
                    "Số tiêu chí đã đánh giá",
                    "Criteria assessed",
                    False,
                    ("số tiêu chí đánh giá", "tiêu chí đã đánh giá"),
                ),
                Column("verdict", "Kết luận", "Verdict", False, ("kết luận kiểm tra", "nhận xét")),
                CLASSIFICATION,
                _SOURCE,
            ),
        ),
        Kind(
            "criterion_result",
            "Kết quả tiêu chí",
            "Criterion results",
            "ket-qua-tieu-chi.xlsx",
            (
                _INSPECTED_ON,
                _WARD,
                _DISTRICT,
                replace(_SET, is_required=True),
                Column(
                    "criterion",
                    "Tiêu chí số",
                    "Criterion number",
                    True,
                    ("tiêu chí", "số tiêu chí", "criterion"),
                ),
                Column("result", "Kết quả", "Result", True, ("kết quả đánh giá",), RESULT_WORDS),
                _not_offered(_INSPECTION_KIND),
                _not_offered(CLASSIFICATION),
                _not_offered(_SOURCE),
            ),
        ),
        Kind(
            "indicator_value",
            "Chỉ số",
            "Indicator values",
            "chi-so.xlsx",
            (
                _START,
                _END,
                _WARD,
                _DISTRICT,
                Column(
                    "indicator", "Chỉ số", "Indicator", True, ("tên chỉ số", "mã chỉ số", "chỉ tiêu thống kê")
                ),
                Column("value", "Giá trị", "Value", True, ("số liệu", "trị số")),
                # What a percentage is made of, where it is known: without it wards can't be added up.
                Column("numerator", "Tử số", "Numerator", is_offered=False),
                Column("denominator", "Mẫu số", "Denominator", is_offered=False),
                _SOURCE,
                _not_offered(CLASSIFICATION),
            ),
        ),
        Kind(
            "indicator_wide",
            "Chỉ số (bảng ngang)",
            "Indicator values, one column each",
            "chi-so-bang-ngang.xlsx",
            (
                _START,
                _END,
                _WARD,
                _DISTRICT,
                _SOURCE,
                _not_offered(CLASSIFICATION),
            ),
            has_indicator_columns=True,
        ),
        Kind(
            "recommendation",
            "Kiến nghị",
            "Recommendations",
            "kien-nghi.xlsx",
            (
                _INSPECTED_ON,
                _WARD,
                Column(
                    "text",
                    "Nội dung",
                    "Text",
                    True,
                    ("nội dung kiến nghị", "kiến nghị", "đề xuất", "đề xuất, kiến nghị"),
                ),
                Column("category", "Nhóm", "Category", False, ("nhóm kiến nghị", "lĩnh vực kiến nghị")),
                Column(
                    "owner_unit",
                    "Đơn vị giải quyết",
                    "Owner unit",
                    False,
                    ("đơn vị xử lý", "đơn vị thực hiện"),
                ),
                Column("due", "Hạn", "Due date", False, ("hạn giải quyết", "thời hạn", "hạn hoàn thành")),
                Column(
                    "state", "Tình trạng", "State", False, ("trạng thái", "tiến độ"), RECOMMENDATION_WORDS
                ),
                _not_offered(_DISTRICT),
                _not_offered(_INSPECTION_KIND),
                _not_offered(CLASSIFICATION),
                _not_offered(_SOURCE),
            ),
        ),
        Kind(
            "station",
            "Trụ sở",
            "Stations",
            "tru-so.xlsx",
            (
                _WARD,
                _DISTRICT,
                Column("name", "Tên trụ sở", "Station name", True, ("trụ sở", "tên đơn vị")),
                Column("latitude", "Vĩ độ", "Latitude", False, ("lat", "vĩ độ (WGS84)")),
                Column("longitude", "Kinh độ", "Longitude", False, ("lon", "lng", "kinh độ (WGS84)")),
                Column("x", "X", "X (VN-2000)", False, ("tọa độ X", "X VN-2000"), is_offered=False),
                Column("y", "Y", "Y (VN-2000)", False, ("tọa độ Y", "Y VN-2000"), is_offered=False),
                Column("precision", "Độ chính xác", "Precision", False, (), PRECISION_WORDS),
                _SOURCE,
                _not_offered(CLASSIFICATION),
            ),
            either=(("latitude", "longitude"), ("x", "y")),
        ),
        Kind(
            "event_task",
            "Sự kiện",
            "Event tasks",
            "su-kien.xlsx",
            (
                Column("event", "Sự kiện", "Event", True, ("tên sự kiện",)),
                Column("date", "Ngày", "Date", True, ("ngày diễn ra", "ngày sự kiện", "ngày tổ chức")),
                Column("site", "Địa điểm", "Site", True, ("điểm", "nơi diễn ra")),
                Column("phase", "Giai đoạn", "Phase", True, ("thời điểm",), PHASE_WORDS),
                Column("field", "Lĩnh vực", "Field", True, ("mảng công tác",), FIELD_WORDS),
                Column("unit", "Đơn vị", "Unit", False, ("đơn vị phụ trách", "đơn vị thực hiện")),
                Column("state", "Tình trạng", "State", False, ("trạng thái",), TASK_WORDS),
                Column(
                    "complete",
                    "Phương án đầy đủ",
                    "Plan is complete",
                    False,
                    ("phương án đã đầy đủ", "đã đầy đủ"),
                    COMPLETE_WORDS,
                ),
                _not_offered(CLASSIFICATION),
                _not_offered(_SOURCE),
            ),
        ),
        Kind(
            "pilot_status",
            "Trạng thái thí điểm",
            "Pilot status",
            "trang-thai-thi-diem.xlsx",
            (
                _WARD,
                _DISTRICT,
                Column("role", "Vai trò", "Role", True, (), ROLE_WORDS),
                Column("stage", "Giai đoạn", "Stage", True, ("bước",), STAGE_WORDS),
                Column("from", "Từ ngày", "From", True, ("ngày", "kể từ ngày", "valid from")),
                Column(
                    "decision_number",
                    "Số quyết định",
                    "Decision number",
                    False,
                    ("quyết định số", "quyết định"),
                ),
                _SOURCE,
                _not_offered(CLASSIFICATION),
            ),
        ),
        Kind(
            "target",
            "Chỉ tiêu",
            "Targets",
            "chi-tieu.xlsx",
            (
                Column(
                    "name",
                    "Nội dung",
                    "What is to be reached",
                    True,
                    ("nội dung chỉ tiêu", "chỉ tiêu", "target"),
                ),
                Column("value", "Giá trị", "Value", True, ("mức phấn đấu",)),
                Column("due", "Hạn", "Due date", True, ("thời hạn", "hạn hoàn thành")),
                _SOURCE,
                _not_offered(CLASSIFICATION),
            ),
        ),
    )
}
"""The kinds of tables by name, in the order in which they are told to users."""

LISTS_SHEET = "Danh mục"
INSTRUCTIONS_SHEET = "Hướng dẫn"
EXAMPLE_MARK = "Ví dụ"
"""What stands in the first column of the row that shows how a template is filled in."""

NUMBERING = Column(
    "number", "TT", "No.", False, ("STT", "số TT", "số thứ tự", "number", "#"), is_offered=False
)
"""The running number that most sheets begin with; it is read over."""

FAULTS_SHEET = "Lỗi"
"""The sheet that a marked copy of a workbook lists its faults on."""

NOTES_SHEET = "Ghi chú khi đọc"
"""The sheet of a marked copy that tells what was left out, converted or taken for something."""
