"""Imports go one way, geodata ← etl and geodata ← dashboard ← pages; streamlit stays where it is needed."""

import ast
from pathlib import Path

import pytest

from geodata.paths import ROOT

MAY_IMPORT = {
    "geodata": {"geodata"},
    "etl": {"geodata", "etl"},
    "dashboard": {"geodata", "dashboard"},
    "pages": {"geodata", "dashboard"},
}
CODE = [path.relative_to(ROOT) for folder in MAY_IMPORT for path in sorted((ROOT / folder).rglob("*.py"))]

STREAMLIT_MODULES = {
    "app.py",
    "chart_component.py",
    "comparison/drawing.py",
    "comparison/widgets.py",
    "downloads.py",
    "links_component.py",
    "map_component.py",
    "page_link.py",
    "period_component.py",
    "routes/details.py",
    "routes/drawing.py",
    "routes/stop_component.py",
    "routes/widgets.py",
    "selection.py",
    "server.py",
    "ward_map/widgets.py",
    "wall/component.py",
}
"""Modules of the dashboard that may import streamlit; the others are pure."""


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
    may = path.parts[0] == "pages" or path.as_posix() in {f"dashboard/{name}" for name in STREAMLIT_MODULES}
    assert may or not {name for name in imported(path) if name.startswith("streamlit")}
