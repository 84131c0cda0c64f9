"""Points are folded into chunks, and whatever fails, is killed or comes between, none is lost or told twice."""

import os
import random
import sqlite3
import threading
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define

from deardiary.backends.sql import archive, bundles, filing, folding, sqlite
from deardiary.backends.sql.sqlite import SqliteEngine
from deardiary.backends.sql.store import SqlStore
from deardiary.core.changes import Append, Batch, Drop, Patch
from deardiary.core.entities import Iteration, IterationStatus, Metric, Summary
from deardiary.core.errors import Corrupt, DearDiaryError, NotFound, Unavailable
from deardiary.core.points import Column, Points, point_id
from deardiary.core.queries import Query, Series, SeriesQuery
from deardiary.core.shapes import micros
from deardiary.testing import StoreSuite
from deardiary.testing.others import killed, started
from deardiary.testing.telling import NOON, STORY, at
from nightly import NIGHTLY

EMPTY = 350_000
"""At least so many bytes has a diary without points."""

KILLS = 200 if NIGHTLY else 20


class Always:
    """Folds after every batch, into chunks of three points, so that small stories have all sorts of them."""

    @pytest.fixture(autouse=True)
    def _at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archive, "DUE_RECORDS", 1)
        monkeypatch.setattr(archive, "LITTLE_BYTES", -1)
        monkeypatch.setattr(bundles, "LONGEST", 3)


class TestFoldedAlways(Always, StoreSuite):
    """The contract, when every point is folded as soon as it comes."""

    kills = 3
    examples, steps = (500, 50) if NIGHTLY else (25, 20)
    chance = NIGHTLY

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/diary.db"


class TestFoldedByNumpy(TestFoldedAlways):
    """The same with NumPy for every column, however short."""

    @pytest.fixture(autouse=True)
    def _with_numpy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("numpy", reason="NumPy is not installed")
        monkeypatch.setattr("deardiary.core.columns.FEW", 0)


class TestDirect(Always, StoreSuite):
    """The contract, when points become chunks at once wherever that is possible."""

    kills = 3
    examples, steps = (500, 50) if NIGHTLY else (25, 20)
    chance = NIGHTLY

    @pytest.fixture(autouse=True)
    def _directly(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(filing, "DIRECT_ROWS", 2)

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/diary.db"


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "diary.db")


@pytest.fixture
def store(path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlStore]:
    """Return a diary in which all points come to the tail first, however many, and are folded early."""
    monkeypatch.setattr(filing, "DIRECT_ROWS", 10**9)
    monkeypatch.setattr(archive, "DUE_ROWS", 4096)
    store = SqlStore(SqliteEngine(path))
    store.apply(Batch(STORY))
    yield store
    store.close()


def noisy(first: int, count: int, keys: int = 3, *, seed: int = 1) -> Points:
    """Return points of several keys that were measured together."""
    chance = random.Random(seed + first)
    steps = array("q", range(first, first + count))
    times = array("q", [micros(NOON) + 50_000 * step + chance.randrange(800) for step in steps])
    values = [array("d", [chance.gauss(0, 1) for _ in steps]) for _ in range(keys)]
    return Points([Column(key=f"k{key}", values=values[key], steps=steps, times=times) for key in range(keys)])


def everything(store: SqlStore) -> tuple[list[Series], list[Summary]]:
    """Return all points and what is known of them."""
    return store.series(SeriesQuery()), store.find(Query(Summary)).rows


def count(path: str, table: str) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()


def folded(store: SqlStore) -> None:
    folding.folded(store.engine, 1)


ENDS = Patch(Iteration, 1, {"status_id": IterationStatus.SUCCEEDED, "end_date": at(10)})


# When.


def test_few_points_stay_as_they_came(store: SqlStore, path: str) -> None:
    store.apply(Batch([Append(1, noisy(0, 4000))]))

    assert (count(path, "tail"), count(path, "chunks")) == (1, 0)


def test_many_points_are_folded_and_share_their_stamps(store: SqlStore, path: str) -> None:
    for first in range(0, 6000, 2000):
        store.apply(Batch([Append(1, noisy(first, 2000))]))

    assert (count(path, "tail"), count(path, "chunks"), count(path, "stamps")) == (0, 3, 1)


def test_many_records_are_folded(store: SqlStore, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "DUE_RECORDS", 10)
    for first in range(25):
        store.apply(Batch([Append(1, noisy(first, 1))]))

    assert (count(path, "tail"), count(path, "chunks"), count(path, "stamps")) == (5, 3, 1)


def test_many_bytes_are_folded(store: SqlStore, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "DUE_BYTES", 1000)
    store.apply(Batch([Append(1, noisy(0, 100))]))

    assert (count(path, "tail"), count(path, "chunks")) == (0, 3)


def test_a_run_that_ends_is_folded_and_the_file_shrinks(store: SqlStore, path: str) -> None:
    for first in range(0, 4000, 400):
        store.apply(Batch([Append(1, noisy(first, 400))]))
    before = everything(store)

    store.apply(Batch([ENDS]))

    assert (count(path, "tail"), count(path, "chunks"), count(path, "stamps")) == (0, 3, 1)
    assert everything(store) == before
    store.close()
    assert os.path.getsize(path) < 12_000 * 8 + EMPTY
    assert sqlite3.connect(path).execute("PRAGMA freelist_count").fetchone()[0] <= sqlite.FEW_PAGES


def test_a_small_run_that_ends_is_left_as_it_is(store: SqlStore, path: str) -> None:
    store.apply(Batch([Append(1, noisy(0, 5)), ENDS]))

    assert (count(path, "tail"), count(path, "chunks")) == (1, 0)


def test_a_long_tail_is_folded_slice_by_slice(store: SqlStore, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "SLICE_BYTES", 30_000)
    for first in range(0, 4000, 200):
        store.apply(Batch([Append(1, noisy(first, 200))]))
    before = everything(store)

    folded(store)
    assert 10 < count(path, "tail") < 20
    assert everything(store) == before

    store.apply(Batch([ENDS]))
    assert (count(path, "tail"), count(path, "chunks"), count(path, "stamps")) == (0, 3, 1)
    assert everything(store) == before


def test_what_came_to_very_many_runs_is_forgotten(store: SqlStore, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_RUNS", 0)
    store.apply(Batch([Append(1, noisy(0, 4000))]))
    store.apply(Batch([Append(1, noisy(4000, 4000))]))

    assert (count(path, "tail"), count(path, "chunks")) == (2, 0)
    store.apply(Batch([ENDS]))
    assert (count(path, "tail"), count(path, "chunks")) == (0, 3)


def test_a_forked_process_folds_what_it_adds(store: SqlStore, path: str) -> None:
    store.apply(Batch([Append(1, noisy(0, 100))]))
    kept: Any = store.archive
    kept._lock.acquire()  # as a thread of the parent might, at the moment of the fork

    child = os.fork()
    if child == 0:
        try:
            store.apply(Batch([Append(1, noisy(100, 5000))]))
            store.close()
            os._exit(0)
        finally:
            os._exit(1)
    kept._lock.release()
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert (count(path, "tail"), count(path, "chunks")) == (0, 3)
    assert [len(one) for one in store.series(SeriesQuery())] == [5100] * 3


def test_chunks_grow_until_they_are_long_enough(store: SqlStore, path: str) -> None:
    for first in range(0, 45_000, 5000):
        store.apply(Batch([Append(1, noisy(first, 5000, 1))]))

    lengths = [row[0] for row in sqlite3.connect(path).execute("SELECT count FROM chunks ORDER BY first")]
    assert sum(lengths) == 45_000
    assert all(8192 <= length <= 16_384 for length in lengths[:-1])
    (series,) = store.series(SeriesQuery())
    assert list(series.steps) == list(series.numbers) == [*range(45_000)]


def test_a_long_series_is_cut_into_chunks(store: SqlStore, path: str) -> None:
    store.apply(Batch([Append(1, noisy(0, 40_000, 2))]))

    lengths = [row[0] for row in sqlite3.connect(path).execute("SELECT count FROM chunks ORDER BY series_id, first")]
    assert lengths == [13_334, 13_334, 13_332] * 2


@pytest.mark.parametrize("rows", [4096, 40_000])
def test_many_points_at_once_become_chunks_at_once(path: str, rows: int) -> None:
    store = SqlStore(SqliteEngine(path))
    store.apply(Batch(STORY))

    store.apply(Batch([Append(1, noisy(0, rows)), Append(1, noisy(rows, rows))]))

    assert (count(path, "tail"), count(path, "stamps") * 3) == (0, count(path, "chunks"))
    assert [list(one.steps) for one in store.series(SeriesQuery())] == [[*range(2 * rows)]] * 3
    store.apply(Batch([Drop(Metric, point_id(1, 17)), Patch(Metric, point_id(2, rows + 5), {"value": 99.0})]))
    assert [len(one) for one in store.series(SeriesQuery())] == [2 * rows - 1, 2 * rows, 2 * rows]
    store.close()


def test_many_points_wait_for_those_in_the_tail(path: str) -> None:
    store = SqlStore(SqliteEngine(path))
    store.apply(Batch(STORY))

    store.apply(Batch([Append(1, noisy(0, 10)), Append(1, noisy(10, 5000))]))
    before = count(path, "tail"), count(path, "chunks")
    store.apply(Batch([Append(1, noisy(5010, 12_000))]))

    assert (before, count(path, "tail"), count(path, "chunks")) == ((2, 0), 0, 6)  # folded together
    assert [list(one.numbers) for one in store.series(SeriesQuery())] == [[*range(17_010)]] * 3
    store.close()


def test_series_that_fall_out_of_step_have_stamps_of_their_own(store: SqlStore, path: str) -> None:
    store.apply(Batch([Append(1, noisy(0, 100, 3)), Append(1, noisy(100, 50, 1))]))
    before = everything(store)

    folded(store)

    assert (count(path, "chunks"), count(path, "stamps")) == (3, 2)
    assert everything(store) == before


def test_only_chunks_of_the_steps_that_are_asked_are_read(store: SqlStore, path: str) -> None:
    store.apply(Batch([Append(1, noisy(0, 40_000, 1))]))
    connection = sqlite3.connect(path)
    connection.execute("UPDATE chunks SET data = x'00' WHERE last < 39000")
    connection.commit()
    connection.close()

    (series,) = store.series(SeriesQuery(steps=(39_990, 50_000)))

    assert list(series.steps) == [*range(39_990, 40_000)]
    with pytest.raises(Corrupt):
        store.series(SeriesQuery())


# When it fails.


@define
class Failing:
    """A connection that fails at one of its statements."""

    inner: Any
    left: int
    error: BaseException

    def _told(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise self.error

    @property
    def raw(self) -> Any:
        return self.inner.raw

    def all(self, *told: Any) -> Any:
        self._told()
        return self.inner.all(*told)

    def run(self, text: str, *told: Any) -> Any:
        if "busy_timeout" not in text and text != "ROLLBACK":
            self._told()
        return self.inner.run(text, *told)

    def many(self, *told: Any) -> Any:
        self._told()
        return self.inner.many(*told)


def full_disk() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


@pytest.mark.parametrize("role", ["_writer", "_readers"])
@pytest.mark.parametrize("statement", range(1, 30))
def test_a_fold_that_fails_anywhere_changes_nothing(store: SqlStore, path: str, statement: int, role: str) -> None:
    store.apply(Batch([Append(1, noisy(0, 5000))]))
    store.apply(Batch([Append(1, noisy(5000, 100))]))
    store.apply(Batch([Append(1, noisy(5100, 100))]))
    before = everything(store)
    engine: Any = store.engine
    plain = engine._writer if role == "_writer" else engine._readers[0]
    failing = Failing(plain, statement, full_disk())
    if role == "_writer":
        engine._writer = failing
    else:
        engine._readers[:] = [failing]

    try:
        folded(store)
        fails = False
    except DearDiaryError:
        fails = True
    if role == "_writer":
        engine._writer = plain
    else:
        engine._readers[:] = [plain]

    assert fails == (failing.left <= 0)
    assert everything(store) == before
    assert (count(path, "tail"), count(path, "chunks")) == ((2, 3) if fails else (0, 3))
    folded(store)
    assert everything(store) == before
    assert (count(path, "tail"), count(path, "stamps")) == (0, 1)


def test_a_lock_that_others_hold_delays_a_fold_and_not_a_batch(
    store: SqlStore, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    plain = folding.packed

    def locked(slice: Any) -> Any:
        other.execute("BEGIN IMMEDIATE")
        return plain(slice)

    monkeypatch.setattr(folding, "packed", locked)
    start = time.monotonic()

    store.apply(Batch([Append(1, noisy(0, 5000))]))

    assert time.monotonic() - start < 5
    monkeypatch.setattr(folding, "packed", plain)
    other.execute("ROLLBACK")
    assert count(path, "tail") == 1
    for first in range(5000, 5010):
        store.apply(Batch([Append(1, noisy(first, 1))]))
    assert count(path, "chunks") == 3
    assert [len(one) for one in store.series(SeriesQuery())] == [5010] * 3
    other.close()


def test_a_fold_that_fails_for_no_known_reason_is_told_and_the_batch_kept(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(folding, "folded", broken)

    with pytest.warns(UserWarning, match="the points of run 1 are kept, but could not be folded: ZeroDivisionError"):
        store.apply(Batch([Append(1, noisy(0, 5000))]))

    assert [len(one) for one in store.series(SeriesQuery())] == [5000] * 3


def test_a_run_that_could_not_be_folded_when_it_ended_is_folded_at_the_close(
    store: SqlStore, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = folding.folded

    def busy(*_: Any, **__: Any) -> None:
        raise Unavailable("busy")

    monkeypatch.setattr(folding, "folded", busy)
    store.apply(Batch([Append(1, noisy(0, 1000)), ENDS]))
    monkeypatch.setattr(folding, "folded", plain)

    store.close()

    assert (count(path, "tail"), count(path, "chunks")) == (0, 3)


# When others come between.


def between(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> list[bool]:
    """Do some work once, after a fold has read and before it writes; return whether that has happened."""
    plain, done = folding.packed, []

    def packed(slice: Any) -> Any:
        if not done:
            done.append(True)
            work()
        return plain(slice)

    monkeypatch.setattr(folding, "packed", packed)
    return done


@pytest.fixture
def half(store: SqlStore) -> SqlStore:
    """Return a diary with chunks that go on in the tail."""
    store.apply(Batch([Append(1, noisy(0, 5000))]))
    store.apply(Batch([Append(1, noisy(5000, 1000))]))
    return store


@pytest.mark.parametrize("number", [17, 5017])
@pytest.mark.parametrize("values", [{"value": 99.0}, {"step": -7}, {"recorded_at": at(9)}, {"key": "k2"}, None])
def test_a_point_that_is_changed_amid_a_fold_is_changed_after_it(
    half: SqlStore, path: str, monkeypatch: pytest.MonkeyPatch, number: int, values: Any
) -> None:
    id = point_id(1, number)
    change = Drop(Metric, id) if values is None else Patch(Metric, id, values)
    done = between(monkeypatch, lambda: half.apply(Batch([change])))

    folded(half)

    assert done
    after = everything(half)
    assert (count(path, "tail"), count(path, "chunks")) == (0, 3)
    assert sum(len(one) for one in after[0]) == 18_000 - (values is None)
    (found,) = half.series(SeriesQuery(ids=[id])) if values != {"key": "k2"} and values else [None]
    if found is not None:
        said = {"value": found.values[0], "step": found.steps[0]}
        assert {**said, **values} == {**said, **values, **{name: said[name] for name in values if name in said}}
    else:
        assert half.series(SeriesQuery(ids=[id])) == []
        with pytest.raises(NotFound):
            half.apply(Batch([Drop(Metric, id)]))


def test_a_run_that_is_dropped_amid_a_fold_is_gone_after_it(
    half: SqlStore, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = between(monkeypatch, lambda: half.apply(Batch([Drop(Iteration, 1)])))

    folded(half)

    assert done
    assert [count(path, table) for table in ("tail", "chunks", "stamps", "series")] == [0, 0, 0, 0]


def test_points_that_come_amid_a_fold_stay_in_the_tail(
    half: SqlStore, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = between(monkeypatch, lambda: half.apply(Batch([Append(1, noisy(6000, 10))])))

    folded(half)

    assert done
    assert count(path, "tail") == 1
    assert [list(one.numbers) for one in half.series(SeriesQuery())] == [[*range(6010)]] * 3


def test_of_two_that_fold_at_once_one_does(half: SqlStore, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    other = SqlStore(SqliteEngine(path))
    before = everything(half)
    done = between(monkeypatch, lambda: folding.folded(other.engine, 1))

    folded(half)

    assert done
    assert everything(half) == everything(other) == before
    assert (count(path, "tail"), count(path, "chunks"), count(path, "stamps")) == (0, 3, 1)
    other.close()


def test_threads_append_fold_and_change_at_once(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "DUE_RECORDS", 3)
    store.apply(Batch([Append(1, noisy(0, 10))]))
    failures: list[BaseException] = []

    def work(name: int) -> None:
        try:
            for turn in range(30):
                store.apply(Batch([Append(1, noisy(1000 * name + turn, 5, seed=name))]))
                store.apply(Batch([Patch(Metric, point_id(1 + turn % 3, turn), {"value": float(turn)})]))
                store.series(SeriesQuery())
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert failures == []
    series, summaries = everything(store)
    assert [sorted(one.numbers) for one in series] == [[*range(610)]] * 3
    assert [(one.min, one.max) for one in summaries] == [(min(one.values), max(one.values)) for one in series]


# When they are killed.

FOLDS = """
from array import array
from deardiary.backends.sql import archive, folding
archive.DUE_RECORDS, folding.LONGEST = 2, 100
n = store.series(SeriesQuery())
n = len(n[0]) if n else 0
while True:
    steps = array('q', range(n, n + 30))
    from deardiary.core.points import Column
    columns = [Column(key=f'k{k}', values=[k + step / 7 for step in steps], steps=steps, times=steps) for k in range(3)]
    store.apply(Batch([Append(1, Points(columns))]))
    n += 30
    print(n, flush=True)
"""


def test_nothing_is_lost_when_those_who_fold_are_killed(store: SqlStore, path: str) -> None:
    known = 0
    for turn in range(KILLS):
        told = killed(started(f"sqlite:///{path}", FOLDS), after=1 + turn % 13)
        known = int(told[-1])

        series, summaries = everything(store)

        lengths = {len(one) for one in series}
        assert len(lengths) == 1
        assert known <= lengths.pop() <= known + 30
        for key, one in enumerate(series):
            assert list(one.steps) == list(one.numbers) == [*range(len(one))]
            assert one.values == array("d", [key + step / 7 for step in one.steps])
        assert [one.count for one in summaries] == [len(one) for one in series]
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    orphans = "SELECT count(*) FROM stamps WHERE id NOT IN (SELECT stamps_id FROM chunks)"
    assert sqlite3.connect(path).execute(orphans).fetchone() == (0,)


BESIDE = """
from deardiary.backends.sql import archive, folding
archive.DUE_RECORDS, folding.LONGEST = 2, 100
for n in range(40):
    store.apply(Batch([Append(1, Points.of([('a', name, None, n), ('b', name, None, n)]))]))
"""


def test_processes_fold_one_run_at_once(store: SqlStore, path: str) -> None:
    running = [started(f"sqlite:///{path}", f"name = {name}\n{BESIDE}") for name in range(3)]
    ends = [process.communicate(timeout=120)[1] for process in running]

    assert [process.returncode for process in running] == [0] * 3, ends
    for one in store.series(SeriesQuery()):
        assert list(one.numbers) == list(one.steps) == [*range(120)]
        assert sorted(one.values) == sorted([0.0, 1.0, 2.0] * 40)
    folded(store)
    assert (count(path, "tail"), count(path, "stamps")) == (0, count(path, "chunks") // 2)


# Damage.


@pytest.mark.parametrize(
    "damage", ["x'00'", "substr(data, 1, length(data) - 3)", "substr(data, 1, 9) || 'x' || substr(data, 11)"]
)
@pytest.mark.parametrize("table", ["tail", "chunks"])
def test_damaged_points_are_told_and_never_shown(half: SqlStore, path: str, table: str, damage: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"UPDATE {table} SET data = CAST({damage} AS BLOB)")
    connection.commit()
    connection.close()

    with pytest.raises(Corrupt, match="points that were kept are damaged"):
        half.series(SeriesQuery())
    if table == "tail":
        half.apply(Batch([ENDS]))  # nothing is folded, and nothing raised
        assert count(path, "tail") == 1


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE tail SET head = x'00'",
        "UPDATE tail SET head = substr(head, 1, 40)",
        "UPDATE stamps SET steps = x'0011223344'",
        "UPDATE stamps SET times = substr(times, 2)",
        "UPDATE stamps SET count = 3",
        "DELETE FROM stamps",
    ],
)
def test_damaged_stamps_and_heads_are_told(half: SqlStore, path: str, damage: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(damage)
    connection.commit()
    connection.close()

    with pytest.raises(Corrupt, match="points that were kept are damaged"):
        half.series(SeriesQuery())
    with pytest.raises(Corrupt, match="points that were kept are damaged"):
        half.apply(Batch([Patch(Metric, point_id(1, 5500 if "tail" in damage else 50), {"step": 5})]))


def test_points_that_are_gone_altogether_are_missed(half: SqlStore, path: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM chunks")
    connection.execute("DELETE FROM tail WHERE id < (SELECT max(id) FROM tail)")
    connection.commit()
    connection.close()

    with pytest.raises(Corrupt, match="series 1 has 1,000 points, where there were 6,000"):
        half.series(SeriesQuery(keys=["k0"]))


# Room.


def test_noisy_points_that_were_measured_together_take_eight_bytes(store: SqlStore, path: str) -> None:
    for first in range(0, 60_000, 700):
        store.apply(Batch([Append(1, noisy(first, 700, 10))]))
    store.apply(Batch([ENDS]))
    store.close()

    assert os.path.getsize(path) <= 600_000 * 8 + EMPTY
