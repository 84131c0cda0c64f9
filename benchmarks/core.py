"""How fast the core is on SQLite, beside the same statements sent raw in the same run.

    python benchmarks/core.py

Each figure is the median of several rounds in which ours and the floor take turns, so that both meet the same disk.
"""

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable

from deardiary.backends.sql.compiled.sqlite import TEXTS
from deardiary.core.changes import Append, Batch, Insert
from deardiary.core.conditions import asked
from deardiary.core.entities import Experiment, Iteration, Parameter, Project, Summary
from deardiary.core.guard import Guarded
from deardiary.core.points import Points
from deardiary.core.queries import Query
from deardiary.core.shapes import micros, now
from deardiary.registry import open_store

ROUNDS = 7


def opened(path: str) -> Guarded:
    """Return a new diary, with its rules and without permissions."""
    return Guarded(open_store(f"sqlite:///{path}"))


def raw(path: str) -> sqlite3.Connection:
    """Return a new file with the same tables and settings, reached without us."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    for text in TEXTS.ddl:
        connection.execute(text)
    return connection


def in_turn(ours: Callable[[], int], floor: Callable[[], int]) -> tuple[float, float, float, float]:
    """Return wall seconds of ours and of the floor, and CPU seconds of both, each for one piece of work."""
    rows = []
    for _ in range(ROUNDS):
        row = []
        for work in (ours, floor):
            wall, cpu = time.perf_counter(), time.process_time()
            count = work()
            row += [(time.perf_counter() - wall) / count, (time.process_time() - cpu) / count]
        rows.append(row)
    wall, cpu, floor_wall, floor_cpu = (statistics.median(column) for column in zip(*rows, strict=True))
    return wall, floor_wall, cpu, floor_cpu


def one_create(folder: str) -> None:
    """Create one project a batch."""
    diary, connection = opened(f"{folder}/create.db"), raw(f"{folder}/create-raw.db")
    insert = TEXTS.fixed["insert Project"]
    count = 200

    def ours() -> int:
        for _ in range(count):
            diary.apply(Batch([Insert(Project(id=-1, name="Iris"))]))
        return count

    def floor() -> int:
        for _ in range(count):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(insert, (None, os.urandom(16).hex(), "Iris", "", micros(now()), 1))
            connection.execute("COMMIT")
        return count

    wall, floor_wall, cpu, floor_cpu = in_turn(ours, floor)
    print(
        f"one create         {wall * 1e6:7.0f} us wall, {cpu * 1e6:5.0f} us CPU   "
        f"raw {floor_wall * 1e6:5.0f} / {floor_cpu * 1e6:4.0f}   {wall / floor_wall:.2f}x   (at most 2.5x, 250 us CPU)"
    )
    diary.close()
    connection.close()


def one_run(folder: str) -> None:
    """Make a run with 10 parameters and 5 metrics in one batch."""
    diary, connection = opened(f"{folder}/run.db"), raw(f"{folder}/run-raw.db")
    fixed, count = TEXTS.fixed, 100
    diary.apply(Batch([Insert(Project(id=-1, name="Iris")), Insert(Experiment(id=-1, project_id=-1, name="Depth"))]))

    def ours() -> int:
        for _ in range(count):
            parameters = [
                Insert(Parameter(id=-1 - n, iteration_id=-1, key=f"p{n}", value="0.1", type="float")) for n in range(10)
            ]
            points = Points.of([(f"m{n}", 0.5, 0, micros(now())) for n in range(5)])
            diary.apply(Batch([Insert(Iteration(id=-1, experiment_id=1)), *parameters, Append(-1, points)]))
        return count

    width = fixed["insert Iteration"].count("?")
    made = [0]

    def floor() -> int:
        for _ in range(count):
            made[0] += 1
            run, at = made[0], micros(now())
            connection.execute("BEGIN IMMEDIATE")
            row = [run, os.urandom(16).hex(), 1, 1, None, None, "", "", at, None, None, 1, "", "", 0, "", "", 0, "", None, None, 1]
            assert len(row) == width
            connection.execute(fixed["insert Iteration"], row)
            connection.executemany(
                fixed["insert Parameter"], [(None, run, f"p{n}", "0.1", "float", 0.1, 1) for n in range(10)]
            )
            series = [(5 * run + n, run, f"m{n}", 1, 0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1) for n in range(5)]
            connection.executemany(fixed["keep series"], series)
            connection.executemany(fixed["insert points"], [(5 * run + n, 0, 0, 0.5, at) for n in range(5)])
            connection.execute("COMMIT")
        return count

    wall, floor_wall, cpu, floor_cpu = in_turn(ours, floor)
    print(
        f"one run, 10 + 5    {1 / wall:7.0f} /s, {cpu * 1e6:5.0f} us CPU        "
        f"raw {1 / floor_wall:5.0f} /s, {floor_cpu * 1e6:4.0f} us   {floor_wall / wall:.2f}x   (at least 0.4x)"
    )
    diary.close()
    connection.close()


def a_list(folder: str) -> None:
    """List 10,000 runs in one query."""
    diary = opened(f"{folder}/list.db")
    diary.apply(Batch([Insert(Project(id=-1, name="Iris")), Insert(Experiment(id=-1, project_id=-1, name="Depth"))]))
    for _ in range(20):
        diary.apply(Batch([Insert(Iteration(id=-1 - n, experiment_id=1, name=f"run {n}")) for n in range(500)]))
    connection = sqlite3.connect(f"{folder}/list.db", isolation_level=None)
    columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(iterations)")]
    plain = [name for name in columns if name not in ("traceback", "project_toml", "manifest_toml", "mark")]
    text = f"SELECT {', '.join(plain)} FROM iterations WHERE experiment_id = ? ORDER BY id"

    def ours() -> int:
        assert len(diary.find(Query(Iteration, asked("experiment_id") == 1)).rows) == 10_000
        return 1

    def floor() -> int:
        assert len(connection.execute(text, (1,)).fetchall()) == 10_000
        return 1

    wall, floor_wall, _, _ = in_turn(ours, floor)
    print(
        f"10,000 runs listed {wall * 1e3:7.1f} ms                     "
        f"raw {floor_wall * 1e3:5.1f} ms             {wall / floor_wall:.2f}x   (at most 3x)"
    )
    connection.close()
    diary.close()


def a_table(folder: str) -> None:
    """Read a table of 200 runs with parameters and summaries, and count the statements."""
    diary = opened(f"{folder}/table.db")
    diary.apply(Batch([Insert(Project(id=-1, name="Iris")), Insert(Experiment(id=-1, project_id=-1, name="Depth"))]))
    counts = {}
    for size in (20, 200):
        runs = [Insert(Iteration(id=-1 - n, experiment_id=1)) for n in range(size)]
        parameters = [Insert(Parameter(id=-1 - n, iteration_id=-1 - n // 5, key=f"p{n % 5}", value="1")) for n in range(5 * size)]
        points = [Append(-1 - n, Points.of([("loss", 0.5, 0, 0), ("acc", 0.9, 0, 0)])) for n in range(size)]
        diary.apply(Batch([*runs, *parameters, *points]))
        engine = diary.store.engine  # type: ignore[attr-defined]  # of an SQL store
        told: list[str] = []
        for reader in engine._readers:
            reader.raw.set_trace_callback(told.append)
        start = time.perf_counter()
        rows = diary.find(Query(Iteration, asked("experiment_id") == 1, limit=size, order="-id")).rows
        ids = [row.id for row in rows]
        settings = diary.find(Query(Parameter, asked("iteration_id").among(ids))).rows
        summaries = diary.find(Query(Summary, asked("iteration_id").among(ids))).rows
        wall = time.perf_counter() - start
        assert (len(rows), len(settings), len(summaries)) == (size, 5 * size, 2 * size)
        counts[size] = len(told) if engine._readers else 0
    print(f"table of 200 runs  {wall * 1e3:7.1f} ms, {counts[200]} statements; of 20 runs {counts[20]}   (the same number)")
    diary.close()


def main() -> None:
    """Run every benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        for benchmark in (one_create, one_run, a_list, a_table):
            benchmark(folder)


if __name__ == "__main__":
    main()
