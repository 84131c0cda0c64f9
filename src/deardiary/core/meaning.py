"""What a condition means: how two values compare, and what may be asked of a kind."""

import math
import operator
import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, assert_never

from deardiary.core.conditions import (
    OPERATORS,
    PARTS,
    All,
    Among,
    AnyOf,
    Compare,
    Condition,
    Field,
    IsNan,
    IsNone,
    May,
    Measure,
    Not,
    Of,
    Operator,
    Param,
    Tagged,
    Term,
)
from deardiary.core.declared import Fact, Kind, facts, kind_named, lineage
from deardiary.core.errors import Invalid
from deardiary.core.shapes import check_integer, check_text, check_time


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
