"""The rule book: what must already be true for a change to be allowed, whoever asks for it."""

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from deardiary.core.changes import Append, Change, Drop, Expect, Insert, Patch
from deardiary.core.conditions import AnyOf, Compare, Condition, Field, Of, all_of, asked, by_id, only_id
from deardiary.core.declared import Kind
from deardiary.core.entities import (
    Experiment,
    ExperimentStatus,
    Iteration,
    IterationStatus,
    Metric,
    Model,
    ModelVersion,
    Parameter,
    Resource,
    Stage,
    Summary,
    User,
    Writer,
)
from deardiary.core.errors import NotFound
from deardiary.core.points import place_of
from deardiary.core.shapes import instant

SEALED = frozenset(
    {
        "status_id",
        "end_date",
        "reopened_date",
        "error_message",
        "traceback",
        "python_version",
        "git_sha",
        "git_dirty",
        "entrypoint",
        "project_toml",
        "manifest_toml",
    }
)
"""What an end date locks on a run; its name, notes and tags stay open."""

DEFAULT_USER = "default"
"""The administrator whom every diary has."""

OPEN = asked("end_date").is_none()
ENDED = ~OPEN
RUN_ENDED = ~asked("iteration.end_date").is_none()
IN_PRODUCTION = asked("stage_id") == Stage.PRODUCTION
NEVER = AnyOf(())
"""What no row meets: a demand that is never fulfilled."""

NO_SERIES = 2**32
"""A series that no diary has: the ids of its points would not fit into 64 bits."""


def demands(change: Change) -> Iterator[Expect]:
    """Yield what a change takes for granted."""
    match change:
        case Insert(entity):
            yield from _of_insert(entity)
        case Append(iteration_id, points):
            latest = points.latest
            if latest is not None:
                still_open = OPEN | (asked("end_date") >= instant(latest))
                yield Expect(Iteration, by_id(iteration_id) & still_open, because=_ended(Iteration, iteration_id))
        case Patch(kind, where, values):
            yield from _of_patch(kind, where, values)
        case Drop(kind, where):
            yield from _of_drop(kind, where)
        case _:
            assert_never(change)


def _of_insert(entity: Any) -> Iterator[Expect]:
    match entity:
        case Experiment(status_id=status) if status != ExperimentStatus.IN_PROGRESS:
            yield _never(Experiment, "an experiment begins IN_PROGRESS")
        case Iteration(experiment_id=experiment, parent_iteration_id=parent):
            if entity.status_id != IterationStatus.RUNNING or entity.end_date is not None:
                yield _never(Iteration, "a run begins RUNNING, without an end date")
            yield _open_experiment(experiment)
            if parent is not None:
                yield _run_of(experiment, parent)
        case Parameter(iteration_id=iteration):
            yield Expect(Iteration, by_id(iteration) & OPEN, because=_ended(Iteration, iteration))
        case Resource(experiment_id=experiment, iteration_id=int(iteration)):
            yield _run_of(experiment, iteration)
        case Resource(experiment_id=experiment):
            yield _open_experiment(experiment)
        case ModelVersion(model_id=model):
            if entity.stage_id != Stage.NO_STAGE:
                yield _never(ModelVersion, "a model version begins at NO_STAGE")
            project = Of(Model, model, Field("project_id"))
            because = f"run {entity.iteration_id} is not in the project of model {model}"
            same = Compare(Field("project_id"), "==", project)
            yield Expect(Iteration, by_id(entity.iteration_id) & same, because=because)
            if entity.resource_id is not None:
                yield _resource_in(project, entity.resource_id, f"model {model}")
        case Writer(position=position) if position != 0:
            yield _never(Writer, "a writer begins at 0")


def _of_patch(kind: Kind, where: Condition, values: Mapping[str, Any]) -> Iterator[Expect]:
    if kind is Parameter or kind is Metric:
        yield from _open_run(kind, where)
    elif kind is Iteration and SEALED.intersection(values) and not _reopens(values):
        yield Expect(Iteration, where & ENDED, found=False, because=_ended(kind, only_id(where)))
    elif kind is User and values.get("is_admin") is False:
        because = f"the user {DEFAULT_USER} is always an administrator"
        yield Expect(User, where & all_of(username=DEFAULT_USER), found=False, because=because)
    elif kind is ModelVersion:
        yield from _of_version(only_id(where), values)


def _of_drop(kind: Kind, where: Condition) -> Iterator[Expect]:
    if kind is Parameter or kind is Metric:
        yield from _open_run(kind, where)
    elif kind is User:
        because = f"the user {DEFAULT_USER} may not be dropped"
        yield Expect(User, where & all_of(username=DEFAULT_USER), found=False, because=because)


def _of_version(version: int | None, values: Mapping[str, Any]) -> Iterator[Expect]:
    resource, stage = values.get("resource_id"), values.get("stage_id")
    if version is None and (resource is not None or stage == Stage.PRODUCTION):
        yield _never(ModelVersion, "a resource or the stage PRODUCTION is given to one model version at a time")
        return
    if resource is not None and version is not None:
        project = Of(ModelVersion, version, Field("project_id", "Model"))
        yield _resource_in(project, resource, f"model version {version}")
    if stage == Stage.PRODUCTION and version is not None:
        others = Compare(Field("model_id"), "==", Of(ModelVersion, version, Field("model_id")))
        because = "another version of the model is in PRODUCTION; archive it in the same batch"
        yield Expect(ModelVersion, others & IN_PRODUCTION & (asked("id") != version), found=False, because=because)


def _reopens(values: Mapping[str, Any]) -> bool:
    """Return whether a patch opens an ended run again, and does nothing else."""
    return (
        values.keys() == {"end_date", "status_id", "reopened_date"}
        and values["end_date"] is None
        and values["status_id"] == IterationStatus.RUNNING
        and values["reopened_date"] is not None
    )


def _open_run(kind: Kind, where: Condition) -> Iterator[Expect]:
    """Yield that the runs of some parameters, or of a point, are open."""
    id = only_id(where)
    if kind is Metric and id is not None:
        if id <= 0:
            return  # the store refuses it: points are not promised
        where = by_id(series_of(id))
        yield Expect(Summary, where, otherwise=NotFound, because=f"metric {id} is not there")
    row = Summary if kind is Metric else Parameter
    yield Expect(row, where & RUN_ENDED, found=False, because=_ended(kind, id))


def series_of(id: int) -> int:
    """Return the series that the id of a point names."""
    return place_of(id)[0] or NO_SERIES


def _ended(kind: Kind, id: int | None) -> str:
    if kind is Iteration:
        return "a run has ended" if id is None else f"run {id} has ended"
    return "a run has ended" if id is None else f"the run of {kind.declared.noun} {id} has ended"


def _never(kind: Kind, because: str) -> Expect:
    return Expect(kind, NEVER, because=because)


def _open_experiment(id: int) -> Expect:
    in_progress = asked("status_id") == ExperimentStatus.IN_PROGRESS
    return Expect(Experiment, by_id(id) & in_progress, because=f"experiment {id} is closed")


def _run_of(experiment: int, id: int) -> Expect:
    because = f"run {id} is not a run of experiment {experiment}"
    return Expect(Iteration, by_id(id) & (asked("experiment_id") == experiment), because=because)


def _resource_in(project: Of, id: int, whose: str) -> Expect:
    same = Compare(Field("id", "Project"), "==", project)
    return Expect(Resource, by_id(id) & same, because=f"resource {id} is not in the project of {whose}")
