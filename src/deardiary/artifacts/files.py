"""Artifacts on any file system that fsspec knows, each an object named by its sha256: `<root>/ab/abcd…`."""

import hashlib
import io
import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, BinaryIO, TypeVar

from attrs import define, field, frozen

from deardiary.artifacts.bucket import BucketStore
from deardiary.artifacts.patience import PATIENCE_SECONDS, patiently
from deardiary.artifacts.streams import CHUNK, hashed
from deardiary.core import sentences
from deardiary.core.digests import is_digest
from deardiary.core.errors import ConfigError, DearDiaryError, Invalid
from deardiary.core.shapes import now
from deardiary.core.stores import ArtifactStore, Digest, Stored

T = TypeVar("T")

PART_BYTES = 8 * 1024 * 1024
"""How much is read or written at a time; what is no larger is written by one call."""

AT_ONCE = 16
"""How many questions are asked at the same time."""


@frozen(kw_only=True)
class LeftOver:
    """Something that a broken-off write has left."""

    name: str
    size: int
    began: datetime
    remove: Callable[[], object] = field(repr=False)


@frozen(kw_only=True)
class Manner:
    """What is peculiar to a kind of file system."""

    is_whole: bool = False
    """Whether an object is there whole or not at all when it is written; else it is written elsewhere, and moved."""
    most_at_once: float = PART_BYTES
    """The largest object that is written by one call."""
    creates: bool = False
    """Whether it can be told to write only what is not there yet."""
    size: Callable[[Any, str], int | None] = lambda fs, path: _size_of(fs, path)
    """Return the size of an object, or none if it is not there; it may raise `FileNotFoundError` as well."""
    pages: Callable[[Any, str, str], tuple[list[dict[str, Any]], str]] | None = None
    """Return some entries of all that is below a root, after a mark, and the next mark, empty at the end; otherwise
    folders are listed one by one."""
    explained: Callable[[Exception], DearDiaryError | None] = lambda _: None
    """Return what an error means, if it is a known one that does not pass."""
    left_over: Callable[[Any, str, datetime], Iterable[LeftOver]] = lambda _fs, _root, _before: ()
    """Return what broken-off writes have left that began before a time, beside drafts."""


@define(eq=False)
class Files:
    """A bucket on a file system of fsspec, of which only those calls are used that take a name for what it is."""

    url: str
    root: str
    make: Callable[[], Any] = field(repr=False)
    """Return the file system; each process has its own."""
    manner: Manner = Manner()
    patience_seconds: float = PATIENCE_SECONDS
    _made: tuple[int, Any] = field(default=(0, None), init=False, repr=False)
    _locks: tuple[int, list[threading.Lock]] = field(default=(0, []), init=False, repr=False)

    @property
    def fs(self) -> Any:
        """The file system."""
        if self._made[0] != os.getpid():
            self._made = os.getpid(), self.make()
        return self._made[1]

    # What a bucket does.

    def sizes(self, digests: Collection[Digest], /) -> Mapping[Digest, int]:
        """Return the sizes of those of some digests under which there are bytes."""
        asked = list(digests)
        return {digest: size for digest, size in zip(asked, _each(self._size, asked), strict=True) if size is not None}

    def put(self, digest: Digest, file: BinaryIO, /) -> None:
        """Keep all that a file holds, which must have that digest; who puts the same meanwhile does no harm."""
        begin = file.tell()
        size = file.seek(0, os.SEEK_END) - begin

        def tried() -> None:
            file.seek(begin)
            if not self.manner.is_whole:
                self._write_and_move(digest, file)
            elif size <= self.manner.most_at_once:
                self._write_at_once(digest, file, size)
            else:
                self._write_parts(digest, file, size)

        lock = self._lock_of(digest)
        is_alone = lock.acquire(blocking=False)
        if not is_alone:
            lock.acquire()
        try:
            if is_alone or self._size(digest) != size:  # another thread may just have put the same
                self._patiently(self.uri(digest), tried)
        finally:
            lock.release()

    def open(self, digest: Digest, start: int, stop: int, /) -> BinaryIO:
        """Return a stream of one or more bytes, which asks for part after part."""
        return io.BufferedReader(_Parts(self, digest, start, stop), CHUNK)

    def all(self) -> Iterator[Stored]:
        """Yield everything that is there, by digest."""
        if self.manner.pages is not None:
            yield from self._by_pages(self.manner.pages)
            return
        shards = [f"{shard:02x}" for shard in range(256)]
        for first in range(0, len(shards), AT_ONCE):
            for found in _each(self._shard, shards[first : first + AT_ONCE]):
                yield from found

    def delete(self, digest: Digest, /) -> None:
        """Remove what is under a digest, if there is anything."""
        self._remove(self._place(digest), self.uri(digest))

    def uri(self, digest: Digest, /) -> str:
        """Return where the bytes are, for people to read."""
        return f"{self.url}/{digest[:2]}/{digest}"

    def close(self) -> None:
        """Let go of the file system."""
        self._made = 0, None

    # What else upkeep needs.

    def left_over(self, before: datetime) -> Iterator[LeftOver]:
        """Yield what broken-off writes have left that began before a time."""
        drafts, said = f"{self.root}/tmp", f"{self.url}/tmp"
        for entry in self._patiently(said, lambda: self._listed(drafts)):
            began, name = self._written_at(entry), str(entry["name"])
            if began < before:
                size = int(entry.get("size") or 0)
                yield LeftOver(name=name, size=size, began=began, remove=lambda one=name: self._remove(one, said))  # type: ignore[misc]  # each its own
        yield from self._patiently(self.url, lambda: list(self.manner.left_over(self.fs, self.root, before)))

    def part(self, digest: Digest, start: int, stop: int) -> bytes:
        """Return a part of the bytes under a digest.

        Raises:
            NotFound: they are gone.
        """

        def read() -> bytes:
            try:
                data = bytes(self.fs.cat_file(self._place(digest), start=start, end=stop))
            except FileNotFoundError:
                raise sentences.no_bytes(digest) from None
            if len(data) != stop - start:
                raise OSError(f"{stop - start:,} bytes were asked for, and {len(data):,} came")
            return data

        return self._patiently(self.uri(digest), read)

    # Looking.

    def _lock_of(self, digest: Digest) -> threading.Lock:
        """Return the lock of those that put the same; a forked process has locks of its own."""
        if self._locks[0] != os.getpid():
            self._locks = os.getpid(), [threading.Lock() for _ in range(256)]
        return self._locks[1][int(digest[:2], 16)]

    def _place(self, digest: Digest) -> str:
        return f"{self.root}/{digest[:2]}/{digest}"

    def _size(self, digest: Digest) -> int | None:
        def looked() -> int | None:
            try:
                return self.manner.size(self.fs, self._place(digest))
            except FileNotFoundError:
                return None

        return self._patiently(self.uri(digest), looked)

    def _by_pages(self, pages: Callable[[Any, str, str], tuple[list[dict[str, Any]], str]]) -> Iterator[Stored]:
        mark = ""
        while True:
            entries, mark = self._patiently(self.url, lambda after=mark: pages(self.fs, self.root, after))  # type: ignore[misc]  # each its own
            yield from self._stored(entries)
            if not mark:
                return

    def _shard(self, shard: str) -> list[Stored]:
        entries = self._patiently(f"{self.url}/{shard}", lambda: self._listed(f"{self.root}/{shard}"))
        return list(self._stored(sorted(entries, key=lambda entry: str(entry["name"]))))

    def _stored(self, entries: Iterable[Mapping[str, Any]]) -> Iterator[Stored]:
        for entry in entries:
            shard, _, name = str(entry["name"]).removeprefix(f"{self.root}/").rpartition("/")
            if is_digest(name) and shard == name[:2]:
                yield Stored(digest=name, size=int(entry["size"]), written_at=self._written_at(entry))

    def _listed(self, folder: str) -> list[dict[str, Any]]:
        try:
            return [entry for entry in self.fs.ls(folder, detail=True) if entry.get("type") == "file"]
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _written_at(self, entry: Mapping[str, Any]) -> datetime:
        """Return when an object was written; now, if nobody knows, so that it never seems old."""
        said = next((entry[name] for name in WRITTEN if entry.get(name)), None)
        if isinstance(said, str):
            with suppress(ValueError):
                said = datetime.fromisoformat(said)
        if isinstance(said, int | float):
            said = datetime.fromtimestamp(said, UTC)
        if not isinstance(said, datetime):
            return now()
        return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)

    # Writing.

    def _write_at_once(self, digest: Digest, file: BinaryIO, size: int) -> None:
        data = file.read()
        _check_same(digest, hashlib.sha256(data).hexdigest())
        try:
            self.fs.pipe_file(self._place(digest), data, **({"mode": "create"} if self.manner.creates else {}))
        except FileExistsError:
            if self._size(digest) != size:  # it is damaged
                self.fs.pipe_file(self._place(digest), data)

    def _write_parts(self, digest: Digest, file: BinaryIO, size: int) -> None:
        is_there = self.manner.creates and self._size(digest) is not None  # then it is damaged, and gives way
        mode = "xb" if self.manner.creates and not is_there else "wb"
        target = self.fs.open(self._place(digest), mode, block_size=2 * PART_BYTES, autocommit=False)
        try:
            _check_same(digest, _poured(file, target))
            target.close()
            target.commit()
        except FileExistsError:
            self._discard(target)
            if self._size(digest) != size:
                raise OSError(f"{self.uri(digest)} was written by others, and is not whole") from None
        except BaseException:
            self._discard(target)
            raise

    @staticmethod
    def _discard(target: Any) -> None:
        with suppress(Exception):  # what broke it off matters; the rest is left over, and collected
            target.closed = True
            target.discard()

    def _write_and_move(self, digest: Digest, file: BinaryIO) -> None:
        draft, place = f"{self.root}/tmp/{os.urandom(16).hex()}", self._place(digest)
        for folder in (f"{self.root}/tmp", place.rpartition("/")[0]):
            self.fs.makedirs(folder, exist_ok=True)
        try:
            with self.fs.open(draft, "wb") as target:
                found = _poured(file, target)
            _check_same(digest, found)
            self.fs.mv(draft, place)
        except BaseException:
            with suppress(Exception):  # as above
                self.fs.rm_file(draft)
            raise

    def _remove(self, path: str, said: str) -> None:
        def removed() -> None:
            with suppress(FileNotFoundError):
                self.fs.rm_file(path)

        self._patiently(said, removed)

    def _patiently(self, what: str, work: Callable[[], T]) -> T:
        return patiently(what, work, seconds=self.patience_seconds, explained=self.manner.explained)


def _size_of(fs: Any, path: str) -> int | None:
    found = fs.info(path)
    return int(found["size"]) if found.get("type") == "file" else None


WRITTEN = ("LastModified", "last_modified", "mtime", "modified", "updated", "created")
"""What file systems call the time at which an object was written."""


def _check_same(wanted: Digest, found: Digest) -> None:
    if found != wanted:
        raise Invalid("the source of an artifact changed while it was read; put it when nobody writes it")


def _poured(file: BinaryIO, target: Any) -> Digest:
    sha256 = hashlib.sha256()
    while chunk := file.read(CHUNK):
        sha256.update(chunk)
        target.write(chunk)
    return sha256.hexdigest()


def _each(work: Callable[[Any], T], given: list[Any]) -> list[T]:
    if len(given) <= 1:
        return [work(one) for one in given]
    with ThreadPoolExecutor(min(AT_ONCE, len(given)), thread_name_prefix="deardiary-files") as pool:
        return list(pool.map(work, given))


_NOTHING = memoryview(b"")


class _Parts(io.RawIOBase):
    """The bytes under a digest from one place to another, one part in memory at a time."""

    def __init__(self, files: Files, digest: Digest, start: int, stop: int) -> None:
        self._files, self._digest, self._at, self._stop = files, digest, start, stop
        self._part = _NOTHING

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a buffer is always given as a view
        if not self._part and self._at < self._stop:
            stop = min(self._at + PART_BYTES, self._stop)
            self._part = _NOTHING  # or what was read before would still be held
            self._part = memoryview(self._files.part(self._digest, self._at, stop))
            self._at = stop
        count = min(len(buffer), len(self._part))
        buffer[:count] = self._part[:count]
        self._part = self._part[count:]
        return count


# From a URL to a store.

WHOLE = ("memory", "gs", "gcs", "abfs", "az", "oci", "oss", "tos", "hf")
"""The protocols of which we know that an object is there whole or not at all."""


def open_files(url: str, **options: Any) -> ArtifactStore:
    """Return the artifacts under a URL of any protocol that fsspec knows; options go to its file system."""
    return BucketStore(files_at(url, options), takes=hashed)


def open_memory(url: str) -> ArtifactStore:
    """Return artifacts in memory, which are gone when they are closed."""
    from fsspec.implementations.memory import MemoryFileSystem  # type: ignore[import-untyped]

    memory = MemoryFileSystem(skip_instance_cache=True)
    memory.store, memory.pseudo_dirs = {}, [""]  # of its own; otherwise a process has but one memory
    manner = Manner(is_whole=True, most_at_once=float("inf"))
    name = url.removeprefix("memory://").strip("/") or "artifacts"
    return BucketStore(Files(url=f"memory://{name}", root=f"/{name}", make=lambda: memory, manner=manner), takes=hashed)


def files_at(url: str, options: Mapping[str, Any], manner: Manner | None = None) -> Files:
    """Return the bucket under a URL.

    Raises:
        ConfigError: no file system is there for it, or it does not take an option.
    """
    import fsspec  # type: ignore[import-untyped]

    protocol, _, path = url.partition("://")
    if "::" in url or any(sign in path for sign in "*?[#"):
        raise ConfigError(f"{url!r} is more than a place: artifacts are kept under a plain URL, without :: * ? [ or #")
    try:
        kind = fsspec.get_filesystem_class(protocol)
    except ImportError as error:
        raise ConfigError(f"{protocol}:// needs a package that is not installed: {error}") from error
    asked = {**kind._get_kwargs_from_urls(url), **options}
    root = str(kind._strip_protocol(url)).rstrip("/")
    if not path.strip("/") or not root.strip("/"):
        raise ConfigError(f"{url!r} names no place; name a folder or a bucket: {protocol}://there/artifacts")

    def make() -> Any:
        try:
            return kind(**asked, use_listings_cache=False, skip_instance_cache=True)
        except (TypeError, ValueError) as error:
            raise ConfigError(f"{protocol}:// does not take what it is told: {error}") from error

    manner = manner or Manner(is_whole=protocol in WHOLE)
    return Files(url=url.rstrip("/"), root=root, make=make, manner=manner)
