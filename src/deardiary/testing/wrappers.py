"""Stores in front of stores: one that counts, one that is slow, one that fails."""

import threading
from collections import Counter
from typing import Literal

from attrs import define, field

from deardiary.core.changes import Batch, Receipt
from deardiary.core.declared import E
from deardiary.core.errors import Unavailable
from deardiary.core.queries import Page, Query, Series, SeriesQuery
from deardiary.core.stores import Store


@define
class Counted:
    """A store that counts its calls by verb."""

    store: Store
    calls: Counter[str] = field(factory=Counter)

    def apply(self, batch: Batch, /) -> Receipt:
        """Count, and pass on."""
        self.calls["apply"] += 1
        return self.store.apply(batch)

    def find(self, query: Query[E], /) -> Page[E]:
        """Count, and pass on."""
        self.calls["find"] += 1
        return self.store.find(query)

    def series(self, query: SeriesQuery, /) -> list[Series]:
        """Count, and pass on."""
        self.calls["series"] += 1
        return self.store.series(query)

    def close(self) -> None:
        """Pass on."""
        self.store.close()


@define
class Slow:
    """A store that takes its time before every call."""

    store: Store
    seconds: float
    _closed: threading.Event = field(factory=threading.Event)

    def apply(self, batch: Batch, /) -> Receipt:
        """Wait, and pass on."""
        self._closed.wait(self.seconds)
        return self.store.apply(batch)

    def find(self, query: Query[E], /) -> Page[E]:
        """Wait, and pass on."""
        self._closed.wait(self.seconds)
        return self.store.find(query)

    def series(self, query: SeriesQuery, /) -> list[Series]:
        """Wait, and pass on."""
        self._closed.wait(self.seconds)
        return self.store.series(query)

    def close(self) -> None:
        """Pass on, and wait no more."""
        self._closed.set()
        self.store.close()


@define
class Flaky:
    """A store whose every so many-th batch is lost before it arrives, or whose answer is lost after it was applied."""

    store: Store
    every: int
    lose: Literal["question", "answer"] = "answer"
    _count: int = 0

    def apply(self, batch: Batch, /) -> Receipt:
        """Pass on, now and then without coming back."""
        self._count += 1
        fails = self._count % self.every == 0
        if fails and self.lose == "question":
            raise Unavailable("the question was lost on its way")
        receipt = self.store.apply(batch)
        if fails:
            raise Unavailable("the answer was lost on its way")
        return receipt

    def find(self, query: Query[E], /) -> Page[E]:
        """Pass on."""
        return self.store.find(query)

    def series(self, query: SeriesQuery, /) -> list[Series]:
        """Pass on."""
        return self.store.series(query)

    def close(self) -> None:
        """Pass on."""
        self.store.close()
