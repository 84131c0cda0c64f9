"""An artifact store under test, and words in which the suite tells what to do with it."""

import io
from collections.abc import Callable
from typing import Any

from attrs import define, field

from deardiary.artifacts.reading import verified
from deardiary.core.errors import DearDiaryError
from deardiary.core.stores import ArtifactStore, Digest
from deardiary.schemes import Traits
from deardiary.testing.others import another_process, started

_PREAMBLE = """
import io, sys
from pathlib import Path
from deardiary.artifacts.reading import read_all
from deardiary.backends.memory import MemoryStore
from deardiary.core.errors import DearDiaryError
from deardiary.registry import open_artifacts, open_store
from deardiary.testing.sources import *
url = sys.argv[1]
try:
    store = {opening}
except DearDiaryError as error:
    print(type(error).__name__, error)
    sys.exit()
"""


@define
class Artifacts:
    """An artifact store under test."""

    opener: Callable[[], ArtifactStore]
    """Opens it, or opens it again."""
    traits: Traits = field(factory=Traits)
    url: str = ""
    elsewhere: str = ""
    """How another process opens it: an expression over `url`."""
    store: ArtifactStore = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.store = self.opener()

    def reopen(self) -> None:
        """Close the store, and open it again."""
        self.store.close()
        self.store = self.opener()

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def put(self, source: Any) -> Digest:
        """Put bytes, or what a source gives."""
        return self.store.put(io.BytesIO(source) if isinstance(source, bytes) else source)

    def read(self, digest: Digest) -> bytes:
        """Return the bytes under a digest, compared with it."""
        with verified(self.store.open(digest), digest) as stream:
            return stream.read()

    def part(self, digest: Digest, start: int, stop: int | None = None) -> bytes:
        """Return a part of the bytes under a digest."""
        with self.store.open(digest, start, stop) as stream:
            return stream.read()

    def sizes(self) -> dict[Digest, int]:
        """Return the size of everything that is listed."""
        listed = [(stored.digest, stored.size) for stored in self.store.all()]
        assert len(listed) == len(dict(listed)), "something is listed twice"
        return dict(listed)

    def started(self, code: str) -> Any:
        """Start another process that opens the store and runs some code."""
        return started(self.url, code, preamble=_PREAMBLE.format(opening=self.elsewhere))

    def another_process(self, code: str) -> str:
        """Return what another process prints that opens the store and runs some code."""
        return another_process(self.url, code, preamble=_PREAMBLE.format(opening=self.elsewhere))


def fails_or(wanted: bytes, read: Callable[[], bytes], *errors: type[DearDiaryError]) -> bool:
    """Return whether reading gives what is wanted; else it must raise one of some errors, and give nothing."""
    try:
        found = read()
    except errors:
        return False
    check_same(found, wanted)
    return True


def check_same(found: bytes, wanted: bytes) -> None:
    """Say where bytes begin to differ from those that are wanted, and no more: they may be many."""
    if found != wanted:
        place = next((n for n, (one, other) in enumerate(zip(found, wanted, strict=False)) if one != other), None)
        where = f"they differ from byte {place:,} on" if place is not None else "one is the beginning of the other"
        raise AssertionError(f"{len(found):,} bytes were read, and {len(wanted):,} others were put; {where}")
