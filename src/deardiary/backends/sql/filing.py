"""The points that one batch writes: records at the end of the tail, and changes in the midst of it and of chunks.

A batch may change many points of one chunk. So what was opened stays open until it is flushed.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from attrs import define, field

from deardiary.backends.sql.engine import Connection, Engine
from deardiary.backends.sql.keeping import Point
from deardiary.backends.sql.packing import floats, packed_floats, packed_integers
from deardiary.backends.sql.records import Segment, check, packed_record, part_of
from deardiary.core import columns

if TYPE_CHECKING:
    from deardiary.backends.sql.opened import Nothing, OpenChunk, OpenRecord

# What only chunks need is imported when there is one: a small program has none.

DIRECT_ROWS = 4096
"""From so many points of each series on, they are kept as chunks at once."""


@define(eq=False)
class Appended:
    """What a batch has added to the tail of a run."""

    series: set[int] = field(factory=set)
    points: int = 0
    records: int = 0
    size_bytes: int = 0


@define(eq=False)
class TailFiling:
    """The points that one batch writes to the tail and to chunks."""

    engine: Engine
    connection: Connection
    mark: int
    then: Callable[[dict[int, Appended], Iterable[int]], None]
    """Is told after the commit what was added to the tail, and which runs have ended."""
    appended: dict[int, Appended] = field(factory=dict)
    _heads: dict[int, list[tuple[Any, ...]]] = field(factory=dict)
    """The ids and heads of the records of a run."""
    _in_tail: dict[int, list[tuple[int, ...]]] = field(factory=dict)
    """Where the numbers of a series begin in the tail: the first of each part, and its record."""
    _in_chunks: dict[int, list[tuple[int, ...]]] = field(factory=dict)
    """Where they begin and end in chunks: the first and the last of each, and the chunk."""
    _records: "dict[int, OpenRecord]" = field(factory=dict)
    _chunks: "dict[int, OpenChunk]" = field(factory=dict)
    _stamps: Iterator[int] | None = None

    def append(self, iteration_id: int, segments: list[Segment], /) -> None:
        """Add a record to the tail; or chunks at once, if there are so many points that they would be folded next."""
        if not segments:
            return
        if min([len(one.values) for one in segments]) >= DIRECT_ROWS and not self._all("has tail", iteration_id)[0][0]:
            self._append_chunks(iteration_id, segments)
            return
        head, data = packed_record(segments)
        self._run("insert tail", iteration_id, self.mark, head, data)
        self._heads.pop(iteration_id, None)
        self._in_tail.clear()
        noted = self.appended.get(iteration_id)
        if noted is None:
            noted = self.appended[iteration_id] = Appended()
        noted.series.update([one.series for one in segments])
        noted.points += sum([len(one.values) for one in segments])
        noted.records += 1
        noted.size_bytes += len(head) + len(data)

    def _append_chunks(self, iteration_id: int, segments: list[Segment]) -> None:
        """Write points as chunks; there is nothing in the tail that would have to come before them."""
        from deardiary.backends.sql.bundles import insert, packed
        from deardiary.backends.sql.chunks import piece_of

        bundles = list(packed({one.series: [piece_of(one)] for one in segments}))
        stamps = self._new_stamps(len(bundles))
        insert(self.engine, self.connection, iteration_id, bundles, stamps=stamps, mark=self.mark)
        for one in segments:
            self._in_chunks.pop(one.series, None)

    def point(self, iteration_id: int, series: int, number: int, /) -> Point | None:
        """Return a point, or none."""
        opened = self._opened(iteration_id, series, number)
        place = opened.place(series, number)
        return None if place is None else opened.at(place)

    def change(self, iteration_id: int, series: int, number: int, point: Point, /) -> None:
        """Put another point in the place of one that is there."""
        opened = self._opened(iteration_id, series, number)
        opened.put(opened.place(series, number), point)

    def remove(self, iteration_id: int, series: int, number: int, /) -> None:
        """Remove a point that is there."""
        opened = self._opened(iteration_id, series, number)
        opened.take(opened.place(series, number))

    def forget(self, iterations: Collection[int], series: Collection[int], /) -> None:
        """Remove all points of some runs, whose series these are."""
        self.flush()
        for known in (self._heads, self._in_tail, self._in_chunks, self._records, self._chunks):
            known.clear()
        for run in iterations:
            self.appended.pop(run, None)
        runs = self._listed(iterations)
        self._run("forget tail", runs)
        self._run("forget chunks", runs, self._listed(series))
        self._run("forget stamps", runs)

    def flush(self) -> None:
        """Write what has been changed."""
        for id, record in self._records.items():
            if record.is_changed:
                record.is_changed, packed = False, record.packed()
                if packed is None:
                    self._run("delete tail", self._listed([record.iteration_id]), self._listed([id]))
                else:
                    self._run("update tail", self.mark, *packed, id, record.iteration_id)
        left = {self._flushed(one): one.iteration_id for one in self._chunks.values() if one.is_changed}
        left.pop(0, None)
        if left:
            self._run("delete stamps", self._listed(set(left.values())), self._listed(left))

    def _flushed(self, one: "OpenChunk") -> int:
        """Write a chunk, and return the stamps that it may be the last to have left, or 0."""
        one.is_changed, row, left = False, one.row, 0
        if one.is_alone:
            left, one.is_alone = row.stamps, False
            if not one.numbers:
                self._run("delete chunks", self._listed([one.iteration_id]), self._listed([row.id]))
                return left
            row.stamps = self._stamped(one)
        first, last, count = one.numbers[0], one.numbers[-1], len(one.numbers)
        numbers = None if last - first == count - 1 else packed_integers(one.numbers)
        bounds = columns.bounds(one.steps)
        said = first, last, count, *bounds, row.stamps, self.mark, numbers, packed_floats(one.values)
        self._run("update chunk", *said, row.id, one.iteration_id)
        return left

    def _stamped(self, one: "OpenChunk") -> int:
        """Keep the stamps of a chunk that shares them no longer, and return their id."""
        id = next(self._new_stamps(1))
        said = packed_integers(one.steps), packed_integers(one.times)
        self._run("insert stamps", id, one.iteration_id, len(one.steps), *said)
        return id

    def _new_stamps(self, count: int) -> Iterator[int]:
        """Return the ids of new stamps, which are likely to be so many."""
        if self._stamps is None:
            self._stamps = self.engine.ids(self.connection, "stamps", count)
        return self._stamps

    def committed(self, ended: Iterable[int], /) -> None:
        """Fold what is due after the batch."""
        self.then(self.appended, ended)

    # Finding.

    def _opened(self, iteration_id: int, series: int, number: int) -> Any:
        """Return the chunk or the record that alone could hold a number."""
        if series not in self._in_chunks:
            rows = self._all("places of chunks", self._listed([iteration_id]), self._listed([series]))
            self._in_chunks[series] = sorted(row[1:] for row in rows)
        known = self._in_chunks[series]
        if known and number <= known[-1][1]:
            return self._chunk(iteration_id, _holder(known, number))
        if iteration_id not in self._heads:
            self._heads[iteration_id] = self._all("heads of a run", iteration_id)
        if series not in self._in_tail:
            heads = self._heads[iteration_id]
            self._in_tail[series] = [(part.first, id) for id, head in heads for part in part_of(head, series)]
        return self._record(iteration_id, _holder(self._in_tail[series], number))

    def _chunk(self, iteration_id: int, id: int) -> "OpenChunk | Nothing":
        from deardiary.backends.sql.chunks import Stamps, chunks
        from deardiary.backends.sql.opened import NOTHING, OpenChunk

        if id and id not in self._chunks:
            run = self._listed([iteration_id])
            (row,) = chunks(self.engine, self.connection, "chunks", run, self._listed([id]))
            stamps = Stamps(self.connection, self.engine, run)
            stamps.load([row.stamps])
            values = floats(row.data, row.count)
            steps, times = stamps.of(row)
            self._chunks[id] = OpenChunk(iteration_id, row, row.numbers, steps, values, times)
        return self._chunks.get(id, NOTHING)

    def _record(self, iteration_id: int, id: int) -> "OpenRecord | Nothing":
        from deardiary.backends.sql.opened import NOTHING, OpenRecord

        if id and id not in self._records:
            ((head, data),) = self._all("record", id, iteration_id)
            check(head, data)
            self._records[id] = OpenRecord(iteration_id, head, data)
        return self._records.get(id, NOTHING)

    def _all(self, name: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.connection.all(self.engine.texts.fixed[name], values)

    def _run(self, name: str, *values: Any) -> None:
        self.connection.run(self.engine.texts.fixed[name], values)

    def _listed(self, ids: Collection[int]) -> Any:
        return self.engine.constant(list(ids), "numbers")


def _holder(begins: list[tuple[int, ...]], number: int) -> int:
    """Return the id, said last, of what begins last at a number or before it; or 0."""
    place = bisect_right(begins, number, key=lambda one: one[0]) - 1
    return begins[place][-1] if place >= 0 else 0
