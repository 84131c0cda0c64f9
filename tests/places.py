"""Where tests of the configuration work: folders of their own, with files and plugins in them."""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import pytest

from deardiary import registry


def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a working directory in which nothing is configured, neither by files nor by the environment."""
    for name in [name for name in os.environ if name.startswith("DEARDIARY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.setattr(sys, "platform", "linux")
    work = tmp_path / "lab"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def written(path: Path, text: str) -> Path:
    """Return the path of a file with a text in it, without what indents all its lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text), encoding="utf-8")
    return path


def installed(folder: Path, name: str, text: str, *, version: str = "0.1.0") -> None:
    """Make a module in a folder known as the plugin `deardiary-<name>`, as if it had been installed there."""
    written(folder / f"deardiary_{name}.py", text)
    known = folder / f"deardiary_{name}-{version}.dist-info"
    written(known / "METADATA", f"Metadata-Version: 2.1\nName: deardiary-{name}\nVersion: {version}\n")
    written(known / "entry_points.txt", f"[deardiary]\n{name} = deardiary_{name}\n")
    importlib.invalidate_caches()


@contextmanager
def importable(folder: Path) -> Iterator[Path]:
    """Make what is installed in a folder known to this process for a while."""
    folder.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(folder))
    registry._registry.cache_clear()
    try:
        yield folder
    finally:
        sys.path.remove(str(folder))
        for name in [name for name, module in sys.modules.items() if _is_in(folder, module)]:
            del sys.modules[name]
        importlib.invalidate_caches()
        registry._registry.cache_clear()


def _is_in(folder: Path, module: object) -> bool:
    return (getattr(module, "__file__", None) or "").startswith(f"{folder}{os.sep}")


def run(text: str, *, plugins: Path, folder: Path) -> str:
    """Return what a script prints that runs in a folder, with the plugins that are installed in another."""
    environment = {**os.environ, "PYTHONPATH": str(plugins)}
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", dedent(text)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout
