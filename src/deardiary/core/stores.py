"""The two seams: where rows live, and where bytes live.

This is the whole contract of a store, for those who write one. `deardiary.testing` holds every sentence of it against
any store; `core/settle.py` is the same contract as a function.

Batches. A `Batch` is one sequence of changes and expectations. All of it is applied, or none of it. Each element
stands on what those before it left, and the first that fails names the error. Batches that run side by side answer as
in some order one after another. The same batch again answers the same receipt, whatever has happened since; another
batch under the same id is `Invalid`. A refused batch leaves nothing.

Streams. A batch with a `Stream` has no id. The store keeps one position per writer, first 0: a batch that starts there
is applied and moves it; one that ends there or before does nothing; any other is `Misplaced`, and says the position.

Time and chance. A store reads no clock and draws no random number: all that comes in the batch.

Ids. They are positive, per kind, growing, never given twice; 1, 2, 3 in a fresh diary. A negative id is a promise,
made by one `Insert` and replaced wherever an id of its kind may stand; the receipt says what became of it.

Rows. What a store knows of the nouns it reads from their declarations (`core/declared.py`): who owns whom, what is
unique, numbered, emptied, held, shared, derived, what may be patched and what may be asked.

Points. A point is a number in a series; numbers count arrivals and are never given twice. A missing step is the
greatest of its series plus one. Beside the points stands a `Summary`, always true. Floats come back bit for bit.

Conditions are met or not (`core/conditions.py`). Orders put what is absent, then what is no number, last, and end with
the id. A walk by `next` meets every row that did not change exactly once. A mark misses no change.

Threads. A store may be shared between threads. After `close` it answers `Unavailable`.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import BinaryIO, Protocol, TypeAlias, runtime_checkable

from attrs import frozen

from deardiary.core.alike import Alike
from deardiary.core.changes import Batch, Receipt
from deardiary.core.declared import E
from deardiary.core.queries import Page, Query, Series, SeriesQuery


@runtime_checkable
class Store(Protocol):
    """Where rows live. Safe to share between threads."""

    def apply(self, batch: Batch, /) -> Receipt:
        """Do all that a batch says, or nothing of it; once, however often it is sent."""
        ...

    def find(self, query: Query[E], /) -> Page[E]:
        """Return the rows that answer a query."""
        ...

    def series(self, query: SeriesQuery, /) -> list[Series]:
        """Return the points that answer a query, a series for each run and key."""
        ...

    def close(self) -> None:
        """Let go of everything; closing twice does nothing."""
        ...


Digest: TypeAlias = str
"""The sha256 of bytes, in lower-case hexadecimal digits."""


@frozen(kw_only=True, eq=False, repr=False)
class Stored(Alike):
    """Bytes that an artifact store holds."""

    digest: Digest
    size: int
    written_at: datetime


class ArtifactStore(Protocol):
    """Where bytes live, under the sha256 of themselves. Safe to share between threads.

    Bytes are there whole or not at all, whatever fails or is killed on the way, and then never change. When `put` has
    returned they outlast what the store's traits say. An error of the source passes through `put` as it is. What passes
    is never all in memory. A stream goes on after a delete, or fails; it never gives other bytes. What is no digest is
    `Invalid` everywhere. After `close` a store answers `Unavailable`; its streams may be read on.
    """

    def put(self, source: BinaryIO, /) -> Digest:
        """Keep what is left of a stream, of which only `read(n)` is asked; bytes already there are not kept twice.

        A regular file may be read more than once, and must not change meanwhile.
        """
        ...

    def open(self, digest: Digest, /, start: int = 0, stop: int | None = None) -> BinaryIO:
        """Return a stream of the bytes under a digest, or of a part of them, cut as a slice is; or raise `NotFound`."""
        ...

    def missing(self, digests: Collection[Digest], /) -> set[Digest]:
        """Return those of some digests under which there are no bytes."""
        ...

    def all(self) -> Iterator[Stored]:
        """Yield everything that is held."""
        ...

    def delete(self, digest: Digest, /) -> None:
        """Forget the bytes under a digest, if there are any."""
        ...

    def uri(self, digest: Digest, /) -> str:
        """Return where the bytes are or would be, for people to read; empty if that is no place they could go."""
        ...

    def close(self) -> None:
        """Let go of everything; closing twice does nothing."""
        ...
