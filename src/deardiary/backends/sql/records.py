"""Records of the tail: points of several series as they came together, each array once, little-endian.

The head says which parts of series a record holds, so that these are found without reading the numbers:

    checksum of the head, checksum of the data, count of arrays, the length of each,
    then for each part: series, first number, count, and which arrays are its steps and its times

The data is the arrays, then the values of each part. All of the head are integers of 64 bits.
"""

import zlib
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from struct import Struct

from attrs import define

from deardiary.backends.sql.packing import damaged
from deardiary.core.points import little, native

_INTEGER, _VALUE = Struct("<q"), Struct("<d")


@define(eq=False)
class Segment:
    """Points of one series with numbers that follow one another."""

    series: int
    first: int
    steps: "array[int]"
    values: "array[float]"
    times: "array[int]"

    def __len__(self) -> int:
        return len(self.values)


@define(eq=False)
class Part:
    """Where a record holds points of a series: their numbers, and the places of their arrays in the data."""

    series: int
    first: int
    count: int
    steps: int
    times: int
    values: int


def packed_record(segments: Sequence[Segment]) -> tuple[bytes, bytes]:
    """Return segments as the head and the data of a record."""
    arrays: dict[int, tuple[int, array[int]]] = {}
    said: list[int] = []
    for one in segments:
        values, steps, times = one.values, one.steps, one.times
        if id(steps) not in arrays:
            arrays[id(steps)] = len(arrays), steps
        if id(times) not in arrays:
            arrays[id(times)] = len(arrays), times
        said += one.series, one.first, len(values), arrays[id(steps)][0], arrays[id(times)][0]
    lengths = [len(one) for _, one in arrays.values()]
    data = b"".join([*(little(one) for _, one in arrays.values()), *(little(one.values) for one in segments)])
    return _sealed(array("q", [0, zlib.crc32(data), len(arrays), *lengths, *said])), data


def parts(head: bytes) -> Iterator[Part]:
    """Yield the parts of series that a head announces.

    Raises:
        Corrupt: the head is damaged.
    """
    said = _said(head)
    begins = _begins(said)
    offset = begins.pop()
    for place in range(3 + said[2], len(said), 5):
        series, first, count, steps, times = said[place : place + 5]
        yield Part(series, first, count, begins[steps], begins[times], offset)
        offset += 8 * count


def part_of(head: bytes, series: int) -> Iterator[Part]:
    """Yield the parts of one series that a head announces, of which most have one or none."""
    said = _said(head)
    all = said[3 + said[2] :: 5]
    if series not in all:
        return
    begins, counts = _begins(said), said[5 + said[2] :: 5]
    for index, one in enumerate(all):
        if one == series:
            _, first, count, steps, times = said[3 + said[2] + 5 * index :][:5]
            yield Part(series, first, count, begins[steps], begins[times], begins[-1] + 8 * sum(counts[:index]))


def _begins(said: "array[int]") -> list[int]:
    """Return where each array begins in the data, and where the values do."""
    return [0, *accumulate(8 * length for length in said[3 : 3 + said[2]])]


def changed(head: bytes, data: bytes, part: Part, place: int, value: float) -> tuple[bytes, bytes]:
    """Return the head and the data of a record with another value at one place."""
    at = part.values + 8 * place
    data = b"".join((data[:at], _VALUE.pack(value), data[at + 8 :]))
    said = _said(head)
    said[1] = zlib.crc32(data)
    return _sealed(said), data


def point_at(data: bytes, part: Part, place: int) -> tuple[int, float, int]:
    """Return the step, the value and the time of a point."""
    return (
        _INTEGER.unpack_from(data, part.steps + 8 * place)[0],
        _VALUE.unpack_from(data, part.values + 8 * place)[0],
        _INTEGER.unpack_from(data, part.times + 8 * place)[0],
    )


def check(head: bytes, data: bytes) -> None:
    """Refuse a record that is not as it was written.

    Raises:
        Corrupt: it is damaged.
    """
    if _said(head)[1] != zlib.crc32(data):
        raise damaged("the checksum of a record is another")


def _sealed(said: "array[int]") -> bytes:
    """Return a head with its checksum."""
    rest = little(said[1:])
    return little(array("q", [zlib.crc32(rest)])) + rest


def _said(head: bytes) -> "array[int]":
    if len(head) < 24 or len(head) % 8:
        raise damaged("the head of a record is cut short")
    said = native("q", head)
    if said[0] != zlib.crc32(head[8:]):
        raise damaged("the checksum of a record's head is another")
    return said


@define(eq=False)
class Record:
    """The data of a record, whose arrays are taken out when they are needed, and shared as they were."""

    data: bytes
    _arrays: "dict[int, array[int]]"

    @classmethod
    def of(cls, head: bytes, data: bytes) -> "Record":
        """Return a record, if it is as it was written.

        Raises:
            Corrupt: the data is damaged.
        """
        check(head, data)
        return cls(data, {})

    def segment(self, part: Part) -> Segment:
        """Return the points of a part."""
        steps, times = self._integers(part.steps, part.count), self._integers(part.times, part.count)
        values = native("d", self.data[part.values : part.values + 8 * part.count])
        return Segment(part.series, part.first, steps, values, times)

    def _integers(self, offset: int, count: int) -> "array[int]":
        if offset not in self._arrays:
            self._arrays[offset] = native("q", self.data[offset : offset + 8 * count])
        return self._arrays[offset]


def segments(head: bytes, data: bytes) -> list[Segment]:
    """Return all that a record holds."""
    record = Record.of(head, data)
    return [record.segment(part) for part in parts(head)]
