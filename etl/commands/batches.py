"""The commands on batches: ``pilot-wards batches``, ``show``, ``withdraw`` and ``restore``."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.commands.terminal import option, print_waiting, refusing, say, told
from geodata.clock import VIETNAM, today
from geodata.contract.errors import SourceError
from geodata.disk import write_whole
from geodata.language import Message, message, number
from geodata.settings import settings

if TYPE_CHECKING:
    from etl.publish import Publisher
    from etl.store.audit import Actor
    from etl.store.batch import Batch

STATES: dict[bool, tuple[Message, str]] = {
    False: (message("in force"), "green"),
    True: (message("withdrawn"), "yellow"),
}
"""By whether a batch is withdrawn: its state, and the colour of it."""

STEPS: dict[str, Message] = {"withdrawn": message("withdrawn"), "published": message("restored")}
"""By what a batch became after its import: how that is told."""

BatchId = Annotated[
    str, typer.Argument(help=told(message("Id of a batch, as “pilot-wards batches” lists it.")), metavar="ID")
]
By = Annotated[
    str | None,
    option(message("Who does it: the user of this machine, and nobody else."), metavar="NAME"),
]


def batches_command() -> None:
    """List every batch that was imported, withdrawn ones too."""
    from etl.store.database import database_of
    from etl.store.submissions import Store

    console = Console(highlight=False)
    with (
        refusing(lambda count: message("The batches can't be listed. Faults: {count}", count=count)),
        closing(database_of(settings())) as database,
    ):
        batches = Store(database).batches()
    if not batches:
        console.print(told(message("Nothing has been imported yet.")))
        return
    headings = (message("When"), message("Who"), message("File"), message("Rows"), message("State"))
    table = Table()
    # People copy it into the next command, so it may not be cut on a narrow terminal.
    table.add_column(told(message("Batch")), no_wrap=True, min_width=len(batches[0].batch_id))
    for heading in headings:
        table.add_column(told(heading))
    for batch in batches:
        state, colour = STATES[batch.is_withdrawn]
        table.add_row(
            batch.batch_id,
            _time(batch.at),
            Text(batch.by),
            Text(batch.file),
            told(number(_row_count(batch))),
            Text(told(state), colour),
        )
    console.print(table)


def show_command(
    batch_id: BatchId,
    save: Annotated[
        Path | None, option(message("Write the file as it was received to FILE."), metavar="FILE")
    ] = None,
) -> None:
    """Show a batch: where it came from, its rows by table, and what became of it."""
    from etl.store.database import database_of
    from etl.store.submissions import Store

    with (
        refusing(lambda count: message("The batch can't be shown. Faults: {count}", count=count)),
        closing(database_of(settings())) as database,
    ):
        store = Store(database)
        batch = store.batch(batch_id)
        history = store.history(batch_id)[1:]
        received = batch.received()
    if save is not None:
        write_whole(save, received)
    about = Table(show_header=False)
    rows: list[tuple[Message, str]] = [
        (message("Batch"), batch.batch_id),
        (message("File"), batch.file),
        (message("SHA-256"), batch.sha256),
        (message("Who"), batch.by),
        (message("Delivered by"), batch.body),
        (message("When"), _time(batch.at)),
        (message("Program version"), batch.program_version),
        (message("State"), told(STATES[batch.is_withdrawn][0])),
    ]
    for title, value in rows:
        about.add_row(told(title), Text(value, overflow="fold"))
    counts = Table(told(message("Layer")), told(message("Rows")))
    for layer, count in batch.row_counts.items():
        counts.add_row(layer, told(number(count)))
    console = Console(highlight=False)
    console.print(about, counts)
    if not history:
        return
    headings = (message("When"), message("Who"), message("What"), message("Reason"))
    past = Table(*(told(heading) for heading in headings))
    for step in history:
        past.add_row(_time(step.at), Text(step.by), told(STEPS[step.state]), Text(step.comment))
    console.print(past)


def withdraw_command(
    batch_id: BatchId,
    reason: Annotated[str, option(message("Why; it is kept."), metavar="TEXT")],
    by: By = None,
) -> None:
    """Withdraw a batch and publish without it."""
    _change(
        lambda publisher: publisher.withdraw(batch_id, reason, actor(by)),
        message("Batch {batch} no longer counts; it is kept.", batch=batch_id),
    )


def restore_command(batch_id: BatchId, by: By = None) -> None:
    """Let a withdrawn batch count again and publish with it."""
    _change(
        lambda publisher: publisher.restore(batch_id, actor(by)),
        message("Batch {batch} counts again.", batch=batch_id),
    )


def actor(by: str | None) -> "Actor":
    """Return the user of this machine as whom this process runs; a name that is given has to be theirs.

    Raises
    ------
    SourceError
        It is another's.
    """
    from etl.store.audit import system

    who = system()
    if by is not None and f"system:{by}" != who.account:
        problem, name = message("is not the user who runs this"), who.account.removeprefix("system:")
        raise SourceError.of("--by", by, problem, message("“{name}”, or nothing", name=name))
    return who


def _change(change: "Callable[[Publisher], None]", done: Message) -> None:
    import pandas as pd

    from etl.publish import publishing

    as_of = pd.Timestamp(today())
    with refusing(lambda count: message("Nothing was changed. Faults: {count}", count=count)):
        site = settings()
        with publishing(site, as_of, print_waiting) as publisher:
            change(publisher)
    say(done)
    say(message("Built {file}", file=str(site.published)))


def _row_count(batch: "Batch") -> int:
    return sum(count for layer, count in batch.row_counts.items() if layer != "source")


def _time(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(VIETNAM):%d/%m/%Y %H:%M}"
