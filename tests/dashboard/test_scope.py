"""Who answers for some areas sees facts of their wards alone, whatever stands in the file of others."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from dashboard.query import layers
from dashboard.query import publication as published_file
from dashboard.query.publication import Publication, publication
from dashboard.query.scope import in_scope
from dashboard.query.units import area_names
from dashboard.server import app
from dashboard.shell.frame_link import read_selection
from dashboard.subjects.comparison.unit_figures import comparable_units
from geodata.contract.layers import LAYERS, write_layers
from geodata.wards.scope import Area, wards_within
from geodata.wards.units import KEY
from tests.small_city import MID, NEW, OLD

UNITS = pd.DataFrame(
    [
        (OLD, "00001", "901"),
        (OLD, "00002", "901"),
        (OLD, "00003", "902"),
        (OLD, "00004", "902"),
        (NEW, "00001", None),
        (NEW, "00002", None),
        (NEW, "00003", None),
    ],
    columns=[*KEY, "district_code"],
)
LINKS = pd.DataFrame(
    [
        (OLD, "00001", NEW, "00001", "whole"),
        (OLD, "00002", NEW, "00001", "whole"),
        (OLD, "00003", NEW, "00002", "part"),
        (OLD, "00003", NEW, "00003", "part"),
        (OLD, "00004", NEW, "00003", "whole"),
        (OLD, "00002", NEW, "00003", "land_only"),
    ],
    columns=["from_vintage", "from_ward_code", "to_vintage", "to_ward_code", "link"],
)
BACK = LINKS.rename(
    columns={
        **{f"from_{name}": f"to_{name}" for name in KEY},
        **{f"to_{name}": f"from_{name}" for name in KEY},
    }
)


@pytest.mark.parametrize(
    ("areas", "seen"),
    [
        ([(OLD, "901")], {(OLD, "00001"), (OLD, "00002"), (NEW, "00001")}),
        # Half of what the other part of a split ward brought into Núi Đèo is not theirs to see.
        ([(OLD, "00003")], {(OLD, "00003"), (NEW, "00002")}),
        ([(OLD, "902")], {(OLD, "00003"), (OLD, "00004"), (NEW, "00002"), (NEW, "00003")}),
        # Land without residents brings no figure across.
        ([(NEW, "00003")], {(NEW, "00003"), (OLD, "00004")}),
        ([(NEW, "00001"), (OLD, "00004")], {(NEW, "00001"), (OLD, "00001"), (OLD, "00002"), (OLD, "00004")}),
        ([(OLD, "999")], set()),
    ],
)
def test_wards_of_other_boundaries_are_within_where_all_that_went_into_them_is(
    areas: list[Area], seen: set[Area]
) -> None:
    assert wards_within(areas, UNITS, pd.concat([LINKS, BACK])) == seen


def frames_of(gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(gpkg))
    return {name: layers.layer(publication(), name) for name in LAYERS}


def changed(frame: Any, hidden: "np.ndarray[Any, Any]", at: np.random.Generator) -> Any:
    """Return rows of which some that are hidden are gone, some told of others, some come twice."""
    fate = at.integers(4, size=len(frame))
    moved = frame.assign(
        **{
            column: frame[column].where(
                ~hidden | (fate != 1), frame[column].iloc[at.permutation(len(frame))].array
            )
            for column in frame
            if column not in {*KEY, "inspection_id", "geometry"}
        }
    )
    again = moved[hidden & (fate == 2)]
    return pd.concat([moved[~hidden | (fate != 3)], again], ignore_index=True)


def seen(frames: dict[str, Any], published: Publication) -> dict[str, Any]:
    def layer(asked: Publication, name: str) -> Any:
        return frames[name] if asked.scope is None else in_scope(name, asked, layer)

    return {name: layer(published, name) for name in LAYERS}


SCOPES: Sequence[tuple[Area, ...]] = (
    ((OLD, "901"),),
    ((OLD, "00003"),),
    ((NEW, "00002"),),
    ((MID, "00001"), (OLD, "00004")),
)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32), scope=st.sampled_from(SCOPES))
def test_nothing_that_is_recorded_of_other_wards_changes_what_is_seen(
    judged_gpkg: Path, seed: int, scope: tuple[Area, ...]
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        frames = frames_of(judged_gpkg, monkeypatch)
    at = np.random.default_rng(seed)
    published = Publication(judged_gpkg, 0, 0, scope=scope)
    own = wards_within(scope, frames["ward"], frames["crosswalk"])
    others = dict(frames)
    for name in ("inspection", "indicator_value", "station", "pilot_status", "event_task"):
        frame = frames[name]
        hidden = np.array([key not in own for key in frame[KEY].itertuples(index=False, name=None)], bool)
        others[name] = changed(frame, hidden, at)
    hidden = ~frames["criterion_result"]["inspection_id"].isin(
        seen(frames, published)["inspection"]["inspection_id"]
    )
    others["criterion_result"] = changed(frames["criterion_result"], hidden.to_numpy(), at)
    before, after = seen(frames, published), seen(others, published)
    for name in LAYERS:
        pd.testing.assert_frame_equal(before[name], after[name], obj=name)


def test_areas_are_those_that_may_be_seen(judged_gpkg: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(judged_gpkg))
    monkeypatch.setattr(published_file, "scope_of_asker", lambda: ((OLD, "901"),))
    published = publication()

    def asked(link: str) -> tuple[str, ...]:
        return read_selection(published, dict(parse_qsl(link)))[0].query.areas

    assert asked(f"vintage={OLD}") == ("901",)
    assert asked(f"vintage={OLD}&area=00002,902") == ("00002",)
    assert asked(f"vintage={OLD}&area=902") == ("901",)
    assert asked("") == ("901",)
    assert set(area_names(published, OLD)) == {"901", "00001", "00002"}
    assert set(comparable_units(published, OLD).index) == {"901", "00001", "00002"}
    assert read_selection(published.whole, {})[0].query.areas == ()
    monkeypatch.setattr(published_file, "scope_of_asker", lambda: ((OLD, "00003"),))
    published = publication()
    assert asked(f"vintage={MID}") == ("00003",)
    monkeypatch.setattr(published_file, "scope_of_asker", lambda: ((NEW, "00003"),))
    published = publication()
    assert asked(f"vintage={OLD}") == ("00004",)
    summary = layers.of_vintage(published, "ward_summary", OLD)
    assert summary.loc[summary["ward_code"] != "00004", "role"].isna().all()
    assert len(summary) == len(layers.of_vintage(published.whole, "ward_summary", OLD))


ADDRESSES = (
    "/",
    "/?facts=all&lang=en",
    f"/ward_map?facts=all&figure=inspections&vintage={OLD}",
    f"/ward_map?facts=all&figure=crime_cases&vintage={OLD}&area=902",
    "/wall?hours=always&facts=all",
    f"/app/ahead/ward_map?facts=all&figure=days_since&vintage={OLD}",
    "/app/ahead/overview?facts=all",
)
"""What answers without a run of Streamlit."""


def test_every_byte_that_may_be_fetched_stays_the_same(
    judged_gpkg: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = frames_of(judged_gpkg, monkeypatch)
    path = tmp_path / "city.gpkg"
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(path))
    monkeypatch.setattr(published_file, "scope_of_asker", lambda: ((OLD, "901"),))
    client = TestClient(app, base_url="http://127.0.0.1:8501")
    own = wards_within([(OLD, "901")], frames["ward"], frames["crosswalk"])
    said = []
    for seed in range(3):
        at, others = np.random.default_rng(seed), dict(frames)
        for name in (
            ("inspection", "indicator_value", "station", "pilot_status", "event_task") if seed else ()
        ):
            keys = frames[name][KEY].itertuples(index=False, name=None)
            others[name] = changed(frames[name], np.array([key not in own for key in keys], bool), at)
            others[name] = others[name].drop_duplicates(list(LAYERS[name].key), ignore_index=True)
        write_layers(tmp_path / "next.gpkg", others)
        (tmp_path / "next.gpkg").replace(path)
        said.append({one: client.get(one, headers={"Accept": "text/html"}).content for one in ADDRESSES})
        assert all(said[-1].values())
        assert all(b'id="pw-first"' in page for one, page in said[-1].items() if "/app/" not in one)
    assert said[0] == said[1] == said[2]
    monkeypatch.setattr(published_file, "scope_of_asker", lambda: None)
    # It is no page that says nothing.
    whole = {one: client.get(one, headers={"Accept": "text/html"}).content for one in ADDRESSES}
    assert all(whole[one] != said[2][one] for one in ADDRESSES)
