"""How a journal comes to its diary: cut into batches by offsets, so that whoever carries it, nothing comes twice."""

import time
from array import array
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from attrs import define, field

from deardiary.core.changes import Append, Batch, Patch, Stream
from deardiary.core.conditions import by_id
from deardiary.core.entities import Iteration
from deardiary.core.errors import Corrupt, DearDiaryError, Invalid, Misplaced, StorageFull, Unavailable
from deardiary.core.points import Column, Points
from deardiary.core.queries import Query
from deardiary.core.shapes import instant, micros, now
from deardiary.core.stores import Store
from deardiary.journal.reading import BATCH_BYTES, Cut, cut
from deardiary.journal.records import Shape
from deardiary.journal.segments import Segment

COUNTED_BYTES = 2**26
"""Up to which size a journal is counted."""


class Source(Protocol):
    """A journal as it is read: that of this process, or one that was left."""

    shapes: dict[int, Shape]
    is_sound: bool
    """Whether all that it reads was written to its end."""

    @property
    def writer(self) -> str:
        """Return by what the diary knows whose journal it is."""
        ...

    def read(self, start: int, most: int) -> tuple[Segment, int, bytes] | None:
        """Return a segment, an offset in it and bytes from a place on; none if nothing stands there."""
        ...

    def learn(self, place: int) -> None:
        """Know the shapes that were defined before a place, to go on from there."""
        ...


class Away(Exception):
    """The diary takes nothing now; its error is the cause."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error) or type(error).__name__)
        self.error = error


@define(eq=False)
class Refusal:
    """Points of a run that the diary refused, and why."""

    run: int
    points: Points
    error: DearDiaryError
    name: str
    """What it is known by, however often the points are cut."""


@define(eq=False)
class Carrier:
    """Carries one journal to a store."""

    source: Source
    store: Store
    host: str
    pid: int
    refused: Callable[[Refusal], None]
    """What keeps points that were refused."""
    seen: Callable[[Mapping[int, Points]], None] = lambda _: None
    """What learns of points, before the store does."""
    noted: Callable[[Any, DearDiaryError | None], None] = lambda *_: None
    """What learns that a note was followed, or refused."""
    clock: Callable[[Mapping[int, Points]], datetime] = lambda _: now()
    """What a batch says of when it was sent."""
    position: int = 0
    """Where the next part begins."""
    stored: int = 0
    """Where the store knows the writer to stand."""
    carried: int = 0
    """How many points were taken."""
    seconds: float = 0.0
    """How long the last batch took."""
    _most: int = field(default=BATCH_BYTES)
    _kept: set[str] = field(factory=set)
    """The names of what has been kept already."""

    def carry(self, *, until: float | None = None) -> bool:
        """Carry what there is, and return whether nothing is left; stop after a moment of the monotonic clock.

        Raises:
            Away: the diary takes nothing now.
        """
        if self.position < self.stored:  # an exception came between the two
            self._stand(self.stored)
        while True:
            part = self._next(self.position)
            if part is None:
                return True
            self._take(*part)
            if until is not None and time.monotonic() >= until:
                return self._next(self.position) is None

    def peek(self) -> None:
        """Have the points seen that are on their way, as far as one batch carries them."""
        part = self._next(self.position)
        if part is not None:
            self.seen(part[0].runs)

    def count(self) -> tuple[int, bool]:
        """Return how many points are on their way, and whether these are all: great journals are not counted whole."""
        count, place = 0, self.position
        while place - self.position < COUNTED_BYTES:
            part = self._next(place)
            if part is None:
                return count, True
            count, place = count + len(part[0]), part[1]
        return count, False

    def _next(self, place: int) -> tuple[Cut, int] | None:
        """Return the part from a place on, and the place after it; none if there is nothing more."""
        most = self._most
        while True:
            found = self.source.read(place, most)
            if found is None:
                return None
            segment, at, data = found
            part = cut(data, at, self.source.shapes, is_sound=self.source.is_sound)
            if part.is_turned:
                return part, segment.stop
            if part.stop > at:
                return part, segment.start + part.stop
            if part.needed <= most or len(data) < most:
                return None
            most = part.needed

    def _take(self, part: Cut, stop: int) -> None:
        if part.runs:
            self.seen(part.runs)
            self._send(dict(part.runs), stop)
        elif part.note is not None:
            self._follow(part.note)
            self.position = stop
        else:
            self.position = stop

    def _send(self, runs: dict[int, Points], stop: int) -> None:
        """Send points as one batch, without those that are refused."""
        while True:
            stream = Stream(
                writer=self.source.writer,
                host=self.host,
                pid=self.pid,
                at=self.clock(runs),
                start=self.stored,
                stop=stop,
            )
            batch = Batch([Append(run, points) for run, points in runs.items()], stream=stream)
            try:
                self._apply(batch)
            except Misplaced as error:
                if error.position < self.stored or error.position > stop:
                    said = f"the diary has {error.position:,} bytes of a journal, and we {stop:,}"
                    raise Away(Corrupt(said)) from error
                self._stand(error.position)
                return
            except DearDiaryError as error:
                if not runs:
                    raise Away(error) from error
                if self._is_cut_smaller(error, runs):
                    return
                self._refuse(error, runs)
            else:
                self._most = BATCH_BYTES
                if self.stored > stop:  # someone else has carried this part and more
                    self._stand(self.stored)
                else:
                    self.position = stop
                    self.carried += sum(map(len, runs.values()))
                return

    def _stand(self, place: int) -> None:
        """Go on from where the diary says that the writer stands."""
        self.stored = self.position = place
        self.source.learn(place)

    def _apply(self, batch: Batch) -> None:
        began = time.monotonic()
        try:
            receipt = self.store.apply(batch)
        except (Unavailable, StorageFull, Corrupt) as error:
            raise Away(error) from error
        except DearDiaryError:
            raise
        except Exception as error:  # a stranger's store may raise anything
            raise Away(error) from error
        finally:
            self.seconds = time.monotonic() - began
        assert batch.stream is not None
        self.stored = batch.stream.stop if receipt.position is None else receipt.position

    # What is refused.

    def _is_cut_smaller(self, error: DearDiaryError, runs: Mapping[int, Points]) -> bool:
        """Cut smaller parts, if nobody knows which points are refused; return whether that is possible."""
        if error.kind == "Iteration" and error.id in runs:
            return False
        if sum(map(len, runs.values())) <= 1 or self._most <= 64:
            return False
        self._most //= 2
        return True

    def _refuse(self, error: DearDiaryError, runs: dict[int, Points]) -> None:
        """Take the points that are refused out of a batch, and have them kept before the journal passes them."""
        run = error.id if error.kind == "Iteration" and error.id in runs else next(iter(runs))
        points = runs.pop(run)
        in_time = self._in_time(run, points)
        if in_time is not None:
            early, points = in_time
            if early.columns:
                runs[run] = early
        name = f"{self.source.writer}-{self.position}-{run}"
        if not points.columns or name in self._kept:
            return
        try:
            self.refused(Refusal(run, points, error, name))
        except (DearDiaryError, OSError) as problem:  # they stay in the journal
            raise Away(problem) from problem
        self._kept.add(name)

    def _in_time(self, run: int, points: Points) -> tuple[Points, Points] | None:
        """Return those points that were recorded before their run ended, and those that were not."""
        try:
            rows = self.store.find(Query(Iteration, by_id(run))).rows
        except DearDiaryError as error:
            raise Away(error) from error
        if not rows or rows[0].end_date is None:
            return None
        end = micros(rows[0].end_date)
        return _parted(points, lambda time: time <= end), _parted(points, lambda time: time > end)

    # Notes.

    def _follow(self, note: Any) -> None:
        """Do what a note says, once."""
        values = dict(note["values"])
        if values.get("end_date") is not None:
            values["end_date"] = instant(values["end_date"])
        batch = Batch([Patch(Iteration, note["run"], values)], id=note["batch"], at=instant(note["at"]))
        try:
            self.store.apply(batch)
        except (Unavailable, StorageFull, Corrupt) as error:
            raise Away(error) from error
        except Invalid as error:
            self.noted(note, error)
        except DearDiaryError as error:  # someone else has ended the run, or dropped it
            self.noted(note, error)
        else:
            self.noted(note, None)

    def beat(self) -> None:
        """Tell the diary that the writer lives.

        Raises:
            Away: it cannot be told.
        """
        stream = Stream(
            writer=self.source.writer, host=self.host, pid=self.pid, at=now(), start=self.stored, stop=self.stored
        )
        try:
            self._apply(Batch([], stream=stream))
        except Misplaced as error:
            self.stored = self.position = max(error.position, self.stored)
        except DearDiaryError as error:
            raise Away(error) from error


def note_of(run: int, batch: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a note says by which a run gets some values."""
    said = {name: micros(value) if isinstance(value, datetime) else value for name, value in values.items()}
    return {"run": run, "batch": batch, "at": micros(now()), "values": said}


def _parted(points: Points, is_wanted: Callable[[int], bool]) -> Points:
    """Return those points whose time is wanted."""
    columns = []
    for column in points:
        kept = [n for n, time in enumerate(column.times) if is_wanted(time)]
        if kept:
            values = array("d", [column.values[n] for n in kept])
            steps, times = (array("q", [part[n] for n in kept]) for part in (column.steps, column.times))
            columns.append(Column(key=column.key, values=values, times=times, steps=steps))
    return Points(tuple(columns))
