"""A field keeps one form of a value, and refuses what not every store can keep."""

import math
from datetime import UTC, date, datetime, timedelta, timezone
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deardiary.core.entities import (
    Condemned,
    Experiment,
    ExperimentStatus,
    Iteration,
    Metric,
    Parameter,
    Piece,
    Project,
    Resource,
    User,
)
from deardiary.core.errors import Invalid
from deardiary.core.shapes import (
    EPOCH,
    FIRST_TIME,
    GREATEST_INTEGER,
    LAST_TIME,
    LEAST_INTEGER,
    as_float,
    check_integer,
    check_text,
    check_time,
    in_utc,
    instant,
    micros,
    now,
    plain,
    same_text,
    shaped,
)

DIGEST = "ab" * 32
PARIS = timezone(timedelta(hours=2))


class Colour(IntEnum):
    """Some choices."""

    RED = 1


# Times.


def test_now_is_in_utc() -> None:
    assert now().tzinfo is UTC


@pytest.mark.parametrize(
    ("time", "count"),
    [
        (EPOCH, 0),
        (EPOCH - timedelta(microseconds=1), -1),
        (EPOCH + timedelta(days=1, microseconds=7), 86_400_000_007),
        (datetime.min.replace(tzinfo=UTC), FIRST_TIME),
        (datetime.max.replace(tzinfo=UTC), LAST_TIME),
    ],
)
def test_an_instant_is_counted_in_microseconds_since_1970(time: datetime, count: int) -> None:
    assert micros(time) == count
    assert instant(count) == time


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_instant_comes_back_from_its_count(time: datetime) -> None:
    assert instant(micros(time)) == time


def test_a_time_elsewhere_is_kept_in_utc() -> None:
    kept = in_utc(datetime(2026, 3, 1, 14, tzinfo=PARIS))

    assert kept == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert kept.tzinfo is UTC


@pytest.mark.parametrize("value", [datetime(2026, 3, 1), EPOCH, None, "noon", 5])
def test_what_is_no_time_elsewhere_stays_as_it_is(value: Any) -> None:
    assert in_utc(value) is value


@pytest.mark.parametrize(
    "time",
    [
        datetime(1, 1, 1, tzinfo=PARIS),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-2))),
    ],
)
def test_a_time_outside_the_calendar_of_utc_is_refused(time: datetime) -> None:
    with pytest.raises(Invalid, match=r"lies outside the years 1 to 9999 in UTC$"):
        in_utc(time)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "created is none, not a time"),
        ("2026-03-01", "created is '2026-03-01', not a time"),
        (date(2026, 3, 1), "created is datetime.date(2026, 3, 1), not a time"),
        (1_772_366_400, "created is 1772366400, not a time"),
        (datetime(2026, 3, 1), "created has no time zone; datetime.now(timezone.utc) has one"),
    ],
)
def test_what_is_no_instant_is_refused(value: Any, said: str) -> None:
    with pytest.raises(Invalid) as error:
        check_time(value, "created")

    assert error.value.message == said


# Texts.


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc", "abc"), ("e\u0301", "é"), ("é", "é"), ("\u2126", "Ω"), ("👩‍🔬", "👩‍🔬"), ("\ud800", "\ud800"), (5, 5)],
)
def test_a_text_is_kept_in_one_form(given: Any, kept: Any) -> None:
    assert same_text(given) == kept


@given(st.text())
def test_the_form_of_a_text_is_its_own_form(text: str) -> None:
    assert same_text(same_text(text)) == same_text(text)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "name is none, not a text"),
        (5, "name is 5, not a text"),
        (b"abc", "name is b'abc', not a text"),
        ("", "name is empty"),
        ("x" * 257, "name has 257 characters; at most 256 are kept"),
        ("é" * 1257, "name has 1,257 characters; at most 256 are kept"),
        ("a\0b", "name contains the character NUL"),
        ("é\0", "name contains the character NUL"),
        ("a\ud800b", "name contains half of a character (a lone surrogate) at 1"),
        ("\udfff", "name contains half of a character (a lone surrogate) at 0"),
    ],
)
def test_what_is_no_text_or_cannot_be_kept_is_refused(value: Any, said: str) -> None:
    with pytest.raises(Invalid) as error:
        check_text(value, "name", least=1)

    assert error.value.message == said


@pytest.mark.parametrize("value", ["", "x" * 256, "🌱" * 256, "\n\t\x7f", "\ufffe", "null"])
def test_awkward_texts_pass(value: str) -> None:
    check_text(value, "name")
    user = User(username="u", first_name=value)

    assert user.first_name == value


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "project name is empty"),
        ("x" * 257, "project name has 257 characters; at most 256 are kept"),
        ("a\0", "project name contains the character NUL"),
        ("\ud800", "project name contains half of a character (a lone surrogate) at 0"),
        (["a"], "project name is ['a'], not a text"),
    ],
)
def test_a_field_says_whose_text_is_refused(value: Any, said: str) -> None:
    with pytest.raises(Invalid) as error:
        Project(name=value)

    assert error.value.message == said


def test_a_text_is_measured_in_the_form_that_is_kept() -> None:
    project = Project(name="e\u0301" * 256)

    assert len(project.name) == 256


# Integers.


@pytest.mark.parametrize("value", [0, 1, -1, LEAST_INTEGER, GREATEST_INTEGER])
def test_integers_of_64_bits_pass(value: int) -> None:
    check_integer(value, "step")
    user = User(id=value, username="u")

    assert user.id == value


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "step is none, not an integer"),
        (True, "step is True, not an integer"),
        (1.0, "step is 1.0, not an integer"),
        (math.nan, "step is nan, not an integer"),
        ("1", "step is '1', not an integer"),
        (2**63, "step is 9223372036854775808, outside 64 bits"),
        (-(2**63) - 1, "step is -9223372036854775809, outside 64 bits"),
        pytest.param(10**5000, "step is an integer of 16,610 bits, outside 64 bits", id="huge"),
    ],
)
def test_what_is_no_integer_of_64_bits_is_refused(value: Any, said: str) -> None:
    with pytest.raises(Invalid) as error:
        check_integer(value, "step")

    assert error.value.message == said


@pytest.mark.parametrize("value", [0, 4])
def test_an_integer_outside_its_bounds_is_refused(value: int) -> None:
    with pytest.raises(Invalid) as error:
        Condemned(digest=DIGEST, stage=value)

    assert error.value.message == f"mark stage is {value}, outside 1 to 3"


def test_a_boolean_is_no_id() -> None:
    with pytest.raises(Invalid, match=r"^user id is True, not an integer$"):
        User(id=True, username="u")


# Choices, flags, numbers, bytes, digits.


@pytest.mark.parametrize("value", [0, 4, -1, True, 1.0, "1", None, [1], 2**70])
def test_what_is_no_choice_is_refused(value: Any) -> None:
    with pytest.raises(Invalid) as error:
        Experiment(project_id=1, name="e", status_id=value)

    assert error.value.message.startswith("experiment status_id is ")
    assert error.value.message.endswith("; it may be 1 IN_PROGRESS, 2 STOPPED, 3 FINISHED")


@pytest.mark.parametrize("value", [ExperimentStatus.STOPPED, 2])
def test_a_choice_is_kept_as_a_plain_integer(value: int) -> None:
    kept = Experiment(project_id=1, name="e", status_id=value).status_id

    assert (kept, type(kept)) == (2, int)


@pytest.mark.parametrize("value", ["complex", "", "STR", None, ["str"]])
def test_a_text_that_is_not_among_a_few_is_refused(value: Any) -> None:
    with pytest.raises(Invalid, match=r"^parameter type is .*; it may be str, int, float, bool, none, json$"):
        Parameter(iteration_id=1, key="k", value="v", type=value)


@pytest.mark.parametrize("value", [0, 1, None, "true"])
def test_what_is_neither_true_nor_false_is_refused(value: Any) -> None:
    with pytest.raises(Invalid, match=r"^user is_admin is .*, not true or false$"):
        User(username="u", is_admin=value)


@pytest.mark.parametrize("value", ["0.5", None, True, b"1"])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(Invalid, match=r"^metric value is .*, not a number$"):
        Metric(iteration_id=1, key="loss", value=value)


@pytest.mark.parametrize("value", [datetime(2026, 3, 1), None, "2026-03-01T00:00:00Z"])
def test_a_field_refuses_what_is_no_instant(value: Any) -> None:
    with pytest.raises(Invalid, match=r"^project created_date "):
        Project(name="p", created_date=value)


def test_a_time_of_another_class_is_looked_at_closely() -> None:
    class Moment(datetime):
        """A time of one's own."""

    with pytest.raises(Invalid, match=r"^project created_date has no time zone"):
        Project(name="p", created_date=Moment(2026, 3, 1))


@pytest.mark.parametrize("value", ["text", bytearray(1), b"x" * (1024 * 1024 + 1)])
def test_what_is_no_bytes_or_too_many_is_refused(value: Any) -> None:
    with pytest.raises(Invalid, match=r"^piece data is no bytes of at most 1,048,576$"):
        Piece(digest=DIGEST, n=0, data=value)


@pytest.mark.parametrize("value", [b"", b"x" * 1024 * 1024, None])
def test_bytes_pass_up_to_their_most(value: bytes | None) -> None:
    piece = Piece(digest=DIGEST, n=0, data=value)

    assert piece.data == value


@pytest.mark.parametrize("value", ["", "ab", "AB" * 32, "g" * 64, "ab" * 33, 5, None, "é" * 64])
def test_what_is_no_run_of_hexadecimal_digits_is_refused(value: Any) -> None:
    with pytest.raises(Invalid, match=r"^piece digest is .*, not 64 hexadecimal digits$"):
        Piece(digest=value, n=0, data=b"")


@pytest.mark.parametrize(
    ("given", "kept"), [(1, 1.0), (-(2**63), -(2.0**63)), (2**53 + 1, 2.0**53), (0, 0.0), (0.5, 0.5), ("1", "1")]
)
def test_an_integer_becomes_a_number(given: Any, kept: Any) -> None:
    made = as_float(given)

    assert (made, type(made)) == (kept, type(kept))


def test_a_boolean_does_not_become_a_number() -> None:
    assert as_float(True) is True


@pytest.mark.parametrize("value", [10**400, pytest.param(-(10**5000), id="huge")])
def test_an_integer_that_no_number_holds_is_refused(value: int) -> None:
    with pytest.raises(Invalid, match=r"^an integer of [0-9,]+ bits is more than a number can hold$"):
        Metric(iteration_id=1, key="loss", value=value)


def test_a_member_of_an_enumeration_becomes_its_integer() -> None:
    assert type(plain(Colour.RED)) is int
    assert plain(Colour.RED) == 1
    assert plain("RED") == "RED"


# One field at a time.


@pytest.mark.parametrize(
    ("kind", "name", "given", "kept"),
    [
        (Experiment, "status_id", ExperimentStatus.FINISHED, 3),
        (Project, "name", "e\u0301", "é"),
        (Iteration, "end_date", datetime(2026, 3, 1, 14, tzinfo=PARIS), datetime(2026, 3, 1, 12, tzinfo=UTC)),
        (Iteration, "end_date", None, None),
        (Metric, "value", 3, 3.0),
        (User, "password", "e\u0301", "e\u0301"),
        (Resource, "data", b"\0", b"\0"),
    ],
)
def test_one_value_is_kept_as_the_kind_keeps_it(kind: Any, name: str, given: Any, kept: Any) -> None:
    assert shaped(kind, name, given) == kept


def test_one_value_is_refused_as_the_kind_refuses_it() -> None:
    with pytest.raises(Invalid) as error:
        shaped(Project, "name", "")

    assert error.value.message == "project name is empty"
