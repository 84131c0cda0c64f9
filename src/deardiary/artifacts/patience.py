"""Trying again: what a network or a busy server cuts short, until there is no more time."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from deardiary.artifacts.refusals import FULL
from deardiary.core.errors import ConfigError, DearDiaryError, StorageFull, Unavailable

T = TypeVar("T")

PATIENCE_SECONDS = 30.0
"""How long to try again what a network or a busy server cuts short."""

PAUSE_SECONDS = 0.1, 5.0
"""How long to wait before the second try, and before later ones at most."""

FINAL = (
    FileNotFoundError,
    FileExistsError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
    NotImplementedError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What does not get better when one tries again."""


def patiently(
    what: str, work: Callable[[], T], *, seconds: float, explained: Callable[[Exception], DearDiaryError | None]
) -> T:
    """Do some work, again if what goes wrong may pass.

    Args:
        explained: return what an error means, if it is a known one that does not pass.

    Raises:
        StorageFull: there is no room.
        Unavailable: it did not pass in time, or never does.
    """
    until = time.monotonic() + seconds
    least, most = PAUSE_SECONDS
    while True:
        try:
            return work()
        except DearDiaryError:
            raise
        except Exception as error:  # whatever a file system of anyone raises
            told = explained(error) or _told(what, error)
            if told is not None:
                raise told from error
            if time.monotonic() >= until:
                raise Unavailable(f"{what} cannot be reached: {_said(error)}") from error
        time.sleep(random.uniform(0, least))
        least = min(2 * least, most)


def _told(what: str, error: Exception) -> DearDiaryError | None:
    """Return our error for one that does not pass, or none if it may pass."""
    if isinstance(error, OSError) and error.errno in FULL:
        return StorageFull(f"there is no room for {what}: {_said(error)}")
    if isinstance(error, NotImplementedError):
        return ConfigError(f"{what} cannot be: its file system does not do what artifacts need: {_said(error)}")
    if isinstance(error, PermissionError):
        return Unavailable(f"{what} may not be reached: {_said(error)}")
    return Unavailable(f"{what} cannot be reached: {_said(error)}") if isinstance(error, FINAL) else None


def _said(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
