"""The wall display: its settings, its scenes, and the whole of it as data for the browser."""
