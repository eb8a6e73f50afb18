"""The page that compares units or periods: what is compared, its figures, and both in words, charts and maps.

Pure functions. Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""
