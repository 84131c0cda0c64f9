"""The verb of tables."""

from collections.abc import Callable
from typing import Any

import pytest

from deardiary.core.conditions import param
from deardiary.core.entities import Experiment, Iteration, Project, User
from deardiary.core.errors import Invalid
from deardiary.tracker import Tracker

SeenBy = Callable[[User], Tracker]


@pytest.fixture
def trials(tracker: Tracker, experiment: Experiment) -> list[Iteration]:
    return [
        tracker.create_iteration(experiment, parameters={"depth": depth, "lr": None}, metrics={"acc": [0.5, acc]})
        for depth, acc in ((2, 0.9), (3, 0.7))
    ]


def test_a_row_has_the_run_its_parameters_and_its_metrics(tracker: Tracker, trials: list[Iteration]) -> None:
    first, second = tracker.get_table()

    assert [first.iteration.id, second.iteration.id] == [trial.id for trial in trials]
    assert (first.parameters, first.metrics) == ({"depth": 2, "lr": None}, {"acc": 0.9})
    assert (second.summaries["acc"].max, second.summaries["acc"].count) == (0.7, 2)


def test_a_table_is_of_a_project_or_an_experiment(
    tracker: Tracker, project: Project, experiment: Experiment, trials: list[Iteration]
) -> None:
    other = tracker.create_experiment(project, "other")
    tracker.create_iteration(other)

    assert [len(tracker.get_table(of)) for of in (None, project, experiment, other)] == [3, 3, 2, 1]


def test_a_table_takes_a_condition_an_order_and_a_part(
    tracker: Tracker, experiment: Experiment, trials: list[Iteration]
) -> None:
    assert [row.parameters["depth"] for row in tracker.get_table(order="metrics.acc")] == [3, 2]
    assert [row.parameters["depth"] for row in tracker.get_table(experiment, param("depth") > 2)] == [3]
    assert [row.parameters["depth"] for row in tracker.get_table(limit=1, offset=1)] == [3]


def test_a_run_without_anything_has_an_empty_row(tracker: Tracker, run: Iteration) -> None:
    (row,) = tracker.get_table()

    assert (row.parameters, row.metrics, row.summaries) == ({}, {}, {})


def test_a_table_without_runs_is_empty(tracker: Tracker) -> None:
    assert tracker.get_table() == []


@pytest.mark.parametrize("of", [1, "Iris", object()])
def test_what_has_no_runs_is_refused(tracker: Tracker, of: Any) -> None:
    with pytest.raises(Invalid, match="has no runs; give a project or an experiment"):
        tracker.get_table(of)


def test_a_table_shows_no_runs_that_one_may_not_read(seen_by: SeenBy, ada: User, trials: list[Iteration]) -> None:
    assert seen_by(ada).get_table() == []
