"""Promises of an artifact store: that bytes are kept, listed and forgotten."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from deardiary.artifacts.reading import verified
from deardiary.core.digests import digest_of
from deardiary.core.errors import Corrupt, NotFound
from deardiary.testing.held import Artifacts, check_same
from deardiary.testing.sources import MIB, some_bytes
from deardiary.testing.telling import level, raised

SIZES = (1, 65_535, 65_536, 65_537, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 1)
"""Sizes around those at which stores and streams cut bytes into pieces."""


class KeepingPromises:
    """That bytes are kept, listed and forgotten."""

    damage: Callable[[str, str], None] | None = None
    """Changes some of the bytes under a digest, in the store under a URL; given as a staticmethod."""

    @level(1)
    def test_an_empty_artifact_store_holds_nothing(self, artifacts: Artifacts) -> None:
        digest = digest_of(b"")

        assert list(artifacts.store.all()) == []
        assert artifacts.store.missing([digest]) == {digest}

    @level(1)
    def test_bytes_come_back_as_they_were_put(self, artifacts: Artifacts) -> None:
        data = bytes(range(256)) + b"\r\n\0\x1a" + "🌱".encode()

        digest = artifacts.put(data)

        check_same(artifacts.read(digest), data)

    @level(1)
    def test_bytes_are_known_by_their_sha256(self, artifacts: Artifacts) -> None:
        for size in (5, 70_000, 2 * MIB + 1):
            data = some_bytes(size)
            assert artifacts.put(data) == digest_of(data)

    @level(1)
    def test_no_bytes_are_bytes_too(self, artifacts: Artifacts) -> None:
        digest = artifacts.put(b"")

        assert artifacts.sizes() == {digest_of(b""): 0}
        assert artifacts.store.missing([digest]) == set()
        check_same(artifacts.read(digest), b"")

    @level(1)
    def test_bytes_of_any_size_come_back(self, artifacts: Artifacts) -> None:
        kept = {artifacts.put(some_bytes(size)): size for size in SIZES}

        assert artifacts.sizes() == kept
        for digest, size in kept.items():
            check_same(artifacts.read(digest), some_bytes(size))

    @level(1)
    def test_identical_bytes_are_kept_once(self, artifacts: Artifacts) -> None:
        data = some_bytes(MIB + 1)
        first = artifacts.put(data)
        listed = list(artifacts.store.all())

        second = artifacts.put(data)

        assert second == first
        assert list(artifacts.store.all()) == listed

    @level(1)
    def test_everything_that_is_held_is_listed(self, artifacts: Artifacts) -> None:
        kept = {artifacts.put(some_bytes(n, seed=n)): n for n in range(40)}

        assert artifacts.sizes() == kept

    @level(1)
    def test_the_time_of_writing_is_an_instant(self, artifacts: Artifacts) -> None:
        artifacts.put(b"now")

        (stored,) = artifacts.store.all()
        assert stored.written_at.utcoffset() == timedelta(0)
        assert abs(datetime.now(UTC) - stored.written_at) < timedelta(minutes=20)

    @level(1)
    def test_what_is_missing_is_named(self, artifacts: Artifacts) -> None:
        there, absent = artifacts.put(b"there"), digest_of(b"absent")

        assert artifacts.store.missing([]) == set()
        assert artifacts.store.missing([there]) == set()
        assert artifacts.store.missing((there, absent, absent)) == {absent}
        assert artifacts.store.missing({absent: 1}.keys()) == {absent}

    @level(1)
    def test_many_are_asked_for_at_once(self, artifacts: Artifacts) -> None:
        there = {artifacts.put(bytes([n])) for n in range(10)}
        absent = {digest_of(f"absent {n}".encode()) for n in range(1_200)}

        assert artifacts.store.missing(there | absent) == absent

    @level(1)
    def test_what_is_absent_is_not_found(self, artifacts: Artifacts) -> None:
        absent = digest_of(b"absent")
        artifacts.put(b"there")

        assert absent in str(raised(NotFound, lambda: artifacts.store.open(absent)))
        raised(NotFound, lambda: artifacts.store.open(absent, 1, 2))

    @level(1)
    def test_deleted_bytes_are_gone(self, artifacts: Artifacts) -> None:
        digests = [artifacts.put(some_bytes(size)) for size in (3, 2 * MIB)]

        for digest in digests:
            artifacts.store.delete(digest)

            assert artifacts.store.missing([digest]) == {digest}
            raised(NotFound, partial(artifacts.store.open, digest))
        assert list(artifacts.store.all()) == []

    @level(1)
    def test_a_delete_leaves_everything_else(self, artifacts: Artifacts) -> None:
        kept, gone = artifacts.put(b"kept"), artifacts.put(b"gone")

        artifacts.store.delete(gone)

        assert artifacts.sizes() == {kept: 4}
        check_same(artifacts.read(kept), b"kept")

    @level(1)
    def test_deleted_bytes_may_be_put_again(self, artifacts: Artifacts) -> None:
        data = some_bytes(2 * MIB + 1)
        artifacts.store.delete(artifacts.put(data))

        digest = artifacts.put(data)

        assert artifacts.sizes() == {digest: len(data)}
        check_same(artifacts.read(digest), data)

    @level(1)
    def test_deleting_what_is_absent_does_nothing(self, artifacts: Artifacts) -> None:
        digest = artifacts.put(b"there")

        artifacts.store.delete(digest_of(b"absent"))
        artifacts.store.delete(digest)
        artifacts.store.delete(digest)

        assert list(artifacts.store.all()) == []

    @level(1)
    def test_where_bytes_are_is_said_in_a_text(self, artifacts: Artifacts) -> None:
        there, absent = artifacts.put(b"there"), digest_of(b"absent")

        uris = [artifacts.store.uri(digest) for digest in (there, absent)]

        assert [type(uri) for uri in uris] == [str, str]
        assert uris[0] != uris[1] or uris == ["", ""]

    @level(1, needs="damage")
    def test_damaged_bytes_are_told_by_their_sha256(self, artifacts: Artifacts) -> None:
        sound, damaged = artifacts.put(some_bytes(70_000, seed=1)), artifacts.put(some_bytes(70_000, seed=2))
        type(self).damage(artifacts.url, damaged)  # type: ignore[misc]  # a staticmethod, and given

        def read() -> None:
            with verified(artifacts.store.open(damaged), damaged) as stream:
                stream.read()

        assert damaged in str(raised(Corrupt, read))
        check_same(artifacts.read(sound), some_bytes(70_000, seed=1))
