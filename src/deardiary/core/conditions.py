"""Conditions: what one may ask of a row, as values.

A condition is either met or not; there is no third answer. A comparison with something absent, between two sorts
of value, or with NaN is not met, `!=` included, and `Not` turns the whole.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Literal, NoReturn, TypeAlias

from attrs import evolve, field, frozen

from deardiary.core.alike import Alike
from deardiary.core.declared import Kind
from deardiary.core.errors import Invalid
from deardiary.core.shapes import in_utc, plain, same_text

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


@frozen(repr=False)
class Field(Alike):
    """A field of the row, or of a row above it."""

    name: str
    of: str = ""
    """The kind above, such as `Experiment`; empty for the row itself."""

    def __str__(self) -> str:
        return f"{self.of.lower()}.{self.name}" if self.of else self.name


@frozen(repr=False)
class Param(Alike):
    """The parameter of a run under a key."""

    key: str = field(converter=_key)

    def __str__(self) -> str:
        return f"params.{self.key}"


@frozen(repr=False)
class Measure(Alike):
    """A part of the summary of a run's series under a key."""

    key: str = field(converter=_key)
    part: Part = "last"

    def __str__(self) -> str:
        return f"metrics.{self.key}.{self.part}"


Term: TypeAlias = Field | Param | Measure


@frozen(repr=False)
class Of(Alike):
    """The value that a field of another row has; only the guard says this."""

    kind: Kind
    id: int
    term: Field


# What a condition may say.


class Condition:
    """Something that a row meets or not; combine them with `&`, `|` and `~`."""

    __slots__ = ()

    def __and__(self, other: "Condition") -> "Condition":
        return All((*_parts(self, All), *_parts(_joined(other), All)))

    def __or__(self, other: "Condition") -> "Condition":
        return AnyOf((*_parts(self, AnyOf), *_parts(_joined(other), AnyOf)))

    def __invert__(self) -> "Condition":
        return Not(self)

    def __rand__(self, other: object) -> NoReturn:
        raise _not_joined(other)

    __ror__ = __rand__

    def __bool__(self) -> NoReturn:
        """Refuse to be taken for an answer, as `and`, `or`, `not`, `if` and `0 < x < 1` would take it."""
        said = f" `{self.term} {self.operator} {self.value!r:.60}`" if isinstance(self, Compare) else ""
        raise Invalid(
            f"the condition{said} is not true or false by itself, but for each row: join conditions by &, | and ~ "
            f"(not by and, or, not, if or 0 < x < 1), and put each comparison in parentheses: {EXAMPLE}"
        )


EXAMPLE = '(param("a") > 1) & (param("b") < 2)'


def _joined(other: Any) -> Condition:
    """Return what is joined to a condition, if it is one."""
    if not isinstance(other, Condition):
        raise _not_joined(other)
    return other


def _not_joined(other: Any) -> Invalid:
    said = f"`{other.term}`" if isinstance(other, Asked) else f"{other!r:.60}"
    return Invalid(
        f"{said} is no condition, and only conditions are joined by & and |, which bind more strongly than "
        f"comparisons: put each comparison in parentheses: {EXAMPLE}"
    )


def _value(value: Any) -> Any:
    return in_utc(same_text(plain(value)))


def _exact(value: Any) -> tuple[type, Any]:
    """Return what tells 1 from True and from 1.0, which Python takes for equal."""
    return value.__class__, value


def _all_exact(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(_exact(value) for value in values)


def _values(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(_value(value) for value in values)


@frozen(repr=False)
class Compare(Alike, Condition):
    """A term stands in a relation to a value; `~` is a glob with `*` and `?` over the whole text."""

    term: Term
    operator: Operator
    value: "Plain | Of" = field(converter=_value, eq=_exact)


@frozen(repr=False)
class Among(Alike, Condition):
    """A term equals one of some values."""

    term: Term
    values: tuple[Plain, ...] = field(converter=_values, eq=_all_exact)


@frozen(repr=False)
class IsNone(Alike, Condition):
    """A term is absent."""

    term: Term


@frozen(repr=False)
class IsNan(Alike, Condition):
    """A term is the number that is no number."""

    term: Term


@frozen(repr=False)
class Tagged(Alike, Condition):
    """The row carries a tag."""

    value: str = field(converter=same_text)


@frozen(repr=False)
class All(Alike, Condition):
    """All of some conditions are met; all of none are."""

    parts: tuple[Condition, ...] = ()


@frozen(repr=False)
class AnyOf(Alike, Condition):
    """One of some conditions is met; one of none is not."""

    parts: tuple[Condition, ...] = ()


@frozen(repr=False)
class Not(Alike, Condition):
    """A condition is not met."""

    part: Condition


@frozen(repr=False)
class May(Alike, Condition):
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

    def __and__(self, other: object) -> NoReturn:
        raise _not_joined(self)

    __or__ = __rand__ = __ror__ = __and__

    def __invert__(self) -> NoReturn:
        raise _not_joined(self)

    def __bool__(self) -> NoReturn:
        raise _not_compared(self)


def _not_compared(one: Asked) -> Invalid:
    return Invalid(f"`{one.term}` is compared with nothing, so it is no condition; write what it should be: {EXAMPLE}")


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
    if isinstance(where, Asked):
        raise _not_compared(where)
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


# Ways through it.


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
