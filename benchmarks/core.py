"""How fast the core is on SQLite, beside the same statements sent raw in the same run.

    python benchmarks/core.py

Each figure is the median of several rounds in which ours and the floor take turns, so that both meet the same disk.
"""

import os
import sqlite3
import statistics
import struct
import tempfile
import time
from collections.abc import Callable, Iterable
from typing import Any

from attrs import define, field

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


@define
class Recorded:
    """A connection that remembers what it is told, so that the same can be told to another file."""

    inner: Any
    told: list[tuple[bool, str, Any]] = field(factory=list)

    @property
    def raw(self) -> Any:
        return self.inner.raw

    def all(self, text: str, values: Any = ()) -> Any:
        self.told.append((False, text, tuple(values)))
        return self.inner.all(text, values)

    def run(self, text: str, values: Any = ()) -> Any:
        self.told.append((False, text, tuple(values)))
        return self.inner.run(text, values)

    def many(self, text: str, rows: Any) -> Any:
        self.told.append((True, text, [tuple(row) for row in rows]))
        return self.inner.many(text, self.told[-1][2])


@define
class Mirror:
    """A file to which the same statements are told raw as a diary tells its own."""

    connection: sqlite3.Connection
    source: Guarded
    recorded: Recorded

    @classmethod
    def opened(cls, path: str) -> "Mirror":
        source = opened(f"{path}-source.db")
        engine = source.store.engine  # type: ignore[attr-defined]  # of an SQL store
        engine._writer = recorded = Recorded(engine._writer)
        return cls(raw(f"{path}-raw.db"), source, recorded)

    def prepare(self, batches: Iterable[Batch]) -> list[tuple[bool, str, Any]]:
        """Return the statements of some batches."""
        for batch in batches:
            self.source.apply(batch)
        told, self.recorded.told = self.recorded.told, []
        return told

    def tell(self, statements: list[tuple[bool, str, Any]]) -> None:
        """Tell statements raw, and read what they answer."""
        for is_many, text, values in statements:
            if is_many:
                self.connection.executemany(text, values)
            else:
                self.connection.execute(text, values).fetchall()


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the wall and the CPU seconds of some work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def median(rows: list[tuple[float, float]], count: int) -> tuple[float, float]:
    """Return the median wall and CPU seconds of one piece of work."""
    wall, cpu = (statistics.median(column) / count for column in zip(*rows, strict=True))
    return wall, cpu


def beside(
    folder: str, name: str, make: Callable[[], Batch], bare: Callable[[sqlite3.Connection], None], count: int
) -> None:
    """Time batches, the same statements told raw, and the barest statements that would keep the rows, in turn."""
    diary, mirror, barest = (
        opened(f"{folder}/{name}.db"),
        Mirror.opened(f"{folder}/{name}"),
        raw(f"{folder}/{name}-bare.db"),
    )
    first = [Batch([Insert(Project(id=-1, name="Iris")), Insert(Experiment(id=-1, project_id=-1, name="Depth"))])]
    diary.apply(first[0])
    mirror.tell(mirror.prepare(first))
    ours, same, least = [], [], []
    for _ in range(ROUNDS):
        statements = mirror.prepare(make() for _ in range(count))
        ours.append(timed(lambda: [diary.apply(make()) for _ in range(count)]))
        same.append(timed(lambda statements=statements: mirror.tell(statements)))
        least.append(timed(lambda: [bare(barest) for _ in range(count)]))
    (wall, cpu), (same_wall, same_cpu), (least_wall, least_cpu) = (median(one, count) for one in (ours, same, least))
    for what, floor_wall, floor_cpu in (
        ("the same statements", same_wall, same_cpu),
        ("the barest", least_wall, least_cpu),
    ):
        print(
            f"{name:<20} {wall * 1e6:6.0f} us wall {cpu * 1e6:6.0f} us CPU {1 / wall:6.0f}/s | {what:<20}"
            f"{floor_wall * 1e6:6.0f} us {floor_cpu * 1e6:6.0f} us {1 / floor_wall:6.0f}/s | "
            f"{wall / floor_wall:.2f}x wall, {floor_wall / wall:.2f} of the rate"
        )
    diary.close()
    mirror.source.close()
    mirror.connection.close()
    barest.close()


def a_create() -> Batch:
    """Return the making of one project."""
    return Batch([Insert(Project(id=-1, name="Iris"))])


def a_bare_create(connection: sqlite3.Connection) -> None:
    """Keep a project without us."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(TEXTS.fixed["insert Project"], (None, os.urandom(16).hex(), "Iris", "", micros(now()), 1))
    connection.execute("COMMIT")


def a_run() -> Batch:
    """Return the making of a run with 10 parameters and 5 metrics."""
    parameters = [
        Insert(Parameter(id=-1 - n, iteration_id=-1, key=f"p{n}", value="0.1", type="float")) for n in range(10)
    ]
    points = Points.of([(f"m{n}", 0.5, 0, micros(now())) for n in range(5)])
    return Batch([Insert(Iteration(id=-1, experiment_id=1)), *parameters, Append(-1, points)])


def a_bare_run(connection: sqlite3.Connection) -> None:
    """Keep a run with 10 parameters and 5 metrics without us."""
    fixed, at = TEXTS.fixed, micros(now())
    connection.execute("BEGIN IMMEDIATE")
    row = [
        None,
        os.urandom(16).hex(),
        1,
        1,
        None,
        None,
        "",
        "",
        at,
        None,
        None,
        1,
        "",
        "",
        0,
        "",
        "",
        0,
        "",
        None,
        None,
        1,
    ]
    run = connection.execute(fixed["insert Iteration"], row).lastrowid or 0
    parameters = [(None, run, f"p{n}", "0.1", "float", 0.1, 1) for n in range(10)]
    connection.executemany(fixed["insert Parameter"], parameters)
    series = [(5 * run + n, run, f"m{n}", 1, 0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1) for n in range(5)]
    connection.executemany(fixed["make series"], series)
    connection.execute(fixed["insert tail"], (run, 1, b"", struct.pack("<2q5d", 0, at, *[0.5] * 5)))
    connection.execute("COMMIT")


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

    rows = [(timed(ours)[0], timed(floor)[0]) for _ in range(ROUNDS)]
    wall, floor_wall = (statistics.median(column) for column in zip(*rows, strict=True))
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
    diary.find(Query(Project))
    for size in (20, 200):
        runs = [Insert(Iteration(id=-1 - n, experiment_id=1)) for n in range(size)]
        parameters = [
            Insert(Parameter(id=-1 - n, iteration_id=-1 - n // 5, key=f"p{n % 5}", value="1")) for n in range(5 * size)
        ]
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
    print(f"table of 200 runs  {wall * 1e3:7.1f} ms, {counts[200]} statements, of 20 runs {counts[20]}   (the same)")
    diary.close()


def main() -> None:
    """Run every benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        beside(folder, "one create", a_create, a_bare_create, count=200)
        beside(folder, "one run, 10 + 5", a_run, a_bare_run, count=100)
        a_list(folder)
        a_table(folder)


if __name__ == "__main__":
    main()
