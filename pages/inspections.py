"""Inspections: how many there were and where, what they found, what is overdue and what they recommend."""

from dashboard.screens.inspections.screen import draw
from dashboard.shell.page import show

show(draw)
