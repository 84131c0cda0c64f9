"""The diary of this process: the one that the module's functions keep."""

import atexit
import os
import threading
from collections.abc import Callable

from attrs import define, field

from deardiary import opening
from deardiary.core.errors import ConfigError
from deardiary.tracker import Tracker


@define(eq=False)
class _Default:
    tracker: Tracker | None = None
    lock: threading.RLock = field(factory=threading.RLock)


_default = _Default()


def initialize_database(file_name: "str | os.PathLike[str]" = "deardiary.db", **options: object) -> Tracker:
    """Open a diary in a file (or under a URL) for the module's functions, in place of the one before.

    Raises:
        ConfigError: there is no such place.
    """
    name = os.fspath(file_name)
    url = name if "://" in name else f"sqlite:///{os.path.abspath(os.path.expanduser(name))}"
    with _default.lock:
        opened = opening.open(url, **options)  # type: ignore[arg-type]  # checked against the opener's signature
        close_database()
        _default.tracker = opened
        return opened


def close_database() -> None:
    """Close the diary of the module's functions, if one is open."""
    with _default.lock:
        if _default.tracker is not None:
            _default.tracker.close()
            _default.tracker = None


def default_tracker() -> Tracker:
    """Return the diary of the module's functions.

    Raises:
        ConfigError: none is open.
    """
    if _default.tracker is None:
        raise ConfigError(
            "the module has no diary yet; deardiary.init() or deardiary.initialize_database() opens one, "
            "and a tracker of deardiary.open() has the verbs itself"
        )
    return _default.tracker


def opened_or_configured(open: Callable[[], Tracker] = opening.open) -> Tracker:
    """Return the diary of the module's functions; if none is open, the one that is configured."""
    with _default.lock:
        if _default.tracker is None:
            _default.tracker = open()
        return _default.tracker


def _forked() -> None:
    """Have a lock that no thread of the parent process holds."""
    _default.lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)

atexit.register(close_database)  # before any run is watched, so that it is done after they have ended
