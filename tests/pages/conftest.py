"""What the tests of pages leave behind."""

import sys
from collections.abc import Iterator

import pytest

from tests.pages.handed_over import Shelf, keep_files


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """Put back the module ``__main__``: AppTest leaves the app there, and processes started later run it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Return where the files lie that the buttons of the pages of a test offer."""
    return keep_files(monkeypatch)
