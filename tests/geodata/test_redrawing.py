"""From which day the ground of a unit is another one, on the small city."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geodata.contract.layers import read_layer
from geodata.wards.redrawing import ground_changes
from geodata.wards.units import Unit
from tests.small_city import MID, NEW, OLD


@pytest.fixture(scope="module")
def layers(small_gpkg: Path) -> Any:
    return [read_layer(small_gpkg, name) for name in ("crosswalk", "ward")]


@pytest.mark.parametrize(
    ("unit", "other", "days"),
    [
        (Unit(OLD, district_code="901"), MID, []),  # An Đông and Hòa Bình became Đông: the same ground
        (Unit(OLD, district_code="902"), NEW, []),  # Thủy Tây was divided, within the district
        (Unit(NEW, district_code="902"), OLD, []),
        (Unit(OLD), MID, []),
        (Unit(OLD), NEW, [NEW]),  # Bắc came to the city, Hòn Vọng went
        (Unit(NEW), OLD, [NEW]),
        (Unit(OLD, ward_code="00004"), MID, []),
        (Unit(OLD, ward_code="00004"), NEW, [NEW]),  # Núi Đèo is 00003 now
        (Unit(OLD, ward_code="00002"), NEW, [MID, NEW]),  # ended; its code came back for another ward
        (Unit(OLD, ward_code="00001"), OLD, []),
    ],
)
def test_the_ground_of_a_unit_is_the_same_where_nothing_went_out_or_came_in(
    layers: Any, unit: Unit, other: str, days: list[str]
) -> None:
    assert ground_changes(unit, other, *layers) == tuple(pd.Timestamp(day) for day in days)


def test_land_that_leaves_a_unit_changes_its_ground_even_without_residents(layers: Any) -> None:
    crosswalk, wards = layers
    # Of Thủy Tây's land a part went to Đông, which is of the other district.
    more = crosswalk.iloc[:1].assign(
        from_vintage=MID, from_ward_code="00003", to_vintage=NEW, to_ward_code="00001", link="land_only"
    )
    redrawn = pd.concat([crosswalk, more], ignore_index=True)
    for district in ("901", "902"):
        changes = ground_changes(Unit(OLD, district_code=district), NEW, redrawn, wards)
        assert changes == (pd.Timestamp(NEW),)
