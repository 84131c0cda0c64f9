"""Segments are allocated, known by their head, and never taken for what they are not."""

import errno
import os
import stat
from pathlib import Path

import pytest

from deardiary.core.errors import Corrupt, StorageFull, Unavailable
from deardiary.journal import segments
from deardiary.journal.records import HEAD, MAGIC
from deardiary.journal.segments import Form, Segment, created, found, numbers, path_of

FILES: list[Form] = ["mapped", "written"]


def a_segment(folder: Path, form: Form = "mapped", *, number: int = 0, size: int = 4096) -> Segment:
    return created(str(folder), "w", number=number, start=0, size=size, form=form)


def test_a_mapped_segment_has_its_room_before_it_is_mapped(tmp_path: Path) -> None:
    a_segment(tmp_path, size=2**20).release()

    assert os.stat(path_of(str(tmp_path), "w", 0)).st_blocks * 512 >= 2**20


def test_a_written_segment_is_as_long_as_what_is_in_it(tmp_path: Path) -> None:
    segment = a_segment(tmp_path, "written")
    segment.write(b"12345678", HEAD.size)

    assert os.stat(segment.path).st_size == HEAD.size + 8
    segment.release()


@pytest.mark.parametrize("form", [*FILES, "memory"])
def test_what_is_written_is_read(tmp_path: Path, form: Form) -> None:
    segment = a_segment(tmp_path, form)
    segment.write(b"12345678", 128)

    assert segment.read(128, 136) == b"12345678"
    assert segment.read(4000, 5000).strip(b"\0") == b""
    segment.remove()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("form", FILES)
def test_a_released_segment_can_be_read_and_synced_and_removed(tmp_path: Path, form: Form) -> None:
    segment = a_segment(tmp_path, form)
    segment.write(b"12345678", 128)
    segment.release()
    segment.release()

    assert segment.read(128, 136) == b"12345678"
    segment.sync()
    segment.remove()
    segment.remove()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("form", FILES)
def test_others_find_a_segment_by_its_head(tmp_path: Path, form: Form) -> None:
    created(str(tmp_path), "w", number=3, start=640, size=4096, form=form).release()

    one = found(str(tmp_path), "w", 3)

    assert one is not None
    assert (one.number, one.start, one.size, one.stop) == (3, 640, 4096, 4736)
    assert one.read(0, 8) == MAGIC


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    segment = a_segment(tmp_path)
    segment.release()

    assert stat.S_IMODE(os.stat(segment.path).st_mode) == 0o600


def test_a_segment_is_not_made_twice(tmp_path: Path) -> None:
    a_segment(tmp_path).release()

    with pytest.raises(Unavailable, match="File exists"):
        a_segment(tmp_path)


@pytest.mark.parametrize("data", [b"", b"diary", bytes(64), bytes(4096)], ids=len)
def test_a_segment_that_was_never_begun_is_none(tmp_path: Path, data: bytes) -> None:
    Path(path_of(str(tmp_path), "w", 0)).write_bytes(data)

    assert found(str(tmp_path), "w", 0) is None


def test_a_segment_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert found(str(tmp_path), "w", 0) is None


@pytest.mark.parametrize(
    "head",
    [
        HEAD.pack(b"diary002", 0, 0, 4096, b""),
        HEAD.pack(MAGIC, 1, 0, 4096, b""),
        b"\xff" * 4096,
        HEAD.pack(MAGIC, 0, 2**63, 4096, b""),
        HEAD.pack(MAGIC, 0, 0, 2**63, b""),
        HEAD.pack(MAGIC, 0, 0, 8, b""),
    ],
    ids=range(6),
)
def test_a_file_of_something_else_is_told(tmp_path: Path, head: bytes) -> None:
    Path(path_of(str(tmp_path), "w", 0)).write_bytes(head)

    with pytest.raises(Corrupt, match="is no segment of a journal"):
        found(str(tmp_path), "w", 0)


def test_the_numbers_of_one_writer_are_told_from_those_of_others(tmp_path: Path) -> None:
    for name in ("w.00000002", "w.00000010", "w.00000001", "v.00000003", "w.x", "w", "w.00000004.x"):
        (tmp_path / f"{name}{segments.SUFFIX}").touch()
    (tmp_path / "w.00000005.other").touch()

    assert numbers(str(tmp_path), "w") == [1, 2, 10]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, StorageFull),
        (errno.EDQUOT, StorageFull),
        (errno.EFBIG, StorageFull),
        (errno.EIO, Unavailable),
        (errno.EACCES, Unavailable),
    ],
)
def test_errors_of_the_system_are_ours_and_name_the_path(number: int, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"/there"), segments.translated("/there"):
        raise OSError(number, os.strerror(number))


def test_a_segment_without_room_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "posix_fallocate", full)

    with pytest.raises(StorageFull):
        a_segment(tmp_path)
    assert os.listdir(tmp_path) == []


def test_a_write_that_the_system_cuts_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    segment, real = a_segment(tmp_path, "written"), os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda fd, data, at: real(fd, data[:3], at))

    segment.write(b"0123456789", HEAD.size)

    assert segment.read(HEAD.size, HEAD.size + 10) == b"0123456789"
    segment.release()
