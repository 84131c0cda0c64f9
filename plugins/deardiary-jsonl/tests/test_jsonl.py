"""One file of JSON lines keeps the contract."""

import os
from pathlib import Path

import pytest

from deardiary.core.changes import Batch
from deardiary.core.entities import Project
from deardiary.core.errors import Corrupt, Unavailable
from deardiary.core.queries import Query
from deardiary.registry import open_store
from deardiary.testing import StoreSuite
from deardiary.testing.telling import a_project

NIGHTLY = bool(os.environ.get("DEARDIARY_NIGHTLY"))


def damaged(url: str) -> None:
    """Cut a line in the middle of the log."""
    path = Path(url.removeprefix("jsonl:///"))
    first, rest = path.read_bytes().split(b"\n", 1)
    path.write_bytes(first[:-20] + b"\n" + rest)


class TestJsonl(StoreSuite):
    kills = 100 if NIGHTLY else 10
    damage = staticmethod(damaged)
    examples, steps = (500, 50) if NIGHTLY else (20, 15)
    chance = NIGHTLY

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"jsonl:///{tmp_path}/diary.jsonl"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "diary.jsonl"


def test_a_torn_tail_is_absent_and_written_over(path: Path) -> None:
    store = open_store(f"jsonl:///{path}")
    store.apply(Batch([a_project(name="whole")]))
    with path.open("ab") as file:
        file.write(b'{"put":{"next/Project":2,"row/Pro')

    assert [row.name for row in store.find(Query(Project)).rows] == ["whole"]
    store.apply(Batch([a_project(name="next")]))
    store.close()
    again = open_store(f"jsonl:///{path}")
    assert [row.name for row in again.find(Query(Project)).rows] == ["whole", "next"]
    assert path.read_bytes().count(b"\n") == 2
    again.close()


def test_a_damaged_line_is_told_with_its_number(path: Path) -> None:
    store = open_store(f"jsonl:///{path}")
    for _ in range(3):
        store.apply(Batch([a_project()]))
    store.close()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"{}\n" + lines[2])

    damaged_store = open_store(f"jsonl:///{path}")

    with pytest.raises(Corrupt, match="line 2 of the log is damaged"):
        damaged_store.find(Query(Project))
    damaged_store.close()


def test_a_forked_process_writes_beside_its_parent(path: Path) -> None:
    store = open_store(f"jsonl:///{path}")
    store.apply(Batch([a_project()]))

    child = os.fork()
    if child == 0:
        try:
            for _ in range(20):
                store.apply(Batch([a_project()]))
            os._exit(0)
        finally:
            os._exit(2)
    for _ in range(20):
        store.apply(Batch([a_project()]))
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert len(store.find(Query(Project)).rows) == 41
    store.close()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be opened"):
        open_store(f"jsonl:///{tmp_path}/nowhere/diary.jsonl")


def test_the_log_is_flushed_before_it_is_acknowledged(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[int] = []
    plain = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (flushed.append(file), plain(file))[1])
    store = open_store(f"jsonl:///{path}")
    before = len(flushed)

    store.apply(Batch([a_project()]))

    assert len(flushed) == before + 1
    store.close()
