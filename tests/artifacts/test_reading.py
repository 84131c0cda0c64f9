"""Damage is told at the end of a full read, and a download is whole or nothing."""

import errno
import os
import stat
from collections.abc import Callable
from io import BytesIO, UnsupportedOperation
from pathlib import Path
from typing import BinaryIO

import pytest
from attrs import define, field

from deardiary.artifacts.folder import open_folder
from deardiary.artifacts.reading import download, read_all, verified
from deardiary.core.digests import digest_of
from deardiary.core.errors import Corrupt, DearDiaryError, NotFound, StorageFull, Unavailable
from deardiary.core.stores import ArtifactStore
from deardiary.testing.sources import MIB, Failing, some_bytes

DATA = some_bytes(2 * MIB + 1)
DIGEST = digest_of(DATA)
OTHER = DATA[:-1] + b"\0"


@define
class Lying:
    """An artifact store, of which only `open` is used, that gives the same stream for every digest."""

    stream: BinaryIO
    asked: list[str] = field(factory=list)

    def open(self, digest: str) -> BinaryIO:
        self.asked.append(digest)
        return self.stream


def lying(source: BinaryIO) -> ArtifactStore:
    return Lying(source)  # type: ignore[return-value]  # as much of one as is needed


@pytest.fixture
def artifacts(tmp_path: Path) -> ArtifactStore:
    folder = open_folder(f"file:///{tmp_path}/artifacts")
    folder.put(BytesIO(DATA))
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "downloads").mkdir()
    return tmp_path / "downloads" / "model.pt"


def refused(error: type[DearDiaryError], call: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    return str(caught.value)


# Verified streams.


def test_sound_bytes_pass() -> None:
    with verified(BytesIO(DATA), DIGEST) as stream:
        assert stream.read() == DATA
        assert stream.read() == b""


def test_bytes_in_small_parts_pass() -> None:
    with verified(BytesIO(DATA), DIGEST) as stream:
        assert b"".join(iter(lambda: stream.read(70_001), b"")) == DATA


def test_no_bytes_pass() -> None:
    assert verified(BytesIO(), digest_of(b"")).read() == b""


@pytest.mark.parametrize("wrong", [OTHER, DATA[:-1], DATA + b"\0", b""], ids=["other", "short", "long", "none"])
@pytest.mark.parametrize("size", [-1, 1, 65_536, len(DATA), 8 * MIB])
def test_damaged_bytes_end_with_both_digests(wrong: bytes, size: int) -> None:
    if size == 1:
        wrong = wrong[:1000]
    with verified(BytesIO(wrong), DIGEST) as stream:

        def read_to_the_end() -> None:
            while stream.read(size):
                pass

        said = refused(Corrupt, read_to_the_end)

    assert said == f"the bytes under {DIGEST} are damaged: their sha256 is {digest_of(wrong)}"


def test_damage_is_told_each_time() -> None:
    with verified(BytesIO(OTHER), DIGEST) as stream:
        refused(Corrupt, stream.read)
        refused(Corrupt, stream.read)


def test_lines_are_verified_too() -> None:
    data = b"one\ntwo\n"

    assert list(verified(BytesIO(data), digest_of(data))) == [b"one\n", b"two\n"]
    refused(Corrupt, lambda: list(verified(BytesIO(data), DIGEST)))


def test_a_verified_stream_cannot_seek() -> None:
    with verified(BytesIO(DATA), DIGEST) as stream:
        assert (stream.readable(), stream.seekable(), stream.writable()) == (True, False, False)
        with pytest.raises(UnsupportedOperation):
            stream.seek(0)


def test_a_verified_stream_closes_what_it_reads() -> None:
    source = BytesIO(DATA)

    verified(source, DIGEST).close()

    assert source.closed


def test_an_error_in_the_middle_passes() -> None:
    error = Unavailable("gone")
    stream = verified(Failing(DATA, then=error), DIGEST)  # type: ignore[arg-type]  # it is read, and no more

    with pytest.raises(Unavailable) as caught:
        stream.read()

    assert caught.value is error
    stream.raw._stream = BytesIO()  # type: ignore[attr-defined]  # what can be closed


# All at once.


def test_all_of_it_is_read(artifacts: ArtifactStore) -> None:
    assert read_all(artifacts, DIGEST) == DATA


def test_all_of_what_is_damaged_is_refused() -> None:
    assert digest_of(OTHER) in refused(Corrupt, lambda: read_all(lying(BytesIO(OTHER)), DIGEST))


def test_what_is_absent_is_not_found(artifacts: ArtifactStore, target: Path) -> None:
    absent = digest_of(b"absent")

    assert absent in refused(NotFound, lambda: read_all(artifacts, absent))
    assert absent in refused(NotFound, lambda: download(artifacts, absent, target))
    assert os.listdir(target.parent) == []


# Downloads.


def test_a_download_is_a_file_of_the_same_bytes(artifacts: ArtifactStore, target: Path) -> None:
    download(artifacts, DIGEST, target)

    assert target.read_bytes() == DATA
    assert os.listdir(target.parent) == ["model.pt"]
    assert stat.S_IMODE(target.stat().st_mode) & 0o600 == 0o600


def test_a_download_replaces_what_was_there(artifacts: ArtifactStore, target: Path) -> None:
    target.write_bytes(b"old")

    download(artifacts, DIGEST, str(target))

    assert target.read_bytes() == DATA


def test_a_download_may_go_to_the_working_directory(
    artifacts: ArtifactStore, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(target.parent)

    download(artifacts, DIGEST, "x" * 255)

    assert os.listdir(".") == ["x" * 255]


@pytest.mark.parametrize("before", [None, b"old"])
def test_a_damaged_download_leaves_what_was_there(target: Path, before: bytes | None) -> None:
    if before is not None:
        target.write_bytes(before)

    said = refused(Corrupt, lambda: download(lying(BytesIO(OTHER)), DIGEST, target))

    assert (DIGEST in said, digest_of(OTHER) in said) == (True, True)
    assert [path.read_bytes() for path in target.parent.iterdir()] == ([] if before is None else [before])


def test_a_download_that_breaks_off_leaves_what_was_there(target: Path) -> None:
    target.write_bytes(b"old")
    source = BytesIO(DATA)
    source.read = Failing(DATA, then=Unavailable("gone")).read  # type: ignore[method-assign]

    refused(Unavailable, lambda: download(lying(source), DIGEST, target))

    assert [path.read_bytes() for path in target.parent.iterdir()] == [b"old"]
    assert source.closed


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
@pytest.mark.parametrize(("code", "error"), [(errno.ENOSPC, StorageFull), (errno.EACCES, Unavailable)])
def test_a_download_that_cannot_be_written_is_told_and_leaves_what_was_there(
    artifacts: ArtifactStore,
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    code: int,
    error: type[DearDiaryError],
) -> None:
    target.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, step, fail)

    assert str(target.parent) in refused(error, lambda: download(artifacts, DIGEST, target))
    assert [path.read_bytes() for path in target.parent.iterdir()] == [b"old"]


def test_a_download_into_a_folder_that_is_not_there_is_told(artifacts: ArtifactStore, tmp_path: Path) -> None:
    said = refused(Unavailable, lambda: download(artifacts, DIGEST, tmp_path / "nowhere" / "model.pt"))

    assert said == f"{tmp_path}/nowhere cannot be reached: No such file or directory"


def test_a_download_does_not_replace_a_folder(artifacts: ArtifactStore, target: Path) -> None:
    refused(Unavailable, lambda: download(artifacts, DIGEST, target.parent))

    assert os.listdir(target.parent) == []
    assert sorted(os.listdir(target.parent.parent)) == ["artifacts", "downloads"]


def test_a_download_is_flushed_before_it_takes_its_place(
    artifacts: ArtifactStore, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    for name in ("write", "fsync", "replace"):
        plain = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, name=name, plain=plain: (told.append(name), plain(*a))[1])

    download(artifacts, DIGEST, target)

    assert told[-4:] == ["write", "fsync", "replace", "fsync"]
