"""What the tests of pages leave behind."""

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """Put back the module ``__main__``: AppTest leaves the app there, and processes started later run it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main
