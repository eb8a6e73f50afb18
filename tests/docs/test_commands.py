"""What the documentation says to type works: cheap commands are run, the others exist with their options."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer.main

from tests.docs.documents import DOCS, ROOT, commands, documents
from tools.reference import COMMANDS

PROGRAM = "pilot-wards"
_NAMED = re.compile(rf"\b{PROGRAM} ([a-z]+)")
_MADE = re.compile(r"(?:^|`|“)make ([a-z][a-z-]*)", re.MULTILINE)


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a machine that has the program and nothing else, its data not yet built."""
    programs = tmp_path_factory.mktemp("bin")
    program = programs / PROGRAM
    call = f"from {COMMANDS} import app; app(prog_name={PROGRAM!r})"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c {shlex.quote(call)} "$@"\n')
    program.chmod(0o755)
    return {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
        "HOME": str(tmp_path_factory.mktemp("home")),
    }


def run(script: str, folder: Path, machine: dict[str, str]) -> None:
    """Run lines in a folder as one types them below a checkout; a command that fails ends the test."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail"],
        input=script,
        cwd=folder,
        env=machine | {"PILOT_WARDS_HOME": str(folder / "var")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def built(machine: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the data were built once, from what ships alone."""
    folder = tmp_path_factory.mktemp("built")
    run(f"{PROGRAM} build --no-illustrative --quiet", folder, machine)
    return folder


RUN = [path for path in sorted((DOCS / "en").rglob("*.md")) if any(one.is_run for one in commands(path))]


@pytest.mark.parametrize("document", RUN, ids=lambda path: path.stem)
def test_what_a_document_says_to_type_works(
    document: Path, built: Path, machine: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "checkout"
    shutil.copytree(built, folder)
    run("\n".join(block.text for block in commands(document) if block.is_run), folder, machine)


def options() -> dict[tuple[str, ...], set[str]]:
    """Return the options of each command, by its words: of a group those of its commands."""

    def below(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], set[str]]]:
        parts = getattr(command, "commands", {})
        for name, part in parts.items():
            yield from below(part, (*words, name))
        if not parts:
            yield words, {one for option in command.params for one in (*option.opts, *option.secondary_opts)}

    return dict(below(typer.main.get_command(import_module(COMMANDS).app), ()))


def test_commands_and_options_that_are_named_exist() -> None:
    known = options()
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in documents():
        text = document.read_text(encoding="utf-8")
        assert set(_NAMED.findall(text)) <= {words[0] for words in known}, document
        assert set(_MADE.findall(text)) <= targets, document
        for block in commands(document):
            for line in block.text.replace("\\\n", " ").splitlines():
                words = shlex.split(line, comments=True)
                if words[:1] == [PROGRAM]:
                    asked = {word.partition("=")[0] for word in words if word.startswith("--")}
                    named = tuple(words[1:3]) if tuple(words[1:3]) in known else (words[1],)
                    assert asked <= known[named], f"{document}: {line}"
