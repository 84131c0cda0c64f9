"""The rule book as tables: what each change takes for granted, and what a diary answers where it is not so."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import pytest

from deardiary.backends.memory import MemoryStore
from deardiary.core.changes import Append, Batch, Change, Drop, Element, Expect, Insert, Patch
from deardiary.core.conditions import EVERY, AnyOf, Compare, Field, Of, asked, by_id
from deardiary.core.declared import facts, kinds
from deardiary.core.digests import digest_of_text
from deardiary.core.entities import (
    Experiment,
    ExperimentStatus,
    Iteration,
    IterationStatus,
    Metric,
    Model,
    ModelVersion,
    Parameter,
    Project,
    Resource,
    Stage,
    Summary,
    Tag,
    Tagging,
    Text,
    User,
    UserPermission,
    Writer,
)
from deardiary.core.errors import DearDiaryError, NotFound, Unprocessable
from deardiary.core.guard import Guarded
from deardiary.core.points import Points, point_id
from deardiary.core.principals import OWNER, Principal
from deardiary.core.rules import demands, series_of
from deardiary.core.shapes import micros
from deardiary.testing.telling import (
    NOON,
    a_model,
    a_parameter,
    a_project,
    a_resource,
    a_run,
    a_tag,
    an_experiment,
    at,
    points,
)

# The diary of these tables. Two projects; the parameter, the series and its only point of a run bear the run's number.

IRIS, MICE = 1, 2
CURRENT, FINISHED, NEIGHBOUR, FOREIGN, STOPPED = 1, 2, 3, 4, 5
OPEN, ENDED, REOPENED, SUCCEEDED, SEALED, IN_FINISHED, IN_NEIGHBOUR, IN_FOREIGN = 1, 2, 3, 4, 5, 6, 7, 8
TREE, FOREST, FOREIGN_TREE = 1, 2, 3
PLAIN, STAGING, PRODUCTION, ARCHIVED, OF_FOREST, OF_FOREIGN = 1, 2, 3, 4, 5, 6
DEFAULT, ADA, BOB = 1, 2, 3
END = 10
"""The minute in which runs ended."""

MEMBER = Principal(user_id=BOB, creates_projects=True)
"""Who holds all permissions on both projects, and may make others."""


def a_version(number: int, model: int, run: int, **more: Any) -> Insert:
    """Return the making of a model version."""
    return Insert(ModelVersion(id=number, model_id=model, iteration_id=run, created_date=NOON, **more))


def people() -> Iterator[Element]:
    """Yield the makings of users, and of what one of them may do."""
    yield Insert(User(id=-1, username="default", is_admin=True))
    yield Insert(User(id=-2, username="ada", is_admin=True))
    yield Insert(User(id=-3, username="bob"))
    for project in (-1, -2):
        all_four = {f"{action}_permission": True for action in ("create", "read", "update", "delete")}
        yield Insert(UserPermission(id=project, user_id=-3, project_id=project, **all_four))


def work() -> Iterator[Element]:
    """Yield the makings of experiments and runs in each state, and of what lies in them."""
    yield from (an_experiment(-1), an_experiment(-2, status_id=ExperimentStatus.FINISHED, end_date=at(END)))
    yield from (an_experiment(-3), an_experiment(-4, -2), an_experiment(-5, status_id=ExperimentStatus.STOPPED))
    yield Insert(Writer(id=-1, uid="f" * 32, user_id=-3, seen_at=NOON))
    yield a_run(-1)
    yield a_run(-2, status_id=IterationStatus.FAILED, end_date=at(END))
    yield a_run(-3, reopened_date=at(END))
    yield a_run(-4, status_id=IterationStatus.SUCCEEDED)
    yield a_run(-5, end_date=at(END))
    yield from (a_run(-6, -2), a_run(-7, -3), a_run(-8, -4))
    for run in range(-1, -9, -1):
        yield a_parameter("lr", "0.1", number=run, run=run)
        yield Append(run, points(loss=[0.5]))
    yield from (a_resource(-1, -1), a_resource(-2, -2), a_resource(-3, -3), a_resource(-4, -4))


def registry() -> Iterator[Element]:
    """Yield the makings of models, with versions in every stage, and of a tag on an ended run."""
    yield from (a_model(-1, "tree"), a_model(-2, "forest"), a_model(-3, "tree", -2))
    yield from (a_version(-stage, -1, -1, stage_id=stage) for stage in Stage)
    yield from (a_version(-5, -2, -1), a_version(-6, -3, -8, stage_id=Stage.PRODUCTION))
    yield from a_tag(-1, "good", "Iteration", -2)


def the_diary() -> MemoryStore:
    """Return the diary, made without its guard."""
    store = MemoryStore()
    store.apply(Batch([a_project(-1), a_project(-2, name="Mice"), *people(), *work(), *registry()]))
    return store


# How the tables speak.

Table: TypeAlias = Mapping[str, tuple[Element | list[Element], str]]

OK = "ok"


def rule(sentence: str) -> str:
    """Return the answer that a rule gives."""
    return f"Unprocessable 422 INVALID_PAYLOAD: {sentence}"


def absent(row: str) -> str:
    """Return the answer that a row is not there."""
    return f"NotFound 404 NOT_FOUND: {row} is not there"


def has_ended(row: str) -> str:
    """Return the answer that a run, or the run of something, has ended."""
    return rule(f"{row} has ended")


def answer(who: Principal, *elements: Element) -> str:
    """Return what the diary answers to a batch."""
    try:
        Guarded(the_diary(), who).apply(Batch(elements))
    except DearDiaryError as error:
        return f"{type(error).__name__} {error.status} {error.code}: {error}"
    return OK


def listed(said: Element | list[Element]) -> list[Element]:
    """Return one element or several as several."""
    return said if isinstance(said, list) else [said]


def rows(table: Table) -> pytest.MarkDecorator:
    """Return the mark that runs a test on each row of a table."""
    cases = [pytest.param(listed(said), wanted, id=name) for name, (said, wanted) in table.items()]
    return pytest.mark.parametrize(("elements", "wanted"), cases)


whoever_asks = pytest.mark.parametrize("who", [OWNER, MEMBER], ids=["owner", "member"])


def measured(run: int, *minutes: float) -> Append:
    """Return points of a run, one recorded at each of some minutes."""
    return Append(run, Points.of((f"at {minute}", 0.5, None, micros(at(minute))) for minute in minutes))


def point(run: int) -> int:
    """Return the id of the only point of a run."""
    return point_id(run, 0)


def in_stage(stage: Stage) -> Any:
    """Return the condition that a version of the model tree is in a stage."""
    return (asked("model_id") == TREE) & (asked("stage_id") == stage)


# Inserts.

EXPERIMENTS: Table = {
    "in progress": (an_experiment(-1, IRIS), OK),
    "in progress by an enumeration": (an_experiment(-1, IRIS, status_id=ExperimentStatus.IN_PROGRESS), OK),
    "stopped": (an_experiment(-1, IRIS, status_id=2), rule("an experiment begins IN_PROGRESS")),
    "finished": (an_experiment(-1, IRIS, status_id=3), rule("an experiment begins IN_PROGRESS")),
    "stopped, in no project": (an_experiment(-1, 99, status_id=2), absent("project 99")),
    "in a project of the batch": ([a_project(), an_experiment()], OK),
}

BEGINS = rule("a run begins RUNNING, without an end date")

RUNS: Table = {
    "in an open experiment": (a_run(-1, CURRENT), OK),
    "in a finished experiment": (a_run(-1, FINISHED), rule("experiment 2 is closed")),
    "in a stopped experiment": (a_run(-1, STOPPED), rule("experiment 5 is closed")),
    "in no experiment": (a_run(-1, 99), absent("experiment 99")),
    "succeeded": (a_run(-1, CURRENT, status_id=IterationStatus.SUCCEEDED), BEGINS),
    "failed": (a_run(-1, CURRENT, status_id=IterationStatus.FAILED), BEGINS),
    "killed": (a_run(-1, CURRENT, status_id=IterationStatus.KILLED), BEGINS),
    "with an end date": (a_run(-1, CURRENT, end_date=at(1)), BEGINS),
    "killed, in a finished experiment": (a_run(-1, FINISHED, status_id=IterationStatus.KILLED), BEGINS),
    "child of an open run": (a_run(-1, CURRENT, parent_iteration_id=OPEN), OK),
    "child of an ended run": (a_run(-1, CURRENT, parent_iteration_id=ENDED), OK),
    "child of a run of another experiment": (
        a_run(-1, CURRENT, parent_iteration_id=IN_NEIGHBOUR),
        rule("run 7 is not a run of experiment 1"),
    ),
    "child of a run of another project": (
        a_run(-1, CURRENT, parent_iteration_id=IN_FOREIGN),
        rule("run 8 is not a run of experiment 1"),
    ),
    "child of nobody": (a_run(-1, CURRENT, parent_iteration_id=99), rule("run 99 is not a run of experiment 1")),
    "child of a child": (
        [a_run(-1, CURRENT, parent_iteration_id=OPEN), a_run(-2, CURRENT, parent_iteration_id=-1)],
        OK,
    ),
    "child of a run of the batch in another experiment": (
        [a_run(-1, NEIGHBOUR), a_run(-2, CURRENT, parent_iteration_id=-1)],
        rule("run -1 is not a run of experiment 1"),
    ),
    "child in an experiment of the batch": (
        [an_experiment(-1, IRIS), a_run(-1, -1), a_run(-2, -1, parent_iteration_id=-1)],
        OK,
    ),
    "child in an experiment of the batch of a run from before": (
        [an_experiment(-1, IRIS), a_run(-1, -1, parent_iteration_id=OPEN)],
        rule("run 1 is not a run of experiment -1"),
    ),
}

PARAMETERS: Table = {
    "of an open run": (a_parameter("k", "v", run=OPEN), OK),
    "of an ended run": (a_parameter("k", "v", run=ENDED), has_ended("run 2")),
    "of a reopened run": (a_parameter("k", "v", run=REOPENED), OK),
    "of a run that succeeded and has no end date": (a_parameter("k", "v", run=SUCCEEDED), OK),
    "of a run that has an end date and no other status": (a_parameter("k", "v", run=SEALED), has_ended("run 5")),
    "of an open run in a finished experiment": (a_parameter("k", "v", run=IN_FINISHED), OK),
    "of no run": (a_parameter("k", "v", run=99), absent("run 99")),
    "of a run of the batch": ([a_run(-1, CURRENT), a_parameter("k", "v")], OK),
    "of two runs, the second ended": (
        [a_parameter("k", "v", number=-1, run=OPEN), a_parameter("k", "v", number=-2, run=ENDED)],
        has_ended("run 2"),
    ),
    "several of a run that ends in between": (
        [
            a_parameter("k", "v", number=-1, run=OPEN),
            Patch(Iteration, OPEN, {"end_date": at(1)}),
            a_parameter("l", "v", number=-2, run=OPEN),
        ],
        has_ended("run 1"),
    ),
    "several of a run that goes in between": (
        [
            a_parameter("k", "v", number=-1, run=REOPENED),
            Drop(Iteration, REOPENED),
            a_parameter("l", "v", run=REOPENED),
        ],
        absent("run 3"),
    ),
}

RESOURCES: Table = {
    "of an open experiment": (a_resource(-1, CURRENT), OK),
    "of a finished experiment": (a_resource(-1, FINISHED), rule("experiment 2 is closed")),
    "of a stopped experiment": (a_resource(-1, STOPPED), rule("experiment 5 is closed")),
    "of no experiment": (a_resource(-1, 99), absent("experiment 99")),
    "of an open run": (a_resource(-1, CURRENT, iteration_id=OPEN), OK),
    "of an ended run": (a_resource(-1, CURRENT, iteration_id=ENDED), OK),
    "of a run of a finished experiment": (a_resource(-1, FINISHED, iteration_id=IN_FINISHED), OK),
    "of a run of another experiment": (
        a_resource(-1, CURRENT, iteration_id=IN_NEIGHBOUR),
        rule("run 7 is not a run of experiment 1"),
    ),
    "of a run of another project": (
        a_resource(-1, CURRENT, iteration_id=IN_FOREIGN),
        rule("run 8 is not a run of experiment 1"),
    ),
    "of no run": (a_resource(-1, CURRENT, iteration_id=99), absent("run 99")),
    "of a run of the batch": ([a_run(-1, CURRENT), a_resource(-1, CURRENT, iteration_id=-1)], OK),
    "of a run of the batch in another experiment": (
        [a_run(-1, NEIGHBOUR), a_resource(-1, CURRENT, iteration_id=-1)],
        rule("run -1 is not a run of experiment 1"),
    ),
}

VERSIONS: Table = {
    "of an open run": (a_version(-1, TREE, OPEN), OK),
    "of an ended run": (a_version(-1, TREE, ENDED), OK),
    "of a run of another experiment": (a_version(-1, TREE, IN_NEIGHBOUR), OK),
    "of a run of another project": (a_version(-1, TREE, IN_FOREIGN), rule("run 8 is not in the project of model 1")),
    "of no run": (a_version(-1, TREE, 99), rule("run 99 is not in the project of model 1")),
    "of no model": (a_version(-1, 99, OPEN), absent("model 99")),
    "with a resource": (a_version(-1, TREE, OPEN, resource_id=1), OK),
    "with a resource of a finished experiment": (a_version(-1, TREE, OPEN, resource_id=2), OK),
    "with a resource of another project": (
        a_version(-1, TREE, OPEN, resource_id=4),
        rule("resource 4 is not in the project of model 1"),
    ),
    "with no resource that is there": (
        a_version(-1, TREE, OPEN, resource_id=99),
        rule("resource 99 is not in the project of model 1"),
    ),
    "in staging": (a_version(-1, TREE, OPEN, stage_id=2), rule("a model version begins at NO_STAGE")),
    "in production": (a_version(-1, TREE, OPEN, stage_id=3), rule("a model version begins at NO_STAGE")),
    "archived": (a_version(-1, TREE, OPEN, stage_id=4), rule("a model version begins at NO_STAGE")),
    "all of the batch": (
        [
            an_experiment(-1, IRIS),
            a_run(-1, -1),
            a_resource(-1, -1),
            Insert(Model(id=-1, project_id=IRIS, name="new")),
            a_version(-1, -1, -1, resource_id=-1),
        ],
        OK,
    ),
    "a model of the batch and a run of another project": (
        [Insert(Model(id=-1, project_id=IRIS, name="new")), a_version(-1, -1, IN_FOREIGN)],
        rule("run 8 is not in the project of model -1"),
    ),
    "a run of the batch that claims another project": (
        [a_run(-1, CURRENT, project_id=MICE), a_version(-1, FOREIGN_TREE, -1)],
        rule("run -1 is not in the project of model 3"),
    ),
}

OTHERS: Table = {
    "a writer at its beginning": (Insert(Writer(id=-1)), OK),
    "a writer under way": (Insert(Writer(id=-1, position=7)), rule("a writer begins at 0")),
    "a tag on an ended run": (a_tag(-1, "bad", "Iteration", ENDED), OK),
    "a tag on a finished experiment": (a_tag(-1, "bad", "Experiment", FINISHED), OK),
    "a tag on a project": (a_tag(-1, "bad", "Project", IRIS), OK),
    "a model": (Insert(Model(id=-1, project_id=IRIS, name="new")), OK),
}


@whoever_asks
@rows(EXPERIMENTS)
def test_an_experiment_begins_in_progress(who: Principal, elements: list[Element], wanted: str) -> None:
    assert answer(who, *elements) == wanted


@whoever_asks
@rows(RUNS)
def test_a_run_begins_running_in_an_open_experiment(who: Principal, elements: list[Element], wanted: str) -> None:
    assert answer(who, *elements) == wanted


@whoever_asks
@rows(PARAMETERS)
def test_a_run_that_has_ended_takes_no_parameter(who: Principal, elements: list[Element], wanted: str) -> None:
    assert answer(who, *elements) == wanted


@whoever_asks
@rows(RESOURCES)
def test_a_resource_belongs_to_an_open_experiment_or_to_its_run(
    who: Principal, elements: list[Element], wanted: str
) -> None:
    assert answer(who, *elements) == wanted


@whoever_asks
@rows(VERSIONS)
def test_a_model_version_stays_within_its_project(who: Principal, elements: list[Element], wanted: str) -> None:
    assert answer(who, *elements) == wanted


@whoever_asks
@rows(OTHERS)
def test_other_rows_are_bound_by_few_rules(who: Principal, elements: list[Element], wanted: str) -> None:
    assert answer(who, *elements) == wanted


# Points.

APPENDS: Table = {
    "to an open run": (measured(OPEN, 0), OK),
    "to an open run, long after": (measured(OPEN, 1_000_000), OK),
    "to an ended run, before its end": (measured(ENDED, END - 1), OK),
    "to an ended run, at its end": (measured(ENDED, END), OK),
    "to an ended run, a moment after its end": (measured(ENDED, END + 1e-6), has_ended("run 2")),
    "to an ended run, the first key after its end": (measured(ENDED, END + 1, END - 1), has_ended("run 2")),
    "to an ended run, the last key after its end": (measured(ENDED, END - 1, END + 1), has_ended("run 2")),
    "to a reopened run": (measured(REOPENED, END + 1), OK),
    "to a run that succeeded and has no end date": (measured(SUCCEEDED, END + 1), OK),
    "to a run that has an end date and no other status, before it": (measured(SEALED, END), OK),
    "to a run that has an end date and no other status, after it": (measured(SEALED, END + 1), has_ended("run 5")),
    "to an open run of a finished experiment": (measured(IN_FINISHED, END + 1), OK),
    "to no run": (measured(99, 0), absent("run 99")),
    "to a run of the batch": ([a_run(-1, CURRENT), measured(-1, 0)], OK),
    "to a run of the batch that has ended": (
        [a_run(-1, CURRENT), Patch(Iteration, -1, {"end_date": at(END)}), measured(-1, END + 1)],
        has_ended("run -1"),
    ),
    "to a run of the batch that has ended, before its end": (
        [a_run(-1, CURRENT), Patch(Iteration, -1, {"end_date": at(END)}), measured(-1, END)],
        OK,
    ),
    "to a run that ends in the batch": (
        [measured(OPEN, END + 1), Patch(Iteration, OPEN, {"end_date": at(END)}), measured(OPEN, END + 1)],
        has_ended("run 1"),
    ),
    "to an ended run that is opened in the batch": (
        [
            Patch(Iteration, ENDED, {"end_date": None, "status_id": 1, "reopened_date": at(20)}),
            measured(ENDED, END + 1),
        ],
        OK,
    ),
    "to a run that goes in the batch": ([Drop(Iteration, REOPENED), measured(REOPENED, 0)], absent("run 3")),
    "none, to an ended run": (Append(ENDED, Points(())), OK),
    "none, to no run": (Append(99, Points(())), absent("run 99")),
}


@whoever_asks
@rows(APPENDS)
def test_points_are_taken_until_the_end_of_the_run(who: Principal, elements: list[Element], wanted: str) -> None:
    assert answer(who, *elements) == wanted


LOCKED: Mapping[int, bool] = {
    OPEN: False,
    ENDED: True,
    REOPENED: False,
    SUCCEEDED: False,
    SEALED: True,
    IN_FINISHED: False,
    IN_FOREIGN: False,
}
"""The states of a run, and whether they lock it: only an end date does."""

STATES = ["open", "ended", "reopened", "succeeded, no end date", "running, end date", "experiment finished", "foreign"]

in_each_state = pytest.mark.parametrize("run", LOCKED, ids=STATES)

OF_RUNS: Mapping[str, Any] = {
    "parameter's value": (lambda run: Patch(Parameter, run, {"value": "0.2"}), "parameter {}"),
    "parameter's key": (lambda run: Patch(Parameter, run, {"key": "rate"}), "parameter {}"),
    "parameter's type": (lambda run: Patch(Parameter, run, {"type": "float"}), "parameter {}"),
    "parameter, to nothing new": (lambda run: Patch(Parameter, run, {}), "parameter {}"),
    "parameter, away": (lambda run: Drop(Parameter, run), "parameter {}"),
    "point's value": (lambda run: Patch(Metric, point(run), {"value": 1.0}), "metric {}"),
    "point's key": (lambda run: Patch(Metric, point(run), {"key": "cost"}), "metric {}"),
    "point's step": (lambda run: Patch(Metric, point(run), {"step": 7}), "metric {}"),
    "point's time": (lambda run: Patch(Metric, point(run), {"recorded_at": at(-1)}), "metric {}"),
    "point, away": (lambda run: Drop(Metric, point(run)), "metric {}"),
}


@whoever_asks
@in_each_state
@pytest.mark.parametrize("name", OF_RUNS)
def test_parameters_and_points_change_while_their_run_is_open(who: Principal, run: int, name: str) -> None:
    change, noun = OF_RUNS[name]
    id = point(run) if noun.startswith("metric") else run

    told = answer(who, change(run))

    assert told == (has_ended(f"the run of {noun.format(id)}") if LOCKED[run] else OK)


CHANGED_OTHERWISE: Table = {
    "a parameter that is not there": (Patch(Parameter, 99, {"value": "1"}), absent("parameter 99")),
    "a parameter that is not there, away": (Drop(Parameter, 99), absent("parameter 99")),
    "parameters of open runs": (Patch(Parameter, asked("iteration_id") == OPEN, {"value": "1"}), OK),
    "parameters of an ended run": (
        Patch(Parameter, asked("iteration_id") == ENDED, {"value": "1"}),
        has_ended("a run"),
    ),
    "parameters of many runs, some ended": (Drop(Parameter, asked("key") == "lr"), has_ended("a run")),
    "parameters that nobody has": (Drop(Parameter, asked("key") == "rl"), OK),
    "a parameter of the batch": (
        [a_parameter("k", "v", run=OPEN), Patch(Parameter, -1, {"value": "w"}), Drop(Parameter, -1)],
        OK,
    ),
    "a parameter whose run ends in the batch": (
        [Patch(Iteration, OPEN, {"end_date": at(1)}), Drop(Parameter, OPEN)],
        has_ended("the run of parameter 1"),
    ),
    "a point of no series": (Patch(Metric, point_id(99, 0), {"value": 1.0}), absent("metric 212600881153")),
    "a point of no series, away": (Drop(Metric, point_id(99, 0)), absent("metric 212600881153")),
    "a point that its series never had": (Drop(Metric, point_id(OPEN, 7)), absent("metric 2147483656")),
    "a point by an id below those of points": (Patch(Metric, 5, {"value": 1.0}), absent("metric 5")),
    "a point by the last id below those of points": (Drop(Metric, 2**31), absent("metric 2147483648")),
    "a point by the greatest id": (Drop(Metric, 2**63 - 1), absent("metric 9223372036854775807")),
    "a point by zero": (
        Drop(Metric, 0),
        "Invalid 422 INVALID_PAYLOAD: 0 is no id of a metric, and no promise of one; promises are negative",
    ),
    "a point by a promise": (
        Patch(Metric, -1, {"value": 1.0}),
        "Invalid 422 INVALID_PAYLOAD: the promise -1 of a metric is used before it is made",
    ),
    "a point of a series that is empty by now": (
        [Drop(Metric, point(OPEN)), Patch(Metric, point(OPEN), {"value": 1.0})],
        absent("metric 2147483649"),
    ),
}


@whoever_asks
@rows(CHANGED_OTHERWISE)
def test_parameters_and_points_are_met_in_many_ways(who: Principal, elements: list[Element], wanted: str) -> None:
    assert answer(who, *elements) == wanted


# Patches of runs.

LOCKS: Mapping[str, Any] = {
    "status_id": IterationStatus.KILLED,
    "end_date": at(30),
    "reopened_date": at(30),
    "error_message": "out of memory",
    "traceback": "Traceback",
    "python_version": "3.13.1",
    "git_sha": "0123abcd",
    "git_dirty": True,
    "entrypoint": "train.py",
    "project_toml": "[project]",
    "manifest_toml": "version = 1",
}
"""What an end date locks: status, times, error and snapshot."""

ANNOTATIONS: Mapping[str, Any] = {"name": "best", "notes": "the one to beat", "writer_id": 1, "lost_points": 3}
"""What it leaves open."""


def test_every_field_of_a_run_is_locked_or_left_open() -> None:
    patched = {name for name, fact in facts(Iteration).items() if fact.patch}

    assert LOCKS.keys() | ANNOTATIONS.keys() == patched


@whoever_asks
@in_each_state
@pytest.mark.parametrize("field", LOCKS)
def test_an_end_date_locks_the_record_of_a_run(who: Principal, run: int, field: str) -> None:
    told = answer(who, Patch(Iteration, run, {field: LOCKS[field]}))

    assert told == (has_ended(f"run {run}") if LOCKED[run] else OK)


@whoever_asks
@in_each_state
@pytest.mark.parametrize("field", ANNOTATIONS)
def test_an_end_date_leaves_annotations_open(who: Principal, run: int, field: str) -> None:
    assert answer(who, Patch(Iteration, run, {field: ANNOTATIONS[field]})) == OK


REOPEN: Mapping[str, Any] = {"end_date": None, "status_id": IterationStatus.RUNNING, "reopened_date": at(20)}

RUN_PATCHES: Table = {
    "nothing, of an ended run": (Patch(Iteration, ENDED, {}), OK),
    "nothing, of no run": (Patch(Iteration, 99, {}), absent("run 99")),
    "the end, of no run": (Patch(Iteration, 99, {"end_date": at(1)}), absent("run 99")),
    "an annotation together with the record": (
        Patch(Iteration, ENDED, {"notes": "late", "git_sha": "ffff"}),
        has_ended("run 2"),
    ),
    "open again, of an ended run": (Patch(Iteration, ENDED, REOPEN), OK),
    "open again, of an open run": (Patch(Iteration, OPEN, REOPEN), OK),
    "open again, not to RUNNING": (
        Patch(Iteration, ENDED, {**REOPEN, "status_id": IterationStatus.KILLED}),
        has_ended("run 2"),
    ),
    "open again, with another end": (Patch(Iteration, ENDED, {**REOPEN, "end_date": at(40)}), has_ended("run 2")),
    "open again, without a note of it": (
        Patch(Iteration, ENDED, {**REOPEN, "reopened_date": None}),
        has_ended("run 2"),
    ),
    "open again, without saying when": (
        Patch(Iteration, ENDED, {"end_date": None, "status_id": IterationStatus.RUNNING}),
        has_ended("run 2"),
    ),
    "open again, without saying how": (
        Patch(Iteration, ENDED, {"end_date": None, "reopened_date": at(20)}),
        has_ended("run 2"),
    ),
    "open again, and something more": (Patch(Iteration, ENDED, {**REOPEN, "name": "again"}), has_ended("run 2")),
    "open again, then the record": (
        [Patch(Iteration, ENDED, REOPEN), Patch(Iteration, ENDED, {"error_message": "", "git_sha": "ffff"})],
        OK,
    ),
    "the end, twice": (
        [Patch(Iteration, OPEN, {"end_date": at(1)}), Patch(Iteration, OPEN, {"end_date": at(2)})],
        has_ended("run 1"),
    ),
    "the end of a run of the batch": (
        [a_run(-1, CURRENT), Patch(Iteration, -1, {"status_id": 2, "end_date": at(1)})],
        OK,
    ),
    "the end of a run of the batch, twice": (
        [a_run(-1, CURRENT), Patch(Iteration, -1, {"end_date": at(1)}), Patch(Iteration, -1, {"end_date": at(2)})],
        has_ended("run -1"),
    ),
    "the record of open runs by condition": (
        Patch(Iteration, asked("end_date").is_none(), {"status_id": IterationStatus.KILLED}),
        OK,
    ),
    "the record of runs by condition, some ended": (
        Patch(Iteration, asked("experiment_id") == CURRENT, {"status_id": IterationStatus.KILLED}),
        has_ended("a run"),
    ),
    "the record of an ended run by its id and more": (
        Patch(Iteration, by_id(ENDED) & (asked("name") == ""), {"git_sha": "ffff"}),
        has_ended("a run"),
    ),
    "annotations of runs by condition, some ended": (Patch(Iteration, EVERY, {"notes": "seen"}), OK),
    "open again by condition": (Patch(Iteration, asked("experiment_id") == CURRENT, REOPEN), OK),
}


@whoever_asks
@rows(RUN_PATCHES)
def test_a_run_that_has_ended_is_opened_again_in_one_way(who: Principal, elements: list[Element], wanted: str) -> None:
    assert answer(who, *elements) == wanted


# Model versions.


@whoever_asks
@pytest.mark.parametrize("stage", Stage, ids=lambda stage: f"to {stage.name}")
@pytest.mark.parametrize(
    "version", [PLAIN, STAGING, PRODUCTION, ARCHIVED], ids=[f"from {stage.name}" for stage in Stage]
)
def test_any_stage_may_follow_any_other_but_production_is_taken(who: Principal, version: int, stage: Stage) -> None:
    told = answer(who, Patch(ModelVersion, version, {"stage_id": stage}))

    taken = stage == Stage.PRODUCTION and version != PRODUCTION
    assert told == (
        rule("another version of the model is in PRODUCTION; archive it in the same batch") if taken else OK
    )


ARCHIVE = Patch(ModelVersion, in_stage(Stage.PRODUCTION), {"stage_id": Stage.ARCHIVED})

VERSION_PATCHES: Table = {
    "into production, of a model without": (Patch(ModelVersion, OF_FOREST, {"stage_id": 3}), OK),
    "into production, after the other is archived": ([ARCHIVE, Patch(ModelVersion, PLAIN, {"stage_id": 3})], OK),
    "into production, before the other is archived": (
        [Patch(ModelVersion, PLAIN, {"stage_id": 3}), Patch(ModelVersion, PRODUCTION, {"stage_id": 4})],
        rule("another version of the model is in PRODUCTION; archive it in the same batch"),
    ),
    "into production, after the other is dropped": (
        [Drop(ModelVersion, PRODUCTION), Patch(ModelVersion, STAGING, {"stage_id": 3})],
        OK,
    ),
    "into production, two of one model": (
        [ARCHIVE, Patch(ModelVersion, PLAIN, {"stage_id": 3}), Patch(ModelVersion, STAGING, {"stage_id": 3})],
        rule("another version of the model is in PRODUCTION; archive it in the same batch"),
    ),
    "into production, one of the batch": (
        [ARCHIVE, a_version(-1, TREE, OPEN), Patch(ModelVersion, -1, {"stage_id": 3})],
        OK,
    ),
    "into production, by condition": (
        Patch(ModelVersion, asked("model_id") == FOREST, {"stage_id": 3}),
        rule("a resource or the stage PRODUCTION is given to one model version at a time"),
    ),
    "into production, by its id and more": (
        Patch(ModelVersion, by_id(OF_FOREST) & (asked("stage_id") == 1), {"stage_id": 3}),
        rule("a resource or the stage PRODUCTION is given to one model version at a time"),
    ),
    "into production, of no version": (Patch(ModelVersion, 99, {"stage_id": 3}), absent("model version 99")),
    "out of production, by condition": (ARCHIVE, OK),
    "a resource": (Patch(ModelVersion, PLAIN, {"resource_id": 1}), OK),
    "a resource of another experiment": (Patch(ModelVersion, PLAIN, {"resource_id": 3}), OK),
    "a resource of the batch": (
        [a_resource(-1, CURRENT), Patch(ModelVersion, PLAIN, {"resource_id": -1})],
        OK,
    ),
    "a resource of another project": (
        Patch(ModelVersion, PLAIN, {"resource_id": 4}),
        rule("resource 4 is not in the project of model version 1"),
    ),
    "a resource of another project, and production": (
        Patch(ModelVersion, OF_FOREST, {"resource_id": 4, "stage_id": 3}),
        rule("resource 4 is not in the project of model version 5"),
    ),
    "a resource that is not there": (
        Patch(ModelVersion, PLAIN, {"resource_id": 99}),
        rule("resource 99 is not in the project of model version 1"),
    ),
    "a resource, by condition": (
        Patch(ModelVersion, asked("model_id") == TREE, {"resource_id": 1}),
        rule("a resource or the stage PRODUCTION is given to one model version at a time"),
    ),
    "no resource": (Patch(ModelVersion, PLAIN, {"resource_id": None}), OK),
    "no resource, by condition": (Patch(ModelVersion, EVERY, {"resource_id": None}), OK),
    "a description, by condition": (Patch(ModelVersion, EVERY, {"description": "seen"}), OK),
}


@whoever_asks
@rows(VERSION_PATCHES)
def test_one_version_of_a_model_is_in_production(who: Principal, elements: list[Element], wanted: str) -> None:
    assert answer(who, *elements) == wanted


# What no rule forbids, whatever the state.

FREE: Table = {
    "a finished experiment is described": (Patch(Experiment, FINISHED, {"name": "Sweep", "description": "done"}), OK),
    "a finished experiment is opened again": (Patch(Experiment, FINISHED, {"status_id": 1, "end_date": None}), OK),
    "a stopped experiment is finished": (Patch(Experiment, STOPPED, {"status_id": 3, "end_date": at(1)}), OK),
    "a finished experiment, opened in the batch, takes a run": (
        [Patch(Experiment, FINISHED, {"status_id": 1}), a_run(-1, FINISHED)],
        OK,
    ),
    "an experiment, closed in the batch, takes none": (
        [a_run(-1, CURRENT), Patch(Experiment, CURRENT, {"status_id": 2}), a_run(-2, CURRENT)],
        rule("experiment 1 is closed"),
    ),
    "an experiment of the batch, closed in it, takes none": (
        [an_experiment(-1, IRIS), Patch(Experiment, -1, {"status_id": 2}), a_run(-1, -1)],
        rule("experiment -1 is closed"),
    ),
    "an experiment of the batch, dropped in it, takes none": (
        [an_experiment(-1, IRIS), Drop(Experiment, -1), a_run(-1, -1)],
        absent("experiment -1"),
    ),
    "a finished experiment goes": (Drop(Experiment, FINISHED), OK),
    "an ended run goes": (Drop(Iteration, ENDED), OK),
    "a run that a version names stays": (
        Drop(Iteration, OPEN),
        rule("model version 1 names run 1; drop model version 1 first"),
    ),
    "a resource of a finished experiment changes": (Patch(Resource, 2, {"name": "weights"}), OK),
    "a resource of a finished experiment goes": (Drop(Resource, 2), OK),
    "an ended run loses a tag": (Drop(Tagging, 1), OK),
    "a project changes": (Patch(Project, IRIS, {"name": "Irises", "description": "Fisher"}), OK),
    "a project goes": (Drop(Project, IRIS), OK),
    "a model changes": (Patch(Model, TREE, {"name": "oak"}), OK),
    "a model in production goes": (Drop(Model, TREE), OK),
    "a version in production goes": (Drop(ModelVersion, PRODUCTION), OK),
}


@whoever_asks
@rows(FREE)
def test_the_rest_is_free(who: Principal, elements: list[Element], wanted: str) -> None:
    assert answer(who, *elements) == wanted


# Users.

DEMOTED, GONE = rule("the user default is always an administrator"), rule("the user default may not be dropped")

USERS: Table = {
    "default loses its rank": (Patch(User, DEFAULT, {"is_admin": False}), DEMOTED),
    "default keeps its rank": (Patch(User, DEFAULT, {"is_admin": True}), OK),
    "default takes a name and a password": (Patch(User, DEFAULT, {"first_name": "D", "password": "x"}), OK),
    "default goes": (Drop(User, DEFAULT), GONE),
    "everybody loses their rank": (Patch(User, EVERY, {"is_admin": False}), DEMOTED),
    "everybody goes": (Drop(User, EVERY), GONE),
    "everybody but default loses their rank": (Patch(User, asked("username") != "default", {"is_admin": False}), OK),
    "everybody but default goes": (Drop(User, asked("username") != "default"), OK),
    "another administrator loses their rank": (Patch(User, ADA, {"is_admin": False}), OK),
    "another administrator goes": (Drop(User, ADA), OK),
    "a user who is not there loses their rank": (Patch(User, 99, {"is_admin": False}), absent("user 99")),
    "a user who is not there goes": (Drop(User, 99), absent("user 99")),
    "a new user": (Insert(User(id=-1, username="eve")), OK),
    "a new permission": (Insert(UserPermission(id=-1, user_id=ADA, project_id=IRIS)), OK),
    "a new permission for nobody": (Insert(UserPermission(id=-1, user_id=99, project_id=IRIS)), absent("user 99")),
    "a new permission on nothing": (Insert(UserPermission(id=-1, user_id=ADA, project_id=99)), absent("project 99")),
    "a permission changes": (Patch(UserPermission, 1, {"read_permission": False}), OK),
    "a permission goes": (Drop(UserPermission, 1), OK),
    "a new tag": (Insert(Tag(id=-1, value="bad")), OK),
    "a tag changes": (Patch(Tag, 1, {"value": "bad"}), OK),
    "a tag goes": (Drop(Tag, 1), OK),
    "a new text": (Insert(Text(id=-1, digest=digest_of_text("x"), text="x")), OK),
    "a writer goes": (Drop(Writer, 1), OK),
}


@pytest.mark.parametrize("who", [OWNER, Principal(user_id=DEFAULT, is_admin=True)], ids=["owner", "administrator"])
@rows(USERS)
def test_the_user_default_stays_an_administrator(who: Principal, elements: list[Element], wanted: str) -> None:
    assert answer(who, *elements) == wanted


@pytest.mark.parametrize(
    ("change", "wanted"), [(Patch(User, -1, {"is_admin": False}), DEMOTED), (Drop(User, -1), GONE)], ids=["rank", "end"]
)
def test_the_user_default_stays_from_the_first_batch_on(change: Change, wanted: str) -> None:
    made = Insert(User(id=-1, username="default", is_admin=True))

    with pytest.raises(Unprocessable) as refused:
        Guarded(MemoryStore()).apply(Batch([made, change]))

    assert rule(str(refused.value)) == wanted


# What each change takes for granted, told without a diary.

IS_OPEN = asked("end_date").is_none()
RUN_IS_OPEN = asked("iteration.end_date").is_none()
NOBODY = AnyOf(())


def still_open(run: int, minute: float) -> Expect:
    """Return the demand that a run takes points of a minute."""
    return Expect(
        Iteration,
        by_id(run) & (IS_OPEN | (asked("end_date") >= at(minute))),
        because=f"run {run} has ended",
    )


def closed(experiment: int) -> Expect:
    """Return the demand that an experiment is open."""
    return Expect(
        Experiment, by_id(experiment) & (asked("status_id") == 1), because=f"experiment {experiment} is closed"
    )


def in_the_project_of(kind: Any, id: int, project: Of, whose: str) -> Expect:
    """Return the demand that a row lies in the project of another one."""
    term = Field("project_id") if kind is Iteration else Field("id", "Project")
    noun = kind.declared.noun
    return Expect(
        kind, by_id(id) & Compare(term, "==", project), because=f"{noun} {id} is not in the project of {whose}"
    )


OF_MODEL = Of(Model, 8, Field("project_id"))
OF_VERSION = Of(ModelVersion, 8, Field("project_id", "Model"))

DEMANDS: Mapping[str, tuple[Change, list[Expect]]] = {
    "a project": (a_project(), []),
    "a user": (Insert(User(id=-1, username="eve")), []),
    "an experiment": (an_experiment(), []),
    "an experiment that is over": (
        an_experiment(status_id=2),
        [Expect(Experiment, NOBODY, because="an experiment begins IN_PROGRESS")],
    ),
    "a run": (a_run(-1, 8), [closed(8)]),
    "a run that is over": (
        a_run(-1, 8, end_date=at(1)),
        [Expect(Iteration, NOBODY, because="a run begins RUNNING, without an end date"), closed(8)],
    ),
    "a child": (
        a_run(-1, 8, parent_iteration_id=9),
        [
            closed(8),
            Expect(
                Iteration,
                by_id(9) & (asked("experiment_id") == 8),
                because="run 9 is not a run of experiment 8",
            ),
        ],
    ),
    "a parameter": (
        a_parameter("k", "v", run=8),
        [Expect(Iteration, by_id(8) & IS_OPEN, because="run 8 has ended")],
    ),
    "a resource": (a_resource(-1, 8), [closed(8)]),
    "a resource of a run": (
        a_resource(-1, 8, iteration_id=9),
        [
            Expect(
                Iteration,
                by_id(9) & (asked("experiment_id") == 8),
                because="run 9 is not a run of experiment 8",
            )
        ],
    ),
    "a version": (a_version(-1, 8, 9), [in_the_project_of(Iteration, 9, OF_MODEL, "model 8")]),
    "a version in use, with a resource": (
        a_version(-1, 8, 9, resource_id=7, stage_id=3),
        [
            Expect(ModelVersion, NOBODY, because="a model version begins at NO_STAGE"),
            in_the_project_of(Iteration, 9, OF_MODEL, "model 8"),
            in_the_project_of(Resource, 7, OF_MODEL, "model 8"),
        ],
    ),
    "a writer": (Insert(Writer(id=-1)), []),
    "a writer under way": (
        Insert(Writer(id=-1, position=1)),
        [Expect(Writer, NOBODY, because="a writer begins at 0")],
    ),
    "points": (measured(8, 3, 7, 5), [still_open(8, 7)]),
    "no points": (Append(8, Points(())), []),
    "the record of a run": (
        Patch(Iteration, 8, {"git_sha": "f", "notes": "n"}),
        [Expect(Iteration, by_id(8) & ~IS_OPEN, found=False, because="run 8 has ended")],
    ),
    "the record of runs": (
        Patch(Iteration, asked("name") == "x", {"git_sha": "f"}),
        [Expect(Iteration, (asked("name") == "x") & ~IS_OPEN, found=False, because="a run has ended")],
    ),
    "the notes of a run": (Patch(Iteration, 8, {"notes": "n"}), []),
    "a run opened again": (Patch(Iteration, 8, REOPEN), []),
    "a parameter's value": (
        Patch(Parameter, 8, {"value": "v"}),
        [Expect(Parameter, by_id(8) & ~RUN_IS_OPEN, found=False, because="the run of parameter 8 has ended")],
    ),
    "a parameter's end": (
        Drop(Parameter, asked("key") == "k"),
        [Expect(Parameter, (asked("key") == "k") & ~RUN_IS_OPEN, found=False, because="a run has ended")],
    ),
    "a point's value": (
        Patch(Metric, 2**31 * 8 + 1, {"value": 1.0}),
        [
            Expect(Summary, by_id(8), otherwise=NotFound, because="metric 17179869185 is not there"),
            Expect(
                Summary,
                by_id(8) & ~RUN_IS_OPEN,
                found=False,
                because="the run of metric 17179869185 has ended",
            ),
        ],
    ),
    "a point's end, under no id of one": (
        Drop(Metric, 1),
        [
            Expect(Summary, by_id(2**32), otherwise=NotFound, because="metric 1 is not there"),
            Expect(Summary, by_id(2**32) & ~RUN_IS_OPEN, found=False, because="the run of metric 1 has ended"),
        ],
    ),
    "a point's end, by a promise": (Drop(Metric, -1), []),
    "a user's rank taken": (
        Patch(User, 8, {"is_admin": False}),
        [
            Expect(
                User,
                by_id(8) & (asked("username") == "default"),
                found=False,
                because="the user default is always an administrator",
            )
        ],
    ),
    "a user's rank given": (Patch(User, 8, {"is_admin": True}), []),
    "a user's end": (
        Drop(User, 8),
        [
            Expect(
                User,
                by_id(8) & (asked("username") == "default"),
                found=False,
                because="the user default may not be dropped",
            )
        ],
    ),
    "a version's resource": (
        Patch(ModelVersion, 8, {"resource_id": 7}),
        [in_the_project_of(Resource, 7, OF_VERSION, "model version 8")],
    ),
    "a version's stage": (Patch(ModelVersion, 8, {"stage_id": 2}), []),
    "a version's way into production": (
        Patch(ModelVersion, 8, {"stage_id": 3}),
        [
            Expect(
                ModelVersion,
                Compare(Field("model_id"), "==", Of(ModelVersion, 8, Field("model_id")))
                & (asked("stage_id") == 3)
                & (asked("id") != 8),
                found=False,
                because="another version of the model is in PRODUCTION; archive it in the same batch",
            )
        ],
    ),
    "many versions' way into production": (
        Patch(ModelVersion, asked("model_id") == 8, {"stage_id": 3}),
        [
            Expect(
                ModelVersion,
                NOBODY,
                because="a resource or the stage PRODUCTION is given to one model version at a time",
            )
        ],
    ),
    "a run's end": (Drop(Iteration, 8), []),
}


@pytest.mark.parametrize("name", DEMANDS)
def test_a_change_takes_for_granted_what_the_rule_book_says(name: str) -> None:
    change, wanted = DEMANDS[name]

    assert [*demands(change)] == wanted


@pytest.mark.parametrize(
    "kind", [kind for kind in kinds().values() if kind is not Metric], ids=lambda kind: kind.__name__
)
def test_no_rule_is_about_a_patch_of_nothing_but_of_parameters(kind: Any) -> None:
    about = [demand.kind for demand in demands(Patch(kind, 8, {}))]

    assert about == ([Parameter] if kind is Parameter else [])


def test_only_changes_take_something_for_granted() -> None:
    with pytest.raises(AssertionError):
        [*demands(Expect(Project, 1))]  # type: ignore[arg-type]  # an expectation is no change


@pytest.mark.parametrize(
    ("id", "series"),
    [(2**31 + 1, 1), (2**32, 1), (2**32 + 1, 2), (2**63 - 1, 2**32 - 1), (1, 2**32), (2**31, 2**32)],
)
def test_the_id_of_a_point_names_its_series_or_one_that_is_in_no_diary(id: int, series: int) -> None:
    assert series_of(id) == series
