"""Artifacts as files in a folder, each named by its sha256: `<root>/ab/abcd…`."""

import os
import re
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from attrs import define, field

from deardiary.artifacts.drafts import Draft, fsync_folder, make_folder
from deardiary.artifacts.refusals import translated
from deardiary.artifacts.streams import check_range, copied, glimpsed, hashed, part
from deardiary.core import sentences
from deardiary.core.digests import check_digest, is_digest
from deardiary.core.errors import ConfigError, Unavailable
from deardiary.core.shapes import instant
from deardiary.core.stores import ArtifactStore, Digest, Stored

DRAFTS_KEPT_SECONDS = 24 * 60 * 60
"""How long a draft may lie untouched before it is taken for a dead process's."""

MOST_SEEN = 100_000
"""How many files are remembered by how they begin and end."""

_is_shard = re.compile("[0-9a-f]{2}").fullmatch


@define
class Folder:
    """Files that are written beside their place, flushed, and moved there; then they never change.

    It holds nothing but the path, so threads, processes and forks share it freely.
    """

    root: Path
    _lasting: set[Path] = field(factory=set, init=False, repr=False)
    """The folders whose names are known to be on the disk."""
    _seen: set[tuple[int, int]] = field(factory=set, init=False, repr=False)
    """How files began and ended that were put here: what looks the same is hashed before it is written once more."""
    _swept: bool = field(default=False, init=False)
    _open: bool = field(default=True, init=False)

    def put(self, source: BinaryIO, /) -> Digest:
        """Keep what is left of a stream, whole or not at all.

        Raises:
            StorageFull: there is no room; nothing is left behind.
            Unavailable: the folder cannot be written.
        """
        self._check_open()
        glimpse = glimpsed(source)
        if glimpse is not None and glimpse in self._seen:
            begin = source.tell()
            with hashed(source) as taken:
                if self._has(taken.digest, taken.size):
                    return taken.digest
            source.seek(begin)
        drafts = self.root / "tmp"
        self._make(drafts)
        with Draft(drafts / os.urandom(16).hex(), mode=0o444) as draft:
            self._sweep(drafts, draft)
            digest, size = copied(source, draft.write)
            self._keep(draft, self._place(digest), size)
        if glimpse is not None and len(self._seen) < MOST_SEEN:
            self._seen.add(glimpse)
        return digest

    def _has(self, digest: Digest, size: int) -> bool:
        """Return whether a file is there whole, to stay."""
        place = self._place(digest)
        status = _status(place)
        if status is None or status.st_size != size:
            return False
        with translated(place):
            fsync_folder(place.parent)  # for who has moved it there may not have come so far
        return True

    def open(self, digest: Digest, /, start: int = 0, stop: int | None = None) -> BinaryIO:
        """Return a stream of the bytes under a digest, or of a part of them."""
        place = self._place(digest)
        check_range(start, stop)
        if _status(place) is None:
            raise sentences.no_bytes(digest)
        with translated(place):
            try:
                return part(open(place, "rb"), start, stop)
            except FileNotFoundError:
                raise sentences.no_bytes(digest) from None

    def missing(self, digests: Collection[Digest], /) -> set[Digest]:
        """Return those of some digests under which there are no bytes."""
        self._check_open()
        return {digest for digest in digests if _status(self._place(digest)) is None}

    def all(self) -> Iterator[Stored]:
        """Yield everything that is held, by digest; what others have put into the folder is left out."""
        self._check_open()
        return self._held()

    def delete(self, digest: Digest, /) -> None:
        """Forget the bytes under a digest, if there are any."""
        place = self._place(digest)
        with translated(place), suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(place)
            fsync_folder(place.parent)

    def uri(self, digest: Digest, /) -> str:
        """Return the `file:` URI under which the bytes are, or would be."""
        return self._place(digest).as_uri()

    def close(self) -> None:
        """Do nothing more; streams that are open may be read on."""
        self._open = False

    def _check_open(self) -> None:
        if not self._open:
            raise sentences.artifacts_closed()

    def _place(self, digest: Digest) -> Path:
        self._check_open()
        check_digest(digest)
        return self.root / digest[:2] / digest

    def _held(self) -> Iterator[Stored]:
        for shard in _names(self.root):
            for name in _names(self.root / shard) if _is_shard(shard) else ():
                if is_digest(name) and name.startswith(shard):
                    status = _status(self.root / shard / name)
                    if status is not None:  # else it was deleted just now
                        yield Stored(digest=name, size=status.st_size, written_at=instant(status.st_mtime_ns // 1000))

    # Writing.

    def _keep(self, draft: Draft, place: Path, size: int) -> None:
        """Move a draft to its place, unless it is there already; a file of another size is damaged, and gives way."""
        self._make(place.parent)
        if not self._has(place.name, size):
            draft.move(place)

    def _make(self, folder: Path) -> None:
        """Make a folder of ours, to stay; a link that stands in its place is not followed."""
        with translated(folder):
            make_folder(folder, self._lasting)
            if folder.is_symlink():
                raise Unavailable(f"{folder} is a link; artifacts are not written through links")

    def _sweep(self, drafts: Path, draft: Draft) -> None:
        """Remove, once, what killed processes have left; nobody waits for it, so it may fail."""
        if self._swept:
            return
        self._swept = True
        oldest = draft.time() - DRAFTS_KEPT_SECONDS
        with suppress(OSError), os.scandir(drafts) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_mtime < oldest:
                    os.unlink(entry.path)


def _status(place: Path) -> os.stat_result | None:
    """Return what is known of a file, or none if there is no file but perhaps something else."""
    with translated(place), suppress(FileNotFoundError, NotADirectoryError):
        status = os.lstat(place)
        if stat.S_ISREG(status.st_mode):
            return status
    return None


def _names(folder: Path) -> list[str]:
    """Return the names in a folder in order, none if there is no such folder."""
    with translated(folder), suppress(FileNotFoundError, NotADirectoryError):
        return sorted(os.listdir(folder))
    return []


def open_folder(url: str) -> ArtifactStore:
    """Return the artifacts in a folder, which is made when something is put there."""
    path = url.removeprefix("file:///")
    if path == url or not path:
        raise ConfigError(
            f"{url!r} names no folder; file:///artifacts is one here, file:////srv/artifacts one elsewhere"
        )
    return Folder(Path(os.path.abspath(path)))
