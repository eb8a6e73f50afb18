"""Every sentence that can reach a user exists in Vietnamese, with the same placeholders."""

import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from geodata.language import Message, message, translate
from geodata.settings import ROOT

CODE = [
    path
    for folder in ("geodata", "etl", "dashboard", "pages", "tools")
    for ending in ("*.py", "*.j2")
    for path in (ROOT / folder).rglob(ending)
]
CATALOG = ROOT / "geodata" / "language" / "locale" / "vi.po"


@cache
def vietnamese() -> Catalog:
    with CATALOG.open("rb") as file:
        return read_po(file, locale="vi")


@cache
def sentences(path: Path) -> list[tuple[int, Any]]:
    keywords = ["translate", "message"]
    extract: Any = babel_extract if path.suffix == ".j2" else extract_python
    found = extract(io.BytesIO(path.read_bytes()), keywords, [], {"encoding": "utf-8"})
    return [
        (line, first)
        for line, _, texts, _ in found
        if (first := texts[0] if isinstance(texts, tuple) else texts)
    ]


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_sentence_of_the_code_has_a_translation(path: Path) -> None:
    catalog = vietnamese()
    missing = [
        f"line {line}: {sentence}"
        for line, sentence in sentences(path)
        if not (entry := catalog.get(sentence)) or not entry.string
    ]
    assert missing == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    catalog = vietnamese()
    placeholders = re.compile(r"\{(\w+)[^}]*\}")
    differing = [
        entry.id
        for entry in catalog
        if entry.id
        and set(placeholders.findall(str(entry.id))) != set(placeholders.findall(str(entry.string)))
    ]
    assert differing == []


def test_no_sentence_of_the_catalogue_is_unused() -> None:
    used = {sentence for path in CODE for _, sentence in sentences(path)}
    catalog = vietnamese()
    assert [entry.id for entry in catalog if entry.id and entry.id not in used] == []


def test_a_message_renders_in_both_languages_with_its_values() -> None:
    told = message("occurs {count} times", count=message("once"))
    assert told.render("en") == "occurs once times"
    assert told.render("vi") == "xuất hiện một lần lần"


def test_a_brace_in_a_value_is_not_a_placeholder() -> None:
    assert Message("{rule}", {"rule": "{x}"}).render("vi") == "{x}"
    assert translate("no value {here}", "en") == "no value {here}"
