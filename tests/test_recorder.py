"""What becomes of a run whose diary is away, full, or refuses."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define

import deardiary
from deardiary import FAILED, KILLED, RUNNING, SUCCEEDED, Run, beginning, current, going, recorder
from deardiary.core.changes import Batch, Receipt
from deardiary.core.declared import E
from deardiary.core.entities import Iteration
from deardiary.core.errors import Corrupt, DearDiaryError, Invalid, StorageFull, Unavailable, Unprocessable
from deardiary.core.points import Points
from deardiary.core.queries import Page, Query, Series, SeriesQuery
from deardiary.core.stores import Store
from deardiary.endings import Fate, end_all
from deardiary.recorder import Direct, Nowhere
from deardiary.registry import open_store
from deardiary.testing import Flaky, Slow
from deardiary.tracker import Tracker
from places import alone


@define(eq=False)
class Away:
    """A store that is away now and then."""

    store: Store
    error: DearDiaryError | None = None

    def apply(self, batch: Batch, /) -> Receipt:
        self._go()
        return self.store.apply(batch)

    def find(self, query: Query[E], /) -> Page[E]:
        self._go()
        return self.store.find(query)

    def series(self, query: SeriesQuery, /) -> list[Series]:
        self._go()
        return self.store.series(query)

    def close(self) -> None:
        self.store.close()

    def _go(self) -> None:
        if self.error is not None:
            raise self.error


AWAY = Unavailable("the diary is away")
Begin = Callable[..., Run]


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in beginning.RANKS:
        monkeypatch.delenv(name, raising=False)
    for module in (recorder, going):
        monkeypatch.setattr(module, "BLOCKED_SECONDS", 0.001)
    yield alone(monkeypatch, tmp_path)
    for run in list(current._going):
        run.finish()


@pytest.fixture
def store() -> Iterator[Away]:
    store = Away(open_store("memory://"))
    yield store
    store.error = None


@pytest.fixture
def tracker(store: Away) -> Tracker:
    return deardiary.open(store=store)


@pytest.fixture
def begin(tracker: Tracker) -> Begin:
    """Return `init` in a diary that may go away."""

    def begun(**named: Any) -> Run:
        return deardiary.init("Iris", tracker=tracker, **{"snapshot": False, "quiet": True, **named})

    return begun


def values(run: Run, key: str = "loss") -> list[float]:
    return [point.value for point in run.tracker.get_metrics(run, key)]


def kept(run: Run) -> Iteration:
    row = run.tracker.get_iteration(run)
    assert row is not None
    return row


# Going on without a word, but one.


@pytest.mark.parametrize("error", [AWAY, StorageFull("the disk is full"), Corrupt("a page is damaged")], ids=repr)
def test_a_run_goes_on_when_its_diary_is_away_and_says_so_once(
    begin: Begin, store: Away, capsys: pytest.CaptureFixture[str], error: DearDiaryError
) -> None:
    run = begin(quiet=False)
    capsys.readouterr()
    store.error = error
    for step in range(5):
        run.log({"loss": step, "acc": step})
    store.error = None
    run.log({"loss": 5})

    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith(f"deardiary: warning: run IRI-1: {error}; ")
    assert values(run) == [5]
    run.finish()
    assert kept(run).lost_points == run.iteration.lost_points == 10
    assert "; incomplete: 10 points could not be written" in capsys.readouterr().err


def test_the_counter_counts_what_was_lost_too(begin: Begin, store: Away) -> None:
    run = begin()
    store.error = AWAY
    run.log({"loss": 0})
    store.error = None
    run.log({"loss": 1})

    assert [point.step for point in run.tracker.get_metrics(run)] == [1]


def test_one_lost_point_is_one_point(begin: Begin, store: Away, capsys: pytest.CaptureFixture[str]) -> None:
    run = begin(quiet=False)
    store.error = AWAY
    run.log({"loss": 0})
    store.error = None
    run.finish()

    assert "; incomplete: 1 point could not be written" in capsys.readouterr().err


def test_lost_points_add_up_over_the_times_a_run_is_gone_on_with(begin: Begin, store: Away) -> None:
    for turn in range(2):
        run = begin(resume=1 if turn else None)
        store.error = AWAY
        run.log({"loss": 0, "acc": 1})
        store.error = None
        run.finish()

    assert kept(run).lost_points == 4


def test_a_question_that_is_lost_now_and_then_loses_its_points_only(tracker: Tracker) -> None:
    run = deardiary.init("Iris", tracker=tracker, snapshot=False, quiet=True)
    flaky = Flaky(tracker.store, every=3, lose="question")
    run._recorder = Direct(flaky, "warn", lambda _: None)

    for step in range(10):
        run.log({"loss": step}, step=step)
    run.finish()

    assert values(run) == [0, 1, 3, 4, 6, 7, 9]
    assert kept(run).lost_points == 3


def test_a_slow_diary_loses_nothing(tracker: Tracker) -> None:
    slow = Slow(tracker.store, seconds=0.001)
    run = deardiary.init("Iris", tracker=tracker, snapshot=False, quiet=True)
    run._recorder = Direct(slow, "warn", lambda _: None)

    for step in range(3):
        run.log({"loss": step})
    run.finish()

    assert (values(run), kept(run).lost_points) == ([0, 1, 2], 0)


def test_a_run_that_someone_else_has_ended_takes_no_points_and_says_so(
    begin: Begin, tracker: Tracker, capsys: pytest.CaptureFixture[str]
) -> None:
    run = begin()
    tracker.update_iteration(run, end_date=run.iteration.created_date)
    run.log({"loss": 1})

    assert "warning: run IRI-1: run 1 has ended; " in capsys.readouterr().err
    assert run._recorder.lost == 1


def test_parameters_are_at_hand_even_when_they_could_not_be_written(
    begin: Begin, store: Away, capsys: pytest.CaptureFixture[str]
) -> None:
    run = begin()
    store.error = AWAY
    run.log_parameters(lr=0.1)
    run.config["depth"] = 3

    assert (run.config["lr"], run.config.depth) == (0.1, 3)
    assert capsys.readouterr().err == "deardiary: warning: run IRI-1: the diary is away\n"


def test_each_artifact_that_could_not_be_written_is_told(
    begin: Begin, store: Away, capsys: pytest.CaptureFixture[str]
) -> None:
    run = begin()
    store.error = AWAY
    for name in ("a", "b", "a"):
        assert run.log_artifact(b"1", name) is None

    assert capsys.readouterr().err.splitlines() == [
        f"deardiary: warning: run IRI-1: the artifact '{name}' could not be written: the diary is away" for name in "ab"
    ]


def test_notes_and_tags_that_could_not_be_written_are_told(
    begin: Begin, store: Away, capsys: pytest.CaptureFixture[str]
) -> None:
    run = begin()
    store.error = AWAY
    run.note("one")
    run.tag("good")

    assert capsys.readouterr().err.splitlines() == [
        "deardiary: warning: run IRI-1: a note could not be written: the diary is away",
        "deardiary: warning: run IRI-1: the diary is away",
    ]


def test_what_a_run_shows_in_a_notebook_needs_no_diary(begin: Begin, store: Away) -> None:
    run = begin(config={"lr": 0.1})
    store.error = AWAY
    run.log({"loss": 0.5})

    assert "0.5" in run._repr_html_()
    assert "loss 0.5" in repr(run)


# Raising.


def test_a_run_raises_if_it_is_told_to(begin: Begin, store: Away) -> None:
    run = begin(on_error="raise")
    store.error = AWAY

    for act in (
        lambda: run.log({"loss": 1}),
        lambda: run.log_parameters(lr=1),
        lambda: run.log_artifact(b"1", "x"),
        lambda: run.note("one"),
        lambda: run.tag("good"),
    ):
        with pytest.raises(Unavailable, match="the diary is away"):
            act()
    store.error = None
    run.finish()

    assert kept(run).lost_points == 0


def test_a_refusal_is_raised_too(begin: Begin, tracker: Tracker) -> None:
    run = begin(on_error="raise")
    tracker.update_iteration(run, end_date=run.iteration.created_date)

    with pytest.raises(Unprocessable, match="run 1 has ended"):
        run.log({"loss": 1})


def test_an_end_that_raises_may_be_tried_again(begin: Begin, store: Away) -> None:
    run = begin(on_error="raise")
    store.error = AWAY
    with pytest.raises(Unavailable):
        run.finish("failed", error_message="no luck")
    store.error = None

    run.finish()

    assert (kept(run).status_id, kept(run).error_message) == (FAILED, "no luck")


def test_a_block_raises_when_its_run_cannot_be_ended(begin: Begin, store: Away) -> None:
    with pytest.raises(Unavailable, match="the diary is away"), begin(on_error="raise"):
        store.error = AWAY
    store.error = None


def test_a_block_that_failed_raises_why_it_failed(begin: Begin, store: Away) -> None:
    run = begin(on_error="raise")
    store.error = AWAY
    with pytest.raises(ZeroDivisionError), run:
        raise ZeroDivisionError
    store.error = None
    run.finish()

    assert kept(run).status_id == FAILED


# Waiting.


def test_a_run_waits_if_it_is_told_to(begin: Begin, store: Away, capsys: pytest.CaptureFixture[str]) -> None:
    run = begin(on_error="block")
    store.error = AWAY
    threading.Timer(0.05, lambda: setattr(store, "error", None)).start()

    run.log({"loss": 1})

    assert (values(run), run._recorder.lost) == ([1], 0)
    (said,) = capsys.readouterr().err.splitlines()
    assert said.endswith("the diary is away; waiting until points can be written")


def test_parameters_wait_too(begin: Begin, store: Away) -> None:
    run = begin(on_error="block")
    store.error = AWAY
    threading.Timer(0.05, lambda: setattr(store, "error", None)).start()

    run.log_parameters(lr=0.1)

    assert [row.key for row in run.tracker.get_parameters(run)] == ["lr"]


def test_what_was_written_though_the_answer_was_lost_is_not_written_twice(tracker: Tracker) -> None:
    run = deardiary.init("Iris", tracker=tracker, on_error="block", snapshot=False, quiet=True)
    run._recorder = Direct(Flaky(tracker.store, every=2, lose="answer"), "block", lambda _: None)

    for step in range(10):
        run.log({"loss": step})
    run.finish()

    assert (values(run), kept(run).lost_points) == ([*range(10)], 0)


def test_nobody_waits_for_a_refusal(begin: Begin, tracker: Tracker) -> None:
    run = begin(on_error="block")
    tracker.update_iteration(run, end_date=run.iteration.created_date)

    run.log({"loss": 1})

    assert run._recorder.lost == 1


def test_a_run_waits_at_its_end_but_not_for_ever(
    begin: Begin, store: Away, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(going, "FINISH_SECONDS", 0.01)
    run = begin(on_error="block")
    store.error = AWAY

    run.finish()

    assert "is not ended in the diary, which is away; run.finish() tries again" in capsys.readouterr().err
    store.error = None
    run.finish()
    assert kept(run).status_id == SUCCEEDED


# Ending later.


@pytest.mark.parametrize("again", ["finish", "end of the program"])
def test_an_end_that_could_not_be_written_is_told_and_written_later(
    begin: Begin, store: Away, capsys: pytest.CaptureFixture[str], again: str
) -> None:
    run = begin()
    run.log({"loss": 1})
    store.error = AWAY
    run.finish("killed", error_message="enough")
    first = run._ending
    store.error = None

    assert first is not None
    assert "run IRI-1 is not ended in the diary, which is away; run.finish() tries again" in capsys.readouterr().err
    assert kept(run).status_id == run.status == RUNNING
    with pytest.raises(Unprocessable, match="has ended"):
        run.log({"loss": 2})

    if again == "finish":
        run.finish("failed")
    else:
        end_all(Fate(FAILED))

    row = kept(run)
    assert (row.status_id, row.error_message, row.end_date) == (KILLED, "enough", first["end_date"])
    assert run.status is KILLED


def test_a_block_goes_on_when_its_run_cannot_be_ended(
    begin: Begin, store: Away, capsys: pytest.CaptureFixture[str]
) -> None:
    with begin() as run:
        store.error = AWAY
    store.error = None
    run.finish()

    assert "is not ended in the diary" in capsys.readouterr().err
    assert kept(run).status_id == SUCCEEDED


def test_a_snapshot_that_could_not_be_written_is_told_and_the_run_goes_on(
    begin: Begin, store: Away, capsys: pytest.CaptureFixture[str]
) -> None:
    run = begin(snapshot=True)
    assert run._capture is not None
    run._capture.rest(None)
    store.error = AWAY
    run.log({"loss": 1})
    store.error = None
    run.log({"loss": 2})

    assert "its environment could not be kept: the diary is away" in capsys.readouterr().err
    assert values(run) == [2]


def test_threads_that_log_while_the_snapshot_comes_in_do_not_trip(begin: Begin) -> None:
    run = begin(snapshot=True)

    def log(n: int) -> None:
        for _ in range(20):
            run.log({f"{n}": n})

    threads = [threading.Thread(target=log, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.finish()

    assert (sum(row.count for row in run.tracker.get_summaries(run)), kept(run).lost_points) == (160, 0)


# Recorders by themselves.


def test_what_makes_no_sense_is_always_raised(store: Away) -> None:
    for on_error in recorder.ON_ERROR:
        store.error = Invalid("nonsense")
        with pytest.raises(Invalid):
            Direct(store, on_error).write(1, Points.of([("loss", 1.0, 0, 0)]))  # type: ignore[arg-type]  # one of three


def test_nowhere_forgets_and_loses_nothing() -> None:
    nowhere = Nowhere()
    nowhere.write(1, Points.of([("loss", 1.0, 0, 0)]))
    nowhere.flush()

    assert nowhere.lost == 0


def test_flushing_what_is_written_through_does_nothing(begin: Begin, store: Away) -> None:
    run = begin()
    store.error = AWAY

    run.flush()
    store.error = None
