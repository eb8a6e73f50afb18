"""Abbreviations say what they mean, and text stays text."""

from dashboard.ui.abbreviations import explained, meanings


def test_abbreviations_are_explained_where_they_stand_as_words() -> None:
    text = explained("Bộ Công an (V05), PCCC <b>; V055", "vi")
    assert text == (
        'Bộ Công an (<abbr title="Cục Xây dựng phong trào toàn dân bảo vệ an ninh Tổ quốc">V05</abbr>), '
        '<abbr title="phòng cháy, chữa cháy">PCCC</abbr> &lt;b&gt;; V055'
    )


def test_meanings_as_plain_text() -> None:
    assert meanings("Lượt kiểm tra PCCC", "vi") == "PCCC: phòng cháy, chữa cháy"
    assert meanings("Vụ cháy, nổ", "vi") == ""


def test_the_label_of_illustrative_rows_is_told_in_the_readers_language() -> None:
    assert explained("Minh họa · 16/17", "en") == "Illustrative · 16/17"
    assert explained("Minh họa", "vi") == "Minh họa"
    assert explained("Bản minh họa", "en") == "Bản minh họa"
