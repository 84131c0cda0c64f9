"""What the tests of the core stand on: a diary in drawers, and a row of every kind with awkward values."""

import math
from datetime import UTC, datetime
from typing import Any

from deardiary.core.changes import Batch, Element, Receipt
from deardiary.core.declared import E, Entity
from deardiary.core.digests import digest_of_text
from deardiary.core.entities import (
    Blob,
    Condemned,
    Experiment,
    ExperimentStatus,
    Iteration,
    IterationStatus,
    Metric,
    Model,
    ModelVersion,
    Parameter,
    Piece,
    Project,
    Putting,
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
from deardiary.core.ledger import Drawers, kept_rows
from deardiary.core.settle import settle

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
GREATEST = 2**63 - 1
UID = "0123456789abcdef" * 2
DIGEST = "0123456789abcdef" * 4
AWKWARD = 'a\n"b"\\ \u2028 é 👩‍🔬 ; --'
TEXT = "[tool]\r\nname = 'e\u0301'\t🌱"


def told(*elements: Element, into: Drawers | None = None) -> Drawers:
    """Return a diary, new unless one is given, to which a batch was told."""
    view = Drawers() if into is None else into
    tell(view, Batch(elements))
    return view


def tell(view: Drawers, batch: Batch) -> Receipt:
    """Tell a diary a batch, and return its receipt."""
    receipt, puts, deletes = settle(batch, view)
    view.commit(puts, deletes)
    return receipt


def rows(view: Drawers, kind: type[E]) -> list[Any]:
    """Return the rows of a kind as a diary keeps them, by id."""
    return [kept.entity for kept in kept_rows(view, kind)]


ROWS: tuple[Entity, ...] = (
    User(
        id=GREATEST,
        username=AWKWARD,
        password="e\u0301 scrypt$1",
        first_name="é",
        last_name="",
        created_date=FIRST,
        is_admin=True,
    ),
    Project(id=-GREATEST - 1, uid=UID, name="x" * 256, description=AWKWARD, created_date=LAST),
    UserPermission(id=-1, user_id=-2, project_id=3, create_permission=True, read_permission=False),
    Experiment(
        id=1, uid=UID, project_id=2, status_id=ExperimentStatus.FINISHED, name="🌱", created_date=NOON, end_date=LAST
    ),
    Iteration(
        id=1,
        uid=UID,
        experiment_id=2,
        project_id=3,
        parent_iteration_id=4,
        writer_id=5,
        name=AWKWARD,
        notes="n" * 10_000,
        created_date=FIRST,
        end_date=NOON,
        reopened_date=None,
        status_id=IterationStatus.KILLED,
        error_message="ValueError: 'x'",
        traceback=AWKWARD * 1000,
        lost_points=GREATEST,
        python_version="3.11.9",
        git_sha="ab" * 20,
        git_dirty=True,
        entrypoint="../train.py",
        project_toml=TEXT,
        manifest_toml="",
    ),
    Iteration(id=2, uid=UID[::-1], experiment_id=2, created_date=NOON, traceback=None, project_toml=None),
    Parameter(id=1, iteration_id=2, key="a.b/c", value="x" * 65_536, type="json", number=None),
    Parameter(id=2, iteration_id=2, key="lr", value="5e-324", type="float", number=5e-324),
    Metric(id=2**31 + 1, iteration_id=1, key="loss", value=math.nan, step=-GREATEST, recorded_at=FIRST),
    Metric(id=2**31 + 2, iteration_id=1, key="é", value=-0.0, step=GREATEST, recorded_at=LAST),
    Summary(
        id=1,
        iteration_id=1,
        key="loss",
        count=3,
        first_step=-1,
        last_step=GREATEST,
        first=math.nan,
        last=math.inf,
        min=-math.inf,
        max=1.7976931348623157e308,
    ),
    Summary(
        id=2, iteration_id=1, key="nan", count=1, first_step=0, last_step=0, first=-0.0, last=5e-324, min=None, max=None
    ),
    Resource(
        id=1,
        uid=UID,
        experiment_id=1,
        iteration_id=None,
        name="a/b.bin",
        description="d",
        media_type="application/octet-stream",
        original_name="..\\b.bin",
        created_date=NOON,
        updated_date=LAST,
        backend="s3",
        size_bytes=GREATEST,
        content_hash=DIGEST,
        uri="s3://b/é",
        data=bytes(range(256)),
    ),
    Tag(id=1, value="good"),
    Tagging(id=1, project_id=2, kind="Iteration", subject_id=3, tag_id=4),
    Model(id=1, project_id=2, name="m", description="", created_date=NOON, updated_date=None),
    ModelVersion(
        id=1,
        model_id=2,
        version=None,
        iteration_id=3,
        resource_id=4,
        stage_id=Stage.ARCHIVED,
        description="v",
        created_date=NOON,
        updated_date=NOON,
    ),
    Text(id=1, digest=digest_of_text(TEXT), text=TEXT, created_date=NOON),
    Text(id=2, digest=DIGEST, text=None, created_date=NOON),
    Writer(id=1, uid=UID, user_id=None, host="höst", pid=0, position=GREATEST, seen_at=NOON),
    Piece(id=1, digest=DIGEST, n=0, data=b"\0\xff" * 1000, created_date=NOON),
    Piece(id=2, digest=DIGEST, n=GREATEST, data=None, created_date=NOON),
    Blob(id=1, digest=DIGEST, size=0, created_date=NOON),
    Condemned(id=1, digest=DIGEST, stage=3, created_date=NOON),
    Putting(id=1, digest=DIGEST, user_id=1, created_date=NOON),
)
"""At least one row of every kind, as a store or a sender may hold it."""


def name_of(value: object) -> str:
    """Return what to call a value in the name of a test."""
    return value.__name__ if isinstance(value, type) else type(value).__name__
