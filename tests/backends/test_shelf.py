"""A store from a shelf of keys and values, or from a log of lines, however small."""

import threading
from collections.abc import Iterable
from typing import Any

import pytest

from deardiary.backends.shelf import LoggedStore, ShelfStore
from deardiary.core.changes import Batch
from deardiary.core.entities import Project
from deardiary.core.errors import Corrupt, StorageFull, Unavailable
from deardiary.core.queries import Query
from deardiary.schemes import Traits
from deardiary.testing.check import failures
from deardiary.testing.diary import Diary
from deardiary.testing.telling import a_project

LEVELS = (1, 2, 3, 4, 5, 6, 8)


class Shelf:
    """Keys and values in a dictionary."""

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}
        self.number = 0
        self.lock = threading.Lock()

    def version(self) -> int:
        return self.number

    def get(self, key: str) -> bytes | None:
        return self.rows.get(key)

    def scan(self, prefix: str) -> Iterable[tuple[str, bytes]]:
        return [(key, value) for key, value in self.rows.items() if key.startswith(prefix)]

    def commit(self, puts: dict[str, bytes], deletes: set[str], if_version: int) -> bool:
        with self.lock:
            if self.number != if_version:
                return False
            self.rows.update(puts)
            for key in deletes:
                self.rows.pop(key, None)
            self.number += 1
            return True

    def close(self) -> None:
        self.rows = {}


class Lines:
    """Lines in a list."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def read(self, after: int) -> Iterable[bytes]:
        return self.lines[after:]

    def append(self, after: int, line: bytes) -> bool:
        if len(self.lines) != after:
            return False
        self.lines.append(line)
        return True

    def close(self) -> None:
        self.lines = []


@pytest.mark.parametrize("store", [lambda: ShelfStore(Shelf()), lambda: LoggedStore(Lines())], ids=["shelf", "log"])
def test_two_small_things_keep_every_promise(store: Any) -> None:
    in_memory = Traits(processes="one", durable="none")

    ends = failures(lambda: Diary(store, in_memory, "memory://"), levels=LEVELS)

    assert [failure for _, _, failure in ends if failure is not None] == []


def test_a_commit_that_comes_too_late_is_settled_anew() -> None:
    shelf = Shelf()
    first, second = ShelfStore(shelf), ShelfStore(shelf)
    plain, raced = shelf.commit, []

    def overtaken(puts: dict[str, bytes], deletes: set[str], if_version: int) -> bool:
        if not raced:
            raced.append(True)
            second.apply(Batch([a_project(name="faster")]))
        return plain(puts, deletes, if_version)

    shelf.commit = overtaken  # type: ignore[method-assign]  # the race
    receipt = first.apply(Batch([a_project(name="slower")]))

    assert receipt.ids == {(Project, -1): 2}
    assert [row.name for row in first.find(Query(Project)).rows] == ["faster", "slower"]


def test_a_read_whose_version_moved_is_done_again() -> None:
    shelf = Shelf()
    store, other = ShelfStore(shelf), ShelfStore(shelf)
    store.apply(Batch([a_project(name="first")]))
    plain, moved = shelf.scan, []

    def moving(prefix: str) -> Iterable[tuple[str, bytes]]:
        found = plain(prefix)
        if not moved:
            moved.append(True)
            other.apply(Batch([a_project(name="second")]))
        return found

    shelf.scan = moving  # type: ignore[method-assign]  # the race

    assert [row.name for row in store.find(Query(Project)).rows] == ["first", "second"]


def test_a_line_that_comes_too_late_is_settled_anew() -> None:
    lines = Lines()
    first, second = LoggedStore(lines), LoggedStore(lines)
    first.find(Query(Project))
    plain, raced = lines.append, []

    def overtaken(after: int, line: bytes) -> bool:
        if not raced:
            raced.append(True)
            second.apply(Batch([a_project(name="faster")]))
        return plain(after, line)

    lines.append = overtaken  # type: ignore[method-assign]  # the race
    first.apply(Batch([a_project(name="slower")]))

    assert [row.name for row in second.find(Query(Project)).rows] == ["faster", "slower"]


@pytest.mark.parametrize("line", [b"{}", b"[1, 2]", b"not json", b'{"put": {"row/Project/1": 1.5}, "drop": []}'])
def test_a_line_that_says_nothing_is_corrupt(line: bytes) -> None:
    lines = Lines()
    lines.append(0, line)

    with pytest.raises(Corrupt):
        LoggedStore(lines).find(Query(Project))


@pytest.mark.parametrize(("number", "error"), [(28, StorageFull), (5, Unavailable)])
def test_a_log_that_cannot_be_written_is_told(number: int, error: type[Exception]) -> None:
    lines = Lines()

    def fail(after: int, line: bytes) -> bool:
        raise OSError(number, "it fails")

    lines.append = fail  # type: ignore[method-assign]  # the trouble
    store = LoggedStore(lines)

    with pytest.raises(error):
        store.apply(Batch([a_project()]))
    assert store.find(Query(Project)).rows == []
