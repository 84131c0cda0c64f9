"""The verbs of iterations."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from math import inf, nan
from typing import Any

import attrs
import pytest

from deardiary.core.changes import Batch, Insert, Patch, Stream
from deardiary.core.entities import (
    Experiment,
    Iteration,
    IterationStatus,
    Parameter,
    Project,
    Summary,
    Tag,
    User,
    Writer,
)
from deardiary.core.errors import Forbidden, Invalid, NotFound, Unprocessable
from deardiary.core.shapes import now
from deardiary.fluent import Run
from deardiary.tracker import Tracker
from deardiary.verbs.pages import Pagination

RUNNING, SUCCEEDED, FAILED, KILLED = IterationStatus
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

SeenBy = Callable[[User], Tracker]


# Making.


def test_a_run_begins_running(tracker: Tracker, experiment: Experiment) -> None:
    made = tracker.create_iteration(experiment)

    assert (made.experiment_id, made.project_id, made.status_id) == (experiment.id, experiment.project_id, RUNNING)
    assert (made.end_date, made.parent_iteration_id, made.notes, made.error_message) == (None, None, "", "")
    assert tracker.get_iteration(made) == tracker.get_iteration(made.id) == made


def test_a_run_may_have_a_name_and_notes(tracker: Tracker, experiment: Experiment) -> None:
    made = tracker.create_iteration(experiment.id, name="first 🌱", notes="a try")

    assert (made.name, made.notes) == ("first 🌱", "a try")


@pytest.mark.parametrize("by", ["row", "id"])
def test_a_run_is_answered_as_it_is_kept(tracker: Tracker, experiment: Experiment, run: Iteration, by: str) -> None:
    made = tracker.create_iteration(
        experiment if by == "row" else experiment.id,
        parent_iteration_id=run,
        name="e\u0301te\u0301",
        notes="a try",
        error_message="no memory",
        parameters={"lr": 0.1},
        metrics={"loss": [1, 2]},
        tags=["good"],
        status=3,
    )

    assert tracker.get(Iteration, made.id) == made


def test_a_run_is_made_in_an_experiment_that_is_there(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="experiment 7 is not there"):
        tracker.create_iteration(7)


@pytest.mark.parametrize("by", ["row", "id"])
def test_a_child_names_its_parent(tracker: Tracker, experiment: Experiment, run: Iteration, by: str) -> None:
    child = tracker.create_iteration(experiment, parent_iteration_id=run if by == "row" else run.id)

    assert child.parent_iteration_id == run.id


def test_a_parent_is_in_the_same_experiment(tracker: Tracker, project: Project, run: Iteration) -> None:
    other = tracker.create_experiment(project, "other")

    with pytest.raises(Unprocessable, match=f"run {run.id} is not a run of experiment {other.id}"):
        tracker.create_iteration(other, parent_iteration_id=run)


def test_a_parent_is_there(tracker: Tracker, experiment: Experiment) -> None:
    with pytest.raises(Unprocessable, match="run 99 is not a run of experiment"):
        tracker.create_iteration(experiment, parent_iteration_id=99)


def test_a_parent_may_have_ended(tracker: Tracker, experiment: Experiment, ended: Iteration) -> None:
    assert tracker.create_iteration(experiment, parent_iteration_id=ended).parent_iteration_id == ended.id


def test_a_whole_run_is_made_in_one_transaction(tracker: Tracker, experiment: Experiment) -> None:
    made = tracker.create_iteration(
        experiment,
        parameters={"lr": 0.1, "model": {"depth": 3}},
        metrics={"loss": [0.5, 0.25], "accuracy": 0.9, "val": {10: 0.8, 5: nan}},
        tags=["good", "good", "old"],
        status=SUCCEEDED,
    )

    assert {row.key: row.value for row in tracker.get_parameters(made)} == {"lr": "0.1", "model.depth": "3"}
    points = [(point.key, point.step, repr(point.value)) for point in tracker.get_metrics(made)]
    assert sorted(points) == [
        ("accuracy", 0, "0.9"),
        ("loss", 0, "0.5"),
        ("loss", 1, "0.25"),
        ("val", 5, "nan"),
        ("val", 10, "0.8"),
    ]
    assert {tag.value for tag in tracker.get_tags(made)} == {"good", "old"}
    assert (made.status_id, made.end_date is not None) == (SUCCEEDED, True)


def test_a_run_that_is_refused_leaves_nothing(tracker: Tracker, experiment: Experiment) -> None:
    tracker.update_experiment(experiment, 2)

    with pytest.raises(Unprocessable):
        tracker.create_iteration(experiment, parameters={"lr": 0.1}, metrics={"loss": 0.5}, tags=["good"])

    for kind in (Iteration, Parameter, Summary, Tag):
        assert tracker.find(kind) == []


@pytest.mark.parametrize("status", [FAILED, 3])
def test_a_run_may_be_made_as_it_ended(tracker: Tracker, experiment: Experiment, status: int) -> None:
    made = tracker.create_iteration(experiment, status=status, error_message="no memory")

    assert (made.status_id, made.error_message, made.end_date is None) == (FAILED, "no memory", False)


def test_an_error_message_stands_with_any_status(tracker: Tracker, experiment: Experiment) -> None:
    made = tracker.create_iteration(experiment, error_message="so far")

    assert (made.status_id, made.error_message) == (RUNNING, "so far")


@pytest.mark.parametrize("status", ["FAILED", 0, 5])
def test_a_run_ends_with_a_status_that_there_is(tracker: Tracker, experiment: Experiment, status: Any) -> None:
    with pytest.raises(Invalid, match="it may be 1 RUNNING, 2 SUCCEEDED, 3 FAILED, 4 KILLED"):
        tracker.create_iteration(experiment, status=status)


def test_tags_are_a_list(tracker: Tracker, experiment: Experiment) -> None:
    with pytest.raises(Invalid, match="tags is the text 'good'; give a list of tags"):
        tracker.create_iteration(experiment, tags="good")


@pytest.mark.parametrize(
    ("metrics", "complaint"),
    [
        ([0.5], "metrics are given as list"),
        ({"loss": "0.5"}, "metric 'loss' is '0.5', not a number"),
        ({"loss": [0.5, None]}, "metric 'loss' is none, not a number"),
        ({"loss": {"last": 0.5}}, "a step is 'last', not an integer"),
        ({"loss": {2**63: 0.5}}, "a step is 9223372036854775808"),
        ({"": 0.5}, "a metric's key is empty"),
    ],
)
def test_metrics_that_are_no_numbers_by_step_are_refused(
    tracker: Tracker, experiment: Experiment, metrics: Any, complaint: str
) -> None:
    with pytest.raises(Invalid, match=complaint):
        tracker.create_iteration(experiment, metrics=metrics)

    assert tracker.find(Iteration) == []


@pytest.mark.parametrize("metrics", [None, {}, {"loss": []}, {"loss": {}}])
def test_a_run_may_have_no_metrics(tracker: Tracker, experiment: Experiment, metrics: Any) -> None:
    made = tracker.create_iteration(experiment, metrics=metrics)

    assert tracker.get_summaries(made) == []


class Search(Enum):
    GRID = "grid"


@attrs.frozen
class Settings:
    lr: float = 0.1
    search: Search = Search.GRID


@pytest.mark.parametrize(
    "parameters", [Settings(), {"lr": 0.1, "search": "grid"}, argparse.Namespace(lr=0.1, search="grid")]
)
def test_parameters_come_in_many_forms(tracker: Tracker, experiment: Experiment, parameters: Any) -> None:
    made = tracker.create_iteration(experiment, parameters=parameters)

    assert [(row.key, row.value) for row in tracker.get_parameters(made)] == [("lr", "0.1"), ("search", "grid")]


def test_parameters_that_say_nothing_of_themselves_are_refused(tracker: Tracker, experiment: Experiment) -> None:
    with pytest.raises(Invalid, match="parameters are given as list; give a mapping"):
        tracker.create_iteration(experiment, parameters=[("lr", 0.1)])


# Reading.


def test_a_run_that_is_not_there_is_none(tracker: Tracker) -> None:
    assert tracker.get_iteration(7) is None


def test_runs_come_by_id_children_too(tracker: Tracker, experiment: Experiment, run: Iteration) -> None:
    child = tracker.create_iteration(experiment, parent_iteration_id=run)

    assert [row.id for row in tracker.get_iterations(experiment)] == [run.id, child.id]


def test_runs_come_by_the_page(tracker: Tracker, experiment: Experiment) -> None:
    ids = [tracker.create_iteration(experiment).id for _ in range(5)]

    page = tracker.get_iterations(experiment.id, Pagination(2, 3))

    assert ([row.id for row in page.data], page.total, page.limit, page.offset) == (ids[3:], 5, 2, 3)


def test_the_long_texts_of_a_run_come_with_it_alone(tracker: Tracker, run: Iteration) -> None:
    tracker.update(run, project_toml="[project]", manifest_toml="version = 1")

    one, (listed,) = tracker.get_iteration(run), tracker.get_iterations(run.experiment_id)

    assert one is not None
    assert (one.project_toml, one.manifest_toml) == ("[project]", "version = 1")
    assert (listed.project_toml, listed.manifest_toml, listed.traceback) == (None, None, None)


def test_children_are_those_right_below_by_id(tracker: Tracker, experiment: Experiment, run: Iteration) -> None:
    children = [tracker.create_iteration(experiment, parent_iteration_id=run) for _ in range(3)]
    tracker.create_iteration(experiment, parent_iteration_id=children[0])

    page = tracker.get_child_iterations(run, Pagination(1, 1))

    assert [row.id for row in tracker.get_child_iterations(run.id)] == [row.id for row in children]
    assert ([row.id for row in page.data], page.total) == ([children[1].id], 3)


def test_a_run_without_children_has_none(tracker: Tracker, run: Iteration) -> None:
    assert (tracker.get_child_iterations(run), tracker.get_child_iterations(99)) == ([], [])


def test_the_parent_of_a_run_is_found(tracker: Tracker, experiment: Experiment, run: Iteration) -> None:
    child = tracker.create_iteration(experiment, parent_iteration_id=run)

    assert tracker.get_parent(child) == run
    assert tracker.get_parent(run) is None
    with pytest.raises(NotFound, match="run 99 is not there"):
        tracker.get_parent(99)


def test_a_run_in_the_hand_stands_for_its_row(tracker: Tracker, experiment: Experiment) -> None:
    with tracker.iteration(experiment, snapshot=False) as driver, driver.child() as trial:
        assert isinstance(driver, Run)
        assert [row.id for row in tracker.get_child_iterations(driver)] == [trial.id]
        assert tracker.get_parent(trial) == tracker.get_iteration(driver)
        assert tracker.annotate(driver, notes="good").notes == "good"


# The best child.


def swept(tracker: Tracker, run: Iteration, *values: float) -> list[int]:
    return [
        tracker.create_iteration(run.experiment_id, parent_iteration_id=run, metrics={"acc": [value, 0.5]}).id
        for value in values
    ]


def test_the_best_child_went_highest_or_lowest(tracker: Tracker, run: Iteration) -> None:
    ids = swept(tracker, run, 0.7, 0.9, 0.1, 0.8)

    best, worst = tracker.best_child(run, "acc"), tracker.best_child(run.id, "acc", "min")

    assert (best and best.id, worst and worst.id) == (ids[1], ids[2])


def test_of_two_best_children_the_first_counts(tracker: Tracker, run: Iteration) -> None:
    ids = swept(tracker, run, 0.7, 0.9, 0.9)

    best = tracker.best_child(run, "acc")

    assert best is not None
    assert best.id == ids[1]


def test_failed_and_killed_children_are_not_the_best(tracker: Tracker, run: Iteration) -> None:
    good, failed, killed, done = swept(tracker, run, 0.6, 0.9, 0.8, 0.7)
    for id, status in ((failed, FAILED), (killed, KILLED), (done, SUCCEEDED)):
        tracker.update_iteration(id, end_date=now(), status=status)

    best = tracker.best_child(run, "acc")

    assert best is not None
    assert best.id == done
    assert good != done


@pytest.mark.parametrize(("value", "is_best"), [(inf, True), (nan, False)])
def test_infinity_is_the_highest_and_what_is_no_number_does_not_count(
    tracker: Tracker, run: Iteration, value: float, is_best: bool
) -> None:
    swept(tracker, run, 0.9)
    odd = tracker.create_iteration(run.experiment_id, parent_iteration_id=run, metrics={"acc": value})

    best = tracker.best_child(run, "acc")

    assert best is not None
    assert (best.id == odd.id) is is_best


def test_without_such_a_metric_there_is_no_best_child(tracker: Tracker, run: Iteration) -> None:
    swept(tracker, run, 0.9)

    assert tracker.best_child(run, "f1") is None
    assert tracker.best_child(99, "acc") is None


def test_the_best_is_the_greatest_or_the_least(tracker: Tracker, run: Iteration) -> None:
    with pytest.raises(Invalid, match="mode is 'last'; it may be 'max' or 'min'"):
        tracker.best_child(run, "acc", "last")  # type: ignore[arg-type]  # that is the test


# Changing.


def test_a_run_ends_with_status_end_date_and_message_in_one_call(tracker: Tracker, run: Iteration) -> None:
    ended = tracker.update_iteration(run.id, "no luck", NOON, status_id=3, error_message="no memory")

    assert (ended.notes, ended.end_date, ended.status_id, ended.error_message) == ("no luck", NOON, 3, "no memory")


def test_the_status_may_be_given_in_its_place(tracker: Tracker, run: Iteration) -> None:
    assert tracker.update_iteration(run, None, NOON, KILLED).status_id == KILLED


def test_what_is_not_given_of_a_run_stays(tracker: Tracker, run: Iteration) -> None:
    tracker.update_iteration(run, "first")

    assert tracker.update_iteration(run, error_message="so far").notes == "first"


def test_an_end_date_locks_a_run(tracker: Tracker, ended: Iteration) -> None:
    given: list[dict[str, Any]] = [
        {},
        {"notes": "late"},
        {"status_id": 1},
        {"error_message": "late"},
        {"end_date": NOON},
    ]
    for values in given:
        with pytest.raises(Unprocessable, match=f"run {ended.id} has ended"):
            tracker.update_iteration(ended, **values)


def test_a_status_alone_does_not_lock_a_run(tracker: Tracker, run: Iteration) -> None:
    tracker.update_iteration(run, status=FAILED)

    assert tracker.update_iteration(run, status=RUNNING).status_id == RUNNING


def test_a_run_takes_no_status_that_there_is_not(tracker: Tracker, run: Iteration) -> None:
    for status in (0, 5, -1):
        with pytest.raises(Invalid, match="it may be 1 RUNNING"):
            tracker.update_iteration(run, status_id=status)


def test_an_end_date_has_a_time_zone(tracker: Tracker, run: Iteration) -> None:
    with pytest.raises(Invalid, match="run end_date has no time zone"):
        tracker.update_iteration(run, end_date=datetime(2026, 3, 1))


def test_an_end_date_of_another_zone_is_the_same_instant(tracker: Tracker, run: Iteration) -> None:
    from datetime import timezone

    there = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))

    assert tracker.update_iteration(run, end_date=there).end_date == NOON


def test_a_change_of_a_run_that_is_not_there_is_not_found(tracker: Tracker) -> None:
    for values in ({}, {"notes": "late"}):
        with pytest.raises(NotFound, match="run 7 is not there"):
            tracker.update_iteration(7, **values)  # type: ignore[arg-type]  # one after the other


def test_an_ended_run_may_be_annotated(tracker: Tracker, ended: Iteration) -> None:
    annotated = tracker.annotate(ended.id, name="the best", notes="see page 3")

    assert (annotated.name, annotated.notes) == ("the best", "see page 3")
    assert tracker.annotate(ended, name="").name == ""
    assert tracker.annotate(ended).notes == "see page 3"


def test_annotating_what_is_not_there_is_not_found(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="run 7 is not there"):
        tracker.annotate(7, notes="late")


# Dropping.


def test_a_run_goes_with_its_data_and_leaves_its_children(
    tracker: Tracker, experiment: Experiment, run: Iteration
) -> None:
    child = tracker.create_iteration(experiment, parent_iteration_id=run, parameters={"lr": 0.1})
    tracker.create_parameter(run, "search", "grid")
    tracker.create_metric(run, "loss", 0.5)
    tracker.add_tag(run, "old")
    tracker.create_resource(experiment, "model", b"1", iteration=run)

    assert tracker.delete_iteration(run) is True

    left = tracker.get_iteration(child)
    assert left is not None
    assert left.parent_iteration_id is None
    assert [row.key for row in tracker.find(Parameter)] == ["lr"]
    assert (tracker.find(Summary), tracker.get_resources(experiment)) == ([], [])


def test_an_ended_run_may_go(tracker: Tracker, ended: Iteration) -> None:
    assert tracker.delete_iteration(ended.id) is True


def test_a_registered_run_stays_with_its_data(tracker: Tracker, project: Project, run: Iteration) -> None:
    tracker.create_metric(run, "loss", 0.5)
    version = tracker.create_modelversion(tracker.create_model(project, "tree"), run)

    with pytest.raises(Unprocessable, match=f"drop model version {version.id} first"):
        tracker.delete_iteration(run)

    assert [point.value for point in tracker.get_metrics(run)] == [0.5]


def test_a_run_that_is_not_there_cannot_be_deleted(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="run 7 is not there"):
        tracker.delete_iteration(7)


@pytest.mark.parametrize("given", [None, "1", 1.0, True, object()])
def test_what_is_no_run_is_refused(tracker: Tracker, given: Any) -> None:
    with pytest.raises(Invalid, match="is not a run; give a run or its id"):
        tracker.get_iteration(given)


def test_a_row_of_another_kind_is_no_run(tracker: Tracker, project: Project) -> None:
    with pytest.raises(Invalid, match=f"project {project.id} is not a run"):
        tracker.delete_iteration(project)  # type: ignore[arg-type]  # that is the test


# As someone else.


def test_a_run_that_one_may_not_read_is_not_there(tracker: Tracker, seen_by: SeenBy, ada: User, run: Iteration) -> None:
    hers = seen_by(ada)

    assert (hers.get_iteration(run), hers.get_iterations(run.experiment_id)) == (None, [])
    for change in (
        lambda: hers.update_iteration(run, "mine"),
        lambda: hers.annotate(run, notes="mine"),
        lambda: hers.delete_iteration(run),
        lambda: hers.get_parent(run),
    ):
        with pytest.raises(NotFound, match=f"run {run.id} is not there"):
            change()


def test_a_reader_changes_nothing(
    tracker: Tracker, seen_by: SeenBy, ada: User, project: Project, run: Iteration
) -> None:
    tracker.create_userpermission(ada, project)
    hers = seen_by(ada)

    assert hers.get_iteration(run) == run
    with pytest.raises(Forbidden, match="the create permission is needed"):
        hers.create_iteration(run.experiment_id)
    with pytest.raises(Forbidden, match="the update permission is needed"):
        hers.update_iteration(run, "mine")
    with pytest.raises(Forbidden, match="the delete permission is needed"):
        hers.delete_iteration(run)


def test_a_member_keeps_runs_of_their_own(
    tracker: Tracker, seen_by: SeenBy, ada: User, project: Project, experiment: Experiment
) -> None:
    tracker.create_userpermission(ada, project, True, True, True)
    hers = seen_by(ada)

    with hers.iteration(experiment, parameters={"lr": 0.1}, tags=["hers"], snapshot=False) as run:
        run.log({"loss": 0.5})

    kept = hers.get_iteration(run)
    assert kept is not None
    assert kept.status_id == SUCCEEDED
    assert [tag.value for tag in hers.get_tags(run)] == ["hers"]
    assert hers.get_series(run, "loss").values[0] == 0.5


# Runs that are silent.


@pytest.fixture
def silent(tracker: Tracker, run: Iteration) -> Iteration:
    """Return a run that was begun an hour ago, and whose process was heard of ten minutes ago."""
    return written_by(tracker, run, minutes=10)


def written_by(tracker: Tracker, run: Iteration, *, minutes: float) -> Iteration:
    """Return a run that was begun an hour ago by a process that was heard of some minutes ago."""
    began, seen = now() - timedelta(hours=1), now() - timedelta(minutes=minutes)
    row = Iteration(id=-1, experiment_id=run.experiment_id, writer_id=-1, created_date=began)
    batch = Batch([Insert(Writer(id=-1, uid="3" * 32, host="here", pid=7, seen_at=seen)), Insert(row)])
    return tracker.get(Iteration, tracker.store.apply(batch).ids[Iteration, -1])


def test_it_is_known_when_the_process_of_a_run_was_last_heard_of(
    tracker: Tracker, run: Iteration, silent: Iteration
) -> None:
    (writer,) = tracker.find(Writer)

    seen = tracker.get_last_seen([run, silent])

    assert seen == {silent.id: writer.seen_at}
    assert tracker.get_last_seen([run.id, silent.id]) == seen


def test_a_run_is_heard_of_when_it_begins(tracker: Tracker, silent: Iteration) -> None:
    again = now()
    tracker.update(silent, end_date=again - timedelta(minutes=1), status_id=KILLED)
    opened = {"end_date": None, "status_id": RUNNING, "reopened_date": again}
    tracker.store.apply(Batch([Patch(Iteration, silent.id, opened)]))

    assert tracker.get_last_seen([silent.id]) == {silent.id: again}
    assert tracker.get_lost() == []


def test_a_run_is_lost_when_its_process_is_silent(tracker: Tracker, run: Iteration, silent: Iteration) -> None:
    assert [row.id for row in tracker.get_lost()] == [silent.id]


@pytest.mark.parametrize("minutes", [0, 4.9])
def test_a_run_is_not_lost_while_its_process_is_heard_of(tracker: Tracker, run: Iteration, minutes: float) -> None:
    written_by(tracker, run, minutes=minutes)

    assert tracker.get_lost() == []


def test_a_lost_run_that_comes_back_is_lost_no_longer(tracker: Tracker, silent: Iteration) -> None:
    beat = Stream(writer="3" * 32, host="here", pid=7, at=now(), start=0, stop=0)

    tracker.store.apply(Batch([], stream=beat))

    assert tracker.get_lost() == []


def test_a_run_that_has_ended_is_not_lost(tracker: Tracker, silent: Iteration) -> None:
    tracker.end_iteration(silent)

    assert tracker.get_lost() == []


def test_a_silent_run_ends_when_it_was_last_heard_of(tracker: Tracker, silent: Iteration) -> None:
    (writer,) = tracker.find(Writer)

    ended = tracker.end_iteration(silent, error_message="out of memory, says the cluster")

    assert (ended.status_id, ended.end_date) == (KILLED, writer.seen_at)
    assert ended.error_message == "out of memory, says the cluster"


def test_a_run_does_not_end_before_its_last_point(tracker: Tracker, silent: Iteration) -> None:
    last = now() - timedelta(minutes=6)
    tracker.create_metric(silent, "loss", 0.5, 7, last)
    tracker.create_metric(silent, "loss", 0.4, 8, last - timedelta(minutes=30))

    assert tracker.end_iteration(silent, FAILED).end_date == last


def test_a_run_without_a_process_ends_at_its_last_point(tracker: Tracker, run: Iteration) -> None:
    point = tracker.create_metric(run, "loss", 0.5)

    assert tracker.end_iteration(run, force=True).end_date == point.recorded_at


def test_a_run_that_seems_to_live_is_ended_by_force_only(tracker: Tracker, run: Iteration) -> None:
    living = written_by(tracker, run, minutes=1)

    with pytest.raises(Unprocessable, match=r"seems to live: it was heard of 1 minute ago; .* --force"):
        tracker.end_iteration(living)

    assert tracker.end_iteration(living, SUCCEEDED, force=True).status_id == SUCCEEDED


def test_a_run_ends_once(tracker: Tracker, silent: Iteration) -> None:
    tracker.end_iteration(silent)

    with pytest.raises(Unprocessable, match=f"run {silent.id} has ended already: it is KILLED"):
        tracker.end_iteration(silent, force=True)


def test_a_run_does_not_end_running(tracker: Tracker, silent: Iteration) -> None:
    with pytest.raises(Invalid, match="a run ends SUCCEEDED, FAILED or KILLED, not RUNNING"):
        tracker.end_iteration(silent, RUNNING)
