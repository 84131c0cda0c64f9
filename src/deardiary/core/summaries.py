"""Summaries: the steps that are filled in, and what is always known of points without reading them."""

from array import array
from collections.abc import Sequence
from math import copysign

from attrs import frozen

from deardiary.core import sentences
from deardiary.core.alike import Alike
from deardiary.core.entities import Summary
from deardiary.core.points import NO_STEP
from deardiary.core.shapes import GREATEST_INTEGER


def filled(key: str, steps: "array[int]", greatest: int | None) -> tuple["array[int]", tuple[int, ...]]:
    """Return steps with those filled in that were missing, and these alone; each is the greatest so far plus one."""
    if NO_STEP not in steps:
        return steps, ()
    whole, given = array("q"), []
    for step in steps:
        if step == NO_STEP:
            if greatest == GREATEST_INTEGER:
                raise sentences.no_step_left(key)
            step = 0 if greatest is None else greatest + 1
            given.append(step)
        greatest = step if greatest is None else max(greatest, step)
        whole.append(step)
    return whole, tuple(given)


@frozen(eq=False, repr=False)
class Extent(Alike):
    """What a summary says of points: how many, from where to where, and between which values."""

    count: int
    first_step: int
    last_step: int
    first: float
    last: float
    min: float | None
    max: float | None


def extent(steps: Sequence[int], values: Sequence[float]) -> Extent:
    """Return what there is to say of points in order of arrival; there is at least one."""
    if len(values) == 1:
        (step,), (value,) = steps, values
        known = None if value != value else value
        return Extent(1, step, step, value, value, known, known)
    low, high = min(steps), max(steps)
    numbers = [value for value in values if value == value]
    return Extent(
        count=len(values),
        first_step=low,
        last_step=high,
        first=values[steps.index(low)],
        last=values[len(steps) - 1 - steps[::-1].index(high)],
        min=_least(numbers),
        max=_greatest(numbers),
    )


def _least(values: Sequence[float]) -> float | None:
    if not values:
        return None
    least = min(values)
    return least or (-0.0 if any(copysign(1, value) < 0 for value in values if value == 0) else 0.0)


def _greatest(values: Sequence[float]) -> float | None:
    if not values:
        return None
    greatest = max(values)
    return greatest or (0.0 if any(copysign(1, value) > 0 for value in values if value == 0) else -0.0)


def joined(before: Extent | None, more: Extent) -> Extent:
    """Return what is true of points and of those that arrived after them."""
    if before is None:
        return more
    earlier = more.first_step < before.first_step
    later = more.last_step >= before.last_step
    return Extent(
        count=before.count + more.count,
        first_step=more.first_step if earlier else before.first_step,
        first=more.first if earlier else before.first,
        last_step=more.last_step if later else before.last_step,
        last=more.last if later else before.last,
        min=_least([value for value in (before.min, more.min) if value is not None]),
        max=_greatest([value for value in (before.max, more.max) if value is not None]),
    )


def extent_of(summary: Summary) -> Extent:
    """Return what a summary says."""
    return Extent(
        count=summary.count,
        first_step=summary.first_step,
        last_step=summary.last_step,
        first=summary.first,
        last=summary.last,
        min=summary.min,
        max=summary.max,
    )


def summary_of(extent: Extent, *, series: int, iteration_id: int, key: str) -> Summary:
    """Return what is true of a series' points as the row that says so."""
    return Summary(
        id=series,
        iteration_id=iteration_id,
        key=key,
        count=extent.count,
        first_step=extent.first_step,
        last_step=extent.last_step,
        first=extent.first,
        last=extent.last,
        min=extent.min,
        max=extent.max,
    )
