"""What the documents show is true: their blocks run, and their walks lead where they say."""

import ast
import inspect
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import deardiary
import places
from deardiary.backends.sql.views import VIEWS
from deardiary.inherited import VARIABLES as INHERITED
from deardiary.keys import KEYS, VARIABLES
from deardiary.registry import migrate_store
from deardiary.settings import read_settings

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
PAGES = [
    "docs/tutorial.md",
    "docs/child-iterations.md",
    "docs/usage-modes.md",
    "docs/points.md",
    "docs/stores.md",
    "docs/artifacts.md",
    "docs/coming-from-deardiary-jl.md",
    "docs/coming-from-mlflow.md",
    "docs/coming-from-wandb.md",
]
"""The pages whose blocks are one script each, and whose outputs are shown."""

NEEDS_A_SERVER = "needs a server"
"""The title of the blocks that do not run yet."""

COMING_FROM = [page for page in PAGES if "coming-from" in page]


def blocks(name: str) -> list[tuple[str, str, str]]:
    """Return the language, the title and the text of every block of a document."""
    return [(language, title, text) for language, title, text in BLOCK.findall((ROOT / name).read_text())]


def run(*command: str | Path, path: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(path), "COLUMNS": "100", **more}
    return subprocess.run(
        [sys.executable, *command], cwd=path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


# Writing a store.


def installed(page: str, name: str, path: Path) -> Path:
    """Write the plugin of a walk to a folder, known as if it had been installed, and return the folder."""
    for language, title, text in blocks(page):
        if language == "python" and title:
            (path / title).write_text(text)
    known = path / f"deardiary_{name}-0.1.0.dist-info"
    known.mkdir()
    (known / "METADATA").write_text(f"Metadata-Version: 2.1\nName: deardiary-{name}\nVersion: 0.1.0\n")
    (known / "entry_points.txt").write_text(f"[deardiary]\n{name} = deardiary_{name}\n")
    return path


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    return installed("docs/writing-a-store.md", "folder", tmp_path)


def test_the_store_of_the_walk_keeps_every_promise(plugin: Path) -> None:
    ended = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_folder.py", path=plugin)

    assert ended.returncode == 0, ended.stdout
    assert re.search(r"\d+ passed", ended.stdout)


def test_the_artifact_store_of_the_walk_keeps_every_promise(tmp_path: Path) -> None:
    path = installed("docs/writing-an-artifact-store.md", "bucket", tmp_path)

    ended = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_bucket.py", path=path)

    assert ended.returncode == 0, ended.stdout
    assert re.search(r"\d+ passed", ended.stdout)
    assert "deselected" not in ended.stdout


def test_the_check_of_the_walk_says_what_the_page_says(plugin: Path) -> None:
    (shown,) = (text for language, _, text in blocks("docs/writing-a-store.md") if language == "console")
    command, wanted = shown.split("\n", 1)
    assert command == "$ python -m deardiary check folder:////tmp/diary"

    ended = run("-m", "deardiary", "check", f"folder:///{plugin}/diary", path=plugin)

    said = ended.stdout.replace(f"folder:///{plugin}/diary", "folder:////tmp/diary")
    assert (said.strip(), ended.returncode) == (wanted.strip(), 0)


@pytest.mark.parametrize("name", ["docs/writing-a-store.md", "docs/writing-an-artifact-store.md", "README.md"])
def test_untitled_blocks_of_python_run(name: str, tmp_path: Path) -> None:
    plain = [text for language, title, text in blocks(name) if language == "python" and not title]

    ended = [run("-c", text, path=tmp_path) for text in plain]

    assert plain
    said = [re.sub(r"(?m)^deardiary: run .*\n", "", one.stderr) for one in ended]
    assert [(one.returncode, more) for one, more in zip(ended, said, strict=True)] == [(0, "")] * len(plain)


# Pages that are one script each. A `text` block shows what the block of Python before it says, stdout and stderr as a
# terminal has them; a `console` block shows commands and what they say, once the script has ended. `…` is any text.

MARK = "\x1e"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_as_one_script_and_says_what_it_shows(page: str, tmp_path: Path) -> None:
    written(page, tmp_path)
    codes, wanted = steps(page)
    script = tmp_path / f"{Path(page).stem.replace('-', '_')}.py"
    script.write_text(f"print({MARK!r})\n".join(codes))

    ended = terminal([sys.executable, "-W", "error", script.name], tmp_path)

    said = ended.stdout.split(f"{MARK}\n")
    assert like(said, wanted) == wanted
    assert ended.returncode == 0
    for command, shown in commands(page):
        answer = terminal([sys.executable, "-W", "error", "-m", *command], tmp_path).stdout
        assert like([answer], [shown]) == [shown], command


@pytest.mark.parametrize("page", PAGES)
def test_only_what_needs_a_server_is_left_out(page: str) -> None:
    found = blocks(page)

    assert {title for language, title, _ in found if language == "python" and title} <= {NEEDS_A_SERVER}
    assert (ROOT / page).read_text().count("```") == 2 * len(found)  # no block is marked in a way that we do not see


def written(page: str, folder: Path) -> None:
    """Write the files that a page shows, and what makes its folder the root of a project."""
    (folder / "pyproject.toml").touch()
    for _, title, text in blocks(page):
        if title and title != NEEDS_A_SERVER:
            (folder / title).write_text(text)


def steps(page: str) -> tuple[list[str], list[str]]:
    """Return the blocks of Python that run, and what the page says that each of them prints."""
    codes, wanted, last = [""], [""], ""
    for language, title, text in blocks(page):
        if language == "python" and not title:
            codes.append(text)
            wanted.append("")
        elif language == "text" and last == "python":
            wanted[-1] = text
        last = "" if title else language
    return codes[1:], wanted[1:]


def commands(page: str, wanted: str = "") -> Iterator[tuple[list[str], str]]:
    """Yield the commands in the blocks of a page with some title, and what it says that each of them prints."""
    for language, title, text in blocks(page):
        if language == "console" and title == wanted:
            for part in text.removeprefix("$ ").split("\n$ "):
                command, _, shown = part.partition("\n")
                yield shlex.split(command), shown


def terminal(command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command for someone whose machine says nothing of diaries, and keep what a terminal would show."""
    ours = {name for name in os.environ if name.startswith(("DEARDIARY_", "XDG_", "GIT_"))}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        command,
        cwd=folder,
        env={**environment, "HOME": str(folder / "home"), "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )


def like(said: list[str], wanted: list[str]) -> list[str]:
    """Return what was said; as it was wanted, where it differs only in white space and in what `…` stands for."""
    return [
        shown if re.fullmatch(pattern(shown), trimmed(one)) else one
        for one, shown in zip(said, [*wanted, *[""] * len(said)], strict=False)
    ]


def pattern(shown: str) -> str:
    return ".*".join(re.escape(part) for part in trimmed(shown).split("…"))


def trimmed(text: str) -> str:
    """Return a text without spaces at the ends of its lines, and with at most one empty line at a time."""
    return re.sub("\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip("\n")


# Pages for those who come from elsewhere: each name of ours in them is there, and takes what it is given.

HANDS: dict[str, Any] = {"deardiary": deardiary, "tracker": deardiary.Tracker, "run": deardiary.Run}
"""What the names stand for by which a page calls a diary and a run."""


@pytest.mark.parametrize("page", COMING_FROM)
def test_the_names_of_ours_on_a_page_are_there_and_take_what_they_are_given(page: str) -> None:
    spans = list(ours(page))

    assert len(spans) > 20
    assert [(span, wrong) for span in spans if (wrong := what_is_wrong(span))] == []


def ours(page: str) -> Iterator[str]:
    """Yield the spans of code on a page that say something of ours; a table's first column says something of theirs."""
    for line in BLOCK.sub("", (ROOT / page).read_text()).splitlines():
        said = line.split("|", 2)[2] if line.startswith("|") else line
        for span in SPAN.findall(said.replace(r"\|", "|")):
            if re.match(r"(with )?(deardiary|tracker|run)\.", span) and span != "deardiary.toml":
                yield span


def what_is_wrong(span: str) -> str:
    """Return what a piece of code names that is not there, or gives that is not taken; empty if all is well."""
    tree = parsed(span)
    if tree is None:
        return "it is no Python"
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=hand), attr=name) if hand in HANDS and not there(hand, name):
                return f"there is no {hand}.{name}"
            case ast.Call(func=ast.Attribute(value=ast.Name(id=hand), attr=name)) if hand in HANDS:
                if wrong := not_taken(node, hand, name):
                    return wrong
    return ""


def parsed(span: str) -> ast.AST | None:
    for text in (span, f"{span.rstrip(':')}: pass"):
        try:
            return ast.parse(text)
        except SyntaxError:
            pass
    return None


def there(hand: str, name: str) -> bool:
    if hand == "deardiary":
        return name in deardiary.__all__ or name in ("config", "plugin", "summary", "testing")
    known = (*dir(HANDS[hand]), *getattr(HANDS[hand], "__annotations__", {}))
    return not name.startswith("_") and (name in known or (hand, name) == ("run", "run_id"))


def not_taken(call: ast.Call, hand: str, name: str) -> str:
    if not there(hand, name):
        return f"there is no {hand}.{name}"
    called: Callable[..., Any] = getattr(HANDS[hand], name)
    given = [None] * (len(call.args) + (hand != "deardiary"))
    named = {keyword.arg: None for keyword in call.keywords if keyword.arg}
    try:
        inspect.signature(called).bind(*given, **named)
    except TypeError as error:
        return str(error)
    return ""


# Stores: what needs a Postgres has one, and the views of DuckDB have what the page says.

STORES = "docs/stores.md"


def test_the_page_on_stores_shows_what_postgres_answers(database: str, tmp_path: Path) -> None:
    said = [
        (terminal([sys.executable, "-m", *(one.replace(SHOWN, database) for one in command)], tmp_path).stdout, shown)
        for command, shown in commands(STORES, NEEDS_A_SERVER)
    ]

    answers, wanted = [one.replace(database, SHOWN) for one, _ in said], [shown for _, shown in said]
    assert len(said) == 3
    assert like(answers, wanted) == wanted


SHOWN = "postgresql://ada@db/lab"
"""The URL on the page that stands for that of a database."""


@pytest.fixture
def roles(database: str) -> Iterator[tuple[str, str]]:
    """Make a diary with the two roles of the page, under names that nobody has, and return these."""
    import psycopg

    migrate_store(database)
    names = f"writers_{uuid4().hex}", f"readers_{uuid4().hex}"
    ((_, _, grants),) = [block for block in blocks(STORES) if block[0] == "sql"]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {names[0]}; CREATE ROLE {names[1]}")
        connection.execute(grants.replace("writers", names[0]).replace("readers", names[1]))
        yield names
        gone = ", ".join(names)
        connection.execute(f"DROP OWNED BY {gone}; DROP ROLE {gone}")


def test_the_rights_on_the_page_on_stores_are_enough_and_no_more(database: str, roles: tuple[str, str]) -> None:
    writer, reader = (f"-c role={name}" for name in roles)
    with deardiary.open(database, options=writer) as tracker:
        with deardiary.init("Iris", config={"lr": 1}, tags=["a"], tracker=tracker, quiet=True) as run:
            run.log({"loss": 0.5})
            run.log_artifact(b"weights", "model.pt")
        tracker.delete_iteration(run.child(name="fold"))

    with deardiary.open(database, options=reader) as tracker:
        assert tracker.get_series(run.id, "loss").values.tolist() == [0.5]
        with pytest.raises(deardiary.ConfigError, match="does not permit it: permission denied"):
            tracker.create_project("Wine")


def test_the_views_on_the_page_on_stores_are_there(tmp_path: Path) -> None:
    import duckdb

    deardiary.open(f"duckdb:///{tmp_path}/lab.duckdb").close()
    views = re.findall(
        r"^\| `(\w+)` \| [^|]+ \| (`id`.+|`run`.+|`kind`.+|`model`.+) \|$", (ROOT / STORES).read_text(), re.MULTILINE
    )

    assert len(views) == len(VIEWS)
    with duckdb.connect(str(tmp_path / "lab.duckdb"), read_only=True) as connection:
        for view, columns in views:
            assert connection.execute(f"SELECT {', '.join(SPAN.findall(columns))} FROM {view}").fetchall() == []


# Configuration: what is shown is accepted, and what is shown as a mistake is answered as is shown.

CONFIGURATION = "docs/configuration.md"


def mistakes() -> list[tuple[str, str]]:
    """Return the mistakes of the page on configuration, each with what the page says of it."""
    found = blocks(CONFIGURATION)
    return [(text, said.strip()) for (_, title, text), (_, _, said) in pairwise(found) if title == "mistake"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return places.alone(monkeypatch, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        text
        for page in (CONFIGURATION, STORES, "README.md", "docs/scaling.md", "docs/artifacts.md")
        for language, title, text in blocks(page)
        if language == "toml" and not title
    ],
)
def test_the_configuration_that_a_page_shows_is_accepted(text: str, project: Path) -> None:
    places.written(project / "deardiary.toml", text)

    assert read_settings().entries


@pytest.mark.parametrize(("text", "wanted"), mistakes())
def test_mistakes_on_the_page_on_configuration_are_answered_so(text: str, wanted: str, project: Path) -> None:
    places.written(project / "deardiary.toml", text)

    with pytest.raises(deardiary.ConfigError) as refusal:
        deardiary.open()

    assert str(refusal.value).replace(str(project), "/home/ada/iris") == wanted


def test_the_python_of_the_page_on_configuration_runs(project: Path) -> None:
    for language, title, text in blocks(CONFIGURATION):
        if language == "python" and not title:
            places.run(text, plugins=project, folder=project)


def test_the_observer_of_the_page_on_configuration_observes(project: Path) -> None:
    installed(CONFIGURATION, "announce", project)
    places.written(project / "deardiary.toml", "observers = ['announce']")

    said = places.run(
        """
        import deardiary

        with deardiary.open() as tracker:
            tracker.create_model(tracker.create_project("Iris"), "tree")
        """,
        plugins=project,
        folder=project,
    )

    assert said == "default made the model tree\n"


def test_every_key_and_variable_is_on_the_page_on_configuration() -> None:
    page = (ROOT / CONFIGURATION).read_text()
    names = (*KEYS, *VARIABLES, *INHERITED, "DEARDIARY_CONFIG", "inline_below", "default")

    assert [name for name in names if name not in page] == []
