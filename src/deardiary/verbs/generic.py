"""The five verbs that every noun understands, and what the named verbs are made of."""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, overload

from attrs import define

from deardiary.core import sentences
from deardiary.core.changes import Append, Batch, Drop, Element, Insert, Patch, Receipt
from deardiary.core.conditions import EVERY, Condition, all_of, as_condition, asked, by_id
from deardiary.core.declared import E, Entity, Kind, changed, facts
from deardiary.core.entities import Iteration, Resource
from deardiary.core.errors import Duplicate, Invalid
from deardiary.core.meaning import sort_of
from deardiary.core.points import Points
from deardiary.core.queries import Orders, Page, Query, Series, SeriesQuery
from deardiary.core.shapes import micros, now
from deardiary.core.stores import Store
from deardiary.verbs.depot import Depot
from deardiary.verbs.pages import PaginatedResponse, Pagination
from deardiary.verbs.values import measures_of

Row = TypeVar("Row", bound=Entity)


@define(eq=False)
class Diary:
    """Keeps and reads one diary, as far as its rules allow."""

    store: Store
    depot: Depot

    def add(self, entity: E) -> E:
        """Make a row, and return it as the diary keeps it."""
        if not hasattr(type(entity), "declared"):
            raise Invalid(f"{entity!r:.60} is no row; give one, such as a Project")
        kind = type(entity)
        receipt = self.store.apply(Batch([Insert(changed(entity, id=-1))]))
        return self.get(kind, receipt.ids[kind, -1])

    def get(self, kind: type[E], id: int) -> E:
        """Return the row of a kind with an id.

        Raises:
            NotFound: there is none, or none that may be seen.
        """
        id = id_of(kind, id)
        row = self._one(kind, by_id(id))
        if row is None:
            raise sentences.absent(kind, id)
        return row

    def find(
        self,
        kind: type[E],
        /,
        where: Condition = EVERY,
        *,
        order: Orders = (),
        limit: int | None = None,
        offset: int = 0,
        large: bool = False,
        **fields: Any,
    ) -> list[E]:
        """Return the rows of a kind that meet a condition and have some values in fields, in an order."""
        query = Query(_a_kind(kind), _and(kind, where, fields), order=order, limit=limit, offset=offset, large=large)
        return self._page(query).rows

    def update(self, row: Row, **values: Any) -> Row:
        """Change fields of a row, and return it as it is then."""
        row = _row(row)
        self.store.apply(Batch([Patch(type(row), row.id, values)]))
        return self.get(type(row), row.id)

    def delete(self, row: Entity) -> bool:
        """Remove a row and what it owns, and return true."""
        row = _row(row)
        self.store.apply(Batch([Drop(type(row), row.id)]))
        return True

    def count(self, kind: Kind, /, where: Condition = EVERY, **fields: Any) -> int:
        """Return how many rows of a kind meet a condition and have some values in fields."""
        return self.store.find(Query(_a_kind(kind), _and(kind, where, fields), limit=0, total=True)).total or 0

    def append(self, iteration: "Iteration | int", metrics: Mapping[str, float], step: int | None = None) -> Receipt:
        """Add a point to the series of each metric of a run, all recorded now."""
        time = micros(now())
        points = Points.of([(key, value, step, time) for key, value in measures_of(metrics).items()])
        return self.store.apply(Batch([Append(id_of(Iteration, iteration), points)]))

    def series(self, *iterations: "Iteration | int") -> list[Series]:
        """Return the points of some runs, a series for each key."""
        return self.store.series(SeriesQuery(iterations=[id_of(Iteration, one) for one in iterations]))

    # What the named verbs are made of.

    def _page(self, query: Query[E]) -> Page[E]:
        page = self.store.find(query)
        if query.kind is Resource:
            page.rows[:] = self.depot.told(page.rows)  # type: ignore[assignment,arg-type]  # resources, as just seen
        return page

    def _one(self, kind: type[E], where: Condition) -> E | None:
        rows = self.find(kind, where)
        return rows[0] if rows else None

    @overload
    def _listed(self, kind: type[E], where: Condition, page: None, order: Orders = ()) -> list[E]: ...
    @overload
    def _listed(
        self, kind: type[E], where: Condition, page: Pagination, order: Orders = ()
    ) -> PaginatedResponse[E]: ...
    @overload
    def _listed(
        self, kind: type[E], where: Condition, page: Pagination | None, order: Orders = ()
    ) -> list[E] | PaginatedResponse[E]: ...
    def _listed(
        self, kind: type[E], where: Condition, page: Pagination | None, order: Orders = ()
    ) -> list[E] | PaginatedResponse[E]:
        """Return a whole list, or the part of it that a page asks for."""
        if page is None:
            return self.find(kind, where, order=order)
        if not isinstance(page, Pagination):
            raise Invalid(f"the page is {page!r:.60}; give Pagination(limit, offset)")
        found = self._page(Query(kind, where, order=order, limit=page.limit, offset=page.offset, total=True))
        return PaginatedResponse(found.rows, found.total or 0, page.limit, page.offset)

    def _made(self, elements: Sequence[Element], kind: type[E], promise: int = -1) -> E:
        """Apply a batch, and return the row that one of its promises became."""
        receipt = self.store.apply(Batch(elements))
        return self.get(kind, receipt.ids[kind, promise])

    def _patched(self, kind: type[E], id: int, values: Mapping[str, Any], *, first: Sequence[Element] = ()) -> E:
        """Change those fields of a row that are given, and return it as it is then."""
        said = given(values)
        elements = [*first, *([Patch(kind, id, said)] if said else [])]
        if elements:
            self.store.apply(Batch(elements))
        return self.get(kind, id)

    def _dropped(self, kind: Kind, id: int) -> bool:
        self.store.apply(Batch([Drop(kind, id)]))
        return True


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that are not none: what a caller left out stays as it is."""
    return {name: value for name, value in values.items() if value is not None}


def id_of(kind: Kind, row: Any) -> int:
    """Return the id that is given as itself, as the row that has it, or as a run in the hand.

    Raises:
        Invalid: it is something else.
    """
    if row.__class__ is int:
        return int(row)
    if isinstance(row, kind):
        return row.id
    held = getattr(row, "iteration", None)
    if kind is Iteration and isinstance(held, Iteration):
        return held.id
    if hasattr(row, "__index__") and not isinstance(row, bool):
        return operator.index(row)
    said = f"{type(row).declared.noun} {row.id}" if hasattr(type(row), "declared") else f"{row!r:.60}"
    number = row.rpartition("-")[2] if kind is Iteration and isinstance(row, str) else ""
    which = f": {number}" if number.isdecimal() else ""
    raise Invalid(f"{said} is not {kind.declared.one}; give {kind.declared.one} or its id{which}")


def _a_kind(kind: type[E]) -> type[E]:
    if not isinstance(kind, type) or not hasattr(kind, "declared"):
        said = kind.__name__ if isinstance(kind, type) else f"{kind!r:.60}"
        raise Invalid(f"{said} is no kind of row; give a class such as deardiary.Iteration")
    return kind


@contextmanager
def there_already(kind: Kind, said: Callable[[int | None], str]) -> Iterator[None]:
    """Say in other words that there is a row of a kind already, by its id."""
    try:
        yield
    except Duplicate as error:
        if error.kind != kind.__name__:
            raise
        raise Duplicate(said(error.id), kind=error.kind, id=error.id) from error


def _and(kind: Kind, where: Condition, fields: Mapping[str, Any]) -> Condition:
    """Return a condition, and that some fields have some values."""
    if not fields:
        return where
    for name, value in fields.items():
        _check_sort(kind, name, value)
    more = all_of(**{name: _plain(value) for name, value in fields.items()})
    return more if where is EVERY else as_condition(where) & more


def _check_sort(kind: Kind, name: str, value: Any) -> None:
    """Refuse a text where a field holds a number, and the like: nothing would ever be found."""
    fact = facts(_a_kind(kind)).get(name)
    if fact is None or value is None or hasattr(type(value), "declared") or not isinstance(value, str | int | float):
        return
    sort = sort_of(value)
    if sort != fact.sort:
        raise Invalid(f"{kind.declared.noun} {name} is a {fact.sort}, and {value!r:.60} is a {sort}{_meant(name)}")


def _meant(name: str) -> str:
    return "; give one such as deardiary.FAILED" if name == "status_id" else ""


def _plain(value: Any) -> Any:
    """Return the id of a row, or of a run in the hand, that stands where an id belongs."""
    held = getattr(value, "iteration", None)
    if isinstance(held, Iteration):
        return held.id
    return value.id if hasattr(type(value), "declared") else value


def _row(row: Any) -> Any:
    """Return a row given as itself, or as a run in the hand."""
    held = getattr(row, "iteration", None)
    if isinstance(held, Iteration):
        return held
    if not hasattr(type(row), "declared"):
        raise Invalid(f"{row!r:.60} is no row; give one, such as a Project")
    return row


def of(field: str, id: int) -> Condition:
    """Return the condition that a field names a row."""
    return asked(field) == id
