"""How an engine keeps points: what a store asks of it, whichever way it is done."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol, TypeAlias

from deardiary.backends.sql.engine import Connection
from deardiary.backends.sql.records import Segment
from deardiary.core.series import Arrived

Point: TypeAlias = tuple[int, float, int]
"""The step, the value and the time of a point."""

Asked: TypeAlias = Mapping[int, tuple[int, str]]
"""The series that are asked for, each with its run and its key."""


class Filing(Protocol):
    """The points that one batch writes; what has been changed is seen by others of the transaction once flushed."""

    def append(self, iteration_id: int, segments: list[Segment], /) -> None:
        """Add points of several series of a run, which are numbered already."""
        ...

    def point(self, iteration_id: int, series: int, number: int, /) -> Point | None:
        """Return a point, or none."""
        ...

    def change(self, iteration_id: int, series: int, number: int, point: Point, /) -> None:
        """Put another point in the place of one that is there."""
        ...

    def remove(self, iteration_id: int, series: int, number: int, /) -> None:
        """Remove a point that is there."""
        ...

    def forget(self, iterations: Collection[int], series: Collection[int], /) -> None:
        """Remove all points of some runs, whose series these are."""
        ...

    def flush(self) -> None:
        """Write what has been changed."""
        ...

    def committed(self, ended: Iterable[int], /) -> None:
        """Do what is due after the batch: it is committed, and has ended some runs. Never fails, and seldom waits."""
        ...


class Archive(Protocol):
    """The points of a diary."""

    def filing(self, connection: Connection, mark: int, /) -> Filing:
        """Return what writes the points of a batch."""
        ...

    def read(self, connection: Connection, asked: Asked, steps: tuple[int, int] | None = None, /) -> list[Arrived]:
        """Return the points of some series, all of those between two steps, and perhaps others."""
        ...

    def pick(self, connection: Connection, asked: Asked, numbers: Mapping[int, set[int]], /) -> list[Arrived]:
        """Return some points of some series by their numbers; those that are not there are left out."""
        ...

    def close(self) -> None:
        """Do what is still due, as far as it can be done at once."""
        ...
