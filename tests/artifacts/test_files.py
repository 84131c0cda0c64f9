"""File systems of fsspec keep the contract of an artifact store, and what is their own besides."""

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec  # type: ignore[import-untyped]
import pytest
from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]

from deardiary.artifacts import files, patience
from deardiary.artifacts.bucket import BucketStore
from deardiary.artifacts.files import Files, Manner, open_files
from deardiary.artifacts.reading import read_all
from deardiary.artifacts.streams import hashed
from deardiary.backends.memory import MemoryStore
from deardiary.core.digests import digest_of
from deardiary.core.errors import ConfigError, DearDiaryError, Invalid, StorageFull, Unavailable
from deardiary.core.shapes import now
from deardiary.core.stores import ArtifactStore
from deardiary.registry import open_artifacts
from deardiary.testing import ArtifactStoreSuite
from deardiary.testing.sources import MIB, some_bytes
from nightly import NIGHTLY

DATA = some_bytes(2 * MIB + 1)
DIGEST = digest_of(DATA)


def damaged(url: str, digest: str) -> None:
    """Change one byte of a file."""
    path = Path(url.removeprefix("local://")) / digest[:2] / digest
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


class TestMemory(ArtifactStoreSuite):
    most_memory = None

    @pytest.fixture
    def url(self) -> str:
        return f"memory://{uuid4().hex}/artifacts"


class TestLocal(ArtifactStoreSuite):
    """A file system on which a file is written bit by bit, and moved."""

    kills = 50 if NIGHTLY else 3
    damage = staticmethod(damaged)

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"local://{tmp_path}/artifacts"


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PAUSE_SECONDS", (0.0, 0.001))


def refused(error: type[DearDiaryError], call: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    return str(caught.value)


def opened(url: str, **options: Any) -> ArtifactStore:
    return open_artifacts(url, store=MemoryStore(), options=options)


# URLs and options.


def test_objects_lie_below_the_first_two_digits_of_their_digest(tmp_path: Path) -> None:
    store = opened(f"local://{tmp_path}/artifacts/")

    store.put(BytesIO(DATA))

    assert (tmp_path / "artifacts" / DIGEST[:2] / DIGEST).read_bytes() == DATA
    assert store.uri(DIGEST) == f"local://{tmp_path}/artifacts/{DIGEST[:2]}/{DIGEST}"
    assert list((tmp_path / "artifacts" / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    "url", ["simplecache::local:///x", "local:///a*", "local:///a?b", "local:///a[b]", "local:///a#b"]
)
def test_a_url_that_is_more_than_a_place_is_refused(url: str) -> None:
    assert "is more than a place" in refused(ConfigError, lambda: open_files(url))


def test_a_url_without_a_place_is_refused() -> None:
    assert "names no place" in refused(ConfigError, lambda: opened("local://"))


def test_a_protocol_that_lacks_a_package_says_which() -> None:
    said = refused(ConfigError, lambda: opened("gs://bucket/artifacts"))

    assert said == "gs:// needs a package that is not installed: Please install gcsfs to access Google Storage"


def test_a_protocol_that_nobody_knows_is_refused() -> None:
    assert "no artifact store opens nowhere://" in refused(ConfigError, lambda: opened("nowhere://x"))


def test_options_go_to_the_file_system(tmp_path: Path) -> None:
    store = opened(f"local://{tmp_path}/a", auto_mkdir=True)

    assert store._bucket.fs.auto_mkdir  # type: ignore[attr-defined]  # of a bucket of files


def test_a_file_system_that_cannot_be_written_says_so() -> None:
    class Reading(LocalFileSystem):  # type: ignore[misc]
        def makedirs(self, *_: Any, **__: Any) -> None:
            raise NotImplementedError

    bucket = Files(url="local:///x", root="/x", make=Reading)

    said = refused(ConfigError, lambda: BucketStore(bucket).put(BytesIO(b"abc")))

    assert "its file system does not do what artifacts need" in said


# What goes wrong.


class Failing:
    """A file system that fails some calls first."""

    def __init__(self, *errors: Exception) -> None:
        self.inner, self.errors, self.calls = LocalFileSystem(), list(errors), 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        if not callable(found):
            return found

        def call(*given: Any, **more: Any) -> Any:
            self.calls += 1
            if self.errors:
                raise self.errors.pop(0)
            return found(*given, **more)

        return call


def failing(tmp_path: Path, *errors: Exception, **more: Any) -> tuple[ArtifactStore, Failing]:
    fs = Failing(*errors)
    return BucketStore(Files(url="local:///x", root=str(tmp_path), make=lambda: fs, **more), takes=hashed), fs


@pytest.mark.parametrize(
    "error", [OSError("reset"), ConnectionResetError(), TimeoutError(), RuntimeError("a server's")]
)
def test_what_may_pass_is_tried_again(tmp_path: Path, error: Exception) -> None:
    store, fs = failing(tmp_path, error, error, error)

    store.put(BytesIO(DATA))
    fs.errors = [error, error]

    assert read_all(store, DIGEST) == DATA


def test_what_does_not_pass_in_time_is_unavailable(tmp_path: Path) -> None:
    store, _ = failing(tmp_path, *[OSError("reset by peer")] * 10_000, patience_seconds=0.05)

    assert "cannot be reached: OSError: reset by peer" in refused(Unavailable, lambda: store.put(BytesIO(DATA)))


@pytest.mark.parametrize(
    ("error", "sort", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), StorageFull, "there is no room for local:///x/"),
        (PermissionError("not you"), Unavailable, "may not be reached: PermissionError: not you"),
        (TypeError("bad"), Unavailable, "cannot be reached: TypeError: bad"),
    ],
)
def test_what_does_not_pass_is_told_at_once(tmp_path: Path, error: Exception, sort: Any, said: str) -> None:
    store, fs = failing(tmp_path, error)

    assert said in refused(sort, lambda: store.put(BytesIO(DATA)))
    assert fs.calls == 1


@pytest.mark.parametrize("place", range(1, 12))
def test_a_put_that_fails_anywhere_leaves_nothing(tmp_path: Path, place: int) -> None:
    store, fs = failing(tmp_path, patience_seconds=-1)
    passing: list[Any] = []

    class Later(list[Exception]):
        def __bool__(self) -> bool:
            passing.append(None)
            return len(passing) == place

        def pop(self, _: Any = 0) -> Exception:
            return OSError("now")

    fs.errors = Later()
    try:
        store.put(BytesIO(DATA))
    except Unavailable:
        fs.errors = []
        assert store.missing([DIGEST]) == {DIGEST}
        assert list(store.all()) == []
    fs.errors = []
    assert store.put(BytesIO(DATA)) == DIGEST
    assert read_all(store, DIGEST) == DATA


def test_an_answer_that_is_too_short_is_asked_for_again(tmp_path: Path) -> None:
    store, fs = failing(tmp_path)
    store.put(BytesIO(DATA))
    cut = [True, True]
    fs.cat_file = lambda *given, **more: fs.inner.cat_file(*given, **more)[: -1 if cut and cut.pop() else None]  # type: ignore[attr-defined]

    assert read_all(store, DIGEST) == DATA
    assert cut == []


def test_an_object_of_another_size_is_damaged_and_gives_way(tmp_path: Path) -> None:
    store = opened(f"local://{tmp_path}")
    store.put(BytesIO(DATA))
    (tmp_path / DIGEST[:2] / DIGEST).write_bytes(b"short")

    store.put(BytesIO(DATA))

    assert read_all(store, DIGEST) == DATA


# Sources.


@pytest.mark.parametrize("manner", [Manner(is_whole=True), Manner()])
def test_a_file_that_changes_while_it_is_put_is_refused(tmp_path: Path, manner: Manner) -> None:
    (tmp_path / "model").write_bytes(DATA)

    class Changing(LocalFileSystem):  # type: ignore[misc]
        def info(self, path: str, **more: Any) -> Any:
            (tmp_path / "model").write_bytes(DATA[::-1])
            return super().info(path, **more)

    fs = Changing(auto_mkdir=True)
    store = BucketStore(Files(url="local:///x", root=f"{tmp_path}/a", make=lambda: fs, manner=manner), takes=hashed)

    with (tmp_path / "model").open("rb") as source:
        assert "changed while it was read" in refused(Invalid, lambda: store.put(source))
    assert list(store.all()) == []


def test_a_file_is_not_copied_before_it_is_put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model").write_bytes(b"head" + DATA)
    monkeypatch.setattr("tempfile.SpooledTemporaryFile", None)

    with (tmp_path / "model").open("rb") as source:
        source.seek(4)
        assert opened(f"local://{tmp_path}/a").put(source) == DIGEST


# What is left over.


def test_drafts_that_are_left_over_are_found_and_removed(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    for name, age in (("old", 2), ("young", 0)):
        path = tmp_path / "tmp" / name
        path.write_bytes(b"half")
        then = (now() - timedelta(hours=age)).timestamp()
        os.utime(path, (then, then))
    bucket = files.files_at(f"local://{tmp_path}", {})

    (found,) = bucket.left_over(now() - timedelta(hours=1))

    assert (found.name, found.size) == (f"{tmp_path}/tmp/old", 4)
    found.remove()
    assert [path.name for path in (tmp_path / "tmp").iterdir()] == ["young"]


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ({"mtime": 0.5, "created": 7.0}, datetime.fromtimestamp(0.5, UTC)),
        ({"LastModified": datetime(2026, 1, 2, tzinfo=UTC)}, datetime(2026, 1, 2, tzinfo=UTC)),
        ({"last_modified": datetime(2026, 1, 2)}, datetime(2026, 1, 2, tzinfo=UTC)),  # as some say it
        ({"updated": "2026-01-02T00:00:00Z"}, datetime(2026, 1, 2, tzinfo=UTC)),
    ],
)
def test_each_file_system_says_in_its_way_when_an_object_was_written(entry: dict[str, Any], found: datetime) -> None:
    assert files.files_at("local:///x", {})._written_at(entry) == found


@pytest.mark.parametrize("entry", [{}, {"mtime": "yesterday"}, {"mtime": None}])
def test_an_object_of_unknown_age_is_young(entry: dict[str, Any]) -> None:
    before = now()

    assert before <= files.files_at("local:///x", {})._written_at(entry) <= now()


def test_fsspec_knows_the_protocols_that_are_whole() -> None:
    assert set(files.WHOLE) <= set(fsspec.available_protocols())
