"""The wards of the programme that a view shows, and how they are named."""

from collections.abc import Sequence

import pandas as pd

from dashboard.subjects.progress.views import SHOWN_WARDS
from dashboard.ui.formats import alphabet_key, day, number
from geodata.evidence import Evidence
from geodata.language import Language, translate


def programme_wards(wards: pd.DataFrame) -> pd.DataFrame:
    """Return the wards in the programme, wholly or partly, in the order of the alphabet.

    Parameters
    ----------
    wards
        Wards of one vintage, see `Evidence.of_vintage`.
    """
    return by_name(wards[wards["role"].notna()])


def by_name(wards: pd.DataFrame) -> pd.DataFrame:
    """Return wards in the order of the alphabet."""
    order = sorted(range(len(wards)), key=lambda at: alphabet_key(str(wards["ward_name"].iloc[at])))
    return wards.iloc[order].reset_index(drop=True)


def ward_labels(wards: pd.DataFrame, language: Language) -> pd.Series:
    """Return the name of each ward as a chart's row; code where a name occurs twice; partly where it is."""
    twice = wards["ward_name"].duplicated(keep=False)
    names = wards["ward_name"].where(~twice, wards["ward_name"] + " (" + wards["ward_code"] + ")")
    part = translate("{ward} (part)", language, ward="{ward}")
    return pd.Series(
        [
            part.replace("{ward}", name) if is_partly else name
            for name, is_partly in zip(names, wards["is_partly"], strict=True)
        ],
        index=wards.index,
        dtype="str",
    )


def no_ward_text(known: Evidence, vintage: str, areas: Sequence[str], language: Language) -> str:
    """Return why there is no ward of the programme to show, and what to change."""
    if areas and len(programme_wards(known.of_vintage(vintage))):
        return translate(
            "No ward of the programme lies in the chosen districts and wards. Choose others, or the whole "
            "city.",
            language,
        )
    return translate(
        "No ward has a stage or role on record up to {day}. Choose a later last day.",
        language,
        day=day(known.period.until, language),
    )


def ward_names(wards: pd.DataFrame, language: Language) -> str:
    """Return the names of wards in one line; of many the first ones, and how many more there are."""
    names = list(wards["ward_name"])
    if len(names) <= SHOWN_WARDS // 2:
        return ", ".join(names)
    return translate(
        "{wards} and {count} more",
        language,
        wards=", ".join(names[: SHOWN_WARDS // 2]),
        count=number(len(names) - SHOWN_WARDS // 2, language),
    )
