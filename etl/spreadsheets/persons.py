"""What in a text or a heading identifies a person: numbers, addresses, dates of birth.

Sums of money and numbers of documents have as many digits as an identity card: a unit or a word beside them,
or the heading of their column, tells them apart.
"""

import re

from geodata.language import Message, message
from geodata.wards.names import bare, fold

_NUMBER = re.compile(
    # An identity number of 12 digits, in groups of three or not; the older one of 9; a mobile telephone.
    r"(?<![\d/.,-])(?<!\d )"
    r"(?:\d{12}|\d{3}(?:[ .]\d{3}){3}|\d{9}|(?P<telephone>(?:\+?84|0)[ .-]?[35789]\d(?:[ .-]?\d){7}))"
    r"(?![\d/]|[.,]\d| \d{3}\b)",
    re.ASCII,
)
_MONEY_UNIT = re.compile(
    r"\s*(?:,-|-)?\s*\(?(?:đồng\b(?! chí)|đ\b|dong\b|vnđ|vnd|₫|usd|\$|€|eur\b"
    r"|nghìn|ngàn|triệu|tr\.?\s*đ|tỷ|tỉ\b|m2\b|m²|ha\b)",
    re.I,
)
_MONEY_WORDS = (
    *(
        "kinh phí",
        "giải ngân",
        "gói thầu",
        "tiền(?! án| sự)",
        "trị giá",
        "tổng mức",
        "đầu tư",
        "ngân sách",
        "chi phí",
        "thiệt hại",
        "dự toán",
    ),
    *(
        "vốn",
        "giá trị",
        "doanh thu",
        "thu chi",
        "nộp phạt",
        "mức phạt",
        "budget",
        "cost",
        "amount",
        "vnd",
        "vnđ",
    ),
)
_MONEY_BEFORE = re.compile(
    rf"(?:{'|'.join(_MONEY_WORDS)}|\$|€|usd)[^\d.;]{{0,30}}$",
    re.I,
)
_DOCUMENT_BEFORE = re.compile(
    r"(?:quyết định|công văn|\b(?:qđ|cv|hđ)|văn bản|hợp đồng|hóa đơn|hoá đơn|biên lai|biên bản|chứng từ|"
    r"kế hoạch|tờ trình|phiếu (?:thu|chi|nhập|xuất)|giấy phép|mã số thuế|mst|seri(?:al)?|invoice|contract)"
    r"\s*(?:số|no\.?|:|điện tử|\s)*$",
    re.I,
)
_MONEY_HEADING = re.compile(rf"\b(?:{'|'.join(_MONEY_WORDS)}|đồng|đơn giá|usd)\b", re.I)

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w-]")

_DAY = r"\d{1,2}\s*[./-]\s*\d{1,2}\s*[./-]\s*(?:\d{4}|\d{2})\b"
_BORN = re.compile(
    r"\b(?:(?P<plain>sinh)|ngày sinh|năm sinh|ngày tháng năm sinh|dob|born|date of birth)"
    rf"(?:\s+(?:ngày|năm|tháng|on|in))?\s*[:.]?\s*(?:{_DAY}|(?:19|20)\d\d\b|\d{{1,2}} tháng \d)"
    # "SN 1985"; "NS 2025" is a budget, "SN 12/34" a house.
    r"|\bs\.?n\b\.?\s*:?\s*(?:\d{1,2}[./-]\d{1,2}[./-])?(?:19|20)\d\d\b"
    r"|\bn\.?s\b\.?\s*:?\s*\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d\b",
    re.I,
)
_WORD_BEFORE = re.compile(r"([^\W\d_]*)\s*$")
_NOT_BORN = frozenset(
    ("học", "phát", "vệ", "khai", "hy", "tuyển", "thí", "sản", "giáo", "nhân", "sơ", "tái", "nảy", "giáng")
)
"""Words that make another one of “sinh”, such as pupil, arise, hygiene."""

_SURNAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đào|Đoàn|Vương|Trịnh|Đinh|Lâm|Phùng"
    "|Mai|Tô|Trương|Hà|Cao|Lương|Lưu|Tạ|Chu|Quách|Khổng|Phí|Nghiêm|Tống|Thái|Kiều"
)
_NAME_AND_DAY = re.compile(
    rf"\b(?:{_SURNAMES}|{_SURNAMES.upper()})(?P<given>(?: [^\W\d_]{{1,15}}){{2,4}})"
    rf"[\s,;:(–-]{{0,9}}(?P<day>{_DAY})"
)

_BIRTHS = (1900, 2012)
"""Years in which those were born whom texts name; a later day beside a name is one of the programme."""


def person_trace(text: str, *, is_money: bool = False) -> Message | None:
    """Return what in a text identifies a person; ``None`` where nothing does.

    Parameters
    ----------
    text
        The text, NFC.
    is_money
        Its column holds sums of money.
    """
    if len(text) < 9:
        return None
    if any(not _is_other_number(text, found, is_money=is_money) for found in _NUMBER.finditer(text)):
        return message("looks like the number of an identity card or a telephone")
    if "@" in text and _EMAIL.search(text):
        return message("holds an e-mail address")
    if _is_birth(text):
        return message("looks like a person's date of birth")
    return None


_LOOK_BACK = 60
"""Characters before a number that tell what it is."""

_PERSON_BEFORE = re.compile(
    r"(?:cccd|cmnd|cmt|căn cước|chứng minh|định danh|hộ chiếu|điện thoại|đt|sđt)[^\d]{0,30}$", re.I
)


def _is_other_number(text: str, found: re.Match[str], *, is_money: bool) -> bool:
    """Return whether a number is a sum of money, which begins with no zero, or that of a document."""
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    if _PERSON_BEFORE.search(before):
        return False
    if found[0][0] in "+0":
        return not found["telephone"] and bool(_DOCUMENT_BEFORE.search(before))
    is_sum = is_money or _MONEY_UNIT.match(text, found.end()) or _MONEY_BEFORE.search(before)
    return bool(is_sum or _DOCUMENT_BEFORE.search(before))


def _is_birth(text: str) -> bool:
    for found in _BORN.finditer(text):
        before = _WORD_BEFORE.search(text[max(0, found.start() - _LOOK_BACK) : found.start()])
        word = before[1] if before and found["plain"] else ""
        # "Nguyễn Văn An sinh 1985": a name before it, or a word for a person, or none.
        is_name = word[:1].isupper() or word in ("", "ông", "bà", "chí")
        if is_name and word.casefold() not in _NOT_BORN:
            return True
    for found in _NAME_AND_DAY.finditer(text):
        year = int(re.split(r"\D+", found["day"])[-1])
        if _BIRTHS[0] <= year <= _BIRTHS[1] and all(word[0].isupper() for word in found["given"].split()):
            return True
    return False


def is_money_heading(heading: str) -> bool:
    """Return whether a heading is that of a column with sums of money."""
    return bool(_MONEY_HEADING.search(heading))


_PERSON_WORDS = {
    *(
        "cccd",
        "cmnd",
        "cmt",
        "cmtnd",
        "sđt",
        "đt",
        "sdt",
        "phone",
        "mobile",
        "dob",
        "email",
        "zalo",
        "passport",
    ),
    *("telephone", "birthday", "birthdate"),
}
_PERSON_PHRASES = tuple(
    bare(text)
    for text in (
        *(
            "căn cước",
            "chứng minh nhân dân",
            "chứng minh thư",
            "số định danh",
            "mã định danh",
            "định danh cá nhân",
        ),
        *("điện thoại", "di động", "ngày sinh", "năm sinh", "tháng sinh", "họ tên", "họ và tên", "họ, tên"),
        *("hộ chiếu", "quê quán", "nơi thường trú", "địa chỉ thường trú", "date of birth", "birth date"),
        *("full name", "identity card", "id card", "id number", "citizen id"),
    )
)


def is_personal_heading(heading: str) -> bool:
    """Return whether a heading is that of a column with data of persons."""
    return not _PERSON_WORDS.isdisjoint(fold(heading).split()) or any(
        phrase in bare(heading) for phrase in _PERSON_PHRASES
    )
