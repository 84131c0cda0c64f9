"""The verbs of resources: artifacts, and where their bytes are."""

import io
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from deardiary.core.digests import digest_of
from deardiary.core.entities import Experiment, Iteration, Project, Resource, User
from deardiary.core.errors import ConfigError, Corrupt, Forbidden, Invalid, NotFound, Unavailable, Unprocessable
from deardiary.core.stores import Store
from deardiary.opening import open as open_tracker
from deardiary.tracker import Tracker
from deardiary.verbs.pages import Pagination

SeenBy = Callable[[User], Tracker]

SMALL, LARGE = b"small", b"l" * 200


@pytest.fixture
def tracker(bare: Store, tmp_path: Path) -> Tracker:
    """Return a diary with files beside it, which keeps what has less than 100 bytes in itself."""
    return open_tracker(store=bare, artifacts={"files": f"file:///{tmp_path}/files"}, inline_below=100)


def file_of(tmp_path: Path, row: Resource) -> Path:
    return tmp_path / "files" / row.content_hash[:2] / row.content_hash


def damage(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"x" * path.stat().st_size)


# Keeping.


def test_bytes_are_kept_under_a_name(tracker: Tracker, experiment: Experiment) -> None:
    made = tracker.create_resource(experiment, "notes.txt", SMALL, "what I saw")

    assert (made.experiment_id, made.iteration_id) == (experiment.id, None)
    assert (made.name, made.description, made.media_type) == ("notes.txt", "what I saw", "text/plain")
    assert (made.size_bytes, made.content_hash, made.updated_date) == (5, digest_of(SMALL), None)
    assert tracker.read_resource_data(made) == tracker.read_resource_data(made.id) == SMALL


@pytest.mark.parametrize(
    "data", [SMALL, bytearray(SMALL), memoryview(SMALL), io.BytesIO(SMALL)], ids=lambda data: type(data).__name__
)
def test_bytes_come_in_many_forms(tracker: Tracker, experiment: Experiment, data: Any) -> None:
    assert tracker.read_resource_data(tracker.create_resource(experiment.id, "x", data)) == SMALL


def test_no_bytes_are_bytes_too(tracker: Tracker, experiment: Experiment) -> None:
    made = tracker.create_resource(experiment, "nothing", b"")

    assert (made.size_bytes, tracker.read_resource_data(made)) == (0, b"")


def test_a_stream_is_read_from_where_it_stands_and_stays_open(tracker: Tracker, experiment: Experiment) -> None:
    stream = io.BytesIO(b"header" + LARGE)
    stream.seek(6)

    made = tracker.create_resource(experiment, "x", stream)

    assert tracker.read_resource_data(made) == LARGE
    assert not stream.closed


def test_a_file_is_called_by_its_own_name(tracker: Tracker, experiment: Experiment, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(b"{}")

    alone = tracker.create_resource(experiment, path)
    named = tracker.create_resource(experiment, "best", path, media_type="text/x-model")

    assert (alone.name, alone.original_name, alone.media_type) == ("model.json", "model.json", "application/json")
    assert (named.name, named.original_name, named.media_type) == ("best", "model.json", "text/x-model")


def test_an_open_file_has_its_name_noted(tracker: Tracker, experiment: Experiment, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(b"{}")

    with path.open("rb") as stream:
        assert tracker.create_resource(experiment, "best", stream).original_name == "model.json"


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (("notes.txt",), "no bytes are given for 'notes.txt'; give bytes, a stream, or a Path instead"),
        (("x", "some text"), "the bytes of an artifact are the text 'some text'; encode it, or give a Path"),
        (("x", 5), "the bytes of an artifact are int"),
        (("x", io.StringIO("text")), "reads str, not bytes; open it in binary mode"),
        (("x", Path("absent")), "there is no file absent"),
        ((Path("absent"),), "there is no file absent"),
        ((Path("x" * 300),), "cannot be read: File name too long"),
        (("x", Path()), "is a folder; log_artifacts takes a folder"),
        (("", b"1"), "resource name is empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_are_no_bytes_is_refused_with_what_to_do(
    tracker: Tracker, experiment: Experiment, given: Any, complaint: str
) -> None:
    with pytest.raises(Invalid, match=complaint):
        tracker.create_resource(experiment, *given)

    assert tracker.get_resources(experiment) == []


def test_a_resource_may_be_a_runs(tracker: Tracker, experiment: Experiment, run: Iteration) -> None:
    made = tracker.create_resource(experiment, "x", SMALL, iteration=run)

    assert made.iteration_id == run.id
    assert [row.id for row in tracker.get_resources(run)] == [made.id]
    assert [row.id for row in tracker.get_resources(experiment)] == [made.id]


def test_a_run_of_another_experiment_takes_no_resource(tracker: Tracker, project: Project, run: Iteration) -> None:
    other = tracker.create_experiment(project, "other")

    with pytest.raises(Unprocessable, match=f"run {run.id} is not a run of experiment {other.id}"):
        tracker.create_resource(other, "x", SMALL, iteration=run)


def test_an_ended_run_takes_a_resource(tracker: Tracker, experiment: Experiment, ended: Iteration) -> None:
    assert tracker.create_resource(experiment, "x", SMALL, iteration=ended).iteration_id == ended.id


def test_a_closed_experiment_takes_no_resource(tracker: Tracker, experiment: Experiment) -> None:
    tracker.update_experiment(experiment, 3)

    with pytest.raises(Unprocessable, match="is closed"):
        tracker.create_resource(experiment, "x", SMALL)


def test_an_experiment_that_is_not_there_takes_no_resource(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="experiment 7 is not there"):
        tracker.create_resource(7, "x", SMALL)


# Where the bytes go.


@pytest.mark.parametrize(("size", "backend"), [(0, "inline"), (99, "inline"), (100, "files"), (5000, "files")])
@pytest.mark.parametrize("form", ["bytes", "stream", "file"])
def test_small_ones_are_inline_and_large_ones_go_to_the_default(
    tracker: Tracker, experiment: Experiment, tmp_path: Path, size: int, backend: str, form: str
) -> None:
    data: Any = b"x" * size
    path = tmp_path / "data"
    path.write_bytes(data)

    made = tracker.create_resource(experiment, "x", {"bytes": data, "stream": io.BytesIO(data), "file": path}[form])

    assert (made.backend, made.size_bytes, made.content_hash) == (backend, size, digest_of(data))
    assert tracker.read_resource_data(made) == data


class Trickle:
    """A stream that gives one byte at a time, and knows not how many there are."""

    def __init__(self, data: bytes) -> None:
        self._left = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._left.read(min(size, 1) if size >= 0 else 1)


def test_a_stream_that_trickles_is_kept_whole(tracker: Tracker, experiment: Experiment) -> None:
    made = tracker.create_resource(experiment, "x", Trickle(LARGE))  # type: ignore[arg-type]  # it reads, no more

    assert (made.backend, tracker.read_resource_data(made)) == ("files", LARGE)


@pytest.mark.parametrize("store", ["inline", "files"])
def test_bytes_go_where_they_are_told_to(tracker: Tracker, experiment: Experiment, store: str) -> None:
    for data in (SMALL, LARGE):
        made = tracker.create_resource(experiment, "x", data, store=store)
        assert (made.backend, tracker.read_resource_data(made)) == (store, data)


def test_an_old_name_of_a_store_is_understood(tracker: Tracker, experiment: Experiment) -> None:
    assert tracker.create_resource(experiment, "x", LARGE, store="sqlite").backend == "inline"
    old = tracker.update(tracker.create_resource(experiment, "x", LARGE, store="inline"), backend="sqlite")
    found = tracker.get_resource(old)
    assert found is not None
    assert found.data == LARGE


def test_a_store_that_is_not_configured_is_named_with_those_that_are(tracker: Tracker, experiment: Experiment) -> None:
    with pytest.raises(ConfigError, match=r"'s3' is not configured here; there are inline, files. Add it to dea"):
        tracker.create_resource(experiment, "x", SMALL, store="s3")


def test_equal_bytes_are_kept_once(tracker: Tracker, experiment: Experiment, tmp_path: Path) -> None:
    first, second = (tracker.create_resource(experiment, name, LARGE) for name in "ab")

    assert first.content_hash == second.content_hash
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


# Reading.


def test_a_resource_that_is_inline_has_its_bytes_in_it_and_another_says_where_they_are(
    tracker: Tracker, experiment: Experiment, tmp_path: Path
) -> None:
    small, large = (tracker.get_resource(tracker.create_resource(experiment, "x", data)) for data in (SMALL, LARGE))

    assert small is not None
    assert large is not None
    assert (small.data, small.uri) == (SMALL, "")
    assert (large.data, large.uri) == (None, file_of(tmp_path, large).as_uri())


def test_lists_carry_no_bytes(tracker: Tracker, experiment: Experiment) -> None:
    for data in (SMALL, LARGE):
        tracker.create_resource(experiment, "x", data)

    page = tracker.get_resources(experiment.id, Pagination(1, 1))

    assert [row.data for row in tracker.get_resources(experiment)] == [None, None]
    assert (page.total, page.data[0].uri[:5]) == (2, "file:")


def test_a_page_of_the_resources_of_a_run(tracker: Tracker, experiment: Experiment, run: Iteration) -> None:
    ids = [tracker.create_resource(experiment, "x", SMALL, iteration=run).id for _ in range(3)]

    page = tracker.get_resources(run, Pagination(2))

    assert ([row.id for row in page.data], page.total) == (ids[:2], 3)


def test_a_resource_that_is_not_there_is_none(tracker: Tracker) -> None:
    assert (tracker.get_resource(7), tracker.read_resource_data(7), tracker.get_resources(7)) == (None, None, [])
    with pytest.raises(NotFound, match="resource 7 is not there"):
        tracker.open_resource(7)
    with pytest.raises(NotFound, match="resource 7 is not there"):
        tracker.download_resource(7, "x")


@pytest.mark.parametrize("data", [SMALL, LARGE])
def test_a_resource_is_read_as_a_stream_or_in_part(tracker: Tracker, experiment: Experiment, data: bytes) -> None:
    made = tracker.create_resource(experiment, "x", data)

    with tracker.open_resource(made) as whole, tracker.open_resource(made.id, 1, 4) as part:
        assert (whole.read(), part.read()) == (data, data[1:4])


@pytest.mark.parametrize(("start", "stop"), [(-1, None), (3, 2), (0, -1)])
def test_a_part_goes_forward(tracker: Tracker, experiment: Experiment, start: int, stop: int | None) -> None:
    with pytest.raises(Invalid):
        tracker.open_resource(tracker.create_resource(experiment, "x", SMALL), start, stop)


def test_damaged_bytes_are_not_taken_for_good(tracker: Tracker, experiment: Experiment, tmp_path: Path) -> None:
    made = tracker.create_resource(experiment, "x", LARGE)
    damage(file_of(tmp_path, made))

    with pytest.raises(Corrupt, match="are damaged"):
        tracker.read_resource_data(made)


def test_bytes_that_are_gone_are_said_to_be_gone(tracker: Tracker, experiment: Experiment, tmp_path: Path) -> None:
    made = tracker.create_resource(experiment, "x", LARGE)
    file_of(tmp_path, made).unlink()

    for read in (tracker.read_resource_data, tracker.open_resource):
        with pytest.raises(Corrupt, match=f"the bytes of resource {made.id} are gone") as refusal:
            read(made)
        assert (refusal.value.kind, refusal.value.id) == ("Resource", made.id)


def test_bytes_in_a_store_that_is_not_configured_any_more_are_not_read(
    tracker: Tracker, experiment: Experiment
) -> None:
    made = tracker.create_resource(experiment, "x", LARGE)
    tracker.depot = attrs.evolve(tracker.depot, openers={"inline": tracker.depot.openers["inline"]}, opened={})

    assert [row.uri for row in tracker.get_resources(experiment)] == [""]
    with pytest.raises(ConfigError, match="'files' is not configured here"):
        tracker.read_resource_data(made)


# Downloading.


def test_bytes_are_written_to_a_file_or_into_a_folder(tracker: Tracker, experiment: Experiment, tmp_path: Path) -> None:
    made = tracker.create_resource(experiment, "plots/loss.svg", LARGE)

    there, inside = tracker.download_resource(made, tmp_path / "a"), tracker.download_resource(made.id, str(tmp_path))

    assert (there, inside) == (tmp_path / "a", tmp_path / "loss.svg")
    assert there.read_bytes() == inside.read_bytes() == LARGE


@pytest.mark.parametrize("name", ["../../evil", "..\\..\\evil", "/etc/evil", "C:\\evil", "..", ".", "a/..", "/"])
def test_a_name_leads_nowhere_out_of_the_folder(
    tracker: Tracker, experiment: Experiment, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()

    written = tracker.download_resource(tracker.create_resource(experiment, name, SMALL), folder)

    assert (written.parent, written.read_bytes()) == (folder, SMALL)


def test_what_was_there_stays_until_the_new_bytes_are_whole(
    tracker: Tracker, experiment: Experiment, tmp_path: Path
) -> None:
    made = tracker.create_resource(experiment, "x", LARGE)
    target = tmp_path / "target"
    target.write_bytes(b"before")
    damage(file_of(tmp_path, made))

    with pytest.raises(Corrupt):
        tracker.download_resource(made, target)

    assert target.read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.endswith(".part")) == []


def test_a_folder_that_is_not_there_is_not_made(tracker: Tracker, experiment: Experiment, tmp_path: Path) -> None:
    made = tracker.create_resource(experiment, "x", SMALL)

    with pytest.raises(Unavailable):
        tracker.download_resource(made, tmp_path / "absent" / "x")


# Changing.


def test_what_is_given_of_a_resource_is_changed_and_the_day_noted(tracker: Tracker, experiment: Experiment) -> None:
    made = tracker.create_resource(experiment, "x", SMALL)

    changed = tracker.update_resource(made.id, "y", "better")

    assert (changed.name, changed.description, changed.content_hash) == ("y", "better", made.content_hash)
    assert changed.updated_date is not None


def test_a_change_of_nothing_notes_the_day(tracker: Tracker, experiment: Experiment) -> None:
    assert tracker.update_resource(tracker.create_resource(experiment, "x", SMALL)).updated_date is not None


def test_new_bytes_say_where_they_are(tracker: Tracker, experiment: Experiment) -> None:
    made = tracker.create_resource(experiment, "x", SMALL)

    changed = tracker.update_resource(made, data=LARGE)

    assert (changed.backend, changed.size_bytes, changed.content_hash) == ("files", 200, digest_of(LARGE))
    assert tracker.read_resource_data(made) == LARGE
    assert tracker.read_resource_data(tracker.update_resource(made, data=io.BytesIO(SMALL))) == SMALL


def test_a_resource_that_is_not_there_cannot_be_changed(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="resource 7 is not there"):
        tracker.update_resource(7, "y")
    with pytest.raises(NotFound, match="resource 7 is not there"):
        tracker.delete_resource(7)


def test_a_resource_of_a_closed_experiment_may_be_changed(tracker: Tracker, experiment: Experiment) -> None:
    made = tracker.create_resource(experiment, "x", SMALL)
    tracker.update_experiment(experiment, 3)

    assert tracker.update_resource(made, "y").name == "y"


def test_a_resource_goes_and_its_bytes_stay_for_others(tracker: Tracker, experiment: Experiment) -> None:
    first, second = (tracker.create_resource(experiment, name, LARGE) for name in "ab")

    assert tracker.delete_resource(first) is True

    assert (tracker.get_resource(first), tracker.read_resource_data(second)) == (None, LARGE)


def test_a_registered_resource_stays_with_its_bytes(tracker: Tracker, project: Project, run: Iteration) -> None:
    made = tracker.create_resource(run.experiment_id, "weights", LARGE)
    tracker.create_modelversion(tracker.create_model(project, "tree"), run, made)

    with pytest.raises(Unprocessable, match=f"names resource {made.id}"):
        tracker.delete_resource(made)

    assert tracker.read_resource_data(made) == LARGE


# Moving.


def backends(tracker: Tracker) -> list[str]:
    return [row.backend for row in tracker.find(Resource)]


def test_artifacts_move_to_the_default_store_and_back(tracker: Tracker, experiment: Experiment) -> None:
    made = [tracker.create_resource(experiment, "x", data) for data in (SMALL, LARGE, b"")]

    there = tracker.migrate_artifacts()
    assert (there.migrated, there.skipped, there.failed, there.problems) == (2, 1, 0, ())
    assert backends(tracker) == ["files"] * 3

    back = tracker.migrate_artifacts("inline")
    assert (back.migrated, back.skipped, back.failed) == (3, 0, 0)
    assert backends(tracker) == ["inline"] * 3
    assert [tracker.read_resource_data(row) for row in made] == [SMALL, LARGE, b""]


def test_a_move_done_again_moves_nothing(tracker: Tracker, experiment: Experiment) -> None:
    tracker.create_resource(experiment, "x", SMALL)
    tracker.migrate_artifacts("files")

    again = tracker.migrate_artifacts("files")

    assert (again.migrated, again.skipped, again.failed) == (0, 1, 0)


def test_the_artifacts_of_one_project_may_move_alone(tracker: Tracker, project: Project) -> None:
    other = tracker.create_project("Rosa")
    for one in (project, other):
        tracker.create_resource(tracker.create_experiment(one, "Depth"), "x", SMALL)

    moved = tracker.migrate_artifacts("files", project=other)

    assert (moved.migrated, moved.skipped, backends(tracker)) == (1, 0, ["inline", "files"])


def test_an_artifact_under_an_old_name_moves_once(tracker: Tracker, experiment: Experiment) -> None:
    tracker.update(tracker.create_resource(experiment, "x", SMALL), backend="sqlite")

    assert tracker.migrate_artifacts("sqlite").failed == 0
    assert backends(tracker) == ["inline"]


def test_damaged_and_missing_artifacts_are_told_and_stay_as_they_are(
    tracker: Tracker, experiment: Experiment, tmp_path: Path
) -> None:
    damaged, missing, good = (tracker.create_resource(experiment, "x", bytes([n]) * 200) for n in range(3))
    damage(file_of(tmp_path, damaged))
    file_of(tmp_path, missing).unlink()

    moved = tracker.migrate_artifacts("inline")

    assert (moved.migrated, moved.skipped, moved.failed) == (1, 0, 2)
    assert moved.problems[0].startswith(f"resource {damaged.id}: the bytes under {damaged.content_hash} are damaged")
    assert moved.problems[1].startswith(f"resource {missing.id}: the bytes of resource {missing.id} are gone")
    assert backends(tracker) == ["files", "files", "inline"]
    assert tracker.read_resource_data(good) == bytes([2]) * 200


def test_an_artifact_that_is_changed_while_it_moves_is_not_moved(
    tracker: Tracker, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tracker.create_resource(experiment, "x", LARGE)
    keep = tracker.depot.keep

    def and_changed(*given: Any, **named: Any) -> Any:
        kept = keep(*given, **named)
        monkeypatch.undo()
        tracker.update_resource(made, data=b"other" * 100)
        return kept

    monkeypatch.setattr(type(tracker.depot), "keep", lambda depot, *given, **named: and_changed(*given, **named))

    moved = tracker.migrate_artifacts("inline")

    assert (moved.migrated, moved.failed) == (0, 1)
    assert "was changed meanwhile; move it again" in moved.problems[0]
    assert tracker.read_resource_data(made) == b"other" * 100


def test_nothing_moves_to_a_store_that_is_not_configured(tracker: Tracker, experiment: Experiment) -> None:
    tracker.create_resource(experiment, "x", SMALL)

    with pytest.raises(ConfigError, match="'s3' is not configured here"):
        tracker.migrate_artifacts("s3")


def test_threads_keep_artifacts_at_once(tracker: Tracker, experiment: Experiment) -> None:
    def keep(n: int) -> None:
        for data in (LARGE, bytes([n]) * 50, bytes([n]) * 500):
            tracker.create_resource(experiment, f"{n}", data)

    threads = [threading.Thread(target=keep, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    rows = tracker.get_resources(experiment)
    assert len(rows) == 24
    assert all(digest_of(tracker.read_resource_data(row) or b"") == row.content_hash for row in rows)


# As someone else.


def test_artifacts_that_one_may_not_read_are_not_there(
    tracker: Tracker, seen_by: SeenBy, ada: User, project: Project, experiment: Experiment
) -> None:
    made = tracker.create_resource(experiment, "x", SMALL)
    hers = seen_by(ada)

    assert (hers.get_resource(made), hers.read_resource_data(made), hers.get_resources(experiment)) == (None, None, [])
    with pytest.raises(NotFound, match=f"resource {made.id} is not there"):
        hers.open_resource(made)
    assert hers.migrate_artifacts("files").migrated == 0

    tracker.create_userpermission(ada, project)
    assert hers.read_resource_data(made) == SMALL
    with pytest.raises(Forbidden, match="the update permission is needed"):
        hers.update_resource(made, "y")
    with pytest.raises(Forbidden, match="the create permission is needed"):
        hers.create_resource(experiment, "y", SMALL)


def test_a_path_may_be_anything_that_says_it_is_one(tracker: Tracker, experiment: Experiment, tmp_path: Path) -> None:
    class Somewhere(os.PathLike[str]):
        def __fspath__(self) -> str:
            return str(tmp_path / "here.bin")

    (tmp_path / "here.bin").write_bytes(SMALL)

    assert tracker.create_resource(experiment, Somewhere()).name == "here.bin"


# Many at once.


@pytest.mark.parametrize("store", [None, "inline"])
def test_many_files_are_kept_at_once(
    tracker: Tracker, experiment: Experiment, run: Iteration, tmp_path: Path, store: str | None
) -> None:
    (tmp_path / "large.bin").write_bytes(LARGE)
    given = {
        **{f"{n}.txt": str(n).encode() for n in range(700)},
        "same.txt": b"7",
        "nothing": b"",
        "large.bin": tmp_path / "large.bin",
        "stream": io.BytesIO(b"flowing"),
    }

    made = tracker.create_resources(experiment, given, iteration=run, store=store)

    assert [row.name for row in made] == [*given]
    assert made == tracker.get_resources(run)
    wanted = [*(str(n).encode() for n in range(700)), b"7", b"", LARGE, b"flowing"]
    assert [tracker.read_resource_data(row) for row in made] == wanted


def test_many_files_of_which_one_is_none_are_refused_together(tracker: Tracker, experiment: Experiment) -> None:
    with pytest.raises(Invalid, match="there is no file absent"):
        tracker.create_resources(experiment, {"x": b"1", "y": Path("absent")})

    assert tracker.get_resources(experiment) == []
