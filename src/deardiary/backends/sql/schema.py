"""Every table and column, named once: the nouns as they declare themselves, and what a store keeps beside them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import UserDefinedType

from deardiary.backends.sql.names import TABLES
from deardiary.core.declared import Fact, Kind, facts, kinds, references
from deardiary.core.entities import Metric, Summary

metadata = sa.MetaData()


class Double(UserDefinedType[float]):
    """A float of 64 bits that comes back bit for bit."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the type's name where it has a common one."""
        return "DOUBLE PRECISION"


@compiles(Double, "sqlite")
def _no_affinity(_type: Double, _compiler: Any, **_: Any) -> str:
    """Name no type: a REAL column would turn -0.0 into 0.0."""
    return "BLOB"


_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""A text that is sorted by code point."""


def _type(fact: Fact) -> Any:
    if fact.shared:
        return sa.BigInteger
    if fact.holds_float:
        return Double
    sorts = {
        "text": _TEXT,
        "number": sa.BigInteger,
        "flag": sa.Boolean,
        "time": sa.BigInteger,
        "octets": sa.LargeBinary,
    }
    return sorts[fact.sort]


def _id() -> "sa.Column[int]":
    integer = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("id", integer, primary_key=True, autoincrement=True)


def _columns(kind: Kind) -> list["sa.Column[Any]"]:
    return [
        _id() if name == "id" else sa.Column(name, _type(fact), nullable=fact.optional or fact.shared)
        for name, fact in facts(kind).items()
        if fact.stored
    ]


def _indexes(kind: Kind) -> list[Any]:
    unique = kind.declared.unique
    wanted = [fact for fact in references(kind) if fact.owner or fact.set_null or fact.holds]
    return [
        sa.UniqueConstraint(*unique),
        *(_index(kind, fact) for fact in wanted if fact.name != unique[0] and fact.names != "*"),
    ]


def _index(kind: Kind, fact: Fact) -> sa.Index:
    """Return the index by which the rows are found that name another; those that name none are not in it."""
    name = f"{TABLES[kind.__name__]}_{fact.name}"
    named: Any = sa.text(f"{fact.name} IS NOT NULL") if fact.optional else None
    return sa.Index(name, fact.name, sqlite_where=named, postgresql_where=named)


def _table(kind: Kind, *more: Any) -> sa.Table:
    mark = sa.Column("mark", sa.BigInteger, nullable=False)
    name = TABLES[kind.__name__]
    return sa.Table(name, metadata, *_columns(kind), *more, mark, *_indexes(kind), sqlite_autoincrement=True)


tables = {
    kind: _table(kind, *([sa.Column("next", sa.BigInteger, nullable=False)] if kind is Summary else ()))
    for kind in kinds().values()
    if kind is not Metric
}
"""The table of each kind; that of `Summary` keeps a row for every series, with the number its next point gets."""


def _owned(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, nullable=False)


ROWWISE = {"dialects": ("sqlite", "postgresql")}
"""What says of a table that engines have it which keep rows one by one: the points, each table with the run in every
row, so that Postgres can part it by run."""


@compiles(sa.PrimaryKeyConstraint, "postgresql")
def _key(key: sa.PrimaryKeyConstraint, compiler: Any, **more: Any) -> str:
    """Name the run in the keys of points: Postgres parts no table by what is not in its keys."""
    if key.table.info == ROWWISE:
        return "PRIMARY KEY (id, iteration_id)"
    return str(compiler.visit_primary_key_constraint(key, **more))


tail = sa.Table(
    "tail",
    metadata,
    _id(),
    _owned("iteration_id"),
    _owned("mark"),
    sa.Column("head", sa.LargeBinary, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Index("tail_iteration_id", "iteration_id"),
    sqlite_autoincrement=True,
    info=ROWWISE,
)
"""Points as they came, a record for each time, until they are folded into chunks."""

stamps = sa.Table(
    "stamps",
    metadata,
    _id(),
    _owned("iteration_id"),
    _owned("count"),
    sa.Column("steps", sa.LargeBinary, nullable=False),
    sa.Column("times", sa.LargeBinary, nullable=False),
    sa.Index("stamps_iteration_id", "iteration_id"),
    sqlite_autoincrement=True,
    info=ROWWISE,
)
"""The steps and times of chunks, once for all series that were measured together."""

chunks = sa.Table(
    "chunks",
    metadata,
    _id(),
    _owned("iteration_id"),
    _owned("series_id"),
    _owned("first"),
    _owned("last"),
    _owned("count"),
    _owned("low"),
    _owned("high"),
    _owned("stamps_id"),
    _owned("mark"),
    sa.Column("numbers", sa.LargeBinary),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("series_id", "first", "iteration_id"),
    sa.Index("chunks_stamps_id", "stamps_id"),
    sqlite_autoincrement=True,
    info=ROWWISE,
)
"""Points of one series from one number to another, and from its lowest step to its highest; the numbers themselves
only if some are missing."""

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("owner_id", sa.BigInteger, nullable=False),
    sa.Column("last", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("name", "owner_id"),
    sqlite_with_rowid=False,
)
"""The last number given within an owner."""

batches = sa.Table(
    "batches",
    metadata,
    sa.Column("id", sa.LargeBinary, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("principal", sa.BigInteger),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("mark", sa.BigInteger, nullable=False),
    sa.Column("receipt", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("sequence", sa.BigInteger, nullable=False),
    info={"dialects": ("sqlite",)},
)
"""One row: how many commits there were."""

points = sa.Table(
    "points",
    metadata,
    _owned("series_id"),
    _owned("number"),
    _owned("step"),
    sa.Column("value", Double, nullable=False),
    _owned("time"),
    info={"dialects": ("duckdb",)},
)
"""Points as rows, for engines that keep columns."""

migrations = sa.Table(
    "deardiary_migrations",
    metadata,
    sa.Column("version", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
)
