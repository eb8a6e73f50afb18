"""The contract of the published GeoPackage: its layers, coordinate systems, and what can be wrong."""
