"""Fifty choices at random, each as one HTML file beside its page: ``make soak-files``."""

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.benchmarks.browsing import IDLE, visited_city
from tests.one_file import differences, made, shown
from tests.small_city import NEW

FIGURES = ("stage", "crime_cases", "fires", "satisfaction_pct", "traffic_accidents", "days_since")
RANGES = ("", "&from=2023-01-01&to=2024-06-30", "&from=2022-03-15&to=2025-03-01")


def chosen(at: random.Random) -> str:
    """Return the link of a choice, on the boundaries that may be passed on as they are."""
    figure = at.choice(FIGURES)
    second = at.choice(FIGURES[1:5])
    more = at.choice(
        (
            "",
            "&per=value",
            f"&method={at.choice(('natural', 'equal', 'deviation'))}&classes={at.randint(3, 6)}",
            "&play=yes",
            f"&second={second}" if second != figure else "",
        )
    )
    rest = f"{more}{at.choice(RANGES)}{at.choice(('', '&lang=en'))}"
    return f"ward_map?facts=all&vintage={NEW}&figure={figure}{rest}"


def main() -> None:
    """Make the choices and fail where a file shows something else than its page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--choices", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gpkg", type=Path, help="what is served; built where it is left out")
    asked = parser.parse_args()
    at, wrong = random.Random(asked.seed), 0
    with tempfile.TemporaryDirectory() as name, visited_city(asked.gpkg) as (city, server, context):
        live, page = context.new_page(), context.new_page()
        for number in range(asked.choices):
            link = chosen(at)
            live.goto(f"{server.address}/{link}")
            live.wait_for_selector(".pw-map[data-paints]")
            live.wait_for_selector(IDLE)
            page.goto(made(city, link, Path(name) / "map.html").as_uri())
            page.wait_for_selector("figure[data-paints]")
            moment = at.randint(0, 5) if live.locator(".pw-player input").count() else None
            on_page, in_file = shown(live, moment), shown(page, moment)
            # Former wards whose outlines may not be passed on are drawn schematically, or named.
            drawn = Counter(in_file["former"])
            if drawn and drawn <= Counter(on_page["former"]):
                on_page["former"] = in_file["former"]
                in_file["badges"] = in_file["badges"][: len(on_page["badges"])]
            told = differences(on_page, in_file, of_city=True)
            wrong += bool(told)
            print(f"{number + 1} {link} {told}", flush=True)
    if wrong:
        sys.exit(f"{wrong} files showed something else than their page")


if __name__ == "__main__":
    main()
