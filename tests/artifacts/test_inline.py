"""Bytes as rows of any store keep the contract of an artifact store."""

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from attrs import define

from deardiary.artifacts.inline import ATTEMPTS, PIECE, open_inline
from deardiary.artifacts.reading import read_all
from deardiary.backends.memory import MemoryStore
from deardiary.core.changes import Batch, Drop, Insert, Receipt
from deardiary.core.conditions import EVERY, all_of
from deardiary.core.digests import digest_of
from deardiary.core.entities import Blob, Piece
from deardiary.core.errors import ConfigError, Corrupt, DearDiaryError, NotFound, Unavailable
from deardiary.core.queries import Query
from deardiary.core.stores import ArtifactStore, Store
from deardiary.registry import open_store, scheme_of
from deardiary.schemes import Traits
from deardiary.testing import ArtifactStoreSuite, Counted, Flaky
from deardiary.testing.sources import some_bytes
from nightly import NIGHTLY

DATA = some_bytes(7 * PIECE + 5)
DIGEST = digest_of(DATA)


class InlineSuite(ArtifactStoreSuite):
    """The suite over rows of a store, whose URL is given."""

    elsewhere = 'open_artifacts("inline://", store=open_store(url))'
    kills = 50 if NIGHTLY else 3

    def opened(self, url: str) -> ArtifactStore:
        self.stores.append(open_store(url))
        return open_inline("inline://", store=self.stores[-1])

    def traits_of(self, url: str) -> Traits:
        return scheme_of(url).traits

    @pytest.fixture(autouse=True)
    def _closing(self) -> Iterator[None]:
        self.stores: list[Store] = []
        yield
        for store in self.stores:
            store.close()


class TestInlineInMemory(InlineSuite):
    most_memory = None

    @pytest.fixture
    def url(self) -> str:
        return "memory://"


def damaged(url: str, digest: str) -> None:
    """Put other bytes into a piece."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    assert connection.execute("UPDATE pieces SET data = zeroblob(length(data)) WHERE digest = ?", (digest,)).rowcount
    connection.commit()
    connection.close()


class TestInlineInSqlite(InlineSuite):
    damage = staticmethod(damaged)

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/diary.db"


class TestInlineInJsonLines(InlineSuite):
    most_memory = None

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"jsonl:///{tmp_path}/diary.jsonl"


@define
class Watched:
    """A store that tells of every batch before it is applied."""

    store: Store
    told: Callable[[Batch], object]

    def apply(self, batch: Batch, /) -> Receipt:
        self.told(batch)
        return self.store.apply(batch)

    def find(self, query: Query[Any], /) -> Any:
        return self.store.find(query)

    def series(self, query: Any, /) -> Any:
        return self.store.series(query)

    def close(self) -> None:
        self.store.close()


@pytest.fixture
def store() -> Store:
    return MemoryStore()


def inline(store: Store) -> ArtifactStore:
    return open_inline("inline://", store=store)


def stopping(store: Store, *, after: int) -> Store:
    """Return a store that takes so many batches, and no more."""
    left = iter(range(after))

    def count(batch: Batch) -> None:
        if next(left, None) is None:
            raise Unavailable("the store stopped")

    return Watched(store, count)


def refused(error: type[DearDiaryError], call: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    return str(caught.value)


def rows(store: Store, kind: Any) -> list[Any]:
    return store.find(Query(kind)).rows


# What is written.


def test_bytes_are_pieces_and_a_blob(store: Store) -> None:
    inline(store).put(BytesIO(DATA))

    pieces = store.find(Query(Piece, order="n", large=True)).rows
    assert [(piece.digest, piece.n, len(piece.data or b"")) for piece in pieces] == [
        *((DIGEST, n, PIECE) for n in range(7)),
        (DIGEST, 7, 5),
    ]
    assert b"".join(piece.data or b"" for piece in pieces) == DATA
    assert [(blob.digest, blob.size) for blob in rows(store, Blob)] == [(DIGEST, len(DATA))]


def test_no_bytes_are_a_blob_alone(store: Store) -> None:
    inline(store).put(BytesIO())

    assert (len(rows(store, Piece)), [blob.size for blob in rows(store, Blob)]) == (0, [0])


def test_batches_are_small_and_the_blob_comes_last(store: Store) -> None:
    told: list[Batch] = []

    inline(Watched(store, told.append)).put(BytesIO(DATA))

    made = [[one.entity for one in batch.elements if isinstance(one, Insert)] for batch in told]
    assert max(sum(len(row.data) for row in rows if isinstance(row, Piece)) for rows in made) < 4 * 1024 * 1024
    assert [[type(row) for row in rows].count(Blob) for rows in made] == [*[0] * (len(told) - 1), 1]


def test_small_bytes_take_one_question_and_one_batch(store: Store) -> None:
    counted = Counted(store)

    inline(counted).put(BytesIO(b"small"))

    assert counted.calls == {"find": 1, "apply": 1}


def test_bytes_that_are_there_are_not_written(store: Store) -> None:
    inline(store).put(BytesIO(DATA))
    counted = Counted(store)

    inline(counted).put(BytesIO(DATA))

    assert counted.calls == {"find": 1}


def test_a_part_asks_for_the_pieces_it_lies_in(store: Store) -> None:
    inline(store).put(BytesIO(DATA))
    counted = Counted(store)

    with inline(counted).open(DIGEST, 3 * PIECE - 1, 3 * PIECE + 1) as stream:
        assert stream.read() == DATA[3 * PIECE - 1 : 3 * PIECE + 1]

    assert counted.calls == {"find": 3}


# What stops in the middle.


@pytest.mark.parametrize("after", [0, 1, 2])
def test_what_a_killed_writer_left_is_absent_until_another_completes_it(store: Store, after: int) -> None:
    artifacts = inline(store)

    refused(Unavailable, lambda: inline(stopping(store, after=after)).put(BytesIO(DATA)))

    assert len(rows(store, Piece)) == 3 * after
    assert (list(artifacts.all()), artifacts.missing([DIGEST])) == ([], {DIGEST})
    refused(NotFound, lambda: artifacts.open(DIGEST))
    assert artifacts.put(BytesIO(DATA)) == DIGEST
    assert read_all(artifacts, DIGEST) == DATA
    assert len(rows(store, Piece)) == 8


def test_a_delete_removes_what_a_killed_writer_left(store: Store) -> None:
    refused(Unavailable, lambda: inline(stopping(store, after=2)).put(BytesIO(DATA)))

    inline(store).delete(DIGEST)

    assert rows(store, Piece) == []


def test_a_put_whose_answers_are_lost_may_be_repeated(store: Store) -> None:
    artifacts = inline(Flaky(store, every=4))

    refused(Unavailable, lambda: [artifacts.put(BytesIO(b"small")), artifacts.put(BytesIO(DATA))])

    assert artifacts.put(BytesIO(DATA)) == DIGEST
    assert read_all(inline(store), DIGEST) == DATA


@pytest.mark.parametrize("before", [1, 2, 3])
def test_pieces_that_are_deleted_while_others_are_written_are_written_again(store: Store, before: int) -> None:
    turns = iter(range(1, 100))

    def disturb(batch: Batch) -> None:
        if next(turns) == before:
            inline(store).delete(DIGEST)

    inline(Watched(store, disturb)).put(BytesIO(DATA))

    assert read_all(inline(store), DIGEST) == DATA


def test_a_piece_that_another_writer_brought_back_does_not_stand_for_the_rest(store: Store) -> None:
    turns = iter(range(1, 100))

    def disturb(batch: Batch) -> None:
        if next(turns) == 3:
            inline(store).delete(DIGEST)
            refused(Unavailable, lambda: inline(stopping(store, after=1)).put(BytesIO(DATA)))

    inline(Watched(store, disturb)).put(BytesIO(DATA))

    assert read_all(inline(store), DIGEST) == DATA


def test_a_put_gives_up_when_its_pieces_are_deleted_again_and_again(store: Store) -> None:
    told: list[Batch] = []

    def disturb(batch: Batch) -> None:
        told.append(batch)
        store.apply(Batch([Drop(Piece, EVERY)]))

    said = refused(Unavailable, lambda: inline(Watched(store, disturb)).put(BytesIO(DATA)))

    assert "deleted again and again" in said
    assert len(told) == 3 * ATTEMPTS


# What is damaged.


def test_a_missing_piece_is_told(store: Store) -> None:
    artifacts = inline(store)
    artifacts.put(BytesIO(DATA))
    store.apply(Batch([Drop(Piece, all_of(digest=DIGEST, n=4))]))

    said = refused(Corrupt, lambda: read_all(artifacts, DIGEST))

    assert said == f"piece 4 of the bytes under {DIGEST} is not there; it had 1,048,576 bytes"
    with artifacts.open(DIGEST, 0, 4 * PIECE) as stream:
        assert stream.read() == DATA[: 4 * PIECE]


@pytest.mark.parametrize("data", [b"", b"short", some_bytes(PIECE)])
def test_a_piece_of_another_size_is_told(store: Store, data: bytes) -> None:
    artifacts = inline(store)
    artifacts.put(BytesIO(DATA))
    store.apply(
        Batch(
            [Drop(Piece, all_of(digest=DIGEST, n=7)), Insert(Piece(id=-1, digest=DIGEST, n=7, data=data[: PIECE - 1]))]
        )
    )

    if len(data[: PIECE - 1]) == 5:
        assert "are damaged" in refused(Corrupt, lambda: read_all(artifacts, DIGEST))
    else:
        assert f"piece 7 of the bytes under {DIGEST} has" in refused(Corrupt, lambda: read_all(artifacts, DIGEST))


def test_a_stream_whose_bytes_are_deleted_says_so(store: Store) -> None:
    artifacts = inline(store)
    artifacts.put(BytesIO(DATA))
    with artifacts.open(DIGEST) as stream:
        assert stream.read(10) == DATA[:10]

        artifacts.delete(DIGEST)

        assert refused(NotFound, stream.read) == f"no bytes are kept under {DIGEST}"


def test_a_stream_goes_on_when_its_bytes_were_deleted_and_put_again(store: Store) -> None:
    artifacts = inline(store)
    artifacts.put(BytesIO(DATA))
    with artifacts.open(DIGEST) as stream:
        begun = stream.read(10)

        artifacts.delete(DIGEST)
        artifacts.put(BytesIO(DATA))

        assert begun + stream.read() == DATA


def test_bytes_that_come_back_between_two_questions_are_not_damaged(store: Store) -> None:
    artifacts, turns = inline(store), iter(range(100))
    artifacts.put(BytesIO(DATA))

    @define
    class Disturbed(Watched):
        def find(self, query: Query[Any], /) -> Any:
            if query.kind is not Piece or next(turns) > 3:
                return self.store.find(query)
            artifacts.delete(DIGEST)
            found = self.store.find(query)
            artifacts.put(BytesIO(DATA))
            return found

    assert read_all(inline(Disturbed(store, lambda batch: None)), DIGEST) == DATA


# Opening and closing.


def test_closing_leaves_the_diary_open(store: Store) -> None:
    artifacts = inline(store)
    artifacts.put(BytesIO(DATA))

    artifacts.close()

    assert len(rows(store, Blob)) == 1


def test_a_stream_may_be_read_on_after_closing(store: Store) -> None:
    artifacts = inline(store)
    artifacts.put(BytesIO(DATA))

    with artifacts.open(DIGEST) as stream:
        artifacts.close()
        assert stream.read() == DATA


def test_a_closed_diary_is_unavailable(store: Store) -> None:
    artifacts = inline(store)
    store.close()

    for question in (
        partial(artifacts.put, BytesIO(DATA)),
        partial(artifacts.open, DIGEST),
        partial(list, artifacts.all()),
    ):
        refused(Unavailable, question)


def test_rows_have_no_place(store: Store) -> None:
    artifacts = inline(store)

    assert artifacts.uri(artifacts.put(BytesIO(DATA))) == ""


@pytest.mark.parametrize("url", ["inline:///diary.db", "inline", "file:///artifacts", ""])
def test_a_place_in_the_url_is_refused(store: Store, url: str) -> None:
    assert "inline:// keeps bytes in the diary itself" in refused(ConfigError, lambda: open_inline(url, store=store))
