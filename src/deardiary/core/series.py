"""Series: how the points of a diary become answers, cut and thinned."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from attrs import define, evolve

from deardiary.core import columns
from deardiary.core.entities import Metric
from deardiary.core.points import point_id
from deardiary.core.queries import Series, SeriesQuery
from deardiary.core.shapes import EPOCH


@define(eq=False)
class Arrived:
    """The points of one series in order of arrival, by column, of which an answer is made."""

    series: int
    iteration_id: int
    key: str
    numbers: "array[int]"
    steps: "array[int]"
    values: "array[float]"
    times: "array[int]"

    def __len__(self) -> int:
        return len(self.values)

    def at(self, places: Sequence[int]) -> "Arrived":
        """Return the points at some places."""
        return self._with([columns.taken(one, places) for one in self._columns()])

    def between(self, start: int, stop: int) -> "Arrived":
        """Return the points from one place to another."""
        if start == 0 and stop >= len(self):
            return self
        return self._with([one[start:stop] for one in self._columns()])

    def _columns(self) -> "tuple[array[Any], ...]":
        return self.numbers, self.steps, self.values, self.times

    def _with(self, parts: "Sequence[array[Any]]") -> "Arrived":
        return Arrived(self.series, self.iteration_id, self.key, *parts)

    def answer(self, total: int) -> Series:
        """Return the points as an answer carries them."""
        return Series(
            iteration_id=self.iteration_id,
            key=self.key,
            series=self.series,
            steps=self.steps,
            numbers=self.numbers,
            values=self.values,
            times=self.times,
            total=total,
        )


def answered(query: SeriesQuery, all: Iterable[Arrived]) -> list[Series]:
    """Return the series that answer a query, of all points of the series that it asks for."""
    chosen = [_chosen(query, one) for one in sorted(all, key=lambda one: (one.iteration_id, one.key))]
    totals = [len(one) for one in chosen]
    if query.limit is not None or query.offset:
        chosen = _cut(query, chosen)
    return [
        _thinned(one, query.max_points).answer(total) for one, total in zip(chosen, totals, strict=True) if len(one)
    ]


def _chosen(query: SeriesQuery, one: Arrived) -> Arrived:
    places = columns.order(one.steps)
    if places is not None:
        one = one.at(places)
    if query.steps is not None:
        one = one.between(*columns.within(one.steps, *query.steps))
    if query.repeats == "last":
        places = columns.last_of_each(one.steps)
        if places is not None:
            one = one.at(places)
    return one


def _thinned(one: Arrived, most: int | None) -> Arrived:
    places = None if most is None else columns.spikes(one.values, most)
    return one if places is None else one.at(places)


def _cut(query: SeriesQuery, chosen: list[Arrived]) -> list[Arrived]:
    """Return the points of a page that goes over all series by step, then by id."""
    by_id = sorted(chosen, key=lambda one: one.series)
    steps = columns.joined("q", [one.steps for one in by_id])
    places = columns.order(steps)
    starts = _passed(by_id, steps, places, query.offset)
    stop = None if query.limit is None else query.offset + query.limit
    stops = {one.series: len(one) for one in by_id} if stop is None else _passed(by_id, steps, places, stop)
    return [one.between(starts[one.series], stops[one.series]) for one in chosen]


def _passed(by_id: list[Arrived], steps: "array[int]", places: Sequence[int] | None, count: int) -> dict[int, int]:
    """Return how many points of each series are among the first so many of all, by step, then by id."""
    if count >= len(steps):
        return {one.series: len(one) for one in by_id}
    next = count if places is None else int(places[count])  # the first that is not among them
    step, passed, begin = steps[next], {}, 0
    for one in by_id:
        if next < begin:  # of series that come later, points with the same step come later too
            passed[one.series] = bisect_left(one.steps, step)
        elif next < begin + len(one):
            passed[one.series] = next - begin
        else:
            passed[one.series] = bisect_right(one.steps, step)
        begin += len(one)
    return passed


def metrics(series: Iterable[Series]) -> list[Metric]:
    """Return the points of series one by one, by step, then by id."""
    rows = [
        Metric(
            id=point_id(one.series, number),
            iteration_id=one.iteration_id,
            key=one.key,
            value=value,
            step=step,
            recorded_at=EPOCH + timedelta(0, 0, time),
        )
        for one in series
        for number, step, value, time in zip(one.numbers, one.steps, one.values, one.times, strict=True)
    ]
    return sorted(rows, key=lambda row: (row.step, row.id))


def as_numpy(series: Series) -> Series:
    """Return a series whose columns are NumPy's, sharing the memory, if NumPy is installed."""
    numpy = columns.installed_numpy()
    if numpy is None:
        return series
    names = ("numbers", "steps", "values", "times")
    return evolve(series, **{name: columns.viewed(numpy, getattr(series, name)) for name in names})
