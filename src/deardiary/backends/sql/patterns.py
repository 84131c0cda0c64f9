"""Globs as the patterns of `LIKE`."""

_LIKE = str.maketrans({"%": "!%", "_": "!_", "!": "!!", "*": "%", "?": "_"})


def like_pattern(glob: str) -> str:
    """Return the pattern, with `!` before what is itself, that matches as a glob does."""
    return glob.translate(_LIKE)
