"""What maintainers run by hand; neither the program nor its build needs any of it."""
