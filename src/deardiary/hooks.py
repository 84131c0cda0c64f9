"""The hooks by which a plugin adds to deardiary: the whole extension surface on one screen."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pluggy

from deardiary.core.changes import Batch, Receipt
from deardiary.schemes import Check, Scheme

if TYPE_CHECKING:
    import click

PROJECT = "deardiary"
"""The name of the entry-point group, and of the plugin host."""

hook = pluggy.HookspecMarker(PROJECT)
plugin = pluggy.HookimplMarker(PROJECT)


@hook
def deardiary_stores() -> Iterable[Scheme]:  # type: ignore[empty-body]  # a specification
    """Return the stores of rows that a plugin brings."""


@hook
def deardiary_artifact_stores() -> Iterable[Scheme]:  # type: ignore[empty-body]  # a specification
    """Return the stores of bytes that a plugin brings."""


@hook
def deardiary_snapshot(root: Path) -> Mapping[str, str]:  # type: ignore[empty-body]  # a specification
    """Return fields of the environment's snapshot that a plugin knows better, for the project under a folder."""


@hook
def deardiary_commands(cli: "click.Group") -> None:
    """Add commands to the command line."""


@hook
def deardiary_applied(batch: Batch, receipt: Receipt, who: str) -> None:
    """Learn, in a thread of its own, of a batch that was committed here; for plugins that `observers` names."""


@hook
def deardiary_health_checks() -> Iterable[Check]:  # type: ignore[empty-body]  # a specification
    """Return what `deardiary doctor` should look at too."""
