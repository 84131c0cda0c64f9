"""Plugins that a configuration requires are there, or nothing is opened."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import deardiary
from deardiary.core.errors import ConfigError
from deardiary.requirements import _numbers
from places import alone, importable, installed, written


@pytest.fixture
def plugins(tmp_path: Path) -> Iterator[Path]:
    with importable(tmp_path / "plugins") as folder:
        installed(folder, "mine", "", version="1.2.3")
        yield folder


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plugins: Path) -> Path:
    return alone(monkeypatch, tmp_path)


def opened(work: Path, wanted: str, more: str = "") -> None:
    written(work / "deardiary.toml", f"{more}\nrequired_plugins = ['{wanted}']")
    deardiary.open("memory://").close()


@pytest.mark.parametrize(
    "wanted",
    [
        "deardiary-mine",
        "mine",
        " Deardiary_Mine >= 1.2 , < 2 ",
        "deardiary.mine>1.2",
        "deardiary-mine==1.2.3.0",
        "deardiary-mine!=1.2",
        "deardiary-mine<=1.2.3",
    ],
)
def test_what_is_installed_is_enough(wanted: str, work: Path) -> None:
    opened(work, wanted)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (
            "deardiary-other",
            "the plugin deardiary-other is required, and not installed; try: pip install deardiary-oth",
        ),
        ("other>=2", "the plugin other is required, and not installed; try: pip install 'other>=2'"),
        ("mine>=1.10", "the plugin mine>=1.10 is required, and 1.2.3 is installed; try: pip install 'mine>=1.10'"),
        ("deardiary-mine>=1,<1.2.3", "the plugin deardiary-mine>=1,<1.2.3 is required, and 1.2.3 is installed; try:"),
        ("deardiary-mine==1.2", "the plugin deardiary-mine==1.2 is required, and 1.2.3 is installed; try:"),
        ("deardiary-mine~=1.2", "'deardiary-mine~=1.2' is no requirement; one looks like deardiary-jsonl>=0.1,<2"),
        ("deardiary-mine 1.2", "'deardiary-mine 1.2' is no requirement; one looks like"),
        ("deardiary-mine>=1.2,", "'deardiary-mine>=1.2,' is no requirement; one looks like"),
        ("deardiary-mine>=a", "'deardiary-mine>=a' is no requirement; one looks like"),
        (">=1.2", "'>=1.2' is no requirement; one looks like"),
        ("", "'' is no requirement; one looks like"),
    ],
)
def test_what_is_missing_or_malformed_is_told_with_its_line(wanted: str, said: str, work: Path) -> None:
    with pytest.raises(ConfigError) as refusal:
        opened(work, wanted)

    assert str(refusal.value).startswith(said)
    assert str(refusal.value).endswith(f" ({work / 'deardiary.toml'}, line 2)")


def test_what_is_required_and_switched_off_is_told(work: Path) -> None:
    with pytest.raises(ConfigError, match="the plugin deardiary-mine is required, and switched off"):
        opened(work, "deardiary-mine", "disabled_plugins = ['mine']")


def test_what_is_required_and_broken_is_told(work: Path, plugins: Path) -> None:
    installed(plugins, "broken", "import bson_of_nobody")

    with pytest.raises(
        ConfigError,
        match="the plugin deardiary-broken is required, and failed to import: ModuleNotFoundError: No module named",
    ):
        opened(work, "deardiary-broken")


def test_what_is_installed_meanwhile_is_found(work: Path, plugins: Path) -> None:
    with pytest.raises(ConfigError, match="not installed"):
        opened(work, "deardiary-later")

    installed(plugins, "later", "")
    opened(work, "deardiary-later")


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("1.2.0", (1, 2)), ("1.10", (1, 10)), ("1.2rc1", (1, 2)), ("1.2.dev3+local.4", (1, 2)), ("0", ()), ("", ())],
)
def test_versions_are_compared_by_the_numbers_they_begin_with(version: str, numbers: tuple[int, ...]) -> None:
    assert _numbers(version) == numbers
