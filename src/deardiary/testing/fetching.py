"""Promises of an artifact store: that what is asked for is given, and what makes no sense is refused."""

from collections.abc import Callable
from functools import partial
from typing import Any

from deardiary.core.errors import Corrupt, Invalid, NotFound
from deardiary.testing.held import Artifacts, check_same, fails_or
from deardiary.testing.sources import MIB, some_bytes
from deardiary.testing.telling import level, raised

DIGEST = "0123456789abcdef" * 4

NO_DIGESTS: tuple[Any, ...] = (
    "",
    "abc",
    DIGEST[:-1],
    DIGEST + "0",
    DIGEST.upper(),
    DIGEST[:-1] + "g",
    DIGEST[:-1] + "\n",
    DIGEST + "\n",
    DIGEST[:-1] + "٣",
    DIGEST[:-3] + "\0" + DIGEST[:2],
    "../" * 20 + "etc",
    "../../../etc/passwd",
    "/etc/passwd",
    ("../" + DIGEST)[:64],
    "*" * 64,
    DIGEST.encode(),
    7,
    None,
)
"""What is no digest, and would be a strange file."""


class FetchingPromises:
    """That what is asked for is given, and what makes no sense is refused."""

    @level(2)
    def test_a_part_is_cut_as_a_slice_is(self, artifacts: Artifacts) -> None:
        data = b"0123456789"
        digest = artifacts.put(data)

        for start in (0, 1, 5, 9, 10, 11, 2**62):
            check_same(artifacts.part(digest, start), data[start:])
            for more in (0, 1, 5, 10, 2**62 - 1):
                check_same(artifacts.part(digest, start, start + more), data[start : start + more])

    @level(2)
    def test_a_part_may_lie_anywhere_in_large_bytes(self, artifacts: Artifacts) -> None:
        data = some_bytes(3 * MIB + 17)
        digest = artifacts.put(data)

        for place in (65_536, MIB, 2 * MIB, 3 * MIB):
            for start in (place - 1, place, place + 1):
                check_same(artifacts.part(digest, start, start + 3), data[start : start + 3])
            check_same(artifacts.part(digest, place - 5, place + 70_000), data[place - 5 : place + 70_000])
        check_same(artifacts.part(digest, 5, 2 * MIB + 5), data[5 : 2 * MIB + 5])

    @level(2)
    def test_a_part_of_no_bytes_is_empty(self, artifacts: Artifacts) -> None:
        digest = artifacts.put(b"")

        check_same(artifacts.part(digest, 0, 0), b"")
        check_same(artifacts.part(digest, 0, 5), b"")
        check_same(artifacts.part(digest, 5), b"")

    @level(2)
    def test_a_part_that_makes_no_sense_is_invalid(self, artifacts: Artifacts) -> None:
        digest = artifacts.put(b"0123456789")
        senseless: list[tuple[Any, Any]] = [(-1, None), (0, -1), (-3, -1), (5, 4), (20, 15), (1.0, 2), (0, "3")]

        for start, stop in senseless:
            raised(Invalid, partial(artifacts.store.open, digest, start, stop))

    @level(2)
    def test_a_stream_is_read_bit_by_bit(self, artifacts: Artifacts) -> None:
        data = some_bytes(MIB + 100)
        with artifacts.store.open(artifacts.put(data)) as stream:
            assert stream.readable()
            assert (stream.read(0), stream.read(1), stream.read(99)) == (b"", data[:1], data[1:100])
            check_same(b"".join(iter(lambda: stream.read(4_099), b"")), data[100:])
            assert (stream.read(5), stream.read()) == (b"", b"")

    @level(2)
    def test_streams_do_not_disturb_one_another(self, artifacts: Artifacts) -> None:
        data = some_bytes(2 * MIB + 5)
        digest = artifacts.put(data)

        with artifacts.store.open(digest) as one, artifacts.store.open(digest, 1) as other:
            pairs = [(one.read(300_000), other.read(300_000)) for _ in range(8)]

        check_same(b"".join(first for first, _ in pairs), data)
        check_same(b"".join(second for _, second in pairs), data[1:])

    @level(2)
    def test_a_stream_outlives_a_delete_or_fails(self, artifacts: Artifacts) -> None:
        data = some_bytes(3 * MIB + 5)
        digest = artifacts.put(data)
        with artifacts.store.open(digest) as stream:
            begun = stream.read(10)

            artifacts.store.delete(digest)

            fails_or(data, lambda: begun + stream.read(), NotFound, Corrupt)

    @level(2)
    def test_what_is_no_digest_is_invalid(self, artifacts: Artifacts) -> None:
        artifacts.put(b"there")

        for wrong in NO_DIGESTS:
            asked: tuple[Callable[[], object], ...] = (
                partial(artifacts.store.open, wrong),
                partial(artifacts.store.missing, [DIGEST, wrong]),
                partial(artifacts.store.delete, wrong),
                partial(artifacts.store.uri, wrong),
            )
            for question in asked:
                raised(Invalid, question)
        assert list(artifacts.sizes().values()) == [5]
