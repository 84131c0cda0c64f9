"""What is said to the person who watches, and how what went wrong is told."""

import sys
from datetime import datetime
from typing import Any

from deardiary.core.entities import IterationStatus
from deardiary.core.errors import Invalid
from deardiary.core.shapes import check_time
from deardiary.endings import Fate


def say(message: str) -> None:
    """Say something to the person who watches, on stderr."""
    if sys.stderr is not None:
        try:
            sys.stderr.write(f"deardiary: {message}\n")
        except (OSError, ValueError, RuntimeError):  # nobody listens any more, or this is a signal amid such a write
            pass


def check_choice(what: str, value: Any, choices: tuple[Any, ...]) -> None:
    """Refuse what is none of some choices."""
    if value not in choices:
        raise Invalid(
            f"{what} is {value!r:.60}; it may be {', '.join(repr(one) for one in choices if one is not None)}"
        )


def status_named(status: "IterationStatus | int | str") -> IterationStatus:
    """Return the status in which a run ends, given in any way."""
    ended = {one.name: one for one in IterationStatus if one is not IterationStatus.RUNNING}
    named = ended.get(status.upper()) if isinstance(status, str) else None
    found = next((one for one in ended.values() if one == status), named)
    if found is None:
        raise Invalid(f"a run ends {', '.join(ended)}, not {status!r:.60}")
    return found


def aware(moment: datetime) -> datetime:
    """Return a moment that has a time zone."""
    check_time(moment, "recorded_at")
    return moment


def said_by(error: BaseException | None) -> str:
    """Return what an exception says, bare."""
    try:
        return "" if error is None else str(error)
    except Exception as wrong:  # a stranger's __str__
        return f"{type(error).__name__}, which cannot be shown: {type(wrong).__name__}"


def traced(fate: Fate) -> str:
    """Return where an exception came from."""
    if fate.status is not IterationStatus.FAILED or fate.error is None or isinstance(fate.error, SystemExit):
        return ""
    import traceback

    try:
        return "".join(traceback.format_exception(fate.error))
    except Exception:  # a stranger's __str__ again
        return "".join(traceback.format_tb(fate.error.__traceback__))


def clipped(text: str, most: int) -> str:
    """Return a text that any store can keep: without NUL or half characters, and short enough."""
    text = text.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()
    half = most // 2 - 20
    return text if len(text) <= most else f"{text[:half]}\n[...]\n{text[-half:]}"


def duration(seconds: float) -> str:
    """Return how long something took, as briefly as it can be read."""
    if seconds < 120:
        return f"{seconds:.1f} s"
    minutes = int(seconds // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
