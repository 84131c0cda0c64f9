"""One zip file keeps the contract of an artifact store, and what is its own besides."""

import os
import resource
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from deardiary.artifacts.reading import read_all
from deardiary.backends.memory import MemoryStore
from deardiary.core.digests import digest_of
from deardiary.core.errors import Corrupt, DearDiaryError, StorageFull, Unavailable
from deardiary.core.stores import ArtifactStore
from deardiary.registry import open_artifacts
from deardiary.testing import ArtifactStoreSuite
from deardiary.testing.sources import MIB, some_bytes

NIGHTLY = bool(os.environ.get("DEARDIARY_NIGHTLY"))


def damaged(url: str, digest: str) -> None:
    """Change the last byte of a member."""
    path = Path(url.removeprefix("zip:///"))
    with zipfile.ZipFile(path) as archive:
        data = archive.read(digest)
    whole = path.read_bytes()
    end = whole.index(data) + len(data)
    path.write_bytes(whole[: end - 1] + bytes([whole[end - 1] ^ 1]) + whole[end:])


class TestZip(ArtifactStoreSuite):
    kills = 50 if NIGHTLY else 3
    damage = staticmethod(damaged)

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"zip:///{tmp_path}/artifacts.zip"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "artifacts.zip"


@pytest.fixture
def zipped(path: Path) -> ArtifactStore:
    return opened(path)


def opened(path: Path) -> ArtifactStore:
    return open_artifacts(f"zip:///{path}", store=MemoryStore())


def refused(error: type[DearDiaryError], call: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    return str(caught.value)


def test_others_can_open_the_file(zipped: ArtifactStore, path: Path) -> None:
    digest = zipped.put(BytesIO(b"abc"))
    zipped.put(BytesIO(some_bytes(MIB)))

    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.read(digest) == b"abc"
    assert zipped.uri(digest) == f"file://{path}#{digest}"


def test_nothing_lies_beside_the_file(zipped: ArtifactStore, path: Path) -> None:
    zipped.delete(zipped.put(BytesIO(b"abc")))
    zipped.put(BytesIO(b"def"))

    assert os.listdir(path.parent) == ["artifacts.zip"]


def test_a_delete_gives_the_room_back(zipped: ArtifactStore, path: Path) -> None:
    kept, gone = zipped.put(BytesIO(b"kept")), zipped.put(BytesIO(some_bytes(MIB)))

    zipped.delete(gone)

    assert path.stat().st_size < 1000
    assert read_all(zipped, kept) == b"kept"


def test_what_is_there_or_absent_moves_nothing(zipped: ArtifactStore, path: Path) -> None:
    zipped.put(BytesIO(b"abc"))
    before = path.stat().st_ino

    zipped.put(BytesIO(b"abc"))
    zipped.delete(digest_of(b"absent"))

    assert path.stat().st_ino == before


def test_times_outlive_what_is_put_and_deleted_later(zipped: ArtifactStore) -> None:
    first = zipped.put(BytesIO(b"first"))
    (stored,) = zipped.all()

    zipped.delete(zipped.put(BytesIO(b"second")))

    assert (list(zipped.all()), stored.digest) == ([stored], first)


def test_damage_to_one_member_is_no_hindrance_to_others(zipped: ArtifactStore, path: Path) -> None:
    bad, good = zipped.put(BytesIO(some_bytes(5000))), zipped.put(BytesIO(b"good"))
    damaged(f"zip:///{path}", bad)

    new = zipped.put(BytesIO(b"new"))

    assert [read_all(zipped, digest) for digest in (good, new)] == [b"good", b"new"]
    refused(Corrupt, lambda: read_all(zipped, bad))
    zipped.delete(bad)
    assert zipped.put(BytesIO(some_bytes(5000))) == bad
    assert read_all(zipped, bad) == some_bytes(5000)


def test_what_others_have_stored_there_is_left_alone(zipped: ArtifactStore, path: Path) -> None:
    zipped.put(BytesIO(b"abc"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("README", "mine")

    digest = zipped.put(BytesIO(b"def"))

    assert digest in [stored.digest for stored in zipped.all()]
    assert len(list(zipped.all())) == 2
    with zipfile.ZipFile(path) as archive:
        assert archive.read("README") == b"mine"


def test_a_file_that_was_packed_again_is_told(zipped: ArtifactStore, path: Path) -> None:
    digest = zipped.put(BytesIO(bytes(1000)))
    with zipfile.ZipFile(path, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(digest, bytes(1000))

    assert "has compressed members" in refused(Corrupt, lambda: zipped.open(digest))


def test_a_file_that_is_no_zip_is_told_and_left_alone(zipped: ArtifactStore, path: Path) -> None:
    path.write_bytes(b"something else")

    assert f"{path} is no whole zip file" in refused(Corrupt, lambda: zipped.put(BytesIO(b"abc")))
    assert path.read_bytes() == b"something else"
    assert os.listdir(path.parent) == ["artifacts.zip"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    artifacts = opened(tmp_path / "nowhere" / "artifacts.zip")

    assert list(artifacts.all()) == []
    assert "cannot be reached: No such file" in refused(Unavailable, lambda: artifacts.put(BytesIO(b"abc")))


def test_a_full_disk_is_told_and_leaves_what_was_there(zipped: ArtifactStore, path: Path) -> None:
    kept = zipped.put(BytesIO(some_bytes(1000)))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        refused(StorageFull, lambda: zipped.put(BytesIO(some_bytes(70_000))))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert os.listdir(path.parent) == ["artifacts.zip"]
    assert [stored.digest for stored in zipped.all()] == [kept]


STEPS = ("fsync", "replace", "open", "close")


@pytest.mark.parametrize("number", range(1, 7))
def test_a_kill_at_any_step_leaves_all_or_nothing(path: Path, number: int) -> None:
    kept = opened(path).put(BytesIO(b"kept"))
    data = some_bytes(100_000)

    child = os.fork()
    if child == 0:
        try:
            _kill_at(number, STEPS)
            opened(path).put(BytesIO(data))
            os._exit(0)
        finally:
            os._exit(2)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    assert status == (9 if number <= 5 else 0)
    artifacts = opened(path)
    assert {stored.digest for stored in artifacts.all()} in ({kept}, {kept, digest_of(data)})
    assert read_all(artifacts, kept) == b"kept"
    assert read_all(artifacts, artifacts.put(BytesIO(data))) == data
    assert os.listdir(path.parent) == ["artifacts.zip"]


def _kill_at(number: int, names: tuple[str, ...]) -> None:
    """Let this process die at the so many-th step."""
    told: list[str] = []

    def step(name: str) -> Callable[..., Any]:
        plain = getattr(os, name)

        def stepped(*args: Any, **more: Any) -> Any:
            told.append(name)
            if len(told) == number:
                os._exit(9)
            return plain(*args, **more)

        return stepped

    for name in names:
        setattr(os, name, step(name))


def test_a_process_that_was_forked_while_another_thread_wrote_keeps_nobody_waiting(path: Path) -> None:
    """A lock that a child has inherited would be held as long as the child lives."""

    artifacts = opened(path)
    plain, children = os.fsync, list[int]()

    def forking(file: int) -> None:
        if not children:
            out, into = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(into)
                os.read(out, 1)  # until the parent closes its end
                os._exit(0)
            os.close(out)
            children.extend((child, into))
        plain(file)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", forking)
        artifacts.put(BytesIO(b"abc"))
    artifacts.put(BytesIO(b"not kept waiting"))

    os.close(children[1])
    assert os.waitstatus_to_exitcode(os.waitpid(children[0], 0)[1]) == 0
