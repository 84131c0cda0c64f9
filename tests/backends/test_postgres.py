"""Postgres keeps the contract, and what is its own besides."""

import pytest

from deardiary.backends.sql.postgres import migrate_postgres
from deardiary.testing import StoreSuite
from nightly import NIGHTLY


class TestPostgres(StoreSuite):
    kills = 100 if NIGHTLY else 5
    examples, steps = (500, 50) if NIGHTLY else (10, 20)
    chance = NIGHTLY

    @pytest.fixture
    def url(self, database: str) -> str:
        migrate_postgres(database)
        return database
