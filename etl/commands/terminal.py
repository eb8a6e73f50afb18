"""What the commands share: the language they speak, how they tell faults, and the exit code for bad input."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from geodata.contract.disk_faults import disk_fault
from geodata.contract.errors import Fault, GeodataError, Note
from geodata.language import Message, Words, message
from geodata.settings import settings

BAD_INPUT = 2


def told(sentence: Words) -> str:
    """Return a sentence in the language of the command line."""
    return sentence.render(settings().language)


def say(sentence: Words) -> None:
    """Print a sentence as it is, in one line however narrow the terminal."""
    Console(highlight=False, soft_wrap=True, markup=False).print(told(sentence))


def option(words: Message, *names: str, **more: Any) -> Any:
    """Return an option as `typer.Option` does, its help in the language of the command line."""
    return typer.Option(*names, help=told(words), **more)


Seconds = Annotated[
    float, option(message("How many seconds a file may take to be read."), "--seconds", min=1, metavar="N")
]


def print_faults(faults: Sequence[Fault], heading: Message) -> None:
    """Print every fault to standard error, one line each, below a heading."""
    console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
    console.print(told(heading), style="bold red")
    for fault in faults:
        console.print(f"- {fault.render(settings().language)}")


def print_notes(notes: Sequence[Note]) -> None:
    """Print what was left out, converted or taken for something, one line each."""
    console = Console(soft_wrap=True, highlight=False, markup=False)
    if notes:
        console.print(told(message("Notes, no faults: {count}", count=len(notes))), style="bold yellow")
    for note in notes:
        console.print(f"- {note.render(settings().language)}")


@contextmanager
def refusing(heading: Callable[[int], Message]) -> Iterator[None]:
    """Where faults are met within, tell them below a heading with their count, and end with code 2.

    What the system refuses is a fault too, such as to write to a disk that is full.
    """
    try:
        yield
    except GeodataError as error:
        print_faults(error.faults, heading(len(error.faults)))
        raise typer.Exit(BAD_INPUT) from error
    except OSError as error:
        print_faults([disk_fault(error, settings().home)], heading(1))
        raise typer.Exit(BAD_INPUT) from error


class Commands(TyperGroup):
    """The commands; what the system refuses outside of `refusing` is told all the same."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command, and see that all that it said was written."""
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:  # nobody reads on, which is no fault
            raise
        except OSError as error:
            _let_go_of_output()
            # All other writes name their file.
            place = Path(told(message("standard output")))
            print_faults([disk_fault(error, place)], message("The command stopped."))
            raise typer.Exit(BAD_INPUT) from error
        return done


def _let_go_of_output() -> None:
    """Drop what standard output did not take: it would be tried again, and fail, as the interpreter ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_waiting() -> None:
    """Say on standard error that another import or build holds the store."""
    sentence = message("Waiting for another import or build to end …")
    Console(stderr=True, soft_wrap=True, highlight=False).print(told(sentence))
