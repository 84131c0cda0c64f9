"""What the dialects say differently, as words of SQL that each compiles in its own way."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from deardiary.backends.sql.schema import Double


class numeric(FunctionElement[float]):  # noqa: N801  # it reads as a function of SQL
    """A float, or NULL when it is no number."""

    inherit_cache = True
    type = Double()


@compiles(numeric, "sqlite")
def _numeric_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    column = compiler.process(element.clauses, **more)
    return f"CASE WHEN typeof({column}) = 'real' THEN {column} END"


class no_number(FunctionElement[int]):  # noqa: N801  # it reads as a function of SQL
    """1 if a float is no number."""

    inherit_cache = True
    type = sa.Integer()


@compiles(no_number, "sqlite")
def _no_number_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"(typeof({compiler.process(element.clauses, **more)}) = 'text')"


class each(FunctionElement[Any]):  # noqa: N801  # it reads as a function of SQL
    """The values of a list that is one constant."""

    inherit_cache = True
    type = sa.BigInteger()


@compiles(each, "sqlite")
def _each_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **more)}))"


class like(FunctionElement[int]):  # noqa: N801  # it reads as a function of SQL
    """1 if a text matches a glob, which each engine is given in its own form."""

    inherit_cache = True
    type = sa.Integer()


@compiles(like, "sqlite")
def _like_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    column, pattern = (compiler.process(part, **more) for part in element.clauses)
    return f"({column} GLOB {pattern})"


DIALECTS = {"sqlite": lambda: sqlite.dialect(paramstyle="qmark")}
