"""The texts of SQL in `compiled/` are those that the schema makes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from deardiary.backends.sql import making
from deardiary.backends.sql.compiled.sqlite import TEXTS as SQLITE

FOLDER = Path(making.__file__).parent / "compiled"


@pytest.mark.parametrize("dialect", making.DIALECTS)
def test_the_compiled_texts_are_up_to_date(dialect: str) -> None:
    kept = (FOLDER / f"{dialect}.py").read_text()

    assert kept == making.made(dialect), "the schema has changed: run `make compiled`"


WHOLE = {"tail", "series", "sequence", "sequence now", "version"}
"""The statements that look at all of a table."""


@pytest.mark.parametrize("name", sorted(set(SQLITE.fixed) - WHOLE))
def test_no_statement_looks_at_a_whole_table(name: str) -> None:
    text = SQLITE.fixed[name]
    with closing(sqlite3.connect(":memory:")) as raw:
        for made in SQLITE.ddl:
            raw.execute(made)
        plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {text}", ["[]"] * text.count("?"))]

    assert [
        one for one in plan if one.startswith("SCAN ") and not one.startswith(("SCAN json_each", "SCAN CONSTANT"))
    ] == []


def test_no_lookup_of_rows_by_id_looks_at_a_whole_table() -> None:
    with closing(sqlite3.connect(":memory:")) as raw:
        for made in SQLITE.ddl:
            raw.execute(made)
        for name, (text, _) in SQLITE.shapes.items():
            if "name='id'" in name and "Among" in name:
                plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {text}", ["[]"] * text.count("?"))]

                assert any("INTEGER PRIMARY KEY" in one for one in plan), text
