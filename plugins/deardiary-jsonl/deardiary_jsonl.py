"""A diary in one file of JSON lines: read it with any editor, append to it from many processes."""

import fcntl
import os
from collections.abc import Iterator

from deardiary.plugin import LoggedStore, Scheme, StorageFull, Store, plugin


class JsonLines:
    """The lines of a file; one that lacks its end was torn by a crash, and is absent."""

    def __init__(self, path: str) -> None:
        self._path, self._ends, self._pid = path, [0], os.getpid()
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        os.fsync(folder := os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY))  # so that a new file stays
        os.close(folder)

    def read(self, after: int) -> Iterator[bytes]:
        if self._pid != os.getpid():  # a lock is shared with a parent process; a file opened anew is not
            self._file, self._pid = os.open(self._path, os.O_RDWR | os.O_APPEND), os.getpid()
        whole, _, _torn = self._rest(after).rpartition(b"\n")
        for line in whole.split(b"\n") if whole else ():
            self._ends[after + 1 :] = [self._ends[after] + len(line) + 1]
            after += 1
            yield line

    def append(self, after: int, line: bytes) -> bool:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            if b"\n" in self._rest(after):
                return False  # another process was first
            os.ftruncate(self._file, self._ends[after])
            if os.write(self._file, line + b"\n") <= len(line):
                raise StorageFull(f"there is no room for {len(line):,} bytes more in {self._path}")
            os.fsync(self._file)
            self._ends[after + 1 :] = [self._ends[after] + len(line) + 1]
            return True
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _rest(self, after: int) -> bytes:
        return os.pread(self._file, os.fstat(self._file).st_size, self._ends[after])

    def close(self) -> None:
        os.close(self._file)


def open_jsonl(url: str) -> Store:
    return LoggedStore(JsonLines(url.removeprefix("jsonl:///")))


@plugin
def deardiary_stores() -> list[Scheme]:
    summary = "one file of JSON lines, many processes"
    return [Scheme("jsonl", "deardiary_jsonl:open_jsonl", summary=summary, path=True, signature=(0, b'{"'))]
