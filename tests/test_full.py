"""On a full disk a loop goes on as it was told to, what was acknowledged is kept, and what was not is counted."""

import functools
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

SECONDS = 120
"""What nothing here comes near."""

DISK_BYTES = 4 * 2**20
LARGE_BYTES = 4 * DISK_BYTES
"""Where the diary is, which needs room to make room."""
BALLAST_BYTES = 2**20 + 2**19

PRELUDE = """
import faulthandler, json, os, resource, signal, subprocess, sys, threading, time
import deardiary
from deardiary import line as lines, recorder
from deardiary.core.errors import StorageFull
from deardiary.journal import owners, writing

faulthandler.dump_traceback_later(60, exit=True)
place, form, is_limited = sys.argv[1], sys.argv[2], sys.argv[3] == "limit"
owners.form_of = lambda folder: form
ballast = os.path.join(place, "ballast")
diary = os.path.join(os.getcwd(), "lab.db")

def fill(size):
    # Take room for a while. Where nothing can be mounted, files may not grow instead: they have that size at most.
    if is_limited:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, resource.RLIM_INFINITY))
        writing.SEGMENT_BYTES = 2**21
        writing._rounded = lambda size: -(-size // 2**21) * 2**21
        return
    with open(ballast, "wb") as file:
        file.write(bytes(size))

def free():
    if is_limited:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    else:
        os.unlink(ballast)
    time.sleep(2 * writing.AGAIN_SECONDS)

def init(how, store=diary):
    tracker = deardiary.open(f"sqlite:///{store}")
    return deardiary.init("Iris", tracker=tracker, snapshot=False, quiet=True, on_error=how)

def recovered(store=diary):
    # What another process finds that opens the diary.
    code = '''
import json, sys, deardiary
with deardiary.open(sys.argv[1]) as tracker:
    series = tracker.get_all_series(1, repeats="all")
    run = tracker.get_iteration(1)
    steps = [int(step) for step in series["x"].steps] if "x" in series else []
    values = [float(value) for value in series["x"].values] if "x" in series else []
    print(json.dumps({"steps": steps, "values": values, "lost": run.lost_points, "ended": run.end_date is not None}))
'''
    environment = {**os.environ, "DEARDIARY_JOURNAL": os.path.join(place, "journals")}
    said = subprocess.run([sys.executable, "-c", code, f"sqlite:///{store}"], stdout=subprocess.PIPE, env=environment)
    return json.loads(said.stdout)

def forked(work):
    # Do some work in a process that is killed, and return what it says.
    reading, writing_end = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writing_end, json.dumps(work()).encode())
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.close(writing_end)
    with os.fdopen(reading) as file:
        said = file.read()
    os.waitpid(child, 0)
    return json.loads(said)

def tell(**said):
    print(json.dumps(said), flush=True)
"""


@functools.cache
def mounter() -> list[str] | None:
    """Return what lets a program mount something that only it sees; none if nothing does."""
    for command in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        try:
            probe = subprocess.run(
                [*command, "sh", "-c", "mount -t tmpfs -o size=4m tmpfs /mnt"], capture_output=True, timeout=SECONDS
            )
        except FileNotFoundError:
            return None
        if probe.returncode == 0:
            return command
    return None


def run(
    work: Path, script: str, form: str, *, held: bool = True, has_journals_there: bool = True, size: int = DISK_BYTES
) -> Any:
    """Run a script beside a small disk, and return what it tells, and its stderr; without one, files may not grow."""
    place = work / "small"
    place.mkdir()
    holding = "recorder.DRAIN_SECONDS = 1000.0\n" if held else ""
    (work / "script.py").write_text(PRELUDE + holding + textwrap.dedent(script))
    program = [sys.executable, "-W", "error", "script.py", str(place), form]
    mount = mounter()
    if mount is not None:
        shell = f'mount -t tmpfs -o size={size} tmpfs "$0" && exec "$@"'
        command = [*mount, "sh", "-c", shell, str(place), *program, "disk"]
    else:
        command = [*program, "limit"]
    names = {name: value for name, value in os.environ.items() if not name.startswith("DEARDIARY")}
    journals = {"DEARDIARY_JOURNAL": str(place / "journals")} if has_journals_there else {}
    ended = subprocess.run(
        command, cwd=work, env={**names, **journals}, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1]), ended.stderr


@pytest.fixture(params=["mapped", "written"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path


def warnings(stderr: str) -> list[str]:
    return [line for line in stderr.splitlines() if "warning" in line]


# The journal is on the full disk.


LOOP = """
    def work():
        run = init("warn")
        run.log({"x": 0.0}, 0)
        n = 0
        while not run._line.lost or n < lost_at + 1000:
            n += 1
            before = run._line.lost
            run.log({"x": n / 3}, n)
            if run._line.lost == before:
                written.append(n)
            elif not before:
                lost_at = n
        lost = run._line.lost
        free()
        for _ in range(100):
            n += 1
            run.log({"x": n / 3}, n)
            written.append(n)
        assert run._line.lost == lost
        END
        return [written, n + 1, run._line.lost]

    written = [0]
    fill(BALLAST)
"""


def loop(end: str) -> str:
    return LOOP.replace("BALLAST", str(BALLAST_BYTES)).replace("END", end)


def test_a_loop_goes_on_and_what_was_acknowledged_survives_a_kill(work: Path, form: str) -> None:
    script = (
        loop("pass")
        + """
    written, calls, lost = forked(work)
    tell(written=written, calls=calls, lost=lost, found=recovered())
    """
    )

    told, stderr = run(work, script, form)

    assert told["found"]["steps"] == told["written"]
    assert told["found"]["values"] == [n / 3 for n in told["written"]]
    assert len(told["written"]) + told["lost"] == told["calls"]
    assert told["lost"] >= 1000
    assert 1 <= len(warnings(stderr)) <= 2, stderr
    (warning,) = warnings(stderr)
    assert "no room left" in warning
    assert "points logged meanwhile are lost" in warning


def test_a_run_that_ends_says_how_many_points_are_lost(work: Path, form: str) -> None:
    script = (
        loop("run.finish()")
        + """
    written, calls, lost = work()
    tell(written=written, calls=calls, lost=lost, found=recovered())
    """
    )

    told, _ = run(work, script, form)

    assert told["found"]["steps"] == told["written"]
    assert told["found"]["lost"] == told["lost"] == told["calls"] - len(told["written"])
    assert told["found"]["ended"]


def test_a_loop_that_is_to_raise_does_and_names_the_path(work: Path, form: str) -> None:
    script = f"""
    fill({BALLAST_BYTES})
    run = init("raise")
    n = 0
    try:
        while True:
            run.log({{"x": n / 3}}, n)
            n += 1
    except StorageFull as error:
        said = str(error)
    free()
    run.log({{"x": n / 3}}, n)
    run.finish()
    tell(count=n + 1, said=said, found=recovered())
    """

    told, stderr = run(work, script, form)

    assert str(work / "small" / "journals") in told["said"]
    assert told["found"]["steps"] == [*range(told["count"])]
    assert told["found"]["lost"] == 0
    assert warnings(stderr) == []


def test_a_loop_that_is_to_wait_does_and_loses_nothing(work: Path, form: str) -> None:
    script = f"""
    lines.BLOCKED_SECONDS = 0.05
    fill({BALLAST_BYTES})
    run = init("block")
    done = []
    def work():
        while len(done) < limit:
            run.log({{"x": len(done) / 3}})
            done.append(len(done))
    limit = float("inf")
    thread = threading.Thread(target=work)
    thread.start()
    before = -1
    while before != len(done) or not done:
        before = len(done)
        time.sleep(0.3)
    free()
    while len(done) < before + 10:
        time.sleep(0.01)
    limit = len(done)
    run.flush()  # the disk is full again by now
    thread.join()
    run.finish()
    tell(count=len(done), found=recovered())
    """

    told, stderr = run(work, script, form)

    assert told["found"]["steps"] == [*range(told["count"])]
    assert told["found"]["values"] == [n / 3 for n in range(told["count"])]
    assert told["found"]["lost"] == 0
    assert 1 <= len(warnings(stderr)) <= 2, stderr
    warning, *_ = warnings(stderr)  # it may be full twice
    assert "waiting until points can be written" in warning


def test_a_journal_for_which_there_is_no_room_at_all_is_in_memory(work: Path, form: str) -> None:
    script = """
    if is_limited:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        tracker, run = None, None
    os.makedirs(os.path.join(place, "journals"))
    run = init("warn", store=diary)
    if not is_limited:
        with open(ballast, "wb") as file:
            try:
                while file.write(bytes(4096)) and not file.flush():
                    pass
            except OSError:
                pass
            try:
                file.close()
            except OSError:
                pass
    for n in range(1000):
        run.log({"x": n / 3}, n)
    run.finish()
    tell(lost=run._line.lost, found=recovered(), left=os.listdir(os.path.join(place, "journals")))
    """
    if mounter() is None:
        script = script.replace("resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))", "fill(0)")

    told, stderr = run(work, script, form)

    assert (told["lost"], told["found"]["steps"]) == (0, [*range(1000)])
    if form == "mapped" and mounter() is not None:
        (warning,) = warnings(stderr)
        assert "kept in memory" in warning


# The diary is on the full disk.


@pytest.mark.parametrize("is_together", [False, True], ids=["apart", "together"])
def test_a_full_diary_gets_all_that_was_written_when_there_is_room(work: Path, form: str, is_together: bool) -> None:
    """With its journals beside it, or elsewhere."""
    script = f"""
    if is_limited:  # segments are shorter than the diary, which alone cannot grow
        writing.FIRST_BYTES = writing.SEGMENT_BYTES = 2**16
        writing._rounded = lambda size: -(-size // 2**16) * 2**16
    store = os.path.join(place, "lab.db")
    run = init("warn", store)
    run.log({{"x": 0.0}}, 0)
    run.flush()
    if is_limited:
        size = max(os.path.getsize(store + tail) for tail in ("", "-wal"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 2**12, resource.RLIM_INFINITY))
    else:
        room = os.statvfs(place)
        fill(room.f_bavail * room.f_frsize - {2**17 + 2**20 * is_together})
    for n in range(1, {2000 if is_together else 1000}):
        run.log({{"x": n / 3, **{{f"y{{m}}": n * 0.1 + m for m in range(30)}}}}, n)
        time.sleep(0.0005)
    waited, lost = run._line.recorder.is_waiting, run._line.lost
    free()
    run.finish()
    tell(calls=n + 1, lost=lost, waited=waited, found=recovered(store))
    """

    told, stderr = (
        run(work, script, form, held=False, has_journals_there=False, size=LARGE_BYTES)
        if is_together
        else elsewhere(work, script, form)
    )

    steps = told["found"]["steps"]
    assert steps == sorted({*steps})
    assert told["found"]["values"] == [step / 3 for step in steps]
    assert told["lost"] == 31 * (told["calls"] - len(steps)), stderr
    assert told["found"]["ended"]
    if mounter() is not None:
        assert told["waited"]
        assert 1 <= len(warnings(stderr)) <= (4 if is_together else 2)
    if not is_together:
        assert told["lost"] == 0


def elsewhere(work: Path, script: str, form: str) -> Any:
    """Run a script whose diary is on the small disk, and whose journals are not."""
    moved = f"os.environ['DEARDIARY_JOURNAL'] = {str(work / 'large')!r}\n"
    return run(work, moved + textwrap.dedent(script), form, held=False, size=LARGE_BYTES)
