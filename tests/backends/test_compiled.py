"""The texts of SQL in `compiled/` are those that the schema makes."""

from pathlib import Path

import pytest

from deardiary.backends.sql import making

FOLDER = Path(making.__file__).parent / "compiled"


@pytest.mark.parametrize("dialect", making.DIALECTS)
def test_the_compiled_texts_are_up_to_date(dialect: str) -> None:
    kept = (FOLDER / f"{dialect}.py").read_text()

    assert kept == making.made(dialect), "the schema has changed: run `make compiled`"
