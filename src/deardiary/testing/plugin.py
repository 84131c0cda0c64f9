"""A plugin of pytest: the diary that `StoreSuite` tests, and the levels by which its tests are ordered."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def diary(url: str) -> Iterator[Any]:
    """Open the diary under the suite's `url`, with the specification beside it."""
    from deardiary.testing.suite import opened

    under_test = opened(url)
    yield under_test
    under_test.close()


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of our marks."""
    config.addinivalue_line("markers", "level(number): how far the author of a store must have come for a test")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of suites with their level."""
    for item in items:
        level = getattr(getattr(item, "function", None), "level", 0)
        if level:
            item.add_marker(pytest.mark.level(level))
