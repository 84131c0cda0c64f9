"""The examples run, and print what the guides say, on every store."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import deardiary

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


@pytest.mark.parametrize("scheme", ["memory", "sqlite", "duckdb", "postgresql", "jsonl"])
def test_the_sweep_prints_what_the_guide_prints(scheme: str, fresh: Callable[[str], str]) -> None:
    ended = subprocess.run(
        [sys.executable, EXAMPLES / "child_iterations.py", fresh(scheme)], capture_output=True, text=True, check=False
    )

    assert (ended.stdout, ended.stderr) == (SWEEP, "")


def test_a_script_for_wandb_runs_with_its_first_line_changed(tmp_path: Path) -> None:
    script, url = EXAMPLES / "like_wandb.py", f"sqlite:///{tmp_path}/diary.db"
    assert script.read_text().startswith("import deardiary as wandb")

    ended = subprocess.run(
        [sys.executable, "-W", "error", script],
        cwd=tmp_path,
        env={**os.environ, "DEARDIARY_STORE": url},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.stdout, ended.returncode) == ("accuracy 0.95 after 10 epochs\n", 0)
    said = ended.stderr.splitlines()
    assert said[0] == f"deardiary: run MAP-1 (simple-cnn) in my-awesome-project → {url}"
    assert [line.partition(" after ")[0] for line in said[1:]] == ["deardiary: run MAP-1 succeeded"]
    with deardiary.open(url) as tracker:
        (row,) = tracker.get_table()
        assert row.parameters == {
            "learning_rate": 0.02,
            "architecture": "CNN",
            "dataset": "CIFAR-100",
            "epochs": 10,
            "optimizer.name": "adam",
            "optimizer.beta": 0.9,
        }
        assert {key: one.count for key, one in row.summaries.items()} == {
            "epoch": 10,
            "train/accuracy": 10,
            "train/loss": 10,
        }
        assert [tag.value for tag in tracker.get_tags(row.iteration)] == ["baseline"]
        (model,) = tracker.get_resources(row.iteration)
        assert model.name == "model"
        assert tracker.read_resource_data(model) == b"weights of a CNN, trained with adam"
