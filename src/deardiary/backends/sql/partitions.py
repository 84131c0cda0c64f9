"""Partitions: the tables of points on Postgres, each in parts by run, so that one part can be vacuumed or moved."""

from collections.abc import Iterator, Sequence

from deardiary.backends.sql.names import POINTS


def partitioned(ddl: Sequence[str], parts: int) -> tuple[str, ...]:
    """Return the statements that make a diary whose tables of points have so many parts, or are whole if that is 0."""
    return tuple(text for one in ddl for text in _parted(one, parts)) if parts else tuple(ddl)


def _parted(statement: str, parts: int) -> Iterator[str]:
    table = statement.removeprefix("CREATE TABLE ").split()[0]
    if table not in POINTS:
        yield statement
        return
    yield f"{statement} PARTITION BY HASH (iteration_id)"
    for part in range(parts):
        yield f"CREATE TABLE {table}_{part} PARTITION OF {table} FOR VALUES WITH (MODULUS {parts}, REMAINDER {part})"
