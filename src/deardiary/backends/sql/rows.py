"""Rows as an engine keeps them, and back as entities."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from operator import attrgetter
from typing import Any

import attrs

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


def row_out(engine: Engine, row: Entity, instead: Mapping[str, Any]) -> list[Any]:
    """Return a row as the engine keeps it, with other values of some fields that it keeps as they are."""
    read, places, ways = _written(type(row))
    values = list(read(row))
    for place, how in ways:
        values[place] = _out(engine, how, values[place])
    for name, value in instead.items():
        values[places[name]] = value
    return values


@cache
def _written(kind: Kind) -> tuple[Callable[[Entity], tuple[Any, ...]], dict[str, int], list[tuple[int, str]]]:
    """Return what reads the stored fields of a row, the place of each, and those that are not kept as they are."""
    kept = _kept(kind)
    places = {name: place for place, (name, _) in enumerate(kept)}
    ways = [(place, how) for place, (_, how) in enumerate(kept) if how in ("time", "float")]
    return attrgetter(*places), places, ways


def _out(engine: Engine, how: str, value: Any) -> Any:
    if value is None:
        return None
    if how == "time":
        return micros(value)
    return engine.number_out(value) if how == "float" else value


@cache
def reader(number_in: Callable[[Any], float], kind: type[E]) -> Callable[[Sequence[Any]], E]:
    """Return a function that makes an entity of what an engine kept, without checking it again."""
    ways: dict[str, Callable[[Any], Any]] = {
        "time": lambda value: EPOCH + timedelta(0, 0, value),
        "flag": bool,
        "float": number_in,
    }
    kept = _kept(kind)
    plan = [(place, ways[how]) for place, (_, how) in enumerate(kept) if how in ways]
    rest = [fact.default for fact in facts(kind).values() if not fact.stored]
    names = [*(name for name, _ in kept), *(name for name, fact in facts(kind).items() if not fact.stored)]
    new, width = kind.__new__, len(kept)
    fill, count = _one_by_one(kind, names), 0

    def read(values: Sequence[Any]) -> E:
        nonlocal fill, count
        said = list(values[:width])
        for place, way in plan:
            value = said[place]
            if value is not None and value.__class__ is not float:
                said[place] = way(value)
        row = new(kind)
        fill(row, *said, *rest)
        if count <= FEW:
            count += 1
            if count == FEW:
                fill = _unchecked(tuple(names))
        return row

    return read


FEW = 40
"""How many rows of a kind are read before it pays to make what reads them faster."""


def _one_by_one(kind: type[E], names: Sequence[str]) -> Callable[..., None]:
    """Return what fills the fields of a new row in order, one by one."""
    put = [setters(kind)[name] for name in names]

    def fill(row: E, *values: Any) -> None:
        for one, value in zip(put, values, strict=True):
            one(row, value)

    return fill


def _unchecked(names: tuple[str, ...]) -> Callable[..., None]:
    """Return what fills the fields of a new row in order, as a class without validators and converters would."""
    made: Any = attrs.make_class("Unchecked", list(names), frozen=True, slots=True)
    fill: Callable[..., None] = made.__init__
    return fill
