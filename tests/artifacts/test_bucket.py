"""An artifact store from a few functions asks them for nothing that makes no sense."""

import errno
import os
from collections.abc import Callable, Collection
from io import BytesIO
from typing import Any, BinaryIO

import pytest
from attrs import define, field

from deardiary.artifacts.bucket import BucketStore
from deardiary.core.digests import digest_of
from deardiary.core.errors import Corrupt, DearDiaryError, NotFound, StorageFull, Unavailable
from deardiary.core.shapes import now
from deardiary.core.stores import ArtifactStore, Digest, Stored
from deardiary.schemes import Traits
from deardiary.testing import ArtifactStoreSuite


@define
class Shelf:
    """A bucket in memory that notes what it is asked."""

    held: dict[Digest, Stored] = field(factory=dict)
    data: dict[Digest, bytes] = field(factory=dict)
    told: list[Any] = field(factory=list)

    def sizes(self, digests: Collection[Digest]) -> dict[Digest, int]:
        self.told.append("sizes")
        return {digest: self.held[digest].size for digest in digests if digest in self.held}

    def put(self, digest: Digest, file: BinaryIO) -> None:
        self.told.append("put")
        data = file.read()
        self.data[digest] = data
        self.held[digest] = Stored(digest=digest, size=len(data), written_at=now())

    def open(self, digest: Digest, start: int, stop: int) -> BinaryIO:
        self.told.append((start, stop))
        return BytesIO(self.data[digest][start:stop])

    def all(self) -> list[Stored]:
        return list(self.held.values())

    def delete(self, digest: Digest) -> None:
        self.held.pop(digest, None)
        self.data.pop(digest, None)

    def uri(self, digest: Digest) -> str:
        return f"shelf://{digest}"

    def close(self) -> None:
        self.told.append("close")


class TestBucket(ArtifactStoreSuite):
    most_memory = None

    @pytest.fixture
    def url(self) -> str:
        return "shelf://"

    def opened(self, url: str) -> ArtifactStore:
        return BucketStore(Shelf())

    def traits_of(self, url: str) -> Traits:
        return Traits(processes="one", durable="none")

    elsewhere = "open_artifacts('inline://', store=MemoryStore())"


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def refused(error: type[DearDiaryError], call: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    return str(caught.value)


def test_what_is_there_is_not_put(shelf: Shelf) -> None:
    store = BucketStore(shelf)

    store.put(BytesIO(b"abc"))
    store.put(BytesIO(b"abc"))

    assert shelf.told == ["sizes", "put", "sizes"]


def test_a_bucket_is_asked_for_parts_that_are_there(shelf: Shelf) -> None:
    store = BucketStore(shelf)
    digest = store.put(BytesIO(b"0123456789"))
    shelf.told.clear()

    for start, stop in ((0, None), (3, 5), (3, 50), (5, 5), (10, None), (50, 60)):
        store.open(digest, start, stop).close()

    assert [one for one in shelf.told if one != "sizes"] == [(0, 10), (3, 5), (3, 10)]


def test_what_goes_between_question_and_answer_is_not_found(shelf: Shelf) -> None:
    store = BucketStore(shelf)
    digest = store.put(BytesIO(b"abc"))
    del shelf.data[digest]

    assert digest in refused(NotFound, lambda: store.open(digest))


def test_what_is_named_otherwise_is_left_out(shelf: Shelf) -> None:
    shelf.held["README"] = Stored(digest="README", size=5, written_at=now())

    assert list(BucketStore(shelf).all()) == []


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), StorageFull),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), Unavailable),
        (TimeoutError("timed out"), Unavailable),
        (Corrupt("mine"), Corrupt),
        (StorageFull("mine"), StorageFull),
    ],
)
def test_what_a_bucket_raises_is_told_as_a_store_tells_it(
    shelf: Shelf, raised: Exception, error: type[DearDiaryError]
) -> None:
    store = BucketStore(shelf)
    digest = store.put(BytesIO(b"abc"))

    def fail(*_: object) -> Any:
        raise raised

    class Failing(Shelf):
        sizes = put = all = delete = fail

    broken = BucketStore(Failing())
    asked: tuple[Callable[[], object], ...] = (
        lambda: broken.put(BytesIO(b"abc")),
        lambda: broken.open(digest),
        lambda: broken.missing([digest]),
        lambda: list(broken.all()),
        lambda: broken.delete(digest),
    )
    for question in asked:
        said = refused(error, question)
        assert said == "mine" or "cannot be reached: " in said or "there is no room for" in said


def test_a_bucket_is_closed_once(shelf: Shelf) -> None:
    store = BucketStore(shelf)

    store.close()
    store.close()

    assert shelf.told == ["close"]
    assert digest_of(b"") not in shelf.data
