"""How points come from the loop to the diary: at once into a journal, and on, whatever the diary does meanwhile."""

import math
import os
import sqlite3
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from pathlib import Path
from textwrap import dedent
from types import FrameType, MappingProxyType
from typing import Any, Literal

import numpy as np
import pytest
from attrs import define, field

import deardiary
from deardiary import FAILED, KILLED, RUNNING, SUCCEEDED, Run, beginning, current, going, recorder
from deardiary import line as lines
from deardiary.backends.sql import sqlite
from deardiary.core.changes import Batch, Patch, Receipt
from deardiary.core.conditions import metric
from deardiary.core.declared import E
from deardiary.core.entities import Iteration, Summary, Writer
from deardiary.core.errors import Corrupt, Invalid, NotFound, StorageFull, Unavailable, Unprocessable
from deardiary.core.queries import Page, Query, Series, SeriesQuery
from deardiary.core.shapes import now
from deardiary.core.stores import Store
from deardiary.endings import Fate, end_all
from deardiary.fluent import _joined
from deardiary.journal import owners, segments, writing
from deardiary.journal.records import END_BYTES
from deardiary.line import Line
from deardiary.recorder import recorder_of
from deardiary.refused import place_refused, refused_in
from deardiary.registry import open_store
from deardiary.tracker import Tracker
from places import alone, written

SECONDS = 20.0
"""What nothing here comes near."""


# Diaries that go away.


@define(eq=False)
class Away:
    """A store that is away now and then, slow, or does not come back."""

    store: Store
    error: Exception | None = None
    hung: "threading.Event | None" = None
    """What its callers wait for."""
    seconds: float = 0.0
    lost: "Literal['', 'question', 'answer']" = ""
    """What of every third batch of points is lost on its way."""
    appended: int = 0
    failed: int = 0
    """How many calls it has refused."""

    def apply(self, batch: Batch, /) -> Receipt:
        self._go()
        self.appended += batch.stream is not None
        fails = self.lost and batch.stream is not None and self.appended % 3 == 0
        if fails and self.lost == "question":
            raise Unavailable("the question was lost on its way")
        receipt = self.store.apply(batch)
        if fails:
            raise Unavailable("the answer was lost on its way")
        return receipt

    def find(self, query: Query[E], /) -> Page[E]:
        self._go()
        return self.store.find(query)

    def series(self, query: SeriesQuery, /) -> list[Series]:
        self._go()
        return self.store.series(query)

    def close(self) -> None:
        self.store.close()

    def _go(self) -> None:
        time.sleep(self.seconds)
        if self.hung is not None:
            self.hung.wait(SECONDS)
        if self.error is not None:
            self.failed += 1
            raise self.error


@define(eq=False)
class Lab:
    """A diary that may go away, and where its journals are."""

    tracker: Tracker
    store: Away
    folder: Path | None
    runs: list[Run] = field(factory=list)

    def begin(self, **named: Any) -> Run:
        run = deardiary.init("Iris", tracker=self.tracker, **{"snapshot": False, "quiet": True, **named})
        self.runs.append(run)
        return run

    def behind(self, batch: Batch) -> None:
        """Do something in the diary as another process would."""
        self.tracker.store.store.apply(batch)  # type: ignore[attr-defined]  # below what drains

    def end(self, run: Run, **values: Any) -> None:
        """End a run as another process would."""
        values = {"end_date": now(), "status_id": FAILED, **values}
        self.behind(Batch([Patch(Iteration, run.id, values)]))


AWAY = Unavailable("the diary is away")
Begin = Callable[..., Run]


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in beginning.RANKS:
        monkeypatch.delenv(name, raising=False)
    for module in (lines, going):
        monkeypatch.setattr(module, "BLOCKED_SECONDS", 0.001)
    monkeypatch.setattr(recorder, "AGAIN_SECONDS", 0.001)
    monkeypatch.setattr(recorder, "DRAIN_SECONDS", 0.005)
    monkeypatch.setattr(recorder, "LONGEST_SECONDS", 0.02)
    yield alone(monkeypatch, tmp_path)
    for run in list(current._going):
        run.finish()


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no thread that carries points."""
    monkeypatch.setattr(recorder, "DRAIN_SECONDS", 1000)
    monkeypatch.setattr(recorder, "LONGEST_SECONDS", 1000)


@contextmanager
def opened(place: str, work: Path) -> Iterator[Lab]:
    if place == "memory":
        store = Away(open_store("memory://"))
        tracker, folder = deardiary.open(store=store), None
    else:
        tracker, folder = deardiary.open(f"sqlite:///{work / 'd.db'}"), work / "d.db.journals"
        undisturbed: Any = tracker.store.store  # type: ignore[attr-defined]  # below what drains
        store = undisturbed.store = Away(undisturbed.store)
    lab = Lab(tracker, store, folder)
    try:
        yield lab
    finally:
        store.error, store.lost, store.seconds = None, "", 0.0
        if store.hung is not None:
            store.hung.set()
            store.hung = None
        tracker.close()


@pytest.fixture(params=["memory", "file"])
def lab(request: pytest.FixtureRequest, work: Path) -> Iterator[Lab]:
    with opened(request.param, work) as lab:
        yield lab


@pytest.fixture
def filed(work: Path) -> Iterator[Lab]:
    """Return a diary in a file."""
    with opened("file", work) as lab:
        yield lab


def values(run: Run, key: str = "loss") -> list[float]:
    return [point.value for point in run.tracker.get_metrics(run, key)]


def kept(run: Run) -> Iteration:
    row = run.tracker.get_iteration(run)
    assert row is not None
    return row


def line(run: Run) -> Line:
    assert isinstance(run._line, Line)
    return run._line


def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it never came to be so"
        time.sleep(0.002)


def in_time(act: Callable[[], object], seconds: float = 3.0) -> object:
    """Return what a function returns or raises, which takes no longer than it may."""
    found: list[object] = []

    def work() -> None:
        try:
            found.append(act())
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    assert found, f"it takes longer than {seconds} s"
    return found[0]


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


# Going on while the diary is away.


class Strange(Exception):
    """What no diary of ours raises."""


FAULTS = [
    AWAY,
    StorageFull("the disk is full"),
    Corrupt("a page is damaged"),
    OSError("no such luck"),
    sqlite3.DatabaseError("malformed"),
    Strange("what is this?"),
    KeyError("row"),
    RecursionError(),
]


@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
def test_a_loop_goes_on_when_its_diary_is_away_and_that_is_said_once(
    lab: Lab, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    run = lab.begin()
    run.log({"loss": 0})
    run.flush()
    lab.store.error = error
    for step in range(1, 100):
        run.log({"loss": step, "acc": step})
    until(lambda: lab.store.failed > 3)
    for step in range(100, 200):
        run.log({"loss": step, "acc": step})
    lab.store.error = None
    until(lambda: not recorder_of(lab.tracker).is_waiting and not recorder_of(lab.tracker)._away)

    first, last = said(capsys)
    where = "in memory" if lab.folder is None else f"in {lab.folder}"
    assert (
        first == f"deardiary: warning: {error!s}{'RecursionError' * (not str(error))}; "
        f"points wait {where} until the diary takes them"
    )
    assert last == "deardiary: the diary takes points again; 398 that waited are in it"
    assert (values(run), values(run, "acc")) == ([*range(200)], [*range(1, 200)])
    run.finish()
    assert (kept(run).lost_points, kept(run).status_id) == (0, SUCCEEDED)


def test_each_time_that_a_diary_is_away_is_said(filed: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    run = filed.begin()
    for turn in range(3):
        filed.store.error = AWAY
        run.log({"loss": turn})
        until(lambda: recorder_of(filed.tracker)._away)
        filed.store.error = None
        until(lambda: not recorder_of(filed.tracker)._away)

    assert [("takes points again; 1 that" in one, "is away" in one) for one in said(capsys)] == [
        (False, True),
        (True, False),
    ] * 3


def test_a_diary_that_does_not_come_back_slows_no_loop(lab: Lab) -> None:
    run = lab.begin()
    run.log({"loss": -1})
    lab.store.hung = threading.Event()

    def loop() -> None:
        for step in range(20_000):
            run.log({"loss": step})

    began = time.monotonic()
    in_time(loop)

    assert time.monotonic() - began < 2
    lab.store.hung.set()
    assert values(run) == [-1, *range(20_000)]


def test_a_run_is_shown_while_its_diary_does_not_come_back(lab: Lab) -> None:
    run = lab.begin()
    run.log({"loss": 0.5})
    run.flush()
    lab.store.hung = threading.Event()
    run.log({"loss": 0.25})
    time.sleep(0.05)

    assert "loss 0.25" in str(in_time(lambda: repr(run)))


def test_a_slow_diary_loses_nothing(lab: Lab) -> None:
    run = lab.begin()
    lab.store.seconds = 0.01
    for step in range(1000):
        run.log({"loss": step})
    run.finish()

    assert (values(run), kept(run).lost_points) == ([*range(1000)], 0)


@pytest.mark.parametrize("lost", ["question", "answer"])
def test_what_is_lost_on_its_way_is_sent_again_and_comes_once(lab: Lab, lost: Any) -> None:
    run = lab.begin()
    lab.store.lost = lost
    for step in range(300):
        run.log({"loss": step})
        if step % 10 == 0:
            time.sleep(0.002)
    lab.store.lost = ""
    run.finish()

    assert (values(run), kept(run).lost_points) == ([*range(300)], 0)
    assert lab.store.appended > 3


def test_a_file_that_another_process_locks_keeps_nobody_from_logging(
    filed: Lab, monkeypatch: pytest.MonkeyPatch, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE_SECONDS", 0.05)
    run = filed.begin()
    with closing(sqlite3.connect(work / "d.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for step in range(1000):
            run.log({"loss": step})
        until(lambda: recorder_of(filed.tracker)._away)
    until(lambda: not recorder_of(filed.tracker)._away)

    assert values(run) == [*range(1000)]
    first, last = said(capsys)
    assert "is locked: another process has been writing" in first
    assert last == "deardiary: the diary takes points again; 1,000 that waited are in it"


def test_parameters_are_at_hand_even_when_they_could_not_be_written(
    lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    run = lab.begin()
    lab.store.error = AWAY
    run.log_parameters(lr=0.1)
    run.config["depth"] = 3

    assert (run.config["lr"], run.config.depth) == (0.1, 3)
    assert said(capsys) == ["deardiary: warning: run IRI-1: the diary is away"]


def test_each_artifact_that_could_not_be_written_is_told(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    run = lab.begin()
    lab.store.error = AWAY
    for name in ("a", "b", "a"):
        assert run.log_artifact(b"1", name, store="inline") is None

    assert said(capsys) == [
        f"deardiary: warning: run IRI-1: the artifact '{name}' could not be written: the diary is away" for name in "ab"
    ]


def test_notes_and_tags_that_could_not_be_written_are_told(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    run = lab.begin()
    lab.store.error = AWAY
    run.note("one")
    run.tag("good")

    assert said(capsys) == [
        "deardiary: warning: run IRI-1: a note could not be written: the diary is away",
        "deardiary: warning: run IRI-1: the diary is away",
    ]


def test_what_a_run_shows_in_a_notebook_needs_no_diary(lab: Lab) -> None:
    run = lab.begin(config={"lr": 0.1})
    lab.store.error = AWAY
    run.log({"loss": 0.5})

    assert "0.5" in run._repr_html_()
    assert "loss 0.5" in repr(run)


# Reading one's own points.

READS: dict[str, Callable[[Tracker, Run], object]] = {
    "get_metrics": lambda tracker, run: [one.value for one in tracker.get_metrics(run, "loss")] == [0, 1],
    "get_metrics of all": lambda tracker, run: len(tracker.get_metrics(run)) == 2,
    "get_series": lambda tracker, run: tracker.get_series(run, "loss").values.tolist() == [0, 1],
    "get_all_series": lambda tracker, run: len(tracker.get_all_series(run)["loss"].values) == 2,
    "get_many_series": lambda tracker, run: [len(one.values) for one in tracker.get_many_series([run])] == [2],
    "get_summaries": lambda tracker, run: [one.count for one in tracker.get_summaries(run)] == [2],
    "find summaries": lambda tracker, run: [one.last for one in tracker.find(Summary)] == [1],
    "find ordered": lambda tracker, run: tracker.find(Iteration, order="-metrics.loss")[0].id == run.id,
    "find asking": lambda tracker, run: [one.id for one in tracker.find(Iteration, metric("loss") == 1)] == [run.id],
    "count asking": lambda tracker, run: tracker.count(Iteration, metric("loss") == 1) == 1,
    "summary": lambda tracker, run: dict(run.summary) == {"loss": 1},
    "table": lambda tracker, run: [one.metrics for one in tracker.get_table()] == [{"loss": 1}],
    "table asking": lambda tracker, run: len(tracker.get_table(None, metric("loss") > 0, order="metrics.loss")) == 1,
    "last seen": lambda tracker, run: tracker.get_last_seen([run])[run.id] >= run.iteration.created_date,
    "page": lambda tracker, run: run._repr_html_().count("loss") > 0,
}


@pytest.mark.parametrize("read", READS)
def test_one_always_reads_what_one_has_logged(still: None, lab: Lab, read: str) -> None:
    lab.begin().log({"other": 3})
    run = lab.begin()
    for value in range(2):
        run.log({"loss": value})

    assert recorder_of(lab.tracker).is_waiting
    if read == "find ordered":
        assert READS[read](lab.tracker, run)
    else:
        lab.tracker.delete_iteration(1)
        run.log({"loss": 1}, step=1)
        lab.tracker.delete_metric(lab.tracker.get_metrics(run)[-1])
        assert READS[read](lab.tracker, run)


@pytest.mark.parametrize("read", READS)
def test_a_second_tracker_of_the_file_reads_it_too(still: None, filed: Lab, work: Path, read: str) -> None:
    run = filed.begin()
    with deardiary.open(f"sqlite:///{work / 'd.db'}") as other:
        for value in range(2):
            run.log({"loss": value})
        assert READS[read](other, run)


def test_points_and_verbs_keep_the_order_in_which_they_came(still: None, lab: Lab) -> None:
    run, tracker = lab.begin(), lab.tracker
    run.log({"loss": 0}, step=0)
    tracker.create_metric(run, "loss", 1, 0)
    run.log({"loss": 2}, step=0)
    tracker.log_metrics(run, {"loss": 3}, step=0)
    run.log({"loss": 4}, step=0)

    assert values(run) == [0, 1, 2, 3, 4]


def test_what_is_deleted_was_logged_before(still: None, lab: Lab) -> None:
    run, tracker = lab.begin(), lab.tracker
    run.log({"loss": 0, "acc": 0})
    tracker.delete_metrics(run, "loss")
    run.log({"loss": 1})
    tracker.delete_metrics(run)
    run.log({"loss": 2, "acc": 2})

    assert (values(run), values(run, "acc")) == ([2], [2])


def test_an_end_from_outside_comes_after_what_was_logged(still: None, lab: Lab) -> None:
    run = lab.begin()
    run.log({"loss": 0})
    lab.tracker.update_iteration(run, end_date=now())

    assert (values(run), line(run).refused) == ([0], 0)


def test_a_copy_of_the_diary_has_what_was_logged(still: None, filed: Lab, work: Path) -> None:
    run = filed.begin()
    run.log({"loss": 0})
    run.flush()
    with closing(sqlite3.connect(work / "d.db")) as theirs, closing(sqlite3.connect(work / "copy.db")) as copy:
        theirs.backup(copy)

    with deardiary.open(f"sqlite:///{work / 'copy.db'}") as tracker:
        assert [one.last for one in tracker.get_summaries(run.id)] == [0]


# Flushing.


def test_flush_has_everything_in_the_diary(still: None, lab: Lab) -> None:
    run = lab.begin()
    assert run.flush() is True
    for step in range(10_000):
        run.log({"loss": step})

    assert run.flush() is True
    assert not recorder_of(lab.tracker).is_waiting
    assert len(lab.store.store.series(SeriesQuery(iterations=[run.id]))[0].values) == 10_000


def test_flush_says_that_the_diary_is_away(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    run = lab.begin()
    lab.store.error = AWAY
    run.log({"loss": 1})

    assert run.flush() is False
    lab.store.error = None
    assert run.flush() is True
    assert "deardiary: warning: run IRI-1: the diary is away" in said(capsys)


def test_flush_raises_if_it_is_told_to(lab: Lab) -> None:
    run = lab.begin(on_error="raise")
    lab.store.error = AWAY
    run.log({"loss": 1})

    with pytest.raises(Unavailable, match="the diary is away"):
        run.flush()
    lab.store.error = None
    assert run.flush()


def test_flush_raises_what_is_ours_when_a_store_raises_what_is_not(lab: Lab) -> None:
    run = lab.begin(on_error="raise")
    lab.store.error = Strange("what is this?")
    run.log({"loss": 1})

    with pytest.raises(Unavailable, match=r"the diary cannot be reached: Strange: what is this\?"):
        run.flush()


def test_flush_waits_for_a_diary_that_comes_back_if_it_is_told_to(lab: Lab) -> None:
    run = lab.begin(on_error="block")
    lab.store.error = AWAY
    run.log({"loss": 1})
    threading.Timer(0.05, lambda: setattr(lab.store, "error", None)).start()

    assert run.flush()


@pytest.mark.parametrize("on_error", ["warn", "block"])
@pytest.mark.parametrize("who", ["thread", "flush"])
def test_flush_returns_in_time(lab: Lab, monkeypatch: pytest.MonkeyPatch, who: str, on_error: Any) -> None:
    if who == "flush":
        monkeypatch.setattr(recorder, "DRAIN_SECONDS", 1000)
    run = lab.begin(on_error=on_error)
    lab.store.hung = threading.Event()
    run.log({"loss": 1})
    time.sleep(0.05)

    assert in_time(lambda: run.flush(timeout=0.2)) is False


def test_a_run_that_is_not_kept_has_nothing_to_flush(lab: Lab) -> None:
    assert lab.begin(mode="disabled").flush()


# The end of a run whose diary is away.


def away_at_the_end(lab: Lab, **named: Any) -> Run:
    """Return a run that ended while its diary was away, with three points on their way."""
    run = lab.begin(**named)
    run.log({"loss": 0})
    run.flush()
    lab.store.error = AWAY
    run.log({"loss": 1, "acc": 1})
    run.log({"loss": 2})
    run.finish("killed", error_message="enough")
    return run


def test_an_end_that_waits_is_told_with_what_waits(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    run = away_at_the_end(lab)

    where = (
        "they wait in memory, and go with this process"
        if lab.folder is None
        else f"they wait in {lab.folder}, and `deardiary recover` sends them"
    )
    assert said(capsys)[-1] == (
        f"deardiary: warning: run IRI-1 has ended, but the diary is away; 3 points and its end wait: {where}"
    )
    assert run.status == RUNNING
    with pytest.raises(Unprocessable, match="has ended"):
        run.log({"loss": 3})


@pytest.mark.parametrize("again", ["thread", "finish", "end of the program", "read", "write", "close"])
def test_an_end_that_waits_is_in_the_diary_later_as_it_was_first(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    if again != "thread":
        monkeypatch.setattr(recorder, "DRAIN_SECONDS", 1000)
        monkeypatch.setattr(recorder, "LONGEST_SECONDS", 1000)
    run = away_at_the_end(lab)
    ended = now()
    lab.store.error = None

    match again:
        case "thread":
            until(lambda: run.status is not RUNNING)
        case "finish":
            run.finish("failed")
        case "end of the program":
            end_all(Fate(FAILED))
        case "read":
            lab.tracker.get_summaries(run)
        case "write":
            lab.tracker.create_project("Rosa")
        case "close":
            recorder_of(lab.tracker).close()

    row = lab.store.store.find(Query(Iteration)).rows[0]
    assert (row.status_id, row.error_message, run.status) == (KILLED, "enough", KILLED)
    assert row.end_date is not None
    assert row.end_date == run.iteration.end_date
    assert row.end_date <= ended
    assert values(run) == [0, 1, 2]
    run.finish("succeeded")
    assert kept(run).status_id == KILLED


def test_an_end_that_waits_is_seen_by_whoever_asks_for_the_run(still: None, lab: Lab) -> None:
    run = away_at_the_end(lab)
    lab.store.error = None

    assert kept(run).status_id == KILLED


def test_a_run_whose_end_waits_is_gone_on_with(still: None, lab: Lab) -> None:
    away_at_the_end(lab)
    lab.store.error = None

    again = lab.begin(resume=1)
    again.log({"loss": 3})
    again.finish()

    assert (values(again), kept(again).status_id) == ([0, 1, 2, 3], SUCCEEDED)
    assert kept(again).reopened_date is not None


def test_an_end_that_waits_in_a_file_is_applied_by_whoever_opens_it(still: None, filed: Lab, work: Path) -> None:
    run = away_at_the_end(filed)
    recorder_of(filed.tracker).close()
    filed.store.error = None

    with deardiary.open(f"sqlite:///{work / 'd.db'}") as tracker:
        row = tracker.get(Iteration, run.id)
        assert (row.status_id, row.error_message) == (KILLED, "enough")
        assert [one.value for one in tracker.get_metrics(run.id, "loss")] == [0, 1, 2]


def test_an_end_by_someone_else_stands_before_one_that_waits(still: None, lab: Lab) -> None:
    run = away_at_the_end(lab)
    lab.store.error = None
    lab.end(run, error_message="theirs", end_date=now())

    run.finish()

    assert (kept(run).status_id, kept(run).error_message) == (FAILED, "theirs")


def test_a_run_that_someone_deleted_keeps_no_other_end_waiting(still: None, lab: Lab) -> None:
    gone, other = lab.begin(), lab.begin()
    lab.store.error = AWAY
    for run in (gone, other):
        run.log({"loss": run.id})
        run.finish()
    lab.store.error = None
    lab.tracker.store.store.apply(Batch(_dropped(gone)))  # type: ignore[attr-defined]

    other.finish()

    assert (kept(other).status_id, values(other)) == (SUCCEEDED, [other.id])


def _dropped(run: Run) -> list[Any]:
    from deardiary.core.changes import Drop

    return [Drop(Iteration, run.id)]


def test_an_end_that_raises_may_be_tried_again(lab: Lab) -> None:
    run = lab.begin(on_error="raise")
    run.log({"loss": 1})
    lab.store.error = AWAY
    with pytest.raises(Unavailable):
        run.finish("failed", error_message="no luck")
    lab.store.error = None

    run.finish()

    assert (kept(run).status_id, kept(run).error_message) == (FAILED, "no luck")


def test_a_block_raises_when_its_run_cannot_be_ended(lab: Lab) -> None:
    with pytest.raises(Unavailable, match="the diary is away"), lab.begin(on_error="raise"):
        lab.store.error = AWAY


def test_a_block_that_failed_raises_why_it_failed(lab: Lab) -> None:
    run = lab.begin(on_error="raise")
    lab.store.error = AWAY
    with pytest.raises(ZeroDivisionError), run:
        raise ZeroDivisionError
    lab.store.error = None
    run.finish()

    assert kept(run).status_id == FAILED


def test_a_block_goes_on_when_its_run_cannot_be_ended(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    with lab.begin() as run:
        lab.store.error = AWAY
    lab.store.error = None
    run.finish()

    assert "run IRI-1 has ended, but the diary is away; 0 points and its end wait" in capsys.readouterr().err
    assert kept(run).status_id == SUCCEEDED


@pytest.mark.parametrize("on_error", ["warn", "raise", "block"])
def test_finish_returns_in_time(lab: Lab, monkeypatch: pytest.MonkeyPatch, on_error: Any) -> None:
    monkeypatch.setattr(going, "FINISH_SECONDS", 0.2)
    run = lab.begin(on_error=on_error)
    lab.store.hung = threading.Event()
    run.log({"loss": 1})
    time.sleep(0.05)

    found = in_time(run.finish)

    assert isinstance(found, Unavailable) if on_error == "raise" else found is None
    lab.store.hung.set()
    until(lambda: run.status is SUCCEEDED)
    assert values(run) == [1]


def test_closing_a_diary_that_does_not_come_back_returns_in_time(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = lab.begin()
    lab.store.hung = threading.Event()
    run.log({"loss": 1})
    time.sleep(0.05)

    in_time(lambda: recorder_of(lab.tracker).close(seconds=0.2))

    assert "the diary has not taken all points in time; they wait" in said(capsys)[-1]


def test_a_diary_that_was_waited_for_is_not_waited_for_again(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "CLOSE_SECONDS", 0.1)
    run = lab.begin()
    lab.store.hung = threading.Event()
    run.log({"loss": 1})
    with pytest.raises(Unavailable, match="in time"):
        recorder_of(lab.tracker).flush(seconds=0.1)

    in_time(lambda: recorder_of(lab.tracker).close(seconds=30.0), seconds=20.0)


@pytest.mark.parametrize("on_error", ["warn", "block"])
def test_a_run_waits_at_its_end_but_not_for_ever(lab: Lab, monkeypatch: pytest.MonkeyPatch, on_error: Any) -> None:
    monkeypatch.setattr(going, "FINISH_SECONDS", 0.05)
    run = lab.begin(on_error=on_error)
    lab.store.error = AWAY
    run.log({"loss": 1})

    in_time(run.finish)

    assert run.status is RUNNING
    lab.store.error = None
    run.finish()
    assert kept(run).status_id == SUCCEEDED


# A journal that takes no more.


@pytest.fixture
def small(work: Path) -> None:
    """Have journals that hold little."""
    written(work / "deardiary.toml", '[journal]\nmost = "3 MiB"\n')


def log_all(run: Run, values: Iterable[float]) -> None:
    for value in values:
        run.log({"loss": value})


def fill(run: Run) -> int:
    """Log until the journal is full, and return how many points it holds."""
    for step in range(200_000):
        before = line(run).lost
        run.log({"loss": step})
        if line(run).lost > before:
            return step
    raise AssertionError("it is never full")


def test_a_full_journal_loses_points_and_says_so_once(
    small: None, lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    run = lab.begin(quiet=False)
    lab.store.error = AWAY
    held = fill(run)
    for step in range(held + 1, held + 100):
        run.log({"loss": step, "acc": step})
    lost = line(run).lost
    until(lambda: recorder_of(lab.tracker)._away)
    lab.store.error = None
    until(lambda: kept(run).lost_points == lost)
    time.sleep(writing.AGAIN_SECONDS)
    run.log({"loss": -1})
    run.finish()

    assert (lost, kept(run).lost_points) == (1 + 2 * 99, lost)
    assert values(run) == [*range(held), -1]
    lines = said(capsys)
    assert len([one for one in lines if "points logged meanwhile are lost" in one]) == 1
    assert lines[-1].endswith(f"; incomplete: {lost} points could not be written")


def test_the_counter_counts_what_was_lost_too(small: None, lab: Lab) -> None:
    run = lab.begin()
    lab.store.error = AWAY
    held = fill(run)
    run.log({"loss": 1})
    lab.store.error = None
    run.flush()
    time.sleep(writing.AGAIN_SECONDS)
    run.log({"last": 1})

    assert [point.step for point in lab.tracker.get_metrics(run, "last")] == [held + 2]


def test_lost_points_add_up_over_the_times_a_run_is_gone_on_with(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise StorageFull("the disk is full")

    for turn in range(2):
        run = lab.begin(resume=1 if turn else None, quiet=False)
        with monkeypatch.context() as patched:
            patched.setattr(writing.Journal, "define", full)
            run.log({f"loss {turn}": 0, "acc": 1})
        run.finish()

    assert kept(run).lost_points == 4
    assert "; incomplete: 2 points could not be written" in said(capsys)[-1]


def test_a_run_raises_when_its_journal_is_full_if_it_is_told_to(small: None, lab: Lab) -> None:
    run = lab.begin(on_error="raise")
    lab.store.error = AWAY
    logged = iter(range(200_000))

    with pytest.raises(StorageFull, match=r"the journal .* has 3,145,728 bytes that the diary has not taken"):
        log_all(run, logged)
    held = next(logged) - 1
    lab.store.error = None
    run.finish()

    assert (len(values(run)), kept(run).lost_points) == (held, 0)


def test_a_run_waits_for_room_in_its_journal_if_it_is_told_to(
    small: None, lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    run = lab.begin(on_error="block")
    lab.store.error = AWAY
    threading.Timer(1.0, lambda: setattr(lab.store, "error", None)).start()

    for step in range(200_000):
        run.log({"loss": step})
    run.finish()

    assert (values(run), kept(run).lost_points) == ([*range(200_000)], 0)
    waited = [one for one in said(capsys) if one.endswith("; waiting until points can be written")]
    assert len(waited) == 1


def test_parameters_wait_for_the_diary_too(lab: Lab) -> None:
    run = lab.begin(on_error="block")
    lab.store.error = AWAY
    threading.Timer(0.05, lambda: setattr(lab.store, "error", None)).start()

    run.log_parameters(lr=0.1)

    assert [row.key for row in run.tracker.get_parameters(run)] == ["lr"]


def test_verbs_raise_when_the_diary_is_away_if_they_are_told_to(lab: Lab) -> None:
    run = lab.begin(on_error="raise")
    lab.store.error = AWAY
    run.log({"loss": 1})

    acts: list[Callable[[], object]] = [
        lambda: run.log_parameters(lr=1),
        lambda: run.log_artifact(b"1", "x", store="inline"),
        lambda: run.note("one"),
        lambda: run.tag("good"),
    ]
    for act in acts:
        with pytest.raises(Unavailable, match="the diary is away"):
            act()
    lab.store.error = None
    run.finish()
    assert (values(run), kept(run).lost_points) == ([1], 0)


def test_journals_that_cannot_be_beside_the_diary_are_in_memory(filed: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    assert filed.folder is not None
    filed.folder.write_text("in the way")
    first, second = filed.begin(), filed.begin()
    for value in range(3):
        first.log({"loss": value})
        second.log({"loss": value})
    first.finish()

    (one,) = said(capsys)
    assert one.startswith(f"deardiary: warning: the journal {filed.folder} cannot be used: ")
    assert one.endswith("; points are kept in memory until the diary has them")
    assert (values(first), values(second)) == ([0, 1, 2], [0, 1, 2])


def test_journals_are_where_they_are_configured(work: Path) -> None:
    written(work / "deardiary.toml", '[store]\nurl = "sqlite:///d.db"\n[journal]\nfolder = "elsewhere"\n')
    with deardiary.open() as tracker, deardiary.init("Iris", tracker=tracker, snapshot=False, quiet=True) as run:
        run.log({"loss": 1})
        assert len(list((work / "elsewhere").rglob("*.journal"))) == 1

    assert (list((work / "elsewhere").rglob("*.journal")), (work / "d.db.journals").exists()) == ([], False)


# What the diary refuses.


def test_a_run_that_someone_else_has_ended_keeps_what_was_logged_before(
    still: None, filed: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    assert filed.folder is not None
    run, other = filed.begin(), filed.begin()
    for value in range(3):
        run.log({"loss": value})
    time.sleep(0.001)
    filed.end(run)
    time.sleep(0.001)
    for value in range(3, 5):
        run.log({"loss": value})
        other.log({"loss": value})

    assert run.flush()

    assert (values(run), values(other), line(run).refused) == ([0, 1, 2], [3, 4], 2)
    ((path, (one,)),) = refused_in(str(filed.folder)).items()
    assert os.path.basename(path) == f"{recorder_of(filed.tracker).journal.writer}.refused"
    assert (one.run, [column.values.tolist() for column in one.points]) == (run.id, [[3, 4]])
    assert said(capsys) == [
        f"deardiary: warning: points of run 1 were refused: run 1 has ended; they are kept in {filed.folder}"
    ]
    run.finish()
    assert (run.status, kept(run).status_id) == (FAILED, FAILED)


def test_refused_points_are_placed_when_their_run_takes_points_again(still: None, filed: Lab) -> None:
    assert filed.folder is not None
    run = filed.begin()
    filed.end(run)
    time.sleep(0.001)
    run.log({"loss": 1})
    run.flush()
    run.finish()

    again = filed.begin(resume=1)

    assert place_refused(str(filed.folder), filed.tracker.store) == (1, [])
    assert (values(again), refused_in(str(filed.folder))) == ([1], {})


def test_points_of_a_run_that_is_gone_keep_no_others_waiting(still: None, lab: Lab) -> None:
    gone, other = lab.begin(), lab.begin()
    for value in range(50):
        gone.log({"loss": value})
        other.log({"loss": value})
    lab.behind(Batch(_dropped(gone)))

    assert other.flush()

    assert (values(other), line(gone).refused) == ([*range(50)], 50)
    if lab.folder is not None:
        ((one,),) = refused_in(str(lab.folder)).values()
        assert (one.run, len(one.points)) == (gone.id, 50)


def test_points_that_would_be_counted_too_far_keep_no_others_waiting(still: None, lab: Lab) -> None:
    run, other = lab.begin(), lab.begin()
    guest = _joined(lab.tracker, run.iteration, ("P", "default"), "warn")  # whose steps the diary counts
    run.log({"loss": 0}, step=2**63 - 1)
    guest.log({"loss": 1})
    other.log({"loss": 2})
    guest.log({"acc": 3})

    assert other.flush()

    assert (values(run), values(other), values(run, "acc")) == ([0], [2], [3])
    assert line(run).refused + line(guest).refused == 1


@pytest.mark.parametrize("on_error", ["warn", "raise", "block"])
def test_nobody_waits_for_a_refusal(still: None, lab: Lab, on_error: Any) -> None:
    run = lab.begin(on_error=on_error)
    lab.end(run)
    time.sleep(0.001)
    run.log({"loss": 1})

    assert in_time(run.flush) is True
    assert line(run).refused == 1


def test_a_refusal_is_told_at_the_end(still: None, lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    run = lab.begin(quiet=False)
    lab.end(run)
    time.sleep(0.001)
    run.log({"loss": 1})
    run.finish()

    assert said(capsys)[-1].endswith("; 1 point refused")


# Who writes.


def test_a_run_says_which_process_writes_it(lab: Lab) -> None:
    first, second = lab.begin(), lab.begin()
    first.log({"loss": 1})
    second.log({"loss": 1})

    (writer,) = lab.tracker.find(Writer)
    assert {kept(first).writer_id, kept(second).writer_id} == {writer.id}
    assert (writer.pid, writer.uid) == (os.getpid(), recorder_of(lab.tracker).journal.writer)
    assert writer.position > 0


def test_a_run_that_is_gone_on_with_says_who_goes_on(filed: Lab, work: Path) -> None:
    run = filed.begin()
    run.log({"loss": 1})
    run.finish()

    with deardiary.open(f"sqlite:///{work / 'd.db'}") as other:
        again = deardiary.init(resume=1, tracker=other, quiet=True)
        again.log({"loss": 2})
        again.flush()
        assert other.get(Writer, kept(again).writer_id or 0).uid == recorder_of(other).journal.writer
        assert len(other.find(Writer)) == 2


def test_a_run_that_says_nothing_is_known_to_live(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "BEAT_SECONDS", 0.01)
    run = lab.begin()
    began = lab.tracker.find(Writer)[0].seen_at

    until(lambda: lab.tracker.find(Writer)[0].seen_at > began)
    run.log({"loss": 1})

    assert values(run) == [1]


def test_a_diary_that_is_away_at_a_heartbeat_is_told_once(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(recorder, "BEAT_SECONDS", 0.001)
    lab.begin()
    lab.store.error = AWAY
    until(lambda: lab.store.failed > 5)
    lab.store.error = None
    until(lambda: not recorder_of(lab.tracker)._away)

    assert [one.partition(";")[0] for one in said(capsys)] == [
        "deardiary: warning: the diary is away",
        "deardiary: the diary takes points again",
    ]


def test_who_carries_points_waits_longer_the_longer_the_diary_takes(
    still: None, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, one = lab.begin(), recorder_of(lab.tracker)
    monkeypatch.setattr(recorder, "DRAIN_SECONDS", 0.1)
    monkeypatch.setattr(recorder, "LONGEST_SECONDS", 10.0)
    waits = []
    for seconds in (0.0, 0.05, 0.6):
        lab.store.seconds = seconds
        run.log({"loss": 1})
        waits.append(one._turn())

    assert waits[0] <= 0.5
    assert 0.9 < waits[1] < 5
    assert waits[2] == 10.0


def test_a_sweep_has_every_point_of_every_trial(lab: Lab) -> None:
    with lab.begin() as driver:
        for depth in range(30):
            with driver.child(parameters={"depth": depth}) as trial:
                for step in range(20):
                    trial.log({"acc": depth + step})
            driver.log({"best": depth})

    table = lab.tracker.get_table(order="metrics.acc")
    assert [row.metrics for row in table if "acc" in row.metrics] == [{"acc": depth + 19} for depth in range(30)]
    assert values(driver, "best") == [*range(30)]
    assert not any(recorder_of(lab.tracker).lines.values())


# The snapshot.


def test_the_rest_of_a_snapshot_is_kept_by_itself(lab: Lab) -> None:
    run = lab.begin(snapshot=True)

    until(lambda: kept(run).manifest_toml)

    run.finish()
    assert kept(run).status_id == SUCCEEDED


def test_a_snapshot_that_could_not_be_written_is_told_and_the_run_goes_on(
    still: None, lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    run = lab.begin(snapshot=True)
    assert run._capture is not None
    run._capture.rest(None)
    lab.store.error = AWAY
    run._tend()
    lab.store.error = None
    run.log({"loss": 2})

    assert "its environment could not be kept: the diary is away" in said(capsys)[0]
    assert values(run) == [2]


def test_threads_that_log_while_the_snapshot_comes_in_do_not_trip(lab: Lab) -> None:
    run = lab.begin(snapshot=True)

    def log(n: int) -> None:
        for _ in range(20):
            run.log({f"{n}": n})

    together(log, 8)
    run.finish()

    assert (sum(row.count for row in run.tracker.get_summaries(run)), kept(run).lost_points) == (160, 0)


# Threads.


def together(work: Callable[[int], None], count: int) -> None:
    """Do something in many threads at once."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(count)

    def begun(n: int) -> None:
        try:
            barrier.wait(SECONDS)
            work(n)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=begun, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.fixture(params=["memory", "mapped", "written"])
def form(request: pytest.FixtureRequest, work: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """Return a diary with a journal of each form."""
    if request.param == "written":
        monkeypatch.setattr(owners, "form_of", lambda _: "written")
    with opened("memory" if request.param == "memory" else "file", work) as lab:
        yield lab
        assert recorder_of(lab.tracker).journal.form in (None, request.param)


@pytest.fixture
def hasty() -> Iterator[None]:
    """Have threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_lose_and_double_nothing(form: Lab) -> None:
    run = form.begin()

    def log(n: int) -> None:
        for k in range(2000):
            run.log({"all": n * 10_000 + k})

    together(log, 32)

    points = form.tracker.get_series(run, "all", repeats="all")
    assert sorted(points.steps.tolist()) == [*range(64_000)]
    assert sorted(points.values.tolist()) == [n * 10_000 + k for n in range(32) for k in range(2000)]
    for n in range(32):
        mine = [value for value in points.values.tolist() if n * 10_000 <= value < (n + 1) * 10_000]
        assert mine == sorted(mine)


def test_hasty_threads_lose_and_double_nothing(hasty: None, form: Lab) -> None:
    run = form.begin()

    def log(n: int) -> None:
        for k in range(200):
            if k % 20 == 0:
                run.log_many({"all": [n * 10_000 + k + third / 4 for third in range(3)]})
            if k % 7 == 0:
                run.log({"all": n * 10_000 + k, f"own {n} {k}": k})
            else:
                run.log({"all": n * 10_000 + k})
            if k % 50 == 0:
                run.flush()

    together(log, 8)

    points = form.tracker.get_series(run, "all", repeats="all")
    expected: list[float] = [n * 10_000 + k for n in range(8) for k in range(200)]
    expected += [n * 10_000 + k + third / 4 for n in range(8) for k in range(0, 200, 20) for third in range(3)]
    assert sorted(points.values.tolist()) == sorted(expected)
    assert sorted(points.steps.tolist()) == [*range(8 * 230)]
    assert all(row.last == float(row.key.split()[2]) for row in form.tracker.get_summaries(run) if row.key != "all")


def test_threads_that_log_in_the_short_way_and_the_long_one_share_no_step(hasty: None, form: Lab) -> None:
    run = form.begin()

    def log(n: int) -> None:
        for _ in range(15_000):
            run.log({"loss": 1.0}, recorded_at=now() if n % 2 else None)  # a time goes the long way

    together(log, 4)

    found = form.tracker.get_all_series(run, repeats="all").values()
    assert sorted(step for series in found for step in series.steps.tolist()) == [*range(4 * 15_000)]


def test_threads_that_end_a_run_while_others_log_lose_nothing(hasty: None, form: Lab) -> None:
    for _ in range(5):
        run = form.begin()
        logged: list[float] = []

        def log(n: int, run: Run = run, logged: list[float] = logged) -> None:
            if n == 0:
                time.sleep(0.01)
                run.finish()
                return
            try:
                for k in range(100_000):
                    value = n * 100_000 + k
                    run.log({f"loss {k % 3}": value})
                    logged.append(value)
            except Unprocessable:  # it has ended
                pass

        together(log, 4)

        found = [
            one for series in form.tracker.get_all_series(run, repeats="all").values() for one in series.values.tolist()
        ]
        assert set(logged) <= set(found)
        assert len(found) == len(set(found)) <= len(logged) + 3


# Handlers of signals that log amid a log.


OURS = tuple(f"{os.sep}{name}.py" for name in ("recorder", "line", "writing", "segments", "owners"))


@contextmanager
def amid(moment: int, act: Callable[[], None]) -> Iterator[list[str]]:
    """Do something at a moment of a block, counted in lines of the slow way of a point, as a handler of a signal."""
    count, done = 0, list[str]()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.endswith(OURS):
            return None
        if event == "line" and not done:
            count += 1
            if count == moment:
                done.append(f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno} {frame.f_code.co_name}")
                sys.settrace(None)
                act()
        return None if done else trace

    sys.settrace(trace)
    try:
        yield done
    finally:
        sys.settrace(None)


@pytest.mark.parametrize("before", ["nothing", "other keys", "full segment"])
def test_a_handler_of_a_signal_may_log_at_any_moment_of_a_log(
    form: Lab, monkeypatch: pytest.MonkeyPatch, before: str, still: None
) -> None:
    wrong: list[str] = []
    monkeypatch.setattr(writing, "FIRST_BYTES", 2**16)
    monkeypatch.setattr(writing, "SEGMENT_BYTES", 2**16)
    for moment in range(1, 1000):
        one = recorder_of(form.tracker)
        one.journal.close(is_drained=True)
        one._begin_anew()
        run = form.begin()
        if before != "nothing":
            run.log({"warm": 0})
        if before == "full segment":
            while one.journal.segments[-1].stop - one.journal.place() > END_BYTES + 64:
                run.log({"warm": 0})
        first = line(run)._counter.peek() if line(run)._counter else 0  # type: ignore[union-attr]  # it is there
        is_new = moment % 2

        def heard(run: Run = run, is_new: int = is_new) -> None:
            run.log({"heard" if is_new else "loss": 2.0, "both": 2.0})

        try:
            with amid(moment, heard) as done:
                run.log({"loss": 1.0, "both": 1.0})
            if not done:
                break
            run.log({"loss": 3.0, "both": 3.0})
        except Exception as error:
            wrong.append(f"{done}: {type(error).__name__}: {error}")
            continue
        points = _points(run)
        both, others = points["both"], [*points["loss"], *points["heard"]]
        if sorted(value for _, value in both) != [1, 2, 3] or sorted(both) != sorted(others):
            wrong.append(f"{done}: {points}")
        if sorted(step for step, _ in both) != [first, first + 1, first + 2]:
            wrong.append(f"{done}: the steps from {first} on are those of {both}")
        run.finish()
    else:
        raise AssertionError("a log has no thousand lines")

    assert wrong[:5] == []


KEYS = ("both", "loss", "heard")


def _points(run: Run) -> dict[str, list[tuple[int, float]]]:
    """Return step and value of each point of a run."""
    points: dict[str, list[tuple[int, float]]] = {key: [] for key in KEYS}
    for one in run.tracker.get_many_series([run], KEYS, repeats="all"):
        points[one.key] = [*zip(one.steps.tolist(), one.values.tolist(), strict=True)]
    return points


def test_a_handler_of_a_signal_logs_thousands_of_times(form: Lab) -> None:
    import signal

    run = form.begin()
    run.log({"all": 0.0})
    run.log({"heard": 0.0})
    heard = 0

    def hear(*_: Any) -> None:
        nonlocal heard
        heard += 1
        run.log({"heard": heard})
        if heard < 2000:
            signal.setitimer(signal.ITIMER_REAL, 0.0001)

    before = signal.signal(signal.SIGALRM, hear)
    logged, end = 0, time.monotonic() + SECONDS
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.0001)
        while heard < 2000 and time.monotonic() < end:
            logged += 1
            run.log({"all": logged})
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    found = form.tracker.get_all_series(run, repeats="all")
    assert found["all"].values.tolist() == [*range(logged + 1)]
    assert sorted(found["heard"].values.tolist()) == [*range(2001)]  # one that waited may come after the next
    assert sorted(found["all"].steps.tolist() + found["heard"].steps.tolist()) == [*range(logged + 2002)]
    assert line(run).lost == 0


# Other processes.


def program(text: str, folder: Path, *, code: int = 0) -> str:
    """Return what a script prints that runs in a folder."""
    path = folder / "script.py"
    path.write_text("import os, sys, threading, time\nimport deardiary\n" + dedent(text))
    ended = subprocess.run(
        [sys.executable, "-W", "error", str(path)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, "Traceback" in ended.stderr) == (code, False), ended.stderr
    return ended.stdout


def points_of(folder: Path, key: str) -> list[float]:
    with deardiary.open(f"sqlite:///{folder / 'd.db'}") as tracker:
        return [float(one.value) for one in tracker.get_metrics(1, key)]


@pytest.mark.parametrize("is_written", [False, True], ids=["mapped", "written"])
def test_processes_that_are_forked_while_threads_log_lose_and_double_nothing(work: Path, is_written: bool) -> None:
    program(
        f"""
        from deardiary.journal import owners
        if {is_written}:
            owners.form_of = lambda _: "written"
        tracker = deardiary.open("sqlite:///d.db")
        run = deardiary.init("P", tracker=tracker, snapshot=False, quiet=True)
        run.log({{"thread": -1.0}})

        def work(n):
            for k in range(3000):
                run.log({{"thread": n * 10000.0 + k}})
        threads = [threading.Thread(target=work, args=[n]) for n in range(4)]
        for thread in threads:
            thread.start()
        children = []
        for n in range(20):
            child = os.fork()
            if child == 0:
                for k in range(50):
                    run.log({{"child": n * 100.0 + k}})
                    if k % 10 == 0:
                        run.log({{f"child {{k}}": float(n), "own": float(n * 100 + k)}})
                os._exit(0)
            children.append(child)
        for child in children:
            os.waitpid(child, 0)
        for thread in threads:
            thread.join()
        run.finish()
        """,
        work,
    )

    assert sorted(points_of(work, "thread")) == [-1, *(n * 10000 + k for n in range(4) for k in range(3000))]
    assert sorted(points_of(work, "child")) == [n * 100 + k for n in range(20) for k in range(50)]
    assert sorted(points_of(work, "own")) == [n * 100 + k for n in range(20) for k in range(0, 50, 10)]
    assert sorted(points_of(work, "child 30")) == [*range(20)]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_pool_of_workers_loses_and_doubles_nothing(work: Path, method: str) -> None:
    out = program(
        f"""
        import multiprocessing

        def work(run, n):
            for k in range(100):
                run.log({{"x": n * 1000.0 + k}})
                run.log({{f"key {{n}}": float(k)}})

        if __name__ == "__main__":
            tracker = deardiary.open("sqlite:///d.db")
            with deardiary.init("P", tracker=tracker, snapshot=False, quiet=True) as run:
                with multiprocessing.get_context({method!r}).Pool(3) as pool:
                    pool.starmap(work, [(run, n) for n in range(12)])
                print(len(tracker.get_metrics(run, "x")))
        """,
        work,
    )

    assert sorted(points_of(work, "x")) == [n * 1000 + k for n in range(12) for k in range(100)]
    assert all(points_of(work, f"key {n}") == [*range(100)] for n in range(12))
    assert out == "1200\n"


def test_a_forked_process_counts_no_steps_of_its_own(work: Path) -> None:
    program(
        """
        tracker = deardiary.open("sqlite:///d.db")
        run = deardiary.init("P", tracker=tracker, snapshot=False, quiet=True)
        for k in range(5):
            run.log({"x": float(k)})
        if os.fork() == 0:
            log = run.log
            for k in range(5, 8):
                log({"x": float(k)})
            log({"y": 0.0})
            log({"x": 8.0, "y": 1.0}, commit=False)
            os._exit(0)
        os.wait()
        run.finish()
        """,
        work,
    )

    with deardiary.open(f"sqlite:///{work / 'd.db'}") as tracker:
        series = {key: one.steps.tolist() for key, one in tracker.get_all_series(1, repeats="all").items()}
    assert series == {"x": [*range(9)], "y": [0, 1]}


def test_what_a_killed_process_logged_is_there_for_whoever_opens_the_diary_next(work: Path) -> None:
    program(
        """
        tracker = deardiary.open("sqlite:///d.db")
        run = deardiary.init("P", tracker=tracker, snapshot=False, quiet=True)
        for k in range(100_000):
            run.log({"x": float(k)})
        os.kill(os.getpid(), 9)
        """,
        work,
        code=-9,
    )

    assert points_of(work, "x") == [*range(100_000)]
    assert list((work / "d.db.journals").glob("*.journal")) == []


# Strict durability.


def test_a_strict_run_has_each_point_on_the_disk_when_log_returns(
    still: None, filed: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = filed.begin(durability="strict")
    run.log({"loss": 0})
    synced: list[int] = []
    sync = segments.Segment.sync

    def noted(segment: segments.Segment) -> None:
        sync(segment)
        synced.append(recorder_of(filed.tracker).journal.place())

    monkeypatch.setattr(segments.Segment, "sync", noted)
    for value in range(3):
        before = recorder_of(filed.tracker).journal.place()
        run.log({"loss": value})
        assert synced[-1] > before
    run.log_many({"loss": [1, 2]})

    assert len(synced) == 4


def test_a_strict_run_without_a_file_has_each_point_in_the_diary(still: None, work: Path) -> None:
    with opened("memory", work) as lab:
        run = lab.begin(durability="strict")
        for value in range(3):
            run.log({"loss": value})
            assert len(lab.store.store.series(SeriesQuery())[0].values) == value + 1


@pytest.mark.parametrize("on_error", ["warn", "raise", "block"])
def test_a_strict_run_does_what_it_was_told_to_when_its_diary_is_away(
    work: Path, on_error: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened("memory", work) as lab:
        run = lab.begin(durability="strict", on_error=on_error)
        run.log({"loss": 0})
        lab.store.error = AWAY
        if on_error == "block":
            threading.Timer(0.05, lambda: setattr(lab.store, "error", None)).start()
        if on_error == "raise":
            with pytest.raises(Unavailable):
                run.log({"loss": 1})
        else:
            run.log({"loss": 1})
        lab.store.error = None

        assert values(run) == [0, 1]


# What is logged.


class Key(str, Enum):  # noqa: UP042  # as people write it, and other than a StrEnum
    A = "a"


class Name(StrEnum):
    A = "a"


class Text(str):
    def __str__(self) -> str:
        return "told"


class Whole(int):
    pass


class Real(float):
    pass


class Indexed:
    def __index__(self) -> int:
        return 5


TAKEN: dict[str, tuple[Any, dict[str, float]]] = {
    "NaN": ({"a": math.nan}, {"a": math.nan}),
    "infinities": ({"a": math.inf, "b": -math.inf}, {"a": math.inf, "b": -math.inf}),
    "minus zero": ({"a": -0.0}, {"a": -0.0}),
    "the least": ({"a": 5e-324}, {"a": 5e-324}),
    "the greatest": ({"a": 1.7976931348623157e308}, {"a": 1.7976931348623157e308}),
    "integers": ({"a": 2**62 + 1, "b": -(2**64), "c": 10**300}, {"a": 2.0**62, "b": -(2.0**64), "c": 1e300}),
    "bools": ({"a": True, "b": False}, {"a": 1.0, "b": 0.0}),
    "decimal": ({"a": Decimal("0.1"), "b": Decimal("NaN")}, {"a": 0.1, "b": math.nan}),
    "fraction": ({"a": Fraction(1, 3)}, {"a": 1 / 3}),
    "subclasses": ({"a": Whole(3), "b": Real(0.5)}, {"a": 3.0, "b": 0.5}),
    "NumPy": (
        {"a": np.float32(0.1), "b": np.int64(7), "c": np.bool_(True), "d": np.float16(1.5), "e": np.uint64(2**63)},
        {"a": float(np.float32(0.1)), "b": 7.0, "c": 1.0, "d": 1.5, "e": 2.0**63},
    ),
    "NumPy's arrays of one": (
        {"a": np.array(0.5), "b": np.array([1.0]), "c": np.array([[2]])},
        {"a": 0.5, "b": 1.0, "c": 2.0},
    ),
    "nested": ({"a": {"b": {"c": 1}, "d": 2}, "e": {}}, {"a/b/c": 1.0, "a/d": 2.0}),
    "keys that are no text": ({1: 1.0, None: 2.0, (1, 2): 3.0}, {"1": 1.0, "None": 2.0, "(1, 2)": 3.0}),
    "one key written in two ways": ({"e\u0301": 1.0, "\xe9": 2.0}, {"\xe9": 2.0}),
    "keys of NumPy": ({np.str_("a"): 1.0}, {"a": 1.0}),
    "keys of an Enum": ({Name.A: 1.0}, {"a": 1.0}),
    "emoji": ({"🌱 leaf": 1.0}, {"🌱 leaf": 1.0}),
    "nothing": ({}, {}),
    "no dict": (MappingProxyType({"a": 1.0}), {"a": 1.0}),
    "a thousand": ({f"k{n}": n for n in range(1000)}, {f"k{n}": float(n) for n in range(1000)}),
}


def bits(found: Mapping[str, float]) -> dict[str, bytes]:
    return {key: struct.pack("<d", value) for key, value in found.items()}


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_logged_comes_back_bit_for_bit(form: Lab, name: str) -> None:
    metrics, expected = TAKEN[name]
    run = form.begin()
    for _ in range(3):
        run.log(metrics)

    found = form.tracker.get_all_series(run, repeats="all")
    for turn in range(3):
        assert bits({key: float(one.values[turn]) for key, one in found.items()}) == bits(expected)
    assert {tuple(one.steps.tolist()) for one in found.values()} <= {(0, 1, 2)}


@pytest.mark.parametrize("key", [Key.A, Name.A, Text("a"), np.str_("a")], ids=lambda key: type(key).__name__)
@pytest.mark.parametrize("is_known", [False, True], ids=["new", "known"])
def test_a_key_is_the_same_whether_it_was_logged_before_or_not(form: Lab, key: Any, is_known: bool) -> None:
    run = form.begin()
    if is_known:
        run.log({"a": 0.0})
    run.log({key: 1.0})

    assert set(form.tracker.get_all_series(run)) == {"a"}


def test_metrics_that_are_nested_are_not_taken_for_others(form: Lab) -> None:
    run = form.begin()
    for _ in range(2):
        run.log({"a": {"b": 1.0}})
        run.log({"a": 2.0})
        run.log({"x": {"p": 1.0, "q": 2.0}, "y": {}})
        run.log({"x": 3.0, "y": 4.0})

    found = {key: one.values.tolist() for key, one in form.tracker.get_all_series(run, repeats="all").items()}
    assert found == {"a/b": [1, 1], "a": [2, 2], "x/p": [1, 1], "x/q": [2, 2], "x": [3, 3], "y": [4, 4]}


REFUSED: dict[str, tuple[Any, Any, str]] = {
    "none": ({"a": None}, None, "metric 'a' is none, not a number; leave out what was not measured"),
    "text": ({"a": "5"}, None, "metric 'a' is '5', not a number; metrics are numbers"),
    "bytes": ({"a": b"5"}, None, "metric 'a' is b'5', not a number"),
    "list": ({"a": [0.5]}, None, "metric 'a' is .* not a number; log its elements one by one"),
    "complex": ({"a": 1j}, None, "metric 'a' is 1j, not a number; log its parts"),
    "complex of NumPy": ({"a": np.complex128(1j)}, None, "metric 'a' is 1j, not a number; log its parts"),
    "text of NumPy": ({"a": np.array("5")}, None, "metric 'a' is '5', not a number"),
    "duration of NumPy": ({"a": np.timedelta64(5, "s")}, None, "metric 'a' is .* not a number"),
    "array": ({"a": np.array([1.0, 2.0])}, None, "metric 'a' is numpy.ndarray, not one number"),
    "empty array": ({"a": np.array([])}, None, "metric 'a' is numpy.ndarray, not one number"),
    "too great": ({"a": 10**400}, None, "metric 'a' is an integer too great for a float of 64 bits"),
    "signalling": ({"a": Decimal("sNaN")}, None, "metric 'a' is decimal.Decimal, not one number"),
    "only an index": ({"a": Indexed()}, None, "metric 'a' is .* not a number"),
    "no key": ({"": 1.0}, None, "a metric's key is empty"),
    "long key": ({"a" * 257: 1.0}, None, "a metric's key has 257 characters; at most 256 are kept"),
    "half a character": ({"\ud800": 1.0}, None, "a metric's key"),
    "a set": ({"a"}, None, "metrics are given as set; give a mapping"),
    "a list of keys": (["a"], None, "metrics are given as list; give a mapping"),
    "no metrics": (None, None, "metrics are given as NoneType; give a mapping"),
    "step of text": ({"a": 1.0}, "1", "a step is '1', not an integer"),
    "bool step": ({"a": 1.0}, True, "a step is True, not an integer"),
    "half step": ({"a": 1.0}, 0.5, "a step is 0.5, not an integer"),
    "great step": ({"a": 1.0}, 2**63, "a step is 9223372036854775808, outside"),
    "least step": ({"a": 1.0}, -(2**63), "a step is -9223372036854775808, outside"),
}


LENIENT = {"complex of NumPy", "text of NumPy", "only an index", "least step"}
"""What is refused only with new keys: once these are known, whatever Python takes for a float is one."""


@pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")
@pytest.mark.parametrize(
    ("name", "is_known"),
    [(name, is_known) for name in REFUSED for is_known in (False, True) if not (is_known and name in LENIENT)],
)
def test_what_makes_no_sense_is_refused_at_once_without_a_trace(form: Lab, name: str, is_known: bool) -> None:
    metrics, step, sentence = REFUSED[name]
    run = form.begin()
    run.log({"a" if is_known else "b": 0.0})

    with pytest.raises(Invalid, match=sentence):
        run.log(metrics, step)

    run.log({"c": 1.0})
    found = {key: one.steps.tolist() for key, one in form.tracker.get_all_series(run, repeats="all").items()}
    assert found == {"a" if is_known else "b": [0], "c": [1]}


def test_steps_are_counted_to_the_greatest_and_no_further(form: Lab) -> None:
    run = form.begin()
    run.log({"a": 1.0}, step=2**63 - 2)
    run.log({"a": 2.0})

    for _ in range(2):
        with pytest.raises(Invalid, match="a step is 9223372036854775808, outside"):
            run.log({"a": 3.0})
    with pytest.raises(Invalid, match="a step is 9223372036854775808, outside"):
        run.log_many({"a": [3.0]})
    run.log({"a": 4.0}, step=0)

    found = form.tracker.get_series(run, "a", repeats="all")
    assert (found.steps.tolist(), found.values.tolist()) == ([0, 2**63 - 2, 2**63 - 1], [4, 1, 2])


def test_a_run_has_more_combinations_of_keys_than_are_kept_at_hand(form: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_SHAPES", 10)
    run = form.begin()
    for turn in range(3):
        for n in range(35):
            run.log({"all": turn, f"k{n}": n})

    assert values(run, "all") == [turn for turn in range(3) for _ in range(35)]
    assert all(values(run, f"k{n}") == [n] * 3 for n in range(35))


def test_a_function_that_was_taken_from_a_run_before_its_first_point_logs_on(form: Lab) -> None:
    run = form.begin()
    log = run.log
    for value in range(3):
        log({"loss": value})
        run.log({"loss": value + 0.5})

    assert values(run) == [0, 0.5, 1, 1.5, 2, 2.5]
    run.finish()
    with pytest.raises(Unprocessable, match="has ended"):
        log({"loss": 4})


def test_several_forms_of_the_same_run_log_to_it(form: Lab) -> None:
    run = form.begin()
    guest = _joined(form.tracker, run.iteration, ("P", "default"), "warn")
    for value in range(3):
        run.log({"loss": value})
        guest.log({"loss": value + 0.5})
        guest.log({f"own {value}": value})

    assert sorted(values(run)) == [0, 0.5, 1, 1.5, 2, 2.5]
    assert [values(run, f"own {value}") for value in range(3)] == [[0], [1], [2]]


def test_a_run_logs_on_after_a_process_that_was_forked_ended(work: Path) -> None:
    out = program(
        """
        tracker = deardiary.open("sqlite:///d.db")
        run = deardiary.init("P", tracker=tracker, snapshot=False, quiet=True)
        run.log({"x": 0.0})
        if os.fork() == 0:
            sys.exit(0)
        os.wait()
        run.log({"x": 1.0})
        print([point.value for point in tracker.get_metrics(run, "x")])
        """,
        work,
    )

    assert out == "[0.0, 1.0]\n"


def test_a_deleted_run_ends_with_a_word(still: None, lab: Lab) -> None:
    run = lab.begin()
    run.log({"loss": 1})
    lab.behind(Batch(_dropped(run)))

    with pytest.raises(NotFound, match="run 1 is not there"):
        run.finish()
