"""The app with a search that ends only when it is told to, so that no test of it hangs on a machine's speed.

Run: python -m tests.browser.endless_search --port PORT
"""

from dashboard import server
from dashboard.screens.routes import plans
from dashboard.subjects.visits import model
from geodata.itinerary import routing

if __name__ == "__main__":
    routing.ROUNDS_WITHOUT_GAIN_PER_STOP = 10**12
    # Long enough for a plan of all stops on any machine.
    model.FIRST_SECONDS = 5.0
    plans.LONGER_SECONDS = 3600
    server.main()
