"""Runs the suite against a diary under a URL, without pytest: `deardiary check URL`."""

import inspect
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any, TextIO, TypeAlias

from attrs import frozen

from deardiary.core.errors import ConfigError, DearDiaryError
from deardiary.registry import open_store
from deardiary.testing.artifacts import ArtifactStoreSuite
from deardiary.testing.diary import Diary, is_empty, wiped
from deardiary.testing.held import Artifacts
from deardiary.testing.suite import StoreSuite, opened
from deardiary.testing.telling import level_of, needs_of

LEVELS = {
    1: "rows",
    2: "batches",
    3: "declarations",
    4: "questions",
    5: "points",
    6: "streams",
    7: "processes",
    8: "anything",
}
"""What a store can do at each level."""

Suite: TypeAlias = type[StoreSuite] | type[ArtifactStoreSuite]


@frozen
class Failure:
    """A promise that is not kept."""

    test: str
    why: str


def tests_of(suite: Suite) -> list[tuple[int, str]]:
    """Return the level and the name of every test of a suite, in the order of levels."""
    found = [
        (level_of(test), name)
        for name, test in inspect.getmembers(suite, inspect.isfunction)
        if not needs_of(test) or getattr(suite, needs_of(test)) is not None
    ]
    order = {name: place for place, name in enumerate(_names(suite))}
    return sorted((one for one in found if one[0]), key=lambda one: (one[0], order[one[1]]))


def _names(suite: Suite) -> Iterator[str]:
    for part in suite.__mro__:
        yield from vars(part)


def failures(
    make: Callable[[], Diary | Artifacts], *, suite: Suite = StoreSuite, levels: tuple[int, ...] = tuple(LEVELS)
) -> Iterator[tuple[int, str, Failure | None]]:
    """Run the tests of some levels, each on a store of its own, and yield how each ended."""
    for level, name in tests_of(suite):
        if level in levels:
            yield level, name, _failure(make, suite, name)


def _failure(make: Callable[[], Diary | Artifacts], suite: Suite, name: str) -> Failure | None:
    made: Any = None
    try:
        made = make()
        getattr(suite(), name)(made)
    except Exception as error:  # whatever a store does wrong, the next promise is looked at too
        notes = "\n".join(getattr(error, "__notes__", ()))
        return Failure(name, f"{type(error).__name__}: {error}\n{notes}".rstrip())
    finally:
        if made is not None:
            made.close()
    return None


def check(url: str, out: TextIO) -> int:
    """Hold the diary under a URL to every promise, say how it did, and return 0 if it kept them all."""
    try:
        store = open_store(url)
        if not is_empty(store):
            raise ConfigError(f"{url} has rows; the check writes and drops, so give it the URL of a new diary")
        store.close()
    except DearDiaryError as error:
        sys.stderr.write(f"deardiary: {error}\n")
        return 2

    def fresh() -> Diary:
        diary = opened(url)
        wiped(diary.store)
        return diary

    broken: list[Failure] = []
    at_level, count = 0, 0
    for level, _, failure in failures(fresh, levels=_levels()):
        count += 1
        if level != at_level:
            out.write(f"\nlevel {level}, {LEVELS[level]:<13}")
            at_level = level
        out.write("." if failure is None else "F")
        out.flush()
        broken += [] if failure is None else [failure]
    out.write("\n\n")
    for failure in broken:
        out.write(f"{failure.test.replace('_', ' ')}\n    {failure.why.replace(chr(10), chr(10) + '    ')}\n\n")
    out.write(f"{url} keeps {count - len(broken)} of {count} promises.\n")
    store = open_store(url)
    wiped(store)
    store.close()
    return 1 if broken else 0


def _levels() -> tuple[int, ...]:
    """Return the levels that can be looked at here, and say what the last one needs if it cannot."""
    if find_spec("hypothesis") is not None:
        return tuple(LEVELS)
    sys.stderr.write('deardiary: level 8 is left out, since it needs Hypothesis: pip install "deardiary[test]"\n')
    return tuple(LEVELS)[:-1]
