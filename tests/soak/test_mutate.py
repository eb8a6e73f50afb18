"""A short run over damaged files; the long one is ``python -m tests.soak.mutate --count 20000``."""

from pathlib import Path

from tests.soak.mutate import run


def test_damaged_files_are_read_or_refused_and_change_nothing(tmp_path: Path) -> None:
    outcomes = run(0, 120, tmp_path)
    assert outcomes.failures == {}
    assert sum(outcomes.counts.values()) == 120
    assert set(outcomes.counts) == {"read", "refused"}
