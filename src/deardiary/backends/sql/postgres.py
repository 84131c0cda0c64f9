"""A diary in a schema of a Postgres database, which many processes on many machines may use at once."""

import logging
import os
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from typing import Any, cast

import psycopg
from attrs import define, evolve, field
from psycopg import errors
from psycopg.adapt import AdaptersMap
from psycopg.types.string import BytesBinaryDumper
from psycopg_pool import ConnectionPool, PoolTimeout

from deardiary.backends.sql.archive import ChunkArchive
from deardiary.backends.sql.compiled.postgresql import TEXTS
from deardiary.backends.sql.conninfo import MOST_CONNECTIONS, understood
from deardiary.backends.sql.engine import Again, Answer, Texts
from deardiary.backends.sql.failures import described, given_up, is_passing, ours
from deardiary.backends.sql.keeping import Archive
from deardiary.backends.sql.locking import Needs, gate, milliseconds_until, needs_of
from deardiary.backends.sql.migrations import MIGRATIONS, Migration, latest, migrate
from deardiary.backends.sql.names import TABLES
from deardiary.backends.sql.partitions import partitioned
from deardiary.backends.sql.patterns import like_pattern
from deardiary.backends.sql.refusal import state_of_refusal
from deardiary.backends.sql.store import SqlStore
from deardiary.core.changes import Batch
from deardiary.core.declared import Kind
from deardiary.core.errors import ConfigError, Unavailable
from deardiary.core.stores import Store

PATIENCE_SECONDS = 30.0
"""How long to try again what others or a lost connection have cut short."""

CONNECT_SECONDS = 10
"""How long one attempt to connect may take."""

PAUSE_SECONDS = 0.001, 0.5
"""How long to wait before the second try, and before later ones at most."""

IDLE_SECONDS = 60.0
"""After how long a connection of which there is no need is given up."""

LOCK = 0x6465617264696172
"""The number of the lock under which a diary is migrated."""

logging.getLogger("psycopg").addHandler(logging.NullHandler())  # that it cannot connect is told by us, and once

_ADAPTERS = AdaptersMap(psycopg.adapters)
_ADAPTERS.register_dumper(bytes, BytesBinaryDumper)


@define(eq=False)
class PostgresConnection:
    """A transaction in a Postgres database."""

    cursor: Any
    numbered: set[str] = field(factory=set)
    """The tables in which nobody else can get an id until the transaction is over."""

    def all(self, text: str, values: Sequence[Any] = (), /) -> list[tuple[Any, ...]]:
        """Run a statement, and return its rows."""
        found: list[tuple[Any, ...]] = self.cursor.execute(text, values or None, binary=True).fetchall()
        return found

    def run(self, text: str, values: Sequence[Any] = (), /) -> int:
        """Run a statement, and return how many rows it touched."""
        return int(self.cursor.execute(text, values or None).rowcount)

    def many(self, text: str, rows: Iterable[Sequence[Any]], /) -> int:
        """Run a statement for each of some rows, or for all at once, and return how many rows it touched."""
        given = list(rows)
        head, values, row = text.partition(" VALUES ")
        if values and len(given) > 1:
            row, on, then = row.partition(" ON CONFLICT ")
            most = MOST_VALUES // len(given[0])
            return sum(
                self.run(f"{head} VALUES {', '.join([row] * len(some))}{on}{then}", list(chain(*some)))
                for some in (given[start : start + most] for start in range(0, len(given), most))
            )
        if len(given) == 1:
            return self.run(text, given[0])
        self.cursor.executemany(text, given)
        return max(int(self.cursor.rowcount), 0)


MOST_VALUES = 60_000
"""How many values one statement takes at most."""


@define(eq=False)
class PostgresEngine:
    """A schema of a Postgres database, and connections to it."""

    url: str = field(repr=False)
    schema: str = "deardiary"
    most_connections: int = MOST_CONNECTIONS
    partitions: int = 0
    migrations: Sequence[Migration] = MIGRATIONS
    texts: Texts = field(default=TEXTS, init=False)
    placeholder: str = field(default="%s", init=False)
    counts_commits: bool = field(default=False, init=False)
    _pool: Any = field(default=None, init=False, repr=False)
    _lock: Any = field(factory=threading.Lock, init=False, repr=False)
    _pid: int = field(factory=os.getpid, init=False)
    _open: bool = field(default=True, init=False)

    @property
    def name(self) -> str:
        """What the database is called in messages, without secrets."""
        return described(self.url)

    def write(
        self,
        work: Callable[[PostgresConnection], Answer],
        /,
        *,
        batch: Batch | None = None,
        run: int | None = None,
        patience_seconds: float | None = None,
    ) -> Answer:
        """Do some work in a transaction, again if another one came between, or if the connection was lost."""
        needs = Needs() if batch is None else needs_of(batch)
        if run is not None:
            needs.changed["iterations"] = {run}

        def tried(connection: PostgresConnection) -> Answer:
            self._secure(connection, needs)
            return work(connection)

        level = "SERIALIZABLE" if needs.is_alone else "READ COMMITTED"
        return self._patiently(level, tried, patience_seconds, takes=needs.takes)

    def read(self, work: Callable[[PostgresConnection], Answer], /) -> Answer:
        """Do some work in a transaction that reads one snapshot."""
        return self._patiently(SNAPSHOT, work)

    @contextmanager
    def reading(self) -> Iterator[PostgresConnection]:
        """Begin a transaction that reads one snapshot."""
        until = time.monotonic() + PATIENCE_SECONDS
        try:
            with self._connected(until) as raw, self._begun(raw, SNAPSHOT, milliseconds_until(until)) as connection:
                yield connection
        except (psycopg.Error, PoolTimeout) as error:
            raise ours(error, self.name) from error

    def archive(self) -> Archive:
        """Return what keeps the points."""
        return ChunkArchive(self)

    def mark(self, connection: PostgresConnection, /) -> int:
        """Return the number of the transaction."""
        return int(connection.all("SELECT pg_current_xact_id()::text::bigint")[0][0])

    def mark_now(self, connection: PostgresConnection, /) -> int:
        """Return the number before the first transaction of which the snapshot may lack something."""
        return int(connection.all("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1")[0][0])

    def ids(self, connection: PostgresConnection, table: str, count: int = 1, /) -> Iterator[int]:
        """Yield ids that were never given."""
        while True:
            asked = "SELECT nextval(%s) FROM generate_series(1, %s)"
            yield from [id for (id,) in connection.all(asked, (f"{table}_id_seq", count))]
            count = 1

    def ids_after(self, connection: PostgresConnection, table: str, id: int, others: Iterator[int], /) -> Iterator[int]:
        """Yield ids that come after one which was given."""
        if table not in connection.numbered:
            connection.run(f"ALTER SEQUENCE {table}_id_seq CACHE 1")  # for its lock: others wait for their ids
            connection.numbered.add(table)
        given = "SELECT setval(%s, greatest(last_value + is_called::int - 1, %s)) FROM "
        connection.all(f"{given}{table}_id_seq", (f"{table}_id_seq", id))
        return others

    def insert(self, connection: PostgresConnection, kind: Kind, rows: Sequence[Sequence[Any]], /) -> int:
        """Insert rows of a kind but those whose unique values are taken, and return how many were."""
        return connection.many(self.texts.fixed[f"insert {kind.__name__}"], rows)

    def lock(self, connection: PostgresConnection, table: str, ids: Sequence[int], /) -> None:
        """Let no other transaction change some rows, or stand on them."""
        connection.all(f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR UPDATE", (sorted(ids),))

    @staticmethod
    def number_out(value: float, /) -> float:
        """Return a float as Postgres keeps it."""
        return value

    @staticmethod
    def number_in(value: Any, /) -> float:
        """Return the float that Postgres kept."""
        return float(value)

    def constant(self, value: Any, sort: str, /) -> Any:
        """Return a constant of a condition as Postgres takes it."""
        return like_pattern(value) if sort == "glob" else value

    def tidy(self, *, wholly: bool = False) -> None:
        """Do nothing: Postgres uses the room of dropped rows again by itself."""

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            self._open = False
            pool, self._pool = self._pool, None
        if pool is not None and self._pid == os.getpid():
            pool.close()

    # Locks.

    def _secure(self, connection: PostgresConnection, needs: Needs) -> None:
        """Lock what a batch changes, and what it only trusts, by kind, then by id."""
        runs = needs.changed.get("iterations", set())
        if needs.series:
            asked = "SELECT iteration_id FROM series WHERE id = ANY(%s)"
            runs |= {run for (run,) in connection.all(asked, (sorted(needs.series),))}
            needs.changed["iterations"] = runs
        for table in TABLES.values():
            changed = needs.changed.get(table, set())
            if changed:
                self.lock(connection, table, list(changed))
            trusted = needs.trusted.get(table, set()) - changed
            if trusted:
                asked = f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR SHARE"
                connection.all(asked, (sorted(trusted),))

    # Connections and tries.

    def _patiently(
        self,
        level: str,
        work: Callable[[PostgresConnection], Answer],
        patience_seconds: float | None = None,
        takes: Iterable[str] | None = None,
    ) -> Answer:
        """Do some work in a transaction, until it is done, or refused, or there is no more time."""
        until = time.monotonic() + (PATIENCE_SECONDS if patience_seconds is None else patience_seconds)
        is_alone = bool(takes)
        least, most = PAUSE_SECONDS
        while True:
            try:
                with self._connected(until) as raw:
                    left = milliseconds_until(until)
                    lock = "" if takes is None else gate(takes, left, is_alone=is_alone)
                    with self._begun(raw, level, left, lock) as connection:
                        return work(connection)
            except (Again, psycopg.Error, PoolTimeout) as error:
                is_starved = not is_alone and isinstance(error, errors.QueryCanceled) and time.monotonic() < until
                if not is_starved and not is_passing(error):
                    raise ours(error, self.name) from error
                if time.monotonic() >= until:
                    raise given_up(error, self.name, PATIENCE_SECONDS) from error
                is_alone |= is_starved
            time.sleep(random.uniform(0, least))
            least = min(2 * least, most)

    @contextmanager
    def _begun(self, raw: Any, level: str, milliseconds: int, lock: str = "") -> Iterator[PostgresConnection]:
        """Begin a transaction; it is committed at the end, or rolled back by an error."""
        cursor = raw.cursor(binary=True)
        cursor.execute(
            f'BEGIN ISOLATION LEVEL {level}; SET LOCAL search_path TO "{self.schema}"; '
            f"SET LOCAL statement_timeout = {milliseconds}; {lock}",
            binary=False,  # several statements at once
        )
        try:
            yield PostgresConnection(cursor)
            cursor.execute("COMMIT")
        except BaseException:
            with suppress(psycopg.Error):
                if raw.info.transaction_status == ACTIVE:
                    raw.cancel_safe(timeout=1.0)
                cursor.execute("ROLLBACK")
            raise

    @contextmanager
    def _connected(self, until: float) -> Iterator[Any]:
        """Have a connection for a while."""
        with self._lock:
            if not self._open:
                raise Unavailable("the diary is closed")
            if self._pid != os.getpid():
                self.disown()
            if self._pool is None:
                self._pool = self._made()
            pool = self._pool
        with pool.connection(timeout=max(until - time.monotonic(), 0.1)) as raw:
            yield raw

    def _made(self) -> "ConnectionPool[Any]":
        return ConnectionPool(
            self.url,
            min_size=0,
            max_size=self.most_connections,
            max_idle=IDLE_SECONDS,
            open=True,
            name="deardiary",
            num_workers=1,
            reconnect_timeout=CONNECT_SECONDS,
            kwargs=connection_options(),
        )

    def disown(self) -> None:
        """Connect anew in a forked process; psycopg closes nothing there that its parent has opened."""
        self._pool, self._lock, self._pid = None, threading.Lock(), os.getpid()

    # Opening.

    def check(self) -> None:
        """Refuse a database that has no diary, or one of another schema."""
        with connected(self.url) as raw:
            version = _version(raw, self.schema)
        wanted = latest(self.migrations)
        if version > wanted:
            raise ConfigError(
                f"{self.name} has schema {version}, and this deardiary knows schemas up to {wanted}; "
                "try: pip install --upgrade deardiary"
            )
        if version < wanted:
            what = f"has schema {version}, and {wanted} is needed" if version else f"has no diary in {self.schema!r}"
            raise ConfigError(
                f"{self.name} {what}; others may be using it, so nothing is changed unasked; try: deardiary migrate "
                "(with the URL, if no deardiary.toml says it)"
            )

    def migrate(self) -> tuple[int, int]:
        """Bring the diary to the present schema, made if there is none; return the versions before and after."""
        with connected(self.url) as raw:
            cursor = raw.cursor()
            (encoding,) = cursor.execute("SHOW server_encoding").fetchone()
            if encoding != "UTF8":
                raise ConfigError(f"{self.name} is encoded as {encoding}; a diary needs a database in UTF8")
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            version = _version(raw, self.schema)
            if version > latest(self.migrations):
                raise ConfigError(f"{self.name} has schema {version}; try: pip install --upgrade deardiary")
            parts = _parts(raw, self.schema) if version else self.partitions
            if self.partitions not in (0, parts):
                found = f"in {parts} parts" if parts else "in tables that are whole"
                raise ConfigError(
                    f"{self.name} keeps its points {found}, and {self.partitions} were asked for; "
                    "partitions says how many a new diary gets, and never changes those of one that is there"
                )
            if not version:
                _check_empty(raw, self.schema, self.name)
            cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{self.schema}"')
            cursor.execute(f'SET LOCAL search_path TO "{self.schema}"')
            texts = evolve(self.texts, ddl=partitioned(self.texts.ddl, parts))
            migrate(PostgresConnection(cursor), texts, version=version, migrations=self.migrations)
            cursor.execute("COMMIT")
        return version, latest(self.migrations)


ACTIVE = psycopg.pq.TransactionStatus.ACTIVE
SNAPSHOT = "REPEATABLE READ, READ ONLY"


def connection_options() -> dict[str, Any]:
    """Return how to connect: without statements prepared on the server, which a pooler in between would mix up."""
    return {
        "autocommit": True,
        "prepare_threshold": None,
        "connect_timeout": CONNECT_SECONDS,
        "fallback_application_name": "deardiary",
        "context": _ADAPTED,
    }


class _Adapted:
    """What tells psycopg how values are written."""

    adapters = _ADAPTERS
    connection = None


_ADAPTED = cast(Any, _Adapted())


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """Have a connection of one's own for a while."""
    try:
        with psycopg.connect(url, **connection_options()) as raw:
            yield raw
    except psycopg.Error as error:
        is_told = error.sqlstate or isinstance(error, errors.ConnectionTimeout)
        state = "" if is_told else state_of_refusal(url, seconds=CONNECT_SECONDS)
        raise ours(error, described(url), state) from error


def _version(raw: Any, schema: str) -> int:
    """Return the version of a diary's schema, 0 if there is none."""
    there = raw.execute("SELECT to_regclass(%s)", (f'"{schema}".deardiary_migrations',)).fetchone()
    if there[0] is None:
        return 0
    found = raw.execute(f'SELECT max(version) FROM "{schema}".deardiary_migrations').fetchone()
    return int(found[0] or 0)


def _check_empty(raw: Any, schema: str, name: str) -> None:
    """Refuse a schema that others use."""
    asked = "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(%s) AND relkind = ANY(%s) LIMIT 3"
    others = [row for (row,) in raw.execute(asked, (f'"{schema}"', ["r", "p", "v", "m", "f"]))]
    if others:
        raise ConfigError(
            f"the schema {schema!r} of {name} has tables of others, such as {', '.join(others)}; a diary wants one of "
            "its own: schema says its name, as in ?schema=lab",
            option="schema",
        )


def _parts(raw: Any, schema: str) -> int:
    """Return into how many parts the points of a diary go, 0 if its tables are whole."""
    asked = "SELECT count(*) FROM pg_inherits WHERE inhparent = to_regclass(%s)"
    return int(raw.execute(asked, (f'"{schema}".tail',)).fetchone()[0])


def open_postgres(
    url: str, *, schema: str | None = None, connections: int | None = None, partitions: int | None = None, **more: str
) -> Store:
    """Return the diary in a schema of a Postgres database.

    Args:
        schema: its name, `deardiary` if neither this nor the URL says one.
        connections: how many one process has at most, 8 if nothing is said.
        partitions: into how many parts a new diary puts its points; one that is there has those that it has.
        more: whatever else libpq takes, such as `password`, `sslmode` or `sslrootcert`.
    """
    engine = _engine(url, {"schema": schema, "connections": connections, "partitions": partitions}, more)
    engine.check()
    return SqlStore(engine)


def migrate_postgres(
    url: str, *, schema: str | None = None, connections: int | None = None, partitions: int | None = None, **more: str
) -> tuple[int, int]:
    """Make a diary in a Postgres database, or bring it to the present schema; return the versions before and after."""
    return _engine(url, {"schema": schema, "connections": connections, "partitions": partitions}, more).migrate()


def _engine(url: str, ours: Mapping[str, Any], more: Mapping[str, Any]) -> PostgresEngine:
    asked = understood(url, {**more, **{name: value for name, value in ours.items() if value is not None}})
    return PostgresEngine(
        asked.conninfo, schema=asked.schema, most_connections=asked.connections, partitions=asked.partitions
    )
