"""The queue for what is costly, and the process that searches beside the server."""

import os
from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, Event, Lock, Thread

import pytest

from dashboard.subjects.visits.beside import Planner
from dashboard.subjects.visits.queue import Queue
from geodata.contract.errors import GeodataError
from geodata.itinerary.planner import plan
from geodata.itinerary.terms import Stop, Terms
from tests.geodata.itinerary.instances import city


def waiting(queue: Queue, people: list[str]) -> tuple[list[str], list[list[int]]]:
    """Let people come while somebody is at work; return who came in turn, and the places they were told."""
    order: list[str] = []
    places: list[list[int]] = [[] for _ in people]
    told = [Event() for _ in people]
    threads = []

    def come(number: int, person: str) -> None:
        def tell(place: int) -> None:
            places[number].append(place)
            told[number].set()

        with queue.turn(person, tell):
            order.append(person)

    with queue.turn("first", lambda _: None):
        for number, person in enumerate(people):
            threads.append(Thread(target=come, args=(number, person)))
            threads[-1].start()
            told[number].wait()
    for thread in threads:
        thread.join()
    return order, places


def test_further_turns_of_a_person_come_after_the_first_ones_of_all_others() -> None:
    order, places = waiting(Queue(), ["a", "a", "a", "b", "c"])
    assert order == ["a", "b", "c", "a", "a"]
    assert [seen[0] for seen in places] == [1, 2, 3, 2, 3]


def test_no_two_work_at_once_and_none_is_forgotten() -> None:
    queue, lock, barrier, done = Queue(), Lock(), Barrier(12), []

    def work(person: str) -> None:
        barrier.wait()
        for _ in range(20):
            with queue.turn(person, lambda _: None):
                assert lock.acquire(blocking=False)
                lock.release()
        done.append(person)

    threads = [Thread(target=work, args=(str(number % 4),)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 12


def test_who_gives_up_holds_nobody_up() -> None:
    queue = Queue()

    def give_up(_: int) -> None:
        raise KeyError

    with queue.turn("a", lambda _: None), suppress(KeyError), queue.turn("b", give_up):
        raise AssertionError("it is not b's turn")
    with queue.turn("c", lambda _: None):
        pass


@pytest.fixture
def beside() -> object:
    planner = Planner()
    yield planner
    planner.end()


def day(count: int = 8) -> tuple[object, ...]:
    minutes = city(count, 3, is_symmetric=False)
    return [Stop(str(stop), 20) for stop in range(count)], minutes, minutes * 500, Terms(480)


def test_a_process_beside_finds_the_same_plan_and_the_same_faults(beside: Planner) -> None:
    asked = day()
    assert beside.plan(*asked, order=None, seconds=5) == plan(*asked, seconds=5)  # type: ignore[arg-type]
    with pytest.raises(GeodataError):
        beside.plan(*asked[:3], Terms(-1))
    process = beside._process
    assert process is not None and os.getpriority(os.PRIO_PROCESS, process.pid) > os.getpriority(
        os.PRIO_PROCESS, 0
    )


def test_a_search_beside_ends_when_told_and_another_begins_where_one_died(beside: Planner) -> None:
    asked, stops = day(40), iter([False] * 3)
    should_stop: Callable[[], bool] = lambda: next(stops, True)  # noqa: E731
    found = beside.plan(*asked, seconds=600, should_stop=should_stop)
    assert not found.is_searched_out and len(found.routes[0].visits) == 40
    assert beside._process is not None
    beside._process.kill()
    beside._process.wait()
    assert beside.plan(*day(), seconds=5).proven_optimal
