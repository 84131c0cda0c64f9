"""The shape of a question: what it asks, without its constants, so that one text of SQL serves all that are alike."""

from datetime import datetime
from typing import Any

from attrs import define, evolve, field, frozen

from deardiary.core.conditions import (
    All,
    Among,
    AnyOf,
    Compare,
    Condition,
    IsNan,
    IsNone,
    May,
    Measure,
    Not,
    Of,
    Param,
    Tagged,
    Term,
)
from deardiary.core.cursors import NUMBER, WORD
from deardiary.core.declared import Kind
from deardiary.core.meaning import is_nan, sort_of
from deardiary.core.queries import Order
from deardiary.core.shapes import micros


@frozen
class Slot:
    """The place of a constant in a shape."""

    number: int
    sort: str


@frozen
class Shape:
    """What a statement asks, without its constants."""

    purpose: str
    """What is selected: `rows`, `ids`, the `least` id, the id of `one`, or the `count`."""
    kind: Kind
    where: Condition
    order: tuple[Order, ...] = ()
    after: tuple[tuple[int, Slot | None], ...] | None = None
    """The rank and the place of the value of each term of the order, and of the id."""
    since: Slot | None = None
    limit: Slot | None = None
    offset: Slot | None = None
    fill: bool = False

    def name(self) -> str:
        """Return the text by which the compiled statement is known."""
        return repr(evolve(self, kind=None)).replace("kind=None", f"kind={self.kind.__name__}")  # type: ignore[arg-type]


@frozen
class Statement:
    """A text of SQL, and which constant goes where in it."""

    text: str
    slots: tuple[int, ...]


@define(eq=False)
class Shaper:
    """Takes the constants out of conditions."""

    constants: list[Any] = field(factory=list)
    sorts: list[str] = field(factory=list)

    def slot(self, value: Any, sort: str = "") -> Slot:
        """Put a constant aside, and return its place."""
        if isinstance(value, datetime):
            value, sort = micros(value), "time"
        self.constants.append(value)
        self.sorts.append(sort or sort_of(value))
        return Slot(len(self.constants) - 1, self.sorts[-1])

    def where(self, condition: Condition) -> Condition:
        """Return the shape of a condition."""
        match condition:
            case Compare(term, operator, Of(kind, id, other)):
                return _compare(self._term(term), operator, Of(kind, self.slot(id), other))  # type: ignore[arg-type]
            case Compare(_, _, value) if is_nan(value):
                return AnyOf(())
            case Compare(term, "~", value):
                return _compare(self._term(term), "~", self.slot(value, "glob"))
            case Compare(term, operator, value):
                return _compare(self._term(term), operator, self.slot(value))
            case Among(term, values):
                return self._among(term, values)
            case IsNone(term):
                return IsNone(self._term(term))
            case IsNan(term):
                return IsNan(self._term(term))
            case Tagged(value):
                return Tagged(self.slot(value))
            case All(parts):
                return All(tuple(self.where(part) for part in parts))
            case AnyOf(parts):
                return AnyOf(tuple(self.where(part) for part in parts))
            case Not(part):
                return Not(self.where(part))
            case May(user_id, action):
                return May(self.slot(user_id), action)  # type: ignore[arg-type]  # a place for the id
            case _:
                raise TypeError(f"{condition!r} is no condition")

    def _among(self, term: Term, values: tuple[Any, ...]) -> Condition:
        """Return a list's shape: one place for all integers, one for all texts, one for each of the rest."""
        whole = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
        texts = [value for value in values if isinstance(value, str)]
        rest = [value for value in values if not isinstance(value, str | int) or isinstance(value, bool)]
        parts: list[Condition] = [self.where(Compare(term, "==", value)) for value in rest]
        if whole:
            parts.append(Among(self._term(term), (self.slot(whole, "numbers"),)))
        if texts:
            parts.append(Among(self._term(term), (self.slot(texts, "texts"),)))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def order(self, order: tuple[Order, ...]) -> tuple[Order, ...]:
        """Return the shape of an order."""
        return tuple(evolve(one, term=self._term(one.term)) for one in order)

    def after(self, order: tuple[Order, ...], values: list[Any]) -> tuple[tuple[int, Slot | None], ...]:
        """Return the shape of a cursor's place."""
        ranked = [
            (values[2 * n], self.slot(values[2 * n + 1]) if values[2 * n] in (NUMBER, WORD) else None)
            for n in range(len(order))
        ]
        return (*ranked, (NUMBER, self.slot(values[-1])))

    def _term(self, term: Term) -> Term:
        match term:
            case Param(key):
                return Param(self.slot(key))  # type: ignore[arg-type]  # a place for the key
            case Measure(key, part):
                return Measure(self.slot(key), part)  # type: ignore[arg-type]  # a place for the key
            case _:
                return term


def _compare(term: Term, operator: Any, value: Any) -> Condition:
    return Compare(term, operator, value)
