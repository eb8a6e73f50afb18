"""Who answers for some areas sees facts of their wards alone, whatever stands in the file of others."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.query import layers
from dashboard.query import publication as published_file
from dashboard.query.publication import Publication, publication
from dashboard.query.query import Query
from dashboard.query.scope import in_scope
from dashboard.subjects.comparison.unit_figures import comparable_units
from geodata.contract.layers import LAYERS
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


def changed(frame: pd.DataFrame, hidden: "np.ndarray[Any, Any]", at: np.random.Generator) -> pd.DataFrame:
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


SCOPES: Iterable[tuple[Area, ...]] = (
    ((OLD, "901"),),
    ((OLD, "00003"),),
    ((NEW, "00002"),),
    ((MID, "00001"), (OLD, "00004")),
)


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


def test_a_query_never_asks_beyond_what_may_be_seen(
    judged_gpkg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(judged_gpkg))
    whole = publication()
    period = layers.extent(whole)
    monkeypatch.setattr(published_file, "scope_of_asker", lambda: ((OLD, "901"),))
    published = publication()
    assert Query(whole, period, OLD).areas == ()
    assert Query(published, period, OLD).areas == ("901",)
    assert Query(published, period, OLD, ("00002", "902")).areas == ("00002",)
    assert Query(published, period, OLD, ("902",)).areas == ("none",)
    assert Query(published, period, OLD, ("00002",)).of_city().areas == ("901",)
    assert set(comparable_units(published, OLD).index) == {"901", "00001", "00002"}
    summary = Query(published, period, OLD).of_vintage("ward_summary")
    assert summary.loc[summary["district_code"] != "901", "role"].isna().all()
    assert len(summary) == len(Query(whole, period, OLD).of_vintage("ward_summary"))
