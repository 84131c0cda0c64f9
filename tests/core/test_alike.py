"""Values are equal if they are of one class and all their fields are equal, and they say their fields."""

import attrs

from deardiary.core.alike import Alike


@attrs.frozen(eq=False, repr=False)
class Point(Alike):
    x: int
    y: int = 0
    secret: str = attrs.field(default="", repr=False)
    note: str = attrs.field(default="", eq=False)


@attrs.frozen(eq=False, repr=False)
class Other(Alike):
    x: int
    y: int = 0


@attrs.frozen(eq=False, repr=False)
class Empty(Alike):
    pass


def test_values_are_equal_by_class_and_fields() -> None:
    assert Point(1) == Point(1)
    assert Point(1) != Point(2)
    assert Point(1) != Other(1)
    assert Point(1) != 1
    assert Empty() == Empty()


def test_equal_values_have_one_hash() -> None:
    assert len({Point(1), Point(1), Point(2), Other(1), Empty(), Empty()}) == 4


def test_what_does_not_count_for_equality_does_not_count() -> None:
    assert Point(1, note="a") == Point(1, note="b")
    assert hash(Point(1, note="a")) == hash(Point(1, note="b"))


def test_a_value_says_its_fields_but_those_that_are_not_to_be_shown() -> None:
    assert repr(Point(1, secret="s")) == "Point(x=1, y=0, note='')"
    assert repr(Empty()) == "Empty()"
