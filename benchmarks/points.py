"""How fast points are logged, kept and read on SQLite, beside their floors in the same run.

    python benchmarks/points.py [name ...]

Each part runs in a process of its own, since what one has imported or warmed up would help another. CPU time is that
of the thread that logs; a figure is the median of several rounds unless it says otherwise.
"""

import argparse
import functools
import json
import math
import mmap
import os
import random
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

if "--without-numpy" in sys.argv:
    sys.modules["numpy"] = None  # type: ignore[assignment]  # so that it cannot be imported

import deardiary

ROUNDS = 5


def main() -> None:
    """Run the parts that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--here", action="store_true", help="run one part in this process")
    parser.add_argument("--without-numpy", action="store_true")
    given = parser.parse_args()
    if given.here:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            os.chdir(folder)
            try:
                PARTS[given.names[0]]()
            finally:
                os.chdir("..")
        return
    for name in given.names or PARTS:
        for more in ([], ["--without-numpy"]) if name in BOTH_WAYS else ([],):
            print(f"\n{name}{' without NumPy' if more else ''}", flush=True)
            subprocess.run([sys.executable, __file__, "--here", name, *more], check=True)


def tell(what: str, reached: str, asked: str = "", beside: str = "") -> None:
    """Print a figure."""
    said = f"  {what:<46} {reached:>22}"
    print(f"{said}{f'   to reach {asked}' if asked else ''}{f'   beside {beside}' if beside else ''}", flush=True)


def begun(name: str = "bench", **named: Any) -> deardiary.Run:
    """Begin a run in a diary of its own."""
    tracker = deardiary.open(f"sqlite:///{name}.db")
    return deardiary.Run("Bench", tracker=tracker, snapshot=False, quiet=True, **named)


def metrics(keys: int) -> dict[str, float]:
    """Return what one call logs."""
    return {f"metric{n}": n * 0.37 for n in range(keys)}


def micro(seconds: float) -> str:
    """Return a time in microseconds."""
    return f"{seconds * 1e6:.2f} us"


# Logging.


def per_call(log: Callable[..., Any], values: dict[str, float], calls: int = 100_000) -> tuple[float, float, float]:
    """Return the CPU time of a call without a clock around each, and the median and p99 with one, less the clock's."""
    clock = time.thread_time_ns
    bare = statistics.median(-clock() + clock() for _ in range(20_000))
    mean = math.inf
    for _ in range(ROUNDS):
        began = clock()
        for step in range(calls):
            values["metric0"] = step * 0.5
            log(values, step)
        spent = clock() - began
        began = clock()
        for step in range(calls):
            values["metric0"] = step * 0.5
        mean = min(mean, (spent - clock() + began) / calls)
    each = array("q")
    for step in range(calls):
        values["metric0"] = step * 0.5
        began = clock()
        log(values, step)
        each.append(clock() - began)
    ordered = sorted(each)
    return mean / 1e9, (ordered[calls // 2] - bare) / 1e9, (ordered[calls * 99 // 100] - bare) / 1e9


def logging() -> None:
    """What `log` costs the loop, in the form of a mapped journal."""
    for keys, asked in ((2, "1.0 us, p99 5 us"), (10, "1.2 us")):
        run = begun(f"log{keys}")
        run.log(metrics(keys))
        mean, median, late = per_call(run.log, metrics(keys))
        floor, _, _ = per_call(_packed(keys), metrics(keys))
        written, _, _ = per_call(_written(keys), metrics(keys), 20_000)
        beside = f"{micro(floor)} struct into memory, {micro(written)} one write() of JSON"
        tell(
            f"log() of {keys} metrics, CPU: mean, median, p99",
            f"{micro(mean)} {micro(median)} {micro(late)}",
            asked,
            beside,
        )
        run.finish()
    nested = begun("nested")
    mean, _, _ = per_call(lambda values, step: nested.log({"train": values}, step), metrics(2), 20_000)
    tell("the same nested in a mapping", micro(mean))


def _packed(keys: int) -> Callable[..., None]:
    """Return the least that keeps values: packed into memory, without a word on what they are."""
    memory, packer, now = mmap.mmap(-1, 2**20), struct.Struct(f"<qd{keys}d"), time.time

    def log(values: dict[str, float], step: int) -> None:
        packer.pack_into(memory, 0, step, now(), *values.values())

    return log


def _written(keys: int) -> Callable[..., None]:
    """Return what writes a line of JSON to a file, which a killed process leaves too."""
    file = os.open(f"lines{keys}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def log(values: dict[str, float], step: int) -> None:
        os.write(file, json.dumps({"step": step, "time": time.time(), **values}).encode() + b"\n")

    return log


def loop() -> None:
    """How much a training loop of 50 us a step is slowed by five metrics a step."""
    run = begun("loop")
    values = metrics(5)
    turns = _turns(50e-6)

    def rounds(log: Callable[..., Any] | None, steps: int = 20_000) -> tuple[float, float]:
        wall, cpu = time.perf_counter(), time.process_time()
        for n in range(steps):
            values["metric0"] = _trained(turns)
            if log is not None:
                log(values, n)
        return (time.perf_counter() - wall) / steps, (time.process_time() - cpu) / steps

    rounds(run.log)
    slower: list[tuple[float, float]] = []
    walls = []
    for _ in range(15):
        bare, logged = rounds(None), rounds(run.log)
        walls.append(bare[0])
        slower.append((logged[0] / bare[0] - 1, logged[1] / bare[1] - 1))
    wall, cpu = (statistics.median(one[n] for one in slower) * 100 for n in (0, 1))
    what = f"a loop of {statistics.median(walls) * 1e6:.0f} us a step is slowed by"
    tell(what, f"{wall:.1f} % wall, {cpu:.1f} % CPU of all threads", "5 %")
    run.finish()


def _trained(turns: int) -> float:
    """Do what a small step of training does: some matrices with NumPy, or numbers without it."""
    matrix = _matrix()
    if matrix is None:
        return sum(n * 0.5 for n in range(turns * 40))
    for _ in range(turns):
        last = matrix @ matrix[:, 0]
    return float(last[0])


@functools.cache
def _matrix() -> Any:
    numpy = _numpy()
    return None if numpy is None else numpy.random.default_rng(1).normal(size=(24, 24)) / 24


def _turns(seconds: float) -> int:
    """Return how many turns of training take so long."""
    turns, _ = 1, _trained(100)
    while True:
        began = time.perf_counter()
        for _ in range(200):
            _trained(turns)
        if (time.perf_counter() - began) / 200 >= seconds:
            return turns
        turns += 1


# To the diary.


def durable() -> None:
    """How many points a second come from `log` to the disk of the diary."""
    numpy = _numpy() is not None
    for keys, calls, asked in ((2, 500_000, "1.8 M"), (10, 250_000, "5 M" if numpy else "4 M")):
        rate = statistics.median(_durable(keys, calls) for _ in range(ROUNDS))
        tell(f"log() of {keys} metrics to the diary", f"{rate / 1e6:.2f} M points/s", asked, _floor(keys))
    rate = statistics.median(_durable_one_by_one(1000, 300_000) for _ in range(ROUNDS))
    tell("one key a call, of 1,000", f"{rate / 1e6:.2f} M points/s", "0.7 M")


def _durable(keys: int, calls: int) -> float:
    run, values = begun(f"durable{keys}"), metrics(keys)
    run.log(values)
    run.flush()
    log = run.log
    began = time.perf_counter()
    for step in range(1, calls):
        values["metric0"] = step * 0.5
        log(values, step)
    run.flush()
    rate = calls * keys / (time.perf_counter() - began)
    run.finish()
    return rate


def _durable_one_by_one(keys: int, calls: int) -> float:
    run = begun("durable-one")
    each = [{f"metric{n}": n * 0.37} for n in range(keys)]
    for values in each:
        run.log(values, 0)
    run.flush()
    log = run.log
    began = time.perf_counter()
    for step in range(1, calls // keys):
        for values in each:
            log(values, step)
    run.flush()
    rate = calls / (time.perf_counter() - began)
    run.finish()
    return rate


def _floor(keys: int) -> str:
    """Return how fast raw blobs of the same points come into a file of SQLite, packed call by call."""
    connection = sqlite3.connect("floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS tail (id INTEGER PRIMARY KEY, data BLOB)")
    calls, values, size = 200_000, metrics(keys), 16 + 8 * keys
    memory, pack, now = bytearray(size * 20_000), struct.Struct(f"<qd{keys}d").pack_into, time.time
    began = time.perf_counter()
    for first in range(0, calls, 20_000):
        for step in range(20_000):
            pack(memory, step * size, first + step, now(), *values.values())
        connection.execute("INSERT INTO tail (data) VALUES (?)", (bytes(memory),))
    rate = calls * keys / (time.perf_counter() - began)
    connection.close()
    return f"{rate / 1e6:.2f} M packed into blobs of raw SQLite, on one thread"


def bulk() -> None:
    """How many points a second come from whole columns to the disk of the diary."""
    keys, rows = 4, 500_000
    lists = {f"metric{n}": [random.gauss(0, 1) for _ in range(rows)] for n in range(keys)}
    numpy = _numpy()
    if numpy is not None:
        columns = {key: numpy.array(values) for key, values in lists.items()}
        tell("log_many() of NumPy columns", f"{_bulk(columns, keys * rows) / 1e6:.1f} M points/s", "8 M")
    arrays = {key: array("d", values) for key, values in lists.items()}
    tell("log_many() of arrays", f"{_bulk(arrays, keys * rows) / 1e6:.1f} M points/s")
    tell("log_many() of lists", f"{_bulk(lists, keys * rows) / 1e6:.1f} M points/s", "2 M")


def _bulk(columns: dict[str, Any], points: int) -> float:
    rates = []
    for n in range(ROUNDS):
        run = begun(f"bulk{n}-{points}")
        run.log({"x": 1})
        run.flush()
        began = time.perf_counter()
        run.log_many(columns)
        run.flush()
        rates.append(points / (time.perf_counter() - began))
        run.finish()
    return statistics.median(rates)


# On the disk, and back.


def size() -> None:
    """How many bytes a point of noisy float64 takes after the run has ended."""
    chance = random.Random(7)
    shapes = {
        "a walk": lambda last: last + chance.gauss(0, 1),
        "noise": lambda _: chance.gauss(0, 1),
        "a loss": lambda last: abs(last * 0.999 + chance.gauss(0, 0.01)),
    }
    for name, follow in shapes.items():
        for together, asked in ((True, "8"), (False, "10")):
            path = f"size-{name.replace(' ', '-')}-{together}"
            run = begun(path)
            values, when = [1.0] * 10, 1_700_000_000.0
            times, columns = array("q"), [array("d") for _ in range(10)]
            for _ in range(100_000):
                when += 0.05 + abs(chance.gauss(0, 0.0008))
                times.append(round(when * 1e6))
                values = [follow(value) for value in values]
                for column, value in zip(columns, values, strict=True):
                    column.append(value)
            keys = [f"metric{n}" for n in range(10)]
            seconds = [time / 1e6 for time in times]
            if together:
                run.log_many(dict(zip(keys, columns, strict=True)), times=seconds)
            else:
                for n, key in enumerate(keys):
                    run.log_many(
                        {key: columns[n]},
                        steps=range(100_000),
                        times=[one + n * 0.003 * chance.random() for one in seconds],
                    )
            run.finish()
            run.tracker.close()
            found = os.path.getsize(f"{path}.db") / 1_000_000
            how = "10 keys a call" if together else "each key by itself"
            tell(f"{name}, {how}", f"{found:.2f} bytes/point", asked)


def reading() -> None:
    """How long it takes to read a series, summaries, and pictures of many."""
    run = begun("reading")
    numpy = _numpy()
    rows, chance = 100_000, random.Random(3)
    walk = array("d", [0.0])
    for _ in range(rows - 1):
        walk.append(walk[-1] + chance.gauss(0, 1))
    when = [1_700_000_000 + n * 0.05 + chance.random() * 0.001 for n in range(rows)]
    run.log_many({f"metric{n}": walk for n in range(10)}, times=when)
    run.finish()
    tracker = run.tracker
    if numpy is not None:
        raw = walk.tobytes() * 3
        floor = least(lambda: numpy.frombuffer(raw).copy())
        tell(
            "a series of 100,000 into NumPy",
            milli(least(lambda: tracker.get_series(run, "metric3"))),
            "3 ms",
            f"{milli(floor)} copying as much",
        )
    floor = least(lambda: (walk.tolist(), walk.tolist(), walk.tolist()))
    lists = least(lambda: _lists(tracker.get_series(run, "metric3")))
    tell("the same into three lists", milli(lists), "10 ms", f"{milli(floor)} tolist() alone")

    wide = deardiary.Run("Bench", tracker=tracker, snapshot=False, quiet=True)
    for step in range(100):
        wide.log(metrics(100), step)
    wide.finish()
    raw_connection = sqlite3.connect("reading.db")
    text = "SELECT * FROM series WHERE iteration_id = ? ORDER BY key"
    floor = least(lambda: raw_connection.execute(text, (wide.id,)).fetchall())
    found = least(lambda: tracker.get_summaries(wide))
    tell("summaries of 100 keys", micro(found), "200 us", f"{micro(floor)} raw rows")

    many = deardiary.Run("Bench", tracker=tracker, snapshot=False, quiet=True)
    many.log_many({f"metric{n}": walk[: rows // 2] for n in range(20)}, times=when[: rows // 2])
    many.finish()
    assert sum(one.total for one in tracker.get_all_series(many, max_points=500).values()) == 1_000_000
    thinned = least(lambda: tracker.get_all_series(many, max_points=500))
    tell("20 series of 1 M points, 500 each", milli(thinned), "30 ms" if numpy is not None else "")


def _lists(series: Any) -> Any:
    return series.steps.tolist(), series.values.tolist(), series.times.tolist()


def least(work: Callable[[], Any], times: int = 25) -> float:
    """Return the least time that some work takes: the one in which nothing else went on."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def milli(seconds: float) -> str:
    """Return a time in milliseconds."""
    return f"{seconds * 1e3:.2f} ms"


# Many processes.

WRITER = """
import sys, time
import deardiary
run = deardiary.Run("Bench", tracker=deardiary.open("sqlite:///many.db"), snapshot=False, quiet=True)
calls = int(sys.argv[1])
values = {"loss": 0.5, "acc": 0.25}
run.log(values)
run.flush()
print("ready", flush=True)
sys.stdin.readline()
log, clock, wall = run.log, time.thread_time_ns, time.perf_counter_ns
gap = last = 0
began = wall()
if sys.argv[2] == "empty":
    slowest, before = 0, wall()
    while before - began < 3_000_000_000:
        after = wall()
        slowest, before = max(slowest, after - before), after
    print(0, 0, slowest, 0)
else:
    for step in range(calls):
        values["loss"] = step * 0.5
        log(values, step)
    spent = wall() - began
    print(spent, flush=True)
    sys.stdin.readline()
    cpu = longest = 0
    for step in range(50_000):
        values["loss"] = step * 0.5
        a, b = wall(), clock()
        log(values, step)
        b, a = clock() - b, wall() - a
        cpu, longest = max(cpu, b), max(longest, a)
    began = wall()
    run.flush(60)
    print(cpu, longest, wall() - began)
run.finish()
"""


def processes() -> None:
    """How many calls a second eight processes log into one diary."""
    begun("many").finish()
    calls, count = 200_000, 8
    writers = [_writer(calls, "log") for _ in range(count)]
    _all(writers, "ready")
    began = time.perf_counter()
    for one in writers:
        one.stdin.write("go\n")
    spent = [int(_line(one)) / 1e9 for one in writers]
    rate = calls * count / (time.perf_counter() - began)
    tell("8 processes log into one diary", f"{rate / 1e3:,.0f} k calls/s", "500 k", f"{max(spent):.1f} s the slowest")
    for one in writers:
        one.stdin.write("go\n")
    found = [tuple(map(int, _line(one).split())) for one in writers]
    for one in writers:
        one.stdin.close()
        one.wait()
    empties = [_writer(1, "empty") for _ in range(count)]
    _all(empties, "ready")
    for one in empties:
        one.stdin.write("go\n")
    gap = max(int(_line(one).split()[2]) for one in empties) / 1e6
    for one in empties:
        one.stdin.close()
        one.wait()
    tell("the longest call, CPU", f"{max(one[0] for one in found) / 1e6:.2f} ms", "5 ms")
    tell(
        "the longest call, wall",
        f"{max(one[1] for one in found) / 1e6:.1f} ms",
        f"{gap + 5:.1f} ms",
        f"{gap:.1f} ms the longest gap of an empty loop",
    )
    stored = sqlite3.connect("many.db").execute("SELECT sum(count) FROM series").fetchone()[0]
    expected = count * 2 * (calls + 50_000 + 1) + count * 2
    tell("points in the diary", f"{stored:,}", f"{expected:,}")
    assert stored == expected


def _writer(calls: int, what: str) -> Any:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(calls), what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )


def _all(writers: list[Any], said: str) -> None:
    for one in writers:
        assert _line(one).strip() == said


def _line(process: Any) -> str:
    line: str = process.stdout.readline()
    return line


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        return None
    return numpy


PARTS: dict[str, Callable[[], None]] = {
    "logging": logging,
    "loop": loop,
    "durable": durable,
    "bulk": bulk,
    "size": size,
    "reading": reading,
    "processes": processes,
}
BOTH_WAYS = ("loop", "durable", "bulk", "reading")
"""What is run with NumPy, and without."""


if __name__ == "__main__":
    main()
