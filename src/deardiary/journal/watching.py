"""A journal that another process carries to the diary, since it alone has the diary open.

That process says in a file beside the journal how far it has come; this one reads it, and carries nothing itself.
"""

import os
import time
from contextlib import suppress

from attrs import define

from deardiary.journal.carrying import Carrier
from deardiary.journal.records import HEAD
from deardiary.journal.segments import TAKEN, translated
from deardiary.journal.writing import Journal

PAUSE_SECONDS = 0.05
"""How long to wait before looking again."""


@define(eq=False)
class Watcher(Carrier):
    """Learns how far a journal of this process has been carried."""

    def carry(self, *, until: float | None = None) -> bool:
        """Learn what the other process has taken, and return whether nothing is left."""
        assert isinstance(self.source, Journal)
        while True:
            stored, position = taken(self.source.folder or "", self.source.writer)
            self.stored, self.position = max(stored, self.stored), max(position, self.position)
            if self.source.place() <= max(self.position, HEAD.size):
                return True
            if until is None or time.monotonic() >= until:
                return False
            time.sleep(PAUSE_SECONDS)

    def beat(self) -> None:
        """Do nothing: who carries the points tells the diary that their writer lives."""


def taken(folder: str, writer: str) -> tuple[int, int]:
    """Return up to where the diary has a journal, and up to where it has all its points, as far as is known here."""
    with suppress(OSError, ValueError), open(os.path.join(folder, writer + TAKEN)) as file:
        stored, position = map(int, file.read().split())
        return stored, position
    return 0, 0


def say_taken(folder: str, writer: str, stored: int, position: int) -> None:
    """Say up to where the diary has a journal, and up to where it has all its points."""
    path = os.path.join(folder, writer + TAKEN)
    with translated(path):
        with open(f"{path}.new", "w") as file:
            file.write(f"{stored} {position}")
        os.replace(f"{path}.new", path)


def forget_taken(folder: str, writer: str) -> None:
    """Say nothing more of a journal that is gone."""
    with suppress(OSError):
        os.unlink(os.path.join(folder, writer + TAKEN))
