"""Which criteria each ward met at its latest inspection."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.query.query import Query
from dashboard.subjects.inspections.model import latest_of_each
from geodata.wards.units import KEY


@dataclass(frozen=True)
class CriteriaMatrix:
    """What wards met of the criteria of one set.

    Attributes
    ----------
    criteria
        The rows of the layer ``criterion`` of the set.
    rows
        One row a ward: its latest inspection by that set with results, or, of a ward whose inspections in the
        range have no results by any set, the latest one; and a column for each criterion with the result,
        missing where there is none.
    """

    criteria: list[dict[Hashable, Any]]
    rows: pd.DataFrame

    @property
    def codes(self) -> list[str]:
        """Return the codes of the criteria."""
        return [row["criterion_code"] for row in self.criteria]

    def of(self, row: Mapping[Hashable, Any]) -> list[str]:
        """Return the results of a row whose missing values are ``None``, as those of `results`."""
        return [row[code] or "" for code in self.codes]

    def results(self) -> pd.DataFrame:
        """Return the results alone, empty text where there is none."""
        results = self.rows[self.codes]
        return results.astype("object").where(results.notna(), "")

    def counts(self) -> dict[str, int]:
        """Return the number of cells of each result, of those without one too."""
        return dict(self.results().melt()["value"].value_counts())

    def failing(self) -> list[int | None]:
        """Return how many wards do not meet each criterion; none where nobody assessed it."""
        results = self.results()
        return [
            int(results[code].eq("not_met").sum()) if results[code].isin(["met", "not_met"]).any() else None
            for code in results
        ]


def default_set(rows: pd.DataFrame, results: pd.DataFrame, criteria_set: pd.DataFrame) -> str:
    """Return the set of criteria of the latest inspection with results; the first set without any."""
    has_results = rows["inspection_id"].isin(results["inspection_id"].unique())
    with_results = rows[has_results & rows["criteria_set"].notna()]
    return str((with_results if len(with_results) else criteria_set)["criteria_set"].iloc[0])


def criteria_matrix(rows: pd.DataFrame, query: Query, chosen: str) -> CriteriaMatrix:
    """Return what each ward met at its latest inspection by a set of criteria.

    Parameters
    ----------
    rows
        Inspections in their order, which is that of the wards too; see `model.named_rows`.
    query
        What is asked.
    chosen
        The set of criteria.
    """
    criterion, results = query.layer("criterion"), shown_rows(query, "criterion_result")
    criterion = criterion[criterion["criteria_set"] == chosen]
    has_results = rows["inspection_id"].isin(results["inspection_id"].unique())
    by_set = rows[has_results & rows["criteria_set"].eq(chosen)]
    keys = pd.MultiIndex.from_frame(rows[KEY])
    with_any = keys.isin(pd.MultiIndex.from_frame(rows.loc[has_results, KEY]))
    shown = pd.concat([by_set, rows[~with_any]]).sort_values(
        ["inspection_date", "inspection_id"], ascending=[False, True]
    )
    latest = latest_of_each(shown)
    own = results[results["inspection_id"].isin(latest["inspection_id"])]
    wide = own.set_index(["inspection_id", "criterion_code"])["result"].unstack()  # noqa: PD010
    wide = wide.reindex(columns=criterion["criterion_code"].tolist())
    kept = rows.loc[rows.index.isin(latest.index)]
    joined = kept.merge(wide, left_on="inspection_id", right_index=True, how="left", validate="one_to_one")
    return CriteriaMatrix(criterion.to_dict("records"), joined)


def shown_rows(query: Query, name: str) -> pd.DataFrame:
    """Return the rows of ``criterion_result`` or ``recommendation`` that are to be shown."""
    rows: pd.DataFrame = query.layer(name)
    return rows[~rows["is_illustrative"]] if query.verified_only else rows
