"""What starting costs: importing, a tiny script, the command line, and a table of 2,000 runs.

    python benchmarks/startup.py

Each figure is the median of several rounds, in which the floor (bare Python) takes turns with ours; bytecode is cached,
as it is for whoever starts a script twice. Scripts run in a diary that is there.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import deardiary

ROUNDS = 11
TABLE_ROUNDS = 5
RUNS = 2_000

TINY = """
import deardiary
run = deardiary.init(project="Iris", snapshot={snapshot}, quiet=True)
run.log({"loss": 0.5})
run.finish()
"""
FORBIDDEN = ("sqlalchemy", "numpy", "pluggy", "cattrs")


def cost(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Return the wall and CPU milliseconds that a process takes."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return 1000 * wall, 1000 * cpu


def told(name: str, ours: Sequence[str], folder: Path, *, most: str) -> None:
    """Print what a command costs beside bare Python."""
    cost(ours, folder)
    rounds = [(cost([sys.executable, "-c", "pass"], folder), cost(ours, folder)) for _ in range(ROUNDS)]
    bare_wall, bare_cpu = (statistics.median(one[0][part] for one in rounds) for part in (0, 1))
    wall, cpu = (statistics.median(one[1][part] for one in rounds) for part in (0, 1))
    print(
        f"{name:34} {wall:7.1f} ms wall, {cpu:7.1f} ms CPU   (bare Python {bare_wall:.1f}, {bare_cpu:.1f};"
        f" above it {wall - bare_wall:.1f}, {cpu - bare_cpu:.1f})   to reach: {most}"
    )


def script(folder: Path, name: str, text: str) -> list[str]:
    """Write a script, and return the command that runs it."""
    (folder / name).write_text(text)
    return [sys.executable, name]


def check_imports(folder: Path) -> None:
    """Say whether a tiny script imports what it must not."""
    text = TINY.replace("{snapshot}", "False") + f"import sys\nprint([n for n in {FORBIDDEN} if n in sys.modules])\n"
    (folder / "imports.py").write_text(text)
    said = subprocess.run([sys.executable, "imports.py"], cwd=folder, check=True, capture_output=True, text=True)
    print(f"{'heavy modules in a tiny script':34} {said.stdout.strip()}   to reach: []")


def table(folder: Path) -> None:
    """Print what it takes to read a table of runs."""
    with deardiary.open(f"sqlite:///{folder / 'table.db'}") as tracker:
        experiment = tracker.create_experiment(tracker.create_project("Table"), "runs")
        for number in range(RUNS):
            parameters = {"lr": 0.001 * number, "depth": number % 7, "optimizer": "adam"}
            metrics = {"loss": [1.0, 0.5], "accuracy": [0.5, 0.9]}
            tracker.create_iteration(experiment, name=f"run {number}", parameters=parameters, metrics=metrics)
        took = []
        for _ in range(TABLE_ROUNDS):
            start = time.perf_counter()
            rows = tracker.get_table(experiment)
            took.append(1000 * (time.perf_counter() - start))
    assert (len(rows), rows[5].parameters["lr"], rows[5].metrics["accuracy"]) == (RUNS, 0.005, 0.9)
    print(f"{f'a table of {RUNS:,} runs':34} {statistics.median(took):7.1f} ms wall{'':53}to reach: 150 ms")


def main() -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pyproject.toml").write_text('[project]\nname = "iris"\n')
        told("import deardiary", [sys.executable, "-c", "import deardiary"], folder, most="25 ms CPU above bare")
        bare = script(folder, "bare.py", TINY.replace("{snapshot}", "False"))
        told("tiny script, no snapshot", bare, folder, most="120 ms wall")
        snap = script(folder, "snap.py", TINY.replace("{snapshot}", "True"))
        told("tiny script, snapshot", snap, folder, most="300 ms wall")
        told("deardiary --help", [sys.executable, "-m", "deardiary", "--help"], folder, most="200 ms wall")
        check_imports(folder)
        table(folder)


if __name__ == "__main__":
    main()
