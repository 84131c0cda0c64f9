"""The table of the contract names tests that are there, and leaves none of the suite's out."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = (ROOT / "docs" / "contract.md").read_text()
ROW = re.compile(r"^\| (\d[\w.]*) \| (.+?) \| (.+?) \|$", re.MULTILINE)

PENDING = {
    "The library",
    "Points",
    "DuckDB and Postgres, proven identical",
    "Artifacts anywhere",
    "The server and its client",
}
"""The issues that bring what some sentences speak of."""


def tests_in(*folders: str) -> set[str]:
    """Return the names of all tests under some folders."""
    return {
        node.name
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_test_in_the_table_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", TABLE))

    assert named - tests_in("tests", "src/deardiary/testing") == set()


def test_every_sentence_is_held_by_a_test_or_names_its_issue() -> None:
    bare = [number for number, _, held in ROW.findall(TABLE) if "`test_" not in held and "issue: " not in held]

    assert bare == []


def test_every_issue_in_the_table_is_one_to_come() -> None:
    named = set(re.findall(r"issue: ([^;|]+?)(?: \||;)", TABLE))

    assert named <= PENDING


def test_every_promise_of_the_suite_is_in_the_table() -> None:
    assert tests_in("src/deardiary/testing") - set(re.findall(r"`(test_\w+)`", TABLE)) == set()


def test_every_part_of_the_contract_has_sentences() -> None:
    numbers = [number for number, _, _ in ROW.findall(TABLE)]
    parts = {re.match(r"[\d.]+", number).group() for number in numbers}  # type: ignore[union-attr]  # all begin so

    wanted = {
        f"{chapter}.{part}"
        for chapter, last in {1: 7, 2: 5, 3: 7, 4: 5, 5: 5, 6: 3, 9: 5}.items()
        for part in range(1, last + 1)
    }
    assert parts == wanted | {"7", "8"}
    assert len(numbers) == len(set(numbers))
