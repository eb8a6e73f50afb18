"""HTML, made by the templates in ``templates/``: escaped there, and said in the language of the reader."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dashboard.ui.abbreviations import explained, meanings
from geodata.language import Language, capitalised, message, render
from geodata.language.dates import day
from geodata.language.numbers import number, percent
from geodata.language.own_words import own_words
from geodata.wards.names import ward_title


@cache
def _environment(language: Language) -> Environment:
    """Return what makes HTML in one language: `Words` are rendered wherever a template writes them."""
    made = Environment(
        loader=PackageLoader("dashboard.ui"),
        autoescape=True,
        finalize=lambda value: "" if value is None else render(value, language),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(message=message, language=language)
    made.filters.update(
        day=day,
        number=number,
        percent=percent,
        explained=lambda words: explained(render(words, language), language),
        own_words=own_words,
        meanings=lambda words: meanings(render(words, language), language),
        ward_title=ward_title,
        capitalised=capitalised,
        said=lambda words: render(words, language),
    )
    return made


def html(template: str, language: Language, /, **values: Any) -> Markup:
    """Return what a template makes of values.

    Parameters
    ----------
    template
        Name of a file in ``templates/`` without ``.html.j2``; of other XML without ``.j2``.
    language
        Language of the reader.
    values
        What the template names: plain data, `Words`, or HTML that is marked as such.
    """
    file = f"{template}.j2" if template.endswith(".xml") else f"{template}.html.j2"
    return Markup(_environment(language).get_template(file).render(values).strip())
