"""A journal comes to its diary once, however it is cut, and whatever the diary refuses."""

from array import array
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from attrs import define, field

import deardiary
from deardiary import Iteration, IterationStatus
from deardiary.core.changes import Append, Batch, Insert, Receipt
from deardiary.core.entities import Experiment, Project, Writer
from deardiary.core.errors import (
    Corrupt,
    DearDiaryError,
    Invalid,
    Misplaced,
    StorageFull,
    Unavailable,
    Unprocessable,
)
from deardiary.core.guard import Guarded
from deardiary.core.points import Points
from deardiary.core.principals import Principal
from deardiary.core.queries import Query, SeriesQuery
from deardiary.core.shapes import instant, now
from deardiary.core.stores import Store
from deardiary.journal import carrying
from deardiary.journal.carrying import Away, Carrier, Refusal, note_of
from deardiary.journal.records import COLUMNS, NOTE, columns_body, told
from deardiary.journal.writing import Journal
from deardiary.registry import open_store
from journal.samples import Hand, said

NOON = datetime.fromisoformat("2026-05-05T12:00:00+00:00")


@pytest.fixture
def store() -> Iterator[Store]:
    """Return a store with three runs that go on."""
    with deardiary.open("memory://") as tracker:
        assert tracker.recorder is not None
        bare = tracker.recorder.store
        runs = [Insert(Iteration(id=-n, experiment_id=-1, name=str(n))) for n in (1, 2, 3)]
        bare.apply(
            Batch(
                [Insert(Project(id=-1, name="P")), Insert(Experiment(id=-1, project_id=-1, name="E")), *runs], at=now()
            )
        )
        yield bare


@pytest.fixture
def journal() -> Iterator[Journal]:
    journal = Journal(form="memory")
    yield journal
    journal.close(is_drained=True)


@define(eq=False)
class Lab:
    """A journal, a store, and what carries the one to the other."""

    journal: Journal
    store: Any
    kept: list[Refusal] = field(factory=list)
    notes: list[tuple[Any, DearDiaryError | None]] = field(factory=list)

    def carrier(self, **named: Any) -> Carrier:
        return Carrier(
            self.journal, self.store, "host", 1, self.kept.append, noted=lambda *all: self.notes.append(all), **named
        )

    def values(self, run: int, key: str = "x") -> list[float]:
        return [value for one in self.store.series(SeriesQuery(iterations=(run,), keys=(key,))) for value in one.values]


@pytest.fixture
def lab(journal: Journal, store: Store) -> Lab:
    return Lab(journal, store)


@define(eq=False)
class Before:
    """A store before which something happens."""

    store: Any
    act: Callable[[Batch], None]

    def apply(self, batch: Batch) -> Receipt:
        self.act(batch)
        return self.store.apply(batch)  # type: ignore[no-any-return]

    def find(self, query: Query[Any]) -> Any:
        return self.store.find(query)

    def series(self, query: SeriesQuery) -> Any:
        return self.store.series(query)


def end(store: Any, run: int, at: datetime) -> None:
    from deardiary.core.changes import Patch

    store.apply(Batch([Patch(Iteration, run, {"status_id": 2, "end_date": at})], at=now()))


# Cutting.


@pytest.mark.parametrize("most", [64, 100, 1009, 2**22])
def test_all_of_it_comes_once_however_it_is_cut(lab: Lab, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "BATCH_BYTES", most)
    hand, other = Hand(lab.journal, run=1), Hand(lab.journal, run=2)
    for n in range(300):
        hand.log({"x": n, "y": 0.5})
        other.log({"x": -n})
    carrier = lab.carrier()
    carrier._most = most

    assert carrier.carry()
    assert carrier.carry()

    assert lab.values(1) == [*range(300)]
    assert lab.values(2) == [-n for n in range(300)]
    assert (carrier.carried, carrier.position) == (900, lab.journal.place())


def test_carrying_stops_in_time_and_goes_on(lab: Lab) -> None:
    hand = Hand(lab.journal)
    for n in range(100):
        hand.log({"x": n})
    carrier = lab.carrier()
    carrier._most = 640

    assert not carrier.carry(until=0.0)
    assert 0 < carrier.carried < 100
    assert carrier.count() == (100 - carrier.carried, True)
    assert carrier.carry()
    assert lab.values(1) == [*range(100)]


def test_a_diary_that_has_more_is_gone_on_with_from_there(lab: Lab) -> None:
    """Someone else has carried a part, cut otherwise."""
    hand = Hand(lab.journal)
    for n in range(100):
        hand.log({"x": n})
    for most in (320, 1009, 333, 2**22):
        other = lab.carrier()
        other._most = most
        other.carry(until=0.0)
    late = lab.carrier()

    assert late.carry()

    assert lab.values(1) == [*range(100)]


@pytest.mark.parametrize("place", [-1, 10**9])
def test_a_diary_that_has_what_cannot_be_is_told(lab: Lab, place: int) -> None:
    Hand(lab.journal).log({"x": 0.5})

    def misplace(batch: Batch) -> None:
        raise Misplaced("elsewhere", position=place)

    lab.store = Before(lab.store, misplace)

    with pytest.raises(Away) as raised:
        lab.carrier(position=0, stored=0).carry()
    assert isinstance(raised.value.error, Corrupt)


def test_the_last_values_are_seen_before_the_store_has_them(lab: Lab) -> None:
    seen: list[Any] = []
    Hand(lab.journal).log({"x": 0.5})

    lab.carrier(seen=seen.append).peek()

    assert [key for _, key in said(seen)] == ["x"]
    assert lab.values(1) == []


# Away.


@pytest.mark.parametrize("error", [Unavailable("x"), StorageFull("x"), Corrupt("x"), OSError("x"), ZeroDivisionError()])
def test_a_diary_that_is_away_gets_it_later(lab: Lab, error: Exception) -> None:
    hand, is_away = Hand(lab.journal), True
    for n in range(10):
        hand.log({"x": n})

    def act(_: Batch) -> None:
        if is_away:
            raise error

    lab.store = Before(lab.store, act)
    carrier = lab.carrier()

    for _ in range(3):
        with pytest.raises(Away) as raised:
            carrier.carry()
        assert raised.value.error is error
    is_away = False
    assert carrier.carry()
    assert lab.values(1) == [*range(10)]
    assert lab.kept == []


def test_a_batch_whose_answer_was_lost_does_not_come_twice(lab: Lab) -> None:
    hand = Hand(lab.journal)
    for n in range(10):
        hand.log({"x": n})
    inner, lost = lab.store, [1, 1, 1]

    class Losing(Before):
        def apply(self, batch: Batch) -> Receipt:
            receipt: Receipt = inner.apply(batch)
            if lost and lost.pop():
                raise Unavailable("the answer is lost")
            return receipt

    lab.store = Losing(inner, lambda _: None)
    carrier = lab.carrier()
    for _ in range(3):
        with pytest.raises(Away):
            carrier.carry()
        hand.log({"x": 99})

    assert carrier.carry()
    assert lab.values(1) == [*range(10), 99, 99, 99]


def test_a_writer_that_has_nothing_to_say_beats(lab: Lab) -> None:
    carrier = lab.carrier()
    Hand(lab.journal).log({"x": 0.5})
    carrier.carry()
    (before,) = lab.store.find(Query(Writer)).rows

    carrier.beat()

    (after,) = lab.store.find(Query(Writer)).rows
    assert (after.position, after.seen_at >= before.seen_at) == (before.position, True)
    lab.store = Before(lab.store, _away)
    with pytest.raises(Away):
        lab.carrier().beat()


def _away(_: Batch) -> None:
    raise Unavailable("x")


# What is refused.


def test_points_of_a_run_that_is_gone_are_refused_and_others_not(lab: Lab) -> None:
    hands = [Hand(lab.journal, run=run) for run in (1, 77, 2)]
    for n in range(10):
        for hand in hands:
            hand.log({"x": n})
    carrier = lab.carrier()

    assert carrier.carry()

    assert (lab.values(1), lab.values(2)) == ([*range(10)], [*range(10)])
    (refusal,) = lab.kept
    assert (refusal.run, len(refusal.points), refusal.error.id) == (77, 10, 77)
    assert carrier.position == lab.journal.place()


def test_of_a_run_that_has_ended_only_later_points_are_refused(lab: Lab) -> None:
    hand = Hand(lab.journal)
    hand.log({"x": -1.0})
    times = array("q", [int(NOON.timestamp() * 1e6) + n for n in range(-5, 5)])
    lab.journal.put(COLUMNS, columns_body(hand.shapes["x",], array("q", range(10)), times, [array("d", range(10))]))
    end(lab.store, 1, NOON)

    assert lab.carrier().carry()

    (refusal,) = lab.kept
    assert isinstance(refusal.error, Unprocessable)
    assert [*refusal.points.columns[0].values] == [6.0, 7.0, 8.0, 9.0]
    assert sorted(lab.values(1)) == [-1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_what_is_refused_is_kept_before_the_rest_is_sent(lab: Lab) -> None:
    """So a process that is killed in between keeps it again, under the same name, rather than loses it."""
    for run in (1, 77):
        Hand(lab.journal, run=run).log({"x": 0.5})
    kept: list[int] = []

    def act(batch: Batch) -> None:
        if [one.iteration_id for one in batch.elements if isinstance(one, Append)] == [1]:
            kept.append(len(lab.kept))
            raise Unavailable("x")

    inner, lab.store = lab.store, Before(lab.store, act)
    with pytest.raises(Away):
        lab.carrier().carry()
    lab.store = inner
    assert lab.carrier().carry()

    assert kept == [1]
    assert [one.name for one in lab.kept] == [lab.kept[0].name] * 2
    assert lab.values(1) == [0.5]


def test_a_refusal_that_names_no_run_is_narrowed_down(lab: Lab) -> None:
    hands = [Hand(lab.journal, run=run) for run in (1, 2, 3)]
    for n in range(40):
        for hand in hands:
            hand.log({"x": n})

    def act(batch: Batch) -> None:
        for one in batch.elements:
            if isinstance(one, Append) and one.iteration_id == 2 and 17.0 in one.points.columns[0].values:
                raise Invalid("seventeen")

    lab.store = Before(lab.store, act)

    assert lab.carrier().carry()

    assert (lab.values(1), lab.values(3)) == ([*range(40)], [*range(40)])
    assert 17.0 not in lab.values(2)
    lost = [value for one in lab.kept for value in one.points.columns[0].values]
    assert sorted([*lab.values(2), *lost]) == [*range(40)]
    assert len(lost) <= 2


# Notes.


def noted(lab: Lab, run: int, batch: str) -> None:
    values = {"status_id": int(IterationStatus.SUCCEEDED), "end_date": now()}
    import json

    lab.journal.put(NOTE, told(json.dumps(note_of(run, batch, values)).encode()))


def rows(lab: Lab) -> list[Iteration]:
    return list(lab.store.find(Query(Iteration)).rows)


def test_a_note_is_followed_when_the_points_before_it_are_there(lab: Lab) -> None:
    hand = Hand(lab.journal)
    for n in range(100):
        hand.log({"x": n})
    noted(lab, 1, "0" * 32)

    assert lab.carrier().carry()

    assert lab.values(1) == [*range(100)]
    assert rows(lab)[0].status_id == IterationStatus.SUCCEEDED
    assert [error for _, error in lab.notes] == [None]


def test_a_note_is_followed_once(lab: Lab) -> None:
    Hand(lab.journal).log({"x": 0.5})
    noted(lab, 1, "0" * 32)

    for _ in range(3):
        assert lab.carrier().carry()

    assert [error for _, error in lab.notes] == [None] * 3


def test_a_note_for_a_run_that_someone_else_has_ended_is_refused(lab: Lab) -> None:
    noted(lab, 1, "0" * 32)
    noted(lab, 77, "1" * 32)
    end(lab.store, 1, NOON)

    assert lab.carrier().carry()

    assert [error is not None for _, error in lab.notes] == [True, True]
    assert rows(lab)[0].end_date == NOON


def test_a_note_waits_for_a_diary_that_is_away(lab: Lab) -> None:
    noted(lab, 1, "0" * 32)
    inner, lab.store = lab.store, Before(lab.store, _away)
    carrier = lab.carrier()
    with pytest.raises(Away):
        carrier.carry()
    carrier.store = inner

    assert carrier.carry()

    assert rows(lab)[0].end_date is not None


def test_a_store_that_is_not_guarded_takes_a_journal_too() -> None:
    bare = open_store("memory://")
    journal = Journal(form="memory")
    with deardiary.open(store=bare) as tracker:
        run = deardiary.init("P", tracker=tracker, snapshot=False, quiet=True)
        Hand(journal, run=run.id).log({"x": 0.5})
        store = Guarded(bare, Principal(user_id=1, is_admin=True))

        assert Carrier(journal, store, "host", 1, lambda _: None).carry()

        assert [one.value for one in tracker.get_metrics(run)] == [0.5]
    journal.close(is_drained=True)


def test_points_are_parted_by_their_times() -> None:
    points = Points.of([("x", 0.0, 0, 5), ("x", 1.0, 1, 7), ("y", 2.0, 0, 7)])

    early = carrying._parted(points, lambda time: time <= 5)

    assert [(one.key, [*one.values], [*one.steps], [*one.times]) for one in early] == [("x", [0.0], [0], [5])]
    assert instant(5) < NOON
