"""What maintainers run by hand: what ships as data is made here."""
