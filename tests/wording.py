"""Sentences of the screens that several files of tests expect: whoever changes one changes wording.toml."""

import tomllib
from pathlib import Path

SAID: dict[str, str] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
