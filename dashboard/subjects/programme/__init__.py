"""How the programme stands in the city or a part of it."""
