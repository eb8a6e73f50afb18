"""The evidence on a range of days: what all sentences, figures and maps of it rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.period import Period
from geodata.wards.units import KEY, are_among


@dataclass(frozen=True)
class Evidence:
    """What is on record for a range of days, and what follows from it for every ward.

    Attributes
    ----------
    period
        The range; its last day is the one for which roles and stages hold.
    is_all
        The range is all that there is.
    verified_only
        Without what is illustrative.
    wards
        Every ward of every vintage: the layer ``ward`` without geometry, with `status.status_on` of
        the last day and `geodata.programme.inspections.inspected_within` the range.
    inspection
        Inspections up to the last day, those before the range too, latest first; under every vintage in
        which the ward is the same, first under the one in which it was recorded. ``round_verdict`` is what
        was said of the city's work in the whole round, and no verdict on the ward.
    pilot_status
        What is recorded of roles and stages up to the last day, likewise.
    event
        Events within the range.
    district, crosswalk, source
        The layers of these names.
    """

    period: Period
    is_all: bool
    verified_only: bool
    wards: pd.DataFrame
    inspection: pd.DataFrame
    pilot_status: pd.DataFrame
    event: pd.DataFrame
    district: pd.DataFrame
    crosswalk: pd.DataFrame
    source: pd.DataFrame

    def of_vintage(self, vintage: str, areas: Sequence[str] = ()) -> pd.DataFrame:
        """Return the wards of one vintage, or those of some districts and wards of it, by their codes."""
        # In the order of its key, so that a vintage is one slice; a mask takes ten times as long.
        at = np.flatnonzero((self.wards["vintage"] == vintage).to_numpy("bool"))
        own = self.wards.iloc[at[0] : at[-1] + 1] if len(at) else self.wards.iloc[:0]
        wards: pd.DataFrame = within_areas(own, areas)
        return wards.reset_index(drop=True)

    def of_areas(self, vintage: str, areas: Sequence[str]) -> "Evidence":
        """Return the evidence on some districts and wards of a vintage; all of it where none is named.

        Of other vintages the wards whose area went to theirs stay.
        """
        if not areas:
            return self
        codes = self.of_vintage(vintage, areas)["ward_code"]
        came = self.crosswalk[
            (self.crosswalk["to_vintage"] == vintage) & self.crosswalk["to_ward_code"].isin(codes)
        ]
        keys = pd.MultiIndex.from_arrays(
            [[vintage] * len(codes) + came["from_vintage"].tolist(), [*codes, *came["from_ward_code"]]]
        )
        frames = {name: getattr(self, name) for name in ("wards", "inspection", "pilot_status")}
        return replace(
            self,
            **{
                name: frame[pd.MultiIndex.from_frame(frame[KEY]).isin(keys)] for name, frame in frames.items()
            },
        )

    def ward(self, key: tuple[str, str]) -> pd.Series:
        """Return one ward by vintage and code."""
        return self.rows("wards", key).iloc[0]

    def rows(self, name: str, key: tuple[str, str]) -> pd.DataFrame:
        """Return the rows of one ward in a frame keyed by vintage and ward_code."""
        frame: pd.DataFrame = getattr(self, name)
        return frame[(frame["vintage"] == key[0]) & (frame["ward_code"] == key[1])]

    def inspections_within(self) -> pd.DataFrame:
        """Return the inspections within the range, under every vintage in which the ward is the same."""
        return self._within

    @cached_property
    def _within(self) -> pd.DataFrame:
        # Latest first, none after the last day: they are the first ones.
        days = self.inspection["inspection_date"].to_numpy("datetime64[ns]")
        return self.inspection.iloc[: int((days >= np.datetime64(self.period.since)).sum())]

    def is_illustrative(self) -> bool:
        """Return whether a figure of the range rests on what is illustrative."""
        return bool(self.inspections_within()["is_illustrative"].to_numpy("bool").any())


def within_areas(wards: pd.DataFrame, areas: Sequence[str]) -> Any:
    """Return the rows of wards that lie in some areas; all of them where none is named.

    Parameters
    ----------
    wards
        Rows of one vintage with district_code and ward_code.
    areas
        Codes of districts and of wards.
    """
    if not areas:
        return wards
    return wards[wards["district_code"].isin(areas) | wards["ward_code"].isin(areas)]


def gather_evidence(
    layers: Mapping[str, pd.DataFrame],
    wards: pd.DataFrame,
    inspected: Mapping[str, npt.NDArray[Any]],
    period: Period,
    *,
    is_all: bool,
    verified_only: bool,
) -> Evidence:
    """Return the evidence on a range of days.

    Parameters
    ----------
    layers
        The layers inspection, pilot_status, event, district, crosswalk and source; the first two as
        `geodata.wards.crosswalk.follow_same_wards` returns them, with
        `geodata.programme.pilot_wards.with_first_key`; of inspection the rows that are to be shown, latest
        first.
    wards
        The layer ``ward`` without geometry, with `geodata.programme.status.status_on` of the last day.
    inspected
        `geodata.programme.inspections.inspected_within` the range, in the order of ``wards``.
    period, is_all, verified_only
        See `Evidence`.
    """
    last = pd.Timestamp(period.until)
    inspection, recorded, event = layers["inspection"], layers["pilot_status"], layers["event"]
    return Evidence(
        period=period,
        is_all=is_all,
        verified_only=verified_only,
        # At once: to add them one by one takes twice as long.
        wards=pd.concat([wards, pd.DataFrame(inspected, wards.index)], axis="columns"),
        # Latest first: those up to a day are the last ones.
        inspection=inspection.iloc[int((inspection["inspection_date"] > last).sum()) :],
        pilot_status=recorded[recorded["valid_from"] <= last],
        event=event[period.holds(event["event_date"])],
        district=layers["district"],
        crosswalk=layers["crosswalk"],
        source=layers["source"],
    )


def as_recorded(known: Evidence, pilot_status: pd.DataFrame) -> Evidence:
    """Return evidence with each status and inspection once, under the vintage in which it was recorded.

    Parameters
    ----------
    known
        What is known within the range of days.
    pilot_status
        The layer of this name.
    """
    key = [*KEY, "valid_from", "role"]
    return replace(
        known,
        pilot_status=known.pilot_status[are_among(known.pilot_status[key], pilot_status[key])],
        inspection=known.inspection.drop_duplicates("inspection_id"),
    )
