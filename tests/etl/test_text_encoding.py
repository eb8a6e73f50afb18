"""Bytes become the text that was meant, or their encoding is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.text_encoding import UnknownEncodingError, decoded, repaired

TEXT = "Trụ sở chưa được xây mới ở Hải Phòng"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_and_without_a_mark_and_with_a_cut_end(encoding: str) -> None:
    raw = TEXT.encode(encoding)
    assert decoded(raw)[0] == TEXT
    for lost in (1, 2) if "8" in encoding else (1,):
        assert decoded("Phường Lê Chân ở".encode(encoding)[:-lost])[0] == "Phường Lê Chân "


@pytest.mark.parametrize(
    ("written", "meant", "name"),
    [
        ("Lª Ch©n", "Lê Chân", "TCVN3"),
        ("Ph\u00adêng/x·", "Phường/xã", "TCVN3"),
        ("TRÇN h\u00adng ®¹o", "TRẦN hưng đạo", "TCVN3"),
        ("UBND quËn", "UBND quận", "TCVN3"),
        ("Haûi Phoøng", "Hải Phòng", "VNI"),
        ("Ñoùng tieán ñoä, ñaït caùc tieâu chí", "Đóng tiến độ, đạt các tiêu chí", "VNI"),
        ("Traàn Höng Ñaïo", "Trần Hưng Đạo", "VNI"),
    ],
)
def test_text_from_before_unicode_is_converted_where_it_is_sure(written: str, meant: str, name: str) -> None:
    assert repaired(written) == (meant, name)
    assert decoded(written.encode("latin-1")) == (meant, name)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "Lê Chân",
        "Café Müller",
        "São Paulo",
        "25 m²",
        "± 0,5 °C",
        "§ 3",
        "naïve",
        "Sè",
        "",
        "V05",
        "½ giờ",
    ],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert repaired(text) == (text, "")


def test_bytes_in_no_encoding_are_refused() -> None:
    with pytest.raises(UnknownEncodingError):
        decoded(b"\xef\xbb\xbfa\xffb")
    with pytest.raises(UnknownEncodingError):
        decoded(TEXT.encode()[:20] + b"\xff" + TEXT.encode()[20:])


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_otherwise(raw: bytes) -> None:
    try:
        text, name = decoded(raw)
    except UnknownEncodingError:
        return
    assert isinstance(text, str)
    assert name
