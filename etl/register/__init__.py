"""The register of the programme, and what a build makes of it."""
