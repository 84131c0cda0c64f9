"""The shapes that a diary's owner asks every day, so that their texts are made beforehand.

A server, which asks for others too, may take its time to load SQLAlchemy.
"""

from collections.abc import Iterator
from typing import Any

from deardiary.backends.sql.dropping import naming
from deardiary.backends.sql.shaping import Shape, Shaper
from deardiary.core import entities
from deardiary.core.changes import Append, Change, Drop, Expect, Insert, Patch
from deardiary.core.conditions import EVERY, Among, Condition, Field, Part, all_of, asked, by_id, metric
from deardiary.core.declared import Kind, facts, kinds, references, referring
from deardiary.core.entities import (
    Blob,
    Experiment,
    Iteration,
    Metric,
    Model,
    ModelVersion,
    Parameter,
    Piece,
    Project,
    Resource,
    Summary,
    Tag,
    Tagging,
    User,
    UserPermission,
    Writer,
)
from deardiary.core.permissions import guarded
from deardiary.core.points import Points
from deardiary.core.principals import OWNER
from deardiary.core.queries import orders


def foreseen() -> Iterator[Shape]:
    """Yield the shapes of what the guard demands, of drops, and of plain questions."""
    for change in _changes():
        yield from _of_change(change)
    for kind in kinds().values():
        if kind is not Metric:
            yield from _of_kind(kind)
    yield from _of_verbs()


def _of_verbs() -> Iterator[Shape]:
    """Yield what the verbs of the library ask beside."""
    for kind, where in _demanded():
        yield _shape("one", kind, where)
    for kind, where, order in _looked_for():
        yield _shape("rows", kind, where, order=order)
        yield _shape("rows", kind, where, order=order, limited=True)
        yield _shape("rows", kind, where, order=order, limited=True, offset=True)
    yield _shape("rows", Parameter, all_of(iteration_id=1, key="k"), fill=True)
    yield _shape("rows", Piece, all_of(digest="0" * 64, n=0), fill=True)
    yield _shape("ids", Piece, all_of(digest="0" * 64))
    yield _shape("ids", Blob, all_of(digest="0" * 64))
    parts: tuple[Part, ...] = ("max", "min")
    for part in parts:
        below = (asked("parent_iteration_id") == 1) & asked("status_id").among([1, 2])
        yield _shape("rows", Iteration, below & ~metric("l", part).is_none(), order=_best(part), limited=True)


def _best(part: Part) -> str:
    return f"-metrics.l.{part}" if part == "max" else f"metrics.l.{part}"


def _demanded() -> Iterator[tuple[Kind, Condition]]:
    yield Project, all_of(name="p")
    yield Experiment, all_of(project_id=1, name="e", status_id=1)
    yield User, by_id(1)
    yield User, by_id(1) & all_of(is_admin=True)
    yield Iteration, by_id(1) & ~asked("end_date").is_none()
    yield ModelVersion, by_id(1) & all_of(model_id=1)
    yield Resource, by_id(1) & all_of(backend="b", content_hash="0" * 64)
    yield Tagging, all_of(kind="Iteration", subject_id=1) & (asked("tag.value") == "t")
    yield Tag, all_of(value="t")
    yield Piece, all_of(digest="0" * 64, n=0)


def _looked_for() -> Iterator[tuple[Kind, Condition, str]]:
    yield Project, all_of(name="p"), ""
    yield Experiment, all_of(project_id=1, name="e", status_id=1), ""
    yield UserPermission, all_of(user_id=1, read_permission=True), ""
    yield Summary, asked("iteration_id") == 1, "key"
    yield Resource, asked("experiment.project_id") == 1, ""
    yield Blob, asked("digest").among(["0" * 64]), ""
    yield ModelVersion, asked("model_id") == 1, "version"
    yield ModelVersion, all_of(model_id=1, stage_id=entities.Stage.PRODUCTION), ""


def _changes() -> Iterator[Change]:
    """Yield a change of each sort."""
    yield Insert(User(id=-1, username="ada"), or_existing=True)
    yield Insert(Project(id=-1, name="p"))
    yield Insert(UserPermission(id=-1, user_id=1, project_id=1))
    yield Insert(Experiment(id=-1, project_id=1, name="e"))
    yield Insert(Experiment(id=-1, project_id=1, name="e", status_id=2))
    yield Insert(Iteration(id=-1, experiment_id=1, parent_iteration_id=1, writer_id=1))
    yield Insert(Parameter(id=-1, iteration_id=1, key="k", value="v"))
    yield Insert(Resource(id=-1, experiment_id=1, name="r", content_hash="0" * 64))
    yield Insert(Resource(id=-1, experiment_id=1, iteration_id=1, name="r", content_hash="0" * 64))
    yield Insert(Tag(id=-1, value="t"), or_existing=True)
    for subject in ("Project", "Experiment", "Iteration"):
        yield Insert(Tagging(id=-1, kind=subject, subject_id=1, tag_id=1))
    yield Insert(Model(id=-1, project_id=1, name="m"))
    yield Insert(ModelVersion(id=-1, model_id=1, iteration_id=1, resource_id=1))
    yield Insert(Writer(id=-1), or_existing=True)
    yield Append(1, Points.of([("loss", 0.5, 0, 0)]))
    yield Patch(Metric, 1, {"value": 0.5})
    yield Drop(Metric, 1)
    yield Patch(Iteration, 1, {"status_id": entities.IterationStatus.SUCCEEDED})
    yield Patch(User, 1, {"is_admin": False})
    yield Patch(ModelVersion, 1, {"resource_id": 1})
    yield Patch(ModelVersion, 1, {"stage_id": entities.Stage.PRODUCTION})
    yield Patch(ModelVersion, all_of(model_id=1, stage_id=entities.Stage.PRODUCTION), {"stage_id": 4})
    yield Patch(ModelVersion, all_of(model_id=1, stage_id=3) & (asked("id") != 1), {"stage_id": 4})
    yield Patch(Parameter, all_of(iteration_id=1, key="k"), {"value": "v"})
    yield Drop(Parameter, asked("iteration_id") == 1)
    yield Drop(Tag, all_of(value="t"))
    yield Drop(Tagging, all_of(kind="Iteration", subject_id=1) & (asked("tag.value") == "t"))
    for kind in kinds().values():
        if not kind.declared.inner and kind is not Metric:
            yield Patch(kind, 1, {})
            if kind.declared.drop:
                yield Drop(kind, 1)


def _of_change(change: Change) -> Iterator[Shape]:
    for element in guarded(OWNER, (change,)):
        match element:
            case Expect(kind, where, found=found):
                yield _shape("one", kind, where)
                if not found:
                    yield _shape("least", kind, where)
            case Patch(kind, where) | Drop(kind, where) if kind is not Metric:
                yield _shape("ids", kind, where)
            case _:
                pass


def _of_kind(kind: Kind) -> Iterator[Shape]:
    for other, fact in referring(kind):
        if other.declared.find:
            yield _shape("ids", other, naming(fact, kind, [1]))
    yield _shape("ids", kind, EVERY)
    yield _shape("rows", kind, by_id(1), fill=True)
    for where in _asked(kind):
        yield from _pages(kind, where)


def _asked(kind: Kind) -> Iterator[Condition]:
    """Yield the conditions by which rows of a kind are usually looked for."""
    yield EVERY
    yield Among(Field("id"), (1,))
    if kind.declared.unique:
        yield all_of(**{name: _sample(kind, name) for name in kind.declared.unique})
    for fact in references(kind):
        if fact.names != "*":
            yield asked(fact.name) == 1
            yield Among(Field(fact.name), (1,))
    if kind is Tagging:
        yield all_of(kind="Iteration", subject_id=1)


def _sample(kind: Kind, name: str) -> Any:
    return "" if facts(kind)[name].sort == "text" else 1


def _pages(kind: Kind, where: Condition) -> Iterator[Shape]:
    yield _shape("rows", kind, where)
    yield _shape("rows", kind, where, limited=True)
    yield _shape("rows", kind, where, limited=True, offset=True)
    yield _shape("count", kind, where)
    if kind is ModelVersion:
        yield _shape("rows", kind, where, order="version")


def _shape(
    purpose: str,
    kind: Kind,
    where: Condition,
    *,
    order: str = "",
    limited: bool = False,
    offset: bool = False,
    fill: bool = False,
) -> Shape:
    shaper = Shaper()
    return Shape(
        purpose,
        kind,
        shaper.where(where),
        shaper.order(orders(order)) if order else (),
        limit=shaper.slot(1) if limited else None,
        offset=shaper.slot(1) if offset else None,
        fill=fill,
    )
