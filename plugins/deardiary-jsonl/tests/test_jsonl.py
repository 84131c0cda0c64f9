"""One file of JSON lines keeps the contract."""

from pathlib import Path

import pytest

from deardiary.testing import StoreSuite


class TestJsonl(StoreSuite):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"jsonl:///{tmp_path}/diary.jsonl"
