"""Postgres keeps the contract, and what is its own besides."""

import os
import random
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

import deardiary
from deardiary.backends.sql import locking
from deardiary.backends.sql import postgres as backend
from deardiary.backends.sql.compiled.postgresql import TEXTS
from deardiary.backends.sql.migrations import MIGRATIONS, Migration
from deardiary.backends.sql.names import POINTS
from deardiary.backends.sql.postgres import PostgresEngine, migrate_postgres
from deardiary.backends.sql.store import SqlStore
from deardiary.core.changes import Append, Batch, Drop, Expect, Insert, Patch
from deardiary.core.conditions import asked
from deardiary.core.entities import (
    Experiment,
    Iteration,
    IterationStatus,
    Metric,
    Parameter,
    Project,
    Tag,
)
from deardiary.core.errors import ConfigError, DearDiaryError, NotFound, Unavailable, Unprocessable
from deardiary.core.guard import Guarded
from deardiary.core.points import point_id
from deardiary.core.queries import Query, SeriesQuery
from deardiary.registry import migrate_store, open_store
from deardiary.testing import StoreSuite
from deardiary.testing.telling import NOON, STORY, a_parameter, a_project, a_run, an_experiment, points, together
from nightly import NIGHTLY
from postgres import SECONDS, Server, _free_port
from renumbered import Renumbered
from test_transcript import TEXT
from transcript import Narrator, calls


class TestPostgres(StoreSuite):
    kills = 100 if NIGHTLY else 5
    examples, steps = (500, 50) if NIGHTLY else (10, 20)
    chance = NIGHTLY

    @pytest.fixture
    def url(self, database: str) -> str:
        migrate_postgres(database)
        return database


if NIGHTLY:

    class TestPartitioned(StoreSuite):
        """A diary whose points are in parts by run."""

        kills, examples, steps, chance = 20, 100, 30, True

        @pytest.fixture
        def url(self, database: str) -> str:
            migrate_postgres(database, partitions=8)
            return database


@pytest.fixture
def url(database: str) -> str:
    """Return the URL of an empty diary."""
    migrate_postgres(database)
    return database


@pytest.fixture
def store(url: str) -> Iterator[Any]:
    with closing(open_store(url)) as store:
        yield store


@pytest.fixture(scope="module")
def own() -> Iterator[Server]:
    """Start a server that may be halted, and that asks Ada for her password."""
    with Server.start() as server:
        rules = server.folder / "data" / "pg_hba.conf"
        rules.write_text(f"host all ada 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        asked_of(server.url(), "CREATE ROLE ada LOGIN PASSWORD 'rose'", "CREATE ROLE bob LOGIN")
        server.restart("fast")
        yield server


def asked_of(url: str, *texts: str) -> list[tuple[Any, ...]]:
    """Return what a database answers to the last of some statements."""
    with psycopg.connect(url, autocommit=True) as connection:
        for text in texts:
            cursor = connection.execute(text)  # type: ignore[call-overload]  # psycopg wants literals only
        return cursor.fetchall() if cursor.description else []


def refused(error: type[DearDiaryError], call: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    return str(caught.value)


def names(store: Any) -> list[str]:
    return [row.name for row in store.find(Query(Project)).rows]


def over_tcp(server: Server, database: str, who: str) -> str:
    """Return the URL of a database as someone with a password uses it."""
    return f"postgresql://{who}@127.0.0.1:{server.port}/{urlsplit(database).path[1:]}"


# Making and opening.


def test_an_empty_database_is_no_diary_yet(own: Server) -> None:
    url = over_tcp(own, own.database(), "postgres:geheim")

    said = refused(ConfigError, lambda: open_store(url))

    assert "has no diary in 'deardiary'" in said
    assert "deardiary migrate" in said
    assert "geheim" not in said
    assert asked_of(url, "SELECT count(*) FROM pg_namespace WHERE nspname = 'deardiary'") == [(0,)]


def test_migrating_twice_does_nothing_the_second_time(database: str) -> None:
    tables = "SELECT oid, relfilenode FROM pg_class WHERE relnamespace = 'deardiary'::regnamespace ORDER BY 1"

    first = migrate_store(database)
    before = asked_of(database, tables)
    second = migrate_store(database)

    assert (first, second) == ((0, 1), (1, 1))
    assert asked_of(database, tables) == before
    assert asked_of(database, "SELECT version, name FROM deardiary.deardiary_migrations") == [(1, "begin")]


def test_racers_that_migrate_make_one_diary(database: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(migrate_postgres, [database] * 4))

    assert sorted(answers) == [(0, 1), (1, 1), (1, 1), (1, 1)]
    with closing(open_store(database)) as store:
        store.apply(Batch([a_project()]))


def _add_a_column(connection: Any, _: Any) -> None:
    connection.run("ALTER TABLE projects ADD COLUMN colour TEXT")


def _fail(connection: Any, texts: Any) -> None:
    _add_a_column(connection, texts)
    raise KeyboardInterrupt


def newer(url: str, step: Callable[[Any, Any], None] = _add_a_column) -> PostgresEngine:
    """Return what a later deardiary would open."""
    return PostgresEngine(url, migrations=(*MIGRATIONS, Migration(version=2, name="colour", step=step)))


def test_an_older_diary_is_opened_only_when_it_was_migrated(url: str) -> None:
    with closing(open_store(url)) as store:
        store.apply(Batch([a_project(name="before")]))

    said = refused(ConfigError, newer(url).check)
    versions = newer(url).migrate()
    newer(url).check()

    assert "has schema 1, and 2 is needed" in said
    assert "deardiary migrate" in said
    assert versions == (1, 2)
    with closing(SqlStore(newer(url))) as later:
        assert names(later) == ["before"]


def test_a_newer_diary_is_refused(url: str) -> None:
    newer(url).migrate()

    for call in (lambda: open_store(url), lambda: migrate_store(url)):
        said = refused(ConfigError, call)
        assert "has schema 2" in said
        assert "pip install --upgrade deardiary" in said


def test_a_migration_that_fails_leaves_the_diary_as_it_was(url: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        newer(url, _fail).migrate()

    columns = "SELECT count(*) FROM information_schema.columns WHERE column_name = 'colour'"
    assert asked_of(url, columns) == [(0,)]
    open_store(url).close()


# Schemas and options.


def added(url: str, more: str) -> str:
    """Return a URL with more in its query."""
    return f"{url}{'&' if '?' in url else '?'}{more}"


@pytest.mark.parametrize("schema", ["lab", "La b%s", "ünï'"])
def test_diaries_of_two_schemas_do_not_see_one_another(url: str, schema: str) -> None:
    migrate_store(url, options={"schema": schema})
    with closing(open_store(url)) as one, closing(open_store(url, options={"schema": schema})) as other:
        one.apply(Batch([*STORY, Append(-1, points(loss=[0.5]))]))
        receipt = other.apply(Batch([a_project(name="theirs")]))

        assert receipt.ids == {(Project, -1): 1}
        assert (names(one), names(other)) == (["Iris"], ["theirs"])
        assert other.series(SeriesQuery()) == []
        one.apply(Batch([Drop(Project, 1)]))
        assert names(other) == ["theirs"]


def test_the_url_may_name_the_schema(database: str) -> None:
    lab = added(database, "schema=lab")

    assert "no diary in 'lab'" in refused(ConfigError, lambda: open_store(lab))
    assert migrate_store(lab) == (0, 1)

    with closing(open_store(lab)) as store, closing(open_store(database, options={"schema": "lab"})) as same:
        store.apply(Batch([a_project()]))
        assert names(same) == ["Iris"]
    assert "no diary in 'deardiary'" in refused(ConfigError, lambda: open_store(database))


def test_an_option_goes_before_the_url(database: str) -> None:
    migrate_store(added(database, "schema=lab"), options={"schema": "other"})

    found = "SELECT nspname FROM pg_namespace WHERE nspname IN ('lab', 'other')"
    assert asked_of(database, found) == [("other",)]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"colour": "red"}, "has no option 'colour'; it takes schema, connections, partitions, and what libpq knows"),
        ({"conections": 3}, "Did you mean connections?"),
        ({"sslmode": "strange"}, "sslmode is 'strange'; it is one of"),
        ({"port": 99999}, "port is '99999'"),
        ({"password": {"user": "x"}}, "password is a dict"),
        ({"connections": True}, "connections is True"),
        ({"schema": 'a"b'}, "schema is 'a\"b'"),
        ({"schema": 3}, "schema is 3"),
        ({"connections": 0}, "connections is 0"),
        ({"connections": "many"}, "connections is 'many'"),
        ({"partitions": -1}, "partitions is -1"),
        ({"partitions": 5000}, "partitions is 5000"),
        ({"partitions": True}, "partitions is True"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(url: str, options: dict[str, Any], said: str) -> None:
    assert said in refused(ConfigError, lambda: open_store(url, options=options))


def test_an_option_of_the_url_that_makes_no_sense_is_refused(url: str) -> None:
    said = refused(ConfigError, lambda: open_store(added(url, "colour=red")))

    assert "has no option 'colour'" in said


def test_the_options_of_a_url_are_ours_too(url: str) -> None:
    with closing(open_store(added(url, "connections=3"))) as store:
        assert store.engine.most_connections == 3  # type: ignore[attr-defined]  # of Postgres


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"sslmode": "require"}, "server does not support SSL, but SSL was required"),
        ({"sslmode": "disable", "hostaddr": "127.0.0.1", "port": 9}, "port 9 failed: Connection refused"),
    ],
)
def test_options_of_libpq_are_passed_on(own: Server, options: dict[str, Any], said: str) -> None:
    database = own.database(tcp=True)
    migrate_store(database, options={"sslmode": "prefer"})

    assert said in refused(Unavailable, lambda: open_store(database, options=options))


@pytest.mark.parametrize(("options", "name"), [({}, "deardiary"), ({"application_name": "sweep 7"}, "sweep 7")])
def test_the_server_sees_the_name_of_the_application(url: str, options: dict[str, Any], name: str) -> None:
    with closing(open_store(url, options=options)) as store:
        store.find(Query(Project))

        there = "SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        assert asked_of(url, f"{there} pg_backend_pid()") == [(name,)]


def test_a_process_has_as_many_connections_as_it_may(url: str) -> None:
    with closing(open_store(url, options={"connections": 3})) as store:
        with ThreadPoolExecutor(12) as pool:
            list(pool.map(lambda n: store.apply(Batch([a_project(name=str(n))])), range(60)))

        there = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert 1 <= asked_of(url, there)[0][0] <= 3
        assert sorted(map(int, names(store))) == [*range(60)]


# What the server says no to, told apart by its state.


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("ada:thorn", 'password authentication failed for user "ada"'),
        ("ada", "no password supplied"),
        ("nobody", 'role "nobody" does not exist'),
        ("bob", "permission denied"),
    ],
)
def test_who_may_not_come_in_is_told(own: Server, who: str, said: str) -> None:
    database = own.database()
    migrate_postgres(database)

    answer = refused(ConfigError, lambda: open_store(over_tcp(own, database, who)))

    assert said in answer
    assert "thorn" not in answer


def test_who_has_the_password_comes_in(own: Server) -> None:
    database = own.database()
    migrate_postgres(database)
    rights = "GRANT ALL ON ALL {} IN SCHEMA deardiary TO ada"
    asked_of(database, "GRANT USAGE ON SCHEMA deardiary TO ada", rights.format("TABLES"), rights.format("SEQUENCES"))

    with closing(open_store(over_tcp(own, database, "ada"), options={"password": "rose"})) as store:
        store.apply(Batch([*STORY, Append(-1, points(loss=[0.5]))]))

        assert names(store) == ["Iris"]


def test_who_may_only_read_is_told_so(own: Server) -> None:
    database = own.database()
    migrate_postgres(database)
    asked_of(
        database,
        "GRANT USAGE ON SCHEMA deardiary TO bob",
        "GRANT SELECT ON ALL TABLES IN SCHEMA deardiary TO bob",
    )

    with closing(open_store(over_tcp(own, database, "bob"))) as store:
        said = refused(ConfigError, lambda: store.apply(Batch([a_project()])))

        assert "does not permit it" in said
        assert names(store) == []


def test_a_database_that_is_not_there_is_told(own: Server) -> None:
    said = refused(ConfigError, lambda: open_store(own.url("nowhere")))

    assert 'database "nowhere" does not exist' in said


def test_a_database_in_another_encoding_is_refused(own: Server) -> None:
    asked_of(own.url(), "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")

    said = refused(ConfigError, lambda: migrate_store(own.url("latin")))

    assert "is encoded as LATIN1; a diary needs a database in UTF8" in said


def test_a_server_that_is_away_is_told() -> None:
    said = refused(Unavailable, lambda: open_store("postgresql://ada:thorn@127.0.0.1:9/lab"))

    assert "the Postgres database 'lab' on 127.0.0.1:9" in said
    assert "thorn" not in said


def test_a_server_without_room_for_one_more_is_unavailable() -> None:
    settings = {"max_connections": 5, "superuser_reserved_connections": 0, "reserved_connections": 0}
    with Server.start(settings=settings) as server:
        url = server.database()
        migrate_postgres(url)
        held = [psycopg.connect(url) for _ in range(5)]

        said = refused(Unavailable, lambda: open_store(url))

        assert "too many clients already" in said
        for one in held:
            one.close()


def test_a_server_that_goes_away_is_waited_for_and_then_told(own: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "PATIENCE_SECONDS", 1.0)
    url = own.database(tcp=True)
    migrate_postgres(url)
    with closing(open_store(url)) as store:
        store.apply(Batch([a_project()]))

        own.halt("fast")
        calls = [lambda: store.apply(Batch([a_project()])), lambda: names(store)]
        said = [refused(Unavailable, call) for call in calls]
        own.resume()
        monkeypatch.undo()

        assert all("cannot be reached" in one for one in said)
        assert store.apply(Batch([a_project()])).ids
        assert names(store) == ["Iris", "Iris"]


def test_a_database_that_can_only_be_read_is_told(url: str) -> None:
    with closing(open_store(url)) as store:
        store.apply(Batch([a_project()]))
    asked_of(url, f'ALTER DATABASE "{urlsplit(url).path[1:]}" SET default_transaction_read_only = on')

    with closing(open_store(url)) as store:
        said = refused(Unavailable, lambda: store.apply(Batch([a_project()])))

        assert "can only be read now" in said
        assert names(store) == ["Iris"]


def test_a_statement_that_waits_too_long_is_given_up(store: Any, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "PATIENCE_SECONDS", 1.0)
    started = time.monotonic()
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE deardiary.projects IN ACCESS EXCLUSIVE MODE")

        said = refused(Unavailable, lambda: store.apply(Batch([a_project()])))

        other.rollback()
    assert "cannot be used: canceling statement due to statement timeout" in said
    assert time.monotonic() - started < SECONDS / 2
    assert store.apply(Batch([a_project()])).ids == {(Project, -1): 2}


# Transactions and locks.


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the statements that are sent from now on."""
    statements: list[str] = []

    class Telling(psycopg.Cursor[Any]):
        def execute(self, query: Any, *given: Any, **more: Any) -> Any:
            statements.append(query)
            return super().execute(query, *given, **more)

    plain = backend.connection_options
    monkeypatch.setattr(backend, "connection_options", lambda: {**plain(), "cursor_factory": Telling})
    return statements


def levels(told: list[str]) -> list[str]:
    """Return the isolation levels of transactions that write."""
    began = [one.removeprefix("BEGIN ISOLATION LEVEL ").partition(";")[0] for one in told if one.startswith("BEGIN")]
    return [one for one in began if "READ ONLY" not in one]


NOBODY = Expect(Project, asked("name") == "Nobody", found=False)
ALONE = [
    ([NOBODY], True),
    ([Patch(Iteration, asked("name") == "x", {"notes": "y"})], True),
    ([Drop(Parameter, asked("key") == "x")], True),
    ([Expect(Iteration, asked("experiment.name") == "Depth")], True),
    ([a_parameter("lr", "0.1", run=1)], False),
    ([Append(1, points(loss=[0.5]))], False),
    ([Patch(Iteration, 1, {"notes": "y"})], False),
    ([Expect(Iteration, (asked("id") == 1) & asked("end_date").is_none()), Append(1, points(loss=[0.5]))], False),
    ([Drop(Experiment, 1)], False),
]


@pytest.mark.parametrize(("elements", "is_alone"), ALONE)
def test_what_depends_on_more_than_its_rows_runs_as_if_alone(
    told: list[str], store: Any, elements: list[Any], is_alone: bool
) -> None:
    store.apply(Batch(STORY))
    told.clear()

    store.apply(Batch(elements))

    assert levels(told) == ["SERIALIZABLE" if is_alone else "READ COMMITTED"]


def test_rows_are_locked_by_kind_then_by_id(told: list[str], store: Any) -> None:
    store.apply(Batch([*STORY, a_run(-2), a_run(-3), Append(-3, points(loss=[0.5, 0.25]))]))
    told.clear()

    store.apply(
        Batch(
            [
                Patch(Metric, point_id(1, 0), {"value": 1.0}),
                Expect(Iteration, 2),
                Append(1, points(loss=[0.5])),
                Patch(Project, 1, {"name": "later"}),
                Expect(Experiment, 1),
            ]
        )
    )

    locks = [one for one in told if " FOR " in one]
    assert [(one.split()[3], one.partition(" FOR ")[2]) for one in locks] == [
        ("projects", "UPDATE"),
        ("experiments", "SHARE"),
        ("iterations", "UPDATE"),
        ("iterations", "SHARE"),
    ]
    assert all("ORDER BY id" in one for one in locks)


def deadlocks(url: str) -> int:
    (found,) = asked_of(url, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(found[0])


RACERS, ROUNDS = 4, 40 if NIGHTLY else 8


def test_four_that_finish_one_run_have_one_winner(url: str) -> None:
    trackers = [deardiary.open(url) for _ in range(RACERS)]
    project = trackers[0].create_project("Race")
    experiment = trackers[0].create_experiment(project, "finish")
    barrier = threading.Barrier(RACERS)

    def finish(tracker: Any, run: Iteration) -> str:
        barrier.wait(SECONDS)
        try:
            tracker.update_iteration(run, None, NOON, IterationStatus.SUCCEEDED)
        except Unprocessable as error:
            return str(error).partition(";")[0]
        return "won"

    for _ in range(ROUNDS):
        run = trackers[0].create_iteration(experiment)
        with ThreadPoolExecutor(RACERS) as pool:
            said = sorted(pool.map(finish, trackers, [run] * RACERS))

        assert said == [*[f"run {run.id} has ended"] * (RACERS - 1), "won"]
        assert trackers[0].get_iteration(run).end_date == NOON  # type: ignore[union-attr]  # it is there
    assert deadlocks(url) == 0
    for tracker in trackers:
        tracker.close()


def test_batches_that_change_the_same_rows_crosswise_do_not_deadlock(url: str) -> None:
    with closing(open_store(url)) as store:
        store.apply(Batch([*STORY, *(a_run(-2 - n) for n in range(5))]))
        failures: list[BaseException] = []

        def work(seed: int) -> None:
            chance = random.Random(seed)
            try:
                for _ in range(ROUNDS):
                    runs = chance.sample(range(1, 7), 4)
                    store.apply(
                        Batch(
                            [
                                *(Append(run, points(loss=[1.0])) for run in runs[:2]),
                                *(Patch(Iteration, run, {"notes": str(seed)}) for run in runs[2:]),
                                Patch(Project, 1, {"description": str(seed)}),
                            ]
                        )
                    )
            except BaseException as error:
                failures.append(error)

        together([threading.Thread(target=work, args=(seed,)) for seed in range(6)])

        assert failures == []
        assert sum(len(series) for series in store.series(SeriesQuery())) == 6 * ROUNDS * 2
    assert deadlocks(url) == 0


ORPHANS = (
    "SELECT count(*) FROM deardiary.iterations WHERE experiment_id NOT IN (SELECT id FROM deardiary.experiments)",
    "SELECT count(*) FROM deardiary.parameters WHERE iteration_id NOT IN (SELECT id FROM deardiary.iterations)",
    "SELECT count(*) FROM deardiary.series WHERE iteration_id NOT IN (SELECT id FROM deardiary.iterations)",
    "SELECT count(*) FROM deardiary.tail WHERE iteration_id NOT IN (SELECT id FROM deardiary.iterations)",
    "SELECT count(*) FROM deardiary.chunks WHERE series_id NOT IN (SELECT id FROM deardiary.series)",
)


@pytest.mark.parametrize("by_condition", [False, True])
def test_a_drop_beside_inserts_leaves_no_orphan(url: str, by_condition: bool) -> None:
    made = 0
    with closing(Guarded(open_store(url))) as store:
        project = store.apply(Batch([a_project()])).ids[Project, -1]
        for turn in range(ROUNDS):
            experiment = store.apply(Batch([an_experiment(project=project)])).ids[Experiment, -1]
            begun, is_over = threading.Semaphore(0), threading.Event()

            def insert(experiment: int = experiment, begun: Any = begun, is_over: Any = is_over) -> int:
                count = 0
                with suppress(NotFound):
                    while not is_over.is_set():
                        more = [a_parameter("lr", "1"), Append(-1, points(loss=[1.0]))]
                        store.apply(Batch([a_run(-1, experiment), *more]))
                        count += 1
                        begun.release()
                assert not is_over.is_set()
                return count

            with ThreadPoolExecutor(3) as pool:
                racers = [pool.submit(insert) for _ in range(3)]
                for _ in range(3 + turn % 5):
                    assert begun.acquire(timeout=SECONDS)
                where = asked("name") == "Depth" if by_condition else asked("id") == experiment
                try:
                    store.apply(Batch([Drop(Experiment, where)]))
                    made += sum(racer.result(SECONDS) for racer in racers)
                finally:
                    is_over.set()

        assert store.find(Query(Iteration)).rows == []
    assert made >= 3 * ROUNDS
    assert [asked_of(url, text) for text in ORPHANS] == [[(0,)]] * len(ORPHANS)


def test_who_changes_a_row_is_not_kept_waiting_by_those_who_stand_on_it(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "MILLISECONDS_BESIDE", 500)
    stores = [Guarded(open_store(url)) for _ in range(2)]
    stores[0].apply(Batch(STORY))
    is_over = threading.Event()

    def insert(n: int) -> None:
        while not is_over.is_set():
            stores[n % 2].apply(Batch([a_run(-1, 1), Append(-1, points(loss=[1.0]))]))

    with ThreadPoolExecutor(16) as pool:
        racers = [pool.submit(insert, n) for n in range(16)]
        time.sleep(0.5)
        try:
            stores[0].apply(Batch([Patch(Experiment, 1, {"description": "changed"})]))
        finally:
            is_over.set()
        for racer in racers:
            racer.result(SECONDS)

    (found,) = stores[1].find(Query(Experiment)).rows
    assert found.description == "changed"
    for store in stores:
        store.close()


def test_a_forked_process_goes_on_with_connections_of_its_own(store: Any) -> None:
    def backend_pid() -> int:
        found = store.engine.read(lambda connection: connection.all("SELECT pg_backend_pid()"))
        return int(found[0][0])

    store.apply(Batch([a_project()]))
    before = backend_pid()

    child = os.fork()
    if child == 0:
        try:
            store.apply(Batch([a_project(name="child")]))
            is_well = backend_pid() != before and names(store) == ["Iris", "child"]
            store.close()
            os._exit(0 if is_well else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(child, 0)
    store.apply(Batch([a_project(name="after")]))

    assert os.waitstatus_to_exitcode(status) == 0
    assert names(store) == ["Iris", "child", "after"]
    assert backend_pid() == before


# Lost connections.

RESTARTS, MOST_RESTARTS, UNANSWERED = (40, 120, 10) if NIGHTLY else (3, 3, 0)
"""How often the server is restarted: so often, and on until so many commits were left without an answer."""


class Commits:
    """What became of the commits of a process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.unanswered = 0
        """How many were sent, and got no answer."""
        self.found = 0
        """How many of these turned out to have been done."""
        commits, plain, known = self, backend.connection_options, SqlStore._known

        class Watching(psycopg.Cursor[Any]):
            def execute(self, query: Any, *given: Any, **more: Any) -> Any:
                try:
                    return super().execute(query, *given, **more)
                except psycopg.OperationalError:
                    commits.unanswered += query == "COMMIT"
                    raise

        def looked_up(store: SqlStore, connection: Any, batch: Batch) -> Any:
            receipt = known(store, connection, batch)
            commits.found += receipt is not None
            return receipt

        monkeypatch.setattr(backend, "connection_options", lambda: {**plain(), "cursor_factory": Watching})
        monkeypatch.setattr(SqlStore, "_known", looked_up)


def test_restarts_lose_and_double_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    commits = Commits(monkeypatch)
    acknowledged = [0] * 4
    is_over = threading.Event()
    failures: list[BaseException] = []
    with Server.start(durable=True) as server:
        url = server.database()
        migrate_postgres(url)
        with closing(open_store(url)) as store:
            store.apply(Batch([*STORY, *(a_run(-2 - n) for n in range(3))]))

            def work(name: int) -> None:
                try:
                    while not is_over.is_set():
                        n = acknowledged[name]
                        parameter = a_parameter(f"{n}", "1", run=name + 1)
                        store.apply(Batch([parameter, Append(name + 1, points(loss=[float(n)]))]))
                        acknowledged[name] += 1
                except BaseException as error:
                    failures.append(error)

            threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
            for thread in threads:
                thread.start()
            try:
                for restart in range(MOST_RESTARTS):
                    if restart >= RESTARTS and commits.unanswered >= UNANSWERED:
                        break
                    _let_work(acknowledged, threads)
                    server.restart("immediate")
                _let_work(acknowledged, threads)
            finally:
                is_over.set()
                for thread in threads:
                    thread.join(SECONDS)

            assert failures == []
            assert not any(thread.is_alive() for thread in threads)
            for name, count in enumerate(acknowledged):
                keys = [row.key for row in store.find(Query(Parameter, asked("iteration_id") == name + 1)).rows]
                assert keys == [str(n) for n in range(count)]
                (series,) = store.series(SeriesQuery(iterations=[name + 1]))
                assert [*series.numbers] == [*series.steps] == [*range(count)]
                assert [*series.values] == [float(n) for n in range(count)]
    print(f"{sum(acknowledged)} batches, {commits.unanswered} unanswered commits, of which {commits.found} were done")
    assert commits.found <= commits.unanswered
    assert commits.unanswered >= UNANSWERED


def _let_work(acknowledged: list[int], threads: list[threading.Thread]) -> None:
    """Wait until every thread has got something done, and a little longer."""
    wanted = [count + 5 for count in acknowledged]
    until = time.monotonic() + SECONDS
    while any(count < want for count, want in zip(acknowledged, wanted, strict=True)):
        assert time.monotonic() < until
        assert all(thread.is_alive() for thread in threads)
        time.sleep(0.01)
    time.sleep(random.uniform(0, 0.05))


def test_a_connection_that_was_ended_is_replaced(store: Any, url: str) -> None:
    store.apply(Batch([a_project()]))
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "

    asked_of(url, f"{ended} pg_backend_pid()")
    store.apply(Batch([a_project()]))
    asked_of(url, f"{ended} pg_backend_pid()")

    assert names(store) == ["Iris", "Iris"]


# A pooler in between.

BOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
needs_bouncer = pytest.mark.skipif(BOUNCER is None, reason="pgbouncer is missing: apt-get install pgbouncer")


@pytest.fixture
def pooled(database: str) -> Iterator[str]:
    """Start a pooler that lends three connections, one transaction at a time; return the URL of a diary behind it."""
    said = conninfo_to_dict(database)
    server = " ".join(f"{name}={said[name]}" for name in ("host", "port", "user", "password") if name in said)
    port = _free_port()
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        settings = Path(folder) / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n* = {server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
            "unix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 3\n"
            "max_client_conn = 100\nserver_idle_timeout = 1\n"
        )
        who = ["-u", "nobody"] if os.geteuid() == 0 else []
        with open(Path(folder) / "log", "wb") as log:
            pooler = subprocess.Popen([str(BOUNCER), *who, str(settings)], stdout=log, stderr=log)
        try:
            url = f"postgresql://postgres@127.0.0.1:{port}/{said['dbname']}"
            _wait_for(url, pooler, Path(folder) / "log")
            migrate_postgres(url)
            yield url
        finally:
            pooler.kill()
            pooler.wait()


def _wait_for(url: str, pooler: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + SECONDS
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            assert pooler.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
        time.sleep(0.05)


if NIGHTLY:

    @needs_bouncer
    class TestPooled(StoreSuite):
        """A diary behind a pooler."""

        kills, examples, steps, chance = 20, 100, 30, True

        @pytest.fixture
        def url(self, pooled: str) -> str:
            return pooled


@needs_bouncer
def test_a_store_behind_a_pooler_answers_as_the_transcript_says(pooled: str) -> None:
    with closing(open_store(pooled)) as store:
        narrator = Narrator(store, numbers=Renumbered(store, store))

        wrong = [call.said for call in calls(TEXT) if narrator.answer(call.said) != call.answer]

    assert wrong == []


@needs_bouncer
def test_many_share_the_few_connections_of_a_pooler(pooled: str) -> None:
    stores = [open_store(pooled) for _ in range(4)]
    stores[0].apply(Batch(STORY))
    failures: list[BaseException] = []

    def work(name: int) -> None:
        store: Any = stores[name % len(stores)]
        try:
            for n in range(10):
                parameter = a_parameter(f"{name}-{n}", "1", run=1)
                batch = Batch([NOBODY, parameter] if n % 2 else [parameter, Append(1, points(loss=[1.0]))])
                store.apply(batch)
                store.apply(batch)
                store.find(Query(Parameter))
                store.series(SeriesQuery())
        except BaseException as error:
            failures.append(error)

    together([threading.Thread(target=work, args=(name,)) for name in range(8)])

    assert failures == []
    assert len(stores[0].find(Query(Parameter)).rows) == 80
    (series,) = stores[0].series(SeriesQuery())
    assert [*series.numbers] == [*range(40)]
    for store in stores:
        store.close()


if NIGHTLY:

    @needs_bouncer
    class TestPooled(StoreSuite):
        kills = 20
        examples, steps = 100, 50
        chance = True

        @pytest.fixture
        def url(self, pooled: str) -> str:
            return pooled


# Texts.

ODD = [
    "100 %",
    "%s %(x)s %%",
    "'; DROP SCHEMA deardiary; --",
    '"',
    "\\",
    "\\x41",
    "E'\\''",
    "$1 $$",
    ":name",
    "{a,b}",
    "NULL",
]


def test_text_that_means_something_elsewhere_is_text(store: Any) -> None:
    store.apply(Batch([*STORY, *(a_run(-2 - n) for n in range(len(ODD) - 1))]))
    for n, text in enumerate(ODD, 1):
        store.apply(
            Batch(
                [
                    a_project(name=text, description=text),
                    a_parameter(text, text, run=n),
                    Append(n, points(**{text: [0.5]})),
                    Insert(Tag(id=-1, value=text)),
                ]
            )
        )
        store.apply(Batch([Insert(Tag(id=-1, value=text), or_existing=True), Append(n, points(**{text: [0.25]}))]))

    assert names(store) == ["Iris", *ODD]
    for n, text in enumerate(ODD, 1):
        found = store.find(Query(Parameter, asked("value") == text)).rows
        assert [(row.iteration_id, row.key, row.value) for row in found] == [(n, text, text)]
        assert [row.value for row in store.find(Query(Tag, asked("value").among([text, "other"]))).rows] == [text]
        (series,) = store.series(SeriesQuery(keys=[text]))
        assert (series.iteration_id, series.key, [*series.values]) == (n, text, [0.5, 0.25])


# Partitions.


@pytest.fixture
def parted(database: str) -> str:
    """Return the URL of a diary whose points are in eight parts."""
    migrate_store(added(database, "partitions=8"))
    return database


def test_points_go_into_parts_by_run(parted: str) -> None:
    with closing(open_store(added(parted, "partitions=8"))) as store:
        runs = [a_run(-1 - number) for number in range(40)]
        store.apply(Batch([a_project(), an_experiment(), *runs]))
        for run in range(1, 41):
            store.apply(Batch([Append(run, points(loss=[float(run)] * 5000)), Append(run, points(acc=[0.5]))]))
        found = store.series(SeriesQuery(keys=("loss",)))

    assert [(one.iteration_id, sum(one.values)) for one in found] == [(run, 5000.0 * run) for run in range(1, 41)]
    for table in POINTS:
        counts = "SELECT (SELECT count(*) FROM ONLY deardiary.{0}), (SELECT count(*) FROM deardiary.{0})"
        parts = " + ".join(f"(SELECT count(*) > 0 FROM deardiary.{table}_{part})::int" for part in range(8))
        assert asked_of(parted, counts.format(table)) == [(0, 40)]
        assert asked_of(parted, f"SELECT {parts}")[0][0] > 4


def test_points_in_parts_are_changed_and_dropped(parted: str) -> None:
    with closing(open_store(parted)) as store:
        store.apply(Batch([*STORY, Append(-1, points(loss=[1.0] * 5000, acc=[2.0] * 5000))]))
        store.apply(Batch([Append(1, points(loss=[3.0], acc=[4.0]))]))
        of_chunk, of_tail = point_id(1, 7), point_id(2, 5000)
        store.apply(Batch([Patch(Metric, of_chunk, {"value": 9.0}), Patch(Metric, of_tail, {"value": 8.0, "step": 1})]))
        store.apply(Batch([Drop(Metric, point_id(1, 8)), Drop(Metric, point_id(1, 5000))]))
        loss, acc = sorted(store.series(SeriesQuery(iterations=(1,))), key=lambda one: one.series)

        assert (len(loss.values), loss.values[7], sum(loss.values)) == (4999, 9.0, 5007.0)
        assert (len(acc.values), acc.values[2], sum(acc.values)) == (5001, 8.0, 10008.0)
        store.apply(Batch([Drop(Iteration, 1)]))

    assert [asked_of(parted, f"SELECT count(*) FROM deardiary.{table}") for table in POINTS] == [[(0,)]] * 3


@pytest.mark.parametrize("name", ["chunks of series", "stamps", "records", "tail of runs", "delete tail"])
def test_a_statement_looks_at_the_parts_of_its_runs_alone(parted: str, name: str) -> None:
    text = TEXTS.fixed[name]
    values = [[7], [1], 0, 9][: text.count("%s")]

    with psycopg.connect(parted, options="-c search_path=deardiary") as raw:
        plan = " ".join(line for (line,) in raw.execute(f"EXPLAIN {text}", values))

    assert len(set(re.findall(r" on ((?:tail|chunks|stamps)_[0-9]+)", plan.partition("->")[2] or plan))) == 1


def test_parts_keep_compressed_bytes_as_they_are(parted: str) -> None:
    asked = "SELECT DISTINCT attstorage::text FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid "
    parts = asked_of(parted, f"{asked} WHERE relname LIKE 'chunks%' AND relkind IN ('r', 'p') AND attname = 'data'")

    assert parts == [("e",)]


@pytest.mark.parametrize(("first", "then", "found"), [(0, 4, "in tables that are whole"), (8, 4, "in 8 parts")])
def test_the_number_of_parts_is_never_changed(database: str, first: int, then: int, found: str) -> None:
    migrate_postgres(database, partitions=first)

    said = refused(ConfigError, lambda: migrate_postgres(database, partitions=then))

    assert f"keeps its points {found}, and {then} were asked for" in said
    assert migrate_postgres(database) == migrate_postgres(database, partitions=first)


def test_the_tables_of_points_are_known() -> None:
    from deardiary.backends.sql.schema import ROWWISE, metadata

    assert set(POINTS) == {table.name for table in metadata.tables.values() if table.info == ROWWISE}


# Schemas of others.


def test_a_schema_that_others_use_is_refused_and_left_alone(database: str) -> None:
    asked_of(database, "CREATE SCHEMA lab", "CREATE TABLE lab.mine (a integer)")

    said = refused(ConfigError, lambda: migrate_postgres(database, schema="lab"))

    assert "the schema 'lab' of" in said
    assert "has tables of others, such as mine; a diary wants one of its own" in said
    assert asked_of(database, "SELECT relname FROM pg_class WHERE relnamespace = 'lab'::regnamespace") == [("mine",)]
