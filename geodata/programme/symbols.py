"""How stages look and what they are called: one palette for QGIS, the dashboard and print.

Blue grows with the stage, visit sites are amber: the pair holds for colour-blind eyes; hatching (*partly*)
and dots (missing) carry the rest without colour.
"""

from geodata.language import message

INK = "#14213D"
SECONDARY = "#5B6679"
LINE = "#E5E3DC"
LAND = "#F3F1EA"
BORDER = "#C9C6BC"

STAGE_COLOURS = {
    "registered": "#C9DFF1",
    "building": "#8DBBE0",
    "self_assessed": "#5F97CE",
    "inspected": "#2F6FB3",
    "proposed": "#1D5695",
    "recognised": "#0B3C78",
    "not_met": "#B9482F",
}
VISIT_SITE_COLOUR = "#F0C35A"
INSPECTED_COLOUR = "#DDD7C7"
"""A ward outside the programme that was inspected: darker land; blue and amber are the programme's."""
HOLDER_COLOUR = "#EAE6DA"
"""A ward that holds former ground of the programme in part: what it holds is drawn over it."""
NEIGHBOUR_COLOUR = "#DAD5C8"
"""A ward beside the one that is shown: borders between such wards are seen on it."""

DARK = {
    LAND: "#1D2B3A",
    BORDER: "#33465A",
    INSPECTED_COLOUR: "#3D5064",
    HOLDER_COLOUR: "#25374A",
    NEIGHBOUR_COLOUR: "#27394B",
    STAGE_COLOURS["registered"]: "#6C8299",
    STAGE_COLOURS["building"]: "#8DBBE0",
    STAGE_COLOURS["self_assessed"]: "#6DAFEA",
    STAGE_COLOURS["inspected"]: "#4FA3F0",
    STAGE_COLOURS["proposed"]: "#84BFF7",
    STAGE_COLOURS["recognised"]: "#B9DCFF",
    STAGE_COLOURS["not_met"]: "#E0735A",
}
"""Colours on dark ground by the light one that they stand for; one that is missing stays as it is."""

STAGE_NAMES = {
    "registered": message("registered"),
    "building": message("building"),
    "self_assessed": message("self-assessed"),
    "inspected": message("inspected"),
    "proposed": message("proposed for recognition"),
    "recognised": message("recognised"),
    "not_met": message("not met"),
}
