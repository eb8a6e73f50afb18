"""The screen of progress."""
