"""DuckDB keeps the contract, and what is its own besides."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from math import copysign, inf, isnan, nan
from pathlib import Path
from typing import Any

import duckdb
import pytest

import deardiary
from deardiary.backends.sql import duckdb as engine
from deardiary.backends.sql.duckdb import DuckEngine
from deardiary.backends.sql.migrations import MIGRATIONS, Migration
from deardiary.backends.sql.store import SqlStore
from deardiary.backends.sql.views import VIEWS
from deardiary.core import columns
from deardiary.core.changes import Append, Batch, Drop, Insert, Patch
from deardiary.core.entities import Iteration, IterationStatus, Metric, Project, Resource, new_uid
from deardiary.core.errors import ConfigError, Corrupt, DearDiaryError, Unavailable
from deardiary.core.points import point_id
from deardiary.core.queries import Query, SeriesQuery
from deardiary.registry import open_store
from deardiary.testing import StoreSuite
from deardiary.testing.others import another_process
from deardiary.testing.telling import (
    DIGEST,
    NOON,
    STORY,
    a_model,
    a_parameter,
    a_project,
    a_run,
    a_tag,
    a_version,
    at,
    points,
)
from nightly import NIGHTLY
from test_full import mounter


def damaged(url: str) -> None:
    """Overwrite what a diary keeps."""
    path = Path(url.removeprefix("duckdb:///"))
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 200] = b"\xff" * 200
    path.write_bytes(bytes(data))


class TestDuckdb(StoreSuite):
    kills = 100 if NIGHTLY else 5
    damage = staticmethod(damaged)
    examples, steps = (500, 50) if NIGHTLY else (10, 20)
    chance = NIGHTLY

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"duckdb:///{tmp_path}/diary.duckdb"


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "diary.duckdb")


def opened(path: str, *, migrations: Any = MIGRATIONS) -> SqlStore:
    return SqlStore(DuckEngine(path, migrations=migrations))


def refused(error: type[DearDiaryError], call: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)


def names(store: Any) -> list[str]:
    return [row.name for row in store.find(Query(Project)).rows]


# Opening.


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: str) -> None:
    Path(path).write_text("dear diary, " * 1000)

    assert "is no diary, or a damaged one" in refused(Corrupt, lambda: opened(path))
    assert Path(path).read_text() == "dear diary, " * 1000


def test_a_file_of_sqlite_is_told_with_its_url(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/lite.db").close()

    said = refused(ConfigError, lambda: open_store(f"duckdb:///{tmp_path}/lite.db"))

    assert said == f"{tmp_path}/lite.db is a file of SQLite, not of duckdb; try: sqlite:///{tmp_path}/lite.db"


def test_a_file_that_is_no_diary_is_refused_and_left_alone(path: str) -> None:
    duckdb.connect(path).execute("CREATE TABLE mine (a INTEGER)").close()
    before = Path(path).read_bytes()

    assert "deardiary did not make" in refused(ConfigError, lambda: opened(path))
    assert Path(path).read_bytes() == before


def test_a_newer_diary_is_refused_and_left_alone(path: str) -> None:
    opened(path).close()
    duckdb.connect(path).execute("INSERT INTO deardiary_migrations VALUES (99, 'from the future')").close()
    before = Path(path).read_bytes()

    said = refused(ConfigError, lambda: opened(path))

    assert "has schema 99, and this deardiary knows schemas up to 1; try: pip install --upgrade deardiary" in said
    assert Path(path).read_bytes() == before


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("duckdb://", "names no file"),
        ("duckdb:///", "names no file"),
        ("duckdb:///:memory:", "a diary in memory is memory://"),
        ("duckdb:///diary.duckdb?access_mode=read_only", "has a ? in it"),
        ("duckdb:////nowhere/at/all/diary.duckdb", "there is no folder /nowhere/at/all"),
    ],
)
def test_a_url_without_a_place_is_refused(url: str, said: str) -> None:
    assert said in refused(ConfigError, lambda: open_store(url))


def test_a_path_may_have_any_characters(tmp_path: Path) -> None:
    path = str(tmp_path / "a #%41 ' ü.db")

    store = opened(path)
    store.apply(Batch([a_project()]))
    store.close()

    assert os.path.exists(path)
    again = opened(path)
    assert names(again) == ["Iris"]
    again.close()


def test_a_migration_that_fails_leaves_the_diary_as_it_was(path: str) -> None:
    def fail(connection: Any, _: Any) -> None:
        connection.run("ALTER TABLE projects ADD COLUMN colour TEXT")
        raise KeyboardInterrupt

    store = opened(path)
    store.apply(Batch([a_project()]))
    store.close()

    with pytest.raises(KeyboardInterrupt):
        opened(path, migrations=(*MIGRATIONS, Migration(version=2, name="colour", step=fail)))

    store = opened(path)
    assert names(store) == ["Iris"]
    store.close()
    with duckdb.connect(path) as plain:
        columns = [row[0] for row in plain.execute("DESCRIBE projects").fetchall()]
    assert "colour" not in columns


# What no statement may do.


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd.csv'",
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY projects TO '{folder}/stolen.csv'",
        "ATTACH '{folder}/other.duckdb' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
    ],
)
@pytest.mark.parametrize("verb", ["read", "write"])
def test_nothing_outside_the_file_is_reached(verb: str, text: str, path: str, tmp_path: Path) -> None:
    store = opened(path)
    store.apply(Batch([a_project()]))

    with pytest.raises(DearDiaryError):
        getattr(store.engine, verb)(lambda connection: connection.all(text.format(folder=tmp_path)))

    assert names(store) == ["Iris"]
    store.close()
    assert os.listdir(tmp_path) == ["diary.duckdb"]


# Who has it open.


def test_trackers_of_one_process_share_a_file(path: str) -> None:
    first, second = opened(path), open_store(f"duckdb:///{path}")

    receipts = [store.apply(Batch([a_project(name=str(n))])) for n, store in enumerate([first, second, first, second])]

    assert [receipt.ids[Project, -1] for receipt in receipts] == [1, 2, 3, 4]
    assert [receipt.sequence for receipt in receipts] == [1, 2, 3, 4]
    assert names(first) == names(second) == ["0", "1", "2", "3"]
    first.close()
    second.close()


def test_closing_a_tracker_leaves_the_others(path: str) -> None:
    first, second = opened(path), opened(path)

    first.close()
    first.close()
    second.apply(Batch([a_project()]))

    assert refused(Unavailable, lambda: first.find(Query(Project))) == "the diary is closed"
    assert names(second) == ["Iris"]
    assert "is open in the process" in another_process(f"duckdb:///{path}", "print('opened')")
    second.close()
    assert another_process(f"duckdb:///{path}", "print('opened')") == "opened"


def test_a_link_to_a_file_is_the_same_diary(path: str, tmp_path: Path) -> None:
    store = opened(path)
    (tmp_path / "link").symlink_to(path)

    other = opened(str(tmp_path / "link"))
    other.apply(Batch([a_project()]))

    assert names(store) == ["Iris"]
    store.close()
    other.close()


def test_a_second_process_is_told_who_holds_it(path: str) -> None:
    store = opened(path)

    said = another_process(f"duckdb:///{path}", "print('opened')")

    assert f"{path} is open in the process {os.getpid()}, and one process at a time can have" in said
    for way in ("close it there", "init(resume=", "SQLite or Postgres", "server"):
        assert way in said
    store.close()


def test_looking_at_a_file_that_is_open_gives_up_no_lock(path: str) -> None:
    url = f"duckdb:///{path}"
    store = open_store(url)

    open_store(url).close()
    with pytest.raises(DearDiaryError):
        store.find(Query(Project, after="nonsense"))

    assert "is open in the process" in another_process(url, "print('opened')")
    store.close()


def test_a_forked_process_is_refused_and_its_parent_goes_on(path: str) -> None:
    store = opened(path)
    store.apply(Batch([a_project()]))

    child = os.fork()
    if child == 0:
        try:
            said = refused(Unavailable, lambda: store.find(Query(Project)))
            assert said == refused(Unavailable, lambda: store.apply(Batch([a_project()])))
            assert said == refused(Unavailable, lambda: opened(path))
            assert f"{path} is open in the process {os.getppid()}, from which this one was forked" in said
            store.close()
            del store
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    store.apply(Batch([a_project(name="after")]))

    assert os.waitstatus_to_exitcode(status) == 0
    assert "is open in the process" in another_process(f"duckdb:///{path}", "print('opened')")
    store.close()
    again = opened(path)
    assert names(again) == ["Iris", "after"]
    again.close()


def test_a_forked_process_may_open_another_diary(path: str, tmp_path: Path) -> None:
    store = opened(path)

    child = os.fork()
    if child == 0:
        try:
            other = opened(str(tmp_path / "other.duckdb"))
            other.apply(Batch([a_project()]))
            os._exit(0 if names(other) == ["Iris"] else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    store.close()


def test_what_a_process_left_when_it_was_killed_is_there(path: str) -> None:
    code = "store.apply(Batch([Insert(Project(id=-1, name='kept'))])); print('kept', flush=True)"
    assert another_process(f"duckdb:///{path}", f"import os; {code}; os._exit(0)") == "kept"

    store = opened(path)

    assert names(store) == ["kept"]
    assert store.apply(Batch([a_project()])).ids == {(Project, -1): 2}
    store.close()


# Ids and marks.


@pytest.mark.parametrize("reopens", [False, True])
def test_ids_and_marks_go_on_after_drops(path: str, reopens: bool) -> None:
    store = opened(path)
    first = store.apply(Batch([*STORY, a_parameter("lr", "0.1"), Append(-1, points(loss=[0.5]))]))
    store.apply(Batch([Drop(Project, 1)]))
    mark = store.find(Query(Project)).mark
    if reopens:
        store.close()
        store = opened(path)

    receipt = store.apply(Batch([*STORY, a_parameter("lr", "0.1"), Append(-1, points(loss=[0.5]))]))

    assert [*first.ids.values()] == [1] * 4
    assert [*receipt.ids.values()] == [2] * 4
    assert receipt.placed[0][0].series == 2
    assert receipt.sequence == 3
    assert [row.id for row in store.find(Query(Project, changed_after=mark)).rows] == [2]
    store.close()


def test_a_refused_batch_takes_neither_ids_nor_a_mark(path: str) -> None:
    store = opened(path)
    twice = new_uid()

    with pytest.raises(DearDiaryError):
        store.apply(Batch([a_project(-1, uid=twice), a_project(-2, uid=twice)]))
    receipt = store.apply(Batch([a_project()]))

    assert (receipt.ids[Project, -1], receipt.sequence) == (1, 1)
    store.close()


# Numbers.


@pytest.mark.parametrize("has_numpy", [True, False])
def test_odd_numbers_come_back(path: str, has_numpy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not has_numpy:
        monkeypatch.setitem(sys.modules, "numpy", None)
    odd = [nan, inf, -inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308]
    store = opened(path)
    store.apply(Batch([*STORY, Append(-1, points(loss=odd))]))

    store.apply(Batch([Patch(Metric, point_id(1, 4), {"value": -0.0}), Patch(Metric, point_id(1, 3), {"value": 0.0})]))
    store.close()
    store = opened(path)
    (series,) = store.series(SeriesQuery())

    found = list(series.values)
    assert isnan(found[0])
    assert found[1:3] + found[5:] == odd[1:3] + odd[5:]
    assert (found[3:5], copysign(1, found[3]), copysign(1, found[4])) == ([0.0, 0.0], 1.0, -1.0)
    store.close()


# A full disk.

FILLING = """
import os, sys
from deardiary.core.changes import *
from deardiary.core.entities import *
from deardiary.core.errors import StorageFull
from deardiary.core.queries import Query
from deardiary.registry import open_store
folder = sys.argv[1]
ballast = os.path.join(folder, "ballast")
with open(ballast, "wb") as file:
    file.write(bytes(2**21))
store, count = open_store(f"duckdb:///{folder}/diary.duckdb"), 0
for turn in range(2):
    try:
        while True:
            store.apply(Batch([Insert(Project(id=-1, name="x", description=os.urandom(20_000).hex()))]))
            count += 1
    except StorageFull as error:
        assert "there is no room left" in str(error), error
    assert len(store.find(Query(Project)).rows) == count
os.unlink(ballast)
store.apply(Batch([Insert(Project(id=-1, name="room again"))]))
store.close()
store = open_store(f"duckdb:///{folder}/diary.duckdb")
assert len(store.find(Query(Project)).rows) == count + 1
print(count)
"""


@pytest.mark.skipif(mounter() is None, reason="nothing here may mount a small disk (unshare --mount)")
def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    mount = mounter() or []
    shell = 'mount -t tmpfs -o size=6m tmpfs "$0" && exec "$@" "$0"'
    command = [*mount, "sh", "-c", shell, str(tmp_path), sys.executable, "-c", FILLING]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert ended.stderr == ""
    assert int(ended.stdout) > 10


# Views: what users ask with SQL.


def told(path: str) -> SqlStore:
    """Return a diary with something in every view."""
    store = opened(path)
    ended = {"status_id": IterationStatus.FAILED, "end_date": at(7), "error_message": "no memory"}
    store.apply(
        Batch(
            [
                *STORY,
                a_run(-2, parent_iteration_id=-1, name="trial 🌱", git_sha="abc", uid="1" * 32),
                a_parameter("lr", "0.1", number=-1, run=-2, type="float"),
                a_parameter("opt", "it's", number=-2, run=-2),
                Append(-2, points(loss=[(0, 0.5), (7, -0.25)], odd=[nan])),
                Insert(
                    Resource(
                        id=-1,
                        experiment_id=-1,
                        iteration_id=-2,
                        name="model",
                        size_bytes=3,
                        content_hash=DIGEST,
                        created_date=NOON,
                    )
                ),
                *a_tag(-1, "good", "Iteration", -2),
                a_model(-1, "tree"),
                a_version(-1, -1, run=-2),
                Patch(Iteration, -2, ended),
            ]
        )
    )
    return store


NAIVE = NOON.replace(tzinfo=None)
ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "SELECT id, project, experiment, name, status, created, ended, parent FROM runs ORDER BY id": [
        (1, "Iris", "Depth", "", "RUNNING", NAIVE, None, None),
        (2, "Iris", "Depth", "trial 🌱", "FAILED", NAIVE, datetime(2026, 3, 1, 12, 7), 1),
    ],
    "SELECT notes, error_message, lost_points, git_sha, git_dirty, uid FROM runs WHERE id = 2": [
        ("", "no memory", 0, "abc", False, "1" * 32)
    ],
    "SELECT * FROM params ORDER BY key": [(2, "lr", "0.1", 0.1, "float"), (2, "opt", "it's", None, "str")],
    "SELECT * FROM metrics WHERE key = 'loss' ORDER BY step": [
        (2, "loss", 0, 0.5, NAIVE),
        (2, "loss", 7, -0.25, NAIVE),
    ],
    "SELECT run, step, isnan(value) FROM metrics WHERE key = 'odd'": [(2, 0, True)],
    "SELECT * FROM metric_summaries WHERE key = 'loss'": [(2, "loss", 2, 0, 7, 0.5, -0.25, -0.25, 0.5)],
    "SELECT id, name, run, experiment_id, size_bytes, sha256, store, created FROM artifacts": [
        (1, "model", 2, 1, 3, DIGEST, "inline", NAIVE)
    ],
    "SELECT * FROM tagged": [("Iteration", 2, "good")],
    "SELECT model, version, stage, run, artifact, project FROM registry": [("tree", 1, "NO_STAGE", 2, None, "Iris")],
    "SELECT r.name, p.value, s.last FROM runs r JOIN params p ON p.run = r.id AND p.key = 'lr' "
    "JOIN metric_summaries s ON s.run = r.id AND s.key = 'loss'": [("trial 🌱", "0.1", -0.25)],
}
"""What plain SQL answers."""


def answers(path: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the plain package answers to each question."""
    with duckdb.connect(path, read_only=True) as plain:
        return {text: plain.execute(text).fetchall() for text in ANSWERS}


@pytest.mark.parametrize("is_open", [True, False])
def test_a_copy_is_asked_with_plain_sql(is_open: bool, path: str, tmp_path: Path) -> None:
    store = told(path)
    if not is_open:
        store.close()

    copies = tmp_path / "copies"
    copies.mkdir()
    # Not by this process: who opens and closes a file gives up the locks that it has on it.
    subprocess.run(["cp", *(str(one) for one in tmp_path.glob("diary.duckdb*")), str(copies)], check=True)

    assert answers(str(copies / "diary.duckdb")) == ANSWERS
    store.close()
    assert answers(path) == ANSWERS


def test_every_view_is_asked() -> None:
    made = [text.split()[4] for text in VIEWS]

    assert [name for name in made if not any(f" {name}" in text for text in ANSWERS)] == []


def test_plain_sql_may_add_to_a_file_that_is_closed(path: str) -> None:
    told(path).close()
    with duckdb.connect(path) as plain:
        plain.execute("CREATE VIEW best AS SELECT run, min FROM metric_summaries WHERE key = 'loss'")

    store = opened(path)
    store.apply(Batch([Append(1, points(loss=[0.125]))]))
    store.close()

    with duckdb.connect(path) as plain:
        assert plain.execute("SELECT * FROM best ORDER BY run").fetchall() == [(1, 0.125), (2, -0.25)]


def test_nan_in_columns_of_numpy_comes_back(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy")
    values = numpy.arange(1000.0)
    values[[3, 500]] = nan
    values[7], values[8] = -0.0, inf

    with deardiary.open(f"duckdb:///{tmp_path}/lab.duckdb") as tracker:
        run = deardiary.init("Iris", tracker=tracker, snapshot=False, quiet=True)
        run.log_many({"x": values})
        found = tracker.get_series(run, "x").values

    assert found.tobytes() == values.tobytes()


def test_what_comes_right_after_a_commit_gives_no_id_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqlStore(DuckEngine(str(tmp_path / "diary.duckdb")))

    @contextmanager
    def interrupted(raw: Any) -> Iterator[None]:
        with transaction(raw):
            yield
        raise KeyboardInterrupt  # the commit is done

    transaction = engine._transaction
    with monkeypatch.context() as patched:
        patched.setattr(engine, "_transaction", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.apply(Batch([Insert(Project(id=-1, name="first"))]))
    receipt = store.apply(Batch([Insert(Project(id=-1, name="second"))]))

    rows = store.find(Query(Project)).rows
    assert [(row.id, row.name) for row in rows] == [(1, "first"), (2, "second")]
    assert receipt.sequence == 2
    store.close()


@pytest.mark.parametrize("has_numpy", [True, False])
def test_points_come_in_order_however_the_rows_lie(path: str, has_numpy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not has_numpy:
        monkeypatch.setattr(columns, "installed_numpy", lambda: None)
    with closing(opened(path)) as store:
        rising, falling = [float(n) for n in range(500)], [float(-n) for n in range(500)]
        store.apply(Batch([*STORY, Append(-1, points(loss=rising, acc=falling))]))
        ordered = store.series(SeriesQuery())
    with duckdb.connect(path) as raw:
        raw.execute("CREATE TEMP TABLE shuffled AS SELECT * FROM points ORDER BY hash(number)")
        raw.execute("DELETE FROM points")
        raw.execute("INSERT INTO points SELECT * FROM shuffled ORDER BY hash(number)")

    with closing(opened(path)) as store:
        assert store.series(SeriesQuery()) == ordered
        assert store.series(SeriesQuery(iterations=(1,), keys=("acc",))) == [ordered[0]]
        assert (
            store.series(SeriesQuery(iterations=(1,), keys=("acc",), steps=(3, 7)))[0].values.tolist() == falling[3:8]
        )
