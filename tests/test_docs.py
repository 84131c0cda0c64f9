"""What the documents show is true: their blocks run, and their walks lead where they say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(name: str) -> list[tuple[str, str, str]]:
    """Return the language, the title and the text of every block of a document."""
    return [(language, title, text) for language, title, text in BLOCK.findall((ROOT / name).read_text())]


def run(*command: str | Path, path: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(path), "COLUMNS": "100", **more}
    return subprocess.run(
        [sys.executable, *command], cwd=path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """Write the plugin of the walk, known as if it had been installed."""
    for language, title, text in blocks("docs/writing-a-store.md"):
        if language == "python" and title:
            (tmp_path / title).write_text(text)
    known = tmp_path / "deardiary_folder-0.1.0.dist-info"
    known.mkdir()
    (known / "METADATA").write_text("Metadata-Version: 2.1\nName: deardiary-folder\nVersion: 0.1.0\n")
    (known / "entry_points.txt").write_text("[deardiary]\nfolder = deardiary_folder\n")
    return tmp_path


def test_the_store_of_the_walk_keeps_every_promise(plugin: Path) -> None:
    ended = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_folder.py", path=plugin)

    assert ended.returncode == 0, ended.stdout
    assert re.search(r"\d+ passed", ended.stdout)


def test_the_check_of_the_walk_says_what_the_page_says(plugin: Path) -> None:
    (shown,) = (text for language, _, text in blocks("docs/writing-a-store.md") if language == "console")
    command, wanted = shown.split("\n", 1)
    assert command == "$ python -m deardiary check folder:////tmp/diary"

    ended = run("-m", "deardiary", "check", f"folder:///{plugin}/diary", path=plugin)

    said = ended.stdout.replace(f"folder:///{plugin}/diary", "folder:////tmp/diary")
    assert (said.strip(), ended.returncode) == (wanted.strip(), 0)


@pytest.mark.parametrize("name", ["docs/writing-a-store.md", "README.md"])
def test_untitled_blocks_of_python_run(name: str, tmp_path: Path) -> None:
    plain = [text for language, title, text in blocks(name) if language == "python" and not title]

    ended = [run("-c", text, path=tmp_path) for text in plain]

    assert plain
    assert [(one.returncode, one.stderr) for one in ended] == [(0, "")] * len(plain)
