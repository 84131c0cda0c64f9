"""After a power cut a prefix of what was acknowledged is there: all that was on the disk for certain, and no gap.

The disk is simulated. What a completed sync saw is there afterwards; of each sector that was written since, either that
or something younger is, by chance; of files whose names were never synced, some are missing.
"""

import os
import random
import sqlite3
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

import deardiary
from deardiary import Run, recorder
from deardiary.core.series import Series
from deardiary.journal import owners, segments, writing
from deardiary.journal.owners import OWNER, Owner
from deardiary.journal.segments import SUFFIX
from deardiary.journal.writing import Journal
from deardiary.recorder import Recorder
from nightly import NIGHTLY
from places import alone

TRIALS = 200 if NIGHTLY else 20
FORMS = ("mapped", "written")
SECTOR = 512
SECONDS = 60
"""What nothing here comes near."""


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return alone(monkeypatch, tmp_path)


# A disk that forgets.


@define(eq=False)
class Disk:
    """Knows what of the files in a folder is on the disk for certain."""

    dice: random.Random
    patience: float = 0.0
    """How long a sync takes at most."""
    files: dict[str, bytes] = field(factory=dict)
    names: set[str] = field(factory=set)
    glimpsed: dict[str, bytes] = field(factory=dict)
    """What was in the files some time after their last sync: a sector may be as it was then, too."""
    syncs: list[float] = field(factory=list)
    """When one was completed."""
    lock: Any = field(factory=threading.Lock)

    def sync(self, fd: int) -> None:
        """Do as `fdatasync`: what was written before is on the disk when it returns."""
        path = os.readlink(f"/proc/self/fd/{fd}")
        seen = Path(path).read_bytes()
        time.sleep(self.dice.random() * self.patience)
        with self.lock:
            self.files[os.path.basename(path)] = seen
            self.glimpsed.pop(os.path.basename(path), None)
            self.syncs.append(time.monotonic())

    def sync_folder(self, folder: str) -> None:
        """Do as `fsync` of a folder."""
        seen = os.listdir(folder)
        with self.lock:
            self.names.update(seen)

    def glimpse(self, folder: Path) -> None:
        """Note what is in the files now."""
        with self.lock:
            self.glimpsed = {path.name: path.read_bytes() for path in folder.glob(f"*{SUFFIX}")}

    def cut(self, folder: Path) -> dict[str, bytes]:
        """Return what may be found in the files of a folder if the power goes now."""
        with self.lock:
            files, names, glimpsed = dict(self.files), set(self.names), dict(self.glimpsed)
        paths = [path for path in sorted(folder.glob(f"*{SUFFIX}")) if path.name in names or self.dice.random() < 0.5]
        return {path.name: self._left(path, files.get(path.name, b""), glimpsed.get(path.name, b"")) for path in paths}

    def _left(self, path: Path, synced: bytes, before: bytes) -> bytes:
        now = path.read_bytes()
        length = self.dice.choice([len(synced), len(now)]) if synced else self.dice.choice([0, len(now)])
        versions = [synced, synced, before if len(before) >= len(synced) else synced, now]
        if self.dice.random() < 0.3:
            versions = [self.dice.choice([synced, now])]
        parts = [self.dice.choice(versions)[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, length, SECTOR)]
        return b"".join(parts)[:length]


@pytest.fixture
def injected(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """Yield the disk that journals are on."""
    disk = Disk(random.Random(0))
    monkeypatch.setattr(segments, "_datasync", lambda fd: disk.sync(fd))
    monkeypatch.setattr(segments, "sync_folder", lambda folder: disk.sync_folder(folder))
    yield disk
    disk.files.clear()  # megabytes, in a circle that is collected late
    disk.glimpsed.clear()


# What is logged.


def value(thread: int, n: int) -> float:
    """Return the value of a point: any of them, whatever its bits."""
    return float(struct.unpack("<d", random.Random(f"{thread} {n}").randbytes(8))[0])


def call(run: Run, thread: int, n: int) -> None:
    v = value(thread, n)
    match n % 11:
        case 3:
            run.log({f"{thread}/new{n}": v, f"{thread}/x": v, **{f"{thread}/{n}/{m}": v for m in range(wide(n))}}, n)
        case 5:
            run.log({f"{thread}/x": v}, n, commit=False)
        case 7:
            run.log_many({f"{thread}/x": [v] * (1 + n % 300)}, steps=[n] * (1 + n % 300))
        case _:
            run.log({f"{thread}/x": v}, n)


def wide(n: int) -> int:
    """Return how many more keys a call has; some have so many that their definition is in several sectors."""
    return 300 if n % 23 == 3 else n % 30


def length_of(found: dict[str, Series], thread: int, context: str) -> int:
    """Return how many calls of a thread are there, which must be the first ones, whole, and right bit for bit."""
    one = found.get(f"{thread}/x")
    if one is None:
        return 0
    length = int(one.steps[-1]) + 1
    steps = [n for n in range(length) for _ in range(1 + n % 300 if n % 11 == 7 else 1)]
    assert [*map(int, one.steps)] == steps, context
    assert bits(one) == struct.pack(f"<{len(steps)}d", *(value(thread, n) for n in steps)), context
    assert [*one.numbers] == [*range(len(steps))], context
    for n in range(3, length, 11):
        for key in (f"{thread}/new{n}", *(f"{thread}/{n}/{m}" for m in range(wide(n)))):
            assert bits(found[key]) == struct.pack("<d", value(thread, n)), context
    others = sum(1 + wide(n) for n in range(3, length, 11))
    assert len([key for key in found if key.startswith(f"{thread}/")]) == 1 + others, context
    return length


def bits(one: Series) -> bytes:
    return struct.pack(f"<{len(one.values)}d", *map(float, one.values))


# Trials.


@define(eq=False)
class Lab:
    """A diary that takes nothing, and what threads log to it."""

    folder: Path
    threads: int
    disk: Disk
    run: Run
    acknowledged: list[int]
    promised: list[int]
    """What was acknowledged before the last completed sync began."""
    is_over: bool = False

    @property
    def journals(self) -> Path:
        return self.folder / "lab.db.journals"

    def work(self, thread: int) -> None:
        n = 0
        while not self.is_over:
            call(self.run, thread, n)
            n += 1
            self.acknowledged[thread] = n
            if n % 10 == 0:
                time.sleep(0.001)


def a_lab(folder: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch, *, threads: int, durability: str) -> Lab:
    """Return a lab with a run in its diary, of which there is a copy."""
    tracker = deardiary.open(f"sqlite:///{folder}/lab.db")
    run = deardiary.init("Iris", tracker=tracker, snapshot=False, quiet=True, durability=durability)
    with sqlite3.connect(folder / "lab.db") as diary, sqlite3.connect(folder / "copy.db") as copy:
        diary.backup(copy)
    diary.close()
    copy.close()
    lab = Lab(folder, threads, disk, run, [0] * threads, [0] * threads)
    real = Journal.sync

    def sync(self: Journal) -> None:
        before = list(lab.acknowledged)
        real(self)
        if tracker.recorder is not None and tracker.recorder.journal is self:
            with disk.lock:
                lab.promised = [max(pair) for pair in zip(before, lab.promised, strict=True)]

    monkeypatch.setattr(Journal, "sync", sync)
    return lab


def cut_off(lab: Lab) -> list[int]:
    """Cut the power, and write what is left beside the copy of the diary; return what must be there."""
    promised = list(lab.promised)
    left = lab.disk.cut(lab.journals)
    folder = lab.folder / "copy.db.journals"
    folder.mkdir()
    for name, data in left.items():
        (folder / name).write_bytes(data)
    for owner in lab.journals.glob(f"*{OWNER}"):
        if owner.name not in lab.disk.names and lab.disk.dice.random() < 0.5:
            continue
        said = owners.read_owner(str(owner), owner.read_bytes())
        (folder / owner.name).write_bytes(Owner(writer=said.writer, boot="another", url=said.url).said())
    return promised


@pytest.fixture(autouse=True)
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is logged from the diary."""
    monkeypatch.setattr(recorder, "DRAIN_SECONDS", 1000.0)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(TRIALS))
def test_a_prefix_is_there_and_all_that_was_on_the_disk(
    work: Path, monkeypatch: pytest.MonkeyPatch, injected: Disk, form: str, seed: int
) -> None:
    dice = injected.dice = random.Random(f"{form} {seed}")
    injected.patience = dice.choice([0.0, 0.02])
    is_strict = dice.random() < 0.3
    monkeypatch.setattr(owners, "form_of", lambda folder: form)
    monkeypatch.setattr(writing, "SYNC_SECONDS", dice.choice([0.005, 0.03]))
    for name in ("FIRST_BYTES", "SEGMENT_BYTES"):
        monkeypatch.setattr(writing, name, dice.choice([4096, 2**14, 2**16]))
    monkeypatch.setattr(writing, "_rounded", lambda size: -(-size // 4096) * 4096)
    lab = a_lab(
        work, injected, monkeypatch, threads=dice.choice([1, 3]), durability="strict" if is_strict else "default"
    )
    threads = [threading.Thread(target=lab.work, args=(n,)) for n in range(lab.threads)]
    for one in threads:
        one.start()

    while not lab.journals.is_dir():
        time.sleep(0.001)
    time.sleep(dice.uniform(0, 0.1))
    injected.glimpse(lab.journals)
    time.sleep(dice.uniform(0, 0.1))
    acknowledged = list(lab.acknowledged)
    promised = cut_off(lab)
    reached = list(lab.acknowledged)
    lab.is_over = True
    for one in threads:
        one.join(SECONDS)
    lab.run.tracker.close()
    with deardiary.open(f"sqlite:///{work}/copy.db") as tracker:
        assert tracker.recorder is not None
        recovered = tracker.recorder.recovered
        assert recovered is None or recovered.problems == []
        found = tracker.get_all_series(1, repeats="all")

    for thread in range(lab.threads):
        least = max(acknowledged[thread] if is_strict else 0, promised[thread])
        context = f"thread {thread}: {least} promised, {reached[thread]} reached"
        assert least <= length_of(found, thread, context) <= reached[thread] + 1, context


# When it is synced.


def logged(folder: Path) -> tuple[Recorder, Run]:
    """Return a run that logs to a journal in a folder, in a diary in memory, and what drains it."""
    tracker = deardiary.open("memory://")
    own = tracker.recorder = Recorder(store=tracker.store, folder=str(folder))
    return own, deardiary.init("Iris", tracker=tracker, snapshot=False, quiet=True)


def test_what_is_logged_is_on_the_disk_within_a_second(work: Path, injected: Disk) -> None:
    own, run = logged(work / "journals")
    run.log({"loss": 0.5})
    took: list[float] = []

    for n in range(3):
        syncs, began = len(injected.syncs), time.monotonic()
        run.log({"loss": n})
        while len(injected.syncs) == syncs:
            assert time.monotonic() - began < SECONDS
            time.sleep(0.01)
        took.append(injected.syncs[-1] - began)
        time.sleep(0.1)

    assert min(took) < 1
    assert own.is_waiting
    run.tracker.close()


def test_nothing_is_synced_while_the_diary_takes_everything(
    work: Path, injected: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "DRAIN_SECONDS", 0.01)
    monkeypatch.setattr(writing, "SYNC_SECONDS", 1.0)
    own, run = logged(work / "journals")

    until = time.monotonic() + 3
    while time.monotonic() < until:
        run.log({"loss": 0.5})
        time.sleep(0.005)
    run.finish()

    assert injected.syncs == []
    assert not own.is_waiting
    run.tracker.close()


def test_what_a_diary_had_not_taken_when_it_was_closed_survives_a_power_cut(
    work: Path, injected: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = a_lab(work, injected, monkeypatch, threads=1, durability="default")
    for n in range(100):
        call(lab.run, 0, n)

    lab.run.tracker.recorder.journal.close(is_drained=False)  # type: ignore[union-attr]
    cut_off(lab)

    with deardiary.open(f"sqlite:///{work}/copy.db") as tracker:
        assert length_of(tracker.get_all_series(1, repeats="all"), 0, "") == 100
