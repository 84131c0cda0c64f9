"""Series: how the points of a diary become answers, cut and thinned."""

from array import array
from collections.abc import Iterable, Sequence
from datetime import timedelta

from attrs import define

from deardiary.core.entities import Metric
from deardiary.core.points import point_id
from deardiary.core.queries import Series, SeriesQuery
from deardiary.core.shapes import EPOCH


@define(eq=False)
class Run:
    """The points of one series in the making of an answer, in order of arrival."""

    series: int
    iteration_id: int
    key: str
    points: list[tuple[int, int, float, int]]
    """Step, number, value and time of each."""

    def answer(self, points: Sequence[tuple[int, int, float, int]], total: int) -> Series:
        """Return points of this series as an answer carries them."""
        return Series(
            iteration_id=self.iteration_id,
            key=self.key,
            series=self.series,
            steps=array("q", [point[0] for point in points]),
            numbers=array("q", [point[1] for point in points]),
            values=array("d", [point[2] for point in points]),
            times=array("q", [point[3] for point in points]),
            total=total,
        )


def answered(query: SeriesQuery, runs: Iterable[Run]) -> list[Series]:
    """Return the series that answer a query, of all points of the series that it asks for."""
    chosen = [(run, _chosen(query, run.points)) for run in sorted(runs, key=lambda run: (run.iteration_id, run.key))]
    totals = {run.series: len(points) for run, points in chosen}
    if query.limit is not None or query.offset:
        chosen = _cut(query, chosen)
    return [
        run.answer(points if query.max_points is None else thinned(points, query.max_points), totals[run.series])
        for run, points in chosen
        if points
    ]


Point = tuple[int, int, float, int]


def _chosen(query: SeriesQuery, points: list[Point]) -> list[Point]:
    points = sorted(points, key=lambda point: point[:2])
    if query.steps is not None:
        first, last = query.steps
        points = [point for point in points if first <= point[0] <= last]
    if query.repeats == "last":
        points = [*{point[0]: point for point in points}.values()]
    return points


def _cut(query: SeriesQuery, chosen: list[tuple[Run, list[Point]]]) -> list[tuple[Run, list[Point]]]:
    """Return the points of a page that goes over all series by step, then by id."""
    places = sorted(
        (point[0], point_id(run.series, point[1]), index)
        for index, (run, points) in enumerate(chosen)
        for point in points
    )
    stop = None if query.limit is None else query.offset + query.limit
    counts = [0] * len(chosen)
    starts: list[int] = [0] * len(chosen)
    for position, (_, _, index) in enumerate(places[:stop]):
        if position < query.offset:
            starts[index] += 1
        else:
            counts[index] += 1
    return [(run, points[starts[index] : starts[index] + counts[index]]) for index, (run, points) in enumerate(chosen)]


def thinned(points: Sequence[Point], most: int) -> Sequence[Point]:
    """Return at most so many of a series' points, with its ends and every spike."""
    if len(points) <= most:
        return points
    inner, runs = points[1:-1], (most - 2) // 2
    length, longer = divmod(len(inner), runs)
    kept: list[Point] = [points[0]]
    start = 0
    for run in range(runs):
        stop = start + length + (run < longer)
        kept += _ends(inner[start:stop])
        start = stop
    return [*kept, points[-1]]


def _ends(points: Sequence[Point]) -> Sequence[Point]:
    """Return the least and the greatest of some points in order; the first one if none is a number."""
    numbers = [index for index, point in enumerate(points) if point[2] == point[2]]
    if not numbers:
        return points[:1]
    least = min(numbers, key=lambda index: points[index][2])
    greatest = max(numbers, key=lambda index: points[index][2])
    return [points[index] for index in sorted({least, greatest})]


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
