"""The scenes of the wall, a module each; ``scene`` returns it, or ``None`` where it has nothing to say."""
