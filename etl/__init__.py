"""From the files that people deliver to the one GeoPackage that the dashboard reads."""

import geodata  # before GDAL is loaded

__all__ = ["geodata"]
