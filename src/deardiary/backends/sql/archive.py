"""Points in a tail and in chunks: the archive of engines that keep rows one by one."""

import os
import threading
import warnings
from collections.abc import Iterable, Mapping

from attrs import define, field

from deardiary.backends.sql.engine import Connection, Engine
from deardiary.backends.sql.filing import Appended, TailFiling
from deardiary.backends.sql.keeping import Asked
from deardiary.core.errors import DearDiaryError
from deardiary.core.series import Arrived

DUE_ROWS, DUE_BYTES, DUE_RECORDS = 16_384, 32 * 1024 * 1024, 1000
"""A run is folded when so many points per series, so many bytes or so many records have come to its tail."""

LITTLE_BYTES, FEW_RECORDS = 4096, 8
"""A run that ends with no more than this in its tail is left as it is: in chunks it would not be smaller."""

MOST_RUNS = 10_000
"""Of so many runs it is remembered what came to their tails; of a server's others it waits until they end."""


@define(eq=False)
class Due:
    """What has come to the tail of a run since it was folded last."""

    came: Appended = field(factory=Appended)
    ends: bool = False
    """Whether all of it is to be folded, since the run has ended."""
    failures: int = 0
    waits: int = 0
    """How many batches to let pass before it is tried again."""

    def add(self, more: Appended) -> None:
        """Count what has come."""
        self.came.series |= more.series
        self.came.points += more.points
        self.came.records += more.records
        self.came.size_bytes += more.size_bytes

    @property
    def is_due(self) -> bool:
        """Whether it is time to fold."""
        came = self.came
        return (
            self.ends
            or came.points >= DUE_ROWS * len(came.series) > 0
            or came.size_bytes >= DUE_BYTES
            or came.records >= DUE_RECORDS
        )

    def fail(self) -> None:
        """Let batches pass before the next try, twice as many after each failure."""
        self.failures += 1
        self.waits = min(2**self.failures, 1024)


@define(eq=False)
class ChunkArchive:
    """The points of a diary, the recent ones as they came, the others folded into chunks."""

    engine: Engine
    _due: dict[int, Due] = field(factory=dict)
    _late: set[int] = field(factory=set)
    """The runs that could not be folded when they were due."""
    _folding: set[int] = field(factory=set)
    """The runs that a thread is folding."""
    _lock: threading.Lock = field(factory=threading.Lock)
    """Held while something is noted, and never while something is folded."""
    _pid: int = field(factory=os.getpid)

    def filing(self, connection: Connection, mark: int, /) -> TailFiling:
        """Return what writes the points of a batch."""
        return TailFiling(self.engine, connection, mark, self._committed)

    def read(self, connection: Connection, asked: Asked, steps: tuple[int, int] | None = None, /) -> list[Arrived]:
        """Return the points of some series, all of those between two steps, and perhaps others."""
        from deardiary.backends.sql import chunks  # which a program that only logs does without

        return chunks.read(self.engine, connection, asked, steps)

    def pick(self, connection: Connection, asked: Asked, numbers: Mapping[int, set[int]], /) -> list[Arrived]:
        """Return some points of some series by their numbers."""
        from deardiary.backends.sql import chunks

        return chunks.pick(self.engine, connection, asked, numbers)

    def _committed(self, appended: Mapping[int, Appended], ended: Iterable[int]) -> None:
        """Fold what is due; what fails is tried again after some more batches."""
        for run in self._noted(appended, ended):
            self._fold_if_due(run)

    def close(self) -> None:
        """Try once more to fold runs that have ended."""
        self._disown()
        with self._lock:
            late = [run for run in self._late if run in self._due and self._due[run].ends]
            for run in late:
                self._due[run].waits = 0
        for run in late:
            self._fold_if_due(run)

    def _noted(self, appended: Mapping[int, Appended], ended: Iterable[int]) -> set[int]:
        """Count what has come, and return the runs that may be due."""
        self._disown()
        with self._lock:
            if len(self._due) > MOST_RUNS:
                self._due.clear()
                self._late.clear()
            for run in self._late:
                self._due[run].waits -= 1
            for run, more in appended.items():
                self._due.setdefault(run, Due()).add(more)
            for run in ended:
                self._due.setdefault(run, Due()).ends = True
            return {*appended, *ended, *self._late}

    def _fold_if_due(self, run: int) -> None:
        """Fold a run, and again if enough has come meanwhile."""
        while (one := self._claimed(run)) is not None:
            is_done = False
            try:
                is_done = self._fold(run, one)
            finally:
                self._let_go(run, one, is_done=is_done)

    def _claimed(self, run: int) -> Due | None:
        """Return what is known of a run if it is due; from then on only this thread folds it."""
        with self._lock:
            one = self._due.get(run)
            if one is None or not one.is_due or one.waits > 0 or run in self._folding:
                return None
            self._folding.add(run)
            self._late.discard(run)
            return self._due.pop(run)

    def _let_go(self, run: int, one: Due, *, is_done: bool) -> None:
        with self._lock:
            self._folding.discard(run)
            if not is_done:
                more = self._due.get(run)
                if more is not None:
                    one.add(more.came)
                    one.ends |= more.ends
                one.fail()
                self._due[run] = one
                self._late.add(run)

    def _fold(self, run: int, one: Due) -> bool:
        """Return whether a run could be folded."""
        try:
            if one.ends and self._has_little(run):
                return True
            from deardiary.backends.sql.folding import folded

            folded(self.engine, run, ends=one.ends)
            if one.ends:
                self.engine.tidy(wholly=True)
        except DearDiaryError:
            return False
        except Exception as error:  # the batch is kept, so it may not fail for this
            warnings.warn(f"the points of run {run} are kept, but could not be folded: {error!r}", stacklevel=2)
            return False
        return True

    def _has_little(self, run: int) -> bool:
        """Return whether so little is in the tail of a run that it may stay there."""
        with self.engine.reading() as connection:
            sizes = connection.all(self.engine.texts.fixed["sizes of a run"], [run])
        return len(sizes) <= FEW_RECORDS and sum(size for _, size in sizes) <= LITTLE_BYTES

    def _disown(self) -> None:
        """Begin anew in a forked process: the fork may have caught another thread in the midst of something."""
        if self._pid != os.getpid():
            self._due, self._late, self._folding = {}, set(), set()
            self._lock, self._pid = threading.Lock(), os.getpid()
