"""The app with a search that ends only when it is told to, so that no test of it hangs on a machine's speed.

Run: python -m tests.browser.endless_search --port PORT
"""

import sys

from dashboard import server
from dashboard.screens.routes import plans
from dashboard.subjects.visits import beside, model
from geodata.itinerary import routing

if __name__ == "__main__" and sys.argv[1].isdigit():
    # The process that searches beside the server.
    routing.ROUNDS_WITHOUT_GAIN_PER_STOP = 10**12
    beside.main()
elif __name__ == "__main__":
    beside.Planner.program = "tests.browser.endless_search"
    # Long enough for a plan of all stops on any machine.
    model.FIRST_SECONDS = 5.0
    plans.LONGER_SECONDS = 3600
    server.main()
