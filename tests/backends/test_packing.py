"""Columns are packed into few bytes, come back bit for bit, and damage is told."""

import math
import random
import sys
from array import array
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deardiary.backends.sql import packing
from deardiary.backends.sql.packing import floats, integers, packed_floats, packed_integers
from deardiary.backends.sql.records import Segment, packed_record, part_of, parts, segments
from deardiary.core import columns
from deardiary.core.errors import Corrupt

LONGS = st.integers(-(2**63), 2**63 - 1)
CHANCE = random.Random(1)
NOISE = array("d", [CHANCE.gauss(0, 1) for _ in range(5000)])
JITTER = array("q", [1_760_000_000_000_000 + 50_000 * n + CHANCE.randrange(800) for n in range(5000)])


@pytest.fixture(params=["with NumPy", "without NumPy"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let columns be worked on with NumPy, then without it."""
    if request.param == "with NumPy":
        pytest.importorskip("numpy", reason="NumPy is not installed")
        monkeypatch.setattr(columns, "FEW", 0)
    else:
        monkeypatch.setitem(sys.modules, "numpy", None)


FLOATS = [
    NOISE,
    array("d", [0.5] * 2000),
    array("d", [math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308]),
    array("d", [n / 1000 for n in range(2000)]),
    array("d", [float(n % 7) for n in range(2000)]),
    array("d", array("f", NOISE)),
    array("d", [1.5]),
]


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("values", FLOATS, ids=range(len(FLOATS)))
def test_floats_come_back_bit_for_bit(values: "array[float]") -> None:
    data = packed_floats(values)

    assert floats(data, len(values)).tobytes() == values.tobytes()
    assert len(data) <= 8 * len(values) + 20


INTEGERS = [
    JITTER,
    array("q", range(-5, 20_000, 7)),
    array("q", [3] * 100),
    array("q", [-(2**63), 2**63 - 1, 0]),
    array("q", [2**63 - 1]),
    array("q", [5, 3, 3, 9, -9] * 50),
    array("q", range(2**62, -(2**62), -(2**61))),
]


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("numbers", INTEGERS, ids=range(len(INTEGERS)))
def test_integers_come_back(numbers: "array[int]") -> None:
    data = packed_integers(numbers)

    assert integers(data, len(numbers)) == numbers


@given(st.lists(LONGS, min_size=1, max_size=30))
@example([0, -(2**63)])
def test_any_integers_come_back_whoever_packed_them(numbers: list[int]) -> None:
    column = array("q", numbers)

    def packed_with(few: int, numpy: Any) -> bytes:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(columns, "FEW", few)
            patch.setitem(sys.modules, "numpy", numpy)
            data = packed_integers(column)
            assert integers(data, len(column)) == column
            return data

    pytest.importorskip("numpy", reason="NumPy is not installed")
    assert packed_with(0, sys.modules["numpy"]) == packed_with(10**9, None)


@pytest.mark.parametrize(
    ("data", "most"),
    [
        (packed_floats(NOISE), 7.4 * 5000),
        (packed_floats(array("d", array("f", NOISE))), 4.5 * 5000),
        (packed_floats(array("d", [0.25] * 5000)), 30),
        (packed_integers(JITTER), 2.2 * 5000),
        (packed_integers(array("q", range(5000))), 30),
    ],
)
def test_columns_become_small(data: bytes, most: float) -> None:
    assert len(data) <= most


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("pack", [packed_floats, packed_integers])
def test_any_damage_is_told(pack: Callable[[Any], bytes]) -> None:
    column = NOISE[:300] if pack is packed_floats else JITTER[:300]
    data, read = pack(column), floats if pack is packed_floats else integers
    chance = random.Random(7)

    for _ in range(300):
        wrong = bytearray(data)
        match chance.randrange(3):
            case 0:
                wrong[chance.randrange(len(wrong))] ^= 1 << chance.randrange(8)
            case 1:
                del wrong[chance.randrange(len(wrong)) :]
            case _:
                wrong += b"x"
        with pytest.raises(Corrupt):
            read(bytes(wrong), len(column))  # type: ignore[operator]  # one of two
    for count in (0, 1, 299, 301, 10_000):
        with pytest.raises(Corrupt):
            read(data, count)  # type: ignore[operator]  # one of two


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x07",
        b"\x02\0\0",
        b"\x01",
        b"\x01" + bytes(8),
        b"\x00" + b"\x09" * 8,
        b"\x00" + b"\x02\xff\xff\xff\xff" * 8,
        b"\x00" + b"\x02\x03\0\0\0abc" * 8,
        b"\x00" + b"\x00" * 16 + b"more",
        b"\x00" + b"\x01a" * 8,
    ],
)
def test_nonsense_with_a_right_checksum_is_told_too(body: bytes) -> None:
    with pytest.raises(Corrupt):
        integers(packing._checked(body), 3)
    with pytest.raises(Corrupt):
        floats(packing._checked(body[1:]), 3)


# Records.


def test_a_record_keeps_what_columns_share_once() -> None:
    steps, times = array("q", range(1000)), array("q", range(1000))
    shared = [Segment(series, 7, steps, NOISE[:1000], times) for series in (3, 4, 5)]

    head, data = packed_record(shared)

    assert len(data) == 5 * 8000
    back = segments(head, data)
    assert [(one.series, one.first, one.values, one.steps, one.times) for one in back] == [
        (one.series, one.first, one.values, steps, times) for one in shared
    ]
    assert back[0].steps is back[2].steps
    assert [part.series for part in parts(head)] == [3, 4, 5]
    (part,), none = part_of(head, 4), list(part_of(head, 9))
    assert (part.first, part.count, none) == (7, 1000, [])


@pytest.mark.parametrize("place", range(0, 100, 3))
def test_a_damaged_record_is_told(place: int) -> None:
    head, data = packed_record([Segment(1, 0, JITTER[:9], NOISE[:9], JITTER[:9])])
    both = bytearray(head + data)
    both[place] ^= 1

    with pytest.raises(Corrupt):
        segments(bytes(both[: len(head)]), bytes(both[len(head) :]))
