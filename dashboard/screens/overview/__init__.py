"""The screen of the overview."""
