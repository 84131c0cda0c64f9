"""A running iteration in the hand: how it is begun, what it takes, how it ends."""

import copy
import io
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

import deardiary
from deardiary import FAILED, KILLED, RUNNING, SUCCEEDED, Run, beginning, current, default, opening, saying
from deardiary.beginning import run_id
from deardiary.core.entities import Experiment, ExperimentStatus, Iteration, Project, Tag
from deardiary.core.errors import ConfigError, Duplicate, Invalid, NotFound, Unavailable, Unprocessable
from deardiary.core.shapes import NAME
from deardiary.registry import open_store
from deardiary.testing import Counted
from deardiary.tracker import Tracker
from places import alone

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

Begin = Callable[..., Run]


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in beginning.RANKS:
        monkeypatch.delenv(name, raising=False)
    yield alone(monkeypatch, tmp_path)
    for run in list(current._going):
        run.finish()
    deardiary.close_database()


@pytest.fixture
def tracker() -> Tracker:
    return deardiary.open("memory://")


@pytest.fixture
def begin(tracker: Tracker) -> Begin:
    """Return `init` in a diary in memory, without a snapshot and without a word."""

    def begun(project: str | None = "Iris", *given: Any, **named: Any) -> Run:
        return deardiary.init(project, *given, **{"tracker": tracker, "snapshot": False, "quiet": True, **named})

    return begun


def kept(run: Run) -> Iteration:
    row = run.tracker.get_iteration(run)
    assert row is not None
    return row


# From a name to a run.


def test_a_run_begins_in_a_project_and_an_experiment_that_are_made_for_it(begin: Begin, tracker: Tracker) -> None:
    run = begin("Iris", "first", {"lr": 0.1}, tags=["good", "new"], notes="a try")

    assert [project.name for project in tracker.get_projects()] == ["Iris"]
    assert [experiment.name for experiment in tracker.get_experiments(1)] == ["default"]
    assert [row.id for row in tracker.get_iterations(1)] == [run.id]
    assert [tag.value for tag in tracker.get_tags(run)] == ["good", "new"]


def test_a_run_says_what_it_is(begin: Begin, tracker: Tracker) -> None:
    run = begin("Iris", "first", {"lr": 0.1}, notes="a try", experiment="sweep")

    assert (run.id, run.run_id, run.name, run.notes) == (1, "IRI-1", "first", "a try")
    assert (run.project_name, run.experiment_name, run.experiment_id) == ("Iris", "sweep", 1)
    assert (run.parent_iteration_id, run.status, run.tracker is tracker) == (None, RUNNING, True)
    assert (run.config["lr"], dict(run.summary)) == (0.1, {})
    assert run.uid == kept(run).uid == run.iteration.uid


def test_the_constructor_takes_the_positions_of_the_spec(tracker: Tracker) -> None:
    with Run("Iris", "first", {"lr": 0.1}, None, None, tracker=tracker, snapshot=False, quiet=True) as run:
        pass

    with Run("Iris", None, None, run.run_id, None, tracker=tracker, quiet=True) as again:
        assert again.id == run.id


def test_what_is_none_is_not_given(begin: Begin) -> None:
    run = begin("Iris", None, None, tags=None, notes=None)

    assert (run.name, run.notes, run.tracker.get_tags(run)) == ("", "", [])


def test_init_and_run_take_the_same(tracker: Tracker) -> None:
    import inspect

    ours, theirs = inspect.signature(deardiary.init), inspect.signature(Run)

    assert ours.parameters == theirs.parameters


def test_a_second_run_goes_where_the_first_went(begin: Begin, tracker: Tracker) -> None:
    first, second = begin(), begin()

    assert first.experiment_id == second.experiment_id
    assert (len(tracker.get_projects()), tracker.count(Experiment)) == (1, 1)


def test_of_several_projects_and_experiments_the_oldest_takes_the_run(begin: Begin, tracker: Tracker) -> None:
    projects = [tracker.create_project("Iris") for _ in range(2)]
    experiments = [tracker.create_experiment(projects[0], "default") for _ in range(2)]
    tracker.create_experiment(projects[1], "default")

    assert begin().experiment_id == experiments[0].id


def test_a_closed_experiment_takes_no_run_and_another_is_made(begin: Begin, tracker: Tracker) -> None:
    closed = begin().experiment_id
    tracker.update_experiment(closed, ExperimentStatus.FINISHED)

    run = begin()

    assert (run.experiment_id == closed, run.experiment_name) == (False, "default")


def test_a_project_has_experiments_of_many_names(begin: Begin, tracker: Tracker) -> None:
    assert {begin(experiment=name).experiment_name for name in ("a", "b", "a")} == {"a", "b"}
    assert tracker.count(Experiment) == 2


def test_names_are_the_same_however_their_letters_are_written(begin: Begin, tracker: Tracker) -> None:
    assert begin("e\u0301t\xe9").experiment_id == begin("\xe9te\u0301").experiment_id


def test_a_new_run_is_made_in_one_transaction() -> None:
    store = Counted(open_store("memory://"))
    tracker = deardiary.open(store=store)
    store.calls.clear()

    deardiary.init("Iris", "first", {"lr": 0.1}, tracker=tracker, tags=["good"], snapshot=False, quiet=True)

    assert store.calls["apply"] == 1


def test_a_project_that_is_made_meanwhile_is_used(
    begin: Begin, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, others = (
        beginning._place,
        [lambda: tracker.create_project("Iris"), lambda: tracker.create_experiment(1, "default")],
    )

    def too_late(*given: Any) -> Any:
        found = place(*given)
        if others:
            others.pop(0)()
        return found

    monkeypatch.setattr(beginning, "_place", too_late)

    begin()

    assert (tracker.count(Project), tracker.count(Experiment), tracker.count(Iteration)) == (1, 1, 1)


def test_an_experiment_that_is_closed_or_dropped_meanwhile_is_not_used(
    begin: Begin, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = begin()
    before.finish()
    place = beginning._place
    others = [lambda: tracker.update_experiment(before.experiment_id, 2), lambda: tracker.delete_project(1)]

    def too_late(*given: Any) -> Any:
        found = place(*given)
        if others:
            others.pop(0)()
        return found

    monkeypatch.setattr(beginning, "_place", too_late)

    assert begin().iteration.project_id == 2


def test_looking_again_has_an_end(begin: Begin, tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginning, "ATTEMPTS", 3)
    monkeypatch.setattr(beginning, "_place", lambda *_: ([], 99))

    with pytest.raises(NotFound, match="experiment 99 is not there"):
        begin()


@pytest.mark.parametrize(
    "wrong",
    [
        {"config": [("lr", 0.1)]},
        {"config": {"lr": object()}},
        {"config": {"": 1}},
        {"tags": "good"},
        {"tags": [""]},
        {"name": "x" * (NAME + 1)},
        {"notes": 5},
        {"project": "x" * (NAME + 1)},
        {"experiment": ""},
        {"mode": "online!"},
        {"on_error": "ignore"},
        {"durability": "none"},
        {"tracker": "memory://"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_begins_no_run_is_refused_and_leaves_nothing(
    begin: Begin, tracker: Tracker, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        begin(**{"project": "Iris", **wrong})

    assert tracker.get_projects() == []


def test_a_run_without_a_project_goes_into_that_of_its_folder(begin: Begin, work: Path) -> None:
    assert begin(None).project_name == work.name


def test_a_run_without_a_project_goes_into_the_one_that_is_configured(
    begin: Begin, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEARDIARY_PROJECT", "Rosa")
    tracker.settings = None

    assert (begin(None).project_name, begin("Iris").project_name) == ("Rosa", "Iris")


def test_a_run_keeps_what_it_runs_in_unless_told_otherwise(tracker: Tracker) -> None:
    run = deardiary.init("Iris", tracker=tracker, quiet=True)
    run.finish()

    assert kept(run).python_version.startswith("3.")
    assert kept(run).manifest_toml
    with tracker.iteration(run.experiment_id, snapshot=False) as other:
        assert kept(other).python_version == ""


def test_children_keep_no_snapshot_of_their_own_unless_told_to(begin: Begin) -> None:
    driver = begin()

    with driver.child() as plain, driver.child(snapshot=True) as own:
        assert (kept(plain).python_version, kept(own).python_version != "") == ("", True)


# Words on stderr.


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0.0 s"), (1.26, "1.3 s"), (119.9, "119.9 s"), (120, "2 min"), (7199, "119 min"), (7260, "2 h 1 min")],
)
def test_how_long_a_run_took_is_said_for_people(seconds: float, said: str) -> None:
    assert saying.duration(seconds) == said


def test_the_first_and_the_last_word_name_the_run_and_the_place(
    begin: Begin, capsys: pytest.CaptureFixture[str]
) -> None:
    run = begin(name="first", quiet=False)
    run.log({"loss": 0.25, "acc": 0.5})
    run.finish()

    out, err = capsys.readouterr()
    first, last = err.splitlines()
    assert (out, first) == ("", "deardiary: run IRI-1 (first) in Iris → memory://")
    assert last.startswith("deardiary: run IRI-1 succeeded after ")
    assert last.endswith("; loss 0.25, acc 0.5")


def test_a_quiet_run_says_nothing(
    begin: Begin, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tracker: Tracker
) -> None:
    monkeypatch.setenv("DEARDIARY_QUIET", "1")
    tracker.settings = None

    begin(quiet=True).finish()
    begin(quiet=None).finish()

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("stream", ["none", "closed", "broken"])
def test_a_run_goes_on_when_nobody_listens(begin: Begin, monkeypatch: pytest.MonkeyPatch, stream: str) -> None:
    class Broken(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", {"none": None, "closed": closed, "broken": Broken()}[stream])

    run = begin(quiet=False)
    run.finish()

    assert kept(run).status_id == SUCCEEDED


# Logging.


def points(run: Run, key: str) -> list[tuple[int, str]]:
    return [(point.step, repr(point.value)) for point in run.tracker.get_metrics(run, key)]


def test_without_a_step_there_is_one_counter_for_all_metrics(begin: Begin) -> None:
    run = begin()
    for metrics in ({"loss": 1}, {"acc": 2}, {"loss": 3, "acc": 4}):
        run.log(metrics)

    assert points(run, "loss") == [(0, "1.0"), (2, "3.0")]
    assert points(run, "acc") == [(1, "2.0"), (2, "4.0")]


def test_a_step_that_is_given_moves_the_counter_forward_and_never_back(begin: Begin) -> None:
    run = begin()
    for step in (10, None, 3, None, -7, None):
        run.log({"loss": 1}, step)

    assert [step for step, _ in points(run, "loss")] == [-7, 3, 10, 11, 12, 13]


def test_what_is_not_committed_stays_at_its_step(begin: Begin) -> None:
    run = begin()
    run.log({"loss": 1}, commit=False)
    run.log({"acc": 2}, commit=False)
    run.log({"f1": 3})
    run.log({"loss": 4}, step=7, commit=False)
    run.log({"acc": 5})

    assert [points(run, key) for key in ("loss", "acc", "f1")] == [
        [(0, "1.0"), (7, "4.0")],
        [(0, "2.0"), (7, "5.0")],
        [(0, "3.0")],
    ]


def test_a_call_without_metrics_counts(begin: Begin) -> None:
    run = begin()
    run.log({})
    run.log({"loss": 1})

    assert points(run, "loss") == [(1, "1.0")]


def test_repeated_steps_are_all_kept(begin: Begin) -> None:
    run = begin()
    for value in (1, 2):
        run.log({"loss": value}, step=0)

    assert points(run, "loss") == [(0, "1.0"), (0, "2.0")]


def test_the_counter_of_a_run_that_is_gone_on_with_follows_its_greatest_step(begin: Begin) -> None:
    run = begin()
    run.log({"loss": 1, "acc": 1}, step=41)
    run.tracker.create_metric(run, "f1", 1, 99)
    run.finish()

    again = begin(resume=run.run_id)
    again.log({"loss": 2})

    assert points(again, "loss") == [(41, "1.0"), (100, "2.0")]


@pytest.mark.parametrize("value", [nan, inf, -inf, -0.0, 2**62, True, 5e-324])
def test_odd_numbers_are_kept_as_they_are(begin: Begin, value: float) -> None:
    run = begin()
    run.log({"odd": value})

    assert points(run, "odd") == [(0, repr(float(value)))]


def test_nested_metrics_are_joined(begin: Begin) -> None:
    run = begin()
    run.log({"val": {"acc": 0.9, "by": {"🌱": 1}}, "empty": {}})

    assert set(run.summary) == {"val/acc", "val/by/🌱"}


@pytest.mark.parametrize(
    ("metrics", "step"),
    [
        (None, None),
        (0.5, None),
        ({"loss": "0.5"}, None),
        ({"loss": None}, None),
        ({"loss": [0.5]}, None),
        ({"good": 1, "loss": object()}, None),
        ({"": 0.5}, None),
        ({"x" * 257: 0.5}, None),
        ({"loss": 0.5}, "1"),
        ({"loss": 0.5}, 0.5),
        ({"loss": 0.5}, 2**63),
        ({}, 2**63),
    ],
    ids=range(12),
)
def test_what_is_of_the_wrong_type_raises_at_once_and_leaves_no_trace(begin: Begin, metrics: Any, step: Any) -> None:
    run = begin()

    with pytest.raises(Invalid):
        run.log(metrics, step)

    run.log({"good": 1})
    assert (points(run, "good"), dict(run.summary)) == ([(0, "1.0")], {"good": 1.0})


def test_points_may_have_a_time_of_their_own_and_the_end_lies_after_them(begin: Begin) -> None:
    run = begin()
    late = datetime.now(UTC) + timedelta(days=1)
    for time in (NOON, late):
        run.log({"loss": 1}, recorded_at=time)
    run.finish()

    assert [point.recorded_at for point in run.tracker.get_metrics(run)] == [NOON, late]
    assert kept(run).end_date == late


@pytest.mark.parametrize("time", [datetime(2026, 3, 1), "2026-03-01", 5])
def test_a_time_without_a_zone_is_refused(begin: Begin, time: Any) -> None:
    run = begin()

    with pytest.raises(Invalid, match="recorded_at"):
        run.log({"loss": 1}, recorded_at=time)

    run.log({"loss": 1})
    assert points(run, "loss") == [(0, "1.0")]


def test_nothing_is_logged_to_a_run_that_has_ended(begin: Begin) -> None:
    run = begin()
    run.finish()

    for late in (
        lambda: run.log({"loss": 1}),
        lambda: run.log_parameters(lr=1),
        lambda: run.log_artifact(b"1", "x"),
        lambda: run.config.update(lr=1),
    ):
        with pytest.raises(Unprocessable, match=r"run IRI-1 has ended; to go on with it: deardiary.init\(resume='IRI"):
            late()


def test_threads_share_a_run(begin: Begin) -> None:
    run = begin()

    def log(n: int) -> None:
        for _ in range(25):
            run.log({"shared": n, f"own {n}": n})
            run.log_parameters({f"key {n}": n})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(log, range(8)))

    assert sorted(step for step, _ in points(run, "shared")) == [*range(200)]
    assert len(run.tracker.get_parameters(run)) == 8


# Parameters.


def test_parameters_come_in_many_forms(begin: Begin) -> None:
    run = begin()
    run.log_parameters({"opt": {"lr": 0.1}}, depth=3)
    run.log_parameters()

    assert {row.key: row.value for row in run.tracker.get_parameters(run)} == {"opt.lr": "0.1", "depth": "3"}


def test_a_parameter_that_is_set_again_to_the_same_value_is_fine(begin: Begin) -> None:
    run = begin(config={"lr": 0.1, "odd": nan, "e\u0301": "e\u0301"})
    run.log_parameters({"lr": 0.1, "odd": nan, "\xe9": "\xe9"}, depth=3)

    assert len(run.tracker.get_parameters(run)) == 4


@pytest.mark.parametrize("other", [0.2, "0.1", None])
def test_a_parameter_is_not_set_to_another_value_by_mistake(begin: Begin, other: Any) -> None:
    run = begin(config={"lr": 0.1})

    with pytest.raises(Duplicate, match=r"parameter 'lr' of run IRI-1 is 0.1, and would become .*; run.config\['lr'\]"):
        run.log_parameters(depth=3, lr=other)

    assert [row.key for row in run.tracker.get_parameters(run)] == ["lr"]


def test_a_parameter_that_someone_else_has_set_is_known_when_it_is_set(begin: Begin) -> None:
    run = begin()
    run.tracker.create_parameter(run, "lr", 0.1)
    run.tracker.create_parameter(run, "depth", 3)

    run.log_parameters(lr=0.1)
    with pytest.raises(Duplicate, match="is 3, and would become 4"):
        run.log_parameters(depth=4)
    run.config["depth"] = 5

    assert dict(run.config) == {"lr": 0.1, "depth": 5}
    assert [row.value for row in run.tracker.get_parameters(run)] == ["0.1", "5"]


# Artifacts.


def test_a_file_is_kept_with_the_run_under_its_own_name(begin: Begin, tmp_path: Path) -> None:
    run, path = begin(), tmp_path / "model.json"
    path.write_bytes(b"{}")

    by_path, by_text = run.log_artifact(path), run.log_artifact(str(path), "best", description="the best")
    with path.open("rb") as stream:
        by_stream = run.log_artifact(stream)

    assert by_path is not None
    assert by_text is not None
    assert by_stream is not None
    assert (by_path.name, by_path.iteration_id, by_path.media_type) == ("model.json", run.id, "application/json")
    assert (by_text.name, by_text.description, by_stream.name) == ("best", "the best", "model.json")
    assert {run.tracker.read_resource_data(one) for one in run.tracker.get_resources(run)} == {b"{}"}


def test_bytes_and_streams_are_kept_under_a_name(begin: Begin) -> None:
    run = begin()

    for data in (b"1", bytearray(b"1"), io.BytesIO(b"1")):
        made = run.log_artifact(data, "x", media_type="text/odd", store="inline")  # type: ignore[arg-type]  # bytes
        assert made is not None
        assert (made.name, made.media_type, run.tracker.read_resource_data(made)) == ("x", "text/odd", b"1")


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ((b"1",), r"the artifact has no name; give one: run.log_artifact\(data, name='model.pt'\)"),
        ((io.BytesIO(b"1"),), "the artifact has no name"),
        (("absent.pt",), "there is no file absent.pt"),
        ((".", "x"), r". is a folder; run.log_artifacts\('.'\) takes it file by file"),
        ((5, "x"), "the bytes of an artifact are int"),
    ],
    ids=range(5),
)
def test_what_is_no_artifact_is_refused_with_what_to_do(begin: Begin, given: Any, complaint: str) -> None:
    with pytest.raises(Invalid, match=complaint):
        begin().log_artifact(*given)


def test_a_folder_is_kept_file_by_file_and_links_are_not_followed(begin: Begin, tmp_path: Path) -> None:
    folder, outside = tmp_path / "out", tmp_path / "outside"
    for path in (folder / "b" / "deep" / "🌱.txt", folder / "a.txt", folder / ".hidden", outside / "secret"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)
    (folder / "link.txt").symlink_to(outside / "secret")
    (folder / "linked").symlink_to(outside)
    (folder / "broken").symlink_to(folder / "absent")
    (folder / "empty").mkdir()
    run = begin()

    kept = run.log_artifacts(folder)
    prefixed = run.log_artifacts(str(folder), prefix="run/")

    assert [one.name for one in kept] == [".hidden", "a.txt", "b/deep/🌱.txt"]
    assert [one.name for one in prefixed] == ["run/.hidden", "run/a.txt", "run/b/deep/🌱.txt"]
    assert run.tracker.read_resource_data(kept[2]) == "🌱.txt".encode()


@pytest.mark.parametrize("folder", ["absent", __file__])
def test_what_is_no_folder_is_refused(begin: Begin, folder: str) -> None:
    with pytest.raises(Invalid, match=r"run\.log_artifact"):
        begin().log_artifacts(folder)


# Notes and tags.


def test_notes_grow_line_by_line_even_after_the_end(begin: Begin) -> None:
    run = begin()
    run.note("one")
    run.finish()
    run.note("two 🌱")

    assert run.notes == "one\ntwo 🌱"


def test_tags_are_carried_once_even_after_the_end(begin: Begin) -> None:
    run = begin(tags=["good"])
    run.tag("good", "late", "late")
    run.finish()
    run.tag("later")
    run.tag()

    assert [tag.value for tag in run.tracker.get_tags(run)] == ["good", "late", "later"]


# Children.


def test_a_child_is_a_run_below(begin: Begin) -> None:
    driver = begin()

    with driver.child(name="trial", notes="a try", parameters={"depth": 3}, tags=["good"]) as trial:
        trial.log({"acc": 0.9})
        with trial.child() as fold:
            assert fold.parent_iteration_id == trial.id

    row = kept(trial)
    assert (row.parent_iteration_id, row.experiment_id, row.name, row.notes) == (driver.id, 1, "trial", "a try")
    assert (row.status_id, trial.config["depth"], dict(trial.summary)) == (SUCCEEDED, 3, {"acc": 0.9})
    assert [tag.value for tag in driver.tracker.get_tags(trial)] == ["good"]
    assert kept(driver).status_id == RUNNING


def test_a_run_that_has_ended_may_have_children(begin: Begin) -> None:
    driver = begin()
    driver.finish()

    with driver.child() as trial:
        assert trial.parent_iteration_id == driver.id


# How it ends.


def test_a_run_succeeds_unless_something_else_is_said(begin: Begin) -> None:
    run = begin()
    run.finish()

    row = kept(run)
    assert (row.status_id, row.error_message, row.traceback) == (SUCCEEDED, "", "")
    assert row.end_date is not None
    assert row.end_date >= row.created_date
    assert run.status is SUCCEEDED


def test_ending_twice_is_fine_and_the_first_counts(begin: Begin) -> None:
    run = begin()
    run.finish("failed", error_message="no luck")
    end = kept(run).end_date
    run.finish()

    assert (kept(run).status_id, kept(run).end_date, run.status) == (FAILED, end, FAILED)


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("failed", FAILED),
        ("KILLED", KILLED),
        ("Succeeded", SUCCEEDED),
        (KILLED, KILLED),
        (3, FAILED),
        (None, SUCCEEDED),
    ],
)
def test_a_run_ends_as_it_is_told(begin: Begin, status: Any, found: int) -> None:
    run = begin()
    run.finish(status)

    assert kept(run).status_id == found


@pytest.mark.parametrize("status", ["done", "running", RUNNING, 1, 9, True, ""])
def test_a_run_does_not_end_in_another_way(begin: Begin, status: Any) -> None:
    run = begin()

    with pytest.raises(Invalid, match="a run ends SUCCEEDED, FAILED, KILLED, not"):
        run.finish(status)

    run.log({"loss": 1})
    assert kept(run).status_id == RUNNING


@pytest.mark.parametrize(("code", "status"), [(0, SUCCEEDED), (None, SUCCEEDED), (1, FAILED), (-9, FAILED)])
def test_an_exit_code_says_how_a_run_ended(begin: Begin, code: int | None, status: int) -> None:
    run = begin()
    run.finish(exit_code=code)

    assert kept(run).status_id == status


class Odd(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (ValueError("no memory: 🌱"), FAILED, "no memory: 🌱"),
        (ValueError(), FAILED, ""),
        (KeyError("lr"), FAILED, "'lr'"),
        (ValueError("a\0b \ud800"), FAILED, "a\\0b \\ud800"),
        (Odd(), FAILED, "Odd, which cannot be shown: RuntimeError"),
        (KeyboardInterrupt(), KILLED, ""),
        (SystemExit(), SUCCEEDED, ""),
        (SystemExit(0), SUCCEEDED, ""),
        (SystemExit(3), FAILED, "3"),
        (SystemExit("wrong flag"), FAILED, "wrong flag"),
        (GeneratorExit(), KILLED, ""),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_block_ends_its_run_and_lets_the_exception_pass(
    begin: Begin, error: BaseException, status: int, message: str
) -> None:
    with pytest.raises(type(error)), begin() as run:
        raise error

    assert (kept(run).status_id, kept(run).error_message) == (status, message)


def test_a_failed_run_keeps_the_stack_trace_beside_the_bare_message(begin: Begin) -> None:
    with pytest.raises(ValueError, match="no memory"), begin() as run:
        raise ValueError("no memory")

    trace = kept(run).traceback or ""
    assert trace.startswith("Traceback (most recent call last)")
    assert "raise ValueError" in trace
    assert trace.endswith("ValueError: no memory\n")


def test_the_longest_message_is_cut_in_the_middle(begin: Begin) -> None:
    with pytest.raises(ValueError), begin() as run:
        raise ValueError("begin" + "x" * 2**20 + "end")

    message = kept(run).error_message
    assert (message[:5], message[-3:], len(message) <= 2**20) == ("begin", "end", True)


def test_a_run_that_someone_else_has_ended_stays_as_they_left_it(begin: Begin) -> None:
    run = begin()
    run.tracker.update_iteration(run, "mine", NOON, KILLED)

    run.finish()

    assert (kept(run).status_id, kept(run).end_date, run.status) == (KILLED, NOON, KILLED)


def test_a_run_that_someone_has_deleted_ends_with_a_word(begin: Begin) -> None:
    run = begin()
    run.tracker.delete_iteration(run)

    with pytest.raises(NotFound, match=f"run {run.id} is not there"):
        run.finish()


# with_iteration.


def test_with_iteration_returns_what_the_function_returns(tracker: Tracker, begin: Begin) -> None:
    experiment = begin().experiment_id

    assert tracker.with_iteration(lambda run: (run.id, run.name), experiment, snapshot=False) == (2, "")
    assert tracker.get(Iteration, 2).status_id == SUCCEEDED


def test_with_iteration_raises_what_the_function_raises(tracker: Tracker, begin: Begin) -> None:
    def fail(run: Run) -> None:
        raise MemoryError("max_depth=12 blew the heap")

    driver = begin()
    with pytest.raises(MemoryError):
        tracker.with_iteration(fail, driver.experiment_id, parent_iteration_id=driver)

    (failed,) = tracker.get_child_iterations(driver)
    assert (failed.status_id, failed.error_message) == (FAILED, "max_depth=12 blew the heap")


def test_with_iteration_takes_a_function_first(tracker: Tracker, begin: Begin) -> None:
    with pytest.raises(Invalid, match="with_iteration takes a function and an experiment, in this order"):
        tracker.with_iteration(begin().experiment_id, print)  # type: ignore[arg-type]  # that is the test


def test_with_iteration_begins_nothing_in_an_experiment_that_is_not_there(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="experiment 7 is not there"):
        tracker.with_iteration(print, 7)


# Going on with a run.


@pytest.mark.parametrize("by", ["run_id", "lower case", "id", "text", "uid"])
def test_a_run_is_gone_on_with_by_any_of_its_names(begin: Begin, by: str) -> None:
    run = begin()
    run.finish()
    names = {"run_id": run.run_id, "lower case": "iri-1", "id": 1, "text": " 1 ", "uid": run.uid}

    again = begin(None, resume=names[by])

    assert (again.id, again.status, again.project_name) == (run.id, RUNNING, "Iris")


def test_an_ended_run_is_opened_again_and_that_is_noted(begin: Begin) -> None:
    run = begin()
    run.finish("failed", error_message="no luck")

    again = begin(resume=run.id)
    row = kept(again)
    again.finish()

    assert (row.status_id, row.end_date, row.reopened_date is not None) == (RUNNING, None, True)
    assert (kept(again).status_id, kept(again).reopened_date) == (SUCCEEDED, row.reopened_date)


def test_a_run_that_goes_on_is_not_opened_again(begin: Begin) -> None:
    run = begin()

    assert kept(begin(resume=run.id)).reopened_date is None


def test_the_config_of_a_run_that_is_gone_on_with_is_there_and_may_grow(begin: Begin) -> None:
    run = begin(config={"lr": 0.1, "opt": {"name": "adam"}, "odd": nan})
    run.finish()

    again = begin(resume=run.id, config={"lr": 0.1, "odd": nan, "depth": 3})

    assert repr(dict(again.config)) == "{'lr': 0.1, 'opt.name': 'adam', 'odd': nan, 'depth': 3}"


def test_another_value_in_the_config_refuses_to_go_on_and_leaves_the_run_ended(begin: Begin, tracker: Tracker) -> None:
    run = begin(config={"lr": 0.1})
    run.finish()

    with pytest.raises(Duplicate, match=r"parameter 'lr' of run IRI-1 is .*0.1.*, and the config says 0.2; leave it"):
        begin(resume=run.run_id, config={"depth": 3, "lr": 0.2}, tags=["again"])

    assert (kept(run).status_id, len(tracker.get_parameters(run)), tracker.find(Tag)) == (SUCCEEDED, 1, [])


def test_what_is_given_of_a_run_that_is_gone_on_with_is_added(begin: Begin) -> None:
    run = begin(name="first", tags=["good"], notes="one")
    run.finish()

    again = begin(resume=run.id, name="second", tags=["good", "again"])

    assert (again.name, again.notes) == ("second", "one")
    assert [tag.value for tag in again.tracker.get_tags(again)] == ["good", "again"]


def test_a_run_in_another_project_is_not_the_one_that_is_meant(begin: Begin) -> None:
    run = begin("Iris")

    with pytest.raises(NotFound, match="run IRI-1 is in the project 'Iris', not in 'Rosa'"):
        begin("Rosa", resume=run.run_id)


def test_a_configured_project_is_none_that_is_meant(
    begin: Begin, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin("Iris")
    monkeypatch.setenv("DEARDIARY_PROJECT", "Rosa")
    tracker.settings = None

    assert begin(None, resume=run.run_id).id == run.id


@pytest.mark.parametrize("resume", [7, "7", "IRI-7", "0" * 32, "f" * 32, 10**30, "-1", -1])
def test_a_run_that_is_not_there_is_not_found(begin: Begin, resume: Any) -> None:
    begin()

    with pytest.raises(NotFound, match="is not there"):
        begin(None, resume=resume)


def test_a_run_id_with_other_letters_is_told_with_the_right_ones(begin: Begin) -> None:
    begin()

    with pytest.raises(NotFound, match="run ROS-1 is not there; run 1 is called IRI-1"):
        begin(None, resume="ROS-1")


@pytest.mark.parametrize("resume", ["", "first", "IRI", "IRI-", True, 1.5, object(), "x" * 32])
def test_what_names_no_run_is_refused(begin: Begin, resume: Any) -> None:
    with pytest.raises(Invalid, match=r"names no run; give its run_id \(such as IRI-7\), its id or its uid"):
        begin(None, resume=resume)


@pytest.mark.parametrize(
    ("project", "letters"),
    [
        ("image-classification", "ICM"),
        ("Alpha", "ALP"),
        ("my project", "MPY"),
        ("my_proj_name", "MYP"),
        ("T", "TXX"),
        ("été-\u03b1", "TXX"),
        ("one two three four", "OTT"),
        ("a b", "ABX"),
        ("ab", "ABX"),
        ("  spaced   out  ", "SOP"),
        ("--", "RUN"),
        ("日本", "RUN"),
        ("_", "RUN"),
        ("3d-gan v2", "3GV"),
        ("x!y@z", "XYZ"),
    ],
)
def test_a_run_is_called_by_letters_of_its_project_and_its_id(project: str, letters: str) -> None:
    assert run_id(project, 42) == f"{letters}-42"


# Modes and ranks.


def test_a_disabled_run_takes_everything_and_keeps_nothing(
    begin: Begin, tracker: Tracker, capsys: pytest.CaptureFixture[str], work: Path
) -> None:
    with begin(mode="disabled", config={"lr": 0.1}, quiet=False, snapshot=None) as run:
        run.log({"loss": 0.5})
        run.log_parameters(depth=3)
        run.config.lr = 0.2
        assert run.log_artifact(b"1", "x") is None
        assert run.log_artifacts(work) == []
        with run.child() as trial:
            trial.log({"acc": 1})
        run.note("one")
        run.tag("good")
        assert (run.config["lr"], run.summary["loss"]) == (0.2, 0.5)
        assert "loss" in run._repr_html_()

    assert (tracker.get_projects(), [*work.iterdir()], capsys.readouterr()) == ([], [], ("", ""))


def test_a_disabled_run_is_wrong_where_another_would_be(begin: Begin) -> None:
    run = begin(mode="disabled")

    with pytest.raises(Invalid):
        run.log({"loss": "0.5"})
    with pytest.raises(Invalid):
        run.log_artifact(b"1")


def test_a_disabled_run_goes_on_with_nothing(begin: Begin) -> None:
    assert begin(mode="disabled", resume="IRI-99").status is RUNNING


@pytest.mark.parametrize(
    ("variables", "is_kept"),
    [
        ({}, True),
        ({"RANK": "0", "LOCAL_RANK": "0"}, True),
        ({"RANK": "1"}, False),
        ({"LOCAL_RANK": "1"}, False),
        ({"SLURM_PROCID": "3"}, False),
        ({"RANK": "8", "LOCAL_RANK": "0"}, False),
        ({"RANK": ""}, True),
        ({"LOCAL_RANK": "-1"}, True),
        ({"RANK": "captain"}, True),
    ],
    ids=str,
)
def test_of_the_processes_of_a_job_the_first_keeps_the_diary(
    begin: Begin, tracker: Tracker, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], is_kept: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    begin().log({"loss": 1})

    assert tracker.count(Iteration) == is_kept


def test_another_rank_keeps_the_diary_if_it_is_told_to(
    begin: Begin, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANK", "1")

    begin(mode="online")
    monkeypatch.setenv("DEARDIARY_MODE", "online")
    tracker.settings = None
    begin()

    assert tracker.count(Iteration) == 2


def test_the_environment_may_disable_runs(begin: Begin, tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEARDIARY_MODE", "disabled")
    tracker.settings = None

    begin()

    assert tracker.get_projects() == []


def test_an_offline_run_is_kept_at_the_root_of_the_project(monkeypatch: pytest.MonkeyPatch, work: Path) -> None:
    monkeypatch.setenv("DEARDIARY_STORE", "nowhere://")

    with deardiary.init("Iris", mode="offline", snapshot=False, quiet=True) as run:
        run.log({"loss": 1})

    assert (work / ".deardiary" / "diary.db").is_file()
    run.tracker.close()


@pytest.mark.parametrize("server_url", [None, "memory://"])
def test_an_automatic_run_falls_back_on_a_local_diary(
    monkeypatch: pytest.MonkeyPatch, work: Path, capsys: pytest.CaptureFixture[str], server_url: str | None
) -> None:
    def away(*_: Any, **__: Any) -> Tracker:
        raise Unavailable("the diary is away")

    monkeypatch.setattr(opening, "open", away)
    monkeypatch.setattr(default, "opened_or_configured", away)

    with pytest.raises(ConnectionError, match="the diary is away"):
        deardiary.init("Iris", server_url=server_url, snapshot=False)
    with deardiary.init("Iris", server_url=server_url, mode="auto", snapshot=False) as run:
        pass

    assert (work / ".deardiary" / "diary.db").is_file()
    assert "warning: the diary is away; the run is kept in sqlite:///" in capsys.readouterr().err
    run.tracker.close()


def test_a_run_is_kept_in_the_diary_that_is_open_else_in_the_one_that_is_configured(work: Path) -> None:
    deardiary.initialize_database("mine.db")
    mine = deardiary.init("Iris", snapshot=False, quiet=True)
    mine.finish()
    deardiary.close_database()
    local = deardiary.init("Iris", snapshot=False, quiet=True)

    assert (mine.tracker.url.endswith("mine.db"), local.tracker.url.endswith("diary.db")) == (True, True)
    assert {path.name for path in work.iterdir()} >= {"mine.db", ".deardiary"}


# The current run.


def test_the_functions_of_the_module_stand_for_the_current_run(begin: Begin) -> None:
    run = begin(config={"lr": 0.1})
    deardiary.log({"loss": 0.5}, step=3)
    deardiary.log({"loss": 0.25}, commit=False, recorded_at=NOON)
    deardiary.log_artifact(b"1", "x", description="one")
    deardiary.config["depth"] = 3

    assert (dict(deardiary.config), dict(deardiary.summary)) == ({"lr": 0.1, "depth": 3}, {"loss": 0.25})
    deardiary.finish("failed")
    assert (kept(run).status_id, len(run.tracker.get_resources(run))) == (FAILED, 1)


def test_without_a_run_there_is_none_to_log_to() -> None:
    for act in (
        lambda: deardiary.log({"loss": 1}),
        lambda: deardiary.log_artifact(b"1", "x"),
        lambda: deardiary.config,
        lambda: deardiary.summary,
    ):
        with pytest.raises((ConfigError, AttributeError), match=r"no run goes on; begin one first: deardiary.init"):
            act()
    deardiary.finish()


def test_the_current_run_is_the_last_that_was_begun_and_has_not_ended(begin: Begin) -> None:
    outer = begin()
    with outer.child() as inner:
        deardiary.log({"x": 1})
    deardiary.log({"x": 2})

    assert (dict(inner.summary), dict(outer.summary)) == ({"x": 1}, {"x": 2})


def test_a_run_that_was_ended_elsewhere_is_not_the_current_one(begin: Begin) -> None:
    first, second = begin(), begin()
    thread = threading.Thread(target=second.finish)
    thread.start()
    thread.join()

    deardiary.log({"x": 1})

    assert dict(first.summary) == {"x": 1}


def test_each_thread_has_a_current_run_of_its_own(begin: Begin) -> None:
    turns = [threading.Event() for _ in range(3)]
    found: dict[str, dict[str, float]] = {}

    def keep(name: str, mine: threading.Event, next: threading.Event) -> None:
        run = begin(name=name)
        next.set()
        assert mine.wait(20)
        with run.child():
            pass
        deardiary.log({name: 1})
        found[name] = dict(run.summary)
        next.set()
        run.finish()

    threads = [
        threading.Thread(target=keep, args=("a", turns[1], turns[0])),
        threading.Thread(target=keep, args=("b", turns[1], turns[1])),
    ]
    threads[0].start()
    assert turns[0].wait(20)
    threads[1].start()
    for thread in threads:
        thread.join()

    assert found == {"a": {"a": 1}, "b": {"b": 1}}


def test_a_thread_without_a_run_of_its_own_logs_to_the_last_of_the_process(begin: Begin) -> None:
    run = begin()
    thread = threading.Thread(target=lambda: deardiary.log({"x": 1}))
    thread.start()
    thread.join()

    assert dict(run.summary) == {"x": 1}


# Elsewhere.


def test_a_run_that_was_sent_elsewhere_only_logs(work: Path) -> None:
    deardiary.initialize_database("diary.db")
    run = deardiary.init("Iris", config={"lr": 0.1}, snapshot=False, quiet=True)

    guest = pickle.loads(pickle.dumps(run))
    guest.log({"loss": 1})
    deardiary.log({"acc": 1})
    guest.finish("failed")

    assert (guest.id, guest.config["lr"], kept(run).status_id) == (run.id, 0.1, RUNNING)
    assert dict(run.summary) == {"acc": 1, "loss": 1}
    run.finish()
    assert current._going == []
    guest.tracker.close()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_of_what_holds_a_run_holds_the_same_run(begin: Begin, copied: Callable[[Any], Any]) -> None:
    run = begin()

    held = copied({"run": run, "tracker": run.tracker})

    assert (held["run"] is run, held["tracker"] is run.tracker) == (True, True)


def test_a_disabled_run_is_disabled_elsewhere_too(begin: Begin) -> None:
    run = begin("Iris", "first", {"lr": 0.1, "opt": {"name": "adam"}}, mode="disabled")

    sent = pickle.loads(pickle.dumps(run))
    sent.log({"loss": 1})
    sent.finish()

    assert (sent.name, dict(sent.config)) == ("first", {"lr": 0.1, "opt.name": "adam"})


def test_a_run_in_memory_is_sent_nowhere(begin: Begin) -> None:
    with pytest.raises(TypeError, match="is not to be reached from another process"):
        pickle.dumps(begin())


# Many at once.


def test_forty_threads_keep_runs_of_their_own_in_one_diary() -> None:
    tracker = deardiary.initialize_database("diary.db")

    def keep(n: int) -> Run:
        run = deardiary.init("Iris", f"run {n}", {"n": n}, snapshot=False, quiet=True)
        for step in range(3):
            deardiary.log({"loss": n}, step=step)
        deardiary.finish()
        return run

    with ThreadPoolExecutor(40) as pool:
        runs = list(pool.map(keep, range(40)))

    assert (tracker.count(Project), tracker.count(Experiment), tracker.count(Iteration)) == (1, 1, 40)
    assert tracker.count(Iteration, status_id=SUCCEEDED) == 40
    for n, run in enumerate(runs):
        assert (run.config["n"], list(tracker.get_series(run, "loss").values)) == (n, [n] * 3)


RACER = """
import sys, threading
import deardiary
deardiary.initialize_database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
def race():
    deardiary.init("Race", experiment="new", snapshot=False, quiet=True).finish()
threads = [threading.Thread(target=race) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
deardiary.close_database()
"""


@pytest.mark.parametrize("scheme", ["sqlite", "postgresql", "jsonl"])
def test_of_racers_for_a_new_project_one_makes_it(scheme: str, fresh: Callable[[str], str]) -> None:
    url = fresh(scheme)
    tracker = deardiary.initialize_database(url)
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(8)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == b"ready\n"
    barrier = threading.Barrier(33)

    def race(_: int) -> None:
        barrier.wait()
        deardiary.init("Race", experiment="new", snapshot=False, quiet=True).finish()

    with ThreadPoolExecutor(32) as pool:
        running = pool.map(race, range(32))
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write(b"\n")
            racer.stdin.flush()
        barrier.wait()
        list(running)
    complaints = [racer.communicate(timeout=120)[1] for racer in racers]

    assert complaints == [b""] * 8
    assert (tracker.count(Project), tracker.count(Experiment)) == (1, 1)
    assert tracker.count(Iteration, status_id=SUCCEEDED) == 64


def test_a_fork_logs_to_the_run_and_ends_nothing(work: Path) -> None:
    deardiary.initialize_database("diary.db")
    run = deardiary.init("Iris", snapshot=False, quiet=True)

    child = os.fork()
    if child == 0:
        try:
            run.log({"loss": 1})
            run.finish("failed")
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0

    assert (kept(run).status_id, dict(run.summary)) == (RUNNING, {"loss": 1})


def test_a_forked_process_lets_the_diary_count_the_steps(tmp_path: Path) -> None:
    tracker = deardiary.open(f"sqlite:///{tmp_path}/forked.db")
    run = deardiary.init(project="Iris", tracker=tracker, snapshot=False)
    run.log({"loss": 0.0})
    if (child := os.fork()) == 0:
        run.log({"loss": 1.0})
        run.log({"loss": 2.0})
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0

    assert [*tracker.get_series(run, "loss").values] == [0.0, 1.0, 2.0]
    tracker.close()


def test_the_last_value_is_that_of_the_greatest_step(begin: Begin) -> None:
    run = begin()
    run.log({"loss": 0.5}, step=10)
    run.log({"loss": 0.9}, step=0)

    assert "loss 0.5" in repr(run)
    assert run.summary["loss"] == 0.5


def test_what_is_set_on_a_run_is_kept(begin: Begin, tracker: Tracker) -> None:
    run = begin()

    run.name, run.notes = "deep", "it went well"
    run.tag("good")

    assert (run.name, run.notes, run.tags) == ("deep", "it went well", ("good",))
    assert tracker.get(Iteration, run.id).name == "deep"


def test_a_diary_that_is_closed_ends_its_runs(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/closed.db"
    with deardiary.open(url) as tracker:
        first = deardiary.init(project="Iris", tracker=tracker, snapshot=False)
    with suppress(ValueError), deardiary.open(url) as tracker:
        second = deardiary.init(project="Iris", tracker=tracker, snapshot=False)
        raise ValueError("it blew up")

    with deardiary.open(url) as tracker:
        ended = [tracker.get(Iteration, run.id) for run in (first, second)]
    assert [row.status_id for row in ended] == [SUCCEEDED, FAILED]
    assert ended[1].error_message == "it blew up"


def test_the_functions_of_the_module_take_a_run_of_any_diary(begin: Begin, tracker: Tracker) -> None:
    run = begin()
    run.log({"loss": 0.5})

    assert [*deardiary.get_series(run, "loss").values] == [0.5]
