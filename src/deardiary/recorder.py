"""What carries the points of runs to their diary: written to a journal at once, drained in the background."""

import atexit
import json
import math
import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from attrs import define, field

from deardiary.core.changes import new_batch_id
from deardiary.core.entities import Writer
from deardiary.core.errors import DearDiaryError, StorageFull, Unavailable
from deardiary.core.points import Points
from deardiary.core.shapes import now
from deardiary.core.stores import Store
from deardiary.endings import help_ending, wait_for
from deardiary.journal import owners
from deardiary.journal.carrying import Away, Carrier, Refusal, note_of
from deardiary.journal.hot import Hot
from deardiary.journal.once import Once
from deardiary.journal.records import (
    HEAD,
    NOTE,
    told,
)
from deardiary.journal.watching import Watcher
from deardiary.journal.writing import Journal, Room
from deardiary.saying import say

if TYPE_CHECKING:
    from deardiary.line import Line
    from deardiary.recovery import Recovered
    from deardiary.serving import Served
    from deardiary.tracker import Tracker

SERVE_SECONDS = 0.3
"""How often it is looked what other processes have logged to a diary that only this one has open."""

DRAIN_SECONDS = 0.1
"""How often points are carried to the diary."""
LONGEST_SECONDS = 10.0
"""How often at least, however slow the diary is."""
BEAT_SECONDS = 60.0
"""How often a writer that has nothing to say tells that it lives."""
AGAIN_SECONDS = 0.5
"""How long who waits for the diary waits before trying again."""
LATE = "the diary has not taken all points in time"
ONCE_SECONDS = 0.05  # to try once
CLOSE_SECONDS = 30.0
"""How long a diary that is closed waits for its last points."""
MEMORY_BYTES = 2**28
"""How much a journal without a file may take."""


@define(eq=False)
class Recorder:
    """Keeps the points that this process logs to one diary until the diary has them."""

    store: Store
    folder: str | None = None
    """Where its journals are; none where a journal is in memory."""
    url: str = ""
    room: Room = field(factory=Room)
    tell: Callable[[str], None] = lambda _: None
    journal: Journal = field(init=False)
    carrier: Carrier = field(init=False)
    lines: "dict[int, list[Line]]" = field(factory=dict)
    serves: bool = False
    """Whether no other process may have the diary open, so that what others log is carried here."""
    is_guest: bool = False
    """Whether another process has the diary open, and carries what is logged here."""
    once: Once = field(factory=Once)
    """For what a handler of a signal logs amid what its thread is logging."""
    notes: int = 0
    """How many ends of runs wait in the journal."""
    _lock: Any = field(factory=threading.RLock)
    _reading: Any = field(factory=threading.RLock)
    """Held by who reads the journal without waiting for the diary, and while parts of it go."""
    _thread: threading.Thread | None = None
    _wake: threading.Event = field(factory=threading.Event)
    _is_closed: bool = False
    _is_over: bool = False
    """Whether the thread is to end."""
    _away: str = ""
    """What is wrong with the diary; empty if nothing is."""
    _is_late: bool = False
    """Whether the diary was waited for as long as at the end of a program, and did not take all."""
    _carried_before: int = 0
    _turned: Any = field(factory=threading.Condition)
    """Told when the thread has carried what there was, or could not."""
    _failures: int = 0
    _failure: Away | None = None
    _told: set[str] = field(factory=set)
    _gaps: set[int] = field(factory=set)
    _beaten: float = 0.0
    _served: "Served | None" = None
    _served_at: float = 0.0
    _pid: int = field(factory=os.getpid)
    has_forked: bool = False
    """Whether processes were forked from this one; what they leave, it carries on."""
    recovered: "Recovered | None" = None
    """What has become of the journals that other processes left; none if none did."""

    def __attrs_post_init__(self) -> None:
        self._begin_anew()
        wait_for(self.once)
        _RECORDERS.add(self)

    def _begin_anew(self) -> None:
        folder = self.folder if owners.can_own() else None
        room = self.room if folder is not None else Room(most_bytes=min(self.room.most_bytes, MEMORY_BYTES))
        self._use(Journal(folder=folder, url=self.url, room=room, tell=self.warn))

    def _use(self, journal: Journal) -> None:
        self.journal = journal
        owner = owners.Owner(writer=journal.writer, boot="")
        self.carrier = (Watcher if self.is_guest else Carrier)(
            journal, self.store, owner.host, owner.pid, self._keep_refused, seen=self._learn, noted=self._noted
        )

    # Lines.

    def writer(self) -> Writer:
        """Return the row of what writes here, for the diary to know the process by."""
        return Writer(
            id=-1, uid=self.journal.writer, host=self.carrier.host, pid=self.carrier.pid, position=0, seen_at=now()
        )

    def join(self, line: "Line") -> None:
        """Know a run that is logged to, and carry what it logs."""
        with self._reading:
            self.lines.setdefault(line.run, []).append(line)
            self._go()

    def serve(self) -> None:
        """Carry what other processes log, from now on."""
        self.serves = self.folder is not None and owners.can_own()
        if self.serves:
            self._go()

    def leave(self, line: "Line") -> None:
        """Know a run no longer."""
        lines = self.lines.get(line.run, [])
        if line in lines:
            lines.remove(line)

    def begun(self) -> Hot:
        """Return what writes the journal; one in memory, if it cannot be where it should."""
        if self._is_closed:
            self._open_again()
        try:
            return self.journal.begin()
        except (Unavailable, StorageFull) as error:
            if self.journal.folder is None:
                raise
            with self._reading:
                if self.journal.folder is not None:
                    self.warn(f"{error}; points are kept in memory until the diary has them")
                    self.journal.close(is_drained=True)
                    writer, room = self.journal.writer, Room(most_bytes=MEMORY_BYTES)
                    self._use(Journal(url=self.url, room=room, writer=writer, tell=self.warn))
                return self.journal.begin()

    def _learn(self, runs: Mapping[int, Points]) -> None:
        for run, points in runs.items():
            for line in self.lines.get(run, ()):
                line.learn(points)

    def peek(self) -> None:
        """Learn of the points that are on their way, without waiting for the diary."""
        with suppress(DearDiaryError), self._reading:
            self.carrier.peek()

    def gap(self, line: "Line", message: str) -> None:
        """Know that points of a run were lost, and say so once."""
        self._gaps.add(line.run)
        self.warn(message)

    def warn(self, message: str) -> None:
        """Say what is wrong, once."""
        if message not in self._told:
            self._told.add(message)
            self.tell(message if message.startswith("warning: ") else f"warning: {message}")

    def is_alike(self, other: "Recorder") -> bool:
        """Return whether another recorder keeps points for the same diary."""
        return self.folder is not None and self.folder == other.folder

    # Draining.

    @property
    def is_waiting(self) -> bool:
        """Return whether the diary lacks something that was logged."""
        return self.journal.place() > max(self.carrier.position, HEAD.size)

    def drain(self, *, seconds: float = math.inf) -> bool:
        """Carry what was logged to the diary, and return whether nothing is left.

        Raises:
            Away: the diary takes nothing now.
        """
        until = None if seconds == math.inf else time.monotonic() + seconds
        if not self._lock.acquire(timeout=-1 if until is None else max(seconds, 0.0)):
            return False
        try:
            is_done = self.carrier.carry(until=until)
            with self._reading:
                self.journal.drained(self.carrier.stored, passed=self.carrier.position)
        finally:
            self._lock.release()
        self._back()
        return is_done

    def flush(self, *, seconds: float = CLOSE_SECONDS, patient: bool = False) -> None:
        """Return when the diary has everything that was logged, which the thread carries: it alone may have to wait.

        Args:
            patient: whether to wait for a diary that is away.

        Raises:
            Unavailable: it does not take it, or not in time.
        """
        if not self._is_flushed(seconds, patient=patient):
            raise Unavailable(f"{LATE}; {self.waiting()}")

    def _is_flushed(self, seconds: float, *, patient: bool = False) -> bool:
        """Return whether the diary has everything that was logged, in time; there is time to try once at least."""
        place, until, failures = self.journal.place(), time.monotonic() + max(seconds, ONCE_SECONDS), self._failures
        while self.carrier.position < place and place > HEAD.size:
            if self._failures > failures and not patient:
                assert self._failure is not None
                raise _ours(self._failure) from self._failure.error
            left = until - time.monotonic()
            if left <= 0:
                self._is_late = seconds >= CLOSE_SECONDS
                return False
            if self._is_running:
                self._wake.set()
                with self._turned:
                    self._turned.wait(min(left, DRAIN_SECONDS))
            else:
                self._carry_here(left, patient=patient)
        self._is_late = False
        self._fill_gaps()
        return True

    @property
    def _is_running(self) -> bool:
        """Whether there is a thread that carries points, and this is not it."""
        thread = self._thread
        return thread is not None and thread.is_alive() and thread is not threading.current_thread()

    def _carry_here(self, seconds: float, *, patient: bool) -> None:
        try:
            self.drain(seconds=seconds)
        except Away as away:
            self._on_away(away)
            if patient:
                time.sleep(min(AGAIN_SECONDS, seconds))

    def count_waiting(self) -> str:
        """Return how many points wait, as far as they are counted in reasonable time."""
        with self._reading:
            count, is_all = self.carrier.count()
        return f"{'' if is_all else 'more than '}{count:,} point{'s' * (count != 1)}"

    def waiting(self) -> str:
        """Return where points wait, and what carries them on."""
        if self.journal.folder is None:
            return "they wait in memory, and go with this process"
        if self.is_guest:
            return f"they wait in {self.journal.folder} for the process that has the diary open"
        return f"they wait in {self.journal.folder}, and `deardiary recover` sends them"

    def note(self, run: int, values: Mapping[str, Any]) -> None:
        """Have the end of a run follow its points, whenever the diary takes them."""
        body = told(json.dumps(note_of(run, new_batch_id(), values)).encode())
        self.once.do(lambda: self._put_note(body))

    def _put_note(self, body: bytes) -> None:
        self.begun()
        self.journal.put(NOTE, body)
        self.notes += 1
        self.journal.sync()

    def sync(self) -> None:
        """Return when what was logged survives a power cut."""
        if self.journal.folder is None:
            self.flush()
        else:
            self.journal.sync()

    def _noted(self, note: Any, error: DearDiaryError | None) -> None:
        self.notes -= 1
        for line in list(self.lines.get(note["run"], ())):
            line.ended(note["values"], error)

    def _keep_refused(self, refusal: Refusal) -> None:
        if self.journal.folder is not None:
            from deardiary.refused import keep_refused

            keep_refused(self.journal.folder, self.journal.writer, refusal)
        count = len(refusal.points)
        for line in self.lines.get(refusal.run, [])[:1]:
            line.refused += count
        kept = f"they are kept in {self.journal.folder}" if self.journal.folder else "they are gone"
        self.warn(f"points of run {refusal.run} were refused: {refusal.error}; {kept}")

    # The thread.

    def _go(self) -> None:
        if self._thread is not None or self._is_closed:
            return
        thread = threading.Thread(target=self._run, name="deardiary-points", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the interpreter is ending; what is logged is flushed at the end
            return
        self._thread = thread
        self._beaten = time.monotonic()

    def _run(self) -> None:
        """Carry points to the diary, again and again."""
        help_ending()
        wait = DRAIN_SECONDS
        while not self._is_over:
            self._wake.wait(wait)
            self._wake.clear()
            if self._is_over:
                return
            try:
                wait = self._turn()
            except Away as away:
                self._on_away(away)
                wait = min(max(wait * 2, DRAIN_SECONDS), LONGEST_SECONDS)
            except Exception as error:  # a fault of ours loses nothing, and is told
                self.warn(f"points cannot be carried: {type(error).__name__}: {error}")
                wait = LONGEST_SECONDS
            with self._turned:
                self._turned.notify_all()

    def _turn(self) -> float:
        """Carry what there is, and return how long to wait."""
        if self.serves and self.folder is not None and time.monotonic() - self._served_at >= SERVE_SECONDS:
            self._serve(self.folder)
        for line in [one for lines in list(self.lines.values()) for one in lines]:
            line.tend()
        if self.is_waiting:
            self.carrier.seconds = 0.0
            self.drain()
            self._beaten = time.monotonic()
            self._fill_gaps()
        elif any(self.lines.values()) and time.monotonic() - self._beaten >= BEAT_SECONDS:
            self._beaten = time.monotonic()
            with self._lock:
                self.carrier.beat()
            self._back()
        return min(max(DRAIN_SECONDS, 20 * self.carrier.seconds), LONGEST_SECONDS)

    def _serve(self, folder: str) -> None:
        """Carry what other processes have logged to this diary, which only this one has open."""
        from deardiary.serving import Served

        self._served_at = time.monotonic()
        if self._served is None:
            self._served = Served(folder, self.store)
        if self._served.serve():
            self.recover()

    def _fill_gaps(self) -> None:
        """Tell the diary how many points of a run are lost."""
        for run in list(self._gaps):
            with suppress(DearDiaryError):  # there will be another time
                for line in list(self.lines.get(run, ())):
                    line.tell_lost()
                self._gaps.discard(run)

    def _on_away(self, away: Away) -> None:
        self._failure = away
        self._failures += 1
        if not self._away:
            self._away, self._carried_before = str(away), self.carrier.carried
            where = "in memory" if self.journal.folder is None else f"in {self.journal.folder}"
            self.tell(f"warning: {away}; points wait {where} until the diary takes them")

    def _back(self) -> None:
        if self._away:
            count = self.carrier.carried - self._carried_before
            self._away = ""
            self.tell(f"the diary takes points again; {count:,} that waited are in it")

    # Its end.

    def close(self, *, seconds: float = CLOSE_SECONDS) -> None:
        """Carry what is left, if that is possible in time, and let go of the journal."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._pid != os.getpid():
            return
        is_done = not self.is_waiting
        if not is_done:
            try:
                is_done = self._is_flushed(min(seconds, AGAIN_SECONDS) if self._away or self._is_late else seconds)
                if not is_done:
                    self.tell(f"warning: {LATE}; {self.waiting()}")
            except DearDiaryError as error:
                self.tell(f"warning: {error}; not all points are in the diary: {self.waiting()}")
        self._is_over = True
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(1.0)
        self.journal.close(is_drained=is_done)
        _RECORDERS.discard(self)

    def _open_again(self) -> None:
        """Begin another journal: a run that was never ended is logged to after all."""
        with self._reading:
            if self._is_closed:
                self._begin_anew()
                self._is_closed = self._is_over = False
                self._thread = None
                _RECORDERS.add(self)
        self._go()

    def inherit(self) -> None:
        """Begin a journal of its own in a forked process."""
        self.journal.disown()
        self._lock, self._wake, self._thread = threading.RLock(), threading.Event(), None
        self._reading, self._turned, self.once = threading.RLock(), threading.Condition(), Once()
        wait_for(self.once)
        self.notes = 0
        self._pid, self._away, self._told = os.getpid(), "", set()
        was_closed, self._is_closed = self._is_closed, False
        self.is_guest, self.serves, self._served = self.is_guest or self.serves, False, None
        self._begin_anew()
        self._is_closed = was_closed
        for lines in self.lines.values():
            for line in lines:
                line.inherit()

    def recover(self, *, seconds: float = math.inf) -> None:
        """Carry what processes left that are no more."""
        if self.folder is None or self.is_guest or (self.recovered is None and not any(owners.paths(self.folder))):
            return
        from deardiary.recovery import recover

        until = None if seconds == math.inf else time.monotonic() + seconds
        with suppress(DearDiaryError):
            found = recover(self.folder, self.store, tell=self.tell, until=until)
            if self.recovered is not None:
                found = self.recovered.and_then(found)
            self.recovered = found


def _ours(away: Away) -> DearDiaryError:
    error = away.error
    if isinstance(error, DearDiaryError):
        return error
    return Unavailable(f"the diary cannot be reached: {type(error).__name__}: {error}")


_RECORDERS: "WeakSet[Recorder]" = WeakSet()


def recorders() -> "list[Recorder]":
    """Return what carries points in this process."""
    return list(_RECORDERS)


def recorder_of(tracker: "Tracker") -> Recorder:
    """Return what carries the points that runs of a diary log."""
    if tracker.recorder is None:
        from deardiary.drained import Drained

        tracker.recorder = Recorder(store=tracker.store, tell=say)
        tracker.store = Drained(tracker.store, tracker.recorder)
    return tracker.recorder


def close_all() -> None:
    """Close every recorder of this process, one after another, in bounded time."""
    until = time.monotonic() + CLOSE_SECONDS
    for one in list(_RECORDERS):
        one.close(seconds=max(until - time.monotonic(), 0.5))


def _forked() -> None:
    for one in list(_RECORDERS):
        one.inherit()


def _forking() -> None:
    for one in list(_RECORDERS):
        one.has_forked = True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked, after_in_parent=_forking)

atexit.register(close_all)  # before any run is watched, so that it is done after they have ended


# What reads sees.
