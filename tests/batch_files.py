"""Files to import and their rows, made in code for the small city."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from etl.store.entering import THIS_BATCH
from tests.small_city import OLD


@dataclass(frozen=True)
class Rows:
    """A file that was read: see `etl.store.submissions.Imported`."""

    sha256: str
    rows: Mapping[str, pd.DataFrame]


def write_file(path: Path, content: str, **rows: pd.DataFrame) -> tuple[Path, Rows]:
    """Write a file of any content, and return it with what is said to be its rows."""
    path.write_text(content, encoding="utf-8")
    return path, Rows(hashlib.sha256(path.read_bytes()).hexdigest(), rows)


def inspections(
    *days_and_wards: tuple[str, str], vintage: str = OLD, source: str = THIS_BATCH
) -> pd.DataFrame:
    """Return rows of the layer ``inspection``, one a day and ward; two of three criteria are met."""
    return pd.DataFrame(
        [
            {
                "inspection_id": f"{day}-{vintage}-{code}",
                "round_id": None,
                "vintage": vintage,
                "ward_code": code,
                "inspection_date": pd.Timestamp(day),
                "inspecting_body": "Công an thành phố",
                "kind": "định kỳ",
                "verdict": None,
                "criteria_set": "v1",
                "criteria_met": 2,
                "criteria_assessed": 3,
                "classification": None,
                "source": source,
                "is_illustrative": False,
            }
            for day, code in days_and_wards
        ]
    )


def results(*inspection_ids: str) -> pd.DataFrame:
    """Return rows of the layer ``criterion_result``: the first criterion met, in each inspection."""
    return pd.DataFrame(
        [
            {
                "inspection_id": name,
                "criterion_code": "01",
                "result": "met",
                "source": THIS_BATCH,
                "is_illustrative": False,
            }
            for name in inspection_ids
        ]
    )


def fires(*months_and_values: tuple[str, float], code: str = "00002", vintage: str = OLD) -> pd.DataFrame:
    """Return rows of the layer ``indicator_value``: fires of a ward, one row a period such as 2022-03."""
    return pd.DataFrame(
        [
            {
                "vintage": vintage,
                "ward_code": code,
                "indicator_code": "fires",
                "period_start": pd.Period(month).start_time,
                "period_end": pd.Period(month).end_time.normalize(),
                "value": value,
                "numerator": None,
                "denominator": None,
                "source": THIS_BATCH,
                "is_illustrative": False,
            }
            for month, value in months_and_values
        ]
    )
