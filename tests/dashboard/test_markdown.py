"""Text from files and links stays text where Streamlit would make links, pictures and icons of it."""

import pytest

from dashboard.ui.markdown import plain


@pytest.mark.parametrize(
    "text", ["Phường Lê Chân: 12,5 % (2/16), 31/10/2026 – 5 km²", "Nguồn không nêu; 14:05", "a-b + c. 3,5"]
)
def test_usual_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[Bấm](x)", r"\[Bấm\](x)"),
        ("1. Lê Chân\n- x", "1\\. Lê Chân\n\\- x"),
        ("*a* _b_ `c` ~d~ $e$ <b> &amp; # |", r"\*a\* \_b\_ \`c\` \~d\~ \$e\$ \<b\> \&amp; \# \|"),
        ("http://x www.x a@x", "http\u2060://x www\u2060.x a\u2060@x"),
        (":material/home: :red", ":\u2060material/home: :\u2060red"),
    ],
)
def test_what_streamlit_would_read_is_taken_its_meaning(text: str, shown: str) -> None:
    assert plain(text) == shown
