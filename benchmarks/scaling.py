"""What a diary weighs, how many runs log to one Postgres at once, and how long looking among many runs takes.

    python benchmarks/scaling.py [sizes|runs|listing ...] [--processes 100] [--seconds 30] [--runs 100000]

The figures behind docs/scaling.md. `runs` goes through PgBouncer in transaction mode too, where it is installed.
"""

import argparse
import contextlib
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import deardiary
from deardiary.core.conditions import EVERY, Condition
from deardiary.registry import migrate_store

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))
from postgres import Server

KEYS, PARAMETERS, METRICS = 10, 10, 5
CALLS = 100_000
"""How many calls of ten metrics the run makes whose points are weighed."""
CALLS_PER_SECOND = 10
POOLED = 20
"""How many connections the pooler has to the server."""


def main() -> None:
    """Measure what is asked for, or all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=["sizes", "runs", "listing", []], default=[])
    parser.add_argument("--processes", type=int, default=100, help="how many runs log at once")
    parser.add_argument("--seconds", type=float, default=30.0, help="for how long they log")
    parser.add_argument("--runs", type=int, default=100_000, help="among how many runs is looked")
    given = parser.parse_args()
    parts = given.parts or ["sizes", "runs", "listing"]
    with tempfile.TemporaryDirectory() as folder, Server.start(durable=True) as server:
        os.environ["XDG_STATE_HOME"] = folder  # where the journals of diaries on Postgres are
        if "sizes" in parts:
            sizes(Path(folder), server)
        if "runs" in parts:
            runs(server, given.processes, given.seconds)
        if "listing" in parts:
            listing(Path(folder), server, given.runs)


def fresh(server: Server) -> str:
    """Return the URL of an empty diary on Postgres."""
    url: str = server.database()
    migrate_store(url)
    return url


def asked(url: str, text: str) -> Any:
    """Return the one value that a statement answers on Postgres, if any."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(text.encode())
        return found.fetchall()[0][0] if found.description else None


def told(name: str, value: float, unit: str) -> None:
    """Print a figure."""
    print(f"{name:52} {value:>14,.1f} {unit}", flush=True)


# Sizes.


def sizes(folder: Path, server: Server) -> None:
    """Weigh a run without its points, and a point, in each engine."""
    for name, url in (
        ("Postgres", fresh(server)),
        ("SQLite", f"sqlite:///{folder}/diary.db"),
        ("DuckDB", f"duckdb:///{folder}/diary.duckdb"),
    ):
        empty, log = weight(url, server), written(server)
        with deardiary.open(url) as tracker:
            experiment = tracker.create_experiment(tracker.create_project("Iris"), "sweep")
            for number in range(1000):
                make(tracker, experiment, number)
        small, small_log = weight(url, server), written(server)
        with deardiary.open(url) as tracker:
            run = deardiary.init("Iris", tracker=tracker, snapshot=False, quiet=True)
            for start in range(0, CALLS, 1000):
                run.log_many(walks(1000), steps=range(start, start + 1000))
            run.finish()
        large, large_log = weight(url, server), written(server)
        told(f"{name}: a run of 10 parameters and 5 metrics", (small - empty) / 1000, "bytes")
        told(f"{name}: a point, of 10 in each call", (large - small) / CALLS / KEYS, "bytes")
        if name == "Postgres":
            told(f"{name}: such a run, in its log", (small_log - log) / 1000, "bytes")
            told(f"{name}: such a point, in its log", (large_log - small_log) / CALLS / KEYS, "bytes")


def make(tracker: deardiary.Tracker, experiment: Any, number: int) -> None:
    """Make a run that has ended, with one point in each of its metrics."""
    tracker.create_iteration(
        experiment,
        parameters={f"p{n}": random.random() for n in range(PARAMETERS)},
        metrics={f"m{n}": random.random() for n in range(METRICS)},
        status=deardiary.SUCCEEDED,
    )


def walks(count: int) -> dict[str, list[float]]:
    """Return columns of noisy numbers, as losses are."""
    return {f"k{n}": [1 / (1 + step) + random.gauss(0, 0.01) for step in range(count)] for n in range(KEYS)}


def weight(url: str, server: Server) -> int:
    """Return how many bytes a diary takes that nobody has open."""
    if not url.startswith("postgresql"):
        path = Path(url.partition(":///")[2])
        return sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*") if one.is_file())
    asked(url, "VACUUM")
    sized = "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE relkind = 'r'"
    return int(asked(url, f"{sized} AND relnamespace = 'deardiary'::regnamespace"))


def written(server: Server) -> int:
    """Return how many bytes a server has written to its log."""
    return int(asked(server.url(), "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"))


# Runs.


def runs(server: Server, processes: int, seconds: float) -> None:
    """Let many runs log at once, to the server and through a pooler."""
    through(server, fresh(server), processes, seconds, "directly")
    if shutil.which("pgbouncer"):
        url = fresh(server)
        with pooler(server) as port:
            name = url.partition("?")[0].rpartition("/")[2]
            through(server, f"postgresql://postgres@127.0.0.1:{port}/{name}", processes, seconds, "through PgBouncer")


def through(server: Server, url: str, processes: int, seconds: float, how: str) -> None:
    """Let many runs log by a URL, and print what that comes to."""
    with deardiary.open(url) as tracker:
        tracker.create_experiment(tracker.create_project("Iris"), "default")
    name = url.partition("?")[0].rpartition("/")[2]
    counted = f"SELECT xact_commit FROM pg_stat_database WHERE datname = '{name}'"
    connected = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}' AND backend_type = 'client backend'"
    children = [child(url, seconds) for _ in range(processes)]
    time.sleep(15.0)  # until all have begun
    before, log, began, most = asked(server.url(), counted), written(server), time.monotonic(), 0
    cpu = cpu_seconds(server)
    while time.monotonic() - began < seconds - 10.0:
        most = max(most, asked(server.url(), connected))
        time.sleep(0.5)
    took = time.monotonic() - began
    commits, logged, cpu = asked(server.url(), counted) - before, written(server) - log, cpu_seconds(server) - cpu
    memory = private_bytes(server)
    codes = [os.waitpid(pid, 0)[1] for pid in children]
    with deardiary.open(url) as tracker:
        found = sum(one.count for one in tracker.find(deardiary.Summary))
    wanted = sum(os.path.getsize(path) for path in Path(os.environ["XDG_STATE_HOME"]).glob("logged.*"))
    for path in Path(os.environ["XDG_STATE_HOME"]).glob("logged.*"):
        path.unlink()
    told(f"{processes} runs {how}: connections to the server", most, "at most")
    told(f"{processes} runs {how}: commits", commits / took, "a second")
    told(f"{processes} runs {how}: CPU of the server", 1e6 * cpu / commits, "us a commit")
    told(f"{processes} runs {how}: its log", logged / commits, "bytes a commit")
    told(f"{processes} runs {how}: its memory, for each connection", memory / 2**20, "MiB")
    told(f"{processes} runs {how}: points logged and not found", wanted * KEYS - found, f"of {wanted * KEYS:,}")
    told(f"{processes} runs {how}: processes that failed", sum(map(bool, codes)), "")


def backends(server: Server) -> list[Path]:
    """Return where the system tells of the processes of a server, those that it began with as well."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == server.pid:
                found.append(path.parent)
    return found


def cpu_seconds(server: Server) -> float:
    """Return how long the processes of a server have been busy, those that have ended too."""
    ticks = sum(map(int, Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
    for path in backends(server):
        with contextlib.suppress(OSError):
            ticks += sum(map(int, (path / "stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def private_bytes(server: Server) -> float:
    """Return how much memory a connection takes that no other process shares, in the middle."""
    found = []
    for path in backends(server):
        with contextlib.suppress(OSError):
            said = (path / "smaps_rollup").read_text()
            if b"idle" in (path / "cmdline").read_bytes() or b"postgres: postgres" in (path / "cmdline").read_bytes():
                found.append(sum(int(line.split()[1]) for line in said.splitlines() if line.startswith("Private_")))
    return 1024 * statistics.median(found) if found else 0.0


def child(url: str, seconds: float) -> int:
    """Fork a process that logs for some time, and return its pid; a file has a byte for each call."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        with open(os.path.join(os.environ["XDG_STATE_HOME"], f"logged.{os.getpid()}"), "wb", buffering=0) as file:
            until = time.monotonic() + seconds + 10.0
            with deardiary.open(url) as tracker:
                run = deardiary.init("Iris", tracker=tracker, snapshot=False, quiet=True)
                while time.monotonic() < until:
                    run.log({f"k{n}": random.random() for n in range(KEYS)})
                    file.write(b".")
                    time.sleep(1 / CALLS_PER_SECOND)
                run.finish()
        code = 0
    finally:
        os._exit(code)


@contextlib.contextmanager
def pooler(server: Server) -> Iterator[int]:
    """Start PgBouncer in front of a server, in transaction mode, and yield its port."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    file = server.folder / "pgbouncer.ini"
    says = {
        "listen_addr": "127.0.0.1",
        "listen_port": port,
        "auth_type": "any",
        "pool_mode": "transaction",
        "default_pool_size": POOLED,
        "max_client_conn": 2000,
        "unix_socket_dir": "",
        "logfile": server.folder / "pgbouncer.log",
    }
    lines = ["[databases]", f"* = host={server.folder} port={server.port} user=postgres", "[pgbouncer]"]
    file.write_text("\n".join([*lines, *(f"{name} = {value}" for name, value in says.items())]))
    as_user = ["-u", "nobody"] if os.geteuid() == 0 else []
    started = subprocess.Popen(["pgbouncer", "-q", *as_user, str(file)])
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield port
    finally:
        started.terminate()
        started.wait()


# Listing.


def listing(folder: Path, server: Server, count: int) -> None:
    """Look among many runs."""
    for name, url in (("SQLite", f"sqlite:///{folder}/many.db"), ("Postgres", fresh(server))):
        with deardiary.open(url) as tracker:
            experiment = tracker.create_experiment(tracker.create_project("Iris"), "sweep")
            began = time.monotonic()
            for number in range(count):
                make(tracker, experiment, number)
            told(f"{name}: runs made, one after another", count / (time.monotonic() - began), "a second")
            if name == "Postgres":
                asked(url, "ANALYZE")
            few = deardiary.param("p0") > 0.999
            told(f"{name}: the newest 20 of {count:,} runs", looked(tracker, "-created_date"), "ms")
            told(f"{name}: the best 20 of {count:,} runs", looked(tracker, "-metrics.m0"), "ms")
            told(f"{name}: the best 20 of those with p0 > 0.999", looked(tracker, "-metrics.m0", few), "ms")


def looked(tracker: deardiary.Tracker, order: str, where: Condition = EVERY) -> float:
    """Return how many milliseconds the first 20 runs in some order take."""
    return median(lambda: tracker.find(deardiary.Iteration, where, order=order, limit=20))


def median(work: Callable[[], object]) -> float:
    """Return how many milliseconds some work takes, of five times the middle one."""
    found = []
    for _ in range(5):
        began = time.monotonic()
        work()
        found.append(1000 * (time.monotonic() - began))
    return statistics.median(found)


if __name__ == "__main__":
    main()
