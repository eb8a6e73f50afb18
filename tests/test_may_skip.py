"""The list of tests that may skip names tests that there are."""

import ast

import pytest

from geodata.settings import ROOT
from tests.conftest import MAY_SKIP


@pytest.mark.parametrize("test", sorted(MAY_SKIP))
def test_a_test_that_may_skip_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
