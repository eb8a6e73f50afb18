"""Which units are compared: the city, districts and wards, and those most like one of them."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from geodata.language import Words
from geodata.wards.names import ward_title
from geodata.wards.units import area_basis

LEAST_UNITS, MOST_UNITS = 2, 6

PEERS = 3
"""So many units like it stand beside a single one."""

CITY = ""
"""The code that stands for the whole city."""

DISTRICT, WARD = "district", "ward"

RURAL = ("huyện", "xã")


def units_of(wards: pd.DataFrame, district: pd.DataFrame) -> pd.DataFrame:
    """Return the districts and wards of one vintage that can be compared.

    Parameters
    ----------
    wards, district
        Rows of the layers of these names, of one vintage.

    Returns
    -------
    One row a unit by its code: level, name, kind; population, population_year and area_km2 (see
    `area_basis`), of a district the sums over its wards, which its figures are set against.
    """
    basis = area_basis(wards)
    sums = wards.groupby("district_code")[["population", basis]].sum(min_count=1)
    years = wards.groupby("district_code")["population_year"].max()
    districts = pd.DataFrame(
        {
            "code": district["district_code"],
            "level": DISTRICT,
            "name": district["district_name"],
            "kind": district["district_name"].str.split(n=1).str[0].str.lower(),
            "population": district["district_code"].map(sums["population"]),
            "population_year": district["district_code"].map(years),
            "area_km2": district["district_code"].map(sums[basis]),
        }
    )
    # A huyện without communes is a district already.
    named = wards[~wards["ward_code"].isin(districts["code"])]
    single = pd.DataFrame(
        {
            "code": named["ward_code"],
            "level": WARD,
            "name": [ward_title(ward) for ward in named.to_dict("records")],
            "kind": named["ward_kind"],
            "population": named["population"],
            "population_year": named["population_year"],
            "area_km2": named[basis],
        }
    )
    rows = pd.concat([districts, single], ignore_index=True)
    return rows.astype({"population": "float64", "area_km2": "float64"}).set_index("code")


def by_nearness(units: pd.DataFrame, code: str) -> list[str]:
    """Return the codes of all units, those most like one first: of its level, as urban, and of its size.

    Size is near where the residents and the area differ by small factors: |ln(ratio)| of both, added up. What
    has no such figure comes after what has.

    Parameters
    ----------
    units
        See `units_of`.
    code
        The unit that the others are like; it comes first.
    """
    one = dict(units.loc[code])
    with np.errstate(divide="ignore", invalid="ignore"):
        far = sum(
            np.abs(np.log(units[column].to_numpy("float64") / float(one[column])))
            for column in ("population", "area_km2")
        )
    order = pd.DataFrame(
        {
            "is_other": units.index != code,
            "other_level": units["level"] != one["level"],
            "other_kind": units["kind"].isin(RURAL) != (one["kind"] in RURAL),
            "far": far,
        },
        index=units.index,
    )
    return list(order.sort_values(list(order.columns), kind="stable").index)


def default_units(units: pd.DataFrame, wards: pd.DataFrame, areas: Sequence[str]) -> list[str]:
    """Return which units are compared unless others are chosen.

    The areas that are looked at; without any the districts with wards in the programme. A single one is set
    beside those most like it.

    Parameters
    ----------
    units
        See `units_of`.
    wards
        Wards of the vintage with district_code and role.
    areas
        Codes of districts and wards.
    """
    chosen = [code for code in areas if code in units.index]
    if not chosen:
        in_programme = wards.loc[wards["role"].eq("pilot"), "district_code"].dropna()
        chosen = [code for code in units.index if code in set(in_programme)]
    if not chosen:
        chosen = list(units.index[:1])
    if len(chosen) == 1:
        alike = units[units["level"] == units.loc[chosen[0], "level"]]
        return by_nearness(alike, chosen[0])[: 1 + PEERS]
    return chosen[:MOST_UNITS]


def short_titles(
    codes: Sequence[str], units: pd.DataFrame, titles: Mapping[str, Words | str]
) -> dict[str, Words | str]:
    """Return the names of the units that are compared: wards without their code, where it is not needed.

    Parameters
    ----------
    codes
        The units.
    units
        See `units_of`.
    titles
        Their full names by code.
    """
    is_one = ~units.loc[list(codes), "name"].duplicated(keep=False)
    is_ward = units.loc[list(codes), "level"] == WARD
    return {
        code: str(units.loc[code, "name"]) if is_one[code] and is_ward[code] else titles[code]
        for code in codes
    }


def remaining_units(units: Collection[str], before: Sequence[str], *, is_other_vintage: bool) -> list[str]:
    """Return those chosen units that there still are: codes of wards were reused, those of districts not."""
    return [code for code in before if code in units and not (is_other_vintage and len(code) > 3)]


def of_unit(wards: pd.DataFrame, code: str, units: pd.DataFrame) -> pd.Series:
    """Return which wards belong to a unit."""
    column = "district_code" if units.loc[code, "level"] == DISTRICT else "ward_code"
    return wards[column].eq(code).fillna(False).astype("bool")
