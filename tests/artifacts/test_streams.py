"""Streams are taken in whole, and given out in part."""

import errno
import io
import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from deardiary.artifacts.streams import IN_MEMORY, check_range, copied, part, staged
from deardiary.core.digests import digest_of
from deardiary.core.errors import Invalid, StorageFull, Unavailable
from deardiary.testing.sources import MIB, Bare, Failing, some_bytes

DATA = some_bytes(2 * MIB + 1)


def source(data: bytes) -> Any:
    """Return a source that has nothing but `read`."""
    return Bare(data)


def test_what_is_copied_is_counted_and_known_by_its_sha256() -> None:
    chunks: list[bytes] = []

    said = copied(source(DATA), chunks.append)

    assert said == (digest_of(DATA), len(DATA))
    assert (b"".join(chunks), [len(chunk) for chunk in chunks]) == (DATA, [MIB, MIB, 1])


def test_a_source_may_reuse_its_buffer() -> None:
    class Reusing:
        buffer, left = bytearray(b"abc"), 3

        def read(self, size: int) -> bytearray:
            self.left -= 1
            self.buffer[0] += 1
            return self.buffer if self.left >= 0 else bytearray()

    chunks: list[bytes] = []
    copied(Reusing(), chunks.append)  # type: ignore[arg-type]  # a source needs no more than `read`

    assert chunks == [b"bbc", b"cbc", b"dbc"]


@pytest.mark.parametrize(
    ("then", "said"), [(None, "nothing to give yet"), ("text", "gives str, not bytes"), (7, "int")]
)
def test_what_is_no_bytes_is_told(then: Any, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        copied(Failing(b"some", then=then), lambda chunk: None)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize("size", [0, 5, IN_MEMORY, IN_MEMORY + 1])
def test_what_is_staged_can_be_read_again(size: int) -> None:
    data = some_bytes(size)

    with staged(source(data)) as taken:
        assert (taken.digest, taken.size) == (digest_of(data), size)
        assert taken.file.read() == data
        taken.file.seek(0)
        assert taken.file.read(2) == data[:2]


def test_a_stage_that_is_full_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full")
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *a, **k: full.open("w+b", buffering=0))

    with (
        pytest.raises(StorageFull, match=f"there is no room for {tempfile.gettempdir()}"),
        staged(source(bytes(5 * MIB))),
    ):
        raise AssertionError


@pytest.mark.parametrize(("start", "stop"), [(0, None), (0, 0), (5, 5), (2**63 - 1, None), (0, 2**63 - 1)])
def test_a_part_may_be_asked_for(start: int, stop: int | None) -> None:
    check_range(start, stop)


@pytest.mark.parametrize(
    ("start", "stop", "said"),
    [
        (-1, None, "start is -1"),
        (0, -1, "stop is -1"),
        (5, 4, "from 5 back to 4"),
        (True, None, "start is True"),
        (None, None, "start is none"),
        (2**63, None, "start is"),
    ],
)
def test_a_part_that_makes_no_sense_is_refused(start: Any, stop: Any, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        check_range(start, stop)


@pytest.mark.parametrize("start", [0, 1, 9, 10, 11])
@pytest.mark.parametrize("stop", [None, 0, 5, 10, 2**62])
def test_a_part_of_a_part_is_cut_as_slices_are(tmp_path: Path, start: int, stop: int | None) -> None:
    if stop is not None and stop < start:
        stop = start
    path = tmp_path / "file"
    path.write_bytes(b"before" + b"0123456789" + b"after")

    with part(path.open("rb"), start, stop, at=6, size=10) as stream:
        assert stream.read() == b"0123456789"[start:stop]


def test_a_part_closes_its_file() -> None:
    file = BytesIO(DATA)

    part(file, 5, 10).close()

    assert file.closed


def test_a_part_does_not_seek() -> None:
    with part(BytesIO(DATA), 5, 10) as stream:
        assert not stream.seekable()
        with pytest.raises(io.UnsupportedOperation):
            stream.seek(0)


def test_trouble_with_a_file_is_told_with_its_name(tmp_path: Path) -> None:
    class Failed(BytesIO):
        name = "model.pt"

        def readinto(self, buffer: Any, /) -> int:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    with (
        part(Failed(DATA), 5, 10) as stream,
        pytest.raises(Unavailable, match=r"^model\.pt cannot be reached: Input/output error$"),
    ):
        stream.read()
