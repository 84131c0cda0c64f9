"""Streams of bytes: how they are taken in, and given out in part."""

import hashlib
import io
import os
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from attrs import frozen

from deardiary.artifacts.refusals import translated
from deardiary.core.errors import Invalid
from deardiary.core.shapes import check_integer
from deardiary.core.stores import Digest

CHUNK = 1024 * 1024
"""How many bytes are read at a time."""

GLIMPSE = 64 * 1024
"""How much is looked at of how a file begins, and of how it ends."""

IN_MEMORY = 4 * 1024 * 1024
"""How much of a source is kept in memory until its digest is known; more goes to a temporary file."""


def copied(source: BinaryIO, write: Callable[[bytes], object]) -> tuple[Digest, int]:
    """Write what is left of a source, chunk by chunk, and return its sha256 and its size.

    Raises:
        Invalid: the source gives something else than bytes, or nothing yet.
    """
    sha256, size = hashlib.sha256(), 0
    while chunk := _next_chunk(source):
        sha256.update(chunk)
        write(chunk)
        size += len(chunk)
    return sha256.hexdigest(), size


def _next_chunk(source: BinaryIO) -> bytes:
    chunk: object = source.read(CHUNK)
    if chunk is None:
        raise Invalid("the source has nothing to give yet and is not at its end; give one that blocks")
    if not isinstance(chunk, bytes | bytearray):
        raise Invalid(f"the source gives {type(chunk).__name__}, not bytes; open it in binary mode")
    return bytes(chunk)


@frozen
class Staged:
    """What a source held, to be read again."""

    file: BinaryIO
    """It stands at its start."""
    digest: Digest
    size: int


@contextmanager
def staged(source: BinaryIO) -> Iterator[Staged]:
    """Take in what is left of a source, and give it, with its digest, until the `with` block ends.

    Raises:
        Invalid: the source gives something else than bytes, or nothing yet.
        StorageFull: the system's temporary folder has no room for it.
    """
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:

        def write(chunk: bytes) -> None:
            with translated(tempfile.gettempdir()):
                file.write(chunk)

        digest, size = copied(source, write)
        file.seek(0)
        yield Staged(file, digest, size)  # type: ignore[arg-type]  # it is one, whatever typeshed says


@contextmanager
def hashed(source: BinaryIO) -> Iterator[Staged]:
    """Give what is left of a source with its digest: a file is not copied, and must not change; others are taken in."""
    if size_left(source) is None:
        with staged(source) as taken:
            yield taken
        return
    begin = source.tell()
    digest, size = copied(source, lambda _: None)
    source.seek(begin)
    yield Staged(source, digest, size)
    source.seek(begin + size)


def glimpsed(source: BinaryIO) -> tuple[int, int] | None:
    """Return the size of what is left of a file, and a checksum of how it begins and ends; none of what is no file."""
    size = size_left(source)
    if size is None:
        return None
    file, begin = source.fileno(), source.tell()
    last = max(size - GLIMPSE, 0)
    return size, zlib.crc32(os.pread(file, GLIMPSE, begin + last), zlib.crc32(os.pread(file, GLIMPSE, begin)))


def size_left(source: BinaryIO) -> int | None:
    """Return how many bytes are left of a file that can be read again; none of what is no such file."""
    try:
        status = os.fstat(source.fileno())
        is_file = source.seekable() and stat.S_ISREG(status.st_mode) and not isinstance(source, io.TextIOBase)
        return status.st_size - source.tell() if is_file else None
    except (AttributeError, OSError):
        return None


def check_range(start: int, stop: int | None) -> None:
    """Refuse a part of bytes that begins before them or goes backwards."""
    check_integer(start, "start", least=0)
    if stop is not None:
        check_integer(stop, "stop", least=0)
        if stop < start:
            raise Invalid(f"a part of bytes cannot go from {start} back to {stop}")


def part(file: BinaryIO, start: int, stop: int | None, *, at: int = 0, size: int | None = None) -> BinaryIO:
    """Return a stream of a part of a file, cut as a slice is, which closes the file with itself.

    With `at` and `size`, the part is one of so many bytes that begin at this place in the file.
    """
    if size is None:
        size = file.seek(0, os.SEEK_END) - at
    start, stop = min(start, size), size if stop is None else min(stop, size)
    file.seek(at + start)
    return io.BufferedReader(_Part(file, stop - start), CHUNK)


def read_into(source: Any, buffer: memoryview) -> int:
    """Read the next bytes of a stream to where they are wanted, and return how many; without a copy, if it can."""
    if hasattr(source, "readinto"):
        return int(source.readinto(buffer) or 0)
    chunk = source.read(len(buffer))
    buffer[: len(chunk)] = chunk
    return len(chunk)


class _Part(io.RawIOBase):
    """The next so many bytes of a file."""

    def __init__(self, file: BinaryIO, left: int) -> None:
        self._file, self._left = file, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a buffer is always given as a view
        with translated(getattr(self._file, "name", "an artifact")):
            count = read_into(self._file, memoryview(buffer)[: self._left])
        self._left -= count
        return count

    def close(self) -> None:
        self._file.close()
        super().close()
