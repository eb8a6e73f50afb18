"""The screen of events."""
