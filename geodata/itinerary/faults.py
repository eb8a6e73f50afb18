"""What is wrong with a question to the planner: every fault at once."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.contract.errors import Fault, SchemaError
from geodata.itinerary.terms import Stop, Terms
from geodata.language import Message, message

Matrix = npt.NDArray[np.floating[Any]]


def clock(minutes: float) -> str:
    """Return minutes after midnight as a watch shows them, with ``(+1)`` on the day after."""
    days = max(math.ceil(round(minutes) / 1440) - 1, 0)  # 24:00 is of the day itself
    hours, rest = divmod(round(minutes) - 1440 * days, 60)
    return f"{hours:02}:{rest:02}" + (f" (+{days})" if days else "")


def check(
    stops: Sequence[Stop], duration_min: Matrix, distance_m: Matrix, terms: Terms, order: Sequence[int] | None
) -> None:
    """Raise one error with all faults of the input, if there are any."""
    faults = [fault for stop in stops for fault in _of_stop(stop, terms)]
    faults += _of_terms(terms)
    faults += _of_matrix("duration_min", duration_min, stops, terms)
    faults += _of_matrix("distance_m", distance_m, stops, terms)
    if order is not None:
        faults += _of_order(order, stops, terms)
    if faults:
        raise SchemaError(faults)


def _is_amount(value: float | None) -> bool:
    return value is None or (math.isfinite(value) and value >= 0)


_AMOUNT = message("a number of minutes, 0 or more")
_TIME = message("a time of the day")


def _of_stop(stop: Stop, terms: Terms) -> Iterator[Fault]:
    def fault(value: object, problem: Message, expected: Message, column: str) -> Fault:
        return Fault(stop.name, str(value), problem, expected, column=column)

    if not _is_amount(stop.service_min):
        yield fault(stop.service_min, message("is not a length of a visit"), _AMOUNT, "service_min")
    if stop.load < 0:
        yield fault(stop.load, message("is not a load"), message("a whole number, 0 or more"), "load")
    bounds = {"earliest_min": stop.earliest_min, "latest_min": stop.latest_min}
    wrong = {column: value for column, value in bounds.items() if not _is_amount(value)}
    for column, value in wrong.items():
        yield fault(value, message("is not a time of the day"), _TIME, column)
    if wrong or stop.latest_min is None:
        return
    if stop.earliest_min is not None and stop.latest_min < stop.earliest_min:
        yield fault(
            f"{clock(stop.earliest_min)}–{clock(stop.latest_min)}",
            message("the window ends before it begins"),
            message("a window whose end comes after its begin"),
            "earliest_min, latest_min",
        )
    elif stop.latest_min < terms.depart_min:
        yield fault(
            clock(stop.latest_min),
            message("the window ends before the departure at {time}", time=clock(terms.depart_min)),
            message("a window that ends after the departure"),
            "latest_min",
        )


def _of_terms(terms: Terms) -> Iterator[Fault]:
    def fault(value: object, problem: Message, expected: Message, column: str) -> Fault:
        return Fault("", str(value), problem, expected, column=column)

    if not _is_amount(terms.depart_min):
        yield fault(terms.depart_min, message("is not a time of the day"), _TIME, "depart_min")
    if terms.teams < 1:
        yield fault(terms.teams, message("is not a number of teams"), message("1 or more"), "teams")
    if terms.capacity is not None and terms.capacity < 1:
        yield fault(terms.capacity, message("is not a capacity"), message("1 or more"), "capacity")
    if not _is_amount(terms.longest_shift_min):
        problem = message("is not a length of a shift")
        yield fault(terms.longest_shift_min, problem, _AMOUNT, "longest_shift_min")
    if not _is_amount(terms.latest_return_min):
        yield fault(terms.latest_return_min, message("is not a time of the day"), _TIME, "latest_return_min")
    elif terms.latest_return_min is not None and terms.latest_return_min < terms.depart_min:
        yield fault(
            clock(terms.latest_return_min),
            message("the latest return comes before the departure at {time}", time=clock(terms.depart_min)),
            message("a time after the departure"),
            "latest_return_min",
        )
    if (lunch := terms.lunch) is None:
        return
    if not _is_amount(lunch.length_min):
        yield fault(lunch.length_min, message("is not a length of a break"), _AMOUNT, "lunch")
    if not (_is_amount(lunch.earliest_min) and _is_amount(lunch.latest_min)):
        yield fault(
            f"{lunch.earliest_min}–{lunch.latest_min}", message("is not a time of the day"), _TIME, "lunch"
        )
    elif lunch.latest_min < lunch.earliest_min:
        yield fault(
            f"{clock(lunch.earliest_min)}–{clock(lunch.latest_min)}",
            message("the window ends before it begins"),
            message("a window whose end comes after its begin"),
            "lunch",
        )


def _of_matrix(name: str, matrix: Matrix, stops: Sequence[Stop], terms: Terms) -> Iterator[Fault]:
    count = len(stops)
    if np.shape(matrix) != (count + 2, count + 2):
        yield Fault(
            name,
            " × ".join(map(str, np.shape(matrix))),
            message("is not the size of the matrix"),
            message(
                "{size} rows and columns: {count} stops, the start, the end", size=count + 2, count=count
            ),
        )
        return
    is_travelled = ~np.eye(count + 2, dtype=bool)
    is_travelled[count + 1, :] = False
    is_travelled[:, count] = False
    is_travelled[count, count + 1] = False
    if terms.end == "open":
        is_travelled[:, count + 1] = False
    with np.errstate(invalid="ignore"):
        wrong = np.argwhere(is_travelled & ~(np.asarray(matrix) >= 0))
    places: list[str | Message] = [stop.name for stop in stops]
    places += [message("the start"), message("the end")]
    for origin, destination in wrong[:10]:
        yield Fault(
            name,
            str(matrix[origin, destination]),
            message("from {origin} to {destination}", origin=places[origin], destination=places[destination]),
            message("a number, 0 or more, or infinite where no path leads"),
        )
    if len(wrong) > 10:
        yield Fault(
            name,
            "",
            message("{count} more legs are wrong", count=len(wrong) - 10),
            message("a number, 0 or more, or infinite where no path leads"),
        )


def _of_order(order: Sequence[int], stops: Sequence[Stop], terms: Terms) -> Iterator[Fault]:
    count = len(stops)
    for stop, times in Counter(order).items():
        if not 0 <= stop < count:
            problem = message("is not a stop")
            yield Fault("", str(stop), problem, message("0 to {last}", last=count - 1), column="order")
        elif times > 1:
            problem = message("stands {count} times in the order", count=times)
            yield Fault(stops[stop].name, "", problem, message("each stop once"), column="order")
    if terms.teams > 1:
        problem = message("a locked order is for one team")
        yield Fault("", str(terms.teams), problem, message("one team, or no locked order"), column="teams")
