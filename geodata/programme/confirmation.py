"""Up to which day anybody has recorded that a ward holds its stage: after it nothing is known of it."""

import pandas as pd

from geodata.wards.units import KEY

_OTHERS = ["from_vintage", "from_ward_code"]


def confirmed_until(pilot_status: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.Series:
    """Return up to which day it is known of wards that they hold the stage last recorded of them.

    Between two records of a ward the first one holds. After the last one nobody has said that it still does:
    it is known for its day alone, or, where only the year is known, up to the end of the last year that it
    names. What a redrawing made of wards is known as long as one of these is.

    Parameters
    ----------
    pilot_status
        Rows of the layer with a stage, up to the last day of a range.
    crosswalk
        The layer ``crosswalk``.

    Returns
    -------
    Keys: vintage, ward_code, of every vintage; those of which no stage is recorded are left out.
    """
    last = pilot_status.sort_values("valid_from", kind="stable").drop_duplicates(KEY, keep="last")
    years = last["period"].str.extract(r"(\d{4})\D*$", expand=False).astype("Float64")
    named = years.fillna(last["valid_from"].dt.year.astype("Float64")).astype("Int64").astype("str")
    ends = pd.to_datetime(named + "-12-31").where(last["valid_from_precision"].eq("year"), last["valid_from"])
    own = last[KEY].assign(until=ends)
    carried = crosswalk[[*_OTHERS, "to_vintage", "to_ward_code"]].merge(
        own.rename(columns=dict(zip(KEY, _OTHERS, strict=True))),
        on=_OTHERS,
        how="inner",
        validate="many_to_one",
    )
    every = pd.concat(
        [own, carried[["to_vintage", "to_ward_code", "until"]].set_axis(own.columns, axis="columns")]
    )
    until: pd.Series = every.groupby(KEY)["until"].max()
    return until
