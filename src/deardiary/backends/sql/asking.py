"""Conditions and fixed statements, put to a database in the midst of a transaction."""

from typing import Any

from attrs import define

from deardiary.backends.sql.engine import Connection, Engine
from deardiary.backends.sql.shaping import Shape, Shaper
from deardiary.backends.sql.statements import Plan, Statements
from deardiary.core.conditions import Condition
from deardiary.core.declared import Kind


@define(eq=False)
class Asking:
    """Conditions put to a database."""

    engine: Engine
    statements: Statements
    connection: Connection

    def select(self, purpose: str, kind: Kind, where: Condition, **more: Any) -> list[tuple[Any, ...]]:
        """Return what a statement of a purpose selects."""
        shaper = Shaper()
        shape = Shape(purpose, kind, shaper.where(where), **more)
        return self.run(shape, shaper)

    def run(self, shape: Shape, shaper: Shaper) -> list[tuple[Any, ...]]:
        """Return what the statement of a shape selects."""
        statement = self.statements.of(shape)
        constants = [
            self.engine.constant(value, sort) for value, sort in zip(shaper.constants, shaper.sorts, strict=True)
        ]
        return self.connection.all(statement.text, [constants[slot] for slot in statement.slots])

    def planned(self, plan: Plan, id: int) -> bool:
        """Return whether the row with an id is as a plan asks."""
        constants = (id, *plan.constants[1:])
        return bool(self.connection.all(plan.statement.text, [constants[slot] for slot in plan.statement.slots]))

    def ids(self, kind: Kind, where: Condition) -> list[int]:
        """Return the ids of the rows that meet a condition, in order."""
        return [id for (id,) in self.select("ids", kind, where)]

    def fixed(self, name: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a statement that never varies selects."""
        return self.connection.all(self.engine.texts.fixed[name], values)
