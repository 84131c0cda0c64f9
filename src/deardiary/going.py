"""A run that goes on: what it stands on, how it reaches its diary, and how it ends."""

import math
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, TypeVar, cast

from deardiary import endings
from deardiary.beginning import run_id
from deardiary.core.changes import Batch, Element, Expect, Patch
from deardiary.core.conditions import all_of
from deardiary.core.declared import changed
from deardiary.core.entities import Experiment, Iteration, IterationStatus, Project
from deardiary.core.errors import DearDiaryError, StorageFull, Unavailable, Unprocessable
from deardiary.core.shapes import LARGE, NOTE, instant, micros, now
from deardiary.current import enter, is_any, leave
from deardiary.endings import Fate, fate_of
from deardiary.line import BLOCKED_SECONDS, Line, Mute, OnError
from deardiary.recorder import Recorder, recorder_of
from deardiary.saying import clipped, duration, said_by, say, status_named, traced
from deardiary.tracker import Tracker
from deardiary.verbs.values import kept, meant

if TYPE_CHECKING:
    from deardiary.environment import Capture
    from deardiary.fluent import Run

Result = TypeVar("Result")
Durability: TypeAlias = Literal["default", "strict"]

SNAPSHOT_SECONDS = 10.0
"""How long `finish` waits for what is still being learned of the environment."""

ATTEMPTS = 10
"""How often it is tried to add to what is lost when others do so too."""

KILLED_FLUSH_SECONDS = 5.0
"""How long a run that is killed waits for the diary to take its points; the journal has them anyway."""

KILLED_SECONDS = 1.0
"""How long a run waits for it that is killed: whoever kills it may not wait long."""

FINISH_SECONDS = 30.0
"""How long a run that blocks waits for a diary that is away, when it ends."""


class Going:
    """The state of a run in the hand, and its end; `Run` adds what one does with it."""

    tracker: Tracker
    iteration: Iteration
    """The run as the diary had it when it was begun or ended."""
    project_name: str
    experiment_name: str
    log: Callable[..., None]

    def _start(
        self,
        tracker: Tracker,
        iteration: Iteration,
        *,
        on_error: OnError = "warn",
        durability: Durability = "default",
        capture: "Capture | None" = None,
        is_kept: bool = True,
        is_guest: bool = False,
        quiet: bool = True,
        names: tuple[str, str] | None = None,
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        """Take a run in the hand that is in the diary already.

        Args:
            names: those of its project and experiment, if they are known.
            parameters: what it was begun with; none if it was begun before, and may have points too.
        """
        self.tracker, self.iteration = tracker, iteration
        self.project_name, self.experiment_name = names or _names(tracker, iteration)
        self.run_id = run_id(self.project_name, iteration.id)
        self._lock = threading.RLock()  # a signal may end the run in the midst of `log`
        self._pid = os.getpid()
        self._durability = durability
        self._capture, self._on_error, self._quiet = capture, on_error, quiet or not is_kept
        self._is_kept, self._is_guest, self.has_ended = is_kept, is_guest, False
        self._settings, next_step = _found(tracker, iteration.id) if parameters is None else (kept(parameters), 0)
        self._warned: set[str] = set()
        self._ending: dict[str, Any] | None = None
        self._is_noted = False
        self._lost_told = 0
        """How many of the lost points the diary knows of."""
        self._unkept: dict[str, Any] = {}
        """What is known of the environment, and could not be written."""
        self._line: Line | Mute = self._lined(next_step) if is_kept else Mute(self._check_open)
        if is_kept and not is_guest:
            endings.watch(self)
        if not (is_guest and is_any()):
            enter(cast("Run", self))

    def _lined(self, next_step: int) -> Line:
        """Return how the run writes to the journal of its diary."""
        recorder = recorder_of(self.tracker)
        line = Line(
            recorder,
            self.id,
            self._rebind,
            self._check_open,
            on_error=self._on_error,
            is_strict=self._durability == "strict",
            counts=not self._is_guest,
            next_step=next_step,
            latest=micros(self.iteration.created_date),
            ended=self._on_ended,
            tell_lost=self._tell_lost,
            tend=self._tend,
        )
        self._rebind(line.log)
        recorder.join(line)
        return line

    def _rebind(self, log: Callable[..., None]) -> None:
        """Let a function log to the run: the shortest way into the journal of this process."""
        self.log = log

    # What it is.

    @property
    def id(self) -> int:
        """Its integer id in the diary."""
        return self.iteration.id

    @property
    def uid(self) -> str:
        """128 random bits by which it is known in every diary it is copied to."""
        return self.iteration.uid

    @property
    def name(self) -> str:
        """What it was called; empty if it has no name; setting it keeps it."""
        return self.iteration.name

    @name.setter
    def name(self, name: str) -> None:
        self.iteration = self.tracker.annotate(self.id, name=name)

    @property
    def experiment_id(self) -> int:
        """The experiment that it belongs to."""
        return self.iteration.experiment_id

    @property
    def parent_iteration_id(self) -> int | None:
        """The run that it is a trial, fold or worker of."""
        return self.iteration.parent_iteration_id

    @property
    def status(self) -> IterationStatus:
        """Where it stands, as far as this process knows."""
        return IterationStatus(self.iteration.status_id)

    # How it ends.

    def flush(self, timeout: float = FINISH_SECONDS) -> bool:
        """Return whether everything that was logged is in the diary, after waiting for it.

        Args:
            timeout: how many seconds to wait at most.

        Raises:
            Unavailable: it is not, and `on_error` is `"raise"`.
        """
        if not self._is_kept:
            return True
        try:
            recorder_of(self.tracker).flush(seconds=timeout, patient=self._on_error == "block")
        except DearDiaryError as error:
            if self._on_error == "raise":
                raise
            self._warn(str(error))
            return False
        return True

    def finish(
        self,
        status: "IterationStatus | int | str | None" = None,
        *,
        error_message: str = "",
        exit_code: int | None = None,
    ) -> None:
        """End the run: SUCCEEDED, unless a status or an exit code other than 0 is given. Ending twice is fine.

        If the diary is away, that is told, and tried again at the next `finish` or when the program ends.

        Raises:
            Unavailable: the diary cannot be reached, and `on_error` is `"raise"`.
        """
        ended = IterationStatus.FAILED if exit_code else IterationStatus.SUCCEEDED
        self._end(Fate(ended if status is None else status_named(status)), error_message)

    def end(self, fate: Fate) -> None:
        """End the run as a block or the program ended; whatever goes wrong is only told."""
        try:
            self._end(fate, "")
        except Exception as error:  # a stranger's store may raise anything
            say(f"warning: run {self.run_id} could not be ended: {error or type(error).__name__}")

    def leave(self, fate: Fate) -> None:
        """Have the run ended by whoever opens the diary next, since there is no time left."""
        if self.has_ended or self._pid != os.getpid():
            return
        self.has_ended = True
        self._line.end()
        try:
            self._end_later(self._as_it_ends(fate, ""))
        except Exception as error:  # as in `end`
            say(f"warning: run {self.run_id} could not be ended: {error or type(error).__name__}")

    def inherit(self) -> None:
        """Go on in a forked process, where no other thread can hold the lock."""
        self._lock = threading.RLock()

    def _end(self, fate: Fate, message: str) -> None:
        """End the run, once; only its first ending counts, however often the diary is away."""
        leave(cast("Run", self))
        if self._is_guest or self._pid != os.getpid():
            if not self.has_ended:
                self._flushed(FINISH_SECONDS)
            return
        with endings.undisturbed(), self._lock:  # held to the end, for the thread that is killed to wait for it
            self._end_now(fate, message)

    def _end_now(self, fate: Fate, message: str) -> None:
        if self.has_ended:
            self._end_again()
            return
        self.has_ended = True
        self._line.end()
        seconds = KILLED_FLUSH_SECONDS if fate.status is IterationStatus.KILLED else FINISH_SECONDS
        missing = self._flushed(seconds)
        values = self._as_it_ends(fate, message)
        try:
            is_kept = missing is None and self._has_kept(values)
        except (Unavailable, StorageFull, KeyboardInterrupt):
            self._end_later(values)
            raise
        if is_kept:
            self._said_ended()
            return
        self._end_later(values)
        if missing is not None and self._on_error == "raise":
            raise missing

    def _flushed(self, seconds: float) -> DearDiaryError | None:
        """Have the diary take what was logged, and return what is wrong if it does not."""
        if not self._is_kept:
            return None
        try:
            recorder_of(self.tracker).flush(seconds=seconds, patient=self._on_error == "block")
        except DearDiaryError as error:
            return error
        return None

    def _end_again(self) -> None:
        """Try again to have the end of the run kept."""
        values, self._ending = self._ending, None
        missing = self._flushed(FINISH_SECONDS) if self._is_noted or values is not None else None
        if values is not None and missing is None and self._has_kept(values):
            self._said_ended()
        elif values is not None:
            self._end_later(values)
        if missing is not None and self._on_error == "raise":
            raise missing

    def _as_it_ends(self, fate: Fate, message: str) -> dict[str, Any]:
        if self._is_kept:
            recorder_of(self.tracker).peek()
        values = {
            "status_id": int(fate.status),
            "end_date": instant(max(micros(now()), self._line.latest)),
            "error_message": clipped(message or said_by(fate.error), NOTE),
            "traceback": clipped(traced(fate), LARGE),
        }
        values |= self._learned(KILLED_SECONDS if fate.status is IterationStatus.KILLED else SNAPSHOT_SECONDS)
        if self._line.lost > self._lost_told:
            values["lost_points"] = self._lost_before() + self._line.lost - self._lost_told
        return values | self._unkept

    def _lost_before(self) -> int:
        """Return how many points the diary says are lost, as far as it answers."""
        try:
            return self.tracker.get(Iteration, self.id).lost_points
        except DearDiaryError:
            return self.iteration.lost_points + self._lost_told

    def _has_kept(self, values: dict[str, Any]) -> bool:
        """Return whether the end of the run is in the diary now."""
        try:
            is_kept = self._apply([Patch(Iteration, self.id, values)], seconds=FINISH_SECONDS)
        except Unprocessable:
            self.iteration = self.tracker.get(Iteration, self.id)  # someone else has ended it, and that stands
            return True
        if is_kept:
            self._show_ended(values)
        return is_kept

    def _show_ended(self, values: Mapping[str, Any]) -> None:
        shown = ("status_id", "end_date", "error_message", "lost_points")
        self.iteration = changed(self.iteration, **{name: values[name] for name in shown if name in values})

    def _said_ended(self) -> None:
        self._line.leave()
        endings.forget(self)
        self._say_ended()

    def _end_later(self, values: dict[str, Any]) -> None:
        """Have the end follow the points that wait in the journal, and say so."""
        recorder = recorder_of(self.tracker)
        endings.watch(self)
        try:
            recorder.note(self.id, values)
        except DearDiaryError as error:
            self._ending = values
            say(f"warning: run {self.run_id} is not ended in the diary: {error}; run.finish() tries again")
            return
        self._is_noted = True
        say(f"warning: run {self.run_id} has ended, but the diary is away; {self._waits(recorder)}")

    def _waits(self, recorder: Recorder) -> str:
        return f"{recorder.count_waiting()} and its end wait: {recorder.waiting()}"

    def _on_ended(self, values: Mapping[str, Any], error: DearDiaryError | None) -> None:
        """Learn that the end that waited in the journal is in the diary, or was refused since it had ended."""
        self._is_noted = False
        if error is None:
            self._show_ended({**values, "end_date": instant(values["end_date"])})
        self._said_ended()

    def _tell_lost(self) -> None:
        """Add to what the diary says is lost; another process may add to it too."""
        for _ in range(ATTEMPTS):
            lost = self._line.lost
            known = self.tracker.get(Iteration, self.id).lost_points
            same = Expect(Iteration, all_of(id=self.id, lost_points=known))
            values = {"lost_points": known + lost - self._lost_told}
            try:
                self.tracker.store.apply(Batch([same, Patch(Iteration, self.id, values)]))
            except Unprocessable:
                continue
            self._lost_told = lost
            return

    def _say_ended(self) -> None:
        if self._quiet:
            return
        began, end = self.iteration.reopened_date or self.iteration.created_date, self.iteration.end_date
        took = f" after {duration((end - began).total_seconds())}" if end else ""
        last = ", ".join(f"{key} {value:.5g}" for key, value in list(self._line.last.items())[:4])
        lost, refused = self._line.lost, self._line.refused
        gap = f"; incomplete: {lost:,} point{'s' * (lost != 1)} could not be written" if lost else ""
        gap += f"; {refused:,} point{'s' * (refused != 1)} refused" if refused else ""
        say(f"run {self.run_id} {self.status.name.lower()}{took}{f'; {last}' if last else ''}{gap}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and self._on_error == "raise":
            self._end(fate_of(error), "")
        else:
            self.end(fate_of(error))

    # Within.

    def _check_open(self) -> None:
        if self.has_ended:
            raise Unprocessable(
                f"run {self.run_id} has ended; to go on with it: deardiary.init(resume={self.run_id!r})",
                kind="Iteration",
                id=self.id,
            )

    def _spared(self, work: Callable[[], Result], what: str) -> Result | None:
        """Do something; if the diary is away or full, raise that if the run was told to, and else tell it."""
        try:
            return work()
        except (Unavailable, StorageFull) as error:
            if self._on_error == "raise":
                raise
            self._warn(f"{what} could not be written: {error}")
            return None

    def _apply(self, elements: Sequence[Element], *, seconds: float = math.inf) -> bool:
        """Return whether a batch was applied; if the diary is away or full, do what the run was told to do then."""
        if not elements:
            return True
        batch, until = Batch(elements), time.monotonic() + seconds
        while True:
            try:
                self.tracker.store.apply(batch)
                return True
            except (Unavailable, StorageFull) as error:
                if self._on_error == "raise":
                    raise
                self._warn(str(error))
                if self._on_error == "warn" or time.monotonic() >= until:
                    return False
            time.sleep(BLOCKED_SECONDS)

    def _warn(self, message: str) -> None:
        if message not in self._warned:
            self._warned.add(message)
            say(f"warning: run {self.run_id}: {message}")

    def _learned(self, timeout_seconds: float | None) -> dict[str, Any]:
        """Return what has been learned of the environment since the run began."""
        with self._lock:
            capture, self._capture = self._capture, None
        return {} if capture is None else capture.rest(timeout_seconds)

    def _tend(self) -> None:
        """Keep the rest of the snapshot, when it is known."""
        capture = self._capture
        if capture is None or not capture.is_ready or not self._lock.acquire(blocking=False):
            return  # whoever ends the run holds the lock, waits for this very thread, and keeps the rest itself
        try:
            self._settle(None)
        finally:
            self._lock.release()

    def _settle(self, timeout_seconds: float | None) -> None:
        """Keep what has been learned of the environment since the run began."""
        values = self._learned(timeout_seconds)
        if values:
            try:
                self.tracker.store.apply(Batch([Patch(Iteration, self.id, values)]))
            except DearDiaryError as error:
                self._unkept = values  # the end of the run brings it
                self._warn(f"its environment could not be kept: {error}")


def _names(tracker: Tracker, iteration: Iteration) -> tuple[str, str]:
    """Return the names of a run's project and experiment."""
    project, experiment = tracker.get(Project, iteration.project_id), tracker.get(Experiment, iteration.experiment_id)
    return project.name, experiment.name


def _found(tracker: Tracker, id: int) -> tuple[dict[str, Any], int]:
    """Return the parameters of a run that was begun before, and the step after its last."""
    last = max((row.last_step for row in tracker.get_summaries(id)), default=-1)
    return {row.key: meant(row) for row in tracker.get_parameters(id)}, last + 1
