"""The spans of the calendar whose figures make the bounds of classes, and the months that are played."""

from geodata.language import message

SHORT = {"M": message("month"), "Q": message("quarter"), "Y": message("year")}
