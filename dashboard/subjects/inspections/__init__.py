"""Inspections: how many there were and where, what they found, what is overdue and what they recommend."""
