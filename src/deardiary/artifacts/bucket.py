"""An artifact store from a few functions: over a bucket, which keeps bytes under names."""

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol

from attrs import define, field

from deardiary.artifacts.refusals import translated
from deardiary.artifacts.streams import Staged, check_range, staged
from deardiary.core import sentences
from deardiary.core.digests import check_digest, is_digest
from deardiary.core.stores import Digest, Stored


class Bucket(Protocol):
    """Bytes under names, each written whole: objects, files, members, rows. Safe to share between threads."""

    def sizes(self, digests: Collection[Digest], /) -> Mapping[Digest, int]:
        """Return the sizes of those of some digests under which there are bytes."""
        ...

    def put(self, digest: Digest, file: BinaryIO, /) -> None:
        """Keep all that a file holds, whole and to stay; someone else may be doing the same."""
        ...

    def open(self, digest: Digest, start: int, stop: int, /) -> BinaryIO:
        """Return a stream of one or more bytes; where there are none, raise `KeyError` or `FileNotFoundError`."""
        ...

    def all(self) -> Iterable[Stored]:
        """Return everything that is there, and perhaps other things of other names."""
        ...

    def delete(self, digest: Digest, /) -> None:
        """Remove what is under a digest, if there is anything."""
        ...

    def uri(self, digest: Digest, /) -> str:
        """Return where the bytes are, for people to read."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


@define
class BucketStore:
    """Artifacts in someone else's bucket, which is asked for nothing that makes no sense.

    A source is taken in until its digest is known: up to 4 MiB in memory, more in the system's temporary folder. With
    `takes=hashed` a file is read twice instead, by a bucket that looks whether it was the same both times.
    """

    _bucket: Bucket
    _takes: Callable[[BinaryIO], AbstractContextManager[Staged]] = staged
    _open: bool = field(default=True, init=False)

    def put(self, source: BinaryIO, /) -> Digest:
        """Keep what is left of a stream, unless the same bytes are there."""
        self._check()
        with self._takes(source) as taken, translated(self._bucket.uri(taken.digest)):
            if self._bucket.sizes([taken.digest]).get(taken.digest) != taken.size:
                self._bucket.put(taken.digest, taken.file)
            return taken.digest

    def open(self, digest: Digest, /, start: int = 0, stop: int | None = None) -> BinaryIO:
        """Return a stream of the bytes under a digest, or of a part of them."""
        self._check(digest)
        check_range(start, stop)
        with translated(self._bucket.uri(digest)):
            size = self._bucket.sizes([digest]).get(digest)
            if size is None:
                raise sentences.no_bytes(digest)
            stop = size if stop is None else min(stop, size)
            if start >= stop:
                return io.BytesIO()
            try:
                return self._bucket.open(digest, start, stop)
            except (KeyError, FileNotFoundError):
                raise sentences.no_bytes(digest) from None

    def missing(self, digests: Collection[Digest], /) -> set[Digest]:
        """Return those of some digests under which there are no bytes."""
        self._check(*digests)
        with translated("the bucket"):
            return set(digests).difference(self._bucket.sizes(digests))

    def all(self) -> Iterator[Stored]:
        """Yield everything that is held; what is named otherwise is left out."""
        self._check()
        return self._held()

    def _held(self) -> Iterator[Stored]:
        with translated("the bucket"):
            yield from (stored for stored in self._bucket.all() if is_digest(stored.digest))

    def delete(self, digest: Digest, /) -> None:
        """Forget the bytes under a digest, if there are any."""
        self._check(digest)
        with translated(self._bucket.uri(digest)):
            self._bucket.delete(digest)

    def uri(self, digest: Digest, /) -> str:
        """Return where the bytes are, or would be."""
        self._check(digest)
        return self._bucket.uri(digest)

    def close(self) -> None:
        """Close the bucket."""
        if self._open:
            self._open = False
            self._bucket.close()

    def _check(self, *digests: Digest) -> None:
        if not self._open:
            raise sentences.artifacts_closed()
        for digest in digests:
            check_digest(digest)
