"""What the page of the ward map lets its reader choose: figures, and how they are divided into classes."""

from dataclasses import replace

import streamlit as st

from dashboard.query.publication import Publication
from dashboard.shell.frame_link import Selection
from dashboard.shell.link import Read, flag, linked, linked_choice, number_from, one_of
from dashboard.subjects.figures.alike import may_be_alike
from dashboard.subjects.figures.alike_words import ALIKE
from dashboard.subjects.figures.chance import has_chance
from dashboard.subjects.figures.choices import NONE, PER, STAGE, Choice, measures
from dashboard.subjects.figures.classification import LEAST_CLASSES, METHODS, MOST_CLASSES, read_bounds
from dashboard.subjects.figures.legend_words import METHOD_NAMES
from dashboard.subjects.figures.words import PER_NAMES
from geodata.language import message, render, translate


def chosen_figures(published: Publication, value: Read) -> Choice:
    """Return what the widgets below stand at, or what a link asks for.

    The map goes to the browser before the widgets, and one of a link before the page that it is of.
    """
    offered = measures(published)
    code = value("figure", STAGE, one_of(list(offered)))
    per = value("per", PER[0], one_of(PER)) if offered[code].adds_up else "value"
    second = value("second", NONE, one_of(_second_figures(published, code))) if code != STAGE else NONE
    method, class_count = "quantiles", 5
    own: tuple[float, ...] = ()
    if second == NONE and code != STAGE:
        method = value("method", "quantiles", one_of(METHODS))
        if method == "own":
            own = _own_bounds(value("bounds", "", str))
            method = "own" if own else "quantiles"
        else:
            class_count = value("classes", 5, number_from(LEAST_CLASSES, MOST_CLASSES))
    is_played = second == NONE and value("play", False, flag)
    choice = Choice(code, second, per, method, class_count, own, is_played)
    # Read of every figure, so that the route answers for the next one as the page will.
    is_alike = value("alike", False, flag)
    return replace(choice, is_alike=is_alike and may_be_alike(published, choice))


def choose_figure(choice: Choice, selection: Selection) -> None:
    """Draw the choice of the figure, and of what a number is set against: its total is one click away."""
    offered, language = measures(selection.query.published), selection.language
    titles = {code: one.name for code, one in offered.items()}
    linked_choice(st.selectbox, "figure", titles, message("Figure"), language, default=STAGE)
    if offered[choice.measure].adds_up:
        linked_choice(st.segmented_control, "per", PER_NAMES, message("Shown as"), language, required=True)


def may_have_funnel(choice: Choice, selection: Selection) -> bool:
    """Return whether the figure is one that chance moves."""
    return has_chance(measures(selection.query.published)[choice.measure])


def wants_funnel(choice: Choice, selection: Selection) -> bool:
    """Draw the switch of the funnel plot, of a figure that chance moves; return whether it is on."""
    if not may_have_funnel(choice, selection):
        return False
    language = selection.language
    label = translate("Funnel plot below the map", language)
    return linked(st.toggle, "funnel", False, flag, language, label=label)


def choose_division(choice: Choice, selection: Selection) -> None:
    """Draw a second figure, how a figure is divided into classes, whether it is played, and by neighbours."""
    offered, language = measures(selection.query.published), selection.language
    if choice.measure != STAGE:
        titles = {
            one: message("none") if one == NONE else offered[one].name
            for one in _second_figures(selection.query.published, choice.measure)
        }
        linked_choice(st.selectbox, "second", titles, message("Against a second figure"), language)
    if choice.second == NONE:
        if (
            choice.measure != STAGE
            and not choice.is_alike
            and not offered[choice.measure].is_total(choice.per)
        ):
            _choose_classes(selection)
        label = translate("Play the months of the range", language)
        linked(st.toggle, "play", False, flag, language, label=label)
    if may_be_alike(selection.query.published, choice):
        linked(st.toggle, "alike", False, flag, language, label=render(ALIKE, language))


def _choose_classes(selection: Selection) -> None:
    language = selection.language
    method = linked_choice(st.selectbox, "method", METHOD_NAMES, message("Division into classes"), language)
    if method != "own":
        linked(
            st.segmented_control,
            "classes",
            5,
            number_from(LEAST_CLASSES, MOST_CLASSES),
            language,
            label=translate("Number of classes", language),
            options=list(range(LEAST_CLASSES, MOST_CLASSES + 1)),
            required=True,
        )
        return
    label = translate("Bounds between classes, such as 10; 20; 50", language)
    if not _own_bounds(linked(st.text_input, "bounds", "", str, language, label=label)):
        st.info(translate("Write two to six rising numbers with semicolons between them.", language))


def _second_figures(published: Publication, code: str) -> list[str]:
    """Return what a figure may be set against."""
    return [NONE, *(one for one in measures(published) if one not in (code, STAGE))]


def _own_bounds(typed: str) -> tuple[float, ...]:
    """Return the bounds that were typed; none where they are no rising numbers."""
    try:
        return tuple(read_bounds(typed))
    except ValueError:
        return ()
