"""The documentation is whole: links lead somewhere, both languages go together, made pages are current."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from tests.docs.documents import DOCS, LANGUAGES, ROOT, anchors, commands, documents, links
from tools.reference import SETTINGS, pages

MOST_README_BYTES = 6_000
MOST_PICTURE_BYTES = 150_000


def lost_links(document: Path) -> list[str]:
    """Return the links of a document that lead to no file, or to no heading of one."""
    lost = []
    for target in links(document):
        parts = urlsplit(target)
        file = document.parent / parts.path if parts.path else document
        if parts.scheme:
            continue
        if not file.exists() or (parts.fragment and parts.fragment not in anchors(file)):
            lost.append(target)
    return lost


def test_links_lead_to_files_and_headings_that_are_there() -> None:
    lost = {str(one.relative_to(ROOT)): lost_links(one) for one in documents()}
    assert {name: targets for name, targets in lost.items() if targets} == {}


def test_each_document_is_there_in_both_languages() -> None:
    vietnamese, english = (
        {path.relative_to(DOCS / language) for path in (DOCS / language).rglob("*.md")}
        for language in LANGUAGES
    )
    assert vietnamese == english


def test_both_languages_say_to_type_the_same() -> None:
    for document in (DOCS / "vi").rglob("*.md"):
        assert commands(document) == commands(DOCS / "en" / document.relative_to(DOCS / "vi")), document


def test_each_page_has_its_manual() -> None:
    for language in LANGUAGES:
        written = {path.stem for path in (DOCS / language / "pages").glob("*.md")}
        assert written == {path.stem for path in (ROOT / "pages").glob("*.py")}


def test_manuals_have_neither_links_nor_pictures_which_the_app_could_not_follow() -> None:
    for language in LANGUAGES:
        for manual in [DOCS / language / "frame.md", *(DOCS / language / "pages").glob("*.md")]:
            assert links(manual) == [], manual


def test_each_file_of_the_register_is_described() -> None:
    for language in LANGUAGES:
        text = (DOCS / language / "reference" / "sources.md").read_text(encoding="utf-8")
        kept = (path.name for path in (ROOT / "geodata" / "sources").iterdir() if path.is_file())
        assert [name for name in kept if f"`{name}`" not in text] == []


def test_the_pages_made_from_the_program_are_current() -> None:
    stale = [
        str(place) for place, text in pages().items() if (DOCS / place).read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run “python -m tools.reference”"


def test_each_environment_variable_is_described() -> None:
    read = re.findall(
        r"\bPILOT_WARDS_[A-Z]+\b", (ROOT / "geodata" / "settings.py").read_text(encoding="utf-8")
    )
    assert set(read) == {name for name, *_ in SETTINGS}


def test_decisions_are_numbered_without_gaps_and_say_what_and_why() -> None:
    files = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text.startswith(f"# {file.name[:4]}. ")
        assert "\n**Decision.** " in text
        assert "\n**Why.** " in text


def test_the_readme_and_the_pictures_stay_small() -> None:
    assert (ROOT / "README.md").stat().st_size <= MOST_README_BYTES
    large = [path.name for path in DOCS.rglob("*.png") if path.stat().st_size > MOST_PICTURE_BYTES]
    assert large == []
