"""The build: boundaries and register in, one GeoPackage out."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd

from etl.boundaries.adopted import adopted_files, adopted_sources, used_rows, with_adopted
from etl.boundaries.derive import AFTER, BEFORE, DERIVED, derive_wards, derived_sources
from etl.boundaries.overlap import crosswalks, district_vintages, districts, name_former_districts
from etl.boundaries.vintages import BoundaryFile, delivered_sources, find_boundaries, quality_of, read_wards
from etl.boundaries.water import find_water, read_water, water_sources
from etl.illustrative.rows import illustrative_rows
from etl.qgis import ward_summary_styles
from etl.register.facts import with_batches, with_illustrative
from etl.register.itineraries import (
    case_itineraries,
    find_landmarks,
    landmark_sources,
    read_landmarks,
    read_network,
)
from etl.register.reference_points import with_reference_points
from etl.register.succession import check_outlines, place_facts
from etl.register.tables import TABLES, Register, empty_table, read_register, read_table
from etl.store.batch import Batch
from etl.version import program_version
from geodata.clock import now
from geodata.contract.errors import Fault, GeodataError
from geodata.contract.layers import LAYERS, check, read_layer, write_layers
from geodata.contract.provenance import ILLUSTRATIVE_INPUT, illustrative_input
from geodata.contract.standing import is_proven
from geodata.disk import sha256
from geodata.language import Message, message
from geodata.programme.summary import ward_figures
from geodata.wards.units import KEY

STEPS = (
    message("reading the register"),
    message("reading the boundaries"),
    message("laying the vintages over each other"),
    message("joining wards with the register"),
    message("writing the GeoPackage"),
)
"""What a build does, in its order."""


@dataclass(frozen=True)
class Illustrative:
    """What illustrative rows are made from.

    Attributes
    ----------
    until
        They end with the last full month before this day.
    seed
        The same seed gives the same rows.
    """

    until: pd.Timestamp
    seed: int = 1

    @property
    def input(self) -> str:
        """The rows as an input of the build."""
        return illustrative_input(self.seed, str(self.until.to_period("M")))


@dataclass(frozen=True)
class Ground:
    """What a build stands on: all of it that no batch changes.

    Attributes
    ----------
    register
        The register, its facts under vintages that have boundaries.
    wards, districts, crosswalk, landmark, water
        The layers.
    network
        The file of the street network, which need not be there.
    files
        Name and SHA-256 of every file that was read: the columns ``input`` and ``sha256``.
    """

    register: Register
    wards: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    crosswalk: pd.DataFrame
    landmark: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    network: Path
    files: pd.DataFrame


def build(
    boundary_dirs: Sequence[Path],
    sources_dir: Path,
    out: Path,
    as_of: pd.Timestamp,
    progress: Callable[[Message], None] = lambda _: None,
    batches: Sequence[Batch] = (),
    illustrative: Illustrative | None = None,
) -> dict[str, pd.DataFrame]:
    """Build the GeoPackage and return its layers by name.

    The same inputs give the same rows in the same order, but for the time in ``build``.

    Parameters
    ----------
    boundary_dirs
        Folders with ``wards_<vintage>.gpkg``; the first that has a vintage wins. A vintage that none has is
        left out, or derived where it can be.
    sources_dir
        Folder of the register.
    out
        The GeoPackage; what was there stays until the new one is whole. The street network lies beside it.
    as_of
        Day for which ``ward_summary`` holds.
    progress
        Told each of `STEPS` as it begins.
    batches
        The batches in force.
    illustrative
        Whether illustrative rows stand where there are no real ones, and which.

    Raises
    ------
    GeodataError
        With the faults of the boundaries and of the register together, or else with those of the batches.
    """
    ground = read_ground(boundary_dirs, sources_dir, out.with_name("network.npz"), progress)
    return publish(assemble(ground, as_of, progress, batches, illustrative), out, progress)


def read_ground(
    boundary_dirs: Sequence[Path],
    sources_dir: Path,
    network: Path,
    progress: Callable[[Message], None] = lambda _: None,
) -> Ground:
    """Return all that a build stands on but the batches; see `build`. The network need not be there."""
    faults: list[Fault] = []
    progress(STEPS[0])
    register: Register = {}
    try:
        register = read_register(sources_dir)
    except GeodataError as error:
        faults += error.faults
    progress(STEPS[1])
    try:
        adopted = adopted_files(boundary_dirs)
        known_files = with_adopted(register.get("boundary_file", empty_table("boundary_file")), adopted)
        units = register.get("unit", empty_table("unit"))
        files = used_files(find_boundaries(boundary_dirs), known_files)
        wards = read_wards(files, known_files, units)
        landmark_file = find_landmarks(boundary_dirs)
        landmarks = read_landmarks(landmark_file)
        water_file = find_water(boundary_dirs)
        water = read_water(water_file)
    except GeodataError as error:
        faults += error.faults
    if faults:
        raise GeodataError(faults)
    sources = pd.concat(
        [
            register["source"],
            adopted_sources(adopted, files),
            delivered_sources(files, known_files),
            landmark_sources(landmark_file),
            water_sources(water_file),
        ],
        ignore_index=True,
    )
    wards, sources = with_derived(wards, sources, units, register["unit_succession"])
    register = place_facts(register, sorted(wards["vintage"].unique()))
    check_outlines(register, wards)

    progress(STEPS[2])
    links = crosswalks(wards, register["unit_succession"], register["official_successor"])
    shown = district_vintages(wards)
    wards = name_former_districts(wards, links)
    return Ground(
        register=register | {"source": sources},
        wards=wards,
        districts=districts(wards, shown),
        crosswalk=links,
        landmark=landmarks,
        water=water,
        network=network,
        files=inputs(files, sources_dir, adopted, other_files(boundary_dirs, network)),
    )


def assemble(
    ground: Ground,
    as_of: pd.Timestamp,
    progress: Callable[[Message], None] = lambda _: None,
    batches: Sequence[Batch] = (),
    illustrative: Illustrative | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the layers of a build by name; see `build`."""
    progress(STEPS[3])
    wards, links = ground.wards, ground.crosswalk
    facts = with_batches(ground.register, batches, sorted(wards["vintage"].unique()))
    if illustrative is not None:
        made = illustrative_rows(wards, links, facts, illustrative.until, illustrative.seed)
        facts = with_illustrative(facts, made)
    facts = facts | {"station": with_reference_points(facts["station"], wards)}
    facts |= {"landmark": ground.landmark, "water": ground.water}
    stops, legs = case_itineraries(facts | {"ward": wards, "crosswalk": links}, read_network(ground.network))
    read = with_inputs(ground.files, batches, illustrative)
    return {
        **{name: frame for name, frame in facts.items() if name in LAYERS},
        "itinerary_stop": stops,
        "itinerary_leg": legs,
        "ward": wards,
        "district": ground.districts,
        "crosswalk": links,
        "ward_summary": ward_summary(as_of, facts | {"ward": wards, "crosswalk": links}),
        "build": build_rows(read, now(), as_of),
    }


def publish(
    layers: Mapping[str, pd.DataFrame],
    out: Path,
    progress: Callable[[Message], None] = lambda _: None,
    ready: Callable[[Path], object] = lambda _: None,
) -> dict[str, pd.DataFrame]:
    """Write the GeoPackage and return its layers as they stand in it; see `build` and `write_layers`."""
    progress(STEPS[4])
    return write_layers(out, layers, ward_summary_styles(pd.Timestamp.now("UTC")), ready=ready)


def used_files(found: Sequence[BoundaryFile], known_files: pd.DataFrame) -> list[BoundaryFile]:
    """Return the files that a build reads: not a schematic one of a vintage that can be derived.

    Parameters
    ----------
    found
        One file a vintage at most.
    known_files
        Files whose origin is known: sha256, source, quality.
    """
    quality = {file.vintage: quality_of(file, known_files) for file in found}
    derives = quality.get(BEFORE, "schematic") != "schematic"
    return [
        file
        for file in found
        if not (derives and file.vintage == DERIVED and quality[DERIVED] == "schematic")
    ]


def with_derived(
    wards: gpd.GeoDataFrame, sources: pd.DataFrame, units: pd.DataFrame, unit_succession: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return wards and sources, with those of the derived vintage where it has no file but can be derived.

    Parameters
    ----------
    wards, sources
        The layers ``ward`` and ``source``.
    units, unit_succession
        The official lists.
    """
    by_vintage = {vintage: wards[wards["vintage"] == vintage] for vintage in (BEFORE, DERIVED, AFTER)}
    before, after = by_vintage[BEFORE], by_vintage[AFTER]
    if len(by_vintage[DERIVED]) or before.empty or before["boundary_quality"].eq("schematic").all():
        return wards, sources
    origin = sources.set_index("source_id", drop=False)
    derived, cut = derive_wards(before, after, units, unit_succession)
    derived, more = derived_sources(
        derived,
        cut,
        origin.loc[before["boundary_source"].iloc[0]],
        None if after.empty else origin.loc[after["boundary_source"].iloc[0]],
    )
    return (
        check("ward", pd.concat([wards, derived], ignore_index=True)),
        pd.concat([sources, more], ignore_index=True),
    )


def ward_summary(day: pd.Timestamp, layers: Mapping[str, pd.DataFrame]) -> gpd.GeoDataFrame:
    """Return the layer ``ward_summary`` for a day: each ward with its figures.

    Parameters
    ----------
    day
        Day of reference.
    layers
        The layers of `geodata.programme.summary.INPUTS`.
    """
    wards = layers["ward"].drop(columns="boundary_source")
    return check(
        "ward_summary",
        wards.merge(ward_figures(day, layers), on=KEY, how="left", validate="one_to_one"),
    )


def other_files(boundary_dirs: Sequence[Path], network: Path) -> list[Path]:
    """Return what a build reads beside boundaries and register: landmarks, rivers and streets, if any."""
    others = (find_landmarks(boundary_dirs), find_water(boundary_dirs), network)
    return [path for path in others if path is not None and path.is_file()]


def inputs(
    files: Sequence[BoundaryFile], sources_dir: Path, adopted: pd.DataFrame, others: Sequence[Path] = ()
) -> pd.DataFrame:
    """Return every file that a build reads: ``input``, its name, and ``sha256``.

    What is declared of adopted files is one input, however many folders declare it.
    """
    rows = [(file.path.name, file.sha256) for file in files]
    rows += [(path.name, sha256(path)) for path in others]
    declared = used_rows(adopted, files)
    if len(declared):
        rows.append(("adopted", hashlib.sha256(declared.to_csv(index=False).encode()).hexdigest()))
    rows += [(f"{name}.csv", sha256(sources_dir / f"{name}.csv")) for name in TABLES]
    return pd.DataFrame(rows, columns=["input", "sha256"]).sort_values("input", ignore_index=True)


def with_inputs(
    files: pd.DataFrame, batches: Sequence[Batch], illustrative: Illustrative | None
) -> pd.DataFrame:
    """Return every input of a build: the files that it read, the file of each batch, and what was made up."""
    rows = [(f"batch {batch.title}", batch.sha256) for batch in batches]
    if illustrative is not None:
        rows.append((illustrative.input, hashlib.sha256(illustrative.input.encode()).hexdigest()))
    more = pd.DataFrame(rows, columns=["input", "sha256"])
    return pd.concat([files, more]).sort_values("input", ignore_index=True)


def build_rows(read: pd.DataFrame, now: datetime, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the layer ``build``: one row for each file that was read."""
    return read.assign(
        build_id=now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"),
        built_at=now.isoformat(timespec="seconds"),
        program_version=program_version(),
        as_of=as_of,
        audit_head=None,
    )


def is_current(
    boundary_dirs: Sequence[Path],
    sources_dir: Path,
    out: Path,
    as_of: pd.Timestamp,
    batches: Sequence[Batch] = (),
    illustrative: Illustrative | None = None,
    network: Path | None = None,
) -> bool:
    """Return whether a GeoPackage was built from these very inputs, for that day, by this version."""
    network = network or out.with_name("network.npz")
    try:
        # One without a checksum is built anew to get one.
        if not is_proven(out):
            return False
        built = read_layer(out, "build")
        adopted = adopted_files(boundary_dirs)
        known_files = with_adopted(read_table(sources_dir / "boundary_file.csv"), adopted)
        files = inputs(
            used_files(find_boundaries(boundary_dirs), known_files),
            sources_dir,
            adopted,
            other_files(boundary_dirs, network),
        )
    except (GeodataError, FileNotFoundError):
        return False
    read = with_inputs(files, batches, illustrative)
    same_inputs = built[["input", "sha256"]].to_numpy().tolist() == read.to_numpy().tolist()
    return (
        same_inputs
        and set(built["program_version"]) == {program_version()}
        and set(built["as_of"]) == {as_of}
    )


def has_illustrative(out: Path) -> bool:
    """Return whether a GeoPackage was built with illustrative rows; true where there is none."""
    try:
        built = read_layer(out, "build")
    except GeodataError:
        return True
    return bool(built["input"].str.startswith(ILLUSTRATIVE_INPUT).any())
