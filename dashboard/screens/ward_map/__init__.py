"""The screen of the ward map."""
