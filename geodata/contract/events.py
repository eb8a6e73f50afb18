"""The layers of events: what happened, and who secures which site."""

import pandera.geopandas as pandera

from geodata.contract.columns import Layer, date, flag, text

PHASES = ("before", "during", "after")
FIELDS = ("ANTT", "TTATGT", "PCCC")
TASK_STATES = ("not_stated", "planned", "assigned", "done")
"""``not_stated``: the source names the site and is silent on the task; that is no gap."""

WHOLE_EVENT = "Toàn sự kiện"
"""The site of a task that is given for the event as a whole, where the source names no site."""

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
            "is_plan_complete": flag(
                "its author marked its security plan as complete: only then is an empty cell a gap"
            ),
            "source": text("source_id"),
        },
    ),
    Layer(
        "event_task",
        "The security plan of an event: one row a site, phase and field",
        ("event_id", "site", "phase", "field"),
        {
            "event_id": text("event"),
            "site": text(f"site, by name; “{WHOLE_EVENT}” for the event as a whole"),
            "vintage": pandera.Column("str", nullable=True, description="vintage of the site's ward"),
            "ward_code": text("ward of the site; empty where its place is not published", nullable=True),
            "phase": text("phase", among=PHASES),
            "field": text("security and order, traffic, or fire", among=FIELDS),
            "unit": text("who secures it; empty where not published", nullable=True),
            "state": text("state of the task; not_stated where the source is silent", among=TASK_STATES),
            "note": text("what the source says and what it leaves open", nullable=True),
            "source": text("source_id"),
        },
    ),
)
