"""Promises of an artifact store: that any source will do, and a bad one does no harm."""

import errno
import hashlib
import io
import os
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from deardiary.core.digests import digest_of
from deardiary.core.errors import Invalid
from deardiary.testing.held import Artifacts, check_same
from deardiary.testing.sources import MIB, Bare, Failing, Mebibytes, Stuttering, some_bytes
from deardiary.testing.telling import level, raised

LARGE = 64
"""How many mebibytes a large artifact has."""


class TakingPromises:
    """That any source will do, and a bad one does no harm."""

    most_memory: int | None = 16 * MIB
    """The most memory that a large artifact may take on its way; none for a store that lives in memory."""

    @level(3)
    def test_nothing_but_read_is_asked_of_a_source(self, artifacts: Artifacts) -> None:
        data = some_bytes(2 * MIB + 1)

        digest = artifacts.put(Bare(data))

        assert digest == digest_of(data)
        check_same(artifacts.read(digest), data)

    @level(3)
    def test_a_short_read_is_not_the_end(self, artifacts: Artifacts) -> None:
        for size, most in ((1, 1), (1_000, 1), (70_000, 999), (3 * MIB + 1, 70_000), (2 * MIB, 2 * MIB)):
            data = some_bytes(size)
            assert artifacts.put(Stuttering(data, most=most)) == digest_of(data)
            check_same(artifacts.read(digest_of(data)), data)

    @level(3)
    def test_a_pipe_is_a_source(self, artifacts: Artifacts) -> None:
        data = some_bytes(300_000)
        out, into = os.pipe()

        def write() -> None:
            with suppress(BrokenPipeError), open(into, "wb") as target:
                target.write(data)

        writer = threading.Thread(target=write)
        writer.start()
        with open(out, "rb", buffering=0) as source:
            digest = artifacts.put(source)
        writer.join(60)

        check_same(artifacts.read(digest), data)

    @level(3)
    def test_a_source_is_read_from_where_it_stands_and_left_open(self, artifacts: Artifacts) -> None:
        source = io.BytesIO(b"read already, and the rest")
        source.seek(14)

        digest = artifacts.put(source)

        check_same(artifacts.read(digest), b"and the rest")
        assert (source.closed, source.read()) == (False, b"")

    @level(3)
    def test_a_source_that_fails_leaves_nothing_and_its_error_passes(self, artifacts: Artifacts) -> None:
        kept = artifacts.put(b"kept")
        errors = (ValueError("mine"), OSError(errno.ENOSPC, "mine"), ConnectionResetError("mine"), KeyboardInterrupt())

        for size in (0, 70_000, 3 * MIB + 1):
            for error in errors:
                data = some_bytes(size)
                assert _raised(artifacts, Failing(data, then=error)) is error
                assert artifacts.store.missing([digest_of(data)]) == {digest_of(data)}
        assert artifacts.sizes() == {kept: 4}

    @level(3)
    def test_a_put_that_failed_may_be_repeated(self, artifacts: Artifacts) -> None:
        data = some_bytes(3 * MIB + 1)
        _raised(artifacts, Failing(data[: 2 * MIB], then=ValueError("mine")))

        digest = artifacts.put(data)

        assert artifacts.sizes() == {digest: len(data)}
        check_same(artifacts.read(digest), data)

    @level(3)
    def test_a_source_that_gives_something_else_is_invalid(self, artifacts: Artifacts) -> None:
        for then in (None, "text", "", 7):
            for size in (0, 10, MIB + 1):
                raised(Invalid, partial(artifacts.put, Failing(some_bytes(size), then=then)))
        raised(Invalid, lambda: artifacts.put(io.StringIO("text")))
        assert list(artifacts.store.all()) == []

    @level(3, needs="most_memory")
    def test_large_bytes_are_never_all_in_memory(self, artifacts: Artifacts) -> None:
        assert self.most_memory is not None
        artifacts.read(artifacts.put(some_bytes(4 * MIB)))  # what a store loads at its first use does not count
        with measured() as most:
            digest = artifacts.put(Mebibytes(LARGE))
        assert most[0] < self.most_memory, f"putting took {most[0]:,} bytes of memory"

        sha256 = hashlib.sha256()
        with measured() as most, artifacts.store.open(digest) as stream:
            while chunk := stream.read(MIB):
                sha256.update(chunk)
        assert most[0] < self.most_memory, f"reading took {most[0]:,} bytes of memory"
        assert (sha256.hexdigest(), artifacts.sizes()[digest]) == (digest, LARGE * MIB)


@contextmanager
def measured() -> Iterator[list[int]]:
    """Give the most memory that is used in the `with` block, when it has ended."""
    most = [0]
    tracemalloc.start()
    try:
        yield most
        most[0] = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _raised(artifacts: Artifacts, source: Any) -> BaseException | None:
    try:
        artifacts.put(source)
    except BaseException as error:  # a source may raise anything
        return error
    return None
