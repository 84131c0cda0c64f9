"""Everything that crosses a seam comes back bit for bit, and whatever else comes is refused."""

import copy
import json
import math
import struct
from array import array
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from core.samples import AWKWARD, DIGEST, FIRST, GREATEST, LAST, NOON, ROWS, TEXT, UID, name_of, told
from deardiary.core.book import SeriesBook
from deardiary.core.changes import Append, Batch, Drop, Element, Expect, Insert, Patch, Placed, Receipt, Stream
from deardiary.core.conditions import (
    EVERY,
    OPERATORS,
    PARTS,
    All,
    AnyOf,
    Compare,
    Condition,
    Field,
    IsNan,
    IsNone,
    May,
    Measure,
    Not,
    Of,
    Param,
    Term,
    asked,
    metric,
    param,
    tagged,
)
from deardiary.core.declared import Entity, Kind, large, names
from deardiary.core.digests import digest_of_text
from deardiary.core.entities import (
    Experiment,
    ExperimentStatus,
    Iteration,
    Metric,
    Parameter,
    Piece,
    Project,
    Summary,
    Tag,
    Text,
    User,
)
from deardiary.core.errors import (
    NAMED,
    AdminRequired,
    Corrupt,
    DearDiaryError,
    Duplicate,
    Invalid,
    Misplaced,
    NotFound,
    Unprocessable,
)
from deardiary.core.keeping import value_in, value_out
from deardiary.core.ledger import Applied, Block, Drawers, Head, Kept, Value
from deardiary.core.matching import page
from deardiary.core.meaning import DEEPEST
from deardiary.core.points import NO_STEP, Column, Points
from deardiary.core.queries import Order, Page, Query, Series, SeriesQuery
from deardiary.core.settle import settle
from deardiary.core.wire import (
    batch_in,
    batch_out,
    bytes_in,
    bytes_out,
    condition_in,
    condition_out,
    element_in,
    element_out,
    error_in,
    error_out,
    kind_in,
    number_in,
    number_out,
    page_in,
    page_out,
    points_in,
    query_in,
    query_out,
    row_in,
    row_out,
    series_in,
    series_out,
    series_query_in,
    series_query_out,
    term_in,
    term_out,
    time_in,
    time_out,
    to_line,
)

ODD = [math.nan, -math.nan, math.inf, -math.inf, 0.0, -0.0, 5e-324, 1.7976931348623157e308, 0.1, 2.0**63]


def through(data: Any) -> Any:
    """Return JSON as it is after a journey as text."""
    return json.loads(json.dumps(data, allow_nan=False))


def bits(value: Any) -> Any:
    """Return a value so that it equals only what is the same bit for bit; what NaN is made of does not count."""
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else struct.pack("<d", value)
    if hasattr(type(value), "declared"):
        return (type(value), *(bits(getattr(value, name)) for name in names(type(value))))
    return (type(value), value)


def refusal(call: Callable[[], object]) -> str:
    """Return what is said of JSON that is refused."""
    with pytest.raises(Invalid) as error:
        call()
    return error.value.message


# Plain values.


@pytest.mark.parametrize("value", ODD)
def test_a_number_comes_back(value: float) -> None:
    assert bits(number_in(through(number_out(value)))) == bits(value)


@given(st.floats())
def test_any_number_comes_back(value: float) -> None:
    assert bits(number_in(through(number_out(value)))) == bits(value)


@pytest.mark.parametrize(
    ("value", "said"), [(math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity"), (0.5, 0.5), (-0.0, -0.0)]
)
def test_what_json_lacks_is_said_in_words(value: float, said: Any) -> None:
    assert bits(number_out(value)) == bits(said)


def test_an_integer_is_a_number_too() -> None:
    assert bits(number_in(3)) == bits(3.0)


@pytest.mark.parametrize("data", ["nan", "inf", "Infinity ", "1", "", None, True, [1], {"number": 1}, 10**400])
def test_what_is_no_number_is_refused(data: Any) -> None:
    with pytest.raises(Invalid, match=r"is no number|is more than a number can hold"):
        number_in(data)


@pytest.mark.parametrize("time", [FIRST, LAST, NOON, datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)])
def test_a_time_comes_back(time: datetime) -> None:
    back = time_in(through(time_out(time)))

    assert (back, back.tzinfo) == (time, UTC)


@given(st.datetimes(timezones=st.just(UTC)))
def test_any_time_comes_back(time: datetime) -> None:
    assert time_in(time_out(time)) == time


def test_a_time_is_said_to_the_microsecond_with_z() -> None:
    assert time_out(NOON + timedelta(microseconds=7)) == "2026-03-01T12:00:00.000007Z"


def test_a_time_elsewhere_is_read() -> None:
    assert time_in("2026-03-01T14:00:00+02:00") == NOON


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        True,
        [],
        {},
        "",
        "noon",
        "2026-13-01T00:00:00Z",
        "2026-03-01",
        "2026-03-01T12:00:00",
        "\ud800",
        "0000-01-01T00:00:00Z",
    ],
)
def test_what_is_no_time_is_refused(data: Any) -> None:
    with pytest.raises(Invalid, match=r"is no time; one looks like|has no time zone"):
        time_in(data)


@given(st.binary())
def test_any_bytes_come_back(data: bytes) -> None:
    assert bytes_in(through(bytes_out(data))) == data


@pytest.mark.parametrize("data", [None, 5, [], {}, "a", "é", "a b=", "====", "YQ", "YQ==YQ==", "\ud800"])
def test_what_is_no_base64_is_refused(data: Any) -> None:
    with pytest.raises(Invalid, match=r" is no base64$"):
        bytes_in(data)


@pytest.mark.parametrize("data", [None, 5, [], {}, ["Tag"], "tag", "Kettle", "", "Entity"])
def test_what_is_no_kind_is_refused(data: Any) -> None:
    with pytest.raises(Invalid, match=r" is no kind; there are User, Project, "):
        kind_in(data)


# Rows.


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_a_row_of_any_kind_comes_back(row: Entity) -> None:
    back = row_in(kind_in(type(row).__name__), through(row_out(row)))

    assert bits(back) == bits(row)


@pytest.mark.parametrize("value", ODD)
def test_a_row_comes_back_with_any_number(value: float) -> None:
    row = Summary(id=1, iteration_id=1, key="k", count=1, first_step=0, last_step=0, first=value, last=value, max=value)

    assert bits(row_in(Summary, through(row_out(row)))) == bits(row)


@given(st.text().filter(lambda text: "\0" not in text))
def test_a_row_comes_back_with_any_text(text: str) -> None:
    row = Iteration(id=1, uid=UID, experiment_id=1, created_date=NOON, notes=text, manifest_toml=text)

    assert row_in(Iteration, through(row_out(row))) == row
    assert row_in(Iteration, json.loads(to_line(row_out(row)))) == row


def test_a_row_says_each_field_by_its_name() -> None:
    row = Parameter(id=1, iteration_id=2, key="lr", value="nan", type="float", number=None)

    assert row_out(row) == {"id": 1, "iteration_id": 2, "key": "lr", "value": "nan", "type": "float", "number": None}


def test_what_a_row_leaves_unsaid_is_as_in_a_new_one() -> None:
    assert row_in(Tag, {"value": "x"}) == Tag(value="x")


def test_what_a_row_says_beyond_its_fields_is_passed_over() -> None:
    assert row_in(Tag, {"value": "x", "colour": "red"}) == Tag(value="x")


TAG = {"id": 1, "value": "x"}
USER = {"username": "ada", "password": "secret"}


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Tag, None),
        (Tag, 5),
        (Tag, "x"),
        (Tag, []),
        (Tag, [TAG]),
        (Tag, {}),
        (Tag, {"id": 1}),
        (Tag, {**TAG, "id": "1"}),
        (Tag, {**TAG, "id": 1.0}),
        (Tag, {**TAG, "id": True}),
        (Tag, {**TAG, "id": None}),
        (Tag, {**TAG, "id": 2**63}),
        (Tag, {**TAG, "value": None}),
        (Tag, {**TAG, "value": 5}),
        (Tag, {**TAG, "value": ["x"]}),
        (Tag, {**TAG, "value": ""}),
        (Tag, {**TAG, "value": "\0"}),
        (Tag, {**TAG, "value": "\ud800"}),
        (User, {**USER, "is_admin": 1}),
        (User, {**USER, "is_admin": "true"}),
        (User, {**USER, "created_date": 0}),
        (User, {**USER, "created_date": None}),
        (User, {**USER, "created_date": "2026-03-01T12:00:00"}),
        (User, {**USER, "created_date": "0001-01-01T00:00:00+01:00"}),
        (Experiment, {"project_id": 1, "name": "x", "status_id": [1]}),
        (Experiment, {"project_id": 1, "name": "x", "status_id": 1.0}),
        (Experiment, {"project_id": 1, "name": "x", "end_date": "noon"}),
        (Parameter, {"iteration_id": 1, "key": "k", "value": "v", "number": "1"}),
        (Parameter, {"iteration_id": 1, "key": "k", "value": "v", "type": {}}),
        (Metric, {"iteration_id": 1, "key": "k", "value": None}),
        (Metric, {"iteration_id": 1, "key": "k", "value": 10**400}),
        (Piece, {"digest": DIGEST, "n": 0, "data": 5}),
        (Piece, {"digest": DIGEST, "n": 0, "data": "é"}),
        (Text, {"digest": DIGEST, "text": "x"}),
        (Text, {"digest": [], "text": "x"}),
    ],
)
def test_what_is_no_row_is_refused(kind: Kind, data: Any) -> None:
    with pytest.raises(Invalid):
        row_in(kind, data)


@pytest.mark.parametrize(
    "call",
    [
        lambda: row_in(User, {"password": "secret"}),
        lambda: row_in(User, {"username": "", "password": "secret"}),
        lambda: element_in({"insert": "User", "rows": {"password": "secret"}}),
        lambda: element_in({"patch": "User", "where": {"all": []}, "value": {"password": "secret"}}),
        lambda: batch_in({"elements": [{"password": "secret"}]}),
        lambda: page_in(User, {"rows": [{"password": "secret"}]}),
        lambda: query_in({"kind": {"password": "secret"}}),
    ],
)
def test_a_refusal_gives_no_password_away(call: Callable[[], object]) -> None:
    assert "secret" not in refusal(call)


# Terms and conditions.

TERMS: list[Term] = [
    Field("name"),
    Field("name", "Experiment"),
    Field(""),
    Param("lr"),
    Param(AWKWARD),
    *(Measure("val.loss", part) for part in PARTS),
]


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_a_term_comes_back(term: Term) -> None:
    assert term_in(through(term_out(term))) == term


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "name",
        [],
        {},
        {"field": 5},
        {"field": "name", "of": 5},
        {"field": "name", "of": None},
        {"param": None},
        {"metric": "loss"},
        {"metric": "loss", "part": "median"},
        {"metric": 5, "part": "last"},
        {"metric": "loss", "part": ["last"]},
        {"of": "Experiment"},
    ],
    ids=json.dumps,
)
def test_what_is_no_term_is_refused(data: Any) -> None:
    with pytest.raises(Invalid, match=r" is no term$"):
        term_in(data)


def test_a_term_of_no_class_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError):
        term_out("name")  # type: ignore[arg-type]  # wrong


VALUES = ["", AWKWARD, 0, -1, GREATEST, -GREATEST - 1, True, False, *ODD, FIRST, NOON, LAST]


def same(one: Condition, other: Condition) -> bool:
    """Return whether two conditions are the same, NaN and the sign of zero included."""
    return repr(one) == repr(other) and type(one) is type(other)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("operator", OPERATORS)
def test_a_comparison_comes_back(operator: Any, value: Any) -> None:
    condition = Compare(Field("name"), operator, value)

    assert same(condition_in(through(condition_out(condition))), condition)


CONDITIONS: list[Condition] = [
    EVERY,
    AnyOf(()),
    asked("name").among(VALUES),
    asked("name").among([]),
    asked("end_date").is_none(),
    metric("loss").is_nan(),
    tagged(AWKWARD),
    ~(tagged("a") & (param("lr") < 0.1) | (metric("loss", "min") >= math.inf)),
    All((EVERY, AnyOf((Not(Not(EVERY)),)))),
    reduce(lambda whole, _: Not(whole), range(DEEPEST), EVERY),
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: repr(condition)[:40])
def test_a_condition_comes_back(condition: Condition) -> None:
    assert same(condition_in(through(condition_out(condition))), condition)


def test_a_condition_is_said_in_few_words() -> None:
    condition = (param("lr") < math.inf) & ~(asked("experiment.created_date") == NOON)

    assert condition_out(condition) == {
        "all": [
            {"is": "<", "term": {"param": "lr"}, "value": {"number": "Infinity"}},
            {
                "not": {
                    "is": "==",
                    "term": {"field": "created_date", "of": "Experiment"},
                    "value": {"time": "2026-03-01T12:00:00.000000Z"},
                }
            },
        ]
    }


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (May(1, "read"), "May does not travel"),
        (~May(1, "read") & EVERY, "May does not travel"),
        (Compare(Field("project_id"), "==", Of(Experiment, 1, Field("project_id"))), "Of does not travel"),
        (asked("name") == b"x", "bytes does not travel"),
        (asked("name").among(["x", None]), "NoneType does not travel"),
    ],
    ids=["may", "may within", "of", "bytes", "none"],
)
def test_what_only_the_guard_says_does_not_travel(condition: Condition, said: str) -> None:
    assert refusal(lambda: condition_out(condition)) == said


IS = {"is": "==", "term": {"field": "name"}, "value": "x"}


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "x",
        [],
        [IS],
        {},
        {"is": "=="},
        {**IS, "is": "="},
        {**IS, "is": None},
        {**IS, "is": ["=="]},
        {**IS, "term": None},
        {**IS, "term": "name"},
        {**IS, "value": None},
        {**IS, "value": []},
        {**IS, "value": {}},
        {**IS, "value": {"time": None}},
        {**IS, "value": {"time": "noon"}},
        {**IS, "value": {"time": "2026-03-01T12:00:00"}},
        {**IS, "value": {"time": "9999-12-31T23:59:59-01:00"}},
        {**IS, "value": {"number": "nan"}},
        {**IS, "value": {"number": 10**400}},
        {"in": "abc", "term": {"field": "name"}},
        {"in": ["x", [1]], "term": {"field": "name"}},
        {"in": ["x"]},
        {"none": None},
        {"none": {}},
        {"nan": 5},
        {"tag": None},
        {"tag": 5},
        {"tag": ["x"]},
        {"all": None},
        {"all": {}},
        {"all": [None]},
        {"all": [IS, {}]},
        {"any": "x"},
        {"any": [5]},
        {"not": None},
        {"not": []},
        {"may": "read", "user": 1},
        reduce(lambda whole, _: {"not": whole}, range(DEEPEST + 1), {"all": []}),
    ],
    ids=lambda data: json.dumps(data)[:50],
)
def test_what_is_no_condition_is_refused(data: Any) -> None:
    with pytest.raises(Invalid):
        condition_in(data)


@pytest.mark.parametrize(
    "wrap", [lambda part: {"not": part}, lambda part: {"all": [part]}, lambda part: {"any": [part]}]
)
def test_a_condition_without_end_is_refused(wrap: Callable[[Any], Any]) -> None:
    data = reduce(lambda whole, _: wrap(whole), range(50_000), {"all": []})

    assert refusal(lambda: condition_in(data)) == "the condition is nested deeper than 32 levels"


@pytest.mark.parametrize("depth", [500, 50_000])
def test_a_refusal_does_not_look_into_what_has_no_end(depth: int) -> None:
    data: Any = reduce(lambda whole, _: [whole], range(depth), [])

    assert refusal(lambda: condition_in(data)) == "a list of 1 is no condition"
    assert refusal(lambda: condition_in({"a": data})) == "an object with 'a' is no condition"


# Points.


def points(*values: float) -> Points:
    """Return points of one series."""
    return Points([Column(key=AWKWARD, values=values, times=range(len(values)), steps=[NO_STEP] * len(values))])


def test_points_come_back() -> None:
    sent = points(*ODD)

    assert points_in(through(bytes_out(sent.pack()))) == sent


@pytest.mark.parametrize(
    "data", [None, 5, [], "é", "", "YQ==", bytes_out(b"[1]\n"), bytes_out(points(0.5).pack() + b"x")]
)
def test_what_packs_no_points_is_refused(data: Any) -> None:
    with pytest.raises(Invalid):
        points_in(data)


# Batches.

WRITABLE = [
    row for row in ROWS if type(row).declared.insert and None not in (getattr(row, name) for name in large(type(row)))
]
ELEMENTS: list[Element] = [
    *(Insert(row) for row in WRITABLE),
    Insert(Tag(id=-1, value="x"), or_existing=True),
    Patch(Project, -1, {}),
    Patch(Project, asked("name").like("*"), {"name": "e\u0301", "description": AWKWARD}),
    Patch(
        Iteration,
        7,
        {
            "end_date": LAST,
            "reopened_date": None,
            "status_id": 4,
            "git_dirty": True,
            "lost_points": GREATEST,
            "manifest_toml": TEXT,
            "writer_id": -3,
        },
    ),
    Patch(User, 1, {"password": AWKWARD, "is_admin": False}),
    *(Patch(Metric, 2**31 + 1, {"value": value, "step": -GREATEST, "recorded_at": FIRST}) for value in ODD),
    Drop(Tag, -1),
    Drop(Metric, 2**31 + 1),
    Drop(Iteration, asked("created_date") < NOON),
    Append(-1, points(*ODD)),
    Append(GREATEST, Points([])),
    Expect(Project, 7),
    Expect(Project, EVERY, found=False, otherwise=AdminRequired, because=AWKWARD),
    *(Expect(Tag, 1, otherwise=error) for error in NAMED.values()),
]


@pytest.mark.parametrize("element", ELEMENTS, ids=name_of)
def test_an_element_comes_back(element: Element) -> None:
    back = element_in(through(element_out(element)))

    assert repr(back) == repr(element)
    assert Batch([back]).digest == Batch([element]).digest


def test_an_element_of_no_class_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError):
        element_out("x")  # type: ignore[arg-type]  # wrong


def test_a_batch_comes_back_with_its_digest() -> None:
    batch = Batch(ELEMENTS, at=LAST)

    back = batch_in(through(batch_out(batch)))

    assert (back.id, back.at, back.digest, back.principal) == (batch.id, LAST, batch.digest, None)
    assert repr(back.elements) == repr(batch.elements)


def test_a_batch_of_nothing_comes_back() -> None:
    batch = Batch([])

    assert batch_in(through(batch_out(batch))) == batch


@pytest.mark.parametrize(
    "stream",
    [
        Stream(writer=UID, start=0, stop=GREATEST, at=FIRST, host=AWKWARD, pid=GREATEST),
        Stream(writer=UID, start=5, stop=6, at=NOON),
    ],
)
def test_a_stream_comes_back(stream: Stream) -> None:
    batch = Batch([Append(1, points(*ODD)), Expect(Iteration, 1)], stream=stream, at=NOON)

    back = batch_in(through(batch_out(batch)))

    assert (back.stream, back.at, back.elements) == (stream, NOON, batch.elements)


def test_a_heartbeat_comes_back() -> None:
    stream = Stream(writer=UID, start=5, stop=5, at=NOON)

    assert batch_in(through(batch_out(Batch([], stream=stream)))).stream == stream


def test_the_principal_does_not_travel() -> None:
    batch = Batch([], principal=7)

    assert "principal" not in batch_out(batch)
    assert batch_in({**batch_out(batch), "principal": 7}).principal is None


def test_a_batch_that_was_changed_on_its_way_is_refused() -> None:
    data = through(batch_out(Batch([Drop(Tag, 1)])))
    data["elements"][0]["drop"] = "Project"

    assert refusal(lambda: batch_in(data)) == "the batch is not what its digest says; it was changed on its way"


INSERT = {"insert": "Tag", "row": TAG}
PATCH = {"patch": "Iteration", "where": {"all": []}, "values": {"name": "x"}}
APPEND = {"append": 1, "points": bytes_out(points(0.5).pack())}
EXPECT = {"expect": "Tag", "where": {"all": []}, "found": True, "otherwise": "NotFound", "because": "x"}


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "x",
        [],
        [INSERT],
        {},
        {"insert": "Tag"},
        {**INSERT, "insert": None},
        {**INSERT, "insert": ["Tag"]},
        {**INSERT, "insert": "Kettle"},
        {**INSERT, "insert": "Metric"},
        {**INSERT, "row": None},
        {**INSERT, "row": []},
        {**INSERT, "row": {}},
        {"insert": "Iteration", "row": {"experiment_id": 1, "manifest_toml": None}},
        {"patch": "Tag"},
        {**PATCH, "patch": {}},
        {**PATCH, "where": 7},
        {**PATCH, "where": None},
        {**PATCH, "values": None},
        {**PATCH, "values": [["name", "x"]]},
        {**PATCH, "values": {"colour": "red"}},
        {**PATCH, "values": {"id": 7}},
        {**PATCH, "values": {"name": None}},
        {**PATCH, "values": {"name": ["x"]}},
        {**PATCH, "values": {"name": {"time": "noon"}}},
        {**PATCH, "values": {"end_date": 5}},
        {**PATCH, "values": {"end_date": "noon"}},
        {**PATCH, "values": {"end_date": "0001-01-01T00:00:00+01:00"}},
        {**PATCH, "values": {"status_id": [1]}},
        {**PATCH, "values": {"status_id": {}}},
        {**PATCH, "values": {"git_dirty": 1}},
        {**PATCH, "values": {"writer_id": "1"}},
        {"patch": "Piece", "where": {"all": []}, "values": {"data": "YQ=="}},
        {"patch": "Piece", "where": {"all": []}, "values": {"data": 5}},
        {"patch": "Metric", "where": {"all": []}, "values": {}},
        {"patch": "Metric", "where": condition_out(asked("id") == 1), "values": {"value": "high"}},
        {"patch": "Metric", "where": condition_out(asked("id") == 1), "values": {"value": 10**400}},
        {"patch": "Metric", "where": condition_out(asked("id") == 1), "values": {"value": [1]}},
        {"drop": "Tag"},
        {"drop": None, "where": {"all": []}},
        {"drop": "Tag", "where": None},
        {"drop": "Summary", "where": {"all": []}},
        {**APPEND, "append": None},
        {**APPEND, "append": "1"},
        {**APPEND, "append": True},
        {**APPEND, "append": 2**63},
        {**APPEND, "points": None},
        {**APPEND, "points": []},
        {**APPEND, "points": "YQ=="},
        {**EXPECT, "expect": None},
        {**EXPECT, "expect": "Metric"},
        {**EXPECT, "found": 1},
        {**EXPECT, "found": None},
        {**EXPECT, "otherwise": None},
        {**EXPECT, "because": None},
        {**EXPECT, "because": ["x"]},
        {"expect": "Tag", "where": {"all": []}},
    ],
    ids=lambda data: json.dumps(data)[:60],
)
def test_what_is_no_element_is_refused(data: Any) -> None:
    with pytest.raises(Invalid):
        element_in(data)


def test_an_error_that_we_do_not_know_is_a_rule() -> None:
    element = element_in({**EXPECT, "otherwise": "KettleIsEmpty"})

    assert element == Expect(Tag, EVERY, otherwise=Unprocessable, because="x")


BATCH = through(batch_out(Batch([Drop(Tag, 1)], at=NOON, id="ab" * 16)))
STREAM = through(batch_out(Batch([], at=NOON, stream=Stream(writer=UID, start=0, stop=1, at=NOON))))


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "x",
        [],
        [BATCH],
        {},
        {name: value for name, value in BATCH.items() if name != "id"},
        {name: value for name, value in BATCH.items() if name != "at"},
        {name: value for name, value in BATCH.items() if name != "digest"},
        {name: value for name, value in BATCH.items() if name != "elements"},
        {**BATCH, "elements": None},
        {**BATCH, "elements": {}},
        {**BATCH, "elements": "x"},
        {**BATCH, "elements": [None]},
        {**BATCH, "elements": [{}]},
        {**BATCH, "elements": []},
        {**BATCH, "id": None},
        {**BATCH, "id": 7},
        {**BATCH, "id": "AB" * 16},
        {**BATCH, "id": ["ab"]},
        {**BATCH, "at": None},
        {**BATCH, "at": 0},
        {**BATCH, "at": "2026-03-01T12:00:00"},
        {**BATCH, "at": "0001-01-01T00:00:00+01:00"},
        {**BATCH, "digest": None},
        {**BATCH, "digest": []},
        {**BATCH, "digest": ""},
        {**BATCH, "digest": "0" * 64},
        {**BATCH, "stream": None},
        {**STREAM, "stream": None},
        {**STREAM, "stream": 5},
        {**STREAM, "stream": {}},
        {**STREAM, "stream": {**STREAM["stream"], "writer": None}},
        {**STREAM, "stream": {**STREAM["stream"], "start": "0"}},
        {**STREAM, "stream": {**STREAM["stream"], "start": 2}},
        {**STREAM, "stream": {**STREAM["stream"], "stop": 2**63}},
        {**STREAM, "stream": {**STREAM["stream"], "at": 5}},
        {**STREAM, "stream": {**STREAM["stream"], "host": 5}},
        {**STREAM, "elements": [through(element_out(Drop(Tag, 1)))]},
    ],
    ids=lambda data: json.dumps(data)[:60],
)
def test_what_is_no_batch_is_refused(data: Any) -> None:
    with pytest.raises(Invalid):
        batch_in(data)


@pytest.mark.parametrize("value", ["\ud800", "\0"])
def test_a_batch_may_bring_a_text_that_its_store_will_refuse(value: str) -> None:
    batch = Batch([Drop(Tag, asked("value") == value)])

    assert batch_in(through(batch_out(batch))) == batch


# Questions.

QUERIES: list[Query[Any]] = [
    Query(Project),
    Query(Project, 7),
    Query(Project, limit=0),
    Query(Project, limit=GREATEST, offset=GREATEST),
    Query(Iteration, param("lr") < math.inf, order=["-metrics.loss.min", "experiment.name", "params.lr"], limit=10),
    Query(Text, total=True, large=True),
    Query(Project, after="", limit=1),
    Query(Project, after="abc", changed_after="7"),
    Query(Project, changed_after="0"),
]


@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_a_query_comes_back(query: Query[Any]) -> None:
    assert query_in(through(query_out(query))) == query


def test_a_query_says_no_more_than_it_must() -> None:
    assert query_out(Query(Tag)) == {"kind": "Tag", "where": {"all": []}, "order": []}
    assert query_out(Query(Tag, order="-value", limit=0)) == {
        "kind": "Tag",
        "where": {"all": []},
        "order": [{"term": {"field": "value"}, "descending": True}],
        "limit": 0,
    }


def test_an_order_may_leave_its_direction_unsaid() -> None:
    data = {"kind": "Tag", "where": {"all": []}, "order": [{"term": {"field": "value"}}]}

    assert query_in(data).order == (Order(Field("value")),)


QUERY = through(query_out(Query(Tag)))


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "x",
        [],
        {},
        {**QUERY, "kind": None},
        {**QUERY, "kind": []},
        {**QUERY, "kind": "Kettle"},
        {**QUERY, "where": None},
        {**QUERY, "where": 7},
        {**QUERY, "where": {}},
        {**QUERY, "order": None},
        {**QUERY, "order": "value"},
        {**QUERY, "order": ["value"]},
        {**QUERY, "order": [None]},
        {**QUERY, "order": [{}]},
        {**QUERY, "order": [{"term": None}]},
        {**QUERY, "order": [{"term": {"field": "value"}, "descending": 1}]},
        {**QUERY, "order": [{"term": {"field": "value"}, "descending": None}]},
        {**QUERY, "limit": "1"},
        {**QUERY, "limit": 1.0},
        {**QUERY, "limit": True},
        {**QUERY, "limit": []},
        {**QUERY, "offset": None},
        {**QUERY, "offset": "0"},
        {**QUERY, "after": 5},
        {**QUERY, "after": {}},
        {**QUERY, "changed_after": 5},
        {**QUERY, "changed_after": True},
        {**QUERY, "total": 1},
        {**QUERY, "total": "yes"},
        {**QUERY, "large": None},
        {**QUERY, "large": []},
    ],
    ids=lambda data: json.dumps(data)[:80],
)
def test_what_is_no_query_is_refused(data: Any) -> None:
    with pytest.raises(Invalid):
        query_in(data)


SERIES_QUERIES = [
    SeriesQuery(),
    SeriesQuery(iterations=[1, GREATEST], keys=["loss", AWKWARD], steps=(-GREATEST, GREATEST), repeats="last"),
    SeriesQuery(ids=[2**31 + 1]),
    SeriesQuery(limit=0, offset=5),
    SeriesQuery(max_points=4),
]


@pytest.mark.parametrize("query", SERIES_QUERIES, ids=repr)
def test_a_series_query_comes_back(query: SeriesQuery) -> None:
    assert series_query_in(through(series_query_out(query))) == query


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "x",
        [],
        {"iterations": 5},
        {"iterations": None},
        {"keys": "loss"},
        {"keys": 5},
        {"steps": 5},
        {"steps": [1]},
        {"steps": [1, 2, 3]},
        {"steps": {}},
        {"repeats": "first"},
        {"repeats": None},
        {"repeats": []},
    ],
    ids=json.dumps,
)
def test_what_is_no_series_query_is_refused(data: Any) -> None:
    with pytest.raises(Invalid):
        series_query_in(data)


# Answers.


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        (Project, Page([])),
        (Tag, Page([Tag(id=1, value=AWKWARD)], next="abc", total=GREATEST, mark="7")),
        (Tag, Page([], total=0, mark="")),
        (Iteration, Page([row for row in ROWS if isinstance(row, Iteration)])),
        (Summary, Page([row for row in ROWS if isinstance(row, Summary)], mark="x")),
    ],
    ids=["nothing", "tags", "none", "runs", "series"],
)
def test_a_page_comes_back(kind: Kind, page: Page[Any]) -> None:
    back = page_in(kind, through(page_out(page)))

    assert (back.next, back.total, back.mark) == (page.next, page.total, page.mark)
    assert [bits(row) for row in back.rows] == [bits(row) for row in page.rows]


PAGE: dict[str, Any] = through(page_out(Page([Tag(id=1, value="x")])))


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "x",
        [],
        [PAGE],
        {},
        *({name: value for name, value in PAGE.items() if name != left_out} for left_out in PAGE),
        {**PAGE, "rows": None},
        {**PAGE, "rows": {}},
        {**PAGE, "rows": [None]},
        {**PAGE, "rows": [{}]},
        {**PAGE, "rows": [{"id": 1}]},
        {**PAGE, "next": 5},
        {**PAGE, "total": "1"},
        {**PAGE, "mark": None},
        {**PAGE, "mark": 7},
    ],
    ids=json.dumps,
)
def test_what_is_no_page_is_refused(data: Any) -> None:
    with pytest.raises(Invalid):
        page_in(Tag, data)


def a_series(*values: float) -> Series:
    """Return a series."""
    count = len(values)
    return Series(
        iteration_id=GREATEST,
        key=AWKWARD,
        series=7,
        numbers=array("q", range(count)),
        steps=array("q", [-GREATEST] * count),
        values=array("d", values),
        times=array("q", [-1] * count),
        total=GREATEST,
    )


@pytest.mark.parametrize("series", [a_series(), a_series(*ODD), a_series(*range(10_000))], ids=len)
def test_a_series_comes_back(series: Series) -> None:
    assert series_in(through(series_out(series))) == series


def test_a_series_travels_in_the_same_bytes_whatever_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    series = evolve(a_series(0.5), numbers=array("q", [1]))
    here = series_out(series)

    monkeypatch.setattr("sys.byteorder", "big")
    series.numbers.byteswap()

    assert series_out(series)["numbers"] == here["numbers"] == bytes_out(b"\1" + bytes(7))
    assert series_in(here).numbers == series.numbers


SERIES: dict[str, Any] = through(series_out(a_series(0.5)))


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "x",
        [],
        [SERIES],
        {},
        *({name: value for name, value in SERIES.items() if name != left_out} for left_out in SERIES),
        {**SERIES, "iteration_id": "1"},
        {**SERIES, "key": None},
        {**SERIES, "series": 1.0},
        {**SERIES, "total": None},
        {**SERIES, "values": None},
        {**SERIES, "values": 5},
        {**SERIES, "values": [0.5]},
        {**SERIES, "values": "é"},
        {**SERIES, "values": "YQ=="},
        {**SERIES, "values": ""},
        {**SERIES, "steps": bytes_out(bytes(16))},
    ],
    ids=lambda data: json.dumps(data)[-80:],
)
def test_what_is_no_series_is_refused(data: Any) -> None:
    with pytest.raises(Invalid):
        series_in(data)


def test_columns_of_several_lengths_are_refused() -> None:
    data = {**SERIES, "steps": bytes_out(bytes(16))}

    assert refusal(lambda: series_in(data)) == "the columns have 1 numbers, 2 steps, 1 values, 1 times"


# Errors.

ERRORS: list[DearDiaryError] = [
    *(error(AWKWARD, kind="Tag", id=GREATEST) for error in NAMED.values()),
    *(error("") for error in NAMED.values()),
    Misplaced("x", position=GREATEST),
    Invalid("x", code="TAG_VALUE_REQUIRED"),
    DearDiaryError(418, "TEAPOT", AWKWARD, "Kettle", 1),
    DearDiaryError(502, "BAD_GATEWAY", ""),
]


@pytest.mark.parametrize("error", ERRORS, ids=name_of)
def test_an_error_comes_back(error: DearDiaryError) -> None:
    back = error_in(through(error_out(error)))

    assert type(back) is type(error)
    assert back.__dict__ == error.__dict__
    assert str(back) == str(error)


def test_an_error_of_a_class_that_is_not_ours_is_still_an_error() -> None:
    back = error_in({"error": "SystemExit", "status": 500, "code": "X", "message": "x", "kind": None, "id": None})

    assert type(back) is DearDiaryError
    assert (back.status, back.code, back.message) == (500, "X", "x")


def test_an_error_may_leave_unsaid_which_row_it_is_about() -> None:
    back = error_in({"error": "NotFound", "status": 404, "code": "NOT_FOUND", "message": "gone"})

    assert (type(back), back.kind, back.id) == (NotFound, None, None)


ERROR: dict[str, Any] = through(error_out(Duplicate("x", kind="Tag", id=1)))


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "Internal Server Error",
        [],
        {},
        {"detail": "Not Found"},
        {"error": "NotFound"},
        {**ERROR, "error": "Misplaced"},
        {**ERROR, "error": "Misplaced", "position": "7"},
        {"error": "Misplaced", "message": "x", "position": None},
        {**ERROR, "error": None},
        {**ERROR, "error": ["Duplicate"]},
        {**ERROR, "message": None},
        {**ERROR, "message": 5},
        {**ERROR, "code": None},
        {**ERROR, "error": "Other", "status": "500"},
    ],
    ids=json.dumps,
)
def test_what_is_no_error_is_refused(data: Any) -> None:
    with pytest.raises(Invalid, match=r" is no error$"):
        error_in(data)


@pytest.mark.parametrize("about", [{"kind": 5}, {"id": "1"}, {"kind": [], "id": {}}])
def test_what_an_error_says_wrongly_of_a_row_is_passed_over(about: dict[str, Any]) -> None:
    back = error_in({**ERROR, **about})

    assert (type(back), back.kind, back.id) == (Duplicate, None, None)


# The values of a ledger.

LEDGER: list[Value] = [
    0,
    GREATEST,
    *(Kept(row, 7) for row in ROWS),
    Applied(Receipt(), DIGEST, None),
    Applied(Receipt(ids={(Tag, -1): 1}, placed=((Placed(key="k", series=1, first=0),),), sequence=5), "", 7),
    Head(1, 2, AWKWARD, 2**31 - 1),
    Block(array("q", [0, 5]), array("q", [-GREATEST, GREATEST]), array("d", [math.nan, -0.0]), array("q", [-1, 0])),
    Block(*(array(code) for code in "qqdq")),
]


@pytest.mark.parametrize("value", LEDGER, ids=name_of)
def test_a_value_that_a_diary_keeps_comes_back(value: Value) -> None:
    line = to_line(value_out(value))

    back = value_in(json.loads(line))

    assert type(back) is type(value)
    assert b"\n" not in line
    if isinstance(value, Kept):
        assert isinstance(back, Kept)
        assert (back.mark, bits(back.entity)) == (value.mark, bits(value.entity))
    else:
        assert repr(back) == repr(value)


def test_a_value_of_no_class_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError):
        value_out("x")  # type: ignore[arg-type]  # wrong


KEPT = through(value_out(Kept(Tag(id=1, value="x"), 7)))
APPLIED = through(value_out(Applied(Receipt(sequence=1), DIGEST, None)))
HEAD = through(value_out(Head(1, 2, "loss", 3)))
BLOCK = through(value_out(Block(array("q", [0]), array("q", [0]), array("d", [0.5]), array("q", [0]))))


@pytest.mark.parametrize(
    "data",
    [
        None,
        "x",
        1.5,
        [],
        {},
        {**KEPT, "row": None},
        {**KEPT, "row": []},
        {**KEPT, "row": "Kettle"},
        {**KEPT, "mark": "7"},
        {**KEPT, "fields": None},
        {**KEPT, "fields": {}},
        {**KEPT, "fields": {"id": 1, "value": 5}},
        {**APPLIED, "receipt": None},
        {**APPLIED, "receipt": {"ids": 5}},
        {**APPLIED, "digest": None},
        {**APPLIED, "principal": "7"},
        {**HEAD, "series": "1"},
        {**HEAD, "run": None},
        {**HEAD, "key": 5},
        {**HEAD, "next": 1.0},
        {"points": None},
        {"points": []},
        {"points": BLOCK["points"][:3]},
        {"points": BLOCK["points"] * 2},
        {"points": [None, *BLOCK["points"][1:]]},
        {"points": ["YQ==", *BLOCK["points"][1:]]},
        {"points": ["", *BLOCK["points"][1:]]},
    ],
    ids=lambda data: json.dumps(data)[:80],
)
def test_what_no_diary_keeps_is_damaged(data: Any) -> None:
    with pytest.raises(Corrupt, match=r"^what the diary keeps is damaged: "):
        value_in(data)


# Lines.


def test_a_line_is_short_and_readable() -> None:
    assert to_line({"a": [1, "é🌱\n"]}) == '{"a":[1,"é🌱\\n"]}'.encode()


def test_a_line_holds_no_number_that_json_lacks() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_line({"a": math.nan})


# Anything else.


def reader(kind: Kind) -> Callable[[Any], Entity]:
    """Return what reads rows of a kind."""
    return lambda data: row_in(kind, data)


SOUND: list[tuple[Callable[[Any], object], Any]] = [
    *((reader(type(row)), through(row_out(row))) for row in ROWS if len(repr(row)) < 2000),
    *((condition_in, through(condition_out(condition))) for condition in CONDITIONS),
    *((element_in, through(element_out(element))) for element in ELEMENTS if len(repr(element)) < 2000),
    *((query_in, through(query_out(query))) for query in QUERIES),
    *((series_query_in, through(series_query_out(query))) for query in SERIES_QUERIES),
    (batch_in, BATCH),
    (batch_in, STREAM),
    (lambda data: page_in(Tag, data), PAGE),
    (series_in, SERIES),
    (error_in, ERROR),
    (error_in, through(error_out(Misplaced("x", position=7)))),
]
KEPT_SOUND = [through(value_out(value)) for value in LEDGER if len(repr(value)) < 2000]
PLAIN = [None, True, False, 0, -1, 2**63, 10**400, 0.5, math.nan, math.inf, "", "x", "\0", "\ud800", "NaN", "YQ=="]
MADE = [
    [],
    [[]],
    [None],
    {},
    {"a": 1},
    {"time": 5},
    {"": []},
    ["x"] * 4,
    reduce(lambda whole, _: [whole], range(300), []),
]
JUNK = st.sampled_from([*PLAIN, *MADE])


def nodes(data: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place within JSON, as what holds it and under what."""
    for place in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield data, place
        yield from nodes(data[place])


def spoilt(draw: st.DataObject, data: Any) -> Any:
    """Return JSON in which one place holds something else or is gone."""
    whole = [copy.deepcopy(data)]
    holder, place = draw.draw(st.sampled_from([*nodes(whole)]))
    if holder is not whole and draw.draw(st.booleans()):
        del holder[place]
    else:
        holder[place] = draw.draw(JUNK)
    return whole[0]


def answer_or_refusal(read: Callable[[Any], object], data: Any, refusal: type[DearDiaryError]) -> object:
    """Return what JSON is read as, or the error with which it is refused."""
    try:
        return read(data)
    except refusal as error:
        return error


@settings(max_examples=1000)
@given(st.sampled_from(SOUND), st.data())
def test_whatever_comes_is_read_or_refused(sound: tuple[Callable[[Any], object], Any], draw: st.DataObject) -> None:
    read, data = sound

    answer = answer_or_refusal(read, spoilt(draw, data), Invalid)

    assert answer is not None


DIARY = told(
    Insert(Project(id=-1, name="Iris")),
    Insert(Experiment(id=-1, project_id=-1, name="Depth")),
    Insert(Iteration(id=-1, experiment_id=-1)),
    Insert(Tag(id=-1, value="x")),
    Append(-1, points(*ODD)),
)


def asked_of(diary: Drawers, question: object) -> object:
    """Return what a diary answers to something that was read."""
    match question:
        case Batch():
            return settle(question, diary)
        case Query():
            return page(question, diary)
        case SeriesQuery():
            return SeriesBook(diary).read(question)
        case Condition():
            return page(Query(Iteration, question), diary)
        case Insert() | Patch() | Drop() | Append() | Expect():
            return settle(Batch([question]), diary)
        case _:
            return question


@settings(max_examples=500)
@given(st.sampled_from(SOUND), st.data())
def test_whatever_is_read_is_answered_or_refused(
    sound: tuple[Callable[[Any], object], Any], draw: st.DataObject
) -> None:
    read, data = sound

    answer = answer_or_refusal(lambda said: asked_of(DIARY, read(said)), spoilt(draw, data), DearDiaryError)

    assert answer is not None


@settings(max_examples=300)
@given(st.sampled_from(KEPT_SOUND), st.data())
def test_whatever_was_kept_is_read_or_damaged(data: Any, draw: st.DataObject) -> None:
    answer = answer_or_refusal(value_in, spoilt(draw, data), Corrupt)

    assert isinstance(answer, int | Kept | Applied | Head | Block | Corrupt)


def test_a_status_is_said_as_a_plain_integer() -> None:
    patch = Patch(Experiment, 1, {"status_id": ExperimentStatus.FINISHED})

    assert json.dumps(element_out(patch)["values"]) == '{"status_id": 3}'


def test_a_text_under_its_digest_comes_back_whatever_its_form() -> None:
    text = Text(id=1, digest=digest_of_text("e\u0301\r\n"), text="e\u0301\r\n", created_date=NOON)

    assert row_in(Text, through(row_out(text))) == text


def test_conditions_on_nothing_at_all_come_back() -> None:
    for condition in (IsNone(Param("x")), IsNan(Measure("x"))):
        assert condition_in(through(condition_out(condition))) == condition
