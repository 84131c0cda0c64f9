"""What may be asked: rows by condition in an order, page by page, and points as series."""

from array import array
from collections.abc import Iterable
from typing import Any, Generic, Literal, TypeAlias

from attrs import field, frozen

from deardiary.core.alike import Alike
from deardiary.core.conditions import EVERY, Condition, Term, as_condition, only_id, term
from deardiary.core.declared import E, Kind
from deardiary.core.errors import Invalid
from deardiary.core.meaning import check_condition, check_term
from deardiary.core.shapes import check_integer, check_text, same_text


@frozen(eq=False, repr=False)
class Order(Alike):
    """A term to sort by; what is absent comes late in both directions, and what is no number last."""

    term: Term
    descending: bool = field(default=False, kw_only=True)

    def __str__(self) -> str:
        return f"-{self.term}" if self.descending else str(self.term)


FEW = 6
"""How many values of a column are shown whole."""

Orders: TypeAlias = "str | Order | Iterable[str | Order]"


def orders(given: Orders) -> tuple[Order, ...]:
    """Return what was given as orders: `"name"`, `"-metrics.loss.min"`, or several."""
    match given:
        case Order():
            return (given,)
        case str():
            return (Order(term(given.removeprefix("-")), descending=given.startswith("-")),)
        case Iterable():
            return tuple(order for part in given for order in orders(part))
        case _:
            raise Invalid(f'an order is {given!r:.60}; give a text, such as "-metrics.loss", an Order, or several')


@frozen(kw_only=True, eq=False, repr=False)
class Query(Alike, Generic[E]):
    """Ask for the rows of a kind that meet a condition."""

    kind: type[E] = field(kw_only=False)
    where: Condition = field(default=EVERY, kw_only=False, converter=as_condition)
    order: tuple[Order, ...] = field(default=(), converter=orders)
    limit: int | None = None
    offset: int = 0
    after: str | None = None
    """The `next` of the page before."""
    changed_after: str | None = None
    """The `mark` of an earlier answer: only rows changed since."""
    total: bool = False
    """Whether to count what meets the condition."""
    large: bool = False
    """Whether to fill the large fields too."""

    @property
    def fills_large(self) -> bool:
        """Whether the answer carries the large fields: they were asked for, or one row was."""
        return self.large or only_id(self.where) is not None


@frozen(kw_only=True, eq=False, repr=False)
class Page(Alike, Generic[E]):
    """The rows that answer a query."""

    rows: list[E] = field(kw_only=False)
    next: str | None = None
    """Where the next page begins; none when this is the last."""
    total: int | None = None
    mark: str = ""
    """What to ask `changed_after` with, to learn what changed since this answer."""


def check_query(query: Query[Any]) -> None:
    """Refuse a query that no store answers."""
    kind: Kind = query.kind
    if not kind.declared.find:
        raise Invalid(f"{kind.declared.one} is read as part of its series")
    check_condition(kind, query.where)
    for order in query.order:
        check_term(kind, order.term)
    if query.limit is not None:
        check_integer(query.limit, "limit", least=0)
    check_integer(query.offset, "offset", least=0)
    if query.after is not None and query.offset:
        raise Invalid("`after` and `offset` cannot be asked together; `after` goes on from a page")
    if query.changed_after is not None and query.order:
        raise Invalid("`changed_after` and `order` cannot be asked together; changed rows come by id")


Repeats: TypeAlias = Literal["all", "last"]


def _tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise Invalid(f"keys is the text {values!r:.60}; give a list of keys")
    return tuple(same_text(value) for value in values)


@frozen(kw_only=True, eq=False, repr=False)
class SeriesQuery(Alike):
    """Ask for points: of some runs and keys, or by id; no run means every run, no key every key."""

    iterations: tuple[int, ...] = field(default=(), converter=_tuple)
    keys: tuple[str, ...] = field(default=(), converter=_texts)
    ids: tuple[int, ...] = field(default=(), converter=_tuple)
    """Points by id; excludes the rest."""
    steps: tuple[int, int] | None = None
    """The first and the last step wanted, both included."""
    limit: int | None = None
    offset: int = 0
    max_points: int | None = None
    repeats: Repeats = "all"


def check_series_query(query: SeriesQuery) -> None:
    """Refuse a series query that no store answers."""
    if query.ids and query != SeriesQuery(ids=query.ids):
        raise Invalid("points are asked for by id, or by run, key and step, not both")
    for id in (*query.iterations, *query.ids):
        check_integer(id, "an id")
    for key in query.keys:
        check_text(key, "a key")
    if query.steps is not None and not isinstance(query.steps, tuple | list):
        raise Invalid(f"steps is {query.steps!r:.60}; it has a first and a last step")
    for step in query.steps or ():
        check_integer(step, "a step")
    if query.steps is not None and len(query.steps) != 2:
        raise Invalid(f"steps has {len(query.steps)} parts; it has a first and a last step")
    if query.limit is not None:
        check_integer(query.limit, "limit", least=0)
    check_integer(query.offset, "offset", least=0)
    if query.max_points is not None:
        check_integer(query.max_points, "max_points", least=4)
        if query.limit is not None or query.offset:
            raise Invalid("`max_points` thins whole series; it cannot be asked together with `limit` or `offset`")
    if query.repeats not in ("all", "last"):
        raise Invalid(f"repeats is {query.repeats!r}; it may be 'all' or 'last'")


def _bits(column: "array[Any]") -> bytes:
    return column.tobytes()


def _few(column: "array[Any]") -> str:
    """Return what a person reads of a column, which may have millions of values."""
    if len(column) <= FEW:
        return f"[{', '.join(map(str, column))}]"
    return f"[{column[0]}, {column[1]}, {column[2]}, ..., {column[-1]}]"


@frozen(kw_only=True)
class Series:
    """Points of one key of one run, by step, then in order of arrival."""

    iteration_id: int
    key: str
    series: int
    numbers: "array[int]" = field(eq=_bits, repr=_few)
    steps: "array[int]" = field(eq=_bits, repr=_few)
    values: "array[float]" = field(eq=_bits, repr=_few)
    times: "array[int]" = field(eq=_bits, repr=_few)
    """Microseconds since 1970 in UTC."""
    total: int
    """How many points there were to choose from."""

    def __len__(self) -> int:
        return len(self.values)

    def __str__(self) -> str:
        return f"{self.key} of run {self.iteration_id}: {self.extent}"

    @property
    def is_thinned(self) -> bool:
        """Whether points were left out."""
        return len(self) < self.total

    @property
    def extent(self) -> str:
        """How many points there are, and of how many if some were left out: `500 of 50,000 points`."""
        left_out = f" of {self.total:,}" if self.is_thinned else ""
        return f"{len(self):,}{left_out} point{'' if len(self) == self.total == 1 else 's'}"
