"""Conditions and orders are judged on a row, within the diary that holds it."""

import math
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from core.samples import DIGEST, NOON, UID, rows, told
from deardiary.core.changes import Append, Drop, Insert, Patch
from deardiary.core.conditions import (
    EVERY,
    AnyOf,
    Compare,
    Condition,
    Field,
    May,
    Of,
    Param,
    asked,
    by_id,
    metric,
    param,
    tagged,
)
from deardiary.core.declared import Entity, Kind
from deardiary.core.entities import (
    Experiment,
    Iteration,
    Model,
    Parameter,
    Project,
    Resource,
    Summary,
    Tag,
    Tagging,
    Text,
    User,
    UserPermission,
    Writer,
)
from deardiary.core.errors import Invalid
from deardiary.core.ledger import Drawers, read
from deardiary.core.matching import (
    candidates,
    matches,
    meeting,
    order_key,
    order_values,
    page,
    parameter_as,
    presented,
    project_of,
    sort_key,
)
from deardiary.core.points import Points
from deardiary.core.queries import Query, orders


def a_diary() -> Drawers:
    """Return a diary of two projects, an experiment in each, and a run in each of these."""
    return told(
        Insert(Project(id=-1, name="Iris", created_date=NOON)),
        Insert(Project(id=-2, name="Wine", created_date=NOON)),
        Insert(Experiment(id=-1, project_id=-1, name="Depth", created_date=NOON)),
        Insert(Experiment(id=-2, project_id=-2, name="Width", created_date=NOON)),
        Insert(Writer(id=-1, uid=UID, seen_at=NOON)),
        Insert(Iteration(id=-1, experiment_id=-1, name="first", created_date=NOON, writer_id=-1)),
        Insert(Iteration(id=-2, experiment_id=-2, name="second", created_date=NOON, end_date=NOON)),
        Insert(Parameter(id=-1, iteration_id=-1, key="lr", value="0.1", type="float")),
        Insert(Parameter(id=-2, iteration_id=-1, key="fast", value="true", type="bool")),
        Insert(Parameter(id=-3, iteration_id=-1, key="opt", value="adam")),
        Insert(Tag(id=-1, value="good")),
        Insert(Tagging(id=-1, kind="Iteration", subject_id=-1, tag_id=-1)),
        Insert(User(id=-1, username="ada", created_date=NOON)),
        Insert(User(id=-2, username="bob", created_date=NOON)),
        Insert(UserPermission(id=-1, user_id=-1, project_id=-1, update_permission=True)),
        Insert(Resource(id=-1, experiment_id=-1, name="r", content_hash=DIGEST, created_date=NOON)),
        Insert(Model(id=-1, project_id=-1, name="m", created_date=NOON)),
        Append(-1, Points.of([("loss", value, None, 0) for value in (0.5, math.nan, 0.25)])),
    )


DIARY = a_diary()


def row(kind: Kind, id: int = 1) -> Entity:
    """Return a row of the diary."""
    found = read(DIARY, kind, id)
    assert found is not None
    return found


# Conditions.


@pytest.mark.parametrize(
    ("kind", "condition", "met"),
    [
        (Iteration, EVERY, True),
        (Iteration, AnyOf(()), False),
        (Iteration, by_id(1), True),
        (Iteration, by_id(2), False),
        (Iteration, asked("name") == "first", True),
        (Iteration, asked("name") != "first", False),
        (Iteration, asked("name").like("f*"), True),
        (Iteration, asked("name").among(["x", "first"]), True),
        (Iteration, asked("name").among([]), False),
        (Iteration, asked("end_date") > NOON, False),
        (Iteration, ~(asked("end_date") > NOON), True),
        (Iteration, asked("end_date").is_none(), True),
        (Iteration, asked("name").is_none(), False),
        (Iteration, asked("name").is_nan(), False),
        (Iteration, asked("experiment.name") == "Depth", True),
        (Iteration, asked("project.name") == "Iris", True),
        (Iteration, asked("project.name") == "Wine", False),
        (Parameter, asked("project.name") == "Iris", True),
        (Parameter, asked("iteration.end_date").is_none(), True),
        (Resource, asked("iteration.name").is_none(), True),
        (Resource, asked("iteration.name") != "x", False),
        (Iteration, param("lr") == 0.1, True),
        (Iteration, param("lr") == "0.1", True),
        (Iteration, param("lr") == True, False),  # noqa: E712  # a condition
        (Iteration, param("lr") == NOON, False),
        (Iteration, param("lr").among(["x", 0.1]), True),
        (Iteration, param("fast") == True, True),  # noqa: E712  # a condition
        (Iteration, param("fast") == False, False),  # noqa: E712  # a condition
        (Iteration, param("fast") == 1, False),
        (Iteration, param("fast") == "true", True),
        (Iteration, param("opt") == "adam", True),
        (Iteration, param("opt") < 1, False),
        (Iteration, param("opt").is_none(), False),
        (Iteration, param("opt").is_nan(), False),
        (Iteration, param("absent").is_none(), True),
        (Iteration, param("absent") != "x", False),
        (Iteration, metric("loss") == 0.25, True),
        (Iteration, metric("loss", "first") == 0.5, True),
        (Iteration, metric("loss", "max") == 0.5, True),
        (Iteration, metric("loss", "count") == 3, True),
        (Iteration, metric("loss").is_nan(), False),
        (Iteration, metric("absent").is_none(), True),
        (Iteration, metric("absent").is_nan(), False),
        (Iteration, tagged("good"), True),
        (Iteration, tagged("bad"), False),
        (Experiment, tagged("good"), False),
        (Iteration, tagged("good") & (asked("name") == "x"), False),
        (Iteration, tagged("bad") | (asked("name") == "first"), True),
        (Iteration, Compare(Field("project_id"), "==", Of(Experiment, 1, Field("project_id"))), True),
        (Iteration, Compare(Field("project_id"), "==", Of(Experiment, 2, Field("project_id"))), False),
        (Iteration, Compare(Field("project_id"), "==", Of(Experiment, 99, Field("project_id"))), False),
        (Iteration, Compare(Field("project_id"), "!=", Of(Experiment, 99, Field("project_id"))), False),
        (Iteration, Compare(Field("name"), "==", Of(Iteration, 1, Field("name", "Project"))), False),
        (Experiment, Compare(Field("name"), "!=", Of(Iteration, 1, Field("name", "Project"))), True),
    ],
)
def test_the_first_row_meets_a_condition_or_not(kind: Kind, condition: Condition, met: bool) -> None:
    assert matches(condition, row(kind), DIARY) is met
    assert matches(~condition, row(kind), DIARY) is not met


def test_a_row_whose_owner_is_gone_has_nothing_above() -> None:
    orphan = Parameter(id=9, iteration_id=99, key="k", value="v")

    assert matches(asked("project.name").is_none(), orphan, DIARY)


@pytest.mark.parametrize(
    ("kind", "value", "seen"),
    [
        ("float", "0.5", {"text": "0.5", "number": 0.5, "flag": None, "time": None, "": None}),
        ("bool", "true", {"text": "true", "number": None, "flag": True, "time": None}),
        ("bool", "false", {"flag": False}),
        ("bool", "True", {"flag": None, "text": "True"}),
        ("str", "true", {"flag": None, "text": "true"}),
    ],
)
def test_a_parameter_is_seen_by_sorts(kind: str, value: str, seen: dict[str, Any]) -> None:
    number = 0.5 if kind == "float" else None
    parameter = Parameter(iteration_id=1, key="k", value=value, type=kind, number=number)

    assert {sort: parameter_as(parameter, sort) for sort in seen} == seen


def test_what_is_no_condition_is_met_by_nobody() -> None:
    with pytest.raises(TypeError, match=r"^'x' is no condition$"):
        matches("x", row(Iteration), DIARY)  # type: ignore[arg-type]  # wrong


def test_a_term_of_no_class_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError):
        matches(Compare("name", "==", "x"), row(Iteration), DIARY)  # type: ignore[arg-type]  # wrong


# Permissions.


@pytest.mark.parametrize(
    "one",
    [
        row(Project),
        row(Experiment),
        row(Iteration),
        row(Parameter),
        row(Summary),
        row(Resource),
        row(Model),
        row(Tag),
        row(Tagging),
        row(Writer),
        row(User),
        row(UserPermission),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_permission_holds_for_what_lies_in_its_project(one: Entity) -> None:
    may = [(user, action) for user in (1, 2) for action in ("read", "create", "update", "delete")]

    assert [pair for pair in may if matches(May(*pair), one, DIARY)] == [(1, "read"), (1, "update")]


@pytest.mark.parametrize(
    "one",
    [
        row(Project, 2),
        row(Experiment, 2),
        row(Iteration, 2),
        row(User, 2),
        Text(id=1, digest=DIGEST, text=None),
        Tag(id=9, value="x"),
        Parameter(id=9, iteration_id=99, key="k", value="v"),
        Resource(id=9, experiment_id=99, name="r", content_hash=DIGEST),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_permission_does_not_hold_elsewhere(one: Entity) -> None:
    assert not matches(May(1, "read"), one, DIARY)


@pytest.mark.parametrize(
    ("kind", "id", "project"),
    [
        (Project, 2, 2),
        (Experiment, 2, 2),
        (Iteration, 2, 2),
        (Project, 99, None),
        (Experiment, 99, None),
        (Iteration, 99, None),
        (Tag, 1, None),
    ],
)
def test_some_rows_have_a_project(kind: Kind, id: int, project: int | None) -> None:
    assert project_of(DIARY, kind, id) == project


# Finding.


@pytest.mark.parametrize(
    ("kind", "condition", "ids"),
    [
        (Iteration, by_id(2), [2]),
        (Iteration, by_id(99), []),
        (Iteration, by_id(-1), []),
        (Iteration, asked("experiment_id") == 2, [2]),
        (Iteration, asked("experiment_id") == 99, []),
        (Iteration, (asked("name") == "x") & by_id(2), [2]),
        (Iteration, (asked("name") == "x") & (asked("project_id") == 1), [1]),
        (Iteration, asked("writer_id") == 1, [1]),
        (Iteration, asked("name") == "x", [1, 2]),
        (Iteration, by_id(1) | by_id(2), [1, 2]),
        (Iteration, ~by_id(1), [1, 2]),
        (Iteration, asked("experiment_id") == 2.0, [1, 2]),
        (Iteration, asked("experiment.id") == 2, [1, 2]),
        (Iteration, EVERY, [1, 2]),
        (Tagging, asked("subject_id") == 1, [1]),
        (Parameter, asked("iteration_id") == 1, [1, 2, 3]),
    ],
)
def test_what_a_condition_may_meet_is_found_by_a_note(kind: Kind, condition: Condition, ids: list[int]) -> None:
    assert [kept.entity.id for kept in candidates(DIARY, kind, condition)] == ids


CONDITIONS: list[Condition] = [
    by_id(1),
    by_id(9),
    asked("id") == True,  # noqa: E712  # a condition
    asked("id") == 1.0,
    asked("id") != 1,
    asked("experiment_id") == 1,
    asked("experiment_id") == True,  # noqa: E712  # a condition
    asked("project_id").among([2, 3]),
    asked("name") == "first",
    asked("end_date").is_none(),
    param("lr") > 0,
    tagged("good"),
]


@given(st.lists(st.sampled_from(CONDITIONS), max_size=3), st.booleans())
def test_no_row_that_meets_a_condition_is_passed_over(parts: list[Condition], turned: bool) -> None:
    whole = EVERY
    for part in parts:
        whole = whole & part
    whole = ~whole if turned else whole

    met = [kept.entity for kept in meeting(DIARY, Iteration, whole)]

    assert met == [one for one in rows(DIARY, Iteration) if matches(whole, one, DIARY)]


# Orders.


VALUES = st.lists(st.none() | st.sampled_from([math.nan, 0.0, -0.0, 1.0, -1.0, math.inf, -math.inf]), max_size=8)


def measured(values: Iterable[float | None]) -> Drawers:
    """Return a diary of runs, each with a last loss or with none."""
    diary = told(
        Insert(Project(id=-1, name="Iris")),
        Insert(Experiment(id=-1, project_id=-1, name="Depth")),
        *(Insert(Iteration(id=-1 - n, experiment_id=-1)) for n in range(8)),
    )
    points = [
        Append(n + 1, Points.of([("acc", value, None, 0)])) for n, value in enumerate(values) if value is not None
    ]
    return told(*points, into=diary)


@given(VALUES, st.booleans())
def test_the_absent_and_then_nan_come_last_in_both_directions(values: list[float | None], descending: bool) -> None:
    diary = measured(values)
    order = "-metrics.acc" if descending else "metrics.acc"

    ids = [one.id for one in page(Query(Iteration, order=order), diary).rows]

    known = {n + 1: value for n, value in enumerate(values) if value is not None}
    sign = -1 if descending else 1
    numbers = sorted((id for id in known if not math.isnan(known[id])), key=lambda one: (sign * known[one], one))
    absent = [id for id in range(1, 9) if id not in known]
    assert ids == [*numbers, *absent, *(id for id in known if math.isnan(known[id]))]


@given(VALUES, st.integers(1, 9), st.sampled_from(["metrics.acc", "-metrics.acc", "name", "-id"]))
def test_pages_meet_every_row_once(values: list[float | None], limit: int, order: str) -> None:
    diary = measured(values)
    query = Query(Iteration, order=order, limit=limit)

    met, answer = [], page(query, diary)
    met += answer.rows
    while answer.next is not None:
        answer = page(evolve(query, after=answer.next), diary)
        met += answer.rows

    assert met == page(evolve(query, limit=None), diary).rows


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("params.k", [6, 2, 1, 7, 4, 3, 8, 5]),
        ("-params.k", [1, 7, 2, 6, 8, 3, 4, 5]),
        (["params.k", "-id"], [6, 2, 7, 1, 4, 3, 8, 5]),
    ],
)
def test_parameters_sort_numbers_before_texts_before_none(order: Any, ids: list[int]) -> None:
    values = [
        ("10", "int"),
        ("9", "int"),
        ("b", "str"),
        ("a", "str"),
        None,
        ("-1e0", "str"),
        ("1e1", "str"),
        ("true", "bool"),
    ]
    diary = measured([])
    told(
        *(
            Insert(Parameter(id=-1 - n, iteration_id=n + 1, key="k", value=one[0], type=one[1]))
            for n, one in enumerate(values)
            if one is not None
        ),
        into=diary,
    )

    assert [one.id for one in page(Query(Iteration, order=order), diary).rows] == ids


def named(*names: str) -> Drawers:
    """Return a diary of tags."""
    return told(*(Insert(Tag(id=-1 - n, value=name)) for n, name in enumerate(names)))


@given(st.lists(st.text(min_size=1, max_size=3).filter(lambda text: "\0" not in text), unique=True, max_size=6))
def test_texts_sort_by_code_point(texts: list[str]) -> None:
    kept = sorted({Tag(value=text).value for text in texts})
    diary = named(*reversed(kept))

    assert [tag.value for tag in page(Query(Tag, order="value"), diary).rows] == kept
    assert [tag.value for tag in page(Query(Tag, order="-value"), diary).rows] == kept[::-1]


@pytest.mark.parametrize(
    ("order", "values"),
    [
        ((), [1]),
        ("name", [0, "first", 1]),
        ("-name", [0, "first", 1]),
        ("end_date", [2, 0, 1]),
        ("created_date", [0, NOON, 1]),
        ("git_dirty", [0, False, 1]),
        ("metrics.loss.first", [0, 0.5, 1]),
        ("metrics.absent", [2, 0, 1]),
        ("params.lr", [0, 0.1, 1]),
        ("params.opt", [1, "adam", 1]),
        ("params.fast", [1, "true", 1]),
        ("params.absent", [2, 0, 1]),
        (["project.name", "-params.lr"], [0, "Iris", 0, 0.1, 1]),
    ],
)
def test_a_row_has_a_rank_and_a_value_for_each_term(order: Any, values: list[Any]) -> None:
    assert order_values(orders(order), row(Iteration), DIARY) == values


def test_nan_has_the_last_rank() -> None:
    diary = measured([math.nan])

    assert order_values(orders("metrics.acc"), rows(diary, Iteration)[0], diary) == [3, 0, 1]


def test_an_order_key_compares_as_its_order_says() -> None:
    first, second = row(Iteration, 1), row(Iteration, 2)

    assert order_key(orders("name"), first, DIARY) < order_key(orders("name"), second, DIARY)
    assert order_key(orders("-name"), first, DIARY) > order_key(orders("-name"), second, DIARY)
    assert order_key(orders("-end_date"), second, DIARY) < order_key(orders("-end_date"), first, DIARY)
    assert order_key((), first, DIARY) == (1,)


def test_values_turned_round_are_equal_only_to_each_other() -> None:
    order = orders("-name")

    assert sort_key(order, [0, "a", 1]) == sort_key(order, [0, "a", 1])
    assert sort_key(order, [0, "a", 1]) != sort_key(order, [0, "b", 1])
    assert sort_key(order, [0, "a", 1]) != sort_key(orders("name"), [0, "a", 1])


# Pages.


def test_a_page_of_nothing_is_empty() -> None:
    answer = page(Query(Tag), Drawers())

    assert (answer.rows, answer.next, answer.total, answer.mark) == ([], None, None, "0")


@pytest.mark.parametrize(
    ("query", "values", "more", "total"),
    [
        (Query(Tag), "abcde", False, None),
        (Query(Tag, limit=2), "ab", True, None),
        (Query(Tag, limit=5), "abcde", False, None),
        (Query(Tag, limit=4, total=True), "abcd", True, 5),
        (Query(Tag, limit=0, total=True), "", False, 5),
        (Query(Tag, offset=3), "de", False, None),
        (Query(Tag, offset=9, total=True), "", False, 5),
        (Query(Tag, offset=1, limit=2), "bc", True, None),
        (Query(Tag, offset=3, limit=2), "de", False, None),
        (Query(Tag, asked("value") > "b", order="-value", limit=2, total=True), "ed", True, 3),
        (Query(Tag, asked("value") > "z", total=True), "", False, 0),
    ],
)
def test_a_page_shows_what_was_asked_for(query: Query[Tag], values: str, more: bool, total: int | None) -> None:
    answer = page(query, named(*"abcde"))

    assert "".join(tag.value for tag in answer.rows) == values
    assert (answer.next is not None, answer.total) == (more, total)


def test_a_walk_asks_again_with_the_mark_it_began_with() -> None:
    diary = named(*"abc")
    first = page(Query(Tag, limit=1), diary)

    told(Insert(Tag(id=-1, value="d")), into=diary)
    second = page(Query(Tag, limit=1, after=first.next), diary)

    assert (first.mark, second.mark) == ("1", "1")
    assert page(Query(Tag), diary).mark == "2"


def test_what_changed_since_a_mark_is_answered() -> None:
    diary = named(*"abc")
    mark = page(Query(Tag), diary).mark

    told(Patch(Tag, 2, {"value": "B"}), Insert(Tag(id=-1, value="d")), Drop(Tag, 1), into=diary)
    answer = page(Query(Tag, changed_after=mark, total=True), diary)

    assert ([tag.value for tag in answer.rows], answer.total, answer.mark) == (["B", "d"], 2, "2")
    assert page(Query(Tag, changed_after=answer.mark), diary).rows == []


def test_a_series_changes_with_its_points() -> None:
    diary = measured([0.5, 0.5])
    mark = page(Query(Summary), diary).mark

    told(Append(2, Points.of([("acc", 0.1, None, 0)])), into=diary)

    assert [one.id for one in page(Query(Summary, changed_after=mark), diary).rows] == [2]


@pytest.mark.parametrize(
    "query",
    [
        Query(Tag, asked("colour") == 1),
        Query(Tag, order="colour"),
        Query(Tag, limit=-1),
        Query(Tag, after="x"),
        Query(Tag, changed_after="x"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(query: Query[Tag]) -> None:
    with pytest.raises(Invalid):
        page(query, named("a"))


# Large fields.


def snapshot() -> Drawers:
    """Return a diary of a run with large texts."""
    run = Iteration(id=-1, experiment_id=-1, traceback="Traceback", project_toml="[a]", manifest_toml="")
    return told(
        Insert(Project(id=-1, name="Iris")), Insert(Experiment(id=-1, project_id=-1, name="Depth")), Insert(run)
    )


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        (Query(Iteration, 1), ("Traceback", "[a]", "")),
        (Query(Iteration, large=True), ("Traceback", "[a]", "")),
        (Query(Iteration), (None, None, None)),
        (Query(Iteration, by_id(1) & EVERY), (None, None, None)),
    ],
)
def test_large_fields_are_filled_or_none(query: Query[Iteration], texts: tuple[str | None, ...]) -> None:
    (run,) = page(query, snapshot()).rows

    assert (run.traceback, run.project_toml, run.manifest_toml) == texts


def test_a_text_that_was_collected_reads_as_empty() -> None:
    diary = snapshot()

    told(Drop(Text, 1), into=diary)

    assert page(Query(Iteration, 1), diary).rows[0].project_toml == ""


def test_a_row_without_large_fields_is_handed_out_as_it_is() -> None:
    tag = Tag(id=1, value="x")

    assert presented(tag, Drawers(), fill=False) is tag


def test_a_run_found_by_time_is_the_one_that_ended() -> None:
    ended = asked("end_date") < NOON + timedelta(microseconds=1)

    assert [one.id for one in page(Query(Iteration, ended & asked("name").like("s*")), DIARY).rows] == [2]


def test_keys_are_met_in_any_form() -> None:
    diary = measured([])
    told(Insert(Parameter(id=-1, iteration_id=1, key="é", value="1")), into=diary)

    assert [one.id for one in page(Query(Iteration, Compare(Param("e\u0301"), "==", 1)), diary).rows] == [1]
