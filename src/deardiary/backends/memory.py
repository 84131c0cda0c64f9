"""The executable specification: `settle` over dictionaries, gone with the process."""

import threading

from attrs import define, field

from deardiary.core.book import SeriesBook
from deardiary.core.changes import Batch, Receipt
from deardiary.core.declared import E
from deardiary.core.errors import Unavailable
from deardiary.core.ledger import Drawers
from deardiary.core.matching import page
from deardiary.core.queries import Page, Query, Series, SeriesQuery
from deardiary.core.settle import settle
from deardiary.core.stores import Store


@define
class MemoryStore:
    """A diary in memory."""

    _view: Drawers = field(factory=Drawers, init=False)
    _lock: threading.RLock = field(factory=threading.RLock, init=False, repr=False)
    _open: bool = field(default=True, init=False)

    def apply(self, batch: Batch, /) -> Receipt:
        """Do all that a batch says, or nothing of it."""
        with self._lock:
            self._check_open()
            receipt, puts, deletes = settle(batch, self._view)
            self._view.commit(puts, deletes)
            return receipt

    def find(self, query: Query[E], /) -> Page[E]:
        """Return the rows that answer a query."""
        with self._lock:
            self._check_open()
            return page(query, self._view)

    def series(self, query: SeriesQuery, /) -> list[Series]:
        """Return the points that answer a query."""
        with self._lock:
            self._check_open()
            return SeriesBook(self._view).read(query)

    def close(self) -> None:
        """Forget everything."""
        self._open = False
        self._view = Drawers()

    def _check_open(self) -> None:
        if not self._open:
            raise Unavailable("the diary is closed")


def open_memory(url: str) -> Store:  # noqa: ARG001  # an opener is given the URL
    """Return a new, empty diary."""
    return MemoryStore()
