"""The outlines of a vintage as the file that the browser fetches once."""

from dashboard.query.caching import cached
from dashboard.query.layers import layer, of_vintage
from dashboard.query.publication import Publication
from dashboard.ui.static_files import publish_geometry


@cached
def geometry_path(published: Publication, vintage: str) -> str:
    """Return the path below ``app/static`` of a vintage's geometry, writing it where it is not there yet."""
    return publish_geometry(of_vintage(published, "ward", vintage), layer(published, "water"))
