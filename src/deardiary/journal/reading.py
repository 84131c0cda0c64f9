"""A part of a journal as points: records of many shapes, turned into columns for each run."""

import struct
import sys
from array import array
from collections.abc import Iterator, Mapping, MutableMapping
from itertools import pairwise, repeat
from operator import mul
from typing import Any

from attrs import define, field, frozen

from deardiary.core.alike import Alike
from deardiary.core.errors import Corrupt, Invalid
from deardiary.core.points import Column, Points
from deardiary.journal.records import COLUMNS, DEFINE, FIRST_SHAPE, FRAME, NOTE, SEAL, TURN, WORD, Seal, Shape, text_in

BATCH_BYTES = 2**23
"""How much of a journal one batch carries: enough to be fast, and little enough to hold no lock for long."""
_LARGE = 100_000
"""From how many points on NumPy is worth importing."""
_LONG = 8
"""From how many records of one size in a row on they are taken as a table."""
_LOOKED_AT = 2**17
"""How many words are gone over record by record before it is looked again for many alike."""
_MASK = 2**32 - 1
_SECOND = 1_000_000
_LATEST = 2**63 / 1_000_000 - 1


@define(eq=False)
class Rows:
    """Rows that were logged together: where each stood, and a column of values for each key."""

    shape: Shape
    places: Any
    steps: Any
    times: Any
    """Microseconds."""
    values: list[Any]


@frozen(eq=False, repr=False)
class Cut(Alike):
    """A part of a journal, read to its end."""

    stop: int
    """The offset in the segment up to which it was read."""
    runs: Mapping[int, Points] = field(factory=dict)
    note: Any = None
    """What is to be done after the points."""
    is_turned: bool = False
    """Whether it goes on in the next segment."""
    needed: int = 0
    """How long the next record is, if it was cut."""
    seals: tuple[Seal, ...] = ()

    def __len__(self) -> int:
        return sum(map(len, self.runs.values()))


def cut(data: bytes, at: int, shapes: MutableMapping[int, Shape], *, is_sound: bool = False) -> Cut:
    """Return what stands in bytes of a segment from an offset on: up to a note, a turn, or what is no record.

    Args:
        is_sound: whether all of it was written to its end by this very process, so that no end need be looked at.

    Raises:
        Corrupt: a record says what makes no sense.
    """
    try:
        return _cut(data, at, shapes, is_sound=is_sound)
    except (KeyError, ValueError, TypeError, OverflowError, struct.error, Invalid) as error:
        raise Corrupt(f"what stands after the byte {at:,} of a segment makes no sense: {error!r:.80}") from error


def _cut(data: bytes, at: int, shapes: MutableMapping[int, Shape], *, is_sound: bool) -> Cut:
    numpy = _numpy(len(data))
    words = memoryview(data)[: len(data) // WORD * WORD].cast("q") if sys.byteorder == "little" else _turned(data)
    rows: list[Rows] = []
    seals: list[Seal] = []
    note, is_turned, needed, i = None, False, 0, 0
    while i < len(words):
        head = words[i]
        sign, size = head & _MASK, head >> 32
        if size < FRAME or i + size > len(words):
            needed = size * WORD if size >= FRAME else 0
            break
        if words[i + size - 1] != at + (i + size) * WORD:
            break
        if sign >= FIRST_SHAPE:
            i = _points(numpy, data, words, i, at, shapes, rows, is_sound=is_sound)
            continue
        body = memoryview(data)[(i + 1) * WORD : (i + size - 1) * WORD]
        match sign:
            case 1:  # DEFINE
                said = text_in(body)
                shapes[said["shape"]] = Shape(said["shape"], said["run"], tuple(said["keys"]))
            case 2:  # COLUMNS
                rows.append(_columns(body, i, shapes))
            case 3:  # SEAL
                seals.append(Seal.read(body))
            case 4:  # NOTE
                if rows:
                    break
                note = text_in(body)
            case 5:  # TURN
                is_turned = True
            case _:
                break
        i += size
        if note is not None or is_turned:
            break
    runs = dict(_gathered(numpy, rows))
    return Cut(at + i * WORD, runs, note, is_turned, needed, tuple(seals))


assert (DEFINE, COLUMNS, SEAL, NOTE, TURN) == (1, 2, 3, 4, 5)  # as the cases above say


def _numpy(size: int) -> Any:
    """Return NumPy, if it is there and worth it."""
    if "numpy" not in sys.modules and size < _LARGE * WORD:
        return None
    try:
        import numpy
    except ImportError:
        return None
    return numpy


def _turned(data: bytes) -> memoryview:
    """Return words of bytes, on a machine that keeps the great end first."""
    found = array("q", data[: len(data) // WORD * WORD])
    found.byteswap()
    return memoryview(found)


# Points.


def _points(
    numpy: Any,
    data: bytes,
    words: Any,
    i: int,
    at: int,
    shapes: Mapping[int, Shape],
    rows: list[Rows],
    *,
    is_sound: bool,
) -> int:
    """Take records of points from a word on, and return the word after them."""
    if _is_long(numpy, words, i):
        if numpy is not None:
            return _table(numpy, data, words, i, at, shapes, rows)
        count = _alike(words, i, at, is_sound=is_sound)
        if count:
            head, size = words[i], words[i] >> 32
            rows.append(_slices(data, shapes[head & _MASK], i, count, size))
            return int(i + count * size)
    heads: dict[int, list[int]] = {}
    end = len(words)
    most = i + _LOOKED_AT
    while i < most and i < end:
        head = words[i]
        j = i + (head >> 32)
        if (head & _MASK) < FIRST_SHAPE or not i < j <= end or words[j - 1] != at + j * WORD:
            break
        if head in heads:
            heads[head].append(i)
        elif heads and _is_long(numpy, words, i):
            break
        else:
            heads[head] = [i]
        i = j
    for head, found in heads.items():
        rows.append(_picked(numpy, data, shapes[head & _MASK], found, head >> 32))
    return i


def _alike(words: Any, i: int, at: int, *, is_sound: bool) -> int:
    """Return how many records follow one another from a word on that are like the first."""
    head, size = words[i], words[i] >> 32
    whole, count = (len(words) - i) // size, 64
    while True:
        count = min(count, whole)
        stop = i + count * size
        heads = words[i:stop:size].tolist()
        if heads.count(head) != count:
            count = next(n for n in range(count) if heads[n] != head)
            stop, whole = i + count * size, count
        if not is_sound:
            ends = words[i + size - 1 : stop : size].tolist()
            wanted = range(at + (i + size) * WORD, at + (stop + size) * WORD, size * WORD)
            if ends != list(wanted):
                return next(n for n in range(count) if ends[n] != wanted[n])
        if count == whole:
            return int(count)
        count *= 8


def _is_long(numpy: Any, words: Any, i: int) -> bool:
    """Return whether several records follow one another that can be taken together: of one size, or all alike."""
    head = words[i]
    size = head >> 32
    if i + _LONG * size > len(words):
        return False
    following = [words[i + n * size] for n in range(1, _LONG)]
    return following.count(head) == _LONG - 1 or (numpy is not None and all(one >> 32 == size for one in following))


def _table(numpy: Any, data: bytes, words: Any, i: int, at: int, shapes: Mapping[int, Shape], rows: list[Rows]) -> int:
    """Take records of one size that follow one another, whatever their shapes."""
    size = words[i] >> 32
    count = (len(words) - i) // size
    whole = numpy.frombuffer(data, "<i8", count * size, i * WORD).reshape(count, size)
    heads = whole[:, 0]
    ends = at + (i + numpy.arange(1, count + 1) * size) * WORD
    good = (heads >> 32 == size) & (heads & _MASK >= FIRST_SHAPE) & (whole[:, -1] == ends)
    if not good.all():
        count = int(good.argmin())
        whole, heads = whole[:count], heads[:count]
    places = i + numpy.arange(count) * size
    if (heads == heads[0]).all():
        rows.append(_rows_of(numpy, shapes[int(heads[0]) & _MASK], whole, places))
    else:
        order = heads.argsort(kind="stable")
        rows.extend(_parted(numpy, whole[order], places[order], shapes))
    return int(i + count * size)


def _moments(numpy: Any, seconds: Any) -> Any:
    """Return times in microseconds, of times in seconds, which damage may have made of anything."""
    if not (numpy.abs(seconds) <= _LATEST).all():
        raise ValueError("a time is no time")
    return numpy.rint(seconds * _SECOND).astype("i8")


def _parted(numpy: Any, whole: Any, places: Any, shapes: Mapping[int, Shape]) -> Iterator[Rows]:
    """Yield the rows of each shape, of records of one size that are sorted by their shapes."""
    floats, heads = whole.view("<f8"), whole[:, 0]
    starts = numpy.flatnonzero(numpy.diff(heads, prepend=-1)).tolist()
    steps = _array("q", numpy.ascontiguousarray(whole[:, 1]))
    times = _array("q", _moments(numpy, floats[:, 2]))
    values = [_array("d", numpy.ascontiguousarray(floats[:, n])) for n in range(3, whole.shape[1] - 1)]
    for start, stop in pairwise([*starts, len(whole)]):
        shape = shapes[int(heads[start]) & _MASK]
        columns = [column[start:stop] for column in values]
        yield Rows(shape, places[start:stop], steps[start:stop], times[start:stop], columns)


def _rows_of(numpy: Any, shape: Shape, whole: Any, places: Any) -> Rows:
    """Return a table of records of one shape as rows."""
    floats = whole.view("<f8")
    times = _moments(numpy, floats[:, 2])
    values = [numpy.ascontiguousarray(floats[:, 3 + n]) for n in range(len(shape.keys))]
    return Rows(shape, places, numpy.ascontiguousarray(whole[:, 1]), times, values)


def _picked(numpy: Any, data: bytes, shape: Shape, found: list[int], size: int) -> Rows:
    """Return the records of one shape that begin at some words."""
    if numpy is not None:
        places = numpy.array(found)
        whole = numpy.frombuffer(data, "<i8", len(data) // WORD)
        return _rows_of(numpy, shape, whole[places[:, None] + numpy.arange(size)], places)
    if sys.byteorder == "big":
        return _unpacked(data, shape, found)
    longs, floats = _views(data)
    steps = array("q", [longs[i + 1] for i in found])
    columns = [array("d", [floats[i + n] for i in found]) for n in range(2, 3 + len(shape.keys))]
    return Rows(shape, found, steps, _micros(columns[0]), columns[1:])


def _slices(data: bytes, shape: Shape, first: int, count: int, size: int) -> Rows:
    """Return records of one shape that follow one another."""
    places = range(first, first + count * size, size)
    if sys.byteorder == "big":
        return _unpacked(data, shape, list(places))
    longs, floats = _views(data)
    stop = first + count * size
    columns = [array("d", floats[first + n : stop : size].tobytes()) for n in range(2, 3 + len(shape.keys))]
    steps = array("q", longs[first + 1 : stop : size].tobytes())
    return Rows(shape, places, steps, _micros(columns[0]), columns[1:])


def _micros(seconds: "array[float]") -> "array[int]":
    return array("q", map(round, map(mul, seconds, repeat(_SECOND))))


def _views(data: bytes) -> tuple[Any, Any]:
    whole = memoryview(data)[: len(data) // WORD * WORD]
    return whole.cast("q"), whole.cast("d")


def _unpacked(data: bytes, shape: Shape, found: list[int]) -> Rows:
    """Return records one by one, on a machine that keeps the great end first."""
    pack = struct.Struct(f"<qd{len(shape.keys)}d")
    told = [pack.unpack_from(data, (i + 1) * WORD) for i in found]
    steps, times, *values = zip(*told, strict=True)
    return Rows(
        shape,
        found,
        array("q", steps),
        array("q", [round(t * _SECOND) for t in times]),
        [array("d", v) for v in values],
    )


def _columns(body: memoryview, i: int, shapes: Mapping[int, Shape]) -> Rows:
    """Return the rows of a record of columns."""
    number, count = struct.unpack_from("<qq", body)
    shape = shapes[number]
    parts, at = [], 2 * WORD
    for code in "qq" + "d" * len(shape.keys):
        part: array[Any] = array(code)
        part.frombytes(body[at : at + count * WORD])
        if sys.byteorder == "big":
            part.byteswap()
        parts.append(part)
        at += count * WORD
    return Rows(shape, [i] * count, parts[0], parts[1], parts[2:])


# Columns.


def _gathered(numpy: Any, rows: list[Rows]) -> Iterator[tuple[int, Points]]:
    """Yield the points of each run; what was logged together shares its steps and times."""
    runs: dict[int, dict[str, list[tuple[Rows, int]]]] = {}
    for one in rows:
        keys = runs.setdefault(one.shape.run, {})
        for n, key in enumerate(one.shape.keys):
            keys.setdefault(key, []).append((one, n))
    for run, keys in runs.items():
        shared: dict[Any, tuple[array[int], array[int], Any]] = {}
        yield run, Points(tuple(_column(numpy, key, parts, shared) for key, parts in keys.items()))


def _column(numpy: Any, key: str, parts: list[tuple[Rows, int]], shared: dict[Any, Any]) -> Column:
    said = tuple(id(one) for one, _ in parts)
    if said not in shared:
        order = _order(numpy, parts)
        steps = _array("q", _joined(numpy, [one.steps for one, _ in parts], order))
        shared[said] = steps, _array("q", _joined(numpy, [one.times for one, _ in parts], order)), order
    steps, times, order = shared[said]
    values = _array("d", _joined(numpy, [one.values[n] for one, n in parts], order))
    return Column(key=key, values=values, times=times, steps=steps)


def _order(numpy: Any, parts: list[tuple[Rows, int]]) -> Any:
    """Return in which order rows of several shapes were logged; none if it is the one that they stand in."""
    ends = [(one.places[0], one.places[-1]) for one, _ in parts]
    if all(last[1] < first[0] for last, first in pairwise(ends)):
        return None
    if numpy is not None:
        return numpy.concatenate([one.places for one, _ in parts]).argsort(kind="stable")
    places = [place for one, _ in parts for place in one.places]
    return sorted(range(len(places)), key=places.__getitem__)


def _joined(numpy: Any, columns: list[Any], order: Any) -> Any:
    if len(columns) == 1:
        return columns[0]
    if numpy is not None:
        whole = numpy.concatenate(columns)
        return whole if order is None else whole[order]
    found: array[Any] = array(columns[0].typecode)
    for column in columns:
        found.extend(column)
    return found if order is None else array(found.typecode, [found[n] for n in order])


def _array(code: str, column: Any) -> "array[Any]":
    if isinstance(column, array):
        return column
    found: array[Any] = array(code)
    found.frombytes(memoryview(column).cast("B"))
    return found
