"""The page of inspections: a sentence, key figures, a small map, the list, and what follows from it.

Pure functions. Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""
