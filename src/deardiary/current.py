"""The current run, and the functions of the module that stand for it."""

import contextvars
import os
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from deardiary.core.entities import IterationStatus, Resource
from deardiary.core.errors import ConfigError

if TYPE_CHECKING:
    from deardiary.endings import Fate
    from deardiary.fluent import Run
    from deardiary.tracker import Tracker

_here: contextvars.ContextVar[tuple["Run", ...]] = contextvars.ContextVar("deardiary_runs", default=())
"""The runs that were begun here, the last begun last; some may have ended elsewhere."""
_going: "list[Run]" = []
"""The runs that go on in this process, the last begun last."""


def enter(run: "Run") -> None:
    """Make a run the current one."""
    _here.set((*_going_here(), run))
    _going.append(run)


def leave(run: "Run") -> None:
    """Let a run be current no longer."""
    if run in _going:
        _going.remove(run)
    _here.set(tuple(one for one in _going_here() if one is not run))


def _going_here() -> "tuple[Run, ...]":
    return tuple(run for run in _here.get() if not run.has_ended)


def _current() -> "Run | None":
    going = _going_here() or tuple(_going)
    return going[-1] if going else None


def end_runs_of(tracker: "Tracker", fate: "Fate") -> None:
    """End the runs that go on in a diary which is about to be closed, the last begun first."""
    for run in reversed([run for run in _going if run.tracker is tracker]):
        run.end(fate)


def is_any() -> bool:
    """Return whether some run goes on in this process."""
    return bool(_going)


def current_run() -> "Run":
    """Return the run that goes on: the last that was begun here and has not ended, else in this process.

    Raises:
        ConfigError: none goes on.
    """
    run = _current()
    if run is None:
        raise ConfigError('no run goes on; begin one first: deardiary.init(project="...")')
    return run


def log(
    metrics: Mapping[str, Any],
    step: int | None = None,
    *,
    commit: bool = True,
    recorded_at: datetime | None = None,
) -> None:
    """Add a point to the series of each metric of the current run."""
    current_run().log(metrics, step, commit=commit, recorded_at=recorded_at)


def log_artifact(
    data: "str | os.PathLike[str] | bytes | BinaryIO",
    name: str | None = None,
    *,
    description: str = "",
    media_type: str = "",
    store: str | None = None,
) -> Resource | None:
    """Keep a file, bytes or a stream with the current run."""
    return current_run().log_artifact(data, name, description=description, media_type=media_type, store=store)


def finish(status: "IterationStatus | int | str | None" = None, *, exit_code: int | None = None) -> None:
    """End the current run; without one, do nothing."""
    run = _current()
    if run is not None:
        run.finish(status, exit_code=exit_code)
