"""Points by column: what a run measured, as an `Append` carries it and as a series keeps it."""

import json
import sys
from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import field, frozen

from deardiary.core.columns import MISSING, bounds
from deardiary.core.errors import Invalid
from deardiary.core.shapes import FIRST_TIME, LAST_TIME, NAME, check_integer, check_text, same_text

NO_STEP = MISSING
"""Stands for a step that the store fills in."""

PLACES = 2**31
"""How many points one series may ever have."""

MOST_POINTS = PLACES - 1


def point_id(series: int, number: int) -> int:
    """Return the id of the point at a place of a series."""
    return series * PLACES + number + 1


def place_of(id: int) -> tuple[int, int]:
    """Return the series and the number that a point's id says."""
    return (id - 1) // PLACES, (id - 1) % PLACES


def _bits(column: "array[Any]") -> bytes:
    return column.tobytes()


def _longs(values: Iterable[int]) -> "array[int]":
    return _column("q", values, "a step or time is no integer of 64 bits")


def _shared(column: "array[int]", same: "dict[bytes, array[int]]") -> "array[int]":
    """Return the first column that holds the same; what columns share is packed and looked at once."""
    return same.setdefault(column.tobytes(), column)


def _doubles(values: Iterable[float]) -> "array[float]":
    return _column("d", values, "a value is no number")


def _column(code: str, values: Iterable[Any], complaint: str) -> "array[Any]":
    if isinstance(values, array) and values.typecode == code:
        return values
    try:
        return array(code, values)
    except (TypeError, OverflowError) as error:
        raise Invalid(f"{complaint}: {error}") from None


@frozen(kw_only=True)
class Column:
    """The points of one key, in order of arrival; columns may share the arrays of steps and times."""

    key: str = field(converter=same_text)
    values: "array[float]" = field(converter=_doubles, eq=_bits)
    times: "array[int]" = field(converter=_longs, eq=_bits)
    """Microseconds since 1970 in UTC."""
    steps: "array[int]" = field(converter=_longs, eq=_bits)

    def __attrs_post_init__(self) -> None:
        key = self.key
        if not (key.__class__ is str and 0 < len(key) <= NAME and key.isascii() and "\0" not in key):
            check_text(key, "a metric's key", least=1)
        if not len(self.values) == len(self.times) == len(self.steps):
            counts = f"{len(self.values)} values, {len(self.times)} times and {len(self.steps)} steps"
            raise Invalid(f"metric {self.key!r} has {counts}")
        if not self.values:
            raise Invalid(f"metric {self.key!r} has no points")

    def __len__(self) -> int:
        return len(self.values)


def _tuple(columns: Iterable[Column]) -> tuple[Column, ...]:
    return tuple(columns)


@frozen
class Points:
    """What one `Append` brings: a column for each key."""

    columns: tuple[Column, ...] = field(converter=_tuple)
    latest: int | None = field(init=False, eq=False, repr=False)
    """The latest time among the points, if there are any."""

    def __attrs_post_init__(self) -> None:
        if len({column.key for column in self.columns}) != len(self.columns):
            raise Invalid("a metric's key stands twice among the points; give it one column")
        first = {id(column.times): column for column in self.columns[::-1]}  # of those that share their times
        reached = [_reached(column) for column in [*first.values()][::-1]]
        object.__setattr__(self, "latest", max(reached, default=None))

    def __len__(self) -> int:
        return sum(map(len, self.columns))

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, float, int | None, int]]) -> "Points":
        """Return points given one by one as key, value, step (none is filled in) and time in microseconds."""
        columns: dict[str, tuple[list[float], list[int], list[int]]] = {}
        for key, value, step, time in rows:
            values, steps, times = columns.setdefault(same_text(key), ([], [], []))
            values.append(value)
            steps.append(_step(step))
            times.append(time)
        same: dict[bytes, array[int]] = {}
        return cls(
            tuple(
                Column(
                    key=key,
                    values=_doubles(_numbers(key, values)),
                    steps=_shared(_longs(steps), same),
                    times=_shared(_longs(times), same),
                )
                for key, (values, steps, times) in columns.items()
            )
        )

    def pack(self) -> bytes:
        """Return the points as bytes: a line that says what follows, then each array once, little-endian."""
        arrays: dict[int, int] = {}
        bodies: list[bytes] = []
        head = [
            [column.key, len(column), *(_entered(part, arrays, bodies) for part in (column.steps, column.times))]
            for column in self.columns
        ]
        bodies.extend(little(column.values) for column in self.columns)
        return json.dumps(head, separators=(",", ":")).encode() + b"\n" + b"".join(bodies)

    @classmethod
    def unpack(cls, data: bytes) -> "Points":
        """Return the points that `pack` made these bytes of."""
        line, _, body = data.partition(b"\n")
        try:
            columns, length = _unpacked(json.loads(line), body)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Invalid(f"the points are packed wrongly: {error!r:.120}") from None
        if length != len(body):
            raise Invalid(f"the points are packed wrongly: {len(body):,} bytes where {length:,} are announced")
        return cls(columns)


def _reached(column: Column) -> int:
    """Return the latest time of a column, all of whose times must be in the calendar."""
    earliest, latest = bounds(column.times)
    if latest > LAST_TIME or earliest < FIRST_TIME:
        raise Invalid(f"metric {column.key!r} has a time outside the years 1 to 9999")
    return latest


def _unpacked(head: Any, body: bytes) -> tuple[list[Column], int]:
    """Return the columns that a head announces, and how many bytes they take."""
    lengths: dict[int, int] = {}
    for _key, length, steps, times in head:
        lengths[steps] = lengths[times] = length
    offset, arrays = 0, {}
    for number in sorted(lengths):
        arrays[number] = native("q", body[offset : offset + 8 * lengths[number]])
        offset += 8 * lengths[number]
    columns = []
    for key, length, steps, times in head:
        values = native("d", body[offset : offset + 8 * length])
        columns.append(Column(key=key, values=values, steps=arrays[steps], times=arrays[times]))
        offset += 8 * length
    return columns, offset


def _step(step: int | None) -> int:
    if step is None:
        return NO_STEP
    check_integer(step, "a step", least=NO_STEP + 1)
    return step


def _numbers(key: str, values: list[float]) -> Iterator[float]:
    for value in values:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise Invalid(f"metric {key!r} has the value {value!r:.60}, not a number")
        yield value


def _entered(part: "array[Any]", arrays: dict[int, int], bodies: list[bytes]) -> int:
    if id(part) not in arrays:
        arrays[id(part)] = len(bodies)
        bodies.append(little(part))
    return arrays[id(part)]


def little(part: "array[Any]") -> bytes:
    """Return an array as bytes, little-endian."""
    if sys.byteorder == "little":
        return part.tobytes()
    turned = part[:]
    turned.byteswap()
    return turned.tobytes()


def native(code: str, data: bytes) -> "array[Any]":
    """Return the array that little-endian bytes hold."""
    part: array[Any] = array(code)
    part.frombytes(data)
    if sys.byteorder == "big":
        part.byteswap()
    return part
