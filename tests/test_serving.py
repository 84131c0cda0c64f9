"""A diary that one process alone may have open is logged to by others, which that process serves."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import define

import deardiary
from deardiary import Iteration, Run, Tracker
from places import alone

SECONDS = 60
"""What nothing here comes near."""

PRELUDE = """
import os, signal, sys, time
import deardiary
url, run_id, name = sys.argv[1], sys.argv[2], sys.argv[3]
os.environ["DEARDIARY_STORE"] = url
"""

LOGS = """
run = deardiary.init(resume=run_id, quiet=True)
for n in range(300):
    run.log({name: n / 3}, n)
run.finish()
"""


@define(eq=False)
class Lab:
    """A diary in a DuckDB file, open here, with a run."""

    path: Path
    tracker: Tracker
    run: Run | Iteration

    @property
    def url(self) -> str:
        return f"duckdb:///{self.path}"

    @property
    def journals(self) -> list[str]:
        return sorted(one.name for one in Path(f"{self.path}.journals").iterdir() if one.name != ".gitignore")

    def started(self, script: str, name: str = "x") -> "subprocess.Popen[str]":
        command = [sys.executable, "-W", "error", "-c", PRELUDE + textwrap.dedent(script), self.url]
        return subprocess.Popen(
            [*command, str(self.run.id), name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def told(self, script: str) -> str:
        with self.started(script) as process:
            out, err = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, err
        return out + err

    def values(self, key: str) -> list[float]:
        found = self.tracker.get_all_series(self.run, repeats="all")
        return [*map(float, found[key].values)] if key in found else []

    def until(self, condition: Callable[[], bool]) -> None:
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < SECONDS
            time.sleep(0.05)


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    alone(monkeypatch, tmp_path)
    path = tmp_path / "lab.duckdb"
    with deardiary.open(f"duckdb:///{path}") as tracker:
        yield Lab(path, tracker, deardiary.init("Iris", tracker=tracker, snapshot=False, quiet=True))


def test_four_processes_log_to_one_diary(lab: Lab) -> None:
    names = ["a", "b", "c", "d"]

    processes = [lab.started(LOGS, name) for name in names]
    for n in range(100):
        lab.run.log({"own": n}, n)
    for one in processes:
        with one:
            assert one.communicate(timeout=SECONDS) == ("", "")

    assert [lab.values(name) for name in names] == [[n / 3 for n in range(300)]] * 4
    assert lab.values("own") == [*range(100)]


def test_everything_else_is_refused_with_what_to_do(lab: Lab) -> None:
    told = lab.told("""
        def tried(call):
            try:
                call()
            except deardiary.DearDiaryError as error:
                print(type(error).__name__, error)
        tried(lambda: deardiary.open(url))
        tried(lambda: deardiary.init("Iris"))
        tried(lambda: deardiary.init(resume=run_id, config={"x": 1}))
        tried(lambda: deardiary.init(resume="a" * 32))
        run = deardiary.init(resume=run_id, quiet=True, on_error="raise")
        tried(lambda: run.tracker.get_projects())
        tried(lambda: run.log_parameters(x=1))
    """)

    lines = told.splitlines()
    assert len(lines) == 6
    for line in lines:
        assert line.startswith(f"Held {lab.path} is open in the process {os.getpid()}, and one process at a time")
        assert "init(resume=<its number>)" in line


def test_what_a_killed_process_logged_is_carried(lab: Lab) -> None:
    told = lab.told("""
        if os.fork() == 0:
            run = deardiary.init(resume=run_id, quiet=True)
            for n in range(100):
                run.log({"x": float(n)}, n)
            os.kill(os.getpid(), signal.SIGKILL)
        os.wait()
    """)

    assert told == ""
    lab.until(lambda: lab.values("x") == [*range(100)])
    lab.until(lambda: not any(name.endswith((".owner", ".taken")) for name in others(lab)))


def row_of(lab: Lab) -> Iteration:
    return lab.tracker.create_iteration(lab.run.experiment_id)


def others(lab: Lab) -> list[str]:
    assert lab.tracker.recorder is not None
    return [name for name in lab.journals if not name.startswith(lab.tracker.recorder.journal.writer)]


def test_points_wait_for_whoever_opens_the_diary_next(lab: Lab) -> None:
    lab.run = row_of(lab)  # which closing the diary does not end
    process = lab.started("""
        run = deardiary.init(resume=run_id, quiet=True)
        run.log({"x": 0.0}, 0)
        print("logged", flush=True)
        time.sleep(0.5)
        for n in range(1, 100):
            run.log({"x": float(n)}, n)
        print("more", flush=True)
        run.finish()
    """)
    assert process.stdout is not None
    assert process.stdout.readline() == "logged\n"
    lab.tracker.close()
    assert process.stdout.readline() == "more\n"

    with deardiary.open(lab.url) as tracker:
        lab.tracker = tracker
        lab.until(lambda: lab.values("x") == [*map(float, range(100))])
        with process:
            process.communicate(timeout=SECONDS)

    assert process.returncode == 0


def worker(run: Run) -> None:
    for n in range(50):
        run.log({"worker": float(n)}, n)
    run.finish()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_worker_logs_to_the_run_of_its_parent(lab: Lab, method: str) -> None:
    process = multiprocessing.get_context(method).Process(target=worker, args=(lab.run,))
    process.start()
    process.join(SECONDS)

    assert process.exitcode == 0
    lab.until(lambda: lab.values("worker") == [*map(float, range(50))])


def test_a_run_that_ends_waits_until_its_points_are_taken(lab: Lab) -> None:
    lab.told(LOGS)

    assert len(lab.values("x")) == 300
    lab.until(lambda: others(lab) == [])


def test_a_killed_holder_loses_nothing(lab: Lab) -> None:
    lab.run = row_of(lab)
    lab.tracker.close()
    holds = """
        tracker = deardiary.open(url)
        print("open", flush=True)
        time.sleep(60)
    """
    logs = """
        run = deardiary.init(resume=run_id, quiet=True)
        print("begun", flush=True)
        for n in range(300):
            run.log({name: n / 3}, n)
            time.sleep(0.002)
        run.finish()
    """
    with lab.started(holds) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with lab.started(logs) as guest:
            assert guest.stdout is not None
            assert guest.stdout.readline() == "begun\n"
            time.sleep(0.4)
            holder.send_signal(signal.SIGKILL)
            holder.wait(SECONDS)
            with deardiary.open(lab.url) as tracker:
                guest.communicate(timeout=SECONDS)
                lab.tracker = tracker
                assert lab.values("x") == [n / 3 for n in range(300)]
