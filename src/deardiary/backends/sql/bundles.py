"""Bundles: chunks of several series that were measured together, packed, and written with the stamps they share."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import define

from deardiary.backends.sql.chunks import Piece, numbered, values_of
from deardiary.backends.sql.engine import Connection, Engine
from deardiary.backends.sql.names import LONGEST
from deardiary.backends.sql.packing import packed_floats, packed_integers
from deardiary.core import columns


@define(eq=False)
class Bundle:
    """Chunks of several series that share their stamps, packed."""

    count: int
    low: int
    high: int
    steps: bytes
    times: bytes
    rows: list[tuple[int, int, int, bytes | None, bytes]]
    """The series, the first number, the last, the numbers if some are missing, and the values of each."""


def packed(given: Mapping[int, Sequence[Piece]]) -> Iterator[Bundle]:
    """Yield the points of series as chunks; series whose points have the same steps and times share their stamps."""
    alike: dict[Any, list[int]] = {}
    for series, pieces in given.items():
        alike.setdefault(tuple((id(one.steps), id(one.times)) for one in pieces), []).append(series)
    stamped: dict[tuple[bytes, bytes], tuple[list[int], array[int], array[int]]] = {}
    for together in alike.values():
        pieces = given[together[0]]
        steps = columns.joined("q", [one.steps for one in pieces])
        times = columns.joined("q", [one.times for one in pieces])
        stamped.setdefault((steps.tobytes(), times.tobytes()), ([], steps, times))[0].extend(together)
    for together, steps, times in stamped.values():
        whole = [(one, numbered(given[one]), values_of(given[one])) for one in together]
        size = -(-len(steps) // -(-len(steps) // LONGEST))  # as few chunks as can be, of about the same length
        for start in range(0, len(steps), size):
            yield _bundle(whole, steps[start : start + size], times[start : start + size], start)


def _bundle(
    whole: "Sequence[tuple[int, range | array[int], array[float]]]",
    steps: "array[int]",
    times: "array[int]",
    start: int,
) -> Bundle:
    count = len(steps)
    low, high = columns.bounds(steps)
    rows = []
    for series, numbers, values in whole:
        first, last = numbers[start], numbers[start + count - 1]
        holes = None if last - first == count - 1 else packed_integers(array("q", numbers[start : start + count]))
        rows.append((series, first, last, holes, packed_floats(values[start : start + count])))
    return Bundle(count, low, high, packed_integers(steps), packed_integers(times), rows)


def insert(
    engine: Engine,
    connection: Connection,
    iteration_id: int,
    bundles: Sequence[Bundle],
    *,
    stamps: Iterator[int],
    mark: int,
) -> None:
    """Write the chunks of a run, whose stamps get these ids."""
    fixed = engine.texts.fixed
    for one in bundles:
        id = next(stamps)
        connection.run(fixed["insert stamps"], [id, iteration_id, one.count, one.steps, one.times])
        rows = [
            (iteration_id, series, first, last, one.count, one.low, one.high, id, mark, numbers, values)
            for series, first, last, numbers, values in one.rows
        ]
        connection.many(fixed["insert chunk"], rows)
