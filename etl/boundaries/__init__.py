"""Boundaries of one's own: read, matched to the official lists, checked, kept."""
