"""The page of progress: how far the programme is, in one of five views, each a sentence, a chart, and notes.

Pure functions. Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""
