"""The published facts of the register: those that concern a page or a ward, and all of them."""

import datetime
from dataclasses import dataclass

import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import all_wards, layer
from dashboard.query.query import Query
from dashboard.subjects.sources.citations import Citation, cite
from geodata.language import Bilingual
from geodata.wards.crosswalk import same_wards
from geodata.wards.units import named_wards


@dataclass(frozen=True)
class PublishedFact:
    """A published fact.

    Attributes
    ----------
    day
        The day to which it refers, where it refers to one.
    text
        The fact.
    scope
        ``city`` or ``national``.
    pages
        The pages that it concerns.
    wards
        Vintage and code of the wards that it concerns.
    source
        Its source_id.
    citations
        Its source as it is told.
    """

    day: datetime.date | None
    text: Bilingual
    scope: str
    pages: tuple[str, ...]
    wards: tuple[tuple[str, str], ...]
    source: str
    citations: tuple[Citation, ...]


def facts_of(fact: pd.DataFrame, source: pd.DataFrame) -> list[PublishedFact]:
    """Return all published facts, the latest day first, those without a day last.

    Parameters
    ----------
    fact, source
        The layers of these names.
    """
    rows = fact.sort_values(["fact_date", "fact_id"], ascending=[False, True], na_position="last")
    return [
        PublishedFact(
            day=None if pd.isna(row["fact_date"]) else row["fact_date"].date(),
            text=Bilingual(row["fact"], row["fact_en"]),
            scope=row["scope"],
            pages=() if pd.isna(row["pages"]) else tuple(row["pages"].split()),
            wards=() if pd.isna(row["wards"]) else tuple(named_wards(row["wards"])),
            source=row["source"],
            citations=cite([row["source"]], source),
        )
        for row in rows.to_dict("records")
    ]


@cached
def published_facts(query: Query, page: str, ward_code: str | None = None) -> list[PublishedFact]:
    """Return the published facts that concern a page.

    Parameters
    ----------
    query
        What is asked; the facts are those of all days.
    page
        The name of the page.
    ward_code
        The ward that the page is about, if it is about one: facts of others are left out.
    """
    facts = [one for one in facts_of(query.layer("fact"), query.layer("source")) if page in one.pages]
    if ward_code is None:
        return facts
    same = same_wards(layer(query.published, "crosswalk"), all_wards(query.published))
    of_ward = same[(same["to_vintage"] == query.vintage) & (same["to_ward_code"] == ward_code)]
    keys = {
        (query.vintage, ward_code),
        *of_ward[["from_vintage", "from_ward_code"]].itertuples(index=False, name=None),
    }
    return [one for one in facts if keys.intersection(one.wards)]
