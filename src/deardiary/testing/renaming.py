"""Two diaries that say the same under different ids: which id of the one is which of the other."""

import os
from collections.abc import Mapping
from typing import Any

from attrs import define, evolve, field

from deardiary.core.changes import Append, Drop, Element, Expect, Insert, Patch
from deardiary.core.conditions import Among, Compare, Condition, Field, Term, rewritten
from deardiary.core.declared import Entity, Kind, changed, facts, kind_named, references, target
from deardiary.core.entities import Iteration, Metric, Summary
from deardiary.core.points import place_of, point_id
from deardiary.core.queries import Query, Series, SeriesQuery

FAR_SERIES = 2**31
"""Where series that are in neither diary are sent; their points' ids still fit in 64 bits."""


def _far() -> int:
    """Return where ids that are in neither diary are sent, so that they hit no row, new ones each time."""
    return 2**62 + int.from_bytes(os.urandom(6), "big") * 1000


@define
class Renaming:
    """Which id of the store is which of the model, kind by kind; it keeps the order."""

    far: int = field(factory=_far)
    _there: dict[tuple[Kind, int], int] = field(factory=dict)
    _back: dict[tuple[Kind, int], int] = field(factory=dict)

    def note(self, kind: Kind, model: int, store: int) -> None:
        """Remember a pair of ids, and check that it fits those known."""
        known = self._there.get((kind, model))
        assert known in (None, store), f"{kind.__name__} {model} was {known} in the store, and now is {store}"
        if known is None:
            lower = [id for (other, n), id in self._there.items() if other is kind and n < model]
            upper = [id for (other, n), id in self._there.items() if other is kind and n > model]
            fits = max(lower, default=store - 1) < store < min(upper, default=store + 1)
            assert fits, f"{kind.__name__} {store} is out of order: ids must grow"
        self._there[kind, model] = store
        self._back[kind, store] = model

    # From the model to the store.

    def id(self, kind: Kind, id: int) -> int:
        """Return the store's id of a row; promises and zero stand for themselves."""
        if id <= 0:
            return id
        if kind is Metric:
            series, number = place_of(id)
            return (
                point_id(self._there.get((Summary, series), FAR_SERIES + series), number) if series < FAR_SERIES else id
            )
        if id >= self.far:
            return id
        return self._there.get((kind, id), self.far + id if id < 1000 else id)

    def element(self, element: Element) -> Element:
        """Return a change or an expectation as the store must be told."""
        match element:
            case Insert(entity):
                return evolve(element, entity=self._row(entity))
            case Patch(kind, where, values):
                return evolve(element, where=self.where(kind, where), values=self._values(kind, values))
            case Drop(kind, where) | Expect(kind, where):
                return evolve(element, where=self.where(kind, where))
            case Append(iteration_id):
                return evolve(element, iteration_id=self.id(Iteration, iteration_id))

    def query(self, query: Query[Any]) -> Query[Any]:
        """Return a query as the store must be asked."""
        return evolve(query, where=self.where(query.kind, query.where))

    def series_query(self, query: SeriesQuery) -> SeriesQuery:
        """Return a series query as the store must be asked."""
        return evolve(
            query,
            iterations=[self.id(Iteration, id) for id in query.iterations],
            ids=[self.id(Metric, id) for id in query.ids],
        )

    def where(self, kind: Kind, condition: Condition) -> Condition:
        """Return a condition with the store's ids."""

        def change(part: Condition) -> Condition:
            match part:
                case Compare(term, operator, value) if _is_id(value) and (named := _named(kind, term)):
                    return Compare(term, operator, self.id(named, value))  # type: ignore[arg-type]  # an id, as just seen
                case Among(term, values) if named := _named(kind, term):
                    return Among(term, tuple(self.id(named, value) if _is_id(value) else value for value in values))  # type: ignore[arg-type]
                case _:
                    return part

        return rewritten(condition, change)

    def _row(self, row: Entity) -> Entity:
        ids = {
            fact.name: self.id(target(fact, row), getattr(row, fact.name))
            for fact in references(type(row))
            if getattr(row, fact.name) is not None
        }
        return changed(row, **ids)

    def _values(self, kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
        said = facts(kind)
        return {
            name: self.id(kind_named(said[name].names), value) if said[name].names and value is not None else value
            for name, value in values.items()
        }

    # From the store to the model.

    def back(self, row: Entity) -> Entity:
        """Return a row of the store with the model's ids."""
        kind = type(row)
        ids = {"id": self._back.get((kind, row.id), -row.id)}
        for fact in references(kind):
            id = getattr(row, fact.name)
            if id is not None:
                ids[fact.name] = self._back.get((target(fact, row), id), self._near(id))
        return changed(row, **ids)

    def knows(self, kind: str | None, id: int | None) -> bool:
        """Return whether a row that the model names is known, or is certainly absent from both."""
        return kind is None or id is None or kind == "Metric" or (kind_named(kind), id) in self._there

    def back_id(self, kind: str | None, id: int | None) -> int | None:
        """Return the model's id of a row that an error names."""
        if kind is None or id is None or id <= 0:
            return id
        if kind == "Metric":
            series, number = place_of(id)
            return point_id(self._back.get((Summary, series), series % FAR_SERIES), number)
        return self._back.get((kind_named(kind), id), self._near(id))

    def _near(self, id: int) -> int:
        """Return the model's id of a row that is in neither diary."""
        return id - self.far if self.far < id < self.far + 1000 else id

    def back_series(self, series: Series) -> Series:
        """Return a series of the store with the model's ids."""
        return evolve(
            series,
            series=self._back.get((Summary, series.series), -series.series),
            iteration_id=self._back.get((Iteration, series.iteration_id), -series.iteration_id),
        )


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _named(kind: Kind, term: Term) -> Kind | None:
    """Return the kind whose ids a term holds, if it holds ids of one kind."""
    if not isinstance(term, Field):
        return None
    owner = kind_named(term.of) if term.of else kind
    if term.name == "id":
        return owner
    fact = facts(owner).get(term.name)
    return kind_named(fact.names) if fact is not None and fact.names not in ("", "*") else None
