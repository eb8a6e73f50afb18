"""The choices of one page, beside those of the frame: widgets whose values stand in the page's address.

A page draws each of them with `linked`. Their values are remembered when the reader goes to another page and
back, and a link to the page restores them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import streamlit as st

from dashboard.ui.markdown import plain
from geodata.language import Language, Message, Words, message, render

T = TypeVar("T")

FRAME = ("lang", "from", "to", "facts", "vintage", "area", "ward")
"""The parameters of a link that belong to the frame."""

CHOICES = ("language", "period", "verified_only", "vintage", "areas", "ward")
"""Where the frame's choices stand in the session; a page's stand in ``page_…``."""

WRITTEN = "link"
"""Where the link last written stands in the session."""


def one_of(options: Sequence[str]) -> Callable[[str], str]:
    """Return what reads one of several values; it raises `ValueError` for another one."""

    def read(text: str) -> str:
        if text not in options:
            raise ValueError(text)
        return text

    return read


def some_of(options: Sequence[str]) -> Callable[[str], list[str]]:
    """Return what reads values separated by commas; it raises `ValueError` where one is none of these."""

    def read(text: str) -> list[str]:
        values = [value for value in text.split(",") if value]
        if not set(values) <= set(options):
            raise ValueError(text)
        return values

    return read


def number_from(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number within bounds; it raises `ValueError` for another one."""

    def read(text: str) -> int:
        if not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return read


def flag(text: str) -> bool:
    """Return whether a text says yes; `ValueError` if it says neither."""
    if text not in ("yes", "no"):
        raise ValueError(text)
    return text == "yes"


def as_text(value: Any) -> str:
    """Return a value as it stands in a link."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


class Read(Protocol):
    """Returns the value of a parameter by its name, its default, and what reads it from a link's text."""

    def __call__(self, name: str, default: T, read: Callable[[str], T], /) -> T:
        """Return the value."""
        ...


def asked_of(link: Mapping[str, str], notices: list[Message] | None = None) -> Read:
    """Return what reads a link: what it can't have is the default, and is told among the notices, if any."""

    def value(name: str, default: T, read: Callable[[str], T], /) -> T:
        try:
            return read(link[name]) if name in link else default
        except ValueError:
            if notices is not None:
                notices.append(_not_offered(name, link[name]))
            return default

    return value


def kept(value: Read, link: dict[str, str]) -> Read:
    """Return what reads likewise, and writes into a link each value that is no default."""

    def keeping(name: str, default: T, read: Callable[[str], T], /) -> T:
        found = value(name, default, read)
        if found != default:
            link[name] = as_text(found)
        return found

    return keeping


def enter(page: str) -> None:
    """Tell which page runs, by its path."""
    st.session_state["page"] = page
    st.session_state.setdefault("links_of_pages", {})


def leave() -> None:
    """Tell that a page runs without the frame: the next one in it reads its link anew."""
    st.session_state.pop(WRITTEN, None)


def link_is_new() -> bool:
    """Whether the address is not the one last written: pasted, or stepped to by back and forward.

    The browser learns of an address at the end of the run that writes it. What the reader chooses before that
    comes with the address before, which then is old and not new.
    """
    if WRITTEN not in st.session_state:
        return True
    if st.query_params.to_dict() == st.session_state[WRITTEN]:
        return False
    now, then = _choices(), st.session_state.get("written_choices", {})
    # Streamlit forgets what stood on a page that was left.
    has_chosen = any(now[key] != then[key] for key in now.keys() & then.keys())
    return not (has_chosen or st.session_state.get("has_acted"))


def act() -> None:
    """Tell that the reader did something that stands in no link."""
    st.session_state["has_acted"] = True


def _choices() -> dict[str, Any]:
    return {
        str(key): value
        for key, value in st.session_state.items()
        if key in CHOICES or str(key).startswith("page_")
    }


def begin(frame_link: Mapping[str, str], *, is_new: bool) -> None:
    """Tell what the frame has chosen, and whether the address was pasted or stepped to."""
    page = st.session_state["page"]
    if is_new:
        asked = st.query_params.to_dict()
        st.session_state["links_of_pages"][page] = {
            name: value for name, value in asked.items() if name not in FRAME
        }
        # A run that is cut before it writes the link must not make the next one read it again.
        st.session_state[WRITTEN] = asked
        # What it sets is not the reader's doing.
        st.session_state["written_choices"] = {}
        st.session_state["has_acted"] = False
    spoken = st.session_state.get(WRITTEN, {}).get("lang")
    st.session_state["speaks_anew"] = frame_link.get("lang") != spoken
    st.session_state["frame_link"] = dict(frame_link)
    st.session_state["link_is_new"] = is_new
    st.session_state["drawn_link"] = {}
    st.session_state["read_parameters"] = set()


def linked(
    draw: Callable[..., Any],
    name: str,
    default: T,
    read: Callable[[str], T],
    language: Language,
    **widget: Any,
) -> T:
    """Draw a widget whose value stands in the page's link; return the value.

    A value that the link can't have is told, and the default stands instead; one that has become impossible,
    since the widget's options changed, gives way to the default silently.

    Parameters
    ----------
    draw
        The function that draws it, such as ``st.selectbox``; it takes ``key``.
    name
        The parameter of the link.
    default
        Value of a plain link.
    read
        Reads the value from the link's text; raises `ValueError` for what it can't be.
    language
        Language of the reader.
    widget
        What ``draw`` takes besides.
    """
    value_of(name, default, read, language)
    value: T = draw(key=f"page_{name}", **widget)
    keep(name, value, default)
    return value


def linked_choice(
    draw: Callable[..., Any],
    name: str,
    titles: Mapping[str, Words | str],
    label: Words,
    language: Language,
    default: str | None = None,
    **widget: Any,
) -> str:
    """Draw a choice of one of several, by default the first, as `linked` does; return the one chosen.

    Parameters
    ----------
    draw, name, language, widget
        See `linked`.
    titles
        What is offered, by its name in the link.
    label
        Of the choice.
    default
        What a plain link chooses, where that is not the first.
    """
    options = list(titles)
    return linked(
        draw,
        name,
        options[0] if default is None else default,
        one_of(options),
        language,
        label=render(label, language),
        options=options,
        format_func=lambda one: render(titles[one], language),
        **widget,
    )


def value_of(name: str, default: T, read: Callable[[str], T], language: Language) -> T:
    """Return the value of a widget that is drawn by `linked` later in the run; parameters as there."""
    key = f"page_{name}"
    asked = st.session_state["links_of_pages"].get(st.session_state["page"], {}).get(name)
    is_read = name in st.session_state["read_parameters"]
    st.session_state["read_parameters"].add(name)
    if key not in st.session_state or (st.session_state["link_is_new"] and not is_read):
        st.session_state[key] = default
        if asked is not None:
            try:
                st.session_state[key] = read(asked)
            except ValueError:
                st.warning(plain(_not_offered(name, asked).render(language)))
    elif st.session_state[key] is not None:
        try:
            read(as_text(st.session_state[key]))
        except ValueError:
            st.session_state[key] = default
    value: T = st.session_state[key]
    if st.session_state["speaks_anew"] and not is_read:
        # A widget tells by the words of an option which one it stands at, until it is given others.
        st.session_state[key] = value
    return value


def _not_offered(name: str, value: str) -> Message:
    return message(
        "The link asks for “{value}” as “{name}”, which there is not; this is the usual one.",
        value=value,
        name=name,
    )


def page_value(name: str, default: T, read: Callable[[str], T], /) -> T:
    """Return `value_of` in the language of the page."""
    return value_of(name, default, read, st.session_state["language"])


def keep(name: str, value: object, default: object) -> None:
    """Write a value into the page's link; the default, or none, is left out."""
    if value is not None and value != default:
        st.session_state["drawn_link"][name] = as_text(value)


def remembered(page: str) -> dict[str, str]:
    """Return the parameters of what was last chosen on a page, by its path."""
    chosen: dict[str, str] = st.session_state.get("links_of_pages", {}).get(page, {})
    return chosen


def links(pages: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the parameters of links to pages: the frame's choice, and what was last chosen on each."""
    frame = st.session_state.get("frame_link", {})
    return {page: {**frame, **remembered(page)} for page in pages}


def write() -> None:
    """Write what is shown into the address."""
    chosen = st.session_state["drawn_link"]
    st.session_state["links_of_pages"][st.session_state["page"]] = chosen
    link = {**st.session_state["frame_link"], **chosen}
    if link != st.query_params.to_dict() or link != st.session_state[WRITTEN]:
        st.query_params.from_dict(link)
    st.session_state[WRITTEN] = link
    st.session_state["written_choices"] = _choices()
    st.session_state["has_acted"] = False
