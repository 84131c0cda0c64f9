"""The specification keeps its own contract."""

import pytest

from deardiary.testing import StoreSuite


class TestMemory(StoreSuite):
    @pytest.fixture
    def url(self) -> str:
        return "memory://"
