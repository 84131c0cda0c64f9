"""A plugin of pytest: what our suites test, a diary or artifacts, and the levels by which their tests are ordered."""

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


@pytest.fixture
def artifacts(url: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Open the artifact store under the suite's `url`, as the suite says."""
    under_test = request.instance.under_test(url)
    yield under_test
    under_test.close()


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of our marks."""
    config.addinivalue_line("markers", "level(number): how far the author of a store must have come for a test")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of suites with their level, and leave out those whose suite does not give what they need."""
    without = []
    for item in items:
        test = getattr(item, "function", None)
        if getattr(test, "level", 0):
            item.add_marker(pytest.mark.level(test.level))  # type: ignore[union-attr]  # as just seen
            needs = test.needs  # type: ignore[union-attr]  # which stands beside the level
            if needs and getattr(getattr(item, "cls", None), needs, None) is None:
                without.append(item)
    if without:
        items[:] = [item for item in items if item not in without]
        config.hook.pytest_deselected(items=without)
