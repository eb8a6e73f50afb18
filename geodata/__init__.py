"""The data and its contract: what the ETL writes and the dashboard reads. Imports nothing else of ours."""

import geodata.offline

__all__ = ["geodata"]
