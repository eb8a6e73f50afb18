"""Ward: what is known of one ward, how its figures went, what it was and what became of it; fit to print."""

from dashboard.screens.ward.screen import draw
from dashboard.shell.page import show

show(draw)
