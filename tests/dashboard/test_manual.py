"""The manual that the “?” of a page opens."""

import pytest

from dashboard.shell.manual import page_manual
from geodata.language import Language


@pytest.mark.parametrize(
    ("language", "title", "shared"), [("vi", "Lộ trình", "Phần chung"), ("en", "Routes", "What all")]
)
def test_a_manual_is_that_of_the_page_in_the_readers_language_and_ends_with_what_all_share(
    language: Language, title: str, shared: str
) -> None:
    text = page_manual("routes", language)
    assert text.startswith(f"# {title}\n")
    assert text.count("\n# ") == 0
    assert text.index(f"\n## {shared}") > text.index("ICS")
