"""The commands of `pilot-wards`, a module each group.

Each loads the heavy libraries only when it has something to do, so that ``--help`` answers at once.
"""
