"""The nouns of a diary: frozen values, and what each says of its own fields.

An id is a store's to give. A writer puts a promise there, a negative number, and learns the id from the receipt.
"""

import os
from datetime import datetime
from enum import IntEnum
from typing import ClassVar

from attrs import field, frozen

from deardiary.core import shapes
from deardiary.core.alike import Alike
from deardiary.core.declared import SUBJECTS, Declared, noted, says
from deardiary.core.digests import digest_of_text
from deardiary.core.errors import Invalid
from deardiary.core.shapes import LARGE, NOTE, VALUE, as_float, in_utc, maybe, now, plain, same_text, text


class ExperimentStatus(IntEnum):
    """Where an experiment stands."""

    IN_PROGRESS = 1
    STOPPED = 2
    FINISHED = 3


class IterationStatus(IntEnum):
    """Where an iteration stands."""

    RUNNING = 1
    SUCCEEDED = 2
    FAILED = 3
    KILLED = 4


class Stage(IntEnum):
    """Where a model version stands on its way into use."""

    NO_STAGE = 1
    STAGING = 2
    PRODUCTION = 3
    ARCHIVED = 4


def new_uid() -> str:
    """Return 128 random bits by which a row is known in every diary it is copied to."""
    return os.urandom(16).hex()


_an_id = shapes.integer()
_a_count = shapes.integer(least=0)
_a_uid = shapes.hexadecimal(32)
_a_digest = shapes.hexadecimal(64)


@noted
@frozen(kw_only=True, eq=False, repr=False)
class User(Alike):
    """Someone who keeps or reads the diary."""

    declared: ClassVar = Declared(noun="user", unique=("username",))

    id: int = field(default=0, validator=_an_id)
    username: str = field(converter=same_text, validator=text(least=1))
    password: str = field(default="", validator=text(most=1024), metadata=says(patch=True, ask=False), repr=False)
    first_name: str = field(default="", converter=same_text, validator=text(), metadata=says(patch=True))
    last_name: str = field(default="", converter=same_text, validator=text(), metadata=says(patch=True))
    created_date: datetime = field(factory=now, converter=in_utc, validator=shapes.time)
    is_admin: bool = field(default=False, validator=shapes.flag, metadata=says(patch=True))


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Project(Alike):
    """A body of work with one question behind it."""

    declared: ClassVar = Declared(noun="project", unique=("uid",))

    id: int = field(default=0, validator=_an_id)
    uid: str = field(factory=new_uid, validator=_a_uid)
    name: str = field(converter=same_text, validator=text(least=1), metadata=says(patch=True))
    description: str = field(default="", converter=same_text, validator=text(most=NOTE), metadata=says(patch=True))
    created_date: datetime = field(factory=now, converter=in_utc, validator=shapes.time)


@noted
@frozen(kw_only=True, eq=False, repr=False)
class UserPermission(Alike):
    """What one user may do in one project."""

    declared: ClassVar = Declared(noun="permission", unique=("user_id", "project_id"))

    id: int = field(default=0, validator=_an_id)
    user_id: int = field(validator=_an_id, metadata=says(names="User", owner=True))
    project_id: int = field(validator=_an_id, metadata=says(names="Project", owner=True))
    create_permission: bool = field(default=False, validator=shapes.flag, metadata=says(patch=True))
    read_permission: bool = field(default=True, validator=shapes.flag, metadata=says(patch=True))
    update_permission: bool = field(default=False, validator=shapes.flag, metadata=says(patch=True))
    delete_permission: bool = field(default=False, validator=shapes.flag, metadata=says(patch=True))


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Experiment(Alike):
    """A series of runs within a project that belong together."""

    declared: ClassVar = Declared(noun="experiment", unique=("uid",))

    id: int = field(default=0, validator=_an_id)
    uid: str = field(factory=new_uid, validator=_a_uid)
    project_id: int = field(validator=_an_id, metadata=says(names="Project", owner=True))
    status_id: int = field(
        default=ExperimentStatus.IN_PROGRESS,
        converter=plain,
        validator=shapes.one_of(ExperimentStatus),
        metadata=says(patch=True),
    )
    name: str = field(converter=same_text, validator=text(least=1), metadata=says(patch=True))
    description: str = field(default="", converter=same_text, validator=text(most=NOTE), metadata=says(patch=True))
    created_date: datetime = field(factory=now, converter=in_utc, validator=shapes.time)
    end_date: datetime | None = field(
        default=None, converter=in_utc, validator=maybe(shapes.time), metadata=says(patch=True)
    )


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Iteration(Alike):
    """One try: what people call a run, or a trial, fold or worker of another run."""

    declared: ClassVar = Declared(noun="run", unique=("uid",))

    id: int = field(default=0, validator=_an_id)
    uid: str = field(factory=new_uid, validator=_a_uid)
    experiment_id: int = field(validator=_an_id, metadata=says(names="Experiment", owner=True))
    project_id: int = field(default=0, validator=_an_id, metadata=says(names="Project", derived=True))
    parent_iteration_id: int | None = field(
        default=None, validator=maybe(_an_id), metadata=says(names="Iteration", set_null=True)
    )
    writer_id: int | None = field(
        default=None, validator=maybe(_an_id), metadata=says(names="Writer", patch=True, set_null=True)
    )
    name: str = field(default="", converter=same_text, validator=text(), metadata=says(patch=True))
    notes: str = field(default="", converter=same_text, validator=text(most=NOTE), metadata=says(patch=True))
    created_date: datetime = field(factory=now, converter=in_utc, validator=shapes.time)
    end_date: datetime | None = field(
        default=None, converter=in_utc, validator=maybe(shapes.time), metadata=says(patch=True)
    )
    reopened_date: datetime | None = field(
        default=None, converter=in_utc, validator=maybe(shapes.time), metadata=says(patch=True)
    )
    status_id: int = field(
        default=IterationStatus.RUNNING,
        converter=plain,
        validator=shapes.one_of(IterationStatus),
        metadata=says(patch=True),
    )
    error_message: str = field(default="", converter=same_text, validator=text(most=NOTE), metadata=says(patch=True))
    traceback: str | None = field(
        default="",
        converter=same_text,
        validator=maybe(text(most=LARGE)),
        metadata=says(patch=True, ask=False, large=True),
        repr=False,
    )
    lost_points: int = field(default=0, validator=_a_count, metadata=says(patch=True))
    python_version: str = field(default="", converter=same_text, validator=text(), metadata=says(patch=True))
    git_sha: str = field(default="", converter=same_text, validator=text(), metadata=says(patch=True))
    git_dirty: bool = field(default=False, validator=shapes.flag, metadata=says(patch=True))
    entrypoint: str = field(default="", converter=same_text, validator=text(most=4096), metadata=says(patch=True))
    project_toml: str | None = field(
        default="",
        validator=maybe(text(most=LARGE)),
        metadata=says(patch=True, ask=False, large=True, shared=True),
        repr=False,
    )
    manifest_toml: str | None = field(
        default="",
        validator=maybe(text(most=LARGE)),
        metadata=says(patch=True, ask=False, large=True, shared=True),
        repr=False,
    )


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Parameter(Alike):
    """One setting of a run, as text, with the type it came with."""

    declared: ClassVar = Declared(noun="parameter", unique=("iteration_id", "key"))

    id: int = field(default=0, validator=_an_id)
    iteration_id: int = field(validator=_an_id, metadata=says(names="Iteration", owner=True))
    key: str = field(converter=same_text, validator=text(least=1), metadata=says(patch=True))
    value: str = field(converter=same_text, validator=text(most=VALUE), metadata=says(patch=True))
    type: str = field(
        default="str",
        validator=shapes.among("str", "int", "float", "bool", "none", "json"),
        metadata=says(patch=True),
    )
    number: float | None = field(
        default=None, converter=as_float, validator=maybe(shapes.number), metadata=says(derived=True)
    )


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Metric(Alike):
    """One point of a series; its id says the series and the place in it."""

    declared: ClassVar = Declared(noun="metric", insert=False, find=False)

    id: int = field(default=0, validator=_an_id)
    iteration_id: int = field(validator=_an_id, metadata=says(names="Iteration"))
    key: str = field(converter=same_text, validator=text(least=1), metadata=says(patch=True))
    value: float = field(converter=as_float, validator=shapes.number, metadata=says(patch=True))
    step: int = field(default=0, validator=shapes.integer(least=shapes.LEAST_INTEGER + 1), metadata=says(patch=True))
    recorded_at: datetime = field(factory=now, converter=in_utc, validator=shapes.time, metadata=says(patch=True))


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Summary(Alike):
    """What is known of a series without reading its points; its id is the series."""

    declared: ClassVar = Declared(noun="series", unique=("iteration_id", "key"), insert=False, drop=False)

    id: int = field(default=0, validator=_an_id)
    iteration_id: int = field(validator=_an_id, metadata=says(names="Iteration", owner=True))
    key: str = field(converter=same_text, validator=text(least=1))
    count: int = field(validator=_a_count)
    first_step: int = field(validator=_an_id)
    last_step: int = field(validator=_an_id)
    first: float = field(validator=shapes.number)
    last: float = field(validator=shapes.number)
    min: float | None = field(default=None, validator=maybe(shapes.number))
    max: float | None = field(default=None, validator=maybe(shapes.number))


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Resource(Alike):
    """An artifact: a name for bytes that live under their sha256 in an artifact store."""

    declared: ClassVar = Declared(noun="resource", unique=("uid",))

    id: int = field(default=0, validator=_an_id)
    uid: str = field(factory=new_uid, validator=_a_uid)
    experiment_id: int = field(validator=_an_id, metadata=says(names="Experiment", owner=True))
    iteration_id: int | None = field(
        default=None, validator=maybe(_an_id), metadata=says(names="Iteration", owner=True)
    )
    name: str = field(converter=same_text, validator=text(least=1, most=4096), metadata=says(patch=True))
    description: str = field(default="", converter=same_text, validator=text(most=NOTE), metadata=says(patch=True))
    media_type: str = field(default="", converter=same_text, validator=text(), metadata=says(patch=True))
    original_name: str = field(default="", converter=same_text, validator=text(most=4096), metadata=says(patch=True))
    created_date: datetime = field(factory=now, converter=in_utc, validator=shapes.time)
    updated_date: datetime | None = field(
        default=None, converter=in_utc, validator=maybe(shapes.time), metadata=says(patch=True)
    )
    backend: str = field(default="inline", converter=same_text, validator=text(least=1), metadata=says(patch=True))
    size_bytes: int = field(default=0, validator=_a_count, metadata=says(patch=True))
    content_hash: str = field(validator=_a_digest, metadata=says(patch=True))
    uri: str = field(default="", validator=text(most=4096), metadata=says(ask=False, stored=False))
    data: bytes | None = field(default=None, metadata=says(ask=False, stored=False), repr=False)


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Tag(Alike):
    """A word that projects, experiments and runs may carry."""

    declared: ClassVar = Declared(noun="tag", unique=("value",))

    id: int = field(default=0, validator=_an_id)
    value: str = field(converter=same_text, validator=text(least=1), metadata=says(patch=True))


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Tagging(Alike):
    """That something carries a tag."""

    declared: ClassVar = Declared(noun="tagging", unique=("kind", "subject_id", "tag_id"))

    id: int = field(default=0, validator=_an_id)
    project_id: int = field(default=0, validator=_an_id, metadata=says(names="Project", derived=True))
    kind: str = field(validator=shapes.among(*SUBJECTS))
    subject_id: int = field(validator=_an_id, metadata=says(names="*", owner=True))
    tag_id: int = field(validator=_an_id, metadata=says(names="Tag", owner=True))


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Model(Alike):
    """A name in a project's registry, under which versions are kept."""

    declared: ClassVar = Declared(noun="model", unique=("project_id", "name"))

    id: int = field(default=0, validator=_an_id)
    project_id: int = field(validator=_an_id, metadata=says(names="Project", owner=True))
    name: str = field(converter=same_text, validator=text(least=1), metadata=says(patch=True))
    description: str = field(default="", converter=same_text, validator=text(most=NOTE), metadata=says(patch=True))
    created_date: datetime = field(factory=now, converter=in_utc, validator=shapes.time)
    updated_date: datetime | None = field(
        default=None, converter=in_utc, validator=maybe(shapes.time), metadata=says(patch=True)
    )


@noted
@frozen(kw_only=True, eq=False, repr=False)
class ModelVersion(Alike):
    """One checkpoint of a model: the run that made it, and the resource that holds it."""

    declared: ClassVar = Declared(noun="model version", unique=("model_id", "version"))

    id: int = field(default=0, validator=_an_id)
    model_id: int = field(validator=_an_id, metadata=says(names="Model", owner=True))
    version: int | None = field(
        default=None, validator=maybe(shapes.integer(least=1, most=2**31 - 1)), metadata=says(numbered_by="model_id")
    )
    iteration_id: int = field(validator=_an_id, metadata=says(names="Iteration", holds=True))
    resource_id: int | None = field(
        default=None, validator=maybe(_an_id), metadata=says(names="Resource", holds=True, patch=True)
    )
    stage_id: int = field(
        default=Stage.NO_STAGE, converter=plain, validator=shapes.one_of(Stage), metadata=says(patch=True)
    )
    description: str = field(default="", converter=same_text, validator=text(most=NOTE), metadata=says(patch=True))
    created_date: datetime = field(factory=now, converter=in_utc, validator=shapes.time)
    updated_date: datetime | None = field(
        default=None, converter=in_utc, validator=maybe(shapes.time), metadata=says(patch=True)
    )


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Text(Alike):
    """A long text that several rows share, under its sha256."""

    declared: ClassVar = Declared(noun="text", unique=("digest",))

    id: int = field(default=0, validator=_an_id)
    digest: str = field(validator=_a_digest)
    text: str | None = field(validator=maybe(shapes.text(most=LARGE)), metadata=says(ask=False, large=True), repr=False)
    created_date: datetime = field(factory=now, converter=in_utc, validator=shapes.time)

    def __attrs_post_init__(self) -> None:
        if self.text is not None and digest_of_text(self.text) != self.digest:
            raise Invalid(f"text digest is {self.digest}, and the text has another")


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Writer(Alike):
    """A process that streams points, and how far its stream has come."""

    declared: ClassVar = Declared(noun="writer", unique=("uid",))

    id: int = field(default=0, validator=_an_id)
    uid: str = field(factory=new_uid, validator=_a_uid)
    user_id: int | None = field(default=None, validator=maybe(_an_id), metadata=says(names="User"))
    host: str = field(default="", converter=same_text, validator=text())
    pid: int = field(default=0, validator=_a_count)
    position: int = field(default=0, validator=_a_count)
    seen_at: datetime = field(factory=now, converter=in_utc, validator=shapes.time)


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Piece(Alike):
    """A part of the bytes of an inline artifact."""

    declared: ClassVar = Declared(noun="piece", unique=("digest", "n"), inner=True)

    id: int = field(default=0, validator=_an_id)
    digest: str = field(validator=_a_digest)
    n: int = field(validator=_a_count)
    data: bytes | None = field(
        validator=maybe(shapes.octets(most=1024 * 1024)), metadata=says(ask=False, large=True), repr=False
    )
    created_date: datetime = field(factory=now, converter=in_utc, validator=shapes.time)


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Blob(Alike):
    """That the bytes of an inline artifact are there, whole."""

    declared: ClassVar = Declared(noun="blob", unique=("digest",), inner=True)

    id: int = field(default=0, validator=_an_id)
    digest: str = field(validator=_a_digest)
    size: int = field(validator=_a_count)
    created_date: datetime = field(factory=now, converter=in_utc, validator=shapes.time)


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Condemned(Alike):
    """That the bytes under a digest are about to be deleted."""

    declared: ClassVar = Declared(noun="mark", unique=("digest",), inner=True)

    id: int = field(default=0, validator=_an_id)
    digest: str = field(validator=_a_digest)
    stage: int = field(default=1, validator=shapes.integer(least=1, most=3), metadata=says(patch=True))
    created_date: datetime = field(factory=now, converter=in_utc, validator=shapes.time)


@noted
@frozen(kw_only=True, eq=False, repr=False)
class Putting(Alike):
    """That a user has put the bytes under a digest."""

    declared: ClassVar = Declared(noun="putting", unique=("digest", "user_id"), inner=True)

    id: int = field(default=0, validator=_an_id)
    digest: str = field(validator=_a_digest)
    user_id: int = field(validator=_an_id, metadata=says(names="User", owner=True))
    created_date: datetime = field(factory=now, converter=in_utc, validator=shapes.time)
