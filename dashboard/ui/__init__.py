"""How things are drawn: what screens are made of, whatever they show."""
