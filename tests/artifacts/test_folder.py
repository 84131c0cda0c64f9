"""A folder keeps the contract of an artifact store, and what is its own besides."""

import errno
import os
import resource
import stat
import threading
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from deardiary.artifacts import drafts
from deardiary.artifacts.folder import DRAFTS_KEPT_SECONDS, Folder, open_folder
from deardiary.artifacts.reading import read_all
from deardiary.core.digests import digest_of
from deardiary.core.errors import ConfigError, DearDiaryError, NotFound, StorageFull, Unavailable
from deardiary.core.stores import ArtifactStore
from deardiary.testing import ArtifactStoreSuite
from deardiary.testing.sources import MIB, Failing, some_bytes
from nightly import NIGHTLY

DATA = some_bytes(2 * MIB + 1)
DIGEST = digest_of(DATA)


def damaged(url: str, digest: str) -> None:
    """Change one byte of a file."""
    path = Path(url.removeprefix("file:///")) / digest[:2] / digest
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(bytes(data))


class TestFolder(ArtifactStoreSuite):
    kills = 100 if NIGHTLY else 3
    damage = staticmethod(damaged)

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"file:///{tmp_path}/artifacts"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "artifacts"


@pytest.fixture
def folder(root: Path) -> ArtifactStore:
    return open_folder(f"file:///{root}")


def files(root: Path) -> list[str]:
    """Return the paths of all files under a folder."""
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir())


def refused(error: type[DearDiaryError], call: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    return str(caught.value)


# Files that were put before.


def test_a_file_that_was_put_before_is_written_no_more(folder: ArtifactStore, root: Path, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"head" + DATA)

    for _ in range(2):
        with (tmp_path / "model").open("rb") as source:
            source.seek(4)
            assert folder.put(source) == DIGEST
            assert source.read() == b""
        if (root / "tmp").exists():
            (root / "tmp").rename(tmp_path / "away")

    assert files(root) == [f"{DIGEST[:2]}/{DIGEST}"]
    assert not (root / "tmp").exists()


@pytest.mark.parametrize("place", [MIB, 0, -1])
def test_a_file_that_only_looks_like_another_is_put_as_well(folder: ArtifactStore, tmp_path: Path, place: int) -> None:
    other = bytearray(DATA)
    other[place] ^= 1
    for data in (DATA, bytes(other), DATA, bytes(other)):
        (tmp_path / "model").write_bytes(data)
        with (tmp_path / "model").open("rb") as source:
            assert read_all(folder, folder.put(source)) == data


# Where things are.


def test_bytes_are_files_named_by_their_sha256(folder: ArtifactStore, root: Path) -> None:
    folder.put(BytesIO(b"abc"))

    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert files(root) == [f"ba/{digest}"]
    assert (root / "ba" / digest).read_bytes() == b"abc"
    assert folder.uri(digest) == f"file://{root}/ba/{digest}"


def test_nobody_may_write_to_a_file_that_is_kept(folder: ArtifactStore, root: Path) -> None:
    digest = folder.put(BytesIO(b"abc"))

    mode = stat.S_IMODE((root / digest[:2] / digest).stat().st_mode)
    assert mode & 0o222 == 0
    assert mode & 0o400


def test_a_folder_is_made_when_something_is_put_there(root: Path) -> None:
    folder = open_folder(f"file:///{root}/deep/below")

    assert list(folder.all()) == []
    assert folder.missing([DIGEST]) == {DIGEST}
    folder.delete(DIGEST)
    refused(NotFound, lambda: folder.open(DIGEST))
    assert not root.exists()

    folder.put(BytesIO(DATA))
    assert read_all(folder, DIGEST) == DATA


def test_a_path_without_a_slash_before_it_begins_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = open_folder("file:///my artifacts/é")
    monkeypatch.chdir("/")

    digest = folder.put(BytesIO(b"abc"))

    assert files(tmp_path / "my artifacts" / "é") == [f"ba/{digest}"]
    assert folder.uri(digest) == f"file://{tmp_path}/my%20artifacts/%C3%A9/ba/{digest}"


@pytest.mark.parametrize("url", ["file:///", "file://", "file://artifacts", "artifacts"])
def test_a_url_without_a_path_is_told_with_one_that_has(url: str) -> None:
    assert "file:///artifacts is one here, file:////srv/artifacts one elsewhere" in refused(
        ConfigError, lambda: open_folder(url)
    )


def test_what_others_have_put_there_is_left_alone(folder: ArtifactStore, root: Path, tmp_path: Path) -> None:
    folder.put(BytesIO(DATA))
    shard, other = root / DIGEST[:2], digest_of(b"other")
    for place in ("README", f"{DIGEST[:2]}/README", f"{DIGEST[:2]}/{other}", f"zz/{'z' * 64}", "tmp/left", "00"):
        (root / place).parent.mkdir(exist_ok=True)
        (root / place).write_bytes(b"stranger")
    (shard / f"{DIGEST[:2]}{'0' * 62}").mkdir()
    (shard / f"{DIGEST[:2]}{'1' * 62}").symlink_to(tmp_path / "nowhere")
    (shard / f"{DIGEST[:2]}{'2' * 62}").symlink_to(shard / DIGEST)
    os.mkfifo(shard / f"{DIGEST[:2]}{'3' * 62}")
    strange = {f"{DIGEST[:2]}{letter * 62}" for letter in "0123"} | {f"00{'0' * 62}"}

    assert [stored.digest for stored in folder.all()] == [DIGEST]
    assert folder.missing(strange) == strange
    for digest in strange:
        refused(NotFound, partial(folder.open, digest))
    folder.delete(f"00{'0' * 62}")


def test_the_time_of_writing_is_that_of_the_file(folder: ArtifactStore, root: Path) -> None:
    folder.put(BytesIO(DATA))
    os.utime(root / DIGEST[:2] / DIGEST, ns=(0, 1_700_000_000_123_456_789))

    folder.put(BytesIO(DATA))

    (stored,) = folder.all()
    assert stored.written_at.isoformat() == "2023-11-14T22:13:20.123456+00:00"


# Links.


def test_bytes_are_not_written_through_a_link(folder: ArtifactStore, root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    root.mkdir()
    (root / DIGEST[:2]).symlink_to(elsewhere)

    assert "is a link" in refused(Unavailable, lambda: folder.put(BytesIO(DATA)))
    assert (files(elsewhere), files(root / "tmp")) == ([], [])


def test_drafts_are_not_written_through_a_link(folder: ArtifactStore, root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    root.mkdir()
    (root / "tmp").symlink_to(elsewhere)

    assert "is a link" in refused(Unavailable, lambda: folder.put(BytesIO(DATA)))
    assert files(elsewhere) == []


def test_a_link_in_the_place_of_bytes_gives_way_to_them(folder: ArtifactStore, root: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_bytes(b"precious")
    (root / DIGEST[:2]).mkdir(parents=True)
    (root / DIGEST[:2] / DIGEST).symlink_to(target)

    folder.put(BytesIO(DATA))

    assert read_all(folder, DIGEST) == DATA
    assert target.read_bytes() == b"precious"
    assert not (root / DIGEST[:2] / DIGEST).is_symlink()


def test_the_folder_itself_may_be_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    root.symlink_to(tmp_path / "disk")
    folder = open_folder(f"file:///{root}")

    folder.put(BytesIO(DATA))

    assert files(tmp_path / "disk") == [f"{DIGEST[:2]}/{DIGEST}"]


# Damage.


def test_a_file_that_was_cut_short_is_mended_by_the_next_put(folder: ArtifactStore, root: Path) -> None:
    folder.put(BytesIO(DATA))
    place = root / DIGEST[:2] / DIGEST
    place.chmod(0o644)
    place.write_bytes(DATA[:-1])

    folder.put(BytesIO(DATA))

    assert read_all(folder, DIGEST) == DATA


# Trouble.


def test_a_full_disk_is_told_and_leaves_nothing(folder: ArtifactStore, root: Path) -> None:
    kept = folder.put(BytesIO(b"kept"))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, limits[1]))
    try:
        said = refused(StorageFull, lambda: folder.put(BytesIO(DATA)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert str(root) in said
    assert files(root) == [f"{kept[:2]}/{kept}"]
    assert folder.put(BytesIO(DATA)) == DIGEST


STEPS = ("open", "write", "fsync", "replace", "mkdir", "stat", "lstat", "unlink")
"""What a folder asks of the operating system."""


class Stop(BaseException):
    """Ends a put as nothing that is caught does."""


def failing(monkeypatch: pytest.MonkeyPatch, number: int, fail: Callable[[], Any]) -> list[str]:
    """Let the so many-th step fail, and return the list in which all steps are noted."""
    told: list[str] = []

    def step(name: str) -> Callable[..., Any]:
        plain = getattr(os, name)

        def stepped(*args: Any, **more: Any) -> Any:
            told.append(name)
            if len(told) == number:
                fail()
            return plain(*args, **more)

        return stepped

    for name in STEPS:
        monkeypatch.setattr(os, name, step(name))
    return told


def steps_of_a_put(root: Path) -> list[str]:
    """Return the steps of a put into a new folder."""
    with pytest.MonkeyPatch.context() as patch:
        told = failing(patch, 0, lambda: None)
        open_folder(f"file:///{root}").put(BytesIO(DATA))
    return told


def test_bytes_are_flushed_before_their_name_and_the_name_before_the_answer(root: Path) -> None:
    told = steps_of_a_put(root)

    lasting = [step for step in told if step in ("mkdir", "write", "fsync", "replace")]
    folders = ["fsync", "mkdir", "fsync", "mkdir", "fsync"]  # the one above, the folder, its drafts
    assert lasting == [*folders, *["write"] * 3, "mkdir", "fsync", "fsync", "replace", "fsync"]


def test_a_second_put_flushes_no_more_than_it_must(folder: ArtifactStore, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.put(BytesIO(DATA))
    folder.delete(DIGEST)
    told = failing(monkeypatch, 0, lambda: None)

    folder.put(BytesIO(DATA))

    assert [step for step in told if step in ("mkdir", "fsync", "replace")] == ["fsync", "replace", "fsync"]


def test_a_kill_at_any_step_leaves_all_or_nothing(tmp_path: Path) -> None:
    count = len(steps_of_a_put(tmp_path / "counted"))

    for number in range(1, count + 1):
        root = tmp_path / str(number)
        child = os.fork()
        if child == 0:
            try:
                failing(pytest.MonkeyPatch(), number, lambda: os._exit(9))
                open_folder(f"file:///{root}").put(BytesIO(DATA))
            finally:
                os._exit(2)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

        assert status == 9
        folder = open_folder(f"file:///{root}")
        listed = [(stored.digest, stored.size) for stored in folder.all()]
        assert listed in ([], [(DIGEST, len(DATA))])
        assert folder.put(BytesIO(DATA)) == DIGEST
        assert read_all(folder, DIGEST) == DATA


@pytest.mark.parametrize(
    ("code", "error"), [(errno.EIO, Unavailable), (errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull)]
)
def test_a_failure_at_any_step_is_told_and_leaves_all_or_nothing(
    tmp_path: Path, code: int, error: type[DearDiaryError]
) -> None:
    steps = steps_of_a_put(tmp_path / "counted")

    def fail() -> None:
        raise OSError(code, os.strerror(code))

    for number, step in enumerate(steps, start=1):
        root = tmp_path / str(number)
        folder = open_folder(f"file:///{root}")
        with pytest.MonkeyPatch.context() as patch:
            failing(patch, number, fail)
            if step == "unlink":  # tidying up may fail
                folder.put(BytesIO(DATA))
            else:
                assert str(root.parent) in refused(error, partial(folder.put, BytesIO(DATA)))

        assert [stored.size for stored in folder.all()] in ([], [len(DATA)])
        assert len(files(root)) <= 1
        assert folder.put(BytesIO(DATA)) == DIGEST


def test_a_source_that_fails_leaves_no_draft(folder: ArtifactStore, root: Path) -> None:
    with pytest.raises(Stop):
        folder.put(Failing(DATA, then=Stop()))  # type: ignore[arg-type]  # a source needs no more than `read`

    assert files(root) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"in the way")
    folder = open_folder(f"file:///{tmp_path}/file/artifacts")

    said = refused(Unavailable, lambda: folder.put(BytesIO(DATA)))

    assert f"{tmp_path}/file" in said
    assert list(folder.all()) == []
    assert folder.missing([DIGEST]) == {DIGEST}


def test_a_folder_above_that_may_not_be_opened_is_no_hindrance(
    folder: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(folder: Path) -> None:
        if folder.name != DIGEST[:2]:
            raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(drafts, "fsync_folder", forbidden)

    assert folder.put(BytesIO(DATA)) == DIGEST


def test_a_file_system_that_knows_no_fsync_of_folders_is_no_hindrance(
    folder: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = os.fsync

    def choosy(file: int) -> None:
        if stat.S_ISDIR(os.fstat(file).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        plain(file)

    monkeypatch.setattr(os, "fsync", choosy)

    assert folder.put(BytesIO(DATA)) == DIGEST


def test_a_write_that_writes_less_is_gone_on_with(folder: ArtifactStore, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = os.write
    monkeypatch.setattr(os, "write", lambda file, data: plain(file, data[:300_000]))

    folder.put(BytesIO(DATA))

    assert read_all(folder, DIGEST) == DATA


# Drafts.


def test_drafts_of_the_dead_are_swept_and_those_of_the_living_are_not(root: Path) -> None:
    (root / "tmp").mkdir(parents=True)
    for name, age in (("dead", DRAFTS_KEPT_SECONDS + 60), ("alive", DRAFTS_KEPT_SECONDS - 60)):
        draft = root / "tmp" / name
        draft.write_bytes(b"draft")
        time = draft.stat().st_mtime - age
        os.utime(draft, (time, time))

    open_folder(f"file:///{root}").put(BytesIO(DATA))

    assert files(root / "tmp") == ["alive"]


def test_a_folder_that_was_removed_is_made_again(folder: ArtifactStore, root: Path) -> None:
    folder.put(BytesIO(DATA))
    root.rename(root.with_name("away"))

    folder.put(BytesIO(DATA))

    assert read_all(folder, DIGEST) == DATA


# Sharing.


def test_a_forked_process_puts_beside_its_parent(folder: ArtifactStore) -> None:
    folder.put(BytesIO(DATA))

    child = os.fork()
    if child == 0:
        try:
            for n in range(20):
                folder.put(BytesIO(some_bytes(50_000, seed=n)))
            os._exit(0)
        finally:
            os._exit(2)
    for n in range(20):
        folder.put(BytesIO(some_bytes(50_000, seed=n)))
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert len(list(folder.all())) == 21


def test_threads_that_make_the_folder_together_are_not_in_each_others_way(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def work(folder: ArtifactStore, barrier: threading.Barrier, n: int) -> None:
        try:
            barrier.wait(60)
            folder.put(BytesIO(bytes([n])))
        except BaseException as error:
            failures.append(error)

    for turn in range(10):
        folder, barrier = open_folder(f"file:///{tmp_path}/{turn}/deep"), threading.Barrier(4)
        threads = [threading.Thread(target=work, args=(folder, barrier, n)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(list(folder.all())) == 4
    assert failures == []


def test_a_folder_holds_nothing_open(folder: ArtifactStore) -> None:
    before = len(os.listdir("/dev/fd"))
    folder.put(BytesIO(DATA))
    folder.open(DIGEST).close()
    list(folder.all())

    assert len(os.listdir("/dev/fd")) == before
    assert isinstance(folder, Folder)
