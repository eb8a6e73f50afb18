"""The commands on batches: ``pilot-wards batches``, ``show``, ``withdraw`` and ``restore``."""

import getpass
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.commands.terminal import option, print_waiting, refusing, say, told
from geodata.clock import today
from geodata.language import Message, message, number
from geodata.settings import settings

if TYPE_CHECKING:
    from etl.publish import Publisher
    from etl.store.batch import Batch

STATES: dict[bool, tuple[Message, str]] = {
    False: (message("in force"), "green"),
    True: (message("withdrawn"), "yellow"),
}
"""By whether a batch is withdrawn: its state, and the colour of it."""

ACTIONS: dict[str, Message] = {"withdraw": message("withdrawn"), "restore": message("restored")}

BatchId = Annotated[
    str, typer.Argument(help=told(message("Id of a batch, as “pilot-wards batches” lists it.")), metavar="ID")
]
By = Annotated[
    str | None, option(message("Who does it; by default the user of this machine."), metavar="NAME")
]


def batches_command() -> None:
    """List every batch that was imported, withdrawn ones too."""
    from etl.store.batches import Store

    console = Console(highlight=False)
    with refusing(lambda count: message("The batches can't be listed. Faults: {count}", count=count)):
        batches = Store(settings().store).batches()
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


def show_command(batch_id: BatchId) -> None:
    """Show a batch: its manifest, its rows by table, and what became of it."""
    from etl.store.batches import Store

    store = Store(settings().store)
    with refusing(lambda count: message("The batch can't be shown. Faults: {count}", count=count)):
        batch = store.batch(batch_id)
        history = store.history(batch_id)
    about = Table(show_header=False)
    rows: list[tuple[Message, str]] = [
        (message("Batch"), batch.batch_id),
        (message("File"), batch.file),
        (message("As received"), str(batch.received)),
        (message("SHA-256"), batch.sha256),
        (message("Who"), batch.by),
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
    for entry in history:
        past.add_row(_time(entry.at), Text(entry.by), told(ACTIONS[entry.action]), Text(entry.reason))
    console.print(past)


def withdraw_command(
    batch_id: BatchId,
    reason: Annotated[str, option(message("Why; it is kept."), metavar="TEXT")],
    by: By = None,
) -> None:
    """Withdraw a batch and publish without it."""
    _change(
        lambda publisher: publisher.withdraw(batch_id, reason, by or user_name()),
        message("Batch {batch} no longer counts; it is kept.", batch=batch_id),
    )


def restore_command(batch_id: BatchId, by: By = None) -> None:
    """Let a withdrawn batch count again and publish with it."""
    _change(
        lambda publisher: publisher.restore(batch_id, by or user_name()),
        message("Batch {batch} counts again.", batch=batch_id),
    )


def user_name() -> str:
    """Return the name by which this machine knows who is at work."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in a container
        return told(message("no name given"))


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
    return f"{datetime.fromisoformat(at):%d/%m/%Y %H:%M}"
