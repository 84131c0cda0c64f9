"""What tests anywhere below may ask for: a Postgres, which starts when the first of them does, and databases on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from postgres import GIVEN, Server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start a server, one for each process that runs tests; that there is none to start is an error, never a skip."""
    try:
        server = Server(given=GIVEN) if GIVEN else Server.start()
    except FileNotFoundError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    with server:
        yield server


@pytest.fixture
def database(postgres: Server) -> Iterator[str]:
    """Make an empty database, and return its URL."""
    url = postgres.database()
    yield url
    postgres.drop(url)


@pytest.fixture
def fresh(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Return what gives the URL of a fresh diary of a scheme; only those on Postgres need a server."""

    def url(scheme: str) -> str:
        if scheme != "postgresql":
            return "memory://" if scheme == "memory" else f"{scheme}:///{tmp_path}/diary"
        from deardiary.backends.sql.postgres import migrate_postgres

        database: str = request.getfixturevalue("database")
        migrate_postgres(database)
        return database

    return url
