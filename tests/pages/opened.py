"""How the tests of pages open one of them, and what it then shows as HTML."""

import re
from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup

from dashboard.shell.navigation import FIRST
from tests.small_city import OLD


def opened(app: AppTest, page: str, **link: str) -> AppTest:
    """Return an app that has not run yet after its first page was opened by a link.

    The boundaries are those of the facts of the small city, unless the link names others.
    """
    if page != FIRST:
        app.switch_page(f"../pages/{page}.py")
    app.query_params.clear()
    app.query_params.update(link if page == "wall" else {"vintage": OLD, **link})
    app.run()
    assert not app.exception
    return app


def boundaries(app: AppTest) -> ButtonGroup[Any]:
    """Return the choice of boundaries that stands on the page."""
    return app.button_group(key=app.session_state["vintage_widget"][0])


def html(app: AppTest) -> str:
    """Return the HTML that a page drew."""
    return "".join(str(element.proto.body) for element in app.get("html"))


def headline(app: AppTest) -> str:
    """Return the headline of a page that draws it as HTML."""
    found = re.search(r"<h1>(.*?)</h1>", html(app))
    assert found
    return unescape(found[1])
