"""The artifact stores of a diary by name: where new bytes go, and where those of a row are."""

import io
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from attrs import define, field, frozen

from deardiary.core.alike import Alike
from deardiary.core.declared import changed
from deardiary.core.entities import Resource
from deardiary.core.errors import ConfigError, Corrupt, DearDiaryError, Invalid
from deardiary.core.stores import ArtifactStore, Digest

if TYPE_CHECKING:
    from concurrent.futures import Future

INLINE = "inline"
AT_ONCE = 8
"""How many artifacts are put at the same time."""
TOGETHER, TOGETHER_BYTES = 200, 2 * 1024 * 1024
"""How many small artifacts go into one batch of rows, and how many bytes."""
PIECE_BYTES = 1024 * 1024
"""What is as large is not small."""
_OLD_NAMES = {"sqlite": INLINE}
"""What resources of earlier trackers call their store."""


@frozen(kw_only=True, eq=False, repr=False)
class Kept(Alike):
    """Bytes that were put: where, under what digest, and how many."""

    backend: str
    digest: Digest
    size: int


@define(eq=False)
class Depot:
    """The artifact stores of a diary, each opened when it is first needed."""

    openers: Mapping[str, Callable[[], ArtifactStore]]
    default: str = INLINE
    """Where bytes go that are not small."""
    inline_below: int = 0
    _opened: dict[str, ArtifactStore] = field(factory=dict)
    _lock: threading.RLock = field(factory=threading.RLock)

    def store(self, name: str) -> ArtifactStore:
        """Return the artifact store of a name.

        Raises:
            ConfigError: none of that name is configured here.
        """
        name = self.named(name)
        with self._lock:
            if name not in self._opened:
                if name not in self.openers:
                    raise ConfigError(
                        f"the artifact store {name!r} is not configured here; there are {', '.join(self.openers)}. "
                        f'Add it to deardiary.toml: [artifacts.{name}] with url = "..."'
                    )
                self._opened[name] = self.openers[name]()
            return self._opened[name]

    def named(self, name: str) -> str:
        """Return the name of an artifact store, which resources of earlier trackers may call otherwise."""
        return _OLD_NAMES.get(name, name)

    def keep(self, source: BinaryIO, *, store: str | None = None) -> Kept:
        """Put what a stream holds: where it is told to, else by its size."""
        from deardiary.artifacts.streams import size_left

        size = size_left(source)
        if store is not None:
            store = self.named(store)
        elif size is not None:
            store = self._by_size(size)
        else:
            head = _read(source, self.inline_below + 1)
            store = self._by_size(len(head))
            source = _Chained(head, source)  # type: ignore[assignment]  # a raw stream reads as well
        if size is not None:
            begin = source.tell()
            digest = self.store(store).put(source)
            return Kept(backend=store, digest=digest, size=source.tell() - begin)
        counted = _Counted(source)
        digest = self.store(store).put(counted)  # type: ignore[arg-type]  # likewise
        return Kept(backend=store, digest=digest, size=counted.count)

    def _by_size(self, size: int) -> str:
        """Return the name of the store for so many bytes."""
        return INLINE if size < max(self.inline_below, 1) or self.default == INLINE else self.default

    def keep_all(self, given: Sequence[Any], *, store: str | None = None) -> list[Kept]:
        """Put bytes, files and streams, many at a time: small ones together, if a store takes them so."""
        from concurrent.futures import ThreadPoolExecutor

        found: dict[int, Kept] = {}
        small: dict[int, bytes] = {}
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="deardiary-put") as pool:
            later: dict[int, Future[Kept]] = {}
            for place, data in enumerate(given):
                head = None if store is not None else self._small(data)
                if head is None:
                    later[place] = pool.submit(self.kept, data, store=store)
                    continue
                small[place] = head
                if len(small) >= TOGETHER or sum(map(len, small.values())) > TOGETHER_BYTES:
                    found |= self._kept_together(small)
                    small = {}
            found |= self._kept_together(small)
            found |= {place: one.result() for place, one in later.items()}
        return [found[place] for place in range(len(given))]

    def _small(self, data: Any) -> bytes | None:
        """Return bytes that go inline together with others, or none if they are too many, or not at hand."""
        from deardiary.artifacts.streams import size_left

        most = PIECE_BYTES if self.default == INLINE else min(self.inline_below, PIECE_BYTES)
        if not hasattr(data, "__fspath__"):
            return bytes(data) if isinstance(data, bytes | bytearray) and len(data) < most else None
        with stream_of(data) as file:
            size = size_left(file)
            if size is None or size >= most:
                return None
            head = _read(file, most)
        return head if len(head) < most else None

    def _kept_together(self, small: Mapping[int, bytes]) -> dict[int, Kept]:
        if not small:
            return {}
        store = self.store(INLINE)
        many = getattr(store, "put_many", None)
        datas = list(small.values())
        digests = many(datas) if many is not None else [store.put(io.BytesIO(data)) for data in datas]
        return {
            place: Kept(backend=INLINE, digest=digest, size=len(data))
            for (place, data), digest in zip(small.items(), digests, strict=True)
        }

    def kept(self, data: Any, *, store: str | None = None) -> Kept:
        """Put bytes, a file or a stream."""
        stream = stream_of(data)
        try:
            return self.keep(stream, store=store)
        finally:
            if stream is not data:
                stream.close()

    def open(self, resource: Resource, start: int = 0, stop: int | None = None) -> BinaryIO:
        """Return a stream of a resource's bytes; read whole, they are checked against their digest.

        Raises:
            Corrupt: the bytes are gone, or (on reading) are others than were put.
        """
        from deardiary.artifacts.reading import verified

        stream = self.holding(resource).open(resource.content_hash, start, stop)
        return verified(stream, resource.content_hash) if start == 0 and stop is None else stream

    def holding(self, resource: Resource) -> ArtifactStore:
        """Return the store that holds a resource's bytes.

        Raises:
            Corrupt: they are gone.
        """
        store = self.store(resource.backend)
        if store.missing([resource.content_hash]):
            place = store.uri(resource.content_hash) or resource.content_hash
            said = f"the bytes of resource {resource.id} are gone"
            said = f"{said}: the artifact store {resource.backend!r} has none at {place}"
            raise Corrupt(said, kind="Resource", id=resource.id)
        return store

    def told(self, rows: Iterable[Resource]) -> list[Resource]:
        """Return resources with what their stores say of where the bytes are."""
        return [changed(row, uri=self._uri(row)) for row in rows]

    def _uri(self, row: Resource) -> str:
        try:
            return self.store(row.backend).uri(row.content_hash)
        except DearDiaryError:
            return ""  # not configured here, or not to be opened; reading the bytes says so

    def close(self) -> None:
        """Close every store that was opened."""
        with self._lock:
            for store in self._opened.values():
                store.close()
            self._opened.clear()


def stream_of(data: Any) -> BinaryIO:
    """Return a stream of bytes given as bytes, as a path, or as a stream already.

    Raises:
        Invalid: it is none of these, or there is no such file.
    """
    if isinstance(data, bytes | bytearray | memoryview):
        return io.BytesIO(data)
    if hasattr(data, "__fspath__"):
        return _file(data)
    if hasattr(data, "read"):
        return data  # type: ignore[no-any-return]  # what it reads is looked at as it comes
    if isinstance(data, str):
        raise Invalid(f"the bytes of an artifact are the text {data!r:.60}; encode it, or give a Path to a file")
    said = type(data).__name__
    raise Invalid(f"the bytes of an artifact are {said}; give bytes, a Path, or a stream opened in binary mode")


def _file(path: Any) -> BinaryIO:
    try:
        return open(path, "rb")
    except IsADirectoryError:
        raise Invalid(f"{path} is a folder; log_artifacts takes a folder, file by file") from None
    except FileNotFoundError:
        where = "" if os.path.isabs(path) else f" in {os.getcwd()}"
        raise Invalid(f"there is no file {path}{where}") from None
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}") from error


def _read(source: BinaryIO, size: int) -> bytes:
    """Return the first bytes of a stream, fewer only at its end."""
    parts, wanted = list[bytes](), size
    while wanted:
        part = source.read(wanted)
        if not isinstance(part, bytes | bytearray):
            said = f"the stream of an artifact reads {type(part).__name__}, not bytes"
            raise Invalid(f"{said}; open it in binary mode: open(path, 'rb')")
        if not part:
            break
        parts.append(bytes(part))
        wanted -= len(part)
    return b"".join(parts)


@define(eq=False)
class _Chained:
    """What was read of a stream already, and then the rest of it."""

    head: bytes
    rest: BinaryIO

    def read(self, size: int = -1) -> bytes:
        if not self.head:
            return self.rest.read(size)
        part = self.head if size < 0 else self.head[:size]
        self.head = self.head[len(part) :]
        return part + self.rest.read() if size < 0 else part


@define(eq=False)
class _Counted:
    """A stream that knows how much was read of it."""

    source: Any
    count: int = 0

    def read(self, size: int = -1) -> bytes:
        part: bytes = self.source.read(size)
        self.count += len(part or b"")
        return part
