"""The answers to questions for points."""

from collections.abc import Mapping, Sequence
from typing import Any

from deardiary.backends.sql.engine import Connection, Engine
from deardiary.backends.sql.keeping import Archive, Asked
from deardiary.backends.sql.packing import damaged
from deardiary.core.points import place_of
from deardiary.core.queries import Series, SeriesQuery
from deardiary.core.series import Arrived, answered


def read_series(engine: Engine, connection: Connection, archive: Archive, query: SeriesQuery) -> list[Series]:
    """Return the series that answer a query."""
    rows = _asked(engine, connection, query)
    asked: Asked = {id: (run, key) for id, run, key, _ in rows}
    if not asked:
        return []
    if query.ids:
        numbers: dict[int, set[int]] = {}
        for id in query.ids:
            numbers.setdefault(place_of(id)[0], set()).add(place_of(id)[1])
        return answered(SeriesQuery(), archive.pick(connection, asked, numbers))
    found = archive.read(connection, asked, query.steps)
    if query.steps is None:
        check_counts(found, {id: count for id, *_, count in rows})
    return _apart(answered(query, found))


def check_counts(found: Sequence[Arrived], counts: Mapping[int, int]) -> None:
    """Refuse to answer with fewer points, or more, than the rows of their series say."""
    read = {one.series: len(one) for one in found}
    for series, count in counts.items():
        if read.get(series) != count:
            raise damaged(f"series {series} has {read.get(series, 0):,} points, where there were {count:,}")


def _asked(engine: Engine, connection: Connection, query: SeriesQuery) -> list[tuple[Any, ...]]:
    """Return the series that a query is about: each with its run, its key and the count of its points."""
    fixed, runs = engine.texts.fixed, engine.constant(list(query.iterations), "numbers")
    if query.ids:
        ids = sorted({place_of(id)[0] for id in query.ids})
        return connection.all(fixed["series by id"], [engine.constant(ids, "numbers")])
    if len(query.iterations) == len(query.keys) == 1:
        return connection.all(fixed["series of a run and key"], [*query.iterations, *query.keys])
    if query.iterations and query.keys:
        return connection.all(fixed["series of runs by key"], [runs, engine.constant(list(query.keys), "texts")])
    if query.iterations:
        return connection.all(fixed["series of runs"], [runs])
    return [row for row in connection.all(fixed["series"]) if not query.keys or row[2] in query.keys]


def _apart(answer: list[Series]) -> list[Series]:
    """Return series none of which shares its columns with another."""
    seen: set[int] = set()
    for one in answer:
        for name in ("steps", "times"):
            column = getattr(one, name)
            if id(column) in seen:
                object.__setattr__(one, name, column[:])  # a value in the making
            seen.add(id(column))
    return answer
