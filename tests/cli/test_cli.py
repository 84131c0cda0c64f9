"""The command line: what it prints, where, and with what code it exits."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import deardiary
from deardiary.cli import run as command


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder where nothing is configured."""
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    for name in [name for name in os.environ if name.startswith("DEARDIARY_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the URL of a diary with two runs, one of which failed."""
    url = f"sqlite:///{tmp_path}/lab.db"
    with deardiary.open(url) as tracker:
        experiment = tracker.create_experiment(tracker.create_project("Iris"), "sweep")
        with tracker.iteration(experiment, name="first", parameters={"lr": 0.1}, tags=["good"]) as run:
            run.log({"loss": 0.5})
            run.log({"loss": 0.25})
            run.log_artifact(b"weights", "model.pt")
        with pytest.raises(ValueError, match="blew up"), tracker.iteration(experiment, parameters={"lr": 3}):
            raise ValueError("it [blew up]")
    return url


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command, and return its code, what it printed, and what it said on stderr."""
    code = command(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def data(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, err = said(capsys, *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


# ls and show.


def test_runs_are_listed_with_what_tells_them_apart(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "--store", url, "ls")

    assert (code, err) == (0, "")
    head, _, failed, first = [line for line in out.splitlines() if line.strip()]
    assert head.split() == ["run", "name", "project", "status", "began", "lr", "loss"]
    assert failed.split() == ["IRI-2", "Iris/sweep", "failed", "just", "now", "3"]
    assert first.split() == ["IRI-1", "first", "Iris/sweep", "succeeded", "just", "now", "0.1", "0.25"]


def test_no_colour_goes_where_nobody_watches(url: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "deardiary", "--store", url, "ls"], capture_output=True, text=True, check=True
    )

    assert "\x1b" not in ended.stdout
    assert "IRI-2" in ended.stdout


def test_runs_as_json(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    listed = data(capsys, "--store", url, "ls", "--order", "id")

    assert (listed["version"], listed["total"]) == (1, 2)
    first = listed["runs"][0]
    assert (first["run_id"], first["status"], first["parameters"]) == ("IRI-1", "SUCCEEDED", {"lr": 0.1})
    assert first["metrics"]["loss"] == {"last": 0.25, "min": 0.25, "max": 0.5, "count": 2, "last_step": 1}
    assert listed["runs"][1]["error_message"] == "it [blew up]"


def test_numbers_that_json_lacks_are_texts(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with deardiary.open(url) as tracker:
        run = tracker.create_iteration(
            1, metrics={"loss": [float("nan"), float("inf")]}, parameters={"x": float("nan")}
        )
    shown = data(capsys, "--store", url, "show", str(run.id))

    assert shown["metrics"]["loss"]["last"] == "Infinity"
    assert shown["parameters"] == {"x": "NaN"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["--status", "failed"], ["IRI-2"]),
        (["--tag", "good"], ["IRI-1"]),
        (["Iris", "--experiment", "sweep", "--order", "id"], ["IRI-1", "IRI-2"]),
        (["--experiment", "none"], []),
        (["--limit", "1"], ["IRI-2"]),
        (["--order", "metrics.loss"], ["IRI-1", "IRI-2"]),
        (["--all"], ["IRI-2", "IRI-1"]),
    ],
    ids=str,
)
def test_runs_are_chosen(url: str, capsys: pytest.CaptureFixture[str], asked: list[str], found: list[str]) -> None:
    assert [run["run_id"] for run in data(capsys, "--store", url, "ls", *asked)["runs"]] == found


def test_what_is_left_out_is_told(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--store", url, "ls", "--limit", "1")[2] == "1 of 2 runs; --all shows the rest\n"


def test_an_empty_diary_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path}/lab.db"
    deardiary.open(url).close()

    code, out, err = said(capsys, "--store", url, "ls")

    assert (code, out) == (0, "")
    assert err == f"no runs in {url} yet\n"


def test_looking_makes_no_diary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["ls"], ["--store", "sqlite:///typo.db", "show", "IRI-1"]):
        code, out, err = said(capsys, *arguments)

        assert (code, out) == (3, "")
        assert "there is no diary" in err

    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]


@pytest.mark.parametrize(
    ("url", "said_of_it"),
    [
        ("duckdb://lab.duckdb", "names no file"),
        ("sqlite://", "names no file"),
        ("duckdb:///lab.duckdb?threads=2", "has a ? in it"),
        ("duckdb:///:memory:", "a diary in memory is memory://"),
        ("sqlite:///nodir/lab.db", "there is no folder"),
    ],
)
def test_looking_where_no_diary_can_be_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, said_of_it: str
) -> None:
    code, out, err = said(capsys, "--store", url, "ls")

    assert (code, out) == (1, "")
    assert said_of_it in err
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]


def test_looking_with_an_option_that_makes_no_sense_says_where_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "deardiary.toml").write_text("[store]\nurl = 'duckdb:///lab.duckdb'\nthreads = 2\n")

    code, _, err = said(capsys, "ls")

    assert code == 1
    assert "duckdb:// has no option 'threads'; it takes none" in err
    assert "deardiary.toml, line 3)" in err


def test_a_run_is_shown(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "--store", url, "show", "IRI-1")

    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "IRI-1 first succeeded" in lines
    assert "project Iris/sweep" in lines
    assert "tags good" in lines
    assert "lr 0.1" in lines
    assert "loss 2 0.25 0.25 0.5 █▁" in lines
    assert any(line.startswith("model.pt 7 inline") for line in lines)


def test_a_failed_run_shows_its_error_and_where_it_came_from(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "--store", url, "show", "2")[1]

    assert "error       it [blew up]" in out
    assert "Traceback (most recent call last)" in out
    assert 'raise ValueError("it [blew up]")' in out


def test_a_run_as_json(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = data(capsys, "--store", url, "show", "IRI-1")

    assert shown["tags"] == ["good"]
    assert shown["environment"]["python_version"].startswith("3.")
    assert [(one["name"], one["size_bytes"]) for one in shown["artifacts"]] == [("model.pt", 7)]


# Errors and exit codes.


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["show", "IRI-9"], 3, "run IRI-9 is not there"),
        (["show", "nonsense"], 1, "names no run"),
        (["ls", "Irs"], 3, "there is no project 'Irs'; there are Iris. Did you mean Iris?"),
        (["ls", "--order", "colour"], 1, "colour"),
        (["ls", "--status", "lost"], 2, "Invalid value for '--status'"),
        (["no-such-command"], 2, "No such command 'no-such-command'"),
        (["plugins", "show", "sqlit"], 3, "Did you mean sqlite?"),
        (["plugin", "new", "My Store"], 1, "is no name of a scheme"),
    ],
    ids=str,
)
def test_a_mistake_gets_a_sentence_and_a_code(
    url: str, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    ended, out, err = said(capsys, "--store", url, *arguments)

    assert (ended, out) == (code, "")
    assert words in err
    assert "Traceback" not in err


def test_a_diary_that_cannot_be_reached_is_4(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise deardiary.Unavailable("the diary is away")

    monkeypatch.setattr("deardiary.opening.open", away)

    assert said(capsys, "--store", "memory://", "ls") == (4, "", "deardiary: the diary is away\n")


def test_debug_shows_where_an_error_came_from(url: str) -> None:
    with pytest.raises(deardiary.NotFound):
        command(["--store", url, "--debug", "show", "IRI-9"])


# init, config, completion.


def test_init_writes_a_configuration_that_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "init")

    assert (code, out, err) == (0, "", f"wrote {tmp_path}/deardiary.toml\n")
    shown = data(capsys, "config", "show")["settings"]
    assert shown["store.url"] == {
        "value": "sqlite:///.deardiary/diary.db",
        "origin": f"{tmp_path}/deardiary.toml, line 5",
    }
    deardiary.open().close()
    assert said(capsys, "ls")[0] == 0
    assert (tmp_path / ".deardiary" / "diary.db").is_file()
    assert (tmp_path / ".deardiary" / ".gitignore").read_text() == "*\n"


def test_init_does_not_write_over_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "deardiary.toml").write_text("# mine\n")

    code, _, err = said(capsys, "init")

    assert (code, err) == (1, f"deardiary: {tmp_path}/deardiary.toml is there already; --force writes over it\n")
    assert (tmp_path / "deardiary.toml").read_text() == "# mine\n"
    assert said(capsys, "init", "--force")[0] == 0


def test_origins_are_shown_and_secrets_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deardiary.toml").write_text('[store]\nurl = "x://ada:geheim@db/d"\npassword = "geheim"\n')
    monkeypatch.setenv("DEARDIARY_PROJECT", "Iris")

    out = said(capsys, "config", "show", "--origin")[1]

    assert "geheim" not in out
    assert "x://ada:***@db/d" in out
    assert "environment DEARDIARY_PROJECT" in out
    assert "deardiary.toml, line 3" in out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_can_complete(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "completion", shell)

    assert code == 0
    assert "_DEARDIARY_COMPLETE" in out


def test_runs_are_completed(url: str) -> None:
    words = f"deardiary --store {url} show iri-"
    environment = {**os.environ, "_DEARDIARY_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "4"}

    ended = subprocess.run(
        [str(Path(sys.executable).with_name("deardiary"))], env=environment, capture_output=True, text=True, check=False
    )

    assert ended.stdout.split() == ["plain,IRI-2", "plain,IRI-1"]


# plugins, doctor, check, demo.


def test_stores_and_plugins_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {(row["name"], row["kind"]): row for row in data(capsys, "plugins")["plugins"]}

    assert rows["sqlite", "store"]["from"] == "deardiary"
    assert rows["file", "artifact store"]["status"] == "ok"
    assert rows["jsonl", "store"]["from"].startswith("deardiary-jsonl ")


def test_a_plugin_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = data(capsys, "plugins", "show", "sqlite")["plugins"]

    assert (row["processes"], row["survives"], row["url"]) == ("many", "a power cut", "sqlite:///path")
    assert "a power cut" in said(capsys, "plugins", "show", "sqlite")[1]


def test_a_plugin_that_is_switched_off_is_listed_as_such(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEARDIARY_DISABLED_PLUGINS", "jsonl")

    rows = {row["name"]: row for row in data(capsys, "plugins")["plugins"]}

    assert rows["jsonl"]["status"] == "switched off"


@pytest.mark.parametrize("kind", ["store", "artifacts"])
def test_a_new_plugin_is_a_package_whose_tests_run(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = said(capsys, "plugin", "new", "mine", "--kind", kind)
    assert (code, err.partition(";")[0]) == (0, "wrote deardiary-mine")
    folder = tmp_path / "deardiary-mine"
    known = folder / "deardiary_mine-0.1.0.dist-info"
    known.mkdir()
    (known / "METADATA").write_text("Metadata-Version: 2.1\nName: deardiary-mine\nVersion: 0.1.0\n")
    (known / "entry_points.txt").write_text("[deardiary]\nmine = deardiary_mine\n")

    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout
    assert " passed" in ended.stdout
    assert "failed" not in ended.stdout


def test_a_new_plugin_does_not_write_over_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "deardiary-mine").mkdir()

    assert said(capsys, "plugin", "new", "mine")[0] == 1


def test_the_doctor_says_what_is_well(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    checks = {row["name"]: row for row in data(capsys, "--store", url, "doctor")["checks"]}

    assert all(row["ok"] for row in checks.values())
    assert checks["store"]["said"] == f"{url}: 2 runs, 0 of them running"
    assert checks["artifacts"]["said"] == "inline, filesystem (default); below 65,536 bytes inline"


def test_the_doctor_says_what_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "--store", "sqllite:///x.db", "doctor")

    assert code == 1
    assert "Did you mean sqlite?" in out
    assert "✗" in out


def test_a_store_is_held_to_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str) -> None:
    code, out, err = said(capsys, "check", url)

    assert (code, out) == (2, "")
    assert "has rows; the check writes and drops" in err


def test_the_demo_tells_a_story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "demo", str(tmp_path / "demo"))

    assert code == 0
    assert "lr 0.1" in out
    assert "the loss is nan" not in out  # that is in the failed run, which ls does not show
    assert (tmp_path / "demo" / "diary.db").is_file()


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "--help")

    assert code == 0
    names = "check completion config demo doctor end init ls migrate plugin plugins recover show"
    for name in names.split():
        assert f"  {name} " in out
    assert "3 not found" in out


def test_a_reader_that_leaves_early_is_no_error(url: str) -> None:
    script = f"{sys.executable} -m deardiary --store {url} ls --json | head -1"
    ended = subprocess.run(["bash", "-c", f"set -o pipefail; {script}"], capture_output=True, text=True, check=False)

    assert ended.stdout == "{\n"
    assert ended.stderr == ""
