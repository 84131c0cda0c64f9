"""Makes the texts of SQL in `compiled/` from the schema; run by `make compiled`, and compared by a test."""

import pprint
import sys
from pathlib import Path

from deardiary.backends.sql.compiler import compiled
from deardiary.backends.sql.dialects import DIALECTS
from deardiary.backends.sql.fixed import ddl, fixed
from deardiary.backends.sql.foreseen import foreseen

HEADER = '''"""Texts of SQL for {dialect}, made by `make compiled` from the schema; not written by hand."""

from deardiary.backends.sql.engine import Texts

'''


def made(dialect: str) -> str:
    """Return the module of the texts of a dialect."""
    shapes = {shape.name(): compiled(shape, dialect) for shape in foreseen()}
    said = {
        "DDL": ddl(dialect),
        "FIXED": fixed(dialect),
        "SHAPES": {name: (one.text, one.slots) for name, one in sorted(shapes.items())},
    }
    body = "\n\n".join(f"{name} = {pprint.pformat(value, width=100_000)}" for name, value in said.items())
    texts = f'TEXTS = Texts(dialect="{dialect}", ddl=DDL, fixed=FIXED, shapes=SHAPES)'
    return f"{HEADER.format(dialect=dialect)}# ruff: noqa\n\n{body}\n\n{texts}\n"


def write(folder: Path) -> None:
    """Write the module of every dialect."""
    for dialect in DIALECTS:
        (folder / f"{dialect}.py").write_text(made(dialect))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
