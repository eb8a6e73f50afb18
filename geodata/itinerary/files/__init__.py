"""An itinerary as files for a driver and an organiser: GPX, KML, iCalendar, Excel, and a sheet to print.

Each is made from the document of `geodata.itinerary.document`. Names come from files and users: each format
escapes them in its own way, and characters that XML forbids are left out of all (`wording.plain`).
"""
