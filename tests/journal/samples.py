"""Journals as tests read them: with what carries them, into lists that are easily compared."""

import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from attrs import define, field

from deardiary.core.changes import Append, Batch, Receipt
from deardiary.core.points import Points
from deardiary.journal import owners
from deardiary.journal.carrying import Carrier, Source
from deardiary.journal.hot import Counter, Entries, Hot, Slow
from deardiary.journal.once import Once
from deardiary.journal.owners import OWNER
from deardiary.journal.records import WORD, Shape, first_word, framed, packer, told
from deardiary.journal.writing import Journal
from deardiary.recovery import Left, segments_of

Told = dict[tuple[int, str], list[tuple[int, int, bytes]]]
"""Steps, times and the bits of values, by run and key."""


def bits(value: float) -> bytes:
    return struct.pack("<d", value)


def said(runs: Iterable[Mapping[int, Points]]) -> Told:
    """Return points as they came."""
    found: Told = {}
    for one in runs:
        for run, points in one.items():
            for column in points:
                rows = zip(map(int, column.steps), map(int, column.times), map(bits, column.values), strict=True)
                found.setdefault((run, column.key), []).extend(rows)
    return found


@define(eq=False)
class Taker:
    """A store that takes every batch, and keeps the points."""

    runs: list[Mapping[int, Points]] = field(factory=list)
    places: list[tuple[int, int]] = field(factory=list)
    notes: list[Batch] = field(factory=list)

    def apply(self, batch: Batch) -> Receipt:
        if batch.stream is None:
            self.notes.append(batch)
            return Receipt()
        self.places.append((batch.stream.start, batch.stream.stop))
        appends = [one for one in batch.elements if isinstance(one, Append)]
        self.runs.append({one.iteration_id: one.points for one in appends})
        return Receipt(position=batch.stream.stop)


def carried(source: Source, place: int = 0, *, most: int = 0) -> tuple[Told, Taker]:
    """Return what a journal says from a place on."""
    taker = Taker()
    carrier = Carrier(source, taker, "host", 1, lambda _: None, position=place, stored=place)  # type: ignore[arg-type]
    if most:
        carrier._most = most
    assert carrier.carry()
    return said(taker.runs), taker


def left_in(folder: Path, place: int = 0) -> Left:
    """Return the one journal in a folder, as whoever recovers it finds it."""
    (path,) = folder.glob(f"*{OWNER}")
    owner = owners.read_owner(str(path), path.read_bytes())
    left = Left(str(folder), owner, list(segments_of(str(folder), owner.writer)))
    left.learn(place)
    return left


@define(eq=False)
class Hand:
    """What logs to a journal, as a run does."""

    journal: Journal
    run: int = 1
    entries: Entries = field(factory=dict)
    shapes: dict[tuple[str, ...], int] = field(factory=dict)
    once: Once = field(factory=Once)
    hot: Hot = field(init=False)
    log: Any = field(init=False)
    counter: Counter = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.hot = self.journal.begin()
        self.log, self.counter = self.logger(self.slow)

    def logger(self, slow: Slow, next_step: int = 0) -> tuple[Any, Counter]:
        """Return another way into the journal, with the same shapes."""
        return self.hot.logger(self.entries, slow, next_step, self.once)

    def slow(self, metrics: Mapping[str, float], step: int | None, commit: bool, _: Any) -> None:
        self.once.do(lambda: self._write(metrics, step, commit))

    def _write(self, metrics: Mapping[str, float], step: int | None, commit: bool) -> None:
        keys = tuple(metrics)
        pack = packer(len(keys))
        if keys not in self.shapes:
            shape = self.journal.define(self.run, keys)
            self.entries[keys] = first_word(shape.number, pack.size // WORD), pack.size, pack.pack
            self.shapes[keys] = shape.number
        body = pack.pack(0, self.counter.take(step, commit), 1.0, *metrics.values(), 0)[WORD:-WORD]
        self.journal.put(self.shapes[keys], body)


# Records, written by hand.


@define
class Script:
    """Records that follow one another in a segment."""

    at: int
    data: bytearray = field(factory=bytearray)
    starts: list[int] = field(factory=list)
    """Where each record begins."""

    def put(self, sign: int, body: bytes) -> None:
        self.starts.append(len(self.data))
        self.data += framed(sign, body, self.at + len(self.data))

    def define(self, shape: Shape) -> None:
        self.put(1, told(shape.defined()))

    def points(self, shape: Shape, step: int, seconds: float, values: Iterable[float]) -> None:
        self.starts.append(len(self.data))
        pack = packer(len(shape.keys))
        end = self.at + len(self.data) + pack.size
        record = pack.pack(0, step, seconds, *values, end)
        self.data += first_word(shape.number, pack.size // WORD) + record[WORD:]
