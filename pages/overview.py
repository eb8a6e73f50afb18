"""Overview: how far the programme is, where its wards lie, what happened, and what is known of one ward."""

from dashboard.screens.overview.screen import draw
from dashboard.shell.page import show

show(draw)
