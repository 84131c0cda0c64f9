"""SQLite keeps the contract."""

from pathlib import Path

import pytest

from deardiary.testing import StoreSuite


class TestSqlite(StoreSuite):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/diary.db"
