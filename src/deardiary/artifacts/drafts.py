"""Drafts: files that are there whole and to stay, or not at all."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from attrs import define, field

from deardiary.artifacts.refusals import translated

_NO_FSYNC = {errno.EINVAL, errno.ENOTSUP}
"""What file systems answer that know no fsync of a folder: they order names themselves, or promise nothing."""


@define
class Draft:
    """A file in the making: moved to its place when it is whole, and else gone when its `with` block ends."""

    path: Path
    mode: int = 0o666
    _file: int = field(default=-1, init=False)

    def __enter__(self) -> "Draft":
        with translated(self.path.parent):
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, self.mode)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # what matters was flushed, and told, when it was moved
            os.close(self._file)
        with suppress(OSError):  # it was moved, or stays behind where nobody lists it
            os.unlink(self.path)

    def write(self, data: bytes) -> None:
        """Add bytes at the end."""
        with translated(self.path.parent):
            left = memoryview(data)
            while left:
                left = left[os.write(self._file, left) :]

    def move(self, place: Path) -> None:
        """Put the file in its place, to stay; what is there gives way."""
        with translated(place):
            os.fsync(self._file)
            os.replace(self.path, place)
            fsync_folder(place.parent)

    def time(self) -> float:
        """Return when it was written last, by the clock of its file system."""
        return os.fstat(self._file).st_mtime


def fsync_folder(folder: str | Path) -> None:
    """Make the names in a folder last."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in _NO_FSYNC:
            raise
    finally:
        os.close(opened)


def make_folder(folder: Path, lasting: set[Path]) -> None:
    """Make a folder and those above it, to stay; note it among those that are known to."""
    if folder in lasting and folder.is_dir():
        return
    if not folder.is_dir():
        make_folder(folder.parent, lasting)
        folder.mkdir(exist_ok=True)
    with suppress(PermissionError):  # a folder like /home often lets pass and may not be opened
        fsync_folder(folder.parent)  # also if it was there: who has made it may not have come so far
    lasting.add(folder)
