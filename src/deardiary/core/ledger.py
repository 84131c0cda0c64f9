"""A diary as keys and values: how `settle` sees rows, and how it writes what a batch makes of them.

A key is a path; the last part is a leaf in the drawer that the rest names:

    row/<Kind>/<id>                        a `Kept` row
    unique/<Kind>/<values>/at              the id of the row with these unique values
    named/<Kind>/<field>/<Target-id>/<id>  that a row names another one
    next/<Kind>                            the last id given
    number/<Kind>/<owner>                  the last number given within an owner
    head/<iteration>/<key>                 a series and its next number
    points/<series>/<first number>         a `Block` of its points
    batch/<id>                             an `Applied` batch
    sequence/at                            how many commits there were
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeAlias

from attrs import define, field, frozen

from deardiary.core import sentences
from deardiary.core.changes import Receipt
from deardiary.core.declared import E, Entity, Fact, Kind, changed, facts, target
from deardiary.core.digests import digest_of_text

Key: TypeAlias = str


@frozen
class Kept:
    """A row, and the commit that changed it last."""

    entity: Entity
    mark: int


@frozen
class Applied:
    """A batch that was applied, so that it never is again."""

    receipt: Receipt
    digest: str
    principal: int | None


@frozen
class Head:
    """A series: whose it is, under which key, and the number its next point gets."""

    series: int
    iteration_id: int
    key: str
    next: int


@frozen
class Block:
    """Points of one series that arrived together, less those that were dropped."""

    numbers: "array[int]"
    steps: "array[int]"
    values: "array[float]"
    times: "array[int]"


Value: TypeAlias = Kept | Applied | Head | Block | int


class View(Protocol):
    """A diary that can be read: one value by its key, or all of a drawer."""

    def get(self, key: Key, /) -> Value | None:
        """Return the value under a key, or none."""
        ...

    def scan(self, prefix: str, /) -> Iterable[tuple[Key, Value]]:
        """Return the keys and values that begin with a prefix; it ends with a slash."""
        ...


@define
class Drawers:
    """Keys and values in memory, drawer by drawer."""

    _drawers: dict[str, dict[str, Any]] = field(factory=dict)

    def get(self, key: Key, /) -> Any:
        """Return the value under a key, or none."""
        drawer, _, leaf = key.rpartition("/")
        return self._drawers.get(drawer, {}).get(leaf)

    def scan(self, prefix: str, /) -> list[tuple[Key, Any]]:
        """Return the keys and values of a drawer, sorted by key."""
        drawer = self._drawers.get(prefix[:-1], {})
        return [(prefix + leaf, drawer[leaf]) for leaf in sorted(drawer)]

    def put(self, key: Key, value: Any) -> None:
        """Keep a value under a key."""
        drawer, _, leaf = key.rpartition("/")
        self._drawers.setdefault(drawer, {})[leaf] = value

    def delete(self, key: Key) -> None:
        """Forget a key."""
        drawer, _, leaf = key.rpartition("/")
        if self._drawers.get(drawer, {}).pop(leaf, None) is not None and not self._drawers[drawer]:
            del self._drawers[drawer]

    def commit(self, puts: Mapping[Key, Value], deletes: Iterable[Key]) -> None:
        """Make what `settle` answered true."""
        for key, value in puts.items():
            self.put(key, value)
        for key in deletes:
            self.delete(key)


_GONE = object()


@define
class Draft:
    """A view with changes on top that nobody else sees yet."""

    view: View
    _drawers: Drawers = field(factory=Drawers)
    _touched: dict[Key, None] = field(factory=dict)

    def get(self, key: Key, /) -> Any:
        """Return the value under a key, or none."""
        if key in self._touched:
            value = self._drawers.get(key)
            return None if value is _GONE else value
        return self.view.get(key)

    def scan(self, prefix: str, /) -> list[tuple[Key, Any]]:
        """Return the keys and values of a drawer, sorted by key."""
        over = dict(self._drawers.scan(prefix))
        if not over:
            return sorted(self.view.scan(prefix))
        return sorted(
            (key, value) for key, value in {**dict(self.view.scan(prefix)), **over}.items() if value is not _GONE
        )

    def put(self, key: Key, value: Value) -> None:
        """Keep a value under a key."""
        self._touched[key] = None
        self._drawers.put(key, value)

    def delete(self, key: Key) -> None:
        """Forget a key."""
        self.put(key, _GONE)  # type: ignore[arg-type]  # the mark of what is gone

    def changes(self) -> tuple[dict[Key, Value], set[Key]]:
        """Return what has to be put, and what deleted, to make the draft true."""
        puts, deletes = {}, set()
        for key in self._touched:
            value = self._drawers.get(key)
            if value is _GONE:
                deletes.add(key)
            else:
                puts[key] = value
        return puts, deletes


# Reading rows.


def row_key(kind: Kind, id: int) -> Key:
    """Return the key of a row."""
    return f"row/{kind.__name__}/{id:020d}"


def read(view: View, kind: type[E], id: int) -> E | None:
    """Return a row by its id, or none."""
    kept = view.get(row_key(kind, id))
    return kept.entity if isinstance(kept, Kept) else None  # type: ignore[return-value]  # a row of that kind


def kept_rows(view: View, kind: Kind) -> Iterator[Kept]:
    """Yield every row of a kind by id."""
    for _, kept in view.scan(f"row/{kind.__name__}/"):
        assert isinstance(kept, Kept)
        yield kept


def unique_key(kind: Kind, values: tuple[object, ...]) -> Key:
    """Return the key under which the row with these unique values is noted."""
    said = json.dumps(values, ensure_ascii=False)
    return f"unique/{kind.__name__}/{digest_of_text(said)}/at"


def with_unique(view: View, kind: Kind, values: tuple[object, ...]) -> int | None:
    """Return the id of the row with these unique values, or none."""
    id = view.get(unique_key(kind, values))
    return id if isinstance(id, int) else None


def unique_values(row: Entity) -> tuple[object, ...]:
    """Return the values that belong to this row only."""
    return tuple(getattr(row, name) for name in type(row).declared.unique)


def naming(view: View, kind: Kind, fact: Fact, id: int, subject: Kind) -> Iterator[int]:
    """Yield the ids of the rows of a kind that name another row in a field."""
    for key, _ in view.scan(_named_prefix(kind, fact, id, subject)):
        yield int(key.rpartition("/")[2])


def _named_prefix(kind: Kind, fact: Fact, id: int, subject: Kind) -> str:
    return f"named/{kind.__name__}/{fact.name}/{subject.__name__}-{id}/"


# Writing rows.


def put_row(draft: Draft, row: Entity, mark: int) -> None:
    """Write a row, and note its unique values and the rows it names."""
    kind = type(row)
    draft.put(row_key(kind, row.id), Kept(row, mark))
    draft.put(unique_key(kind, unique_values(row)), row.id)
    for key in _notes(row):
        draft.put(key, 1)


def delete_row(draft: Draft, row: Entity) -> None:
    """Remove a row and what was noted of it."""
    kind = type(row)
    draft.delete(row_key(kind, row.id))
    draft.delete(unique_key(kind, unique_values(row)))
    for key in _notes(row):
        draft.delete(key)


def _notes(row: Entity) -> Iterator[Key]:
    for fact in facts(type(row)).values():
        id = getattr(row, fact.name) if fact.names else None
        if id is not None:
            yield f"{_named_prefix(type(row), fact, id, target(fact, row))}{row.id:020d}"


def replace_row(draft: Draft, row: Entity, values: Mapping[str, Any], mark: int) -> Entity:
    """Write a row with other values, refusing what belongs to another row."""
    new = changed(row, **values)
    if unique_values(new) != unique_values(row):
        holder = with_unique(draft, type(row), unique_values(new))
        if holder is not None:
            raise sentences.taken(new, holder)
    delete_row(draft, row)
    put_row(draft, new, mark)
    return new


def next_id(draft: Draft, kind: str) -> int:
    """Return the next id of a kind, never given before."""
    id = (draft.get(f"next/{kind}") or 0) + 1
    draft.put(f"next/{kind}", id)
    return int(id)
