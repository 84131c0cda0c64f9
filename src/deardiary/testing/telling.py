"""Words in which the suite tells stories: what to make, what to ask, what to expect of an answer."""

import math
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from attrs import evolve

from deardiary.core.changes import Append, Element, Insert, Stream
from deardiary.core.conditions import EVERY, Among, AnyOf, Condition, Field
from deardiary.core.declared import kinds
from deardiary.core.entities import (
    Blob,
    Condemned,
    Experiment,
    Iteration,
    Model,
    ModelVersion,
    Parameter,
    Piece,
    Project,
    Putting,
    Resource,
    Tag,
    Tagging,
    User,
    UserPermission,
    Writer,
)
from deardiary.core.errors import (
    DearDiaryError,
)
from deardiary.core.points import Points
from deardiary.core.queries import Query, SeriesQuery
from deardiary.core.shapes import micros
from deardiary.testing.diary import Diary

Test = TypeVar("Test", bound=Callable[..., Any])


def level(number: int, *, needs: str = "") -> Callable[[Test], Test]:
    """Say how far an author must have come for a test, and what of the suite must be given for it."""

    def mark(test: Test) -> Test:
        test.level = number  # type: ignore[attr-defined]  # read by the runner and by pytest's plugin
        test.needs = needs  # type: ignore[attr-defined]  # likewise
        return test

    return mark


def level_of(test: Any) -> int:
    """Return the level of a test, 0 for what is no test of a suite."""
    number: int = getattr(test, "level", 0)
    return number


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DIGEST = "0123456789abcdef" * 4
WRITER = "ab" * 16


def needs_of(test: Any) -> str:
    """Return what of the suite must be given for a test, nothing for most."""
    needs: str = getattr(test, "needs", "")
    return needs


def at(minute: float) -> datetime:
    """Return the instant so many minutes after a noon."""
    return NOON + timedelta(minutes=minute)


def points(**columns: Any) -> Points:
    """Return points by key: values alone, or pairs of step and value."""
    rows = []
    for key, values in columns.items():
        for value in values:
            step, number = value if isinstance(value, tuple) else (None, value)
            rows.append((key, number, step, micros(NOON)))
    return Points.of(rows)


def a_project(number: int = -1, **more: Any) -> Insert:
    """Return the making of a project."""
    return Insert(Project(id=number, **{"name": "Iris", "created_date": NOON, **more}))


def an_experiment(number: int = -1, project: int = -1, **more: Any) -> Insert:
    """Return the making of an experiment."""
    return Insert(Experiment(id=number, project_id=project, **{"name": "Depth", "created_date": NOON, **more}))


def a_run(number: int = -1, experiment: int = -1, **more: Any) -> Insert:
    """Return the making of a run."""
    return Insert(Iteration(id=number, experiment_id=experiment, **{"created_date": NOON, **more}))


def a_parameter(key: str, value: str, *, number: int = -1, run: int = -1, type: str = "str") -> Insert:
    """Return the making of a parameter."""
    return Insert(Parameter(id=number, iteration_id=run, key=key, value=value, type=type))


def a_tag(number: int, value: str, kind: str, subject: int) -> list[Element]:
    """Return the tagging of something."""
    return [
        Insert(Tag(id=number, value=value), or_existing=True),
        Insert(Tagging(id=number, kind=kind, subject_id=subject, tag_id=number)),
    ]


STORY: tuple[Element, ...] = (a_project(), an_experiment(), a_run())
"""A project, an experiment and a run, each with the promise -1."""


EVERYTHING = SeriesQuery()


def found_kinds(diary: Diary) -> Iterator[Any]:
    """Yield the kinds that may be asked for."""
    for kind in kinds().values():
        if kind.declared.find and not (kind.declared.inner and diary.traits.guarded):
            yield kind


def met(diary: Diary, kind: Any, condition: Condition) -> list[int]:
    """Return the ids of the rows that meet a condition, asked in several ways."""
    ids = [row.id for row in diary.rows(kind, condition)]
    diary.find(Query(kind, condition | AnyOf(()), total=True, limit=2))
    diary.find(Query(kind, condition & EVERY, order="-id"))
    diary.find(Query(kind, ~condition))
    diary.find(Query(kind, condition & Among(Field("id"), (1, 2, 3))))
    return ids


def refused(diary: Diary, error: type[DearDiaryError], *elements: Element) -> Any:
    """Tell a batch that must be refused, and return the error."""
    return raised(error, lambda: diary.apply(*elements))


def raised(error: type[DearDiaryError], call: Callable[[], object]) -> Any:
    """Return the error that a call raises, of exactly this class."""
    try:
        call()
    except DearDiaryError as raised:
        if error is DearDiaryError or type(raised) is error:
            return raised
        raise AssertionError(f"{raised!r} is no {error.__name__}") from None
    raise AssertionError(f"no {error.__name__} was raised")


def together(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)


def a_model(number: int, name: str, project: int = -1) -> Insert:
    return Insert(Model(id=number, project_id=project if number < 0 else 1, name=name, created_date=NOON))


def a_version(number: int, model: int, *, run: int | None = None, version: int | None = None) -> Insert:
    run = run if run is not None else (-1 if model < 0 else 1)
    return Insert(ModelVersion(id=number, model_id=model, iteration_id=run, version=version, created_date=NOON))


def a_resource(number: int, experiment: int, **more: Any) -> Insert:
    return Insert(
        Resource(id=number, experiment_id=experiment, name="model", content_hash=DIGEST, created_date=NOON, **more)
    )


def data_of(run: int) -> list[Element]:
    """Return a parameter and some points of a run."""
    return [a_parameter("lr", "0.1", number=run, run=run), Append(run, points(loss=[0.5, 0.25]))]


def a_part(start: int, stop: int) -> Any:
    return Stream(writer=WRITER, start=start, stop=stop, at=at(0))


def one_of_each(diary: Diary) -> list[Element]:
    """Return the making of a row of every kind."""
    plain: list[Element] = [
        Insert(User(id=-1, username="ada", password="x", first_name="Ada", created_date=NOON)),
        a_project(uid="1" * 32),
        Insert(UserPermission(id=-1, user_id=-1, project_id=-1, update_permission=True)),
        an_experiment(uid="2" * 32, description="a sweep"),
        Insert(Writer(id=-1, uid="3" * 32, host="here", pid=7, seen_at=NOON)),
        a_run(uid="4" * 32, writer_id=-1, project_toml="[project]", traceback="Traceback", git_dirty=True),
        a_parameter("lr", "0.1", type="float"),
        Append(-1, points(loss=[0.5, math.nan])),
        Insert(
            Resource(
                id=-1,
                uid="5" * 32,
                experiment_id=-1,
                iteration_id=-1,
                name="model.pt",
                content_hash=DIGEST,
                size_bytes=3,
                created_date=NOON,
            )
        ),
        *a_tag(-1, "good", "Iteration", -1),
        a_model(-1, "m"),
        Insert(ModelVersion(id=-1, model_id=-1, iteration_id=-1, resource_id=-1, created_date=NOON)),
    ]
    inner: list[Element] = [
        Insert(Piece(id=-1, digest=DIGEST, n=0, data=b"\0\xff" * 500, created_date=NOON)),
        Insert(Blob(id=-1, digest=DIGEST, size=1000, created_date=NOON)),
        Insert(Condemned(id=-1, digest=DIGEST, created_date=NOON)),
        Insert(Putting(id=-1, digest=DIGEST, user_id=-1, created_date=NOON)),
    ]
    return plain if diary.traits.guarded else [*plain, *inner]


def twins_of(diary: Diary) -> list[Insert]:
    """Return the making of rows whose unique values are taken by those of `one_of_each`."""
    made = [element for element in one_of_each(diary) if isinstance(element, Insert)]
    ids = dict.fromkeys(("user_id", "project_id", "experiment_id", "writer_id", "iteration_id", "model_id"), 1)
    ids |= {"resource_id": 1, "subject_id": 1, "tag_id": 1}
    twins = []
    for insert in made:
        entity: Any = insert.entity
        fields = {name: id for name, id in ids.items() if getattr(entity, name, None) == -1}
        more = {"version": 1} if isinstance(entity, ModelVersion) else {}
        twins.append(Insert(evolve(entity, **fields, **more)))
    return twins
