"""The command that makes or changes a diary which others may be using: what it says, and what it does."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import deardiary
from deardiary.cli import run as command
from deardiary.recorder import recorder_of
from places import alone, importable, installed, written

SECRET = "geheim"


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return alone(monkeypatch, tmp_path)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> "Said":
    return Said(capsys)


class Said:
    """Runs commands, and keeps what they say."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        code = command(arguments)
        out, err = self.capsys.readouterr()
        assert "Traceback" not in err
        assert SECRET not in out + err
        return code, out, err


def with_secret(url: str) -> str:
    """Return a URL in which there is a password too; the servers of tests ask for none."""
    return url.replace("@", f":{SECRET}@", 1)


def masked(url: str) -> str:
    return url.replace("@", ":***@", 1)


# A diary on a server.


def test_a_database_without_a_diary_says_what_makes_one(database: str, said: Said) -> None:
    code, out, err = said("--store", database, "ls")

    assert (code, out) == (1, "")
    assert "has no diary in 'deardiary'; others may be using it, so nothing is changed unasked" in err
    assert "try: deardiary migrate (with the URL, if no deardiary.toml says it)" in err


def test_a_diary_is_made_once(database: str, said: Said) -> None:
    assert said("migrate", database) == (0, "", f"the diary {database} has schema 1 now; it had none\n")
    assert said("migrate", database) == (0, "", f"the diary {database} is at schema 1 already\n")

    with deardiary.open(database) as tracker:
        assert tracker.get_projects() == []


def test_what_is_in_a_diary_stays(database: str, said: Said) -> None:
    said("migrate", database)
    with deardiary.open(database) as tracker:
        tracker.create_project("Iris")

    assert said("migrate", database)[0] == 0

    with deardiary.open(database) as tracker:
        assert [one.name for one in tracker.get_projects()] == ["Iris"]


def test_the_configured_diary_is_made_with_its_options(
    database: str, said: Said, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIARY_PASSWORD", SECRET)
    written(
        work / "deardiary.toml",
        f"""
        [store]
        url = "{database}"
        schema = "lab"
        connections = 2
        application_name = "lab"
        password = {{ env = "DIARY_PASSWORD" }}
        """,
    )

    assert said("migrate") == (0, "", f"the diary {database} has schema 1 now; it had none\n")

    deardiary.open().close()
    deardiary.open(f"{database}&schema=lab").close()
    with pytest.raises(deardiary.ConfigError, match="has no diary in 'deardiary'"):
        deardiary.open(database)


@pytest.mark.parametrize("way", ["--store", "DEARDIARY_STORE", "--profile"])
def test_the_diary_is_found_as_any_command_finds_it(
    way: str, database: str, said: Said, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(work / "deardiary.toml", f"[profiles.lab.store]\nurl = '{database}'\n")
    given = {"--store": ["--store", database], "DEARDIARY_STORE": [], "--profile": ["--profile", "lab"]}[way]
    if way == "DEARDIARY_STORE":
        monkeypatch.setenv(way, database)

    assert said(*given, "migrate") == (0, "", f"the diary {database} has schema 1 now; it had none\n")


def test_many_may_migrate_at_once(database: str, work: Path) -> None:
    asked = [sys.executable, "-m", "deardiary", "migrate", database]
    started = [subprocess.Popen(asked, cwd=work, stderr=subprocess.PIPE, text=True) for _ in range(4)]

    ended = [(one.communicate(timeout=60)[1].rpartition("; ")[2], one.returncode) for one in started]

    already = f"the diary {database} is at schema 1 already\n"
    assert sorted(ended) == [("it had none\n", 0), *[(already, 0)] * 3]


def test_another_spelling_is_the_same_diary(database: str, said: Said) -> None:
    spelled = database.replace("postgresql://", "postgres://")

    assert said("migrate", spelled) == (0, "", f"the diary {database} has schema 1 now; it had none\n")

    with deardiary.open(spelled) as one, deardiary.open(database) as other:
        assert one.url == other.url
        # Or points that are left by one would not be found by the other.
        assert recorder_of(one).folder == recorder_of(other).folder


def test_a_diary_of_a_newer_deardiary_is_left_alone(database: str, said: Said) -> None:
    import psycopg

    said("migrate", database)
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO deardiary.deardiary_migrations VALUES (99, 'beyond')")

    code, _, err = said("migrate", database)

    assert (code, err.rpartition(" has ")[2]) == (1, "schema 99; try: pip install --upgrade deardiary\n")


# Passwords.


def test_a_password_is_never_shown(database: str, said: Said) -> None:
    url = with_secret(database)

    assert said("migrate", url) == (0, "", f"the diary {masked(database)} has schema 1 now; it had none\n")
    assert said("migrate", url) == (0, "", f"the diary {masked(database)} is at schema 1 already\n")


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        (f"postgresql://ada:{SECRET}@127.0.0.1:9/x", 4, "the Postgres database 'x' on 127.0.0.1:9 cannot be used"),
        (f"postgresql://127.0.0.1:9/x?user=ada&password={SECRET}", 4, "cannot be used: connection"),
        (f"postgresql://ada:{SECRET}%@db/x", 1, "after which no two hexadecimal digits come"),
        (f"postgresql://ada:{SECRET}@[::1/x", 1, "does not understand the URL or its options"),
        (f"postgresql://ada:s/{SECRET}@db/x", 1, "the URL has an @ after a / ? or #"),
        (f"postgresql://ada:s?{SECRET}@db/x", 1, "the URL has an @ after a / ? or #"),
        (f"postgresql://ada:s#{SECRET}@db/x", 1, "the URL has an @ after a / ? or #"),
        (f"postgresql://ada:{SECRET}@db/x?colour=red", 1, "postgresql:// has no option 'colour'"),
        (f"postgresql://ada:a@{SECRET}@db/x", 1, "write %40 for @"),
        (f"postgresql://ada:a {SECRET}@db/x", 1, "write %20"),
        (f"postgresql://ada:{SECRET}@db/x?connections=0", 1, "connections is '0'"),
        (f"postgresql://ada:{SECRET}@db:99999/x", 1, "port is '99999'"),
        (f"postgresql://ada:{SECRET}@db/x?sslmode=very", 1, "sslmode is 'very'; it is one of"),
        (f"nobody://ada:{SECRET}@db/x", 1, "no store opens nobody://"),
    ],
    ids=str,
)
def test_a_mistake_gets_a_sentence_and_a_code(url: str, code: int, words: str, said: Said) -> None:
    ended, out, err = said("migrate", url)

    assert (ended, out) == (code, "")
    assert words in err


def test_an_option_that_is_wrong_is_told_with_where_it_stands(said: Said, work: Path) -> None:
    path = written(work / "deardiary.toml", "[store]\nurl = 'postgresql://127.0.0.1:9/x'\ncolour = 'red'\n")

    code, _, err = said("migrate")

    assert code == 1
    assert f"({path}, line 3)" in err
    assert "postgresql:// has no option 'colour'; it takes schema, connections, partitions, and what libpq knows" in err


# Other diaries.


@pytest.mark.parametrize("url", ["sqlite:///lab.db", "duckdb:///lab.duckdb", "memory://"])
def test_other_diaries_need_no_migrating(url: str, said: Said, work: Path) -> None:
    code, out, err = said("migrate", url)

    assert (code, out) == (0, "")
    assert err.endswith(" needs no migrating: opening it is enough\n")
    assert [*work.iterdir()] == []


def test_where_nothing_is_configured_there_is_nothing_to_migrate(said: Said, work: Path) -> None:
    code, out, err = said("migrate")

    assert (code, out) == (0, "")
    assert err == "no diary is configured, and the one of a project needs no migrating: opening it is enough\n"
    assert [*work.iterdir()] == []


@pytest.fixture
def plugins(tmp_path: Path) -> Iterator[Path]:
    with importable(tmp_path / "site") as site:
        yield site


def test_a_plugin_says_what_migrates_its_diaries(plugins: Path, said: Said) -> None:
    installed(
        plugins,
        "far",
        """
        from deardiary.plugin import Scheme, plugin

        @plugin
        def deardiary_stores():
            return [Scheme("far", "deardiary_far:open_far", migrator="deardiary_far:migrate_far")]

        def migrate_far(url):
            return 1, 3
        """,
    )

    assert said("migrate", "far://x") == (0, "", "the diary far://x has schema 3 now; it had schema 1\n")
