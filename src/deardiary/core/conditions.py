"""Conditions: what one may ask of a row, as values.

A condition is either met or not; there is no third answer. A comparison with something absent, between two sorts
of value, or with NaN is not met, `!=` included, and `Not` turns the whole.
"""

import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, TypeAlias, assert_never

from attrs import evolve, field, frozen

from deardiary.core.declared import Fact, Kind, facts, kind_named, lineage
from deardiary.core.errors import Invalid
from deardiary.core.shapes import check_integer, check_text, check_time, in_utc, plain, same_text

Operator: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">=", "~"]
Part: TypeAlias = Literal["last", "first", "min", "max", "count"]
Action: TypeAlias = Literal["create", "read", "update", "delete"]
Plain: TypeAlias = str | int | float | bool | datetime

OPERATORS: tuple[Operator, ...] = ("==", "!=", "<", "<=", ">", ">=", "~")
PARTS: tuple[Part, ...] = ("last", "first", "min", "max", "count")


# What a condition may name.


def _key(key: str) -> str:
    kept: str = same_text(key)
    return kept


@frozen
class Field:
    """A field of the row, or of a row above it."""

    name: str
    of: str = ""
    """The kind above, such as `Experiment`; empty for the row itself."""

    def __str__(self) -> str:
        return f"{self.of.lower()}.{self.name}" if self.of else self.name


@frozen
class Param:
    """The parameter of a run under a key."""

    key: str = field(converter=_key)

    def __str__(self) -> str:
        return f"params.{self.key}"


@frozen
class Measure:
    """A part of the summary of a run's series under a key."""

    key: str = field(converter=_key)
    part: Part = "last"

    def __str__(self) -> str:
        return f"metrics.{self.key}.{self.part}"


Term: TypeAlias = Field | Param | Measure


@frozen
class Of:
    """The value that a field of another row has; only the guard says this."""

    kind: Kind
    id: int
    term: Field


# What a condition may say.


class Condition:
    """Something that a row meets or not; combine them with `&`, `|` and `~`."""

    __slots__ = ()

    def __and__(self, other: "Condition") -> "Condition":
        return All((*_parts(self, All), *_parts(other, All)))

    def __or__(self, other: "Condition") -> "Condition":
        return AnyOf((*_parts(self, AnyOf), *_parts(other, AnyOf)))

    def __invert__(self) -> "Condition":
        return Not(self)


def _value(value: Any) -> Any:
    return in_utc(same_text(plain(value)))


def _exact(value: Any) -> tuple[type, Any]:
    """Return what tells 1 from True and from 1.0, which Python takes for equal."""
    return value.__class__, value


def _all_exact(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(_exact(value) for value in values)


def _values(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(_value(value) for value in values)


@frozen
class Compare(Condition):
    """A term stands in a relation to a value; `~` is a glob with `*` and `?` over the whole text."""

    term: Term
    operator: Operator
    value: "Plain | Of" = field(converter=_value, eq=_exact)


@frozen
class Among(Condition):
    """A term equals one of some values."""

    term: Term
    values: tuple[Plain, ...] = field(converter=_values, eq=_all_exact)


@frozen
class IsNone(Condition):
    """A term is absent."""

    term: Term


@frozen
class IsNan(Condition):
    """A term is the number that is no number."""

    term: Term


@frozen
class Tagged(Condition):
    """The row carries a tag."""

    value: str = field(converter=same_text)


@frozen
class All(Condition):
    """All of some conditions are met; all of none are."""

    parts: tuple[Condition, ...] = ()


@frozen
class AnyOf(Condition):
    """One of some conditions is met; one of none is not."""

    parts: tuple[Condition, ...] = ()


@frozen
class Not(Condition):
    """A condition is not met."""

    part: Condition


@frozen
class May(Condition):
    """The row lies in a project in which a user may do something; only the guard says this."""

    user_id: int
    action: Action


EVERY = All()
"""What every row meets."""


def _parts(condition: Condition, kind: type[All] | type[AnyOf]) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, kind) else (condition,)


# Ways to say it.


def term(path: str) -> Term:
    """Return the term that a path names: `name`, `experiment.name`, `params.lr`, `metrics.loss`, `metrics.loss.min`."""
    first, dot, rest = path.partition(".")
    if not dot:
        return Field(path)
    if first == "params":
        return Param(rest)
    if first == "metrics":
        key, _, part = rest.rpartition(".")
        return Measure(key, part) if key and part in PARTS else Measure(rest)
    return Field(rest, next((name for name in _above() if name.lower() == first), first))


def _above() -> tuple[str, ...]:
    return ("Project", "Experiment", "Iteration", "Model", "User", "Tag")


@frozen(eq=False)
class Asked:
    """A term in the hand, to be compared with `==`, `!=`, `<`, `<=`, `>`, `>=`, or by a method."""

    term: Term

    def __eq__(self, value: object) -> Condition:  # type: ignore[override]  # a condition, not an answer
        return IsNone(self.term) if value is None else Compare(self.term, "==", value)

    def __ne__(self, value: object) -> Condition:  # type: ignore[override]  # a condition, not an answer
        return ~IsNone(self.term) if value is None else Compare(self.term, "!=", value)

    __hash__ = None  # type: ignore[assignment]  # what equals by a condition has no hash

    def __lt__(self, value: Plain) -> Condition:
        return Compare(self.term, "<", value)

    def __le__(self, value: Plain) -> Condition:
        return Compare(self.term, "<=", value)

    def __gt__(self, value: Plain) -> Condition:
        return Compare(self.term, ">", value)

    def __ge__(self, value: Plain) -> Condition:
        return Compare(self.term, ">=", value)

    def like(self, pattern: str) -> Condition:
        """Return the condition that the whole text matches a glob."""
        return Compare(self.term, "~", pattern)

    def among(self, values: Iterable[Plain]) -> Condition:
        """Return the condition that it equals one of some values."""
        return Among(self.term, tuple(values))

    def is_none(self) -> Condition:
        """Return the condition that it is absent."""
        return IsNone(self.term)

    def is_nan(self) -> Condition:
        """Return the condition that it is no number."""
        return IsNan(self.term)


def asked(path: str) -> Asked:
    """Return a field by its path, to be compared: `asked("experiment.name") == "sweep"`."""
    return Asked(term(path))


def param(key: str) -> Asked:
    """Return a parameter, to be compared: `param("lr") < 0.1`."""
    return Asked(Param(key))


def metric(key: str, part: Part = "last") -> Asked:
    """Return a part of a series' summary, to be compared: `metric("loss", "min") < 0.1`."""
    return Asked(Measure(key, part))


def tagged(value: str) -> Condition:
    """Return the condition that a row carries a tag."""
    return Tagged(value)


def all_of(**values: Plain | None) -> Condition:
    """Return the condition that fields have these values; none asks for absence."""
    parts = [asked(name) == value for name, value in values.items()]
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def by_id(id: int) -> Condition:
    """Return the condition that a row has this id."""
    return Compare(ID, "==", id)


ID = Field("id")


def as_condition(where: Any) -> Condition:
    """Return what was given as a condition: itself, or an id's."""
    if isinstance(where, Condition):
        return where
    if isinstance(where, int) and not isinstance(where, bool):
        return by_id(where)
    raise Invalid(f"{where!r:.60} is neither a condition nor an id")


def only_id(condition: Condition) -> int | None:
    """Return the id, if the condition asks for one row by its id and for nothing else."""
    match condition:
        case Compare(Field("id", ""), "==", int(id)) if not isinstance(id, bool):
            return id
        case _:
            return None


def asked_id(condition: Condition) -> int | None:
    """Return the id that a condition asks for first, whatever else it asks."""
    return only_id(condition.parts[0] if isinstance(condition, All) and condition.parts else condition)


# What a condition means.


def sort_of(value: Any) -> str:
    """Return the sort of a value; only values of one sort are compared."""
    match value:
        case bool():
            return "flag"
        case int() | float():
            return "number"
        case str():
            return "text"
        case datetime():
            return "time"
        case _:
            return ""


@lru_cache(256)
def glob(pattern: str) -> re.Pattern[str]:
    """Return a glob as a regular expression that needs no more than one look at each character."""
    first, *others = (_literal(piece) for piece in re.split(r"\*+", pattern))
    *middle, last = others or [""]
    tail = f".*{last}" if others else ""
    return re.compile(first + "".join(f"(?>.*?{piece})" for piece in middle) + tail, re.DOTALL)


def _literal(piece: str) -> str:
    return "".join("." if character == "?" else re.escape(character) for character in piece)


RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "~": lambda text, pattern: isinstance(text, str) and glob(pattern).fullmatch(text) is not None,
}


def holds(left: Any, relation: Operator, right: Any) -> bool:
    """Return whether two values stand in a relation; what is absent, of two sorts or NaN never does."""
    sort = sort_of(left)
    if not sort or sort != sort_of(right) or is_nan(left) or is_nan(right):
        return False
    return bool(RELATIONS[relation](left, right))


def is_nan(value: Any) -> bool:
    """Return whether a value is the number that is no number."""
    return isinstance(value, float) and math.isnan(value)


# What may be asked of a kind.


def fact_of(kind: Kind, term: Field) -> Fact:
    """Return what a field says of itself, or refuse what is not there to be asked."""
    owner = kind
    if term.of:
        if term.of not in lineage(kind):
            raise Invalid(f"{kind.declared.one} lies under no {term.of.lower()}; `{term}` cannot be asked")
        owner = kind_named(term.of)
    fact = facts(owner).get(term.name)
    if fact is None or not fact.ask:
        asked = ", ".join(name for name, fact in facts(owner).items() if fact.ask)
        raise Invalid(f"{owner.declared.one} cannot be asked for `{term.name}`; it can be for {asked}")
    return fact


def check_term(kind: Kind, term: Term) -> None:
    """Refuse a term that does not belong to a kind."""
    match term:
        case Field():
            fact_of(kind, term)
        case Param(key) | Measure(key):
            check_text(key, "a key", least=1)
            if kind.__name__ != "Iteration":
                raise Invalid(f"{kind.declared.one} has no `{term}`; only runs have parameters and metrics")
            if isinstance(term, Measure) and term.part not in PARTS:
                raise Invalid(f"a series has no {term.part!r}; it has {', '.join(PARTS)}")
        case _:
            assert_never(term)


def check_condition(kind: Kind, condition: Condition, *, depth: int = 0) -> None:
    """Refuse a condition that cannot be asked of a kind."""
    if depth > DEEPEST:
        raise Invalid(f"the condition is nested deeper than {DEEPEST} levels")
    match condition:
        case Compare(asked, operator, value):
            check_term(kind, asked)
            if operator not in OPERATORS:
                raise Invalid(f"{operator!r} is no operator; there are {' '.join(OPERATORS)}")
            if isinstance(value, Of):
                fact_of(value.kind, value.term)
            else:
                _check_value(value, asked)
            if operator == "~" and not isinstance(value, str):
                raise Invalid(f"`{asked} ~` needs a text with * and ?, not {value!r:.60}")
        case Among(asked, values):
            check_term(kind, asked)
            for value in values:
                _check_value(value, asked)
        case IsNone(asked) | IsNan(asked):
            check_term(kind, asked)
        case Tagged(value):
            check_text(value, "a tag", most=64 * 1024)
            if kind.__name__ not in ("Project", "Experiment", "Iteration"):
                raise Invalid(f"{kind.declared.one} carries no tags")
        case All(parts) | AnyOf(parts):
            for part in parts:
                check_condition(kind, part, depth=depth + 1)
        case Not(part):
            check_condition(kind, part, depth=depth + 1)
        case May():
            pass
        case _:
            raise Invalid(f"{condition!r:.60} is no condition")


DEEPEST = 32
"""How deep conditions may be nested."""


def _check_value(value: Any, asked: object) -> None:
    what = f"what `{asked}` is compared with"
    match value:
        case bool() | float():
            pass
        case int():
            check_integer(value, what)
        case str():
            check_text(value, what, most=64 * 1024)
        case datetime():
            check_time(value, what)
        case _:
            raise Invalid(f"{what} is {value!r:.60}; it may be a text, a number, true, false or a time")


def walk(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and everything it is made of."""
    yield condition
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from walk(part)
        case Not(part):
            yield from walk(part)


def rewritten(condition: Condition, change: Callable[[Condition], Condition]) -> Condition:
    """Return a condition with every comparison in it changed by a function."""
    match condition:
        case All(parts) | AnyOf(parts):
            return evolve(condition, parts=tuple(rewritten(part, change) for part in parts))
        case Not(part):
            return Not(rewritten(part, change))
        case _:
            return change(condition)
