"""The shortest order of a few stops where nothing but order matters, by dynamic programming.

Held, M. and Karp, R. M. (1962): A Dynamic Programming Approach to Sequencing Problems. Journal of the
Society for Industrial and Applied Mathematics 10(1), 196-210.
"""

import numpy as np

from geodata.itinerary.day import Day

TIE_MIN_PER_M = 1e-12
"""So little that distance decides between equal travel times only."""


def shortest_order(day: Day) -> list[int] | None:
    """Return the order of all stops that takes one team the least time; None where no path joins them."""
    count = len(day.stops)
    cost = day.duration_min + TIE_MIN_PER_M * day.distance_m
    between = cost[:count, :count]
    sets = np.arange(1 << count)
    sizes = np.bitwise_count(sets)
    # the cheapest way from the start through all of a set of stops (rows) that ends at a stop (columns)
    cheapest = np.full((1 << count, count), np.inf)
    cheapest[1 << np.arange(count), np.arange(count)] = cost[day.start, :count]
    before = np.zeros((1 << count, count), dtype=np.int64)
    for size in range(1, count):
        of_size = sets[sizes == size]
        for stop in range(count):
            without = of_size[of_size >> stop & 1 == 0]
            ways = cheapest[without] + between[:, stop]
            before[without | 1 << stop, stop] = ways.argmin(axis=1)
            cheapest[without | 1 << stop, stop] = ways.min(axis=1)

    whole = (1 << count) - 1
    closed = cheapest[whole] + cost[:count, day.end]
    last = int(closed.argmin())
    if not np.isfinite(closed[last]):
        return None
    order = []
    while whole:
        order.append(last)
        whole, last = whole ^ 1 << last, int(before[whole, last])
    return order[::-1]
