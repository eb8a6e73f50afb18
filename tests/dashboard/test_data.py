"""Cached loads: what belongs to a build that is no longer published is not kept."""

import datetime
import gc
import os
import shutil
import weakref
from pathlib import Path

import pytest

from dashboard.query import layers as data
from dashboard.query.publication import publication
from dashboard.query.query import Query
from dashboard.subjects.figures.choices import Choice
from dashboard.subjects.figures.model import classify
from dashboard.subjects.programme.model import programme
from tests.small_city import OLD


def test_nothing_of_a_build_stays_once_another_one_is_published(
    small_gpkg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "haiphong.gpkg"
    shutil.copyfile(small_gpkg, path)
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(path))
    published = publication()
    period = data.extent(published)
    query = Query(published, period, OLD)
    shown = classify(query, Choice("inspections"))
    overview = programme(query)
    frames = [weakref.ref(data.layer(published, name)) for name in ("ward", "inspection", "ward_summary")]
    made = [weakref.ref(one) for one in (shown.rows, overview)]
    assert publication() == published
    assert classify(query, Choice("inspections")) is shown
    del shown, overview
    later = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC).timestamp()
    os.utime(path, (later, later))
    assert publication() != published
    gc.collect()
    assert [one() for one in (*frames, *made)] == [None] * 5
