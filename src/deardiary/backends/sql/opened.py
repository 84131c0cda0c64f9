"""Chunks and records of the tail that have been opened, so that single points of them can be changed."""

from array import array
from bisect import bisect_right

from attrs import define

from deardiary.backends.sql.chunks import Chunk
from deardiary.backends.sql.keeping import Point
from deardiary.backends.sql.records import Part, Segment, changed, packed_record, part_of, point_at, segments


@define(eq=False)
class OpenChunk:
    """A chunk that may be changed."""

    iteration_id: int
    row: Chunk
    numbers: "array[int]"
    steps: "array[int]"
    values: "array[float]"
    times: "array[int]"
    is_changed: bool = False
    is_alone: bool = False
    """Whether its steps and times are no longer those of the series that it was measured with."""

    def place(self, _: int, number: int) -> int | None:
        """Return the place of a number, or none."""
        place = bisect_right(self.numbers, number) - 1
        return place if place >= 0 and self.numbers[place] == number else None

    def at(self, place: int) -> Point:
        """Return the point at a place."""
        return self.steps[place], self.values[place], self.times[place]

    def put(self, place: int, point: Point) -> None:
        """Put a point in the place of another."""
        step, value, time = point
        self.is_changed, self.values[place] = True, value
        if (step, time) != (self.steps[place], self.times[place]):
            self._part_company()
            self.steps[place], self.times[place] = step, time

    def take(self, place: int) -> None:
        """Remove the point at a place."""
        self.is_changed = True
        self._part_company()
        for column in (self.numbers, self.steps, self.values, self.times):
            del column[place]

    def _part_company(self) -> None:
        if not self.is_alone:
            self.is_alone, self.steps, self.times = True, self.steps[:], self.times[:]


@define(eq=False)
class OpenRecord:
    """A record that may be changed: its bytes, or its segments once more than a value has changed."""

    iteration_id: int
    head: bytes
    data: bytes
    segments: list[Segment] | None = None
    is_changed: bool = False

    def place(self, series: int, number: int) -> "tuple[Part | int, int] | None":
        """Return the part or the segment in which a number is, and its place there; or none."""
        if self.segments is None:
            for part in part_of(self.head, series):
                if part.first <= number < part.first + part.count:
                    return part, number - part.first
            return None
        for index, one in enumerate(self.segments):
            if one.series == series and one.first <= number < one.first + len(one):
                return index, number - one.first
        return None

    def at(self, where: "tuple[Part | int, int]") -> Point:
        """Return the point at a place."""
        one, place = where
        if isinstance(one, Part):
            return point_at(self.data, one, place)
        segment = self._parted()[one]
        return segment.steps[place], segment.values[place], segment.times[place]

    def put(self, where: "tuple[Part | int, int]", point: Point) -> None:
        """Put a point in the place of another."""
        step, value, time = point
        known, _, recorded = self.at(where)
        part, place = where
        self.is_changed = True
        if isinstance(part, Part) and (step, time) == (known, recorded):
            self.head, self.data = changed(self.head, self.data, part, place, value)
            return
        one = self._segment(where)
        one.values[place] = value
        if step != known:
            one.steps = one.steps[:]
            one.steps[place] = step
        if time != recorded:
            one.times = one.times[:]
            one.times[place] = time

    def take(self, where: "tuple[Part | int, int]") -> None:
        """Remove the point at a place; what is before it and what is after it become segments of their own."""
        one, place = self._segment(where), where[1]
        left = [_cut(one, 0, place), _cut(one, place + 1, len(one))]
        index = self._parted().index(one)
        self.is_changed, self._parted()[index : index + 1] = True, [part for part in left if len(part)]

    def packed(self) -> tuple[bytes, bytes] | None:
        """Return its head and its data, or none if nothing is left of it."""
        if self.segments is None:
            return self.head, self.data
        return packed_record(self.segments) if self.segments else None

    def _segment(self, where: "tuple[Part | int, int]") -> Segment:
        """Return the segment in which a place is."""
        part, place = where
        all = self._parted()
        if isinstance(part, Part):
            number = part.first + place
            return next(one for one in all if one.series == part.series and 0 <= number - one.first < len(one))
        return all[part]

    def _parted(self) -> list[Segment]:
        if self.segments is None:
            self.segments = segments(self.head, self.data)
        return self.segments


def _cut(one: Segment, start: int, stop: int) -> Segment:
    return Segment(one.series, one.first + start, one.steps[start:stop], one.values[start:stop], one.times[start:stop])


class Nothing:
    """What holds a number that no chunk and no record could hold."""

    def place(self, *_: int) -> None:
        """Return that it is not there."""


NOTHING = Nothing()
