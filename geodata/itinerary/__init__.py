"""Site visits: places, travel times, a plan of the day, and the document from which it is handed over."""
