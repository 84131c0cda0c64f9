"""A diary in which one always reads what one has logged."""

from contextlib import suppress
from typing import Any

from attrs import define

from deardiary.core.changes import Batch, Receipt
from deardiary.core.conditions import Measure
from deardiary.core.declared import E
from deardiary.core.entities import Summary, Writer
from deardiary.core.principals import terms_of
from deardiary.core.queries import Page, Query, Series, SeriesQuery
from deardiary.core.stores import Store
from deardiary.endings import undisturbed
from deardiary.journal.carrying import Away
from deardiary.recorder import Recorder, recorders


@define(eq=False)
class Drained:
    """A store in which one always reads what one has logged."""

    store: Store
    recorder: Recorder

    def apply(self, batch: Batch, /) -> Receipt:
        """Do all that a batch says, after what was logged before."""
        self._drain()
        return self.store.apply(batch)

    def find(self, query: Query[E], /) -> Page[E]:
        """Return the rows that answer a query."""
        if query.kind in (Summary, Writer) or self.recorder.notes or _asks_measures(query):
            self._drain()
        return self.store.find(query)

    def series(self, query: SeriesQuery, /) -> list[Series]:
        """Return the points that answer a query."""
        self._drain()
        return self.store.series(query)

    def close(self) -> None:
        """Close the store, when it has what was logged."""
        self.recorder.close()
        self.store.close()

    def _drain(self) -> None:
        for one in recorders():
            if one.is_waiting and (one is self.recorder or one.is_alike(self.recorder)):
                # A signal that ends runs waits: the thread that carries points needs what is held here.
                with suppress(Away), undisturbed():  # the store says so itself, if it cannot answer
                    one.drain()
        if self.recorder.has_forked:
            self.recorder.recover()


def _asks_measures(query: Query[Any]) -> bool:
    terms = [*terms_of(query.where), *(order.term for order in query.order)]
    return any(isinstance(term, Measure) for term in terms)
