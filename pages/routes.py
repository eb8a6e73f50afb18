"""Routes: from a list of wards to the order, the times and the way that a delegation can follow."""

from dashboard.screens.routes.screen import draw
from dashboard.shell.page import show

show(draw)
