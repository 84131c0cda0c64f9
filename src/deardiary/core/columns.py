"""Columns of numbers: ordered, cut, thinned and summed up, by NumPy where it helps and without it anywhere.

NumPy is used for columns that are long enough when it has been imported already, or when there are so many points that
importing it pays. Both ways answer the same, bit for bit.
"""

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, chain
from math import copysign
from operator import sub
from typing import Any, TypeAlias

from attrs import define

Numbers: TypeAlias = "array[Any]"
"""Numbers of one sort: integers (`q`) or floats (`d`) of 64 bits."""

FEW = 64
"""Up to so many numbers, NumPy is not worth its calls."""

MANY = 100_000
"""From so many numbers on, NumPy is worth importing."""

MISSING = -(2**63)
"""The step that stands for none: the least there is."""

GREATEST = 2**63 - 1


def numpy_for(count: int) -> Any:
    """Return NumPy if it helps with so many numbers, or none."""
    if count <= FEW or (count < MANY and "numpy" not in sys.modules):
        return None
    return installed_numpy()


def installed_numpy() -> Any:
    """Return NumPy, imported now if need be, or none."""
    try:
        import numpy
    except ImportError:
        return None
    return numpy


def viewed(numpy: Any, column: Numbers) -> Any:
    """Return a column as NumPy sees it, without copying it."""
    return numpy.frombuffer(column, dtype="f8" if column.typecode == "d" else "i8")


def copied(code: str, numbers: Any) -> Numbers:
    """Return what bytes, or NumPy's numbers, hold as a column."""
    column: Numbers = array(code)
    column.frombytes(numbers if isinstance(numbers, bytes) else numbers.view("u1"))
    return column


# Taking columns apart and putting them together.


def joined(code: str, parts: Sequence[Numbers]) -> Numbers:
    """Return columns one after another as a new one."""
    whole: Numbers = array(code)
    for part in parts:
        whole.extend(part)
    return whole


def taken(column: Numbers, places: Sequence[int]) -> Numbers:
    """Return what stands at some places of a column."""
    numpy = numpy_for(len(places))
    if numpy is None:
        return array(column.typecode, map(column.__getitem__, places))
    return copied(column.typecode, viewed(numpy, column)[places])


def counted(first: int, count: int) -> Numbers:
    """Return so many integers from one on."""
    return ramped(first, 1, count)


def order(steps: Numbers) -> Sequence[int] | None:
    """Return the places of steps from the least to the greatest, equal ones as they stand; none if they are sorted."""
    numpy = numpy_for(len(steps))
    if numpy is None:
        said = steps.tolist()
        return None if said == sorted(said) else sorted(range(len(said)), key=said.__getitem__)
    view = viewed(numpy, steps)
    if (view[1:] >= view[:-1]).all():
        return None
    return numpy.argsort(view, kind="stable")  # type: ignore[no-any-return]  # integers in a row


def last_of_each(steps: Numbers) -> Sequence[int] | None:
    """Return the place of the last of every step that repeats, of sorted ones; none if no step does."""
    numpy = numpy_for(len(steps))
    if numpy is None:
        places = [*{step: place for place, step in enumerate(steps)}.values()]
        return None if len(places) == len(steps) else places
    view = viewed(numpy, steps)
    differs = view[1:] != view[:-1]
    if differs.all():
        return None
    return numpy.append(numpy.flatnonzero(differs), len(steps) - 1)  # type: ignore[no-any-return]  # as above


def within(steps: Numbers, first: int, last: int) -> tuple[int, int]:
    """Return where the steps from one to another begin and end, of sorted ones."""
    start = bisect_left(steps, first)
    return start, max(start, bisect_right(steps, last))


def spikes(values: Numbers, most: int) -> Sequence[int] | None:
    """Return the places of at most so many values that keep both ends and every spike; none if all may stay.

    Those between the ends are cut into runs whose lengths differ by at most one, longer ones first; of each run stay
    the least and the greatest number, the earlier of equals, or the first value if it has no number.
    """
    count = len(values)
    if count <= most:
        return None
    runs = (most - 2) // 2
    length, longer = divmod(count - 2, runs)
    numpy = numpy_for(count)
    kept = [0]
    middle = 1 + longer * (length + 1)
    for start, many, size in ((1, longer, length + 1), (middle, runs - longer, length)):
        if numpy is None:
            kept += chain(*(_ends(values, begin, begin + size) for begin in range(start, start + many * size, size)))
        elif many:
            kept += _ends_of_runs(numpy, viewed(numpy, values)[start : start + many * size], start, size)
    kept.append(count - 1)
    return kept


def _ends(values: Numbers, start: int, stop: int) -> list[int]:
    """Return the places of the least and the greatest number between two places."""
    numbers = [place for place in range(start, stop) if values[place] == values[place]]
    if not numbers:
        return [start]
    return sorted({min(numbers, key=values.__getitem__), max(numbers, key=values.__getitem__)})


def _ends_of_runs(numpy: Any, view: Any, start: int, size: int) -> list[int]:
    """Return the same for each of several runs of one length that begin at a place."""
    table = view.reshape(-1, size)
    least, greatest = table.argmin(axis=1), table.argmax(axis=1)
    begins = numpy.arange(len(table))
    odd = numpy.isnan(table[begins, least])  # NumPy takes what is no number for the least and the greatest
    for run in numpy.flatnonzero(odd).tolist():
        numbers = numpy.flatnonzero(table[run] == table[run])
        if len(numbers):
            least[run] = numbers[table[run][numbers].argmin()]
            greatest[run] = numbers[table[run][numbers].argmax()]
        else:
            least[run] = greatest[run] = 0
    ends = numpy.sort(numpy.stack((least, greatest), axis=1)) + (start + size * begins)[:, None]
    once = numpy.ones(ends.shape, dtype=bool)
    once[:, 1] = ends[:, 0] != ends[:, 1]
    return ends[once].tolist()  # type: ignore[no-any-return]  # a list of places


# Summing columns up.


def reach(steps: Numbers) -> tuple[int, int, int, int]:
    """Return the least step and its first place, the greatest and its last place."""
    numpy = numpy_for(len(steps))
    if numpy is None:
        low, high = min(steps), max(steps)
        if steps[0] == low and steps[-1] == high:
            return low, 0, high, len(steps) - 1
        return low, steps.index(low), high, len(steps) - 1 - steps[::-1].index(high)
    view = viewed(numpy, steps)
    first, last = int(view.argmin()), len(steps) - 1 - int(view[::-1].argmax())
    return steps[first], first, steps[last], last


def bounds(integers: Numbers) -> tuple[int, int]:
    """Return the least and the greatest of integers."""
    numpy = numpy_for(len(integers))
    if numpy is None:
        return min(integers), max(integers)
    view = viewed(numpy, integers)
    return int(view.min()), int(view.max())


Ends: TypeAlias = tuple[float | None, float | None]
"""The least and the greatest number, -0.0 being less than 0.0; none if there is no number."""


def ends(values: Numbers) -> Ends:
    """Return the least and the greatest number of a column."""
    return ends_of([values])[0]


def ends_of(columns: Sequence[Numbers]) -> list[Ends]:
    """Return the least and the greatest number of each of several columns."""
    lengths = [*map(len, columns)]
    numpy = numpy_for(sum(lengths))
    if numpy is None:
        return [_ends_of_numbers(column.tolist()) for column in columns]
    whole = numpy.frombuffer(columns[0] if len(columns) == 1 else b"".join(columns), dtype="f8")
    if len(set(lengths)) == 1:
        table = whole.reshape(len(columns), -1)
        lows, highs = table.min(axis=1), table.max(axis=1)
    else:
        table = columns
        begins = [0, *accumulate(lengths[:-1])]
        lows, highs = numpy.minimum.reduceat(whole, begins), numpy.maximum.reduceat(whole, begins)
    return [
        (low, high) if low == low and low and high else _ends_of_numbers(_telling(numpy, numpy.asarray(row)))
        for low, high, row in zip(lows.tolist(), highs.tolist(), table, strict=True)
    ]


def _telling(numpy: Any, row: Any) -> list[float]:
    """Return a few numbers that have the same ends as many; with NaN and zeros NumPy needs help."""
    numbers = row[row == row]
    if not len(numbers):
        return []
    zeros = numbers[numbers == 0]
    signs = numpy.signbit(zeros)
    said = [*([-0.0] if signs.any() else []), *([0.0] if len(zeros) and not signs.all() else [])]
    return [float(numbers.min()), float(numbers.max()), *said]


def _ends_of_numbers(values: list[float]) -> Ends:
    if sum(values) != sum(values):  # something is no number, or two infinities met
        values = [value for value in values if value == value]
    return least(values), greatest(values)


def least(values: Sequence[float]) -> float | None:
    """Return the least of some numbers, -0.0 before 0.0, or none."""
    if not values:
        return None
    return min(values) or (-0.0 if any(copysign(1, value) < 0 for value in values if value == 0) else 0.0)


def greatest(values: Sequence[float]) -> float | None:
    """Return the greatest of some numbers, 0.0 after -0.0, or none."""
    if not values:
        return None
    return max(values) or (0.0 if any(copysign(1, value) > 0 for value in values if value == 0) else -0.0)


# Filling steps in.


def lacks(steps: Numbers) -> bool:
    """Return whether some steps are missing."""
    numpy = numpy_for(len(steps))
    return MISSING in steps if numpy is None else bool((viewed(numpy, steps) == MISSING).any())


def filled(steps: Numbers, greatest: int | None) -> tuple[Numbers, Numbers]:
    """Return steps with those filled in that were missing, and these alone; each is the greatest so far plus one.

    Raises:
        OverflowError: there is no step after the greatest.
    """
    count = len(steps)
    if steps.count(MISSING) == count:
        first = 0 if greatest is None else greatest + 1
        if first + count - 1 > GREATEST:
            raise OverflowError("no step is left")
        whole = counted(first, count)
        return whole, whole
    numpy = numpy_for(count)
    low = -1 if greatest is None else greatest
    if numpy is None or not all(abs(one) < 2**62 for one in (low, *_bounds_of_known(steps))):
        return _filled_one_by_one(steps, greatest)
    view = viewed(numpy, steps)
    missing = view == MISSING
    passed = numpy.cumsum(missing)
    heights = numpy.where(missing, MISSING, view - passed)  # what a step amounts to, less those filled in before it
    if greatest is not None or missing[0]:
        heights[0] = low if missing[0] else max(low, int(heights[0]))
    tops = numpy.maximum.accumulate(heights)
    whole = copied("q", numpy.where(missing, tops + passed, view))
    return whole, copied("q", viewed(numpy, whole)[missing])


def _bounds_of_known(steps: Numbers) -> tuple[int, int]:
    """Return the least and the greatest of the steps that are not missing; there are some."""
    known = [step for step in steps if step != MISSING]
    return min(known), max(known)


def _filled_one_by_one(steps: Numbers, greatest: int | None) -> tuple[Numbers, Numbers]:
    whole, given = array("q"), array("q")
    for step in steps:
        if step == MISSING:
            step = 0 if greatest is None else greatest + 1
            given.append(step)
        greatest = step if greatest is None else max(greatest, step)
        whole.append(step)
    return whole, given


# Differences.


def differences(integers: Numbers) -> Numbers:
    """Return how far each integer is from the one before it, 0 for the first; none may be 2**63 or farther."""
    numpy = numpy_for(len(integers))
    if numpy is None:
        return array("q", chain((0,), map(sub, integers[1:], integers)))
    view = viewed(numpy, integers)
    return copied("q", numpy.diff(view, prepend=view[:1]))


def add_up(first: int, integers: Numbers) -> Numbers:
    """Return what began with an integer and had these differences, which may be overwritten."""
    integers[0] = first
    numpy = numpy_for(len(integers))
    if numpy is None:
        return array("q", accumulate(integers))
    view = viewed(numpy, integers)
    numpy.cumsum(view, out=view)
    return integers


def stride(integers: Numbers) -> int | None:
    """Return by how much integers grow from one to the next, if it is always the same and they fit into 64 bits."""
    step = integers[1] - integers[0] if len(integers) > 1 else 0
    if integers[-1] - integers[0] != step * (len(integers) - 1) or abs(step) > GREATEST:
        return None
    numpy = numpy_for(len(integers))
    if numpy is None:
        ramp = array("q", ramped(integers[0], step, len(integers)))
        return step if ramp == integers else None
    view = viewed(numpy, integers)
    return step if (view[1:] - view[:-1] == step).all() else None


def ramped(first: int, step: int, count: int) -> Numbers:
    """Return integers that grow by the same step."""
    numpy = numpy_for(count)
    if numpy is None and step:
        return array("q", range(first, first + step * count, step))
    return add_up(first, array("q", [step]) * count) if step else array("q", [first]) * count


# Bytes.


@define(eq=False)
class Blank:
    """A column of zeros, whose bytes are written little-endian, evenly spread; big machines make their own of them."""

    _code: str
    _bytes: Any
    _numpy: Any
    _column: Any

    @classmethod
    def of(cls, code: str, count: int) -> "Blank":
        """Return so many zeros."""
        numpy = numpy_for(count)
        if numpy is None:
            return cls(code, bytearray(8 * count), None, None)
        column = array(code, [0]) * count
        return cls(code, numpy.frombuffer(column, dtype="u1"), numpy, column)

    def write(self, data: bytes, begin: int, end: int, stride: int = 1) -> None:
        """Write bytes from a place to another, each so far from the one before it; as many as fit, or `ValueError`."""
        if len(data) != len(range(begin, end, stride)):
            raise ValueError(f"{len(data):,} bytes do not fit from {begin:,} to {end:,} by {stride}")
        self._bytes[begin:end:stride] = data if self._numpy is None else self._numpy.frombuffer(data, dtype="u1")

    def finish(self) -> Numbers:
        """Return the column that was written; asked once."""
        if self._column is None:
            self._column = array(self._code)
            self._column.frombytes(self._bytes)
        if sys.byteorder == "big":
            self._column.byteswap()
        return self._column  # type: ignore[no-any-return]  # an array
