"""A run that goes on: what it stands on, how it reaches its diary, and how it ends."""

import math
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from deardiary import endings
from deardiary.beginning import run_id
from deardiary.core.changes import Batch, Element, Patch
from deardiary.core.declared import changed
from deardiary.core.entities import Experiment, Iteration, IterationStatus, Project
from deardiary.core.errors import DearDiaryError, StorageFull, Unavailable, Unprocessable
from deardiary.core.shapes import LARGE, NOTE, instant, micros, now
from deardiary.current import enter, is_any, leave
from deardiary.endings import Fate, fate_of
from deardiary.recorder import BLOCKED_SECONDS, Direct, Nowhere, OnError, Recorder
from deardiary.saying import clipped, duration, said_by, say, status_named, traced
from deardiary.tracker import Tracker
from deardiary.verbs.values import kept, meant

if TYPE_CHECKING:
    from deardiary.environment import Capture
    from deardiary.fluent import Run

Result = TypeVar("Result")

SNAPSHOT_SECONDS = 10.0
"""How long `finish` waits for what is still being learned of the environment."""

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

    def _start(
        self,
        tracker: Tracker,
        iteration: Iteration,
        *,
        on_error: OnError = "warn",
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
        self._capture, self._on_error, self._quiet = capture, on_error, quiet or not is_kept
        self._is_kept, self._is_guest, self.has_ended = is_kept, is_guest, False
        self._recorder: Recorder = Direct(tracker.store, on_error, self._warn) if is_kept else Nowhere()
        self._last: dict[str, float] = {}
        self._last_steps: dict[str, int] = {}
        self._settings, self._next = _found(tracker, iteration.id) if parameters is None else (kept(parameters), 0)
        self._latest = micros(iteration.created_date)
        self._warned: set[str] = set()
        self._ending: dict[str, Any] | None = None
        if is_kept and not is_guest:
            endings.watch(self)
        if not (is_guest and is_any()):
            enter(cast("Run", self))

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

    def flush(self) -> None:
        """Return when everything that was logged is in the diary."""
        self._recorder.flush()

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

    def leave(self) -> None:
        """Say that there is no time left to end the run."""
        say(f"warning: run {self.run_id} is not ended in the diary, which is away")

    def inherit(self) -> None:
        """Go on in a forked process, where no other thread can hold the lock."""
        self._lock = threading.RLock()

    def _end(self, fate: Fate, message: str) -> None:
        """End the run, once; only its first ending counts, however often the diary is away."""
        leave(cast("Run", self))
        if self._is_guest or self._pid != os.getpid():
            return
        with endings.undisturbed(), self._lock:  # held to the end, for the thread that is killed to wait for it
            self._end_now(fate, message)

    def _end_now(self, fate: Fate, message: str) -> None:
        values, self._ending = self._ending, None
        if not self.has_ended:
            self.has_ended, values = True, self._as_it_ends(fate, message)
        if values is None:
            return
        try:
            is_kept = self._has_kept(values)
        except (Unavailable, StorageFull, KeyboardInterrupt):
            self._try_later(values)
            raise
        if is_kept:
            endings.forget(self)
            self._say_ended()
        else:
            self._try_later(values)
            say(f"warning: run {self.run_id} is not ended in the diary, which is away; run.finish() tries again")

    def _as_it_ends(self, fate: Fate, message: str) -> dict[str, Any]:
        return {
            "status_id": int(fate.status),
            "end_date": instant(max(micros(now()), self._latest)),
            "error_message": clipped(message or said_by(fate.error), NOTE),
            "traceback": clipped(traced(fate), LARGE),
        }

    def _has_kept(self, values: dict[str, Any]) -> bool:
        """Return whether the end of the run is in the diary now."""
        self._spared(self._recorder.flush, "points")
        is_killed = values["status_id"] == IterationStatus.KILLED
        values |= self._learned(KILLED_SECONDS if is_killed else SNAPSHOT_SECONDS)
        if self._recorder.lost:
            values["lost_points"] = self.iteration.lost_points + self._recorder.lost
        try:
            is_kept = self._apply([Patch(Iteration, self.id, values)], seconds=FINISH_SECONDS)
        except Unprocessable:
            self.iteration = self.tracker.get(Iteration, self.id)  # someone else has ended it, and that stands
            return True
        if is_kept:
            shown = ("status_id", "end_date", "error_message", "lost_points")
            self.iteration = changed(self.iteration, **{name: values[name] for name in shown if name in values})
        return is_kept

    def _try_later(self, values: dict[str, Any]) -> None:
        self._ending = values
        endings.watch(self)

    def _say_ended(self) -> None:
        if self._quiet:
            return
        began, end = self.iteration.reopened_date or self.iteration.created_date, self.iteration.end_date
        took = f" after {duration((end - began).total_seconds())}" if end else ""
        last = ", ".join(f"{key} {value:.5g}" for key, value in list(self._last.items())[:4])
        lost = self._recorder.lost
        gap = f"; incomplete: {lost:,} point{'s' * (lost != 1)} could not be written" if lost else ""
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

    def _settle(self, timeout_seconds: float | None) -> None:
        """Keep what has been learned of the environment since the run began."""
        values = self._learned(timeout_seconds)
        if values:
            try:
                self.tracker.store.apply(Batch([Patch(Iteration, self.id, values)]))
            except DearDiaryError as error:
                self._warn(f"its environment could not be kept: {error}")


def _names(tracker: Tracker, iteration: Iteration) -> tuple[str, str]:
    """Return the names of a run's project and experiment."""
    project, experiment = tracker.get(Project, iteration.project_id), tracker.get(Experiment, iteration.experiment_id)
    return project.name, experiment.name


def _found(tracker: Tracker, id: int) -> tuple[dict[str, Any], int]:
    """Return the parameters of a run that was begun before, and the step after its last."""
    last = max((row.last_step for row in tracker.get_summaries(id)), default=-1)
    return {row.key: meant(row) for row in tracker.get_parameters(id)}, last + 1
