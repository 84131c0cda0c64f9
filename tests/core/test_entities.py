"""The nouns are frozen values that keep one form of everything and refuse the rest."""

import math
import pickle
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError

from core.samples import DIGEST, GREATEST, NOON, ROWS, TEXT, name_of
from deardiary.core.declared import Entity, kinds
from deardiary.core.digests import digest_of_text
from deardiary.core.entities import (
    Blob,
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
    new_uid,
)
from deardiary.core.errors import Invalid


def test_there_is_a_sample_of_every_kind() -> None:
    assert {type(row).__name__ for row in ROWS} == set(kinds())


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_a_row_cannot_be_changed_in_place(row: Entity) -> None:
    with pytest.raises(FrozenInstanceError, match=rf"{row.id} stays as it was read, so its id cannot be assigned; "):
        row.id = 5  # type: ignore[misc]  # as someone might try


@pytest.mark.parametrize("row", [row for row in ROWS if "nan" not in repr(row)], ids=name_of)
def test_a_row_equals_its_copy(row: Entity) -> None:
    assert pickle.loads(pickle.dumps(row)) == row


def test_rows_of_two_kinds_are_never_equal() -> None:
    assert Tag(id=1, value="x") != Blob(id=1, digest=DIGEST, size=1, created_date=NOON)


def test_a_uid_is_32_hexadecimal_digits_of_chance() -> None:
    uids = {new_uid() for _ in range(100)}

    assert len(uids) == 100
    assert all(len(uid) == 32 and set(uid) <= set("0123456789abcdef") for uid in uids)


def test_two_projects_have_two_uids() -> None:
    assert Project(name="Iris").uid != Project(name="Iris").uid


def test_a_row_made_without_a_time_is_made_now_in_utc() -> None:
    assert Project(name="Iris").created_date.tzinfo is UTC


@pytest.mark.parametrize(
    ("row", "values"),
    [
        (User(username="ada"), {"id": 0, "password": "", "first_name": "", "is_admin": False}),
        (Project(name="Iris"), {"id": 0, "description": ""}),
        (
            UserPermission(user_id=1, project_id=2),
            {
                "create_permission": False,
                "read_permission": True,
                "update_permission": False,
                "delete_permission": False,
            },
        ),
        (Experiment(project_id=1, name="e"), {"status_id": ExperimentStatus.IN_PROGRESS, "end_date": None}),
        (
            Iteration(experiment_id=1),
            {
                "status_id": IterationStatus.RUNNING,
                "end_date": None,
                "reopened_date": None,
                "parent_iteration_id": None,
                "writer_id": None,
                "project_toml": "",
                "manifest_toml": "",
                "traceback": "",
                "lost_points": 0,
            },
        ),
        (Parameter(iteration_id=1, key="k", value="v"), {"type": "str", "number": None}),
        (Metric(iteration_id=1, key="k", value=1), {"step": 0, "value": 1.0}),
        (
            Resource(experiment_id=1, name="r", content_hash=DIGEST),
            {"iteration_id": None, "backend": "inline", "size_bytes": 0, "uri": "", "data": None},
        ),
        (ModelVersion(model_id=1, iteration_id=2), {"version": None, "stage_id": Stage.NO_STAGE, "resource_id": None}),
        (Writer(), {"user_id": None, "position": 0, "pid": 0, "host": ""}),
    ],
    ids=name_of,
)
def test_a_row_starts_with_these_values(row: Entity, values: dict[str, Any]) -> None:
    assert {name: getattr(row, name) for name in values} == values


@pytest.mark.parametrize(
    "make",
    [
        lambda text: User(username=text).username,
        lambda text: Project(name=text).name,
        lambda text: Experiment(project_id=1, name=text).name,
        lambda text: Iteration(experiment_id=1, name=text).name,
        lambda text: Iteration(experiment_id=1, traceback=text).traceback,
        lambda text: Parameter(iteration_id=1, key=text, value="v").key,
        lambda text: Parameter(iteration_id=1, key="k", value=text).value,
        lambda text: Metric(iteration_id=1, key=text, value=0.0).key,
        lambda text: Resource(experiment_id=1, name=text, content_hash=DIGEST).name,
        lambda text: Tag(value=text).value,
        lambda text: Model(project_id=1, name=text).name,
        lambda text: Writer(host=text).host,
    ],
)
def test_texts_are_kept_in_one_form(make: Any) -> None:
    assert make("e\u0301") == "é"


def test_a_snapshot_is_kept_as_it_was() -> None:
    run = Iteration(experiment_id=1, project_toml="e\u0301", manifest_toml="\r\n")

    assert (run.project_toml, run.manifest_toml) == ("e\u0301", "\r\n")


def test_a_password_is_kept_as_it_was() -> None:
    assert User(username="u", password="e\u0301").password == "e\u0301"


@pytest.mark.parametrize(
    "row",
    [
        User(username="u", password="secret"),
        Iteration(experiment_id=1, traceback="secret"),
        Text(digest=digest_of_text("secret"), text="secret"),
        Resource(experiment_id=1, name="r", content_hash=DIGEST, data=b"secret"),
    ],
    ids=name_of,
)
def test_secrets_and_large_values_are_not_shown(row: Entity) -> None:
    assert "secret" not in repr(row)


def test_times_elsewhere_are_kept_in_utc() -> None:
    noon_in_paris = datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2)))

    run = Iteration(experiment_id=1, created_date=noon_in_paris, end_date=noon_in_paris)

    assert (run.created_date, run.created_date.tzinfo) == (datetime(2026, 3, 1, 12, tzinfo=UTC), UTC)
    assert run.end_date == run.created_date


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Project(name=""), "project name is empty"),
        (lambda: User(username=""), "user username is empty"),
        (lambda: Tag(value=""), "tag value is empty"),
        (lambda: Parameter(iteration_id=1, key="", value="v"), "parameter key is empty"),
        (lambda: Metric(iteration_id=1, key="", value=0.0), "metric key is empty"),
        (lambda: Project(name="p", uid="7"), "project uid is '7', not 32 hexadecimal digits"),
        (
            lambda: Project(name="p", description="x" * (1024 * 1024 + 1)),
            "project description has 1,048,577 characters; at most 1,048,576 are kept",
        ),
        (
            lambda: Iteration(experiment_id=1, project_toml="x" * (16 * 1024 * 1024 + 1)),
            "run project_toml has 16,777,217 characters; at most 16,777,216 are kept",
        ),
        (lambda: Iteration(experiment_id="1"), "run experiment_id is '1', not an integer"),
        (lambda: Iteration(experiment_id=2**63), "run experiment_id is 9223372036854775808, outside 64 bits"),
        (lambda: Iteration(experiment_id=1, lost_points=-1), f"run lost_points is -1, outside 0 to {GREATEST}"),
        (lambda: Iteration(experiment_id=1, git_dirty=1), "run git_dirty is 1, not true or false"),
        (
            lambda: Iteration(experiment_id=1, end_date=datetime(2026, 3, 1)),
            "run end_date has no time zone; datetime.now(timezone.utc) has one",
        ),
        (
            lambda: Tagging(kind="Tag", subject_id=1, tag_id=1),
            "tagging kind is 'Tag'; it may be Project, Experiment, Iteration",
        ),
        (
            lambda: ModelVersion(model_id=1, iteration_id=1, version=0),
            f"model version version is 0, outside 1 to {2**31 - 1}",
        ),
        (
            lambda: Metric(iteration_id=1, key="k", value=0.0, step=-GREATEST - 1),
            f"metric step is -9223372036854775808, outside -{GREATEST} to {GREATEST}",
        ),
        (
            lambda: Resource(experiment_id=1, name="r", content_hash=""),
            "resource content_hash is '', not 64 hexadecimal digits",
        ),
        (lambda: Blob(digest=DIGEST, size=-1), f"blob size is -1, outside 0 to {GREATEST}"),
    ],
)
def test_what_has_no_shape_is_refused(make: Any, said: str) -> None:
    with pytest.raises(Invalid) as error:
        make()

    assert error.value.message == said


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.0, 5e-324, 1.7976931348623157e308])
def test_a_metric_holds_any_number(value: float) -> None:
    kept = Metric(iteration_id=1, key="loss", value=value).value

    assert math.copysign(1, kept) == math.copysign(1, value)
    assert kept == value or (math.isnan(kept) and math.isnan(value))


def test_a_summary_of_nothing_but_nan_has_neither_least_nor_greatest() -> None:
    summary = Summary(
        iteration_id=1, key="k", count=1, first_step=0, last_step=0, first=math.nan, last=math.nan, min=None, max=None
    )

    assert (summary.min, summary.max) == (None, None)


def test_a_text_stands_under_its_own_digest() -> None:
    text = Text(digest=digest_of_text(TEXT), text=TEXT)

    assert text.text == TEXT


def test_a_text_under_another_digest_is_refused() -> None:
    with pytest.raises(Invalid) as error:
        Text(digest=DIGEST, text="x")

    assert error.value.message == f"text digest is {DIGEST}, and the text has another"


def test_a_text_that_was_left_out_is_not_judged() -> None:
    assert Text(digest=DIGEST, text=None).text is None
