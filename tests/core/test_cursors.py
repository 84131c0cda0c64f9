"""A cursor goes on from where a page ended, with the same query and no other."""

import base64
import json
import math
from typing import Any

import pytest
from attrs import evolve

from core.samples import FIRST, LAST, NOON
from deardiary.core.conditions import asked
from deardiary.core.cursors import Cursor, mark_number
from deardiary.core.entities import Iteration, Project
from deardiary.core.errors import Invalid
from deardiary.core.queries import Query
from deardiary.core.shapes import micros

BY_NAME = Query(Project, asked("name") != "x", order="name", limit=10)
PLACE = Cursor(mark="7", values=[0, "Iris", 3])


def text_of(said: Any) -> str:
    """Return JSON as a cursor travels."""
    data = said if isinstance(said, bytes) else json.dumps(said).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def parts_of(text: str) -> Any:
    """Return the JSON in a cursor."""
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def read(text: Any, query: Query[Any] = BY_NAME) -> Cursor:
    """Return the place that a text says to a query."""
    return Cursor.read(evolve(query, after=text))


@pytest.mark.parametrize(
    "value", ["Iris", "", "é🌱\n", 0, -1, 2**63 - 1, 0.1, -0.0, 5e-324, math.inf, -math.inf, True, FIRST, NOON, LAST]
)
def test_a_place_comes_back(value: Any) -> None:
    place = Cursor(mark="7", values=[0, value, 2**63 - 1])

    back = read(place.write(BY_NAME))

    assert back == place
    assert repr(back) == repr(place)


def test_a_place_of_several_terms_comes_back() -> None:
    query = Query(Iteration, order=["-metrics.loss", "end_date"])
    place = Cursor(mark="", values=[3, 0, 0, NOON, 8])

    assert read(place.write(query), query) == place


def test_a_place_without_an_order_is_an_id() -> None:
    place = Cursor(mark="0", values=[5])

    assert read(place.write(Query(Project)), Query(Project)) == place


def test_a_place_may_stand_in_an_address() -> None:
    text = Cursor(mark="7", values=[0, "???>>>🌱", 3]).write(BY_NAME)

    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "same",
    [
        evolve(BY_NAME, limit=3),
        evolve(BY_NAME, limit=None),
        evolve(BY_NAME, total=True),
        evolve(BY_NAME, large=True),
        Query(Project, asked("name") != "x", order=["name"]),
    ],
)
def test_a_walk_may_change_its_pace(same: Query[Any]) -> None:
    assert read(PLACE.write(BY_NAME), same) == PLACE


@pytest.mark.parametrize(
    "other",
    [
        Query(Iteration, asked("name") != "x", order="name"),
        Query(Project, asked("name") != "y", order="name"),
        Query(Project, order="name"),
        Query(Project, asked("name") != "x", order="-name"),
        Query(Project, asked("name") != "x"),
        evolve(BY_NAME, changed_after="1"),
    ],
)
def test_a_place_is_refused_by_another_query(other: Query[Any]) -> None:
    with pytest.raises(Invalid) as error:
        read(PLACE.write(BY_NAME), other)

    assert error.value.message == "`after` is the `next` of another query; ask with the same condition and order"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "not a cursor",
        "é",
        "\ud800",
        "=====",
        5,
        ["a"],
        text_of(b"\xff\xfe"),
        text_of(b"{"),
        text_of(b"[" * 9999),
    ],
)
def test_what_is_no_text_of_a_cursor_is_refused(text: Any) -> None:
    with pytest.raises(Invalid) as error:
        read(text)

    assert error.value.message == "`after` is not the `next` of any page"


WHOSE, MARK, VALUES = parts_of(PLACE.write(BY_NAME))


@pytest.mark.parametrize(
    "said",
    [
        None,
        5,
        [],
        [WHOSE],
        [WHOSE, MARK],
        [WHOSE, MARK, VALUES, 1],
        [WHOSE, MARK, None],
        [WHOSE, MARK, 5],
        [WHOSE, MARK, []],
        [WHOSE, MARK, [3]],
        [WHOSE, MARK, [0, "Iris"]],
        [WHOSE, MARK, [0, "Iris", 0, "x", 3]],
        [WHOSE, MARK, [0, "Iris", "3"]],
        [WHOSE, MARK, [0, "Iris", None]],
        [WHOSE, MARK, ["0", "Iris", 3]],
        [WHOSE, MARK, [0, {}, 3]],
        [WHOSE, MARK, [0, {"time": "noon"}, 3]],
        [WHOSE, MARK, [0, {"time": 10**30}, 3]],
        [WHOSE, MARK, [0, {"time": None}, 3]],
        [WHOSE, 7, VALUES],
        [WHOSE, None, VALUES],
    ],
    ids=lambda said: json.dumps(said)[:60],
)
def test_a_cursor_that_was_forged_is_refused(said: Any) -> None:
    with pytest.raises(Invalid) as error:
        read(text_of(said))

    assert error.value.message == "`after` is not the `next` of any page"


def test_a_time_in_a_place_is_counted_in_microseconds() -> None:
    text = Cursor(mark="7", values=[0, NOON, 3]).write(BY_NAME)

    assert parts_of(text)[2] == [0, {"time": micros(NOON)}, 3]


# Marks.


@pytest.mark.parametrize(("mark", "number"), [(None, -1), ("0", 0), ("7", 7), ("9" * 18, 10**18 - 1), ("007", 7)])
def test_a_mark_names_a_commit(mark: str | None, number: int) -> None:
    assert mark_number(mark) == number


@pytest.mark.parametrize("mark", ["", "-1", "1.0", " 1", "x", "٣", "²", "9" * 19, "9" * 5000, 7, True, [1], "\ud800"])
def test_what_is_no_mark_is_refused(mark: Any) -> None:
    with pytest.raises(Invalid) as error:
        mark_number(mark)

    assert error.value.message == f"`changed_after` is {mark!r:.60}, not the `mark` of any answer"
