"""Ward map: one figure of every ward, or two against each other, on the city."""

from dashboard.screens.ward_map.screen import draw
from dashboard.shell.page import show

show(draw)
