"""A store from two or three functions: over a log of lines, or over a shelf of keys and values."""

import errno
import json
import threading
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from attrs import define, field

from deardiary.core.book import SeriesBook
from deardiary.core.changes import Batch, Receipt
from deardiary.core.declared import E
from deardiary.core.errors import Corrupt, DearDiaryError, StorageFull, Unavailable
from deardiary.core.keeping import value_in, value_out
from deardiary.core.ledger import Drawers, Key, Value
from deardiary.core.matching import page
from deardiary.core.queries import Page, Query, Series, SeriesQuery
from deardiary.core.settle import settle
from deardiary.core.wire import to_line

Answer = TypeVar("Answer")


class Log(Protocol):
    """Numbered lines of bytes, each taken once: a file, a topic, objects named by number."""

    def read(self, after: int, /) -> Iterable[bytes]:
        """Yield the lines after the first so many, in order; a torn last line is absent."""
        ...

    def append(self, after: int, line: bytes, /) -> bool:
        """Add a line if there are exactly so many, and make it last; else do nothing and return false."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


@define
class LoggedStore:
    """A diary kept as a log of what each commit put and deleted; what it says is held in memory."""

    _log: Log
    _view: Drawers = field(factory=Drawers, init=False)
    _lines: int = field(default=0, init=False)
    _lock: threading.RLock = field(factory=threading.RLock, init=False, repr=False)
    _open: bool = field(default=True, init=False)

    def apply(self, batch: Batch, /) -> Receipt:
        """Do all that a batch says, or nothing of it."""
        with self._lock:
            while True:
                self._refresh()
                receipt, puts, deletes = settle(batch, self._view)
                if not puts and not deletes:
                    return receipt
                said = {"put": {key: value_out(value) for key, value in puts.items()}, "drop": sorted(deletes)}
                if self._append(to_line(said)):
                    self._view.commit(puts, deletes)
                    self._lines += 1
                    return receipt

    def _append(self, line: bytes) -> bool:
        try:
            return self._log.append(self._lines, line)
        except OSError as error:
            if isinstance(error, DearDiaryError):
                raise
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise StorageFull(f"the log has no room for {len(line):,} bytes more: {error}") from error
            raise Unavailable(f"the log cannot be written: {error}") from error

    def find(self, query: Query[E], /) -> Page[E]:
        """Return the rows that answer a query."""
        with self._lock:
            self._refresh()
            return page(query, self._view)

    def series(self, query: SeriesQuery, /) -> list[Series]:
        """Return the points that answer a query."""
        with self._lock:
            self._refresh()
            return SeriesBook(self._view).read(query)

    def close(self) -> None:
        """Close the log."""
        with self._lock:
            if self._open:
                self._open = False
                self._log.close()

    def _refresh(self) -> None:
        """Take in what others have written."""
        if not self._open:
            raise Unavailable("the diary is closed")
        for line in self._log.read(self._lines):
            self._view.commit(*self._read(line))
            self._lines += 1

    def _read(self, line: bytes) -> tuple[dict[Key, Value], list[Key]]:
        try:
            said = json.loads(line)
            return {key: value_in(value) for key, value in said["put"].items()}, said["drop"]
        except (ValueError, KeyError, TypeError, Corrupt) as error:
            raise Corrupt(f"line {self._lines + 1} of the log is damaged: {error!r:.120}") from None


class Shelf(Protocol):
    """Keys and values of bytes with a version that every commit moves: a key-value database."""

    def version(self) -> int:
        """Return how many commits there were."""
        ...

    def get(self, key: Key, /) -> bytes | None:
        """Return the value under a key, or none."""
        ...

    def scan(self, prefix: str, /) -> Iterable[tuple[Key, bytes]]:
        """Return the keys and values whose key begins with a prefix."""
        ...

    def commit(self, puts: dict[Key, bytes], deletes: set[Key], if_version: int, /) -> bool:
        """Put and delete all of it if the version is still this one, and move it on; else return false."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


@define
class _Opened:
    """A shelf as `settle` sees it: values, not bytes."""

    shelf: Shelf

    def get(self, key: Key, /) -> Value | None:
        data = self.shelf.get(key)
        return None if data is None else _unpacked(key, data)

    def scan(self, prefix: str, /) -> list[tuple[Key, Value]]:
        found = ((key, _unpacked(key, data)) for key, data in self.shelf.scan(prefix))
        return sorted(found, key=lambda one: one[0])


@define
class ShelfStore:
    """A diary kept as keys and values on someone else's shelf."""

    _shelf: Shelf
    _lock: threading.RLock = field(factory=threading.RLock, init=False, repr=False)
    _open: bool = field(default=True, init=False)

    def apply(self, batch: Batch, /) -> Receipt:
        """Do all that a batch says, or nothing of it."""
        with self._lock:
            while True:
                self._check_open()
                version = self._shelf.version()
                try:
                    receipt, puts, deletes = settle(batch, _Opened(self._shelf))
                except Exception:
                    if self._shelf.version() != version:
                        continue  # it was judged while another commit moved the rows
                    raise
                if not puts and not deletes:
                    return receipt
                if self._shelf.commit(_packed(puts), deletes, version):
                    return receipt

    def find(self, query: Query[E], /) -> Page[E]:
        """Return the rows that answer a query."""
        return self._read(lambda: page(query, _Opened(self._shelf)))

    def series(self, query: SeriesQuery, /) -> list[Series]:
        """Return the points that answer a query."""
        return self._read(lambda: SeriesBook(_Opened(self._shelf)).read(query))

    def close(self) -> None:
        """Close the shelf."""
        with self._lock:
            if self._open:
                self._open = False
                self._shelf.close()

    def _read(self, answer: Callable[[], Answer]) -> Answer:
        """Return an answer of one version; a read whose version moved is done again."""
        with self._lock:
            while True:
                self._check_open()
                version = self._shelf.version()
                try:
                    given = answer()
                except Exception:
                    if self._shelf.version() != version:
                        continue
                    raise
                if self._shelf.version() == version:
                    return given

    def _check_open(self) -> None:
        if not self._open:
            raise Unavailable("the diary is closed")


def _unpacked(key: Key, data: bytes) -> Value:
    try:
        return value_in(json.loads(data))
    except (ValueError, Corrupt) as error:
        raise Corrupt(f"what the shelf keeps under {key} is damaged: {error!r:.120}") from None


def _packed(puts: dict[Key, Value]) -> dict[Key, bytes]:
    return {key: to_line(value_out(value)) for key, value in puts.items()}
