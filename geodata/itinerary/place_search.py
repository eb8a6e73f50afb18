"""Which place a text means: a point, a ward or a landmark, in any spelling; or what is wrong with it."""

import re
from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
from rapidfuzz import fuzz, process

from geodata.contract.crs import CITY_BOUNDS, STORAGE_CRS, to_metric
from geodata.contract.errors import Fault, GeodataError
from geodata.itinerary.places import Gazetteer, Place, landmark_places, ward_places
from geodata.language import Message, message
from geodata.language.dates import day as day_text
from geodata.wards.crosswalk import links_between
from geodata.wards.names import TAKEN, NameIndex, bare, match_units
from geodata.wards.reused_codes import reused_code
from geodata.wards.units import is_commune

EDGE_M = 500.0
"""How far outside the outlines a point still counts as in the city: they are coarse at quays and bridges."""

_COORDINATES = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*$")

_NAME_AND_CODE = re.compile(r"^(?P<name>.*\S)\s*\((?P<code>\d{3,5})\)$")

_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")

_LIKE_WARD, _LIKE_LANDMARK = 70.0, 90.0
"""Least likeness, 0 to 100, at which a ward, or a landmark by a part of its name, is named as a choice."""

_SHORT = 4
"""Letters of a text that is like a part of too many names."""

_CHOICES = 5
"""How many units a fault names at most."""


def find_place(asked: str, vintage: str, known: Gazetteer, field: str = "stop") -> Place:
    """Return the place that a text means.

    In this order: ``lat,lon``; a ward's code; a ward's name in any spelling, with its code in brackets or its
    district after a comma where several wards bear it; a landmark.

    Parameters
    ----------
    asked
        What was asked for.
    vintage
        Vintage of the wards.
    known
        Where places are looked up.
    field
        Name for the place of a fault.

    Raises
    ------
    GeodataError
        With one fault: a place outside the city, an unknown name (the nearest are named), an ambiguous one
        (the choices are named), a code of another vintage (what became of it is named).
    """
    return known.keep((asked, vintage, field), lambda: _find_place(asked, vintage, known, field))


def _find_place(asked: str, vintage: str, known: Gazetteer, field: str) -> Place:
    coordinates = _COORDINATES.match(asked)
    if coordinates:
        return _given(asked, float(coordinates[1]), float(coordinates[2]), vintage, known, field)
    units = known.ward[known.ward["vintage"] == vintage]
    units = units[is_commune(units)].reset_index(drop=True)
    code, how, candidates = _match(asked, units)
    if code is not None:
        place = ward_places(known, vintage).get(code)
        if place is not None:
            return place
        raise GeodataError.of(
            field,
            asked,
            message("no point is on record for this ward"),
            message("its latitude and longitude, as in 20.86,106.68"),
        )
    landmark = _landmark(asked, known)
    if landmark is not None:
        return landmark
    raise GeodataError([_unknown(field, asked, vintage, known, units, how, candidates)])


def code_reused(place: Place, known: Gazetteer) -> Message | None:
    """Return that a ward's code was that of another one in another vintage; ``None`` where it was not."""
    if place.ward_code is None or place.vintage is None:
        return None
    return reused_code(place.ward_code, place.vintage, place.name, known.ward)


def find_places(
    asked: Sequence[str], vintage: str, known: Gazetteer, field: str = "stop"
) -> tuple[list[Place | None], list[Fault]]:
    """Return the places that texts mean, ``None`` where one means none, and the faults of all of them."""
    places: list[Place | None] = []
    faults: list[Fault] = []
    for text in asked:
        try:
            places.append(find_place(text, vintage, known, field))
        except GeodataError as error:
            places.append(None)
            faults += error.faults
    return places, faults


def _given(asked: str, lat: float, lon: float, vintage: str, known: Gazetteer, field: str) -> Place:
    west, south, east, north = CITY_BOUNDS
    if not (south <= lat <= north and west <= lon <= east) or not _is_in_city(lat, lon, vintage, known):
        is_turned = south <= lon <= north and west <= lat <= east
        raise GeodataError.of(
            field,
            asked,
            message("lies outside the city"),
            message("latitude first, then longitude")
            if is_turned
            else message("a point within the wards of {day}", day=day_text(vintage)),
        )
    [land] = known.lands.at(gpd.GeoSeries.from_xy([lon], [lat], crs=STORAGE_CRS))
    return Place(f"{lat:.5f}, {lon:.5f}", lat, lon, "given", land=land)


def _is_in_city(lat: float, lon: float, vintage: str, known: Gazetteer) -> bool:
    wards = known.ward[known.ward["vintage"] == vintage]
    around = wards.cx[lon - 0.01 : lon + 0.01, lat - 0.01 : lat + 0.01]
    if around.empty:
        return False
    point = to_metric(gpd.GeoSeries.from_xy([lon], [lat], crs=STORAGE_CRS)).iloc[0]
    return bool(to_metric(around.geometry).distance(point).min() <= EDGE_M)


def _match(asked: str, units: pd.DataFrame) -> tuple[str | None, str, list[str]]:
    """Return the code of the ward that is certain, how it was matched, and the codes that it may be."""
    coded = _NAME_AND_CODE.match(asked.strip())
    text = asked.strip()
    rows = [{"name": text, "code": "", "kind": "", "district": ""}]
    if re.fullmatch(r"\d+(?:\.0+)?", text):
        rows = [{"name": "", "code": text, "kind": "", "district": ""}]
    elif coded:
        rows = [{"name": coded["name"], "code": coded["code"], "kind": "", "district": ""}]
    elif "," in text:
        name, district = (part.strip() for part in text.rsplit(",", 1))
        rows.append({"name": name, "code": "", "kind": "", "district": district})
    found = match_units(pd.DataFrame(rows), units)
    certain = found[found["how"].isin(TAKEN)]
    if len(certain):
        return str(certain["ward_code"].iloc[0]), str(certain["how"].iloc[0]), []
    last = found.iloc[-1]
    return None, str(last["how"]), [candidate.ward_code for candidate in last["candidates"]]


def _landmark(asked: str, known: Gazetteer) -> Place | None:
    """Return the one landmark that a text names: by its key, its name, or the first words of its name."""
    places = landmark_places(known)
    if asked in places or not places:
        return places.get(asked)
    text = asked.rstrip("? ")
    names = [place.name for place in places.values()]
    count = len(text.split())
    begins = [" ".join(name.split()[:count]) if count > 1 else name for name in names]
    for forms in (names, [_IN_BRACKETS.sub("", name) for name in names], begins):
        hits = NameIndex(forms, [""] * len(forms)).find(text)[1]
        if len(hits) == 1:
            return list(places.values())[hits[0]]
    return None


def _titles(codes: Sequence[str], units: pd.DataFrame) -> str:
    """Return names with kind, district and code: ``phường Cát Bi, Quận Hải An (11422)``."""
    by_code = units.set_index("ward_code")
    titles = []
    for code in dict.fromkeys(codes):
        unit = by_code.loc[code]
        district = f", {unit['district_name']}" if pd.notna(unit["district_name"]) else ""
        titles.append(f"{unit['ward_kind']} {unit['ward_name']}{district} ({code})")
    return "; ".join(titles[:_CHOICES])


def _unknown(
    field: str,
    asked: str,
    vintage: str,
    known: Gazetteer,
    units: pd.DataFrame,
    how: str,
    candidates: Sequence[str],
) -> Fault:
    """Return the fault of a text that means no one place."""
    day = day_text(vintage)
    elsewhere = _of_other_vintage(asked, vintage, known)
    by_name = units.set_index("ward_code")["ward_name"]
    is_namesake = how == "ambiguous" and len({bare(by_name[code]) for code in candidates}) == 1
    if is_namesake or (how == "ambiguous" and _NAME_AND_CODE.match(asked.strip())):
        problem = message("means several wards of {day}", day=day)
        return Fault(
            field,
            asked,
            problem,
            message("one of these codes: {choices}", choices=_titles(candidates, units)),
        )
    if elsewhere is not None:
        return Fault(field, asked, *elsewhere)
    problem = message("is no ward of {day}, and no landmark on record", day=day)
    near = _nearest(asked, units, known)
    expected = (
        message("perhaps one of: {choices}", choices=near)
        if near
        else message("the code or the name of a ward of {day}, a landmark, or lat,lon", day=day)
    )
    return Fault(field, asked, problem, expected)


def _nearest(asked: str, units: pd.DataFrame, known: Gazetteer) -> str:
    """Return the wards and landmarks whose names are most like what was asked for."""
    text = bare(asked)
    wards = process.extract(
        text,
        dict(zip(units["ward_code"], units["ward_name"].map(bare), strict=True)),
        scorer=fuzz.ratio,
        score_cutoff=_LIKE_WARD,
        limit=3,
    )
    landmarks = process.extract(
        text,
        {place.name: bare(place.name) for place in landmark_places(known).values()},
        # People leave out parts of a landmark's name.
        scorer=fuzz.partial_ratio,
        score_cutoff=_LIKE_LANDMARK,
        limit=2,
    )
    is_long = len(text) > _SHORT
    return "; ".join(
        [
            *([_titles([code for _, _, code in wards], units)] if wards else []),
            *(name for _, _, name in landmarks if is_long),
        ]
    )


def _of_other_vintage(asked: str, vintage: str, known: Gazetteer) -> tuple[Message, Message] | None:
    """Return what is wrong with a ward of another vintage, and what it became or came from."""
    wards = pd.DataFrame(known.ward.drop(columns="geometry"))
    here = wards[wards["vintage"] == vintage].set_index("ward_code")
    # The vintage nearest in time says most of what became of it.
    others = sorted((v for v in known.vintages if v != vintage), key=lambda v: abs(_days(v) - _days(vintage)))
    for other in others:
        units = wards[(wards["vintage"] == other) & is_commune(wards)].reset_index(drop=True)
        code = _match(asked, units)[0]
        if code is None:
            continue
        name = units.set_index("ward_code").loc[code, "ward_name"]
        problem = message(
            "is {name} ({code}) of the wards of {other}, not one of {day}",
            name=name,
            code=code,
            other=day_text(other),
            day=day_text(vintage),
        )
        links = links_between(known.crosswalk, other, vintage)
        # Whole percents, so that the noise of outlines does not order equal shares.
        links = links[links["from_ward_code"] == code].assign(
            percent=lambda rows: (100 * rows["area_weight"]).round()
        )
        links = links.sort_values(["percent", "to_ward_code"], ascending=[False, True])
        if links.empty:
            return problem, message("a ward of {day}; nothing of it lies in any", day=day_text(vintage))
        parts = "; ".join(
            f"{here.loc[to, 'ward_name']} ({to}) {percent:.0f} %"
            for to, percent in links[["to_ward_code", "percent"]].itertuples(index=False, name=None)
        )
        sentence = (
            message("what it became: {parts}", parts=parts)
            if other < vintage
            else message("what it came from: {parts}", parts=parts)
        )
        return problem, sentence
    return None


def _days(iso: str) -> int:
    return pd.Timestamp(iso).toordinal()
