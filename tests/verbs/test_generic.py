"""Five verbs that every noun understands, and what may stand for a row."""

from collections.abc import Callable
from typing import Any

import pytest

from deardiary.core.conditions import asked, metric, param, tagged
from deardiary.core.entities import (
    Experiment,
    Iteration,
    Metric,
    Model,
    ModelVersion,
    Parameter,
    Project,
    Summary,
    Tag,
    User,
    UserPermission,
)
from deardiary.core.errors import AdminRequired, Duplicate, Invalid, NotFound, Unprocessable
from deardiary.core.queries import Order
from deardiary.core.shapes import now
from deardiary.tracker import Tracker

SeenBy = Callable[[User], Tracker]


class Seven:
    """Stands for an integer of another library."""

    def __init__(self, value: int) -> None:
        self._value = value

    def __index__(self) -> int:
        return self._value


# Adding.


def test_add_returns_the_row_as_it_is_kept(tracker: Tracker) -> None:
    project = tracker.add(Project(name="e\u0301te\u0301"))

    assert (project.id, project.name) == (1, "\xe9t\xe9")
    assert tracker.get(Project, 1) == project


@pytest.mark.parametrize("kind", [Parameter, Tag, Model, ModelVersion, UserPermission, User])
def test_every_noun_may_be_added(tracker: Tracker, run: Iteration, kind: type) -> None:
    row: Any = {
        Parameter: lambda: Parameter(iteration_id=run.id, key="lr", value="1"),
        Tag: lambda: Tag(value="good"),
        Model: lambda: Model(project_id=run.project_id, name="tree"),
        ModelVersion: lambda: ModelVersion(model_id=tracker.create_model(run.project_id, "m").id, iteration_id=run.id),
        UserPermission: lambda: UserPermission(
            user_id=tracker.create_user("", "", "ada", "x").id, project_id=run.project_id
        ),
        User: lambda: User(username="ada"),
    }[kind]()

    assert isinstance(tracker.add(row), kind)


def test_the_id_of_a_row_that_is_added_does_not_count(tracker: Tracker, project: Project) -> None:
    again = tracker.add(Project(id=project.id, name="Rosa"))

    assert again.id == project.id + 1


def test_a_second_row_with_the_same_unique_values_is_a_duplicate(tracker: Tracker, project: Project) -> None:
    with pytest.raises(Duplicate):
        tracker.add(project)


def test_points_and_summaries_are_not_added(tracker: Tracker, run: Iteration) -> None:
    with pytest.raises(Invalid):
        tracker.add(Metric(iteration_id=run.id, key="loss", value=0.5))


# Getting.


def test_get_takes_an_id_a_row_and_a_run_in_the_hand(tracker: Tracker, experiment: Experiment) -> None:
    with tracker.iteration(experiment, snapshot=False) as run:
        row = tracker.get(Iteration, run.id)
        assert tracker.get(Iteration, row) == tracker.get(Iteration, run) == row  # type: ignore[arg-type]  # they may


def test_get_of_an_absent_row_is_not_found(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="run 7 is not there") as refusal:
        tracker.get(Iteration, 7)

    assert (refusal.value.kind, refusal.value.id, refusal.value.status) == ("Iteration", 7, 404)


def test_an_integer_of_another_library_is_an_id(tracker: Tracker, run: Iteration) -> None:
    assert tracker.get_iteration(Seven(run.id)) == run  # type: ignore[arg-type]  # NumPy's are such


@pytest.mark.parametrize("given", ["1", 1.0, True, None, object()])
def test_what_is_no_id_is_refused(tracker: Tracker, given: Any) -> None:
    with pytest.raises(Invalid, match="is not a project; give a project or its id"):
        tracker.get(Project, given)


# Finding.


@pytest.fixture
def trials(tracker: Tracker, experiment: Experiment) -> list[Iteration]:
    return [
        tracker.create_iteration(
            experiment, name=f"depth {depth}", parameters={"depth": depth}, metrics={"acc": acc}, tags=["even"] * even
        )
        for depth, acc, even in ((2, 0.9, True), (3, 0.7, False), (4, 0.8, True))
    ]


def names(rows: list[Any]) -> list[str]:
    return [row.name.removeprefix("depth ") for row in rows]


@pytest.mark.parametrize(
    ("where", "order", "found"),
    [
        (param("depth") > 2, (), ["3", "4"]),
        (metric("acc") >= 0.8, "-metrics.acc", ["2", "4"]),
        (tagged("even"), "-name", ["4", "2"]),
        (tagged("even") & (param("depth") < 4), (), ["2"]),
        (~tagged("even") | (param("depth") == 4), (), ["3", "4"]),
        (asked("name").like("depth ?"), Order(asked("id").term, descending=True), ["4", "3", "2"]),
        (asked("experiment.name") == "Depth sweep", ["-params.depth", "name"], ["4", "3", "2"]),
        (asked("project.name") == "Rosa", (), []),
    ],
)
def test_find_asks_for_what_meets_a_condition_in_an_order(
    tracker: Tracker, trials: list[Iteration], where: Any, order: Any, found: list[str]
) -> None:
    assert names(tracker.find(Iteration, where, order=order)) == found


def test_find_asks_for_several_fields_at_once(tracker: Tracker, trials: list[Iteration]) -> None:
    assert names(tracker.find(Iteration, name="depth 3", experiment_id=trials[0].experiment_id)) == ["3"]
    assert names(tracker.find(Iteration, param("depth") > 2, name="depth 2")) == []


def test_a_row_or_a_run_stands_for_its_id_among_the_fields(tracker: Tracker, experiment: Experiment) -> None:
    with tracker.iteration(experiment, parameters={"lr": 1}, snapshot=False) as run:
        assert [row.id for row in tracker.find(Iteration, experiment_id=experiment)] == [run.id]
        assert [row.key for row in tracker.find(Parameter, iteration_id=run)] == ["lr"]


def test_none_among_the_fields_asks_for_what_is_absent(tracker: Tracker, run: Iteration, ended: Iteration) -> None:
    assert [row.id for row in tracker.find(Iteration, end_date=None)] == [run.id]


def test_find_takes_a_part(tracker: Tracker, trials: list[Iteration]) -> None:
    assert names(tracker.find(Iteration, limit=1, offset=1)) == ["3"]
    assert tracker.find(Iteration, limit=0) == []


def test_find_brings_long_texts_only_when_they_are_asked_for(tracker: Tracker, trials: list[Iteration]) -> None:
    tracker.update(trials[0], manifest_toml="version = 1")

    assert tracker.find(Iteration, limit=1)[0].manifest_toml is None
    assert tracker.find(Iteration, limit=1, large=True)[0].manifest_toml == "version = 1"


def test_an_id_is_a_condition(tracker: Tracker, trials: list[Iteration]) -> None:
    assert names(tracker.find(Iteration, trials[1].id, name="depth 3")) == ["3"]  # type: ignore[arg-type]  # an id


@pytest.mark.parametrize(
    ("kind", "where", "fields"),
    [
        (Iteration, {"name": "x"}, {}),
        (Iteration, {"name": "x"}, {"id": 1}),
        (Iteration, asked("colour") == "red", {}),
        (Iteration, (), {"colour": "red"}),
        (Project, param("lr") > 1, {}),
        (Parameter, tagged("good"), {}),
        (Metric, asked("id") == 1, {}),
        (User, asked("password") == "", {}),
        (Iteration, asked("name") == object(), {}),
    ],
)
def test_what_cannot_be_asked_is_refused(tracker: Tracker, kind: Any, where: Any, fields: Any) -> None:
    with pytest.raises(Invalid):
        tracker.find(kind, *([where] if where != () else []), **fields)


def test_count_says_how_many_there_are(tracker: Tracker, trials: list[Iteration]) -> None:
    assert tracker.count(Iteration) == 3
    assert tracker.count(Iteration, tagged("even")) == 2
    assert tracker.count(Iteration, tagged("even"), name="depth 2") == 1
    assert tracker.count(Summary, key="f1") == 0


# Changing.


def test_update_returns_the_row_as_it_is_then(tracker: Tracker, run: Iteration) -> None:
    assert tracker.update(run, notes="good", name="first").notes == "good"


def test_update_takes_a_run_in_the_hand(tracker: Tracker, experiment: Experiment) -> None:
    with tracker.iteration(experiment, snapshot=False) as run:
        changed: Any = tracker.update(run, notes="good")  # type: ignore[type-var]  # it stands for its row

    assert changed.notes == "good"


def test_update_refuses_what_is_not_to_be_changed(tracker: Tracker, run: Iteration, ended: Iteration) -> None:
    with pytest.raises(Invalid, match="has no field `colour`"):
        tracker.update(run, colour="red")
    with pytest.raises(Invalid):
        tracker.update(run, experiment_id=2)
    with pytest.raises(Invalid):
        tracker.update(run, notes=5)
    with pytest.raises(Unprocessable, match="has ended"):
        tracker.update(ended, status_id=1)


def test_an_ended_run_is_opened_again_by_saying_so_whole(tracker: Tracker, ended: Iteration) -> None:
    opened = tracker.update(ended, end_date=None, status_id=1, reopened_date=now())

    assert (opened.end_date, opened.status_id) == (None, 1)


def test_a_row_that_went_cannot_be_changed(tracker: Tracker, run: Iteration) -> None:
    assert tracker.delete(run) is True

    with pytest.raises(NotFound, match=f"run {run.id} is not there"):
        tracker.update(run, notes="late")
    with pytest.raises(NotFound, match=f"run {run.id} is not there"):
        tracker.delete(run)


def test_delete_removes_a_row_and_what_it_owns(tracker: Tracker, project: Project, run: Iteration) -> None:
    tracker.append(run, {"loss": 0.5})

    assert tracker.delete(project) is True

    assert (tracker.find(Iteration), tracker.series()) == ([], [])


@pytest.mark.parametrize("given", [1, "Iris", None, Project])
def test_only_rows_are_changed_and_deleted(tracker: Tracker, given: Any) -> None:
    with pytest.raises(Invalid, match="is no row; give one"):
        tracker.update(given, name="x")
    with pytest.raises(Invalid, match="is no row; give one"):
        tracker.delete(given)


# Points.


def test_points_come_back_as_series(tracker: Tracker, run: Iteration) -> None:
    for value in (3, 2.5):
        tracker.append(run, {"loss": value})
    tracker.append(run.id, {"loss": 1}, step=9)

    (series,) = tracker.series(run)

    assert (list(series.steps), list(series.values)) == ([0, 1, 9], [3.0, 2.5, 1.0])
    assert tracker.series() == [series]


# As someone else.


def test_generic_verbs_show_no_more_than_the_named_ones(seen_by: SeenBy, ada: User, run: Iteration) -> None:
    hers = seen_by(ada)

    assert (hers.find(Iteration), hers.count(Iteration), hers.series(run)) == ([], 0, [])
    with pytest.raises(NotFound, match=f"run {run.id} is not there"):
        hers.get(Iteration, run.id)
    with pytest.raises(NotFound, match=f"run {run.id} is not there"):
        hers.update(run, notes="hers")
    with pytest.raises(NotFound, match=f"run {run.id} is not there"):
        hers.append(run, {"loss": 1})
    with pytest.raises(AdminRequired):
        hers.add(Project(name="hers"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"status_id": "FAILED"},
            "run status_id is a number, and 'FAILED' is a text; give one such as deardiary.FAILED",
        ),
        ({"experiment_id": "default"}, "run experiment_id is a number, and 'default' is a text"),
        ({"name": 3}, "run name is a text, and 3 is a number"),
    ],
    ids=str,
)
def test_a_field_is_not_asked_for_what_it_never_holds(tracker: Tracker, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        tracker.find(Iteration, **fields)

    assert str(refusal.value) == said
