"""A diary in one DuckDB file, which one process has open, and anyone may read with SQL when it is closed."""

import ctypes
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from typing import Any

import duckdb
from attrs import define, field

from deardiary.backends.sql.compiled.duckdb import TEXTS
from deardiary.backends.sql.engine import Answer, Texts
from deardiary.backends.sql.keeping import Archive
from deardiary.backends.sql.migrations import MIGRATIONS, Migration, latest, migrate
from deardiary.backends.sql.names import TABLES
from deardiary.backends.sql.patterns import like_pattern
from deardiary.backends.sql.rowwise import RowArchive
from deardiary.backends.sql.store import SqlStore
from deardiary.backends.sql.views import VIEWS
from deardiary.core.changes import Batch
from deardiary.core.declared import Kind, facts, stored
from deardiary.core.errors import ConfigError, Corrupt, DearDiaryError, Held, StorageFull, Unavailable
from deardiary.core.stores import Store

PATIENCE_SECONDS = 30.0
"""How long to wait for another thread that writes."""

LOCKED: dict[str, Any] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
}
"""What no statement is allowed to do, whoever wrote it."""

LISTED = "unnest("
"""What stands in the texts whose values come in lists, one for each column."""

COUNTERS = "ids"
"""What the counters are called that say which ids were given."""


@define(eq=False)
class DuckConnection:
    """A transaction in a DuckDB file."""

    raw: Any
    ids: dict[str, int] = field(factory=dict)
    """The greatest id given in each table, as far as the transaction has asked for one."""
    unseen: dict[str, set[tuple[Any, ...]]] = field(factory=dict)
    """The unique values of rows that the transaction has added, by table."""
    fresh: dict[str, set[int]] = field(factory=dict)
    """The ids that the transaction has given, by table."""
    mark: int = 0
    has_dropped: bool = False

    def all(self, text: str, values: Sequence[Any] = (), /) -> list[tuple[Any, ...]]:
        """Run a statement, and return its rows."""
        found: list[tuple[Any, ...]] = self.raw.execute(text, list(values)).fetchall()
        return found

    def run(self, text: str, values: Sequence[Any] = (), /) -> int:
        """Run a statement, and return how many rows it touched."""
        self.has_dropped |= text.startswith("DELETE")
        if text.startswith(("DELETE", "UPDATE")):  # what was unique may be so no longer
            self.unseen.clear()
            self.fresh.clear()
            if _has_zero(values):  # an equal value is not written, and 0.0 equals -0.0
                self.all(text, _without_zero(values))
        found = self.all(text, values)
        return int(found[0][0]) if found else 0

    def many(self, text: str, rows: Iterable[Sequence[Any]], /) -> int:
        """Run a statement for each of some rows, or for all at once, and return how many rows it touched."""
        if LISTED in text:
            return self.run(text, [list(column) for column in zip(*rows, strict=True)])
        head, values, row = text.partition(" VALUES ")
        if not values:
            return sum(self.run(text, row) for row in rows)
        given = list(rows)
        return self.run(f"{head} VALUES {', '.join([row] * len(given))}", list(chain(*given)))


def _has_zero(values: Sequence[Any]) -> bool:
    return any(_has_zero(one) if isinstance(one, list) else one.__class__ is float and one == 0.0 for one in values)


def _without_zero(values: Sequence[Any]) -> list[Any]:
    return [
        _without_zero(one) if isinstance(one, list) else 1.0 if one.__class__ is float and one == 0.0 else one
        for one in values
    ]


@define(eq=False)
class DuckFile:
    """One DuckDB file, shared by all that have it open in this process."""

    path: str
    writer: Any
    """The connection that writes."""
    ids: dict[str, int]
    """The greatest id that was ever given in each table."""
    mark: int
    """The number of the last commit."""
    readers: list[Any] = field(factory=list)
    """The connections that read and are not in use."""
    lock: Any = field(factory=threading.RLock)
    holders: int = 1
    pid: int = field(factory=os.getpid)

    @property
    def is_ours(self) -> bool:
        """Whether this process has opened it, and was not forked from one that has."""
        return self.pid == os.getpid()

    def disown(self) -> None:
        """Keep what a forked process inherited from being closed there: the file is its parent's."""
        for one in (*self.readers, self.writer):
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(one))
        self.lock, self.readers = threading.RLock(), []

    def let_go(self) -> None:
        """Close it, if nobody holds it any more."""
        self.holders -= 1
        if not self.holders:
            for one in (*self.readers, self.writer):
                one.close()
            self.readers = []


_FILES: dict[str, DuckFile] = {}
"""The files that are open in this process, by their real paths."""
_OPENING = threading.RLock()


@define(eq=False)
class DuckEngine:
    """A diary in a DuckDB file: one transaction at a time writes, and others read."""

    path: str
    migrations: Sequence[Migration] = MIGRATIONS
    texts: Texts = field(default=TEXTS, init=False)
    placeholder: str = field(default="?", init=False)
    counts_commits: bool = field(default=True, init=False)
    _file: DuckFile = field(init=False, repr=False)
    _open: bool = field(default=True, init=False)

    def __attrs_post_init__(self) -> None:
        path = os.path.realpath(self.path)
        with _OPENING, _translated(self.path):
            known = _FILES.get(path)
            if known is not None and known.holders and known.is_ours:
                known.holders += 1
                self._file = known
                return
            if known is not None and known.holders:
                raise Held(_inherited(self.path, known.pid))
            self._file = _FILES[path] = self._opened()

    def write(
        self,
        work: Callable[[DuckConnection], Answer],
        /,
        *,
        batch: Batch | None = None,  # noqa: ARG002  # one writes at a time: nothing is to be locked
        run: int | None = None,  # noqa: ARG002
        patience_seconds: float | None = None,
    ) -> Answer:
        """Do some work in a transaction."""
        seconds = PATIENCE_SECONDS if patience_seconds is None else patience_seconds
        file = self._checked()
        if not file.lock.acquire(timeout=seconds):
            raise Unavailable(f"{self.path} is being written by another thread")
        try:
            with _translated(self.path):
                connection = DuckConnection(self._checked().writer, mark=file.mark)
                with _transaction(connection.raw):
                    answer = work(connection)
                    if connection.has_dropped:
                        self._keep_counters(connection)
                    # Before the commit: whatever comes after it, no id and no mark is given twice.
                    file.ids.update(connection.ids)
                    file.mark = connection.mark
            return answer
        finally:
            file.lock.release()

    def read(self, work: Callable[[DuckConnection], Answer], /) -> Answer:
        """Do some work in a transaction that reads one snapshot."""
        with self.reading() as connection:
            return work(connection)

    @contextmanager
    def reading(self) -> Iterator[DuckConnection]:
        """Begin a transaction that reads one snapshot, beside any that writes."""
        file = self._checked()
        with _translated(self.path):
            with file.lock:
                raw = file.readers.pop() if file.readers else self._checked().writer.cursor()
                connection = DuckConnection(raw, mark=file.mark)
                raw.execute("BEGIN")
                raw.execute("SELECT 1 FROM deardiary_migrations LIMIT 1").fetchall()  # the snapshot begins here
            with _rolled_back(raw):
                yield connection
                raw.execute("COMMIT")
            if file.holders:
                file.readers.append(raw)
            else:
                raw.close()

    def archive(self) -> Archive:
        """Return what keeps the points: as rows, of which DuckDB makes columns."""
        return RowArchive(self)

    def mark(self, connection: DuckConnection, /) -> int:
        """Return the number of the commit to be."""
        connection.mark = self._file.mark + 1
        return connection.mark

    def mark_now(self, connection: DuckConnection, /) -> int:
        """Return the number of the last commit."""
        return connection.mark

    def ids(self, connection: DuckConnection, table: str, _: int = 1, /) -> Iterator[int]:
        """Yield ids that were never given."""
        connection.ids.setdefault(table, self._file.ids.get(table, 0))
        while True:
            connection.ids[table] += 1
            connection.fresh.setdefault(table, set()).add(connection.ids[table])
            yield connection.ids[table]

    def ids_after(self, connection: DuckConnection, table: str, id: int, others: Iterator[int], /) -> Iterator[int]:
        """Yield ids that come after one which was given."""
        connection.ids[table] = max(connection.ids.get(table, self._file.ids.get(table, 0)), id)
        return others

    def insert(self, connection: DuckConnection, kind: Kind, rows: Sequence[Sequence[Any]], /) -> int:
        """Insert rows of a kind but those whose unique values are taken, and return how many were."""
        free = self._free(connection, kind, rows)
        if free:
            connection.many(self.texts.fixed[f"insert {kind.__name__}"], free)
        return len(free)

    def lock(self, _: DuckConnection, __: str, ___: Sequence[int], /) -> None:
        """Do nothing: nobody else writes."""

    @staticmethod
    def number_out(value: float, /) -> float:
        """Return a float as DuckDB keeps it."""
        return value

    @staticmethod
    def number_in(value: Any, /) -> float:
        """Return the float that DuckDB kept."""
        return float(value)

    def constant(self, value: Any, sort: str, /) -> Any:
        """Return a constant of a condition as DuckDB takes it."""
        return like_pattern(value) if sort == "glob" else value

    def tidy(self, *, wholly: bool = False) -> None:
        """Do nothing: DuckDB uses the room of dropped rows again by itself."""

    def close(self) -> None:
        """Close every connection that is not in use."""
        if self._open:
            self._open = False
            if self._file.is_ours:
                with _OPENING, self._file.lock:
                    self._file.let_go()

    # What is unique.

    def _free(self, connection: DuckConnection, kind: Kind, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """Return the rows whose unique values are not taken by others, and note these."""
        names, table = stored(kind), TABLES[kind.__name__]
        places = [names.index(name) for name in kind.declared.unique]
        wanted = [tuple(row[place] for place in places) for row in rows]
        known = connection.unseen.setdefault(table, set())
        taken = known | self._taken(connection, kind, wanted)
        free = []
        for row, unique in zip(rows, wanted, strict=True):
            if unique not in taken:
                taken.add(unique)
                known.add(unique)
                free.append(row)
        return free

    def _taken(self, connection: DuckConnection, kind: Kind, wanted: Sequence[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
        """Return which unique values rows have, but those whose owner the transaction has just made."""
        first = kind.declared.unique[0]
        owner = facts(kind)[first].names
        fresh = connection.fresh.get(TABLES[owner], set()) if owner in TABLES else set()
        asked = sorted({unique[0] for unique in wanted} - fresh)
        if not asked:
            return set()
        said = ", ".join(f'"{name}"' for name in kind.declared.unique)
        marks = ", ".join("?" * len(asked))
        return set(connection.all(f'SELECT {said} FROM "{TABLES[kind.__name__]}" WHERE "{first}" IN ({marks})', asked))

    # Opening.

    def _checked(self) -> DuckFile:
        """Return the file; refuse to go on when the diary is closed or this process was forked."""
        if not self._file.is_ours:
            raise Held(_inherited(self.path, self._file.pid))
        if not self._open:
            raise Unavailable("the diary is closed")
        return self._file

    def _opened(self) -> DuckFile:
        """Return the file, with the present schema."""
        folder = os.path.dirname(os.path.abspath(self.path))
        if not os.path.isdir(folder):
            raise ConfigError(f"there is no folder {folder} for the diary {os.path.basename(self.path)}; make it first")
        raw = duckdb.connect(self.path, config=LOCKED)
        try:
            raw.execute("SET lock_configuration = true")
            self._bring_up(DuckConnection(raw))
            return DuckFile(self.path, raw, *_counted(DuckConnection(raw)))
        except BaseException:
            raw.close()
            raise

    def _bring_up(self, connection: DuckConnection) -> None:
        """Bring the file to the present schema."""
        tables = {name for (name,) in connection.all("SELECT table_name FROM duckdb_tables()")}
        known = "deardiary_migrations" in tables
        if tables and not known:
            raise ConfigError(f"{self.path} is a DuckDB file that deardiary did not make; give the diary another name")
        version = int(connection.all(TEXTS.fixed["version"])[0][0]) if known else 0
        if version > latest(self.migrations):
            raise ConfigError(
                f"{self.path} has schema {version}, and this deardiary knows schemas up to {latest(self.migrations)}; "
                "try: pip install --upgrade deardiary"
            )
        if version == latest(self.migrations):
            return
        with _transaction(connection.raw):
            migrate(connection, self.texts, version=version, migrations=self.migrations)
            for view in VIEWS:
                connection.run(view)

    def _keep_counters(self, connection: DuckConnection) -> None:
        """Keep what ids were given and how many commits there were, since rows that told it may be gone."""
        last: Mapping[str, int] = {**self._file.ids, **connection.ids, "": connection.mark}
        names = [f"{COUNTERS}:{table}" for table in last]
        connection.run("DELETE FROM counters WHERE owner_id = 0 AND name IN (SELECT unnest(?))", [names])
        connection.run(
            "INSERT INTO counters (name, owner_id, last) SELECT unnest(CAST(? AS TEXT[])), 0, "
            "unnest(CAST(? AS BIGINT[]))",
            [names, list(last.values())],
        )


def _counted(connection: DuckConnection) -> tuple[dict[str, int], int]:
    """Return the greatest id that was ever given in each table, and the number of the last commit.

    Ids are lost by drops only, and with these the counters are kept.
    """
    kept: dict[str, int] = {
        name.partition(":")[2]: last
        for name, last in connection.all("SELECT name, last FROM counters WHERE owner_id = 0")
        if name.startswith(f"{COUNTERS}:")
    }
    asked = " UNION ALL ".join(f"SELECT '{table}', max(id), max(mark) FROM \"{table}\"" for table in TABLES.values())
    found = connection.all(asked)
    ids = {table: max(last or 0, kept.get(table, 0)) for table, last, _ in found}
    batches = connection.all("SELECT max(mark) FROM batches")[0][0]
    marks = [mark for _, _, mark in found if mark is not None]
    return ids, max([0, batches or 0, kept.get("", 0), *marks])


def _after_fork() -> None:
    for file in list(_FILES.values()):
        if file.holders:
            file.disown()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


@contextmanager
def _transaction(raw: Any) -> Iterator[None]:
    raw.execute("BEGIN")
    with _rolled_back(raw):
        yield
        raw.execute("COMMIT")


@contextmanager
def _rolled_back(raw: Any) -> Iterator[None]:
    """Leave no transaction open after an error, whenever it comes."""
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # which has rolled back by itself
            raw.execute("ROLLBACK")
        raise


@contextmanager
def _translated(path: str) -> Iterator[None]:
    """Raise our errors for DuckDB's, told apart by their types."""
    try:
        yield
    except duckdb.Error as error:
        raise _ours(error, path) from error


def _ours(error: Exception, path: str) -> DearDiaryError:
    match error:
        case duckdb.FatalException() | duckdb.SerializationException() | duckdb.InternalException():
            return Corrupt(f"{path} is no diary, or a damaged one: {error}")
        case duckdb.IOException() | duckdb.TransactionException():  # of both kinds if a commit cannot be written
            holder = holder_of(path)
            if holder:
                return Held(held(path, holder))
            if _is_full(path):
                return StorageFull(f"there is no room left to write to {path}")
            if _is_strange(path):
                return Corrupt(f"{path} is no diary, or a damaged one: {error}")
            return Unavailable(f"{path} cannot be used: {error}")
        case duckdb.OutOfMemoryException():
            return StorageFull(f"there is no memory or room left to write to {path}: {error}")
        case _:
            return Unavailable(f"{path} cannot be used: {error}")


def _inherited(path: str, pid: int) -> str:
    return f"{path} is open in the process {pid}, from which this one was forked; here runs can only be logged to"


def held(path: str, pid: int) -> str:
    """Return what to do about a file that another process has open."""
    return (
        f"{path} is open in the process {pid}, and one process at a time can have a DuckDB diary open; close it there, "
        "log to a run of it with init(resume=<its number>), use a diary on SQLite or Postgres, or a server"
    )


def holder_of(path: str) -> int:
    """Return the process that has a file open and locked, if it is another one; or 0."""
    import fcntl
    import struct

    if _is_open_here(path):
        return 0
    asked = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    try:
        with open(path, "rb+") as file:
            kind, _, _, _, pid = struct.unpack("hhqqi", fcntl.fcntl(file, fcntl.F_GETLK, asked))
    except OSError:
        return 0
    return 0 if kind == fcntl.F_UNLCK else int(pid)


def _is_open_here(path: str) -> bool:
    """Return whether this process has a file open; to open it once more and close it would give up its lock."""
    known = _FILES.get(os.path.realpath(path))
    return known is not None and known.holders > 0 and known.is_ours


def _is_strange(path: str) -> bool:
    """Return whether a file is there that DuckDB did not make."""
    if _is_open_here(path):
        return False
    try:
        with open(path, "rb") as file:
            return file.read(12)[8:] != b"DUCK"
    except OSError:
        return False


def _is_full(path: str) -> bool:
    try:
        free = os.statvfs(os.path.dirname(os.path.abspath(path)))
    except OSError:
        return False
    return free.f_bavail * free.f_frsize < 2**20


def open_duckdb(url: str) -> Store:
    """Return the diary in a DuckDB file, made if it is not there."""
    path = url.removeprefix("duckdb:///")
    if path == url or not path:
        raise ConfigError(
            f"{url!r} names no file; duckdb:///diary.duckdb is one here, duckdb:////tmp/diary.duckdb one elsewhere"
        )
    if os.path.basename(path) == ":memory:":
        raise ConfigError(f"{url} would be a file of that name; a diary in memory is memory://")
    if "?" in path:
        raise ConfigError(f"{url} has a ? in it, after which DuckDB looks for no file; choose a path without one")
    return SqlStore(DuckEngine(path))
