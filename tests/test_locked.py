"""A diary that another process keeps locked holds up nobody who logs, and gets everything afterwards."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import deardiary
from deardiary import IterationStatus, opening
from nightly import NIGHTLY

LOCKED_SECONDS = 20 if NIGHTLY else 3
SECONDS = 120
"""What nothing here comes near."""

PRELUDE = """
import json, os, sys, time
import deardiary
from deardiary import going
from deardiary.backends.sql import sqlite

tracker = deardiary.open("sqlite:///lab.db")
run = deardiary.init("Iris", tracker=tracker, snapshot=False, quiet=True, on_error=HOW)
run.log({"x": 0.0})
run.flush()
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(opening, "RECOVERY_SECONDS", float(SECONDS))
    return tmp_path


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Write in the diary as another process that takes its time."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.close()


@contextlib.contextmanager
def started(work: Path, script: str, how: str = "warn") -> Iterator["subprocess.Popen[str]"]:
    """Start a script, which waits for a line before it goes on."""
    (work / "script.py").write_text(PRELUDE.replace("HOW", repr(how)) + textwrap.dedent(script))
    names = {name: value for name, value in os.environ.items() if not name.startswith("DEARDIARY")}
    with subprocess.Popen(
        [sys.executable, "-W", "error", "script.py"],
        cwd=work,
        env=names,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def told(process: "subprocess.Popen[str]") -> Any:
    """Let a script go on, and return what it tells next."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def warnings(stderr: str) -> list[str]:
    return [line for line in stderr.splitlines() if "warning" in line]


def found(work: Path) -> tuple[list[float], IterationStatus]:
    """Return what the diary has of the run."""
    with deardiary.open(f"sqlite:///{work}/lab.db") as tracker:
        row = tracker.get_iteration(1)
        assert row is not None
        values = tracker.get_all_series(1, repeats="all")["x"].values
        return [*map(float, values)], IterationStatus(row.status_id)


LOOP = """
slowest, calls, until = 0, 1, time.monotonic() + SECONDS
while time.monotonic() < until:
    for _ in range(10):
        before = time.thread_time()
        run.log({"x": float(calls)})
        slowest = max(slowest, time.thread_time() - before)
        calls += 1
    time.sleep(0.001)
print(json.dumps([slowest, calls]), flush=True)
sys.stdin.readline()
run.finish()
print(json.dumps(run._line.lost), flush=True)
"""


@pytest.mark.parametrize(("how", "seconds"), [("warn", LOCKED_SECONDS), ("raise", 1), ("block", 1)])
def test_a_loop_never_waits_for_a_diary_that_is_locked(work: Path, how: str, seconds: int) -> None:
    with started(work, LOOP.replace("SECONDS", str(seconds)), how) as process:
        with locked(work / "lab.db"):
            slowest, calls = told(process)
        lost = told(process)
        _, stderr = process.communicate(timeout=SECONDS)

    assert slowest < 0.05
    assert lost == 0
    assert len(warnings(stderr)) <= 1, stderr
    assert found(work) == ([*range(calls)], IterationStatus.SUCCEEDED)


FINISH = """
going.FINISH_SECONDS = sqlite.PATIENCE_SECONDS = 0.5
for n in range(1, 1000):
    run.log({"x": float(n)})
began = time.monotonic()
try:
    run.finish()
    raised = ""
except deardiary.DearDiaryError as error:
    raised = type(error).__name__
print(json.dumps([time.monotonic() - began, raised]), flush=True)
sys.stdin.readline()
os._exit(0)
"""


@pytest.mark.parametrize("how", ["warn", "raise", "block"])
def test_a_run_that_ends_meanwhile_is_told_of_and_ended_by_the_next_one(work: Path, how: str) -> None:
    with started(work, FINISH, how) as process, locked(work / "lab.db"):
        took, raised = told(process)
        _, stderr = process.communicate("\n", timeout=SECONDS)

    assert took < SECONDS / 4
    assert raised == ("Unavailable" if how == "raise" else "")
    assert "the diary is away" in stderr
    assert "`deardiary recover` sends them" in stderr
    assert found(work) == ([*range(1000)], IterationStatus.SUCCEEDED)
    assert [name for name in os.listdir(work / "lab.db.journals") if name != ".gitignore"] == []


def test_a_program_that_ends_meanwhile_does_so_in_good_time(work: Path) -> None:
    script = FINISH.replace("os._exit(0)", "from deardiary import recorder; recorder.CLOSE_SECONDS = 0.5")
    with started(work, script) as process, locked(work / "lab.db"):
        told(process)
        _, stderr = process.communicate("\n", timeout=SECONDS / 4)

    assert process.returncode == 0
    assert "Traceback" not in stderr
    assert found(work) == ([*range(1000)], IterationStatus.SUCCEEDED)


def test_whoever_opens_it_next_recovers_when_it_is_free(work: Path) -> None:
    """Not before: whoever opens it while it is locked may read, and is not held up for long."""
    with started(work, FINISH) as process, locked(work / "lab.db"):
        told(process)
        process.communicate("\n", timeout=SECONDS)
    reading = "import deardiary; t = deardiary.open('sqlite:///lab.db'); print(len(t.get_metrics(1)))"
    patience = "from deardiary.backends.sql import sqlite; sqlite.PATIENCE_SECONDS = 0.5\n"

    with locked(work / "lab.db"):
        said = subprocess.run(
            [sys.executable, "-c", patience + reading], cwd=work, capture_output=True, text=True, timeout=SECONDS
        )

    assert (said.returncode, said.stdout) == (0, "1\n"), said.stderr
    assert found(work) == ([*range(1000)], IterationStatus.SUCCEEDED)
