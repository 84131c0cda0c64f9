"""Chunks: points of one series, compressed, beside the stamps that series share which were measured together."""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from attrs import define, field

from deardiary.backends.sql.engine import Connection, Engine
from deardiary.backends.sql.keeping import Asked
from deardiary.backends.sql.packing import damaged, integers, unpack_floats
from deardiary.backends.sql.records import Record, Segment, part_of, parts
from deardiary.core import columns
from deardiary.core.columns import Blank
from deardiary.core.points import little
from deardiary.core.series import Arrived


@define(eq=False)
class Chunk:
    """A chunk as its row says it."""

    id: int
    mark: int
    series: int
    first: int
    count: int
    stamps: int
    packed_numbers: bytes | None
    data: bytes

    @property
    def numbers(self) -> "array[int]":
        """The numbers of its points."""
        if self.packed_numbers is None:
            return columns.counted(self.first, self.count)
        return integers(self.packed_numbers, self.count)


@define(eq=False)
class Piece:
    """Points of one series in order, whose steps and times may be those of others too."""

    first: int
    count: int
    numbers: "array[int] | None"
    """None, if they follow one another."""
    steps: "array[int]"
    times: "array[int]"
    values: "array[float] | bytes"
    """As they are, or packed."""


@define(eq=False)
class Stamps:
    """The steps and times of chunks of some runs, each unpacked once, and only when needed."""

    connection: Connection
    engine: Engine
    runs: Any
    _rows: dict[int, tuple[int, bytes, bytes]] = field(factory=dict)
    _known: "dict[int, tuple[array[int], array[int]]]" = field(factory=dict)

    def load(self, ids: Iterable[int]) -> None:
        """Read stamps, as they are kept."""
        new = sorted(set(ids).difference(self._rows))
        if new:
            listed = self.engine.constant(new, "numbers")
            rows = self.connection.all(self.engine.texts.fixed["stamps"], [self.runs, listed])
            self._rows.update((id, (count, steps, times)) for id, count, steps, times in rows)

    def of(self, chunk: Chunk) -> "tuple[array[int], array[int]]":
        """Return the steps and times of a chunk.

        Raises:
            Corrupt: they are damaged, or not there.
        """
        id = chunk.stamps
        if id not in self._known:
            count, steps, times = self._rows.get(id, (None, b"", b""))
            if count != chunk.count:
                raise damaged(f"chunk {chunk.id} has no stamps")
            self._known[id] = integers(steps, chunk.count), integers(times, chunk.count)
        return self._known[id]

    def piece(self, chunk: Chunk) -> Piece:
        """Return the points of a chunk."""
        steps, times = self.of(chunk)
        numbers = None if chunk.packed_numbers is None else chunk.numbers
        return Piece(chunk.first, chunk.count, numbers, steps, times, chunk.data)


def piece_of(one: Segment) -> Piece:
    """Return the points of a segment of the tail."""
    return Piece(one.first, len(one.values), None, one.steps, one.times, one.values)


def chunks(engine: Engine, connection: Connection, name: str, *values: Any) -> list[Chunk]:
    """Return the chunks that a fixed statement finds, by series and first number."""
    rows = [Chunk(*row) for row in connection.all(engine.texts.fixed[name], values)]
    return sorted(rows, key=lambda chunk: (chunk.series, chunk.first))


def read(engine: Engine, connection: Connection, asked: Asked, steps: tuple[int, int] | None) -> list[Arrived]:
    """Return the points of some series from chunks and tail, all of those between two steps, and perhaps others."""
    low, high = steps or (columns.MISSING, columns.GREATEST)
    runs, listed = _runs(engine, asked), engine.constant(list(asked), "numbers")
    found = chunks(engine, connection, "chunks of series", runs, listed, low, high)
    pieces: dict[int, list[Piece]] = {}
    stamps = Stamps(connection, engine, runs)
    stamps.load(chunk.stamps for chunk in found)
    for chunk in found:
        pieces.setdefault(chunk.series, []).append(stamps.piece(chunk))
    for series, piece in _of_tail(engine, connection, asked, runs):
        pieces.setdefault(series, []).append(piece)
    return arrived(asked, pieces)


def _runs(engine: Engine, asked: Asked) -> Any:
    return engine.constant(sorted({run for run, _ in asked.values()}), "numbers")


def _of_tail(engine: Engine, connection: Connection, asked: Asked, runs: Any) -> Iterable[tuple[int, Piece]]:
    for _, head, data in connection.all(engine.texts.fixed["tail of runs"], [runs]):
        record = Record.of(head, data)
        wanted = part_of(head, *asked) if len(asked) == 1 else (part for part in parts(head) if part.series in asked)
        for part in wanted:
            yield part.series, piece_of(record.segment(part))


def arrived(asked: Asked, pieces: Mapping[int, Sequence[Piece]]) -> list[Arrived]:
    """Return the points of series by column; series that were measured together share their steps and times."""
    known: dict[Any, tuple[array[int], array[int]]] = {}
    answer = []
    for series, these in pieces.items():
        same = tuple((id(one.steps), id(one.times)) for one in these)
        if same not in known:
            known[same] = (
                columns.joined("q", [one.steps for one in these]),
                columns.joined("q", [one.times for one in these]),
            )
        run, key = asked[series]
        answer.append(Arrived(series, run, key, numbers_of(these), known[same][0], values_of(these), known[same][1]))
    return answer


def numbered(pieces: Sequence[Piece]) -> "range | array[int]":
    """Return the numbers of points that came in pieces; mostly they follow one another."""
    next = pieces[0].first
    for one in pieces:
        if one.numbers is not None or one.first != next:
            break
        next += one.count
    else:
        return range(pieces[0].first, next)
    return columns.joined(
        "q", [columns.counted(one.first, one.count) if one.numbers is None else one.numbers for one in pieces]
    )


def numbers_of(pieces: Sequence[Piece]) -> "array[int]":
    """Return the numbers of points that came in pieces, as a column."""
    numbers = numbered(pieces)
    return columns.counted(numbers.start, len(numbers)) if isinstance(numbers, range) else numbers


def values_of(pieces: Sequence[Piece]) -> "array[float]":
    """Return the values of points that came in pieces."""
    blank, at = Blank.of("d", sum(one.count for one in pieces)), 0
    for one in pieces:
        if isinstance(one.values, bytes):
            unpack_floats(one.values, blank, at, one.count)
        else:
            blank.write(little(one.values), 8 * at, 8 * (at + one.count))
        at += one.count
    return blank.finish()


def pick(engine: Engine, connection: Connection, asked: Asked, numbers: Mapping[int, Collection[int]]) -> list[Arrived]:
    """Return some points of some series by their numbers."""
    fixed, constant, runs = engine.texts.fixed, engine.constant, _runs(engine, asked)
    places = connection.all(fixed["places of chunks"], [runs, constant(list(asked), "numbers")])
    ids = [id for series, first, last, id in places if any(first <= number <= last for number in numbers[series])]
    found = chunks(engine, connection, "chunks", runs, constant(ids, "numbers")) if ids else []
    stamps = Stamps(connection, engine, runs)
    stamps.load(chunk.stamps for chunk in found)
    pieces: dict[int, list[Piece]] = {}
    for chunk in found:
        pieces.setdefault(chunk.series, []).append(stamps.piece(chunk))
    for series, piece in _of_tail(engine, connection, asked, runs):
        if any(piece.first <= number < piece.first + piece.count for number in numbers[series]):
            pieces.setdefault(series, []).append(piece)
    return [
        one.at([place for place, number in enumerate(one.numbers) if number in numbers[one.series]])
        for one in arrived(asked, pieces)
    ]
