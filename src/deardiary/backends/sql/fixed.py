"""The statements that never vary, written once with SQLAlchemy and compiled for each engine."""

from typing import Any

import sqlalchemy as sa

from deardiary.backends.sql.constructs import among
from deardiary.backends.sql.dialects import DIALECTS, INSERTS
from deardiary.backends.sql.names import CLOSED
from deardiary.backends.sql.schema import (
    Double,
    batches,
    chunks,
    counters,
    ledger,
    metadata,
    migrations,
    points,
    stamps,
    tables,
    tail,
)
from deardiary.core.entities import Experiment, Iteration, Project, Summary, Text, Writer

EXTENT = ("next", "count", "first_step", "last_step", "first", "last", "min", "max", "mark")
"""The columns of a series that change when points come."""

CHANGED = ("first", "last", "count", "low", "high", "stamps_id", "mark", "numbers", "data")
"""The columns of a chunk that may change."""


def ddl(dialect: str) -> tuple[str, ...]:
    """Return the statements that make an empty diary."""
    all = [table for table in metadata.sorted_tables if dialect in table.info.get("dialects", DIALECTS)]
    if dialect == "duckdb":
        return tuple(_bare(table, dialect) for table in all)
    made = [sa.schema.CreateTable(table) for table in all]
    indexed = [
        sa.schema.CreateIndex(index)
        for table in all
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]
    texts = [_text(one, dialect) for one in [*made, *indexed]]
    if dialect == "sqlite":
        return (*texts, "INSERT INTO ledger (sequence) VALUES (0)")
    packed = [(table, column) for table in (tail, stamps, chunks) for column in table.c if _is_packed(column)]
    return (*texts, *(f"ALTER TABLE {one} ALTER COLUMN {column.name} SET STORAGE EXTERNAL" for one, column in packed))


def _is_packed(column: "sa.Column[Any]") -> bool:
    """Return whether a column keeps bytes that are compressed already."""
    return isinstance(column.type, sa.LargeBinary)


def _bare(table: sa.Table, dialect: str) -> str:
    """Return the statement that makes a table without keys and indexes.

    DuckDB looks at the rows of a transaction as if those that it has removed were there still, so that its keys refuse
    what is right. The store looks itself.
    """
    made = DIALECTS[dialect]()
    said = [
        f'"{column.name}" {made.type_compiler_instance.process(column.type)}{"" if column.nullable else " NOT NULL"}'
        for column in table.c
    ]
    return f'CREATE TABLE "{table.name}" ({", ".join(said)})'


def fixed(dialect: str) -> dict[str, str]:
    """Return the statements that never vary, by name."""
    insert = INSERTS[dialect]
    said: dict[str, Any] = {
        "batch": sa.select(batches.c.receipt, batches.c.digest, batches.c.principal).where(
            batches.c.id == _given("id")
        ),
        "keep batch": _insert(insert, batches),
        "counter": sa.select(counters.c.last)
        .where(counters.c.name == _given("name"), counters.c.owner_id == _given("owner"))
        .with_for_update(),
        "begin to count": _insert(insert, counters),
        "count on": sa.update(counters)
        .values(last=_given("last"))
        .where(counters.c.name == _given("name"), counters.c.owner_id == _given("owner")),
        "project in projects": sa.select(tables[Project].c.id).where(tables[Project].c.id == _given("id")),
        "text": sa.select(tables[Text].c.id).where(tables[Text].c.digest == _given("digest")),
        "migrated": _insert(insert, migrations),
        "version": sa.select(sa.func.max(migrations.c.version)),
        **_of_series(insert),
        **_of_writers(),
    }
    texts = {}
    if dialect == "duckdb":
        said |= _of_points()
        series = tables[Summary]
        texts["keep series"] = _listed_update(series, [one for one in series.c if one.name in EXTENT])
    else:
        said |= _of_tail(insert) | _of_chunks(insert)
    if dialect == "sqlite":
        said |= _of_ledger()
    for below in (tables[Experiment], tables[Iteration]):
        said[f"project in {below.name}"] = sa.select(below.c.project_id).where(below.c.id == _given("id"))
    for kind, table in tables.items():
        made = _insert(insert, table)
        said[f"insert {kind.__name__}"] = made if dialect == "duckdb" else made.on_conflict_do_nothing()
        said[f"delete {kind.__name__}"] = sa.delete(table).where(_listed(table.c.id))
        same = [table.c[name] == _given(name) for name in kind.declared.unique]
        said[f"holder {kind.__name__}"] = sa.select(table.c.id).where(*same)
    return {name: texts.get(name) or _text(one, dialect) for name, one in sorted(said.items())}


def _listed_update(table: sa.Table, columns: "list[sa.Column[Any]]") -> str:
    """Return what changes some columns of many rows at once to values that come in lists, the ids in the last one."""
    said = [
        f'unnest(CAST(? AS {"DOUBLE" if isinstance(one.type, Double) else "BIGINT"}[])) AS "{one.name}"'
        for one in (*columns, table.c.id)
    ]
    changed = ", ".join(f'"{one.name}" = given."{one.name}"' for one in columns)
    given = f"(SELECT {', '.join(said)}) AS given"
    return f'UPDATE "{table.name}" SET {changed} FROM {given} WHERE "{table.name}"."id" = given."id"'


def _of_ledger() -> dict[str, Any]:
    next = sa.update(ledger).values(sequence=ledger.c.sequence + sa.literal_column("1"))
    return {"sequence": next.returning(ledger.c.sequence), "sequence now": sa.select(ledger.c.sequence)}


def _of_points() -> dict[str, Any]:
    series, number = points.c.series_id == _given("series"), points.c.number == _given("number")
    columns = (points.c.series_id, points.c.number, points.c.step, points.c.value, points.c.time)
    found = sa.select(*columns)
    between = (points.c.step >= _given("low"), points.c.step <= _given("high"))
    of_series, of_one = _listed(points.c.series_id), points.c.series_id == _given("series")
    return {
        "points of a series": found.where(of_one),
        "points of a series between": found.where(of_one, *between),
        "points of series": found.where(of_series),
        "points of series between": found.where(of_series, *between),
        "points by number": found.where(series, _listed(points.c.number)),
        "point": sa.select(points.c.step, points.c.value, points.c.time).where(series, number),
        "change point": sa.update(points)
        .values(**{name: _given(name) for name in ("step", "value", "time")})
        .where(series, number),
        "remove point": sa.delete(points).where(series, number),
        "forget points": sa.delete(points).where(of_series),
    }


def _of_series(insert: Any) -> dict[str, Any]:
    series = tables[Summary]
    columns = [series.c.id, series.c.key, *(series.c[name] for name in EXTENT[:-1])]
    made = _insert(insert, series)
    found = [series.c.id, series.c.iteration_id, series.c.key, series.c.count]
    there = series.c.count > sa.literal_column("0")
    run = series.c.iteration_id == _given("run")
    runs, ids = _listed(series.c.iteration_id), _listed(series.c.id)
    keys = among(series.c.key, _given("keys"), "TEXT")
    return {
        "series of a run": sa.select(*columns).where(run),
        "series of a run by key": sa.select(*columns).where(run, keys),
        "make series": made,
        "keep series": sa.update(series)
        .values(**{name: _given(name) for name in EXTENT})
        .where(series.c.id == _given("id")),
        "series by id": sa.select(*found).where(there, ids),
        "series": sa.select(*found).where(there),
        "series of a run and key": sa.select(*found).where(there, run, series.c.key == _given("key")),
        "series of runs": sa.select(*found).where(there, runs),
        "series of runs by key": sa.select(*found).where(there, runs, keys),
        "ids of series": sa.select(series.c.id).where(runs),
    }


def _of_tail(insert: Any) -> dict[str, Any]:
    run = tail.c.iteration_id == _given("run")
    one, runs, ids = (tail.c.id == _given("id"), run), _listed(tail.c.iteration_id, "runs"), _listed(tail.c.id)
    changed = {name: _given(name) for name in ("mark", "head", "data")}
    record = (tail.c.iteration_id, tail.c.head, tail.c.data)
    return {
        "insert tail": _insert(insert, tail, but="id"),
        "heads of a run": sa.select(tail.c.id, tail.c.head).where(run).order_by(tail.c.id),
        "record": sa.select(tail.c.head, tail.c.data).where(*one),
        "update tail": sa.update(tail).values(**changed).where(*one),
        "delete tail": sa.delete(tail).where(runs, ids),
        "has tail": sa.select(sa.exists().select_from(tail).where(run)),
        "tail": sa.select(*record).order_by(tail.c.id),
        "tail of runs": sa.select(*record).where(runs).order_by(tail.c.id),
        "sizes of a run": sa.select(tail.c.id, sa.func.length(tail.c.data)).where(run).order_by(tail.c.id),
        "records": sa.select(tail.c.id, tail.c.mark, tail.c.head, tail.c.data).where(runs, ids).order_by(tail.c.id),
        "marks of records": sa.select(tail.c.id, tail.c.mark).where(runs, ids),
        "forget tail": sa.delete(tail).where(runs),
    }


def _of_chunks(insert: Any) -> dict[str, Any]:
    runs, ids = _listed(chunks.c.iteration_id, "runs"), _listed(chunks.c.id)
    series = runs, _listed(chunks.c.series_id)
    one = chunks.c.id == _given("id"), chunks.c.iteration_id == _given("run")
    stamped = _listed(stamps.c.iteration_id, "runs")
    columns = [chunks.c[name] for name in ("id", "mark", "series_id", "first", "count", "stamps_id", "numbers", "data")]
    changed = {name: _given(name) for name in CHANGED}
    others = chunks.alias("others")
    same = others.c.series_id == chunks.c.series_id, others.c.iteration_id == chunks.c.iteration_id
    latest = sa.select(sa.func.max(others.c.first)).where(*same).scalar_subquery()
    of_stamps = chunks.c.stamps_id == stamps.c.id, chunks.c.iteration_id == stamps.c.iteration_id
    used = sa.exists().select_from(chunks).where(*of_stamps)
    return {
        "insert chunk": _insert(insert, chunks, but="id"),
        "places of chunks": sa.select(chunks.c.series_id, chunks.c.first, chunks.c.last, chunks.c.id).where(*series),
        "chunks": sa.select(*columns).where(runs, ids),
        "chunks of series": sa.select(*columns).where(
            *series, chunks.c.high >= _given("low"), chunks.c.low <= _given("high")
        ),
        "open chunks": sa.select(*columns).where(
            *series, chunks.c.count < sa.literal_column(str(CLOSED)), chunks.c.first == latest
        ),
        "marks of chunks": sa.select(chunks.c.id, chunks.c.mark).where(runs, ids),
        "update chunk": sa.update(chunks).values(**changed).where(*one),
        "delete chunks": sa.delete(chunks).where(runs, ids),
        "forget chunks": sa.delete(chunks).where(*series),
        "insert stamps": _insert(insert, stamps),
        "stamps": sa.select(stamps.c.id, stamps.c.count, stamps.c.steps, stamps.c.times).where(
            stamped, _listed(stamps.c.id)
        ),
        "delete stamps": sa.delete(stamps).where(stamped, _listed(stamps.c.id), ~used),
        "forget stamps": sa.delete(stamps).where(stamped),
    }


def _of_writers() -> dict[str, Any]:
    writers = tables[Writer]
    moved = {name: _given(name) for name in ("host", "pid", "position", "seen_at", "mark")}
    return {
        "writer": sa.select(writers.c.id, writers.c.user_id, writers.c.position)
        .where(writers.c.uid == _given("uid"))
        .with_for_update(),
        "move writer": sa.update(writers).values(**moved).where(writers.c.id == _given("writer")),
    }


def _insert(insert: Any, table: sa.Table, *, but: str = "") -> Any:
    return insert(table).inline().values({column.name: _given(column.name) for column in table.c if column.name != but})


def _given(name: str) -> Any:
    return sa.bindparam(f"given_{name}", type_=sa.types.NullType())


def _listed(column: Any, name: str = "list") -> Any:
    return among(column, _given(name))


def _text(statement: Any, dialect: str) -> str:
    return " ".join(str(statement.compile(dialect=DIALECTS[dialect]())).split())
