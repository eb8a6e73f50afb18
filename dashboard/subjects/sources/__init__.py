"""Sources, definitions, provenance and faults of the data."""
