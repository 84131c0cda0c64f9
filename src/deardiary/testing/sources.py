"""Sources of bytes, some of them awkward, for the promises of artifact stores."""

import random
import time
from functools import lru_cache
from typing import Any

MIB = 1024 * 1024


@lru_cache(maxsize=32)
def some_bytes(size: int, seed: int = 0) -> bytes:
    """Return so many bytes that look like nothing in particular, the same each time."""
    return random.Random(seed).randbytes(size)


class Bare:
    """A source of which nothing but `read(n)` can be asked."""

    __slots__ = ("_data", "_place")

    def __init__(self, data: bytes) -> None:
        self._data, self._place = data, 0

    def read(self, size: int, /) -> bytes:
        """Return the next so many bytes."""
        assert size > 0, f"read({size}) asks a source for everything at once"
        chunk = self._data[self._place : self._place + size]
        self._place += len(chunk)
        return chunk


class Stuttering(Bare):
    """A source that gives less than it is asked for, as pipes and sockets do."""

    __slots__ = ("_chance", "_most")

    def __init__(self, data: bytes, *, most: int) -> None:
        super().__init__(data)
        self._chance, self._most = random.Random(most), most

    def read(self, size: int, /) -> bytes:
        """Return some of the next bytes."""
        return super().read(min(size, self._chance.randint(1, self._most)))


class Failing(Bare):
    """A source that gives some bytes and then, where others end, raises or gives something else, once."""

    __slots__ = ("_over", "_then")

    def __init__(self, data: bytes, *, then: Any) -> None:
        super().__init__(data)
        self._then, self._over = then, False

    def read(self, size: int, /) -> Any:
        """Return the next bytes while there are some."""
        chunk = super().read(size)
        if chunk:
            return chunk
        assert not self._over, f"the source was read on after it gave {self._then!r}"
        self._over = True
        if isinstance(self._then, BaseException):
            raise self._then
        return self._then


class Stuck(Bare):
    """A source that gives some bytes, says so on standard output, and then keeps its reader waiting."""

    __slots__ = ()

    def read(self, size: int, /) -> bytes:
        """Return the next bytes while there are some."""
        chunk = super().read(size)
        if not chunk:
            print("stuck", flush=True)  # noqa: T201  # it is heard in the process that waits
            time.sleep(600)
        return chunk


class Mebibytes:
    """A source of so many mebibytes, no two of them alike, that are never all in memory."""

    def __init__(self, count: int) -> None:
        self._left = count * MIB

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, of one mebibyte at most."""
        count = min(size, self._left % MIB or min(MIB, self._left))
        number = -(-self._left // MIB)
        self._left -= count
        return bytes([number % 256]) * count
