"""How fast SQLite, DuckDB and Postgres keep points, series and runs, beside each of them raw in the same run.

    python benchmarks/engines.py [--quick] [part-engine ...]

Each part runs in a process of its own, with a Postgres of its own that flushes what it commits. Ours and the floors
take turns, so that all meet the same disk and the same neighbours; a figure is the median of the rounds, or the best of
them where it says so. CPU time is that of our process, without the server's.
"""

import argparse
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any, Protocol

from attrs import define, field

import deardiary
from deardiary.backends.sql.store import SqlStore

KEYS = 10
CALLS, QUICK_CALLS = 300_000, 100_000
BATCH_CALLS = 50_000
"""How many calls of `log` the floor keeps in one transaction; ours decides for itself."""
ROWS = 100_000
ROUNDS, QUICK_ROUNDS = 7, 3
ENGINES = "sqlite", "duckdb", "postgres"
RUNS = 20
PARAMETERS = {f"p{n}": 0.1 for n in range(10)}
METRICS = {f"m{n}": 0.5 for n in range(5)}
DIFFERENT = 20_000
"""So many calls differ before they repeat: more than a chunk holds, so that noise is packed as noise."""

Told = tuple[str, Any, Any, dict[str, Any]]
"""A statement: how it is told, its text, its values if it has any, and what else is said of it."""


class Without:
    """What finds no NumPy; to put none into `sys.modules` would confuse psycopg."""

    @staticmethod
    def find_spec(name: str, *_: Any) -> None:
        if name.partition(".")[0] == "numpy":
            raise ModuleNotFoundError("No module named 'numpy'", name=name)


# Engines.


class Side(Protocol):
    """An engine, as a diary uses it and as it is."""

    def fresh(self) -> str:
        """Return the URL of an empty diary."""
        ...

    def raw(self, url: str) -> Any:
        """Return a connection to what a URL names, as ours are but without us."""
        ...

    def record(self, store: SqlStore) -> list[Told]:
        """Return a list that grows by every statement that a store tells from now on."""
        ...

    def tell(self, raw: Any, statements: Sequence[Told]) -> None:
        """Tell statements, and read what they answer."""
        ...

    def size(self, url: str) -> int:
        """Return how many bytes the points of a diary take, if the floor is to keep as many."""
        ...

    def prepare(self, raw: Any, size: int) -> Any:
        """Make a table of points, and return what the floor puts there for a batch of so many bytes."""
        ...

    def pour(self, raw: Any, batch: Any) -> None:
        """Keep a batch of points."""
        ...

    def fetch(self, raw: Any, series: int) -> Any:
        """Return the points of a series as the engine has them."""
        ...


@define
class Recorded:
    """Something that is told statements, and notes them."""

    inner: Any
    told: list[Told]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def note(self, how: str, text: str, *values: Any) -> None:
        """Note a statement."""
        self.told.append((how, text, *(values or [None]), {}))


class RecordedSqlite(Recorded):
    """Our connection to a SQLite file."""

    def all(self, text: str, *values: Any) -> Any:
        self.note("run", text, *values)
        return self.inner.all(text, *values)

    def run(self, text: str, *values: Any) -> Any:
        self.note("run", text, *values)
        return self.inner.run(text, *values)

    def many(self, text: str, rows: Any) -> Any:
        given = [tuple(row) for row in rows]
        self.note("many", text, given)
        return self.inner.many(text, given)


@define
class Sqlite:
    """Files of SQLite, with `synchronous=FULL`."""

    folder: Path

    def fresh(self) -> str:
        return f"sqlite:///{self.folder / os.urandom(4).hex()}.db"

    def raw(self, url: str) -> Any:
        raw = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, cached_statements=512)
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        return raw

    def record(self, store: SqlStore) -> list[Told]:
        engine: Any = store.engine
        told: list[Told] = []
        engine._writer = RecordedSqlite(engine._writer, told)
        engine._readers[:] = [RecordedSqlite(engine._reader(), told)]
        return told

    def tell(self, raw: Any, statements: Sequence[Told]) -> None:
        for how, text, values, _ in statements:
            if how == "many":
                raw.executemany(text, values)
            else:
                raw.execute(text, values or ()).fetchall()

    def size(self, url: str) -> int:
        with closing(self.raw(url)) as raw:
            return sum(raw.execute(f"SELECT {said}").fetchone()[0] for said in HELD)

    def prepare(self, raw: Any, size: int) -> Any:
        raw.execute("CREATE TABLE floor (id INTEGER PRIMARY KEY, data BLOB)")
        return os.urandom(size)

    def pour(self, raw: Any, batch: Any) -> None:
        raw.execute("INSERT INTO floor (data) VALUES (?)", (batch,))

    def fetch(self, raw: Any, series: int) -> Any:
        return raw.execute(FETCHED.format("?"), (series,)).fetchall()


HELD = (
    "coalesce(sum(length(head) + length(data)), 0) FROM tail",
    "coalesce(sum(length(data)), 0) FROM chunks",
    "coalesce(sum(length(steps) + length(times)), 0) FROM stamps",
)
"""How many bytes of points there are in a diary that keeps a tail and chunks."""
FETCHED = "SELECT data, steps, times FROM chunks JOIN stamps ON stamps.id = stamps_id WHERE series_id = {}"


class RecordedDuck(Recorded):
    """A connection to a DuckDB file."""

    def execute(self, text: str, *values: Any) -> Any:
        self.note("run", text, *values)
        return self.inner.execute(text, *values)

    def cursor(self) -> Any:
        return RecordedDuck(self.inner.cursor(), self.told)

    def appender(self, table: str) -> Any:
        return RecordedAppender(self.inner.appender(table), self.told, table)


@define
class RecordedAppender(Recorded):
    """What appends rows to a table of DuckDB."""

    table: str
    rows: list[Any] = field(factory=list)

    def append_rows(self, rows: Any) -> None:
        self.rows += (given := [*rows])
        self.inner.append_rows(given)

    def flush(self) -> None:
        self.note("append", self.table, self.rows)
        self.inner.flush()
        self.rows = []


@define
class Duck:
    """Files of DuckDB, with its own settings."""

    folder: Path

    def fresh(self) -> str:
        return f"duckdb:///{self.folder / os.urandom(4).hex()}.duckdb"

    def raw(self, url: str) -> Any:
        import duckdb

        return duckdb.connect(url.removeprefix("duckdb:///"))

    def record(self, store: SqlStore) -> list[Told]:
        file: Any = store.engine._file  # type: ignore[attr-defined]  # of DuckDB
        told: list[Told] = []
        file.writer, file.readers = RecordedDuck(file.writer, told), []
        return told

    def tell(self, raw: Any, statements: Sequence[Told]) -> None:
        for how, text, values, _ in statements:
            if how == "append":
                appender = raw.appender(text)
                appender.append_rows(values)
                appender.flush()
            else:
                raw.execute(text, *([] if values is None else [values])).fetchall()

    def size(self, url: str) -> int:
        return 0  # the floor keeps the columns themselves

    def prepare(self, raw: Any, size: int) -> Any:
        raw.execute("CREATE TABLE floor (series_id BIGINT, number BIGINT, step BIGINT, value DOUBLE, time BIGINT)")
        now, numpy = int(time.time() * 1e6), _numpy()
        numbers = array("q", range(BATCH_CALLS))
        times = array("q", range(now, now + 1000 * BATCH_CALLS, 1000))
        if numpy is None:
            values = array("d", [n * 0.37 for n in numbers])
            return [(series, numbers, numbers, values, times) for series in range(KEYS)]
        steps = numpy.tile(numpy.asarray(numbers), KEYS)
        return {
            "series_id": numpy.repeat(numpy.arange(KEYS), BATCH_CALLS),
            "number": steps,
            "step": steps,
            "value": steps * 0.37,
            "time": numpy.tile(numpy.asarray(times), KEYS),
        }

    def pour(self, raw: Any, batch: Any) -> None:
        raw.execute("BEGIN")
        if isinstance(batch, dict):
            raw.register("given", batch)
            raw.execute("INSERT INTO floor SELECT * FROM given").fetchall()
            raw.unregister("given")
        else:
            appender = raw.appender("floor")
            for series, *columns in batch:
                appender.append_rows(zip(repeat(series, BATCH_CALLS), *columns, strict=True))
            appender.flush()
        raw.execute("COMMIT")

    def fetch(self, raw: Any, series: int) -> Any:
        text = "SELECT number, step, value, time FROM points WHERE series_id = ? ORDER BY number"
        return raw.execute(text, [series]).fetchnumpy()


@define
class Postgres:
    """Databases of a Postgres that flushes, over its socket."""

    server: Any

    def fresh(self) -> str:
        from deardiary.backends.sql.postgres import migrate_postgres

        url: str = self.server.database()
        migrate_postgres(url)
        return url

    def raw(self, url: str) -> Any:
        import psycopg

        from deardiary.backends.sql.postgres import connection_options

        raw = psycopg.connect(url, **connection_options())
        raw.execute("SET search_path TO deardiary")
        return raw

    def record(self, store: SqlStore) -> list[Told]:
        import psycopg
        from psycopg_pool import ConnectionPool

        from deardiary.backends.sql.postgres import connection_options

        told: list[Told] = []

        class RecordedCursor(psycopg.Cursor[Any]):
            def execute(self, text: Any, values: Any = None, **how: Any) -> Any:
                told.append(("run", text, values, how))
                return super().execute(text, values, **how)

            def executemany(self, text: Any, rows: Any, **how: Any) -> None:
                told.append(("many", text, [*rows], how))
                super().executemany(text, told[-1][2], **how)

        engine: Any = store.engine
        engine.close()
        options = {**connection_options(), "cursor_factory": RecordedCursor}
        engine._pool = ConnectionPool(engine.url, min_size=0, max_size=1, open=True, kwargs=options)
        engine._open = True
        return told

    def tell(self, raw: Any, statements: Sequence[Told]) -> None:
        cursor = raw.cursor(binary=True)
        for name, text, values, how in statements:
            if name == "many":
                cursor.executemany(text, values, **how)
            elif cursor.execute(text, values, **how).description:
                cursor.fetchall()

    def size(self, url: str) -> int:
        with self.raw(url) as raw:
            return sum(int(raw.execute(f"SELECT {said}").fetchone()[0]) for said in HELD)

    def prepare(self, raw: Any, size: int) -> Any:
        raw.execute("CREATE TABLE floor (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, data bytea)")
        raw.execute("ALTER TABLE floor ALTER COLUMN data SET STORAGE EXTERNAL")
        return os.urandom(size)

    def pour(self, raw: Any, batch: Any) -> None:
        raw.execute("INSERT INTO floor (data) VALUES (%b)", (batch,))

    def fetch(self, raw: Any, series: int) -> Any:
        return raw.cursor(binary=True).execute(FETCHED.format("%s"), (series,)).fetchall()


@contextmanager
def side_of(engine: str, folder: Path) -> Iterator[Side]:
    """Have an engine for a while."""
    if engine != "postgres":
        yield {"sqlite": Sqlite, "duckdb": Duck}[engine](folder)
        return
    sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))
    from postgres import Server

    with Server.start(durable=True) as server:
        yield Postgres(server)


# Parts.


@define
class Bench:
    """What a part is told."""

    engine: str
    side: Side
    quick: bool
    url: str = field(init=False)
    tracker: deardiary.Tracker = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.url = self.side.fresh()
        self.tracker = deardiary.open(self.url)

    def emptied(self) -> str:
        """Return the URL of a diary that was made, and let go of."""
        url = self.side.fresh()
        deardiary.open(url).close()
        return url

    @property
    def rounds(self) -> int:
        return QUICK_ROUNDS if self.quick else ROUNDS

    def say(self, what: str, reached: str, asked: str, beside: str) -> None:
        """Print a figure."""
        to_reach = f"to reach {asked}" if asked else ""
        print(f"{self.engine:<9} {what:<30} {reached:>22}   {to_reach:<19} | {beside}", flush=True)


def points(bench: Bench) -> None:
    """How many points a second come from `log` to the disk."""
    calls = QUICK_CALLS if bench.quick else CALLS
    numpy = _numpy()
    asked = {"duckdb": "2 M" if numpy else "0.6 M", "postgres": "4 M" if numpy else ""}.get(bench.engine, "")
    metrics = [{f"metric{n}": random.gauss(0, 1) for n in range(KEYS)} for _ in range(DIFFERENT)]
    _log(bench, metrics, DIFFERENT)
    size = bench.side.size(bench.url) * BATCH_CALLS // DIFFERENT
    with closing(bench.side.raw(bench.emptied())) as raw:
        batch = bench.side.prepare(raw, size)
        rows = []
        for _ in range(bench.rounds):
            ours = _log(bench, metrics, calls)
            rows.append((*ours, *timed(lambda: [bench.side.pour(raw, batch) for _ in range(calls // BATCH_CALLS)])))
    wall, cpu, floor, floor_cpu = ([KEYS * calls / one / 1e6 for one in column] for column in zip(*rows, strict=True))
    bench.say(
        f"log() of {KEYS} metrics{'' if numpy else ', no NumPy'}",
        f"{statistics.median(wall):.2f} M/s, best {max(wall):.2f}",
        asked,
        f"{statistics.median(cpu):.2f} M in a second of CPU; raw {statistics.median(floor):.2f} M/s, "
        f"best {max(floor):.2f}, {statistics.median(floor_cpu):.2f} of CPU",
    )


def _log(bench: Bench, metrics: list[dict[str, float]], calls: int) -> tuple[float, float]:
    """Log so many calls, and return how many seconds it took until they were kept: wall and CPU."""
    run = deardiary.init("Bench", tracker=bench.tracker, snapshot=False, quiet=True)
    run.log(metrics[-1])
    run.flush()
    log = run.log  # the fast one, which the first call has made

    def work() -> None:
        for step in range(1, calls):
            log(metrics[step % DIFFERENT], step)
        run.flush()

    took = timed(work)
    run.finish()
    assert [one.count for one in bench.tracker.get_summaries(run)] == [calls] * KEYS
    return took


def series(bench: Bench) -> None:
    """How long it takes to read a series, beside its bytes or columns as the engine has them."""
    import numpy

    chance = numpy.random.default_rng(3)
    walks = {f"metric{n}": chance.normal(size=ROWS).cumsum() for n in range(KEYS)}
    run = deardiary.init("Bench", tracker=bench.tracker, snapshot=False, quiet=True)
    run.log_many(walks, times=1_700_000_000 + numpy.arange(ROWS) * 0.05 + chance.random(ROWS) * 0.001)
    run.finish()
    found = bench.tracker.get_series(run, "metric3")
    assert isinstance(found.values, numpy.ndarray)
    assert (found.values == walks["metric3"]).all()
    raw = bench.side.raw(bench.url) if bench.engine != "duckdb" else _beside(bench.tracker)
    with closing(raw):
        rows = []
        for _ in range(5 * bench.rounds):
            ours = timed(lambda: bench.tracker.get_series(run, "metric3"))
            rows.append((*ours, *timed(lambda: bench.side.fetch(raw, found.series))))
    wall, cpu, floor, floor_cpu = ([one * 1e3 for one in column] for column in zip(*rows, strict=True))
    bench.say(
        f"a series of {ROWS:,}",
        f"{statistics.median(wall):.1f} ms, best {min(wall):.1f}",
        {"duckdb": "10 ms", "postgres": "5 ms"}.get(bench.engine, ""),
        f"{statistics.median(cpu):.1f} ms CPU; {'fetchnumpy()' if bench.engine == 'duckdb' else 'its packed bytes'} "
        f"{statistics.median(floor):.1f} ms, best {min(floor):.1f}, {statistics.median(floor_cpu):.1f} CPU",
    )


def _beside(tracker: deardiary.Tracker) -> Any:
    """Return a connection of its own to a DuckDB file that this process has open."""
    return store_of(tracker).engine._file.writer.cursor()  # type: ignore[attr-defined]  # of DuckDB


def runs(bench: Bench) -> None:
    """How many runs a second are kept, each by one call, beside the statements that it tells, told raw."""
    source = deardiary.open(bench.side.fresh())
    told = bench.side.record(store_of(source))
    first, second = (
        tracker.create_experiment(tracker.create_project("Iris"), "Depth") for tracker in (source, bench.tracker)
    )
    begun = [*told]
    mirrors = [bench.side.raw(bench.emptied()) for _ in range(2)]
    for raw in mirrors:
        bench.side.tell(raw, begun)
    rows = []
    for _ in range(5 * bench.rounds):
        told.clear()
        _make(source, first)
        both = [*told], written(told)
        ours = timed(lambda: _make(bench.tracker, second))
        floors = [timed(partial(bench.side.tell, *one)) for one in zip(mirrors, both, strict=True)]
        rows.append((*ours, *floors[0], *floors[1]))
    wall, cpu, same, same_cpu, write, _ = (statistics.median(column) / RUNS for column in zip(*rows, strict=True))
    bench.say(
        "a run of 10 + 5",
        f"{1 / wall:.0f}/s, {same / wall:.2f} of raw",
        "0.4 of raw",
        f"{1e3 * cpu:.2f} ms CPU; the same {len(both[0]) / RUNS:.0f} statements {1 / same:.0f}/s, "
        f"{1e3 * same_cpu:.2f} CPU; only the {len(both[1]) / RUNS:.0f} of what writes {1 / write:.0f}/s, "
        f"{write / wall:.2f}",
    )


def _make(tracker: deardiary.Tracker, experiment: deardiary.Experiment) -> None:
    for _ in range(RUNS):
        tracker.create_iteration(experiment, parameters=PARAMETERS, metrics=METRICS)


def written(told: Sequence[Told]) -> list[Told]:
    """Return the statements of those transactions that write."""
    answer: list[Told] = []
    begun: list[Told] = []
    for one in told:
        begun.append(one)
        if one[1] == "COMMIT":
            answer += begun if any(str(text).startswith("INSERT") for _, text, *_ in begun) else []
            begun = []
    return answer


def store_of(tracker: deardiary.Tracker) -> SqlStore:
    """Return the store behind all that stands in front of it."""
    store: Any = tracker.store
    while not isinstance(store, SqlStore):
        store = store.store
    return store


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the wall and the CPU seconds of some work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        return None
    return numpy


PARTS: dict[str, Callable[[Bench], None]] = {"points": points, "series": series, "runs": runs}
NAMES = [f"{part}-{engine}" for part in PARTS for engine in ENGINES]


def main() -> None:
    """Run the parts that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and calls")
    parser.add_argument("--here", action="store_true", help="run one part in this process")
    parser.add_argument("--without-numpy", action="store_true")
    given = parser.parse_args()
    if given.without_numpy:
        sys.meta_path.insert(0, Without)  # type: ignore[arg-type]  # a class is an object too
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix="engines-") as folder:
        if given.here:
            part, _, engine = given.names[0].partition("-")
            os.environ["XDG_STATE_HOME"] = folder  # where journals are that stand beside no file
            with side_of(engine, Path(folder)) as side:
                bench = Bench(engine, side, given.quick)
                with bench.tracker:
                    PARTS[part](bench)
            return
    for name in given.names or NAMES:
        for more in ([], ["--without-numpy"]) if name.startswith("points") else ([],):
            quick = ["--quick"] if given.quick else []
            subprocess.run([sys.executable, __file__, "--here", name, *quick, *more], check=True)


if __name__ == "__main__":
    main()
