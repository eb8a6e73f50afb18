"""Texts of the data that are descriptions and no names: each language says them in words of its own."""

from geodata.language import Words, message

_OWN = {
    "Những người đóng góp OpenStreetMap": message("OpenStreetMap contributors"),
    "Dự án haiphong-pilot-wards": message("Project haiphong-pilot-wards"),
    "Tính từ dữ liệu vietnamadminunits (MIT) và vùng đất liền OpenStreetMap (ODbL, © những người đóng góp "
    "OpenStreetMap)": message(
        "Reckoned from data of vietnamadminunits (MIT) and land of OpenStreetMap (ODbL, © OpenStreetMap "
        "contributors)"
    ),
    "Miễn phí cho mục đích phi thương mại, không phân phối lại": message(
        "Free for non-commercial purposes, not to be redistributed"
    ),
    "định kỳ": message("periodic"),
    "đột xuất": message("unannounced"),
    "phúc tra": message("re-inspection"),
    "thực địa": message("on site"),
    "Minh họa": message("Illustrative"),
}


def own_words(text: str) -> Words | str:
    """Return what a text of the data says in the words of each language, or a name as it stands."""
    return _OWN.get(text, text)
