"""Mistakes that people make, each made in a fresh folder, and the page that shows what deardiary answers.

`python tests/mistakes.py > docs/mistakes.md` writes the page anew; a test compares the two.
"""

import contextlib
import contextvars
import io
import os
import re
import shlex
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen

import deardiary
from deardiary import beginning, current, registry
from deardiary.cli import run as command
from places import importable, installed

WIDTH = 110
"""Where a long answer is folded."""


@frozen(kw_only=True, eq=False)
class Mistake:
    """Something that a user does wrong, and what the answer must name."""

    said: str = field(kw_only=False)
    code: str = field(kw_only=False)
    """Python; or a command, after `$ `."""
    asked: str = ""
    """What the answer says of what was asked."""
    found: str = ""
    """What it says of what was found."""
    instead: str = ""
    """What to do, where the answer leaves it open."""
    toml: str = ""
    """What stands in `deardiary.toml`."""
    before: str = ""
    """What has happened, and is not shown."""
    plugins: Mapping[str, str] = field(factory=dict)
    """The modules of the plugins that are installed, by name."""


@frozen(kw_only=True)
class Chapter:
    """Mistakes of one sort."""

    title: str = field(kw_only=False)
    text: str
    given: str = "import deardiary"
    """What has been done already, and is shown once."""
    mistakes: tuple[Mistake, ...]


@frozen
class Answer:
    """What deardiary says to a mistake."""

    text: str
    error: BaseException | None = None
    code: int = 0
    """With what code the command exited."""


# Making mistakes.


@cache
def answers() -> dict[Mistake, Answer]:
    """Return what is said to each mistake."""
    chapters = (*CHAPTERS, NO_MISTAKES)
    return {one: contextvars.Context().run(answer, chapter, one) for chapter in chapters for one in chapter.mistakes}


def answer(chapter: Chapter, mistake: Mistake) -> Answer:
    """Make a mistake where nothing else was done, and return what is said to it."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        home = Path(name).resolve()
        with alone(home, patch), importable(home / "site"):
            for plugin, text in mistake.plugins.items():
                installed(home / "site", plugin, text)
            if mistake.toml:
                Path("deardiary.toml").write_text(mistake.toml)
            script: dict[str, Any] = {"__name__": "train", "deardiary": deardiary, "Path": Path}
            with told_aside():
                exec(f"{chapter.given}\n{mistake.before}", script)
            told = ask(mistake.code) if mistake.code.startswith("$ ") else run(mistake.code, script)
            with told_aside():
                tidy(script)
        return Answer(told.text.replace(str(home), "/home"), told.error, told.code)


@contextlib.contextmanager
def alone(home: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work in a project where nothing is configured and nothing installed but what is under a folder."""
    work = home / "ada" / "iris"
    work.mkdir(parents=True)
    (work / "pyproject.toml").write_text('[project]\nname = "iris"\n')
    (work / "uv.lock").write_text("version = 1\n")
    for name in [name for name in os.environ if name.startswith("DEARDIARY_") or name in beginning.RANKS]:
        patch.delenv(name)
    patch.delenv("XDG_CONFIG_HOME", raising=False)
    patch.setenv("HOME", str(home / "ada"))
    patch.setenv("COLUMNS", str(WIDTH))
    patch.setenv("DEARDIARY_QUIET", "1")
    patch.setattr(sys, "argv", ["train.py"])
    patch.setattr(registry, "entries", lambda: brought(home / "site"))
    patch.setattr(current, "_going", [])
    patch.chdir(work)
    yield


def brought(site: Path) -> list[EntryPoint]:
    """Return the entry points of the plugins that are installed in a folder."""
    found = [entry for one in distributions(path=[str(site)]) for entry in one.entry_points]
    return sorted(found, key=lambda entry: entry.name)


@contextlib.contextmanager
def told_aside() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def run(code: str, script: dict[str, Any]) -> Answer:
    """Go on with a script, and return what it ends with."""
    said, error = io.StringIO(), None
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            exec(compile(code, "train.py", "exec"), script)
        except Exception as raised:
            error = raised
    if error is None:
        return Answer(said.getvalue().strip())
    message = error.args[0] if isinstance(error, KeyError) else error  # which quotes itself
    return Answer(f"{said.getvalue()}{type(error).__name__}: {message}", error)


def ask(line: str) -> Answer:
    """Type a command, and return what it says on stderr, and its exit code."""
    words = shlex.split(line.removeprefix("$ "))
    variables = words[: words.index("deardiary")]
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for variable in variables:
            patch.setenv(*variable.split("=", 1))
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
            code = command(words[len(variables) + 1 :])
    return Answer(said.getvalue().strip(), code=code)


def tidy(script: dict[str, Any]) -> None:
    """End what a script has begun."""
    for going in reversed(current._going[:]):
        with contextlib.suppress(deardiary.DearDiaryError):
            going.finish()
    for tracker in [one for one in script.values() if isinstance(one, deardiary.Tracker)]:
        tracker.close()
    deardiary.close_database()
    for thread in threading.enumerate():
        if thread.name == "deardiary-environment":  # of a run that was not to be
            thread.join()


# The page.


def page() -> str:
    """Return the page."""
    count = sum(len(chapter.mistakes) for chapter in CHAPTERS)
    links = [
        f"[{one.title}](#{one.title.lower().replace(',', '').replace(' ', '-')})" for one in (*CHAPTERS, NO_MISTAKES)
    ]
    head = HEAD.format(count=count, chapters=" ·\n".join(links))
    parts = [head, *map(section, CHAPTERS), section(NO_MISTAKES)]
    return "\n".join(parts)


def section(chapter: Chapter) -> str:
    """Return the part of the page on mistakes of one sort."""
    lines = [f"## {chapter.title}", "", folded(chapter.text, 120), ""]
    if chapter.given:
        lines += ["```python", chapter.given, "```", ""]
    return "\n".join([*lines, *map(paragraph, chapter.mistakes)])


def paragraph(mistake: Mistake) -> str:
    """Return what the page says of a mistake: what is done, what is answered, and what to do instead."""
    told = answers()[mistake]
    text = "\n".join(folded(line, WIDTH) for line in told.text.splitlines())
    lines = [f"**{mistake.said}**", ""]
    if mistake.toml:
        lines += ["```toml", mistake.toml.strip(), "```", ""]
    if mistake.code.startswith("$ "):
        lines += ["```console", mistake.code, text, "$ echo $?", str(told.code), "```", ""]
    else:
        if mistake.code != OPEN:
            lines += ["```python", mistake.code.strip(), "```", ""]
        lines += ["```text", text, "```", ""]
    if mistake.instead:
        lines += [folded(mistake.instead, 120), ""]
    return "\n".join(lines)


def folded(text: str, width: int) -> str:
    """Return a text in lines of no more than a width, broken at spaces."""
    if len(text) <= width:
        return text
    kept = re.sub(r"line (\d)", r"line\0\1", text)  # which is read as one word
    return textwrap.fill(kept, width, break_long_words=False, break_on_hyphens=False).replace("\0", " ")


HEAD = """# Mistakes

{count} mistakes that are easily made, each with all that deardiary answers. An answer says what was asked, what was
found, where, and what to do next. This page is written by making every mistake on it, and a test compares the two:
these are the words that you will read. Where they are long, they are folded here.

{chapters}

In Python an answer is an exception. All of ours derive from `deardiary.DearDiaryError`, so that one `except` is enough;
the class says what sort of thing went wrong, the same in every store:

| class | what it means |
|---|---|
| `ConfigError` | what is configured or opened is not there, or makes no sense |
| `Invalid` | what you gave makes no sense, in any diary |
| `Unprocessable` | it makes sense, and what is in this diary forbids it |
| `NotFound` | there is no such thing here |
| `Duplicate` | there is one already |
| `Corrupt` | what was read is not what was written |
| `Unavailable` | the diary cannot be reached; it is a `ConnectionError` too |

All of this happens in the folder `/home/ada/iris`.
"""

OPEN = "deardiary.open()"
"""What is done where the mistake stands in `deardiary.toml`; the page does not repeat it."""

RUN = """
import deardiary

run = deardiary.init(project="Iris", config={"lr": 0.1})
tracker = run.tracker
""".strip()
"""A run that goes on."""

MYSQL = """
from deardiary.backends.memory import MemoryStore
from deardiary.plugin import Scheme, plugin


def open_mysql(url, password="", timeout=30):
    return MemoryStore()


@plugin
def deardiary_stores():
    return [Scheme("mysql", "deardiary_mysql:open_mysql"{more})]
"""
"""A plugin that brings a store."""


# The mistakes.

OPENING = Chapter(
    "Opening a diary",
    text="A diary is opened by its URL. `sqlite:///lab.db` is a file here, `sqlite:////srv/lab.db` one elsewhere.",
    mistakes=(
        Mistake(
            "You give the name of a file where a URL belongs.",
            'deardiary.open("lab.db")',
            asked="'lab.db'",
            found="is no URL of a diary",
        ),
        Mistake(
            "You write two slashes where three belong.",
            'deardiary.open("sqlite://lab.db")',
            asked="'sqlite://lab.db'",
            found="names no file",
        ),
        Mistake(
            "You misspell the kind of store.",
            'deardiary.open("sqlit:///lab.db")',
            asked="sqlit://",
            found="there are duckdb, memory, postgresql, sqlite",
        ),
        Mistake(
            "You ask for a store that comes in a package of its own, and do not have the package.",
            'deardiary.open("jsonl:///lab.jsonl")',
            asked="jsonl://",
            found="not installed",
        ),
        Mistake(
            "You ask for a store that nobody has written yet.",
            'deardiary.open("oracle://db/lab")',
            asked="oracle://",
            found="there are duckdb, memory, postgresql, sqlite",
            instead="`deardiary plugin new oracle` begins it, and [a page](writing-a-store.md) goes on from there.",
        ),
        Mistake(
            "The folder of the file is not there.",
            'deardiary.open("sqlite:///results/lab.db")',
            asked="for the diary lab.db",
            found="there is no folder /home/ada/iris/results",
        ),
        Mistake(
            "You name the folder, and not the file in it.",
            'deardiary.open("sqlite:///results")',
            before='Path("results").mkdir()',
            asked="/home/ada/iris/results",
            found="is a folder",
        ),
        Mistake(
            "The file was made by another kind of store.",
            'deardiary.open("sqlite:///lab.jsonl")',
            before="""Path("lab.jsonl").write_text('{"version": 1}')""",
            asked="/home/ada/iris/lab.jsonl",
            found="a file of JSON lines",
        ),
        Mistake(
            "The file was made by DuckDB.",
            'deardiary.open("sqlite:///lab.duckdb")',
            before='deardiary.open("duckdb:///lab.duckdb").close()',
            asked="/home/ada/iris/lab.duckdb",
            found="a file of DuckDB",
        ),
        Mistake(
            "You write a password into a URL as it is.",
            'deardiary.open("postgresql://ada:rose/thorn@db/lab")',
            asked="the URL",
            found="an @ after a / ? or #",
            instead="[A secret](configuration.md#secrets) in `deardiary.toml` is written as it is.",
        ),
        Mistake(
            "The file is the database of another program.",
            'deardiary.open("sqlite:///shop.db")',
            before="import sqlite3\n"
            'shop = sqlite3.connect("shop.db")\nshop.execute("create table orders (id)")\nshop.close()',
            asked="/home/ada/iris/shop.db",
            found="a SQLite file that deardiary did not make",
        ),
        Mistake(
            "The file is no database at all.",
            'deardiary.open("sqlite:///notes.txt")',
            before='Path("notes.txt").write_text("Water the irises. " * 40)',
            asked="/home/ada/iris/notes.txt",
            found="is no diary",
        ),
        Mistake(
            "You open as a diary what keeps only artifacts.",
            'deardiary.open("file:///lab")',
            asked="file://",
            found="an artifact store, not a diary",
        ),
        Mistake(
            "You open as a place for artifacts what keeps only rows.",
            'deardiary.open("sqlite:///lab.db", artifacts="sqlite:///artifacts.db")',
            asked="sqlite://",
            found="a diary, not an artifact store",
            instead="Small artifacts are rows of the diary anyway; `file:///artifacts` is a folder for large ones.",
        ),
        Mistake(
            "You give an option that the store does not take.",
            'deardiary.open("sqlite:///lab.db", timeout=5)',
            asked="'timeout'",
            found="it takes none",
        ),
        Mistake(
            "You give a size that is none.",
            'deardiary.open("sqlite:///lab.db", inline_below="64 kilos")',
            asked="inline_below is '64 kilos'",
            found="it must be a size",
        ),
        Mistake(
            "You give a URL as if it were a store in the hand.",
            'deardiary.open(store="sqlite:///lab.db")',
            asked="'sqlite:///lab.db'",
            found="no store",
        ),
        Mistake(
            "You call the functions of the module before a diary is open.",
            'deardiary.create_project("Iris")',
            asked="no diary",
            found="has no diary yet",
        ),
        Mistake(
            "You go on with a diary that you have closed.",
            'with deardiary.open("sqlite:///lab.db") as tracker:\n    tracker.create_project("Iris")\n\n'
            "tracker.get_projects()",
            asked="the diary",
            found="is closed",
        ),
        Mistake(
            "You take something from one diary, and use it in another.",
            'lab = deardiary.open("sqlite:///lab.db")\n'
            'old = deardiary.open("sqlite:///old.db")\n'
            'experiment = old.create_experiment(old.create_project("Iris"), "sweep")\n\n'
            "lab.create_iteration(experiment)",
            asked="experiment 1",
            found="is not there",
            instead="Ids are counted in each diary anew. A `uid` is the same wherever a row is copied to.",
        ),
        Mistake(
            "You send a diary in memory to another process.",
            'import pickle\n\npickle.dumps(deardiary.open("memory://"))',
            asked="the diary memory://",
            found="not to be reached from another process",
            instead="A diary in a file goes along: it is opened again where it arrives.",
        ),
        Mistake(
            "There is a file where the folder of the diary belongs.",
            "deardiary.open()",
            before='Path(".deardiary").touch()',
            asked="a diary cannot be made in /home/ada/iris/.deardiary",
            found="File exists",
        ),
    ),
)

CONFIGURING = Chapter(
    "Configuration",
    text="Each of these stands in `/home/ada/iris/deardiary.toml` when a program there says `deardiary.open()`, or "
    "`deardiary.init(...)`. The answer names the file and the line. "
    "`deardiary config show --origin` shows what holds, and where it comes from.",
    given="",
    mistakes=(
        Mistake(
            "You misspell a table.",
            OPEN,
            toml='[stor]\nurl = "sqlite:///lab.db"',
            asked="stor.url",
            found="/home/ada/iris/deardiary.toml, line 2",
        ),
        Mistake(
            "You misspell a key.",
            OPEN,
            toml='projekt = "Iris"',
            asked="projekt",
            found="means nothing here",
        ),
        Mistake(
            "You misspell the one key that a store must have.",
            OPEN,
            toml='[store]\nulr = "sqlite:///lab.db"',
            asked="[store]",
            found="has no url",
        ),
        Mistake(
            "You leave out the quotes.",
            OPEN,
            toml="[store]\nurl = sqlite:///lab.db",
            asked="/home/ada/iris/deardiary.toml",
            found="at line 2, column 7",
            instead="Texts stand in quotes in TOML.",
        ),
        Mistake(
            "You give a text where `true` or `false` belongs.",
            OPEN,
            toml='quiet = "yes"',
            asked="quiet",
            found="is 'yes'",
        ),
        Mistake(
            "You give the URL where the table belongs.",
            OPEN,
            toml='store = "sqlite:///lab.db"',
            asked="store",
            found="is 'sqlite:///lab.db'",
        ),
        Mistake(
            "You misspell a key of journals.",
            OPEN,
            toml='[journal]\nfodler = "/scratch"',
            asked="journal.fodler",
            found="Did you mean folder?",
        ),
        Mistake(
            "You say how much a journal may have, in words.",
            OPEN,
            toml='[journal]\nmost = "ten GiB"',
            asked="journal.most",
            found="is 'ten GiB'",
        ),
        Mistake(
            "You give the folder where the table belongs.",
            OPEN,
            toml='journal = "/scratch"',
            asked="journal",
            found="is '/scratch'",
        ),
        Mistake(
            "A file is where the folder of the journals belongs.",
            'deardiary.init(project="Iris").log({"loss": 0.5})',
            toml='[store]\nurl = "sqlite:///lab.db"',
            before='Path("lab.db.journals").touch()',
            asked="/home/ada/iris/lab.db.journals",
            found="points are kept in memory",
            instead="That was a warning: your loop comes first. `deardiary doctor` says it too.",
        ),
        Mistake(
            "You choose a mode that there is not.",
            OPEN,
            toml='mode = "ofline"',
            asked="mode",
            found="is 'ofline'",
        ),
        Mistake(
            "You choose a profile that there is not.",
            OPEN,
            toml='profile = "labtop"\n\n[profiles.laptop.store]\nurl = "sqlite:///laptop.db"',
            asked="'labtop'",
            found="laptop",
        ),
        Mistake(
            "You leave out what in the profile is configured.",
            'deardiary.open(profile="laptop")',
            toml='[profiles.laptop]\nurl = "sqlite:///laptop.db"',
            before="import deardiary",
            asked="url",
            found="means nothing here",
        ),
        Mistake(
            "The variable that holds a password is not set.",
            OPEN,
            toml='[store]\nurl = "mysql://diary@db/diary"\npassword = { env = "DIARY_PASSWORD" }',
            plugins={"mysql": MYSQL.format(more="")},
            asked="the option password",
            found="the variable DIARY_PASSWORD is not set",
        ),
        Mistake(
            "You misspell an option of a store.",
            OPEN,
            toml='[store]\nurl = "mysql://diary@db/diary"\ntimeuot = 5',
            plugins={"mysql": MYSQL.format(more="")},
            asked="'timeuot'",
            found="it takes password, timeout",
        ),
        Mistake(
            "The store needs a package that is not installed.",
            OPEN,
            toml='[store]\nurl = "mysql://diary@db/diary"',
            plugins={"mysql": MYSQL.format(more=', requires=("pymysql",)').replace("return M", "import pymysql; M")},
            asked="mysql://",
            found="needs the package pymysql",
        ),
        Mistake(
            "A plugin that is required is not installed.",
            OPEN,
            toml='required_plugins = ["deardiary-mysql>=0.2"]',
            asked="deardiary-mysql",
            found="not installed",
        ),
        Mistake(
            "It is installed, and too old.",
            OPEN,
            toml='required_plugins = ["deardiary-mysql>=0.2"]',
            plugins={"mysql": MYSQL.format(more="")},
            asked="deardiary-mysql>=0.2",
            found="0.1.0 is installed",
        ),
        Mistake(
            "It is broken.",
            OPEN,
            toml='[store]\nurl = "mysql://diary@db/diary"',
            plugins={"mysql": "import MySQLdb"},
            asked="deardiary-mysql",
            found="No module named 'MySQLdb'",
        ),
        Mistake(
            "It is switched off.",
            OPEN,
            toml='disabled_plugins = ["deardiary-mysql"]\n\n[store]\nurl = "mysql://diary@db/diary"',
            plugins={"mysql": MYSQL.format(more="")},
            asked="mysql://",
            found="switched off",
            instead="Take it out of `disabled_plugins`; `deardiary config show --origin` says where that stands.",
        ),
        Mistake(
            "Two plugins bring the same store.",
            OPEN,
            toml='[store]\nurl = "mysql://diary@db/diary"',
            plugins={"mysql": MYSQL.format(more=""), "fastmysql": MYSQL.format(more="")},
            asked="mysql://",
            found="deardiary-fastmysql and by deardiary-mysql",
        ),
        Mistake(
            "You name two places for artifacts, and not which of them takes new ones.",
            OPEN,
            toml='[artifacts.models]\nurl = "file:///models"\n\n[artifacts.plots]\nurl = "file:///plots"',
            asked="several artifact stores",
            found="default",
        ),
        Mistake(
            "The default is none of them.",
            OPEN,
            toml='[artifacts]\ndefault = "model"\n\n[artifacts.models]\nurl = "file:///models"',
            asked="'model'",
            found="there are inline, models",
        ),
        Mistake(
            "You give a size that is none.",
            OPEN,
            toml='[artifacts]\nurl = "file:///artifacts"\ninline_below = "small"',
            asked="artifacts.inline_below",
            found="is 'small'",
        ),
        Mistake(
            "You misspell a key beside the URL of the artifacts, and log the first one that is large.",
            'run = deardiary.init(project="Iris")\nrun.log_artifact(bytes(100_000), "model.pt")',
            toml='[artifacts]\nurl = "file:///artifacts"\ninline_bellow = "4 KiB"',
            before="import deardiary",
            asked="'inline_bellow'",
            found="it takes none",
        ),
        Mistake(
            "It is not the file that is wrong, but a variable of the environment.",
            "$ DEARDIARY_STORE=lab.db deardiary ls",
            asked="'lab.db'",
            found="environment DEARDIARY_STORE",
        ),
        Mistake(
            "A variable names a file that is not there.",
            "$ DEARDIARY_CONFIG=lab.toml deardiary ls",
            asked="lab.toml",
            found="there is no file",
        ),
    ),
)

BEGINNING = Chapter(
    "Beginning runs, and ending them",
    text="A run goes on already in the project Iris: it is the first of the diary, and is called `IRI-1`.",
    given=RUN,
    mistakes=(
        Mistake(
            "You go on with a run that is not there.",
            'deardiary.init(project="Iris", resume="IRI-7")',
            asked="run IRI-7",
            found="is not there",
        ),
        Mistake(
            "You take the letters from one run, and the number from another.",
            'deardiary.init(project="Iris", resume="MNI-1")',
            asked="run MNI-1",
            found="run 1 is called IRI-1",
        ),
        Mistake(
            "You go on with a run of another project.",
            'deardiary.init(project="Wine", resume="IRI-1")',
            asked="'Wine'",
            found="'Iris'",
        ),
        Mistake(
            "You say how to go on, and not with what.",
            'deardiary.init(project="Iris", resume="must")',
            asked="'must'",
            found="names no run",
        ),
        Mistake(
            "You go on with a run, and its configuration is another one now.",
            'deardiary.init(project="Iris", resume="IRI-1", config={"lr": 0.5})',
            asked="0.5",
            found="0.1",
        ),
        Mistake(
            "It is the same to you, and was a number then.",
            'deardiary.init(project="Iris", resume="IRI-1", config={"lr": "0.1"})',
            asked="'0.1'",
            found="is 0.1",
        ),
        Mistake(
            "You choose a mode that there is not.",
            'deardiary.init(project="Iris", mode="dryrun")',
            asked="mode is 'dryrun'",
            found="'disabled'",
        ),
        Mistake(
            "You ask for errors to be passed over.",
            'deardiary.init(project="Iris", on_error="ignore")',
            asked="on_error is 'ignore'",
            found="'warn'",
        ),
        Mistake(
            "You give one tag where several may stand.",
            'deardiary.init(project="Iris", tags="baseline")',
            asked="tags",
            found="the text 'baseline'",
        ),
        Mistake(
            "One of the tags is empty.",
            'deardiary.init(project="Iris", tags=["baseline", ""])',
            asked="tag value",
            found="is empty",
        ),
        Mistake(
            "The name of the experiment is empty.",
            'deardiary.init(project="Iris", experiment="")',
            asked="experiment name",
            found="is empty",
        ),
        Mistake(
            "The name of the run is a number.",
            'deardiary.init(project="Iris", name=7)',
            asked="run name",
            found="is 7",
        ),
        Mistake(
            "The name of the run is a novel.",
            'deardiary.init(project="Iris", name="deeper, wider, slower; " * 20)',
            asked="run name",
            found="has 460 characters",
            instead="`notes` has room for a million.",
        ),
        Mistake(
            "You give the configuration as a text.",
            'deardiary.init(project="Iris", config="lr=0.1")',
            asked="parameters",
            found="str",
        ),
        Mistake(
            "You give a URL where an open diary belongs.",
            'deardiary.init(project="Iris", tracker="sqlite:///lab.db")',
            asked="tracker",
            found="'sqlite:///lab.db'",
        ),
        Mistake(
            "You bring an argument along from another tracker.",
            'deardiary.init(project="Iris", entity="our-team")',
            asked="entity",
            found="'entity'",
            instead="There is a page, name by name, for who comes from [W&B](coming-from-wandb.md), "
            "[MLflow](coming-from-mlflow.md) or [DearDiary.jl](coming-from-deardiary-jl.md).",
        ),
        Mistake(
            "You log before a run goes on, or after it has ended.",
            'run.finish()\ndeardiary.log({"loss": 0.5})',
            asked="no run",
            found="goes on",
        ),
        Mistake(
            "You begin a run in an experiment that is finished.",
            "tracker.update_experiment(run.experiment_id, deardiary.FINISHED)\ntracker.iteration(run.experiment_id)",
            asked="experiment 1",
            found="is closed",
            instead="`tracker.update_experiment(1, deardiary.IN_PROGRESS)` opens it again.",
        ),
        Mistake(
            "You name the experiment, where it is to be given.",
            'tracker.iteration("depth sweep")',
            asked="'depth sweep'",
            found="is not an experiment",
            instead='`tracker.find(deardiary.Experiment, name="depth sweep")` finds it, '
            '`deardiary.init(experiment="depth sweep")` finds or makes it.',
        ),
        Mistake(
            "You begin a run in one experiment, below a run in another.",
            'other = tracker.create_experiment(run.iteration.project_id, "another")\n'
            "tracker.iteration(other, parent=run)",
            asked="run 1",
            found="is not a run of experiment 2",
            instead="Children are of their parent's experiment; `run.child()` sees to it.",
        ),
        Mistake(
            "You make an experiment that is finished already.",
            'tracker.create_experiment(1, deardiary.FINISHED, "sweep")',
            asked="an experiment",
            found="begins IN_PROGRESS",
        ),
        Mistake(
            "You make an experiment, and leave out its name.",
            "tracker.create_experiment(1)",
            asked="create_experiment",
            found="it was given",
        ),
        Mistake(
            "You record a run of former days, with a status that there is not.",
            "tracker.create_iteration(1, status=9)",
            asked="run status_id",
            found="is 9",
        ),
        Mistake(
            "You give the experiment first, and the function after it.",
            'tracker.with_iteration(run.experiment_id, lambda run: run.log({"loss": 0.5}))',
            asked="with_iteration",
            found="1",
        ),
        Mistake(
            "You end a run in a way that there is not.",
            'run.finish("done")',
            asked="'done'",
            found="SUCCEEDED, FAILED, KILLED",
        ),
    ),
)

LOGGING = Chapter(
    "Logging",
    text="What `log` takes is checked at once, and a mistake in it stops the script there. What is wrong with the "
    "surroundings (a disk that is full, a store that is away) is told in one line, and the script goes on.",
    given=RUN,
    mistakes=(
        Mistake(
            "You log a text where a number belongs.",
            'run.log({"loss": "0.5"})',
            asked="metric 'loss'",
            found="is '0.5'",
        ),
        Mistake(
            "You log what was not measured.",
            'run.log({"loss": None})',
            asked="metric 'loss'",
            found="is none",
        ),
        Mistake(
            "You log a list where a number belongs.",
            'run.log({"loss": [0.5, 0.4]})',
            asked="metric 'loss'",
            found="is [0.5, 0.4]",
        ),
        Mistake(
            "You log a text, deep within.",
            'run.log({"val": {"accuracy": "high"}})',
            asked="metric 'val/accuracy'",
            found="is 'high'",
        ),
        Mistake(
            "You log a complex number.",
            'run.log({"gain": 1 + 2j})',
            asked="metric 'gain'",
            found="is (1+2j)",
        ),
        Mistake(
            "You log an integer that is too great for a float.",
            'run.log({"states": 2**4000})',
            asked="metric 'states'",
            found="too great",
            instead="Its logarithm is not.",
        ),
        Mistake(
            "You log a key and a value, as other trackers have it.",
            'run.log("loss", 0.5)',
            asked="metrics",
            found="str",
        ),
        Mistake(
            "You log by keyword.",
            "run.log(loss=0.5)",
            asked="log()",
            found="'loss'",
        ),
        Mistake(
            "The step is a text.",
            'run.log({"loss": 0.5}, step="10")',
            asked="a step",
            found="is '10'",
        ),
        Mistake(
            "The step is true.",
            'run.log({"loss": 0.5}, step=True)',
            asked="a step",
            found="is True",
        ),
        Mistake(
            "The step is half an epoch.",
            'run.log({"loss": 0.5}, step=2.5)',
            asked="a step",
            found="is 2.5",
            instead="A step of 3.0 is fine. Log the epoch as a metric of its own.",
        ),
        Mistake(
            "The step does not fit into 64 bits.",
            'run.log({"loss": 0.5}, step=2**63)',
            asked="a step",
            found="9223372036854775808",
        ),
        Mistake(
            "The key is empty.",
            'run.log({"": 0.5})',
            asked="a metric's key",
            found="is empty",
        ),
        Mistake(
            "The key is longer than any table is wide.",
            'run.log({"/".join(["layer"] * 60): 0.5})',
            asked="a metric's key",
            found="has 359 characters",
        ),
        Mistake(
            "You say when it was measured, and not where on earth.",
            'from datetime import datetime\n\nrun.log({"loss": 0.5}, recorded_at=datetime(2026, 3, 1, 12))',
            asked="recorded_at",
            found="has no time zone",
        ),
        Mistake(
            "You say it as a text.",
            'run.log({"loss": 0.5}, recorded_at="2026-03-01T12:00:00Z")',
            asked="recorded_at",
            found="is '2026-03-01T12:00:00Z'",
        ),
        Mistake(
            "You log to a run that has ended.",
            'run.finish()\nrun.log({"loss": 0.5})',
            asked="run IRI-1",
            found="has ended",
        ),
        Mistake(
            "You log to a run of the day before, by its id.",
            'run.finish()\ntracker.create_metric(1, "loss", 0.5)',
            asked="run 1",
            found="has ended",
            instead="`deardiary.init(resume=1)` opens it again.",
        ),
        Mistake(
            "You log to a run that someone has deleted.",
            'tracker.delete_iteration(run)\nrun.log({"loss": 0.5})\nrun.flush()',
            asked="run 1",
            found="is not there",
            instead="That was a warning: your loop comes first. `deardiary recover` names the file that has them.",
        ),
        Mistake(
            "You log columns of different lengths.",
            'run.log_many({"loss": [0.5, 0.4], "accuracy": [0.9]})',
            asked="'accuracy' has 1",
            found="'loss' has 2",
        ),
        Mistake(
            "You log a number where a column belongs.",
            'run.log_many({"loss": 0.5})',
            asked="the column 'loss'",
            found="is 0.5",
            instead='`run.log({"loss": 0.5})` takes numbers.',
        ),
        Mistake(
            "You log rows where columns belong.",
            'run.log_many([{"loss": 0.5}, {"loss": 0.4}])',
            asked="columns",
            found="list",
        ),
        Mistake(
            "A column has something in it that was not measured.",
            'run.log_many({"loss": [0.5, None, 0.4]})',
            asked="'loss[1]'",
            found="is none",
            instead='`float("nan")` stands for what is no number.',
        ),
        Mistake(
            "There are fewer steps than values.",
            'run.log_many({"loss": [0.5, 0.4, 0.3]}, steps=[0, 10])',
            asked="2 steps",
            found="3 values",
        ),
        Mistake(
            "You say when columns were recorded, as text.",
            'run.log_many({"loss": [0.5]}, times=["2026-03-01"])',
            asked="a time",
            found="is '2026-03-01'",
        ),
        Mistake(
            "You set the summary yourself.",
            'run.summary["best accuracy"] = 0.97',
            asked="'best accuracy'",
            found="the summary follows the metrics",
        ),
    ),
)

PARAMETERS = Chapter(
    "Parameters",
    text="A run has one value for each parameter: a number, a text, true or false, none, or a list of such.",
    given=RUN,
    mistakes=(
        Mistake(
            "You set a parameter again, to another value.",
            "run.log_parameters(lr=0.5)",
            asked="0.5",
            found="0.1",
        ),
        Mistake(
            "You create it again.",
            'tracker.create_parameter(run, "lr", 0.5)',
            asked="run 1",
            found="has a parameter 'lr' already",
        ),
        Mistake(
            "The value is as long as a book.",
            'run.log_parameters(prompt="Once upon a time. " * 5000)',
            asked="parameter 'prompt'",
            found="has 90,000 characters",
        ),
        Mistake(
            "The value says nothing of itself.",
            "class Encoder: ...\n\n\nrun.log_parameters(encoder=Encoder())",
            asked="parameter 'encoder'",
            found="train.Encoder",
        ),
        Mistake(
            "You give a name and a value, side by side.",
            'run.log_parameters("lr", 0.5)',
            asked="parameters",
            found="str",
        ),
        Mistake(
            "The key is empty.",
            'run.log_parameters({"": 1})',
            asked="parameter key",
            found="is empty",
        ),
        Mistake(
            "The key is no text.",
            "tracker.create_parameter(run, 5, 0.5)",
            asked="parameter key",
            found="is 5",
        ),
        Mistake(
            "You misspell a parameter that you read.",
            "run.config.Lr",
            asked="'Lr'",
            found="lr",
        ),
        Mistake(
            "You take a parameter away.",
            'del run.config["lr"]',
            asked="parameter 'lr'",
            found="a running run's config",
        ),
        Mistake(
            "You set one when the run has ended.",
            'run.finish()\nrun.config["lr"] = 0.5',
            asked="run IRI-1",
            found="has ended",
        ),
    ),
)

ARTIFACTS = Chapter(
    "Artifacts",
    text="An artifact is a name, and bytes, a path or a stream. Its bytes are kept under their own sha256, and are "
    "compared with it when they are read.",
    given=RUN,
    mistakes=(
        Mistake(
            "The file is not there.",
            'run.log_artifact("model.pt")',
            asked="model.pt",
            found="there is no file",
        ),
        Mistake(
            "You give a text, which is taken for a path.",
            'run.log_artifact("All went well.", "report.txt")',
            asked="All went well.",
            found="there is no file",
            instead='`run.log_artifact(b"All went well.", "report.txt")` keeps the words themselves.',
        ),
        Mistake(
            "The file is a folder.",
            'run.log_artifact("plots")',
            before='Path("plots").mkdir()',
            asked="plots",
            found="is a folder",
        ),
        Mistake(
            "The folder is a file.",
            'run.log_artifacts("uv.lock")',
            asked="the folder uv.lock",
            found="is a file",
        ),
        Mistake(
            "The bytes have no name.",
            'run.log_artifact(b"weights")',
            asked="the artifact",
            found="has no name",
        ),
        Mistake(
            "The name has no bytes.",
            'tracker.create_resource(run.experiment_id, "model.pt")',
            asked="'model.pt'",
            found="no bytes are given",
        ),
        Mistake(
            "The file is open as text.",
            'with open("uv.lock") as file:\n    run.log_artifact(file)',
            asked="artifact",
            found="str, not bytes",
        ),
        Mistake(
            "What you give is neither bytes nor a file.",
            'run.log_artifact({"accuracy": 0.97}, "report.json")',
            asked="artifact",
            found="dict",
            instead="`json.dumps(...).encode()` makes bytes of it.",
        ),
        Mistake(
            "The name is a number.",
            'run.log_artifact(b"weights", 7)',
            asked="name",
            found="is 7",
        ),
        Mistake(
            "You choose a place for it that is not configured.",
            'run.log_artifact(b"weights", "model.pt", store="s3")',
            asked="'s3'",
            found="there are inline, filesystem",
        ),
        Mistake(
            "You keep it in a run, where an experiment is asked for.",
            'tracker.create_resource(run, "model.pt", b"weights")',
            asked="is not an experiment",
            found="Run IRI-1",
            instead='`tracker.create_resource(run.experiment_id, "model.pt", b"weights", iteration=run)` does it, and '
            "`run.log_artifact` is shorter.",
        ),
        Mistake(
            "Someone has deleted the file that holds the bytes.",
            "tracker.read_resource_data(1)",
            before='run.log_artifact(bytes(100_000), "model.pt")\n'
            '[file.unlink() for file in Path(".deardiary/artifacts").glob("??/*")]',
            asked="resource 1",
            found="are gone",
        ),
        Mistake(
            "Someone has written over it.",
            "tracker.read_resource_data(1)",
            before='run.log_artifact(bytes(100_000), "model.pt")\n'
            '(file,) = Path(".deardiary/artifacts").glob("??/*")\n'
            "file.chmod(0o644)\n"
            'file.write_bytes(b"hello")',
            asked="bytes",
            found="are damaged",
        ),
        Mistake(
            "The artifacts were kept in a place that is not configured here.",
            'here = deardiary.open("sqlite:///.deardiary/diary.db", artifacts={"plots": "file:///plots"})\n'
            "here.read_resource_data(1)",
            before='run.log_artifact(bytes(100_000), "model.pt")',
            asked="'filesystem'",
            found="there are inline, plots",
        ),
    ),
)

READING = Chapter(
    "Reading",
    text="`find` takes conditions, which are made of what is asked: `param(...)`, `metric(...)` and `asked(...)`.",
    given="from deardiary import Iteration, asked, metric, param\n" + RUN + '\nrun.log({"accuracy": 0.9})',
    mistakes=(
        Mistake(
            "You misspell a metric.",
            'tracker.get_series(run, "acuracy")',
            asked="'acuracy'",
            found="it has accuracy",
        ),
        Mistake(
            "You misspell a field.",
            'tracker.find(Iteration, nmae="baseline")',
            asked="`nmae`",
            found="name, notes",
        ),
        Mistake(
            "You order by a metric as if it were a field.",
            'tracker.find(Iteration, order="-accuracy")',
            asked="`accuracy`",
            found="it can be for id, uid",
            instead='Metrics are below `metrics`, parameters below `params`: `order="-metrics.accuracy"`.',
        ),
        Mistake(
            "You join conditions by `and`.",
            'tracker.find(Iteration, param("lr") > 0.01 and metric("accuracy") > 0.8)',
            asked="params.lr > 0.01",
            found="not true or false",
        ),
        Mistake(
            "You join them by `&`, and leave out the parentheses.",
            'tracker.find(Iteration, param("lr") > 0.01 & metric("accuracy") > 0.8)',
            asked="metrics.accuracy",
            found="is no condition",
        ),
        Mistake(
            "You write a range as mathematicians do.",
            'tracker.find(Iteration, 0.01 < param("lr") < 1)',
            asked="params.lr > 0.01",
            found="not true or false",
        ),
        Mistake(
            "You turn a condition round by `not`.",
            'tracker.find(Iteration, not param("lr") > 0.01)',
            asked="params.lr > 0.01",
            found="not true or false",
        ),
        Mistake(
            "You decide something by a condition.",
            'if param("lr") == 0.1:\n    print("the usual rate")',
            asked="params.lr == 0.1",
            found="not true or false",
            instead='A condition is a question to the diary. The answer is in `run.config["lr"]`.',
        ),
        Mistake(
            "You ask for a parameter, and not what it is to be.",
            'tracker.find(Iteration, param("lr"))',
            asked="`params.lr`",
            found="compared with nothing",
        ),
        Mistake(
            "You write a condition as a text.",
            'tracker.find(Iteration, "params.lr > 0.01")',
            asked="'params.lr > 0.01'",
            found="is neither a condition nor an id",
        ),
        Mistake(
            "You compare with what nothing is compared with.",
            'tracker.find(Iteration, param("lr") == [0.1, 0.2])',
            asked="`params.lr`",
            found="is [0.1, 0.2]",
            instead='`param("lr").among([0.1, 0.2])` asks for one of several.',
        ),
        Mistake(
            "You compare with a time that has no zone.",
            'from datetime import datetime\n\ntracker.find(Iteration, asked("created_date") > datetime(2026, 3, 1))',
            asked="`created_date`",
            found="has no time zone",
        ),
        Mistake(
            "You ask for an average.",
            'tracker.find(Iteration, metric("accuracy", "mean") > 0.8)',
            asked="'mean'",
            found="it has last, first, min, max, count",
        ),
        Mistake(
            "You ask projects for what only runs have.",
            'tracker.find(deardiary.Project, metric("accuracy") > 0.8)',
            asked="`metrics.accuracy.last`",
            found="a project has no",
        ),
        Mistake(
            "You ask for points as if they were rows.",
            'tracker.find(deardiary.Metric, key="accuracy")',
            asked="a metric",
            found="part of its series",
            instead='`tracker.get_series(run, "accuracy")` and `tracker.get_metrics(run)` read them.',
        ),
        Mistake(
            "You say the kind of row as a text.",
            'tracker.find("Iteration")',
            asked="'Iteration'",
            found="no kind",
        ),
        Mistake(
            "You order by a number.",
            "tracker.find(Iteration, order=5)",
            asked="an order",
            found="is 5",
        ),
        Mistake(
            "You give the name by which people call a run, where its id belongs.",
            'tracker.get_iteration("IRI-1")',
            asked="'IRI-1'",
            found="is not a run",
        ),
        Mistake(
            "You give something of another kind.",
            "tracker.get_iterations(run)",
            asked="is not an experiment",
            found="Run IRI-1",
        ),
        Mistake(
            "You ask for fewer points than show a curve.",
            'tracker.get_series(run, "accuracy", max_points=2)',
            asked="max_points",
            found="is 2",
        ),
        Mistake(
            "You give one step, where the first and the last belong.",
            'tracker.get_series(run, "accuracy", steps=10)',
            asked="steps",
            found="is 10",
        ),
        Mistake(
            "You say the page by its number.",
            "tracker.get_iterations(run.experiment_id, 2)",
            asked="page",
            found="2",
        ),
        Mistake(
            "You ask for the best child, in a way that there is not.",
            'tracker.best_child(run, "accuracy", "best")',
            asked="mode",
            found="is 'best'",
        ),
    ),
)

CHANGING = Chapter(
    "Changing, and deleting",
    text="What a run measured is sealed when it ends. Its name, notes and tags stay open.",
    given=f"{RUN}\n"
    'weights = run.log_artifact(b"weights", "model.pt")\n'
    'model = tracker.create_model(run.iteration.project_id, "classifier")\n'
    "tracker.create_modelversion(model, run, weights)",
    mistakes=(
        Mistake(
            "You change a run that has ended.",
            'run.finish()\ntracker.update_iteration(run, notes="the best so far")',
            asked="run 1",
            found="has ended",
            instead="`tracker.annotate(run, notes=...)` does it.",
        ),
        Mistake(
            "You say a status by its name.",
            'tracker.update_iteration(run, status="FAILED")',
            asked="run status_id",
            found="is 'FAILED'",
        ),
        Mistake(
            "You change a field that there is not.",
            'project = tracker.get_project(1)\ntracker.update(project, title="Irises")',
            asked="`title`",
            found="a project has no field",
        ),
        Mistake(
            "You change a field that stays as it is.",
            'project = tracker.get_project(1)\ntracker.update(project, uid="iris")',
            asked="`uid`",
            found="cannot be changed",
        ),
        Mistake(
            "You change an id, and not a row.",
            'tracker.update(1, name="Irises")',
            asked="1",
            found="is no row",
        ),
        Mistake(
            "You change a row as if it were yours.",
            'project = tracker.get_project(1)\nproject.name = "Irises"',
            asked="name",
            found="project",
        ),
        Mistake(
            "You take its name away.",
            'tracker.update_project(1, name="")',
            asked="project name",
            found="is empty",
        ),
        Mistake(
            "You change what is not there.",
            'tracker.update_project(7, name="Irises")',
            asked="project 7",
            found="is not there",
        ),
        Mistake(
            "You change a point of a run that has ended.",
            'run.log({"loss": 0.5})\nrun.finish()\ntracker.update_metric(tracker.get_metrics(run)[0], value=0.4)',
            asked="metric",
            found="has ended",
        ),
        Mistake(
            "You delete the parameters of a run that has ended.",
            "run.finish()\ntracker.delete_parameters(run)",
            asked="run",
            found="has ended",
        ),
        Mistake(
            "You delete a run that a model version comes from.",
            "tracker.delete_iteration(run)",
            asked="run 1",
            found="model version 1 names",
        ),
        Mistake(
            "You delete the artifact that it holds.",
            "tracker.delete_resource(weights)",
            asked="resource 1",
            found="model version 1 names",
        ),
        Mistake(
            "You register a model twice.",
            'tracker.create_model(1, "classifier")',
            asked="'classifier'",
            found="model 1 already has",
        ),
        Mistake(
            "You register a run of another project.",
            'wine = tracker.create_experiment(tracker.create_project("Wine"), "default")\n'
            "tracker.create_modelversion(model, tracker.create_iteration(wine))",
            asked="run 2",
            found="not in the project of model 1",
        ),
        Mistake(
            "You say a stage by its name.",
            'tracker.update_modelversion(1, "PRODUCTION")',
            asked="stage_id",
            found="is 'PRODUCTION'",
        ),
        Mistake(
            "You tag a run twice.",
            'tracker.add_tag(run, "good")\ntracker.add_tag(run, "good")',
            asked="run 1",
            found="already",
            instead="`run.tag` does not mind.",
        ),
        Mistake(
            "You take away a tag that it does not carry.",
            'tracker.remove_tag(run, "bad")',
            asked="run 1",
            found="does not carry the tag 'bad'",
        ),
        Mistake(
            "You give a list to what takes tags one by one.",
            'run.tag(["good", "final"])',
            asked="tag",
            found="['good', 'final']",
        ),
        Mistake(
            "You take a username that someone has.",
            'tracker.create_user("Ada", "Lovelace", "ada", "secret")\n'
            'tracker.create_user("Ada", "Yonath", "ada", "ribosome")',
            asked="username 'ada'",
            found="user 2 already has",
        ),
        Mistake(
            "You say twice what someone may do.",
            'ada = tracker.create_user("Ada", "Lovelace", "ada", "secret")\n'
            "tracker.create_userpermission(ada, 1)\n"
            "tracker.create_userpermission(ada, 1, create_permission=True)",
            asked="user 2",
            found="it is said already",
        ),
        Mistake(
            "You delete the user whom every diary has.",
            "tracker.delete_user(1)",
            asked="the user default",
            found="may not be dropped",
        ),
        Mistake(
            "You make that user one like any other.",
            "tracker.update_user(1, is_admin=False)",
            asked="the user default",
            found="is always an administrator",
        ),
    ),
)

ENVIRONMENT = Chapter(
    "Environments",
    text="A run keeps what it was started from, unless it is told not to.",
    given='import deardiary\n\nrun = deardiary.init(project="Iris", snapshot=False)\ntracker = run.tracker',
    mistakes=(
        Mistake(
            "You go back to where a run came from, and it kept nothing.",
            "tracker.restore(run)",
            asked="run 1",
            found="has no snapshot",
        ),
        Mistake(
            "You take the snapshot when the run has ended.",
            "run.finish()\ntracker.snapshot_environment(run)",
            asked="run 1",
            found="has ended",
        ),
        Mistake(
            "You restore it into a file.",
            'tracker.snapshot_environment(run)\ntracker.restore(run, "uv.lock")',
            asked="run 1",
            found="uv.lock is a file",
        ),
    ),
)

SHELL = Chapter(
    "The command line",
    text="What is wrong is said on stderr, and the exit code says of what sort it is: 1 refused, 2 wrong usage, 3 not "
    "found, 4 the diary cannot be reached. `--debug` shows where an error came from.",
    given="",
    mistakes=(
        Mistake(
            "You misspell a command.",
            "$ deardiary lst",
            asked="'lst'",
            found="there are check",
        ),
        Mistake(
            "You do not say which run.",
            "$ deardiary show",
            asked="show",
            found="Missing argument 'RUN'",
        ),
        Mistake(
            "The run is not there.",
            "$ deardiary show IRI-7",
            before=RUN,
            asked="run IRI-7",
            found="is not there",
        ),
        Mistake(
            "It is called by its name, which need not be its own.",
            "$ deardiary show baseline",
            before=RUN,
            asked="'baseline'",
            found="names no run",
        ),
        Mistake(
            "You misspell a project.",
            "$ deardiary ls Irsi",
            before=RUN,
            asked="'Irsi'",
            found="Iris",
        ),
        Mistake(
            "You look for a status that there is not.",
            "$ deardiary ls --status done",
            asked="'done'",
            found="'succeeded'",
        ),
        Mistake(
            "You order by a metric as if it were a field.",
            "$ deardiary ls --order=-accuracy",
            before=RUN,
            asked="`accuracy`",
            found="it can be for id, uid",
            instead="`deardiary ls --order=-metrics.accuracy`.",
        ),
        Mistake(
            "You give the name of a file where a URL belongs.",
            "$ deardiary --store lab.db ls",
            asked="'lab.db'",
            found="is no URL of a diary",
        ),
        Mistake(
            "You choose a profile, and none is configured.",
            "$ deardiary --profile laptop ls",
            asked="'laptop'",
            found="no profile is configured",
        ),
        Mistake(
            "You end a run that has ended.",
            "$ deardiary end IRI-1",
            before=RUN + "\nrun.finish()",
            asked="run 1",
            found="has ended already",
        ),
        Mistake(
            "You end a run that goes on.",
            "$ deardiary end IRI-1",
            before=RUN,
            asked="run 1",
            found="seems to live",
        ),
        Mistake(
            "You end a run in a status that is none.",
            "$ deardiary end IRI-1 --status done",
            before=RUN,
            asked="'done'",
            found="'killed'",
        ),
        Mistake(
            "You recover the journals of a machine, and name a folder that is not there.",
            "$ deardiary recover --journal backup",
            before=RUN,
            asked="'backup'",
            found="does not exist",
        ),
        Mistake(
            "You recover a diary that nobody has begun.",
            "$ deardiary --store sqlite:///lba.db recover",
            asked="/home/ada/iris/lba.db",
            found="there is no diary",
        ),
        Mistake(
            "You write a `deardiary.toml` where there is one.",
            "$ deardiary init",
            before='Path("deardiary.toml").touch()',
            asked="/home/ada/iris/deardiary.toml",
            found="is there already",
        ),
        Mistake(
            "You ask for a plugin that there is not.",
            "$ deardiary plugins show sqlit",
            asked="'sqlit'",
            found="there are duckdb, file, inline, memory, postgresql, s3, sqlite",
        ),
        Mistake(
            "You begin a plugin whose name is none.",
            "$ deardiary plugin new My-Store",
            asked="'My-Store'",
            found="is no name of a scheme",
        ),
        Mistake(
            "You begin a plugin whose store there is already.",
            "$ deardiary plugin new sqlite",
            asked="sqlite",
            found="already",
        ),
    ),
)

CHAPTERS = (
    OPENING,
    CONFIGURING,
    BEGINNING,
    LOGGING,
    PARAMETERS,
    ARTIFACTS,
    READING,
    CHANGING,
    ENVIRONMENT,
    SHELL,
)

NO_MISTAKES = Chapter(
    "What is no mistake",
    text="Some things look like mistakes, and are none.",
    given=RUN,
    mistakes=(
        Mistake(
            "You log what is no number, as numbers go.",
            'run.log({"loss": float("nan"), "ratio": float("inf")})\nprint(run.summary)',
            instead="They are kept as they are. A loss that blows up is worth knowing of.",
        ),
        Mistake(
            "You log steps twice, late, below zero, and in any order.",
            'for step in (7, -3, 7, 0):\n    run.log({"loss": step / 10}, step=step)\n'
            'print(tracker.get_series(run, "loss").steps.tolist())',
            instead='Of points with the same step, the series has the last that came; `repeats="all"` has them all.',
        ),
        Mistake(
            "You log nothing.",
            "run.log({})\nprint(run.summary)",
        ),
        Mistake(
            "You set a parameter again, to the same value.",
            'run.log_parameters(lr=0.1)\nprint(run.config["lr"])',
        ),
        Mistake(
            "You end a run twice.",
            "run.finish()\nrun.finish()\nprint(run.status.name)",
        ),
        Mistake(
            "You tag a run twice, and note something when it has ended.",
            'run.finish()\nrun.tag("good")\nrun.tag("good")\nrun.note("the best so far")\n'
            "print([tag.value for tag in tracker.get_tags(run)], run.notes)",
        ),
        Mistake(
            "You ask for a run that is not there.",
            "print(tracker.get_iteration(7))",
            instead="`tracker.get(deardiary.Iteration, 7)` raises `NotFound` instead.",
        ),
    ),
)

if __name__ == "__main__":
    print(page(), end="")
