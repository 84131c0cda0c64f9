"""Statements by their shape: looked up among the compiled ones, or made by SQLAlchemy if nobody foresaw it."""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, field, frozen

from deardiary.backends.sql.shaping import Shape, Shaper, Statement
from deardiary.core.alike import Alike
from deardiary.core.conditions import All, Condition, by_id, walk
from deardiary.core.declared import Kind
from deardiary.core.meaning import check_condition
from deardiary.core.promises import names_rows


@frozen(eq=False, repr=False)
class Plan(Alike):
    """A statement that asks one row, whose id is its first constant, for something; and its other constants."""

    statement: Statement
    constants: tuple[Any, ...]


MOST_KEPT = 2000
"""How many statements and plans are kept before they are forgotten; only a server asks so many different ones."""


@define(eq=False)
class Statements:
    """The statements of one engine, compiled before or when they are first needed."""

    compiled: Mapping[str, tuple[str, tuple[int, ...]]]
    dialect: str
    missed: list[Shape] = field(factory=list)
    """The shapes that had to be compiled here."""
    _known: dict[Shape, Statement] = field(factory=dict)
    _plans: dict[tuple[Kind, tuple[Condition, ...]], Plan | None] = field(factory=dict)

    def plan(self, kind: Kind, others: tuple[Condition, ...], constant: Callable[[Any, str], Any]) -> Plan | None:
        """Return how to ask whether one row meets other conditions, unless these name rows themselves."""
        key = (kind, others)
        if key not in self._plans:
            if len(self._plans) >= MOST_KEPT:
                self._plans.clear()
            self._plans[key] = self._planned(kind, others, constant)
        return self._plans[key]

    def _planned(self, kind: Kind, others: tuple[Condition, ...], constant: Callable[[Any, str], Any]) -> Plan | None:
        where = All((by_id(1), *others)) if others else by_id(1)
        check_condition(kind, where)
        if any(names_rows(kind, part) for other in others for part in walk(other)):
            return None
        shaper = Shaper()
        statement = self.of(Shape("one", kind, shaper.where(where)))
        constants = (constant(value, sort) for value, sort in zip(shaper.constants, shaper.sorts, strict=True))
        return Plan(statement, tuple(constants))

    def of(self, shape: Shape) -> Statement:
        """Return the statement of a shape."""
        known = self._known.get(shape)
        if known is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            text = self.compiled.get(shape.name())
            known = self._known[shape] = Statement(*text) if text else self._compile(shape)
        return known

    def _compile(self, shape: Shape) -> Statement:
        from deardiary.backends.sql.compiler import compiled

        self.missed.append(shape)
        return compiled(shape, self.dialect)
