"""However long a loop logs, neither its memory grows nor its journal."""

import json
import os
import subprocess
import sys
from pathlib import Path

from nightly import NIGHTLY

LOGGED_SECONDS = 300 if NIGHTLY else 20
SCRIPT = Path(__file__).parent.parent / "benchmarks" / "hour.py"

MEMORY_BYTES = 20_000_000
JOURNAL_BYTES = 40_000_000
"""Some segments: the one that is written, the next one, and those that a slow commit leaves."""


def test_neither_memory_nor_journal_grow(tmp_path: Path) -> None:
    names = {name: value for name, value in os.environ.items() if not name.startswith("DEARDIARY")}

    ended = subprocess.run(
        [sys.executable, "-W", "error", str(SCRIPT), str(LOGGED_SECONDS), "--json"],
        cwd=tmp_path,
        env=names,
        capture_output=True,
        text=True,
        timeout=10 * LOGGED_SECONDS,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    told = json.loads(ended.stdout)
    assert told["calls"] == LOGGED_SECONDS * 1000
    assert told["points in the diary"] == 5 * told["calls"]
    assert told["resident bytes, end"] - told["resident bytes, warm"] < MEMORY_BYTES
    assert told["journal bytes, most"] < JOURNAL_BYTES
    assert told["journal files, left"] == 0
