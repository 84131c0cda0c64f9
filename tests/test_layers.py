"""Imports point one way, heavy libraries are imported late, and nobody names a backend."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "src" / "deardiary"

LAYERS = [
    {"core"},
    {"backends", "artifacts"},
    {"origins", "secrets", "schemes", "hooks", "registry", "inherited", "keys", "tomlfile", "settings", "plugin"},
    {
        "verbs",
        "tracker",
        "endings",
        "exits",
        "opening",
        "requirements",
        "observing",
        "default",
        "journal",
        "line",
        "recorder",
        "recovery",
        "serving",
        "drained",
        "refused",
        "views",
        "pictures",
        "fluent",
        "beginning",
        "current",
        "going",
        "saying",
    }
    | {"environment", "locks", "testing"},
    {"server"},
    {"cli", "__main__"},
]
"""What may import what: a layer itself and those before it."""

HEAVY = {"sqlalchemy", "duckdb", "psycopg", "fsspec", "s3fs", "cattrs", "starlette", "numpy", "pluggy", "hypothesis"}
MAY_BE_HEAVY = {
    "backends/sql/schema.py",
    "backends/sql/compiler.py",
    "backends/sql/constructs.py",
    "backends/sql/dialects.py",
    "backends/sql/duckdb.py",
    "backends/sql/postgres.py",
    "backends/sql/conninfo.py",
    "backends/sql/failures.py",
    "backends/sql/refusal.py",
    "backends/sql/fixed.py",
    "hooks.py",
    "testing/machine.py",
}
"""The modules whose whole point is a heavy library; they are imported late themselves."""


def modules() -> Iterator[Path]:
    yield from sorted(ROOT.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(tree: ast.AST, *, late: bool) -> Iterator[str]:
    """Yield the names of modules that are imported at the top, or anywhere."""
    body = ast.walk(tree) if late else _eager(tree)
    for node in body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""


def _eager(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs when a module is imported."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):  # read by type checkers only
            continue
        yield node
        yield from _eager(node)


def layer(name: str) -> int:
    return next(number for number, rooms in enumerate(LAYERS) if name in rooms)


@pytest.mark.parametrize("path", [*modules()], ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    tree = ast.parse(path.read_text())
    if path == ROOT / "__init__.py":
        assert {*imports(tree, late=False)} == set(), "the front door imports when a name is first used"
        return

    ours = [name.split(".")[1] for name in imports(tree, late=True) if name.startswith("deardiary.")]

    assert [name for name in ours if layer(name) > layer(room(path))] == []
    if room(path) != "testing":
        assert "testing" not in ours or path == ROOT / "cli" / "checking.py"


@pytest.mark.parametrize("path", [*modules()], ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_libraries_are_imported_late(path: Path) -> None:
    tree = ast.parse(path.read_text())

    heavy = {name.split(".")[0] for name in imports(tree, late=False)} & HEAVY

    assert heavy == set() or path.relative_to(ROOT).as_posix() in MAY_BE_HEAVY


@pytest.mark.parametrize("path", sorted((ROOT / "core").glob("*.py")), ids=lambda path: path.name)
def test_the_core_knows_attrs_and_the_standard_library(path: Path) -> None:
    import sys

    tree = ast.parse(path.read_text())

    others = {name.split(".")[0] for name in imports(tree, late=True)} - set(sys.stdlib_module_names) - {"deardiary"}

    assert others <= {"attrs", "attr"} | {"wire.py": {"cattrs"}, "columns.py": {"numpy"}}.get(path.name, set())


def test_backends_do_not_import_one_another() -> None:
    for path in sorted((ROOT / "backends").rglob("*.py")):
        inner = [
            name for name in imports(ast.parse(path.read_text()), late=True) if name.startswith("deardiary.backends.")
        ]
        family = "sql" if "sql" in path.parts else path.stem
        assert [name for name in inner if name.split(".")[2] != family] == [], path


def test_nobody_imports_a_backend_by_name() -> None:
    for path in modules():
        if room(path) in ("backends", "artifacts", "plugin", "testing"):
            continue
        inner = [
            name for name in imports(ast.parse(path.read_text()), late=True) if name.startswith("deardiary.backends")
        ]
        assert inner == [], path


def test_plugins_come_in_by_the_second_door() -> None:
    for path in sorted((ROOT.parent.parent / "plugins").glob("*/*.py")):
        inner = {name for name in imports(ast.parse(path.read_text()), late=True) if name.startswith("deardiary")}
        assert inner == {"deardiary.plugin"}, path


def test_files_are_short() -> None:
    long = {
        path.name: count
        for path in modules()
        if (count := path.read_text().count("\n")) > 510
        and path.parent.name != "compiled"
        and path != ROOT / "__init__.py"
    }

    assert long == {}
