"""Points that a diary refused: kept in a file beside the journals until it takes them."""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from attrs import evolve, frozen

from deardiary.core.alike import Alike
from deardiary.core.changes import Append, Batch
from deardiary.core.errors import DearDiaryError, Invalid, Unavailable
from deardiary.core.points import Points
from deardiary.core.stores import Store
from deardiary.journal import segments
from deardiary.journal.carrying import Refusal
from deardiary.journal.owners import REFUSED

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@frozen(kw_only=True, eq=False, repr=False)
class Kept(Alike):
    """Points that a diary refused, as they are kept."""

    name: str
    run: int
    error: str
    points: Points
    is_unsure: bool = False
    """Whether they may be damaged, so that a person has to judge."""


def keep_refused(folder: str, writer: str, refusal: Refusal, *, is_unsure: bool = False) -> None:
    """Keep points that were refused, in a file beside the journals."""
    one = Kept(name=refusal.name, run=refusal.run, error=str(refusal.error), points=refusal.points, is_unsure=is_unsure)
    path = os.path.join(folder, writer + REFUSED)
    with segments.translated(path), _held(path):
        if any(other.name == one.name for other in _read_refused(path)):
            return
        with open(path, "ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
            is_torn = file.read(1) not in (b"", b"\n")  # the line before, of someone who was killed
            file.write(b"\n" * is_torn + _line(one).encode())
            file.flush()
            os.fsync(file.fileno())
        segments.sync_folder(folder)


@contextmanager
def _held(path: str) -> Iterator[None]:
    """Have a file of refused points for oneself, so that nobody adds to it while another writes it anew."""
    if fcntl is None:
        yield
        return
    while True:
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            if os.path.exists(path) and os.path.samestat(os.fstat(fd), os.stat(path)):
                yield
                return
        finally:
            os.close(fd)


def refused_in(folder: str) -> dict[str, list[Kept]]:
    """Return the points that were refused, by the file in which they are kept."""
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(REFUSED))
    except OSError:
        return {}
    return {path: _read_refused(path) for path in (os.path.join(folder, name) for name in names)}


def _read_refused(path: str) -> list[Kept]:
    try:
        with open(path, errors="replace") as file:
            lines = file.read().split("\n")
    except OSError:
        return []
    kept = []
    for line in lines:
        with suppress(ValueError, KeyError, TypeError, Invalid):  # a line that was never written to its end
            said: dict[str, Any] = json.loads(line)
            points = Points.unpack(base64.b64decode(said["points"]))
            unsure = said.get("is_unsure", False)
            kept.append(Kept(name=said["name"], run=said["run"], error=said["error"], points=points, is_unsure=unsure))
    return kept


def _line(one: Kept) -> str:
    said = {
        "name": one.name,
        "run": one.run,
        "error": one.error,
        "is_unsure": one.is_unsure,
        "points": base64.b64encode(one.points.pack()).decode(),
    }
    return json.dumps(said) + "\n"


def place_refused(folder: str, store: Store, *, force: bool = False) -> tuple[int, list[str]]:
    """Try again to place points that were refused; return how many were, and why others are not.

    Args:
        force: whether those are placed too that may be damaged.

    Raises:
        Unavailable: the diary cannot be reached.
    """
    placed, problems = 0, []
    for path in refused_in(folder):
        with segments.translated(path), _held(path):
            kept, left = _read_refused(path), []
            for one in kept:
                error = one.error if one.is_unsure and not force else _unplaced(one, store)
                if error is None:
                    placed += len(one.points)
                    continue
                left.append(evolve(one, error=error))
                problems.append(f"{len(one.points):,} points of run {one.run}: {error}")
            if [(one.name, one.error) for one in left] != [(one.name, one.error) for one in kept] or not kept:
                _rewrite(path, left)
    return placed, problems


def _unplaced(one: Kept, store: Store) -> str | None:
    """Place points that were refused, and return why they cannot be; none if they were."""
    batch = Batch([Append(one.run, one.points)], id=hashlib.sha256(one.name.encode()).hexdigest()[:32])
    try:
        store.apply(batch)
    except Unavailable:
        raise
    except DearDiaryError as error:
        return str(error)
    return None


def _rewrite(path: str, kept: list[Kept]) -> None:
    """Keep what is left of refused points, or nothing."""
    if not kept:
        with suppress(OSError):
            os.unlink(path)
        return
    with open(f"{path}.new", "w") as file:
        file.writelines(_line(one) for one in kept)
        file.flush()
        os.fsync(file.fileno())
    os.replace(f"{path}.new", path)
