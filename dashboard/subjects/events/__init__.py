"""The security plan of an event."""
