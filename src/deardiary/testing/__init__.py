"""The promises of a store, as tests that anyone may run."""

from deardiary.testing.diary import Diary
from deardiary.testing.suite import StoreSuite
from deardiary.testing.wrappers import Counted, Flaky, Slow

__all__ = ["Counted", "Diary", "Flaky", "Slow", "StoreSuite"]
