"""A street network on the disk: what is stored comes back, what is damaged is told."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from geodata.contract.errors import SourceError
from geodata.itinerary.network import Network, stored_network
from geodata.settings import settings
from tests.street_grid import Street, grid, network


@pytest.fixture
def streets() -> Network:
    one_way = Street(((1000, 0), (1000, 500), (0, 0)), is_backward=False, maxspeed_kmh=50, highway="primary")
    return network([Street(((0, 0), (1000, 0))), one_way])


def test_what_is_stored_comes_back(streets: Network, tmp_path: Path) -> None:
    streets.save(tmp_path / "folder" / "network.npz")
    back = Network.load(tmp_path / "folder" / "network.npz")
    for field in fields(Network):
        stored, given = getattr(back, field.name), getattr(streets, field.name)
        assert np.array_equal(stored, given, equal_nan=field.name == "maxspeed_kmh"), field.name
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["network.npz"]


def test_it_is_stored_without_pickle_and_compact(tmp_path: Path) -> None:
    grid(100, 100, seed=1).save(tmp_path / "network.npz")
    with np.load(tmp_path / "network.npz", allow_pickle=False) as stored:
        assert all(stored[name].dtype.kind in "fibU" for name in stored.files)
    assert (tmp_path / "network.npz").stat().st_size < 1_000_000  # of 19 800 edges


def test_a_part_is_what_can_be_driven_from_anywhere_to_anywhere() -> None:
    loop = [Street(((0, 0), (100, 0))), Street(((100, 0), (100, 100), (0, 0)), is_backward=False)]
    dead_end, other = Street(((100, 0), (500, 0)), is_backward=False), Street(((900, 0), (999, 0)))
    part = network([*loop, dead_end, other]).part
    assert part[0] == part[1] >= 0
    assert part[2] == -1
    assert part[3] not in (part[0], -1)


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is missing"):
        Network.load(tmp_path / "network.npz")


@pytest.mark.parametrize("left", [0, 10, 200, -30])
def test_a_file_that_is_cut_is_told(left: int, streets: Network, tmp_path: Path) -> None:
    path = tmp_path / "network.npz"
    streets.save(path)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(SourceError, match="is damaged"):
        Network.load(path)


def test_a_file_with_a_byte_changed_is_told_or_is_as_it_was(streets: Network, tmp_path: Path) -> None:
    path, random = tmp_path / "network.npz", np.random.default_rng(1)
    streets.save(path)
    whole, told = path.read_bytes(), 0
    for position in random.integers(0, len(whole), 200):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :])
        try:
            back = Network.load(path)
        except SourceError:
            told += 1
        else:  # a byte of the archive's dates, say
            assert np.array_equal(back.line_x, streets.line_x)
    assert told > 100


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("from_node", np.array([0, 99])),
        ("highway", np.array([0, -1])),
        ("line_starts", np.array([0, 2, 4])),
        ("x", np.array(["a", "b"])),
        ("length_m", np.array([1.0])),
        ("length_m", np.array([1.0, np.nan])),
        ("about", np.array('{"format": 0}')),
        ("about", np.array("{")),
    ],
)
def test_arrays_that_do_not_fit_each_other_are_told(
    name: str, values: np.ndarray, streets: Network, tmp_path: Path
) -> None:
    path = tmp_path / "network.npz"
    streets.save(path)
    with np.load(path) as stored:
        arrays = dict(stored)
    np.savez(path, **arrays | {name: values})
    with pytest.raises(SourceError, match="is damaged"):
        Network.load(path)


def test_it_lies_beside_the_geopackage_unless_told_otherwise(
    streets: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PILOT_WARDS_NETWORK", raising=False)
    monkeypatch.setenv("PILOT_WARDS_GPKG", str(tmp_path / "city.gpkg"))
    assert settings().network == tmp_path / "network.npz"
    assert stored_network() is None
    streets.save(tmp_path / "other.npz")
    monkeypatch.setenv("PILOT_WARDS_NETWORK", str(tmp_path / "other.npz"))
    stored = stored_network()
    assert stored is not None
    assert stored.source == streets.source
