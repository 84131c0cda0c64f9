"""A point is put in place whole, in the order of the calls, whoever else writes meanwhile."""

import math
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deardiary.journal.hot import hot_of
from deardiary.journal.records import END_BYTES, FRAME, HEAD, NOTE, SEAL, WORD, Seal, told
from deardiary.journal.segments import Form
from deardiary.journal.writing import Journal
from journal.samples import Hand, bits, carried

FORMS: list[Form] = ["mapped", "written", "memory"]
SECONDS = 60


@pytest.fixture(params=FORMS)
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    form: Form = request.param
    journal = Journal(form=form) if form == "memory" else Journal(folder=str(tmp_path), form=form)
    yield journal
    journal.close(is_drained=True)


@pytest.fixture
def quick() -> Iterator[None]:
    """Switch threads as often as possible."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def steps_of(journal: Journal, key: str = "x") -> list[int]:
    found, _ = carried(journal)
    return [step for step, _, _ in found.get((1, key), [])]


# Steps.


def test_steps_are_counted_unless_they_are_given(journal: Journal) -> None:
    hand = Hand(journal)

    for step in (None, None, 10, None, 3, None, -5, None):
        hand.log({"x": 0.5}, step)

    assert steps_of(journal) == [0, 1, 10, 11, 3, 12, -5, 13]
    assert hand.counter.peek() == 14


def test_steps_are_reserved_together(journal: Journal) -> None:
    counter = Hand(journal).counter

    assert [counter.reserve(5), counter.reserve(1), counter.take(None, True), counter.peek()] == [0, 5, 6, 7]


def test_a_step_may_be_taken_without_counting(journal: Journal) -> None:
    counter = Hand(journal).counter

    assert [counter.take(None, False), counter.take(None, True), counter.take(None, False)] == [0, 0, 1]
    assert [counter.take(7, False), counter.peek()] == [7, 7]
    assert [counter.take(7, True), counter.peek()] == [7, 8]


@pytest.mark.parametrize("step", [1.0, "1", True, object()], ids=lambda step: type(step).__name__)
def test_a_step_of_another_kind_goes_the_long_way(journal: Journal, step: Any) -> None:
    slow: list[Any] = []
    hand = Hand(journal)
    hand.log({"x": 0.5}, 0)
    log, _ = hand.logger(lambda *all: slow.append(all))

    log({"x": 0.5}, step)

    assert slow == [({"x": 0.5}, step, True, None)]
    assert steps_of(journal) == [0]


@pytest.mark.parametrize(
    ("metrics", "named"),
    [
        ({"y": 0.5}, {}),
        ({"x": "text"}, {}),
        ({"x": None}, {}),
        ({"x": {"deep": 1.0}}, {}),
        ([("x", 0.5)], {}),
        (None, {}),
        ({"x": 0.5}, {"commit": False}),
        ({"x": 0.5}, {"recorded_at": 1}),
    ],
    ids=str,
)
def test_what_is_out_of_the_ordinary_goes_the_long_way(journal: Journal, metrics: Any, named: dict[str, Any]) -> None:
    slow: list[Any] = []
    hand = Hand(journal)
    hand.log({"x": 0.5}, 0)
    log, counter = hand.logger(lambda *all: slow.append(all), 5)

    log(metrics, None, **named)

    assert slow == [(metrics, None, named.get("commit", True), named.get("recorded_at"))]
    assert counter.peek() == 5
    assert steps_of(journal) == [0]


@pytest.mark.parametrize("value", [0.1, -0.0, 5e-324, 1.8e308, math.inf, math.nan, 2**62, True], ids=repr)
def test_values_come_back_bit_for_bit(journal: Journal, value: float) -> None:
    hand = Hand(journal)
    for _ in range(2):
        hand.log({"x": value})

    found, _ = carried(journal)

    assert [one for _, _, one in found[1, "x"]] == [bits(float(value))] * 2


# Room.


def test_a_hand_that_finds_no_room_goes_the_long_way(journal: Journal) -> None:
    hand = Hand(journal)
    hand.log({"x": 0.5})
    hand.hot.stop()
    slow: list[Any] = []
    log, _ = hand.logger(lambda *all: slow.append(all), 1)

    log({"x": 1.5})

    assert len(slow) == 1
    assert not hand.hot.put(NOTE, told(b"{}"))
    assert steps_of(journal) == [0]


def test_there_is_always_room_for_seals_and_a_turn(journal: Journal) -> None:
    hot = journal.begin()
    while hot.put(NOTE, b""):
        pass
    segment, ordinary, seal = journal.segments[0], hot.place(), Seal(0, 64, 128, 1).body()

    assert segment.size - END_BYTES >= ordinary > segment.size - END_BYTES - 2 * FRAME * WORD
    assert [hot.put(SEAL, seal) for _ in range(16)] == [True] * 16
    while hot.put(SEAL, seal):
        pass
    assert segment.size - FRAME * WORD >= hot.place()
    hot.stop()
    assert not hot.put(SEAL, seal)


def test_the_place_of_a_new_journal_is_after_its_head(journal: Journal) -> None:
    assert journal.place() == 0
    assert journal.begin().place() == HEAD.size
    assert hot_of(journal.segments[0]).place() == HEAD.size


# Others who write meanwhile.


def test_threads_lose_nothing_and_keep_their_order(journal: Journal, quick: None) -> None:
    hand, calls, threads = Hand(journal), 2000, 32

    def work(name: int) -> None:
        for n in range(calls):
            more = {} if n % 10 else {"y": 1.0}
            hand.log({f"x{name % 4}": float(n), **more}, name * calls + n)

    together = [threading.Thread(target=work, args=(name,)) for name in range(threads)]
    for one in together:
        one.start()
    for one in together:
        one.join(SECONDS)

    found, _ = carried(journal)
    assert sum(len(found[1, f"x{n}"]) for n in range(4)) == calls * threads
    assert len(found[1, "y"]) == calls * threads // 10
    for name in range(threads):
        mine = [step for step, _, _ in found[1, f"x{name % 4}"] if step // calls == name]
        assert mine == [*range(name * calls, (name + 1) * calls)]


def test_threads_take_steps_of_their_own(journal: Journal, quick: None) -> None:
    hand = Hand(journal)
    hand.log({"x": 0.5})

    def work() -> None:
        for _ in range(2000):
            hand.log({"x": 0.5})

    together = [threading.Thread(target=work) for _ in range(8)]
    for one in together:
        one.start()
    for one in together:
        one.join(SECONDS)

    steps = steps_of(journal)
    assert sorted(steps) == [*range(16_001)]


def test_a_handler_of_a_signal_may_log_amid_any_call(journal: Journal) -> None:
    hand, heard = Hand(journal), list[int]()
    hand.log({"x": 0.5}, 0)
    hand.log({"signal": 0.5}, 0)

    def handle(*_: object) -> None:
        heard.append(n := len(heard) + 1)
        hand.log({"signal": 0.5}, n)

    before = signal.signal(signal.SIGALRM, handle)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    try:
        calls = 0
        while len(heard) < 300:
            calls += 1
            hand.log({"x": 0.5}, calls)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    assert steps_of(journal) == [*range(calls + 1)]
    assert sorted(steps_of(journal, "signal")) == [0, *heard]  # a signal may come amid the handler of another
