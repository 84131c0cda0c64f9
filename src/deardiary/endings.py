"""How runs end when nobody ends them: as the program exits, by an error, a signal, or in good order.

Signals are heard where Python would let them kill the process at once, and kill it when the runs have ended; handlers
of others stay. Any signal that comes while the diary is being written waits for the write, a second one does not.

What is not heard, so that a `with` block or `finish` should tell:

- `raise SystemExit(3)` outside a block: the program seems to have come to its end (see `exits`).
- An error at a prompt or in a notebook: it ends a line or a cell, not the program.
- Signals, if no run was begun in the main thread: only there can one begin to hear them. Nor are they heard before the
  main thread comes back from a call into C, such as a long computation.
- What daemon threads begin while the program is ending, and what ends a process without Python: `os._exit`, `os.exec…`,
  `kill -9`. The run stays RUNNING.
"""

import _signal  # type: ignore[import-not-found]  # has no stub; `signal` wraps it in enums, which cost 3 us a call
import atexit
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Protocol
from weakref import ReferenceType, ref

from attrs import define, field

from deardiary.core.changes import Batch, Receipt
from deardiary.core.declared import E
from deardiary.core.entities import IterationStatus
from deardiary.core.queries import Page, Query, Series, SeriesQuery
from deardiary.core.stores import Store
from deardiary.exits import keep_interrupt, left_by

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""The signals that end a process in an orderly way."""

EXIT_SECONDS = 30.0
"""After how long the end of the program does not begin to end another run."""

KILLED_SECONDS = 5.0
"""How long a signal waits for what other threads are writing."""


@define(eq=False)
class Fate:
    """How something ended: its status, and what was raised."""

    status: IterationStatus
    error: BaseException | None = None


def fate_of(error: BaseException | None) -> Fate:
    """Return how a run ends whose block or program ended by an exception, or by none."""
    match error:
        case None:
            return Fate(IterationStatus.SUCCEEDED)
        case SystemExit(code=None | int(0)):
            return Fate(IterationStatus.SUCCEEDED)
        case KeyboardInterrupt() | GeneratorExit():
            return Fate(IterationStatus.KILLED, error)
        case _ if _is_cancelled(error):
            return Fate(IterationStatus.KILLED, error)
        case _:
            return Fate(IterationStatus.FAILED, error)


def _is_cancelled(error: BaseException) -> bool:
    """Return whether an exception is how asyncio ends a task, as at Ctrl-C."""
    asyncio = sys.modules.get("asyncio.exceptions")
    return asyncio is not None and isinstance(error, asyncio.CancelledError)


class Amid(Protocol):
    """What a thread does one after another."""

    def is_amid(self) -> bool:
        """Return whether this thread is in the midst of something."""
        ...

    def after(self, work: Callable[[], None]) -> None:
        """Do some work when this thread is in the midst of nothing."""
        ...


class Endable(Protocol):
    """Something that is to end before the program does."""

    def end(self, fate: Fate) -> None:
        """End; nothing is raised."""
        ...

    def leave(self, fate: Fate) -> None:
        """Leave the end to others, since there is no time left."""
        ...

    def inherit(self) -> None:
        """Go on in a forked process, which has no other threads, and where it is not to end."""
        ...


@define(eq=False)
class _Watch:
    """What this process has begun and not ended, and how far it is heard how the process ends."""

    pid: int = field(factory=os.getpid)
    main_thread: int | None = field(factory=lambda: threading.main_thread().ident)
    open: dict[int, Endable] = field(factory=dict)
    is_installed: bool = False
    worker: Any = None
    """What ends runs as a worker of multiprocessing leaves."""
    handled: BaseException | None = None
    """What was being handled when this process was forked."""
    depth: int = 0
    """How deep the main thread is in calls that must not be cut."""
    waiting: dict[int, Any] = field(factory=dict)
    """The handlers of others that wait for such a call."""
    pending: int | None = None
    """The signal that waits."""
    busy: dict[int, int] = field(factory=dict)
    """How deep other threads are in such calls."""
    amid: "list[ReferenceType[Amid]]" = field(factory=list)
    """What the main thread may be in the midst of, as its runs write."""
    helpers: set[int] = field(factory=set)
    """The threads that runs need to end."""
    is_killed: bool = False


_watch = _Watch()


def watch(one: Endable) -> None:
    """See to it that something ends before the program does."""
    if _watch.pid != os.getpid():
        _forked()
    _watch.open[id(one)] = one
    if not _watch.is_installed:
        _watch.is_installed = True
        atexit.register(_at_exit)
    _hear_worker()
    if threading.get_ident() == _watch.main_thread:
        _hear_signals()


def forget(one: Endable) -> None:
    """Stop watching something that has ended."""
    _watch.open.pop(id(one), None)
    if not _watch.open and threading.get_ident() == _watch.main_thread:
        _leave_signals()


def end_all(fate: Fate) -> None:
    """End everything that is open and was begun in this process, the last begun first."""
    if _watch.pid != os.getpid():
        return
    until = time.monotonic() + EXIT_SECONDS
    for one in reversed(list(_watch.open.values())):
        if time.monotonic() < until:
            one.end(fate)
        else:
            one.leave(fate)


def help_ending() -> None:
    """Let this thread go on while the process is being killed: runs wait for what it does, and may be cut short."""
    _watch.helpers.add(threading.get_ident())


def wait_for(one: Amid) -> None:
    """Let signals wait for what the main thread is in the midst of: it may hold what other threads wait for."""
    _watch.amid = [*(other for other in _watch.amid if other() is not None), ref(one)]


# The program's end.


def _at_exit() -> None:
    error = left_by()
    try:
        with undisturbed():
            end_all(fate_of(error))
    except KeyboardInterrupt:  # the program is over anyway
        pass
    if isinstance(error, KeyboardInterrupt):
        keep_interrupt()


def _hear_worker() -> None:
    """End runs in a worker of `multiprocessing` too, which leaves without `atexit`."""
    processes = sys.modules.get("multiprocessing.process")
    if processes is None or processes.parent_process() is None:
        return
    from multiprocessing.util import Finalize

    if _watch.worker is None or not _watch.worker.still_active():
        _watch.worker = Finalize(None, _at_worker_exit, exitpriority=0)


def _at_worker_exit() -> None:
    error = sys.exc_info()[1]
    end_all(fate_of(None if error is _watch.handled else error))


# Signals.


def _hear_signals() -> None:
    """Hear of the signals that would kill the process at once: neither ignored, nor heeded by someone else."""
    for number in SIGNALS:
        if _signal.getsignal(number) == signal.SIG_DFL:
            _handle(number, _on_killed)


def _leave_signals() -> None:
    """Let signals kill the process at once again, even amid a long call into C, since nothing is open."""
    for number in SIGNALS:
        if _signal.getsignal(number) is _on_killed:
            _handle(number, _signal.SIG_DFL)


def _handle(number: int, handler: Any) -> None:
    try:
        _signal.signal(number, handler)
    except ValueError:  # an interpreter beside the main one, which hears no signals
        pass


def _on_killed(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # as handlers are
    """End what is open, and let the signal kill the process."""
    amid = _amid()
    if (_watch.depth or amid) and _watch.pending is None and not _watch.is_killed:
        _watch.pending = number
        if amid:
            amid.after(_heed)
        return
    try:
        if not (_watch.depth or amid or _watch.is_killed):  # else a second signal, which does not wait
            _watch.is_killed = True
            _wait_for_threads()
            end_all(Fate(IterationStatus.KILLED))
    finally:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        if os.getpid() == 1:  # the first process of a container, which that does not kill
            os._exit(128 + number)


def _on_waiting(number: int, frame: FrameType | None) -> None:
    """Let a signal wait that someone else heeds."""
    if _watch.depth and _watch.pending is None:
        _watch.pending = number
        return
    _watch.waiting.get(number, signal.default_int_handler)(number, frame)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let a signal wait for the end of a block, which itself waits for no thread that is to write."""
    if (thread := threading.get_ident()) in _watch.helpers:
        yield
        return
    if thread != _watch.main_thread:
        _begin_work(thread)
        try:
            yield
        finally:
            _end_work(thread)
        return
    _hold_signals()
    try:
        yield
    finally:
        _release_signals()


def _hold_signals() -> None:
    if not _watch.depth:
        for number in SIGNALS:
            handler = _signal.getsignal(number)
            if callable(handler) and handler is not _on_killed and handler is not _on_waiting:
                _watch.waiting[number] = handler
                _handle(number, _on_waiting)
    _watch.depth += 1  # the last: what a signal raises before leaves nothing behind


def _release_signals() -> None:
    _watch.depth -= 1
    if not _watch.depth:
        _restore_handlers()
        _heed()


def _heed() -> None:
    """Heed the signal that waits."""
    if _watch.pending is not None and not _watch.depth:
        number, _watch.pending = _watch.pending, None
        signal.raise_signal(number)


def _amid() -> Amid | None:
    """Return what this thread is in the midst of, if it is."""
    return next((one for other in _watch.amid if (one := other()) is not None and one.is_amid()), None)


def _restore_handlers() -> None:
    for number, handler in list(_watch.waiting.items()):
        if _signal.getsignal(number) is _on_waiting:
            _handle(number, handler)
        _watch.waiting.pop(number, None)


def _wait_for_threads() -> None:
    """Let other threads begin no more runs, and wait for those that they are beginning or ending."""
    until = time.monotonic() + KILLED_SECONDS
    while _watch.busy and time.monotonic() < until:
        time.sleep(0.001)


def _begin_work(thread: int) -> None:
    _watch.busy[thread] = depth = _watch.busy.get(thread, 0) + 1
    if depth == 1 and _watch.is_killed:
        del _watch.busy[thread]
        time.sleep(EXIT_SECONDS)  # the process ends meanwhile
        _watch.busy[thread] = depth


def _end_work(thread: int) -> None:
    if depth := _watch.busy.pop(thread, 1) - 1:
        _watch.busy[thread] = depth


@define(eq=False)
class Undisturbed:
    """A store whose calls are not cut by a signal: it is heeded when the call is over."""

    store: Store

    def apply(self, batch: Batch, /) -> Receipt:
        """Do all that a batch says."""
        with undisturbed():
            return self.store.apply(batch)

    def find(self, query: Query[E], /) -> Page[E]:
        """Return the rows that answer a query."""
        with undisturbed():
            return self.store.find(query)

    def series(self, query: SeriesQuery, /) -> list[Series]:
        """Return the points that answer a query."""
        with undisturbed():
            return self.store.series(query)

    def close(self) -> None:
        """Close the store."""
        with undisturbed():
            self.store.close()


# Forks.


def _forked() -> None:
    """Begin anew in a forked process: what its parent began is not its own to end."""
    for one in _watch.open.values():
        one.inherit()
    _watch.open.clear()
    _watch.pid, _watch.worker, _watch.handled = os.getpid(), None, sys.exc_info()[1]
    _watch.pending, _watch.is_killed = None, False
    _watch.busy.clear()
    _watch.helpers.clear()
    if threading.get_ident() != _watch.main_thread:  # forked by another thread, which is the main one here
        _watch.main_thread, _watch.depth = threading.get_ident(), 0
        _restore_handlers()
    _leave_signals()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
