"""The promises of a store, as tests that anyone may run."""

from deardiary.testing.artifacts import ArtifactStoreSuite
from deardiary.testing.diary import Diary
from deardiary.testing.held import Artifacts
from deardiary.testing.suite import StoreSuite
from deardiary.testing.wrappers import Counted, Flaky, Slow

__all__ = ["ArtifactStoreSuite", "Artifacts", "Counted", "Diary", "Flaky", "Slow", "StoreSuite"]
