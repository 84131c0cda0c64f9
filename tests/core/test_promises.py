"""A promise stands for a row until the row has an id."""

import re
from typing import Any

import pytest

from core.samples import DIGEST
from deardiary.core.conditions import EVERY, Compare, Condition, Field, May, Of, asked, by_id, metric, param, tagged
from deardiary.core.declared import Kind
from deardiary.core.entities import (
    Experiment,
    Iteration,
    ModelVersion,
    Parameter,
    Project,
    Resource,
    Tagging,
    Writer,
)
from deardiary.core.errors import Invalid
from deardiary.core.promises import Promises, names_rows


def kept() -> Promises:
    """Return promises of which some are kept."""
    promises = Promises()
    promises.keep(Project, -1, 11)
    promises.keep(Experiment, -1, 21)
    promises.keep(Experiment, -2, 22)
    promises.keep(Iteration, -1, 31)
    promises.keep(Writer, -1, 41)
    promises.keep(Resource, -1, 51)
    return promises


def refusal(call: Any) -> str:
    """Return what is said of a promise that cannot stand."""
    with pytest.raises(Invalid) as error:
        call()
    return error.value.message


def test_an_id_stands_for_itself() -> None:
    assert kept().id(Project, 7) == 7
    assert Promises().id(Project, 2**63 - 1) == 2**63 - 1


def test_a_promise_stands_for_the_id_it_became() -> None:
    assert kept().id(Experiment, -2) == 22


def test_promises_of_two_kinds_are_two() -> None:
    promises = kept()

    assert (promises.id(Project, -1), promises.id(Experiment, -1)) == (11, 21)


def test_a_promise_that_was_not_made_stands_for_nothing() -> None:
    assert refusal(lambda: kept().id(Project, -2)) == "the promise -2 of a project is used before it is made"


def test_zero_stands_for_nothing() -> None:
    said = "0 is no id of a project, and no promise of one; promises are negative"

    assert refusal(lambda: kept().id(Project, 0)) == said
    assert refusal(lambda: kept().check_new(Project, 0)) == said


def test_a_promise_is_made_once() -> None:
    assert refusal(lambda: kept().check_new(Project, -1)) == "the promise -1 of a project is made twice"


def test_a_plain_id_is_no_promise() -> None:
    promises = Promises()

    promises.keep(Project, 7, 7)

    assert promises.ids == {}


@pytest.mark.parametrize("id", [-2, 7])
def test_another_promise_or_an_id_may_stand_in_an_insert(id: int) -> None:
    promises = kept()

    promises.check_new(Project, id)
    promises.keep(Project, id, 12)

    assert promises.id(Project, id) == (12 if id < 0 else id)


# Rows.


@pytest.mark.parametrize(
    ("row", "ids"),
    [
        (Project(id=-1, name="x"), {}),
        (Experiment(id=-9, project_id=-1, name="x"), {"id": -9, "project_id": 11}),
        (Experiment(project_id=7, name="x"), {"project_id": 7}),
        (
            Iteration(experiment_id=-2, parent_iteration_id=-1, writer_id=-1),
            {"experiment_id": 22, "parent_iteration_id": 31, "writer_id": 41, "project_id": 0},
        ),
        (Iteration(experiment_id=-2), {"experiment_id": 22, "parent_iteration_id": None, "writer_id": None}),
        (Iteration(experiment_id=-2, project_id=-1), {"experiment_id": 22, "project_id": 11}),
        (
            Resource(experiment_id=-1, iteration_id=-1, name="r", content_hash=DIGEST),
            {"experiment_id": 21, "iteration_id": 31},
        ),
        (ModelVersion(model_id=5, iteration_id=-1, resource_id=-1), {"iteration_id": 31, "resource_id": 51}),
        (Tagging(kind="Project", subject_id=-1, tag_id=3), {"subject_id": 11, "project_id": 0}),
        (Tagging(kind="Experiment", subject_id=-1, tag_id=3), {"subject_id": 21}),
        (Tagging(kind="Iteration", subject_id=-1, tag_id=3), {"subject_id": 31}),
    ],
)
def test_a_row_names_rows_by_their_ids(row: Any, ids: dict[str, int | None]) -> None:
    named = kept().row(row)

    assert {name: getattr(named, name) for name in ids} == ids


def test_a_row_that_names_no_promise_stays_as_it_is() -> None:
    row = Experiment(id=-5, project_id=7, name="x")

    assert kept().row(row) is row


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (Experiment(project_id=-2, name="x"), "the promise -2 of a project is used before it is made"),
        (Experiment(project_id=0, name="x"), "0 is no id of a project, and no promise of one; promises are negative"),
        (
            Iteration(experiment_id=-1, parent_iteration_id=0),
            "0 is no id of a run, and no promise of one; promises are negative",
        ),
        (
            Tagging(kind="Iteration", subject_id=-3, tag_id=3),
            "the promise -3 of a run is used before it is made",
        ),
    ],
)
def test_a_row_that_names_nothing_is_refused(row: Any, said: str) -> None:
    assert refusal(lambda: kept().row(row)) == said


def test_only_the_promises_of_a_row_are_said() -> None:
    assert kept().references(Iteration(experiment_id=-2, writer_id=9)) == {"experiment_id": 22}


# Patches.


@pytest.mark.parametrize(
    ("kind", "values", "meant"),
    [
        (Iteration, {"writer_id": -1, "name": "x"}, {"writer_id": 41, "name": "x"}),
        (Iteration, {"writer_id": None}, {"writer_id": None}),
        (Iteration, {"status_id": 2}, {"status_id": 2}),
        (ModelVersion, {"resource_id": -1}, {"resource_id": 51}),
        (ModelVersion, {"resource_id": 8}, {"resource_id": 8}),
        (Project, {}, {}),
    ],
)
def test_a_patch_names_rows_by_their_ids(kind: Kind, values: dict[str, Any], meant: dict[str, Any]) -> None:
    assert kept().values(kind, values) == meant


def test_a_patch_that_names_nothing_is_refused() -> None:
    said = "the promise -2 of a writer is used before it is made"

    assert refusal(lambda: kept().values(Iteration, {"writer_id": -2})) == said


# Conditions.


@pytest.mark.parametrize(
    ("kind", "condition", "meant"),
    [
        (Project, by_id(-1), by_id(11)),
        (Experiment, by_id(-1), by_id(21)),
        (Project, by_id(7), by_id(7)),
        (Project, asked("id") != -1, asked("id") != 11),
        (Project, asked("id").among([-1, 7, "x", 1.5]), asked("id").among([11, 7, "x", 1.5])),
        (Experiment, asked("project_id") == -1, asked("project_id") == 11),
        (Iteration, asked("parent_iteration_id") == -1, asked("parent_iteration_id") == 31),
        (Iteration, asked("writer_id").among([-1]), asked("writer_id").among([41])),
        (Iteration, asked("project.id") == -1, asked("project.id") == 11),
        (Iteration, asked("experiment.project_id") == -1, asked("experiment.project_id") == 11),
        (
            Project,
            ~(by_id(-1) & (asked("name") == "x")) | by_id(-1),
            ~(by_id(11) & (asked("name") == "x")) | by_id(11),
        ),
        (
            Iteration,
            Compare(Field("project_id"), "==", Of(Experiment, -2, Field("project_id"))),
            Compare(Field("project_id"), "==", Of(Experiment, 22, Field("project_id"))),
        ),
    ],
)
def test_a_condition_names_rows_by_their_ids(kind: Kind, condition: Condition, meant: Condition) -> None:
    assert kept().where(kind, condition) == meant


@pytest.mark.parametrize(
    ("kind", "condition"),
    [
        (Project, EVERY),
        (Project, asked("id") == -1.0),
        (Project, asked("id") == "-1"),
        (Iteration, asked("status_id") == -1),
        (Iteration, asked("lost_points").among([-1])),
        (Iteration, asked("parent_iteration_id").is_none()),
        (Iteration, param("lr") == -1),
        (Iteration, param("lr").among([-1])),
        (Iteration, metric("loss") == -1),
        (Iteration, tagged("-1")),
        (Iteration, May(-1, "read")),
        (Parameter, asked("experiment.name") == "x"),
        (Tagging, asked("subject_id") == -1),
        (Tagging, asked("subject_id").among([-1])),
        (Project, asked("id") == True),  # noqa: E712  # a condition
    ],
)
def test_what_is_no_promise_stays_as_it_is(kind: Kind, condition: Condition) -> None:
    assert kept().where(kind, condition) == condition


@pytest.mark.parametrize(
    ("kind", "condition"),
    [
        (Project, by_id(-2)),
        (Project, asked("id").among([-1, -2])),
        (Project, asked("id") < -5),
        (Project, ~by_id(-2)),
        (Iteration, asked("project.id") == -2),
        (Iteration, Compare(Field("project_id"), "==", Of(Project, -2, Field("id")))),
    ],
)
def test_a_condition_that_names_what_was_not_made_is_refused(kind: Kind, condition: Condition) -> None:
    said = refusal(lambda: kept().where(kind, condition))

    assert re.fullmatch(r"the promise -[25] of a project is used before it is made", said)


def test_a_condition_that_names_zero_is_refused() -> None:
    said = "0 is no id of a project, and no promise of one; promises are negative"

    assert refusal(lambda: kept().where(Project, by_id(0))) == said


@pytest.mark.parametrize(
    ("kind", "condition", "answer"),
    [
        (Project, by_id(7), True),
        (Project, asked("id").among([]), True),
        (Iteration, asked("experiment_id") == 1, True),
        (Iteration, asked("writer_id") != "x", True),
        (Iteration, asked("project.id") > 1, True),
        (Iteration, asked("experiment.project_id").among([1]), True),
        (Iteration, Compare(Field("name"), "==", Of(Experiment, 1, Field("name"))), True),
        (Iteration, asked("status_id") == 1, False),
        (Iteration, asked("experiment.name") == "x", False),
        (Iteration, asked("experiment_id").is_none(), False),
        (Iteration, param("lr") == 1, False),
        (Iteration, metric("loss").among([1]), False),
        (Tagging, asked("subject_id") == 1, False),
        (Iteration, tagged("x"), False),
        (Iteration, May(1, "read"), False),
        (Iteration, EVERY, False),
    ],
)
def test_a_comparison_is_with_ids_or_not(kind: Kind, condition: Condition, answer: bool) -> None:
    assert names_rows(kind, condition) is answer
