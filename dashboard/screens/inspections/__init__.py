"""The screen of inspections."""
