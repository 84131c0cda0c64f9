"""What a diary under test says of points that are not as they should be."""

from array import array
from typing import Any

import pytest
from attrs import evolve

from deardiary.core.queries import Series
from deardiary.testing.diary import _difference

WANTED = Series(
    iteration_id=1,
    key="loss",
    series=3,
    numbers=array("q", range(1000)),
    steps=array("q", range(1000)),
    values=array("d", [0.5] * 1000),
    times=array("q", [0] * 1000),
    total=1000,
)
HEAD = "loss of run 1: 1,000 points"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"key": "other"}, f"{HEAD} is wanted, other of run 1: 1,000 points is there"),
        ({"total": 2000}, f"{HEAD}: total is 2000, not 1000"),
        ({"values": array("d", [0.5] * 700 + [0.25] * 300)}, f"{HEAD}: values[700] is 0.25, not 0.5"),
        ({"steps": array("q", range(999))}, f"{HEAD}: steps[999] is None, not 999"),
    ],
)
def test_where_two_series_part_is_told(changed: dict[str, Any], said: str) -> None:
    assert _difference(WANTED, evolve(WANTED, **changed)) == said


def test_a_series_too_few_is_told() -> None:
    assert _difference(WANTED, None) == f"{HEAD} is wanted, None is there"
