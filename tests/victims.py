"""Programs that tests kill: one that logs and counts what was acknowledged, and one that recovers what it left.

What they log is known by its number, so that whoever opens the diary afterwards can tell what must be there.
"""

import json
import math
import mmap
import os
import signal
import struct
import sys
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from attrs import define, field

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = 16
MANY = 5
MOST_THREADS = 8


# What is logged.


def value(n: int) -> float:
    """Return the value of the points of a call; no two calls have the same, and each has all its bits."""
    return (n * 2_654_435_761 % 2**32) / 3 + n


def call(run: Any, n: int, thread: int, *, is_shared: bool) -> None:
    """Log what the call of some number logs."""
    v, key, step = value(n), f"{thread}/loss" if is_shared else "loss", n if is_shared else None
    match n % KINDS:
        case 8:
            run.log({key: v, f"{key}/other": -v}, step=2 * n)
        case 9:
            run.log({key: {"deep": v, "deeper": {"still": v + 0.5}}}, step=step)
        case 10:
            run.log({f"{key}/part": v}, step=step, commit=False)
        case 11:
            run.log({f"{key}/dated": v}, step=step, recorded_at=EPOCH)
        case 12:
            many = [v + m for m in range(MANY)]
            run.log_many({f"{key}/many": many, f"{key}/more": many}, steps=[n] * MANY if is_shared else None)
        case 13:
            run.log({f"{key}/{n % 97}": v}, step=step)
        case 14:
            run.log({key: v, **{f"{key}/wide{m}": m + v for m in range(30)}}, step=step)
        case _:
            run.log({key: v}, step=step)


@define
class Account:
    """What must be in the diary after some calls of a thread: steps and values by key, in the order of the calls."""

    thread: int
    is_shared: bool
    points: dict[str, list[tuple[int, float]]] = field(factory=dict)
    next_step: int = 0

    def add(self, n: int) -> None:
        """Count the call of some number."""
        v, key = value(n), f"{self.thread}/loss" if self.is_shared else "loss"
        match n % KINDS:
            case 8:
                self._put(self._step(2 * n, is_given=True), {key: v, f"{key}/other": -v})
            case 9:
                self._put(self._step(n), {f"{key}/deep": v, f"{key}/deeper/still": v + 0.5})
            case 10:
                self._put(n if self.is_shared else self.next_step, {f"{key}/part": v})
            case 11:
                self._put(self._step(n), {f"{key}/dated": v})
            case 12:
                for m in range(MANY):
                    self._put(self._step(n), {f"{key}/many": v + m, f"{key}/more": v + m})
            case 13:
                self._put(self._step(n), {f"{key}/{n % 97}": v})
            case 14:
                self._put(self._step(n), {key: v, **{f"{key}/wide{m}": m + v for m in range(30)}})
            case _:
                self._put(self._step(n), {key: v})

    def _step(self, n: int, *, is_given: bool = False) -> int:
        at = n if self.is_shared or is_given else self.next_step
        self.next_step = max(self.next_step, at + 1)
        return at

    def _put(self, step: int, values: dict[str, float]) -> None:
        for key, one in values.items():
            self.points.setdefault(key, []).append((step, one))


# What was acknowledged.


@define
class Counters:
    """How many calls of each thread have returned, in a file that outlives its process."""

    memory: mmap.mmap

    @classmethod
    def at(cls, path: "str | Path") -> "Counters":
        """Return those in a file, which is made if need be."""
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(fd, 8 * MOST_THREADS)
            return cls(mmap.mmap(fd, 8 * MOST_THREADS))
        finally:
            os.close(fd)

    def set(self, thread: int, count: int) -> None:
        """Say how many calls have returned, at once: `struct` would write zeros first, and may be killed then."""
        with memoryview(self.memory) as bytes, bytes.cast("q") as counts:
            counts[thread] = count

    def get(self, thread: int) -> int:
        """Return how many calls have returned."""
        return int(struct.unpack_from("<q", self.memory, 8 * thread)[0])


# The programs.


@define
class Told:
    """What a program is to do."""

    url: str
    form: str = "mapped"
    segment_bytes: int = 0
    """How long segments are; 0 for as long as they usually are."""
    threads: int = 1
    is_shared: bool = False
    """Whether the threads log to one run."""
    most: int = 0
    """How many calls a thread makes; 0 for as many as it can."""
    counters: str = ""
    is_held: bool = False
    """Whether nothing is carried to the diary meanwhile."""
    waits: bool = False
    """Whether it waits for a line before it logs."""
    finishes: bool = False
    """Whether the runs end before the program is killed."""
    forks: bool = False
    """Whether another process logs to the same run, forked from the first in the midst, instead of a thread."""
    batch_bytes: int = 0
    """How much is carried at once; 0 for as much as usual."""
    is_lawless: bool = False
    """Whether it takes every owner for dead."""

    def said(self) -> str:
        return json.dumps({name: getattr(self, name) for name in self.__slots__ if not name.startswith("_")})


def prepare(told: Told) -> None:
    """Patch what a program is to do otherwise."""
    from deardiary import going, recorder
    from deardiary.backends.sql import sqlite
    from deardiary.journal import carrying, owners, writing

    owners.form_of = lambda folder: told.form  # type: ignore[assignment,return-value]
    if told.segment_bytes:
        writing.FIRST_BYTES = writing.SEGMENT_BYTES = told.segment_bytes
        writing._rounded = lambda size: -(-size // 4096) * 4096
    if told.is_held:
        recorder.DRAIN_SECONDS = 1000.0
    if told.finishes:
        going.FINISH_SECONDS = sqlite.PATIENCE_SECONDS = 0.2
    if told.batch_bytes:
        carrying.BATCH_BYTES = told.batch_bytes
        first = carrying.Carrier.__init__

        def init(self: Any, *args: Any, **named: Any) -> None:
            first(self, *args, **named)
            self._most = told.batch_bytes

        carrying.Carrier.__init__ = init  # type: ignore[method-assign]
    if told.is_lawless:
        owners.claimed = _claimed


def _claimed(path: str) -> Any:
    """Take an owner for dead, whoever has its lock."""
    from deardiary.journal import owners

    try:
        fd = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    return owners.Lock(path, fd), owners.read_owner(path, os.pread(fd, 65536, 0))


def log(told: Told) -> None:
    """Log until it is killed."""
    import deardiary

    counters = Counters.at(told.counters)
    tracker = deardiary.open(told.url)
    runs = [
        deardiary.init("Iris", name=str(n), tracker=tracker, snapshot=False, quiet=True)
        for n in range(1 if told.is_shared else told.threads)
    ]
    print("ready", flush=True)
    if told.waits:
        sys.stdin.readline()

    def work(thread: int) -> None:
        run = runs[0 if told.is_shared else thread]
        numbers: Iterable[int] = range(told.most) if told.most else count()
        for n in numbers:
            call(run, n, thread, is_shared=told.is_shared)
            counters.set(thread, n + 1)

    if told.forks:
        for n in range(told.most // 2):
            call(runs[0], n, 0, is_shared=True)
        child = os.fork()
        for n in range(told.most // 2 if child else 0, told.most):
            call(runs[0], n, 0 if child else 1, is_shared=True)
        counters.set(0 if child else 1, told.most)
        if not child:
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)
        print("done", flush=True)
        time.sleep(600)
    threads = [threading.Thread(target=work, args=(n,)) for n in range(1, told.threads)]
    for one in threads:
        one.start()
    work(0)
    for one in threads:
        one.join()
    if told.finishes:
        for run in runs:
            run.finish()
    print("done", flush=True)
    time.sleep(600)


def recover(told: Told) -> None:
    """Recover what another program left."""
    from deardiary import opening

    opening.RECOVERY_SECONDS = math.inf
    print("ready", flush=True)
    if told.waits:
        sys.stdin.readline()
    tracker = opening.open(told.url)
    tracker.close()
    print("done", flush=True)


if __name__ == "__main__":
    asked = Told(**json.loads(sys.argv[2]))
    prepare(asked)
    {"log": log, "recover": recover}[sys.argv[1]](asked)
