"""Many processes write one diary at once, and nothing is lost or doubled."""

import subprocess
import sys
from collections.abc import Callable

import pytest

import deardiary
from deardiary.core.changes import Batch
from deardiary.core.entities import Parameter, Summary
from deardiary.core.queries import Query, SeriesQuery
from deardiary.registry import open_store
from deardiary.testing.telling import STORY
from nightly import NIGHTLY

PROCESSES, BATCHES = (16, 1000) if NIGHTLY else (8, 100)

WORK = """
import sys
from deardiary.core.changes import Append, Batch, Insert
from deardiary.core.entities import Parameter
from deardiary.core.points import Points
from deardiary.registry import open_store
store = open_store(sys.argv[1])
for n in range(int(sys.argv[3])):
    parameter = Insert(Parameter(id=-1, iteration_id=1, key=f"{sys.argv[2]}-{n}", value=str(n)))
    batch = Batch([parameter, Append(1, Points.of([("loss", float(n), None, n)]))])
    store.apply(batch)
    if n % 10 == 0:
        store.apply(batch)
"""


@pytest.mark.parametrize("scheme", ["sqlite", "postgresql", "jsonl"])
def test_many_processes_lose_and_double_nothing(scheme: str, fresh: Callable[[str], str]) -> None:
    url = fresh(scheme)
    store = open_store(url)
    store.apply(Batch(STORY))

    command = [sys.executable, "-c", WORK, url]
    running = [
        subprocess.Popen([*command, str(name), str(BATCHES)], stderr=subprocess.PIPE, text=True)
        for name in range(PROCESSES)
    ]
    complaints = [process.communicate(timeout=1200)[1] for process in running]

    assert complaints == [""] * PROCESSES
    total = PROCESSES * BATCHES
    keys = [row.key for row in store.find(Query(Parameter)).rows]
    assert sorted(keys) == sorted(f"{name}-{n}" for name in range(PROCESSES) for n in range(BATCHES))
    (series,) = store.series(SeriesQuery())
    assert sorted(series.numbers) == [*range(total)]
    assert sorted(series.steps) == [*range(total)]
    assert sorted(series.values) == sorted(float(n) for n in range(BATCHES) for _ in range(PROCESSES))
    assert store.find(Query(Summary)).rows[0].count == total
    store.close()


REGISTERING, VERSIONS = (16, 25) if NIGHTLY else (4, 10)

REGISTER = """
import sys, deardiary
tracker = deardiary.open(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(*[tracker.create_modelversion(1, 1).version for _ in range(int(sys.argv[2]))])
tracker.close()
"""


@pytest.mark.parametrize("scheme", ["sqlite", "postgresql", "jsonl"])
def test_versions_of_a_model_are_unique_and_grow(scheme: str, fresh: Callable[[str], str]) -> None:
    url = fresh(scheme)
    with deardiary.open(url) as tracker:
        project = tracker.create_project("Iris")
        tracker.create_iteration(tracker.create_experiment(project, "depth"))
        tracker.create_model(project, "tree")

    racers = [
        subprocess.Popen(
            [sys.executable, "-c", REGISTER, url, str(VERSIONS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(REGISTERING)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    ends = [racer.communicate("go\n", timeout=1200) for racer in racers]

    assert [complaint for _, complaint in ends] == [""] * REGISTERING
    given = [[int(version) for version in said.split()] for said, _ in ends]
    assert sorted(version for one in given for version in one) == [*range(1, REGISTERING * VERSIONS + 1)]
    assert given == [sorted(one) for one in given]
