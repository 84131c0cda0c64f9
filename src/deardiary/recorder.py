"""What carries the points of a run to its diary."""

import time
from collections.abc import Callable
from typing import Literal, Protocol, TypeAlias

from attrs import define

from deardiary.core.changes import Append, Batch
from deardiary.core.errors import DearDiaryError, Invalid, StorageFull, Unavailable
from deardiary.core.points import Points
from deardiary.core.stores import Store

OnError: TypeAlias = Literal["warn", "raise", "block"]
"""What is done when points cannot be written: go on without them, raise, or wait."""

ON_ERROR = ("warn", "raise", "block")
BLOCKED_SECONDS = 0.5
"""How long to wait before trying again when blocked."""


class Recorder(Protocol):
    """Takes points as they are logged."""

    lost: int
    """How many could not be written, and are gone."""

    def write(self, iteration_id: int, points: Points, /) -> None: ...
    def flush(self) -> None: ...


@define(eq=False)
class Direct:
    """Writes each point to the store at once."""

    store: Store
    on_error: OnError = "warn"
    tell: Callable[[str], None] = print
    lost: int = 0
    _told: bool = False

    def write(self, iteration_id: int, points: Points, /) -> None:
        """Write points, or do what is to be done when that fails."""
        batch = Batch([Append(iteration_id, points)])
        while True:
            try:
                self.store.apply(batch)
                return
            except Invalid:
                raise
            except DearDiaryError as error:
                if self.on_error == "raise":
                    raise
                if self.on_error == "block" and isinstance(error, Unavailable | StorageFull):
                    self._warn(f"{error}; waiting until points can be written")
                    time.sleep(BLOCKED_SECONDS)
                    continue
                self.lost += len(points)
                self._warn(f"{error}; the run goes on, and points logged meanwhile are lost")
                return

    def _warn(self, message: str) -> None:
        if not self._told:
            self._told = True
            self.tell(message)

    def flush(self) -> None:
        """Do nothing: what was written is there."""


@define(eq=False)
class Nowhere:
    """Takes points, and keeps none."""

    lost: int = 0

    def write(self, iteration_id: int, points: Points, /) -> None:
        """Forget the points."""

    def flush(self) -> None:
        """Do nothing."""
