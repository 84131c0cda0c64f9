"""Whose a journal is: a file beside its segments that says so, locked for as long as its process lives.

A POSIX record lock goes with its process, however that ends, and is not inherited by a fork. It also goes when the
process closes any descriptor of the file: so a process never opens the file of a journal of its own again.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from attrs import define, field, frozen

from deardiary.core.alike import Alike
from deardiary.core.errors import Corrupt
from deardiary.journal.segments import SUFFIX, Form, sync_folder, translated

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

OWNER = ".owner"
REFUSED = ".refused"
_NEW = ".new"
_OWN: set[str] = set()
"""The real paths of the files that this process has locked, by whatever name it knows their folder."""

_REMOTE = ("nfs", "cifs", "smb", "9p", "fuse", "lustre", "gpfs", "ceph", "beegfs", "afs", "virtiofs", "vboxsf", "ncpfs")
"""How the names of file systems begin on which mapped files are not proven."""


@frozen(kw_only=True, eq=False, repr=False)
class Owner(Alike):
    """What a journal's owner says of itself."""

    writer: str
    host: str = field(factory=lambda: host())
    pid: int = field(factory=os.getpid)
    boot: str = field(factory=lambda: boot())
    url: str = ""
    """The diary that the points are for, for people."""

    def said(self) -> bytes:
        """Return what the file says."""
        names = ("writer", "host", "pid", "boot", "url")
        return json.dumps({"version": 1, **{name: getattr(self, name) for name in names}}).encode()


def host() -> str:
    """Return the name of this machine."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    return os.environ.get("COMPUTERNAME", "")


def boot() -> str:
    """Return what tells this start of the machine from others; empty if nothing does."""
    with suppress(OSError), open("/proc/sys/kernel/random/boot_id") as file:
        return file.read().strip()
    return ""


@define(eq=False)
class Lock:
    """A lock on the file of an owner."""

    path: str
    fd: int

    def release(self) -> None:
        """Let others have it."""
        _OWN.discard(os.path.realpath(self.path))
        os.close(self.fd)

    def leave(self) -> None:
        """Forget it in a forked process, which never had it."""
        _OWN.discard(os.path.realpath(self.path))
        with suppress(OSError):
            os.close(self.fd)

    def remove(self) -> None:
        """Remove the file, and let go of it."""
        with suppress(OSError):
            os.unlink(self.path)
        self.release()


def can_own() -> bool:
    """Return whether this system has locks that go with their process."""
    return fcntl is not None


def owned(folder: str, owner: Owner) -> Lock:
    """Make the file of a new journal, and lock it."""
    path = os.path.join(folder, owner.writer + OWNER)
    # Locked under another name first: whoever meets it under its own finds it locked.
    names = {os.path.realpath(path), os.path.realpath(path + _NEW)}
    _OWN.update(names)
    try:
        with translated(path):
            fd = _locked(path + _NEW)
            try:
                os.write(fd, owner.said())
                os.fdatasync(fd) if hasattr(os, "fdatasync") else os.fsync(fd)
                os.rename(path + _NEW, path)
            except BaseException:
                os.close(fd)
                with suppress(OSError):
                    os.unlink(path + _NEW)
                raise
    except BaseException:
        _OWN.difference_update(names)
        raise
    _OWN.discard(os.path.realpath(path + _NEW))
    return Lock(path, fd)


def _locked(path: str) -> int:
    """Make a file that nobody else has, and lock it."""
    while True:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.lockf(fd, fcntl.LOCK_EX)
            if _is_there(path, fd):
                return fd
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)  # taken for what someone left who was killed here, before it was locked


def _is_there(path: str, fd: int) -> bool:
    """Return whether an open file has its name still."""
    try:
        return os.path.samestat(os.fstat(fd), os.stat(path))
    except FileNotFoundError:
        return False


def claimed(path: str) -> tuple[Lock, Owner] | None:
    """Lock the file of an owner that is no more, and return what it said; none if it lives, or someone was faster.

    Raises:
        Corrupt: it says nothing that can be read.
    """
    if is_own(path):
        return None
    with translated(path):
        try:
            fd = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_there = _is_there(path, fd)
        except (BlockingIOError, PermissionError):
            is_there = False
        except BaseException:
            os.close(fd)
            raise
        if not is_there:
            os.close(fd)
            return None
    lock = Lock(path, fd)
    _OWN.add(os.path.realpath(path))
    try:
        return lock, read_owner(path, os.pread(fd, 65536, 0))
    except BaseException:
        lock.release()
        raise


def read_owner(path: str, said: bytes) -> Owner:
    """Return the owner that a file tells of.

    Raises:
        Corrupt: it tells of none.
    """
    try:
        found: dict[str, Any] = json.loads(said)
        owner = Owner(**{name: found[name] for name in ("writer", "host", "pid", "boot", "url")})
        if os.path.basename(path) == owner.writer + OWNER:  # else it is another's, under this name
            return owner
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise Corrupt(f"{path} does not say whose journal it is")


def paths(folder: str) -> Iterator[str]:
    """Yield the files of the owners of the journals in a folder; what was never to be one is removed."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.name.endswith((OWNER, OWNER + _NEW)))
    except OSError:
        return
    for name in names:
        path = os.path.join(folder, name)
        if name.endswith(OWNER):
            yield path
        else:
            _forget(path)


def _forget(path: str) -> None:
    """Remove the file of an owner that was killed before it had one, unless it lives."""
    if not can_own() or is_own(path):
        return
    with suppress(OSError):
        fd = os.open(path, os.O_RDWR)
        try:
            fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_there(path, fd):
                os.unlink(path)
        finally:
            os.close(fd)


def is_own(path: str) -> bool:
    """Return whether a file is that of a journal of this process."""
    return os.path.realpath(path) in _OWN


def made(folder: str) -> None:
    """Make the folder of journals, and see to it that nobody keeps them among sources."""
    with translated(folder):
        if os.path.isdir(folder):
            return
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, ".gitignore"), "w") as file:
            file.write("*\n")
        sync_folder(os.path.dirname(os.path.abspath(folder)))


def form_of(folder: str) -> Form:
    """Return which form segments in a folder have."""
    if sys.platform != "linux" or not hasattr(os, "posix_fallocate"):
        return "written"
    return "written" if is_remote(folder) else "mapped"


def is_remote(folder: str) -> bool:
    """Return whether a folder is on another machine, or behind a process, as far as this one knows."""
    return file_system(folder).startswith(_REMOTE)


def file_system(folder: str) -> str:
    """Return the name of the file system of a folder; empty if it is not known."""
    path, best, name = os.path.realpath(folder), "", ""
    with (
        suppress(OSError, ValueError, IndexError),
        open("/proc/self/mounts", encoding="utf-8", errors="replace") as file,
    ):
        for line in file:
            _, point, sort, *_ = line.split()
            point = point.replace("\\040", " ")
            if (path == point or path.startswith(f"{point.rstrip('/')}/")) and len(point) >= len(best):
                best, name = point, sort
    return name


def leftovers(folder: str) -> list[str]:
    """Return the files of segments whose owner is not there; nobody will come for them."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    owners = {name.removesuffix(OWNER) for name in names if name.endswith(OWNER)}
    return [os.path.join(folder, name) for name in names if name.endswith(SUFFIX) and name.split(".")[0] not in owners]
