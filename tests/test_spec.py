"""The product's five documents, line by line, in Python's idiom.

They are 1 iteration functions, 2 child iterations, 3 types, 4 usage modes, 5 the class Run. Each sentence that needs
no server is a test here; the lines that need one are in `WAITING`. The two guides themselves are
`docs/child-iterations.md` and `docs/usage-modes.md`, whose blocks `test_docs.py` runs.

What differs, chosen once:

- A create returns the entity, not an id and a status; `get` returns none for what is not there.
- What fails raises, with a class for each cause: an update returns the entity as it is then, a delete returns true.
- A list is complete unless a page is asked for; large texts are none in a list, and there when one run is read.
- A diary is SQLite where no engine is named, not DuckDB.
- A run has one value for each parameter key; a second one is `Duplicate`.
- An interrupt ends a run KILLED, not FAILED.
- `error_message` is the bare message; the stack trace is beside it, in `traceback`.
- An ended run still takes points that were recorded before its end, and takes no snapshot any more.
- What one may not read is `NotFound`, not forbidden.
- `python_version` stands for `julia_version`, `pyproject.toml` for Project.toml, a lock for Manifest.toml; none for
  `nothing`; `snapshot_environment` has no `!`.
- A password is never shown, hashed or not.
- `Run` without `server_url` keeps the diary here; it says its `run_id` on stderr, not on stdout. `log` takes numbers
  and mappings of them; what is no number is `Invalid`.
"""

import datetime
import hashlib
import inspect
import platform
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest

import deardiary
from deardiary import (
    FAILED,
    IN_PROGRESS,
    KILLED,
    PRODUCTION,
    RUNNING,
    SUCCEEDED,
    Experiment,
    Iteration,
    Metric,
    Model,
    ModelVersion,
    Parameter,
    Project,
    Resource,
    Run,
    Stage,
    User,
    UserPermission,
)

ISSUE = "The server and its client"
"""The issue that brings what `WAITING` lists."""

WAITING = {
    "Client": [
        "1: get_iteration(client, id) asks GET /iteration/{id}; none on 404, ClientError for other failures",
        "1: get_iterations(client, experiment_id), get_iterations(client, experiment_id, page)",
        "1: get_child_iterations(client, parent_id) asks GET /iteration/{parent_id}/children",
        "1: create_iteration(client, experiment_id; parent_iteration_id) posts, and needs CreatePermission",
        "1: update_iteration(client, id; notes, end_date, status, error_message) patches, and needs UpdatePermission",
        "1: delete_iteration(client, id), and needs DeletePermission",
        "1: with_iteration(f, client, experiment_id; parent_iteration_id, snapshot)",
        "3: Client has base_url, without trailing slash; token; expires_at in epoch seconds; user, if known",
        "3: its token, expiry and user change without another client: refresh_token, reauthentication",
        '3: ClientError.code is "UNKNOWN" when the body of the answer cannot be understood',
        "4: create_project(client, name), create_experiment, create_parameter, create_metric over a client",
    ],
    "connect": [
        '1: the example of with_iteration: client = connect("http://127.0.0.1:9000"; username, password)',
        "2: a distributed driver and its workers, each with a client of its own",
        '4: process 2: connect("http://127.0.0.1:9000"; username="default", password="default")',
        '5: Run(server_url="http://localhost:8000") makes the run on a server, and raises if none answers',
        "5: log and finish are HTTP requests; they raise ConnectionError if the server has gone",
    ],
    "run": [
        '4: process 1: run(; env_file=".env") starts the REST API server',
        "4: the authenticated user is injected; DEARDIARY_ENABLE_AUTH=false (the default) implies the user default",
        "4: multiple training jobs can write to the same server simultaneously",
    ],
}
"""Lines that need a server, under the public name that they wait for."""


@pytest.fixture(autouse=True)
def _diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    deardiary.initialize_database("memory://")
    yield
    deardiary.close_database()


@pytest.fixture
def experiment() -> Experiment:
    return deardiary.create_experiment(deardiary.create_project("Fraud detection"), IN_PROGRESS, "Decision-tree sweep")


@pytest.fixture
def driver(experiment: Experiment) -> Iteration:
    return deardiary.create_iteration(experiment.id)


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def test_what_waits_for_the_server_is_what_is_missing_from_the_public_names() -> None:
    assert all(WAITING.values())
    assert [name for name in (*WAITING, "serve", "stop") if name in deardiary.__all__] == []


def test_a_server_cannot_be_written_to_yet() -> None:
    with pytest.raises(deardiary.ConfigError, match="no store opens http://"):
        Run("my-project", server_url="http://localhost:8000")


# 1. Iteration functions: get_iteration, get_iterations, get_child_iterations.


def test_get_iteration_returns_the_iteration_of_an_id(driver: Iteration) -> None:
    assert deardiary.get_iteration(driver.id) == driver


def test_get_iteration_returns_none_if_the_record_does_not_exist() -> None:
    assert deardiary.get_iteration(7) is None


def test_get_iterations_returns_all_of_an_experiment(experiment: Experiment, driver: Iteration) -> None:
    child = deardiary.create_iteration(experiment.id, parent_iteration_id=driver.id)

    assert [row.id for row in deardiary.get_iterations(experiment.id)] == [driver.id, child.id]


def test_get_iterations_is_complete_and_its_large_texts_are_left_out(experiment: Experiment) -> None:
    for _ in range(60):  # more than the first page of the documents
        deardiary.create_iteration(experiment.id)

    found = deardiary.get_iterations(experiment.id)

    assert len(found) == 60
    assert {(row.project_toml, row.manifest_toml) for row in found} == {(None, None)}


def test_get_iterations_returns_a_page_with_the_total_populated(experiment: Experiment) -> None:
    ids = [deardiary.create_iteration(experiment.id).id for _ in range(5)]

    page = deardiary.get_iterations(experiment.id, deardiary.Pagination(limit=2, offset=1))

    assert isinstance(page, deardiary.PaginatedResponse)
    assert ([row.id for row in page.data], page.total, page.limit, page.offset) == (ids[1:3], 5, 2, 1)


def test_get_child_iterations_returns_direct_children_by_id_ascending(
    experiment: Experiment, driver: Iteration
) -> None:
    children = [deardiary.create_iteration(experiment.id, parent_iteration_id=driver.id) for _ in range(3)]
    deardiary.create_iteration(experiment.id, parent_iteration_id=children[0].id)

    assert [row.id for row in deardiary.get_child_iterations(driver.id)] == [child.id for child in children]


def test_get_child_iterations_returns_an_empty_list_when_no_children_exist(driver: Iteration) -> None:
    assert deardiary.get_child_iterations(driver.id) == []


# 1. create_iteration.


def test_create_iteration_takes_an_experiment_and_perhaps_a_parent() -> None:
    parameters = inspect.signature(deardiary.create_iteration).parameters

    assert list(parameters)[:2] == ["experiment", "parent_iteration_id"]
    assert parameters["parent_iteration_id"].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["parent_iteration_id"].default is None


def test_create_iteration_returns_the_row_with_its_id_and_created_date(experiment: Experiment) -> None:
    row = deardiary.create_iteration(experiment.id)

    assert isinstance(row, Iteration)
    assert (row.id, row.experiment_id, row.parent_iteration_id) == (1, experiment.id, None)
    assert abs(now() - row.created_date) < datetime.timedelta(minutes=1)


def test_create_iteration_makes_a_child_run_of_a_parent(experiment: Experiment, driver: Iteration) -> None:
    child = deardiary.create_iteration(experiment.id, parent_iteration_id=driver.id)

    assert (child.parent_iteration_id, child.experiment_id) == (driver.id, experiment.id)


def test_create_iteration_needs_a_parent_that_exists(experiment: Experiment) -> None:
    with pytest.raises(deardiary.Unprocessable, match="run 99 is not a run of experiment 1"):
        deardiary.create_iteration(experiment.id, parent_iteration_id=99)


def test_cross_experiment_lineage_is_rejected_with_unprocessable(experiment: Experiment, driver: Iteration) -> None:
    other = deardiary.create_experiment(experiment.project_id, IN_PROGRESS, "Another")

    with pytest.raises(deardiary.Unprocessable, match="run 1 is not a run of experiment 2"):
        deardiary.create_iteration(other.id, parent_iteration_id=driver.id)


def test_create_iteration_raises_where_the_documents_return_nothing() -> None:
    with pytest.raises(deardiary.NotFound, match="experiment 99 is not there"):
        deardiary.create_iteration(99)


def test_the_parent_experiment_must_be_in_progress(experiment: Experiment) -> None:
    deardiary.update_experiment(experiment, deardiary.FINISHED)

    with pytest.raises(deardiary.Unprocessable, match="experiment 1 is closed"):
        deardiary.create_iteration(experiment.id)


# 1. update_iteration.


def test_update_iteration_takes_its_arguments_in_the_positions_of_both_overloads() -> None:
    parameters = inspect.signature(deardiary.update_iteration).parameters

    assert list(parameters) == ["iteration", "notes", "end_date", "status", "status_id", "error_message"]
    assert all(one.default is None for name, one in parameters.items() if name != "iteration")


def test_update_iteration_changes_notes_and_returns_the_entity(driver: Iteration) -> None:
    row = deardiary.update_iteration(driver.id, "a note", None)

    assert (row.notes, row.end_date, row.status_id) == ("a note", None, RUNNING)


def test_the_terminal_state_is_given_in_one_call(driver: Iteration) -> None:
    end = now()

    row = deardiary.update_iteration(driver.id, None, end, status_id=3, error_message="out of memory")

    assert (row.end_date, row.status_id, row.error_message) == (end, FAILED, "out of memory")


def test_update_iteration_takes_an_iteration_status_in_the_fourth_place(driver: Iteration) -> None:
    row = deardiary.update_iteration(driver.id, None, now(), KILLED, error_message="stopped by hand")

    assert (row.status_id, row.error_message) == (KILLED, "stopped by hand")


def test_update_iteration_leaves_untouched_what_is_left_as_none(driver: Iteration) -> None:
    deardiary.update_iteration(driver.id, notes="kept", error_message="kept too")

    row = deardiary.update_iteration(driver.id, status=SUCCEEDED)

    assert (row.notes, row.error_message, row.end_date) == ("kept", "kept too", None)


@pytest.mark.parametrize("status", [0, 5])
def test_status_id_must_be_one_of_the_four_valid_integers(driver: Iteration, status: int) -> None:
    assert [int(one) for one in (RUNNING, SUCCEEDED, FAILED, KILLED)] == [1, 2, 3, 4]
    with pytest.raises(deardiary.Invalid, match="status_id is"):
        deardiary.update_iteration(driver.id, None, None, status_id=status)


def test_a_finalised_iteration_is_locked(driver: Iteration) -> None:
    deardiary.update_iteration(driver.id, None, now(), SUCCEEDED)

    with pytest.raises(deardiary.Unprocessable, match="run 1 has ended") as refused:
        deardiary.update_iteration(driver.id, "too late", None)

    assert refused.value.code == "INVALID_PAYLOAD"  # what the client's form answers


def test_a_finalised_iteration_takes_points_recorded_before_its_end_and_no_others(driver: Iteration) -> None:
    end = now()
    deardiary.update_iteration(driver.id, None, end, SUCCEEDED)

    deardiary.create_metric(driver.id, "loss", 0.5, recorded_at=end - datetime.timedelta(seconds=1))

    with pytest.raises(deardiary.Unprocessable, match="run 1 has ended"):
        deardiary.create_metric(driver.id, "loss", 0.5)
    with pytest.raises(deardiary.Unprocessable, match="run 1 has ended"):
        deardiary.create_parameter(driver.id, "lr", 0.1)


def test_a_finalised_iteration_takes_no_snapshot(driver: Iteration) -> None:
    deardiary.update_iteration(driver.id, None, now(), SUCCEEDED)

    with pytest.raises(deardiary.Unprocessable, match="run 1 has ended"):
        deardiary.snapshot_environment(driver.id)


# 1. delete_iteration.


def test_delete_iteration_also_deletes_its_parameters_and_metrics(driver: Iteration) -> None:
    parameter = deardiary.create_parameter(driver.id, "lr", 0.1)
    metric = deardiary.create_metric(driver.id, "loss", 0.5)

    assert deardiary.delete_iteration(driver.id) is True

    assert deardiary.get_iteration(driver.id) is None
    assert (deardiary.get_parameter(parameter.id), deardiary.get_metric(metric.id)) == (None, None)


def test_delete_iteration_leaves_children_as_standalone_iterations(experiment: Experiment, driver: Iteration) -> None:
    child = deardiary.create_iteration(experiment.id, parent_iteration_id=driver.id)

    deardiary.delete_iteration(driver.id)

    assert deardiary.get_iterations(experiment.id) != []
    assert deardiary.get(Iteration, child.id).parent_iteration_id is None
    assert deardiary.delete_iteration(child.id) is True


def test_delete_iteration_raises_where_the_documents_return_false() -> None:
    with pytest.raises(deardiary.NotFound, match="run 99 is not there"):
        deardiary.delete_iteration(99)


# 1. with_iteration.


def test_with_iteration_takes_its_arguments_as_documented() -> None:
    parameters = inspect.signature(deardiary.with_iteration).parameters

    assert list(parameters) == ["f", "experiment_id", "parent_iteration_id", "snapshot"]
    assert (parameters["parent_iteration_id"].default, parameters["snapshot"].default) == (None, None)


def test_with_iteration_hands_over_a_fresh_iteration_and_returns_whatever_f_returns(experiment: Experiment) -> None:
    def body(run: Run) -> tuple[int, int]:
        return run.id, deardiary.get(Iteration, run.id).status_id

    assert deardiary.with_iteration(body, experiment.id) == (1, RUNNING)


def test_with_iteration_marks_a_clean_return_succeeded(experiment: Experiment) -> None:
    id = deardiary.with_iteration(lambda run: run.id, experiment.id)

    row = deardiary.get(Iteration, id)
    assert (row.status_id, row.error_message) == (SUCCEEDED, "")
    assert row.end_date is not None


def test_with_iteration_marks_an_exception_failed_and_rethrows_it(experiment: Experiment) -> None:
    def body(run: Run) -> None:
        raise ValueError("the loss is nan")

    with pytest.raises(ValueError, match="the loss is nan"):
        deardiary.with_iteration(body, experiment.id)

    row = deardiary.get(Iteration, 1)
    assert (row.status_id, row.error_message) == (FAILED, "the loss is nan")
    assert row.end_date is not None
    assert "ValueError: the loss is nan" in (row.traceback or "")


def test_with_iteration_marks_an_interrupt_killed(experiment: Experiment) -> None:
    def body(run: Run) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deardiary.with_iteration(body, experiment.id)

    assert deardiary.get(Iteration, 1).status_id == KILLED


def test_with_iteration_captures_the_environment_of_a_driver_and_not_of_its_children(experiment: Experiment) -> None:
    driver = deardiary.with_iteration(lambda run: run.id, experiment.id)
    child = deardiary.with_iteration(lambda run: run.id, experiment.id, parent_iteration_id=driver)

    assert deardiary.get(Iteration, driver).python_version
    assert not deardiary.get(Iteration, child).python_version
    assert deardiary.get_snapshot(child) == deardiary.get_snapshot(driver)  # children inherit it


def test_with_iteration_forces_or_skips_the_capture_as_told(experiment: Experiment) -> None:
    driver = deardiary.with_iteration(lambda run: run.id, experiment.id, snapshot=False)
    child = deardiary.with_iteration(lambda run: run.id, experiment.id, parent_iteration_id=driver, snapshot=True)

    assert not deardiary.get(Iteration, driver).python_version
    assert deardiary.get(Iteration, child).python_version


def test_with_iteration_runs_the_example_of_the_documents(experiment: Experiment) -> None:
    def body(run: Run) -> str:
        deardiary.create_parameter(run.id, "lr", 1e-3)
        for epoch in range(1, 11):
            deardiary.create_metric(run.id, "loss", 1 / epoch)
        return "the model"

    assert deardiary.with_iteration(body, experiment.id) == "the model"
    assert [point.step for point in deardiary.get_metrics(1)] == list(range(10))


# 2. Child iterations. The walk itself is `examples/child_iterations.py`, which `test_examples.py` runs on every store.


def test_the_default_user_makes_a_project() -> None:
    user = deardiary.get_user("default")
    assert user is not None

    project = deardiary.create_project(user.id, "Fraud detection")

    assert (project.name, deardiary.get_projects(user)) == ("Fraud detection", [project])


def test_each_child_tracks_a_status_of_its_own(experiment: Experiment, driver: Iteration) -> None:
    statuses = {}
    for status in (RUNNING, SUCCEEDED, FAILED, KILLED):
        child = deardiary.create_iteration(experiment.id, parent_iteration_id=driver.id)
        statuses[deardiary.update_iteration(child.id, status=status).id] = status

    assert {row.id: row.status_id for row in deardiary.get_child_iterations(driver.id)} == statuses


def test_a_crashed_worker_records_failed_while_its_siblings_and_the_driver_go_on(experiment: Experiment) -> None:
    def train_partition(run: Run, rank: int) -> None:
        deardiary.create_parameter(run.id, "worker_rank", rank)
        if rank == 2:
            raise RuntimeError("worker 2 lost its device")

    def drive(driver: Run) -> Run:
        with ThreadPoolExecutor(3) as pool:
            for rank in (1, 2, 3):
                work = partial(train_partition, rank=rank)
                pool.submit(deardiary.with_iteration, work, experiment.id, parent_iteration_id=driver.id)
        return driver

    driver = deardiary.with_iteration(drive, experiment.id)

    children = {deardiary.get_parameters(row.id)[0].value: row for row in deardiary.get_child_iterations(driver.id)}
    assert {rank: row.status_id for rank, row in children.items()} == {"1": SUCCEEDED, "2": FAILED, "3": SUCCEEDED}
    assert "RuntimeError: worker 2 lost its device" in (deardiary.get(Iteration, children["2"].id).traceback or "")
    assert deardiary.get(Iteration, driver.id).status_id == SUCCEEDED


# 3. Types. Fields have the names and the types of the documents; where a `Union` has none, the row can lack the value.

Time = datetime.datetime
FIELDS: dict[type, dict[str, Any]] = {
    User: {
        "id": int,
        "first_name": str,
        "last_name": str,
        "username": str,
        "password": str,
        "created_date": Time,
        "is_admin": bool,
    },
    UserPermission: {
        "id": int,
        "user_id": int,
        "project_id": int,
        "create_permission": bool,
        "read_permission": bool,
        "update_permission": bool,
        "delete_permission": bool,
    },
    Project: {"id": int, "name": str, "description": str, "created_date": Time},
    Experiment: {
        "id": int,
        "project_id": int,
        "status_id": int,
        "name": str,
        "description": str,
        "created_date": Time,
        "end_date": Time | None,
    },
    Iteration: {
        "id": int,
        "experiment_id": int,
        "notes": str,
        "created_date": Time,
        "end_date": Time | None,
        "parent_iteration_id": int | None,
        "status_id": int,
        "error_message": str,
        "python_version": str,  # julia_version there
        "git_sha": str,
        "git_dirty": bool,
        "entrypoint": str,
        "project_toml": str | None,  # String there; none in a list
        "manifest_toml": str | None,  # likewise
    },
    Parameter: {"id": int, "iteration_id": int, "key": str, "value": str},
    Metric: {"id": int, "iteration_id": int, "key": str, "value": float, "step": int, "recorded_at": Time},
    Resource: {
        "id": int,
        "experiment_id": int,
        "name": str,
        "description": str,
        "data": bytes | None,
        "created_date": Time,
        "updated_date": Time | None,
        "backend": str,
        "uri": str,
        "size_bytes": int,
        "content_hash": str,
    },
    Model: {
        "id": int,
        "project_id": int,
        "name": str,
        "description": str,
        "created_date": Time,
        "updated_date": Time | None,
    },
    ModelVersion: {
        "id": int,
        "model_id": int,
        "version": int | None,  # Int64 there; none before the diary has numbered it
        "iteration_id": int,
        "resource_id": int | None,
        "stage_id": int,
        "description": str,
        "created_date": Time,
        "updated_date": Time | None,
    },
}
"""The fields of every type of the third document but `Client` and `ClientError`, which are no rows."""


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_a_type_has_the_documented_fields(kind: Any) -> None:
    there = {attribute.name: attribute.type for attribute in attrs.fields(kind)}

    assert {name: there.get(name) for name in FIELDS[kind]} == FIELDS[kind]


def test_rows_do_not_change_in_the_hand(driver: Iteration) -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        driver.notes = "another"  # type: ignore[misc]  # that is the point


def test_a_user_has_a_password_that_is_kept_hashed_and_never_shown() -> None:
    made = deardiary.create_user("Ada", "Lovelace", "ada", "in plain text")

    assert (made.id, made.username, made.is_admin) == (2, "ada", False)
    assert made.password == ""
    assert "in plain text" not in repr(deardiary.get_user("ada"))


def test_a_user_permission_says_what_one_user_may_do_in_one_project() -> None:
    user = deardiary.create_user("Ada", "Lovelace", "ada", "")
    project = deardiary.create_project("Iris")

    deardiary.create_userpermission(user.id, project.id, True, True, False, False)

    said = deardiary.get_userpermission(user.id, project.id)
    assert said is not None
    assert (said.create_permission, said.read_permission) == (True, True)
    assert (said.update_permission, said.delete_permission) == (False, False)


def test_a_project_has_a_name_a_description_and_the_time_it_was_created() -> None:
    project = deardiary.create_project("Iris", description="Which flower is it?")

    assert (project.name, project.description) == ("Iris", "Which flower is it?")
    assert abs(now() - project.created_date) < datetime.timedelta(minutes=1)


def test_an_experiment_has_a_status_and_no_end_date_while_it_is_ongoing(experiment: Experiment) -> None:
    assert (experiment.status_id, experiment.end_date, experiment.description) == (IN_PROGRESS, None, "")

    ended = deardiary.update_experiment(experiment.id, deardiary.FINISHED, end_date=now())

    assert ended.status_id == deardiary.FINISHED
    assert ended.end_date is not None


def test_an_iteration_is_running_while_it_is_in_flight(driver: Iteration) -> None:
    assert (driver.status_id, driver.end_date, driver.parent_iteration_id) == (RUNNING, None, None)
    assert (driver.notes, driver.error_message) == ("", "")


def test_the_snapshot_of_an_iteration_is_empty_until_one_is_taken(driver: Iteration) -> None:
    assert (driver.python_version, driver.git_sha, driver.git_dirty, driver.entrypoint) == ("", "", False, "")
    assert (driver.project_toml, driver.manifest_toml) == ("", "")


def test_a_snapshot_keeps_the_version_and_the_two_texts_verbatim(driver: Iteration, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "iris"\n')
    (tmp_path / "uv.lock").write_text("version = 1\n\n# as it is: \t\n")

    row = deardiary.snapshot_environment(driver.id, "train.py")

    assert (row.python_version, row.entrypoint) == (platform.python_version(), "train.py")
    assert (row.project_toml, row.manifest_toml) == (
        '[project]\nname = "iris"\n',
        "version = 1\n\n# as it is: \t\n",
    )


def test_a_snapshot_outside_a_git_working_tree_has_no_commit(driver: Iteration) -> None:
    row = deardiary.snapshot_environment(driver.id)

    assert (row.git_sha, row.git_dirty) == ("", False)


def test_a_snapshot_in_a_git_working_tree_has_the_commit_and_whether_it_is_dirty(
    driver: Iteration, tmp_path: Path
) -> None:
    def git(*words: str) -> str:
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
        return subprocess.run(["git", *who, *words], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    (tmp_path / "train.py").write_text("pass\n")
    git("init", "--quiet")
    git("add", "train.py")
    git("commit", "--quiet", "--message", "Begin")
    clean = deardiary.snapshot_environment(driver.id)
    (tmp_path / "train.py").write_text("...\n")
    dirty = deardiary.snapshot_environment(driver.id)

    head = git("rev-parse", "HEAD").strip()
    assert [(row.git_sha, row.git_dirty) for row in (clean, dirty)] == [(head, False), (head, True)]


def test_restore_reconstructs_the_dependency_tree_bit_by_bit(driver: Iteration, tmp_path: Path) -> None:
    lock = "version = 1\nrevision = 3\r\n"
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "uv.lock").write_bytes(lock.encode())
    deardiary.snapshot_environment(driver.id)

    restored = deardiary.restore(driver.id, tmp_path / "depot")

    assert (restored.project_path / "uv.lock").read_bytes() == lock.encode()


def test_a_parameter_keeps_its_value_as_text(driver: Iteration) -> None:
    rows = [
        deardiary.create_parameter(driver.id, key, value)
        for key, value in {"search": "grid", "max_depth": 6, "lr": 1e-3}.items()
    ]

    assert [(row.iteration_id, row.key, row.value) for row in rows] == [
        (driver.id, "search", "grid"),
        (driver.id, "max_depth", "6"),
        (driver.id, "lr", "0.001"),
    ]


def test_a_parameter_key_has_one_value(driver: Iteration) -> None:
    deardiary.create_parameter(driver.id, "lr", 0.1)

    with pytest.raises(deardiary.Duplicate):
        deardiary.create_parameter(driver.id, "lr", 0.2)


def test_repeated_logs_of_a_key_form_a_series_by_step(driver: Iteration) -> None:
    deardiary.create_metric(driver.id, "loss", 0.5)
    deardiary.create_metric(driver.id, "loss", 0.4, step=7)
    deardiary.create_metric(driver.id, "loss", 0.3)
    deardiary.create_metric(driver.id, "accuracy", 0.9)

    points = [(point.key, point.step, point.value) for point in deardiary.get_metrics(driver.id)]
    assert sorted(points) == [("accuracy", 0, 0.9), ("loss", 0, 0.5), ("loss", 7, 0.4), ("loss", 8, 0.3)]


def test_a_metric_is_recorded_when_it_is_captured_by_the_clock_unless_told(driver: Iteration) -> None:
    then = now() - datetime.timedelta(hours=1)

    told = deardiary.create_metric(driver.id, "loss", 0.5, recorded_at=then)
    clocked = deardiary.create_metric(driver.id, "loss", 0.4)

    assert told.recorded_at == then
    assert abs(now() - clocked.recorded_at) < datetime.timedelta(minutes=1)


def test_a_resource_has_its_exact_size_and_the_sha256_of_its_bytes(experiment: Experiment) -> None:
    row = deardiary.create_resource(experiment.id, "weights.bin", b"abc")

    assert (row.experiment_id, row.name, row.size_bytes, row.updated_date) == (experiment.id, "weights.bin", 3, None)
    assert row.content_hash == hashlib.sha256(b"abc").hexdigest()


def test_an_inline_resource_has_its_bytes_in_data_and_an_empty_uri(experiment: Experiment) -> None:
    made = deardiary.create_resource(experiment.id, "weights.bin", b"abc")

    row = deardiary.get_resource(made.id)
    assert row is not None
    assert (row.backend, row.uri, row.data) == ("inline", "", b"abc")  # "sqlite" there
    listed = [(one.data, one.size_bytes) for one in deardiary.get_resources(experiment.id)]
    assert listed == [(None, 3)]  # lists do not materialise it


def test_a_resource_in_files_has_a_uri_and_is_fetched_on_demand(tmp_path: Path) -> None:
    deardiary.initialize_database(tmp_path / "diary.db", artifacts=f"file:///{tmp_path}/artifacts", inline_below=0)
    experiment = deardiary.create_experiment(deardiary.create_project("Iris"), "Baseline")
    made = deardiary.create_resource(experiment.id, "weights.bin", b"abc")

    row = deardiary.get_resource(made.id)

    assert row is not None
    assert (row.backend, row.data, row.uri.startswith("file:///")) == ("filesystem", None, True)
    assert deardiary.read_resource_data(made.id) == b"abc"


def test_an_updated_resource_says_when(experiment: Experiment) -> None:
    row = deardiary.create_resource(experiment.id, "weights.bin", b"abc")

    changed = deardiary.update_resource(row.id, description="of the last epoch", data=b"abcd")

    assert (changed.description, changed.size_bytes) == ("of the last epoch", 4)
    assert changed.updated_date is not None


def test_the_name_of_a_model_is_unique_within_its_project() -> None:
    one, other = deardiary.create_project("Iris"), deardiary.create_project("Fraud detection")
    model = deardiary.create_model(one.id, "classifier")
    deardiary.create_model(other.id, "classifier")

    assert (model.project_id, model.description, model.updated_date) == (one.id, "", None)
    with pytest.raises(deardiary.Duplicate):
        deardiary.create_model(one.id, "classifier")


def test_model_versions_are_numbered_per_model_and_the_numbers_only_grow(driver: Iteration) -> None:
    models = [deardiary.create_model(driver.project_id, name) for name in ("tree", "forest")]
    made = [deardiary.create_modelversion(model.id, driver.id) for model in (*models, models[0])]
    deardiary.delete_modelversion(made[2].id)

    again = deardiary.create_modelversion(models[0].id, driver.id)

    assert [row.version for row in (*made, again)] == [1, 1, 2, 3]


def test_a_model_version_records_its_lineage(experiment: Experiment, driver: Iteration) -> None:
    model = deardiary.create_model(driver.project_id, "classifier")
    resource = deardiary.create_resource(experiment.id, "weights.bin", b"abc")
    early = deardiary.create_modelversion(model.id, driver.id, description="before the upload")

    later = deardiary.update_modelversion(early.id, resource=resource.id)

    assert (early.iteration_id, early.resource_id, early.updated_date) == (driver.id, None, None)
    assert (later.resource_id, later.description) == (resource.id, "before the upload")


def test_a_model_version_occupies_a_stage(driver: Iteration) -> None:
    model = deardiary.create_model(driver.project_id, "classifier")
    first, second = (deardiary.create_modelversion(model.id, driver.id) for _ in range(2))

    for version in (first, second):
        deardiary.update_modelversion(version.id, PRODUCTION)

    assert [int(stage) for stage in Stage] == [1, 2, 3, 4]
    assert first.stage_id == Stage.NO_STAGE
    assert [row.stage_id for row in deardiary.get_modelversions(model.id)] == [Stage.ARCHIVED, PRODUCTION]


def test_client_error_is_what_every_failure_derives_from() -> None:
    with pytest.raises(deardiary.ClientError) as failed:
        deardiary.create_iteration(99)

    assert (failed.value.status, failed.value.code) == (404, "NOT_FOUND")
    assert failed.value.message == "experiment 99 is not there"


# 4. Usage modes: offline.


def test_a_diary_is_a_local_file_called_deardiary_db_by_default(tmp_path: Path) -> None:
    assert inspect.signature(deardiary.initialize_database).parameters["file_name"].default == "deardiary.db"

    deardiary.initialize_database()

    assert (tmp_path / "deardiary.db").read_bytes().startswith(b"SQLite format 3")


def test_the_file_is_overridden_by_file_name(tmp_path: Path) -> None:
    deardiary.initialize_database(file_name="my_project.db")

    assert (tmp_path / "my_project.db").is_file()


def test_the_offline_example_runs() -> None:
    deardiary.initialize_database(file_name="my_project.db")
    project = deardiary.create_project("Iris Classifier")
    experiment = deardiary.create_experiment(project.id, IN_PROGRESS, "Baseline")

    def body(run: Run) -> None:
        deardiary.create_parameter(run.id, "lr", 1e-3)
        deardiary.create_metric(run.id, "accuracy", 0.94)

    deardiary.with_iteration(body, experiment.id)

    (row,) = deardiary.get_iterations(experiment.id)
    assert [(one.key, one.value) for one in deardiary.get_parameters(row.id)] == [("lr", "0.001")]
    assert [(one.key, one.value) for one in deardiary.get_metrics(row.id)] == [("accuracy", 0.94)]


def test_create_project_uses_the_seeded_default_user() -> None:
    project = deardiary.create_project("Iris Classifier")

    assert deardiary.get_userpermission(1, project.id) is not None
    assert [(user.id, user.username, user.is_admin) for user in deardiary.get_users()] == [(1, "default", True)]


def test_the_file_is_portable(tmp_path: Path) -> None:
    deardiary.initialize_database(file_name="my_project.db")
    deardiary.create_project("Iris Classifier")
    deardiary.close_database()

    shutil.copy("my_project.db", "elsewhere.db")
    deardiary.initialize_database(file_name="elsewhere.db")

    assert [project.name for project in deardiary.get_projects()] == ["Iris Classifier"]


def test_the_functions_say_how_to_open_a_diary_before_one_is_open() -> None:
    deardiary.close_database()

    with pytest.raises(deardiary.ConfigError, match=r"the module has no diary yet; .* opens one"):
        deardiary.get_projects()


# 5. The class Run.


def test_run_takes_its_arguments_in_the_documented_positions() -> None:
    parameters = inspect.signature(Run).parameters

    names = ["project", "name", "config", "resume", "server_url"]
    assert list(parameters)[:5] == names
    assert [parameters[name].kind for name in names] == [inspect.Parameter.POSITIONAL_OR_KEYWORD] * 5
    assert [parameters[name].default for name in names[1:]] == [None] * 4


def test_run_runs_the_example_of_the_class() -> None:
    run = Run(project="my-project", config={"lr": 0.001})
    run.log({"loss": 0.5}, step=0)
    run.finish()

    assert (run.project_name, dict(run.config)) == ("my-project", {"lr": 0.001})
    assert list(deardiary.get_series(run, "loss").values) == [0.5]


def test_run_runs_the_example_of_log() -> None:
    run = Run(project="my-project", config={"lr": 0.001})
    run.log({"accuracy": 0.85})
    for step in range(100):
        run.log({"loss": 0.5, "accuracy": 0.5}, step=step)
    run.finish()

    assert {row.key: row.count for row in deardiary.get_summaries(run)} == {"accuracy": 101, "loss": 100}


def test_the_name_of_a_run_is_optional_and_for_display_only() -> None:
    runs = [Run("my-project", name) for name in (None, "twice", "twice")]
    for run in runs:
        run.finish()

    assert [run.name for run in runs] == ["", "twice", "twice"]
    assert len({run.run_id for run in runs}) == 3


def test_a_run_tells_its_run_id(capsys: pytest.CaptureFixture[str]) -> None:
    with Run("my-project") as run:
        said = capsys.readouterr()

    assert run.run_id == "MPY-1"
    assert (said.out, "run MPY-1 in my-project" in said.err) == ("", True)


def test_resume_takes_the_run_id_of_a_run() -> None:
    first = Run("my-project")
    first.log({"loss": 0.5}, step=0)
    first.finish()

    second = Run("my-project", resume=first.run_id)
    second.log({"loss": 0.4}, step=1)
    second.finish()

    assert second.id == first.id
    assert list(deardiary.get_series(first, "loss").steps) == [0, 1]


def test_log_takes_metrics_and_an_optional_step() -> None:
    parameters = inspect.signature(Run.log).parameters

    assert list(parameters)[1:3] == ["metrics", "step"]
    assert parameters["step"].default is None


def test_log_takes_numbers_and_mappings_of_them_and_nothing_else() -> None:
    with Run("my-project") as run:
        run.log({"loss": 1, "converged": True, "val": {"loss": 0.5}})
        with pytest.raises(deardiary.Invalid, match="metric 'comment' is 'fine', not a number"):
            run.log({"comment": "fine"})

        assert dict(run.summary) == {"loss": 1.0, "converged": 1.0, "val/loss": 0.5}


def test_a_run_without_a_config_has_an_empty_one() -> None:
    with Run("my-project") as run:
        assert dict(run.config) == {}


def test_finish_marks_the_run_as_completed(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run("my-project")
    run.log({"loss": 0.5}, step=0)

    run.finish()

    assert deardiary.get(Iteration, run.id).status_id == SUCCEEDED
    assert f"run {run.run_id} succeeded" in capsys.readouterr().err


def test_what_cannot_be_reached_is_a_connection_error() -> None:
    assert issubclass(deardiary.Unavailable, ConnectionError)
