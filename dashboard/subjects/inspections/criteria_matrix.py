"""Which criteria each ward met at its latest inspection, as a table of criteria × wards."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from dashboard.subjects.inspections.listing import latest_of_each, records
from dashboard.ui.citations import badge
from dashboard.ui.formats import day, number
from dashboard.ui.tables import LISTED, Heading, framed_table, more_rows
from geodata.language import Language, message, translate
from geodata.wards.names import ward_title
from geodata.wards.units import KEY

RESULT_SIGNS = {
    "met": ("m", "✓", message("met")),
    "not_met": ("f", "✗", message("not met")),
    "not_assessed": ("n", "–", message("not assessed")),
    "": ("u", "·", message("not known")),
}
"""Class, sign and name of each result; the last one stands for a result that is missing."""


def default_set(rows: pd.DataFrame, results: pd.DataFrame, criteria_set: pd.DataFrame) -> str:
    """Return the set of criteria of the latest inspection with results; the first set without any."""
    with_results = rows[rows["inspection_id"].isin(results["inspection_id"]) & rows["criteria_set"].notna()]
    return str((with_results if len(with_results) else criteria_set)["criteria_set"].iloc[0])


def set_title(row: Mapping[Hashable, Any]) -> str:
    """Return the name of a set of criteria, with its instrument where that is published."""
    instrument = row["instrument"]
    return (
        f"{row['criteria_set_name']} · {instrument}"
        if isinstance(instrument, str)
        else row["criteria_set_name"]
    )


def matrix(rows: pd.DataFrame, results: pd.DataFrame, criterion: pd.DataFrame, chosen: str) -> pd.DataFrame:
    """Return what each ward met at its latest inspection by a set of criteria.

    Parameters
    ----------
    rows
        Inspections in their order; see `listing.named_rows`.
    results
        The rows of the layer ``criterion_result`` that are to be shown.
    criterion
        The layer of this name.
    chosen
        The set of criteria.

    Returns
    -------
    One row a ward, in the order of ``rows``: its latest inspection by that set with results, or, of a ward
    whose inspections in the range have no results by any set, the latest one; and a column for each
    criterion of the set with the result, missing where there is none.
    """
    codes = criterion.loc[criterion["criteria_set"] == chosen, "criterion_code"].tolist()
    has_results = rows["inspection_id"].isin(results["inspection_id"])
    by_set = rows[has_results & rows["criteria_set"].eq(chosen)]
    keys = pd.MultiIndex.from_frame(rows[KEY])
    with_any = keys.isin(pd.MultiIndex.from_frame(rows.loc[has_results, KEY]))
    shown = pd.concat([by_set, rows[~with_any]]).sort_values(
        ["inspection_date", "inspection_id"], ascending=[False, True]
    )
    latest = latest_of_each(shown)
    own = results[results["inspection_id"].isin(latest["inspection_id"])]
    wide = own.set_index(["inspection_id", "criterion_code"])["result"].unstack().reindex(columns=codes)  # noqa: PD010
    kept = rows.loc[rows.index.isin(latest.index)]
    return kept.merge(wide, left_on="inspection_id", right_index=True, how="left", validate="one_to_one")


def matrix_table(
    found_results: pd.DataFrame, criterion: pd.DataFrame, chosen: str, vintage: str, language: Language
) -> Markup:
    """Return the matrix of criteria and wards as a table with its legend.

    Parameters
    ----------
    found_results
        See `matrix`.
    criterion
        The layer of this name.
    chosen
        The set of criteria.
    vintage
        Vintage shown.
    language
        Language of the reader.
    """
    criteria = records(criterion[criterion["criteria_set"] == chosen])
    codes = [row["criterion_code"] for row in criteria]
    results = found_results[codes].astype("object").where(found_results[codes].notna(), "")
    head = Markup("<tr><th scope=col>{}<th scope=col>{}{}").format(
        translate("Ward", language),
        Heading(translate("Met", language), translate("Met ÷ assessed of the shown inspection", language)),
        Markup("").join(
            Markup('<th scope=col><abbr title="{}">{}{}</abbr>').format(
                criterion_name(row, language),
                int(row["criterion_code"]),
                "" if row["is_name_official"] else "*",
            )
            for row in criteria
        ),
    )
    totals = Markup("<tr><th scope=row>{}<td class=s>{}").format(
        translate("Wards that do not meet it", language),
        Markup("").join(
            Markup("<td class=s>{}").format(number(results[code].eq("not_met").sum(), language))
            if results[code].isin(["met", "not_met"]).any()
            else Markup("<td class=s>·")
            for code in codes
        ),
    )
    body = [
        Markup("<tr><th scope=row>{}<small>{}</small><td class=s>{}{}").format(
            Markup("{}{}").format(
                ward_title(row), Markup(" ") + badge(language) if row["is_illustrative"] else ""
            ),
            _matrix_note(row, vintage, language),
            _met_of_shown(cells),
            Markup("").join(Markup("<td class={}>{}").format(*RESULT_SIGNS[result][:2]) for result in cells),
        )
        for row, cells in zip(
            records(found_results[:LISTED]), results.to_numpy()[:LISTED].tolist(), strict=True
        )
    ]
    return framed_table(
        translate("Criteria by ward", language), head, totals + Markup("").join(body), "hp-matrix"
    ) + more_rows(len(found_results), language)


def matrix_legend(
    found_results: pd.DataFrame, criterion: pd.DataFrame, chosen: str, language: Language
) -> Markup:
    """Return the legend of the matrix, with the number of cells of each result; parameters as its own."""
    criteria = criterion[criterion["criteria_set"] == chosen]
    results = found_results[criteria["criterion_code"].tolist()]
    counts = results.astype("object").where(results.notna(), "").melt()["value"].value_counts()
    legend = Markup("").join(
        Markup('<li><i class="{}">{}</i>{} ({})</li>').format(
            look, sign, name.render(language), number(counts.get(result, 0), language)
        )
        for result, (look, sign, name) in RESULT_SIGNS.items()
    )
    unofficial = (
        Markup("<li>{}</li>").format(translate("* default name: the official one is not published", language))
        if not criteria["is_name_official"].all()
        else ""
    )
    return Markup('<ul class="hp-legend">{}{}</ul>').format(legend, unofficial)


def criterion_name(row: Mapping[Hashable, Any], language: Language) -> str:
    """Return the name of a criterion, and that it is a default where the official one is not published."""
    if row["is_name_official"]:
        return str(row["criterion_name"])
    return translate(
        "{name} (default name, the official one is not published)", language, name=row["criterion_name"]
    )


def _matrix_note(row: Mapping[Hashable, Any], vintage: str, language: Language) -> str:
    told = day(row["inspection_date"], language)
    if row["vintage"] == vintage:
        return told
    other = translate("boundaries of {day}", language, day=day(row["vintage"], language))
    return f"{told} · {other}"


def _met_of_shown(cells: Sequence[str]) -> str:
    assessed = sum(result in ("met", "not_met") for result in cells)
    return f"{cells.count('met')}/{assessed}" if assessed else "·"


def matrix_export(
    found_results: pd.DataFrame, criterion: pd.DataFrame, chosen: str, language: Language
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the matrix for a file, with results in words, and the headings of its columns."""
    criteria = records(criterion[criterion["criteria_set"] == chosen])
    codes = [row["criterion_code"] for row in criteria]
    words = {result: name.render(language) for result, (_, _, name) in RESULT_SIGNS.items()}
    told = found_results.assign(**{code: found_results[code].map(words).fillna(words[""]) for code in codes})
    titles = {
        "ward_name": translate("Ward", language),
        "vintage": translate("Boundaries from", language),
        "ward_code": translate("Code", language),
        "inspection_date": translate("Date", language),
        **{row["criterion_code"]: criterion_name(row, language) for row in criteria},
        "source": translate("Source", language),
        "is_illustrative": translate("Illustrative", language),
    }
    return told, titles
