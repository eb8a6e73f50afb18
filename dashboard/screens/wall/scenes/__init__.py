"""The scenes of the wall, a module each."""
