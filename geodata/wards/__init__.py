"""Wards and districts: their names, what became of them when they were redrawn, who lies beside whom."""
