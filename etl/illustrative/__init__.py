"""Figures made from a seed, so that a fresh install shows what the program can do."""
