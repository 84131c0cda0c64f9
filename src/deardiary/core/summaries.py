"""Summaries: the steps that are filled in, and what is always known of points without reading them."""

from array import array

from attrs import frozen

from deardiary.core import columns, sentences
from deardiary.core.alike import Alike
from deardiary.core.columns import greatest, least
from deardiary.core.entities import Summary


def filled(key: str, steps: "array[int]", reached: int | None) -> tuple["array[int]", tuple[int, ...]]:
    """Return steps with those filled in that were missing, and these alone; each is the greatest so far plus one."""
    if not columns.lacks(steps):
        return steps, ()
    try:
        whole, given = columns.filled(steps, reached)
    except OverflowError:
        raise sentences.no_step_left(key) from None
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


def extent(steps: "array[int]", values: "array[float]") -> Extent:
    """Return what there is to say of points in order of arrival; there is at least one."""
    if len(values) == 1:
        (step,), (value,) = steps, values
        known = None if value != value else value
        return Extent(1, step, step, value, value, known, known)
    low, first, high, last = columns.reach(steps)
    low_value, high_value = columns.ends(values)
    return Extent(
        count=len(values),
        first_step=low,
        last_step=high,
        first=values[first],
        last=values[last],
        min=low_value,
        max=high_value,
    )


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
        min=least([value for value in (before.min, more.min) if value is not None]),
        max=greatest([value for value in (before.max, more.max) if value is not None]),
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
