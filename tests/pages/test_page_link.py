"""The choices of one page stand in its link: restored, remembered on other pages, told when wrong."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st
from dashboard.shell import link as page_link

page_link.enter(st.session_state.get("asked_page", "one"))
page_link.begin({"lang": "en"}, is_new=page_link.link_is_new())
letters = st.session_state.get("letters", ["a", "b", "c"])
if st.session_state["page"] == "one":
    one, some, ends = page_link.one_of(letters), page_link.some_of(letters), {"min_value": 3, "max_value": 7}
    page_link.linked(st.selectbox, "letter", letters[0], one, "vi", label="L", options=letters)
    page_link.linked(st.multiselect, "many", [], some, "vi", label="M", options=letters)
    page_link.linked(st.slider, "count", 5, page_link.number_from(3, 7), "vi", label="N", **ends)
    page_link.linked(st.toggle, "open", False, page_link.flag, "vi", label="O")
page_link.write()
st.session_state["links"] = page_link.links(["one", "two"])
"""


@pytest.fixture
def app(tmp_path: Path) -> AppTest:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return AppTest.from_file(str(path), default_timeout=30)


def link(app: AppTest) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}


def test_a_plain_page_has_a_plain_link(app: AppTest) -> None:
    app.run()
    assert not app.exception and not app.warning
    assert link(app) == {"lang": "en"}


def test_what_is_chosen_stands_in_the_link(app: AppTest) -> None:
    app.run()
    app.selectbox(key="page_letter").select("b")
    app.multiselect(key="page_many").set_value(["a", "c"])
    app.slider(key="page_count").set_value(7)
    app.toggle(key="page_open").set_value(True).run()
    assert link(app) == {"lang": "en", "letter": "b", "many": "a,c", "count": "7", "open": "yes"}


def test_a_link_restores_what_was_chosen(app: AppTest) -> None:
    app.query_params.update({"letter": "c", "many": "b,a", "count": "3", "open": "yes"})
    app.run()
    assert not app.warning
    assert app.selectbox(key="page_letter").value == "c"
    assert app.multiselect(key="page_many").value == ["b", "a"]
    assert app.slider(key="page_count").value == 3
    assert app.toggle(key="page_open").value


def test_a_choice_made_before_the_browser_knew_the_last_link_counts(app: AppTest) -> None:
    app.run()
    app.selectbox(key="page_letter").select("b").run()
    assert link(app) == {"lang": "en", "letter": "b"}
    # The browser still stands at the link before.
    app.query_params.clear()
    app.query_params.update({"lang": "en"})
    app.toggle(key="page_open").set_value(True).run()
    assert app.selectbox(key="page_letter").value == "b"
    assert link(app) == {"lang": "en", "letter": "b", "open": "yes"}


def test_stepping_back_takes_a_choice_back(app: AppTest) -> None:
    app.run()
    app.selectbox(key="page_letter").select("b").run()
    app.query_params.clear()
    app.query_params.update({"lang": "en"})
    app.run()
    assert app.selectbox(key="page_letter").value == "a"
    assert link(app) == {"lang": "en"}


def test_a_wrong_link_says_so_and_shows_the_usual(app: AppTest) -> None:
    app.query_params.update({"letter": "<b>z</b>", "many": "a,z", "count": "99", "open": "1"})
    app.run()
    assert not app.exception
    assert [(r"\<b\>z\</b\>" in one.value) for one in app.warning] == [True, False, False, False]
    assert app.selectbox(key="page_letter").value == "a"
    assert link(app) == {"lang": "en"}
    app.run()
    assert not app.warning


def test_choices_are_remembered_on_other_pages_and_do_not_stand_in_their_links(app: AppTest) -> None:
    app.run()
    app.selectbox(key="page_letter").select("b").run()
    app.session_state["asked_page"] = "two"
    app.run()
    assert link(app) == {"lang": "en"}
    assert app.session_state["links"] == {"one": {"lang": "en", "letter": "b"}, "two": {"lang": "en"}}
    app.session_state["asked_page"] = "one"
    app.run()
    assert app.selectbox(key="page_letter").value == "b"


def test_a_choice_that_has_become_impossible_gives_way(app: AppTest) -> None:
    app.run()
    app.selectbox(key="page_letter").select("c").run()
    app.session_state["letters"] = ["x", "y"]
    app.run()
    assert not app.exception and not app.warning
    assert app.selectbox(key="page_letter").value == "x"
