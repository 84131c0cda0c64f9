"""The dialects of SQL in which texts are written, as SQLAlchemy knows them or as it is taught here."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect, PGIdentifierPreparer
from sqlalchemy.engine.interfaces import BindTyping


class DuckCompiler(PGCompiler):
    """Writes what DuckDB reads: as Postgres, but that no row is ever locked."""

    def for_update_clause(self, select: Any, **more: Any) -> str:  # noqa: ARG002
        """Return nothing: one process writes, one transaction after another."""
        return ""


class DuckPreparer(PGIdentifierPreparer):
    """Quotes every name, since DuckDB reserves others than Postgres."""

    def _requires_quotes(self, value: str) -> bool:  # noqa: ARG002
        return True


class PlainDialect(PGDialect):
    """Postgres, which works out by itself of what type a value is."""

    bind_typing = BindTyping.NONE
    supports_statement_cache = False


class DuckDialect(PlainDialect):
    """DuckDB, which is close to Postgres."""

    name = "duckdb"
    statement_compiler = DuckCompiler
    preparer = DuckPreparer


DIALECTS: Mapping[str, Callable[[], Any]] = {
    "sqlite": lambda: sqlite.dialect(paramstyle="qmark"),
    "postgresql": lambda: PlainDialect(paramstyle="format"),  # type: ignore[no-untyped-call]
    "duckdb": lambda: DuckDialect(paramstyle="qmark"),  # type: ignore[no-untyped-call]
}

INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert, "duckdb": sa.insert}
"""The insert of each dialect, which knows `ON CONFLICT` where there are constraints."""
