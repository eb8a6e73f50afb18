"""The layers of where figures come from: sources, and the inputs of a build."""

from geodata.contract.columns import Layer, date, text

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
        },
    ),
)
