"""The suite catches every artifact store that breaks a promise, and none that keeps them all."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deardiary.artifacts.folder import Folder
from deardiary.core.stores import ArtifactStore
from deardiary.schemes import Traits
from deardiary.testing import ArtifactStoreSuite
from deardiary.testing.check import Failure, failures
from testing.broken_artifacts import (
    BROKEN,
    AcknowledgesTooEarly,
    HoldsAllInMemory,
    Honest,
    LetsNobodyElseIn,
    flipped,
)

IN_MEMORY = Traits(processes="one", durable="none")


def broken_promises(opener: Callable[[], Honest]) -> Iterator[Failure]:
    """Yield how a store in memory fails the tests, in the order of their levels."""
    opened: list[Honest] = []

    class Suite(ArtifactStoreSuite):
        most_memory = None
        elsewhere = "open_artifacts('inline://', store=MemoryStore())"
        damage = staticmethod(lambda url, digest: flipped(opened[-1], digest))

        def opened(self, url: str) -> ArtifactStore:
            opened.append(opener())
            return opened[-1]

        def traits_of(self, url: str) -> Traits:
            return IN_MEMORY

    ends = failures(lambda: Suite().under_test("honest://"), suite=Suite)
    return (failure for _, _, failure in ends if failure is not None)


def test_an_honest_artifact_store_passes() -> None:
    assert list(broken_promises(Honest)) == []


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_a_broken_artifact_store_is_caught(broken: Callable[[], Honest]) -> None:
    assert next(broken_promises(broken), None) is not None


# Those that go wrong with files and processes.


def fails(kind: type[Folder], root: Path, test: str) -> str:
    """Return how an artifact store in files fails a test, empty if it does not."""
    source = Path(__file__).with_name("broken_artifacts.py")

    class Suite(ArtifactStoreSuite):
        kills = 1
        elsewhere = f"__import__('runpy').run_path({str(source)!r})[{kind.__name__!r}](Path(url))"

        def opened(self, url: str) -> ArtifactStore:
            return kind(Path(url))

        def traits_of(self, url: str) -> Traits:
            return Traits()

    suite = Suite()
    artifacts = suite.under_test(str(root / "artifacts"))
    try:
        getattr(suite, test)(artifacts)
    except AssertionError as error:
        return str(error) or test
    finally:
        artifacts.close()
    return ""


@pytest.mark.parametrize(
    ("kind", "test"),
    [
        (HoldsAllInMemory, "test_large_bytes_are_never_all_in_memory"),
        (AcknowledgesTooEarly, "test_what_was_put_survives_a_kill_and_the_rest_is_whole_or_absent"),
        (LetsNobodyElseIn, "test_processes_share_artifacts_or_are_told_that_they_may_not"),
    ],
)
def test_a_store_that_breaks_its_word_on_the_disk_is_caught(kind: type[Folder], test: str, tmp_path: Path) -> None:
    assert fails(Folder, tmp_path / "honest", test) == ""
    assert fails(kind, tmp_path / "broken", test) != ""
