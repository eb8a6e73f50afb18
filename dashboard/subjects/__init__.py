"""What is true of a query, and how it is said; no page, no widget."""
