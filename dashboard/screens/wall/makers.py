"""Makes each scene from what is published: what it needs is fetched here, the scenes themselves are pure."""

from collections.abc import Callable

import geopandas as gpd
import pandas as pd

from dashboard.query import layers as data
from dashboard.query.publication import Publication
from dashboard.query.query import Query
from dashboard.screens.routes.overlay import ward_classes
from dashboard.screens.wall.scene import Scene, View
from dashboard.screens.wall.scenes import city, coverage, event, inspections, progress, visit, ward
from dashboard.subjects.comparison.measures import measure_of, only_partly, rates_of
from dashboard.subjects.comparison.unit_figures import unit_figures
from dashboard.subjects.events.model import recorded_events, security_plan, site_map, sites_frame
from dashboard.subjects.inspections.model import inspection_findings
from dashboard.subjects.progress.stages import stage_progress
from dashboard.subjects.visits import cached as routing
from dashboard.subjects.visits.words import codes_of, is_illustrative
from dashboard.subjects.ward.profile import locator_frame
from dashboard.ui.geometry import geometry_address
from geodata.contract.crs import METRIC_CRS
from geodata.contract.errors import GeodataError
from geodata.events.plan import map_vintage
from geodata.programme.overdue import OVERDUE_DAYS
from geodata.wards.frames import frame_bounds

COVERAGE = "pilot_coverage"


def _city(_: Publication, view: View) -> Scene | None:
    return city.scene(view)


def _coverage(published: Publication, view: View) -> Scene | None:
    known, vintage = view.known, view.vintage
    of_day = known.of_vintage(vintage)
    share = rates_of(COVERAGE, pd.DataFrame(), is_only_partly=only_partly(of_day))[0]
    query = Query(published, known.period, vintage, verified_only=known.verified_only)
    figures = unit_figures(query, measure_of(COVERAGE, share, pd.DataFrame()), ())
    held = figures.loc[figures["shown"] > 0, "unit_code"]
    wards = data.of_vintage(published, "ward", vintage)
    frame = frame_bounds(wards, wards["district_code"].isin(held)) if not view.areas else view.focus
    return coverage.scene(view, figures, share, middle_wards(wards), frame)


def middle_wards(wards: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the ward nearest to the middle of each district, by the district's code."""
    metric = wards[wards["district_code"].notna()].to_crs(METRIC_CRS)
    middles = metric.dissolve("district_code").representative_point()
    far = metric.distance(
        gpd.GeoSeries(metric["district_code"].map(middles), index=metric.index, crs=METRIC_CRS)
    )
    nearest = far.groupby(metric["district_code"]).idxmin()
    return dict(zip(nearest.index, metric.loc[nearest, "ward_code"], strict=True))


def _progress(published: Publication, view: View) -> Scene | None:
    known = view.known
    query = Query(published, known.period, view.vintage, tuple(view.areas), known.verified_only)
    target = data.layer(published, "target")
    return progress.scene(view, stage_progress(query), target, pd.Timestamp(known.period.since))


def _inspections(published: Publication, view: View) -> Scene | None:
    return inspections.scene(view, inspection_findings(_query(published, view)), OVERDUE_DAYS)


def _ward(published: Publication, view: View) -> Scene | None:
    code = ward.ward_of_the_day(view.known.of_vintage(view.vintage, list(view.areas)), view.today)
    if code is None:
        return None
    outlines = data.of_vintage(published, "ward", view.vintage)
    return ward.scene(view, code, outlines, locator_frame(published, view.vintage, (code,)))


def _visit(published: Publication, view: View) -> Scene | None:
    cases = routing.cases(published, verified_only=view.known.verified_only)
    case = visit.next_case(cases.values(), view.today)
    if case is None:
        return None
    try:
        found = routing.itinerary(published, case.request)
    except GeodataError:
        # The page of routes says what is wrong with it.
        return None
    document, vintage = routing.told(found), case.request.vintage
    wards = data.of_vintage(published, "ward", vintage)
    left = [one.ward_code for one in document.unassigned if one.ward_code]
    inside = routing.inside(published, vintage, ())
    return visit.scene(
        view,
        document,
        routing.ward_names(published, vintage),
        routing.ward_kinds(published, vintage),
        ward_classes(wards, codes_of(document), left, inside, view.language),
        geometry_address(published, vintage),
        case.source,
        is_illustrative=is_illustrative(case.request),
    )


def _event(published: Publication, view: View) -> Scene | None:
    query = _query(published, view)
    near = event.near_event(recorded_events(query), view.today)
    if near is None:
        return None
    plan = security_plan(query, near.event_id)
    drawn = site_map(plan, data.of_vintage(published, "ward", map_vintage(plan, view.vintage)))
    return event.scene(
        view,
        near,
        plan,
        drawn,
        geometry_address(published, drawn.vintage),
        sites_frame(published, drawn.vintage, drawn.codes) if drawn.codes else view.focus,
    )


def _query(published: Publication, view: View) -> Query:
    known = view.known
    return Query(published, known.period, view.vintage, tuple(view.areas), known.verified_only)


MAKERS: dict[str, Callable[[Publication, View], Scene | None]] = {
    "city": _city,
    "coverage": _coverage,
    "progress": _progress,
    "inspections": _inspections,
    "ward": _ward,
    "visit": _visit,
    "event": _event,
}
"""What makes each scene; ``None`` where it has nothing to say."""
