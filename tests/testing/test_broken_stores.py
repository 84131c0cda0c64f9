"""The suite catches every store that breaks a promise, and none that keeps them all."""

from collections.abc import Callable

import pytest

from deardiary.schemes import Traits
from deardiary.testing.check import failures
from deardiary.testing.diary import Diary
from testing.broken import BROKEN, Honest

IN_MEMORY = Traits(processes="one", durable="none")
LEVELS = (1, 2, 3, 4, 5, 6)


def broken_promises(opener: Callable[[], Honest]) -> list[str]:
    """Return the tests that a store fails."""
    ends = failures(lambda: Diary(opener, IN_MEMORY, "memory://"), levels=LEVELS)
    return [failure.test for _, _, failure in ends if failure is not None]


def test_an_honest_store_passes() -> None:
    assert broken_promises(Honest) == []


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_a_broken_store_is_caught(broken: Callable[[], Honest]) -> None:
    if broken.__name__ == "GoesOnWhenClosed":
        ends = failures(lambda: Diary(broken, IN_MEMORY, "memory://"), levels=(7,))
        caught = [failure.test for _, _, failure in ends if failure is not None]
        assert "test_a_closed_store_is_unavailable" in caught
        return

    assert broken_promises(broken) != []


def test_at_least_fifteen_ways_to_break_a_promise_are_tried() -> None:
    assert len(BROKEN) >= 15
