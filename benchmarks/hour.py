"""An hour of training: a thousand calls of `log` a second, and what it costs in time, memory and journal.

python benchmarks/hour.py [seconds]
"""

import os
import sys
import tempfile
import threading
import time
from array import array
from collections.abc import Iterator
from pathlib import Path

import deardiary

RATE = 1000
"""How many calls a second."""


def main(seconds: float) -> None:
    """Log for some time, and print what it took."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        for name, figure in measured(Path(folder), seconds).items():
            print(f"{name:<40} {figure:>16}", flush=True)


def measured(folder: Path, seconds: float) -> dict[str, str]:
    """Return what it took to log for some time into a diary in a folder."""
    tracker = deardiary.open(f"sqlite:///{folder}/diary.db")
    run = deardiary.Run("Hour", tracker=tracker, snapshot=False, quiet=True)
    watch = Watch(folder / "diary.db.journals")
    watch.start()
    calls = int(seconds * RATE)
    wall, cpu, gaps = (array("q", bytes(8 * calls)) for _ in range(3))  # whole at once: what grows is not ours
    values = {f"metric{n}": n * 0.5 for n in range(5)}
    log, clock, thread = run.log, time.perf_counter_ns, time.thread_time_ns
    began = last = time.perf_counter()
    for step in range(calls):
        values["metric0"] = step * 0.25
        a, b = thread(), clock()
        log(values, step)
        b, a = clock() - b, thread() - a
        wall[step], cpu[step] = b, a
        rest = began + (step + 1) / RATE - time.perf_counter()
        if rest > 0:
            time.sleep(rest)
        c = clock()
        gaps[step] = clock() - c
        last = time.perf_counter()
    took = last - began
    watch.stop()
    run.finish()
    stored = sum(one.count for one in tracker.get_summaries(run))
    tracker.close()
    assert stored == 5 * len(wall), f"{stored:,} points are in the diary, of {5 * len(wall):,}"
    found = {"calls": f"{len(wall):,}", "seconds": f"{took:.0f}"}
    for name, column in (("wall", wall), ("CPU", cpu), ("wall of nothing at all", gaps)):
        ordered = sorted(column)
        for part in (0.5, 0.99, 0.9999, 1.0):
            place = min(int(len(ordered) * part), len(ordered) - 1)
            said = "longest" if part == 1.0 else f"p{part * 100:g}"
            found[f"{said}, {name}"] = f"{ordered[place] / 1e6:.3f} ms"
    found["memory after a tenth, and at the end"] = f"{watch.early:.1f}, {watch.memory[-1]:.1f} MB"
    found["largest journal"] = f"{max(watch.journal) / 2**20:.1f} MB"
    found["the diary"] = f"{os.path.getsize(folder / 'diary.db') / stored:.2f} bytes/point"
    return found


class Watch(threading.Thread):
    """Looks at the memory of this process and the size of its journal, twice a second."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="watch", daemon=True)
        self.folder = folder
        self.memory = [memory()]
        self.journal = [0]
        self._over = threading.Event()

    def run(self) -> None:
        """Look until it is over."""
        while not self._over.wait(0.5):
            self.memory.append(memory() - 32e-6 * len(self.memory))  # less what we remember ourselves
            self.journal.append(sum(sizes(self.folder)))

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self.join()

    @property
    def early(self) -> float:
        """The memory after a tenth of the time."""
        return self.memory[len(self.memory) // 10]


def memory() -> float:
    """Return the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def sizes(folder: Path) -> Iterator[int]:
    """Yield the sizes of the files in a folder, as far as they are still there."""
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            yield path.stat().st_size
        except FileNotFoundError:
            continue


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 3600)
