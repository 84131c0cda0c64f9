"""Series: how points become places, summaries and answers, and the book in which `settle` keeps them."""

from array import array
from collections.abc import Iterable, Sequence
from datetime import timedelta
from math import copysign
from typing import Any

from attrs import define, evolve, frozen

from deardiary.core import sentences
from deardiary.core.changes import Placed
from deardiary.core.conditions import EVERY, Compare, Condition, Field
from deardiary.core.digests import digest_of_text
from deardiary.core.entities import Metric, Summary
from deardiary.core.ledger import Block, Draft, Head, View, delete_row, next_id, put_row, read
from deardiary.core.matching import candidates
from deardiary.core.points import MOST_POINTS, NO_STEP, Column, place_of, point_id
from deardiary.core.queries import Series, SeriesQuery, check_series_query
from deardiary.core.shapes import EPOCH, GREATEST_INTEGER, micros

# Steps and summaries.


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


@frozen
class Extent:
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


# Answers.


@define
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


# The book.


@define
class SeriesBook:
    """The series of a diary, read from a view, or written to a draft of one."""

    view: View

    def read(self, query: SeriesQuery) -> list[Series]:
        """Return the series that answer a query."""
        check_series_query(query)
        if query.ids:
            return answered(SeriesQuery(), self._by_id(query.ids))
        wanted = [
            summary for summary in self._summaries(query.iterations) if not query.keys or summary.key in query.keys
        ]
        return answered(query, [self._run(summary) for summary in wanted])

    def append(self, iteration_id: int, column: Column, *, mark: int) -> Placed:
        """Add the points of one key to a run, and say where they went."""
        draft = self._draft()
        head = self._head(iteration_id, column.key)
        if head.next + len(column) > MOST_POINTS:
            raise sentences.full_series(column.key)
        summary = read(draft, Summary, head.series)
        before = None if summary is None else extent_of(summary)
        steps, given = filled(column.key, column.steps, None if before is None else before.last_step)
        numbers = array("q", range(head.next, head.next + len(column)))
        draft.put(_block_key(head.series, head.next), Block(numbers, steps, column.values, column.times))
        draft.put(_head_key(iteration_id, column.key), evolve(head, next=head.next + len(column)))
        self._note(head, joined(before, extent(steps, column.values)), mark)
        return Placed(key=column.key, series=head.series, first=head.next, steps=given)

    def patch(self, id: int, values: dict[str, Any], *, mark: int) -> int:
        """Change a point, and return its id; another key is another series, and gives another id."""
        draft = self._draft()
        head, key, block, index = self._place(id)
        point = _patched(block, index, values)
        if values.get("key", head.key) != head.key:
            self._drop(head, key, block, index, mark)
            placed = self.append(head.iteration_id, _column(values["key"], point), mark=mark)
            return point_id(placed.series, placed.first)
        step, value, time = point
        changed = Block(block.numbers, block.steps[:], block.values[:], block.times[:])
        changed.steps[index], changed.values[index], changed.times[index] = step, value, time
        draft.put(key, changed)
        self._recount(head, mark)
        return id

    def drop(self, id: int, *, mark: int) -> None:
        """Remove a point; its number is never given again."""
        self._drop(*self._place(id), mark)

    def forget(self, iteration_id: int) -> None:
        """Remove every series of a run."""
        draft = self._draft()
        for key, head in draft.scan(f"head/{iteration_id}/"):
            for block, _ in draft.scan(f"points/{head.series}/"):
                draft.delete(block)
            summary = read(draft, Summary, head.series)
            if summary is not None:
                delete_row(draft, summary)
            draft.delete(key)

    def _draft(self) -> Draft:
        assert isinstance(self.view, Draft)
        return self.view

    def _summaries(self, iterations: Iterable[int]) -> list[Summary]:
        """Return the summaries of some runs, or of all."""
        wanted: list[Condition] = [Compare(Field("iteration_id"), "==", id) for id in sorted(set(iterations))] or [
            EVERY
        ]
        kept = (kept for part in wanted for kept in candidates(self.view, Summary, part))
        return [one.entity for one in kept if isinstance(one.entity, Summary)]

    def _run(self, summary: Summary) -> Run:
        points = [
            point
            for _, block in self.view.scan(f"points/{summary.id}/")
            if isinstance(block, Block)
            for point in zip(block.steps, block.numbers, block.values, block.times, strict=True)
        ]
        return Run(summary.id, summary.iteration_id, summary.key, points)

    def _by_id(self, ids: Iterable[int]) -> list[Run]:
        wanted: dict[int, set[int]] = {}
        for id in ids:
            series, number = place_of(id)
            wanted.setdefault(series, set()).add(number)
        runs = []
        for series, numbers in wanted.items():
            summary = read(self.view, Summary, series)
            if summary is not None:
                run = self._run(summary)
                runs.append(evolve(run, points=[point for point in run.points if point[1] in numbers]))
        return runs

    def _head(self, iteration_id: int, key: str) -> Head:
        head = self.view.get(_head_key(iteration_id, key))
        if isinstance(head, Head):
            return head
        return Head(next_id(self._draft(), "Summary"), iteration_id, key, 0)

    def _place(self, id: int) -> tuple[Head, str, Block, int]:
        series, number = place_of(id)
        summary = read(self.view, Summary, series)
        if summary is not None:
            head = self._head(summary.iteration_id, summary.key)
            for key, block in self.view.scan(f"points/{series}/"):
                if isinstance(block, Block) and number in block.numbers:
                    return head, key, block, block.numbers.index(number)
        raise sentences.absent(Metric, id)

    def _drop(self, head: Head, key: str, block: Block, index: int, mark: int) -> None:
        rest = Block(block.numbers[:], block.steps[:], block.values[:], block.times[:])
        for part in (rest.numbers, rest.steps, rest.values, rest.times):
            del part[index]
        if rest.numbers:
            self._draft().put(key, rest)
        else:
            self._draft().delete(key)
        self._recount(head, mark)

    def _recount(self, head: Head, mark: int) -> None:
        blocks = [block for _, block in self.view.scan(f"points/{head.series}/") if isinstance(block, Block)]
        steps = [step for block in blocks for step in block.steps]
        values = [value for block in blocks for value in block.values]
        self._note(head, extent(steps, values) if steps else None, mark)

    def _note(self, head: Head, extent: Extent | None, mark: int) -> None:
        draft = self._draft()
        old = read(draft, Summary, head.series)
        if old is not None:
            delete_row(draft, old)
        if extent is not None:
            row = summary_of(extent, series=head.series, iteration_id=head.iteration_id, key=head.key)
            put_row(draft, row, mark)


def _patched(block: Block, index: int, values: dict[str, Any]) -> tuple[int, float, int]:
    time = micros(values["recorded_at"]) if "recorded_at" in values else block.times[index]
    return values.get("step", block.steps[index]), values.get("value", block.values[index]), time


def _column(key: str, point: tuple[int, float, int]) -> Column:
    step, value, time = point
    return Column(key=key, values=array("d", [value]), times=array("q", [time]), steps=array("q", [step]))


def _head_key(iteration_id: int, key: str) -> str:
    return f"head/{iteration_id}/{digest_of_text(key)}"


def _block_key(series: int, first: int) -> str:
    return f"points/{series}/{first:010d}"


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
