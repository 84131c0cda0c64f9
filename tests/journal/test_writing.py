"""A journal grows by segments, each of which says all that is needed to read it, and shrinks as it is drained."""

import os
import random
import signal
import sys
import threading
import time
from array import array
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from deardiary.core.errors import StorageFull, Unavailable
from deardiary.journal import owners, segments, writing
from deardiary.journal.owners import OWNER
from deardiary.journal.reading import cut
from deardiary.journal.records import COLUMNS, HEAD, columns_body
from deardiary.journal.segments import SUFFIX, Form, Segment
from deardiary.journal.writing import Journal, Room
from journal.samples import Hand, bits, carried, left_in
from nightly import NIGHTLY

FORMS: list[Form] = ["mapped", "written"]
SECONDS = 60
WAITING_BYTES = 2**30 if NIGHTLY else 2**26


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have segments of 4 KiB."""
    for name in ("FIRST_BYTES", "SEGMENT_BYTES"):
        monkeypatch.setattr(writing, name, 4096)
    monkeypatch.setattr(writing, "_rounded", lambda size: -(-size // 4096) * 4096)


@pytest.fixture(params=FORMS)
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(folder=str(tmp_path / "journals"), url="sqlite:///there", form=request.param)
    yield journal
    journal.close(is_drained=True)


def files(journal: Journal) -> list[str]:
    """Return the files of a journal, but not of its next segment."""
    assert journal.folder is not None
    spare = os.path.basename(journal._spare.path) if journal._spare else ""
    return sorted(name for name in os.listdir(journal.folder) if name not in (".gitignore", spare))


def fill(hand: Hand) -> None:
    """Log until there is no room."""
    for n in range(10_000):
        hand.log({"x": 0.5}, n)


def steps(found: object) -> list[int]:
    assert isinstance(found, list)
    return [step for step, _, _ in found]


# Its beginning.


def test_a_journal_that_nobody_writes_makes_no_files(tmp_path: Path) -> None:
    journal = Journal(folder=str(tmp_path / "journals"))

    assert journal.place() == 0
    assert journal.read(0, 100) is None
    journal.sync()
    journal.close(is_drained=True)
    assert os.listdir(tmp_path) == []


def test_a_journal_has_an_owner_and_a_segment(journal: Journal) -> None:
    Hand(journal).log({"x": 0.5})

    assert files(journal) == [f"{journal.writer}.00000000{SUFFIX}", f"{journal.writer}{OWNER}"]
    assert left_in(Path(str(journal.folder))).owner.url == "sqlite:///there"


def test_a_folder_that_cannot_be_made_is_told_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    journal = Journal(folder=str(tmp_path / "file" / "journals"))

    for _ in range(2):
        with pytest.raises(Unavailable, match="cannot be used"):
            journal.begin()
    (tmp_path / "file").unlink()
    monkeypatch.setattr(writing, "AGAIN_SECONDS", 0.0)

    Hand(journal).log({"x": 0.5})
    journal.close(is_drained=True)


def test_a_file_that_is_in_the_way_is_told(tmp_path: Path) -> None:
    journal = Journal(folder=str(tmp_path))
    Path(segments.path_of(str(tmp_path), journal.writer, 0)).touch()

    with pytest.raises(Unavailable, match="File exists"):
        journal.begin()
    journal.close(is_drained=True)


# Segments.


def test_it_goes_on_in_the_next_segment(journal: Journal, small: None) -> None:
    hand = Hand(journal)
    for n in range(1000):
        hand.log({"x": n / 3}, n)

    found, _ = carried(journal)

    assert len(journal.segments) > 10
    assert found == {(1, "x"): [(n, time, bits(n / 3)) for n, (_, time, _) in enumerate(found[1, "x"])]}
    assert all(one.stop == following.start for one, following in pairwise(journal.segments))


def test_others_find_what_it_says(journal: Journal, small: None) -> None:
    hand = Hand(journal)
    for n in range(1000):
        hand.log({"x": n / 3}, n)

    assert carried(left_in(Path(str(journal.folder))))[0] == carried(journal)[0]


def test_segments_go_when_they_are_drained(journal: Journal, small: None) -> None:
    hand = Hand(journal)
    for n in range(1000):
        hand.log({"x": 0.5}, n)
    third, end = journal.segments[3], journal.place()

    journal.drained(third.start - 8)
    assert journal.segments[0].number == 2
    journal.drained(third.start)
    assert journal.segments[0] is third
    journal.drained(end)

    assert len(journal.segments) == 1
    assert len(files(journal)) == 2
    hand.log({"x": 1.5}, 1000)
    assert carried(journal, end)[0][1, "x"][0][0] == 1000


def test_a_journal_that_is_drained_does_not_grow(journal: Journal, small: None) -> None:
    hand, most = Hand(journal), 0
    for n in range(5000):
        hand.log({"x": 0.5}, n)
        if n % 100 == 0:
            journal.drained(journal.place())
            most = max(most, len(files(journal)))

    assert most <= 5


@pytest.mark.parametrize("is_drained_before", [False, True])
def test_each_segment_can_be_read_alone(journal: Journal, small: None, is_drained_before: bool) -> None:
    """That is what recovery finds when the diary had the segments before."""
    hand, dice = Hand(journal), random.Random(0)
    for n in range(900):
        hand.log({f"k{dice.randrange(20)}": float(n), "x": 1.0}, n)
    numbers = [one.number for one in journal.segments]
    assert len(numbers) > 10

    places = [one.start for one in journal.segments] + [one.start + 2000 for one in journal.segments][:-1]
    expected = {place: carried(journal, _whole(journal, place))[0] for place in sorted(places)}
    for place in sorted(places):
        if is_drained_before:
            journal.drained(_whole(journal, place))
        left = left_in(Path(str(journal.folder)), _whole(journal, place))
        assert carried(left, _whole(journal, place))[0] == expected[place], place


def _whole(journal: Journal, place: int) -> int:
    """Return the first place from one on at which a record begins."""
    found = next(one for one in journal.segments if one.start <= place < one.stop)
    at, shapes = HEAD.size, dict(journal.shapes)
    while found.start + at < place and at < found.size:
        data = found.read(at, at + 4096)
        size = int.from_bytes(data[4:8], "little") * 8
        if size == 0:
            return found.stop
        assert cut(data[:size], at, shapes).stop >= at
        at += size
    return found.start + (at if at > HEAD.size else 0)


def test_shapes_that_are_forgotten_are_not_carried_along(journal: Journal, small: None) -> None:
    first = Hand(journal)
    first.log({"gone": 0.5}, 0)
    journal.forget([*first.shapes.values()])
    hand = Hand(journal)
    for n in range(1000):
        hand.log({"x": 0.5}, n)

    last = journal.segments[-1].read(0, 4096)
    assert b'"x"' in last
    assert b'"gone"' not in last


@pytest.mark.parametrize("size", [4000, 5000, 2**20, 2**23 + 8, 2**24])
def test_a_record_longer_than_a_segment_has_one_of_its_own(journal: Journal, small: None, size: int) -> None:
    hand, rows = Hand(journal), size // 24
    hand.log({"x": -1.0}, 0)
    column, whole = array("d", [0.25]) * rows, array("q", range(rows))

    journal.put(COLUMNS, columns_body(hand.shapes["x",], whole, whole, [column]))
    hand.log({"x": -2.0}, rows)

    for source in (journal, left_in(Path(str(journal.folder)))):
        found, _ = carried(source)
        assert steps(found[1, "x"]) == [0, *range(rows), rows]


def test_twenty_thousand_shapes_come_back(journal: Journal) -> None:
    hand = Hand(journal)
    for n in range(20_000):
        hand.log({f"k{n}": float(n), "x": 1.0}, n)

    found, _ = carried(left_in(Path(str(journal.folder))))

    assert len(found) == 20_001
    assert steps(found[1, "x"]) == [*range(20_000)]
    assert all([(step, one) for step, _, one in found[1, f"k{n}"]] == [(n, bits(float(n)))] for n in range(20_000))


def test_two_shapes_take_turns_over_segments(journal: Journal, small: None) -> None:
    hand = Hand(journal)
    for n in range(5000):
        hand.log({"x": float(n)} if n % 2 else {"x": float(n), "y": 0.5, "z": 0.5}, n)

    for source in (journal, left_in(Path(str(journal.folder)))):
        found, _ = carried(source)
        assert steps(found[1, "x"]) == [*range(5000)]
        assert steps(found[1, "z"]) == [*range(0, 5000, 2)]


@pytest.mark.parametrize("form", FORMS)
def test_a_million_points_of_one_call_come_back(tmp_path: Path, form: Form) -> None:
    count = 1_000_000
    journal = Journal(folder=str(tmp_path), form=form)
    hand = Hand(journal)
    hand.log({"x": -1.0}, -1)
    values, whole = array("d", [0.5]) * count, array("q", range(count))

    journal.put(COLUMNS, columns_body(hand.shapes["x",], whole, whole, [values]))

    _, taker = carried(left_in(tmp_path))
    (column,) = taker.runs[-1][1]
    assert (len(column), column.values[-1], column.steps[-1]) == (count + (len(taker.runs) == 1), 0.5, count - 1)
    journal.close(is_drained=True)


# Room.


def test_a_journal_takes_no_more_room_than_it_may(tmp_path: Path, small: None) -> None:
    journal = Journal(folder=str(tmp_path), room=Room(most_bytes=5 * 4096))
    hand = Hand(journal)

    with pytest.raises(StorageFull, match="may have 20,480"):
        fill(hand)
    kept = len(carried(journal)[0][1, "x"])
    with pytest.raises(StorageFull):
        hand.log({"x": 0.5})

    assert len(journal.segments) == 5
    assert kept > 200
    journal.close(is_drained=True)


def test_a_journal_that_was_full_goes_on_when_it_is_drained(
    tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "AGAIN_SECONDS", 0.0)
    journal = Journal(folder=str(tmp_path), room=Room(most_bytes=5 * 4096))
    hand = Hand(journal)
    with pytest.raises(StorageFull):
        fill(hand)
    place = journal.place()
    journal.drained(place)

    hand.log({"x": 1.5}, -1)

    assert [one[:1] + one[2:] for one in carried(journal, place)[0][1, "x"]] == [(-1, bits(1.5))]
    journal.close(is_drained=True)


def test_a_large_journal_leaves_room_to_others(tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SMALL_BYTES", 8192)
    monkeypatch.setattr(writing, "_free", lambda _: 2**30)
    journal = Journal(folder=str(tmp_path), room=Room(leave_bytes=2**30))
    hand = Hand(journal)

    with pytest.raises(StorageFull, match="leaves 1,073,741,824 to others"):
        fill(hand)
    assert len(journal.segments) == 2
    journal.close(is_drained=True)


def test_a_refusal_that_is_repeated_does_not_grow(tmp_path: Path, small: None) -> None:
    """Its stack trace does, if it is raised again and again."""
    journal = Journal(folder=str(tmp_path), room=Room(most_bytes=4096))
    hand = Hand(journal)
    until, depth = time.monotonic() + 0.15, 0
    while time.monotonic() < until:
        try:
            hand.log({"x": 0.5})
        except StorageFull as error:
            trace, depth = error.__traceback__, 0
            while trace is not None:
                trace, depth = trace.tb_next, depth + 1

    assert 0 < depth < 30
    journal.close(is_drained=True)


# Its end.


def test_a_journal_that_is_drained_leaves_nothing(journal: Journal, small: None) -> None:
    hand = Hand(journal)
    for n in range(1000):
        hand.log({"x": 0.5}, n)

    journal.close(is_drained=True)
    journal.close(is_drained=True)

    assert os.listdir(str(journal.folder)) == [".gitignore"]


def test_a_journal_that_is_not_drained_is_left_for_others(journal: Journal, small: None) -> None:
    hand = Hand(journal)
    for n in range(1000):
        hand.log({"x": 0.5}, n)

    journal.close(is_drained=False)

    folder = Path(str(journal.folder))
    assert steps(carried(left_in(folder))[0][1, "x"]) == [*range(1000)]
    found = owners.claimed(str(next(folder.glob(f"*{OWNER}"))))
    assert found is not None
    found[0].release()


def test_a_journal_without_room_for_a_segment_leaves_no_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageFull("full")

    monkeypatch.setattr(writing, "created", full)
    journal = Journal(folder=str(tmp_path))
    with pytest.raises(StorageFull):
        journal.begin()

    journal.close(is_drained=True)

    assert os.listdir(tmp_path) in ([], [".gitignore"])
    assert not [one for one in owners._OWN if one.startswith(str(tmp_path))]


def test_its_thread_ends_with_it(journal: Journal) -> None:
    Hand(journal).log({"x": 0.5})
    keeper = journal._keeper

    journal.close(is_drained=True)

    assert keeper is not None
    keeper.join(SECONDS)
    assert not keeper.is_alive()


# Threads and forks.


@pytest.mark.parametrize("form", [*FORMS, "memory"])
def test_threads_that_define_and_turn_and_sync_lose_nothing(
    tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch, form: Form
) -> None:
    monkeypatch.setattr(writing, "SYNC_SECONDS", 0.001)
    monkeypatch.setattr(segments, "_datasync", lambda _: None)
    journal = Journal(form=form) if form == "memory" else Journal(folder=str(tmp_path), form=form)
    failures: list[BaseException] = []
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def work(name: int) -> None:
        try:
            hand = Hand(journal, run=name)
            for n in range(1000):
                hand.log({f"k{n % 7}": float(n), "x": float(name)}, n)
                if n % 100 == 0:
                    journal.sync()
        except BaseException as error:
            failures.append(error)

    together = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    try:
        for one in together:
            one.start()
        for one in together:
            one.join(SECONDS)
    finally:
        sys.setswitchinterval(interval)

    assert failures == []
    assert form == "memory" or (journal._keeper is not None and journal._keeper.is_alive())
    for source in [journal] if form == "memory" else [journal, left_in(tmp_path)]:
        found, _ = carried(source)
        assert all(steps(found[name, "x"]) == [*range(1000)] for name in range(8))
    journal.close(is_drained=True)


def test_a_forked_process_leaves_the_journal_alone(journal: Journal, small: None) -> None:
    hand = Hand(journal)
    for n in range(500):
        hand.log({"x": 0.5}, n)

    child = os.fork()
    if not child:
        journal.disown()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    for n in range(500, 1000):
        hand.log({"x": 0.5}, n)

    (owner,) = Path(str(journal.folder)).glob(f"*{OWNER}")
    assert owners.claimed(str(owner)) is None
    assert steps(carried(left_in(Path(str(journal.folder))))[0][1, "x"]) == [*range(1000)]


# What is on the disk.


def test_nothing_is_sealed_twice(journal: Journal) -> None:
    hand = Hand(journal)
    hand.log({"x": 0.5})
    journal.sync()
    end = journal.place()

    for _ in range(3):
        journal.sync()

    assert journal.place() == end


def test_a_journal_that_waits_for_long_is_read_to_its_end(tmp_path: Path) -> None:
    journal = Journal(folder=str(tmp_path), room=Room(leave_bytes=0))
    hand, rows = Hand(journal), 2**17
    hand.log({"x": 0.5}, -1)
    column, whole = array("d", [0.25]) * rows, array("q", range(rows))
    body = columns_body(hand.shapes["x",], whole, whole, [column])

    written = 0
    while journal.place() < WAITING_BYTES:
        journal.put(COLUMNS, body)
        written += rows

    left = left_in(tmp_path)
    place = count = 0
    while (found := left.read(place, 2**23)) is not None:
        segment, at, data = found
        part = cut(data, at, left.shapes)
        if part.stop == at:
            break
        count += len(part)
        place = segment.stop if part.is_turned else segment.start + part.stop
    assert count == 1 + written
    journal.close(is_drained=True)


def test_a_signal_in_the_midst_of_a_turn_loses_nothing(
    journal: Journal, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, heard = Hand(journal), list[int]()
    hand.log({"x": 0.5}, 0)
    hand.log({"signal": 0.5}, 0)
    real = Journal._created

    def made(self: Journal, number: int, start: int, size: int) -> Segment:
        segment = real(self, number, start, size)
        if threading.current_thread() is threading.main_thread():
            signal.raise_signal(signal.SIGALRM)
        return segment

    def handle(*_: object) -> None:
        heard.append(len(heard) + 1)
        hand.log({"signal": 0.5}, heard[-1])

    monkeypatch.setattr(Journal, "_created", made)
    before = signal.signal(signal.SIGALRM, handle)
    try:
        for n in range(1, 1000):
            hand.log({"x": 0.5}, n)
    finally:
        signal.signal(signal.SIGALRM, before)

    found, _ = carried(journal)
    assert heard != []
    assert steps(found[1, "x"]) == [*range(1000)]
    assert steps(found[1, "signal"]) == [0, *heard]
