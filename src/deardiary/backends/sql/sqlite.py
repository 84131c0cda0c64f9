"""A diary in one SQLite file, which many processes may write at once."""

import json
import math
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from attrs import define, field

from deardiary.backends.sql.compiled.sqlite import TEXTS
from deardiary.backends.sql.engine import Texts
from deardiary.backends.sql.migrations import MIGRATIONS, Migration, latest, migrate
from deardiary.backends.sql.store import SqlStore
from deardiary.core.errors import ConfigError, Corrupt, DearDiaryError, StorageFull, Unavailable
from deardiary.core.stores import Store

PATIENCE_SECONDS = 30.0
"""How long to wait for another process that writes."""

_MARKER = 0x64656172
"""What SQLite's header says of a file that is a diary: the letters d, e, a, r."""


@define
class SqliteConnection:
    """A connection to a SQLite file."""

    raw: sqlite3.Connection

    def all(self, text: str, values: Sequence[Any] = (), /) -> list[tuple[Any, ...]]:
        """Run a statement, and return its rows."""
        return self.raw.execute(text, values).fetchall()

    def run(self, text: str, values: Sequence[Any] = (), /) -> int:
        """Run a statement, and return how many rows it touched."""
        return self.raw.execute(text, values).rowcount

    def many(self, text: str, rows: Iterable[Sequence[Any]], /) -> int:
        """Run a statement for each of some rows, and return how many rows it touched."""
        return max(self.raw.executemany(text, rows).rowcount, 0)


@define
class SqliteEngine:
    """One SQLite file: a connection that writes, and as many that read as there are readers."""

    path: str
    migrations: Sequence[Migration] = MIGRATIONS
    texts: Texts = field(default=TEXTS, init=False)
    placeholder: str = field(default="?", init=False)
    _lock: threading.RLock = field(factory=threading.RLock, init=False, repr=False)
    _writer: SqliteConnection = field(init=False, repr=False)
    _readers: list[SqliteConnection] = field(factory=list, init=False, repr=False)
    _pid: int = field(factory=os.getpid, init=False)
    _open: bool = field(default=True, init=False)

    def __attrs_post_init__(self) -> None:
        with _translated(self.path):
            self._writer = self._opened()

    @contextmanager
    def writing(self) -> Iterator[SqliteConnection]:
        """Begin a transaction that writes, after those of every other thread and process."""
        with self._lock:
            self._check()
            with _translated(self.path), _transaction(self._writer, "BEGIN IMMEDIATE"):
                yield self._writer

    @contextmanager
    def reading(self) -> Iterator[SqliteConnection]:
        """Begin a transaction that reads one snapshot, beside any that writes."""
        with self._lock:
            self._check()
            reader = self._readers.pop() if self._readers else None
        with _translated(self.path):
            if reader is None:
                reader = _connected(self.path)
                reader.run("PRAGMA query_only = ON")
            try:
                with _transaction(reader, "BEGIN"):
                    yield reader
            finally:
                self._put_back(reader)

    def _put_back(self, reader: SqliteConnection) -> None:
        with self._lock:
            if self._open and self._pid == os.getpid():
                self._readers.append(reader)
            else:
                reader.raw.close()

    def next_id(self, connection: SqliteConnection, table: str, /) -> int:
        """Return the next id of a table, which SQLite never gives twice."""
        found = connection.all("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
        return int(found[0][0]) + 1 if found else 1

    @staticmethod
    def number_out(value: float, /) -> float | str:
        """Return a float as SQLite keeps it: NaN would become NULL, so it is a text."""
        return value if value == value else "NaN"

    @staticmethod
    def number_in(value: Any, /) -> float:
        """Return the float that SQLite kept."""
        return value if value.__class__ is float else math.nan

    def constant(self, value: Any, sort: str, /) -> Any:
        """Return a constant of a condition as SQLite takes it."""
        if sort in ("numbers", "texts"):
            return json.dumps(value)
        return value.replace("[", "[[]") if sort == "glob" else value

    def tidy(self) -> None:
        """Give pages that dropped rows left back to the file system, a few at a time."""
        with self._lock:
            self._check()
            with _translated(self.path):
                self._writer.raw.executescript("PRAGMA incremental_vacuum(256)")  # `execute` would free one page

    def close(self) -> None:
        """Close every connection that is not in use."""
        with self._lock:
            if self._open:
                self._open = False
                for connection in (self._writer, *self._readers):
                    connection.raw.close()
                self._readers.clear()

    def _check(self) -> None:
        """Refuse to go on when closed; begin anew in a forked process, which may not use its parent's connections."""
        if not self._open:
            raise Unavailable("the diary is closed")
        if self._pid != os.getpid():
            _PARENTS.extend([self._writer, *self._readers])
            self._readers, self._pid = [], os.getpid()
            self._writer = _connected(self.path)
            _prepare(self._writer)

    def _opened(self) -> SqliteConnection:
        """Return the connection that writes, of a diary with the present schema."""
        folder = os.path.dirname(os.path.abspath(self.path))
        if not os.path.isdir(folder):
            raise ConfigError(f"there is no folder {folder} for the diary {os.path.basename(self.path)}; make it first")
        if os.path.exists(self.path) and os.path.getsize(self.path):
            self._check_version()
        connection = _connected(self.path)
        try:
            connection.run("PRAGMA auto_vacuum = INCREMENTAL")  # heeded only before the first table
            _prepare(connection)
            if _version(connection) < latest(self.migrations):
                self._migrate(connection)
        except BaseException:
            connection.raw.close()
            raise
        return connection

    def _check_version(self) -> None:
        """Refuse a file that is no diary, or one of a newer deardiary, without writing to it."""
        connection = _connected(self.path, readonly=True)
        try:
            version = _version(connection)
            strange = version == 0 and connection.all("SELECT name FROM sqlite_master LIMIT 1")
        finally:
            connection.raw.close()
        if strange:
            raise ConfigError(f"{self.path} is a SQLite file that deardiary did not make; give the diary another name")
        if version > latest(self.migrations):
            raise ConfigError(
                f"{self.path} has schema {version}, and this deardiary knows schemas up to {latest(self.migrations)}; "
                "try: pip install --upgrade deardiary"
            )

    def _migrate(self, connection: SqliteConnection) -> None:
        """Bring the file to the present schema, after copying what was there; one process at a time."""
        with _transaction(connection, "BEGIN IMMEDIATE"):
            version = _version(connection)
            if version == 0:
                connection.run(f"PRAGMA application_id = {_MARKER}")
            elif version < latest(self.migrations):
                self._copy(f"{self.path}.bak-v{version}")
            migrate(connection, self.texts, version=version, migrations=self.migrations)

    def _copy(self, target: str) -> None:
        """Copy the file as it is, while the lock keeps others from writing."""
        source = _connected(self.path, readonly=True)
        copy = sqlite3.connect(target)
        try:
            source.raw.backup(copy)
        finally:
            copy.close()
            source.raw.close()


_PARENTS: list[SqliteConnection] = []
"""Connections of a parent process, kept from being closed: that would drop the parent's locks."""


def _connected(path: str, *, readonly: bool = False) -> SqliteConnection:
    quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    raw = sqlite3.connect(
        f"file:{quoted}?mode={'ro' if readonly else 'rwc'}",
        uri=True,
        timeout=PATIENCE_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )
    connection = SqliteConnection(raw)
    connection.run("PRAGMA trusted_schema = OFF")
    return connection


def _prepare(connection: SqliteConnection) -> None:
    """Set what a connection that writes needs: a log ahead of the file, flushed at every commit."""
    if connection.all("PRAGMA journal_mode")[0][0] != "wal":
        _patiently(connection, "PRAGMA journal_mode = WAL")
    connection.run("PRAGMA synchronous = FULL")


def _patiently(connection: SqliteConnection, text: str) -> None:
    """Run a statement that does not wait for others by itself."""
    waits = threading.Event()
    for attempt in range(int(PATIENCE_SECONDS * 100)):
        try:
            connection.all(text)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or attempt == int(PATIENCE_SECONDS * 100) - 1:
                raise
        waits.wait(0.01)


def _version(connection: SqliteConnection) -> int:
    """Return the version of a file's schema, 0 if it has none."""
    if not connection.all("SELECT 1 FROM sqlite_master WHERE name = 'deardiary_migrations'"):
        return 0
    return int(connection.all(TEXTS.fixed["version"])[0][0])


@contextmanager
def _transaction(connection: SqliteConnection, begin: str) -> Iterator[None]:
    connection.run(begin)
    try:
        yield
        connection.run("COMMIT")
    except BaseException:
        if connection.raw.in_transaction:
            connection.run("ROLLBACK")
        raise


@contextmanager
def _translated(path: str) -> Iterator[None]:
    """Raise our errors for SQLite's, told apart by their codes."""
    try:
        yield
    except sqlite3.Error as error:
        raise _ours(error, path) from error


def _ours(error: sqlite3.Error, path: str) -> DearDiaryError:
    code = getattr(error, "sqlite_errorcode", 0)
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Unavailable(f"{path} is locked: another process has been writing for {PATIENCE_SECONDS:.0f} seconds")
        case sqlite3.SQLITE_FULL:
            return StorageFull(f"there is no room left to write to {path}")
        case sqlite3.SQLITE_IOERR if code in (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE):
            return StorageFull(f"{path} could not be written: {error}")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Corrupt(f"{path} is no diary, or a damaged one: {error}")
        case _:
            return Unavailable(f"{path} cannot be used: {error}")


def open_sqlite(url: str) -> Store:
    """Return the diary in a SQLite file, made if it is not there."""
    path = url.removeprefix("sqlite:///")
    if path == url or not path:
        raise ConfigError(
            f"{url!r} names no file; sqlite:///diary.db is one here, sqlite:////tmp/diary.db one elsewhere"
        )
    return SqlStore(SqliteEngine(path))
