"""What file systems refuse, said as a store says it."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from deardiary.core.errors import DearDiaryError, StorageFull, Unavailable

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def translated(what: object) -> Iterator[None]:
    """Turn errors of the operating system into `StorageFull`, or `Unavailable` with what was to be reached."""
    try:
        yield
    except DearDiaryError:
        raise
    except OSError as error:
        why = error.strerror or str(error)
        if error.errno in FULL:
            raise StorageFull(f"there is no room for {what}: {why}") from error
        raise Unavailable(f"{what} cannot be reached: {why}") from error
