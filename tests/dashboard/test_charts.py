"""What all charts share: numbers and words of the language, text that stays text, and their filters."""

from typing import Any

import plotly.graph_objects as go

from dashboard.ui.chart_style import CAPTION_LETTERS, chart_config, escaped, styled

FILTERS: Any = [("Khu vực", "<b>Quận Đông</b>"), ("Số liệu", "chỉ số liệu đã xác thực")]


def test_a_chart_speaks_vietnamese_with_a_decimal_comma_and_tells_its_filters() -> None:
    figure = styled(go.Figure(go.Bar(x=["A"], y=[1.5])), FILTERS, "vi", 300)
    assert figure.layout.separators == ",."
    assert figure.layout.title.text == (
        "Khu vực: &lt;b&gt;Quận Đông&lt;/b&gt;<br>Số liệu: chỉ số liệu đã xác thực"
    )
    config = chart_config("chart", "vi")
    assert config["locales"]["vi"]["format"]["months"][10] == "Tháng 11"
    assert config["locales"]["vi"]["dictionary"]["Download plot as a PNG"] == "Tải biểu đồ thành ảnh"
    assert "locales" not in chart_config("chart", "en")


def test_a_long_entry_of_a_legend_is_parted_between_words() -> None:
    long = "Tỷ lệ dân số trên địa bàn từng được chọn thí điểm"
    figure = styled(go.Figure([go.Bar(name=long), go.Bar(name="ngắn"), go.Bar()]), FILTERS, "vi", 300)
    assert figure.data[0].name == "Tỷ lệ dân số trên địa bàn từng<br>được chọn thí điểm"
    assert [one.name for one in figure.data[1:]] == ["ngắn", None]


def test_a_line_below_a_chart_fits_on_a_phone() -> None:
    filters: Any = [("Khu vực", ", ".join(["Quận Hồng Bàng (cũ)"] * 6)), ("Số liệu", "có số liệu minh họa")]
    lines = styled(go.Figure(), filters, "vi", 300).layout.title.text.split("<br>")
    assert max(map(len, lines)) <= CAPTION_LETTERS
    assert " ".join(lines).count("Quận Hồng Bàng (cũ)") == 6
    assert lines[-1] == "Số liệu: có số liệu minh họa"


def test_markup_in_a_text_is_shown_letter_by_letter() -> None:
    assert escaped("<img src=x> & co") == "&lt;img src=x&gt; &amp; co"
