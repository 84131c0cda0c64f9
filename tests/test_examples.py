"""The examples run, and print what the guides say, on every store."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"

SWEEP = """\
[2, 3, 4, 5]
(True, '')
(True, 'OutOfMemoryError: max_depth=12 blew the heap')
6
'6'
True
"""
"""What the guide to child iterations prints, as Python writes it."""


@pytest.mark.parametrize("scheme", ["memory", "sqlite", "jsonl"])
def test_the_sweep_prints_what_the_guide_prints(scheme: str, tmp_path: Path) -> None:
    url = "memory://" if scheme == "memory" else f"{scheme}:///{tmp_path}/diary"

    ended = subprocess.run(
        [sys.executable, EXAMPLES / "child_iterations.py", url], capture_output=True, text=True, check=False
    )

    assert (ended.stdout, ended.stderr) == (SWEEP, "")
