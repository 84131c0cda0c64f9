"""Whole columns of points, as people have them: lists, arrays, NumPy, and what becomes one of them."""

from array import array
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from deardiary.core.columns import bounds, installed_numpy, ramped
from deardiary.core.errors import Invalid
from deardiary.core.points import NO_STEP
from deardiary.core.shapes import (
    FIRST_TIME,
    GREATEST_INTEGER,
    LAST_TIME,
    check_text,
    check_time,
    micros,
    now,
    same_text,
)
from deardiary.verbs.values import as_number, as_step

_SECOND = 1_000_000
_OUTSIDE = "a time is outside the years 1 to 9999; numbers are seconds since 1970"


def columns_in(columns: Any) -> dict[str, "array[float]"]:
    """Return columns of numbers by flat key, all of one length.

    Raises:
        Invalid: one is no column of numbers, or longer than others.
    """
    if not isinstance(columns, Mapping):
        raise Invalid(f'columns are given as {_class(columns)}; give a mapping, such as {{"loss": [0.5, 0.4]}}')
    found = {same_text(key): _numbers(key, column) for key, column in _flat("", columns)}
    for key in found:
        check_text(key, "a metric's key", least=1)
    lengths = {len(column) for column in found.values()}
    if len(lengths) > 1:
        said = ", ".join(f"{key!r} has {len(column):,}" for key, column in list(found.items())[:4])
        raise Invalid(f"columns are of one length, and {said} values; log what is shorter by itself")
    return found


def _flat(prefix: str, columns: Mapping[Any, Any]) -> Iterable[tuple[str, Any]]:
    for name, column in columns.items():
        key = f"{prefix}/{name}" if prefix else str(name)
        if isinstance(column, Mapping):
            yield from _flat(key, column)
        else:
            yield key, column


def _numbers(key: str, column: Any) -> "array[float]":
    if isinstance(column, array) and column.typecode == "d":
        return column
    column = _plain(column)
    kind = _kind(column)
    if kind:
        _check_flat(f"the column {key!r}", column)
        if kind in "fiub":
            return _copied("d", column.astype("f8", copy=False))
    column = _listed(f"the column {key!r}", column)
    try:
        return array("d", column)
    except (TypeError, OverflowError, ValueError, RuntimeError):
        return array("d", [as_number(f"{key}[{n}]", value) for n, value in enumerate(column)])


def steps_in(steps: Any, length: int) -> "array[int]":
    """Return the steps of columns of some length.

    Raises:
        Invalid: one is no integer, or they are more or fewer.
    """
    found = _longs(steps)
    if len(found) != length:
        raise Invalid(f"there are {len(found):,} steps for columns of {length:,} values; give one for each")
    if length and bounds(found)[0] == NO_STEP:
        as_step(NO_STEP)
    return found


def _longs(steps: Any) -> "array[int]":
    if isinstance(steps, array) and steps.typecode == "q":
        return steps
    steps = _plain(steps)
    kind = _kind(steps)
    if kind:
        _check_flat("steps", steps)
        if kind == "i":
            return _copied("q", steps.astype("i8", copy=False))
    if isinstance(steps, range) and (not steps or -GREATEST_INTEGER <= min(steps) <= max(steps) <= GREATEST_INTEGER):
        return ramped(steps[0], steps.step, len(steps)) if steps else array("q")
    return array("q", [_step(step) for step in _listed("steps", steps)])


def _step(step: Any) -> int:
    found = as_step(step)
    if found is None:
        raise Invalid("a step is none; leave steps out, and the values are counted")
    return found


def times_in(times: Any, length: int) -> "array[int]":
    """Return when the points of columns were recorded, in microseconds; now, if nothing is given.

    Raises:
        Invalid: one is no time, or they are more or fewer.
    """
    if times is None:
        return array("q", [micros(now())]) * length
    times = _plain(times)
    kind = _kind(times)
    if kind == "M":
        _check_flat("times", times)
        found = _copied("q", times.astype("datetime64[us]").astype("i8"))
    elif kind in ("f", "i", "u"):
        _check_flat("times", times)
        seconds = times.astype("f8")
        if not (abs(seconds) < LAST_TIME / _SECOND + 1).all():
            raise Invalid(_OUTSIDE)
        found = _copied("q", (seconds * _SECOND).round().astype("i8"))
    else:
        found = array("q", [_time(time) for time in _listed("times", times)])
    if len(found) != length:
        raise Invalid(f"there are {len(found):,} times for columns of {length:,} values; give one for each")
    if length:
        first, last = bounds(found)
        if first < FIRST_TIME or last > LAST_TIME:
            raise Invalid(_OUTSIDE)
    return found


def _time(time: Any) -> int:
    if isinstance(time, datetime):
        check_time(time, "a time")
        return micros(time)
    if isinstance(time, int | float) and not isinstance(time, bool) and abs(time) < LAST_TIME / _SECOND + 1:
        return round(time * _SECOND)
    raise Invalid(f"a time is {time!r:.60}; give a datetime with a time zone, or seconds since 1970")


def _plain(column: Any) -> Any:
    """Return what knows itself how to be an array of NumPy as one, such as a column of pandas."""
    if not (hasattr(column, "__array__") and hasattr(column, "dtype")):
        return column
    numpy = installed_numpy()  # imported, not looked up: another thread may be in the midst of importing it
    return column if numpy is None or isinstance(column, numpy.ndarray) else numpy.asarray(column)


def _kind(column: Any) -> str:
    """Return what sort of values an array of NumPy holds, by its letter; nothing of anything else."""
    return str(getattr(getattr(column, "dtype", None), "kind", ""))


def _listed(what: str, column: Any) -> Any:
    """Return what can be gone over, twice and by number."""
    if isinstance(column, str | bytes) or not (hasattr(column, "__iter__") or hasattr(column, "tolist")):
        raise Invalid(f"{what} is {column!r:.60}; give a list, an array or a NumPy array")
    found = column.tolist() if hasattr(column, "tolist") else list(column)
    if not isinstance(found, list):
        raise Invalid(f"{what} is {column!r:.60}, one value and no column; log({{...}}) takes single ones")
    return found


def _check_flat(what: str, column: Any) -> None:
    if getattr(column, "ndim", 1) != 1:
        shape = tuple(column.shape)
        raise Invalid(f"{what} has the shape {shape}; give one dimension, such as column.ravel()")


def _copied(code: str, column: Any) -> "array[Any]":
    found: array[Any] = array(code)
    found.frombytes(memoryview(column if column.flags.c_contiguous else column.copy()).cast("B"))
    return found


def _class(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
