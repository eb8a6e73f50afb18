"""The layout holds where no linter looks: thin pages, modules that can be read whole, language at the edge.

Who may import whom stands in ``pyproject.toml`` (``[tool.importlinter]``).
"""

import ast
from pathlib import Path

import pytest

from geodata.settings import ROOT

MODULES = sorted(
    path.relative_to(ROOT)
    for folder in ("geodata", "etl", "dashboard", "tools")
    for ending in ("*.py", "*.js", "*.j2")
    for path in (ROOT / folder).rglob(ending)
)
PAGES = sorted(path.relative_to(ROOT) for path in (ROOT / "pages").glob("*.py"))
MOST_LINES, MOST_LINES_OF_A_PAGE, MOST_IN_A_LANGUAGE = 400, 40, 80


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_can_be_read_whole(path: Path) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_a_page_only_draws_a_screen(path: Path) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES_OF_A_PAGE
    modules = [str(node.module) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    assert all(one.startswith(("dashboard.screens.", "dashboard.shell.")) for one in modules), modules


def test_language_is_chosen_at_the_edge() -> None:
    functions = [
        node
        for path in (ROOT / "dashboard").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]
    taking = [
        node.name
        for node in functions
        if "language" in {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
    ]
    assert len(taking) < MOST_IN_A_LANGUAGE, taking
