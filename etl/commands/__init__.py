"""The commands of `pilot-wards`, a module each group."""
