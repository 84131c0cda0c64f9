"""Segments: the files that a journal is made of, mapped into memory or written, or memory alone.

A mapped one is allocated before it is mapped, so that a full disk is an error and not a signal. Where mapping is not
proven, such as on a network, each record is one write. What a process without a file of its own logs is in memory.
"""

import errno
import mmap
import os
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal, TypeAlias

from attrs import define, field

from deardiary.core.errors import Corrupt, StorageFull, Unavailable
from deardiary.journal.records import HEAD, MAGIC

Form: TypeAlias = Literal["mapped", "written", "memory"]

SUFFIX = ".journal"
TAKEN = ".taken"
"""Of the file that says how much of a journal its diary has, where another process carries it there."""
MOST_BYTES = 2**60
"""What no journal has."""
_PIECE = 2**18
_READ = 2**20
_POPULATE_WRITE = 23
"""Linux's MADV_POPULATE_WRITE: have pages at hand before they are written."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@define(eq=False)
class Segment:
    """One part of a journal: the bytes from `start` on, counted over all of them."""

    number: int
    start: int
    size: int
    form: Form
    path: str = ""
    memory: "mmap.mmap | None" = None
    fd: int = -1
    synced: int = 0
    """Up to which offset it is on the disk for certain."""
    is_named: bool = field(default=False)
    """Whether its name is on the disk for certain too."""
    _using: Any = field(factory=threading.Lock)
    """Held while the descriptor is used, so that nobody closes it meanwhile."""

    @property
    def stop(self) -> int:
        """Return where the next one starts."""
        return self.start + self.size

    def read(self, start: int, stop: int) -> bytes:
        """Return some of its bytes, fewer where it ends."""
        if self.form == "memory":
            assert self.memory is not None
            return self.memory[start:stop]
        with translated(self.path), self._using:
            if self.fd >= 0:
                return _read(self.fd, start, stop)
            fd = os.open(self.path, os.O_RDONLY)
            try:
                return _read(fd, start, stop)
            finally:
                os.close(fd)

    def checksum(self, start: int, stop: int) -> int:
        """Return the crc32 of some of its bytes, read a few at a time; what was never written counts as zeros."""
        crc = 0
        for at in range(start, stop, _READ):
            end = min(at + _READ, stop)
            crc = zlib.crc32(self.read(at, end).ljust(end - at, b"\0"), crc)
        return crc

    def write(self, data: bytes, at: int) -> None:
        """Write bytes at an offset, by themselves."""
        if self.memory is not None:
            self.memory[at : at + len(data)] = data
            return
        with translated(self.path):
            while data:
                done = os.pwrite(self.fd, data, at)
                data, at = data[done:], at + done

    def prepare(self) -> None:
        """Have the pages at hand, a few at a time, so that no record waits for one."""
        if self.memory is not None and sys.platform == "linux":
            with suppress(OSError, ValueError):
                for at in range(0, self.size, _PIECE):
                    self.memory.madvise(_POPULATE_WRITE, at, min(_PIECE, self.size - at))

    def sync(self) -> None:
        """Return when what was written is on the disk."""
        if self.form == "memory":
            return
        with translated(self.path):
            if self.fd < 0:
                self.fd = os.open(self.path, os.O_RDWR)
            _datasync(self.fd)
            if not self.is_named:
                sync_folder(os.path.dirname(self.path))
                self.is_named = True

    def release(self) -> None:
        """Keep nothing in memory of what is written to its end and on the disk."""
        if self.form == "memory":
            return
        with self._using:
            if self.memory is not None:
                self.memory.close()
                self.memory = None
            if self.fd >= 0:
                os.close(self.fd)
                self.fd = -1

    def remove(self) -> None:
        """Forget it and its file."""
        if self.form == "memory":
            if self.memory is not None:
                self.memory.close()
                self.memory = None
            return
        self.release()
        with suppress(OSError):
            os.unlink(self.path)


def path_of(folder: str, writer: str, number: int) -> str:
    """Return where a segment of a writer's journal is."""
    return os.path.join(folder, f"{writer}.{number:08d}{SUFFIX}")


def created(folder: str, writer: str, *, number: int, start: int, size: int, form: Form) -> Segment:
    """Return a new segment, with room for all that it is to hold.

    Raises:
        StorageFull: there is no room.
        Unavailable: it cannot be made.
    """
    segment = Segment(number, start, size, form)
    if form == "memory":
        segment.memory = mmap.mmap(-1, size)
        return segment
    segment.path = path_of(folder, writer, number)
    with translated(segment.path):
        segment.fd = os.open(segment.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with translated(segment.path):
            if form == "mapped":
                os.posix_fallocate(segment.fd, 0, size)
                segment.memory = mmap.mmap(segment.fd, size)
        segment.write(HEAD.pack(MAGIC, number, start, size, b""), 0)
    except BaseException:
        segment.remove()
        raise
    return segment


def found(folder: str, writer: str, number: int) -> Segment | None:
    """Return a segment that another process left; none if it is not there, or was never begun.

    Raises:
        Corrupt: it is something else.
    """
    path = path_of(folder, writer, number)
    with translated(path):
        try:
            fd = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            head = _read(fd, 0, HEAD.size)
            length = os.fstat(fd).st_size
        finally:
            os.close(fd)
    if len(head) < HEAD.size or not head.strip(b"\0"):
        return None
    magic, own, start, size, _ = HEAD.unpack(head)
    if magic != MAGIC or own != number or not length <= size < MOST_BYTES or start >= MOST_BYTES:
        raise Corrupt(f"{path} is no segment of a journal that this deardiary knows")
    return Segment(number, start, size, "mapped" if length == size else "written", path=path)


def numbers(folder: str, writer: str) -> list[int]:
    """Return the numbers of the segments of a writer that are there."""
    names = [name.removesuffix(SUFFIX).split(".") for name in os.listdir(folder) if name.endswith(SUFFIX)]
    return sorted(int(parts[1]) for parts in names if parts[0] == writer and len(parts) == 2 and parts[1].isdecimal())


def _read(fd: int, start: int, stop: int) -> bytes:
    parts = []
    while start < stop:
        data = os.pread(fd, stop - start, start)
        if not data:
            break
        parts.append(data)
        start += len(data)
    return b"".join(parts)


_datasync = getattr(os, "fdatasync", os.fsync)


def sync_folder(folder: str) -> None:
    """Return when the names in a folder are on the disk."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Raise our errors for those of the operating system."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(f"there is no room left for the journal {path}: {error.strerror}") from error
        raise Unavailable(f"the journal {path} cannot be used: {error.strerror}") from error
