"""A diary in the hand: five verbs that every noun understands, over any store."""

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define

from deardiary.core import sentences
from deardiary.core.changes import Append, Batch, Drop, Insert, Patch, Receipt
from deardiary.core.conditions import EVERY, Condition, all_of, by_id
from deardiary.core.declared import E, Entity, changed
from deardiary.core.entities import Iteration, User
from deardiary.core.guard import Guarded
from deardiary.core.points import Points
from deardiary.core.principals import Principal
from deardiary.core.queries import Orders, Query, Series, SeriesQuery
from deardiary.core.rules import DEFAULT_USER
from deardiary.core.shapes import micros, now
from deardiary.core.stores import Store
from deardiary.registry import open_store

Row = TypeVar("Row", bound=Entity)


@define
class Tracker:
    """Keeps and reads one diary, as far as its rules allow."""

    store: Store

    def add(self, entity: E) -> E:
        """Make a row, and return it as the diary keeps it."""
        receipt = self.store.apply(Batch([Insert(changed(entity, id=-1))]))
        return self.get(type(entity), receipt.ids[type(entity), -1])

    def get(self, kind: type[E], id: int) -> E:
        """Return the row of a kind with an id.

        Raises:
            NotFound: there is none, or none that may be seen.
        """
        rows = self.find(kind, by_id(id), large=True)
        if not rows:
            raise sentences.absent(kind, id)
        return rows[0]

    def find(
        self,
        kind: type[E],
        where: Condition = EVERY,
        *,
        order: Orders = (),
        limit: int | None = None,
        offset: int = 0,
        large: bool = False,
    ) -> list[E]:
        """Return the rows of a kind that meet a condition, in an order."""
        query = Query(kind, where, order=order, limit=limit, offset=offset, large=large)
        return self.store.find(query).rows

    def update(self, row: Row, **values: Any) -> Row:
        """Change fields of a row, and return it as it is then."""
        self.store.apply(Batch([Patch(type(row), row.id, values)]))
        return self.get(type(row), row.id)

    def delete(self, row: Entity) -> bool:
        """Remove a row and what it owns, and return true."""
        self.store.apply(Batch([Drop(type(row), row.id)]))
        return True

    def append(self, iteration: Iteration, metrics: Mapping[str, float], step: int | None = None) -> Receipt:
        """Add a point to the series of each metric of a run, all recorded now."""
        time = micros(now())
        points = Points.of([(key, float(value), step, time) for key, value in metrics.items()])
        return self.store.apply(Batch([Append(iteration.id, points)]))

    def series(self, *iterations: Iteration) -> list[Series]:
        """Return the points of some runs, a series for each key."""
        return self.store.series(SeriesQuery(iterations=[iteration.id for iteration in iterations]))

    def close(self) -> None:
        """Close the diary."""
        self.store.close()


def open_tracker(url: str) -> Tracker:
    """Return the diary under a URL, as its administrator `default` sees it; a new one is made with that user."""
    store = open_store(url)
    default = User(id=-1, username=DEFAULT_USER, is_admin=True)
    if not store.find(Query(User, all_of(username=DEFAULT_USER))).rows:
        store.apply(Batch([Insert(default, or_existing=True)]))
    (user,) = store.find(Query(User, all_of(username=DEFAULT_USER))).rows
    return Tracker(Guarded(store, Principal(user_id=user.id, is_admin=True)))
