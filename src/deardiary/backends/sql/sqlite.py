"""A diary in one SQLite file, which many processes may write at once."""

import json
import math
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any, Literal
from weakref import WeakSet

from attrs import define, field

from deardiary.backends.sql.archive import ChunkArchive
from deardiary.backends.sql.compiled.sqlite import TEXTS
from deardiary.backends.sql.engine import Answer, Texts
from deardiary.backends.sql.keeping import Archive
from deardiary.backends.sql.migrations import MIGRATIONS, Migration, latest, migrate
from deardiary.backends.sql.store import SqlStore
from deardiary.core.changes import Batch
from deardiary.core.declared import Kind
from deardiary.core.errors import ConfigError, Corrupt, DearDiaryError, StorageFull, Unavailable
from deardiary.core.stores import Store

PATIENCE_SECONDS = 30.0
"""How long to wait for another process that writes."""

TRY_SECONDS = 0.05
"""How long at once to wait for it."""

PAUSE_SECONDS = 0.001
"""How long to let other threads have their turn meanwhile."""

HASTE_SECONDS = 0.2
"""How long to wait when it is about room only, which can be given back at any time."""

FEW_PAGES = 32
"""So few free pages are not worth a commit of their own; they will be used again."""

_MARKER = 0x64656172
"""What SQLite's header says of a file that is a diary: the letters d, e, a, r."""


@define(eq=False)
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


@define(eq=False)
class SqliteEngine:
    """One SQLite file: a connection that writes, and as many that read as there are readers."""

    path: str
    migrations: Sequence[Migration] = MIGRATIONS
    texts: Texts = field(default=TEXTS, init=False)
    placeholder: str = field(default="?", init=False)
    counts_commits: bool = field(default=True, init=False)
    _lock: threading.RLock = field(factory=threading.RLock, init=False, repr=False)
    _writer: SqliteConnection | None = field(default=None, init=False, repr=False)
    _readers: list[SqliteConnection] = field(factory=list, init=False, repr=False)
    _reading: list[int] = field(factory=list, init=False, repr=False)
    """The threads that are reading."""
    _forking: int = field(default=0, init=False, repr=False)
    """The thread that is about to fork."""
    _pid: int = field(factory=os.getpid, init=False)
    _open: bool = field(default=True, init=False)

    def __attrs_post_init__(self) -> None:
        with _translated(self.path):
            self._writer = _hasty(self._opened())
        _ENGINES.add(self)

    def write(
        self,
        work: Callable[[SqliteConnection], Answer],
        /,
        *,
        batch: Batch | None = None,  # noqa: ARG002  # one writes at a time: nothing is to be locked
        run: int | None = None,  # noqa: ARG002
        patience_seconds: float | None = None,
    ) -> Answer:
        """Do some work in a transaction."""
        with self.writing(patience_seconds=patience_seconds) as connection:
            return work(connection)

    @contextmanager
    def writing(self, *, patience_seconds: float | None = None) -> Iterator[SqliteConnection]:
        """Begin a transaction that writes, after those of every other thread and process.

        While another process writes, the lock among threads is let go again and again: those that read or fork need
        it for a moment, and are not to wait for someone else's transaction.
        """
        until = time.monotonic() + (PATIENCE_SECONDS if patience_seconds is None else patience_seconds)
        while True:
            with self._alone(until - time.monotonic()) as writer, _rolled_back(writer):
                if _has_begun(writer, is_last=time.monotonic() >= until):
                    yield writer
                    writer.run("COMMIT")
                    return
            time.sleep(PAUSE_SECONDS)

    @contextmanager
    def _alone(self, seconds: float) -> Iterator[SqliteConnection]:
        """Keep other threads from the connection that writes; wait for them only so long."""
        if not self._lock.acquire(timeout=max(seconds, 0)):
            raise Unavailable(f"{self.path} is being written by another thread")
        try:
            with _translated(self.path):
                yield self._checked()
        finally:
            self._lock.release()

    def read(self, work: Callable[[SqliteConnection], Answer], /) -> Answer:
        """Do some work in a transaction that reads one snapshot."""
        with self.reading() as connection:
            return work(connection)

    @contextmanager
    def reading(self) -> Iterator[SqliteConnection]:
        """Begin a transaction that reads one snapshot, beside any that writes."""
        with self._lock, _translated(self.path):
            self._checked()
            reader = self._readers.pop() if self._readers else self._reader()
            self._reading.append(threading.get_ident())
        with _translated(self.path):
            try:
                with _transaction(reader, "BEGIN"):
                    yield reader
            finally:
                self._put_back(reader)

    def _reader(self) -> SqliteConnection:
        reader = _connected(self.path, mode="rw")
        reader.run("PRAGMA query_only = ON")
        return reader

    def _put_back(self, reader: SqliteConnection) -> None:
        # Without the lock, which a thread that forks holds while it waits for those that read.
        (self._readers if self._pid == os.getpid() else _PARENTS).append(reader)
        self._reading.remove(threading.get_ident())
        if not self._open:
            self._close_readers()

    def _close_readers(self) -> None:
        with suppress(IndexError):  # another thread closed the last one
            while self._readers:
                self._readers.pop().raw.close()

    def archive(self) -> Archive:
        """Return what keeps the points: rows one by one would take five times the room."""
        return ChunkArchive(self)

    def mark(self, connection: SqliteConnection, /) -> int:
        """Return the number of the commit to be."""
        return int(connection.all(self.texts.fixed["sequence"])[0][0])

    def mark_now(self, connection: SqliteConnection, /) -> int:
        """Return the number of the last commit."""
        return int(connection.all(self.texts.fixed["sequence now"])[0][0])

    def ids(self, connection: SqliteConnection, table: str, _: int = 1, /) -> Iterator[int]:
        """Yield ids that SQLite has never given."""
        found = connection.all("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
        return count(found[0][0] + 1 if found else 1)

    def ids_after(self, _: SqliteConnection, __: str, id: int, others: Iterator[int], /) -> Iterator[int]:
        """Yield ids that come after one which was given."""
        return count(max(next(others), id + 1))

    def insert(self, connection: SqliteConnection, kind: Kind, rows: Sequence[Sequence[Any]], /) -> int:
        """Insert rows of a kind but those whose unique values are taken, and return how many were."""
        return connection.many(self.texts.fixed[f"insert {kind.__name__}"], rows)

    def lock(self, _: SqliteConnection, __: str, ___: Sequence[int], /) -> None:
        """Do nothing: nobody else writes."""

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

    def tidy(self, *, wholly: bool = False) -> None:
        """Give pages that dropped rows left back to the file system, some at a time."""
        with suppress(Unavailable):  # someone writes: there will be another time
            with self._alone(HASTE_SECONDS) as writer:
                is_left = _free(writer, 2048 if wholly else 256, but=FEW_PAGES if wholly else 0)
            while wholly and is_left:
                with self._alone(HASTE_SECONDS) as writer:
                    is_left = _free(writer, 2048, but=FEW_PAGES)

    def close(self) -> None:
        """Close every connection that is not in use."""
        with self._lock:
            if self._open:
                self._open = False
                self._let_go()

    def _checked(self) -> SqliteConnection:
        """Return the connection that writes, which a fork has closed; refuse to go on when the diary is closed."""
        if not self._open:
            raise Unavailable("the diary is closed")
        self._disown()
        if self._writer is None:
            writer = _connected(self.path, mode="rw")
            _prepare(writer)
            self._writer = _hasty(writer)
        return self._writer

    def _let_go(self) -> None:
        """Close every connection that is not in use."""
        self._disown()
        if self._writer is not None:
            self._writer.raw.close()
            self._writer = None
        self._close_readers()

    def _disown(self) -> None:
        """Leave alone what a forked process inherited after all: it may neither use nor close it."""
        if self._pid != os.getpid():
            _PARENTS.extend([one for one in (self._writer, *self._readers) if one is not None])
            self._writer, self._readers, self._pid = None, [], os.getpid()
            self._reading = [one for one in self._reading if one == threading.get_ident()]

    # Forks.

    def before_fork(self) -> None:
        """Let go of every connection, and let no other thread use one until the fork is over.

        SQLite knows its locks by file, in memory. A process that inherited a connection takes its parent's locks for
        its own, so that its log is deleted under its feet when the parent closes the diary.
        """
        if not self._lock.acquire(timeout=PATIENCE_SECONDS):
            return
        self._forking = threading.get_ident()
        if self._writer is not None and self._writer.raw.in_transaction:
            return  # this very thread forks amid a transaction
        until = time.monotonic() + PATIENCE_SECONDS
        while any(one != self._forking for one in self._reading) and time.monotonic() < until:
            time.sleep(0.001)
        with suppress(sqlite3.Error):
            self._let_go()

    def after_fork(self) -> None:
        """Let threads use connections again, in the parent and in the child."""
        if self._forking == threading.get_ident():
            self._forking = 0
            self._lock.release()

    def _opened(self) -> SqliteConnection:
        """Return the connection that writes, of a diary with the present schema."""
        folder = os.path.dirname(os.path.abspath(self.path))
        if not os.path.isdir(folder):
            raise ConfigError(f"there is no folder {folder} for the diary {os.path.basename(self.path)}; make it first")
        if os.path.exists(self.path) and os.path.getsize(self.path):
            self._check_version()
        connection = _connected(self.path)
        try:
            if not connection.all("PRAGMA page_count")[0][0]:
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
        connection = _connected(self.path, mode="ro")
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
        source = _connected(self.path, mode="ro")
        copy = sqlite3.connect(target)
        try:
            source.raw.backup(copy)
        finally:
            copy.close()
            source.raw.close()


_PARENTS: list[SqliteConnection] = []
"""Connections of a parent process, kept from being closed: that would drop the parent's locks."""

_ENGINES: WeakSet[SqliteEngine] = WeakSet()
"""What a fork waits for."""


def _before_fork() -> None:
    for engine in list(_ENGINES):
        engine.before_fork()


def _after_fork() -> None:
    for engine in list(_ENGINES):
        engine.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)


def _connected(path: str, *, mode: Literal["ro", "rw", "rwc"] = "rwc") -> SqliteConnection:
    quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    raw = sqlite3.connect(
        f"file:{quoted}?mode={mode}",
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


def _hasty(connection: SqliteConnection) -> SqliteConnection:
    """Let a connection wait only a moment at once for other processes that write."""
    connection.run(f"PRAGMA busy_timeout = {TRY_SECONDS * 1000:.0f}")
    return connection


def _has_begun(connection: SqliteConnection, *, is_last: bool) -> bool:
    """Begin to write, and return whether no other process was writing; raise at the last try."""
    try:
        connection.run("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if is_last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _free(connection: SqliteConnection, pages: int, *, but: int = 0) -> bool:
    """Give so many pages back, unless they are few, and return whether there are more that can be."""
    before = connection.all("PRAGMA freelist_count")[0][0]
    if before <= but:
        return False
    connection.raw.executescript(f"PRAGMA incremental_vacuum({pages})")  # `execute` would free one page
    left = connection.all("PRAGMA freelist_count")[0][0]
    return bool(0 < left < before)


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
    with _rolled_back(connection):
        connection.run(begin)
        yield
        connection.run("COMMIT")


@contextmanager
def _rolled_back(connection: SqliteConnection) -> Iterator[None]:
    """Leave no transaction open after an error, whenever it comes."""
    try:
        yield
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
    if os.path.basename(path) == ":memory:":
        raise ConfigError(f"{url} would be a file of that name; a diary in memory is memory://")
    return SqlStore(SqliteEngine(path))
