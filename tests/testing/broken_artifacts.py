"""Artifact stores that break one promise each: the test of the tests."""

import os
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from attrs import define, evolve, field

from deardiary.artifacts.folder import Folder
from deardiary.artifacts.streams import check_range, copied
from deardiary.core.digests import check_digest, digest_of
from deardiary.core.errors import Corrupt, Invalid, NotFound, Unavailable
from deardiary.core.shapes import now
from deardiary.core.stores import Digest, Stored
from deardiary.testing.sources import MIB


@define
class Honest:
    """An artifact store in memory with seams at which the stores below go wrong."""

    data: dict[Digest, bytes] = field(factory=dict)
    stored: dict[Digest, Stored] = field(factory=dict)
    lock: Any = field(factory=threading.RLock)
    is_open: bool = True

    def put(self, source: BinaryIO, /) -> Digest:
        self.check_open()
        data = self.taken(source)
        with self.lock:
            return self.keep(digest_of(data), data)

    def open(self, digest: Digest, /, start: int = 0, stop: int | None = None) -> BinaryIO:
        self.check(digest)
        self.check_part(start, stop)
        with self.lock:
            if digest not in self.data:
                raise NotFound(f"no bytes are kept under {digest}")
            return BytesIO(self.part(self.data[digest], start, stop))

    def missing(self, digests: Collection[Digest], /) -> set[Digest]:
        self.check(*digests)
        return {digest for digest in digests if digest not in self.data}

    def all(self) -> Iterator[Stored]:
        self.check_open()
        with self.lock:
            return iter(list(self.stored.values()))

    def delete(self, digest: Digest, /) -> None:
        self.check(digest)
        with self.lock:
            self.forget(digest)

    def uri(self, digest: Digest, /) -> str:
        self.check(digest)
        return f"honest://{digest}"

    def close(self) -> None:
        self.is_open = False

    def check_open(self) -> None:
        if not self.is_open:
            raise Unavailable("the artifact store is closed")

    def check(self, *digests: Digest) -> None:
        self.check_open()
        for digest in digests:
            check_digest(digest)

    def check_part(self, start: int, stop: int | None) -> None:
        check_range(start, stop)

    def taken(self, source: BinaryIO) -> bytes:
        chunks = []
        while chunk := self.next_of(source):
            chunks.append(chunk)
        return b"".join(chunks)

    def next_of(self, source: BinaryIO) -> bytes:
        chunk: object = source.read(MIB)
        if not isinstance(chunk, bytes):
            raise Invalid("the source gives no bytes")
        return chunk

    def keep(self, digest: Digest, data: bytes) -> Digest:
        if digest not in self.data:
            self.data[digest] = data
            self.stored[digest] = Stored(digest=digest, size=len(data), written_at=now())
        return digest

    def part(self, data: bytes, start: int, stop: int | None) -> bytes:
        return data[start:stop]

    def forget(self, digest: Digest) -> None:
        self.data.pop(digest, None)
        self.stored.pop(digest, None)


def flipped(store: Honest, digest: Digest) -> None:
    """Change a byte under a digest."""
    data = store.data[digest]
    store.data[digest] = bytes([data[0] ^ 1]) + data[1:]


class AddsTheLastByte(Honest):
    """Takes `stop` for the last byte, as HTTP does."""

    def part(self, data: bytes, start: int, stop: int | None) -> bytes:
        return data[start:] if stop is None else data[start : stop + 1]


class AnswersTheQuestionBackwards(Honest):
    """Returns what is there when asked what is missing."""

    def missing(self, digests: Collection[Digest], /) -> set[Digest]:
        return set(digests) - super().missing(digests)


class BelievesAnyName(Honest):
    """Looks for whatever it is asked, a path above it too."""

    def check(self, *digests: Digest) -> None:
        self.check_open()


class ClosesTheSource(Honest):
    def taken(self, source: BinaryIO) -> bytes:
        data = super().taken(source)
        getattr(source, "close", lambda: None)()
        return data


class CountsFromTheEnd(Honest):
    """Takes a negative place as a slice does."""

    def check_part(self, start: int, stop: int | None) -> None:
        """Refuse nothing."""


class CutsLargeBytes(Honest):
    def keep(self, digest: Digest, data: bytes) -> Digest:
        return super().keep(digest, data[: 2 * MIB])


class ForgetsEmptyBytes(Honest):
    def keep(self, digest: Digest, data: bytes) -> Digest:
        return super().keep(digest, data) if data else digest


class ForgetsToDelete(Honest):
    """Lists what it has deleted."""

    def forget(self, digest: Digest) -> None:
        self.data.pop(digest, None)


class GivesOtherBytesAfterADelete(Honest):
    """Hands out a stream whose bytes are wiped under its reader."""

    def open(self, digest: Digest, /, start: int = 0, stop: int | None = None) -> BinaryIO:
        stream = super().open(digest, start, stop)
        plain = stream.read

        def read(size: int | None = -1, /) -> bytes:
            chunk = plain(size)
            return chunk if digest in self.data else bytes(len(chunk))

        stream.read = read  # type: ignore[method-assign]  # to go wrong later
        return stream


class GoesOnWhenClosed(Honest):
    def check_open(self) -> None:
        """Refuse nothing."""


class HashesTheFirstChunk(Honest):
    def put(self, source: BinaryIO, /) -> Digest:
        self.check_open()
        data = self.taken(source)
        return self.keep(digest_of(data[:65_536]), data)


class HidesWhatTheSourceRaised(Honest):
    def taken(self, source: BinaryIO) -> bytes:
        try:
            return super().taken(source)
        except (OSError, ValueError) as error:
            raise Unavailable("the source failed") from error


class KeepsWhatAFailedSourceGave(Honest):
    def taken(self, source: BinaryIO) -> bytes:
        data = b""
        try:
            while chunk := self.next_of(source):
                data += chunk
        except BaseException:
            self.keep(digest_of(data), data)
            raise
        return data


class HidesWhichBytesAreDamaged(Honest):
    def part(self, data: bytes, start: int, stop: int | None) -> bytes:
        if digest_of(data) not in self.data:
            raise Corrupt("something is damaged")
        return data[start:stop]


class KeepsThemAgain(Honest):
    """Writes bytes anew that it has."""

    def keep(self, digest: Digest, data: bytes) -> Digest:
        self.forget(digest)
        return super().keep(digest, data)


class ListsTheFirstFew(Honest):
    """Forgets that a listing has pages."""

    def all(self) -> Iterator[Stored]:
        return iter(list(super().all())[:10])


class ReadsAllAtOnce(Honest):
    def taken(self, source: BinaryIO) -> bytes:
        return source.read(-1)


class RefusesToDeleteNothing(Honest):
    def forget(self, digest: Digest) -> None:
        if digest not in self.data:
            raise NotFound(f"no bytes are kept under {digest}")
        super().forget(digest)


class StopsAtAShortRead(Honest):
    def taken(self, source: BinaryIO) -> bytes:
        data = b""
        while len(chunk := self.next_of(source)) == MIB:
            data += chunk
        return data + chunk


class SwallowsNone(Honest):
    """Takes a source that has nothing yet for one at its end."""

    def next_of(self, source: BinaryIO) -> bytes:
        chunk: object = source.read(MIB)
        if chunk is not None and not isinstance(chunk, bytes):
            raise Invalid("the source gives no bytes")
        return chunk or b""


class TellsLocalTime(Honest):
    """Keeps times without saying where."""

    def all(self) -> Iterator[Stored]:
        return (evolve(stored, written_at=stored.written_at.replace(tzinfo=None)) for stored in super().all())


# In files.


class HoldsAllInMemory(Folder):
    def put(self, source: BinaryIO, /) -> Digest:
        target = BytesIO()
        copied(source, target.write)
        return super().put(BytesIO(target.getvalue()))


class AcknowledgesTooEarly(Folder):
    """Writes when it finds the time."""

    def put(self, source: BinaryIO, /) -> Digest:
        self._check_open()
        target = BytesIO()
        digest, _ = copied(source, target.write)
        threading.Timer(0.2, self._write, [BytesIO(target.getvalue())]).start()
        return digest

    def _write(self, source: BinaryIO) -> None:
        with suppress(Unavailable):  # closed before it came to it
            super().put(source)


class LetsNobodyElseIn(Folder):
    """Keeps what it puts where only this process finds it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root / str(os.getpid()))


BROKEN: tuple[Callable[[], Honest], ...] = (
    AddsTheLastByte,
    AnswersTheQuestionBackwards,
    BelievesAnyName,
    ClosesTheSource,
    CountsFromTheEnd,
    CutsLargeBytes,
    ForgetsEmptyBytes,
    ForgetsToDelete,
    GivesOtherBytesAfterADelete,
    GoesOnWhenClosed,
    HashesTheFirstChunk,
    HidesWhatTheSourceRaised,
    HidesWhichBytesAreDamaged,
    KeepsThemAgain,
    KeepsWhatAFailedSourceGave,
    ListsTheFirstFew,
    ReadsAllAtOnce,
    RefusesToDeleteNothing,
    StopsAtAShortRead,
    SwallowsNone,
    TellsLocalTime,
)
