"""What the overview asks for, kept while it is shown."""

from dashboard.query.caching import cached
from dashboard.query.layers import evidence
from dashboard.query.publication import Publication
from dashboard.query.units import area_titles
from dashboard.subjects.programme import overview
from geodata.language import Language
from geodata.period import Period


@cached
def city_overview(
    published: Publication,
    period: Period,
    vintage: str,
    language: Language,
    areas: tuple[str, ...],
    *,
    verified_only: bool,
) -> overview.Overview:
    """Return what the overview says of the city, or of some districts and wards."""
    return overview.describe_city(
        evidence(published, period, verified_only=verified_only),
        vintage,
        language,
        {code: area_titles(published, vintage, language)[code] for code in areas},
    )
