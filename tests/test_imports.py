"""Imports go one way, geodata ← etl and geodata ← dashboard ← pages; streamlit stays where it is needed."""

import ast
from pathlib import Path

import pytest

from geodata.settings import ROOT

MAY_IMPORT = {
    "geodata": {"geodata"},
    "etl": {"geodata", "etl"},
    "tools": {"geodata", "etl", "tools"},
    "dashboard": {"geodata", "dashboard"},
    "pages": {"geodata", "dashboard"},
}
CODE = [path.relative_to(ROOT) for folder in MAY_IMPORT for path in sorted((ROOT / folder).rglob("*.py"))]

STREAMLIT_FOLDERS = ("app.py", "server.py", "shell/", "screens/", "ui/")
"""Where the dashboard may import streamlit; all else is pure."""


def imported(path: Path) -> set[str]:
    """Return the top-level packages that a file imports anywhere, in functions and for type checking too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}, line {node.lineno}: a relative import"
            names.add(str(node.module).split(".")[0])
    return names


@pytest.mark.parametrize("path", CODE, ids=str)
def test_imports_go_one_way(path: Path) -> None:
    ours = imported(path) & set(MAY_IMPORT)
    assert ours <= MAY_IMPORT[path.parts[0]]


@pytest.mark.parametrize("path", CODE, ids=str)
def test_streamlit_is_imported_only_where_it_is_needed(path: Path) -> None:
    may = path.parts[0] == "pages" or path.as_posix().startswith(
        tuple(f"dashboard/{name}" for name in STREAMLIT_FOLDERS)
    )
    assert may or not {name for name in imported(path) if name.startswith("streamlit")}
