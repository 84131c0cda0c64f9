"""Columns as people have them become arrays of numbers, steps and times, or are refused with what to do."""

import math
import struct
from array import array
from collections import OrderedDict, UserDict, UserList, deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from deardiary.core.errors import Invalid
from deardiary.verbs.bulk import columns_in, steps_in, times_in

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOON_SECONDS = int(NOON.timestamp())


class Type:
    """What says of which sort the values of a series are."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


class Series:
    """A series as of pandas: it has a sort of values, and is no array of NumPy."""

    ndim = 1

    def __init__(self, values: Any) -> None:
        self.values = np.asarray(values)
        self.dtype = Type(self.values.dtype.kind)
        self.shape = self.values.shape

    def astype(self, name: str) -> "Series":
        return Series(self.values.astype(name))

    def round(self) -> "Series":
        return Series(self.values.round())

    def __mul__(self, factor: float) -> "Series":
        return Series(self.values * factor)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def tolist(self) -> list[Any]:
        return list(self.values.tolist())

    def to_numpy(self) -> Any:
        return self.values

    def __array__(self, *_: Any, **__: Any) -> Any:
        return self.values


class Tensor:
    """A tensor as of PyTorch: what is in it comes as a list."""

    dtype = "torch.float32"

    def __init__(self, values: Any) -> None:
        self.values = values

    def tolist(self) -> Any:
        return self.values


class Frame:
    """A series as of Polars: it can be gone over, and that is all."""

    dtype = "Float64"

    def __init__(self, values: Any) -> None:
        self.values = values

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)


def bits(values: Any) -> list[bytes]:
    return [struct.pack("<d", value) for value in values]


# Columns.

WHOLE = [1.0, 2.0, 3.0]

COLUMNS: dict[str, Any] = {
    "list": [1, 2, 3],
    "tuple": (1.0, 2.0, 3.0),
    "range": range(1, 4),
    "generator": (one for one in (1, 2, 3)),
    "iterator": iter([1, 2, 3]),
    "map": map(float, "123"),
    "deque": deque([1, 2, 3]),
    "list of others": UserList([1, 2, 3]),
    "keys": {1: "a", 2: "b", 3: "c"}.keys(),
    "array of doubles": array("d", [1, 2, 3]),
    "array of floats": array("f", [1, 2, 3]),
    "array of integers": array("q", [1, 2, 3]),
    "array of bytes": array("B", [1, 2, 3]),
    "view": memoryview(array("d", [1, 2, 3])),
    "decimals": [Decimal(1), Decimal(2), Decimal(3)],
    "fractions": [Fraction(1), Fraction(2), Fraction(3)],
    "scalars of NumPy": [np.float32(1), np.int64(2), np.float64(3)],
    "arrays of one": [np.array(1.0), np.array([2.0]), np.array(3)],
    "mixed": [True, 2, 3.0],
    "objects of NumPy": np.array([1, Decimal(2), Fraction(3)], dtype=object),
    "every second": np.array([1.0, 9.0, 2.0, 9.0, 3.0])[::2],
    "backwards": np.array([3, 2, 1])[::-1],
    "read only": np.broadcast_to(np.array([1.0, 2.0, 3.0]), (3,)),
    "great end first": np.array([1.0, 2.0, 3.0], dtype=">f8"),
    "series": Series([1.0, 2.0, 3.0]),
    "series of integers": Series([1, 2, 3]),
    "tensor": Tensor([1.0, 2.0, 3.0]),
    "frame": Frame([1.0, 2.0, 3.0]),
}
SORTS = ["f2", "f4", "f8", "g", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">i4", "O"]


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_comes_in_many_forms(name: str) -> None:
    found = columns_in({"loss": COLUMNS[name]})

    assert (list(found), found["loss"].typecode, found["loss"].tolist()) == (["loss"], "d", WHOLE)


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_of_number_of_numpy_is_taken(sort: str) -> None:
    assert columns_in({"loss": np.array([1, 2, 3], dtype=sort)})["loss"].tolist() == WHOLE


def test_bools_are_numbers() -> None:
    assert columns_in({"a": [True, False], "b": np.array([True, False])}) == {
        "a": array("d", [1, 0]),
        "b": array("d", [1, 0]),
    }


@pytest.mark.parametrize("make", [list, tuple, np.array, lambda values: array("d", values), Series, Tensor])
def test_odd_numbers_stay_as_they_are(make: Any) -> None:
    odd = [math.nan, math.inf, -math.inf, -0.0, 5e-324, 1.7976931348623157e308, float(2**62)]

    assert bits(columns_in({"loss": make(odd)})["loss"]) == bits(odd)


@pytest.mark.parametrize("make", [dict, OrderedDict, UserDict, MappingProxyType])
def test_columns_come_in_any_mapping(make: Any) -> None:
    assert columns_in(make({"loss": [1]})) == {"loss": array("d", [1])}


def test_nested_columns_are_joined() -> None:
    columns = {"val": {"acc": [1], "by": {"🌱": [2], 3: [3]}}, "empty": {}, "deep": MappingProxyType({"er": [4]})}

    assert {key: column.tolist() for key, column in columns_in(columns).items()} == {
        "val/acc": [1],
        "val/by/🌱": [2],
        "val/by/3": [3],
        "deep/er": [4],
    }


def test_one_key_written_in_two_ways_is_one_column() -> None:
    assert columns_in({"e\u0301": [1], "\xe9": [2]}) == {"\xe9": array("d", [2])}


@pytest.mark.parametrize("columns", [{}, {"a": {}}, {"a": [], "b": ()}, {"a": np.array([])}])
def test_nothing_is_nothing(columns: Any) -> None:
    assert all(len(column) == 0 for column in columns_in(columns).values())


def test_a_column_is_one_of_its_own() -> None:
    given = np.array([1.0, 2.0])
    found = columns_in({"loss": given})
    given[0] = 9

    assert found["loss"].tolist() == [1, 2]


WRONG: dict[str, tuple[Any, str]] = {
    "no mapping": ([{"loss": 0.5}], r'columns are given as list; give a mapping, such as {"loss": \[0.5, 0.4\]}'),
    "none": (None, "columns are given as NoneType; give a mapping"),
    "an array": (np.array([1.0]), "columns are given as numpy.ndarray; give a mapping"),
    "a number": ({"loss": 0.5}, "the column 'loss' is 0.5; give a list, an array or a NumPy array"),
    "a number of NumPy": ({"loss": np.float64(0.5)}, r"the column 'loss' has the shape \(\); give one dimension"),
    "no column": ({"loss": None}, "the column 'loss' is None; give a list"),
    "text": ({"loss": "0.5"}, "the column 'loss' is '0.5'; give a list"),
    "bytes": ({"loss": b"12"}, "the column 'loss' is b'12'; give a list"),
    "texts": ({"loss": ["0.5"]}, r"metric 'loss\[0\]' is '0.5', not a number; metrics are numbers"),
    "texts of NumPy": ({"loss": np.array(["0.5"])}, r"metric 'loss\[0\]' is '0.5', not a number"),
    "a hole": ({"loss": [0.5, None]}, r"metric 'loss\[1\]' is none, not a number; leave out what was not measured"),
    "complex": ({"loss": [1j]}, r"metric 'loss\[0\]' is 1j, not a number; log its parts"),
    "complex of NumPy": ({"loss": np.array([1j])}, r"metric 'loss\[0\]' is 1j, not a number"),
    "times": ({"loss": [NOON]}, r"metric 'loss\[0\]' is datetime.* not a number"),
    "times of NumPy": ({"loss": np.array([0], dtype="M8[s]")}, r"metric 'loss\[0\]' is datetime.* not a number"),
    "too great": ({"loss": [1, 10**400]}, r"metric 'loss\[1\]' is an integer too great for a float of 64 bits"),
    "lists": ({"loss": [[0.5]]}, r"metric 'loss\[0\]' is \[0.5\], not a number"),
    "arrays": ({"loss": [np.array([1.0, 2.0])]}, r"metric 'loss\[0\]' is numpy.ndarray, not one number"),
    "two dimensions": ({"loss": np.zeros((2, 2))}, r"the column 'loss' has the shape \(2, 2\); give one dimension"),
    "no dimension": ({"loss": np.array(1.0)}, r"the column 'loss' has the shape \(\); give one dimension"),
    "tensor of two dimensions": ({"loss": Tensor([[1.0]])}, r"metric 'loss\[0\]' is \[1.0\], not a number"),
    "tensor without one": ({"loss": Tensor(1.0)}, "loss"),
    "lengths": (
        {"loss": [1, 2], "val": {"acc": [1]}},
        "columns are of one length, and 'loss' has 2, 'val/acc' has 1 values; log what is shorter by itself",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_column_is_refused_with_what_to_do(name: str) -> None:
    columns, sentence = WRONG[name]

    with pytest.raises(Invalid, match=sentence):
        columns_in(columns)


def test_a_generator_that_fails_raises_its_own_error() -> None:
    def failing() -> Iterator[float]:
        yield 1.0
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        columns_in({"loss": failing()})


# Steps.

STEPS: dict[str, Any] = {
    "list": [1, 5, 3],
    "tuple": (1, 5, 3),
    "generator": (one for one in (1, 5, 3)),
    "array": array("q", [1, 5, 3]),
    "small array": array("b", [1, 5, 3]),
    "whole floats": [1.0, 5.0, 3.0],
    "scalars of NumPy": [np.int64(1), np.uint8(5), 3],
    "series": Series([1, 5, 3]),
    "tensor": Tensor([1, 5, 3]),
    **{f"NumPy {sort}": np.array([1, 5, 3], dtype=sort) for sort in ("i1", "i4", "i8", "u1", "u8", ">i2", "f4", "f8")},
}


@pytest.mark.parametrize("name", STEPS)
def test_steps_come_in_many_forms(name: str) -> None:
    assert steps_in(STEPS[name], 3) == array("q", [1, 5, 3])


@pytest.mark.parametrize("steps", [range(-3, 6, 3), range(4, -5, -4)])
def test_a_range_is_steps(steps: range) -> None:
    assert steps_in(steps, 3).tolist() == [*steps]


def test_the_greatest_and_the_least_step_are_taken() -> None:
    ends = [-(2**63) + 1, 2**63 - 1]

    assert steps_in(ends, 2).tolist() == steps_in(np.array(ends), 2).tolist() == ends


WRONG_STEPS: dict[str, tuple[Any, str]] = {
    "fewer": ([1], "there are 1 steps for columns of 2 values; give one for each"),
    "more": (range(3), "there are 3 steps for columns of 2 values; give one for each"),
    "one for all": (5, "steps is 5; give a list"),
    "text": ("12", "steps is '12'; give a list"),
    "texts": (["1", "2"], "a step is '1', not an integer"),
    "halves": ([0.5, 1], "a step is 0.5, not an integer"),
    "halves of NumPy": (np.array([0.5, 1]), "a step is 0.5, not an integer"),
    "NaN": (np.array([math.nan, 1]), "a step is nan, not an integer"),
    "bools": ([True, False], "a step is True, not an integer"),
    "bools of NumPy": (np.array([True, False]), "a step is True, not an integer"),
    "none": ([1, None], "a step is none; leave steps out, and the values are counted"),
    "too great": ([1, 2**63], "a step is 9223372036854775808, outside"),
    "too great in NumPy": (np.array([1, 2**63], dtype="u8"), "a step is 9223372036854775808, outside"),
    "too great in a range": (range(2**63, 2**63 + 2), "a step is 9223372036854775808, outside"),
    "too little": ([1, -(2**63)], "a step is -9223372036854775808, outside"),
    "too little in NumPy": (np.array([1, -(2**63)]), "a step is -9223372036854775808, outside"),
    "too little in an array": (array("q", [1, -(2**63)]), "a step is -9223372036854775808, outside"),
    "two dimensions": (np.zeros((1, 2), dtype="i8"), r"steps has the shape \(1, 2\); give one dimension"),
}


@pytest.mark.parametrize("name", WRONG_STEPS)
def test_what_is_no_steps_is_refused(name: str) -> None:
    steps, sentence = WRONG_STEPS[name]

    with pytest.raises(Invalid, match=sentence):
        steps_in(steps, 2)


# Times.

LATER = NOON + timedelta(seconds=1.5)
TIMES: dict[str, Any] = {
    "datetimes": [NOON, LATER],
    "elsewhere": [NOON.astimezone(timezone(timedelta(hours=5))), LATER],
    "seconds": [NOON_SECONDS, NOON_SECONDS + 1.5],
    "array": array("d", [NOON_SECONDS, NOON_SECONDS + 1.5]),
    "floats of NumPy": np.array([NOON_SECONDS, NOON_SECONDS + 1.5]),
    "series": Series([NOON_SECONDS, NOON_SECONDS + 1.5]),
    "generator": (one for one in (NOON, LATER)),
    **{
        f"datetime64[{unit}]": np.array(["2026-03-01T12:00:00", "2026-03-01T12:00:01.5"], dtype=f"M8[{unit}]")
        for unit in ("ms", "us", "ns")
    },
}


@pytest.mark.parametrize("name", TIMES)
def test_times_come_in_many_forms(name: str) -> None:
    assert times_in(TIMES[name], 2).tolist() == [NOON_SECONDS * 10**6, NOON_SECONDS * 10**6 + 1_500_000]


@pytest.mark.parametrize("sort", ["i4", "i8", "u4", "u8", "M8[s]", "M8[m]"])
def test_whole_seconds_are_times(sort: str) -> None:
    noon = NOON_SECONDS // 60 if sort == "M8[m]" else NOON_SECONDS

    assert times_in(np.array([noon] * 2, dtype=sort), 2).tolist() == [NOON_SECONDS * 10**6] * 2


def test_without_times_it_is_now_for_all() -> None:
    before = datetime.now(UTC)
    found = times_in(None, 3).tolist()

    assert len(set(found)) == 1
    assert before.timestamp() - 0.001 <= found[0] / 1e6 <= datetime.now(UTC).timestamp() + 0.001


YEARS = "a time is outside the years 1 to 9999; numbers are seconds since 1970"
WRONG_TIMES: dict[str, tuple[Any, str]] = {
    "fewer": ([NOON], "there are 1 times for columns of 2 values; give one for each"),
    "one for all": (NOON, "times is datetime"),
    "no zone": ([NOON, datetime(2026, 3, 1)], "a time"),
    "texts": (["2026-03-01", "2026-03-02"], "a time is '2026-03-01'; give a datetime with a time zone"),
    "bools": ([True, False], "a time is True; give a datetime with a time zone"),
    "none": ([NOON, None], "a time is None; give a datetime with a time zone"),
    "NaN": ([0, math.nan], "a time is nan; give a datetime with a time zone"),
    "infinity": ([0, math.inf], "a time is inf; give a datetime with a time zone"),
    "no time": (np.array([0, "NaT"], dtype="M8[us]"), YEARS),
    "NaN of NumPy": (np.array([0, math.nan]), "a time"),
    "infinity of NumPy": (np.array([0, math.inf]), "a time"),
    "milliseconds": ([1_772_366_400_000, 1_772_366_400_001], "a time"),
    "milliseconds of NumPy": (np.array([1_772_366_400_000] * 2), YEARS),
    "great": (np.array([2**64 - 1] * 2, dtype="u8"), "a time"),
    "two dimensions": (np.zeros((1, 2)), r"times has the shape \(1, 2\); give one dimension"),
}


@pytest.mark.parametrize("name", WRONG_TIMES)
def test_what_is_no_times_is_refused(name: str) -> None:
    times, sentence = WRONG_TIMES[name]

    with pytest.raises(Invalid, match=sentence):
        times_in(times, 2)
