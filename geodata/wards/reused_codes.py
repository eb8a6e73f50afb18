"""Codes of wards that were given to another ward when the units were redrawn."""

import pandas as pd

from geodata.language import Message, message
from geodata.language.dates import day
from geodata.wards.names import bare


def reused_code(code: str, vintage: str, name: str, wards: pd.DataFrame) -> Message | None:
    """Return that a ward's code was that of another one in another vintage; ``None`` where it was not.

    Parameters
    ----------
    code, vintage
        The ward.
    name
        What it is called.
    wards
        Rows of ``vintage``, ``ward_code`` and ``ward_name``, of all vintages.
    """
    names = wards[wards["ward_code"] == code].set_index("vintage")["ward_name"]
    others = names[names.map(bare) != bare(names.get(vintage, ""))]
    if others.empty:
        return None
    other = others.index.max()
    return message(
        "The code {code} is that of {place} here; with the wards of {day} it is {other}.",
        code=code,
        place=name,
        day=day(str(other)),
        other=others[other],
    )
