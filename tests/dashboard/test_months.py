"""A map that the browser reckons of months is the one of the server: figures, classes, legend, signs."""

import datetime
import gzip
import json
import random
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from dashboard.query.layers import extent
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.screens.ward_map.screen import packed_months, painted
from dashboard.shell.frame_link import Selection
from dashboard.shell.link import asked_of
from dashboard.subjects.figures.choices import Choice
from dashboard.subjects.figures.model import classify
from dashboard.subjects.figures.months import has_months
from dashboard.ui.component import said
from geodata.language import Language
from geodata.period import Period
from tests.monthly_city import write_monthly_city
from tests.reckoned import reckoned
from tests.small_city import MID, NEW, OLD


@pytest.fixture(scope="module")
def published(small_gpkg: Path, tmp_path_factory: pytest.TempPathFactory) -> Publication:
    path = tmp_path_factory.mktemp("monthly") / "haiphong.gpkg"
    write_monthly_city(small_gpkg, path)
    return Publication(path, 1, path.stat().st_size)


def test_all_that_is_shown_of_months_is_what_the_server_shows(published: Publication) -> None:
    known = extent(published)
    cases, expected = [], []
    asked: list[tuple[str, str, tuple[str, ...], Language]] = [
        *(
            (vintage, per, (), "vi")
            for vintage, per in product((OLD, MID, NEW), ("per_1000", "per_km2", "value"))
        ),
        (OLD, "per_1000", ("901",), "en"),
        (NEW, "value", ("00001", "00002"), "en"),
    ]
    for vintage, per, areas, language in asked:
        query, choice = Query(published, known, vintage, areas, verified_only=False), Choice("fires", per=per)
        link = {"figure": "fires", "per": per}
        packed = packed_months(Selection(query, language), asked_of(link))
        assert packed is not None
        assert len(packed) < 60_000
        file = json.loads(gzip.decompress(packed))
        count = len(file["starts"]) - 1
        every = [(first, last) for last in range(count) for first in range(last + 1)]
        # Most of what is random lies before the first report.
        ranges = [every[-1], (0, count - 1), *random.Random(per).sample(every[-300:], 15)]
        sent = []
        for first, last in ranges:
            since, until = (
                datetime.date(1970, 1, 1) + datetime.timedelta(days)
                for days in (file["starts"][first], file["starts"][last + 1] - 1)
            )
            shown = query.within(Period(since, until))
            state = said(painted(shown, choice, language).as_sent(), language)
            figures = classify(shown, choice).amounts[0]
            sent.append(state | {"figures": [None if np.isnan(one) else one for one in figures.tolist()]})
        cases.append({"file": file, "ranges": ranges, "palette": sent[0]["palette"]})
        expected.append(sent)
    for of_browser, of_server in zip(reckoned(cases), expected, strict=True):
        for one, other in zip(of_browser, of_server, strict=True):
            assert one == {name: other[name] for name in one}


@pytest.mark.parametrize(
    ("choice", "offered"),
    [
        (Choice("fires"), True),
        (Choice("fires", per="value"), True),
        (Choice("fires", is_played=True), False),
        (Choice("fires", second="inspections"), False),
        (Choice("satisfaction_pct"), False),
        (Choice("stage"), False),
        (Choice("inspections"), False),
    ],
    ids=str,
)
def test_what_does_not_follow_from_months_has_no_timeline(
    published: Publication, choice: Choice, offered: bool
) -> None:
    query = Query(published, extent(published), OLD, verified_only=False)
    assert has_months(classify(query, choice)) == offered
