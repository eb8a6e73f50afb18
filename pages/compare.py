"""Compare: two to six districts or wards, or one of them in two periods, on one scale and beside the city."""

from dashboard.screens.compare.screen import draw
from dashboard.shell.page import show

show(draw)
