"""The Postgres of the tests starts anywhere, and is gone afterwards."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

import postgres as servers
from postgres import SECONDS, Server, find_programs

OWNER = """
import sys
from postgres import Server
server = Server.start()
print(server.port, server._keeper.pid, server.folder, flush=True)
sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def own() -> Iterator[Server]:
    with Server.start() as server:
        yield server


@pytest.fixture(scope="module")
def sturdy() -> Iterator[Server]:
    with Server.start(durable=True) as server:
        yield server


def asked(url: str, text: str) -> list[tuple[object, ...]]:
    """Return what a database answers; what is done is committed."""
    with psycopg.connect(url) as connection:
        cursor = connection.execute(text)
        return cursor.fetchall() if cursor.description else []


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def is_listening(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def comes_true(said: Callable[[], bool]) -> bool:
    """Tell whether something comes true, in good time."""
    until = time.monotonic() + SECONDS
    while not said():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


# It starts.


@pytest.mark.parametrize("tcp", [False, True])
def test_it_answers_at_a_socket_and_over_tcp(own: Server, tcp: bool) -> None:
    url = own.url(tcp=tcp)

    assert str(asked(url, "SELECT version()")[0][0]).startswith("PostgreSQL ")


@pytest.mark.parametrize("name", ["fsync", "synchronous_commit", "full_page_writes"])
def test_it_is_as_durable_as_is_wanted(own: Server, sturdy: Server, name: str) -> None:
    said = [asked(server.url(), f"SHOW {name}") for server in (own, sturdy)]

    assert said == [[("off",)], [("on",)]]


def test_it_runs_unprivileged(own: Server) -> None:
    owner = (own.folder / "data" / "postmaster.pid").stat().st_uid

    assert (owner != 0, is_there(own.pid)) == (True, True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that the server's user cannot reach")
def test_programs_that_its_user_cannot_reach_are_copied(tmp_path: Path) -> None:
    installed = max(servers._packaged(), key=servers._version).parent
    package = tmp_path / "hidden" / installed.parent.name
    shutil.copytree(installed, package / installed.name, symlinks=True)
    for libraries in installed.parent.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, package.with_name(libraries.name))
    (tmp_path / "hidden").chmod(0o700)

    with Server.start(programs=package / installed.name / "bin") as server:
        assert asked(server.url(), "SELECT 1") == [(1,)]


def test_the_newest_programs_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [tmp_path / version / "bin" for version in ("9.6", "18", "15", "19")]
    for place in places:
        place.mkdir(parents=True)
    for place in places[:3]:
        (place / "initdb").touch()
        (place / "postgres").touch()
    monkeypatch.setattr(servers, "_packaged", list)
    monkeypatch.setattr(servers, "_installed", lambda: places)

    assert find_programs() == tmp_path / "18" / "bin"


def test_a_machine_without_programs_is_told_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "_packaged", list)
    monkeypatch.setattr(servers, "_installed", list)

    with pytest.raises(FileNotFoundError, match="There is no Postgres for the tests") as refusal:
        Server.start()

    for helps in ("'.[test]'", "apt-get install postgresql", "DEARDIARY_TEST_POSTGRES="):
        assert helps in str(refusal.value)


def test_a_setting_that_nobody_knows_is_told_at_once() -> None:
    started = time.monotonic()

    with pytest.raises(RuntimeError, match=r'exited at once(.|\n)*"no_such_setting"'):
        Server.start(settings={"no_such_setting": 1})

    assert time.monotonic() - started < SECONDS / 2


def test_a_port_that_is_taken_is_told_at_once() -> None:
    started = time.monotonic()

    with (
        closing(socket.create_server(("127.0.0.1", 0))) as other,
        pytest.raises(RuntimeError, match=r"exited at once(.|\n)*Address already in use"),
    ):
        Server.start(port=other.getsockname()[1])

    assert time.monotonic() - started < SECONDS / 2


def test_programs_that_are_no_programs_are_told(tmp_path: Path) -> None:
    folder = Path("/tmp") if os.geteuid() == 0 else tmp_path
    programs = folder / f"deardiary-no-programs-{os.getpid()}"
    programs.mkdir()
    try:
        for name in ("initdb", "postgres"):
            (programs / name).write_text("#!/bin/sh\ntest $1 = --version && exit\necho alas\nexit 3\n")
            (programs / name).chmod(0o755)

        with pytest.raises(RuntimeError, match=r"was not made \(initdb: 3\); the end of its log:\nalas"):
            Server.start(programs=programs)
    finally:
        shutil.rmtree(programs)


# Its databases.


def test_each_test_gets_an_empty_database(postgres: Server, database: str) -> None:
    other = postgres.database()

    asked(other, "CREATE TABLE notes (id INTEGER)")

    tables = "SELECT count(*) FROM pg_class WHERE relname = 'notes'"
    assert (asked(other, tables), asked(database, tables)) == ([(1,)], [(0,)])
    postgres.drop(other)


def test_a_database_goes_even_if_it_is_in_use(postgres: Server) -> None:
    url = postgres.database()

    with closing(psycopg.connect(url)):
        postgres.drop(url)

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_databases_are_made_on_a_server_that_is_given(own: Server) -> None:
    given = Server(given=f"postgresql://postgres@127.0.0.1:{own.port}/postgres?application_name=tests")

    url = given.database()

    assert url == given.url(urlsplit(url).path[1:])
    assert asked(url, "SHOW application_name") == [("tests",)]
    given.drop(url)
    with pytest.raises(RuntimeError, match="not ours to halt"):
        given.restart()
    given.stop()
    assert is_listening(own.port)


# It stops, and starts again.


def test_what_was_committed_survives_a_crash(sturdy: Server) -> None:
    url, before, said = sturdy.database(), sturdy.pid, len(sturdy.log)
    asked(url, "CREATE TABLE notes AS SELECT 42 AS id")

    with closing(psycopg.connect(url)) as connection:
        connection.execute("INSERT INTO notes VALUES (43)")
        sturdy.restart("immediate")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")

    assert asked(url, "SELECT id FROM notes") == [(42,)]
    assert sturdy.pid != before
    assert "was not properly shut down" in sturdy.log[said:]


def test_a_server_that_is_halted_resumes(sturdy: Server) -> None:
    said = len(sturdy.log)

    sturdy.halt("fast")
    is_halted = not is_listening(sturdy.port)
    sturdy.halt()
    sturdy.resume()

    assert is_halted
    assert asked(sturdy.url(tcp=True), "SELECT 1") == [(1,)]
    assert "was not properly shut down" not in sturdy.log[said:]


def test_nothing_is_left_of_a_server_that_stopped() -> None:
    server = Server.start()
    pids = [server.pid, *(int(str(pid)) for (pid,) in asked(server.url(), "SELECT pid FROM pg_stat_activity"))]

    server.stop()
    server.stop()

    assert len(pids) > 3
    assert [pid for pid in pids if is_there(pid)] == []
    assert not server.folder.exists()


@pytest.mark.parametrize(
    ("who", "number"), [("owner", signal.SIGTERM), ("owner", signal.SIGKILL), ("keeper", signal.SIGKILL)]
)
def test_no_server_outlives_who_started_it(who: str, number: signal.Signals) -> None:
    command = [sys.executable, "-c", OWNER]
    with subprocess.Popen(
        command, cwd=Path(__file__).parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as owner:
        assert owner.stdout is not None
        port, keeper, folder = owner.stdout.readline().decode().split()
        os.kill(owner.pid if who == "owner" else int(keeper), number)
        try:
            if who == "owner":
                assert comes_true(lambda: not Path(folder).exists())
            assert comes_true(lambda: not is_listening(int(port)))
        finally:
            owner.kill()
            shutil.rmtree(folder, ignore_errors=True)
