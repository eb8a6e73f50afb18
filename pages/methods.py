"""Sources and methods: what every figure rests on, how it is reckoned, and what is known to be wrong."""

from dashboard.screens.methods.screen import draw
from dashboard.shell.page import show

show(draw)
