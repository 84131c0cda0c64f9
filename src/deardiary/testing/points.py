"""Promises of a store: that points are kept."""

import math
from array import array

from deardiary.core.changes import Append, Drop, Expect, Insert, Patch
from deardiary.core.conditions import EVERY, asked, metric
from deardiary.core.entities import (
    Iteration,
    IterationStatus,
    Metric,
    Summary,
)
from deardiary.core.errors import (
    Invalid,
    NotFound,
    Unprocessable,
)
from deardiary.core.points import Column, Points, point_id
from deardiary.core.queries import SeriesQuery
from deardiary.core.shapes import micros
from deardiary.testing.diary import Diary
from deardiary.testing.telling import NOON, STORY, a_run, at, level, points, raised, refused


def _column(key: str, steps: range) -> Points:
    """Return points whose values are their steps."""
    times = [micros(NOON) + 1000 * step for step in steps]
    return Points([Column(key=key, values=steps, steps=steps, times=times)])


class PointPromises:
    """That points are kept."""

    @level(5)
    def test_points_come_back_by_step_and_arrival(self, diary: Diary) -> None:
        diary.apply(*STORY)

        receipt = diary.apply(Append(1, points(loss=[(3, 0.3), (1, 0.1), (3, 0.33), (-2, -0.2)], acc=[(0, 1.0)])))

        (acc, loss) = diary.series(1)
        assert [(one.key, one.series, one.first) for one in receipt.placed[0]] == [("loss", 1, 0), ("acc", 2, 0)]
        assert (list(loss.steps), list(loss.values), list(loss.numbers)) == (
            [-2, 1, 3, 3],
            [-0.2, 0.1, 0.3, 0.33],
            [3, 1, 0, 2],
        )
        assert (acc.key, list(acc.values), acc.total) == ("acc", [1.0], 1)
        assert list(loss.times) == [micros(NOON)] * 4

    @level(5)
    def test_missing_steps_follow_the_greatest(self, diary: Diary) -> None:
        diary.apply(*STORY)

        first = diary.apply(Append(1, points(loss=[0.1, 0.2], acc=[1.0])))
        second = diary.apply(Append(1, points(loss=[(10, 0.3), 0.4, (2, 0.5), 0.6], acc=[2.0])))
        third = diary.apply(Append(1, points(neg=[(-5, 0.0), 0.1])))

        assert [one.steps for one in first.placed[0]] == [(0, 1), (0,)]
        assert [one.steps for one in second.placed[0]] == [(11, 12), (1,)]
        assert [one.steps for one in third.placed[0]] == [(-4,)]
        assert [list(one.steps) for one in diary.series(1)] == [[0, 1], [0, 1, 2, 10, 11, 12], [-5, -4]]

    @level(5)
    def test_there_is_no_step_after_the_last(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[(2**63 - 1, 0.1)])))

        refused(diary, Unprocessable, Append(1, points(loss=[0.2])))
        diary.apply(Append(1, points(loss=[(-(2**63) + 1, 0.3)])))

        assert list(diary.series(1)[0].steps) == [-(2**63) + 1, 2**63 - 1]

    @level(5)
    def test_floats_come_back_bit_for_bit(self, diary: Diary) -> None:
        awkward = [math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308, 2**53 + 1.0, 0.1, 1 / 3]
        diary.apply(*STORY)

        diary.apply(Append(1, points(x=awkward)))

        (series,) = diary.series(1)
        assert series.values.tobytes() == array("d", awkward).tobytes()

    @level(5)
    def test_summaries_are_always_true(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[(5, 0.5), (1, 0.1), (5, 0.55)])))
        diary.apply(Append(1, points(loss=[(0, 9.0), (1, 0.2), (5, -1.0)])))

        (summary,) = diary.rows(Summary)

        assert (summary.count, summary.first_step, summary.last_step) == (6, 0, 5)
        assert (summary.first, summary.last, summary.min, summary.max) == (9.0, -1.0, -1.0, 9.0)

    @level(5)
    def test_summaries_know_nan_and_signed_zeros(self, diary: Diary) -> None:
        diary.apply(
            *STORY, Append(-1, points(a=[math.nan, 0.5, math.nan], b=[math.nan], c=[0.0, -0.0], d=[-0.0], e=[0.0]))
        )
        diary.apply(Append(1, points(d=[0.0], e=[-0.0])))

        a, b, c, d, e = diary.rows(Summary)

        assert (a.min, a.max, b.min, b.max, b.count) == (0.5, 0.5, None, None, 1)
        assert math.isnan(a.first)
        assert math.isnan(a.last)
        for one in (c, d, e):
            assert (str(one.min), str(one.max)) == ("-0.0", "0.0")

    @level(5)
    def test_a_point_is_changed_in_its_place(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[0.5, 0.4, 0.3])))

        diary.apply(Patch(Metric, point_id(1, 1), {"value": 9.0, "step": 7, "recorded_at": at(3)}))

        (series,) = diary.series(1)
        assert (list(series.numbers), list(series.steps), list(series.values)) == (
            [0, 2, 1],
            [0, 2, 7],
            [0.5, 0.3, 9.0],
        )
        assert series.times[2] == micros(at(3))
        (summary,) = diary.rows(Summary)
        assert (summary.last, summary.max, summary.last_step) == (9.0, 9.0, 7)

    @level(5)
    def test_a_dropped_point_leaves_a_hole(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[0.5, 9.0, 0.3])))

        diary.apply(Drop(Metric, point_id(1, 1)))
        diary.apply(Append(1, points(loss=[0.2])))

        (series,) = diary.series(1)
        assert (list(series.numbers), list(series.steps)) == ([0, 2, 3], [0, 2, 3])
        (summary,) = diary.rows(Summary)
        assert (summary.count, summary.max) == (3, 0.5)
        refused(diary, NotFound, Drop(Metric, point_id(1, 1)))
        refused(diary, NotFound, Patch(Metric, point_id(1, 1), {"value": 1.0}))

    @level(5)
    def test_numbers_go_on_after_the_last_point_went(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[(40, 0.5)])))

        diary.apply(Drop(Metric, point_id(1, 0)))
        receipt = diary.apply(Append(1, points(loss=[0.7])))

        (placed,) = receipt.placed[0]
        assert (placed.series, placed.first, placed.steps) == (1, 1, (0,))
        assert diary.rows(Summary)[0].count == 1

    @level(5)
    def test_another_key_moves_a_point(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[(3, 0.5), (4, 0.4)], acc=[(0, 1.0)])))

        receipt = diary.apply(
            Patch(Metric, point_id(1, 0), {"key": "acc"}), Patch(Metric, point_id(1, 1), {"key": "new"})
        )

        assert receipt.moved == {point_id(1, 0): point_id(2, 1), point_id(1, 1): point_id(3, 0)}
        assert [(one.key, list(one.steps)) for one in diary.series(1)] == [("acc", [0, 3]), ("new", [4])]
        diary.apply(Patch(Metric, point_id(2, 1), {"key": "acc", "value": 8.0}))
        assert list(diary.series(1)[0].values) == [1.0, 8.0]

    @level(5)
    def test_absent_points_are_not_found(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[0.5])))

        for id in (1, point_id(1, 1), point_id(9, 0), 2**62):
            error = refused(diary, NotFound, Patch(Metric, id, {"value": 1.0}))
            assert "metric" in str(error)
            refused(diary, NotFound, Drop(Metric, id))

    @level(5)
    def test_points_are_changed_one_by_one_and_never_inserted(self, diary: Diary) -> None:
        raised(Invalid, lambda: Drop(Metric, EVERY))
        raised(Invalid, lambda: Patch(Metric, asked("key") == "loss", {"value": 1.0}))
        raised(Invalid, lambda: Insert(Metric(id=-1, iteration_id=1, key="k", value=1.0)))
        raised(Invalid, lambda: Expect(Metric, EVERY))
        assert diary.series() == []

    @level(5)
    def test_series_are_chosen_by_run_key_and_step(self, diary: Diary) -> None:
        diary.apply(*STORY, a_run(-2), Append(-1, points(b=[1.0, 2.0, 3.0], a=[4.0])), Append(-2, points(a=[5.0, 6.0])))

        assert [(one.iteration_id, one.key) for one in diary.series()] == [(1, "a"), (1, "b"), (2, "a")]
        assert [(one.iteration_id, one.key) for one in diary.series(2, 1, keys=("a",))] == [(1, "a"), (2, "a")]
        assert [list(one.values) for one in diary.series(1, steps=(1, 2))] == [[2.0, 3.0]]
        assert [one.total for one in diary.series(1, steps=(1, 2))] == [2]
        assert diary.series(99) == []
        assert diary.series(1, keys=("zzz",)) == []

    @level(5)
    def test_points_are_read_by_id(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(b=[1.0, 2.0, 3.0], a=[4.0])))

        found = diary.series(ids=(point_id(1, 2), point_id(1, 0), point_id(2, 0), point_id(2, 5), point_id(7, 0)))

        assert [(one.key, list(one.numbers)) for one in found] == [("a", [0]), ("b", [0, 2])]
        raised(Invalid, lambda: diary.series(1, ids=(1,)))

    @level(5)
    def test_repeated_steps_come_all_or_the_last(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[(1, 0.1), (2, 0.2), (1, 0.11), (1, 0.111), (2, 0.22)])))

        (all,) = diary.series(1)
        (last,) = diary.series(1, repeats="last")

        assert list(all.values) == [0.1, 0.11, 0.111, 0.2, 0.22]
        assert (list(last.values), last.total) == ([0.111, 0.22], 2)
        assert diary.series(1, repeats="last", steps=(7, 9)) == []

    @level(5)
    def test_limit_and_offset_count_over_all_series(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(b=[1.0, 2.0, 3.0], a=[(0, 4.0), (2, 5.0)])))

        page = diary.series(1, limit=3, offset=1)

        assert [(one.key, list(one.steps), one.total) for one in page] == [("a", [0], 2), ("b", [1, 2], 3)]
        assert diary.series(1, limit=2, offset=9) == []
        assert sum(len(one) for one in diary.series(1, offset=2)) == 3

    @level(5)
    def test_thinning_keeps_ends_and_spikes(self, diary: Diary) -> None:
        values = [5.0, 1.0, 2.0, 9.0, 2.0, 2.0, math.nan, 3.0, -7.0, 4.0, 4.0, 6.0]
        diary.apply(*STORY, Append(-1, points(x=values, short=[1.0, 2.0], odd=[math.nan] * 12)))

        odd, short, x = diary.series(1, max_points=6)

        assert (list(x.numbers), x.total) == ([0, 1, 3, 8, 9, 11], 12)
        assert (list(short.numbers), short.total) == ([0, 1], 2)
        assert list(odd.numbers) == [0, 1, 6, 11]
        raised(Invalid, lambda: diary.series(1, max_points=3))
        raised(Invalid, lambda: diary.series(1, max_points=6, limit=3))

    @level(5)
    def test_points_that_came_in_many_batches_are_in_order(self, diary: Diary) -> None:
        diary.apply(*STORY)

        for turn in range(40):
            diary.apply(Append(1, points(up=[(turn, float(turn))], down=[(-turn, float(turn)), (-turn - 50, 0.5)])))
        diary.apply(Append(1, _column("up", range(40, 5000))))
        diary.apply(Append(1, points(up=[(20, 20.5), 0.5, (-(2**62), math.nan)])))

        (down, up) = diary.series(1)
        assert list(up.steps) == [-(2**62), *range(21), *range(20, 5001)]
        assert list(up.numbers) == [5002, *range(21), 5000, *range(21, 5000), 5001]
        assert list(down.steps) == sorted(down.steps)
        (last,) = diary.series(1, keys=("up",), repeats="last", steps=(19, 21))
        assert (list(last.values), last.total) == ([19.0, 20.5, 21.0], 3)

    @level(5)
    def test_a_point_amid_many_is_changed_moved_and_dropped(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, Points([*_column("a", range(40_000)), *_column("b", range(3))])))

        diary.apply(Patch(Metric, point_id(1, 20_000), {"value": -5.0}))
        diary.apply(Patch(Metric, point_id(1, 0), {"step": 50_000}), Drop(Metric, point_id(1, 39_999)))
        diary.apply(Patch(Metric, point_id(1, 30_000), {"key": "b"}), Patch(Metric, point_id(2, 1), {"key": "a"}))
        diary.apply(*(Drop(Metric, point_id(1, number)) for number in range(10_000, 10_010)))
        diary.apply(Append(1, points(a=[0.25])))

        (a, b) = diary.series(1)
        (row, _) = diary.rows(Summary)
        assert (len(a), len(b)) == (39_990, 3)
        assert (row.count, row.first_step, row.last_step, row.last, row.min, row.max) == (
            39_990,
            1,
            50_001,
            0.25,
            -5.0,
            39_998.0,
        )
        assert [list(one.numbers) for one in diary.series(ids=(point_id(1, 10_005), point_id(1, 10_010)))] == [[10_010]]
        diary.series(1, steps=(19_990, 20_010))
        refused(diary, NotFound, Drop(Metric, point_id(1, 39_999)))

    @level(5)
    def test_what_a_batch_changes_it_sees(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(loss=[1.0, 5.0, 2.0])))
        known = asked("id") == 1

        diary.apply(
            Drop(Metric, point_id(1, 1)),
            Expect(Summary, known & (asked("max") == 2.0) & (asked("count") == 2)),
            Expect(Iteration, metric("loss", "max") == 2.0),
            Append(1, points(loss=[(9, 7.0), -1.0])),
            Expect(Summary, known & (asked("min") == -1.0) & (asked("last_step") == 10)),
            Patch(Metric, point_id(1, 4), {"step": 3, "value": 8.0}),
            Append(1, points(loss=[0.0])),
            Expect(Iteration, metric("loss", "last") == 0.0),
            *(Drop(Metric, point_id(1, number)) for number in (0, 2, 3, 4, 5)),
            Expect(Summary, known, found=False),
            Append(1, points(loss=[0.5])),
            Expect(Summary, known & (asked("first_step") == 0)),
            Patch(Metric, point_id(1, 6), {"value": math.nan}),
            Expect(Summary, known & asked("max").is_none()),
        )

        refused(diary, Unprocessable, Drop(Metric, point_id(1, 6)), Expect(Summary, known))
        assert [list(one.numbers) for one in diary.series(1)] == [[6]]

    @level(5)
    def test_extremes_are_found_again_when_they_go(self, diary: Diary) -> None:
        values = [0.0, -0.0, math.inf, 3.0, -math.inf, math.nan, -3.0, 5e-324]
        diary.apply(*STORY, Append(-1, points(x=values)))

        for number in (4, 2, 3, 6, 1, 7, 0, 5):
            diary.rows(Summary)
            diary.apply(Drop(Metric, point_id(1, number)))

        assert diary.rows(Summary) == []

    @level(5)
    def test_a_zero_may_lose_its_sign(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, points(x=[1.0, -0.0, 2.0], y=[-1.0, 0.0, -2.0])))

        diary.apply(Patch(Metric, point_id(1, 1), {"value": 0.0}), Patch(Metric, point_id(2, 1), {"value": -0.0}))

        x, y = diary.rows(Summary)
        assert (str(x.min), str(y.max)) == ("0.0", "-0.0")

    @level(5)
    def test_long_series_are_cut_and_thinned(self, diary: Diary) -> None:
        values = array("d", [math.sin(step / 700) for step in range(30_000)])
        for place, value in ((12_345, math.inf), (23_456, -math.inf), (15, math.nan), (29_999, math.nan)):
            values[place] = value
        steps = array("q", [2 * step - 20_000 for step in range(30_000)])
        times = array("q", [micros(NOON) + 7 * step for step in range(30_000)])
        columns = [Column(key=key, values=values, steps=steps, times=times) for key in ("a", "b")]
        diary.apply(*STORY, a_run(-2), Append(-1, Points(columns)), Append(-2, Points(columns[:1])))

        for most in (4, 501, 29_999, 30_000):
            for one in diary.series(max_points=most):
                assert (len(one) <= most, one.total) == (True, 30_000)
        (cut,) = diary.series(1, keys=("a",), steps=(-1, 5))
        (few,) = diary.series(2, steps=(-20_000, 10_000), max_points=10)
        assert list(cut.steps) == [0, 2, 4]
        assert (few.total, math.inf in few.values) == (15_001, True)
        page = diary.series(limit=7, offset=30_001)
        assert [(one.iteration_id, one.key, len(one)) for one in page] == [(1, "a", 2), (1, "b", 3), (2, "a", 2)]
        assert diary.series(steps=(-19_999, -19_999)) == []

    @level(5)
    def test_points_of_a_run_that_is_dropped_are_gone(self, diary: Diary) -> None:
        diary.apply(*STORY, a_run(-2), Append(-1, _column("a", range(9000))), Append(-2, _column("a", range(9000))))

        diary.apply(Append(1, points(a=[0.5])), Drop(Iteration, 1))

        assert [one.iteration_id for one in diary.series()] == [2]
        assert diary.series(ids=(point_id(1, 5),)) == []
        refused(diary, NotFound, Drop(Metric, point_id(1, 5)))

    @level(5)
    def test_points_outlast_the_end_of_their_run(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, _column("a", range(9000))), Append(-1, points(b=[0.5])))
        before = diary.series(1)

        ends = {"status_id": IterationStatus.SUCCEEDED, "end_date": at(9)}
        diary.apply(Patch(Iteration, 1, ends))

        assert diary.series(1) == before
        diary.apply(Append(1, points(a=[0.5], b=[0.25])))
        assert [len(one) for one in diary.series(1)] == [9001, 2]

    @level(5)
    def test_what_an_answer_is_used_for_does_not_reach_the_diary(self, diary: Diary) -> None:
        diary.apply(*STORY, Append(-1, Points([*_column("a", range(5000)), *_column("b", range(5000))])))

        for one in diary.store.series(SeriesQuery()):
            for column in (one.numbers, one.steps, one.values, one.times):
                column[7] = 99

        a, b = diary.series()
        assert (a.values[7], b.steps[7]) == (7.0, 7)

    @level(5)
    def test_many_points_and_keys_are_kept(self, diary: Diary) -> None:
        diary.apply(*STORY)
        columns = [
            Column(key=f"k{n:02}", values=range(500), steps=range(500), times=[micros(NOON)] * 500) for n in range(20)
        ]

        diary.apply(Append(1, Points(columns)))
        diary.apply(Append(1, Points(columns)))

        assert [len(one) for one in diary.series(1)] == [1000] * 20
        assert {row.count for row in diary.rows(Summary)} == {1000}
