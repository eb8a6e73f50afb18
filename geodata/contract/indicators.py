"""The layers of indicators: their catalogue, and their values by ward and period."""

from geodata.contract.columns import ILLUSTRATIVE, Layer, date, flag, number, text, vintage

DIRECTIONS = ("higher", "lower", "context")
INDICATOR_KINDS = ("count", "share", "level")

LAYERS = (
    Layer(
        "indicator",
        "The catalogue of indicators",
        ("indicator_code",),
        {
            "indicator_code": text("indicator"),
            "indicator_name": text("name, Vietnamese"),
            "indicator_name_en": text("name, English"),
            "unit": text("unit of the value, Vietnamese"),
            "direction": text("whether higher or lower is better", among=DIRECTIONS),
            "kind": text(
                "over time: a count adds up, a share is recomputed from its parts, "
                "of a level the latest counts",
                among=INDICATOR_KINDS,
            ),
            "adds_up": flag(
                "the values of several wards add up; else only a percentage's numerators and denominators do"
            ),
        },
    ),
    Layer(
        "indicator_value",
        "Indicators by ward and period",
        ("vintage", "ward_code", "indicator_code", "period_start", "period_end"),
        {
            "vintage": vintage(),
            "ward_code": text("ward"),
            "indicator_code": text("indicator"),
            "period_start": date("first day of the period"),
            "period_end": date("last day of the period"),
            "value": number("value in the indicator's unit", nullable=False),
            "numerator": number("of a share: what is counted; empty where not reported"),
            "denominator": number("of a share: out of how many; empty where not reported"),
            "source": text("source_id"),
            "is_illustrative": flag(ILLUSTRATIVE),
        },
    ),
)
