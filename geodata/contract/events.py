"""The layers of events: what happened, and who secures which site."""

import pandera.geopandas as pandera

from geodata.contract.columns import Layer, date, text

PHASES = ("before", "during", "after")
FIELDS = ("ANTT", "TTATGT", "PCCC")
TASK_STATES = ("planned", "assigned", "done")

LAYERS = (
    Layer(
        "event",
        "Events and milestones of the programme",
        ("event_id",),
        {
            "event_id": text("event"),
            "event_date": date("day"),
            "scope": text("whose event it is", among=("city", "national")),
            "event_name": text("what happened, Vietnamese"),
            "event_name_en": text("what happened, English"),
            "place": text("where; empty where not published", nullable=True),
            "source": text("source_id"),
        },
    ),
    Layer(
        "event_task",
        "The security plan of an event: one row a site, phase and field",
        ("event_id", "site", "phase", "field"),
        {
            "event_id": text("event"),
            "site": text("site, by name"),
            "vintage": pandera.Column("str", nullable=True, description="vintage of the site's ward"),
            "ward_code": text("ward of the site; empty where its place is not published", nullable=True),
            "phase": text("phase", among=PHASES),
            "field": text("security and order, traffic, or fire", among=FIELDS),
            "unit": text("who secures it; empty where not published", nullable=True),
            "state": text("state of the task", among=TASK_STATES),
            "note": text("what the source says and what it leaves open", nullable=True),
            "source": text("source_id"),
        },
    ),
)
