"""How the tests of pages open one of them, and what it then shows as HTML."""

from streamlit.testing.v1 import AppTest

from tests.small_city import OLD


def opened(app: AppTest, page: str, **link: str) -> AppTest:
    """Return the app after a link to a page was opened; a page is known to the test after a first run.

    The boundaries are those of the facts of the small city, unless the link names others.
    """
    app.run()
    app.switch_page(f"../pages/{page}.py")
    app.query_params.clear()
    app.query_params.update(link if page == "wall" else {"vintage": OLD, **link})
    app.run()
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    """Return the HTML that a page drew."""
    return "".join(str(element.proto.body) for element in app.get("html"))
