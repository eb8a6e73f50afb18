"""A screen each: what it lets its reader choose, and how it draws its subjects."""
