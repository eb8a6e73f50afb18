"""Progress: how far the wards are, against the target, the criteria and their headquarters, since when."""

from dashboard.screens.progress.screen import draw
from dashboard.shell.page import show

show(draw)
