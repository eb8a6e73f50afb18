"""The screen of sources and methods."""
