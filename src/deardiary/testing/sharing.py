"""Promises of an artifact store: that threads, processes and kills do no harm."""

import io
import threading
from collections.abc import Callable
from functools import partial

from deardiary.core.digests import digest_of
from deardiary.core.errors import NotFound, Unavailable
from deardiary.testing.held import Artifacts, check_same, fails_or
from deardiary.testing.others import killed
from deardiary.testing.sources import MIB, some_bytes
from deardiary.testing.telling import level, raised, together


class SharingPromises:
    """That threads, processes and kills do no harm."""

    kills: int = 3
    """How many processes are killed in the middle of putting."""

    @level(4)
    def test_artifacts_are_there_after_reopening(self, artifacts: Artifacts) -> None:
        kept = {artifacts.put(some_bytes(size)): size for size in (0, 5, 2 * MIB)}
        listed = sorted(artifacts.store.all(), key=lambda stored: stored.digest)

        if forgets(artifacts):
            return
        artifacts.reopen()

        assert sorted(artifacts.store.all(), key=lambda stored: stored.digest) == listed
        for digest, size in kept.items():
            check_same(artifacts.read(digest), some_bytes(size))

    @level(4)
    def test_a_closed_artifact_store_is_unavailable(self, artifacts: Artifacts) -> None:
        store, digest = artifacts.store, artifacts.put(b"there")
        store.close()
        store.close()
        asked: tuple[Callable[[], object], ...] = (
            lambda: store.put(io.BytesIO(b"more")),
            lambda: store.open(digest),
            lambda: store.missing([digest]),
            lambda: store.missing([]),
            lambda: list(store.all()),
            lambda: store.delete(digest),
            lambda: store.uri(digest),
        )

        for question in asked:
            raised(Unavailable, question)

    @level(4)
    def test_threads_put_the_same_and_different_bytes(self, artifacts: Artifacts) -> None:
        failures: list[BaseException] = []
        barrier = threading.Barrier(8)

        def work(name: int) -> None:
            try:
                barrier.wait(60)
                for turn in range(3):
                    same, other = some_bytes(100_000, seed=turn), some_bytes(100_000, seed=100 + 10 * name + turn)
                    check_same(artifacts.read(artifacts.put(same)), same)
                    check_same(artifacts.read(artifacts.put(other)), other)
            except BaseException as error:
                failures.append(error)

        together([threading.Thread(target=work, args=(name,)) for name in range(8)])

        assert failures == []
        seeds = [*range(3), *(100 + 10 * name + turn for name in range(8) for turn in range(3))]
        assert artifacts.sizes() == {digest_of(some_bytes(100_000, seed=seed)): 100_000 for seed in seeds}

    @level(4)
    def test_reading_and_listing_go_on_beside_puts_and_deletes(self, artifacts: Artifacts) -> None:
        steady = artifacts.put(b"steady")
        fleeting = [some_bytes(20_000, seed=n) for n in range(3)]
        failures: list[BaseException] = []

        def come_and_go(data: bytes) -> None:
            try:
                for _ in range(10):
                    artifacts.store.delete(artifacts.put(data))
            except BaseException as error:
                failures.append(error)

        def look() -> None:
            try:
                for _ in range(10):
                    assert artifacts.sizes()[steady] == 6
                    check_same(artifacts.read(steady), b"steady")
                    for data in fleeting:
                        fails_or(data, partial(artifacts.read, digest_of(data)), NotFound)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=come_and_go, args=(data,)) for data in fleeting]
        together([*threads, threading.Thread(target=look)])

        assert failures == []
        assert artifacts.sizes() == {steady: 6}

    @level(4)
    def test_processes_share_artifacts_or_are_told_that_they_may_not(self, artifacts: Artifacts) -> None:
        digest = artifacts.put(b"from here")

        code = f"print(len(store.missing(['{digest}']))); print(store.put(io.BytesIO(b'from there')))"
        said = artifacts.another_process(code)

        there = digest_of(b"from there")
        if artifacts.traits.durable == "none":
            assert said.split() == ["1", there]
        elif artifacts.traits.processes == "one":
            assert said.startswith("Unavailable")
        else:
            assert said.split() == ["0", there]
            check_same(artifacts.read(there), b"from there")

    @level(4)
    def test_processes_that_race_to_put_the_same_bytes_keep_them_once(self, artifacts: Artifacts) -> None:
        if forgets(artifacts):
            return
        if artifacts.traits.processes == "one":
            assert artifacts.another_process("print('opened')").startswith("Unavailable")
            return
        sizes = (0, 1, 100_000, 3_500_000)
        code = f"for size in {sizes}: print(store.put(io.BytesIO(some_bytes(size))))"

        running = [artifacts.started(code) for _ in range(4)]
        ends = [process.communicate(timeout=120) for process in running]

        wanted = [digest_of(some_bytes(size)) for size in sizes]
        assert [(said.split(), complaint) for said, complaint in ends] == [(wanted, "")] * 4
        assert artifacts.sizes() == dict(zip(wanted, sizes, strict=True))
        for digest, size in zip(wanted, sizes, strict=True):
            check_same(artifacts.read(digest), some_bytes(size))

    @level(4)
    def test_a_put_that_is_killed_leaves_nothing(self, artifacts: Artifacts) -> None:
        data = some_bytes(5 * MIB)
        if forgets(artifacts):
            return
        artifacts.store.close()

        killed(artifacts.started("store.put(Stuck(some_bytes(5 * MIB)))"), after=1)
        artifacts.store = artifacts.opener()

        assert list(artifacts.store.all()) == []
        digest = artifacts.put(data)
        assert artifacts.sizes() == {digest: len(data)}
        check_same(artifacts.read(digest), data)

    @level(4)
    def test_what_was_put_survives_a_kill_and_the_rest_is_whole_or_absent(self, artifacts: Artifacts) -> None:
        if forgets(artifacts):
            return
        artifacts.store.close()

        acknowledged: set[str] = set()
        for turn in range(self.kills):
            code = (
                "n = 0\n"
                "while True:\n"
                f"    print(store.put(io.BytesIO(some_bytes(n % 3 * 2_000_000 + n, seed={turn}))), flush=True)\n"
                "    n += 1"
            )
            acknowledged |= {*killed(artifacts.started(code), after=1 + turn % 5)}
        artifacts.store = artifacts.opener()

        listed = artifacts.sizes()
        assert acknowledged <= set(listed)
        assert len(listed) <= len(acknowledged) + self.kills
        for digest, size in listed.items():
            assert len(artifacts.read(digest)) == size


def forgets(artifacts: Artifacts) -> bool:
    """Return whether a store says that it forgets everything when it is closed, having seen that it does."""
    if artifacts.traits.durable != "none":
        return False
    artifacts.put(b"fleeting")
    artifacts.reopen()
    assert list(artifacts.store.all()) == []
    return True
