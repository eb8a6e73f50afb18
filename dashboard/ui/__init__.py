"""How things are drawn: maps, charts, tables, cards, citations and files."""
