"""Folding: records of the tail become chunks.

What is read in one transaction is packed outside of any, and written in another one that first looks whether all that
was read is still as it was. So nobody waits while numbers are compressed, and whoever else appends, folds, changes or
drops points at the same time wins.
"""

from collections.abc import Sequence
from functools import partial

from attrs import define

from deardiary.backends.sql.bundles import Bundle, insert, packed
from deardiary.backends.sql.chunks import Chunk, Piece, Stamps, chunks, piece_of
from deardiary.backends.sql.engine import Connection, Engine
from deardiary.backends.sql.records import segments
from deardiary.core.errors import Unavailable

SLICE_BYTES = 32 * 1024 * 1024
"""So many bytes of the tail are folded at once, so that they fit into memory and the lock is not held for long."""

PATIENCE_SECONDS = 0.2
"""How long a fold waits for another process that writes; it can be done later."""


@define(eq=False)
class Slice:
    """The oldest records of a run's tail, and the chunks that their points go on from."""

    iteration_id: int
    records: list[tuple[int, int]]
    """The id and the mark of each."""
    open_chunks: list[Chunk]
    pieces: dict[int, list[Piece]]
    """The points of each series, in order."""
    is_last: bool
    """Whether nothing is left in the tail."""


def folded(engine: Engine, iteration_id: int, *, ends: bool = False) -> None:
    """Fold the tail of a run: a slice of it, or all of it when the run ends.

    Raises:
        Unavailable: others have been writing all the time; try again later.
    """
    left = 3
    while left:
        with engine.reading() as connection:
            slice = taken(engine, connection, iteration_id)
        if slice is None:
            return
        bundles = list(packed(slice.pieces))
        is_written = engine.write(
            partial(written, engine, slice, bundles), run=iteration_id, patience_seconds=PATIENCE_SECONDS
        )
        left -= not is_written
        if is_written and (slice.is_last or not ends):
            return
    raise Unavailable(f"the points of run {iteration_id} were changed each time they were to be folded")


def taken(engine: Engine, connection: Connection, iteration_id: int) -> Slice | None:
    """Return what there is to fold, if there is anything worth it."""
    fixed, constant = engine.texts.fixed, engine.constant
    run = constant([iteration_id], "numbers")
    sizes = connection.all(fixed["sizes of a run"], [iteration_id])
    if not sizes:
        return None
    ids: list[int] = []
    room = SLICE_BYTES
    for id, size in sizes:
        if ids and size > room:
            break
        ids.append(id)
        room -= size
    records, parts = [], []
    for id, mark, head, data in connection.all(fixed["records"], [run, constant(ids, "numbers")]):
        records.append((id, mark))
        parts += segments(head, data)
    series = constant(sorted({part.series for part in parts}), "numbers")
    open_chunks = chunks(engine, connection, "open chunks", run, series)
    stamps = Stamps(connection, engine, run)
    stamps.load(chunk.stamps for chunk in open_chunks)
    pieces = {chunk.series: [stamps.piece(chunk)] for chunk in open_chunks}
    for part in parts:
        pieces.setdefault(part.series, []).append(piece_of(part))
    return Slice(iteration_id, records, open_chunks, pieces, len(ids) == len(sizes))


def written(engine: Engine, slice: Slice, bundles: Sequence[Bundle], connection: Connection) -> bool:
    """Put chunks in the place of what they were made of, if that is still as it was."""
    fixed, run = engine.texts.fixed, engine.constant([slice.iteration_id], "numbers")
    records = engine.constant([id for id, _ in slice.records], "numbers")
    chunks = engine.constant([chunk.id for chunk in slice.open_chunks], "numbers")
    there = connection.all(fixed["marks of records"], [run, records])
    open = connection.all(fixed["marks of chunks"], [run, chunks])
    known = [(chunk.id, chunk.mark) for chunk in slice.open_chunks]
    if sorted(there) != slice.records or sorted(open) != sorted(known):
        return False
    mark = max(mark for _, mark in slice.records)
    connection.run(fixed["delete tail"], [run, records])
    connection.run(fixed["delete chunks"], [run, chunks])
    stamps = engine.ids(connection, "stamps", len(bundles))
    insert(engine, connection, slice.iteration_id, bundles, stamps=stamps, mark=mark)
    left = sorted({chunk.stamps for chunk in slice.open_chunks})
    connection.run(fixed["delete stamps"], [run, engine.constant(left, "numbers")])
    return True
