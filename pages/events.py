"""Events: which tasks of an event's security plan are assigned, and which are not."""

from dashboard.screens.events.screen import draw
from dashboard.shell.page import show

show(draw)
