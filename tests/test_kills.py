"""What a killed process had logged is in the diary afterwards, once, whoever carries it, however often that fails."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from attrs import define, evolve

import deardiary
from deardiary import Iteration, IterationStatus, opening
from deardiary.journal.owners import OWNER
from deardiary.journal.segments import SUFFIX
from nightly import NIGHTLY
from places import alone
from victims import MOST_THREADS, Account, Counters, Told

KILLS = 200 if NIGHTLY else 12
FEW = 50 if NIGHTLY else 2
SECONDS = 120
"""What nothing here comes near."""
PROGRAM = Path(__file__).with_name("victims.py")
FORMS = ("mapped", "written")


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(opening, "RECOVERY_SECONDS", float(SECONDS))
    return alone(monkeypatch, tmp_path)


# A diary, and programs that write in it.


@define
class Lab:
    """A folder with a diary, and what was acknowledged to the program that logs to it."""

    folder: Path
    counters: Counters

    @property
    def diary(self) -> Path:
        return self.folder / "lab.db"

    @property
    def journals(self) -> list[str]:
        """The files of journals that are left."""
        folder = self.folder / "lab.db.journals"
        return sorted(name for name in os.listdir(folder) if name != ".gitignore") if folder.is_dir() else []

    def told(self) -> Told:
        return Told(url=f"sqlite:///{self.diary}", counters=str(self.folder / "counters"))

    @contextmanager
    def started(self, what: str, told: Told) -> Iterator["subprocess.Popen[str]"]:
        """Start a program, return when it is ready, and see to it that it is gone afterwards."""
        with subprocess.Popen(
            [sys.executable, "-W", "error", str(PROGRAM), what, told.said()],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                assert process.stdout is not None
                assert process.stderr is not None
                assert process.stdout.readline() == "ready\n", process.stderr.read()
                yield process
            finally:
                process.kill()

    def killed(self, told: Told, seconds: float) -> str:
        """Have a program log for a moment, kill it, and return what it complained of."""
        with self.started("log", told) as process:
            time.sleep(seconds)
            os.kill(process.pid, signal.SIGKILL)
            _, said = process.communicate(timeout=SECONDS)
        assert process.returncode == -signal.SIGKILL
        return str(said)

    def killed_when_done(self, told: Told) -> None:
        """Have a program make all its calls, and kill it."""
        with self.started("log", told) as process:
            assert read(process) == "done\n"
            os.kill(process.pid, signal.SIGKILL)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Write in the diary as another process that takes its time."""
        connection = sqlite3.connect(self.diary, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.close()

    def verify(self, told: Told) -> int:
        """Compare the diary with what was acknowledged, return how many calls that were, and expect no journals."""
        with deardiary.open(told.url) as tracker:
            assert tracker.recorder is not None
            recovered = tracker.recorder.recovered
            assert recovered is None or recovered.problems == []
            runs = tracker.find(Iteration, order="id")
            found = [tracker.get_all_series(run, repeats="all") for run in runs]
        for thread in range(told.threads):
            of_run = found[0 if told.is_shared else thread]
            points = {
                key: sorted(zip(map(int, one.steps), map(float, one.values), strict=True))
                for key, one in of_run.items()
                if not told.is_shared or key.startswith(f"{thread}/")
            }
            compare(points, self.counters.get(thread), Account(thread, told.is_shared), told.most)
        assert self.journals == []
        return sum(map(self.counters.get, range(MOST_THREADS)))


def compare(found: dict[str, list[tuple[int, float]]], acknowledged: int, account: Account, most: int) -> None:
    """Expect every acknowledged call once, and at most one more."""
    for n in range(acknowledged):
        account.add(n)
    if in_order(account) != found and (not most or acknowledged < most):
        account.add(acknowledged)
    expected = in_order(account)
    assert {key: len(one) for key, one in found.items()} == {key: len(one) for key, one in expected.items()}
    assert found == expected


def in_order(account: Account) -> dict[str, list[tuple[int, float]]]:
    return {key: sorted(one) for key, one in account.points.items()}


def read(process: "subprocess.Popen[str]") -> str:
    """Return what a program says next."""
    assert process.stdout is not None
    return process.stdout.readline()


def go(process: "subprocess.Popen[str]") -> None:
    """Let a program go on that waits for a line."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.fixture
def lab(work: Path) -> Lab:
    return Lab(work, Counters.at(work / "counters"))


def a_moment(random: random.Random) -> float:
    """Return how long to wait: often a very short time, in which the first point is logged."""
    return random.choice([0.0, random.uniform(0, 0.003), random.uniform(0, 0.05), random.uniform(0, 0.3)])


# Kills.


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(KILLS))
def test_what_was_acknowledged_is_there_once(lab: Lab, form: str, seed: int) -> None:
    dice = random.Random(f"{form} {seed}")
    told = evolve(
        lab.told(),
        form=form,
        threads=dice.choice([1, 1, 2, 4]),
        is_shared=dice.random() < 0.5,
        segment_bytes=dice.choice([0, 4096, 2**16]),
        is_held=dice.random() < 0.3,
    )

    complaint = lab.killed(told, a_moment(dice))

    lab.verify(told)
    assert complaint == "", complaint


def test_a_form_is_what_it_is_told_to_be(lab: Lab) -> None:
    sizes = {}
    for form in FORMS:
        told = evolve(lab.told(), form=form, most=1, is_held=True, url=f"sqlite:///{lab.folder}/{form}.db")
        lab.killed_when_done(told)
        (segment,) = (lab.folder / f"{form}.db.journals").glob(f"*{SUFFIX}")
        sizes[form] = segment.stat().st_size

    assert sizes["mapped"] == 2**20
    assert 0 < sizes["written"] < 4096


@pytest.mark.parametrize("form", FORMS)
def test_a_process_that_is_killed_again_and_again_loses_nothing(lab: Lab, form: str) -> None:
    dice = random.Random(form)
    told = evolve(lab.told(), form=form, segment_bytes=2**16)

    for turn in range(3):
        one = evolve(told, url=f"sqlite:///{lab.diary}", counters=str(lab.folder / f"counters-{turn}"))
        lab.killed(one, dice.uniform(0, 0.1))

    with deardiary.open(told.url) as tracker:
        runs = tracker.find(Iteration, order="id")
        found = [tracker.get_all_series(run, repeats="all") for run in runs]
    for turn, of_run in enumerate(found):
        points = {key: sorted(zip(map(int, s.steps), map(float, s.values), strict=True)) for key, s in of_run.items()}
        acknowledged = Counters.at(lab.folder / f"counters-{turn}").get(0)
        compare(points, acknowledged, Account(0, is_shared=False), 0)
    assert lab.journals == []


@pytest.mark.parametrize("is_held", [False, True], ids=["carried", "held"])
@pytest.mark.parametrize("form", FORMS)
def test_a_forked_process_has_a_journal_of_its_own_and_harms_no_other(lab: Lab, form: str, is_held: bool) -> None:
    told = evolve(
        lab.told(), form=form, threads=2, is_shared=True, most=2000, segment_bytes=2**15, forks=True, is_held=is_held
    )

    lab.killed_when_done(told)

    assert is_held <= (len([name for name in lab.journals if name.endswith(OWNER)]) == 2)
    assert lab.verify(told) == 4000


# Recoveries that race, are killed, or cut otherwise.


def a_journal(lab: Lab, dice: random.Random, *, calls: int = 3000) -> Told:
    """Leave a journal of which the diary has nothing, in many segments."""
    told = evolve(
        lab.told(),
        form=dice.choice(FORMS),
        threads=2,
        most=calls,
        segment_bytes=dice.choice([4096, 2**15]),
        is_held=True,
    )
    lab.killed_when_done(told)
    assert lab.journals
    return told


def raced(lab: Lab, tolds: list[Told]) -> list["subprocess.Popen[str]"]:
    """Start programs that recover, let them go at once, and return them when they have ended."""
    with ExitStack() as stack:
        processes = [stack.enter_context(lab.started("recover", evolve(told, waits=True))) for told in tolds]
        for one in processes:
            go(one)
        for one in processes:
            one.wait(SECONDS)
    return processes


@pytest.mark.parametrize("seed", range(FEW))
def test_racers_recover_once(lab: Lab, seed: int) -> None:
    told = a_journal(lab, random.Random(f"race {seed}"))

    racers = raced(lab, [told] * 2)

    assert [one.returncode for one in racers] == [0, 0]
    assert lab.verify(told) == 6000


@pytest.mark.parametrize("seed", range(FEW))
def test_racers_that_cut_otherwise_and_heed_no_lock_recover_once(lab: Lab, seed: int) -> None:
    dice = random.Random(f"cut {seed}")
    told = a_journal(lab, dice)

    sizes = [dice.choice([1009, 4999, 10_007, 65_537]) for _ in range(3)]
    racers = raced(lab, [evolve(told, batch_bytes=size, is_lawless=True) for size in sizes])

    assert [one.returncode for one in racers] == [0, 0, 0]
    assert lab.verify(told) == 6000


@pytest.mark.parametrize("seed", range(FEW))
def test_a_killed_recovery_is_taken_up(lab: Lab, seed: int) -> None:
    dice = random.Random(f"taken up {seed}")
    told = a_journal(lab, dice)

    for _ in range(4):
        with lab.started("recover", evolve(told, waits=True, batch_bytes=dice.choice([1009, 4999, 10_007]))) as process:
            go(process)
            time.sleep(dice.uniform(0, 0.15))

    assert lab.verify(told) == 6000


@pytest.mark.parametrize("seed", range(FEW))
def test_a_journal_that_was_carried_in_part_is_carried_to_its_end(lab: Lab, seed: int) -> None:
    dice = random.Random(f"in part {seed}")
    told = evolve(lab.told(), form=dice.choice(FORMS), segment_bytes=2**15, batch_bytes=dice.choice([1009, 4999]))

    lab.killed(told, dice.uniform(0.15, 0.4))

    assert lab.verify(evolve(told, batch_bytes=0)) > 0


# A diary that is away.


@pytest.mark.parametrize("form", FORMS)
def test_a_kill_while_the_diary_is_locked_loses_nothing(lab: Lab, form: str) -> None:
    told = evolve(lab.told(), form=form, segment_bytes=2**15, waits=True)

    with lab.started("log", told) as process, lab.locked():
        go(process)
        time.sleep(0.4)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(SECONDS)

    assert lab.verify(told) > 0


@pytest.mark.parametrize("form", FORMS)
def test_a_run_that_ended_while_its_diary_was_away_ends_when_it_is_back(lab: Lab, form: str) -> None:
    told = evolve(lab.told(), form=form, most=500, threads=2, waits=True, finishes=True)

    with lab.started("log", told) as process, lab.locked():
        go(process)
        assert read(process) == "done\n"
        os.kill(process.pid, signal.SIGKILL)
        _, said = process.communicate(timeout=SECONDS)

    assert said.count("has ended, but the diary is away") == 2
    assert lab.verify(told) == 1000
    with deardiary.open(told.url) as tracker:
        runs = tracker.find(Iteration, order="id")
    assert [run.status_id for run in runs] == [IterationStatus.SUCCEEDED] * 2
    assert all(run.end_date is not None for run in runs)
