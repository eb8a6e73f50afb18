"""A figure of every ward, or two against each other, in classes: the subject of the ward map."""
