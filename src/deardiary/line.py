"""How one run in the hand writes to the journal: the short way once its keys are known, the long way before."""

import threading
import time
from array import array
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import define, field

from deardiary.core.columns import bounds, counted, reach
from deardiary.core.errors import DearDiaryError, StorageFull, Unavailable
from deardiary.core.points import NO_STEP, Points
from deardiary.core.shapes import check_text, micros, same_text
from deardiary.journal.hot import Counter, Entries, Hot
from deardiary.journal.records import COLUMNS, WORD, columns_body, first_word, packer, row_body
from deardiary.saying import aware
from deardiary.verbs.values import as_step, measures_of

if TYPE_CHECKING:
    from deardiary.recorder import Recorder

OnError: TypeAlias = Literal["warn", "raise", "block"]
"""What is done when points cannot be written: go on without them, raise, or wait."""

ON_ERROR = ("warn", "raise", "block")
ENDING_SECONDS = 5.0
"""How long the end of a run waits for what another thread is writing to it."""

BLOCKED_SECONDS = 0.5
"""How long to wait before trying again when blocked."""
MOST_SHAPES = 10_000
"""How many combinations of keys of one run are kept at hand."""
COLUMN_BYTES = 2**20
"""How much of some columns goes into one record."""


@define(eq=False)
class Line:
    """How one run writes to the journal of its diary."""

    recorder: "Recorder"
    run: int
    rebind: Callable[[Callable[..., None]], None]
    """What is told the function that logs, when it is another one."""
    check_open: Callable[[], None]
    """Raise if the run has ended."""
    on_error: OnError = "warn"
    is_strict: bool = False
    counts: bool = True
    """Whether steps are counted here; otherwise the diary counts them, each key for itself."""
    next_step: int = 0
    lost: int = 0
    """How many points could not be written, and are gone."""
    refused: int = 0
    """How many the diary refused."""
    latest: int = 0
    """The time of the last point that was seen."""
    last: dict[str, float] = field(factory=dict)
    """The last value of each metric that was seen: that of its greatest step."""
    ended: Callable[[Mapping[str, Any], DearDiaryError | None], None] = lambda *_: None
    """What learns that the end of the run is in the diary, or was refused."""
    tell_lost: Callable[[], None] = lambda: None
    """What tells the diary how many points are lost."""
    tend: Callable[[], None] = lambda: None
    """What is done now and then, beside the loop."""
    _last_steps: dict[str, int] = field(factory=dict)
    _entries: Entries = field(factory=dict)
    _shapes: dict[tuple[str, ...], int] = field(factory=dict)
    _counter: Counter | None = None
    _hot: Hot | None = None
    _lock: Any = field(factory=threading.RLock)

    def log(
        self,
        metrics: Mapping[str, Any],
        step: int | None = None,
        *,
        commit: bool = True,
        recorded_at: datetime | None = None,
    ) -> None:
        """Write points for the first time in this process: by the long way."""
        self.slow(metrics, step, commit, recorded_at)

    log.__qualname__ = "Run.log"  # as errors call it

    def bind(self) -> None:
        """Have the short way into the journal of this process.

        Raises:
            Unavailable: there is no journal.
        """
        hot = self.recorder.begun()
        if hot is self._hot:
            return
        with self._lock:
            if hot is self._hot:
                return
            if self._counter is not None:
                self.next_step = self._counter.peek()
            self._entries.clear()  # whoever holds the function before goes the long way, and comes to this one
            self._entries, self._shapes = {}, {}
            log, self._counter = hot.logger(self._entries, self.slow, self.next_step, self.recorder.once)
            self._hot = hot
            if self.is_strict:
                log = _synced(log, self.sync)
            if not self.counts:
                log = _uncounted(log)
            log.__qualname__ = "Run.log"
            self.rebind(log)

    # The long way.

    def slow(self, metrics: Any, step: Any, commit: bool, recorded_at: datetime | None) -> None:
        """Write points that are new, nested, wrong in some way, or that find no room."""
        self.check_open()
        values = {same_text(key): value for key, value in measures_of(metrics).items()}
        for key in values:
            check_text(key, "a metric's key", least=1)
        at = None if step is NO_STEP else as_step(step)
        when = None if recorded_at is None else micros(aware(recorded_at))
        self.recorder.once.do(lambda: self._write(metrics, values, at, commit, when))

    def _write(
        self, metrics: Mapping[str, Any], values: dict[str, float], at: int | None, commit: bool, when: int | None
    ) -> None:
        """Write points that have been looked at; the run cannot end meanwhile."""
        with self._lock:
            self.check_open()
            self._written(metrics, values, at, commit, when)

    def _written(
        self, metrics: Mapping[str, Any], values: dict[str, float], at: int | None, commit: bool, when: int | None
    ) -> None:
        if not self._through(self.bind, len(values)):
            return
        assert self._counter is not None
        if at is None and self.counts:
            as_step(self._counter.peek())  # there may be none after the greatest
        at = NO_STEP if at is None and not self.counts else self._counter.take(at, commit)
        if when is not None:
            self.latest = max(self.latest, when)
        if values and self._through(lambda: self._put(metrics, values, at, when), len(values)) and self.is_strict:
            self.sync()

    def _put(self, metrics: Mapping[str, Any], values: dict[str, float], step: int, when: int | None) -> None:
        """Write one record of points."""
        self.bind()  # the journal may be another one since
        keys = tuple(values)
        shape = self._shape(keys)
        said = tuple(metrics)
        if said != keys and all(type(key) is str for key in said) and tuple(map(same_text, said)) == keys:
            self._entries[said] = self._entries[keys]  # the same keys, spelled otherwise
        if when is not None:
            self.recorder.journal.put(COLUMNS, row_body(shape, step, when, [*values.values()]))
            return
        pack = self._entries[keys][2]
        self.recorder.journal.put(shape, pack(0, step, time.time(), *values.values(), 0)[WORD:-WORD])

    def _shape(self, keys: tuple[str, ...]) -> int:
        """Return the number of the shape of some keys, which is defined if need be."""
        if keys not in self._shapes:
            if len(self._shapes) >= MOST_SHAPES:
                self.forget()
            shape, record = self.recorder.journal.define(self.run, keys), packer(len(keys))
            self._entries[keys] = first_word(shape.number, record.size // WORD), record.size, record.pack
            self._shapes[keys] = shape.number  # the last: who finds the keys here finds them there
        return self._shapes[keys]

    def forget(self) -> None:
        """Have no shapes at hand: whoever logs next goes the long way."""
        shapes, self._shapes = self._shapes, {}
        self._entries.clear()
        self.recorder.journal.forget(list(shapes.values()))

    def _through(self, work: Callable[[], None], count: int) -> bool:
        """Return whether so many points could be written; if not, do what the run was told to do then."""
        while True:
            try:
                work()
                return True
            except (Unavailable, StorageFull) as error:
                if self.on_error == "raise":
                    raise
                if self.on_error == "warn":
                    self.lost += count
                    self.recorder.gap(self, f"{error}; the run goes on, and points logged meanwhile are lost")
                    return False
                self.recorder.warn(f"{error}; waiting until points can be written")
            self.recorder.once.rest(BLOCKED_SECONDS)
            self.check_open()

    def sync(self) -> None:
        """Return when what was logged survives a power cut; if it cannot, do what the run was told to do then."""
        while True:
            try:
                self.recorder.sync()
                return
            except (Unavailable, StorageFull) as error:
                if self.on_error == "raise":
                    raise
                self.recorder.warn(f"{error}; until that is over, points may not survive a power cut")
                if self.on_error == "warn":
                    return
            self.recorder.once.rest(BLOCKED_SECONDS)

    # Whole columns.

    def write_columns(
        self, keys: tuple[str, ...], steps: "array[int] | None", times: "array[int]", values: "list[array[float]]"
    ) -> None:
        """Write whole columns, with steps, or counted."""
        self.check_open()
        self.recorder.once.do(lambda: self._write_columns(keys, steps, times, values))

    def _write_columns(
        self, keys: tuple[str, ...], steps: "array[int] | None", times: "array[int]", values: "list[array[float]]"
    ) -> None:
        with self._lock:
            self.check_open()
            self._put_columns(keys, steps, times, values)

    def _put_columns(
        self, keys: tuple[str, ...], steps: "array[int] | None", times: "array[int]", values: "list[array[float]]"
    ) -> None:
        if not self._through(self.bind, len(keys) * len(times)):
            return
        steps = self._taken(steps, len(times))
        rows = max(COLUMN_BYTES // WORD // (len(keys) + 2), 1)
        self.latest = max(self.latest, bounds(times)[1])
        for start in range(0, len(steps), rows):
            part = slice(start, start + rows)
            self._write_part(keys, steps[part], times[part], [one[part] for one in values])
        if self.is_strict:
            self.sync()

    def _taken(self, steps: "array[int] | None", count: int) -> "array[int]":
        """Return the steps of columns, and count on."""
        assert self._counter is not None
        if steps is not None:
            self._counter.take(bounds(steps)[1], True)
            return steps
        if not self.counts:
            return array("q", [NO_STEP]) * count
        as_step(self._counter.peek() + count - 1)
        first = self._counter.reserve(count)
        return counted(first, count)

    def _write_part(
        self, keys: tuple[str, ...], steps: "array[int]", times: "array[int]", values: "list[array[float]]"
    ) -> None:
        def put() -> None:
            self.bind()
            self.recorder.journal.put(COLUMNS, columns_body(self._shape(keys), steps, times, values))

        self._through(put, len(keys) * len(steps))

    # What becomes of it.

    def learn(self, points: Points) -> None:
        """Note the last values of points of the run that are on their way, and the time of the last one."""
        self.latest = max(self.latest, points.latest or 0)
        places: dict[int, int] = {}
        for column in points:
            if id(column.steps) not in places:
                places[id(column.steps)] = reach(column.steps)[3]
            place = places[id(column.steps)]
            step = column.steps[place]
            if step >= self._last_steps.get(column.key, step):
                self.last[column.key], self._last_steps[column.key] = column.values[place], step

    def end(self) -> None:
        """Take nothing more, once what is being written is written; a thread that cannot write is not waited for."""
        is_alone = self._lock.acquire(timeout=ENDING_SECONDS)
        try:
            self.forget()
            if self._hot is not None:
                self._hot.barrier()
        finally:
            if is_alone:
                self._lock.release()

    def leave(self) -> None:
        """Be done: what was taken is in the diary."""
        self.recorder.leave(self)

    def inherit(self) -> None:
        """Go on in a forked process, where the diary counts the steps."""
        self.counts, self._hot, self._counter = False, None, None
        self._lock = threading.RLock()
        self._entries.clear()
        self._shapes = {}
        self.rebind(self.log)


def _synced(fast: Callable[..., None], sync: Callable[[], None]) -> Callable[..., None]:
    """Return what logs, and returns when that survives a power cut."""

    def log(
        metrics: Mapping[str, Any],
        step: int | None = None,
        *,
        commit: bool = True,
        recorded_at: datetime | None = None,
    ) -> None:
        fast(metrics, step, commit=commit, recorded_at=recorded_at)
        sync()

    return log


def _uncounted(fast: Callable[..., None]) -> Callable[..., None]:
    """Return what logs, and leaves it to the diary to count steps that are not given."""

    def log(
        metrics: Mapping[str, Any],
        step: int | None = None,
        *,
        commit: bool = True,
        recorded_at: datetime | None = None,
    ) -> None:
        if step is None and commit and recorded_at is None:
            fast(metrics, NO_STEP)
        else:
            fast(metrics, step, commit=commit, recorded_at=recorded_at)

    return log


@define(eq=False)
class Mute:
    """Takes the points of a run that is not kept, and knows the last value of each metric."""

    check_open: Callable[[], None]
    next_step: int = 0
    lost: int = 0
    refused: int = 0
    latest: int = 0
    last: dict[str, float] = field(factory=dict)
    _last_steps: dict[str, int] = field(factory=dict)

    def log(self, metrics: Any, step: Any = None, *, commit: bool = True, recorded_at: datetime | None = None) -> None:
        """Note the last values."""
        self.check_open()
        values, at = measures_of(metrics), as_step(step)
        if recorded_at is not None:
            aware(recorded_at)
        at = self.next_step if at is None else at
        self.next_step = max(self.next_step, at + bool(commit))
        for key, value in values.items():
            if at >= self._last_steps.get(key, at):
                self.last[key], self._last_steps[key] = value, at

    def write_columns(
        self, keys: tuple[str, ...], steps: "array[int] | None", times: "array[int]", values: "list[array[float]]"
    ) -> None:
        """Note the last values."""
        greatest, place = self.next_step + len(times) - 1, len(times) - 1
        if steps is not None:
            _, _, greatest, place = reach(steps)
        self.log({key: column[place] for key, column in zip(keys, values, strict=True)}, greatest)

    def end(self) -> None:
        """Do nothing."""

    def leave(self) -> None:
        """Do nothing."""
