"""The statements that never vary, written once with SQLAlchemy and compiled for each engine."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from deardiary.backends.sql.constructs import DIALECTS, each
from deardiary.backends.sql.schema import batches, counters, ledger, metadata, migrations, points, tables
from deardiary.core.entities import Experiment, Iteration, Project, Summary, Text, Writer

INSERTS: dict[str, Any] = {"sqlite": sqlite.insert}
"""The insert of each dialect, which knows `ON CONFLICT`."""

EXTENT = ("next", "count", "first_step", "last_step", "first", "last", "min", "max", "mark")
"""The columns of a series that change when points come."""


def ddl(dialect: str) -> tuple[str, ...]:
    """Return the statements that make an empty diary."""
    made = [sa.schema.CreateTable(table) for table in metadata.sorted_tables]
    indexed = [
        sa.schema.CreateIndex(index)
        for table in metadata.sorted_tables
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]
    return tuple(_text(one, dialect) for one in [*made, *indexed])


def fixed(dialect: str) -> dict[str, str]:
    """Return the statements that never vary, by name."""
    insert = INSERTS[dialect]
    said: dict[str, Any] = {
        "sequence": sa.update(ledger)
        .values(sequence=ledger.c.sequence + sa.literal_column("1"))
        .returning(ledger.c.sequence),
        "sequence now": sa.select(ledger.c.sequence),
        "batch": sa.select(batches.c.receipt, batches.c.digest, batches.c.principal).where(
            batches.c.id == _given("id")
        ),
        "keep batch": _insert(insert, batches),
        "counter": sa.select(counters.c.last).where(
            counters.c.name == _given("name"), counters.c.owner_id == _given("owner")
        ),
        "count": _counted(insert),
        "project in projects": sa.select(tables[Project].c.id).where(tables[Project].c.id == _given("id")),
        "text": sa.select(tables[Text].c.id).where(tables[Text].c.digest == _given("digest")),
        "migrated": _insert(insert, migrations),
        "version": sa.select(sa.func.max(migrations.c.version)),
        **_of_series(insert),
        **_of_points(insert),
        **_of_writers(),
    }
    for below in (tables[Experiment], tables[Iteration]):
        said[f"project in {below.name}"] = sa.select(below.c.project_id).where(below.c.id == _given("id"))
    for kind, table in tables.items():
        said[f"insert {kind.__name__}"] = _insert(insert, table).on_conflict_do_nothing()
        said[f"delete {kind.__name__}"] = sa.delete(table).where(_listed(table.c.id))
        same = [table.c[name] == _given(name) for name in kind.declared.unique]
        said[f"holder {kind.__name__}"] = sa.select(table.c.id).where(*same)
    return {name: _text(one, dialect) for name, one in sorted(said.items())}


def _of_series(insert: Any) -> dict[str, Any]:
    series = tables[Summary]
    columns = [series.c.id, series.c.key, *(series.c[name] for name in EXTENT[:-1])]
    made = _insert(insert, series)
    found = [series.c.id, series.c.iteration_id, series.c.key]
    return {
        "series of a run": sa.select(*columns).where(series.c.iteration_id == _given("run")),
        "keep series": made.on_conflict_do_update(
            index_elements=[series.c.id], set_={name: made.excluded[name] for name in EXTENT}
        ),
        "one series": sa.select(series.c.iteration_id, *columns).where(
            series.c.id == _given("id"), series.c.count > sa.literal_column("0")
        ),
        "series": sa.select(*found).where(series.c.count > sa.literal_column("0")),
        "series of runs": sa.select(*found).where(
            series.c.count > sa.literal_column("0"), _listed(series.c.iteration_id)
        ),
        "ids of series": sa.select(series.c.id).where(_listed(series.c.iteration_id)),
    }


def _of_points(insert: Any) -> dict[str, Any]:
    at = (points.c.series_id == _given("series"), points.c.number == _given("number"))
    plain = [points.c.number, points.c.step, points.c.value, points.c.time]
    changed = {name: _given(name) for name in ("step", "value", "time")}
    return {
        "insert points": _insert(insert, points),
        "point": sa.select(*plain).where(*at),
        "update point": sa.update(points).values(**changed).where(*at),
        "delete point": sa.delete(points).where(*at),
        "delete points": sa.delete(points).where(_listed(points.c.series_id)),
        "points of a series": sa.select(points.c.step, points.c.value)
        .where(points.c.series_id == _given("series"))
        .order_by(points.c.number),
        "points of series": sa.select(points.c.series_id, points.c.step, points.c.number, points.c.value, points.c.time)
        .where(_listed(points.c.series_id))
        .order_by(points.c.series_id, points.c.number),
    }


def _of_writers() -> dict[str, Any]:
    writers = tables[Writer]
    moved = {name: _given(name) for name in ("host", "pid", "position", "seen_at", "mark")}
    return {
        "writer": sa.select(writers.c.id, writers.c.user_id, writers.c.position).where(writers.c.uid == _given("uid")),
        "move writer": sa.update(writers).values(**moved).where(writers.c.id == _given("writer")),
    }


def _counted(insert: Any) -> Any:
    made = _insert(insert, counters)
    greatest = sa.case((made.excluded.last > counters.c.last, made.excluded.last), else_=counters.c.last)
    return made.on_conflict_do_update(index_elements=[counters.c.name, counters.c.owner_id], set_={"last": greatest})


def _insert(insert: Any, table: sa.Table) -> Any:
    return insert(table).values({column.name: _given(column.name) for column in table.c})


def _given(name: str) -> Any:
    return sa.bindparam(f"given_{name}")


def _listed(column: Any) -> Any:
    return column.op("IN", is_comparison=True)(each(_given("list")))


def _text(statement: Any, dialect: str) -> str:
    return " ".join(str(statement.compile(dialect=DIALECTS[dialect]())).split())
