"""Reading artifacts so that damage is told: every full read is compared with its sha256."""

import hashlib
import io
import os
from pathlib import Path
from typing import BinaryIO

from deardiary.artifacts.drafts import Draft
from deardiary.artifacts.streams import CHUNK, copied, read_into
from deardiary.core.errors import Corrupt
from deardiary.core.stores import ArtifactStore, Digest


def verified(stream: BinaryIO, digest: Digest) -> BinaryIO:
    """Return a stream of the same bytes that ends with `Corrupt` if they are not those of a digest.

    It begins where the stream stands, cannot seek, and closes the stream with itself. Only who reads to the end knows.
    """
    return io.BufferedReader(_Verified(stream, digest), CHUNK)


class _Verified(io.RawIOBase):
    """What passes from a stream, and its sha256 so far."""

    def __init__(self, stream: BinaryIO, digest: Digest) -> None:
        self._stream, self._digest, self._sha256 = stream, digest, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a buffer is always given as a view
        count = read_into(self._stream, buffer)
        if not count and len(buffer):
            _compare(self._digest, self._sha256.hexdigest())
        self._sha256.update(memoryview(buffer)[:count])
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


def _compare(wanted: Digest, found: Digest) -> None:
    if found != wanted:
        raise Corrupt(f"the bytes under {wanted} are damaged: their sha256 is {found}")


def read_all(store: ArtifactStore, digest: Digest) -> bytes:
    """Return the bytes under a digest, all in memory.

    Raises:
        NotFound: there are none.
        Corrupt: they are damaged.
    """
    with verified(store.open(digest), digest) as stream:
        return stream.read()


def download(store: ArtifactStore, digest: Digest, path: str | os.PathLike[str]) -> None:
    """Write the bytes under a digest to a file, whole; if that fails, what was there before is still there.

    Raises:
        NotFound: there are none.
        Corrupt: they are damaged.
        StorageFull: there is no room for them.
        Unavailable: the store cannot be read, or the file not be written.
    """
    place = Path(path)
    with store.open(digest) as stream, Draft(place.parent / f".{os.urandom(8).hex()}.part") as draft:
        found, _ = copied(stream, draft.write)
        _compare(digest, found)
        draft.move(place)
