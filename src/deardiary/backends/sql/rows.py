"""Rows as an engine keeps them, and back as entities."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from deardiary.backends.sql.engine import Engine
from deardiary.core.declared import E, Entity, Kind, facts, setters, stored
from deardiary.core.shapes import EPOCH, micros


@cache
def _kept(kind: Kind) -> tuple[tuple[str, str], ...]:
    """Return the stored fields of a kind, each with how it is kept: as it is, or as a time or a float."""
    said = facts(kind)
    return tuple((name, "float" if said[name].holds_float else said[name].sort) for name in stored(kind))


def values_out(engine: Engine, kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return some values of a row as the engine keeps them."""
    return {name: _out(engine, how, values[name]) for name, how in _kept(kind) if name in values}


def row_out(engine: Engine, row: Entity, shared: Mapping[str, int | None]) -> list[Any]:
    """Return a row as the engine keeps it; of shared texts their ids."""
    return [shared[name] if name in shared else _out(engine, how, getattr(row, name)) for name, how in _kept(type(row))]


def _out(engine: Engine, how: str, value: Any) -> Any:
    if value is None:
        return None
    if how == "time":
        return micros(value)
    return engine.number_out(value) if how == "float" else value


@cache
def reader(number_in: Callable[[Any], float], kind: type[E]) -> Callable[[Sequence[Any]], E]:
    """Return a function that makes an entity of what an engine kept, without checking it again."""
    ways: dict[str, Any] = {
        "time": lambda value: EPOCH + timedelta(0, 0, value),
        "flag": bool,
        "float": number_in,
    }
    put_in = setters(kind)
    plan = [(put_in[name], ways.get(how)) for name, how in _kept(kind)]
    rest = [(put_in[name], fact.default) for name, fact in facts(kind).items() if not fact.stored]
    new = kind.__new__

    def read(values: Sequence[Any]) -> E:
        row = new(kind)
        for (put, way), value in zip(plan, values, strict=False):
            put(row, value if way is None or value is None else way(value))
        for put, value in rest:
            put(row, value)
        return row

    return read
