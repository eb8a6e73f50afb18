"""Indicator values of any unit, range of days and vintage."""
