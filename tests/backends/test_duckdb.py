"""DuckDB keeps the contract, and what is its own besides."""

from pathlib import Path

import pytest

from deardiary.testing import StoreSuite
from nightly import NIGHTLY


def damaged(url: str) -> None:
    """Overwrite what a diary keeps."""
    path = Path(url.removeprefix("duckdb:///"))
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 200] = b"\xff" * 200
    path.write_bytes(bytes(data))


class TestDuckdb(StoreSuite):
    kills = 100 if NIGHTLY else 5
    damage = staticmethod(damaged)
    examples, steps = (500, 50) if NIGHTLY else (10, 20)
    chance = NIGHTLY

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"duckdb:///{tmp_path}/diary.duckdb"
