"""The layers of where figures come from: sources, and the inputs of a build."""

import re

from geodata.contract.columns import Layer, date, text
from geodata.language import Words, message

ILLUSTRATIVE_INPUT = "illustrative rows"
"""How the input of a build begins that was made up."""

LAYERS = (
    Layer(
        "source",
        "Where the figures come from",
        ("source_id",),
        {
            "source_id": text("source"),
            "title": text("title or description"),
            "publisher": text("publisher"),
            "published": date("day of publication", nullable=True),
            "licence": text("licence or terms", nullable=True),
            "redistribution": text(
                "whether it may be passed on; empty where no source says so",
                nullable=True,
                among=("allowed", "forbidden"),
            ),
            "locator": text("number of the article or instrument, or the file's name", nullable=True),
            "url": text("address, where known", nullable=True),
        },
    ),
    Layer(
        "build",
        "Inputs of the build, one row each",
        ("build_id", "input"),
        {
            "build_id": text("build: its time in UTC"),
            "built_at": text("time of the build, ISO 8601 with offset"),
            "program_version": text("version of the program"),
            "as_of": date("day for which ward_summary holds"),
            "input": text("file that was read, by name"),
            "sha256": text("its SHA-256"),
            "audit_head": text("number and hash of the newest entry of the audit log", nullable=True),
        },
    ),
)


def illustrative_input(seed: int, month: str) -> str:
    """Return what a build calls rows that are made from a seed, up to before a month (yyyy-mm)."""
    return f"{ILLUSTRATIVE_INPUT}, seed {seed}, before {month}"


def input_name(written: str) -> Words | str:
    """Return what a reader is told of an input: a file's name as it is, illustrative figures in words."""
    made = re.fullmatch(rf"{ILLUSTRATIVE_INPUT}, seed (\d+), before (\d{{4}})-(\d\d)", written)
    if made is None:
        return written
    seed, year, month = made.groups()
    return message(
        "illustrative figures from seed {seed}, before {month}", seed=seed, month=f"{month}/{year}"
    )
