"""What the server sends and what the frontend reads are one form."""

from tools import frontend_types


def test_the_types_of_the_frontend_are_those_of_the_server() -> None:
    assert frontend_types.FILE.read_text(encoding="utf-8") == frontend_types.declarations(), (
        "run “python -m tools.frontend_types”"
    )
