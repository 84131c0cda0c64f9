"""A diary under test: a store and the specification beside it, told the same and compared answer by answer."""

import re
import struct
from collections.abc import Callable
from itertools import zip_longest
from typing import Any, TypeVar

from attrs import define, evolve, field

from deardiary.backends.memory import MemoryStore
from deardiary.core.changes import Batch, Drop, Element, Receipt, Stream
from deardiary.core.conditions import EVERY, all_of
from deardiary.core.declared import E, Entity, kinds, names
from deardiary.core.entities import Summary, Writer
from deardiary.core.errors import DearDiaryError, Misplaced
from deardiary.core.guard import Guarded
from deardiary.core.points import place_of
from deardiary.core.queries import Page, Query, Series, SeriesQuery
from deardiary.core.stores import Store
from deardiary.schemes import Traits
from deardiary.testing.renaming import Renaming

Answer = TypeVar("Answer")


@define
class Diary:
    """A store and a model of it, that must answer alike."""

    opener: Callable[[], Store]
    """Opens the diary, or opens it again."""
    traits: Traits = field(factory=Traits)
    url: str = ""
    store: Store = field(init=False)
    model: Store = field(init=False)
    renaming: Renaming = field(factory=Renaming, init=False)

    def __attrs_post_init__(self) -> None:
        self.store = self.opener()
        self.model = Guarded(MemoryStore()) if self.traits.guarded else MemoryStore()

    def reopen(self) -> None:
        """Close the store, and open the diary again."""
        self.store.close()
        self.store = self.opener()

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    # Telling.

    def apply(self, *elements: Element, batch: Batch | None = None, other: Batch | None = None) -> Receipt:
        """Tell both a batch, compare what they answer, and answer as the model does."""
        told = batch if batch is not None else Batch(elements)
        translated = other if other is not None else self.translated(told)
        wanted, got = _tried(lambda: self.model.apply(told)), _tried(lambda: self.store.apply(translated))
        try:
            self._compare_receipts(wanted, got)
        except AssertionError as error:
            raise AssertionError(f"{error}\n\n{shown_batch(told)}\nwanted: {wanted!r}\n   got: {got!r}") from None
        return _answer(wanted)

    def stream(self, writer: str, start: int, stop: int, *elements: Element, **more: Any) -> Receipt:
        """Tell both a part of a writer's journal."""
        part = Stream(writer=writer, start=start, stop=stop, **more)
        receipt = self.apply(batch=Batch(elements, stream=part, at=part.at))
        known = Query(Writer, all_of(uid=writer))
        for row, other in zip(self.model.find(known).rows, self.store.find(known).rows, strict=True):
            self.renaming.note(Writer, row.id, other.id)
        return receipt

    def translated(self, batch: Batch) -> Batch:
        """Return a batch with the store's ids."""
        elements = [self.renaming.element(element) for element in batch.elements]
        if batch.stream is not None or list(batch.elements) == elements:
            return evolve(batch, elements=elements)
        return evolve(batch, elements=elements, digest="")

    # Asking.

    def find(self, query: Query[E]) -> Page[E]:
        """Ask both for rows, compare what they answer, and answer as the model does."""
        wanted = _tried(lambda: self.model.find(query))
        got = _tried(lambda: self.store.find(self.renaming.query(query)))
        try:
            self._compare_pages(wanted, got)
        except AssertionError as error:
            raise AssertionError(f"{error}\n\n{query}\nwanted: {wanted!r}\n   got: {got!r}") from None
        return _answer(wanted)

    def rows(self, kind: type[E], where: Any = EVERY, **more: Any) -> list[E]:
        """Ask both for rows, and return them."""
        return self.find(Query(kind, where, **more)).rows

    def walk(self, query: Query[E]) -> list[E]:
        """Walk both page by page, compare each page, and return all rows."""
        wanted, got = self.model.find(query), self.store.find(self.renaming.query(query))
        rows = list(wanted.rows)
        self._compare_pages(wanted, got)
        while wanted.next is not None:
            assert got.next is not None
            wanted = self.model.find(evolve(query, after=wanted.next, offset=0))
            got = self.store.find(evolve(self.renaming.query(query), after=got.next, offset=0))
            self._compare_pages(wanted, got)
            rows += wanted.rows
        return rows

    def series(self, *iterations: int, **more: Any) -> list[Series]:
        """Ask both for points, compare what they answer, and answer as the model does."""
        query = SeriesQuery(iterations=iterations, **more)
        wanted = _tried(lambda: self.model.series(query))
        got = _tried(lambda: self.store.series(self.renaming.series_query(query)))
        try:
            self._compare_series(wanted, got)
        except AssertionError as error:
            raise AssertionError(f"{error}\n\n{query}\nwanted: {wanted!r}\n   got: {got!r}") from None
        return _answer(wanted)

    def compare(self) -> None:
        """Compare all that both hold."""
        for kind in kinds().values():
            if kind.declared.find and not (kind.declared.inner and self.traits.guarded):
                self.find(Query(kind, total=True, large=True))
        self.series()

    # Comparing.

    def _compare_receipts(self, wanted: Any, got: Any) -> None:
        self._compare_errors(wanted, got)
        if isinstance(wanted, DearDiaryError):
            return
        assert wanted.ids.keys() == got.ids.keys(), "other promises were kept"
        for (kind, number), id in sorted(wanted.ids.items(), key=lambda one: one[1]):
            self.renaming.note(kind, id, got.ids[kind, number])
        assert wanted.found == got.found, "other rows were found"
        assert len(wanted.placed) == len(got.placed), "another number of appends is answered"
        placed = [pair for both in zip(wanted.placed, got.placed, strict=True) for pair in zip(*both, strict=True)]
        for one, other in sorted(placed, key=lambda pair: pair[0].series):
            self.renaming.note(Summary, one.series, other.series)
            assert (one.key, one.first, one.steps) == (other.key, other.first, other.steps), "points went elsewhere"
        self._note_moved_series(wanted, got)
        assert wanted.moved == {
            self.renaming.back_id("Metric", old): self.renaming.back_id("Metric", new) for old, new in got.moved.items()
        }, "points moved elsewhere"
        assert wanted.position == got.position, "the writer stands elsewhere"

    def _note_moved_series(self, wanted: Receipt, got: Receipt) -> None:
        """Remember the series that changed keys have made."""
        for (_, new), (_, other) in zip(sorted(wanted.moved.items()), sorted(got.moved.items()), strict=False):
            self.renaming.note(Summary, place_of(new)[0], place_of(other)[0])

    def _compare_errors(self, wanted: Any, got: Any) -> None:
        if not isinstance(wanted, DearDiaryError) and not isinstance(got, DearDiaryError):
            return
        assert type(wanted) is type(got), "one refuses what the other does, or for another reason"
        assert (wanted.status, wanted.code, wanted.kind) == (got.status, got.code, got.kind), "the errors differ"
        assert _masked(wanted.message) == _masked(got.message), "the messages differ"
        if self.renaming.knows(wanted.kind, wanted.id):  # else the refused batch itself has made it
            assert wanted.id == self.renaming.back_id(got.kind, got.id), "the errors name other rows"
        if isinstance(wanted, Misplaced):
            assert wanted.position == got.position, "the writer stands elsewhere"

    def _compare_pages(self, wanted: Any, got: Any) -> None:
        self._compare_errors(wanted, got)
        if isinstance(wanted, DearDiaryError):
            return
        for row, other in zip(wanted.rows, got.rows, strict=False):
            self._meet(row, other)
        rows = [_bits(self.renaming.back(row)) for row in got.rows]
        assert [_bits(row) for row in wanted.rows] == rows, "the rows differ"
        assert wanted.total == got.total, "the totals differ"
        assert (wanted.next is None) == (got.next is None), "one page is the last, the other is not"

    def _meet(self, row: Entity, other: Entity) -> None:
        """Learn the ids of rows that no promise made: texts and writers."""
        kind = type(row)
        if type(other) is kind and kind.__name__ in ("Text", "Writer", "UserPermission"):
            same = [getattr(row, name) for name in kind.declared.unique if not name.endswith("_id")]
            if same == [getattr(other, name) for name in kind.declared.unique if not name.endswith("_id")]:
                self.renaming.note(kind, row.id, other.id)

    def _compare_series(self, wanted: Any, got: Any) -> None:
        self._compare_errors(wanted, got)
        if isinstance(wanted, DearDiaryError):
            return
        for one, other in zip_longest(wanted, map(self.renaming.back_series, got)):
            if one != other:  # not asserted, lest pytest compare a million numbers letter by letter
                raise AssertionError(f"the points differ: {_difference(one, other)}")


def wiped(store: Store) -> None:
    """Drop every row that can be dropped."""
    droppable = [kind for kind in kinds().values() if kind.declared.drop and kind.declared.find]
    for kind in sorted(droppable, key=lambda kind: kind.__name__ != "ModelVersion"):
        store.apply(Batch([Drop(kind, EVERY)]))


def is_empty(store: Store) -> bool:
    """Return whether a diary has no rows."""
    return not any(
        store.find(Query(kind, limit=1)).rows
        for kind in kinds().values()
        if kind.declared.find and not kind.declared.inner and kind.__name__ != "Writer"
    )


def _tried(call: Callable[[], Answer]) -> Answer | DearDiaryError:
    try:
        return call()
    except DearDiaryError as error:
        return error


def _answer(outcome: Answer | DearDiaryError) -> Answer:
    if isinstance(outcome, DearDiaryError):
        raise outcome
    return outcome


def _masked(message: str) -> str:
    return re.sub(r"-?\d+", "#", message)


def _bits(row: Entity) -> tuple[Any, ...]:
    """Return a row as values of which equal ones are equal bit for bit."""
    values = (getattr(row, name) for name in names(type(row)))
    return (type(row).__name__, *(struct.pack("<d", value) if isinstance(value, float) else value for value in values))


def _difference(wanted: Series | None, got: Series | None) -> str:
    """Return where two series part."""
    if wanted is None or got is None or (wanted.iteration_id, wanted.key) != (got.iteration_id, got.key):
        return f"{wanted} is wanted, {got} is there"
    for name in ("series", "total"):
        if getattr(wanted, name) != getattr(got, name):
            return f"{wanted}: {name} is {getattr(got, name)}, not {getattr(wanted, name)}"
    for name in ("numbers", "steps", "values", "times"):
        for place, (one, other) in enumerate(zip_longest(getattr(wanted, name), getattr(got, name))):
            if one != other and not (one != one and other != other):
                return f"{wanted}: {name}[{place}] is {other}, not {one}"
    return f"{wanted}: bits of numbers that look alike"


def shown_batch(batch: Batch) -> str:
    head = f"stream {batch.stream}" if batch.stream is not None else f"batch {batch.id}"
    return "\n".join([head, *(f"    {element}" for element in batch.elements)])
