"""The page of the ward map: figures of wards, their classes and legend, sentences, and the panel of one ward.

Pure functions. Text from the data becomes HTML through ``Markup.format`` alone, which escapes it.
"""
