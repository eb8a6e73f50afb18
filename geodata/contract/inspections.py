"""The layers of inspections: what was inspected, the result of each criterion, and what is recommended."""

from geodata.contract.columns import ILLUSTRATIVE, Layer, count, date, flag, text, vintage

INSPECTION_KINDS = ("định kỳ", "đột xuất", "phúc tra", "thực địa")
RESULTS = ("met", "not_met", "not_assessed")
RECOMMENDATION_STATES = ("open", "in_progress", "done")

LAYERS = (
    Layer(
        "inspection_round",
        "Rounds of inspections: the day of one delegation at several wards, and what it said of all",
        ("round_id",),
        {
            "round_id": text("round"),
            "round_date": date("day of the round"),
            "inspecting_body": text("who inspected"),
            "verdict": text(
                "what was said of the city's work as a whole, as published; never the verdict of a ward",
                nullable=True,
            ),
            "source": text("source_id"),
        },
    ),
    Layer(
        "inspection",
        "Inspections of wards",
        ("inspection_id",),
        {
            "inspection_id": text("inspection"),
            "round_id": text("round of which it is a part, if any", nullable=True),
            "vintage": vintage(),
            "ward_code": text("ward inspected"),
            "inspection_date": date("day of the inspection"),
            "inspecting_body": text("who inspected"),
            "kind": text("kind of inspection", nullable=True, among=INSPECTION_KINDS),
            "verdict": text("verdict on this ward in words, as published", nullable=True),
            "criteria_set": text("criteria_set of the criteria; empty where not published", nullable=True),
            "criteria_met": count("criteria met"),
            "criteria_assessed": count("criteria assessed"),
            "classification": text("grade of secrecy; the secret grades are refused", nullable=True),
            "source": text("source_id"),
            "is_illustrative": flag(ILLUSTRATIVE),
        },
    ),
    Layer(
        "criterion_result",
        "The result of each criterion at an inspection",
        ("inspection_id", "criterion_code"),
        {
            "inspection_id": text("inspection"),
            "criterion_code": text("number of the criterion within the inspection's set, two digits"),
            "result": text("result", among=RESULTS),
            "source": text("source_id"),
            "is_illustrative": flag(ILLUSTRATIVE),
        },
    ),
    Layer(
        "recommendation",
        "What an inspection recommends, or a ward proposes, and what became of it",
        ("recommendation_id",),
        {
            "recommendation_id": text("recommendation"),
            "inspection_id": text("inspection"),
            "text": text("its text"),
            "category": text("category", nullable=True),
            "owner_unit": text("who is to settle it", nullable=True),
            "due_date": date("by when", nullable=True),
            "state": text("state; empty where not known", nullable=True, among=RECOMMENDATION_STATES),
            "source": text("source_id"),
            "is_illustrative": flag(ILLUSTRATIVE),
        },
    ),
    Layer(
        "criteria_set",
        "Versions of the programme's criteria",
        ("criteria_set",),
        {
            "criteria_set": text("criteria set"),
            "criteria_set_name": text("name"),
            "instrument": text("the decision that sets it; empty where not published", nullable=True),
            "valid_from": date("day of the decision", nullable=True),
            "criteria_count": count("number of criteria", nullable=False),
            "source": text("source_id"),
        },
    ),
    Layer(
        "criterion",
        "The criteria of each set; a default name where the official one is not published",
        ("criteria_set", "criterion_code"),
        {
            "criteria_set": text("criteria set"),
            "criterion_code": text("number of the criterion within the set, two digits"),
            "criterion_name": text("name"),
            "is_name_official": flag("the name is published; otherwise it is a default"),
            "source": text("source_id of the name", nullable=True),
        },
    ),
)
