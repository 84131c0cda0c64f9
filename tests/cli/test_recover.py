"""What killed processes leave: carried by `recover`, ended by `end`, shown by `ls` and `show`, told by `doctor`."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import deardiary
from deardiary.cli import run as command
from deardiary.core.changes import Batch, Insert
from deardiary.core.entities import Writer
from deardiary.core.guard import Guarded
from deardiary.core.shapes import now
from places import alone

POINTS = 1000


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    return alone(monkeypatch, tmp_path)


@pytest.fixture
def diary(work: Path) -> Path:
    """Return the file of a diary of which a process was killed that had logged a lot."""
    path = work / "lab.db"
    killed(path)
    return path


SCRIPT = """
import os, sys
import deardiary
from deardiary import recorder

recorder.DRAIN_SECONDS = 1000  # nothing reaches the diary
recorder.Recorder.recover = lambda self, seconds=0: None  # nor what others left
tracker = deardiary.open("sqlite:///{path}")
run = deardiary.init("Iris", tracker=tracker, quiet=True, snapshot=False)
for n in range({points}):
    run.log({{"loss": n}})
sys.stderr.write("logged\\n")
{end}
"""


def killed(path: Path) -> None:
    """Log points to a run in a process that is killed before the diary has any."""
    script = SCRIPT.format(path=path, points=POINTS, end="os.kill(os.getpid(), 9)")
    ended = subprocess.run([sys.executable, "-c", script], stderr=subprocess.PIPE, check=False)
    assert (ended.returncode, ended.stderr) == (-9, b"logged\n")


@contextmanager
def living(path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Start a process that has logged points, which the diary has not, and waits."""
    script = SCRIPT.format(path=path, points=POINTS, end="sys.stdin.read()")
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "logged\n"
        try:
            yield process
        finally:
            process.kill()


def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let diaries take nothing."""

    def apply(*_: Any) -> None:
        raise deardiary.Unavailable("the diary is away")

    monkeypatch.setattr(Guarded, "apply", apply)


def journals(path: Path) -> Path:
    return path.with_name(f"{path.name}.journals")


def said(capsys: pytest.CaptureFixture[str], path: Path, *arguments: str) -> tuple[int, str, str]:
    """Ask something of a diary, and return the exit code, what is printed, and what is said on stderr."""
    capsys.readouterr()
    code = command(["--store", f"sqlite:///{path}", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def recovered(capsys: pytest.CaptureFixture[str], path: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    code, out, _ = said(capsys, path, "recover", *arguments, "--json")
    return code, json.loads(out)


def steps(path: Path, run: int = 1) -> list[int]:
    """Return the steps of a run's points, each as often as it is there."""
    with deardiary.open(f"sqlite:///{path}") as tracker:
        found: list[int] = tracker.get_series(run, "loss", repeats="all").steps.tolist()
        return found


@contextmanager
def hidden(path: Path) -> Iterator[deardiary.Tracker]:
    """Open a diary whose journals are not there meanwhile."""
    journals(path).rename(path.with_name("elsewhere"))
    with deardiary.open(f"sqlite:///{path}") as tracker:
        yield tracker
    path.with_name("elsewhere").rename(journals(path))


# recover.


def test_what_a_killed_process_left_is_carried(diary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = recovered(capsys, diary)

    assert code == 0
    assert report == {
        "version": 1,
        "journals": 1,
        "points": POINTS,
        "placed": 0,
        "alive": 0,
        "refused": [],
        "problems": [],
    }
    assert steps(diary) == [*range(POINTS)]
    assert [one.name for one in journals(diary).iterdir()] == [".gitignore"]


def test_it_is_told_in_words(diary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, diary, "recover")

    assert (code, out) == (0, "carried 1 journal that a process left: 1,000 points\nnothing is left waiting\n")
    assert err == "deardiary: 1,000 points that a process left behind are in the diary now\n"
    assert said(capsys, diary, "recover") == (0, "nothing is left waiting\n", "")


def test_it_is_all_carried_however_long_opening_a_diary_waits(
    diary: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(diary)
    killed(diary)
    monkeypatch.setattr("deardiary.opening.RECOVERY_SECONDS", 0.0)

    code, report = recovered(capsys, diary)

    assert (code, report["journals"], report["points"]) == (0, 3, 3 * POINTS)
    assert (steps(diary, 1), steps(diary, 3)) == ([*range(POINTS)], [*range(POINTS)])


def test_a_process_that_lives_is_left_alone(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = work / "lab.db"
    with living(path) as process:
        told = said(capsys, path, "recover")
        process.kill()
        process.wait()
        code, report = recovered(capsys, path)

    assert told == (0, "1 process lives and carries its own points\nnothing else is left waiting\n", "")
    assert (code, report["points"], report["alive"]) == (0, POINTS, 0)


def test_a_diary_that_does_not_take_them_is_4(
    diary: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        closed(patch)
        code, report = recovered(capsys, diary)

    (owner,) = journals(diary).glob("*.owner")
    assert (code, report["journals"], report["points"]) == (4, 0, 0)
    assert report["problems"] == [f"{owner.with_suffix('')}: the diary is away"]
    assert recovered(capsys, diary)[1]["points"] == POINTS


def test_a_diary_that_cannot_be_opened_is_4(
    diary: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise deardiary.Unavailable("the diary is away")

    monkeypatch.setattr("deardiary.opening.open", away)

    assert said(capsys, diary, "recover") == (4, "", "deardiary: the diary is away\n")


def test_a_diary_that_is_not_there_is_3(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, work / "lab.db", "recover")[0] == 3


def test_a_diary_in_memory_has_nothing_to_recover(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["--store", "memory://", "recover"]) == 0
    assert capsys.readouterr().out == "nothing is left waiting\n"


def test_a_file_that_says_nothing_is_a_problem(diary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (owner,) = journals(diary).glob("*.owner")
    owner.write_text("{}")

    code, report = recovered(capsys, diary)

    assert (code, report["points"]) == (1, 0)
    assert report["problems"] == [f"{owner} does not say whose journal it is"]


def test_segments_without_an_owner_are_a_problem(diary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (owner,) = journals(diary).glob("*.owner")
    owner.unlink()

    code, out, _ = said(capsys, diary, "recover")

    assert code == 1
    assert out == f"problem: {journals(diary)} has journals without {owner.name}, which say whose they are\n"


# Points that are refused.


def test_points_of_a_run_that_was_ended_meanwhile_are_refused_and_kept(
    diary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with hidden(diary) as tracker:
        tracker.end_iteration(1, force=True)

    code, report = recovered(capsys, diary)

    assert (code, report["journals"], report["points"]) == (1, 1, 0)
    assert sum(one["points"] for one in report["refused"]) == POINTS
    assert {(one["run"], one["error"]) for one in report["refused"]} == {(1, "run 1 has ended")}
    assert {Path(one["file"]).parent for one in report["refused"]} == {journals(diary)}
    out = said(capsys, diary, "recover")[1]
    assert out == f"refused: 1,000 points of run 1, kept in {report['refused'][0]['file']}: run 1 has ended\n"


def test_refused_points_are_placed_when_their_run_is_open_again(
    diary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with hidden(diary) as tracker:
        tracker.end_iteration(1, force=True)
    assert recovered(capsys, diary)[0] == 1
    with deardiary.open(f"sqlite:///{diary}") as tracker:
        deardiary.init(resume=1, tracker=tracker, quiet=True)
        code, out, _ = said(capsys, diary, "recover")

    assert (code, out) == (0, "1,000 points that had been refused are in the diary now\nnothing is left waiting\n")
    assert steps(diary) == [*range(POINTS)]
    assert [*journals(diary).glob("*.refused")] == []


def test_points_of_a_run_that_was_dropped_are_refused_with_that_reason(
    diary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with hidden(diary) as tracker:
        tracker.end_iteration(1, force=True)
    assert recovered(capsys, diary)[0] == 1
    with deardiary.open(f"sqlite:///{diary}") as tracker:
        tracker.delete_iteration(1)

    code, report = recovered(capsys, diary)

    assert code == 1
    assert {one["error"] for one in report["refused"]} == {"run 1 is not there"}


# Journals from elsewhere.


def copied(path: Path, name: str) -> Path:
    """Return a copy of a diary's journals."""
    return Path(shutil.copytree(journals(path), path.with_name(name)))


def test_a_copy_that_is_carried_twice_adds_nothing(diary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = copied(diary, "first"), copied(diary, "second")
    shutil.rmtree(journals(diary))

    code, report = recovered(capsys, diary, "--journal", str(first))
    again, nothing = recovered(capsys, diary, "--journal", str(second))

    assert (code, report["journals"], report["points"]) == (0, 1, POINTS)
    assert (again, nothing["journals"], nothing["points"]) == (0, 1, 0)
    assert steps(diary) == [*range(POINTS)]


def test_a_folder_of_folders_of_journals_is_carried(diary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parent = diary.with_name("backup")
    parent.mkdir()
    shutil.copytree(journals(diary), parent / "one")
    shutil.rmtree(journals(diary))
    killed(diary)
    journals(diary).rename(parent / "two")

    code, report = recovered(capsys, diary, "--journal", str(parent))

    assert (code, report["journals"], report["points"]) == (0, 2, 2 * POINTS)
    assert (steps(diary, 1), steps(diary, 2)) == ([*range(POINTS)], [*range(POINTS)])


def test_the_journals_of_another_diary_are_carried_by_force_only(
    diary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = diary.with_name("other.db")
    with deardiary.open(f"sqlite:///{other}") as tracker:
        tracker.create_iteration(tracker.create_experiment(tracker.create_project("Oak"), "tall"))

    code, out, _ = said(capsys, other, "recover", "--journal", str(journals(diary)))

    assert code == 1
    assert f"it is for the diary sqlite:///{diary}, and sqlite:///{other} does not know its process" in out
    assert recovered(capsys, other, "--journal", str(journals(diary)), "--force")[1]["points"] == POINTS


def test_a_folder_without_journals_is_told(diary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = diary.with_name("empty")
    empty.mkdir()

    code, _, err = said(capsys, diary, "recover", "--journal", str(empty))

    assert code == 0
    assert f"there are no journals in {empty}\n" in err
    assert said(capsys, diary, "recover", "--journal", "nowhere")[0] == 2


def test_the_diarys_own_folder_is_carried_once(diary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = recovered(capsys, diary, "--journal", str(journals(diary)))

    assert (code, report["points"], report["refused"]) == (0, POINTS, [])


# Runs that are lost, and their end.


@pytest.fixture
def lost(work: Path) -> Path:
    """Return the file of a diary with a run whose process has been silent for ten minutes."""
    path, began = work / "lab.db", now() - timedelta(hours=1)
    with deardiary.open(f"sqlite:///{path}") as tracker:
        experiment = tracker.create_experiment(tracker.create_project("Iris"), "sweep")
        writer = Writer(id=-1, uid="3" * 32, host="here", pid=7, seen_at=now() - timedelta(minutes=10))
        row = deardiary.Iteration(id=-1, experiment_id=experiment.id, writer_id=-1, created_date=began)
        tracker.store.apply(Batch([Insert(writer), Insert(row)]))
        tracker.create_iteration(experiment)
    return path


def test_a_lost_run_is_shown_as_lost(lost: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = said(capsys, lost, "ls", "--order", "id")[1]
    shown = " ".join(said(capsys, lost, "show", "1")[1].split())

    first, second = [line for line in listed.splitlines() if "IRI-" in line]
    assert "running (lost)" in first
    assert "lost" not in second
    assert shown.startswith("IRI-1 running (lost)")
    assert "(10m ago); if it was killed: deardiary end IRI-1; if it comes back, its points are welcome" in shown


def test_a_lost_run_is_told_as_lost(lost: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(said(capsys, lost, "ls", "--order", "id", "--json")[1])["runs"]

    assert [(one["status"], one["lost"]) for one in listed] == [("RUNNING", True), ("RUNNING", False)]
    assert listed[0]["seen_at"].endswith("Z")
    assert listed[1]["seen_at"] is None
    assert json.loads(said(capsys, lost, "show", "1", "--json")[1])["lost"] is True


def test_a_lost_run_is_ended_as_of_when_it_was_last_heard_of(lost: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, lost, "end", "IRI-1", "--status", "failed", "--message", "the node went down")

    assert (code, out) == (0, "")
    shown = json.loads(said(capsys, lost, "show", "1", "--json")[1])
    assert (shown["status"], shown["error_message"], shown["lost"]) == ("FAILED", "the node went down", False)
    ended = shown["end_date"]
    assert err == f"run IRI-1 failed, as of {ended[:19].replace('T', ' ')} UTC\n"
    with deardiary.open(f"sqlite:///{lost}") as tracker:
        (writer,) = tracker.find(Writer)
        assert tracker.get(deardiary.Iteration, 1).end_date == writer.seen_at


def test_a_run_that_was_killed_just_now_is_ended_by_force(diary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, diary, "end", "1")

    assert code == 1
    assert "run 1 seems to live: it was heard of" in err
    assert said(capsys, diary, "end", "1", "--force")[0] == 0
    shown = json.loads(said(capsys, diary, "show", "1", "--json")[1])
    assert (shown["status"], shown["metrics"]["loss"]["count"]) == ("KILLED", POINTS)


def test_a_run_whose_process_lives_is_not_ended_however_long_it_is_silent(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = work / "lab.db"
    with living(path):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE writers SET seen_at = seen_at - 3600000000")
            connection.execute("UPDATE iterations SET created_date = created_date - 3600000000")
        code, _, err = said(capsys, path, "end", "1")

    assert code == 1
    assert f"has a journal in {journals(path)}; end it where it runs" in err


def test_a_run_that_has_ended_is_not_ended_again(lost: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, lost, "end", "1")

    code, out, err = said(capsys, lost, "end", "1", "--force")

    assert (code, out) == (1, "")
    assert err.startswith("deardiary: run 1 has ended already: it is KILLED")


def test_a_run_that_is_not_there_is_not_ended(lost: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, lost, "end", "IRI-9")[0] == 3
    assert said(capsys, lost, "end", "1", "--status", "running")[0] == 2


# doctor.


def checked(capsys: pytest.CaptureFixture[str], path: Path) -> tuple[bool, str]:
    """Return what the doctor says of the journals of a diary."""
    rows = {row["name"]: row for row in json.loads(said(capsys, path, "doctor", "--json")[1])["checks"]}
    return rows["journals"]["ok"], rows["journals"]["said"]


def test_the_doctor_says_where_journals_are_and_how_they_are_written(
    lost: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(capsys, lost) == (True, f"{journals(lost)}: mapped into memory")


def test_the_doctor_says_why_journals_are_written_otherwise(
    lost: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deardiary.journal.owners.file_system", lambda _: "nfs4")

    is_well, told = checked(capsys, lost)

    assert is_well
    assert told.endswith("single writes instead of mapped memory, since it is on nfs4")


def test_the_doctor_counts_what_waits_of_processes_that_live(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = work / "lab.db"
    with living(path):
        is_well, told = checked(capsys, path)

    assert is_well
    assert told.endswith("; 1,000 points of a process that lives wait")


def test_the_doctor_counts_what_waits_of_processes_that_are_no_more(
    diary: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed(monkeypatch)

    is_well, told = checked(capsys, diary)

    assert not is_well
    assert "; 1,000 points of a process that is no more wait; `deardiary recover` sends them; " in told
    assert told.endswith(": the diary is away")


def test_the_doctor_counts_what_waits_for_a_diary_that_cannot_be_opened(
    diary: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise deardiary.Unavailable("the diary is away")

    monkeypatch.setattr("deardiary.opening.open", away)

    is_well, told = checked(capsys, diary)

    assert is_well  # it is the store that is not
    assert "; at most 1,000 points of a process that is no more wait; `deardiary recover` sends them" in told


def test_the_doctor_tells_of_refused_points(diary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with hidden(diary) as tracker:
        tracker.end_iteration(1, force=True)

    is_well, told = checked(capsys, diary)

    assert not is_well
    assert "1,000 points are kept for `deardiary recover` (runs: 1): run 1 has ended" in told


def test_the_doctor_tells_of_segments_without_an_owner(diary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (owner,) = journals(diary).glob("*.owner")
    owner.unlink()

    is_well, told = checked(capsys, diary)

    assert not is_well
    assert f"nobody comes for {owner.stem}.00000000.journal" in told


def test_the_doctor_tells_of_a_folder_that_is_none(lost: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(journals(lost), ignore_errors=True)
    journals(lost).write_text("")

    assert checked(capsys, lost) == (False, f"{journals(lost)}: mapped into memory; {journals(lost)} is no folder")


def test_the_doctor_tells_of_a_folder_that_cannot_be_written(
    lost: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    journals(lost).mkdir(exist_ok=True)
    access = os.access  # the superuser may write anywhere, so that nothing on the disk would do
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != journals(lost) and access(path, mode))

    is_well, told = checked(capsys, lost)

    assert not is_well
    assert f"nothing can be written to {journals(lost)}" in told
