"""The names of the units that a reader can choose, and where a map of the programme is framed."""

import pandas as pd

from dashboard.query.caching import cached
from dashboard.query.layers import NOTHING, areas_in_scope, layer, of_vintage
from dashboard.query.publication import Publication
from geodata.evidence import within_areas
from geodata.language import Words, message
from geodata.language.alphabet import alphabet_key
from geodata.wards.frames import frame_bounds
from geodata.wards.names import ward_title
from geodata.wards.units import KEY


@cached
def ward_titles(published: Publication, vintage: str) -> dict[str, str]:
    """Return name and code of each ward by its code, in the order of the Vietnamese alphabet."""
    rows = of_vintage(published, "ward", vintage).to_dict("records")
    rows.sort(key=lambda ward: alphabet_key(ward["ward_name"]))
    return {ward["ward_code"]: f"{ward_title(ward)} ({ward['ward_code']})" for ward in rows}


@cached
def area_names(published: Publication, vintage: str) -> dict[str, Words | str]:
    """Return the name of each district and ward that may be seen of a vintage, by its code."""
    rows = of_vintage(published, "district", vintage).to_dict("records")
    districts: dict[str, Words | str] = {
        row["district_code"]: message("{district} (former)", district=row["district_name"])
        if row["is_former"]
        else row["district_name"]
        for row in sorted(rows, key=lambda row: alphabet_key(row["district_name"]))
    }
    names = districts | ward_titles(published, vintage)
    if published.scope is None:
        return names
    names[NOTHING] = message("nothing of these boundaries")
    seen = areas_in_scope(published, vintage, tuple(names))
    return {code: name for code, name in names.items() if code in seen}


@cached
def programme_frame(
    published: Publication, vintage: str, areas: tuple[str, ...] = ()
) -> tuple[float, float, float, float]:
    """Return the bounds in degrees of the chosen areas, or of the largest group of wards in the programme.

    Of wards that hold a role only in part the wards count that it was recorded of.
    """
    summary = of_vintage(published, "ward_summary", vintage)
    if areas:
        west, south, east, north = (float(side) for side in within_areas(summary, areas).total_bounds)
        return west, south, east, north
    if not summary["is_partly"].any():
        return frame_bounds(summary, summary["role"].notna())
    recorded = layer(published, "pilot_status")[KEY].drop_duplicates()
    former = layer(published, "ward_summary").merge(recorded, on=KEY, how="inner", validate="one_to_one")
    shown = pd.concat([former[former["vintage"] != vintage], summary], ignore_index=True)
    is_own = (shown["vintage"] == vintage) & shown["role"].notna()
    return frame_bounds(shown, (shown["vintage"] != vintage) | is_own)
