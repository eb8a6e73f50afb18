"""From the files that people deliver to the one GeoPackage that the dashboard reads."""
