"""Points become places, summaries and answers by the same rules, however they arrive."""

import math
import sys
from array import array
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from attrs import asdict
from hypothesis import example, given
from hypothesis import strategies as st

from core.samples import LAST, NOON, told
from deardiary.core.book import SeriesBook
from deardiary.core.changes import Append, Insert, Patch
from deardiary.core.columns import spikes
from deardiary.core.entities import Experiment, Iteration, Metric, Project, Summary
from deardiary.core.errors import Invalid, NotFound, Unprocessable
from deardiary.core.ledger import Draft, Drawers, Head, read
from deardiary.core.points import MOST_POINTS, NO_STEP, Column, Points, place_of, point_id
from deardiary.core.queries import Series, SeriesQuery
from deardiary.core.series import Arrived, answered, as_numpy, metrics
from deardiary.core.shapes import LAST_TIME, micros
from deardiary.core.summaries import Extent, extent, extent_of, filled, joined, summary_of

ODD = st.sampled_from([math.nan, 0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, 5e-324])
FEW_STEPS = st.integers(-2, 3)


def column(values: Sequence[float], *, key: str = "loss", steps: Sequence[int] | None = None) -> Column:
    """Return the points of one key; steps are missing unless they are given."""
    return Column(key=key, values=values, times=range(len(values)), steps=steps or [NO_STEP] * len(values))


# Missing steps.


def counted(steps: Sequence[int | None], greatest: int | None) -> list[int]:
    """Return steps with those that were missing, one by one."""
    whole: list[int] = []
    for step in steps:
        known = [*([] if greatest is None else [greatest]), *whole]
        whole.append(step if step is not None else max(known) + 1 if known else 0)
    return whole


@given(st.lists(st.none() | st.integers(-3, 5), max_size=9), st.none() | st.integers(-3, 5))
def test_a_missing_step_follows_the_greatest(steps: list[int | None], greatest: int | None) -> None:
    given = array("q", [NO_STEP if step is None else step for step in steps])

    whole, made = filled("loss", given, greatest)

    wanted = counted(steps, greatest)
    assert list(whole) == wanted
    assert list(made) == [step for step, known in zip(wanted, steps, strict=True) if known is None]


def test_steps_of_which_none_is_missing_stay_the_same_array() -> None:
    steps = array("q", [3, 1, 3])

    assert filled("loss", steps, 7) == (steps, ())
    assert filled("loss", steps, 7)[0] is steps


def test_steps_that_were_given_are_not_changed_in_place() -> None:
    steps = array("q", [NO_STEP, 5])

    filled("loss", steps, None)

    assert list(steps) == [NO_STEP, 5]


@pytest.mark.parametrize(
    ("steps", "greatest", "whole"),
    [
        ([NO_STEP], 2**63 - 2, [2**63 - 1]),
        ([NO_STEP], -(2**63) + 1, [-(2**63) + 2]),
        ([2**63 - 1], 2**63 - 1, [2**63 - 1]),
    ],
)
def test_steps_reach_the_ends_of_64_bits(steps: list[int], greatest: int, whole: list[int]) -> None:
    assert list(filled("loss", array("q", steps), greatest)[0]) == whole


@pytest.mark.parametrize(
    ("steps", "greatest"), [([NO_STEP], 2**63 - 1), ([2**63 - 1, NO_STEP], None), ([NO_STEP] * 2, 2**63 - 2)]
)
def test_there_is_no_step_after_the_greatest(steps: list[int], greatest: int | None) -> None:
    with pytest.raises(Unprocessable) as error:
        filled("loss", array("q", steps), greatest)

    assert error.value.message == "there is no step after the greatest of 'loss'; give the steps yourself"


# Summaries.


def shown(extent: Extent | None) -> str:
    """Return an extent as a text, in which NaN equals itself and -0.0 is not 0.0."""
    return repr(extent)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([(0, 0.5)], Extent(1, 0, 0, 0.5, 0.5, 0.5, 0.5)),
        ([(5, 0.5)], Extent(1, 5, 5, 0.5, 0.5, 0.5, 0.5)),
        ([(0, math.nan)], Extent(1, 0, 0, math.nan, math.nan, None, None)),
        ([(0, math.nan), (1, math.nan)], Extent(2, 0, 1, math.nan, math.nan, None, None)),
        ([(0, math.nan), (1, 2.0)], Extent(2, 0, 1, math.nan, 2.0, 2.0, 2.0)),
        ([(3, 0.3), (1, 0.1), (3, 0.33), (1, 0.11)], Extent(4, 1, 3, 0.1, 0.33, 0.1, 0.33)),
        ([(0, 0.0), (1, -0.0)], Extent(2, 0, 1, 0.0, -0.0, -0.0, 0.0)),
        ([(0, -0.0), (1, 0.0)], Extent(2, 0, 1, -0.0, 0.0, -0.0, 0.0)),
        ([(0, -0.0), (1, 5.0)], Extent(2, 0, 1, -0.0, 5.0, -0.0, 5.0)),
        ([(0, 0.0), (1, -5.0)], Extent(2, 0, 1, 0.0, -5.0, -5.0, 0.0)),
        ([(0, -0.0), (1, -0.0)], Extent(2, 0, 1, -0.0, -0.0, -0.0, -0.0)),
        ([(0, 0.0), (1, 0.0)], Extent(2, 0, 1, 0.0, 0.0, 0.0, 0.0)),
        (
            [(-(2**63) + 1, math.inf), (2**63 - 1, -math.inf)],
            Extent(2, -(2**63) + 1, 2**63 - 1, math.inf, -math.inf, -math.inf, math.inf),
        ),
        ([(0, -0.0)], Extent(1, 0, 0, -0.0, -0.0, -0.0, -0.0)),
    ],
)
def test_points_have_an_extent(points: list[tuple[int, float]], said: Extent) -> None:
    steps, values = zip(*points, strict=True)

    assert shown(extent(array("q", steps), array("d", values))) == shown(said)


POINTS = st.lists(st.tuples(FEW_STEPS, ODD), min_size=1, max_size=6)


def said_of(points: Sequence[tuple[int, float]]) -> Extent:
    """Return the extent of points in order of arrival."""
    steps, values = zip(*points, strict=True)
    return extent(array("q", steps), array("d", values))


@given(POINTS)
def test_an_extent_is_what_one_sees_by_looking_at_every_point(points: list[tuple[int, float]]) -> None:
    by_step = sorted(points, key=lambda point: point[0])
    numbers = sorted((value, math.copysign(1, value)) for _, value in points if not math.isnan(value))

    assert shown(said_of(points)) == shown(
        Extent(
            count=len(points),
            first_step=by_step[0][0],
            last_step=by_step[-1][0],
            first=by_step[0][1],
            last=by_step[-1][1],
            min=math.copysign(*numbers[0]) if numbers else None,
            max=math.copysign(*numbers[-1]) if numbers else None,
        )
    )


@given(POINTS, POINTS)
@example([(0, 0.0)], [(0, -0.0)])
@example([(0, math.nan)], [(0, math.nan)])
@example([(1, 1.0)], [(0, 2.0), (1, 3.0)])
def test_extents_join_to_that_of_all_points(before: list[tuple[int, float]], more: list[tuple[int, float]]) -> None:
    parts = [said_of(points) for points in (before, more)]

    whole = said_of([*before, *more])

    assert shown(joined(*parts)) == shown(whole)


def test_the_first_extent_is_that_of_all_points() -> None:
    first = said_of([(0, 0.5)])

    assert joined(None, first) is first


def test_a_summary_says_an_extent() -> None:
    said = said_of([(3, 0.5), (1, -0.0), (2, math.inf)])

    row = summary_of(said, series=7, iteration_id=5, key="loss")

    assert (row.id, row.iteration_id, row.key) == (7, 5, "loss")
    assert extent_of(row) == said


# Thinning.


Point = tuple[int, int, float, int]
"""Step, number, value and time."""


def thinned_by_the_letter(points: list[Point], most: int) -> list[Point]:
    """Return what the contract says of `max_points`, sentence by sentence."""
    if len(points) <= most:
        return points
    between, count = points[1:-1], (most - 2) // 2
    lengths = [len(between) // count] * count
    for run in range(len(between) % count):
        lengths[run] += 1
    kept = [points[0]]
    for run in range(count):
        part = between[sum(lengths[:run]) : sum(lengths[: run + 1])]
        numbers = [place for place, point in enumerate(part) if not math.isnan(point[2])]
        if not numbers:
            kept.append(part[0])
            continue
        least = next(one for one in numbers if all(part[one][2] <= part[other][2] for other in numbers))
        greatest = next(one for one in numbers if all(part[one][2] >= part[other][2] for other in numbers))
        kept += [part[place] for place in range(len(part)) if place in (least, greatest)]
    return [*kept, points[-1]]


def thinned(points: list[Point], most: int) -> list[Point]:
    """Return the points that are left."""
    places = spikes(array("d", [point[2] for point in points]), most)
    return points if places is None else [points[place] for place in places]


def in_order(values: Sequence[float]) -> list[Point]:
    """Return points at steps 0, 1, 2, ..."""
    return [(step, step, value, step) for step, value in enumerate(values)]


@given(st.lists(ODD, max_size=40), st.integers(4, 21))
@example([math.nan] * 12, 4)
@example([0.0, 0.0, -0.0, -0.0, 0.0, 0.0], 4)
def test_a_thinned_series_is_what_the_contract_says(values: list[float], most: int) -> None:
    points = in_order(values)

    assert [*thinned(points, most)] == thinned_by_the_letter(points, most)


@given(st.lists(st.floats(), min_size=1, max_size=60), st.integers(4, 30))
def test_a_thinned_series_keeps_its_ends_and_every_spike(values: list[float], most: int) -> None:
    points = in_order(values)

    kept = [*thinned(points, most)]

    numbers = [value for value in values if not math.isnan(value)]
    shown = [point[2] for point in kept if not math.isnan(point[2])]
    assert len(kept) <= most or kept == points
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert kept == sorted(kept, key=lambda point: point[0])
    assert (min(shown, default=None), max(shown, default=None)) == (
        min(numbers, default=None),
        max(numbers, default=None),
    )


@pytest.mark.parametrize("most", [4, 5, 9, 10])
def test_a_short_series_comes_whole(most: int) -> None:
    points = in_order([0.5] * most)

    assert thinned(points, most) is points


def test_a_great_series_is_thinned_to_few() -> None:
    values = [0.0] * 100_000
    values[54_321], values[76_543] = 9.0, -9.0

    kept = thinned(in_order(values), 100)

    assert len(kept) <= 100
    assert {9.0, -9.0} <= {point[2] for point in kept}


# Answers.


def a_run(series: int, iteration_id: int, key: str, steps: Sequence[int]) -> Arrived:
    """Return the points of a series, numbered as they arrived."""
    values = array("d", [step + number / 8 for number, step in enumerate(steps)])
    numbers = array("q", range(len(steps)))
    return Arrived(series, iteration_id, key, numbers, array("q", steps), values, numbers[:])


def places(answer: list[Series]) -> list[tuple[int, list[tuple[int, int]]]]:
    """Return the steps and numbers of every series that was answered."""
    return [(one.series, [*zip(one.steps, one.numbers, strict=True)]) for one in answer]


def test_series_come_by_run_and_key_and_points_by_step_and_arrival() -> None:
    runs = [a_run(3, 2, "a", [0]), a_run(2, 1, "b", [1, 0, 1]), a_run(4, 1, "a", [5]), a_run(1, 1, "B", [-1])]

    answer = answered(SeriesQuery(), runs)

    assert [(one.iteration_id, one.key) for one in answer] == [(1, "B"), (1, "a"), (1, "b"), (2, "a")]
    assert places(answer)[2] == (2, [(0, 1), (1, 0), (1, 2)])


def test_an_answer_carries_every_column() -> None:
    (series,) = answered(SeriesQuery(), [a_run(7, 3, "loss", [5, 4])])

    assert series == Series(
        iteration_id=3,
        key="loss",
        series=7,
        steps=array("q", [4, 5]),
        numbers=array("q", [1, 0]),
        values=array("d", [4.125, 5.0]),
        times=array("q", [1, 0]),
        total=2,
    )


@pytest.mark.parametrize(
    ("query", "wanted", "total"),
    [
        (SeriesQuery(steps=(1, 2)), [(1, 0), (1, 3), (2, 2)], 3),
        (SeriesQuery(steps=(-9, 0)), [(0, 1)], 1),
        (SeriesQuery(repeats="last"), [(0, 1), (1, 3), (2, 2), (4, 4)], 4),
        (SeriesQuery(repeats="last", steps=(1, 1)), [(1, 3)], 1),
        (SeriesQuery(limit=2), [(0, 1), (1, 0)], 5),
        (SeriesQuery(offset=3), [(2, 2), (4, 4)], 5),
        (SeriesQuery(limit=2, offset=1), [(1, 0), (1, 3)], 5),
        (SeriesQuery(limit=99, offset=4), [(4, 4)], 5),
        (SeriesQuery(max_points=4), [(0, 1), (1, 0), (2, 2), (4, 4)], 5),
        (SeriesQuery(max_points=5), [(0, 1), (1, 0), (1, 3), (2, 2), (4, 4)], 5),
        (SeriesQuery(max_points=4, repeats="last"), [(0, 1), (1, 3), (2, 2), (4, 4)], 4),
    ],
)
def test_points_are_chosen_as_asked(query: SeriesQuery, wanted: list[tuple[int, int]], total: int) -> None:
    (series,) = answered(query, [a_run(1, 1, "loss", [1, 0, 2, 1, 4])])

    assert [*zip(series.steps, series.numbers, strict=True)] == wanted
    assert series.total == total


@pytest.mark.parametrize(
    "query", [SeriesQuery(limit=0), SeriesQuery(offset=5), SeriesQuery(steps=(7, 9)), SeriesQuery(steps=(1, 0))]
)
def test_a_series_of_which_nothing_is_asked_is_left_out(query: SeriesQuery) -> None:
    assert answered(query, [a_run(1, 1, "loss", [1, 0, 2, 1, 4])]) == []


@given(
    st.lists(st.lists(FEW_STEPS, min_size=1, max_size=4), max_size=4),
    st.none() | st.integers(0, 8),
    st.integers(0, 8),
)
def test_limit_and_offset_count_over_all_series_by_step_and_id(
    columns: list[list[int]], limit: int | None, offset: int
) -> None:
    runs = [a_run(len(columns) - n, n % 2, str(n), steps) for n, steps in enumerate(columns)]

    answer = answered(SeriesQuery(limit=limit, offset=offset), runs)

    everything = sorted((step, point_id(run.series, number)) for run in runs for number, step in enumerate(run.steps))
    wanted = everything[offset : None if limit is None else offset + limit]
    got = [
        (step, point_id(one.series, number))
        for one in answer
        for step, number in zip(one.steps, one.numbers, strict=True)
    ]
    assert sorted(got) == wanted
    assert all(one.total == len(columns[int(one.key)]) for one in answer)


@given(
    st.lists(st.lists(st.tuples(FEW_STEPS, ODD), min_size=1, max_size=12), max_size=3),
    st.builds(
        SeriesQuery,
        steps=st.none() | st.tuples(FEW_STEPS, FEW_STEPS),
        repeats=st.sampled_from(["all", "last"]),
        max_points=st.none() | st.integers(4, 9),
    )
    | st.builds(SeriesQuery, limit=st.none() | st.integers(0, 9), offset=st.integers(0, 9)),
)
def test_answers_are_the_same_with_numpy_and_without(all: list[list[tuple[int, float]]], query: SeriesQuery) -> None:
    pytest.importorskip("numpy", reason="NumPy is not installed")
    runs = []
    for series, points in enumerate(all):
        steps, values = zip(*points, strict=True)
        numbers = array("q", range(len(points)))
        runs.append(Arrived(series, 1, str(series), numbers, array("q", steps), array("d", values), numbers[:]))

    without = answered(query, runs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("deardiary.core.columns.FEW", 0)
        answer = answered(query, runs)

    assert answer == without


@pytest.mark.parametrize("steps", [[1, 0, 2], []])
def test_columns_are_shown_as_numpy_without_copying_them(steps: list[int]) -> None:
    numpy = pytest.importorskip("numpy", reason="NumPy is not installed")
    series = a_run(1, 1, "loss", steps).answer(3)

    shown = as_numpy(series)

    assert shown == series
    assert [type(one) for one in (shown.numbers, shown.steps, shown.values, shown.times)] == [numpy.ndarray] * 4
    assert (shown.values.dtype, shown.steps.dtype) == ("float64", "int64")  # type: ignore[attr-defined]  # NumPy's
    for index in range(len(steps)):
        shown.values[index] = 9.0
    assert list(series.values) == [9.0] * len(steps)


def test_columns_stay_as_they_are_without_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    series = a_run(1, 1, "loss", [1, 0]).answer(2)

    assert as_numpy(series) is series


# The book.


def a_book() -> SeriesBook:
    """Return the book of an empty diary."""
    return SeriesBook(Draft(Drawers()))


def summary(book: SeriesBook, series: int = 1) -> Summary | None:
    """Return what stands beside the points of a series."""
    return read(book.view, Summary, series)


def test_points_are_numbered_as_they_arrive() -> None:
    book = a_book()

    first = book.append(1, column([0.5, 0.25]), mark=1)
    other = book.append(1, column([1.0], key="acc"), mark=1)
    second = book.append(1, column([0.1], steps=[9]), mark=2)

    assert (first.series, first.first, first.steps) == (1, 0, (0, 1))
    assert (other.series, other.first, other.steps) == (2, 0, (0,))
    assert (second.series, second.first, second.steps) == (1, 2, ())


def test_a_series_belongs_to_one_run_and_one_key() -> None:
    book = a_book()

    series = [book.append(run, column([0.5], key=key), mark=1).series for run in (1, 2) for key in ("a", "b", "a")]

    assert series == [1, 2, 1, 3, 4, 3]


def test_a_series_has_room_for_so_many_points() -> None:
    book = a_book()
    first = book.append(1, column([0.5]), mark=1)
    key = next(key for key, value in book.view.changes()[0].items() if isinstance(value, Head))  # type: ignore[attr-defined]  # a draft
    book.view.put(key, Head(first.series, 1, "loss", MOST_POINTS - 1))  # type: ignore[attr-defined]  # a draft

    last = book.append(1, column([0.25]), mark=1)
    with pytest.raises(Unprocessable) as error:
        book.append(1, column([0.125]), mark=1)

    assert point_id(last.series, last.first) == 2**32 - 1
    assert error.value.message == "the series 'loss' is full: one series has room for 2,147,483,647 points"


def test_a_point_is_changed_in_its_place() -> None:
    book = a_book()
    book.append(1, column([0.5, 0.25, 0.125]), mark=1)

    id = book.patch(point_id(1, 1), {"step": 9, "value": -0.0, "recorded_at": NOON}, mark=2)

    (series,) = book.read(SeriesQuery())
    assert id == point_id(1, 1)
    assert (list(series.numbers), list(series.steps)) == ([0, 2, 1], [0, 2, 9])
    assert (str(series.values[2]), series.times[2]) == ("-0.0", micros(NOON))


def test_a_point_keeps_what_a_patch_does_not_say() -> None:
    book = a_book()
    book.append(1, column([0.5], steps=[7]), mark=1)
    (before,) = book.read(SeriesQuery())

    book.patch(point_id(1, 0), {}, mark=2)

    assert book.read(SeriesQuery()) == [before]


def test_a_point_whose_key_stays_keeps_its_place() -> None:
    book = a_book()
    book.append(1, column([0.5, 0.25]), mark=1)

    assert book.patch(point_id(1, 0), {"key": "loss", "value": 0.75}, mark=2) == point_id(1, 0)


def test_a_point_of_another_key_moves() -> None:
    book = a_book()
    book.append(1, column([0.5, 0.25]), mark=1)
    book.append(1, column([9.0], key="acc"), mark=1)

    id = book.patch(point_id(1, 0), {"key": "acc", "step": -1}, mark=2)

    acc, loss = book.read(SeriesQuery())
    assert place_of(id) == (2, 1)
    assert (list(acc.steps), list(acc.values), list(acc.numbers)) == ([-1, 0], [0.5, 9.0], [1, 0])
    assert list(loss.numbers) == [1]


def test_the_last_point_of_a_series_may_move_away() -> None:
    book = a_book()
    book.append(1, column([0.5]), mark=1)

    book.patch(point_id(1, 0), {"key": "acc"}, mark=2)

    assert summary(book) is None
    assert [one.key for one in book.read(SeriesQuery())] == ["acc"]


def test_a_dropped_point_leaves_a_hole() -> None:
    book = a_book()
    book.append(1, column([0.5, 0.25, 0.125]), mark=1)

    book.drop(point_id(1, 1), mark=2)
    placed = book.append(1, column([0.0625]), mark=3)

    (series,) = book.read(SeriesQuery())
    assert (list(series.numbers), list(series.steps)) == ([0, 2, 3], [0, 2, 3])
    assert placed.first == 3


def test_a_series_without_points_goes_on_with_its_numbers() -> None:
    book = a_book()
    book.append(1, column([0.5], steps=[7]), mark=1)

    book.drop(point_id(1, 0), mark=2)
    gone, empty = summary(book), book.read(SeriesQuery())
    placed = book.append(1, column([0.25]), mark=3)

    assert (gone, empty) == (None, [])
    assert (placed.series, placed.first, placed.steps) == (1, 1, (0,))


@pytest.mark.parametrize("id", [0, -1, 7, point_id(1, 2), point_id(2, 0), 2**63 - 1])
def test_a_point_that_is_not_there_is_not_found(id: int) -> None:
    book = a_book()
    book.append(1, column([0.5, 0.25]), mark=1)

    for call in (lambda: book.drop(id, mark=2), lambda: book.patch(id, {"value": 1.0}, mark=2)):
        with pytest.raises(NotFound) as error:
            call()
        assert (error.value.message, error.value.kind, error.value.id) == (f"metric {id} is not there", "Metric", id)


def test_a_point_is_dropped_once() -> None:
    book = a_book()
    book.append(1, column([0.5, 0.25]), mark=1)
    book.drop(point_id(1, 0), mark=2)

    with pytest.raises(NotFound):
        book.drop(point_id(1, 0), mark=3)


def test_a_run_that_is_forgotten_leaves_no_series() -> None:
    book = a_book()
    for key in ("a", "b"):
        book.append(1, column([0.5, 0.25], key=key), mark=1)
    book.append(1, column([0.125], key="a"), mark=2)
    book.append(2, column([0.5]), mark=2)
    book.drop(point_id(2, 0), mark=3)
    book.drop(point_id(2, 1), mark=3)

    book.forget(1)

    assert [one.iteration_id for one in book.read(SeriesQuery())] == [2]
    puts, _ = book.view.changes()  # type: ignore[attr-defined]  # a draft
    assert [key for key in puts if key.startswith(("head/1/", "points/1/", "points/2/"))] == []


def test_a_forgotten_run_does_not_give_its_series_away() -> None:
    book = a_book()
    book.append(1, column([0.5]), mark=1)

    book.forget(1)

    assert book.append(2, column([0.5]), mark=2).series == 2


DEEDS = st.lists(
    st.tuples(
        st.just("append"),
        st.sampled_from("ab"),
        st.lists(st.tuples(FEW_STEPS | st.just(NO_STEP), ODD), min_size=1, max_size=3),
    )
    | st.tuples(
        st.just("patch"),
        st.integers(0, 9),
        st.fixed_dictionaries({}, optional={"step": FEW_STEPS, "value": ODD, "key": st.sampled_from("ab")}),
    )
    | st.tuples(st.just("drop"), st.integers(0, 9), st.none()),
    max_size=8,
)


@given(DEEDS)
def test_a_summary_is_always_true(deeds: list[Any]) -> None:
    book = a_book()
    ids: list[int] = []

    for deed, what, how in deeds:
        if deed == "append":
            steps, values = zip(*how, strict=True)
            placed = book.append(1, column(values, key=what, steps=steps), mark=1)
            ids += [point_id(placed.series, placed.first + n) for n in range(len(values))]
        elif ids and deed == "patch":
            ids[what % len(ids)] = book.patch(ids[what % len(ids)], how, mark=1)
        elif ids:
            book.drop(ids.pop(what % len(ids)), mark=1)

    answer = book.read(SeriesQuery())
    held = {point_id(one.series, number) for one in answer for number in one.numbers}
    assert held == set(ids)
    for one in answer:
        arrived = sorted(zip(one.numbers, one.steps, one.values, strict=True), key=lambda point: point[0])
        said = said_of([(step, value) for _, step, value in arrived])
        row = summary(book, one.series)
        assert row is not None
        assert shown(extent_of(row)) == shown(said)


# Reading.


def a_diary() -> Drawers:
    """Return a diary of three runs with points."""
    return told(
        Insert(Project(id=-1, name="Iris")),
        Insert(Experiment(id=-1, project_id=-1, name="Depth")),
        *(Insert(Iteration(id=-n, experiment_id=-1)) for n in (1, 2, 3)),
        Append(-2, Points.of([("loss", 0.5, None, 0), ("é", 0.25, None, 0)])),
        Append(-1, Points.of([("loss", 1.0, None, 0), ("loss", 2.0, None, 0)])),
    )


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (SeriesQuery(), [(1, "loss"), (2, "loss"), (2, "é")]),
        (SeriesQuery(iterations=[2]), [(2, "loss"), (2, "é")]),
        (SeriesQuery(iterations=[2, 1, 2]), [(1, "loss"), (2, "loss"), (2, "é")]),
        (SeriesQuery(iterations=[3, 99, -1, 0]), []),
        (SeriesQuery(keys=["loss"]), [(1, "loss"), (2, "loss")]),
        (SeriesQuery(keys=["e\u0301", "absent"]), [(2, "é")]),
        (SeriesQuery(iterations=[1], keys=["é"]), []),
        (SeriesQuery(ids=[point_id(3, 1)]), [(1, "loss")]),
        (SeriesQuery(ids=[point_id(3, 1), point_id(2, 0), point_id(3, 1)]), [(1, "loss"), (2, "é")]),
        (SeriesQuery(ids=[point_id(3, 9), point_id(99, 0), 0, -1, 5]), []),
    ],
)
def test_series_are_read_by_run_key_or_id(query: SeriesQuery, wanted: list[tuple[int, str]]) -> None:
    answer = SeriesBook(a_diary()).read(query)

    assert [(one.iteration_id, one.key) for one in answer] == wanted


def test_points_asked_for_by_id_come_alone() -> None:
    (series,) = SeriesBook(a_diary()).read(SeriesQuery(ids=[point_id(3, 1)]))

    assert (list(series.numbers), list(series.values), series.total) == ([1], [2.0], 1)


def test_a_series_query_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(Invalid):
        SeriesBook(Drawers()).read(SeriesQuery(limit=-1))


def test_the_diary_does_not_change_with_an_answer() -> None:
    diary = a_diary()
    (before,) = SeriesBook(diary).read(SeriesQuery(iterations=[1]))

    before.values[0], before.steps[0] = 9.0, 9

    (after,) = SeriesBook(diary).read(SeriesQuery(iterations=[1]))
    assert (list(after.values), list(after.steps)) == ([1.0, 2.0], [0, 1])


def test_an_answer_does_not_change_with_the_diary() -> None:
    diary = a_diary()
    (before,) = SeriesBook(diary).read(SeriesQuery(iterations=[1]))

    told(Patch(Metric, point_id(3, 0), {"value": 9.0}), into=diary)

    assert list(before.values) == [1.0, 2.0]


# Points one by one.


def test_points_come_one_by_one_by_step_and_id() -> None:
    runs = [a_run(2, 1, "b", [1, 0]), a_run(1, 1, "a", [1, 1])]

    points = metrics(answered(SeriesQuery(), runs))

    assert [(point.step, place_of(point.id), point.key) for point in points] == [
        (0, (2, 1), "b"),
        (1, (1, 0), "a"),
        (1, (1, 1), "a"),
        (1, (2, 0), "b"),
    ]


def test_a_point_says_all_that_is_known_of_it() -> None:
    run = Arrived(3, 7, "loss", array("q", [2]), array("q", [-5]), array("d", [-0.0]), array("q", [LAST_TIME]))

    (point,) = metrics(answered(SeriesQuery(), [run]))

    assert asdict(point) == {
        "id": point_id(3, 2),
        "iteration_id": 7,
        "key": "loss",
        "value": 0.0,
        "step": -5,
        "recorded_at": LAST,
    }
    assert str(point.value) == "-0.0"


def test_the_time_of_a_point_is_exact_to_the_microsecond() -> None:
    run = Arrived(1, 1, "loss", array("q", [0]), array("q", [0]), array("d", [0.5]), array("q", [micros(NOON) + 1]))

    (point,) = metrics(answered(SeriesQuery(), [run]))

    assert point.recorded_at == NOON + timedelta(microseconds=1)
