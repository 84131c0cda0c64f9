"""Whole columns of points in the hand of a run: `log_many`, in each sort of diary."""

import math
import struct
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import deardiary
from deardiary import Run, beginning
from deardiary import line as lines
from deardiary.core.errors import Invalid, Unprocessable
from deardiary.fluent import _joined
from deardiary.tracker import Tracker
from places import alone

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
Begin = Callable[..., Run]


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in beginning.RANKS:
        monkeypatch.delenv(name, raising=False)
    return alone(monkeypatch, tmp_path)


@pytest.fixture(params=["memory://", "sqlite:///d.db"])
def tracker(request: pytest.FixtureRequest, work: Path) -> Iterator[Tracker]:
    with deardiary.open(request.param) as tracker:
        yield tracker


@pytest.fixture
def begin(tracker: Tracker) -> Begin:
    def begun(**named: Any) -> Run:
        return deardiary.init("Iris", tracker=tracker, **{"snapshot": False, "quiet": True, **named})

    return begun


def points(run: Run, key: str) -> list[tuple[int, float]]:
    """Return step and value of each point by order of arrival."""
    return [(point.step, point.value) for point in sorted(run.tracker.get_metrics(run, key), key=lambda one: one.id)]


def test_columns_become_series(begin: Begin) -> None:
    run = begin()
    run.log_many({"loss": [0.5, 0.4], "val": {"acc": np.array([1, 2], dtype="i2")}, "n": range(2)})

    assert points(run, "loss") == [(0, 0.5), (1, 0.4)]
    assert (points(run, "val/acc"), points(run, "n")) == ([(0, 1), (1, 2)], [(0, 0), (1, 1)])


def test_odd_numbers_come_back_bit_for_bit(begin: Begin) -> None:
    odd = [math.nan, math.inf, -math.inf, -0.0, 5e-324, 1.7976931348623157e308, float(2**62)]
    run = begin()
    run.log_many({"list": odd, "array": np.array(odd)})

    for key in ("list", "array"):
        found = run.tracker.get_series(run, key).values.tolist()
        assert struct.pack("<7d", *found) == struct.pack("<7d", *odd)


def test_steps_that_are_given_may_repeat_and_go_back(begin: Begin) -> None:
    run = begin()
    run.log_many({"loss": [1, 2, 3, 4]}, steps=[5, 5, -3, 0])

    assert points(run, "loss") == [(5, 1), (5, 2), (-3, 3), (0, 4)]


def test_the_counter_goes_on_after_columns_and_after_points(begin: Begin) -> None:
    run = begin()
    run.log({"loss": 0})
    run.log_many({"loss": [1, 2, 3]})
    run.log({"loss": 4})
    run.log_many({"loss": [5, 6]}, steps=[20, 10])
    run.log({"loss": 7})
    run.log_many({"loss": [8]}, steps=np.array([-5]))
    run.log_many({"loss": [9, 10]})
    run.log({"loss": 11}, commit=False)
    run.log_many({"loss": [12]})

    steps = [0, 1, 2, 3, 4, 20, 10, 21, -5, 22, 23, 24, 24]
    assert points(run, "loss") == [*zip(steps, range(13), strict=True)]


def test_steps_and_times_are_those_of_every_column(begin: Begin) -> None:
    times = [NOON + timedelta(hours=hour) for hour in range(3)]
    run = begin()
    run.log_many({"a": [1, 2, 3], "b": [4, 5, 6]}, steps=range(10, 13), times=times)

    for key in ("a", "b"):
        found = run.tracker.get_metrics(run, key)
        assert [(one.step, one.recorded_at) for one in found] == [*zip(range(10, 13), times, strict=True)]


def test_times_may_be_those_of_numpy(begin: Begin) -> None:
    run = begin()
    run.log_many({"a": [1, 2]}, times=np.array(["2026-03-01T12", "2026-03-01T13"], dtype="M8[h]"))

    assert [one.recorded_at for one in run.tracker.get_metrics(run)] == [NOON, NOON + timedelta(hours=1)]


def test_a_run_ends_after_the_last_time_of_its_columns(begin: Begin) -> None:
    late = datetime.now(UTC) + timedelta(days=2)
    run = begin()
    run.log_many({"a": [1, 2]}, times=[late, NOON])
    run.finish()

    assert run.iteration.end_date == late
    assert len(points(run, "a")) == 2


@pytest.mark.parametrize("columns", [{}, {"a": {}}, {"a": [], "b": []}])
def test_nothing_is_no_point_and_counts_nothing(begin: Begin, columns: Any) -> None:
    run = begin()
    run.log_many(columns)
    run.log_many(columns, steps=[], times=[])
    run.log({"loss": 1})

    assert points(run, "loss") == [(0, 1)]
    assert set(run.summary) == {"loss"}


REFUSED: dict[str, tuple[Any, ...]] = {
    "no mapping": ([0.5],),
    "no column": ({"loss": 0.5},),
    "a hole": ({"loss": [0.5, None]},),
    "lengths": ({"loss": [0.5], "acc": [0.5, 0.4]},),
    "no key": ({"loss": [0.5], "": [0.5]},),
    "a long key": ({"loss": [0.5], "x" * 257: [0.5]},),
    "half a character": ({"loss": [0.5], "\ud800": [0.5]},),
    "steps": ({"loss": [0.5]}, [1, 2]),
    "no step": ({"loss": [0.5]}, [None]),
    "great step": ({"loss": [0.5]}, [2**63]),
    "great range": ({"loss": [0.5]}, range(2**63, 2**63 + 1)),
    "times": ({"loss": [0.5]}, None, [1, 2]),
    "no time": ({"loss": [0.5]}, None, [None]),
    "no steps for nothing": ({}, [1]),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("is_known", [False, True], ids=["new", "known"])
def test_what_makes_no_sense_is_refused_at_once_without_a_trace(begin: Begin, name: str, is_known: bool) -> None:
    run = begin()
    if is_known:
        run.log_many({"loss": [0.25]})

    with pytest.raises(Invalid):
        run.log_many(*REFUSED[name])

    run.log({"good": 1})
    assert points(run, "good") == [(int(is_known), 1)]
    assert set(run.summary) == {"good", "loss"} if is_known else {"good"}
    assert (len(points(run, "loss")), run.flush()) == (int(is_known), True)


def test_columns_of_keys_that_were_logged_and_points_of_keys_of_columns_are_one_series(begin: Begin) -> None:
    run = begin()
    for turn in range(3):
        run.log({"a": turn, "b": turn})
        run.log_many({"b": [turn + 0.25], "a": [turn + 0.25]})
        run.log_many({"a": [turn + 0.5]})

    assert [value for _, value in points(run, "a")] == [turn + part for turn in range(3) for part in (0, 0.25, 0.5)]
    assert [value for _, value in points(run, "b")] == [turn + part for turn in range(3) for part in (0, 0.25)]


def test_columns_greater_than_one_record_come_whole_and_in_order(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "COLUMN_BYTES", 1000)
    run = begin()
    run.log_many({f"k{n}": range(n, n + 1000) for n in range(5)})
    run.log({"k0": -1})

    for n in range(1, 5):
        assert points(run, f"k{n}") == [(step, step + n) for step in range(1000)]
    assert points(run, "k0")[-1] == (1000, -1)


def test_a_million_values_are_one_call(begin: Begin) -> None:
    many = np.arange(1_000_000, dtype="f4")
    run = begin()
    run.log_many({"loss": many})

    found = run.tracker.get_series(run, "loss")
    assert found.total == 1_000_000
    assert (np.asarray(found.values) == many).all()
    assert (np.asarray(found.steps) == np.arange(1_000_000)).all()


def test_more_keys_than_bytes_of_a_record_are_fine(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "COLUMN_BYTES", 16)
    run = begin()
    run.log_many({f"k{n}": [n, n + 1] for n in range(300)})

    assert dict(run.summary) == {f"k{n}": n + 1 for n in range(300)}


def test_the_summary_has_the_last_value_of_the_greatest_step(begin: Begin) -> None:
    run = begin()
    run.log_many({"loss": [1, 2, 3]}, steps=[1, 7, 3])

    assert (dict(run.summary), "loss 2" in repr(run)) == ({"loss": 2}, True)


def test_nothing_is_logged_to_a_run_that_has_ended(begin: Begin) -> None:
    run = begin()
    run.finish()

    with pytest.raises(Unprocessable, match=r"run IRI-1 has ended; to go on with it: deardiary.init\(resume='IRI"):
        run.log_many({"loss": [1]})


def test_a_guest_leaves_it_to_the_diary_to_count(begin: Begin) -> None:
    run = begin()
    run.log_many({"loss": [0, 1]})
    guest = _joined(run.tracker, run.iteration, ("P", "default"), "warn")
    guest.log_many({"loss": [2, 3]})
    guest.log_many({"acc": [4, 5]})
    guest.log_many({"loss": [6]}, steps=[10])
    guest.log_many({"loss": [7], "acc": [8]})

    assert points(run, "loss") == [(0, 0), (1, 1), (2, 2), (3, 3), (10, 6), (11, 7)]
    assert points(run, "acc") == [(0, 4), (1, 5), (2, 8)]


def test_threads_that_log_columns_share_no_step(begin: Begin) -> None:
    run = begin()

    def work(n: int) -> None:
        for turn in range(100):
            run.log_many({"loss": [n * 1000 + turn + part / 4 for part in range(3)]})
            run.log({"loss": n * 1000 + turn + 0.75})

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = points(run, "loss")
    assert sorted(step for step, _ in found) == [*range(3200)]
    assert sorted(value for _, value in found) == [n * 1000 + k / 4 for n in range(8) for k in range(400)]


def test_a_disabled_run_knows_the_last_values_and_counts(begin: Begin) -> None:
    run = begin(mode="disabled")
    run.log({"loss": 9})
    run.log_many({"loss": [1, 2, 3], "val": {"acc": np.array([4, 5, 6])}})
    run.log_many({"loss": [7, 8]}, steps=[1, 0])
    run.log({"n": 1})

    assert dict(run.summary) == {"loss": 3, "val/acc": 6, "n": 1}
    assert run._line.next_step == 5
    with pytest.raises(Invalid):
        run.log_many({"loss": 1})


def test_a_disabled_run_refuses_what_any_run_refuses(begin: Begin) -> None:
    run = begin(mode="disabled")

    for wrong in ({"": [1.0]}, {"x" * 257: [1.0]}):
        with pytest.raises(Invalid, match="a metric's key"):
            run.log_many(wrong)
