"""What people hand us, and what it becomes: a table of values, and what is refused."""

import argparse
import dataclasses
import math
import types
from collections import OrderedDict, UserDict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, Flag, IntEnum, StrEnum
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any

import attrs
import pytest

from deardiary.core.entities import Parameter
from deardiary.core.errors import Invalid
from deardiary.core.shapes import VALUE
from deardiary.verbs.values import as_number, as_step, as_text, columns_of, meant, measures_of, settings_of

nan, inf = math.nan, math.inf


class Colour(Enum):
    RED = "red"
    PAIR = (1, 2)
    NEST = [Path("a"), None]


class Size(IntEnum):
    BIG = 3


class Word(StrEnum):
    YES = "yes"


class Bits(Flag):
    ONE = 1
    TWO = 2


class Named:
    def __str__(self) -> str:
        return "named so"


class Mute:
    pass


class Loud:
    def __str__(self) -> str:
        raise ValueError("no words")


class Whole(int):
    def __repr__(self) -> str:
        return "a whole"


class Half(float):
    def __repr__(self) -> str:
        return "a half"


class Array:
    """Stands for an array of a library that is not here."""

    def __init__(self, *values: Any) -> None:
        self.values = values

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self.values),) if len(self.values) != 1 else ()

    def tolist(self) -> Any:
        return list(self.values) if self.shape else self.values[0]

    def __float__(self) -> float:
        if self.shape:
            raise TypeError("only arrays of one element are numbers")
        return float(self.values[0])

    def __iter__(self) -> Any:
        return iter(self.values)


def knot() -> list[Any]:
    loop: list[Any] = []
    loop.append(loop)
    return loop


def a_function() -> None:
    pass


def sort_of(value: object) -> str:
    """Return what a test is called by, which is the same in every process."""
    return type(value).__name__


SAME = object()

VALUES: list[tuple[Any, str, str, Any]] = [
    # what is given, its text, its type, and what it is afterwards
    ("", "", "str", SAME),
    ("0.001", "0.001", "str", SAME),
    ("null", "null", "str", SAME),
    ("two\nlines\t", "two\nlines\t", "str", SAME),
    ("🌱 früh", "🌱 früh", "str", SAME),
    ("e\u0301", "\xe9", "str", "\xe9"),
    (Word.YES, "yes", "str", "yes"),
    (0, "0", "int", SAME),
    (-7, "-7", "int", SAME),
    (2**62, "4611686018427387904", "int", SAME),
    (2**70, "1180591620717411303424", "int", SAME),
    (Whole(5), "5", "int", 5),
    (Size.BIG, "3", "int", 3),
    (Bits.TWO, "2", "int", 2),
    (True, "true", "bool", SAME),
    (False, "false", "bool", SAME),
    (0.001, "0.001", "float", SAME),
    (1e-05, "1e-05", "float", SAME),
    (1e16, "1e+16", "float", SAME),
    (1.0, "1.0", "float", SAME),
    (-0.0, "-0.0", "float", SAME),
    (5e-324, "5e-324", "float", SAME),
    (1.7976931348623157e308, "1.7976931348623157e+308", "float", SAME),
    (0.1 + 0.2, "0.30000000000000004", "float", SAME),
    (nan, "NaN", "float", SAME),
    (inf, "Infinity", "float", SAME),
    (-inf, "-Infinity", "float", SAME),
    (Half(0.5), "0.5", "float", 0.5),
    (None, "null", "none", SAME),
    ([], "[]", "json", SAME),
    ([3, 4], "[3, 4]", "json", SAME),
    ((3, 4), "[3, 4]", "json", [3, 4]),
    ({3, 1, 2}, "[1, 2, 3]", "json", [1, 2, 3]),
    (frozenset({"b", "a"}), '["a", "b"]', "json", ["a", "b"]),
    ({}, "{}", "json", SAME),
    ({"a": [1, {"b": None}]}, '{"a": [1, {"b": null}]}', "json", SAME),
    ({1: "one"}, '{"1": "one"}', "json", {"1": "one"}),
    (["ü", "🌱"], '["ü", "🌱"]', "json", SAME),
    ([nan, inf, -inf, -0.0], '["NaN", "Infinity", "-Infinity", -0.0]', "json", ["NaN", "Infinity", "-Infinity", -0.0]),
    ([True, None, Size.BIG], "[true, null, 3]", "json", [True, None, 3]),
    ([Path("a/b"), Colour.RED], '["a/b", "red"]', "json", ["a/b", "red"]),
    (Colour.RED, "red", "str", "red"),
    (Colour.PAIR, "[1, 2]", "json", [1, 2]),
    (Colour.NEST, '["a", null]', "json", ["a", None]),
    (PurePosixPath("a/b"), "a/b", "str", "a/b"),
    (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01T12:00:00+00:00", "str", "2026-03-01T12:00:00+00:00"),
    (date(2026, 3, 1), "2026-03-01", "str", "2026-03-01"),
    (timedelta(hours=1), "1:00:00", "str", "1:00:00"),
    (Decimal("0.10"), "0.10", "str", "0.10"),
    (Fraction(1, 3), "1/3", "str", "1/3"),
    (1 + 2j, "(1+2j)", "str", "(1+2j)"),
    (Named(), "named so", "str", "named so"),
    (dict, "builtins.dict", "str", "builtins.dict"),
    (a_function, f"{__name__}.a_function", "str", f"{__name__}.a_function"),
    (math.sqrt, "math.sqrt", "str", "math.sqrt"),
    (Array(0.5), "0.5", "float", 0.5),
    (Array(1, 2), "[1, 2]", "json", [1, 2]),
    (Array(True), "true", "bool", True),
    ([Array(1, 2), Array(0.5)], "[[1, 2], 0.5]", "json", [[1, 2], 0.5]),
]


@pytest.mark.parametrize(("value", "text", "type", "after"), VALUES, ids=sort_of)
def test_a_parameter_becomes_text_and_comes_back(value: Any, text: str, type: str, after: Any) -> None:
    assert as_text("key", value) == (text, type)

    found = meant(Parameter(iteration_id=1, key="key", value=text, type=type))

    wanted = value if after is SAME else after
    assert (repr(found), found.__class__) == (repr(wanted), wanted.__class__)


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("x" * (VALUE + 1), r"parameter 'key' has 65,537 characters; at most 65,536 are kept. Log what is longer"),
        (["x" * VALUE], "at most 65,536 are kept"),
        (Mute(), "parameter 'key' is of .*Mute, which has no value to keep; give str"),
        ([Mute()], "which has no value to keep"),
        (object(), "parameter 'key' is of object, which has no value"),
        (lambda: None, None),
        (Loud(), "parameter 'key' cannot be written down: no words"),
        (knot(), "parameter 'key' cannot be written down"),
        (10**5000, "parameter 'key' cannot be written down"),
    ],
    ids=sort_of,
)
def test_what_cannot_be_kept_as_a_parameter_is_refused(value: Any, complaint: str | None) -> None:
    if complaint is None:
        assert "<lambda>" in as_text("key", value)[0]
        return
    with pytest.raises(Invalid, match=complaint):
        as_text("key", value)


def test_the_longest_parameter_is_kept() -> None:
    assert as_text("key", "x" * VALUE) == ("x" * VALUE, "str")


@pytest.mark.parametrize("type", ["int", "float", "bool", "none", "json"])
def test_a_text_that_its_type_does_not_fit_comes_back_as_text(type: str) -> None:
    assert meant(Parameter(iteration_id=1, key="key", value="many", type=type)) == "many"


# Settings.


@dataclasses.dataclass
class Optimiser:
    name: str = "adam"
    lr: float = 0.001


@dataclasses.dataclass
class Model:
    depth: int = 3
    optimiser: Optimiser = dataclasses.field(default_factory=Optimiser)


@attrs.frozen
class Data:
    path: Path = Path("data.csv")
    split: tuple[float, ...] = (0.8, 0.2)


class Pydantic:
    def model_dump(self) -> dict[str, Any]:
        return {"depth": 3, "inner": {"lr": 0.1}}


@pytest.mark.parametrize(
    ("group", "settings"),
    [
        ({"lr": 0.1}, {"lr": 0.1}),
        ({"opt": {"lr": 0.1, "betas": [0.9, 0.99]}}, {"opt.lr": 0.1, "opt.betas": [0.9, 0.99]}),
        ({"a": {"b": {"c": {"d": 1}}}}, {"a.b.c.d": 1}),
        ({"a.b": 1}, {"a.b": 1}),
        ({"opt": {}}, {"opt": {}}),
        ({"opt": {"inner": {}}}, {"opt.inner": {}}),
        ({"opt": None}, {"opt": None}),
        ({"layers": [{"size": 3}]}, {"layers": [{"size": 3}]}),
        ({1: 2}, {"1": 2}),
        ({"e\u0301": 1}, {"\xe9": 1}),
        ({}, {}),
        (None, {}),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (UserDict({"a": UserDict({"b": 1})}), {"a.b": 1}),
        (types.MappingProxyType({"lr": 0.1}), {"lr": 0.1}),
        (Model(), {"depth": 3, "optimiser.name": "adam", "optimiser.lr": 0.001}),
        (Data(), {"path": Path("data.csv"), "split": (0.8, 0.2)}),
        ({"model": Model(depth=4), "data": Data()}, None),
        (argparse.Namespace(lr=0.1, model=Model()), None),
        (types.SimpleNamespace(lr=0.1, inner=types.SimpleNamespace(depth=2)), {"lr": 0.1, "inner.depth": 2}),
        (Pydantic(), {"depth": 3, "inner.lr": 0.1}),
    ],
    ids=sort_of,
)
def test_settings_are_flat_with_dots(group: Any, settings: Mapping[str, Any] | None) -> None:
    found = settings_of(group)

    if settings is None:
        assert {"lr", "model.depth", "model.optimiser.lr", "data.path"} & found.keys()
        assert all(not isinstance(value, dict | Model) for value in found.values())
    else:
        assert found == settings
        assert list(found) == list(settings)


def test_later_groups_and_keywords_win() -> None:
    assert settings_of({"lr": 1, "depth": 3}, {"lr": 2}, lr=3) == {"lr": 3, "depth": 3}


@pytest.mark.parametrize("group", [5, "lr=0.1", [("lr", 0.1)], Model, Data, {"lr"}, object()])
def test_what_has_no_names_is_no_group_of_settings(group: Any) -> None:
    with pytest.raises(Invalid, match="give a mapping, keywords, a dataclass, an attrs class or a Namespace"):
        settings_of(group)


# Metrics.


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0.5, 0.5),
        (3, 3.0),
        (True, 1.0),
        (2**62, 2.0**62),
        (-0.0, -0.0),
        (nan, nan),
        (inf, inf),
        (5e-324, 5e-324),
        (Half(0.5), 0.5),
        (Size.BIG, 3.0),
        (Decimal("0.1"), 0.1),
        (Fraction(1, 4), 0.25),
        (Array(0.5), 0.5),
    ],
    ids=sort_of,
)
def test_a_metric_is_a_number_of_any_class(value: Any, number: float) -> None:
    found = as_number("loss", value)

    assert (repr(found), found.__class__) == (repr(number), float)


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("0.5", r"metric 'loss' is '0.5', not a number; metrics are numbers, so give float\('0.5'\), or keep it as a"),
        (None, "metric 'loss' is none, not a number; leave out what was not measured"),
        ([0.5], r"metric 'loss' is \[0.5\], not a number; log its elements one by one, or under keys of their own"),
        (b"1", "metric 'loss' is b'1', not a number"),
        (1 + 2j, "not a number"),
        ({"a"}, "not a number"),
        (object(), "not a number"),
        (Array(1, 2), "not one number: only arrays of one element"),
        (10**400, "metric 'loss' is an integer too great for a float of 64 bits"),
    ],
    ids=sort_of,
)
def test_what_is_no_number_is_refused_with_what_to_do(value: Any, complaint: str) -> None:
    with pytest.raises(Invalid, match=complaint):
        as_number("loss", value)


@pytest.mark.parametrize(
    ("metrics", "found"),
    [
        ({"loss": 0.5}, {"loss": 0.5}),
        ({"val": {"acc": 1, "by": {"class": 2}}}, {"val/acc": 1.0, "val/by/class": 2.0}),
        ({"a/b": 1}, {"a/b": 1.0}),
        ({7: 1}, {"7": 1.0}),
        ({"val": {}}, {}),
        ({"val": {"by": {}}, "acc": 1}, {"acc": 1.0}),
        ({}, {}),
        (UserDict(loss=UserDict(a=1)), {"loss/a": 1.0}),
    ],
    ids=sort_of,
)
def test_nested_metrics_are_joined_by_slashes(metrics: Any, found: dict[str, float]) -> None:
    assert measures_of(metrics) == found


@pytest.mark.parametrize("metrics", [None, 0.5, [("loss", 0.5)], "loss"])
def test_metrics_are_a_mapping(metrics: Any) -> None:
    with pytest.raises(Invalid, match=r'give a mapping, such as {"loss": 0.5}'):
        measures_of(metrics)


def test_a_nested_metric_that_is_no_number_is_named_by_its_path() -> None:
    with pytest.raises(Invalid, match="metric 'val/acc' is '1'"):
        measures_of({"val": {"acc": "1"}})


class Index:
    def __index__(self) -> int:
        return 7


@pytest.mark.parametrize(
    ("step", "found"),
    [(None, None), (0, 0), (-3, -3), (2**63 - 1, 2**63 - 1), (-(2**63) + 1, -(2**63) + 1), (7.0, 7), (Index(), 7)],
    ids=sort_of,
)
def test_a_step_is_an_integer_of_any_class(step: Any, found: int | None) -> None:
    assert as_step(step) == found


@pytest.mark.parametrize("step", [0.5, nan, inf, "7", True, [7], 2**63, -(2**63), object()], ids=sort_of)
def test_a_step_that_is_no_integer_is_refused(step: Any) -> None:
    with pytest.raises(Invalid, match="a step is"):
        as_step(step)


@pytest.mark.parametrize(
    ("metrics", "points"),
    [
        ({"loss": 0.5}, [("loss", 0.5, None)]),
        ({"loss": [0.5, 0.25]}, [("loss", 0.5, 0), ("loss", 0.25, 1)]),
        ({"loss": (value for value in (1, 2))}, [("loss", 1.0, 0), ("loss", 2.0, 1)]),
        ({"loss": {10: 0.5, -1: 0.25}}, [("loss", 0.5, 10), ("loss", 0.25, -1)]),
        ({"loss": Array(0.5, 0.25)}, [("loss", 0.5, 0), ("loss", 0.25, 1)]),
        ({"loss": Array(0.5)}, [("loss", 0.5, None)]),
        ({"loss": []}, []),
    ],
    ids=sort_of,
)
def test_whole_metrics_are_numbers_in_order_or_by_step(metrics: Any, points: Any) -> None:
    assert list(columns_of(metrics)) == points


def test_numpy_is_taken_for_what_it_holds() -> None:
    numpy = pytest.importorskip("numpy", reason="NumPy is not installed")

    assert as_text("key", numpy.float32(0.5)) == ("0.5", "float")
    assert as_text("key", numpy.float64(0.1)) == ("0.1", "float")
    assert as_text("key", numpy.int64(7)) == ("7", "int")
    assert as_text("key", numpy.bool_(True)) == ("true", "bool")
    assert as_text("key", numpy.str_("a")) == ("a", "str")
    assert as_text("key", numpy.array([[1, 2], [3, 4]])) == ("[[1, 2], [3, 4]]", "json")
    assert as_text("key", [numpy.float32(0.5), numpy.arange(2)]) == ("[0.5, [0, 1]]", "json")
    assert as_text("key", numpy.float64(nan)) == ("NaN", "float")
    assert as_number("loss", numpy.float32(0.5)) == 0.5
    assert as_number("loss", numpy.array(0.5)) == 0.5
    assert as_number("loss", numpy.array([[0.5]])) == 0.5
    assert as_number("loss", numpy.bool_(True)) == 1.0
    assert as_step(numpy.int32(7)) == 7
    assert list(columns_of({"loss": numpy.array([0.5, 0.25])})) == [("loss", 0.5, 0), ("loss", 0.25, 1)]
    for value in (numpy.array([0.5, 0.25]), numpy.str_("0.5"), numpy.complex64(1)):
        with pytest.raises(Invalid, match="loss"):
            as_number("loss", value)
