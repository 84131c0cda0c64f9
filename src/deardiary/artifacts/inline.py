"""Artifacts as rows of the diary itself, whichever store keeps it: `Piece`s, and a `Blob` that makes them count."""

import io
from collections.abc import Collection, Iterator, Sequence
from typing import BinaryIO

from attrs import define, field

from deardiary.artifacts.streams import Staged, check_range, staged
from deardiary.core import sentences
from deardiary.core.changes import Batch, Drop, Expect, Insert
from deardiary.core.conditions import all_of, asked
from deardiary.core.digests import check_digest, digest_of
from deardiary.core.entities import Blob, Piece
from deardiary.core.errors import ConfigError, Corrupt, Invalid, NotFound, Unavailable
from deardiary.core.queries import Query
from deardiary.core.stores import ArtifactStore, Digest, Store, Stored

PIECE = 1024 * 1024
"""The size of every piece but the last. Diaries hold pieces of it, so it never changes."""

TOGETHER = 3
"""How many pieces go into one batch, which stays below 4 MiB so."""

ATTEMPTS = 5
"""How often to begin anew when someone deletes the pieces while they are written."""

ASKED_TOGETHER = 500
"""How many blobs one question asks for."""


@define
class InlineArtifacts:
    """Bytes as rows of a store, through its four verbs and no other door.

    The `Blob` comes in the last batch, together with the last pieces: until then there is nothing. What a killed
    writer leaves, the next one that puts the same bytes completes.
    """

    _store: Store
    _open: bool = field(default=True, init=False)

    def put(self, source: BinaryIO, /) -> Digest:
        """Keep what is left of a stream, whole or not at all."""
        self._check_open()
        with staged(source) as taken:
            for _ in range(ATTEMPTS):
                if self._blob(taken.digest) is not None or self._is_written(taken):
                    return taken.digest
        raise Unavailable(f"the bytes under {taken.digest} are deleted again and again while they are written")

    def put_many(self, datas: Sequence[bytes], /) -> list[Digest]:
        """Keep bytes, none more than a piece and all together less than a batch holds, by one batch."""
        self._check_open()
        if any(len(data) > PIECE for data in datas):
            raise Invalid(f"bytes that are put together are at most {PIECE:,} each")
        known = {digest_of(data): data for data in datas}
        elements = list[Insert]()
        for promise, digest in enumerate(sorted(self.missing(known)), 1):
            data = known[digest]
            if data:
                elements.append(Insert(Piece(id=-promise, digest=digest, n=0, data=data), or_existing=True))
            elements.append(Insert(Blob(id=-promise, digest=digest, size=len(data)), or_existing=True))
        if elements:
            self._store.apply(Batch(elements))
        return [digest_of(data) for data in datas]

    def open(self, digest: Digest, /, start: int = 0, stop: int | None = None) -> BinaryIO:
        """Return a stream of the bytes under a digest, or of a part of them, which asks for piece after piece."""
        self._check(digest)
        check_range(start, stop)
        blob = self._blob(digest)
        if blob is None:
            raise sentences.no_bytes(digest)
        stop = blob.size if stop is None else min(stop, blob.size)
        return io.BufferedReader(_Pieces(self, blob, min(start, stop), stop))

    def missing(self, digests: Collection[Digest], /) -> set[Digest]:
        """Return those of some digests under which there are no bytes."""
        self._check(*digests)
        wanted, there = sorted(set(digests)), set[Digest]()
        for first in range(0, len(wanted), ASKED_TOGETHER):
            some = asked("digest").among(wanted[first : first + ASKED_TOGETHER])
            there |= {blob.digest for blob in self._store.find(Query(Blob, some)).rows}
        return set(wanted) - there

    def all(self) -> Iterator[Stored]:
        """Yield everything that is held, in the order in which it was put."""
        self._check_open()
        return self._held()

    def delete(self, digest: Digest, /) -> None:
        """Forget the bytes under a digest, if there are any, and what a killed writer left of them."""
        self._check(digest)
        self._store.apply(Batch([Drop(kind, all_of(digest=digest)) for kind in (Blob, Piece)]))

    def uri(self, digest: Digest, /) -> str:
        """Return the empty text: rows have no place of their own."""
        self._check(digest)
        return ""

    def close(self) -> None:
        """Do nothing more; the store of the rows is someone else's to close."""
        self._open = False

    def _check_open(self) -> None:
        if not self._open:
            raise sentences.artifacts_closed()

    def _check(self, *digests: Digest) -> None:
        self._check_open()
        for digest in digests:
            check_digest(digest)

    def _blob(self, digest: Digest) -> Blob | None:
        rows = self._store.find(Query(Blob, all_of(digest=digest))).rows
        return rows[0] if rows else None

    def _held(self) -> Iterator[Stored]:
        query = Query(Blob, limit=ASKED_TOGETHER)
        while True:
            page = self._store.find(query)
            for blob in page.rows:
                yield Stored(digest=blob.digest, size=blob.size, written_at=blob.created_date)
            if page.next is None:
                return
            query = Query(Blob, limit=ASKED_TOGETHER, after=page.next)

    # Writing.

    def _is_written(self, taken: Staged) -> bool:
        """Write the pieces and the blob, and return whether they are there: not if pieces were deleted meanwhile."""
        try:
            for batch in _batches(taken):
                self._store.apply(batch)
        except NotFound:
            return False
        return True

    # Reading.

    def piece(self, blob: Blob, n: int) -> bytes:
        """Return the bytes of one piece of a blob.

        Raises:
            NotFound: the blob was deleted meanwhile.
            Corrupt: the piece is not there, or not of its size.
        """
        wanted = min(PIECE, blob.size - n * PIECE)
        while True:
            rows = self._store.find(Query(Piece, all_of(digest=blob.digest, n=n), large=True)).rows
            data = rows[0].data if rows else None
            if data is not None and len(data) == wanted:
                return data
            present = self._blob(blob.digest)
            if present is None:
                raise sentences.no_bytes(blob.digest)
            if present.id == blob.id:  # it was there all the time, so the piece should have been
                found = "is not there" if data is None else f"has {len(data):,} bytes"
                raise Corrupt(f"piece {n} of the bytes under {blob.digest} {found}; it had {wanted:,} bytes")
            blob = present  # deleted and put again meanwhile


def _batches(taken: Staged) -> Iterator[Batch]:
    """Yield the batches that write the pieces; the last has the blob, and expects all the pieces of those before."""
    count = -(-taken.size // PIECE)
    taken.file.seek(0)
    for first in range(0, max(count, 1), TOGETHER):
        last = min(first + TOGETHER, count)
        pieces = [Insert(_piece(taken, n, count), or_existing=True) for n in range(first, last)]
        if last < count:
            yield Batch(pieces)
        else:
            blob = Insert(Blob(id=-1, digest=taken.digest, size=taken.size), or_existing=True)
            yield Batch([*_expected(taken.digest, first), *pieces, blob])


def _piece(taken: Staged, n: int, count: int) -> Piece:
    return Piece(id=n - count, digest=taken.digest, n=n, data=taken.file.read(PIECE))


def _expected(digest: Digest, count: int) -> Iterator[Expect]:
    """Yield the expectations that so many pieces are there: someone may have deleted them since they were written."""
    for n in range(count):
        place = all_of(digest=digest, n=n)
        yield Expect(Piece, place, otherwise=NotFound, because=f"piece {n} of the bytes under {digest} was deleted")


class _Pieces(io.RawIOBase):
    """The bytes of a blob from one place to another, one piece in memory at a time."""

    def __init__(self, artifacts: InlineArtifacts, blob: Blob, start: int, stop: int) -> None:
        self._artifacts, self._blob, self._at, self._stop = artifacts, blob, start, stop
        self._n, self._piece = -1, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a buffer is always given as a view
        n, offset = divmod(self._at, PIECE)
        if n != self._n and self._at < self._stop:
            self._n, self._piece = n, self._artifacts.piece(self._blob, n)
        chunk = self._piece[offset : offset + min(len(buffer), self._stop - self._at)]
        buffer[: len(chunk)] = chunk
        self._at += len(chunk)
        return len(chunk)


def open_inline(url: str, *, store: Store) -> ArtifactStore:
    """Return the artifacts that are rows of a diary."""
    if url != "inline://":
        raise ConfigError(f"{url!r} names a place, and inline:// keeps bytes in the diary itself")
    return InlineArtifacts(store)
