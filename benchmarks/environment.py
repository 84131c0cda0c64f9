"""How long a run waits for its snapshot, beside what reading the same files and asking git take raw.

    python benchmarks/environment.py

Each figure is the median of many rounds in which ours and the floor take turns, so that both meet the same disk.
"""

import importlib.metadata
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from deardiary.environment import Capture, begin_capture
from deardiary.locks import made_lock

HERE = Path(__file__).resolve().parent.parent
ROUNDS = 51
GIT = ["git", "-c", "core.fsmonitor=false"]
STATUS = [*GIT, "status", "--porcelain", "--untracked-files=no"]


def timed(work: Callable[[], object]) -> float:
    """Return the wall seconds of some work."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def told(name: str, rows: list[tuple[float, float]], what: str) -> None:
    """Print the medians of our times and of the floor's."""
    ours, floor = (statistics.median(column) * 1e3 for column in zip(*rows, strict=True))
    worst = max(row[0] for row in rows) * 1e3
    print(
        f"{name:<34} {ours:7.2f} ms (worst {worst:6.2f}) | {what:<26} {floor:7.2f} ms | "
        f"{ours - floor:+6.2f} ms, {ours / floor:.2f}x"
    )


def project(folder: Path) -> Path:
    """Return a repository with a project and a lock of 2 MB."""
    entry = '\n[[package]]\nname = "iniconfig"\nversion = "2.3.1"\nsource = { registry = "https://pypi.org/simple" }\n'
    (folder / "pyproject.toml").write_text('[project]\nname = "iris"\n')
    (folder / "uv.lock").write_text("version = 1\n" + entry * (2_000_000 // len(entry)))
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "one"]):
        subprocess.run([*GIT, *who, *words], cwd=folder, check=True)
    return folder


def sources(folder: Path) -> list[Path]:
    """Return the files that a glance reads in a folder."""
    head = folder / ".git" / "HEAD"
    reference = folder / ".git" / head.read_text().removeprefix("ref: ").strip()
    return [path for path in (head, reference, folder / "pyproject.toml", folder / "uv.lock") if path.is_file()]


def a_glance(name: str, folder: Path) -> None:
    """Time what a run waits for, beside reading the same files raw."""
    paths, captures = sources(folder), list[Capture]()
    rows = []
    for _ in range(ROUNDS):
        ours = timed(lambda: captures.append(begin_capture(folder=folder)))
        captures.pop().rest(None)
        rows.append((ours, timed(lambda: [path.read_bytes().decode() for path in paths])))
    told(f"begin_capture, {name}", rows, "the same files raw")


def a_first_glance(name: str, folder: Path) -> None:
    """Time what the first run of a new interpreter waits for."""
    program = """
import time
import deardiary.fluent
start = time.perf_counter()
from deardiary.environment import begin_capture
imported = time.perf_counter()
capture = begin_capture()
glanced = time.perf_counter()
capture.rest(None)
print(imported - start, glanced - imported, time.perf_counter() - glanced)
"""
    command = [sys.executable, "-c", program]
    said = [subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout.split() for _ in range(11)]
    parts = [f"{statistics.median(map(float, column)) * 1e3:6.2f} ms" for column in zip(*said, strict=True)]
    print(f"in a new interpreter, {name}: import {parts[0]}, begin_capture {parts[1]}, rest {parts[2]}")


def the_rest(name: str, folder: Path) -> None:
    """Time the whole of a capture, beside git's status raw."""
    variables = os.environ | {"GIT_OPTIONAL_LOCKS": "0"}

    def floor() -> None:
        subprocess.run(STATUS, cwd=folder, env=variables, stdin=subprocess.DEVNULL, capture_output=True, check=True)

    rows = [(timed(lambda: begin_capture(folder=folder).rest(None)), timed(floor)) for _ in range(ROUNDS)]
    told(f"begin_capture and rest, {name}", rows, "git status raw")


def a_lock() -> None:
    """Time a lock made of what is installed, beside what importlib says of it."""

    def floor() -> None:
        {(found.metadata["Name"], found.version) for found in importlib.metadata.distributions()}

    rows = [(timed(made_lock), timed(floor)) for _ in range(ROUNDS)]
    packages = [line for line in made_lock().splitlines() if not line.startswith("#")]
    told(f"made_lock, {len(packages)} packages", rows, "names, versions: importlib")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        large = project(Path(place))
        a_glance("here", HERE)
        a_glance("2 MB of lock", large)
        a_first_glance("here", HERE)
        a_first_glance("2 MB of lock", large)
        the_rest("here", HERE)
        the_rest("2 MB of lock", large)
        a_lock()
