"""The screen of routes."""
