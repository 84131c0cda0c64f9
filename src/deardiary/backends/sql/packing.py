"""Columns of numbers as few bytes: split into byte planes, of which only those are compressed that repeat themselves.

Numbers of 64 bits that stand in a row have high bytes in common and low bytes that are noise. So the first bytes of
all of them are kept together, then the second ones, and so on: a plane of one byte value costs one byte, noise is kept
as it is, and what lies between goes through zlib. A checksum stands before it all.
"""

import zlib
from array import array
from collections.abc import Iterator
from struct import Struct, error

from deardiary.core import columns
from deardiary.core.columns import Blank
from deardiary.core.errors import Corrupt
from deardiary.core.points import little

CONSTANT, RAW, SQUEEZED = 0, 1, 2
"""How a plane is kept."""

PLAIN, DIFFERENCES, RAMP = 0, 1, 2
"""How integers are kept: as they are, as a first one and how much the others grow, or a first one that grows evenly."""

SAMPLE = 1024
"""So many bytes of a plane are compressed to see whether it is noise."""

NOISE = range(244, 256)
"""So many different bytes are among those of a sample of noise; all 256 are rather in one that counts up.

To count them takes a fifth of the time, and does not let go of the interpreter, for which a thread then has to wait.
"""

WORTH = 0.8
"""A plane that keeps more than this part of its size is kept as it is: that is nearly as small, and faster."""

_CHECK, _LENGTH, _FIRST, _RAMP = Struct("<I"), Struct("<I"), Struct("<q"), Struct("<qq")


def packed_floats(values: "array[float]") -> bytes:
    """Return floats as few bytes."""
    return _checked(_planes(little(values)))


def packed_integers(integers: "array[int]") -> bytes:
    """Return integers, of which there is at least one, as few bytes."""
    stride = columns.stride(integers)
    if stride is not None:
        return _checked(bytes([RAMP]) + _RAMP.pack(integers[0], stride))
    low, high = columns.bounds(integers)
    if high - low > columns.GREATEST:
        return _checked(bytes([PLAIN]) + _planes(little(integers)))
    first = _FIRST.pack(integers[0])
    return _checked(bytes([DIFFERENCES]) + first + _planes(little(columns.differences(integers))))


def floats(data: bytes, count: int) -> "array[float]":
    """Return the floats that bytes hold.

    Raises:
        Corrupt: the bytes are damaged.
    """
    blank = Blank.of("d", count)
    unpack_floats(data, blank, 0, count)
    return blank.finish()


def unpack_floats(data: bytes, blank: Blank, at: int, count: int) -> None:
    """Write the floats that bytes hold into a column, from a place on.

    Raises:
        Corrupt: the bytes are damaged.
    """
    _unpack(_sound(data), 0, blank, at, count)


def integers(data: bytes, count: int) -> "array[int]":
    """Return the integers that bytes hold.

    Raises:
        Corrupt: the bytes are damaged.
    """
    body = _sound(data)
    try:
        if body[0] == RAMP:
            first, step = _RAMP.unpack_from(body, 1)
            return columns.ramped(first, step, count)
        blank = Blank.of("q", count)
        if body[0] == PLAIN:
            _unpack(body, 1, blank, 0, count)
            return blank.finish()
        (first,) = _FIRST.unpack_from(body, 1)
        _unpack(body, 1 + _FIRST.size, blank, 0, count)
        return columns.add_up(first, blank.finish())
    except (error, IndexError, OverflowError) as wrong:
        raise damaged(wrong) from None


def damaged(what: object) -> Corrupt:
    """Say that points are not as they were written."""
    return Corrupt(f"points that were kept are damaged: {what!s:.120}")


def _checked(body: bytes) -> bytes:
    return _CHECK.pack(zlib.crc32(body)) + body


def _sound(data: bytes) -> bytes:
    """Return what stands behind a checksum, if it is as it was."""
    body = data[_CHECK.size :]
    if len(data) <= _CHECK.size or _CHECK.unpack_from(data)[0] != zlib.crc32(body):
        raise damaged("the checksum is another")
    return body


def _planes(words: bytes) -> bytes:
    return b"".join(part for place in range(8) for part in _plane(words[place::8]))


def _plane(plane: bytes) -> Iterator[bytes]:
    count = len(plane)
    if plane == plane[:1] * count:
        yield bytes([CONSTANT]) + plane[:1]
        return
    middle = max(count - SAMPLE, 0) // 2
    sample = plane[middle : middle + SAMPLE]
    if len({*sample}) not in NOISE and len(zlib.compress(sample, 1)) < WORTH * len(sample):
        squeezed = zlib.compress(plane, 1)
        if len(squeezed) < WORTH * count:
            yield bytes([SQUEEZED]) + _LENGTH.pack(len(squeezed))
            yield squeezed
            return
    yield bytes([RAW])
    yield plane


def _unpack(body: bytes, offset: int, blank: Blank, at: int, count: int) -> None:
    """Write so many words of eight bytes, whose planes begin at an offset, into a column."""
    begin, end = 8 * at, 8 * (at + count)
    try:
        for place in range(8):
            kind, offset = body[offset], offset + 1
            if kind == CONSTANT:
                plane, offset = body[offset : offset + 1] * count, offset + 1
            elif kind == RAW:
                plane, offset = body[offset : offset + count], offset + count
            elif kind == SQUEEZED:
                (length,) = _LENGTH.unpack_from(body, offset)
                offset += _LENGTH.size + length
                plane = zlib.decompress(body[offset - length : offset], bufsize=count)
            else:
                raise damaged(f"there are no planes of kind {kind}")
            if kind != CONSTANT or plane[0]:
                blank.write(plane, begin + place, end, 8)
        if offset != len(body):
            raise damaged(f"{len(body) - offset:,} bytes are left over")
    except (error, IndexError, ValueError, zlib.error) as wrong:
        raise damaged(wrong) from None
