"""The page of routes: what is asked of a day, its way on the map, its timeline and stops, a longer search.

Pure functions. Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""
