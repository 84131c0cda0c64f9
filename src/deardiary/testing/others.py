"""Other processes that use a diary, and some that are killed."""

import os
import signal
import subprocess
import sys

# Other processes.

_PREAMBLE = """
import sys
from deardiary.core.changes import *
from deardiary.core.entities import *
from deardiary.core.errors import DearDiaryError, Unavailable
from deardiary.core.points import Points
from deardiary.core.queries import Query, SeriesQuery
from deardiary.registry import open_store
try:
    store = open_store(sys.argv[1])
except DearDiaryError as error:
    print("Unavailable" if isinstance(error, Unavailable) else type(error).__name__, error)
    sys.exit()
"""


def started(url: str, code: str, *, preamble: str = _PREAMBLE) -> "subprocess.Popen[str]":
    """Start a Python that opens a diary, or what its preamble opens, and runs some code."""
    return subprocess.Popen(
        [sys.executable, "-c", f"{preamble}\n{code}", url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def another_process(url: str, code: str, *, preamble: str = _PREAMBLE) -> str:
    """Return what another process prints that opens a diary, or what its preamble opens, and runs some code."""
    process = started(url, code, preamble=preamble)
    said, complaint = process.communicate(timeout=60)
    assert process.returncode == 0, complaint
    return said.strip()


def killed_while_writing(url: str, run: int, turn: int) -> int:
    """Kill a process in the middle of writing, and return how many batches it knew to be applied."""
    code = (
        "n = 0\n"
        "while True:\n"
        f"    parameter = Parameter(id=-1, iteration_id={run}, key=f'{turn}-{{n}}', value='1')\n"
        f"    store.apply(Batch([Insert(parameter), Append({run}, Points.of([('loss', 1.0, None, 0)]))]))\n"
        "    print(n, flush=True)\n"
        "    n += 1"
    )
    return len(killed(started(url, code), after=1 + turn % 20))


def killed(process: "subprocess.Popen[str]", *, after: int) -> list[str]:
    """Kill a process when it has printed so many lines, and return all that it has printed."""
    assert process.stdout is not None
    assert process.stderr is not None
    lines = [line for _, line in zip(range(after), process.stdout, strict=False)]
    os.kill(process.pid, signal.SIGKILL)
    lines += process.stdout.readlines()
    complaint = process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    process.wait(60)
    assert lines, complaint
    return [line.strip() for line in lines]
