"""What an hour of logging costs: 1,000 calls a second with 5 metrics each, on SQLite.

    python benchmarks/hour.py [seconds] [--json]

Prints how long calls took that log, by the clock and of the CPU time of their thread, how much memory the process had
after its first tenth (warmed up) and at the end, and how large the folder of its journals became.
"""

import argparse
import json
import os
import tempfile
import time
from array import array
from typing import Any

import deardiary

HOUR_SECONDS = 3600.0
CALLS_PER_SECOND = 1000
LOOK_SECONDS = 0.25
"""How often the journals are looked at."""


def main() -> None:
    """Log for as long as is said, and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", nargs="?", type=float, default=HOUR_SECONDS)
    parser.add_argument("--json", action="store_true", help="print one line for programs")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.getcwd()) as folder:
        figures = logged(folder, given.seconds)
    if given.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:24} {value:>16,.1f}" if isinstance(value, float) else f"{name:24} {value:>16,}")


def logged(folder: str, seconds: float) -> dict[str, Any]:
    """Log for some time, and return what it cost."""
    with deardiary.open(f"sqlite:///{folder}/hour.db") as tracker:
        run = deardiary.init("Hour", tracker=tracker, snapshot=False, quiet=True)
        wall, cpu, warm, most = loop(run, f"{folder}/hour.db.journals", seconds)
        end = resident_bytes()
        run.finish()
        count = sum(row.count for row in tracker.get_summaries(run))
    left = [name for name in os.listdir(f"{folder}/hour.db.journals") if name != ".gitignore"]
    return {
        "calls": len(wall),
        "points in the diary": count,
        **percentiles("wall us", wall),
        **percentiles("CPU us", cpu),
        "resident bytes, warm": warm,
        "resident bytes, end": end,
        "journal bytes, most": most,
        "journal files, left": len(left),
        "diary bytes": os.path.getsize(f"{folder}/hour.db"),
    }


def loop(run: Any, journals: str, seconds: float) -> "tuple[array[float], array[float], int, int]":
    """Log, and return what each call took, the memory when warmed up, and the most bytes of the journals."""
    total = int(seconds * CALLS_PER_SECOND)
    wall, cpu = array("d", bytes(8 * total)), array("d", bytes(8 * total))  # at once, so as not to seem to grow
    began, warm, most, looked = time.perf_counter(), 0, 0, 0.0
    for n in range(total):
        metrics = {
            "loss": 1 / (n + 1),
            "accuracy": 1 - 1 / (n + 1),
            "rate": 1e-3,
            "norm": n % 7 / 7,
            "epoch": n // 1000,
        }
        cpu_before, before = time.thread_time(), time.perf_counter()
        run.log(metrics)
        after, cpu_after = time.perf_counter(), time.thread_time()
        wall[n], cpu[n] = 1e6 * (after - before), 1e6 * (cpu_after - cpu_before)
        if n == total // 10:
            warm = resident_bytes()
        if after - looked >= LOOK_SECONDS:
            looked, most = after, max(most, size_bytes(journals))
        ahead = began + (n + 1) / CALLS_PER_SECOND - time.perf_counter()
        if ahead > 0:
            time.sleep(ahead)
    return wall, cpu, warm, most


def percentiles(name: str, figures: "array[float]") -> dict[str, float]:
    """Return the percentiles of some figures."""
    ordered = sorted(figures)
    shares = {"p50": 0.5, "p99": 0.99, "p99.99": 0.9999, "max": 1.0}
    return {
        f"{name}, {said}": ordered[min(int(share * len(ordered)), len(ordered) - 1)] for said, share in shares.items()
    }


def resident_bytes() -> int:
    """Return how much memory this process has, less what it shares with files, such as a mapped journal."""
    try:
        with open("/proc/self/statm") as file:
            _, resident, shared, *_ = map(int, file.read().split())
    except FileNotFoundError:  # not Linux: the most it had so far
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE")


def size_bytes(folder: str) -> int:
    """Return how many bytes the files in a folder have."""
    total = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                total += entry.stat().st_size
            except FileNotFoundError:  # drained meanwhile
                pass
    return total


if __name__ == "__main__":
    main()
