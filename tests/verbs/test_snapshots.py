"""The verbs of environments; what is captured is tested with `environment.py`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deardiary.core.entities import Experiment, Iteration, User
from deardiary.core.errors import Invalid, NotFound, Unprocessable
from deardiary.environment import EnvironmentSnapshot
from deardiary.tracker import Tracker

SeenBy = Callable[[User], Tracker]

KEPT = EnvironmentSnapshot(
    python_version="3.11.7",
    git_sha="a" * 40,
    git_dirty=True,
    entrypoint="train.py",
    project_toml='[project]\r\nname = "früh 🌱"\n',
    manifest_toml="version = 1\n\n\n",
)


@pytest.fixture
def snapped(tracker: Tracker, run: Iteration) -> Iteration:
    return tracker.update(run, **KEPT.values())


def below(tracker: Tracker, run: Iteration) -> Iteration:
    return tracker.create_iteration(run.experiment_id, parent_iteration_id=run)


def test_a_snapshot_is_taken_of_this_process(tracker: Tracker, run: Iteration) -> None:
    import platform

    taken = tracker.snapshot_environment(run, "train.py --fast")

    assert (taken.python_version, taken.entrypoint) == (platform.python_version(), "train.py --fast")
    assert taken.manifest_toml
    kept = tracker.get_snapshot(run.id)
    assert kept is not None
    assert kept.manifest_toml == taken.manifest_toml


def test_a_second_snapshot_takes_the_place_of_the_first(tracker: Tracker, snapped: Iteration) -> None:
    tracker.snapshot_environment(snapped.id, "other.py")

    kept = tracker.get_snapshot(snapped)
    assert kept is not None
    assert (kept.entrypoint, kept.git_sha == KEPT.git_sha) == ("other.py", False)


def test_an_ended_run_takes_no_snapshot(tracker: Tracker, ended: Iteration) -> None:
    with pytest.raises(Unprocessable, match=f"run {ended.id} has ended"):
        tracker.snapshot_environment(ended)


def test_a_snapshot_is_of_a_run_that_is_there(tracker: Tracker) -> None:
    for verb in (tracker.snapshot_environment, tracker.get_snapshot, tracker.restore):
        with pytest.raises(NotFound, match="run 99 is not there"):
            verb(99)


def test_a_snapshot_comes_back_as_it_was(tracker: Tracker, snapped: Iteration) -> None:
    assert tracker.get_snapshot(snapped) == KEPT


def test_a_child_answers_with_the_snapshot_of_the_nearest_run_above(tracker: Tracker, snapped: Iteration) -> None:
    child = below(tracker, snapped)
    grandchild = below(tracker, child)

    assert tracker.get_snapshot(grandchild) == KEPT
    tracker.update(child, python_version="3.12.0")
    nearest = tracker.get_snapshot(grandchild)
    assert nearest is not None
    assert nearest.python_version == "3.12.0"


def test_a_run_without_a_snapshot_above_or_of_its_own_has_none(tracker: Tracker, run: Iteration) -> None:
    assert tracker.get_snapshot(below(tracker, run)) is None


def test_texts_are_written_again_byte_for_byte(tracker: Tracker, snapped: Iteration, tmp_path: Path) -> None:
    restored = tracker.restore(snapped, tmp_path / "depot")

    assert restored.project_path == tmp_path / "depot" / f"iteration_{snapped.id}"
    assert (restored.python_version, restored.git_sha, restored.git_dirty) == ("3.11.7", "a" * 40, True)
    assert (restored.entrypoint, restored.iteration_id) == ("train.py", snapped.id)
    assert (restored.project_path / "pyproject.toml").read_bytes() == KEPT.project_toml.encode()
    assert (restored.project_path / "uv.lock").read_bytes() == KEPT.manifest_toml.encode()


def test_a_child_is_restored_from_above_into_a_folder_of_its_own(
    tracker: Tracker, snapped: Iteration, tmp_path: Path
) -> None:
    child = below(tracker, snapped)

    assert tracker.restore(child.id, str(tmp_path)).project_path == tmp_path / f"iteration_{child.id}"


def test_a_run_without_a_snapshot_is_not_restored(tracker: Tracker, run: Iteration, tmp_path: Path) -> None:
    with pytest.raises(Unprocessable, match=rf"take one while it runs: snapshot_environment\({run.id}\)"):
        tracker.restore(run, tmp_path / "depot")

    assert not (tmp_path / "depot").exists()


def test_a_run_is_restored_into_a_folder(tracker: Tracker, snapped: Iteration) -> None:
    with pytest.raises(Invalid, match="is a file; run 1 is restored into a folder"):
        tracker.restore(snapped, __file__)


def test_a_snapshot_that_one_may_not_read_is_not_there(
    seen_by: SeenBy, ada: User, snapped: Iteration, tmp_path: Path
) -> None:
    with pytest.raises(NotFound, match=f"run {snapped.id} is not there"):
        seen_by(ada).restore(snapped, tmp_path)


def test_a_run_in_the_hand_stands_for_its_row(tracker: Tracker, experiment: Experiment) -> None:
    with tracker.iteration(experiment, snapshot=False) as run:
        tracker.snapshot_environment(run)

    assert tracker.get_snapshot(run) is not None
