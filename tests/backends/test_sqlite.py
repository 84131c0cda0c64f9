"""SQLite keeps the contract, and what is its own besides."""

import hashlib
import os
import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deardiary.backends.sql import sqlite
from deardiary.backends.sql.migrations import MIGRATIONS, Migration
from deardiary.backends.sql.sqlite import SqliteEngine
from deardiary.backends.sql.store import SqlStore
from deardiary.core.changes import Append, Batch, Drop, Insert
from deardiary.core.conditions import asked
from deardiary.core.entities import Iteration, Parameter, Project, Summary, Tag
from deardiary.core.errors import ConfigError, Corrupt, DearDiaryError, StorageFull, Unavailable
from deardiary.core.queries import Query
from deardiary.registry import open_store
from deardiary.testing import StoreSuite
from deardiary.testing.telling import STORY, a_parameter, a_project, a_run, points
from nightly import NIGHTLY


def damaged(url: str) -> None:
    """Overwrite the middle of the pages of a diary."""
    path = Path(url.removeprefix("sqlite:///"))
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 200] = b"\xff" * 200
    path.write_bytes(bytes(data))


class TestSqlite(StoreSuite):
    kills = 100 if NIGHTLY else 10
    damage = staticmethod(damaged)
    examples, steps = (500, 50) if NIGHTLY else (25, 20)
    chance = NIGHTLY

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/diary.db"


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "diary.db")


def opened(path: str, *, migrations: Any = MIGRATIONS) -> SqlStore:
    return SqlStore(SqliteEngine(path, migrations=migrations))


def digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def refused(error: type[DearDiaryError], call: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)


# How a file is kept.


def test_every_commit_is_flushed_to_the_disk(path: str) -> None:
    engine = opened(path).engine
    assert isinstance(engine, SqliteEngine)

    settings = {
        name: engine._writer.all(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "auto_vacuum")
    }

    assert settings == {"journal_mode": "wal", "synchronous": 2, "auto_vacuum": 2}
    engine.close()


def test_a_file_is_whole_after_kills_while_writing(path: str) -> None:
    suite = TestSqlite()
    from deardiary.testing.suite import opened as under_test

    diary = under_test(f"sqlite:///{path}")
    suite.test_what_was_acknowledged_survives_a_kill(diary)
    diary.close()

    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_room_is_given_back_after_a_drop(path: str) -> None:
    store = opened(path)
    store.apply(Batch(STORY))
    for n in range(40):
        store.apply(Batch([a_run(-1, 1, notes="x" * 50_000, name=str(n))]))
    store.close()
    before = os.path.getsize(path)
    store = opened(path)

    store.apply(Batch([Drop(Project, 1)]))
    for _ in range(10):
        store.engine.tidy()
    store.close()

    assert os.path.getsize(path) < before / 2


# Opening.


def test_a_newer_diary_is_refused_and_left_alone(path: str) -> None:
    opened(path).close()
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO deardiary_migrations VALUES (99, 'from the future')")
    connection.commit()
    connection.close()
    before = digest(path), os.stat(path).st_mtime_ns

    said = refused(ConfigError, lambda: opened(path))

    assert "has schema 99, and this deardiary knows schemas up to 1" in said
    assert "pip install --upgrade deardiary" in said
    assert (digest(path), os.stat(path).st_mtime_ns) == before


def test_a_file_that_is_no_diary_is_refused_and_left_alone(path: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE mine (a)")
    connection.commit()
    connection.close()
    before = digest(path)

    assert "did not make" in refused(ConfigError, lambda: opened(path))
    assert digest(path) == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: str) -> None:
    Path(path).write_text("dear diary, " * 1000)

    assert "no diary" in refused(Corrupt, lambda: opened(path))
    assert Path(path).read_text() == "dear diary, " * 1000


def test_an_empty_file_becomes_a_diary(path: str) -> None:
    Path(path).touch()

    store = opened(path)
    store.apply(Batch([a_project()]))

    assert len(store.find(Query(Project)).rows) == 1
    store.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite://", "names no file"),
        ("sqlite:///", "names no file"),
        ("sqlite:////nowhere/at/all/diary.db", "there is no folder /nowhere/at/all"),
    ],
)
def test_a_url_without_a_place_is_refused(url: str, said: str) -> None:
    assert said in refused(ConfigError, lambda: open_store(url))


def test_a_path_may_have_any_characters(tmp_path: Path) -> None:
    path = str(tmp_path / "a ?#%41 ü.db")

    store = opened(path)
    store.apply(Batch([a_project()]))
    store.close()

    assert os.path.exists(path)
    assert len(opened(path).find(Query(Project)).rows) == 1


def test_many_processes_may_make_one_diary_at_once(path: str) -> None:
    code = (
        "import sys; from deardiary.registry import open_store; from deardiary.core.changes import *;"
        "from deardiary.core.entities import Tag\n"
        "store = open_store(sys.argv[1]); store.apply(Batch([Insert(Tag(id=-1, value=sys.argv[2]))])); store.close()"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, f"sqlite:///{path}", str(n)], stderr=subprocess.PIPE, text=True)
        for n in range(6)
    ]

    complaints = [process.communicate(timeout=60)[1] for process in running]

    assert complaints == [""] * 6
    assert len(opened(path).find(Query(Tag)).rows) == 6


# Migrations.


def _add_a_column(connection: Any, _: Any) -> None:
    connection.run("ALTER TABLE projects ADD COLUMN colour TEXT")


def _fail(connection: Any, _: Any) -> None:
    connection.run("ALTER TABLE projects ADD COLUMN colour TEXT")
    raise KeyboardInterrupt


def with_second(step: Callable[[Any, Any], None]) -> tuple[Migration, ...]:
    return (*MIGRATIONS, Migration(version=2, name="colour", step=step))


def test_an_older_diary_is_copied_and_brought_up_to_date(path: str) -> None:
    store = opened(path)
    store.apply(Batch([a_project(name="before")]))
    store.close()

    newer = opened(path, migrations=with_second(_add_a_column))

    assert newer.find(Query(Project)).rows[0].name == "before"
    newer.close()
    copy = opened(f"{path}.bak-v1")
    assert copy.find(Query(Project)).rows[0].name == "before"
    copy.close()
    columns = [row[1] for row in sqlite3.connect(path).execute("PRAGMA table_info(projects)")]
    assert "colour" in columns


def test_a_migration_that_fails_leaves_the_diary_as_it_was(path: str) -> None:
    store = opened(path)
    store.apply(Batch([a_project()]))
    store.close()

    with pytest.raises(KeyboardInterrupt):
        opened(path, migrations=with_second(_fail))

    columns = [row[1] for row in sqlite3.connect(path).execute("PRAGMA table_info(projects)")]
    assert "colour" not in columns
    assert len(opened(path).find(Query(Project)).rows) == 1


def test_two_that_migrate_at_once_do_it_once(path: str) -> None:
    opened(path).close()
    told: list[str] = []

    def slowly(connection: Any, texts: Any) -> None:
        told.append("migrated")
        _add_a_column(connection, texts)

    threads = [threading.Thread(target=lambda: opened(path, migrations=with_second(slowly)).close()) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert told == ["migrated"]


def test_an_older_deardiary_refuses_a_migrated_diary(path: str) -> None:
    opened(path, migrations=with_second(_add_a_column)).close()

    assert "schema 2" in refused(ConfigError, lambda: opened(path))


# Trouble.


def test_a_lock_that_is_held_too_long_is_unavailable(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE_SECONDS", 0.2)
    store = opened(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    said = refused(Unavailable, lambda: store.apply(Batch([a_project()])))

    assert "is locked: another process has been writing" in said
    assert store.find(Query(Project)).rows == []
    other.execute("ROLLBACK")
    store.apply(Batch([a_project()]))
    store.close()


def test_a_lock_that_is_let_go_in_time_is_waited_for(path: str) -> None:
    store = opened(path)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, lambda: other.execute("ROLLBACK"))
    release.start()

    store.apply(Batch([a_project()]))

    assert len(store.find(Query(Project)).rows) == 1
    release.join()
    store.close()


FILLING = """
import resource, signal, sys
from deardiary.core.changes import *
from deardiary.core.entities import *
from deardiary.core.errors import StorageFull
from deardiary.core.queries import Query
from deardiary.registry import open_store
store = open_store(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
count = 0
try:
    while True:
        store.apply(Batch([Insert(Project(id=-1, name="x", description="y" * 10_000))]))
        count += 1
except StorageFull as error:
    assert sys.argv[1].rpartition("/")[2] in str(error), error
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert len(store.find(Query(Project)).rows) == count
store.apply(Batch([Insert(Project(id=-1, name="room again"))]))
print(count)
"""


@pytest.mark.parametrize("scheme", ["sqlite", "jsonl"])
def test_a_full_disk_is_told_and_loses_nothing(scheme: str, tmp_path: Path) -> None:
    url = f"{scheme}:///{tmp_path}/diary"

    ended = subprocess.run(
        [sys.executable, "-c", FILLING, url], capture_output=True, text=True, timeout=120, check=False
    )

    assert ended.stderr == ""
    assert len(open_store(url).find(Query(Project)).rows) == int(ended.stdout) + 1
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_full_disk_has_its_own_error() -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    with pytest.raises(StorageFull), sqlite._translated("diary.db"):
        raise full


def test_a_forked_process_goes_on_with_connections_of_its_own(path: str) -> None:
    store = opened(path)
    store.apply(Batch([a_project()]))

    child = os.fork()
    if child == 0:
        try:
            store.apply(Batch([a_project()]))
            os._exit(0 if len(store.find(Query(Project)).rows) >= 2 else 1)
        finally:
            os._exit(2)
    store.apply(Batch([a_project()]))
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert len(store.find(Query(Project)).rows) == 3
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    store.close()


# Speed that can be counted.


@pytest.mark.parametrize("size", [2, 200])
def test_a_table_of_runs_takes_the_same_number_of_statements(path: str, size: int) -> None:
    store = opened(path)
    runs = [a_run(-1 - n) for n in range(size)]
    settings = [a_parameter("lr", "0.1", number=-1 - n, run=-1 - n) for n in range(size)]
    store.apply(Batch([*STORY[:2], *runs, *settings, *(Append(-1 - n, points(loss=[0.5])) for n in range(size))]))
    store.find(Query(Project))
    engine = store.engine
    assert isinstance(engine, SqliteEngine)
    told: list[str] = []
    engine._readers[0].raw.set_trace_callback(told.append)

    rows = store.find(Query(Iteration, asked("experiment_id") == 1)).rows
    ids = [row.id for row in rows]
    parameters = store.find(Query(Parameter, asked("iteration_id").among(ids))).rows
    summaries = store.find(Query(Summary, asked("iteration_id").among(ids))).rows

    assert (len(rows), len(parameters), len(summaries)) == (size, size, size)
    assert len(told) == 12  # three questions, each with a beginning, a mark and an end
    store.close()


def test_a_diary_in_memory_has_another_url() -> None:
    with pytest.raises(ConfigError, match="a diary in memory is memory://"):
        open_store("sqlite:///:memory:")


def test_everyday_work_loads_no_heavy_library(path: str) -> None:
    code = """
import sys
import deardiary
from deardiary.core.entities import *
from deardiary.core.conditions import asked
from deardiary.core.shapes import now
tracker = deardiary.open(sys.argv[1])
project = tracker.add(Project(name="Iris"))
experiment = tracker.add(Experiment(project_id=project.id, name="e"))
run = tracker.add(Iteration(experiment_id=experiment.id))
tracker.add(Parameter(iteration_id=run.id, key="lr", value="0.1"))
tracker.append(run, {"loss": 0.5})
tracker.update(run, status_id=IterationStatus.SUCCEEDED, end_date=now())
assert tracker.find(Iteration, asked("experiment_id") == 1)
with deardiary.init(project="Iris", config={"lr": 0.1}, tags=["a"], snapshot=False, quiet=True, tracker=tracker) as run:
    run.log({"loss": 0.5})
    run.config.depth = 3
    run.log_artifact(b"weights", "model.pt")
    with run.child(parameters={"depth": 4}) as trial:
        trial.log({"accuracy": 0.9})
    tracker.best_child(run, "accuracy")
with deardiary.init(project="Iris", resume=run.run_id, snapshot=False, quiet=True, tracker=tracker) as run:
    run.note("again")
tracker.get_table()
tracker.close()
print(sorted({name.partition(".")[0] for name in sys.modules} & {"sqlalchemy", "numpy", "pluggy", "cattrs", "fsspec"}))
"""

    ended = subprocess.run(
        [sys.executable, "-c", code, f"sqlite:///{path}"], capture_output=True, text=True, check=False
    )

    assert (ended.stdout.strip(), ended.stderr) == ("[]", "")


def test_an_insert_of_a_tag_is_found_by_plain_sql(path: str) -> None:
    store = opened(path)
    store.apply(Batch([Insert(Tag(id=-1, value="good"))]))
    store.close()

    assert sqlite3.connect(path).execute("SELECT id, value FROM tags").fetchall() == [(1, "good")]
