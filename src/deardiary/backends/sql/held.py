"""What the row of a series says, while a batch adds to it."""

from array import array
from typing import Any

from attrs import define, field

from deardiary.core import columns
from deardiary.core.columns import MISSING, greatest, least
from deardiary.core.points import Column
from deardiary.core.summaries import filled


@define(eq=False)
class Held:
    """A series as its row says it; the numbers are as the engine keeps them."""

    id: int
    iteration_id: int
    key: str
    next: int = 0
    count: int = 0
    first_step: int = 0
    last_step: int = 0
    first: Any = 0.0
    last: Any = 0.0
    min: Any = None
    max: Any = None
    is_new: bool = False
    """Whether it has no row yet."""
    was_there: bool = False
    """Whether its row says that it has points."""
    is_stale: bool = False
    """Whether all of its points must be looked at to know between which values they lie."""


Reach = tuple[int, int, int, int]


@define(eq=False)
class Filling:
    """The steps of columns as they are kept; columns share their arrays, and what is filled in the same way."""

    _known: dict[Any, tuple["array[int]", tuple[int, ...], Reach]] = field(factory=dict)
    _before: Any = None
    """What was said last, if none of its steps was missing."""

    def of(self, column: Column, series: Held) -> tuple["array[int]", tuple[int, ...], Reach]:
        """Return the steps of a column of a series, those that were filled in, and between which steps they lie."""
        steps = column.steps
        if self._before is not None and self._before[0] is steps:
            return self._before  # type: ignore[no-any-return]  # as below
        said = self._known.get(id(steps))
        if said is None:
            said = self._known[id(steps)] = steps, (), columns.reach(steps)
        if said[2][0] != MISSING:
            self._before = said
            return said
        known = series.last_step if series.count else None
        if (id(steps), known) not in self._known:
            whole, given = filled(column.key, steps, known)
            self._known[id(steps), known] = whole, given, columns.reach(whole)
        return self._known[id(steps), known]


def grow(series: Held, reach: Reach, values: "array[float]", low: float | None, high: float | None) -> None:
    """Add points to what the row of a series says."""
    first_step, first, last_step, last = reach
    if not series.count:
        series.first_step, series.first, series.last_step, series.last = (
            first_step,
            values[first],
            last_step,
            values[last],
        )
        series.min, series.max = low, high
    else:
        if first_step < series.first_step:
            series.first_step, series.first = first_step, values[first]
        if last_step >= series.last_step:
            series.last_step, series.last = last_step, values[last]
        if low is not None and high is not None:
            widen(series, low, high)
    count = len(values)
    series.count += count
    series.next += count


def widen(series: Held, low: float, high: float) -> None:
    """Let values lie within what the row of a series says."""
    if series.min is None:
        series.min, series.max = low, high
        return
    if low <= series.min:
        series.min = low or least((low, series.min))
    if high >= series.max:
        series.max = high or greatest((high, series.max))
