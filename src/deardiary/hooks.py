"""The hooks by which a plugin adds to deardiary: the whole extension surface on one screen."""

from collections.abc import Iterable

import pluggy

from deardiary.schemes import Scheme

PROJECT = "deardiary"
"""The name of the entry-point group, and of the plugin host."""

hook = pluggy.HookspecMarker(PROJECT)
plugin = pluggy.HookimplMarker(PROJECT)


@hook
def deardiary_stores() -> Iterable[Scheme]:  # type: ignore[empty-body]  # a specification
    """Return the stores that a plugin brings."""
