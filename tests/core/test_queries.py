"""What may be asked is checked before any store looks."""

from array import array
from collections.abc import Callable
from typing import Any

import pytest

from deardiary.core.conditions import EVERY, Field, Measure, Param, asked, by_id, metric
from deardiary.core.entities import Iteration, Metric, Project, Tag, Text
from deardiary.core.errors import Invalid
from deardiary.core.queries import (
    Order,
    Page,
    Query,
    Series,
    SeriesQuery,
    check_query,
    check_series_query,
    orders,
)

NAME = Order(Field("name"))


def makes_sense(check: Callable[[Any], None], query: Any) -> bool:
    """Return whether a query is not refused."""
    try:
        check(query)
    except Invalid:
        return False
    return True


# Orders.


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("name", (NAME,)),
        ("-name", (Order(Field("name"), descending=True),)),
        ("-metrics.loss.min", (Order(Measure("loss", "min"), descending=True),)),
        ("params.-lr", (Order(Param("-lr")),)),
        (NAME, (NAME,)),
        ([], ()),
        (["name", "-id"], (NAME, Order(Field("id"), descending=True))),
        (("name", NAME, ["params.lr"]), (NAME, NAME, Order(Param("lr")))),
        ((one for one in ["name"]), (NAME,)),
    ],
)
def test_an_order_is_said_in_several_ways(given: Any, meant: tuple[Order, ...]) -> None:
    assert orders(given) == meant


@pytest.mark.parametrize("path", ["name", "-name", "experiment.name", "-params.lr", "metrics.loss.min"])
def test_an_order_says_its_path(path: str) -> None:
    (order,) = orders(path)

    assert str(order) == path


@pytest.mark.parametrize("given", [5, ["name", 5], None])
def test_what_is_no_order_is_refused(given: Any) -> None:
    with pytest.raises(Invalid, match=r'^an order is (5|None); give a text, such as "-metrics.loss", an Order, or'):
        orders(given)


def test_the_order_of_a_query_becomes_orders() -> None:
    assert Query(Project, order="-name").order == (Order(Field("name"), descending=True),)


# Queries.


def test_a_query_asks_for_everything_at_first() -> None:
    query = Query(Project)

    assert (query.where, query.order, query.limit, query.offset) == (EVERY, (), None, 0)
    assert (query.after, query.changed_after, query.total, query.large) == (None, None, False, False)


def test_a_query_for_an_id_asks_for_one_row() -> None:
    assert Query(Project, 7).where == by_id(7)


@pytest.mark.parametrize("where", ["7", True, None])
def test_a_query_for_no_condition_is_refused(where: Any) -> None:
    with pytest.raises(Invalid, match=r"is neither a condition nor an id$"):
        Query(Project, where)


@pytest.mark.parametrize(
    ("query", "fills"),
    [
        (Query(Iteration), False),
        (Query(Iteration, 7), True),
        (Query(Iteration, large=True), True),
        (Query(Iteration, by_id(7) & (asked("name") == "x")), False),
        (Query(Iteration, asked("id").among([7])), False),
        (Query(Iteration, asked("id") == 7.0), False),
    ],
)
def test_large_fields_are_filled_for_one_row_or_when_asked(query: Query[Any], fills: bool) -> None:
    assert query.fills_large is fills


@pytest.mark.parametrize(
    "query",
    [
        Query(Project),
        Query(Project, limit=0),
        Query(Project, limit=2**63 - 1, offset=2**63 - 1),
        Query(Iteration, metric("loss") < 1, order=["params.lr", "-metrics.loss.min", "experiment.name"]),
        Query(Project, after="x", order="name"),
        Query(Project, changed_after="x", limit=1),
        Query(Text, total=True, large=True),
    ],
)
def test_a_query_that_makes_sense_is_not_refused(query: Query[Any]) -> None:
    assert makes_sense(check_query, query)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (Query(Metric), "a metric is read as part of its series"),
        (Query(Tag, asked("colour") == 1), "a tag cannot be asked for `colour`; it can be for id, value"),
        (Query(Tag, order="-colour"), "a tag cannot be asked for `colour`; it can be for id, value"),
        (Query(Tag, order=["value", "params.lr"]), "a tag has no `params.lr`; only runs have parameters and metrics"),
        (Query(Tag, limit=-1), "limit is -1, outside 0 to 9223372036854775807"),
        (Query(Tag, limit=True), "limit is True, not an integer"),
        (Query(Tag, limit=1.0), "limit is 1.0, not an integer"),
        (Query(Tag, limit=2**63), "limit is 9223372036854775808, outside 0 to 9223372036854775807"),
        (Query(Tag, offset=-1), "offset is -1, outside 0 to 9223372036854775807"),
        (Query(Tag, offset=None), "offset is none, not an integer"),
        (
            Query(Tag, after="x", offset=1),
            "`after` and `offset` cannot be asked together; `after` goes on from a page",
        ),
        (
            Query(Tag, after="", offset=1),
            "`after` and `offset` cannot be asked together; `after` goes on from a page",
        ),
        (
            Query(Tag, changed_after="0", order="value"),
            "`changed_after` and `order` cannot be asked together; changed rows come by id",
        ),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(query: Query[Any], said: str) -> None:
    with pytest.raises(Invalid) as error:
        check_query(query)

    assert error.value.message == said


def test_a_page_says_no_more_than_it_must() -> None:
    page = Page([Tag(id=1, value="x")])

    assert (len(page.rows), page.next, page.total, page.mark) == (1, None, None, "")


# Series.


@pytest.mark.parametrize(
    "query",
    [
        SeriesQuery(),
        SeriesQuery(iterations=[1, 2], keys=["loss"], steps=(-(2**63), 2**63 - 1), repeats="last"),
        SeriesQuery(ids=[2**31 + 1]),
        SeriesQuery(limit=0, offset=5),
        SeriesQuery(max_points=4),
        SeriesQuery(steps=(5, 1)),
        SeriesQuery(iterations=[-1, 0]),
    ],
)
def test_a_series_query_that_makes_sense_is_not_refused(query: SeriesQuery) -> None:
    assert makes_sense(check_series_query, query)


BOTH = "points are asked for by id, or by run, key and step, not both"
THINNED = "`max_points` thins whole series; it cannot be asked together with `limit` or `offset`"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (SeriesQuery(ids=[1], iterations=[1]), BOTH),
        (SeriesQuery(ids=[1], keys=["loss"]), BOTH),
        (SeriesQuery(ids=[1], steps=(0, 1)), BOTH),
        (SeriesQuery(ids=[1], limit=1), BOTH),
        (SeriesQuery(ids=[1], max_points=10), BOTH),
        (SeriesQuery(ids=[1], repeats="last"), BOTH),
        (SeriesQuery(ids=["1"]), "an id is '1', not an integer"),
        (SeriesQuery(ids=[2**63]), "an id is 9223372036854775808, outside 64 bits"),
        (SeriesQuery(iterations=[True]), "an id is True, not an integer"),
        (SeriesQuery(iterations=[[1]]), "an id is [1], not an integer"),
        (SeriesQuery(keys=[5]), "a key is 5, not a text"),
        (SeriesQuery(keys=["\0"]), "a key contains the character NUL"),
        (SeriesQuery(steps=10), "steps is 10; it has a first and a last step"),  # type: ignore[arg-type]  # wrong
        (SeriesQuery(steps=(0,)), "steps has 1 parts; it has a first and a last step"),
        (SeriesQuery(steps=(0, 1, 2)), "steps has 3 parts; it has a first and a last step"),
        (SeriesQuery(steps=(0, None)), "a step is none, not an integer"),
        (SeriesQuery(steps=(0.0, 1)), "a step is 0.0, not an integer"),
        (SeriesQuery(limit=-1), "limit is -1, outside 0 to 9223372036854775807"),
        (SeriesQuery(offset=-1), "offset is -1, outside 0 to 9223372036854775807"),
        (SeriesQuery(max_points=3), "max_points is 3, outside 4 to 9223372036854775807"),
        (SeriesQuery(max_points="9"), "max_points is '9', not an integer"),
        (SeriesQuery(max_points=4, limit=0), THINNED),
        (SeriesQuery(max_points=4, offset=1), THINNED),
        (SeriesQuery(repeats="first"), "repeats is 'first'; it may be 'all' or 'last'"),
        (SeriesQuery(repeats=None), "repeats is None; it may be 'all' or 'last'"),
    ],
)
def test_a_series_query_that_makes_no_sense_is_refused(query: SeriesQuery, said: str) -> None:
    with pytest.raises(Invalid) as error:
        check_series_query(query)

    assert error.value.message == said


def test_keys_are_asked_in_the_form_in_which_they_are_kept() -> None:
    assert SeriesQuery(keys=["e\u0301"]) == SeriesQuery(keys=["é"])


def test_a_key_alone_is_no_list_of_keys() -> None:
    with pytest.raises(Invalid) as error:
        SeriesQuery(keys="loss")

    assert error.value.message == "keys is the text 'loss'; give a list of keys"


def a_series(**more: Any) -> Series:
    """Return a series of one point."""
    return Series(
        **{
            "iteration_id": 1,
            "key": "loss",
            "series": 1,
            "numbers": array("q", [0]),
            "steps": array("q", [0]),
            "values": array("d", [float("nan")]),
            "times": array("q", [0]),
            "total": 1,
            **more,
        }
    )


def test_a_series_is_as_long_as_its_points() -> None:
    assert len(a_series(values=array("d", [1, 2, 3]), total=7)) == 3


def test_series_are_equal_by_their_bits() -> None:
    assert a_series() == a_series()
    assert a_series(values=array("d", [0.0])) != a_series(values=array("d", [-0.0]))


@pytest.mark.parametrize(
    ("count", "total", "said", "is_thinned"),
    [
        (500, 50_000, "500 of 50,000 points", True),
        (1, 1, "1 point", False),
        (1, 2, "1 of 2 points", True),
        (1_000, 1_000, "1,000 points", False),
        (0, 0, "0 points", False),
    ],
)
def test_a_series_says_of_how_many_points_it_is(count: int, total: int, said: str, is_thinned: bool) -> None:
    part, values = array("q", [0]) * count, array("d", [0.0]) * count
    series = Series(
        iteration_id=7, key="loss", series=1, numbers=part, steps=part, values=values, times=part, total=total
    )

    assert (series.extent, series.is_thinned, len(series)) == (said, is_thinned, count)
    assert str(series) == f"loss of run 7: {said}"


def test_a_series_of_many_points_is_shown_in_a_line() -> None:
    assert "steps=[0], values=[nan]" in repr(a_series())
    assert "steps=[0, 1, 2, ..., 9999], values=[nan]" in repr(a_series(steps=array("q", range(10_000))))
