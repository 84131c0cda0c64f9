"""Columns answer the same with NumPy and without it."""

import math
import struct
import sys
from array import array
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deardiary.core import columns
from deardiary.core.columns import GREATEST, MISSING

LONGS = st.integers(MISSING, GREATEST)
STEPS = st.lists(st.integers(-3, 4) | LONGS, min_size=1, max_size=12)
ODD = st.sampled_from([math.nan, 0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, 5e-324]) | st.floats()
VALUES = st.lists(ODD, min_size=1, max_size=40)


def longs(numbers: Any) -> "array[int]":
    return array("q", numbers)


def plain(answer: Any) -> Any:
    """Return an answer as plain numbers that are equal only bit for bit."""
    if isinstance(answer, float):
        return "nan" if math.isnan(answer) else struct.pack("d", answer)
    if isinstance(answer, tuple):
        return tuple(plain(one) for one in answer)
    if hasattr(answer, "tolist"):
        return [plain(one) for one in answer.tolist()]
    return [plain(one) for one in answer] if isinstance(answer, list) else answer


def both(work: Callable[[], Any]) -> Any:
    """Return what some work answers, which must be the same with NumPy and without it."""
    answers = []
    for few, numpy in ((0, sys.modules["numpy"]), (GREATEST, None)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(columns, "FEW", few)
            patch.setitem(sys.modules, "numpy", numpy)
            try:
                answers.append(plain(work()))
            except OverflowError:
                answers.append("too far")
    assert answers[0] == answers[1]
    return answers[0]


@pytest.fixture(autouse=True, scope="module")
def with_numpy() -> None:
    pytest.importorskip("numpy", reason="NumPy is not installed")


# Whether NumPy is used.


def test_few_numbers_are_not_worth_numpy() -> None:
    assert columns.numpy_for(columns.FEW) is None
    assert columns.numpy_for(columns.FEW + 1) is sys.modules["numpy"]


def test_numpy_is_imported_only_for_many_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    numpy = sys.modules["numpy"]
    imported: list[str] = []
    monkeypatch.setattr(columns, "installed_numpy", lambda: imported.append("numpy") or numpy)
    monkeypatch.delitem(sys.modules, "numpy")

    assert columns.numpy_for(columns.MANY - 1) is None
    assert imported == []
    assert columns.numpy_for(columns.MANY) is numpy
    assert imported == ["numpy"]


def test_without_numpy_many_numbers_are_worked_on_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)

    assert columns.numpy_for(10**6) is None
    assert columns.installed_numpy() is None


# Taking columns apart and putting them together.


def test_columns_are_joined_into_a_new_one() -> None:
    one = longs([1, 2])

    assert columns.joined("q", [one, longs([3])]) == longs([1, 2, 3])
    assert columns.joined("q", [one]) == one
    assert columns.joined("q", [one]) is not one
    assert columns.joined("d", []) == array("d")


@given(st.lists(LONGS, min_size=1), st.lists(st.integers(0, 99)))
def test_places_are_taken(numbers: list[int], places: list[int]) -> None:
    places = [place % len(numbers) for place in places]

    assert both(lambda: columns.taken(longs(numbers), places)) == [numbers[place] for place in places]


@given(st.integers(-(2**60), 2**60), st.integers(0, 90))
def test_numbers_are_counted(first: int, count: int) -> None:
    assert both(lambda: columns.counted(first, count)) == [*range(first, first + count)]


@given(STEPS)
@example([2, 1, 2, 1])
def test_steps_are_ordered_and_equal_ones_stay_as_they_came(steps: list[int]) -> None:
    wanted = sorted(range(len(steps)), key=lambda place: (steps[place], place))

    assert both(lambda: columns.order(longs(steps))) == (None if wanted == [*range(len(steps))] else wanted)


@given(STEPS)
@example([1, 1, 2, 2, 2])
def test_of_steps_that_repeat_the_last_is_told(steps: list[int]) -> None:
    steps = sorted(steps)
    wanted = [place for place in range(len(steps)) if steps[place] not in steps[place + 1 :]]

    assert both(lambda: columns.last_of_each(longs(steps))) == (None if len(wanted) == len(steps) else wanted)


@given(STEPS, LONGS, LONGS)
@example([1, 2, 3], 3, 1)
def test_steps_are_cut_out(steps: list[int], first: int, last: int) -> None:
    steps = sorted(steps)

    start, stop = columns.within(longs(steps), first, last)

    assert steps[start:stop] == [step for step in steps if first <= step <= last]


@given(VALUES, st.integers(4, 21))
@example([math.nan] * 12, 4)
@example([math.inf, math.nan, math.inf, math.nan, math.inf, 1.0, 1.0], 4)
@example([0.0, 0.0, -0.0, -0.0, 0.0, 0.0], 4)
@example([1.0, 5.0, 5.0, 5.0, 2.0], 4)
def test_spikes_are_the_same_either_way(values: list[float], most: int) -> None:
    kept = both(lambda: columns.spikes(array("d", values), most))

    assert (kept is None) == (len(values) <= most)
    assert kept is None or (kept[0], kept[-1], kept) == (0, len(values) - 1, sorted(set(kept)))


def test_bytes_are_written_into_a_blank_column(monkeypatch: pytest.MonkeyPatch) -> None:
    def written() -> Any:
        blank = columns.Blank.of("q", 3)
        blank.write(b"\1\2\3", 0, 24, 8)
        blank.write(b"\7", 9, 16, 8)
        blank.write(bytes([5, 0, 0, 0, 0, 0, 0, 0]), 16, 24)
        return blank.finish()

    assert both(written) == [1, 2 + 7 * 256, 5]
    monkeypatch.setattr("sys.byteorder", "big")
    assert both(written) == [1 << 56, (2 << 56) + (7 << 48), 5 << 56]


def test_bytes_that_do_not_fit_into_a_column_are_refused() -> None:
    def refused() -> str:
        with pytest.raises(ValueError, match="1 bytes do not fit from 0 to 24 by 8"):
            columns.Blank.of("d", 3).write(b"\1", 0, 24, 8)
        return "refused"

    assert both(refused) == "refused"


# Summing columns up.


@given(STEPS)
@example([3, 1, 2, 3, 1])
def test_steps_reach_from_the_first_least_to_the_last_greatest(steps: list[int]) -> None:
    low, high = min(steps), max(steps)
    wanted = (low, steps.index(low), high, max(place for place, step in enumerate(steps) if step == high))

    assert both(lambda: columns.reach(longs(steps))) == wanted
    assert both(lambda: columns.bounds(longs(steps))) == (low, high)


@given(st.lists(st.lists(ODD, min_size=3, max_size=3), max_size=4))
@example([[0.0, -0.0, 1.0], [-0.0, -0.0, 5.0], [math.inf, -math.inf, 0.0]])
def test_values_lie_between_ends(rows: list[list[float]]) -> None:
    said = both(lambda: columns.ends_of([array("d", row) for row in rows]))

    for (low, high), row in zip(said, rows, strict=True):
        numbers = sorted((value, math.copysign(1, value)) for value in row if not math.isnan(value))
        wanted = (math.copysign(*numbers[0]), math.copysign(*numbers[-1])) if numbers else (None, None)
        assert (low, high) == plain(wanted)


def test_values_of_several_lengths_lie_between_ends() -> None:
    assert both(lambda: columns.ends_of([array("d", [1.0]), array("d", [3.0, 2.0])])) == plain([(1.0, 1.0), (2.0, 3.0)])
    assert both(lambda: columns.ends_of([])) == []


# Filling steps in.


@given(st.lists(st.just(MISSING) | st.integers(-3, 5) | LONGS, min_size=1, max_size=9), st.none() | LONGS)
@example([MISSING, GREATEST], None)
@example([GREATEST, MISSING], None)
@example([MISSING, 3, MISSING], -5)
@example([7, MISSING, 2, MISSING], None)
@example([2**62, MISSING], 0)
@example([MISSING] * 3, GREATEST - 2)
def test_missing_steps_are_filled_in(steps: list[int], greatest: int | None) -> None:
    wanted: list[int] = []
    top = greatest
    for step in steps:
        step = step if step != MISSING else 0 if top is None else top + 1
        top = step if top is None else max(top, step)
        wanted.append(step)

    said = both(lambda: columns.filled(longs(steps), greatest))

    given = [made for made, step in zip(wanted, steps, strict=True) if step == MISSING]
    assert said == ("too far" if max(wanted) > GREATEST else (wanted, given))
    assert both(lambda: columns.lacks(longs(steps))) == (MISSING in steps)


# Differences.


@given(st.lists(st.integers(-(2**62), 2**62 - 1), min_size=1))
def test_differences_add_up_again(numbers: list[int]) -> None:
    wanted = [0, *(one - before for before, one in pairwise(numbers))]

    assert both(lambda: columns.differences(longs(numbers))) == wanted
    assert both(lambda: columns.add_up(numbers[0], longs(wanted))) == numbers


@given(st.lists(LONGS, min_size=1, max_size=4))
@example([5])
@example([1, 3, 5])
@example([1, 3, 6])
@example([1, 2, 4, 4])
@example([MISSING, GREATEST])
@example([MISSING, 0, MISSING + 2**62])
@example([3, 3, 3])
def test_an_even_growth_is_seen(numbers: list[int]) -> None:
    steps = {one - before for before, one in pairwise(numbers)} or {0}
    wanted = steps.pop() if len(steps) == 1 else None

    said = both(lambda: columns.stride(longs(numbers)))

    assert said == (None if wanted is not None and abs(wanted) > GREATEST else wanted)
    if said is not None:
        assert both(lambda: columns.ramped(numbers[0], said, len(numbers))) == numbers
