"""The wall display: scenes that rotate on a large screen, all day, with nobody at the keyboard."""

from dashboard.screens.wall.screen import draw

draw()
