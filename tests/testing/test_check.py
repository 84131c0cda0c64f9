"""The check of a store without pytest."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from deardiary.core.changes import Batch
from deardiary.registry import open_store
from deardiary.testing.check import check, tests_of
from deardiary.testing.suite import StoreSuite
from deardiary.testing.telling import a_project


def test_a_good_store_keeps_every_promise(tmp_path: Path) -> None:
    out = io.StringIO()

    code = check(f"jsonl:///{tmp_path}/diary", out)

    count = len(tests_of(StoreSuite))
    assert (code, out.getvalue().splitlines()[-1]) == (
        0,
        f"jsonl:///{tmp_path}/diary keeps {count} of {count} promises.",
    )


def test_a_diary_with_rows_is_not_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url, out = f"sqlite:///{tmp_path}/diary.db", io.StringIO()
    store = open_store(url)
    store.apply(Batch([a_project()]))
    store.close()

    code = check(url, out)

    assert code == 2
    assert out.getvalue() == ""
    assert "has rows; the check writes and drops" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["check", "nope://x"], 2, "no store opens nope://; there are duckdb, jsonl, memory, postgresql, sqlite"),
        (["check", "diary.db"], 2, "is no URL of a diary; one looks like sqlite:///diary.db"),
        (["check", "sqlite:////nowhere/diary.db"], 2, "there is no folder /nowhere"),
        (["check"], 2, "Usage: deardiary check [OPTIONS] URL"),
        (["check", "--help"], 0, "Usage: deardiary check [OPTIONS] URL"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(arguments: list[str], code: int, said: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "deardiary", *arguments], capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == code
    assert said in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_every_level_has_tests_and_every_test_a_level() -> None:
    levels = [level for level, _ in tests_of(StoreSuite)]

    assert levels == sorted(levels)
    assert set(levels) == set(range(1, 9))


def test_a_test_runs_only_where_its_suite_gives_what_it_needs() -> None:
    class Damaging(StoreSuite):
        damage = staticmethod(lambda url: None)

    plain, damaging = (({name for _, name in tests_of(suite)}) for suite in (StoreSuite, Damaging))

    assert damaging - plain == {"test_damage_is_noticed"}
    assert "test_power_cuts_forget_nothing_acknowledged" not in damaging


def test_without_hypothesis_the_last_level_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("deardiary.testing.check.find_spec", lambda name: None)
    out = io.StringIO()

    code = check(f"jsonl:///{tmp_path}/diary", out)

    count = sum(level < 8 for level, _ in tests_of(StoreSuite))
    assert (code, out.getvalue().splitlines()[-1]) == (
        0,
        f"jsonl:///{tmp_path}/diary keeps {count} of {count} promises.",
    )
    assert 'pip install "deardiary[test]"' in capsys.readouterr().err
