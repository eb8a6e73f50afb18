"""The weights of units and wards, as in a power diagram, moved until the areas are right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tools.published_figures import radius_m
from tools.raster import Booleans, Claim, Floats, Grid, Integers

ROUNDS = 80

WARD_STEP, UNIT_STEP = 0.3, 0.15
"""How often the weights are moved, and how far at first. A ward's area is official; a unit's is a guess."""


@dataclass(frozen=True)
class Aims:
    """What the weights of units, or of wards, aim at.

    Attributes
    ----------
    x, y
        The middle that each should have, and the origin of its tilt, metres.
    scale_x, scale_y
        The lengths in which a distance from there counts.
    cells
        How many cells each should have; NaN where that is unknown.
    is_least
        Whether it may have more cells than that.
    has_middle
        Whether the middle is known.
    step
        How far a weight moves at first for a whole area, or a whole length, that is missing.
    """

    x: Floats
    y: Floats
    scale_x: Floats
    scale_y: Floats
    cells: Floats
    is_least: Booleans
    has_middle: Booleans
    step: float


def tilt(aims: Aims, weights: Floats, index: int, x: Floats, y: Floats) -> Floats:
    """Return by how much the cells of columns x and rows y are made cheaper for a unit or ward."""
    level, east, north = weights[index]
    along_x = east * (x - aims.x[index]) / aims.scale_x[index]
    along_y = north * (y - aims.y[index]) / aims.scale_y[index]
    return np.asarray(level + along_x[None, :] + along_y[:, None])


def labelled(
    grid: Grid, asked: Sequence[Claim], units: Aims, wards: Aims, unit_weights: Floats, ward_weights: Floats
) -> Integers:
    """Return the claim that each cell goes to, the cheapest one; -1 where there is none."""
    best = np.full((grid.rows, grid.columns), np.inf)
    labels = np.full((grid.rows, grid.columns), -1, dtype=np.int32)
    for number, claim in enumerate(asked):
        x, y = grid.x[claim.columns], grid.y[claim.rows]
        cost = claim.cost - tilt(units, unit_weights, claim.unit, x, y)
        if claim.ward >= 0:
            cost = cost - tilt(wards, ward_weights, claim.ward, x, y)
        window = (claim.rows, claim.columns)
        cheaper = cost < best[window]
        best[window][cheaper] = cost[cheaper]
        labels[window][cheaper] = number
    return labels


def measured(labels: Integers, grid: Grid, count: int) -> tuple[Floats, Floats, Floats]:
    """Return number of cells, and mean x and y in metres (NaN without cells), of each label below count."""
    rows, columns = np.nonzero(labels >= 0)
    label = labels[rows, columns]
    cells = np.bincount(label, minlength=count).astype(float)
    with np.errstate(invalid="ignore"):
        x = np.bincount(label, grid.x[columns], minlength=count) / cells
        y = np.bincount(label, grid.y[rows], minlength=count) / cells
    return cells, x, y


def moved(weights: Floats, aims: Aims, labels: Integers, grid: Grid, damping: float) -> Floats:
    """Return the weights a step nearer to their aims. The larger the weight, the more cells."""
    cells, x, y = measured(labels, grid, len(weights))
    missing = np.column_stack(
        [
            np.clip((aims.cells - cells) / aims.cells, np.where(aims.is_least, 0, -1), 1),
            np.where(aims.has_middle, np.clip(2 * (aims.x - x) / aims.scale_x, -1, 1), 0),
            np.where(aims.has_middle, np.clip(2 * (aims.y - y) / aims.scale_y, -1, 1), 0),
        ]
    )
    forward = weights + aims.step * damping * np.nan_to_num(missing)
    return np.asarray(np.clip(forward, [-2, -1, -1], [2, 1, 1]))


def balanced(
    grid: Grid, asked: Sequence[Claim], units: Aims, wards: Aims, rounds: int = ROUNDS
) -> tuple[Floats, Floats]:
    """Return the weights of units and wards that bring each nearest to what it aims at.

    A ward whose point lies further from what it covers at first than its radius is not moved towards it:
    the point is then that of an office at its edge (Cát Hải).
    """
    unit_of = np.array([claim.unit for claim in asked] + [-1], dtype=np.int32)
    ward_of = np.array([claim.ward for claim in asked] + [-1], dtype=np.int32)
    unit_weights, ward_weights = np.zeros((len(units.x), 3)), np.zeros((len(wards.x), 3))
    for number in range(rounds):
        labels = labelled(grid, asked, units, wards, unit_weights, ward_weights)
        if number == 0:
            _, x, y = measured(ward_of[labels], grid, len(wards.x))
            is_near = np.hypot(x - wards.x, y - wards.y) < wards.scale_x
            wards = replace(wards, has_middle=wards.has_middle & is_near)
        damping = 1 / (1 + number / 20)
        unit_weights = moved(unit_weights, units, unit_of[labels], grid, damping)
        ward_weights = moved(ward_weights, wards, ward_of[labels], grid, damping)
    return unit_weights, ward_weights


def unit_aims(units: pd.DataFrame, grid: Grid) -> Aims:
    """Return what the units aim at: the usual share of their extents, around the middle of these."""
    is_merged = units["is_merged"].to_numpy()
    return Aims(
        units["x"].to_numpy(),
        units["y"].to_numpy(),
        units["half_width"].to_numpy(),
        units["half_height"].to_numpy(),
        cells=units["area_km2"].to_numpy() / grid.cell_km2,
        is_least=is_merged,
        has_middle=units["area_km2"].notna().to_numpy() & ~is_merged,
        step=UNIT_STEP,
    )


def ward_aims(wards: pd.DataFrame, grid: Grid) -> Aims:
    """Return what the wards aim at: their official areas, around their points."""
    radius = radius_m(wards).to_numpy()
    return Aims(
        wards["x"].to_numpy(),
        wards["y"].to_numpy(),
        radius,
        radius,
        cells=wards["area_km2"].to_numpy() / grid.cell_km2,
        is_least=np.full(len(wards), False),
        has_middle=np.full(len(wards), True),
        step=WARD_STEP,
    )
