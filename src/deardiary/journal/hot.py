"""The way of a point into the journal: what `log` does when nothing is out of the ordinary.

A microsecond matters here, so the state is in cells of functions instead of attributes, and no lock is held. Python
switches threads, and runs handlers of signals, only after calls and at jumps back. So a record is packed first, and
then, if nobody wrote meanwhile (`off is o`: the very same object), it is put in place and the end moved by one
statement without a call. Its first word is written last: a process that is killed leaves it whole or absent.
"""

import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeAlias

from attrs import define

from deardiary.core.errors import StorageFull, Unavailable
from deardiary.journal.once import Once
from deardiary.journal.records import END_BYTES, HEAD, SEAL, SEALS_BYTES, TURN, WORD, framed
from deardiary.journal.segments import Segment

Slow: TypeAlias = Callable[[Any, Any, bool, "datetime | None"], None]
"""What is called with all that `log` was given when something is out of the ordinary."""
Entries: TypeAlias = dict[tuple[str, ...], tuple[Any, int, Callable[..., bytes]]]
"""The shapes of a run by keys: the first word of their records, the size, and what packs them."""


@define(eq=False)
class Counter:
    """The next step of a run, and how it is taken."""

    take: Callable[[int | None, bool], int]
    """Return a step that was given, or the next one; and count on, unless told not to."""
    reserve: Callable[[int], int]
    """Return the first of so many steps that follow one another, and count on."""
    peek: Callable[[], int]


@define(eq=False)
class Hot:
    """What may be done to a journal that is being written."""

    logger: Callable[[Entries, Slow, int, Once], tuple[Callable[..., None], Counter]]
    """Return what logs to a run, and its counter, which begins with some step."""
    put: Callable[[int, bytes], bool]
    """Write a record with a body; return whether there was room."""
    turn: Callable[[Segment, int], None]
    """Go on in another segment, at an offset."""
    stop: Callable[[], None]
    """Have room for nothing."""
    place: Callable[[], int]
    """Return where the journal ends."""
    barrier: Callable[[], None]
    """Return when what is being written is written, after which entries that are gone are used no more."""


_STAMP, _END = struct.Struct("<qd"), struct.Struct("<q")


def hot_of(first: Segment) -> Hot:
    """Return what writes a journal that begins with a segment."""
    is_locked = first.form == "written" or not getattr(sys, "_is_gil_enabled", lambda: True)()
    return _written(first) if is_locked else _mapped(first)


def _limit_of(sign: int, limit: int) -> int:
    """Return up to where a record may reach: a seal further than others, unless nothing may be written at all."""
    return limit + SEALS_BYTES if sign == SEAL and limit else limit


def _mapped(first: Segment) -> Hot:
    """Return what writes to memory."""
    memory: Any = first.memory
    base, off, limit = first.start, HEAD.size, first.size - END_BYTES
    now = time.time

    def logger(entries: Entries, slow: Slow, next_step: int, _: Once) -> tuple[Callable[..., None], Counter]:
        get = entries.__getitem__

        def log(
            metrics: Mapping[str, Any],
            step: int | None = None,
            *,
            commit: bool = True,
            recorded_at: datetime | None = None,
        ) -> None:
            nonlocal off, next_step
            if commit and recorded_at is None:
                try:
                    first_word, size, pack = get(tuple(metrics))
                    t = now()
                    while True:
                        o = off
                        e = o + size
                        s = next_step if step is None else step
                        if e > limit or not entries or s.__class__ is not int:
                            break
                        record = pack(0, s, t, *metrics.values(), e)
                        # fmt: off
                        if off is o and entries and (step is not None or next_step is s):
                            memory[o:e], memory[o:o + 8], off, next_step = record, first_word, e, s + 1 if s >= next_step else next_step  # noqa: E501
                            return
                        # fmt: on
                except Exception:  # whatever it is, the long way says it better
                    pass
            slow(metrics, step, commit, recorded_at)

        def take(step: int | None, counts: bool) -> int:
            nonlocal next_step
            s = next_step if step is None else step
            if s + counts > next_step:
                next_step = s + counts
            return s

        def reserve(count: int) -> int:
            nonlocal next_step
            first = next_step
            next_step = first + count  # no call in between, so no other thread either
            return first

        return log, Counter(take, reserve, lambda: next_step)

    def put(sign: int, body: bytes) -> bool:
        nonlocal off
        while True:
            o = off
            record = framed(sign, body, o)
            e = o + len(record)
            if e > _limit_of(sign, limit):
                return False
            first_word, rest = record[:WORD], memoryview(record)[WORD:]
            # fmt: off
            if off is o:
                memory[o + 8:e], memory[o:o + 8], off = rest, first_word, e
                return True
            # fmt: on

    def turn(segment: Segment, at: int) -> None:
        nonlocal memory, base, off, limit
        new, start, stop = segment.memory, segment.start, segment.size - END_BYTES
        while True:
            o = off
            record = framed(TURN, b"", o)
            # fmt: off
            if off is o:
                memory[o:o + 16], memory, base, off, limit = record, new, start, at, stop
                return
            # fmt: on

    def stop() -> None:
        nonlocal limit
        limit = 0

    return Hot(logger, put, turn, stop, lambda: base + off, lambda: None)


def _written(first: Segment) -> Hot:
    """Return what writes record by record, under a lock, and for each thread one after another."""
    segment, off, limit = first, HEAD.size, first.size - END_BYTES
    now, lock = time.time, threading.RLock()

    def put_in_place(pack: Callable[[int], bytes], sign: int = 0) -> bool:
        nonlocal off
        with lock:
            record = pack(off)
            if off + len(record) > _limit_of(sign, limit):
                return False
            segment.write(record, off)
            off += len(record)
            return True

    def logger(entries: Entries, slow: Slow, next_step: int, once: Once) -> tuple[Callable[..., None], Counter]:
        def log(
            metrics: Mapping[str, Any],
            step: int | None = None,
            *,
            commit: bool = True,
            recorded_at: datetime | None = None,
        ) -> None:
            if commit and recorded_at is None and (step is None or step.__class__ is int):
                try:
                    keys = tuple(metrics)
                    first_word, size, pack = entries[keys]
                    values = pack(0, 0, 0.0, *metrics.values(), 0)[3 * WORD : -WORD]
                except Exception:  # whatever it is, the long way says it better
                    pass
                else:
                    once.do(lambda: quick(first_word, size, keys, values, step))
                    return
            slow(metrics, step, commit, recorded_at)

        def quick(first_word: bytes, size: int, keys: tuple[str, ...], values: bytes, step: int | None) -> None:
            nonlocal next_step
            with suppress(Unavailable, StorageFull, struct.error), lock:
                s = next_step if step is None else step
                body = first_word + _STAMP.pack(s, now()) + values
                # A run that has ended meanwhile has no entries.
                if keys in entries and put_in_place(lambda o: body + _END.pack(o + size)):
                    next_step = max(next_step, s + 1)
                    return
            slow(dict(zip(keys, struct.unpack(f"<{len(keys)}d", values), strict=True)), step, True, None)

        def take(step: int | None, counts: bool) -> int:
            nonlocal next_step
            with lock:
                s = next_step if step is None else step
                next_step = max(next_step, s + counts)
                return s

        def reserve(count: int) -> int:
            nonlocal next_step
            with lock:
                next_step += count
                return next_step - count

        return log, Counter(take, reserve, lambda: next_step)

    def put(sign: int, body: bytes) -> bool:
        return put_in_place(lambda o: framed(sign, body, o), sign)

    def turn(new: Segment, at: int) -> None:
        nonlocal segment, off, limit
        with lock:
            segment.write(framed(TURN, b"", off), off)
            segment, off, limit = new, at, new.size - END_BYTES

    def stop() -> None:
        nonlocal limit, lock
        lock = threading.RLock()  # another thread may have held it when this process was forked
        limit = 0

    def barrier() -> None:
        with lock:
            pass

    return Hot(logger, put, turn, stop, lambda: segment.start + off, barrier)
