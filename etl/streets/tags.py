"""What the tags of OpenStreetMap say of a street: whether cars drive on it, how fast, which way, how high."""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from geodata.language import Message, message

KEYS = (
    "highway",
    "oneway",
    "junction",
    "maxspeed",
    "access",
    "vehicle",
    "motor_vehicle",
    "motorcar",
    "service",
    "area",
    "layer",
    "bridge",
    "tunnel",
)
"""The keys that are read."""

LEFT_OUT: dict[str, Message] = {
    "class": message("of a class that cars do not use"),
    "closed": message("closed to cars"),
    "yard": message("driveways, car parks and squares"),
    "outside": message("outside the city"),
    "short": message("without two positions"),
    "shape": message("that are no lines"),
}
"""Why ways are left out."""

_YARDS = {"driveway", "parking", "parking_aisle", "emergency_access", "drive-through", "private"}
_CLOSED = {"no", "private", "agricultural", "forestry"}
_ONEWAY = {
    **dict.fromkeys(("yes", "true", "1"), "forward"),
    **dict.fromkeys(("-1", "reverse"), "backward"),
    **{"ft": "forward", "tf": "backward"},  # of road layers: from the first node of the line to the last
    **dict.fromkeys(("no", "false", "0", "reversible", "alternating"), "both"),
}
_KMH = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344}
_SPEED_LIMITS = (5, 140)
"""A given speed beyond these, km/h, is a slip of the pen."""


def understood(tags: pd.DataFrame, speeds: Mapping[str, float], *, is_openstreetmap: bool) -> pd.DataFrame:
    """Return what the tags of ways say.

    Parameters
    ----------
    tags
        One row a way, columns of `KEYS`; a value is text or missing. Several values of one way, where ways
        were joined, stand with ``;`` between them.
    speeds
        Speed of each class that cars use, km/h.
    is_openstreetmap
        Whether tags that are missing mean what they do there: a motorway is driven one way.

    Returns
    -------
    highway, maxspeed_kmh (missing where not given), is_forward, is_backward, level (0 is the ground),
    left_out (a key of `LEFT_OUT`, or empty), and is_odd: whether a speed or a direction was not understood.
    """
    tags = tags.reindex(columns=list(KEYS)).astype("object").fillna("")
    tags = tags.map(lambda value: str(value).strip().lower())
    highway = tags["highway"].map(lambda text: middle_class(text, speeds))
    maxspeed = tags["maxspeed"].map(lowest_speed)
    oneway = tags["oneway"].map(lambda text: _ONEWAY.get(text, ""))
    is_implied = (oneway == "") & tags["junction"].isin(["roundabout", "circular"])
    if is_openstreetmap:
        is_implied |= (oneway == "") & (highway == "motorway")
    oneway = oneway.mask(is_implied, "forward")
    # The most particular key decides.
    access = tags[["motorcar", "motor_vehicle", "vehicle", "access"]]
    ruling = access.where(access != "").bfill(axis=1).iloc[:, 0]
    left_out = np.select(
        [
            highway == "",
            ruling.isin(_CLOSED),
            tags["service"].isin(_YARDS) | (tags["area"] == "yes"),
        ],
        ["class", "closed", "yard"],
        "",
    )
    return pd.DataFrame(
        {
            "highway": highway,
            "maxspeed_kmh": maxspeed,
            "is_forward": oneway != "backward",
            "is_backward": oneway.isin(["", "both", "backward"]),
            "level": _level(tags),
            "left_out": left_out,
            "is_odd": ((tags["maxspeed"] != "") & maxspeed.isna())
            | ((tags["oneway"] != "") & ~tags["oneway"].isin(_ONEWAY)),
        },
        index=tags.index,
    )


def middle_class(text: str, speeds: Mapping[str, float]) -> str:
    """Return the class that a value names, the middle one by speed of “trunk/primary/secondary”.

    Of two it is the slower one; empty where cars use none.
    """
    named = [name for name in re.split(r"[;/,| ]+", text) if name in speeds]
    return sorted(named, key=lambda name: speeds[name])[(len(named) - 1) // 2] if named else ""


def lowest_speed(text: str) -> float:
    """Return the lowest of the speeds that a value names, km/h; NaN where it names none."""
    speeds = []
    for part in re.split(r"[;,|]", text):
        match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|)\s*", part)
        speed = float(match[1]) * _KMH[match[2]] if match else float("nan")
        if _SPEED_LIMITS[0] <= speed <= _SPEED_LIMITS[1]:
            speeds.append(speed)
    return min(speeds, default=float("nan"))


def _level(tags: pd.DataFrame) -> pd.Series:
    """Return on which level ways lie: as they say, else a bridge one above the ground, a tunnel one below."""
    stated = pd.to_numeric(tags["layer"], errors="coerce")
    is_bridge, is_tunnel = (~tags[key].isin(["", "no", "false", "0", "f"]) for key in ("bridge", "tunnel"))
    return stated.fillna(is_bridge.astype(float) - is_tunnel.astype(float)).round().astype(int)
