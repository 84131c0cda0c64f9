"""The verbs of parameters, metrics, series and summaries."""

import sys
from array import array
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import copysign, inf, isnan, nan
from pathlib import Path
from typing import Any

import pytest

from deardiary.core.entities import Iteration, Project, User
from deardiary.core.errors import Duplicate, Forbidden, Invalid, NotFound, Unprocessable
from deardiary.core.shapes import now
from deardiary.tracker import Tracker
from deardiary.verbs.pages import Pagination

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

SeenBy = Callable[[User], Tracker]


# Parameters.


def test_a_parameter_is_kept_as_text_with_its_type(tracker: Tracker, run: Iteration) -> None:
    made = tracker.create_parameter(run, "lr", 0.001)

    assert (made.iteration_id, made.key, made.value, made.type, made.number) == (run.id, "lr", "0.001", "float", 0.001)
    assert tracker.get_parameter(made) == tracker.get_parameter(made.id) == made


@pytest.mark.parametrize(
    ("value", "text"), [("", ""), (32, "32"), (True, "true"), (None, "null"), ([1, 2], "[1, 2]"), (nan, "NaN")]
)
def test_a_parameter_may_have_any_value(tracker: Tracker, run: Iteration, value: Any, text: str) -> None:
    assert tracker.create_parameter(run.id, "key", value).value == text


def test_parameters_come_in_the_order_in_which_they_were_set(tracker: Tracker, run: Iteration) -> None:
    for key in "cab":
        tracker.create_parameter(run, key, key)

    page = tracker.get_parameters(run.id, Pagination(1, 1))

    assert [row.key for row in tracker.get_parameters(run)] == ["c", "a", "b"]
    assert ([row.key for row in page.data], page.total) == (["a"], 3)


def test_a_parameter_that_is_not_there_is_none(tracker: Tracker) -> None:
    assert (tracker.get_parameter(7), tracker.get_parameters(7)) == (None, [])


def test_a_run_has_one_value_for_a_key(tracker: Tracker, run: Iteration) -> None:
    first = tracker.create_parameter(run, "lr", 0.1)

    with pytest.raises(Duplicate, match="'lr'") as refusal:
        tracker.create_parameter(run, "lr", 0.2)

    assert (refusal.value.kind, refusal.value.id) == ("Parameter", first.id)


@pytest.mark.parametrize("key", ["", "x" * 257, "a\0b", "\ud800"])
def test_a_key_is_a_text_that_any_store_keeps(tracker: Tracker, run: Iteration, key: str) -> None:
    with pytest.raises(Invalid, match="parameter key"):
        tracker.create_parameter(run, key, 1)


def test_a_parameter_is_set_on_a_run_that_is_there_and_goes_on(tracker: Tracker, ended: Iteration) -> None:
    with pytest.raises(NotFound, match="run 99 is not there"):
        tracker.create_parameter(99, "lr", 0.1)
    with pytest.raises(Unprocessable, match=f"run {ended.id} has ended"):
        tracker.create_parameter(ended, "lr", 0.1)


def test_what_is_given_of_a_parameter_is_changed(tracker: Tracker, run: Iteration) -> None:
    made = tracker.create_parameter(run, "lr", 0.1)

    renamed, changed = tracker.update_parameter(made, "rate"), tracker.update_parameter(made.id, value=3)

    assert (renamed.key, renamed.value, renamed.type) == ("rate", "0.1", "float")
    assert (changed.key, changed.value, changed.type, changed.number) == ("rate", "3", "int", 3.0)


def test_a_parameter_cannot_take_the_key_of_another(tracker: Tracker, run: Iteration) -> None:
    tracker.create_parameter(run, "lr", 0.1)
    made = tracker.create_parameter(run, "rate", 0.1)

    with pytest.raises(Duplicate):
        tracker.update_parameter(made, "lr")


def test_an_ended_run_keeps_its_parameters_as_they_are(tracker: Tracker, run: Iteration) -> None:
    made = tracker.create_parameter(run, "lr", 0.1)
    tracker.update_iteration(run, end_date=now())

    with pytest.raises(Unprocessable, match=f"the run of parameter {made.id} has ended"):
        tracker.update_parameter(made, value=1)
    with pytest.raises(Unprocessable, match="has ended"):
        tracker.delete_parameter(made)
    with pytest.raises(Unprocessable, match=f"run {run.id} has ended"):
        tracker.delete_parameters(run)


def test_parameters_go_one_by_one_or_all(tracker: Tracker, run: Iteration) -> None:
    made = [tracker.create_parameter(run, key, key) for key in "abc"]

    assert tracker.delete_parameter(made[0]) is True
    assert [row.key for row in tracker.get_parameters(run)] == ["b", "c"]
    assert tracker.delete_parameters(run.id) is True
    assert tracker.get_parameters(run) == []


def test_a_parameter_that_is_not_there_cannot_be_changed(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="parameter 7 is not there"):
        tracker.update_parameter(7, "lr")
    with pytest.raises(NotFound, match="parameter 7 is not there"):
        tracker.delete_parameter(7)


# Metrics, point by point.


def test_a_point_says_where_it_is_and_when_it_was_recorded(tracker: Tracker, run: Iteration) -> None:
    made = tracker.create_metric(run, "loss", 0.5, 7, NOON)

    assert (made.iteration_id, made.key, made.value, made.step, made.recorded_at) == (run.id, "loss", 0.5, 7, NOON)
    assert tracker.get_metric(made) == tracker.get_metric(made.id) == made


def test_a_point_without_a_step_follows_the_greatest(tracker: Tracker, run: Iteration) -> None:
    steps = [tracker.create_metric(run, "loss", 1).step for _ in range(2)]
    tracker.create_metric(run, "loss", 1, 10)
    tracker.create_metric(run, "loss", 1, -5)

    assert [*steps, tracker.create_metric(run.id, "loss", 1).step] == [0, 1, 11]
    assert tracker.create_metric(run, "accuracy", 1).step == 0


def test_the_first_of_negative_steps_is_followed_too(tracker: Tracker, run: Iteration) -> None:
    tracker.create_metric(run, "loss", 1, -5)

    assert tracker.create_metric(run, "loss", 1).step == -4


@pytest.mark.parametrize("value", [nan, inf, -inf, -0.0, 5e-324, 1.7976931348623157e308])
def test_a_point_comes_back_bit_for_bit(tracker: Tracker, run: Iteration, value: float) -> None:
    made = tracker.create_metric(run, "loss", value)

    (kept,) = tracker.get_metrics(run)
    assert repr(kept.value) == repr(made.value) == repr(value)


def test_a_point_may_lie_in_another_zone(tracker: Tracker, run: Iteration) -> None:
    from datetime import timezone

    there = NOON.astimezone(timezone(timedelta(hours=-8)))

    assert tracker.create_metric(run, "loss", 1, recorded_at=there).recorded_at == NOON


def test_a_time_without_a_zone_is_refused(tracker: Tracker, run: Iteration) -> None:
    with pytest.raises(Invalid, match="recorded_at has no time zone"):
        tracker.create_metric(run, "loss", 1, recorded_at=datetime(2026, 3, 1))


@pytest.mark.parametrize("step", [2**63, -(2**63), "1", 0.5, True])
def test_a_step_is_an_integer(tracker: Tracker, run: Iteration, step: Any) -> None:
    with pytest.raises(Invalid, match="a step is"):
        tracker.create_metric(run, "loss", 1, step)


@pytest.mark.parametrize("key", ["", "x" * 257, "a\0b"])
def test_a_metric_has_a_key_that_any_store_keeps(tracker: Tracker, run: Iteration, key: str) -> None:
    with pytest.raises(Invalid, match="a metric's key"):
        tracker.create_metric(run, key, 1)


def test_what_is_no_number_is_no_point(tracker: Tracker, run: Iteration) -> None:
    with pytest.raises(Invalid, match=r"metric 'loss' is '0.5', not a number"):
        tracker.create_metric(run, "loss", "0.5")


def test_a_point_is_logged_to_a_run_that_is_there(tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="run 99 is not there"):
        tracker.create_metric(99, "loss", 1)
    with pytest.raises(NotFound, match="run 99 is not there"):
        tracker.log_metrics(99, {})


def test_an_ended_run_takes_points_from_before_its_end_only(tracker: Tracker, run: Iteration) -> None:
    tracker.update_iteration(run, end_date=NOON)

    tracker.create_metric(run, "loss", 0.5, recorded_at=NOON)
    with pytest.raises(Unprocessable, match=f"run {run.id} has ended"):
        tracker.create_metric(run, "loss", 0.5, recorded_at=NOON + timedelta(microseconds=1))


def test_several_metrics_are_logged_in_one_transaction(tracker: Tracker, run: Iteration) -> None:
    tracker.create_metric(run, "loss", 1)

    made = tracker.log_metrics(run, {"loss": 0.5, "val": {"acc": 0.9}}, recorded_at=NOON)

    assert [(one.key, one.step, one.value, one.recorded_at) for one in made] == [
        ("loss", 1, 0.5, NOON),
        ("val/acc", 0, 0.9, NOON),
    ]
    assert [tracker.get_metric(one.id) for one in made] == made


def test_several_metrics_share_a_step(tracker: Tracker, run: Iteration) -> None:
    assert [one.step for one in tracker.log_metrics(run.id, {"loss": 0.5, "acc": 0.9}, 4)] == [4, 4]


def test_nothing_is_logged_of_no_metrics(tracker: Tracker, run: Iteration) -> None:
    assert tracker.log_metrics(run, {}) == []


def test_one_wrong_metric_keeps_the_others_out(tracker: Tracker, run: Iteration) -> None:
    with pytest.raises(Invalid):
        tracker.log_metrics(run, {"loss": 0.5, "acc": None})

    assert tracker.get_metrics(run) == []


def test_points_come_by_step_then_by_arrival(tracker: Tracker, run: Iteration) -> None:
    for step, value in ((1, 10), (0, 20), (1, 30)):
        tracker.create_metric(run, "loss", value, step)
    tracker.create_metric(run, "acc", 40, 0)

    assert [point.value for point in tracker.get_metrics(run, "loss")] == [20, 10, 30]
    assert len(tracker.get_metrics(run)) == 4
    assert tracker.get_metrics(run, "f1") == []


def test_points_come_by_the_page(tracker: Tracker, run: Iteration) -> None:
    for value in range(5):
        tracker.log_metrics(run, {"loss": value, "acc": -value})

    of_all, of_one = tracker.get_metrics(run, Pagination(3, 1)), tracker.get_metrics(run, "loss", page=Pagination(2, 3))

    assert (len(of_all.data), of_all.total) == (3, 10)
    assert ([point.value for point in of_one.data], of_one.total) == ([3, 4], 5)


def test_a_key_is_found_however_its_letters_are_written(tracker: Tracker, run: Iteration) -> None:
    tracker.create_metric(run, "e\u0301", 1)

    assert tracker.get_metrics(run, "e\u0301", page=Pagination(5)).total == 1
    assert len(tracker.get_series(run, "\xe9")) == 1


def test_a_point_that_is_not_there_is_none(tracker: Tracker) -> None:
    for id in (1, 2**31 + 1, 2**62, -1):
        assert tracker.get_metric(id) is None


def test_what_is_given_of_a_point_is_changed(tracker: Tracker, run: Iteration) -> None:
    made = tracker.create_metric(run, "loss", 0.5)

    changed = tracker.update_metric(made, value=-0.0, step=9, recorded_at=NOON)

    assert (changed.id, changed.step, changed.recorded_at) == (made.id, 9, NOON)
    assert copysign(1, changed.value) == -1
    assert tracker.update_metric(made.id) == changed


def test_a_point_may_become_no_number(tracker: Tracker, run: Iteration) -> None:
    assert isnan(tracker.update_metric(tracker.create_metric(run, "loss", 1), value=nan).value)


def test_a_point_that_moves_to_another_key_has_another_id(tracker: Tracker, run: Iteration) -> None:
    made = tracker.create_metric(run, "loss", 0.5, 3)

    moved = tracker.update_metric(made, "error")

    assert (moved.key, moved.value, moved.step) == ("error", 0.5, 3)
    assert moved.id != made.id
    assert tracker.get_metric(made) is None


def test_a_point_goes_and_its_number_is_not_given_again(tracker: Tracker, run: Iteration) -> None:
    made = [tracker.create_metric(run, "loss", value) for value in range(3)]

    assert tracker.delete_metric(made[2]) is True

    assert [point.value for point in tracker.get_metrics(run)] == [0, 1]
    assert tracker.create_metric(run, "loss", 9).id > made[2].id


def test_all_points_go_or_those_of_one_key(tracker: Tracker, run: Iteration) -> None:
    for _ in range(2):
        tracker.log_metrics(run, {"loss": 1, "acc": 2, "f1": 3})

    assert tracker.delete_metrics(run, "loss") is True
    assert {point.key for point in tracker.get_metrics(run)} == {"acc", "f1"}
    assert tracker.delete_metrics(run.id) is True
    assert (tracker.get_metrics(run), tracker.get_summaries(run)) == ([], [])
    assert tracker.delete_metrics(run) is True


def test_an_ended_run_keeps_its_points_as_they_are(tracker: Tracker, run: Iteration) -> None:
    made = tracker.create_metric(run, "loss", 0.5)
    tracker.update_iteration(run, end_date=now())

    for change in (
        lambda: tracker.update_metric(made, value=1),
        lambda: tracker.delete_metric(made),
        lambda: tracker.delete_metrics(run),
    ):
        with pytest.raises(Unprocessable, match=f"the run of metric {made.id} has ended"):
            change()


def test_a_point_that_is_not_there_cannot_be_changed(tracker: Tracker, run: Iteration) -> None:
    made = tracker.create_metric(run, "loss", 1)

    for id in (made.id + 1, 2**50):
        with pytest.raises(NotFound, match=f"metric {id} is not there"):
            tracker.update_metric(id, value=1)
        with pytest.raises(NotFound, match=f"metric {id} is not there"):
            tracker.update_metric(id)
        with pytest.raises(NotFound, match=f"metric {id} is not there"):
            tracker.delete_metric(id)


# Series and summaries.


def test_summaries_say_what_is_known_of_each_series(tracker: Tracker, run: Iteration) -> None:
    for step, value in ((0, 3), (5, nan), (2, -1)):
        tracker.create_metric(run, "loss", value, step)
    tracker.create_metric(run, "acc", nan)

    acc, loss = tracker.get_summaries(run)

    assert (loss.key, loss.count, loss.first_step, loss.last_step, loss.first, loss.min, loss.max) == (
        "loss",
        3,
        0,
        5,
        3,
        -1,
        3,
    )
    assert isnan(loss.last)
    assert (acc.min, acc.max) == (None, None)


def test_a_series_has_columns(tracker: Tracker, run: Iteration) -> None:
    for step, value in ((2, 0.2), (0, 0.0), (1, 0.1)):
        tracker.create_metric(run, "loss", value, step, NOON)

    series = tracker.get_series(run, "loss")

    assert (list(series.steps), list(series.values), series.total) == ([0, 1, 2], [0.0, 0.1, 0.2], 3)
    assert len(set(series.times)) == 1


def test_of_points_with_one_step_the_last_counts_unless_all_are_asked(tracker: Tracker, run: Iteration) -> None:
    for value in (1, 2, 3):
        tracker.create_metric(run, "loss", value, 0)

    assert list(tracker.get_series(run, "loss").values) == [3]
    assert list(tracker.get_series(run.id, "loss", repeats="all").values) == [1, 2, 3]


def test_a_series_is_cut_by_steps_and_thinned_without_losing_a_spike(tracker: Tracker, run: Iteration) -> None:
    for step in range(100):
        tracker.create_metric(run, "loss", 1000 if step == 37 else step, step)

    cut = tracker.get_series(run, "loss", steps=(10, 12))
    thinned = tracker.get_series(run, "loss", max_points=10)

    assert list(cut.steps) == [10, 11, 12]
    assert (len(thinned) <= 10, thinned.total, max(thinned.values)) == (True, 100, 1000)


def test_a_series_without_points_in_the_steps_is_empty(tracker: Tracker, run: Iteration) -> None:
    tracker.create_metric(run, "loss", 1, 0)

    series = tracker.get_series(run, "loss", steps=(5, 9))

    assert (len(series), series.key, series.iteration_id, series.total) == (0, "loss", run.id, 0)


def test_a_metric_that_a_run_lacks_is_named_with_those_it_has(tracker: Tracker, run: Iteration) -> None:
    with pytest.raises(NotFound, match=f"run {run.id} has no metric 'loss'; it has none yet"):
        tracker.get_series(run, "loss")

    tracker.log_metrics(run, {"loss": 1, "acc": 2})
    with pytest.raises(NotFound, match=r"has no metric 'los'; it has acc, loss. Did you mean loss"):
        tracker.get_series(run, "los")
    with pytest.raises(NotFound, match="run 99 is not there"):
        tracker.get_series(99, "loss")


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [({"max_points": 3}, "max_points"), ({"repeats": "first"}, "repeats is 'first'"), ({"steps": (1,)}, "steps has 1")],
)
def test_what_no_series_answers_is_refused(tracker: Tracker, run: Iteration, asked: Any, complaint: str) -> None:
    tracker.create_metric(run, "loss", 1)

    with pytest.raises(Invalid, match=complaint):
        tracker.get_series(run, "loss", **asked)


def test_every_series_of_a_run_comes_by_its_key(tracker: Tracker, run: Iteration) -> None:
    for value in (1, 2):
        tracker.log_metrics(run, {"loss": value, "acc": -value}, 0)

    found = tracker.get_all_series(run)

    assert {key: list(one.values) for key, one in found.items()} == {"acc": [-2], "loss": [2]}
    assert len(tracker.get_all_series(run.id, repeats="all")["acc"]) == 2
    assert tracker.get_all_series(99) == {}


def test_series_of_several_runs_come_at_once(tracker: Tracker, run: Iteration) -> None:
    other = tracker.create_iteration(run.experiment_id)
    for step in range(20):
        tracker.log_metrics(run, {"loss": step, "acc": -step}, step)
    tracker.log_metrics(other, {"loss": 0.5})

    found = tracker.get_many_series([other, run.id, 99])
    losses = tracker.get_many_series([run, other], ["loss", "absent"], max_points=4)

    assert [(one.iteration_id, one.key) for one in found] == [(run.id, "acc"), (run.id, "loss"), (other.id, "loss")]
    assert [str(one) for one in losses] == [f"loss of run {run.id}: 4 of 20 points", f"loss of run {other.id}: 1 point"]
    assert [one.steps.tolist() for one in tracker.get_many_series([run], ["acc"], steps=(3, 4))] == [[3, 4]]


def test_series_of_no_runs_and_no_keys_are_none(tracker: Tracker, run: Iteration) -> None:
    tracker.log_metrics(run, {"loss": 1})

    assert (tracker.get_many_series([]), tracker.get_many_series([run], [])) == ([], [])
    for wrong in ({"max_points": 1}, {"keys": "loss"}):
        with pytest.raises(Invalid):
            tracker.get_many_series([], **wrong)  # type: ignore[arg-type]  # as said


def test_columns_are_of_numpy_if_it_is_there(tracker: Tracker, run: Iteration, monkeypatch: pytest.MonkeyPatch) -> None:
    numpy = pytest.importorskip("numpy", reason="NumPy is not installed")
    tracker.log_metrics(run, {"loss": 1})

    series = tracker.get_series(run, "loss")
    monkeypatch.setitem(sys.modules, "numpy", None)
    plain = tracker.get_series(run, "loss")

    assert (type(series.values), type(plain.values)) == (numpy.ndarray, array)
    assert series == plain
    assert tracker.get_all_series(run) == {"loss": plain}


# As someone else.


def test_points_and_parameters_that_one_may_not_read_are_not_there(
    tracker: Tracker, seen_by: SeenBy, ada: User, run: Iteration
) -> None:
    parameter, point = tracker.create_parameter(run, "lr", 0.1), tracker.create_metric(run, "loss", 0.5)
    hers = seen_by(ada)

    assert (hers.get_parameter(parameter), hers.get_metric(point)) == (None, None)
    assert (hers.get_parameters(run), hers.get_metrics(run), hers.get_summaries(run)) == ([], [], [])
    assert hers.get_all_series(run) == {}
    for change in (
        lambda: hers.create_parameter(run, "x", 1),
        lambda: hers.create_metric(run, "x", 1),
        lambda: hers.update_parameter(parameter, "x"),
        lambda: hers.delete_metric(point),
        lambda: hers.get_series(run, "loss"),
    ):
        with pytest.raises(NotFound, match="is not there"):
            change()


def test_a_reader_logs_nothing(tracker: Tracker, seen_by: SeenBy, ada: User, project: Project, run: Iteration) -> None:
    tracker.create_userpermission(ada, project)
    point = tracker.create_metric(run, "loss", 0.5)
    hers = seen_by(ada)

    assert hers.get_metrics(run) == [point]
    for change in (
        lambda: hers.create_parameter(run, "x", 1),
        lambda: hers.create_metric(run, "x", 1),
        lambda: hers.update_metric(point, value=1),
        lambda: hers.delete_metric(point),
        lambda: hers.delete_metrics(run),
    ):
        with pytest.raises(Forbidden, match="permission is needed"):
            change()


def test_a_path_is_a_parameter_like_any_other(tracker: Tracker, run: Iteration) -> None:
    assert tracker.create_parameter(run, "data", Path("a/b.csv")).value == "a/b.csv"
