"""What the dialects say differently, as words of SQL that each compiles in its own way."""

from typing import Any

import sqlalchemy as sa
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


@compiles(numeric)
def _numeric(element: Any, compiler: Any, **more: Any) -> str:
    column = compiler.process(element.clauses, **more)
    return f"CASE WHEN {column} <> {_NAN} THEN {column} END"


_NAN = "CAST('NaN' AS DOUBLE PRECISION)"


class no_number(FunctionElement[int]):  # noqa: N801  # it reads as a function of SQL
    """1 if a float is no number."""

    inherit_cache = True
    type = sa.Integer()


@compiles(no_number, "sqlite")
def _no_number_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"(typeof({compiler.process(element.clauses, **more)}) = 'text')"


@compiles(no_number)
def _no_number(element: Any, compiler: Any, **more: Any) -> str:
    return f"(CASE WHEN {compiler.process(element.clauses, **more)} = {_NAN} THEN 1 ELSE 0 END)"


class either(FunctionElement[Any]):  # noqa: N801  # it reads as a function of SQL
    """A number, or the text if there is none; as a text where an engine allows one type only."""

    inherit_cache = True
    type = sa.Text()


@compiles(either, "sqlite")
def _either_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"coalesce({compiler.process(element.clauses, **more)})"


@compiles(either)
def _either(element: Any, compiler: Any, **more: Any) -> str:
    number, text = (compiler.process(part, **more) for part in element.clauses)
    return f"coalesce(CAST({number} AS TEXT), {text})"


class everything(FunctionElement[int]):  # noqa: N801  # it reads as a function of SQL
    """The limit that is none."""

    inherit_cache = True
    type = sa.Integer()


@compiles(everything, "sqlite")
def _everything_sqlite(_element: Any, _compiler: Any, **_more: Any) -> str:
    return "-1"


@compiles(everything)
def _everything(_element: Any, _compiler: Any, **_more: Any) -> str:
    return "NULL"


class among(FunctionElement[Any]):  # noqa: N801  # it reads as a function of SQL
    """Whether a column is one of the values of a list that is one constant."""

    inherit_cache = False
    type = sa.types.NullType()  # as a boolean, SQLite's compiler would compare it with 1, and no index would be used

    def __init__(self, column: Any, given: Any, sort: str = "BIGINT") -> None:
        super().__init__(column, given)
        self.sort = sort


@compiles(among, "sqlite")
def _among_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    column, given = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({given}))"


@compiles(among, "postgresql")
def _among_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    column, given = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} = ANY (CAST({given} AS {element.sort}[]))"


@compiles(among)
def _among(element: Any, compiler: Any, **more: Any) -> str:
    column, given = (compiler.process(part, **more) for part in element.clauses)
    return f"{column} IN (SELECT unnest(CAST({given} AS {element.sort}[])))"


class like(FunctionElement[int]):  # noqa: N801  # it reads as a function of SQL
    """1 if a text matches a glob, which each engine is given in its own form."""

    inherit_cache = True
    type = sa.Integer()


@compiles(like, "sqlite")
def _like_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    column, pattern = (compiler.process(part, **more) for part in element.clauses)
    return f"({column} GLOB {pattern})"


@compiles(like)
def _like(element: Any, compiler: Any, **more: Any) -> str:
    column, pattern = (compiler.process(part, **more) for part in element.clauses)
    return f"(CASE WHEN {column} LIKE {pattern} ESCAPE '!' THEN 1 ELSE 0 END)"
