"""What tests anywhere below may ask for: a Postgres, which starts when the first of them does, and databases on it."""

from collections.abc import Iterator

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
