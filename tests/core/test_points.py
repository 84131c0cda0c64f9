"""Points travel by column, and come back bit for bit."""

import json
import math
import struct
from array import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.samples import AWKWARD
from deardiary.core.errors import Invalid
from deardiary.core.points import (
    MOST_POINTS,
    NO_STEP,
    PLACES,
    Column,
    Points,
    little,
    native,
    place_of,
    point_id,
)
from deardiary.core.shapes import FIRST_TIME, LAST_TIME

ODD = [math.nan, -math.nan, math.inf, -math.inf, 0.0, -0.0, 5e-324, 1.7976931348623157e308, 0.1]
LONGS = st.integers(-(2**63), 2**63 - 1)
TIMES = st.integers(FIRST_TIME, LAST_TIME)
KEYS = st.text(min_size=1, max_size=9).filter(lambda key: "\0" not in key and key.isprintable())


def column(key: str = "loss", **parts: Any) -> Column:
    """Return a column of one point, unless its parts are given."""
    return Column(key=key, **{"values": [0.5], "times": [0], "steps": [0], **parts})


def bits(values: Any) -> bytes:
    """Return floats as bytes, by which NaN equals itself."""
    return struct.pack(f"<{len(values)}d", *values)


# Places.


@pytest.mark.parametrize(
    ("series", "number", "id"),
    [
        (1, 0, 2**31 + 1),
        (1, 1, 2**31 + 2),
        (1, MOST_POINTS - 1, 2**32 - 1),
        (2, 0, 2**32 + 1),
        (2**32 - 1, MOST_POINTS - 1, 2**63 - 1),
    ],
)
def test_the_id_of_a_point_says_its_series_and_its_place(series: int, number: int, id: int) -> None:
    assert point_id(series, number) == id
    assert place_of(id) == (series, number)


@given(st.integers(1, 2**32 - 1), st.integers(0, MOST_POINTS - 1))
def test_every_place_comes_back_from_its_id(series: int, number: int) -> None:
    assert place_of(point_id(series, number)) == (series, number)


@pytest.mark.parametrize("id", [0, -1, 1, PLACES])
def test_an_id_of_no_point_names_no_series_of_any_diary(id: int) -> None:
    assert place_of(id)[0] <= 0


# Columns.


def test_a_column_keeps_arrays_as_they_are() -> None:
    values, times, steps = array("d", [0.5]), array("q", [1]), array("q", [2])

    made = Column(key="loss", values=values, times=times, steps=steps)

    assert (made.values is values, made.times is times, made.steps is steps) == (True, True, True)
    assert len(made) == 1


def test_a_column_is_made_of_any_numbers() -> None:
    made = Column(key="loss", values=(1, 0.5), times=range(2), steps=iter([5, NO_STEP]))

    assert (made.values, made.times, made.steps) == (
        array("d", [1.0, 0.5]),
        array("q", [0, 1]),
        array("q", [5, NO_STEP]),
    )


def test_columns_are_equal_by_their_bits() -> None:
    assert column(values=[math.nan]) == column(values=[math.nan])
    assert column(values=[math.nan]) != column(values=[-math.nan])
    assert column(values=[0.0]) != column(values=[-0.0])


def test_the_key_of_a_column_is_kept_in_one_form() -> None:
    assert column("e\u0301").key == "é"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"key": ""}, "a metric's key is empty"),
        ({"key": "\0"}, "a metric's key contains the character NUL"),
        ({"key": "\ud800"}, "a metric's key contains half of a character (a lone surrogate) at 0"),
        ({"key": "x" * 257}, "a metric's key has 257 characters; at most 256 are kept"),
        ({"key": 5}, "a metric's key is 5, not a text"),
        ({"values": []}, "metric 'loss' has 0 values, 1 times and 1 steps"),
        ({"times": [1, 2]}, "metric 'loss' has 1 values, 2 times and 1 steps"),
        ({"steps": []}, "metric 'loss' has 1 values, 1 times and 0 steps"),
        ({"values": [], "times": [], "steps": []}, "metric 'loss' has no points"),
        ({"values": ["high"]}, "a value is no number: must be real number, not str"),
        ({"values": [10**400]}, "a value is no number: int too large to convert to float"),
        ({"values": 5}, "a value is no number: 'int' object is not iterable"),
        ({"steps": [2**63]}, "a step or time is no integer of 64 bits: int too big to convert"),
        (
            {"times": [0.5]},
            "a step or time is no integer of 64 bits: 'float' object cannot be interpreted as an integer",
        ),
    ],
)
def test_what_is_no_column_is_refused(parts: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid) as error:
        column(**parts)

    assert error.value.message == said


@pytest.mark.parametrize("time", [FIRST_TIME, -1, 0, LAST_TIME])
def test_any_instant_of_the_calendar_may_be_the_time_of_a_point(time: int) -> None:
    assert Points([column(times=[time])]).latest == time


def test_an_array_of_another_sort_is_taken_over_number_by_number() -> None:
    made = column(values=array("f", [0.5]), times=array("i", [7]))

    assert (made.values.typecode, made.times) == ("d", array("q", [7]))


# Points.


def test_a_key_stands_once_among_points() -> None:
    with pytest.raises(Invalid) as error:
        Points([column("é"), column("e\u0301")])

    assert error.value.message == "a metric's key stands twice among the points; give it one column"


@pytest.mark.parametrize("time", [LAST_TIME + 1, FIRST_TIME - 1, -(2**63)])
def test_points_outside_the_calendar_are_refused(time: int) -> None:
    with pytest.raises(Invalid) as error:
        Points([column("acc"), column(times=[time]), column("f1")])

    assert error.value.message == "metric 'loss' has a time outside the years 1 to 9999"


def test_the_first_column_of_times_that_are_shared_is_named() -> None:
    times = array("q", [LAST_TIME + 1])

    with pytest.raises(Invalid, match="metric 'a' has a time outside"):
        Points([column("a", times=times), column("b", times=times)])


def test_points_are_counted_over_their_columns() -> None:
    points = Points([column("a"), column("b", values=[1, 2], times=[1, 2], steps=[1, 2])])

    assert len(points) == 3
    assert [one.key for one in points] == ["a", "b"]


@pytest.mark.parametrize(
    ("times", "latest"), [([[0]], 0), ([[-5, -9]], -5), ([[1, 7, 3], [5, 6, 2]], 7), ([[1, 2], [9, 3]], 9), ([], None)]
)
def test_the_latest_time_is_over_all_columns(times: list[list[int]], latest: int | None) -> None:
    columns = [column(str(n), values=part, times=part, steps=part) for n, part in enumerate(times)]

    assert Points(columns).latest == latest


def test_points_given_one_by_one_are_gathered_by_key() -> None:
    points = Points.of([("a", 1, None, 10), ("b", 2.0, 5, 20), ("a", 3.0, -7, 30)])

    assert points == Points(
        [
            column("a", values=[1.0, 3.0], times=[10, 30], steps=[NO_STEP, -7]),
            column("b", values=[2.0], times=[20], steps=[5]),
        ]
    )


def test_points_given_under_two_forms_of_a_key_are_of_one_series() -> None:
    points = Points.of([("é", 1.0, 0, 0), ("e\u0301", 2.0, 1, 0)])

    assert [(one.key, list(one.values)) for one in points] == [("é", [1.0, 2.0])]


def test_no_points_are_points() -> None:
    assert len(Points.of([])) == 0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("loss", "high", 0, 0), "metric 'loss' has the value 'high', not a number"),
        (("loss", None, 0, 0), "metric 'loss' has the value None, not a number"),
        (("loss", True, 0, 0), "metric 'loss' has the value True, not a number"),
        (("loss", 10**400, 0, 0), "a value is no number: int too large to convert to float"),
        (("loss", 0.5, 0.5, 0), "a step is 0.5, not an integer"),
        (("loss", 0.5, True, 0), "a step is True, not an integer"),
        (("loss", 0.5, 2**63, 0), f"a step is 9223372036854775808, outside -{2**63 - 1} to {2**63 - 1}"),
        (("loss", 0.5, NO_STEP, 0), f"a step is -9223372036854775808, outside -{2**63 - 1} to {2**63 - 1}"),
        (
            ("loss", 0.5, 0, None),
            "a step or time is no integer of 64 bits: 'NoneType' object cannot be interpreted as an integer",
        ),
        (("", 0.5, 0, 0), "a metric's key is empty"),
        ((5, 0.5, 0, 0), "a metric's key is 5, not a text"),
    ],
    ids=lambda value: "row" if isinstance(value, tuple) else None,
)
def test_what_is_no_point_is_refused(row: Any, said: str) -> None:
    with pytest.raises(Invalid) as error:
        Points.of([row])

    assert error.value.message == said


# Packing.


@given(st.dictionaries(KEYS, st.lists(st.tuples(st.floats(), LONGS, TIMES), min_size=1, max_size=5), max_size=4))
def test_points_come_back_from_their_bytes(columns: dict[str, list[tuple[float, int, int]]]) -> None:
    points = Points(
        {
            made.key: made
            for key, rows in columns.items()
            for values, steps, times in [zip(*rows, strict=True)]
            for made in [Column(key=key, values=values, steps=steps, times=times)]
        }.values()
    )

    assert Points.unpack(points.pack()) == points


def test_odd_numbers_come_back_bit_for_bit() -> None:
    points = Points([column(AWKWARD, values=ODD, times=range(len(ODD)), steps=[NO_STEP] * len(ODD))])

    (back,) = Points.unpack(points.pack())

    assert bits(back.values) == bits(ODD)
    assert back.key == AWKWARD


def test_arrays_that_columns_share_travel_once() -> None:
    steps, times = array("q", range(1000)), array("q", range(1000))
    shared = Points([column(str(n), values=range(1000), steps=steps, times=times) for n in range(10)])
    apart = Points([column(str(n), values=range(1000), steps=steps[:], times=times[:]) for n in range(10)])

    assert len(shared.pack()) < 12 * 8000 + 1000 < len(apart.pack())
    assert Points.unpack(shared.pack()) == Points.unpack(apart.pack()) == shared


def test_columns_that_shared_arrays_share_them_again() -> None:
    steps = array("q", [1, 2])
    points = Points([column(key, values=[0, 1], steps=steps, times=steps) for key in "ab"])

    one, other = Points.unpack(points.pack())

    assert one.steps is other.steps is one.times


def test_bytes_are_the_same_whatever_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert little(array("q", [1])) == b"\1" + bytes(7)
    assert native("q", b"\1" + bytes(7)) == array("q", [1])

    monkeypatch.setattr("sys.byteorder", "big")

    assert little(array("q", [1])) == bytes(7) + b"\1"
    assert native("q", bytes(7) + b"\1") == array("q", [1])


def test_an_array_is_not_turned_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.byteorder", "big")
    part = array("q", [1])

    little(part)

    assert part == array("q", [1])


def packed(head: Any, body: bytes = b"") -> bytes:
    """Return bytes as they are packed, with any head."""
    return json.dumps(head).encode() + b"\n" + body


ONE = array("q", [1]).tobytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"{",
        b"\xff\xfe\n",
        b"[" * 100_000,
        b"null\n",
        b"5\n",
        packed("abcd"),
        packed([1]),
        packed([[]]),
        packed([["loss", 1, 0]], 3 * ONE),
        packed([["loss", "1", 0, 1]], 3 * ONE),
        packed([["loss", None, 0, 1]], 3 * ONE),
        packed([["loss", 1.0, 0, 1]], 3 * ONE),
        packed([["loss", 1, [], 1]], 3 * ONE),
        packed([["loss", 1, {}, 1]], 3 * ONE),
        packed([["loss", 1, 0, "1"]], 3 * ONE),
        packed([["loss", 1, 0, 1]]),
        packed([["loss", 1, 0, 1]], 3 * ONE[:-1]),
        packed([["loss", 1, 0, 1]], 2 * ONE),
        packed([["loss", 1, 0, 1]], 4 * ONE),
        packed([["loss", 2, 0, 1]], 3 * ONE),
        packed([["loss", 0, 0, 1]]),
        packed([["loss", -1, 0, 1]], 3 * ONE),
        packed([["loss", 10**30, 0, 1]], 3 * ONE),
        packed([["", 1, 0, 1]], 3 * ONE),
        packed([[None, 1, 0, 1]], 3 * ONE),
        packed([["\ud800", 1, 0, 1]], 3 * ONE),
        packed([["loss", 1, 0, 1], ["loss", 1, 0, 1]], 4 * ONE),
        packed([["loss", 1, 0, 1], ["acc", 2, 0, 1]], 5 * ONE),
    ],
    ids=lambda data: str(data[:40]),
)
def test_bytes_that_are_damaged_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        Points.unpack(data)


@given(st.integers(0, 200), st.binary(min_size=1, max_size=3))
def test_any_damage_is_refused_or_gives_other_points(place: int, noise: bytes) -> None:
    points = Points.of([("loss", 0.5, n, n) for n in range(3)] + [("acc", 0.25, None, 7)])
    data = bytearray(points.pack())
    data[place % len(data) : place % len(data) + len(noise)] = noise

    try:
        back = Points.unpack(bytes(data))
    except Invalid:
        return

    assert (back == points) == (bytes(data) == points.pack() or back.pack() == points.pack())


@given(st.integers(1, 200))
def test_bytes_that_were_cut_short_are_refused(length: int) -> None:
    data = Points.of([("loss", 0.5, 0, 0), ("acc", 0.25, 1, 1)]).pack()

    with pytest.raises(Invalid):
        Points.unpack(data[: -min(length, len(data))])
