"""The screen of a ward."""
