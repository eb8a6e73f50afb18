"""The small charts of a ward: one line for the range, one for the year before, as SVG.

They hold no text: an SVG that is an image knows neither the page's font nor its language.
"""

from base64 import b64encode
from collections.abc import Sequence
from math import isnan

from dashboard.subjects.ward.trends import Trend, Trends
from dashboard.ui.chart_style import BLUE
from geodata.programme.symbols import BORDER, SECONDARY

WIDTH, HEIGHT = 132, 36
_PAD = 4


def sparkline(
    values: Sequence[float],
    before: Sequence[float],
    apportioned: Sequence[bool],
    *,
    from_zero: bool,
    breaks: Sequence[bool] = (),
    breaks_before: Sequence[bool] = (),
) -> str:
    """Return a small chart as SVG.

    What is missing (NaN) is a gap in its line, and of the range a small cross on the base line. Where the
    ground was redrawn the lines break, that of the range at an upright of dashes.

    Parameters
    ----------
    values, before
        One value a step, and those a year before; of equal length.
    apportioned
        Whether each value was reckoned from other boundaries: these stand in a thin line.
    from_zero
        The scale begins at 0, as that of counts must.
    breaks, breaks_before
        Which values stand on other ground than the one before each; none where nothing was redrawn.
    """
    known = [value for value in (*values, *before) if not isnan(value)]
    least = 0.0 if from_zero or not known else min(known)
    most = max(known, default=1.0)
    rise = (HEIGHT - 2 * _PAD) / (most - least) if most > least else 0.0
    step = (WIDTH - 2 * _PAD) / max(len(values) - 1, 1)

    def place(index: int, value: float) -> tuple[float, float]:
        middle = HEIGHT / 2 if not from_zero and most == least else HEIGHT - _PAD
        return round(_PAD + step * index, 1), round(middle - rise * (value - least), 1)

    base = HEIGHT - 1.5
    parts = [f'<path class="base" d="M0 {base}H{WIDTH}" stroke="{BORDER}"/>']
    for index, value in enumerate(values):
        if isnan(value):
            x = place(index, least)[0]
            parts.append(
                f'<path class="missing" d="M{x - 1.6:.1f} {base - 1.6}l3.2 3.2m0-3.2l-3.2 3.2" '
                f'stroke="{SECONDARY}" stroke-width="0.9"/>'
            )
    for index in (index for index, is_broken in enumerate(breaks) if is_broken and index):
        x = place(index, least)[0] - step / 2
        parts.append(
            f'<path class="redrawn" d="M{x:.1f} 1V{HEIGHT - 1}" stroke="{SECONDARY}" stroke-width="0.8" '
            'stroke-dasharray="1.5 2"/>'
        )
    earlier = [place(*pair) for pair in enumerate(before)]
    parts += _line("before", earlier, breaks_before, SECONDARY, 1.2, "2.5 2")
    points = [place(*pair) for pair in enumerate(values)]
    parts += _line("apportioned", points, breaks, BLUE, 0.9)
    recorded = [
        (x, float("nan") if is_apportioned else y)
        for (x, y), is_apportioned in zip(points, apportioned, strict=True)
    ]
    parts += _line("now", recorded, breaks, BLUE, 2)
    last = max((index for index, value in enumerate(values) if not isnan(value)), default=None)
    if last is not None:
        x, y = points[last]
        parts.append(f'<circle class="last" cx="{x}" cy="{y}" r="2.6" fill="{BLUE}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" '
        f'stroke-linecap="round" stroke-linejoin="round">{"".join(parts)}</svg>'
    )


def _line(
    name: str,
    points: Sequence[tuple[float, float]],
    breaks: Sequence[bool],
    colour: str,
    width: float,
    dashes: str = "",
) -> list[str]:
    """Return a line with a gap at each missing point and break; a point that stands alone is a dot."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point, is_broken in zip(points, breaks or [False] * len(points), strict=True):
        if is_broken:
            runs.append([])
        if isnan(point[1]):
            runs.append([])
        else:
            runs[-1].append(point)
    drawn = []
    for run in filter(None, runs):
        if len(run) == 1:
            drawn.append(
                f'<circle class="{name}" cx="{run[0][0]}" cy="{run[0][1]}" r="{width * 0.8}" '
                f'fill="{colour}"/>'
            )
        else:
            path = "L".join(f"{x} {y}" for x, y in run)
            dash = f' stroke-dasharray="{dashes}"' if dashes else ""
            drawn.append(f'<path class="{name}" d="M{path}" stroke="{colour}" stroke-width="{width}"{dash}/>')
    return drawn


def as_image(trend: Trend, shown: Trends) -> str:
    """Return the chart of an indicator, one of those shown, as the address of an image.

    Streamlit takes SVG out of HTML but leaves images of it.
    """
    drawn = sparkline(
        trend.values,
        trend.before,
        trend.apportioned,
        from_zero=trend.unit != "%",
        breaks=shown.breaks,
        breaks_before=shown.breaks_before,
    )
    return "data:image/svg+xml;base64," + b64encode(drawn.encode()).decode()
